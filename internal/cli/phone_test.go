package cli

import (
	"bytes"
	"strings"
	"testing"
)

// The code on the terminal is what the address is, with a quiet zone, and steers nothing.
func TestCodeForAPhone(t *testing.T) {
	var errs bytes.Buffer
	a := &app{Env: Env{Stderr: &errs}}
	a.errs = &screen{w: &errs, colour: func() bool { return false }}
	if got := a.tellRemote("http://192.168.7.9:5484/"); got != "http://192.168.7.9:5484/" {
		t.Errorf("address %q", got)
	}
	said := errs.String()
	if !strings.Contains(said, "█▀▀▀▀▀█") && !strings.Contains(said, "▄▄▄▄▄") || strings.Contains(said, "\x1b") {
		t.Errorf("no code, or one with colour:\n%s", said)
	}
	if !strings.Contains(said, "every machine of this network") {
		t.Errorf("no warning:\n%s", said)
	}
	for _, host := range ownAddresses() {
		if host == "0.0.0.0" || host == "::" || host == "" {
			t.Errorf("own address %q", host)
		}
	}
}
