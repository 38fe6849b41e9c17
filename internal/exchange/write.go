package exchange

import (
	"cmp"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-vcard"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/note"
)

// WriteVCards writes people as vCards of version 3.0, which phones read best, or 4.0.
func WriteVCards(w io.Writer, b *Batch, version string) error {
	folded := &folding{w: w}
	enc := vcard.NewEncoder(folded)
	for _, p := range b.People {
		if err := enc.Encode(card(p, version)); err != nil {
			return err
		}
	}
	return folded.flush()
}

func card(p *Person, version string) vcard.Card {
	c := vcard.Card{}
	c.SetValue(vcard.FieldVersion, version)
	c.SetValue(vcard.FieldFormattedName, p.Name)
	words := strings.Fields(strings.ReplaceAll(p.Name, ";", ","))
	n := &vcard.Name{FamilyName: words[len(words)-1]}
	if len(words) > 1 {
		n.GivenName, n.AdditionalName = words[0], strings.Join(words[1:len(words)-1], " ")
	} else {
		n.GivenName, n.FamilyName = words[0], ""
	}
	c.AddName(n)
	add := func(key string, values ...string) {
		for _, v := range values {
			if v != "" {
				c.AddValue(key, v)
			}
		}
	}
	uid := "kith:" + p.Slug
	for _, id := range p.List("ids") {
		if theirs, ok := strings.CutPrefix(id, "vcard:"); ok {
			uid = theirs
		}
	}
	add(vcard.FieldUID, uid)
	add(vcard.FieldNickname, p.List("aliases")...)
	add(vcard.FieldEmail, p.List("email")...)
	add(vcard.FieldTelephone, p.List("phone")...)
	add(vcard.FieldOrganization, strings.ReplaceAll(p.Value("company"), ";", ","))
	add(vcard.FieldTitle, p.Value("role"))
	add(vcard.FieldLanguage, p.Value("language"))
	add(vcard.FieldNote, p.Text)
	for _, tag := range p.List("tags") { // each its own: the encoder escapes commas
		add(vcard.FieldCategories, tag)
	}
	if where := p.Value("location"); where != "" {
		c.AddAddress(&vcard.Address{Locality: strings.ReplaceAll(where, ";", ",")})
	}
	if f := p.Get("birthday"); f != nil {
		c.Add(vcard.FieldBirthday, yearlyField(f.Value.Text, version))
	}
	group := 0
	labelled := func(key, label string, f *vcard.Field) {
		group++
		f.Group = fmt.Sprintf("item%d", group)
		c.Add(key, f)
		c.Add("X-ABLABEL", &vcard.Field{Value: label, Group: f.Group})
	}
	if f := p.Get("dates"); f != nil {
		for _, d := range f.Value.Fields {
			labelled("X-ABDATE", d.Key, yearlyField(d.Value.Text, version))
		}
	}
	if f := p.Get("links"); f != nil {
		for _, l := range f.Value.Fields {
			labelled(vcard.FieldURL, l.Key, &vcard.Field{Value: l.Value.Text})
		}
		add(vcard.FieldURL, texts(*f)...)
	}
	if p.Photo.Data != nil {
		data, kind := base64.StdEncoding.EncodeToString(p.Photo.Data), strings.Replace(p.Photo.Ext, "jpg", "jpeg", 1)
		f := &vcard.Field{Value: data, Params: vcard.Params{"ENCODING": {"b"}, "TYPE": {strings.ToUpper(kind)}}}
		if version == "4.0" {
			f = &vcard.Field{Value: "data:image/" + kind + ";base64," + data}
		}
		c.Add(vcard.FieldPhoto, f)
	}
	return c
}

