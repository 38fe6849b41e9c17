package note

import (
	"strings"
	"testing"
	"unsafe"
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
	size := cap(r.html) + cap(r.inline)*int(unsafe.Sizeof("")) + cap(r.read)*int(unsafe.Sizeof(Entry{})) + cap(r.tags)*int(unsafe.Sizeof(entryTag{})) +
		cap(r.blocks)*int(unsafe.Sizeof(plainBlock{})) + cap(r.fields)*int(unsafe.Sizeof(Field{})) + cap(r.links)*int(unsafe.Sizeof(Link{})) +
		cap(r.lines.starts)*4 + cap(r.content.Entries)*int(unsafe.Sizeof(EntryContent{})) + cap(r.content.Tasks)*int(unsafe.Sizeof(""))
	if size > 640<<10 {
		t.Errorf("%d bytes are kept", size)
	}
	if r.again.Source != "" || r.lines.text != "" || len(r.content.Prose) > 0 {
		t.Error("a note is kept")
	}
}
