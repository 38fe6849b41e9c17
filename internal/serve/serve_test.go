package serve

import (
	"bufio"
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
	"kith/templates"
)

const ada = "---\nname: Ada Lovelace\nevery: 6 weeks\n---\nPrefers letters.\n"

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{"content/contacts/ada.md": {Data: []byte(ada)}}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// siteOf returns the site of a journal, and the problems in it.
func siteOf(fsys fs.FS) (*site.Site, []note.Problem) {
	j := journal.Read(fsys)
	today, _ := civil.Of(2026, 11, 23)
	s := site.New(due.New(j, today), site.NewTheme(templates.FS, fsys), false)
	return s, s.Problems()
}

// serverOf returns a server of a journal and the address it can be asked at.
func serverOf(t *testing.T, fsys fs.FS) (*Server, *url.URL) {
	t.Helper()
	s, problems := siteOf(fsys)
	server := New(fsys, s, problems)
	front := httptest.NewServer(server)
	t.Cleanup(front.Close)
	at, err := url.Parse(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	return server, at
}

// ask sends a request as it is, without cleaning its path, and does not follow
// redirections. Headers are given as pairs.
func ask(t *testing.T, at *url.URL, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	host := at.Host
	var lines strings.Builder
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			host = strings.ReplaceAll(headers[i+1], "PORT", at.Port())
			continue
		}
		lines.WriteString(headers[i] + ": " + strings.ReplaceAll(headers[i+1], "PORT", at.Port()) + "\r\n")
	}
	request := method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + lines.String() + "\r\n"
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

func TestAddresses(t *testing.T) {
	_, at := serverOf(t, files(
		"content/contacts/zoë müller.md", "Zoë is here.",
		"content/contacts/ada.jpg", "a photo",
		"content/contacts/a b/c#d?.txt", "odd names",
		"content/contacts/page.html", "<script>alert(1)</script>",
		"content/contacts/live.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
		"content/contacts/noname", "<html><script>alert(1)</script>",
		"content/contacts/drawn.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
		"content/contacts/dots..md", "Dots.",
		"content/journal/2026.md", "- 2026-11-01 news: I start.",
		"content/_private.txt", "hidden away", "content/contacts/.hidden", "hidden away", "kith.toml", "title = \"T\"",
	))
	for _, test := range []struct {
		path   string
		status int
		holds  string // in the body, or the Location
		kind   string // the start of the Content-Type
	}{
		{"/", 200, "Ada", "text/html"},
		{"/index.html", 200, "Ada", "text/html"},
		{"/index", 200, "Ada", "text/html"},
		{"/contacts.html", 200, "Ada Lovelace", "text/html"},
		{"/contacts", 200, "Ada Lovelace", "text/html"},
		{"/contacts/", 302, "/contacts.html", ""},
		{"/contacts/ada", 200, "Prefers letters", "text/html"},
		{"/contacts/ada.html", 200, "Prefers letters", "text/html"},
		{"/contacts/ada.html?q=1", 200, "Prefers letters", "text/html"},
		{"/contacts/ada/", 302, "/contacts/ada.html", ""},
		{"/contacts/zo%C3%AB-m%C3%BCller.html", 200, "Zoë is here", "text/html"},
		{"/contacts/zo%C3%AB-m%C3%BCller", 200, "Zoë is here", "text/html"},
		{"/contacts/zo%C3%AB-m%C3%BCller/", 302, "/contacts/zo%C3%AB-m%C3%BCller.html", ""},
		{"/journal/2026", 200, "I start", "text/html"},
		{"/contacts/ada.jpg", 200, "a photo", "image/jpeg"},
		{"/contacts/a%20b/c%23d%3F.txt", 200, "odd names", "text/plain"},
		{"/contacts/page.html", 200, "alert", "text/plain"},
		{"/contacts/live.svg", 200, "alert", "text/plain"},
		{"/contacts/noname", 200, "alert", "text/plain"},
		{"/contacts/drawn.svg", 200, "path", "image/svg+xml"},
		{"/journal.json", 200, "\"today\"", "application/json"},
		{"/_kith/live.js", 200, "Idiomorph", "text/javascript"},
		{"/_kith/live.css", 200, "kith-notice", "text/css"},
		{"/_kith/", 404, "", ""},
		{"/_kith/idiomorph.LICENSE", 404, "", ""},

		{"/nobody", 404, "<main", "text/html"},
		{"/contacts/nobody.html", 404, "<main", "text/html"},
		{"/contacts/a%20b", 404, "", ""},
		{"/contacts/a%20b/", 404, "", ""},
		{"//contacts.html", 404, "", ""},
		{"/contacts//ada.html", 404, "", ""},
		{"/contacts/./ada.html", 404, "", ""},
		{"/contacts/../index.html", 404, "", ""},
		{"/../kith.toml", 404, "", ""},
		{"/kith.toml", 404, "", ""},
		{"/content/contacts/ada.md", 404, "", ""},
		{"/contacts/ada.md", 404, "", ""},
		{"/_private.txt", 404, "", ""},
		{"/contacts/.hidden", 404, "", ""},
		{"/%2e%2e/kith.toml", 404, "", ""},
		{"/..%2fkith.toml", 404, "", ""},
		{"/..%5ckith.toml", 404, "", ""},
		{"/contacts/ada.html%00", 404, "", ""},
		{"//example.org/", 404, "", ""},
		{"/%2Fexample.org/", 404, "", ""},
	} {
		r, body := ask(t, at, "GET", test.path)
		if r.StatusCode != test.status || !strings.Contains(body+r.Header.Get("Location"), test.holds) || !strings.HasPrefix(r.Header.Get("Content-Type"), test.kind) {
			t.Errorf("GET %s: %s %q, Location %q, want %d and %q:\n%.300s", test.path, r.Status, r.Header.Get("Content-Type"), r.Header.Get("Location"), test.status, test.holds, body)
		}
		if strings.Contains(body, "hidden away") || strings.Contains(body, `title = "T"`) {
			t.Errorf("GET %s shows what is not part of the site", test.path)
		}
		head, nothing := ask(t, at, "HEAD", test.path)
		if head.StatusCode != r.StatusCode || nothing != "" || head.Header.Get("Content-Type") != r.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %s %q, %d bytes", test.path, head.Status, head.Header.Get("Content-Type"), len(nothing))
		}
	}
}

