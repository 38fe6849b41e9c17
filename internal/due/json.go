package due

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

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

// AppendJSON appends the document of rows to b, with a line for each contact: for programs
// to read, in half the size.
func AppendJSON(b []byte, today civil.Date, rows []*Row) ([]byte, error) {
	w := bytes.NewBuffer(b)
	fmt.Fprintf(w, `{"today": %q, "contacts": [`, today)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i, r := range rows {
		if i == 0 {
			w.WriteByte('\n')
		} else {
			w.Truncate(w.Len() - 1) // the end of the line
			w.WriteString(",\n")
		}
		if err := enc.Encode(r.JSON()); err != nil {
			return b, err
		}
	}
	if len(rows) > 0 {
		w.Truncate(w.Len() - 1)
	}
	w.WriteString("]}\n")
	return w.Bytes(), nil
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