// yearlyField is a yearly date. Without its year it is --1210 in version 4.0; phones
// know it in 3.0 as Apple writes it.
func yearlyField(text, version string) *vcard.Field {
	y, err := civil.ParseYearly(text)
	switch {
	case err != nil:
		return &vcard.Field{Value: text}
	case y.Year != 0 && version == "4.0":
		return &vcard.Field{Value: fmt.Sprintf("%04d%02d%02d", y.Year, y.Month, y.Day)}
	case y.Year != 0:
		return &vcard.Field{Value: fmt.Sprintf("%04d-%02d-%02d", y.Year, y.Month, y.Day)}
	case version == "4.0":
		return &vcard.Field{Value: fmt.Sprintf("--%02d%02d", y.Month, y.Day)}
	}
	return &vcard.Field{Value: fmt.Sprintf("1604-%02d-%02d", y.Month, y.Day), Params: vcard.Params{"X-APPLE-OMIT-YEAR": {"1604"}}}
}

// folding folds lines of more than 75 octets, as vCard and iCalendar want it, and cuts
// no letter in two.
type folding struct {
	w    io.Writer
	rest []byte
}

func (f *folding) Write(b []byte) (int, error) {
	f.rest = append(f.rest, b...)
	for {
		end := slices.Index(f.rest, '\n')
		if end < 0 {
			return len(b), nil
		}
		if _, err := io.WriteString(f.w, fold(strings.TrimRight(string(f.rest[:end]), "\r"))+"\r\n"); err != nil {
			return 0, err
		}
		f.rest = f.rest[end+1:]
	}
}

func (f *folding) flush() error {
	_, err := f.w.Write(f.rest)
	return err
}

func fold(line string) string {
	var out strings.Builder
	for room := 75; len(line) > room; room = 74 {
		n := room
		for n > 0 && !utf8.RuneStart(line[n]) {
			n--
		}
		out.WriteString(line[:n] + "\r\n ")
		line = line[n:]
	}
	return out.String() + line
}

// csvColumns are those of a table, by the names that its import knows.
var csvColumns = []string{
	"name", "aliases", "email", "phone", "company", "role", "location", "birthday", "met", "every", "circles", "tags", "via",
	"needs", "offers", "language", "pronouns", "timezone", "links",
}

// WriteCSV writes people as a table, one a row. No cell begins as a formula would.
func WriteCSV(w io.Writer, b *Batch, today civil.Date) error {
	out := csv.NewWriter(w)
	_ = out.Write(append(slices.Clone(csvColumns), "last contact", "notes"))
	for _, p := range b.People {
		row := []string{p.Name}
		for _, key := range csvColumns[1:] {
			cell := p.Value(key)
			if f := p.Get(key); f != nil && f.Value.Shape == note.Mapping {
				for _, in := range f.Value.Fields {
					cell = strings.TrimPrefix(cell+"; "+in.Value.Text, "; ")
				}
			} else if list := p.List(key); len(list) > 0 {
				cell = strings.Join(list, "; ")
			}
			row = append(row, cell)
		}
		last := ""
		for _, e := range p.Entries {
			if e.Direction != note.NoContact && !e.Date.After(today) {
				last = max(last, e.Date.String())
			}
		}
		row = append(row, last, p.Text)
		for i := range row {
			row[i] = noFormula(row[i])
		}
		_ = out.Write(row) // the writer keeps its error
	}
	out.Flush()
	return out.Error()
}

