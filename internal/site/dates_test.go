package site_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var (
	listed  = regexp.MustCompile(`(?s)<h2 [^>]*>([^<]*)</h2>|<li data-contact="([^"]*)">(.*?)</li>`)
	element = regexp.MustCompile(`<[^>]*>`)
)

// said is what the lists of a page say, each item below its heading.
func said(text string) []string {
	var lines []string
	for _, m := range listed.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			lines = append(lines, "# "+m[1])
			continue
		}
		lines = append(lines, strings.Join(strings.Fields(element.ReplaceAllString(m[3], "")), " "))
	}
	return lines
}

func TestDates(t *testing.T) {
	s := newSite(t, fstest.MapFS{ // on 23 November 2026
		"content/contacts/ada.md":  {Data: []byte("---\nbirthday: 1990-11-23\n---\n")},
		"content/contacts/bo.md":   {Data: []byte("---\nbirthday: 11-22\ndates: {wedding: 2016-12-01, shop: 2026-12-01, moves: 2028-01-02}\n---\n")},
		"content/contacts/leap.md": {Data: []byte("---\nbirthday: 2000-02-29\n---\n")},
		"content/contacts/rest.md": {Data: []byte("---\nstatus: paused\nbirthday: 1980-12-01\n---\n")},
		"content/contacts/mem.md":  {Data: []byte("---\nstatus: memorial\nbirthday: 1930-12-01\n---\n")},
		"content/contacts/gone.md": {Data: []byte("---\nstatus: archived\nbirthday: 1930-12-01\n---\n")},
		"content/contacts/bad.md":  {Data: []byte("---\nbirthday: [\n---\n")},
		"content/contacts/snoo.md": {Data: []byte("---\nsnooze: 2027-06-01\nbirthday: 12-02\n---\n")},
	})
	want := []string{
		"# November 2026",
		"Ada Mon 23 Nov, today birthday, turns 36",
		"# December 2026",
		"Bo Tue 1 Dec, in 8 days shop",
		"Bo Tue 1 Dec, in 8 days wedding, 10 years",
		"Mem Tue 1 Dec, in 8 days birthday · in memory",
		"Rest Tue 1 Dec, in 8 days birthday, turns 46 · resting",
		"Snoo Wed 2 Dec, in 9 days birthday",
		"# February 2027",
		"Leap Sun 28 Feb birthday on the 29th, turns 27",
		"# November 2027",
		"Bo Mon 22 Nov birthday",
		"# January 2028",
		"Bo Sun 2 Jan moves",
	}
	if diff := cmp.Diff(want, said(render(t, s, "dates.html"))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
