package exchange

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
)

// Chosen returns some people of a journal as a batch, as an import would have it. Of
// everybody else nothing is in it, names in notes included, unless whole says so; one's
// own news are in it if nobody is left out. fsys is the journal's folder, for photos.
func Chosen(j *journal.Journal, fsys fs.FS, contacts []*journal.Contact, whole bool) *Batch {
	c := &choice{j: j, whole: whole, people: map[*journal.Contact]*Person{}, layouts: map[*journal.File]layout{}}
	b := &Batch{Kind: "kith"}
	for _, contact := range contacts {
		p := &Person{Slug: contact.Slug, Name: contact.Name}
		c.people[contact] = p
		b.People = append(b.People, p)
	}
	c.leaveOut()
	for _, contact := range contacts {
		c.fill(contact, fsys)
	}
	if len(contacts) == len(j.Contacts) {
		for _, ref := range j.News {
			b.News = append(b.News, c.entry(ref, nil))
		}
	}
	return b
}

// A choice is who is in a batch, and by what those are known who are not.
type choice struct {
	j       *journal.Journal
	whole   bool
	people  map[*journal.Contact]*Person
	layouts map[*journal.File]layout
	// names of those left out: the first word, folded, → the words of each
	names  map[string][][]string
	emails map[string]bool
}

// leaveOut collects by what those who are left out are known: names, aliases, and a
// first name that nobody has who is in.
func (c *choice) leaveOut() {
	c.names, c.emails = map[string][][]string{}, map[string]bool{}
	if c.whole {
		return
	}
	in := map[string]bool{}
	for contact := range c.people {
		for word := range strings.FieldsSeq(note.Fold(contact.Name)) {
			in[word] = true
		}
	}
	for _, contact := range c.j.Contacts {
		if c.people[contact] != nil {
			continue
		}
		for _, name := range append([]string{contact.Name, contact.Slug}, contact.Front().Aliases...) {
			words := strings.Fields(note.Fold(name))
			if len(words) == 0 {
				continue
			}
			c.names[words[0]] = append(c.names[words[0]], words)
			if !in[words[0]] && !journal.Honorific(words[0]) {
				c.names[words[0]] = append(c.names[words[0]], words[:1])
			}
		}
		for _, email := range contact.Front().Email {
			c.emails[note.Fold(email)] = true
		}
	}
	for _, list := range c.names { // the longest first
		slices.SortFunc(list, func(a, b []string) int { return len(b) - len(a) })
	}
}

const someone = "somebody"

var (
	wikiLink = regexp.MustCompile(`\[\[([^\[\]]+)\]\]`)
	noteLink = regexp.MustCompile(`\[([^\[\]]*)\]\(([^()\s]+\.md)\)`)
	address  = regexp.MustCompile(`[^\s<>()\[\],;:"]+@[^\s<>()\[\],;:"]+`)
	wordRun  = regexp.MustCompile(`[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’_-]*`)
)

// text is a text without those who are left out.
func (c *choice) text(text string) string {
	if c.whole || len(c.names) == 0 {
		return text
	}
	text = wikiLink.ReplaceAllStringFunc(text, func(link string) string {
		if to := c.j.Target(note.NewLink(link).Target); to != nil && c.people[to] == nil {
			return someone
		}
		return link
	})
	text = noteLink.ReplaceAllStringFunc(text, func(link string) string {
		m := noteLink.FindStringSubmatch(link)
		if to := c.j.Contact(note.Slug(strings.TrimSuffix(path.Base(m[2]), ".md"))); to != nil && c.people[to] == nil {
			return someone
		}
		return link
	})
	text = address.ReplaceAllStringFunc(text, func(a string) string {
		if c.emails[note.Fold(strings.TrimRight(a, "."))] {
			return someone
		}
		return a
	})
	words := wordRun.FindAllStringIndex(text, -1)
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = strings.TrimSuffix(note.Fold(text[w[0]:w[1]]), "'s")
	}
	var out strings.Builder
	done := 0
	for i := 0; i < len(words); i++ {
		for _, name := range c.names[folded[i]] {
			end := i + len(name)
			first, _ := utf8.DecodeRuneInString(text[words[i][0]:])
			if end > len(words) || !slices.Equal(folded[i:end], name) || len(name) == 1 && unicode.IsLower(first) && !strings.Contains(name[0], "-") {
				continue
			}
			out.WriteString(text[done:words[i][0]] + someone)
			done, i = words[end-1][1], end-1
			if strings.HasSuffix(text[:done], "'s") || strings.HasSuffix(text[:done], "’s") {
				out.WriteString("'s")
			}
			break
		}
	}
	return out.String() + text[done:]
}

