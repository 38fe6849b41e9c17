package exchange

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// Wishes are what a person wants of an import.
type Wishes struct {
	Circles, Tags []string // of those who are new
	Every         string
	Into          string // the folder of their notes
	Only          func(*Person) bool
	All           bool // guests and those removed by hand, too
	Today         civil.Date
}

// A Plan is what an import would do to a journal.
type Plan struct {
	New     []*Arrival
	Changed []*Update
	Same    int      // who is as the source says
	Differs []string // where what a person wrote by hand stays
	Doubts  []Doubt
	News    []string // lines of the journal
	Heard   Heard
}

// An Arrival is somebody new, and the note they would have.
type Arrival struct {
	*Person
	Path, PhotoPath string
	Source          []byte
}

// An Update is what is new of somebody who is there.
type Update struct {
	*Person
	Contact   *journal.Contact
	Set       []note.Field // keys and their new values
	Add       []note.Field // items that lists get, each a text
	Entries   []string     // lines, from the date on
	Tasks     []string
	PhotoPath string
	What      []string // in words
}

// A Doubt is two who may be one person.
type Doubt struct{ Keep, Other, Why string }

// Compare works out what a batch brings that a journal has not. It uses the batch up.
func Compare(j *journal.Journal, b *Batch, heard Heard, w Wishes) *Plan {
	c := newComparison(j, b, w)
	c.Heard = Heard{}
	for fact := range heard {
		c.Heard[fact] = true
	}
	c.heard = heard
	c.meet()
	c.names()
	for _, p := range c.people {
		if contact := c.known[p]; contact != nil {
			c.update(p, contact)
		} else {
			c.arrive(p)
		}
		p.Entries = nil // they are lines now, and there may be many
	}
	c.news(b)
	c.doubt()
	return &c.Plan
}

type comparison struct {
	Plan
	j      *journal.Journal
	b      *Batch
	w      Wishes
	heard  Heard
	people []*Person                    // those that are not left out
	known  map[*Person]*journal.Contact // who of them is there
	slugs  map[*Person]string           // of those who are new
	links  map[*Person]string

	byID, byEmail, byPhone, byName map[string][]*journal.Contact
}

func newComparison(j *journal.Journal, b *Batch, w Wishes) *comparison {
	c := &comparison{
		j: j, b: b, w: w, known: map[*Person]*journal.Contact{}, slugs: map[*Person]string{}, links: map[*Person]string{},
		byID: map[string][]*journal.Contact{}, byEmail: map[string][]*journal.Contact{}, byPhone: map[string][]*journal.Contact{}, byName: map[string][]*journal.Contact{},
	}
	put := func(index map[string][]*journal.Contact, key string, contact *journal.Contact) {
		if key != "" && !slices.Contains(index[key], contact) {
			index[key] = append(index[key], contact)
		}
	}
	for _, contact := range j.Contacts {
		front := contact.Front()
		for _, id := range contactIDs(contact) {
			put(c.byID, id, contact)
		}
		for _, email := range front.Email {
			put(c.byEmail, note.Fold(email), contact)
		}
		for _, phone := range front.Phone {
			put(c.byPhone, lastDigits(phone), contact)
		}
		for _, name := range append([]string{contact.Name}, front.Aliases...) {
			put(c.byName, note.Fold(name), contact)
		}
	}
	return c
}

// contactIDs are who a contact is elsewhere: by ids, and by a link to a page there.
func contactIDs(contact *journal.Contact) []string {
	var ids []string
	for _, id := range contact.Front().IDs {
		ids = append(ids, note.Fold(id))
	}
	for _, link := range contact.Front().Links {
		if id := profile(link.Text); id != "" {
			ids = append(ids, note.Fold(id))
		}
	}
	return ids
}

// meet finds who of the batch is whom, and who is left out.
func (c *comparison) meet() {
	names := map[string]int{}
	for _, p := range c.b.People {
		names[note.Fold(p.Name)]++
	}
	firstOf := map[string]*Person{} // by id and address
	byContact := map[*journal.Contact]*Person{}
	into := map[*Person]*Person{} // who is the same as somebody before
	for _, p := range c.b.People {
		if c.w.Only != nil && !c.w.Only(p) {
			continue
		}
		contact := c.find(p, names[note.Fold(p.Name)] == 1 || c.heard[p.fact("name", "")])
		first := byContact[contact]
		if contact == nil {
			first = nil
			for _, key := range keysOf(p) {
				if other := firstOf[key]; other != nil && (other.Slug == "" || p.Slug == "" || other.Slug == p.Slug) {
					first = cmp.Or(first, other)
				}
			}
		}
		if first != nil {
			first.join(p)
			into[p] = first
			continue
		}
		if contact == nil && p.Guest && !c.w.All {
			c.passOn(p)
			continue
		}
		if contact == nil && c.heard[p.fact("name", "")] && !c.w.All {
			c.b.leave("removed by hand since (--all brings them back)")
			continue
		}
		if contact != nil {
			c.known[p], byContact[contact] = contact, p
		}
		for _, key := range keysOf(p) {
			firstOf[key] = p
		}
		c.people = append(c.people, p)
	}
	for p, first := range into {
		c.known[p], c.slugs[p] = c.known[first], ""
		c.links[p] = "" // settled by names
		into[p] = first
	}
	for _, p := range c.people {
		for i, e := range p.Entries {
			p.Entries[i].With, p.Entries[i].Mentions = joinedInto(e.With, into), joinedInto(e.Mentions, into)
		}
	}
}