// noFormula is a cell that no program of tables takes for a formula. An import takes
// the sign away again.
func noFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// unquoted is a cell without the sign that keeps it from being a formula.
func unquoted(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// WriteMarkdown writes people as one text for reading and printing.
func WriteMarkdown(w io.Writer, b *Batch) error {
	var out strings.Builder
	for i, p := range b.People {
		if i > 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "# %s\n\n", p.Name)
		for _, f := range p.Fields {
			text := strings.Join(texts(f), ", ")
			for _, in := range f.Value.Fields {
				text = strings.TrimPrefix(text+", "+in.Key+" "+in.Value.Text, ", ")
			}
			if text != "" {
				fmt.Fprintf(&out, "- %s: %s\n", f.Key, text)
			}
		}
		if p.Text != "" {
			fmt.Fprintf(&out, "\n%s\n", p.Text)
		}
		if len(p.Tasks) > 0 {
			out.WriteString("\n- " + strings.Join(p.Tasks, "\n- ") + "\n")
		}
		if len(p.Entries) > 0 {
			out.WriteString("\n## Log\n\n")
		}
		for _, e := range p.Entries {
			out.WriteString("- " + e.Line(func(p *Person) string { return p.Name }) + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// WriteICS writes birthdays, dates, due days, promises with a day and what is planned
// as a calendar. An event has the same UID each time, so that a program which reads it
// again updates what it has. rows say when somebody is due.
func WriteICS(w io.Writer, b *Batch, rows []*due.Row, today civil.Date) error {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//kith//kith//EN")
	stamp := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, today.SinceEpoch()-10957)
	event := func(uid string, day civil.Date, rule, summary string) {
		y, m, d := day.YMD()
		e := ical.NewEvent()
		e.Props.SetText(ical.PropUID, uid+"@kith")
		e.Props.SetDateTime(ical.PropDateTimeStamp, stamp)
		e.Props.SetDate(ical.PropDateTimeStart, time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC))
		if rule != "" {
			r := ical.NewProp(ical.PropRecurrenceRule)
			r.Value = rule
			e.Props.Set(r)
		}
		e.Props.SetText(ical.PropSummary, summary)
		e.Props.SetText("TRANSP", "TRANSPARENT")
		alarm := ical.NewComponent(ical.CompAlarm)
		alarm.Props.SetText(ical.PropAction, "DISPLAY")
		alarm.Props.SetText(ical.PropDescription, summary)
		trigger := ical.NewProp(ical.PropTrigger)
		trigger.Value = "PT9H" // in the morning
		alarm.Props.Set(trigger)
		e.Children = append(e.Children, alarm)
		cal.Children = append(cal.Children, e.Component)
	}
	yearlyEvent := func(uid, summary, text string) {
		y, err := civil.ParseYearly(text)
		if err != nil {
			return
		}
		rule := "FREQ=YEARLY"
		if y.Month == 2 && y.Day == 29 { // the 28th in years that have no 29th
			rule += ";BYMONTH=2;BYMONTHDAY=-1"
		}
		if y.Year != 0 {
			summary += fmt.Sprintf(" (%d)", y.Year)
		}
		event(uid, civil.In(max(int(y.Year), 1972), int(y.Month), int(y.Day)), rule, summary)
	}
	for _, p := range b.People {
		if status := p.Value("status"); status != "" && status != "active" {
			continue
		}
		if f := p.Get("birthday"); f != nil {
			yearlyEvent(p.Slug+"/birthday", "Birthday: "+p.Name, f.Value.Text)
		}
		if f := p.Get("dates"); f != nil {
			for _, d := range f.Value.Fields {
				yearlyEvent(p.Slug+"/date/"+d.Key, due.UpperFirst(d.Key)+": "+p.Name, d.Value.Text)
			}
		}
		for _, r := range rows {
			if r.Contact.Slug == p.Slug && r.State != due.Paused && !r.Due.IsZero() {
				event(p.Slug+"/due", r.Due, "", "Write to "+p.Name)
			}
		}
		for _, task := range p.Tasks {
			text, day, ok := cutLast(task, " by ")
			if d, err := civil.Parse(day); ok && err == nil && strings.HasPrefix(task, "[ ] ") {
				event(p.Slug+"/promise/"+note.Slug(text), d, "", strings.TrimPrefix(text, "[ ] ")+" ("+p.Name+")")
			}
		}
		for _, e := range p.Entries {
			if e.Date.After(today) {
				what := strings.TrimSpace(due.UpperFirst(cmp.Or(e.Kind, "meet")) + " with " + p.Name)
				event(p.Slug+"/planned/"+e.Date.String()+"/"+e.Kind, e.Date, "", strings.TrimSuffix(what+": "+e.Text, ": "))
			}
		}
	}
	folded := &folding{w: w}
	if len(cal.Children) == 0 { // the library refuses one that is empty
		_, err := io.WriteString(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//kith//kith//EN\r\nEND:VCALENDAR\r\n")
		return err
	}
	if err := ical.NewEncoder(folded).Encode(cal); err != nil {
		return err
	}
	return folded.flush()
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}
