package exchange

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// update works out what is new of somebody who is there. What a source said before is
// not said again; what a person wrote stays.
func (c *comparison) update(p *Person, contact *journal.Contact) {
	u := &Update{Person: p, Contact: contact}
	before := c.heard[p.fact("name", "")]
	// A note that has the source's id but of which nothing is known was imported all
	// the same, with what it says.
	imported := before
	if !before && slices.ContainsFunc(p.List("ids"), func(id string) bool {
		return slices.ContainsFunc(contact.Front().IDs, func(have string) bool { return note.Fold(have) == note.Fold(id) })
	}) {
		imported = true
	}
	var fields []note.Field
	moved := false
	for _, f := range p.Fields {
		if !slices.ContainsFunc(p.facts(f), func(fact Fact) bool { return !c.heard[fact] }) {
			continue // of most, at a second import: their notes need not be looked into
		}
		if fields == nil {
			fields = contact.File.FrontMatter()
		}
		have := note.Lookup(fields, f.Key)
		if have != nil && have.Value.Shape == note.Null {
			have = nil
		}
		switch {
		case isList(f):
			c.updateList(u, f, have)
		case f.Value.Shape == note.Mapping:
			c.updateMapping(u, f, have)
		case c.updateText(u, f, have, imported, !before) && (f.Key == "company" || f.Key == "role"):
			moved = true
		}
	}
	if !p.Guest && note.Fold(p.Name) != note.Fold(contact.Name) && !c.heard[p.fact("aliases", note.Fold(p.Name))] &&
		!slices.ContainsFunc(contact.Front().Aliases, func(a string) bool { return note.Fold(a) == note.Fold(p.Name) }) {
		u.Add = append(u.Add, note.Field{Key: "aliases", Value: note.TextValue(p.Name)})
		u.What = append(u.What, "also called "+p.Name)
	}
	c.Heard[p.fact("aliases", note.Fold(p.Name))] = true
	if moved {
		c.moved(u, contact)
	}
	c.updateBody(u, contact)
	c.hear(p)
	if len(u.What) == 0 {
		c.Same++
		return
	}
	c.Changed = append(c.Changed, u)
}

func (c *comparison) updateList(u *Update, f note.Field, have *note.Field) {
	var there []string
	if have != nil {
		there = texts(*have)
	}
	for _, item := range texts(f) {
		if c.heard[u.fact(f.Key, note.Fold(item))] || slices.ContainsFunc(there, func(t string) bool { return sameItem(f.Key, t, item) }) ||
			f.Key == "aliases" && note.Fold(item) == note.Fold(u.Contact.Name) {
			continue
		}
		u.Add = append(u.Add, note.Field{Key: f.Key, Value: note.TextValue(item)})
		u.What = append(u.What, f.Key+" "+item)
	}
}

func (c *comparison) updateMapping(u *Update, f note.Field, have *note.Field) {
	var value note.Value
	if have != nil {
		value = have.Value
	}
	changed := false
	for _, in := range f.Value.Fields {
		if c.heard[u.fact(f.Key+"."+in.Key, in.Value.Text)] {
			continue
		}
		same := func(o note.Field) bool {
			return o.Value.Text == in.Value.Text || sameAddress(o.Value.Text, in.Value.Text)
		}
		switch {
		case value.Shape == note.List || value.Shape == note.Scalar:
			if !slices.ContainsFunc(texts(*have), func(t string) bool { return sameAddress(t, in.Value.Text) }) {
				u.Add = append(u.Add, note.Field{Key: f.Key, Value: in.Value})
				u.What = append(u.What, f.Key+" "+in.Value.Text)
			}
		case slices.ContainsFunc(value.Fields, same):
		case note.Lookup(value.Fields, in.Key) != nil:
			old := note.Lookup(value.Fields, in.Key).Value.Text
			if !c.heard[u.fact(f.Key+"."+in.Key, old)] {
				c.Differs = append(c.Differs, fmt.Sprintf("%s: %s of %s stays %s; the source says %s", u.Contact.Name, f.Key, in.Key, old, in.Value.Text))
				continue
			}
			value.Fields = slices.Clone(value.Fields)
			note.Lookup(value.Fields, in.Key).Value = in.Value
			changed = true
		default:
			value.Shape, value.Fields = note.Mapping, append(slices.Clip(value.Fields), note.Field{Key: in.Key, Value: in.Value})
			changed = true
		}
	}
	if changed {
		u.Set = append(u.Set, note.Field{Key: f.Key, Value: value})
		u.What = append(u.What, f.Key)
	}
}