// fill gives somebody what the journal says of them.
func (c *choice) fill(contact *journal.Contact, fsys fs.FS) {
	p, n := c.people[contact], contact.File.Note
	for _, f := range n.FrontMatter() {
		key := strings.ToLower(f.Key)
		if key == "name" || f.Value.Shape == note.Null {
			continue
		}
		if slices.Contains(order, key) {
			f.Key = key
		}
		switch {
		case slices.Contains(listKeys, key):
			var items []string
			for _, item := range texts(f) {
				if key == "via" || key == "needs" || key == "offers" {
					if item = c.text(item); key == "via" && item == someone {
						continue
					}
				}
				items = append(items, item)
			}
			if len(items) > 0 {
				p.put(f.Key, note.ListValue(items...))
			}
		case key == "photo":
			data, err := folder.ReadFile(fsys, path.Join(path.Dir(n.Path), f.Value.Text), folder.Any)
			if ext := strings.TrimPrefix(strings.ToLower(path.Ext(f.Value.Text)), "."); err == nil && ext != "" {
				p.Photo = Photo{data, ext}
			}
		case key == "links" || key == "birthday" || key == "dates":
			p.put(f.Key, f.Value)
		default:
			p.put(f.Key, c.value(f.Value))
		}
	}
	c.layouts[contact.File] = layoutOf(c.j.Parser(), n)
	p.Text = c.text(strings.TrimSpace(strings.Join(c.layouts[contact.File].prose, "\n")))
	for _, t := range n.Tasks {
		box := map[bool]string{true: "[?] ", false: "[ ] "}[t.Ask]
		if t.Done {
			box = "[x] "
		}
		task := box + c.text(t.Text)
		if !t.Due.IsZero() {
			task += " by " + t.Due.String()
		}
		p.Tasks = append(p.Tasks, task)
	}
	for _, ref := range contact.Entries {
		if owner := c.owner(ref); owner == contact {
			p.Entries = append(p.Entries, c.entry(ref, contact))
		}
	}
}

// value is a value without those who are left out.
func (c *choice) value(v note.Value) note.Value {
	v.Text = c.text(v.Text)
	v.Items, v.Fields = slices.Clone(v.Items), slices.Clone(v.Fields)
	for i := range v.Items {
		v.Items[i] = c.value(v.Items[i])
	}
	for i := range v.Fields {
		v.Fields[i].Value = c.value(v.Fields[i].Value)
	}
	return v
}

// owner is who has an entry in the batch: whose file it stands in, else the first who
// took part.
func (c *choice) owner(ref journal.EntryRef) *journal.Contact {
	if ref.File.Kind == note.Contact {
		if owner := c.j.Contact(ref.File.Slug); owner != nil && owner.File == ref.File && c.people[owner] != nil {
			return owner
		}
	}
	for _, slug := range ref.Participants() {
		if contact := c.j.Contact(slug); c.people[contact] != nil {
			return contact
		}
	}
	return nil
}

// said is the text of an entry, with what stands below its line but for tasks.
func (c *choice) said(ref journal.EntryRef) string {
	l, ok := c.layouts[ref.File]
	if !ok {
		l = layoutOf(c.j.Parser(), ref.File.Note)
		c.layouts[ref.File] = l
	}
	text := ref.Text()
	rows := l.below[int(ref.Index)]
	for line := rows[0]; line > 0 && line < rows[1]; line++ {
		if !slices.ContainsFunc(ref.File.Tasks, func(t note.Task) bool { return int(t.Line) == line }) {
			text += " " + ref.File.LineText(int32(line))
		}
	}
	return clean(text)
}

