package exchange

import (
	"regexp"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

var (
	friendsHead  = regexp.MustCompile(`(?m)^### (Activities|Friends|Notes|Locations):\s*$`)
	friendLine   = regexp.MustCompile(`^- ([^(\[@]+?)\s*(?:\(a\.k\.a\. (.+?)\)\s*)?(?:\[(.+?)\]\s*)?((?:@\S+\s*)*)$`)
	boldName     = regexp.MustCompile(`\*\*(.+?)\*\*`)
	italicPlace  = regexp.MustCompile(`\b_(.+?)_\b`)
	friendsTag   = regexp.MustCompile(`(^|\s)@([A-Za-z0-9][\w:-]*)`)
	friendsEntry = regexp.MustCompile(`^- (\d{4}-\d\d-\d\d): (.*)$`)
)

// readFriends reads the friends.md of JacobEvelyn/friends: activities become entries in
// the file of the first who is named, notes those of no contact.
func readFriends(b *Batch, file string, data []byte) {
	lines := strings.Split(strings.ReplaceAll(decode(data), "\r\n", "\n"), "\n")
	section := ""
	each := func(visit func(section, line string, place Place)) {
		for i, line := range lines {
			if m := friendsHead.FindStringSubmatch(line); m != nil {
				section = m[1]
			} else if strings.HasPrefix(line, "- ") {
				visit(section, line, Place{File: file, Row: i + 1})
			}
		}
	}
	each(func(section, line string, place Place) {
		if section != "Friends" {
			return
		}
		m := friendLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			b.problem(place, "%q is no friend", line)
			return
		}
		p, isNew := b.person(note.Fold(m[1]), clean(m[1]))
		if !isNew {
			b.problem(place, "%s is there twice", m[1])
			return
		}
		p.Place, p.Row = place, line
		for alias := range strings.SplitSeq(m[2], " a.k.a. ") {
			p.Add("aliases", alias)
		}
		p.Set("location", m[3])
		for tag := range strings.FieldsSeq(m[4]) {
			p.Add("tags", note.TagSlug(strings.TrimPrefix(tag, "@")))
		}
	})
	each(func(section, line string, place Place) {
		if section != "Activities" && section != "Notes" {
			return
		}
		m := friendsEntry.FindStringSubmatch(line)
		if m == nil {
			b.problem(place, "%q has no date in front", line)
			return
		}
		d, err := civil.Parse(m[1])
		if err != nil {
			b.problem(place, "%v", err)
			return
		}
		var with []*Person
		for _, name := range boldName.FindAllStringSubmatch(m[2], -1) {
			if p := b.byKey[note.Fold(name[1])]; p != nil {
				with = append(with, p)
			}
		}
		text := boldName.ReplaceAllString(plain(m[2]), "$1")
		text = friendsTag.ReplaceAllString(italicPlace.ReplaceAllString(text, "$1"), "$1#$2")
		if len(with) == 0 {
			b.leave("activities with nobody")
			return
		}
		e := Entry{Date: d, Direction: note.Mutual, Kind: "meet", With: with[1:], Text: text}
		if section == "Notes" {
			e.Kind, e.Direction, e.With, e.Mentions = "note", note.NoContact, nil, with[1:]
		}
		with[0].Entries = append(with[0].Entries, e)
	})
}
