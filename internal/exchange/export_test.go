package exchange_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/emersion/go-vcard"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/exchange"
	"kith/internal/journal"
	"kith/internal/note"
)

var today, _ = civil.Parse("2026-11-23")

// demo is the demo journal.
func demo(t *testing.T) (*journal.Journal, *exchange.Batch) {
	t.Helper()
	fsys := os.DirFS("../..")
	j := journal.Read(fsys)
	return j, exchange.Chosen(j, fsys, j.Contacts, false)
}

// written is the journal that a batch makes of nothing.
func written(b *exchange.Batch) *journal.Journal {
	settings, _ := os.ReadFile("../../kith.toml") // which has kinds of its own
	files := fstest.MapFS{"kith.toml": {Data: settings}}
	empty := journal.Read(files)
	plan := exchange.Compare(empty, b, exchange.Heard{}, exchange.Wishes{Into: journal.ContactsFolder, Today: today})
	for _, n := range plan.New {
		files[n.Path] = &fstest.MapFile{Data: n.Source}
		if n.PhotoPath != "" {
			files[n.PhotoPath] = &fstest.MapFile{Data: n.Photo.Data}
		}
	}
	return journal.Read(files)
}

func read(t rapid.TB, data []byte) *exchange.Batch {
	t.Helper()
	b, err := exchange.Read(fstest.MapFS{"source": {Data: data}}, "source", exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Problems) > 0 {
		t.Errorf("problems: %v", b.Problems)
	}
	return b
}

func asJSON(t rapid.TB, b *exchange.Batch) string {
	t.Helper()
	var out bytes.Buffer
	if err := exchange.WriteJSON(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The demo journal, written as JSON and brought into an empty journal, says of
// everybody the same.
func TestJSONRoundTrip(t *testing.T) {
	j, b := demo(t)
	comesBackFromJSON(t, j, b)
}

func comesBackFromJSON(t rapid.TB, j *journal.Journal, b *exchange.Batch) {
	again := written(read(t, []byte(asJSON(t, b))))
	if len(again.Contacts) != len(j.Contacts) {
		t.Fatalf("%d people became %d", len(j.Contacts), len(again.Contacts))
	}
	v, w := due.New(j, today), due.New(again, today)
	for _, c := range j.Contacts {
		d := again.Contact(c.Slug)
		if d == nil {
			t.Errorf("%s is lost", c.Slug)
			continue
		}
		front := *c.Front()
		if front.Added.IsZero() {
			front.Added = today // which the import writes
		}
		if front.Photo != "" && d.Front().Photo != "" {
			front.Photo = d.Front().Photo
		}
		if diff := cmp.Diff(front, *d.Front(), cmp.Comparer(func(a, b civil.Date) bool { return a == b })); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.Slug, diff)
		}
		if len(c.Entries) != len(d.Entries) || len(c.File.Tasks) != len(d.File.Tasks) {
			t.Errorf("%s: %d entries and %d tasks became %d and %d", c.Slug, len(c.Entries), len(c.File.Tasks), len(d.Entries), len(d.File.Tasks))
		}
	}
	for _, r := range v.Rows {
		for _, s := range w.Rows {
			if r.Contact.Slug == s.Contact.Slug && r.Last != s.Last {
				t.Errorf("%s: the last word was on %v, and is on %v", r.Contact.Slug, r.Last, s.Last)
			}
		}
	}
}

// vCards of either version keep what vCards have a place for.
func TestVCardRoundTrip(t *testing.T) {
	j, b := demo(t)
	comesBackFromVCards(t, j, b)
}