func (c *choice) entry(ref journal.EntryRef, owner *journal.Contact) Entry {
	read := ref.Entry()
	e := Entry{Date: read.Date, Time: read.Time.String(), Kind: ref.Kind(), Direction: read.Direction, Text: c.text(c.said(ref))}
	if owner == nil || ref.File == owner.File || ref.File.Kind == note.Journal {
		for _, m := range read.Marks.All() {
			e.Marks = append(e.Marks, m.String())
		}
	}
	if e.Kind == "" && e.Direction == note.NoContact {
		e.Kind = "note"
	}
	who := ref.Participants()
	if ref.File.Kind == note.Contact {
		who = append(slices.Clone(who), ref.File.Slug)
	}
	for _, slug := range who {
		if contact := c.j.Contact(slug); contact != owner && c.people[contact] != nil && !slices.Contains(e.With, c.people[contact]) {
			e.With = append(e.With, c.people[contact])
		}
	}
	return e
}

// A layout is what the lines of a note are: for each entry those that follow its own,
// by its index, and those that are neither of an entry nor a task.
type layout struct {
	below map[int][2]int // lines from, to
	prose []string
}

// layoutOf finds which lines are what.
func layoutOf(parser *note.Parser, n *note.Note) layout {
	lines := strings.Split(n.Source, "\n")
	l := layout{below: map[int][2]int{}}
	drop := make([]bool, len(lines)+2)
	lineOf := func(b *note.Block) int { return int(n.Pos(max(b.Start, 0)).Line) }
	take := func(entry, from, to int) {
		for i := from; i < to; i++ {
			drop[i] = true
		}
		if entry >= 0 {
			l.below[entry] = [2]int{from + 1, to}
		}
	}
	headings := map[int]int{} // line → level
	blocks := slices.DeleteFunc(slices.Clone(parser.Blocks(n).Blocks), func(b *note.Block) bool { return b.Start < 0 })
	end := func(list []*note.Block, i, last int) int {
		if i+1 < len(list) {
			return lineOf(list[i+1])
		}
		return last
	}
	for i := 0; i < len(blocks); i++ {
		b, to := blocks[i], end(blocks, i, len(lines)+1)
		switch {
		case b.Shape == note.HeadingBlock && b.Entry >= 0: // with all up to the next of its level, or with a date
			from := lineOf(b)
			for i+1 < len(blocks) {
				next := blocks[i+1]
				if next.Shape == note.HeadingBlock && (next.Level <= b.Level || next.Entry >= 0) {
					break
				}
				i++
				to = end(blocks, i, len(lines)+1)
			}
			take(b.Entry, from, to)
		case b.Shape == note.HeadingBlock:
			headings[lineOf(b)] = b.Level
		case b.Shape == note.ListBlock:
			for k, item := range b.Blocks {
				if item.Entry >= 0 || item.Task >= 0 {
					take(item.Entry, lineOf(item), end(b.Blocks, k, to))
				}
			}
		}
	}
	below := 0 // the highest level of what is kept below, 7 for text
	for i := len(lines); i >= n.BodyLine(); i-- {
		level := headings[i]
		switch {
		case drop[i] || strings.TrimSpace(lines[i-1]) == "":
		case level == 0:
			below = 7
		case below <= level: // nothing stands below it
			drop[i] = true
		default:
			below = level
		}
	}
	for i := n.BodyLine(); i <= len(lines); i++ {
		if blank := strings.TrimSpace(lines[i-1]) == ""; !drop[i] && !(blank && (len(l.prose) == 0 || l.prose[len(l.prose)-1] == "")) {
			l.prose = append(l.prose, strings.TrimRight(lines[i-1], " \t"))
		}
	}
	return l
}