func TestHeaders(t *testing.T) {
	_, at := serverOf(t, files("content/contacts/ada.svg", "<svg/>"))
	for _, path := range []string{"/", "/contacts/ada", "/nobody", "/contacts/ada.svg", "/contacts/", "/_kith/live.js", "/journal.json", "/_kith/nothing"} {
		for _, site := range []string{"none", "cross-site"} {
			r, _ := ask(t, at, "GET", path, "Sec-Fetch-Site", site)
			for name, want := range map[string]string{
				"Cross-Origin-Opener-Policy":   "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
				"Referrer-Policy":              "no-referrer",
				"X-Content-Type-Options":       "nosniff",
				"X-Frame-Options":              "DENY",
				"Cache-Control":                "no-store",
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("GET %s from %s: %s is %q, want %q", path, site, name, got, want)
				}
			}
			policy := r.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
				if !strings.Contains(policy, want) {
					t.Errorf("GET %s from %s: policy %q without %s", path, site, policy, want)
				}
			}
			if copied := path == "/contacts/ada.svg" && site == "none"; strings.Contains(policy, "sandbox") != copied || strings.Contains(policy, "unsafe") {
				t.Errorf("GET %s from %s: policy %q", path, site, policy)
			}
		}
	}
}

// Who may ask.
func TestRefusal(t *testing.T) {
	_, at := serverOf(t, files())
	for _, test := range []struct {
		what    string
		method  string
		headers []string
		status  int
	}{
		{"a person", "GET", nil, 200},
		{"by name", "GET", []string{"Host", "localhost:PORT"}, 200},
		{"by name in capitals", "GET", []string{"Host", "LOCALHOST:PORT"}, 200},
		{"by number", "GET", []string{"Host", "127.0.0.1:PORT"}, 200},
		{"by the new number", "GET", []string{"Host", "[::1]:PORT"}, 200},
		{"typed", "GET", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, 200},
		{"our own page", "GET", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://127.0.0.1:PORT"}, 200},
		{"our own page by name", "GET", []string{"Host", "localhost:PORT", "Origin", "http://localhost:PORT"}, 200},

		{"another name", "GET", []string{"Host", "example.org:PORT"}, 403},
		{"another name without port", "GET", []string{"Host", "example.org"}, 403},
		{"a name that begins right", "GET", []string{"Host", "localhost.example.org:PORT"}, 403},
		{"a name below localhost", "GET", []string{"Host", "x.localhost:PORT"}, 403},
		{"a name with a dot", "GET", []string{"Host", "localhost.:PORT"}, 403},
		{"a number as a name", "GET", []string{"Host", "127.0.0.1.example.org:PORT"}, 403},
		{"a number in disguise", "GET", []string{"Host", "[::ffff:127.0.0.1]:PORT"}, 403},
		{"another machine's number", "GET", []string{"Host", "192.168.1.2:PORT"}, 403},
		{"any number", "GET", []string{"Host", "0.0.0.0:PORT"}, 403},
		{"no port", "GET", []string{"Host", "localhost"}, 403},
		{"another port", "GET", []string{"Host", "localhost:1"}, 403},
		{"no name", "GET", []string{"Host", ""}, 403},

		{"another site", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site's link", "GET", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 403},
		{"another port's page", "GET", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another origin", "GET", []string{"Origin", "https://example.org"}, 403},
		{"another port's origin", "GET", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"the same, secure", "GET", []string{"Origin", "https://127.0.0.1:PORT"}, 403},
		{"no origin to speak of", "GET", []string{"Origin", "null"}, 403},
		{"our other name", "GET", []string{"Origin", "http://localhost:PORT"}, 403},

		{"a form", "POST", nil, 405},
		{"a change", "PUT", nil, 405},
		{"a removal", "DELETE", nil, 405},
		{"a question", "OPTIONS", nil, 405},
		{"another site's form", "POST", []string{"Origin", "https://example.org"}, 403},
	} {
		for _, path := range []string{"/", "/contacts/ada.html", "/journal.json", "/_kith/live.js"} {
			if r, body := ask(t, at, test.method, path, test.headers...); r.StatusCode != test.status {
				t.Errorf("%s, %s: %s, want %d", test.what, path, r.Status, test.status)
			} else if r.StatusCode == 403 && (strings.Contains(body, "Ada") || strings.Contains(body, "Idiomorph")) {
				t.Errorf("%s, %s: refused, and shown", test.what, path)
			}
		}
	}

	unknown := httptest.NewRecorder() // a request that came nobody knows where
	server, _ := serverOf(t, files())
	server.ServeHTTP(unknown, httptest.NewRequest("GET", "http://localhost/", nil))
	if unknown.Code != 403 {
		t.Errorf("an unknown address: %d, want 403", unknown.Code)
	}
}

func TestListen(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", "LocalHost:0", "127.8.8.8:0", "[::1]:0"} {
		l, err := listen(addr, false)
		if err != nil {
			if strings.Contains(err.Error(), "private") || !strings.HasPrefix(addr, "[") {
				t.Errorf("%s: %v", addr, err)
			}
			continue // a machine without IPv6
		}
		l.Close()
	}
	for addr, want := range map[string]string{
		":8080":            "this machine only",
		"0.0.0.0:8080":     "this machine only",
		"[::]:8080":        "this machine only",
		"192.168.1.2:8080": "accepted are 127.0.0.1:PORT",
		"example.org:80":   "accepted are 127.0.0.1:PORT",
		"8080":             "not HOST:PORT",
		"localhost":        "not HOST:PORT",
		"[fe80::1%lo]:80":  "this machine only",
		"[::1%lo]:80":      "this machine only",
	} {
		if l, err := listen(addr, false); err == nil {
			l.Close()
			t.Errorf("%s: listens", addr)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", addr, err, want)
		}
	}

	// Without --addr the site is at the same place each time, or else anywhere.
	one, err := listen("", false)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := listen("", false)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	// With --addr it is there or nowhere.
	if l, err := listen(two.Addr().String(), false); err == nil {
		l.Close()
		t.Errorf("listens twice on %s", l.Addr())
	}
}

// stream listens to the events of a server.
type stream struct {
	t      *testing.T
	events chan string
	cancel func()
}

func listenTo(t *testing.T, at *url.URL) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, "GET", at.JoinPath("/_kith/events").String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if kind := r.Header.Get("Content-Type"); r.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("events: %s %s", r.Status, kind)
	}
	s := &stream{t, make(chan string, 100), cancel}
	go func() {
		defer r.Body.Close()
		defer close(s.events)
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				s.events <- data
			}
		}
	}()
	return s
}

