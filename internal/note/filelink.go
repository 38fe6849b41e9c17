package note

import (
	"net/url"
	"path"
	"strings"
)

// A Markdown link to a note, [Ada](ada-lovelace.md), is a link in every way (FORMAT.md,
// "Wiki links").

// fileLink returns the link to the note at an address; false if the address is none of a
// note.
func (n *Note) fileLink(label, address string) (Link, bool) {
	if !strings.Contains(address, ".md") || !relative(address) {
		return Link{}, false
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasSuffix(u.Path, ".md") {
		return Link{}, false
	}
	to := path.Join(path.Dir(n.Path), u.Path)
	if !strings.HasPrefix(to, "content/") {
		return Link{}, false
	}
	return Link{Target: to, Label: label, File: true, Entry: -1}, true
}

// FileAddress returns the address by which a note links to another one, with what
// behind the address of before leads to a place in it.
func (n *Note) FileAddress(to, before string) string {
	_, place, found := strings.Cut(before, "#")
	if found {
		place = "#" + place
	}
	dir := path.Dir(n.Path) + "/"
	up := ""
	for dir != "" && !strings.HasPrefix(to, dir) {
		dir = dir[:strings.LastIndexByte(strings.TrimSuffix(dir, "/"), '/')+1]
		up += "../"
	}
	address := (&url.URL{Path: up + to[len(dir):]}).EscapedPath()
	return strings.NewReplacer("(", "%28", ")", "%29").Replace(address) + place
}

// AddressIn returns where in a text that begins with a Markdown link to a note its
// address stands; false if it begins with none.
func AddressIn(text string) (start, end int, ok bool) {
	n := fileLinkLen(text)
	if n == 0 {
		return 0, 0, false
	}
	start = strings.LastIndexByte(text[:n], '(') + 1
	end = n - 1
	if text[start] == '<' {
		start, end = start+1, end-1
	}
	return start, end, true
}

// fileLinkLen returns the length of the Markdown link to a note that s begins with, or 0.
// Its text has no brackets, and its address no title.
func fileLinkLen(s string) int {
	if len(s) < 8 || s[0] != '[' || s[1] == '[' {
		return 0
	}
	s = s[:min(len(s), maxLink)]
	label := strings.IndexAny(s[1:], "[]\n") + 1
	if label < 2 || !strings.HasPrefix(s[label:], "](") {
		return 0
	}
	closing := strings.IndexAny(s[label+2:], ")\n")
	if closing < 0 || s[label+2+closing] != ')' {
		return 0
	}
	address := s[label+2 : label+2+closing]
	if inner, ok := strings.CutPrefix(address, "<"); ok && strings.HasSuffix(inner, ">") {
		address = inner[:len(inner)-1]
	} else if strings.ContainsAny(address, "<> \t(") {
		return 0
	}
	name, _, _ := strings.Cut(address, "#")
	if !strings.HasSuffix(name, ".md") || strings.Contains(name, "://") || strings.HasPrefix(name, "/") {
		return 0
	}
	return label + 2 + closing + 1
}

// newLink reads a link of a header.
func (n *Note) newLink(text string) Link {
	start, end, ok := AddressIn(text)
	if !ok {
		return NewLink(text)
	}
	label := text[1:strings.IndexByte(text, ']')]
	if link, ok := n.fileLink(label, strings.ReplaceAll(text[start:end], " ", "%20")); ok {
		return link
	}
	return Link{Target: text[start:end], Label: label, File: true}
}
