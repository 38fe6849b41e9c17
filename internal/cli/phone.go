package cli

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/mdp/qrterminal/v3"
)

// tellRemote says what it means that other machines may ask, and where they find the
// site that is served at an address, also as a code that a phone reads. It returns the
// address for them.
func (a *app) tellRemote(address string) string {
	at, err := url.Parse(address)
	if err != nil {
		return address
	}
	hosts := []string{at.Hostname()}
	if ip, err := netip.ParseAddr(at.Hostname()); at.Hostname() == "" || err == nil && ip.IsUnspecified() {
		hosts = ownAddresses()
	}
	var all []string
	for _, host := range hosts {
		at.Host = net.JoinHostPort(host, at.Port())
		all = append(all, at.String())
	}
	if ip, err := netip.ParseAddr(hosts[0]); hosts[0] == "localhost" || err == nil && ip.IsLoopback() {
		a.errs.printf("kith: who reaches %s, as by a proxy, is let in with the passphrase\n", all[0])
		return all[0]
	}
	a.errs.printf("%s every machine of this network reaches the journal, and is let in with the passphrase.\n"+
		"kith: Over plain HTTP others there can read along, the passphrase too: do it at home, not in a café.\n"+
		"kith: hint: kith help phone shows ways that nobody reads along\n", yellow("kith: warning:"))
	if len(all) > 1 {
		a.errs.printf("kith: it is also at %s\n", strings.Join(all[1:], ", "))
	}
	var code strings.Builder
	qrterminal.GenerateHalfBlock(all[0], qrterminal.L, &code)
	fmt.Fprint(a.Stderr, code.String())
	return all[0]
}

// ownAddresses are those by which other machines reach this one, those of a private
// network first.
func ownAddresses() []string {
	found, _ := net.InterfaceAddrs() // without any, what is left is this machine's own
	var own []netip.Addr
	for _, f := range found {
		if p, err := netip.ParsePrefix(f.String()); err == nil && p.Addr().IsGlobalUnicast() {
			own = append(own, p.Addr())
		}
	}
	rank := func(ip netip.Addr) int {
		switch {
		case ip.Is4() && ip.IsPrivate():
			return 0
		case ip.Is4():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(own, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	if len(own) == 0 {
		return []string{"127.0.0.1"}
	}
	hosts := make([]string, len(own))
	for i, ip := range own {
		hosts[i] = ip.String()
	}
	return hosts
}
