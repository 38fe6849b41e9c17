package serve

import (
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Only this machine can reach the server, unless its owner asked for more (login.go).
// Every web page open in the same browser could, too; what stands in its way is here.
// What stands in the way of other accounts of the machine is in key.go.

// defaultAddr is where the site is if nobody says otherwise: K-I-T-H on a
// telephone. An address that stays the same can be bookmarked.
const defaultAddr = "127.0.0.1:5484"

// ErrNotLoopback says that an address can be reached from other machines.
var ErrNotLoopback = errors.New("kith serves this machine only, as a journal is private: " +
	"accepted are 127.0.0.1:PORT, [::1]:PORT and localhost:PORT")

// listen listens on an address of this machine; on a free port if addr is empty
// and the default one is taken. With remote, others may reach it.
func listen(addr string, remote bool) (net.Listener, error) {
	if addr == "" {
		if l, err := net.Listen("tcp", defaultAddr); err == nil {
			return l, nil
		}
		return net.Listen("tcp", "127.0.0.1:0")
	}
	if err := CheckAddr(addr, remote); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil || remote {
		return l, err
	}
	// The name localhost leads where the system says.
	if at, err := netip.ParseAddrPort(l.Addr().String()); err != nil || !at.Addr().IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("the address %q is %s: %w", addr, l.Addr(), ErrNotLoopback)
	}
	return l, nil
}

// CheckAddr says what is wrong with an address to serve at, if it is not
// HOST:PORT, and of this machine alone unless others may reach it.
func CheckAddr(addr string, remote bool) error {
	host, port, err := net.SplitHostPort(addr)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return fmt.Errorf("the address %q is not HOST:PORT, with a port from 0 to 65535", addr)
	}
	if !remote && !isLoopback(host) {
		return fmt.Errorf("the address %q: %w", addr, ErrNotLoopback)
	}
	return nil
}

// isLoopback says whether a host can be nothing but this machine. An address of
// this machine in figures cannot be made to lead elsewhere and back, as a name
// of somebody's own can (DNS rebinding).
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Zone() == "" && !ip.Is4In6() && ip.IsLoopback()
}

// refusal says why a request is not answered, or nothing.
func refusal(r *http.Request) string {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return "the address that was asked is not known"
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), "80"
	}
	if _, mine, err := net.SplitHostPort(local.String()); err != nil || port != mine || !isLoopback(host) {
		return "this server goes by the name of " + local.String() + " and by no other"
	}
	return otherSite(r, "http://"+r.Host)
}

// otherSite says whether a request was made for another site than this one, which has
// one of the origins.
func otherSite(r *http.Request, origins ...string) string {
	// Browsers say which site a request is made for. The site on another port
	// of this machine is another one, even if it is called the same site. A link
	// from elsewhere is refused as well: it shows a page that has a link in.
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return "another site asked for this page"
	}
	if origin := r.Header.Get("Origin"); origin != "" && !slices.Contains(origins, origin) {
		return "another site asked for this page"
	}
	return ""
}

// forbid answers a request that is refused. Who came by a link can go on: then
// it is they who ask and not the other site. Who has the key goes on by itself: the
// link was made by the program that started the browser.
func forbid(w http.ResponseWriter, why string, goOn bool) {
	refresh := ""
	if goOn {
		refresh = "<meta http-equiv=refresh content=0>"
	}
	private(w, refresh, fmt.Sprintf("<p>This journal is private, and %s.</p><p><a href=\"\">Open the journal</a></p>", html.EscapeString(why)))
}

// askForKey answers a request without the key.
func askForKey(w http.ResponseWriter) {
	private(w, "", "<p>This journal is private. Open it by the address that <code>kith serve</code> printed when it began: "+
		"the key to it is in there, and is another one each time.</p>")
}

func private(w http.ResponseWriter, head, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "<!doctype html><html lang=en><meta charset=utf-8>%s<title>Private</title>%s\n", head, text)
}

// Pages hold no script or style of their own, and ask nobody but this server.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	copyPolicy = "default-src 'none'; img-src 'self' data:; media-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)

// protect sets the headers that keep what is answered from other sites.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Nothing of it stays in the browser's cache, and nothing shown is old.
	h.Set("Cache-Control", "no-store")
}
