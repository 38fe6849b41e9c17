package note

import (
	"slices"
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	names := map[TokenKind]string{DateToken: "date", KindToken: "kind", ArrowToken: "arrow", MarkToken: "mark", TagToken: "tag", PersonToken: "person", BoxToken: "box"}
	for _, c := range []struct {
		path string
		kind Kind
		text string
		want string
	}{
		{"content/contacts/ada.md", Contact, "- 2026-11-02 call got #job with [[Grace]]: She helped [[Mary|m]].\n", "date 2026-11-02, kind call, mark got, tag #job, person [[Grace]], person [[Mary|m]]"},
		{"content/contacts/ada.md", Contact, "- Mon 2026-11-02 9:30 - > email: x\n", "date Mon 2026-11-02 9:30, arrow >, kind email"},
		{"content/contacts/ada.md", Contact, "# 2026-11-02 she wrote: got a letter\n", "date 2026-11-02, kind wrote"},
		{"content/contacts/ada.md", Contact, "- 2026-11-02 Ran into her: she is well\n", "date 2026-11-02"},
		{"content/contacts/ada.md", Contact, "- [ ] send it by 2026-12-01\n- [?] why\n", "box [ ], date 2026-12-01, box [?]"},
		{"content/contacts/ada.md", Contact, "---\nvia: \"[[Grace]]\"\n---\nprose, call got\n", "person [[Grace]]"},
		{"content/journal/2026-11-23.md", Journal, "- call with [[Grace]]: x\n", "kind call, person [[Grace]]"},
		{"content/contacts/ada.md", Contact, "```\n- 2026-11-02 call\n```\n", ""},
	} {
		p := NewParser(Kinds{})
		n := p.Parse(c.path, c.kind, []byte(c.text))
		tokens := p.Tokens(n)
		slices.SortFunc(tokens, func(a, b Token) int { return a.Start - b.Start })
		var got []string
		for _, tok := range tokens {
			got = append(got, names[tok.Kind]+" "+n.Source[tok.Start:tok.End])
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q has %s, want %s", c.text, s, c.want)
		}
	}
}

// Each key has the form that the table says, and the table has each key.
func TestKeys(t *testing.T) {
	values := map[Form]Value{
		TextForm: TextValue("de"), TextsForm: ListValue("a@example.org"), CadenceForm: TextValue("6 weeks"), DateForm: TextValue("2026-11-02"),
		WhenForm: TextValue("in Turin"), PeopleForm: ListValue("[[Ada]]"), LinksForm: mapValue("web", TextValue("https://example.org")),
		BirthdayForm: TextValue("12-10"), DatesForm: mapValue("wedding", TextValue("07-08")), StatusForm: TextValue("paused"),
	}
	for _, k := range Keys(Contact) {
		r := fieldReader{note: &Note{Kind: Contact}, f: &Front{}}
		r.field(Field{Key: k.Name, Value: values[k.Form]})
		if len(r.note.Problems) > 0 || len(r.f.Extra) > 0 {
			t.Errorf("%s: %v, %v", k.Name, r.note.Problems, r.f.Extra)
		}
		if k.Form != TextsForm && k.Form != PeopleForm && k.Form != LinksForm {
			r := fieldReader{note: &Note{Kind: Contact}, f: &Front{}}
			r.field(Field{Key: k.Name, Value: ListValue("one", "two")})
			if len(r.note.Problems) == 0 {
				t.Errorf("%s may be a list, against its form", k.Name)
			}
		}
	}
}
