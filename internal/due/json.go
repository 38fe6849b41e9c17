package due

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"kith/internal/civil"
)

// Document is the JSON document of `kith due` and of the site's journal.json.
// Its field names are stable (FORMAT.md, "The command line").
type Document struct {
	Today    civil.Date   `json:"today"`
	Contacts []ContactDue `json:"contacts"`
}

// ContactDue is what is due with one contact, in JSON.
type ContactDue struct {
	Slug       string       `json:"slug"`
	Name       string       `json:"name"`
	State      string       `json:"state"`
	Due        civil.Date   `json:"due"`
	Base       civil.Date   `json:"base"`
	Last       civil.Date   `json:"last"`
	Every      *string      `json:"every"`
	EveryFrom  *string      `json:"every_from"`
	Days       *int         `json:"days"`
	Urgency    *float64     `json:"urgency"`
	Turn       string       `json:"turn"`
	Unanswered int          `json:"unanswered"`
	Snooze     civil.Date   `json:"snooze"`
	Planned    civil.Date   `json:"planned"`
	Status     string       `json:"status"`
	Circles    []string     `json:"circles"`
	Tags       []string     `json:"tags"`
	Reasons    []ReasonJSON `json:"reasons"`
}

// ReasonJSON is a reason to write to somebody, in JSON.
type ReasonJSON struct {
	Reason string     `json:"reason"`
	Since  civil.Date `json:"since"`
	Why    string     `json:"why"`
}

// ReasonsJSON returns reasons as they stand in JSON.
func ReasonsJSON(reasons []Reason) []ReasonJSON {
	doc := make([]ReasonJSON, 0, len(reasons))
	for _, r := range reasons {
		doc = append(doc, ReasonJSON{r.Kind.String(), r.Since, r.Why})
	}
	return doc
}

// JSON returns the row as it stands in JSON.
func (r *Row) JSON() ContactDue {
	c, front := r.Contact, r.Contact.Front()
	doc := ContactDue{
		Slug: c.Slug, Name: c.Name, State: r.State.String(), Due: r.Due, Base: r.Base, Last: r.Last,
		Turn: r.Turn.String(), Unanswered: r.Unanswered, Snooze: front.Snooze, Planned: r.Planned, Status: front.Status.String(),
		Circles: make([]string, 0, len(c.Circles)), Tags: append([]string{}, front.Tags...), Reasons: ReasonsJSON(r.Reasons),
	}
	for _, circle := range c.Circles {
		doc.Circles = append(doc.Circles, circle.Slug)
	}
	if c.CadenceFrom != "" {
		doc.EveryFrom = &c.CadenceFrom
	}
	if !r.Due.IsZero() {
		every, days, urgency := c.Cadence.String(), r.Days, r.Urgency4()
		doc.Every, doc.Days, doc.Urgency = &every, &days, &urgency
	}
	return doc
}

// AppendJSON appends the document of rows to b, with a line for each
// contact: for programs to read, in half the size. It is written here and not by
// encoding/json, which takes ten times as long and as much memory again as the
// document has; a test holds the two forms together.
func AppendJSON(b []byte, today civil.Date, rows []*Row) []byte {
	const usual = 480 // bytes of a contact
	w := jsonWriter{slices.Grow(b, usual*len(rows))}
	w.name(`{"today": `)
	w.date(today)
	w.name(`, "contacts": [`)
	for i, r := range rows {
		if i > 0 {
			w.name(",")
		}
		w.name("\n")
		w.contact(r)
	}
	w.name("]}\n")
	return w.b
}

// A jsonWriter appends JSON to b.
type jsonWriter struct{ b []byte }

func (w *jsonWriter) contact(r *Row) {
	c, front := r.Contact, r.Contact.Front()
	w.field(`{"slug":`, c.Slug)
	w.field(`,"name":`, c.Name)
	w.field(`,"state":`, r.State.String())
	for _, d := range [...]struct {
		name string
		date civil.Date
	}{{`,"due":`, r.Due}, {`,"base":`, r.Base}, {`,"last":`, r.Last}} {
		w.name(d.name)
		w.date(d.date)
	}
	if r.Due.IsZero() {
		w.name(`,"every":null`)
	} else {
		w.field(`,"every":`, c.Cadence.String())
	}
	if c.CadenceFrom == "" {
		w.name(`,"every_from":null`)
	} else {
		w.field(`,"every_from":`, c.CadenceFrom)
	}
	if r.Due.IsZero() {
		w.name(`,"days":null,"urgency":null`)
	} else {
		w.name(`,"days":`)
		w.b = strconv.AppendInt(w.b, int64(r.Days), 10)
		w.name(`,"urgency":`)
		w.b = strconv.AppendFloat(w.b, r.Urgency4(), 'f', -1, 64)
	}
	w.field(`,"turn":`, r.Turn.String())
	w.name(`,"unanswered":`)
	w.b = strconv.AppendInt(w.b, int64(r.Unanswered), 10)
	w.name(`,"snooze":`)
	w.date(front.Snooze)
	w.name(`,"planned":`)
	w.date(r.Planned)
	w.field(`,"status":`, front.Status.String())
	w.name(`,"circles":[`)
	for i, circle := range c.Circles {
		w.item(i, circle.Slug)
	}
	w.name(`],"tags":[`)
	for i, tag := range front.Tags {
		w.item(i, tag)
	}
	w.name(`],"reasons":[`)
	for i, reason := range r.Reasons {
		if i > 0 {
			w.name(",")
		}
		w.field(`{"reason":`, reason.Kind.String())
		w.name(`,"since":`)
		w.date(reason.Since)
		w.field(`,"why":`, reason.Why)
		w.name("}")
	}
	w.name("]}")
}

// name adds what needs no escaping.
func (w *jsonWriter) name(text string) { w.b = append(w.b, text...) }

func (w *jsonWriter) field(name, text string) {
	w.name(name)
	w.text(text)
}

func (w *jsonWriter) item(i int, text string) {
	if i > 0 {
		w.name(",")
	}
	w.text(text)
}

func (w *jsonWriter) date(d civil.Date) {
	if d.IsZero() {
		w.name("null")
		return
	}
	w.b = append(d.Append(append(w.b, '"')), '"')
}

// text adds a text, by way of encoding/json if it has anything to escape.
func (w *jsonWriter) text(text string) {
	plain := true // as almost all are
	for i := range len(text) {
		c := text[i]
		plain = plain && c >= ' ' && c != '"' && c != '\\'
	}
	if !plain || !utf8.ValidString(text) {
		escaped, _ := json.Marshal(text) // no text fails
		w.b = append(w.b, escaped...)
		return
	}
	w.b = append(append(append(w.b, '"'), text...), '"')
}

// WriteJSON writes the document of some rows of a view.
func WriteJSON(w io.Writer, v *View, rows []*Row) error {
	doc := Document{Today: v.Today, Contacts: make([]ContactDue, 0, len(rows))}
	for _, r := range rows {
		doc.Contacts = append(doc.Contacts, r.JSON())
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