func comesBackFromVCards(t rapid.TB, j *journal.Journal, b *exchange.Batch) {
	for _, version := range []string{"3.0", "4.0"} {
		var out bytes.Buffer
		if err := exchange.WriteVCards(&out, b, version); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if len(line) > 77 {
				t.Errorf("%d octets: %q", len(line), line)
			}
		}
		cards := 0
		for d := vcard.NewDecoder(bytes.NewReader(out.Bytes())); ; cards++ {
			if _, err := d.Decode(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if cards != len(j.Contacts) {
			t.Errorf("%d people became %d cards", len(j.Contacts), cards)
		}
		again := written(read(t, out.Bytes()))
		for _, c := range j.Contacts {
			d := again.Contact(c.Slug)
			if d == nil {
				t.Errorf("%s: %s is lost", version, c.Slug)
				continue
			}
			a, b := *c.Front(), *d.Front()
			b.Links = slices.Clone(b.Links)
			for i := range a.Links { // a list of links gets labels
				if a.Links[i].Label == "" && i < len(b.Links) {
					b.Links[i].Label = ""
				}
			}
			if diff := cmp.Diff([]any{c.Name, a.Aliases, a.Email, a.Phone, a.Company, a.Role, a.Location, a.Birthday, a.Dates, a.Tags, a.Links},
				[]any{d.Name, b.Aliases, b.Email, b.Phone, b.Company, b.Role, b.Location, b.Birthday, b.Dates, b.Tags, b.Links}); diff != "" {
				t.Errorf("%s: %s: -want +got:\n%s", version, c.Slug, diff)
			}
		}
	}
}

// So do journals of anybody, with any words in them.
func TestRandomRoundTrips(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zÀ-ÿĀ-ž]{2,9}`)
	text := rapid.StringMatching(`[A-Za-zÀ-ÿ一-龥😀;,:'"\\=&@()!?/+ -]{0,90}[a-zé]`)
	text = rapid.Map(text, func(s string) string { return strings.Join(strings.Fields(s), " ") })
	day := rapid.Custom(func(t *rapid.T) string {
		return today.AddDays(-rapid.IntRange(0, 20_000).Draw(t, "days ago")).String()
	})
	rapid.Check(t, func(t *rapid.T) {
		files := fstest.MapFS{}
		for i := range rapid.IntRange(1, 4).Draw(t, "people") {
			p := &exchange.Person{Name: fmt.Sprintf("%s %s%c", word.Draw(t, "first"), word.Draw(t, "last"), 'a'+i)}
			p.Set("role", text.Draw(t, "role"))
			// In a vCard a semicolon divides companies and addresses, a comma at an end of a
			// place is none.
			p.Set("company", strings.ReplaceAll(text.Draw(t, "company"), ";", ""))
			p.Set("location", strings.TrimLeft(strings.ReplaceAll(text.Draw(t, "location"), ";", ""), ", "))
			if rapid.Bool().Draw(t, "reach") {
				p.Add("email", fmt.Sprintf("p%d@example.org", i), word.Draw(t, "local")+"@example.com")
				p.Add("phone", fmt.Sprintf("+44 20 7946 %04d", i))
			}
			if rapid.Bool().Draw(t, "birthday") {
				p.Set("birthday", day.Draw(t, "birthday"))
			} else {
				p.Set("birthday", rapid.SampledFrom([]string{"12-10", "02-29"}).Draw(t, "birthday"))
			}
			if rapid.Bool().Draw(t, "tags") {
				p.Add("tags", strings.ToLower(word.Draw(t, "tag")))
			}
			p.Label("dates", strings.ToLower(word.Draw(t, "label")), day.Draw(t, "date"))
			p.Label("links", word.Draw(t, "label"), "https://example.org/"+word.Draw(t, "page"))
			for range rapid.IntRange(0, 3).Draw(t, "entries") {
				d, _ := civil.Parse(day.Draw(t, "day"))
				p.Entries = append(p.Entries, exchange.Entry{Date: d, Kind: "coffee", Direction: note.Mutual, Text: text.Draw(t, "text")})
			}
			one := exchange.Compare(journal.Read(files), &exchange.Batch{People: []*exchange.Person{p}}, exchange.Heard{}, exchange.Wishes{Into: journal.ContactsFolder, Today: today})
			for _, n := range one.New {
				files[n.Path] = &fstest.MapFile{Data: n.Source}
			}
		}
		j := journal.Read(files)
		comesBackFromJSON(t, j, exchange.Chosen(j, files, j.Contacts, false))
		comesBackFromVCards(t, j, exchange.Chosen(j, files, j.Contacts, false))
	})
}

// A table comes back, and no cell of it is a formula.
func TestCSVRoundTrip(t *testing.T) {
	b := &exchange.Batch{People: []*exchange.Person{{Name: "=HYPERLINK(1)", Text: "@SUM(1)"}}}
	b.People[0].Add("phone", "+44 20 7946 0958")
	b.People[0].Set("company", "-1+2")
	var out bytes.Buffer
	if err := exchange.WriteCSV(&out, b, today); err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(out.String(), "\n")
	for cell := range strings.SplitSeq(row, ",") {
		if cell != "" && strings.ContainsRune("=+-@", rune(strings.Trim(cell, `"`+"\n")[0])) {
			t.Errorf("%q begins a formula", cell)
		}
	}
	again, err := exchange.Read(fstest.MapFS{"t.csv": {Data: out.Bytes()}}, "t.csv", exchange.Options{Map: map[string]string{"name": "name", "phone": "phone", "company": "company", "notes": "text"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asJSON(t, b), asJSON(t, again)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Of those who are left out nothing is in an export, unless it is to be whole.
func TestLeftOut(t *testing.T) {
	j := journal.Read(fstest.MapFS{
		"content/contacts/ada.md": {Data: []byte(`---
name: Ada King
via: "[[Mary Somerville]]"
tutor: Mary Somerville
needs: [a word with Mary]
---
Mary Somerville's pupil; write to mary@example.org. Her [teacher](mary.md) is [[mary|M.]], she may help.

## With Charles

- [ ] ask [[Mary Somerville]] for Ada's book by 2026-12-01
- 2026-10-01 tea with [[mary]], [[Bo Li]]: Mary was there, and Bo.
`)},
		"content/contacts/mary.md":  {Data: []byte("---\nname: Mary Somerville\nemail: mary@example.org\n---\n- 2026-09-01 tea with [[Ada King]]: In Mary's house.\n")},
		"content/contacts/bo-li.md": {Data: []byte("---\nname: Bo Li\n---\n")},
		"content/journal/2026.md":   {Data: []byte("- 2026-08-01 dinner with [[mary]] and [[Ada King]]: With Mary.\n- 2026-08-02 news: I saw Mary Somerville.\n")},
	})
	chosen := []*journal.Contact{j.Contact("ada"), j.Contact("bo-li")}
	rows := due.New(j, today).Rows
	for name, write := range map[string]func(*bytes.Buffer, *exchange.Batch) error{
		"json":     func(w *bytes.Buffer, b *exchange.Batch) error { return exchange.WriteJSON(w, b) },
		"vcard":    func(w *bytes.Buffer, b *exchange.Batch) error { return exchange.WriteVCards(w, b, "3.0") },
		"csv":      func(w *bytes.Buffer, b *exchange.Batch) error { return exchange.WriteCSV(w, b, today) },
		"markdown": func(w *bytes.Buffer, b *exchange.Batch) error { return exchange.WriteMarkdown(w, b) },
		"ics":      func(w *bytes.Buffer, b *exchange.Batch) error { return exchange.WriteICS(w, b, rows, today) },
	} {
		var out, whole bytes.Buffer
		if err := write(&out, exchange.Chosen(j, fstest.MapFS{}, chosen, false)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(strings.ReplaceAll(out.String(), "SUMMARY", "")), "mary") || strings.Contains(out.String(), "Somerville") {
			t.Errorf("%s has somebody who is left out:\n%s", name, out.String())
		}
		if err := write(&whole, exchange.Chosen(j, fstest.MapFS{}, chosen, true)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(whole.String(), "\r\n ", ""), "Mary Somerville") {
			t.Errorf("%s is not whole:\n%s", name, whole.String())
		}
		if !strings.Contains(out.String(), "Ada King") {
			t.Errorf("%s has no Ada:\n%s", name, out.String())
		}
	}
}
