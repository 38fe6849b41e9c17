package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"kith/internal/due"
	"kith/internal/note"
)

// A monicaObject is one of anything in an export of Monica 4.
type monicaObject struct {
	UUID       string                     `json:"uuid"`
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Data       []monicaGroup              `json:"data"`
}

type monicaGroup struct {
	Type   string            `json:"type"`
	Values []json.RawMessage `json:"values"`
}

// of returns the objects of a kind, which is written in the singular or in the plural.
func (o *monicaObject) of(kind string) []monicaObject {
	var list []monicaObject
	for _, group := range o.Data {
		if group.Type != kind && group.Type != kind+"s" && group.Type != strings.TrimSuffix(kind, "y")+"ies" {
			continue
		}
		for _, raw := range group.Values {
			var v monicaObject
			if json.Unmarshal(raw, &v) == nil {
				list = append(list, v)
			}
		}
	}
	return list
}

// ids returns the uuids that stand in the place of objects of a kind.
func (o *monicaObject) ids(kind string) []string {
	var list []string
	for _, group := range o.Data {
		if group.Type != kind && group.Type != kind+"s" && group.Type != strings.TrimSuffix(kind, "y")+"ies" {
			continue
		}
		for _, raw := range group.Values {
			var id string
			if json.Unmarshal(raw, &id) == nil {
				list = append(list, id)
			}
		}
	}
	return list
}

// text is a property as text, whatever it is in JSON.
func (o *monicaObject) text(keys ...string) string {
	for _, key := range keys {
		var v any
		if json.Unmarshal(o.Properties[key], &v) != nil || v == nil {
			continue
		}
		if text := clean(fmt.Sprint(v)); text != "" && text != "0" && text != "false" {
			return text
		}
	}
	return ""
}

// long is a property of several lines.
func (o *monicaObject) long(key string) string {
	var text string
	_ = json.Unmarshal(o.Properties[key], &text)
	return noteText(text)
}

// inner is a property that is an object.
func (o *monicaObject) inner(key string) *monicaObject {
	v := &monicaObject{}
	if json.Unmarshal(o.Properties[key], v) != nil {
		return &monicaObject{}
	}
	if v.Properties == nil {
		_ = json.Unmarshal(o.Properties[key], &v.Properties)
	}
	return v
}

