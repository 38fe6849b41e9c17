package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzRequest asks a server whatever there is. Nobody without the key sees a thing, no
// other site writes, and every answer has the headers that keep it from other sites.
func FuzzRequest(f *testing.F) {
	const key, token = "THEKEY", "THETOKEN"
	const host = "Host: 127.0.0.1:5484\r\n"
	body := func(json string) string {
		return "Content-Type: application/json\r\nKith-Token: " + token + "\r\nContent-Length: 60\r\n\r\n" + json + strings.Repeat(" ", 60-len(json))
	}
	const act = `{"do":"log","who":"ada","text":"call: x"}`
	for _, request := range []string{
		"GET / HTTP/1.1\r\n" + host + "\r\n",
		"GET /" + key + "/ HTTP/1.1\r\n" + host + "\r\n",
		"GET /" + key + "//evil.example/ HTTP/1.1\r\n" + host + "Sec-Fetch-Mode: navigate\r\n\r\n",
		"GET /" + key + "/contacts/ada.html HTTP/1.1\r\n" + host + "Sec-Fetch-Site: cross-site\r\n\r\n",
		"GET /contacts/ada.html HTTP/1.1\r\n" + host + "Cookie: kith-5484=" + key + "\r\n\r\n",
		"HEAD /contacts/page.html HTTP/1.1\r\n" + host + "Authorization: Bearer " + key + "\r\n\r\n",
		"GET /contacts/ada.html HTTP/1.1\r\nHost: evil.example\r\nCookie: kith-5484=" + key + "\r\n\r\n",
		"GET /%2e%2e/kith.toml HTTP/1.1\r\n" + host + "Cookie: kith-5484=" + key + "\r\nRange: bytes=0-\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\n" + host + "\r\n",
		"CONNECT evil.example:80 HTTP/1.1\r\n" + host + "\r\n",
		"GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n",
		"POST /_kith/touch HTTP/1.1\r\n" + host + "Cookie: kith-5484=" + key + "\r\nOrigin: http://127.0.0.1:5484\r\n" + body(act),
		"POST /_kith/touch HTTP/1.1\r\n" + host + "Cookie: kith-5484=" + key + "\r\nOrigin: http://127.0.0.1:8080\r\nSec-Fetch-Site: same-site\r\n" + body(act),
		"POST /" + key + "/_kith/touch HTTP/1.1\r\n" + host + "Sec-Fetch-Site: same-origin\r\n" + body(`{"do":"read","who":"ada","text":"call: x"}`),
		"GET /index.html HTTP/1.1\r\n" + host + "Cookie: kith-5484=" + key + "\r\nIf-None-Match: \"1\"\r\nA-IM: kith-rows\r\n\r\n",
	} {
		f.Add([]byte(request))
	}
	fsys := fstest.MapFS{
		"content/contacts/ada.md":    {Data: []byte(ada)},
		"content/contacts/page.html": {Data: []byte("<script>alert(1)</script>")},
		"kith.toml":                  {Data: []byte("title = \"HIDDEN\"\n")},
	}
	s, problems := siteOf(fsys)
	server := New(fsys, s, problems)
	server.key, server.token = key, token
	wrote := false
	server.touch = func(context.Context, Action) Answer {
		wrote = true
		return Answer{Status: http.StatusOK}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil || strings.HasPrefix(r.URL.Path, livePath+"events") || strings.HasSuffix(r.URL.Path, "/_kith/events") {
			return // what never reaches the server, or never ends
		}
		wrote = false
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, localAddr{})))
		page := w.Body.String()
		want := http.Header{}
		protect(want)
		for name := range want {
			if got := w.Header().Get(name); got == "" || got != want.Get(name) && name != "Content-Security-Policy" {
				t.Errorf("%s is %q", name, got)
			}
		}
		mine := strings.HasSuffix(r.Host, ":5484") && (r.Header.Get("Origin") == "" || strings.HasSuffix(r.Header.Get("Origin"), ":5484"))
		if !strings.Contains(fmt.Sprint(r.URL.Path, r.Header), key) || !mine {
			if w.Code != http.StatusForbidden || strings.Contains(page, "Lovelace") || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("without the key, or from elsewhere: %d\n%s", w.Code, page)
			}
		}
		if wrote && (r.Method != http.MethodPost || !mine || !bytes.Contains(data, []byte(token)) || r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") != "same-origin") {
			t.Errorf("%s from %q writes", r.Method, r.Header.Get("Origin"))
		}
		if to := w.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("leads to %q", to)
		}
		if strings.Contains(page, `title = "HIDDEN"`) || w.Code >= 500 {
			t.Errorf("%d\n%s", w.Code, page)
		}
	})
}
