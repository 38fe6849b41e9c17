package serve

import (
	"net/http"
	"strings"
	"testing"
)

// Who has the key sees the site, and nobody else sees anything.
func TestKey(t *testing.T) {
	server, at := serverOf(t, files())
	server.key = "SECRET"
	server.token = "TOKEN"
	cookie := "kith-" + at.Port() + "=SECRET"
	for _, path := range []string{"/", "/contacts/ada.html", "/contacts/ada", "/journal.json", "/_kith/live.js", "/_kith/touch", "/_kith/nothing", "/nobody"} {
		for _, test := range []struct {
			what, below string
			headers     []string
			refused     bool
		}{
			{"in the address", "/SECRET", nil, false},
			{"in a header", "", []string{"Authorization", "Bearer SECRET"}, false},
			{"in the cookie", "", []string{"Cookie", cookie}, false},
			{"in one of many cookies", "", []string{"Cookie", "a=b; kith-" + at.Port() + "=OLD; " + cookie}, false},
			{"nowhere", "", nil, true},
			{"a wrong one in the address", "/SECRETS", nil, true},
			{"a part of it in the address", "/SECRE", nil, true},
			{"an empty one in the address", "/", nil, true},
			{"behind the path", "/contacts/SECRET", nil, true},
			{"a wrong one in a header", "", []string{"Authorization", "Bearer SECRET2"}, true},
			{"as a password", "", []string{"Authorization", "Basic SECRET"}, true},
			{"an empty one in a header", "", []string{"Authorization", "Bearer "}, true},
			{"the cookie of another port", "", []string{"Cookie", "kith-1=SECRET"}, true},
			{"a wrong cookie", "", []string{"Cookie", "kith-" + at.Port() + "=secret"}, true},
			{"an empty cookie", "", []string{"Cookie", "kith-" + at.Port() + "="}, true},
		} {
			for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
				r, body := ask(t, at, method, test.below+path, test.headers...)
				if refused := r.StatusCode == http.StatusForbidden && !strings.Contains(body, "only shows"); refused != test.refused && !(path == "/_kith/touch" && method == "HEAD") {
					t.Errorf("the key %s, %s %s: %s", test.what, method, path, r.Status)
				}
				if test.refused && (strings.Contains(body, "Ada") || strings.Contains(body, "Idiomorph") || r.Header.Get("Set-Cookie") != "") {
					t.Errorf("the key %s, %s %s: refused, and shown", test.what, method, path)
				}
			}
		}
	}
}

// A browser goes on without the key in its address, to nowhere else, and so does one
// that was sent by the file which kith serve --open made.
func TestKeyBecomesACookie(t *testing.T) {
	server, at := serverOf(t, files())
	server.key = "SECRET"
	for path, want := range map[string]string{
		"/SECRET/":                      "/",
		"/SECRET/contacts/ada.html?a=b": "/contacts/ada.html?a=b",
		"/SECRET//example.org/":         "/example.org/",
		"/SECRET/%2fexample.org/":       "/example.org/",
		"/SECRET/\\example.org/":        "/%5Cexample.org/",
	} {
		r, _ := ask(t, at, "GET", path, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "none")
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != want {
			t.Errorf("GET %s: %s to %q, want %q", path, r.Status, r.Header.Get("Location"), want)
		}
		if got, want := r.Header.Get("Set-Cookie"), "kith-"+at.Port()+"=SECRET; Path=/; HttpOnly; SameSite=Strict"; got != want {
			t.Errorf("GET %s: cookie %q, want %q", path, got, want)
		}
	}
	for path, again := range map[string]bool{"/SECRET/": true, "/": false} {
		r, body := ask(t, at, "GET", path, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site")
		if r.StatusCode != http.StatusForbidden || strings.Contains(body, "http-equiv=refresh") != again || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("GET %s from elsewhere: %s, goes on: %t\n%s", path, r.Status, !again, body)
		}
	}
}
