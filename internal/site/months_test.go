package site

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"kith/internal/journal"
	"kith/internal/note"
)

// What pages of a month show of somebody's note is appended, and nothing else.
func TestSaidIn(t *testing.T) {
	const source = "---\nname: Ada\n---\n\n- 2026-03-02 09:00 call with [[ben]] asked #tea: Soup with [[cy]]\n\n### 2026-03-01 lunch\n\nA long one.\n\n### 2026-02-01 walk: Rain\n"
	read := func(old, is string) *journal.File {
		changed := bytes.Replace([]byte(source), []byte(old), []byte(is), 1)
		if old != is && string(changed) == source {
			t.Fatalf("there is no %q", old)
		}
		f := &journal.File{Note: note.NewParser(note.Kinds{}).Parse("content/contacts/ada.md", note.Contact, changed)}
		f.Targets, f.Shown = make([]string, len(f.Links)), make([]string, len(f.Links))
		return f
	}
	march := period{2026, 3}
	was := read("", "")
	if len(was.Entries) != 3 || len(was.Links) != 2 {
		t.Fatalf("%d entries and %d links", len(was.Entries), len(was.Links))
	}
	for _, c := range []struct {
		old, is string
		same    bool
	}{
		{"name: Ada", "name: Ada L.", false},
		{"2026-03-02", "2026-03-03", false},
		{"2026-03-02", "2026-02-02", false},
		{"2026-02-01", "2026-03-01", false},
		{"09:00", "09:01", false},
		{"call", "walk", false},
		{"call", "> letter", false},
		{"asked", "got", false},
		{"asked ", "", false},
		{"#tea", "#milk", false},
		{"[[ben]]", "[[bo]]", false},
		{"[[ben]]", "[[ben|Benno]]", false},
		{"Soup", "Stew", false},
		{"[[cy]]", "[[cy|Cyrus]]", false},
		{"lunch", "dinner", false},
		{"A long one", "A short one", false},
		{"name: Ada", "name: Ada\ntags: [math]", true},
		{"2026-02-01", "2026-02-02", true},
		{"Rain", "Snow", true},
	} {
		same := bytes.Equal(saidIn(was, march.has), saidIn(read(c.old, c.is), march.has))
		if same != c.same {
			t.Errorf("%q for %q: the same is %v", c.is, c.old, same)
		}
	}
	for _, list := range []string{"Targets", "Shown"} {
		for i := range was.Links {
			f := read("", "")
			reflect.ValueOf(f).Elem().FieldByName(list).Index(i).SetString("else")
			if bytes.Equal(saidIn(was, march.has), saidIn(f, march.has)) {
				t.Errorf("%s %d counts for nothing", list, i)
			}
		}
	}
	// Who introduced them is a link that no text is shown by.
	via := read("name: Ada", "via: '[[ben]]'")
	inText := *via.Note
	inText.Links = slices.Clone(via.Links)
	inText.Links[0].Where = note.InText
	text := &journal.File{Note: &inText, Targets: via.Targets, Shown: via.Shown}
	if bytes.Equal(saidIn(via, march.has), saidIn(text, march.has)) {
		t.Error("where a link stands counts for nothing")
	}
	// Whatever an entry gets to know is shown, and is to be appended, or is not.
	known := []string{"Date", "Time", "Direction", "kind", "Marks", "Links", "tags", "text", "Line", "Heading", "Daily"}
	for f := range reflect.TypeFor[note.Entry]().Fields() {
		if !slices.Contains(known, f.Name) {
			t.Errorf("does a month show %s of an entry?", f.Name)
		}
	}
}
