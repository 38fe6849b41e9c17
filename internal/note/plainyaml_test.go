package note

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// What the short way reads, it reads as the YAML library does.
func FuzzPlainYAML(f *testing.F) {
	for _, seed := range []string{
		"name: Ada\ntags: [a, b]\n", "aliases:\n  - Countess\n  - 'Ada King'\nevery: 6 weeks\n", "name: \"Ada\"\n# a comment\n\nrole: x #y\n",
		"aliases:\n- x\n- y\n", "role: one\n  two\n", "note: a:b\nphone: +1 (2)\n", "every: 6 weeks \n", "name: 李小龙\nmet: 2019-05-02\n",
		"via: [[Charles Babbage]]\n", "needs: []\n", "email:\nphone: 0301234567\n", "links:\n  site: https://example.org\n", "a: *b\n", "key with spaces: yes\n",
		"role: Maker – of things…\n", "name: |\n  Ada\n", "tags: [a b, 'c, d']\n", "- a\n", "A:\n#0\u0085\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		got, ok := readPlainYAML(text, 1, nil)
		if !ok {
			return
		}
		want, err := readYAML(text, 1)
		if err != nil {
			t.Fatalf("%q is read as %+v, but the library says %v", text, got, err)
		}
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("%q is not read as the library reads it (-library +here):\n%s", text, diff)
		}
	})
}
