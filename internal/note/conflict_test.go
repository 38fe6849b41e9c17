package note

import "testing"

// A file with the markers of a conflict is broken, and an error at the first of them.
func TestConflictMarkers(t *testing.T) {
	t.Parallel()
	const conflict = "<<<<<<< ours\n- 2026-10-01 call: A.\n=======\n- 2026-10-01 call: B.\n>>>>>>> theirs\n"
	for _, c := range []struct{ name, text, want string }{
		{"in the body", "---\nname: Ada\n---\n" + conflict, "4:1 conflict-markers"},
		{"in the front matter", "---\n<<<<<<< HEAD\nname: A\n=======\nname: B\n>>>>>>> x\n---\n- 2026-01-01 call\n", "2:1 conflict-markers"},
		{"around its end", "---\n<<<<<<< HEAD\nname: A\n---\n=======\nname: B\n>>>>>>> x\n", "2:1 conflict-markers"},
		{"with the base", "x\n<<<<<<< a\nb\n||||||| c\nd\n=======\ne\n>>>>>>> f\n", "2:1 conflict-markers"},
		{"two", conflict + conflict, "1:1 conflict-markers"},
		{"in code", "```\n" + conflict + "```\n", ""},
		{"after code", "```\nx\n```\n" + conflict, "4:1 conflict-markers"},
		{"in another order", ">>>>>>> a\n=======\n<<<<<<< b\n", ""},
		{"a heading", "Title\n=======\n", ""},
		{"indented", "  <<<<<<< a\n  =======\n  >>>>>>> b\n", ""},
	} {
		n := parse(Contact, c.text)
		if got := problemTexts(n); got != c.want || n.Broken != (c.want != "") {
			t.Errorf("%s: %q, broken %v, want %q", c.name, got, n.Broken, c.want)
		}
		if n.Broken && n.Name != "Ada Lovelace" {
			t.Errorf("%s: its front matter was read: %q", c.name, n.Name)
		}
	}
}
