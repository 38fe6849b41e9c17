package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kith/internal/note"
)

// The readers of this file take tables with one person a row: Google's and Outlook's
// contacts, databases of Notion, and any other whose columns are mapped to keys.

func isGoogle(cells []string) bool {
	return column(cells, "E-mail 1 - Value", "Phone 1 - Value") >= 0 || column(cells, "Given Name") >= 0 && column(cells, "Group Membership") >= 0 ||
		column(cells, "Labels") >= 0 && column(cells, "First Name") >= 0
}

func isOutlook(cells []string) bool {
	return column(cells, "First Name") >= 0 && column(cells, "Last Name") >= 0 &&
		column(cells, "E-mail Address", "E-mail 1 Address", "Mobile Phone", "Business Phone") >= 0 && !isConnections(cells)
}

// readGoogle reads Google's contacts, as they were written before 2024 and since.
func readGoogle(b *Batch, t *table) {
	numbered := func(format string) (columns []int) {
		for n := 1; ; n++ {
			i := t.column(fmt.Sprintf(format, n))
			if i < 0 {
				return columns
			}
			columns = append(columns, i)
		}
	}
	values := func(text string) []string { return strings.Split(text, " ::: ") }
	label := func(r row, value int, otherwise string) string {
		name := strings.Replace(t.header[value], " - Value", " - Type", 1)
		i := t.column(name, strings.Replace(t.header[value], " - Value", " - Label", 1))
		return strings.ToLower(cmp.Or(strings.TrimPrefix(r.cell(i), "* "), otherwise))
	}
	first := [][]string{{"Name Prefix"}, {"First Name", "Given Name"}, {"Middle Name", "Additional Name"}, {"Last Name", "Family Name"}, {"Name Suffix"}}
	for r := range t.rows {
		name := r.cell(t.column("Name"))
		if name == "" {
			for _, names := range first {
				name += " " + r.cell(t.column(names...))
			}
		}
		p := &Person{Name: clean(name), Place: r.place(0), Row: r.shown()}
		for _, i := range numbered("E-mail %d - Value") {
			p.Add("email", values(r.cell(i))...)
		}
		for _, i := range numbered("Phone %d - Value") {
			p.Add("phone", values(r.cell(i))...)
		}
		for _, i := range numbered("Website %d - Value") {
			for _, address := range values(r.cell(i)) {
				p.Label("links", label(r, i, "website"), address)
				p.Add("ids", profile(address))
			}
		}
		for _, i := range append(numbered("Event %d - Value"), -1) {
			if i < 0 || r.cell(i) == "" {
				continue
			}
			if day, err := yearly(r.cell(i)); err != nil {
				b.problem(r.place(i), "%q: %v", r.cell(i), err)
			} else {
				p.Label("dates", label(r, i, "date"), day)
			}
		}
		b.setBirthday(p, r, t.column("Birthday"))
		p.Set("company", r.cell(t.column("Organization Name", "Organization 1 - Name")))
		p.Set("role", r.cell(t.column("Organization Title", "Organization 1 - Title")))
		p.Set("location", cmp.Or(joined(r.cell(t.column("Address 1 - City")), r.cell(t.column("Address 1 - Country"))), r.cell(t.column("Location"))))
		nick := r.cell(t.column("Nickname"))
		if note.Fold(nick) != note.Fold(p.Name) {
			p.Add("aliases", nick)
		}
		for _, group := range values(r.cell(t.column("Labels", "Group Membership"))) {
			if group != "" && !strings.HasPrefix(group, "*") {
				p.Add("tags", note.TagSlug(group))
			}
		}
		p.Text = noteText(r.cell(t.column("Notes")))
		b.addRow(p, r)
	}
}

// readOutlook reads Outlook's contacts, of the program and of the web.
func readOutlook(b *Batch, t *table) {
	for r := range t.rows {
		get := func(names ...string) string { return r.cell(t.column(names...)) }
		p := &Person{Place: r.place(0), Row: r.shown()}
		p.Name = clean(strings.Join([]string{get("Title"), get("First Name"), get("Middle Name"), get("Last Name"), get("Suffix")}, " "))
		p.Add("email", get("E-mail Address", "E-mail 1 Address"), get("E-mail 2 Address"), get("E-mail 3 Address"))
		p.Add("phone", get("Mobile Phone"), get("Home Phone"), get("Home Phone 2"), get("Business Phone"), get("Business Phone 2"), get("Primary Phone"), get("Other Phone"))
		p.Set("company", get("Company"))
		p.Set("role", get("Job Title"))
		p.Set("location", cmp.Or(joined(get("Home City"), get("Home Country/Region", "Home Country")), joined(get("Business City"), get("Business Country/Region", "Business Country")), get("Location")))
		if page := get("Web Page", "Personal Web Page", "Business Web Page"); page != "" {
			p.Label("links", "website", page)
			p.Add("ids", profile(page))
		}
		p.Add("aliases", get("Nickname"))
		for category := range strings.SplitSeq(get("Categories"), ";") {
			p.Add("tags", note.TagSlug(category))
		}
		// Outlook writes 0/0/00 where there is none.
		if birthday := t.column("Birthday"); strings.Trim(r.cell(birthday), "0/") != "" {
			b.setBirthday(p, r, birthday)
		}
		if anniversary := t.column("Anniversary"); strings.Trim(r.cell(anniversary), "0/") != "" {
			if day, err := yearly(r.cell(anniversary)); err == nil {
				p.Label("dates", "anniversary", day)
			} else {
				b.problem(r.place(anniversary), "%q: %v", r.cell(anniversary), err)
			}
		}
		p.Text = noteText(get("Notes"))
		b.addRow(p, r)
	}
}