// next waits for the next event.
func (s *stream) next() string {
	s.t.Helper()
	select {
	case event, ok := <-s.events:
		if !ok {
			s.t.Fatal("the stream ended")
		}
		return event
	case <-time.After(20 * time.Second):
		s.t.Fatal("no event came")
	}
	return ""
}

// cut returns what stands between two texts.
func cut(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

func TestLive(t *testing.T) {
	fsys := files()
	server, at := serverOf(t, fsys)
	r, page := ask(t, at, "GET", "/contacts/ada")
	version := cut(page, `data-version="`, `"`)
	if !strings.Contains(page, `<script src="/_kith/live.js"`) || version == "" || r.Header.Get("Kith-Version") != version {
		t.Fatalf("version %q, header %q, page:\n%s", version, r.Header.Get("Kith-Version"), page)
	}
	events := listenTo(t, at)
	if first := events.next(); first != version {
		t.Errorf("the first event is %q, the page's %q", first, version)
	}
	tag := r.Header.Get("ETag")
	if r, _ := ask(t, at, "GET", "/contacts/ada", "If-None-Match", tag); r.StatusCode != 304 {
		t.Errorf("the same page: %s", r.Status)
	}

	// What does not concern a page does not change it.
	fsys["content/contacts/grace.md"] = &fstest.MapFile{Data: []byte("Grace is new.")}
	s, problems := siteOf(fsys)
	s = server.now.Load().site.Next(s.View, server.now.Load().site.Theme)
	server.Update(s, problems, false)
	second := events.next()
	if furnish, _, _ := strings.Cut(second, " "); second == version || !strings.HasPrefix(version, furnish+" ") {
		t.Errorf("after an update: %q, before %q", second, version)
	}
	r, _ = ask(t, at, "GET", "/contacts/ada", "If-None-Match", tag)
	if r.StatusCode != 304 || r.Header.Get("Kith-Version") != second {
		t.Errorf("a page that did not change: %s, version %q, want %q", r.Status, r.Header.Get("Kith-Version"), second)
	}
	if _, page := ask(t, at, "GET", "/contacts/grace"); !strings.Contains(page, "Grace is new") {
		t.Errorf("after an update:\n%s", page)
	}

	// What cannot be patched makes pages load anew.
	server.Update(s, problems, true)
	if third := events.next(); cut(third, "", " ") == cut(second, "", " ") {
		t.Errorf("after a photo changed: %q, before %q", third, second)
	}

	// Who listens later hears at once where things stand, and another server is
	// never taken for this one.
	if first := listenTo(t, at).next(); first != server.now.Load().live.String() {
		t.Errorf("the first event of a later stream is %q", first)
	}
	other, _ := serverOf(t, fsys)
	if cut(other.now.Load().live.String(), "", ".") == cut(version, "", ".") {
		t.Error("two servers have the same versions")
	}
}

// The site that is written to public/ has no script of the server's, and no
// notice.
func TestLiveIsNotBuilt(t *testing.T) {
	s, _ := siteOf(files("content/contacts/bad.md", "---\nname: [\n---\n"))
	for _, f := range s.Files() {
		if f.Source != "" || !strings.HasSuffix(f.Path, ".html") {
			continue
		}
		if b, err := f.Render(nil); err != nil || strings.Contains(string(b), livePath) || strings.Contains(string(b), "kith-notice") {
			t.Errorf("%s: %v", f.Path, err)
		}
	}
}

func TestNotice(t *testing.T) {
	fsys := files()
	server, at := serverOf(t, fsys)
	for _, path := range []string{"/", "/nobody"} {
		if _, page := ask(t, at, "GET", path); strings.Contains(page, "kith-notice") {
			t.Errorf("%s has a notice:\n%s", path, page)
		}
	}
	good := server.now.Load().site
	server.Update(good, []note.Problem{
		{File: "content/contacts/ada.md", Line: 3, Column: 8, Severity: note.Error, Message: "six moons is <no> cadence", Hint: "write 6 months", Source: "every: 6 moons"},
		{File: "content/contacts/b.md", Severity: note.Warning, Message: "a warning"},
		{File: "kith.toml", Severity: note.Error, Message: "gone"},
		{File: "x.md", Line: 2, Severity: note.Error, Message: "three"},
		{File: "y.md", Line: 2, Severity: note.Error, Message: "four"},
	}, false)
	for _, path := range []string{"/", "/nobody"} {
		_, page := ask(t, at, "GET", path)
		notice := cut(page, `<div id="kith-notice"`, "</details></div>")
		for _, want := range []string{
			"4 things need mending", "content/contacts/ada.md:3:8<", "six moons is &lt;no&gt; cadence", "write 6 months",
			"<pre>every: <mark>6</mark> moons</pre>", ">kith.toml<", "x.md:2<", "problems.html",
		} {
			if !strings.Contains(notice, want) {
				t.Errorf("%s: no %q in the notice %s", path, want, notice)
			}
		}
		if strings.Contains(notice, "<details open") || !strings.Contains(notice, `"><summary>4 things need mending elsewhere<`) {
			t.Errorf("%s: the notice is open, where nothing is wrong with the page: %s", path, notice)
		}
		if strings.Contains(notice, "a warning") || strings.Contains(notice, "four") {
			t.Errorf("%s: too much in the notice %s", path, notice)
		}
		if !strings.HasSuffix(strings.TrimSpace(page), "</html>") {
			t.Errorf("%s: the notice is not in the body:\n%s", path, page)
		}
	}
	server.Update(good, nil, false)
	if _, page := ask(t, at, "GET", "/"); strings.Contains(page, "kith-notice") {
		t.Error("the notice stays")
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		line   string
		column int
		want   string
	}{
		{"abc", 1, "|a|bc"},
		{"abc", 3, "ab|c|"},
		{"zoë!", 3, "zo|ë|!"},
		{"zoë!", 4, "zoë|!|"},
		{"abc", 4, "abc||"},
		{"abc", 0, "abc||"},
		{"", 1, "||"},
	} {
		before, at, after := split(test.line, test.column)
		if got := before + "|" + at + "|" + after; got != test.want {
			t.Errorf("split(%q, %d) = %s, want %s", test.line, test.column, got, test.want)
		}
	}
}

// A template that fails when it is used takes down no page that was shown, and
// no other page.
func TestBrokenTemplate(t *testing.T) {
	fsys := files("content/contacts/grace.md", "Grace.")
	server, at := serverOf(t, fsys)
	ask(t, at, "GET", "/contacts/ada")
	fsys["templates/pages/contact.html"] = &fstest.MapFile{Data: []byte("{{define \"main\"}}\n<h1>{{.Name}}</h1>{{index .Years 99}}{{end}}")}
	s, problems := siteOf(fsys)
	server.Update(s, problems, false)

	for range 2 {
		r, page := ask(t, at, "GET", "/contacts/ada")
		if r.StatusCode != 200 || !strings.Contains(page, "Prefers letters") || !strings.Contains(page, "templates/pages/contact.html:2") {
			t.Errorf("a page that was shown before: %s\n%s", r.Status, page)
		}
		r, page = ask(t, at, "GET", "/contacts/grace")
		if r.StatusCode != 500 || !strings.Contains(page, "templates/pages/contact.html:2") || !strings.Contains(page, "/_kith/live.js") {
			t.Errorf("a page never shown: %s\n%s", r.Status, page)
		}
	}
	if r, page := ask(t, at, "GET", "/"); r.StatusCode != 200 || strings.Contains(page, "kith-notice") {
		t.Errorf("another page: %s\n%s", r.Status, page)
	}

	delete(fsys, "templates/pages/contact.html")
	s, problems = siteOf(fsys)
	server.Update(s, problems, false)
	for _, path := range []string{"/contacts/ada", "/contacts/grace"} {
		if r, page := ask(t, at, "GET", path); r.StatusCode != 200 || strings.Contains(page, "kith-notice") {
			t.Errorf("mended, %s: %s\n%s", path, r.Status, page)
		}
	}
}

// A page that was shown and could not be written, since somebody broke its template
// before, stays as it was shown last.
func TestTemplateBrokenBeforeWritten(t *testing.T) {
	fsys := files()
	server, at := serverOf(t, fsys)
	_, publish := publisherOf(t, server)
	update := func() *site.Site {
		s, problems := siteOf(fsys)
		server.Update(s, problems, false)
		return s
	}
	ask(t, at, "GET", "/contacts/ada")
	publish(update())
	fsys["content/contacts/ada.md"] = &fstest.MapFile{Data: []byte(ada + "\nShe plays the harp.\n")}
	update()
	ask(t, at, "GET", "/contacts/ada")
	fsys["templates/pages/contact.html"] = &fstest.MapFile{Data: []byte("{{define \"main\"}}{{index .Years 99}}{{end}}")}
	publish(update())
	if r, page := ask(t, at, "GET", "/contacts/ada"); r.StatusCode != 200 || !strings.Contains(page, "plays the harp") {
		t.Errorf("after its template was broken the page is %s\n%s", r.Status, page)
	}
}

func TestCache(t *testing.T) {
	var c cache
	put := func(name string, inputs, size int) {
		_, now, _ := c.begin(name, inputs)
		now.page, now.err = make([]byte, size), nil
		c.end(name, now)
	}
	has := func(name string, inputs int) bool {
		_, now, own := c.begin(name, inputs)
		if own {
			c.end(name, now)
		}
		return now == nil
	}
	put("a", 0, 1<<20)
	for i := range 100 {
		put(string(rune('b'+i)), 0, 1<<20)
		if !has("a", 0) { // and so it stays
			t.Fatal("what was asked for is forgotten")
		}
		if kept := len(c.young) + len(c.old); kept > 2*cacheHalf>>20+2 {
			t.Fatalf("%d MiB are kept", kept)
		}
	}
	if has("b", 0) {
		t.Error("what nobody asked for is kept")
	}
	put("huge", 0, 3*cacheHalf)
	if !has("huge", 0) {
		t.Error("a huge page is not kept at all")
	}

	// Nor is what was given up, as by a panic.
	_, now, _ := c.begin("unfinished", 0)
	c.end("unfinished", now)
	if has("unfinished", 0) {
		t.Error("a page is kept that was never rendered")
	}

	// A rendering that ends late does not replace a newer one, nor is it waited for.
	_, older, _ := c.begin("page", 1)
	_, newer, own := c.begin("page", 2)
	if !own {
		t.Fatal("a page is to be had from the rendering of an older one")
	}
	for _, now := range []*making{newer, older} {
		now.page, now.err = []byte("page"), nil
		c.end("page", now)
	}
	if !has("page", 2) || len(c.making) > 0 {
		t.Error("the older of two pages is kept")
	}
}

// Those who need a page at the same moment get it from one rendering; who needs it when
// that was given up, from another.
func TestRenderedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, problems := siteOf(files())
		server := New(fstest.MapFS{}, s, problems)
		f, _ := s.File("contacts.html")
		_, now, _ := server.pages.begin(f.Path, f.Inputs)
		now.page = []byte("as far as it came")
		for range 10 {
			go func() {
				if page, err := server.render(f); string(page) != "as far as it came" || err != errUnfinished {
					t.Errorf("the page is %q, with the error %v", page, err)
				}
			}()
		}
		synctest.Wait() // until all wait for that
		server.pages.end(f.Path, now)
		synctest.Wait()
		if page, err := server.render(f); err != nil || !strings.Contains(string(page), "Ada") {
			t.Errorf("the page is %q, with the error %v", page, err)
		}
	})
}

func TestLookedAt(t *testing.T) {
	server, at := serverOf(t, files())
	for _, path := range []string{"/", "/contacts", "/nobody", "/journal.json", "/contacts/ada", "/contacts"} {
		ask(t, at, "GET", path)
	}
	if got := server.lookedAt(); !slices.Equal(got, []string{"contacts.html", "contacts/ada.html", "index.html"}) {
		t.Errorf("looked at %v", got)
	}
}

func BenchmarkPage(b *testing.B) {
	s, problems := siteOf(files())
	server := New(fstest.MapFS{}, s, problems)
	front := httptest.NewServer(server)
	defer front.Close()
	local := front.Listener.Addr()
	r := httptest.NewRequest("GET", front.URL+"/contacts/ada", nil)
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
	b.ReportAllocs()
	for b.Loop() {
		server.pages = cache{}
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
}