func joinedInto(people []*Person, into map[*Person]*Person) []*Person {
	var list []*Person
	for _, p := range people {
		p = cmp.Or(into[p], p)
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// passOn gives what happened with somebody who is left out, and with others, to the
// first of these.
func (c *comparison) passOn(p *Person) {
	c.b.leave("known from a message or a meeting alone (--all brings them in)")
	for _, e := range p.Entries {
		for i, other := range e.With {
			if other.Guest && c.find(other, true) == nil {
				continue
			}
			e.With = append(slices.Clone(e.With[:i]), e.With[i+1:]...)
			other.Entries = append(other.Entries, e)
			break
		}
	}
}

func keysOf(p *Person) []string {
	var keys []string
	for _, id := range p.List("ids") {
		keys = append(keys, note.Fold(id))
	}
	for _, email := range p.List("email") {
		keys = append(keys, note.Fold(email))
	}
	return keys
}

// join takes over what a second record of the same person says.
func (p *Person) join(o *Person) {
	for _, f := range o.Fields {
		switch {
		case slices.Contains(listKeys, f.Key):
			p.Add(f.Key, texts(f)...)
		case f.Value.Shape == note.Mapping:
			for _, in := range f.Value.Fields {
				p.Label(f.Key, in.Key, in.Value.Text)
			}
		case p.Get(f.Key) == nil:
			p.put(f.Key, f.Value)
		}
	}
	if o.Text != p.Text {
		p.Text = strings.TrimSpace(p.Text + "\n\n" + o.Text)
	}
	p.Entries = append(p.Entries, o.Entries...)
	p.Tasks = append(p.Tasks, o.Tasks...)
	p.Guest = p.Guest && o.Guest
}

// find finds who somebody is: by ids, the note that they come from, e-mail, phone and a name that agrees, or a name
// that is theirs alone.
func (c *comparison) find(p *Person, alone bool) *journal.Contact {
	for _, id := range p.List("ids") {
		if found := c.byID[note.Fold(id)]; len(found) == 1 {
			return found[0]
		}
	}
	if contact := c.j.Contact(p.Slug); contact != nil && namesAgree(p.Name, contact) {
		return contact
	}
	agree := func(found []*journal.Contact, always bool) *journal.Contact {
		var list []*journal.Contact
		for _, contact := range found {
			if c.otherID(p, contact) {
				continue
			}
			if always && len(found) == 1 || namesAgree(p.Name, contact) {
				list = append(list, contact)
			}
		}
		if len(list) == 1 {
			return list[0]
		}
		return nil
	}
	for _, email := range p.List("email") {
		if contact := agree(c.byEmail[note.Fold(email)], true); contact != nil {
			return contact
		}
	}
	for _, phone := range p.List("phone") {
		if contact := agree(c.byPhone[lastDigits(phone)], false); contact != nil {
			return contact
		}
	}
	if found := c.byName[note.Fold(p.Name)]; alone && len(found) == 1 && !c.otherID(p, found[0]) {
		return found[0]
	}
	return nil
}

// otherID says whether a contact is somebody else by the same source.
func (c *comparison) otherID(p *Person, contact *journal.Contact) bool {
	for _, id := range p.List("ids") {
		scheme, _, _ := strings.Cut(id, ":")
		for _, have := range contactIDs(contact) {
			if strings.HasPrefix(have, note.Fold(scheme)+":") && scheme != "vcard" {
				return true // had it been the same, it would have been found by that
			}
		}
	}
	return false
}

// namesAgree says whether a name may be that of a contact: the first or the last words
// are the same.
func namesAgree(name string, contact *journal.Contact) bool {
	a := strings.Fields(note.Fold(name))
	for _, other := range append([]string{contact.Name}, contact.Front().Aliases...) {
		b := strings.Fields(note.Fold(other))
		if len(a) > 0 && len(b) > 0 && (a[0] == b[0] || a[len(a)-1] == b[len(b)-1]) {
			return true
		}
	}
	return false
}

// names gives those who are new a slug, and finds the link to everybody.
func (c *comparison) names() {
	taken, count := map[string]bool{}, map[string]int{}
	for _, contact := range c.j.Contacts {
		taken[note.Fold(contact.Slug)] = true
		count[note.Fold(contact.Name)]++
	}
	for _, p := range c.people {
		if c.known[p] != nil {
			c.links[p] = c.j.Link(c.known[p])
			continue
		}
		count[note.Fold(p.Name)]++
		base := strings.TrimLeft(cmp.Or(p.Slug, note.Slug(p.Name)), "_-")
		slug := base
		for _, more := range []string{p.Value("company"), p.Value("role")} {
			if taken[note.Fold(slug)] && note.Slug(more) != "" {
				slug = base + "-" + note.Slug(more)
			}
		}
		for n := 2; taken[note.Fold(slug)]; n++ {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		taken[note.Fold(slug)] = true
		c.slugs[p] = slug
	}
	for _, p := range c.people {
		if c.known[p] == nil {
			c.links[p] = "[[" + p.Name + "]]"
			if count[note.Fold(p.Name)] > 1 || strings.ContainsAny(p.Name, "[]|#^") {
				c.links[p] = "[[" + c.slugs[p] + "]]"
			}
		}
	}
}

func (c *comparison) link(p *Person) string { return c.links[p] }

// lines are the entries of somebody, newest first, each once; those heard of before
// are not among them.
func (c *comparison) lines(p *Person) []string {
	var lines []string
	entries := slices.Clone(p.Entries)
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(b.Date.Compare(a.Date), strings.Compare(b.Time, a.Time))
	})
	for _, e := range entries {
		line := e.Line(c.link)
		fact := p.fact("entry", line)
		if !c.heard[fact] && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
		c.Heard[fact] = true
	}
	return lines
}

// arrive makes the note of somebody new.
func (c *comparison) arrive(p *Person) {
	p.Add("circles", c.w.Circles...)
	p.Add("tags", c.w.Tags...)
	if c.w.Every != "" {
		p.Set("every", c.w.Every)
	}
	if p.Get("added") == nil {
		p.Set("added", c.w.Today.String())
	}
	c.hear(p)
	a := &Arrival{Person: p, Path: path.Join(c.w.Into, c.slugs[p]+".md")}
	if p.Photo.Data != nil {
		a.PhotoPath = path.Join(c.w.Into, c.slugs[p]+"."+p.Photo.Ext)
		p.Set("photo", c.slugs[p]+"."+p.Photo.Ext)
	}
	var out strings.Builder
	out.WriteString("---\n" + note.YAML.SpellField("name", note.TextValue(p.Name), false) + "\n")
	for _, f := range p.Fields {
		if slices.Contains(listKeys, f.Key) && len(f.Value.Items) == 1 && f.Key != "ids" {
			f.Value = f.Value.Items[0]
		}
		out.WriteString(note.YAML.SpellField(f.Key, f.Value, false) + "\n")
	}
	out.WriteString("---\n")
	if p.Text != "" {
		out.WriteString(p.Text + "\n")
	}
	if len(p.Tasks) > 0 {
		if p.Text != "" {
			out.WriteString("\n")
		}
		for _, task := range p.Tasks {
			out.WriteString("- " + task + "\n")
		}
	}
	if lines := c.lines(p); len(lines) > 0 {
		out.WriteString("\n## Log\n\n- " + strings.Join(lines, "\n- ") + "\n")
	}
	a.Source = []byte(out.String())
	if n := c.j.Parser().Parse(a.Path, note.Contact, a.Source); n.Broken || n.Name != p.Name {
		c.b.problem(p.Place, "%s cannot be written as a note", p.Name)
		return
	}
	c.New = append(c.New, a)
}

// hear notes down what a source says of somebody.
func (c *comparison) hear(p *Person) {
	c.Heard[p.fact("name", "")] = true
	for _, f := range p.Fields {
		for _, fact := range p.facts(f) {
			c.Heard[fact] = true
		}
	}
	for _, task := range p.Tasks {
		c.Heard[p.fact("task", task)] = true
	}
	if p.Text != "" {
		c.Heard[p.fact("text", p.Text)] = true
	}
	if p.Photo.Data != nil {
		c.Heard[p.fact("photo", string(p.Photo.Data))] = true
	}
}

func (c *comparison) news(b *Batch) {
	have := map[string]bool{}
	for _, ref := range c.j.News {
		have[ref.Entry().Date.String()+ref.Text()] = true
	}
	me := &Person{Name: "news"}
	for _, e := range b.News {
		line := e.Line(c.link)
		fact := me.fact("news", line)
		if !c.heard[fact] && !have[e.Date.String()+e.Text] {
			c.News = append(c.News, line)
		}
		c.Heard[fact] = true
	}
}