func sameAddress(a, b string) bool {
	if id := profile(a); id != "" {
		return id == profile(b)
	}
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

// quiet are the keys of which a person's own value is no news.
var quiet = []string{"met", "added", "every", "status", "snooze"}

// updateText compares one value, and says whether it is a new one in the place of
// what the source said before.
func (c *comparison) updateText(u *Update, f note.Field, have *note.Field, imported, first bool) bool {
	text := f.Value.Text
	switch {
	case f.Key == "photo" || c.heard[u.fact(f.Key, text)]:
		return false
	case have == nil && (f.Key == "added" || f.Key == "every"):
		return false
	case have == nil:
		u.Set = append(u.Set, f)
		u.What = append(u.What, f.Key+" "+text)
		return imported
	case have.Value.Text == text || note.Fold(have.Value.Text) == note.Fold(text):
		return false
	case f.Key == "birthday":
		a, err1 := civil.ParseYearly(have.Value.Text)
		b, err2 := civil.ParseYearly(text)
		if err1 == nil && err2 == nil && a.Month == b.Month && a.Day == b.Day && (b.Year == 0 || a.Year == b.Year) {
			return false
		}
	}
	if !c.heard[u.fact(f.Key, have.Value.Text)] && !(imported && first) {
		if !slices.Contains(quiet, f.Key) {
			c.Differs = append(c.Differs, fmt.Sprintf("%s: %s stays %s; the source says %s", u.Contact.Name, f.Key, have.Value.Text, text))
		}
		return false
	}
	u.Set = append(u.Set, f)
	u.What = append(u.What, fmt.Sprintf("%s %s (was %s)", f.Key, text, have.Value.Text))
	return true
}

// moved writes down a new company or role, as a reason to congratulate.
func (c *comparison) moved(u *Update, contact *journal.Contact) {
	value := func(key, otherwise string) string {
		if f := note.Lookup(u.Set, key); f != nil {
			return f.Value.Text
		}
		return otherwise
	}
	front := contact.Front()
	text := "now " + job(value("role", front.Role), value("company", front.Company))
	if was := job(front.Role, front.Company); was != "" {
		text += " (was " + was + ")"
	}
	u.Entries = append(u.Entries, fmt.Sprintf("%v note #%s: %s", c.w.Today, due.JobTag, plain(text)))
}

func job(role, company string) string {
	if role != "" && company != "" {
		return role + " at " + company
	}
	return role + company
}

// updateBody adds entries, tasks and text that are not there, and a photo if there is
// none.
func (c *comparison) updateBody(u *Update, contact *journal.Contact) {
	type key struct {
		date civil.Date
		kind string
		dir  note.Direction
	}
	there := map[key][]string{}
	for _, ref := range contact.Entries {
		e := ref.Entry()
		k := key{e.Date, ref.Kind(), e.Direction}
		there[k] = append(there[k], ref.Text())
	}
	// An entry that is there in a person's own words is there.
	var left []*note.Note
	for _, line := range c.lines(u.Person) {
		n := c.j.Parser().Parse("", note.Contact, []byte("- "+line+"\n"))
		if len(n.Entries) == 1 {
			e := &n.Entries[0]
			k := key{e.Date, n.EntryKind(e), e.Direction}
			if i := slices.Index(there[k], n.EntryText(e)); i >= 0 {
				there[k] = slices.Delete(there[k], i, i+1)
				continue
			}
			left = append(left, n)
		}
	}
	added := 0
	for _, n := range left {
		e := &n.Entries[0]
		k := key{e.Date, n.EntryKind(e), e.Direction}
		if len(there[k]) > 0 {
			there[k] = there[k][1:]
			continue
		}
		u.Entries = append(u.Entries, strings.TrimSuffix(strings.TrimPrefix(n.Source, "- "), "\n"))
		added++
	}
	if added == 1 {
		u.What = append(u.What, "1 entry")
	} else if added > 1 {
		u.What = append(u.What, fmt.Sprintf("%d entries", added))
	}
	for _, task := range u.Person.Tasks {
		_, text, _ := strings.Cut(task, "] ")
		if !c.heard[u.fact("task", task)] && !strings.Contains(contact.File.Source, text) {
			u.Tasks = append(u.Tasks, task)
			u.What = append(u.What, "a task")
		}
	}
	if text := u.Person.Text; text != "" && !c.heard[u.fact("text", text)] {
		if first, _, _ := strings.Cut(text, "\n"); !strings.Contains(contact.File.Source, first) {
			u.Entries = append(u.Entries, fmt.Sprintf("%v note: %s", c.w.Today, plain(text)))
			u.What = append(u.What, "a note")
		}
	}
	if photo := u.Person.Photo; photo.Data != nil && contact.Front().Photo == "" && !c.heard[u.fact("photo", string(photo.Data))] {
		name := contact.Slug + "." + photo.Ext
		u.PhotoPath = path.Join(path.Dir(contact.File.Path), name)
		u.Set = append(u.Set, note.Field{Key: "photo", Value: note.TextValue(name)})
		u.What = append(u.What, "a photo")
	}
}

// doubt lists who of the new ones may be somebody who is there.
func (c *comparison) doubt() {
	byLast := map[string][]*journal.Contact{}
	for _, contact := range c.j.Contacts {
		if words := strings.Fields(note.Fold(contact.Name)); len(words) > 1 {
			byLast[words[len(words)-1]] = append(byLast[words[len(words)-1]], contact)
		}
	}
	for _, a := range c.New {
		seen := map[*journal.Contact]bool{}
		say := func(contact *journal.Contact, why string) {
			if !seen[contact] {
				seen[contact] = true
				c.Doubts = append(c.Doubts, Doubt{contact.Slug, c.slugs[a.Person], why})
			}
		}
		for _, contact := range c.byName[note.Fold(a.Name)] {
			say(contact, fmt.Sprintf("both are called %s", a.Name))
		}
		for _, phone := range a.List("phone") {
			for _, contact := range c.byPhone[lastDigits(phone)] {
				say(contact, fmt.Sprintf("%s and %s have the number %s", contact.Name, a.Name, phone))
			}
		}
		for _, email := range a.List("email") {
			for _, contact := range c.byEmail[note.Fold(email)] {
				say(contact, fmt.Sprintf("%s and %s have the address %s", contact.Name, a.Name, email))
			}
		}
		words := strings.Fields(note.Fold(a.Name))
		if len(words) < 2 {
			continue
		}
		for _, contact := range byLast[words[len(words)-1]] {
			first := strings.Fields(note.Fold(contact.Name))[0]
			if strings.HasPrefix(first, words[0]) || strings.HasPrefix(words[0], first) || note.Distance(first, words[0], 1) <= 1 {
				say(contact, fmt.Sprintf("%s and %s may be one name", contact.Name, a.Name))
			}
		}
	}
}
