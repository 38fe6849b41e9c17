package note

import "testing"

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "Ada", "Dr. Ada Lovelace": "Ada", "Frau Prof. Emmy Noether": "Emmy", "Lovelace, Ada": "Ada",
		"Martin Luther King, Jr.": "Martin", "Sir": "Sir", "  ": "", "李淑云": "李淑云",
	} {
		if got := FirstName(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
