package note

import (
	"reflect"
	"strings"
	"testing"
)

// A note in coded form is read back as it was, and a form that was cut off or
// damaged never is taken for one, nor brings the program down.
func FuzzCodec(f *testing.F) {
	f.Add("---\nname: Ada\nvia: \"[[Charles]]\"\ndates: {wedding: 2015-06-20}\nlinks: [https://example.org]\nevrey: 6w\n---\nText [[Bob|b]] #a/b\n\n- [ ] x by 2026-12-01\n- 2026-10-02 10:30 call got asked [[Mary]]: Talk. #t\n", 7)
	f.Add("+++\nbirthday = 1815-12-10\nsnooze = 2026-01-01\n+++\n## 2026-10-02 < letter closed\n\nbody\n", 90)
	f.Add("---\nname: [\n---\n- 2026-02-30 x\n", 3)
	f.Fuzz(func(t *testing.T, text string, damage int) {
		p := NewParser(Kinds{})
		n := p.Parse("content/contacts/ada.md", Contact, []byte(text))
		coded := string(n.Append(nil))
		back, rest, err := Decode(coded + "more")
		if err != nil || rest != "more" {
			t.Fatalf("%q: %v, and %q is left", text, err, rest)
		}
		if !reflect.DeepEqual(n, back) {
			t.Errorf("%q is read back as %+v, was %+v", text, *back, *n)
		}
		if len(coded) > 0 && damage >= 0 {
			at := damage % len(coded)
			_, _, _ = Decode(coded[:at])
			_, _, _ = Decode(coded[:at] + string(rune(coded[at]+1)) + coded[at+1:])
			_, _, _ = Decode(strings.Repeat("\xff", at%20) + coded[at:])
		}
	})
}

// A count that no list has is no reason to panic.
func TestDecodeTooManyEntries(t *testing.T) {
	for _, count := range []string{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\xff\xff\xff\xff\x07", "\x02"} {
		c := coder{rest: count + "0123456789"}
		var list []Entry
		if c.entries(&list); !c.failed || len(list) > 0 {
			t.Errorf("%q: %d entries", count, len(list))
		}
	}
}