// readMonica reads the JSON that Monica 4 exports.
func readMonica(b *Batch, file string, data []byte) error {
	var doc struct {
		Account monicaObject `json:"account"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	account := &doc.Account
	for _, c := range account.of("contact") {
		b.monicaContact(file, account, &c)
	}
	for _, c := range account.of("contact") { // once all are known
		p := b.byKey[c.UUID]
		if p == nil {
			continue
		}
		for _, id := range c.ids("activity") {
			b.monicaActivity(account, p, id)
		}
		for _, a := range c.of("activity") {
			b.monicaTold(p, &a)
		}
	}
	for _, r := range account.of("relationship") {
		a, o := b.byKey[r.text("contact_is")], b.byKey[r.text("of_contact")]
		if a != nil && o != nil {
			line := fmt.Sprintf("%s of [[%s]].", due.UpperFirst(cmp.Or(r.text("type", "relationship_type"), "related to")), o.Name)
			a.Text = strings.TrimSpace(a.Text + "\n\n" + line)
		}
	}
	return nil
}

func (b *Batch) monicaContact(file string, account, c *monicaObject) {
	name := clean(c.text("first_name") + " " + c.text("middle_name") + " " + c.text("last_name"))
	if note.Slug(name) == "" {
		b.problem(Place{File: file}, "a contact has no name (%s)", c.UUID)
		return
	}
	if c.text("is_partial") != "" {
		b.leave("people who are only part of somebody else's page")
		return
	}
	p, _ := b.person(c.UUID, name)
	p.Place, p.Row = Place{File: file}, firstWords(name+", "+c.text("company")+", "+c.text("job"), 160)
	p.Add("ids", "monica:"+c.UUID)
	p.Add("aliases", c.text("nickname"))
	p.Set("company", c.text("company"))
	p.Set("role", c.text("job"))
	if c.text("is_dead") != "" {
		p.Set("status", "memorial")
	} else if string(c.Properties["is_active"]) == "false" {
		p.Set("status", "archived")
	}
	if n := c.text("stay_in_touch_frequency"); n != "" {
		p.Set("every", n+" days")
	}
	for _, tag := range c.tags() {
		p.Add("tags", note.TagSlug(tag))
	}
	p.Set("birthday", monicaDate(c.inner("birthdate")))
	if met := c.inner("first_met_date"); met.text("date") != "" && met.text("is_year_unknown") == "" {
		if d, err := day(met.text("date")); err == nil {
			p.Set("met", d.String())
		}
	} else if where := c.text("first_met_where"); where != "" {
		p.Set("met", where)
	}
	var lines []string
	for _, text := range []string{c.long("description"), c.long("first_met_additional_info"), c.long("food_preferences")} {
		if text != "" {
			lines = append(lines, text)
		}
	}
	for _, f := range c.of("contact_field") {
		kind := strings.ToLower(cmp.Or(f.text("type"), monicaFieldType(account, &f)))
		value := f.text("data")
		switch {
		case strings.Contains(kind, "mail") || kind == "" && strings.Contains(value, "@"):
			p.Add("email", value)
		case strings.Contains(kind, "phone") || strings.Contains(kind, "whatsapp"):
			p.Add("phone", value)
		default:
			p.Label("links", cmp.Or(kind, "other"), value)
			p.Add("ids", profile(value))
		}
	}
	for _, a := range c.of("address") {
		p.Set("location", joined(a.text("city"), a.text("country")))
	}
	for _, n := range c.of("note") {
		if text := n.long("body"); text != "" {
			d, err := day(n.text("created_at"))
			if err != nil {
				lines = append(lines, text)
				continue
			}
			p.Entries = append(p.Entries, Entry{Date: d, Kind: "note", Text: plain(text)})
		}
	}
	for _, call := range c.of("call") {
		b.monicaTold(p, &call)
	}
	for _, t := range append(c.of("task"), c.of("reminder")...) {
		if title := t.text("title"); title != "" && t.Type != "reminder" {
			box := "[ ] "
			if t.text("completed") != "" {
				box = "[x] "
			}
			p.Tasks = append(p.Tasks, box+plain(title))
		}
	}
	p.Text = strings.Join(lines, "\n\n")
}

// tags are the names of a contact's tags, which are texts or objects.
func (o *monicaObject) tags() []string {
	var list []string
	_ = json.Unmarshal(o.Properties["tags"], &list)
	for _, t := range o.of("tag") {
		list = append(list, t.text("name"))
	}
	return list
}

func monicaFieldType(account, f *monicaObject) string {
	id := f.text("contact_field_type_id", "type")
	for _, t := range append(account.inner("instance").of("contact_field_type"), account.of("contact_field_type")...) {
		if t.UUID == id {
			return t.text("type", "name")
		}
	}
	return ""
}

// monicaDate is a special date: its year may be unknown, or made up from an age.
func monicaDate(o *monicaObject) string {
	text := o.text("date")
	if text == "" || o.text("is_age_based") != "" {
		return ""
	}
	if o.text("is_year_unknown") != "" && len(text) >= 10 {
		text = text[5:10]
	}
	born, err := yearly(text)
	if err != nil {
		return ""
	}
	return born
}

func (b *Batch) monicaActivity(account *monicaObject, p *Person, id string) {
	for _, a := range account.of("activity") {
		if a.UUID == id {
			b.monicaTold(p, &a)
		}
	}
}

// monicaTold is an activity or a call, as an entry. An activity with several is one
// entry, in the file of the first.
func (b *Batch) monicaTold(p *Person, a *monicaObject) {
	text := a.text("happened_at", "called_at", "date_it_happened", "created_at")
	d, err := day(text)
	if err != nil {
		b.problem(p.Place, "%s: %q: %v", p.Name, text, err)
		return
	}
	if first := b.byKey["activity:"+a.UUID]; first != nil && a.UUID != "" {
		for i, e := range first.Entries {
			if e.Date == d && e.Kind == "meet" && first != p {
				first.Entries[i].With = append(e.With, p)
				return
			}
		}
		return
	}
	b.know("activity:"+a.UUID, p)
	e := Entry{Date: d, Direction: note.Mutual, Kind: "meet", Text: plain(strings.Trim(a.text("summary", "content")+" "+a.long("description"), " "))}
	if a.Type == "call" || a.Properties["called_at"] != nil {
		e.Kind = "call"
	}
	p.Entries = append(p.Entries, e)
}
