package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const words = "nine old boats sail north"

// far is another machine that asks for pages, and the clock of the server.
type far struct {
	*testing.T
	at  string
	ask *http.Client

	mu  sync.Mutex
	now time.Time
}

func fromAfar(t *testing.T) *far {
	t.Helper()
	f := &far{T: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	fsys := files()
	s, problems := siteOf(fsys)
	server := New(fsys, s, problems)
	server.login = newLogin(words, func() time.Time {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.now
	})
	front := httptest.NewServer(server)
	t.Cleanup(front.Close)
	f.at = front.URL
	f.another()
	return f
}

// another makes it another browser, which knows nothing yet.
func (f *far) another() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.ask = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (f *far) later(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *far) do(method, path, body string, headers ...string) (*http.Response, string) {
	f.Helper()
	r, err := http.NewRequest(method, f.at+path, strings.NewReader(body))
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := f.ask.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		f.Fatal(err)
	}
	return answer, string(page)
}

func (f *far) say(passphrase, path string, headers ...string) (*http.Response, string) {
	f.Helper()
	return f.do("POST", path, url.Values{"passphrase": {passphrase}}.Encode(),
		append([]string{"Content-Type", "application/x-www-form-urlencoded", "Origin", f.at}, headers...)...)
}

func (f *far) sees(want bool, when string) {
	f.Helper()
	r, page := f.do("GET", "/contacts/ada.html", "")
	if saw := strings.Contains(page, "Prefers letters"); saw != want || saw != (r.StatusCode == http.StatusOK) || !saw && r.StatusCode != http.StatusUnauthorized {
		f.Errorf("%s: %s, shows the page: %t", when, r.Status, saw)
	}
}

// From another machine nobody sees anything who has not said the passphrase.
func TestPassphrase(t *testing.T) {
	f := fromAfar(t)
	for _, path := range []string{"/", "/contacts/ada.html", "/journal.json", "/_kith/events", "/_kith/live.js", "/_kith/leave", "/_kith/offline.js", "/nobody", "/assets/kith.css"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "OPTIONS"} {
			r, page := f.do(method, path, "")
			if r.StatusCode != http.StatusUnauthorized || strings.Contains(page, "Ada") || strings.Contains(page, "Idiomorph") || r.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %s\n%s", method, path, r.Status, page)
			}
		}
	}
	if r, said := f.do("POST", "/_kith/touch", `{"do":"log"}`, "Content-Type", "application/json"); r.StatusCode != http.StatusUnauthorized || !strings.Contains(said, "session") {
		t.Errorf("writing: %s %s", r.Status, said)
	}
	for _, wrong := range []string{"", "nine", words + " "} {
		if r, page := f.say(wrong, "/"); r.StatusCode != http.StatusUnauthorized && r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Set-Cookie") != "" || strings.Contains(page, "Ada") {
			t.Errorf("%q: %s", wrong, r.Status)
		}
	}
	f.sees(false, "after wrong ones")
	f.later(time.Hour)
	r, _ := f.say(words, "//contacts/ada.html?a=b")
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != "/contacts/ada.html?a=b" {
		t.Errorf("the right one: %s to %q", r.Status, to)
	}
	for _, want := range []string{"kith-", "; Path=/", "; HttpOnly", "; SameSite=Strict"} {
		if cookie := r.Header.Get("Set-Cookie"); !strings.Contains(cookie, want) || strings.Contains(cookie, "Secure") {
			t.Errorf("the cookie is %q", cookie)
		}
	}
	f.sees(true, "after the right one")
	cookie, _, _ := strings.Cut(r.Header.Get("Set-Cookie"), ";")
	// Of another site, and by whatever name.
	if r, page := f.do("GET", "/contacts/ada.html", "", "Sec-Fetch-Site", "cross-site"); r.StatusCode != http.StatusForbidden || strings.Contains(page, "Prefers") {
		t.Errorf("for another site: %s", r.Status)
	}
	if r, _ := f.do("POST", "/_kith/touch", "{}", "Origin", "http://evil.example"); r.StatusCode != http.StatusForbidden {
		t.Errorf("writing for another site: %s", r.Status)
	}
	if r, page := f.do("GET", "/contacts/ada.html", "", "Host", "journal.example", "Cookie", cookie); r.StatusCode != http.StatusOK || !strings.Contains(page, "Prefers") {
		t.Errorf("by way of a proxy: %s", r.Status)
	}
	// Another browser is another one, and one by way of TLS stays with it.
	f.another()
	f.sees(false, "another browser")
	if r, _ := f.say(words, "/", "Host", "journal.example", "Origin", "https://journal.example"); !strings.Contains(r.Header.Get("Set-Cookie"), "; Secure") {
		t.Errorf("by way of TLS: %s with cookie %q", r.Status, r.Header.Get("Set-Cookie"))
	}
}

