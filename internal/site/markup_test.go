package site

import "testing"

// A link to a contact, put together by itself, leads where its page is.
func TestLinkToContact(t *testing.T) {
	for _, slug := range []string{"ada-lovelace", "x_1", "žofie-černá", "李-小龙", "e\u0301va"} {
		var got, want markup
		got.linkTo("person", "../", slug, `A "B" <C>`)
		want.link("person", "../", contactPath(slug), `A "B" <C>`)
		if got.html() != want.html() {
			t.Errorf("%s:\n got %s\nwant %s", slug, got.html(), want.html())
		}
	}
}
