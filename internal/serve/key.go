package serve

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Other accounts of a machine reach what it serves to itself, however closed the files
// are. So the site is shown to who knows a key, which stands in the address that is
// printed: http://127.0.0.1:5484/KEY/. A program may ask for whatever it likes below
// that address. A browser takes a cookie, and goes on without the key, which then stands
// neither in what it remembers nor in what is seen over a shoulder.

// admit returns a request as the site sees it; nil for one that was answered since it is
// not let in.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) *http.Request {
	if s.login != nil {
		if !s.login.admit(w, r) {
			return nil
		}
		return r
	}
	r, keyed := s.keyed(r)
	why := refusal(r)
	switch {
	case why != "":
		forbid(w, why, keyed)
		return nil
	case keyed:
		s.giveCookie(w, r)
		if r.Header.Get("Sec-Fetch-Mode") == "navigate" {
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(http.StatusSeeOther)
			return nil
		}
	case !s.known(r):
		askForKey(w)
		return nil
	}
	return r
}

// keyed returns the request as it is without the key in front of its path, and whether
// that is there.
func (s *Server) keyed(r *http.Request) (*http.Request, bool) {
	first, rest, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !below || !s.isKey(first) {
		return r, false
	}
	bare := r.WithContext(r.Context())
	// One slash: two of them lead to another machine.
	bare.URL = &url.URL{Path: "/" + strings.TrimLeft(rest, "/"), RawQuery: r.URL.RawQuery}
	return bare, true
}

// known says whether a request without the key in its path has it elsewhere: a browser
// in its cookie, a program in a header.
func (s *Server) known(r *http.Request) bool {
	if s.key == "" {
		return true
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && s.isKey(key) {
		return true
	}
	for _, c := range r.CookiesNamed(cookieName(r)) {
		if s.isKey(c.Value) {
			return true
		}
	}
	return false
}

func (s *Server) isKey(text string) bool {
	return s.key != "" && subtle.ConstantTimeCompare([]byte(text), []byte(s.key)) == 1
}

// giveCookie has a browser remember the key until it is closed.
func (s *Server) giveCookie(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: cookieName(r), Value: s.key, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// cookieName is another one on each port: browsers keep one set of cookies for all
// servers of a machine.
func cookieName(r *http.Request) string {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	_, port, _ := net.SplitHostPort(local.String())
	return "kith-" + port
}
