package note

import (
	"strings"
	"testing"
)

// What a very long note was read and rendered in is not kept for those after it,
// each of which would have to clear it.
func TestARoomStaysSmall(t *testing.T) {
	p := NewParser(Kinds{})
	long := "---\n" + strings.Repeat("key: [a, b]\n", 2000) + "---\n" + strings.Repeat("- 2026-11-02 call got #tag: with [[Ada]]\n", 5000) + strings.Repeat("Word `code` *so*.\n\n", 5000)
	n := p.Parse("content/contacts/ada.md", Contact, []byte(long))
	r := p.enter()
	p.content(n, r, false)
	p.content(p.Parse("content/contacts/bo.md", Contact, []byte("- 2026-11-02 call: a\n")), r, false)
	r.clear()
	size := roomOf(r.html) + roomOf(r.inline) + roomOf(r.read) + roomOf(r.tags) + roomOf(r.blocks) + roomOf(r.fields) + roomOf(r.links) +
		roomOf(r.lines.starts) + roomOf(r.content.Entries) + roomOf(r.content.Tasks)
	if size > 640<<10 {
		t.Errorf("%d bytes are kept", size)
	}
	if r.again.Source != "" || r.lines.text != "" || len(r.content.Prose) > 0 {
		t.Error("a note is kept")
	}
}