func joined(a, b string) string { return strings.Trim(a+", "+b, ", ") }

func noteText(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
}

func (b *Batch) setBirthday(p *Person, r row, i int) {
	if r.cell(i) == "" {
		return
	}
	day, err := yearly(r.cell(i))
	if err != nil {
		b.problem(r.place(i), "%q: %v", r.cell(i), err)
		return
	}
	p.Set("birthday", day)
}

// addRow takes a row's person, if there is a name or what one can be made of.
func (b *Batch) addRow(p *Person, r row) {
	if p.Name == "" {
		p.Name = p.Value("company")
	}
	if emails := p.List("email"); p.Name == "" && len(emails) > 0 {
		local, _, _ := strings.Cut(emails[0], "@")
		p.Name = nameOf(local)
	}
	switch {
	case note.Slug(p.Name) != "":
		b.People = append(b.People, p)
	case strings.Trim(strings.Join(r.cells, ""), " ") == "":
	default:
		b.problem(r.place(0), "the row has neither a name nor an address to make one of")
	}
}

// readMapped reads a table whose columns are mapped to keys, to "text" for the body, or
// to "last" for the day of the last contact.
func readMapped(b *Batch, t *table, mapping map[string]string) {
	for r := range t.rows {
		p := &Person{Place: r.place(0), Row: r.shown()}
		for i, head := range t.header {
			value := r.cell(i)
			if value == "" {
				continue
			}
			switch key := mapping[head]; key {
			case "":
			case "name":
				p.Name = clean(p.Name + " " + value)
			case "text":
				p.Text = strings.TrimSpace(p.Text + "\n\n" + noteText(value))
			case "birthday":
				b.setBirthday(p, r, i)
			case "last":
				if d, err := day(value); err != nil {
					b.problem(r.place(i), "%q: %v", value, err)
				} else {
					p.Entries = append(p.Entries, Entry{Date: d, Direction: note.Mutual, Kind: "talk"})
				}
			case "met", "added", "snooze":
				if d, err := day(value); err == nil {
					p.Set(key, d.String())
				} else if key == "met" && err == errNoDay {
					p.Set(key, value)
				} else {
					b.problem(r.place(i), "%q: %v", value, err)
				}
			case "links":
				p.Label(key, strings.ToLower(head), value)
				p.Add("ids", profile(value))
			case "dates":
				if day, err := yearly(value); err == nil {
					p.Label(key, strings.ToLower(head), day)
				} else {
					b.problem(r.place(i), "%q: %v", value, err)
				}
			default:
				if slices.Contains(listKeys, key) {
					p.Add(key, strings.FieldsFunc(value, func(r rune) bool { return r == ',' && key != "aliases" || r == ';' || r == '\n' })...)
				} else {
					p.Set(key, value)
				}
			}
		}
		b.addRow(p, r)
	}
}

// guessed are names that columns have, by the key that they probably mean.
var guessed = []struct{ key, names string }{
	{"name", "name|full name|contact|person|first name|last name|given name|family name|surname|vorname|nachname"},
	{"email", "email|e-mail|mail|email address|e-mail address"},
	{"phone", "phone|mobile|telephone|phone number|tel|telefon"},
	{"company", "company|organization|organisation|employer|firma"},
	{"role", "role|title|job title|position|job"},
	{"location", "location|city|place|town|where|ort"},
	{"birthday", "birthday|bday|date of birth|birthdate|geburtstag"},
	{"tags", "tags|labels|category|categories|type"},
	{"circles", "group|groups|circle|circles|relationship"},
	{"every", "every|frequency|cadence|how often"},
	{"last", "last contact|last contacted|last talked|last touch|last seen|last interaction"},
	{"met", "met|met on|how we met|date met|connected on"},
	{"links", "url|website|linkedin|twitter|link|web"},
	{"text", "notes|note|comments|about|description"},
	{"aliases", "nickname|alias|aliases|also known as"},
	{"via", "introduced by|via|referred by"},
	{"needs", "needs|looking for"},
	{"offers", "offers|can help with"},
	{"language", "language"},
	{"pronouns", "pronouns"},
	{"timezone", "timezone|time zone"},
}

// guess maps the columns whose names say what they are.
func guess(header []string) map[string]string {
	mapping := map[string]string{}
	for _, head := range header {
		for _, g := range guessed {
			for name := range strings.SplitSeq(g.names, "|") {
				if note.Fold(clean(head)) == name {
					mapping[head] = g.key
				}
			}
		}
	}
	return mapping
}

// Unmapped says that the columns of a table have to be mapped to keys first.
type Unmapped struct {
	File    string
	Columns []string
	Guess   map[string]string // what a column's name says it is
}

func (u *Unmapped) Error() string {
	return "which columns are what has to be said"
}

// Flags are those of the command line that map the columns, ready to be changed.
func (u *Unmapped) Flags() []string {
	var flags []string
	for _, head := range u.Columns {
		if strings.TrimSpace(head) != "" {
			flags = append(flags, "--map "+strconv.Quote(head+"="+u.Guess[head]))
		}
	}
	return flags
}
