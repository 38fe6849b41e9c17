package serve

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/scrypt"
)

// Who reads a journal from another machine, as from a phone, says a passphrase first, and
// has a session then, which a cookie stands for. Whoever is in the network may try: each
// attempt takes a while, and a wrong one makes the next wait.

// login is what a server asks of other machines.
type login struct {
	now        func() time.Time
	salt, hash []byte // of the passphrase

	trying sync.Mutex // so that a crowd of attempts takes the memory of one

	mu       sync.Mutex
	sessions map[string]*session // by the cookie
	attempts map[string]*attempt // by the network they come from
}

// session is one browser that said the passphrase.
type session struct{ rests, ends time.Time }

// A session ends when it was at rest for so long, and in any case at some time.
const (
	longestRest    = 12 * time.Hour
	longestSession = 7 * 24 * time.Hour
)

// attempt is what is known of who said a wrong passphrase.
type attempt struct {
	times int
	next  time.Time // when another one is looked at
}

// longestWait is how long somebody has to wait at most after many attempts.
const longestWait = 5 * time.Minute

// mostRemembered is how many networks are remembered that said a wrong passphrase.
const mostRemembered = 10_000

func newLogin(passphrase string, now func() time.Time) *login {
	l := &login{now: now, salt: []byte(rand.Text()), sessions: map[string]*session{}, attempts: map[string]*attempt{}}
	l.hash = l.derive(passphrase)
	return l
}

// derive takes a tenth of a second and 32 MiB.
func (l *login) derive(passphrase string) []byte {
	hash, err := scrypt.Key([]byte(passphrase), l.salt, 1<<15, 8, 1, 32)
	if err != nil {
		panic(err) // the numbers above are right
	}
	return hash
}

// admit says whether a request is of somebody who said the passphrase. If not, it is
// answered.
func (l *login) admit(w http.ResponseWriter, r *http.Request) bool {
	if why := otherSite(r, "http://"+r.Host, "https://"+r.Host); why != "" {
		forbid(w, why, false)
		return false
	}
	id, known := l.session(r)
	switch {
	case known && r.URL.Path == leavePath:
		l.leave(w, r, id)
		return false
	case known:
		return true
	case r.URL.Path == touchPath:
		answerTouch(w, Answer{Error: "the session has ended", Hint: "load the page again", Status: http.StatusUnauthorized})
	case r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded":
		l.try(w, r)
	default:
		l.ask(w, http.StatusUnauthorized, "")
	}
	return false
}

// session returns what stands for the session that a request is of, if it has not ended.
func (l *login) session(r *http.Request) (id string, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, c := range r.CookiesNamed(cookieName(r)) {
		s := l.sessions[c.Value]
		if s == nil {
			continue
		}
		if now.After(s.rests) || now.After(s.ends) {
			delete(l.sessions, c.Value)
			continue
		}
		s.rests = now.Add(longestRest)
		return c.Value, true
	}
	return "", false
}

// try looks at a passphrase that somebody said.
func (l *login) try(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	said := r.PostFormValue("passphrase")
	from := network(r.RemoteAddr)
	if wait := l.wait(from); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		l.ask(w, http.StatusTooManyRequests, fmt.Sprintf("Too many attempts: wait %v.", wait.Truncate(time.Second)+time.Second))
		return
	}
	l.trying.Lock()
	right := subtle.ConstantTimeCompare(l.derive(said), l.hash) == 1
	l.trying.Unlock()
	if !right {
		l.ask(w, http.StatusUnauthorized, "That is not the passphrase.")
		return
	}
	l.mu.Lock()
	delete(l.attempts, from)
	now, id := l.now(), rand.Text()
	for old, s := range l.sessions {
		if now.After(s.rests) || now.After(s.ends) {
			delete(l.sessions, old)
		}
	}
	l.sessions[id] = &session{now.Add(longestRest), now.Add(longestSession)}
	l.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: strings.HasPrefix(r.Header.Get("Origin"), "https://"), // by way of a proxy
	})
	to := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", to.String())
	w.WriteHeader(http.StatusSeeOther)
}

// wait says how long somebody has to wait before the next attempt. If that is not at all,
// it counts as one that is wrong until it is known to be right, so that many at a time
// are no way around.
func (l *login) wait(from string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.attempts[from]
	if a == nil {
		if len(l.attempts) >= mostRemembered {
			clear(l.attempts)
		}
		a = &attempt{}
		l.attempts[from] = a
	}
	if wait := a.next.Sub(now); wait > 0 {
		return wait
	}
	a.times++
	if a.times > 3 { // anybody mistypes
		a.next = now.Add(min(longestWait, time.Second<<min(a.times-3, 20)))
	}
	return 0
}

// network is where an address belongs to: one machine, or with IPv6 the network that one
// machine may have to itself.
func network(addr string) string {
	host, _, _ := net.SplitHostPort(addr)
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap(); ip.Is6() {
		if p, err := ip.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// leavePath is where a browser ends its session.
const leavePath = livePath + "leave"

// leave ends a session, after one more touch. What the browser kept to show it without
// a network goes, too.
func (l *login) leave(w http.ResponseWriter, r *http.Request, id string) {
	if r.Method != http.MethodPost {
		l.page(w, http.StatusOK, "Lock the journal", `<p>What this browser has of it goes, and it takes the passphrase to open it again.</p><form method="post"><button autofocus>Lock</button></form><p><a href="/">Go back</a></p>`)
		return
	}
	l.mu.Lock()
	delete(l.sessions, id)
	l.mu.Unlock()
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	http.SetCookie(w, &http.Cookie{Name: cookieName(r), Path: "/", MaxAge: -1})
	w.Header().Set("Location", "/")
	w.WriteHeader(http.StatusSeeOther)
}

// ask answers with the page that asks for the passphrase, and goes on to where the
// request was going.
func (l *login) ask(w http.ResponseWriter, status int, why string) {
	if why != "" {
		why = `<p role="alert">` + html.EscapeString(why) + `</p>`
	}
	l.page(w, status, "This journal is private", why+`<form method="post"><p><label for="passphrase">Passphrase</label>
<input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required autofocus></p><button>Open</button></form>`)
}

const loginStyle = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:22rem;margin:15vh auto;padding:0 1rem}` +
	`input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}`

func (l *login) page(w http.ResponseWriter, status int, title, body string) {
	sum := sha256.Sum256([]byte(loginStyle))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	// Else a browser would not say of a form where it comes from.
	w.Header().Set("Referrer-Policy", "same-origin")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`+
		`<meta name="color-scheme" content="light dark"><title>`+title+`</title><style>`+loginStyle+`</style></head><body><h1>`+title+`</h1>`+body+"</body></html>\n")
}
