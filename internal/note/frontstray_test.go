package note

import (
	"strings"
	"testing"
)

// Front matter in the wrong place is text, and a warning.
func TestStrayFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"indented", " ---\nname: A\nevery: 2 weeks\n---\nx\n", "1:1 stray-front-matter"},
		{"indented a lot", "\n      ---\n      every: 2 weeks\n      ---\nx\n", "2:1 stray-front-matter"},
		{"below a line", "`\n---\nname: A\nevery: 2 weeks\n---\n", "2:1 stray-front-matter"},
		{"below a heading", "# Ada\n\n---\nevery: 2 weeks\n---\n", "3:1 stray-front-matter"},
		{"a second block", "---\ntags: []\n---\n---\nevery: 2 weeks\n---\nAbout.\n", "4:1 stray-front-matter"},
		{"a second one in TOML", "---\ntags: []\n---\ntext\n\n+++\nevery = \"2 weeks\"\n+++\n", "6:1 stray-front-matter"},
		{"a second one in JSON", "---\ntags: []\n---\n;;;\n{\"every\": 3}\n;;;\n", "4:1 stray-front-matter"},
		{"two more", "---\ntags: []\n---\n---\nevery: 2\n---\n---\nmet: x\n---\n", "4:1 stray-front-matter, 7:1 stray-front-matter"},
		{"without fences", "name: Ada\nevery: 2 weeks\n\nText.\n", "1:1 stray-front-matter"},
		{"keys that nobody knows", "---\ntags: []\n---\n---\nsize: 3\n---\n", ""},
		{"lines between rules", "Text.\n\n---\n\nShe said: come in spring.\n\n---\n\nMore: later.\n", ""},
		{"an example in code", "```yaml\n---\nname: Ada\n---\n```\n", ""},
		{"an indented example", "Text:\n\n    ---\n    name: Ada\n    ---\n", ""},
		{"a key further down", "She writes.\n\nEmail: ada@example.org\n", ""},
		{"a rule and a key", "---\nname: A\n---\nText.\n\n---\nLocation: the old house\n", ""},
		{"a journal's", "name: x\n", ""},
	} {
		kind := Contact
		if strings.HasPrefix(c.name, "a journal") {
			kind = Journal
		}
		n := parse(kind, c.text)
		if got := problemTexts(n); got != c.want {
			t.Errorf("%s: %q, want %q: %v", c.name, got, c.want, n.Problems)
		}
		if !n.Front.Every.IsZero() || n.Front.MetText != "" {
			t.Errorf("%s: it was read: %+v", c.name, n.Front)
		}
	}
}