// Who says a wrong passphrase again and again waits, longer each time, also if many are
// said at the same moment.
func TestWrongPassphrasesTakeTime(t *testing.T) {
	f := fromAfar(t)
	looked := 0
	for range 50 {
		r, _ := f.say("wrong", "/")
		if r.StatusCode == http.StatusUnauthorized {
			looked++
		} else if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
			t.Fatal(r.Status)
		}
		f.later(time.Second)
	}
	if looked > 10 {
		t.Errorf("in a minute %d of 50 were looked at", looked)
	}
	if r, _ := f.say(words, "/"); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right one among many wrong ones: %s", r.Status)
	}
	f.later(longestWait)
	if r, _ := f.say(words, "/"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("after the wait: %s", r.Status)
	}

	f = fromAfar(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	looked = 0
	for range 30 {
		all.Go(func() {
			if r, _ := f.say("wrong", "/"); r.StatusCode == http.StatusUnauthorized {
				mu.Lock()
				looked++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if looked > 4 {
		t.Errorf("at the same moment %d of 30 were looked at", looked)
	}
	for a, b := range map[string]string{"[2001:db8::1]:1": "[2001:db8::2:3]:4", "192.0.2.1:1": "[::ffff:192.0.2.1]:2"} {
		if network(a) != network(b) {
			t.Errorf("%s and %s are not one network: %s, %s", a, b, network(a), network(b))
		}
	}
	if network("192.0.2.1:1") == network("192.0.2.2:1") {
		t.Error("two machines are one")
	}
}

// A session ends: when it was at rest, after a week, and when somebody ends it.
func TestSessionsEnd(t *testing.T) {
	f := fromAfar(t)
	f.say(words, "/")
	for range 10 {
		f.later(longestRest - time.Minute)
		f.sees(true, "in use")
	}
	f.later(longestRest + time.Minute)
	f.sees(false, "at rest")

	f.say(words, "/")
	for range 14 {
		f.later(longestRest - time.Minute)
		f.do("GET", "/", "")
	}
	f.later(time.Hour)
	f.sees(false, "after a week")

	f.say(words, "/")
	f.sees(true, "again")
	if r, page := f.do("GET", leavePath, ""); r.StatusCode != http.StatusOK || !strings.Contains(page, "Lock") {
		t.Errorf("before it ends: %s", r.Status)
	}
	f.sees(true, "before it ends")
	cookies := f.ask.Jar
	at, err := url.Parse(f.at)
	if err != nil {
		t.Fatal(err)
	}
	kept := cookies.Cookies(at)
	if r, _ := f.do("POST", leavePath, "", "Origin", f.at); r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Clear-Site-Data"), "storage") {
		t.Errorf("at its end: %s", r.Status)
	}
	f.sees(false, "after its end")
	cookies.SetCookies(at, kept)
	f.sees(false, "with the old cookie")
	if len(kept) != 1 {
		t.Error(fmt.Sprint(kept))
	}
}

// A served page can be installed; one on another machine also has a way to lock it, and
// what keeps it for when there is no network.
func TestInstallable(t *testing.T) {
	_, at := serverOf(t, files("kith.toml", "title = \"My <people>\"\n"))
	_, page := ask(t, at, "GET", "/")
	if !strings.Contains(page, `<link rel="manifest" href="/_kith/app.webmanifest"`) || strings.Contains(page, "phone.js") {
		t.Errorf("the page has no manifest, or keeps itself:\n%.1000s", page)
	}
	r, text := ask(t, at, "GET", "/_kith/app.webmanifest")
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.Name != "My <people>" || m.Start != "/" || r.Header.Get("Content-Type") != "application/manifest+json" {
		t.Errorf("manifest %s %q: %v", r.Header.Get("Content-Type"), text, err)
	}
	if r, _ := ask(t, at, "GET", m.Icons[0].Source); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != m.Icons[0].Type {
		t.Errorf("the icon %s: %s", m.Icons[0].Source, r.Status)
	}

	f := fromAfar(t)
	f.say(words, "/")
	if _, page := f.do("GET", "/", ""); !strings.Contains(page, "phone.js") {
		t.Error("the page from another machine has no way to lock it")
	}
	if r, _ := f.do("GET", "/_kith/offline.js", ""); r.StatusCode != http.StatusOK || r.Header.Get("Service-Worker-Allowed") != "/" {
		t.Errorf("offline.js: %s", r.Status)
	}
}
