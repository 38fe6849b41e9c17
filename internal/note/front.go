package note

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/adrg/frontmatter"

	"kith/internal/civil"
)

// Front is the front matter of a contact or a circle (FORMAT.md,
// "Frontmatter"). A journal file's is kept but means nothing.
type Front struct {
	Aliases  []string
	Every    civil.Cadence
	Circles  []string // as written
	Tags     []string // as slugs
	Met      civil.Date
	MetText  string // where they met, if Met is not a date
	Added    civil.Date
	Via      []string // as written, with the [[links]]
	Email    []string
	Phone    []string
	Links    []Labelled
	Company  string
	Role     string
	Location string
	Timezone string
	Pronouns string
	Birthday civil.Yearly
	Dates    []YearlyDate
	Snooze   civil.Date
	Status   Status
	Needs    []string
	Offers   []string
	Photo    string     // relative to the note's folder
	Language string     // of drafts to them: de, pt-BR
	IDs      []string   // who they are elsewhere: linkedin:…
	Extra    []Labelled // keys that kith does not know, and their values as text
}

// Labelled is a text under a label, which may be empty.
type Labelled struct{ Label, Text string }

// YearlyDate is a yearly date under a label.
type YearlyDate struct {
	Label string
	Date  civil.Yearly
}

// Status says whether to be reminded of a contact at all.
type Status uint8

// The statuses. Anything but Active raises nothing.
const (
	Active Status = iota
	Paused
	Archived
	Memorial
)

var statusWords = [...]string{"active", "paused", "archived", "memorial"}

func (s Status) String() string { return statusWords[s] }

// A fence is a pair of lines between which front matter stands, and how it is
// read: those that github.com/adrg/frontmatter reads by default.
type fence struct {
	open, close string
	format      Format
}

// Format is a language that front matter is written in.
type Format uint8

// The formats of front matter.
const (
	YAML Format = iota
	TOML
	JSON
)

func (f Format) read(text string, firstLine int32) ([]Field, *syntaxError) {
	switch f {
	case TOML:
		return readTOML(text, firstLine)
	case JSON:
		return readJSON(text, firstLine)
	}
	return readYAML(text, firstLine)
}

// Fences tell where the front matter of a note stands, and how it is written.
type Fences struct {
	Open, Close string // the lines around it; the { and } of JSON are part of it. Empty if there is none
	Format      Format
	Start, End  int // where in Note.Source it begins and ends
}

// Fences returns where the front matter stands.
func (n *Note) Fences() Fences {
	f, _ := fenceOf(n.fence)
	return Fences{f.open, f.close, f.format, n.front.start, n.front.end}
}

// maxFront is how many bytes a front matter may have. Nobody writes so much, and
// the readers of YAML and TOML take time in step with the square of it.
const maxFront = 64 << 10

func tooLong(text string, firstLine int32) *syntaxError {
	if len(text) <= maxFront {
		return nil
	}
	return &syntaxError{
		Pos{firstLine, 1},
		fmt.Sprintf("this has %d KiB of settings, which is more than the %d KiB there may be", len(text)>>10, maxFront>>10),
		"keep what is long in the text of a note",
	}
}

func fenceOf(line string) (fence, bool) {
	switch line {
	case "---", "---yaml":
		return fence{line, "---", YAML}, true
	case "+++":
		return fence{line, "+++", TOML}, true
	case "---toml":
		return fence{line, "---", TOML}, true
	case ";;;":
		return fence{line, ";;;", JSON}, true
	case "---json":
		return fence{line, "---", JSON}, true
	case "{":
		return fence{line, "}", JSON}, true
	}
	return fence{}, false
}

// readFront finds the front matter and reads it into n.Front.
func (n *Note) readFront(r *room) {
	first := int32(1)
	for int(first) < len(n.places().starts) && strings.TrimSpace(n.places().line(first)) == "" {
		first++
	}
	f, ok := fenceOf(strings.TrimRight(n.places().line(first), " \t"))
	if !ok {
		return
	}
	last := n.closing(f, first)
	if last == 0 {
		hint := fmt.Sprintf("put a line with %s alone after its last key", f.close)
		if f.open == "{" {
			hint += ", and an empty line below it"
		}
		n.broken(Pos{first, 1}, "unclosed-front-matter",
			fmt.Sprintf("the front matter that begins with %s is never closed", f.open), hint)
		n.body = n.lineEnd(first)
		return
	}
	n.fence = f.open
	n.front = span{n.lineEnd(first), int(n.places().starts[last-1])}
	n.body = n.lineEnd(last)
	if f.open == "{" { // the brackets are part of the JSON
		n.front = span{int(n.places().starts[first-1]), n.body}
		first--
	}
	fields, err := n.fields(f, first+1, r.fields[:0])
	if err != nil {
		n.broken(err.pos, "bad-front-matter", err.message, err.hint)
		return
	}
	if f.format == YAML {
		r.fields = fields
	}
	n.readFields(fields)
}

// fields reads the front matter: plain YAML at once, all else with github.com/adrg/frontmatter, which knows
// the formats. What is decoded is what lies between the fences found here: over
// there a fence is any line that trims to one, also an indented line inside a
// text of several lines. Those of plain YAML are appended to room.
func (n *Note) fields(f fence, firstLine int32, room []Field) ([]Field, *syntaxError) {
	text := n.Source[n.front.start:n.front.end]
	if err := tooLong(text, firstLine); err != nil {
		return nil, err
	}
	if f.format == YAML {
		if fields, ok := readPlainYAML(text, firstLine, room); ok {
			return fields, nil
		}
	}
	var fields []Field
	read := func([]byte, any) error {
		var err *syntaxError
		if fields, err = f.format.read(text, firstLine); err != nil {
			return err
		}
		return nil
	}
	format := frontmatter.NewFormat(f.open, f.close, read)
	format.UnmarshalDelims = f.open == "{"
	_, err := frontmatter.Parse(strings.NewReader(n.Source[:n.body]), &fields, format)
	if syntax := new(syntaxError); errors.As(err, &syntax) {
		return nil, syntax
	}
	return fields, nil
}

func (n *Note) broken(pos Pos, code, message, hint string) {
	n.Broken = true
	n.problem(pos, Error, code, message, hint)
}

// closing returns the number of the line that closes the front matter, or 0.
func (n *Note) closing(f fence, first int32) int32 {
	for i := first + 1; int(i) <= len(n.places().starts); i++ {
		if strings.TrimRight(n.places().line(i), " \t") != f.close {
			continue
		}
		if f.open == "{" && strings.TrimSpace(n.places().line(i+1)) != "" {
			continue
		}
		return i
	}
	return 0
}

// lineEnd returns the offset after a line and its end.
func (n *Note) lineEnd(line int32) int {
	if int(line) < len(n.places().starts) {
		return int(n.places().starts[line])
	}
	return len(n.Source)
}

// readFields reads the keys and values of a front matter.
func (n *Note) readFields(fields []Field) {
	r := fieldReader{note: n, f: &n.Front, values: make([]Value, 0, 4)}
	for i, f := range fields {
		key := strings.ToLower(f.Key)
		if first := Lookup(fields[:i], f.Key); first != nil {
			n.problem(f.Pos, Error, "duplicate-key", fmt.Sprintf("the key %s stands twice; the one on line %d counts", key, first.Pos.Line),
				"keep one of them; several values go in a list: "+key+": [one, two]")
			continue
		}
		f.Value = f.Value.Unwiki()
		switch {
		case f.Value.Shape == Null, f.Value.nothing() && slices.Contains(typed, key):
			if !slices.Contains(keys, key) {
				r.unknown(f)
			}
		case n.Kind == Contact:
			r.contact(key, f)
		case n.Kind == Circle:
			r.circle(key, f)
		default:
			r.journal(key, f)
		}
	}
}

// keys are the keys that mean something to kith, for suggestions.
var keys = []string{
	"name", "aliases", "every", "circles", "tags", "met", "added", "via", "email", "phone", "links", "company", "role",
	"location", "timezone", "pronouns", "birthday", "dates", "snooze", "status", "needs", "offers", "photo",
	"language", "ids",
}

// typed are those whose value is no text, and can say in words that there is none.
var typed = []string{"every", "added", "links", "birthday", "dates", "snooze", "status"}

// KnownKey says whether a key of a contact's front matter means something to
// kith.
func KnownKey(key string) bool { return slices.Contains(keys, strings.ToLower(key)) }

type fieldReader struct {
	note   *Note
	f      *Front
	values []Value // room for some
}

func (r *fieldReader) circle(key string, f Field) {
	switch key {
	case "name":
		r.name(f)
	case "every":
		r.f.Every = r.cadence(f)
	default:
		r.unknown(f)
	}
}

func (r *fieldReader) journal(_ string, f Field) {
	r.f.Extra = append(r.f.Extra, Labelled{f.Key, flat(f.Value)})
}

func (r *fieldReader) contact(key string, f Field) {
	switch key {
	case "name":
		r.name(f)
	case "aliases":
		r.f.Aliases = r.texts(f)
	case "every":
		r.f.Every = r.cadence(f)
	case "circles":
		values := r.scalars(f)
		r.f.Circles = textsOf(values)
		for _, v := range values {
			r.slug(f.Key, v)
		}
	case "tags":
		for _, v := range r.scalars(f) {
			if s := r.slug(f.Key, v); s != "" && !slices.Contains(r.f.Tags, s) {
				r.f.Tags = append(r.f.Tags, s)
			}
		}
	case "met":
		r.met(f)
	case "added":
		r.f.Added = r.date(f)
	case "via":
		r.via(f)
	case "email":
		r.f.Email = r.texts(f)
	case "phone":
		r.f.Phone = r.texts(f)
	case "links":
		r.links(f)
	case "company":
		r.f.Company = r.text(f)
	case "role":
		r.f.Role = r.text(f)
	case "location":
		r.f.Location = r.text(f)
	case "timezone":
		r.f.Timezone = r.text(f)
	case "pronouns":
		r.f.Pronouns = r.text(f)
	case "birthday":
		r.f.Birthday = r.yearly(f)
	case "dates":
		r.dates(f)
	case "snooze":
		r.f.Snooze = r.date(f)
	case "status":
		r.status(f)
	case "needs":
		r.f.Needs = r.texts(f)
	case "offers":
		r.f.Offers = r.texts(f)
	case "photo":
		r.photo(f)
	case "language":
		r.f.Language = r.text(f)
	case "ids":
		r.f.IDs = r.texts(f)
	default:
		r.unknown(f)
	}
}

// slug returns that of a circle or a tag, and reports one that has none.
func (r *fieldReader) slug(key string, v Value) string {
	s := TagSlug(v.Text)
	if s == "" {
		r.note.problem(v.Pos, Warning, "empty-slug", fmt.Sprintf("%s: %q has no letter or digit to make an address of, so it counts for nothing", key, v.Text),
			"leave it out, or write it in words")
	}
	return s
}

func (r *fieldReader) wrong(v Value, key, accepted, hint string) {
	r.note.problem(v.Pos, Error, "wrong-type", fmt.Sprintf("%s is %s; accepted is %s", key, v.Shape, accepted), hint)
}

func (r *fieldReader) text(f Field) string {
	if f.Value.Shape != Scalar {
		r.wrong(f.Value, f.Key, "a text", fmt.Sprintf("write one text: %s: …", f.Key))
		return ""
	}
	return strings.TrimSpace(f.Value.Text)
}

// FrontPos returns the place of the i-th value of a key of the front matter, or the
// start of the file. It reads the front matter again, since few ask.
func (n *Note) FrontPos(key string, i int) Pos {
	f := Lookup(n.FrontMatter(), key)
	if f == nil {
		return Pos{1, 1}
	}
	r := fieldReader{note: &Note{}, f: &Front{}}
	values := r.scalars(*f)
	if i >= len(values) {
		return Pos{1, 1}
	}
	pos := values[i].Pos
	pos.Line += n.places().pos(n.front.start).Line - 1
	return pos
}

func (r *fieldReader) name(f Field) {
	name := r.text(f)
	if name == "" {
		return
	}
	r.note.Name = strings.Join(strings.Fields(name), " ")
}

// scalars returns the values of a key whose value is a text or a list of these, but
// for empty ones. They are gone when it is called again.
func (r *fieldReader) scalars(f Field) []Value {
	one := [1]Value{f.Value}
	listed := one[:]
	if v := f.Value.Unwiki(); v.Shape == List {
		listed = v.Items
	}
	values := r.values[:0]
	for _, v := range listed {
		switch v = v.Unwiki(); {
		case v.Shape == Scalar && strings.TrimSpace(v.Text) != "":
			values = append(values, v)
		case v.Shape == List || v.Shape == Mapping:
			hint := fmt.Sprintf("write %s: [one, two]", f.Key)
			if strings.EqualFold(f.Key, "via") {
				hint = `put quotes around a link with a sign in it: via: "[[Ada: the first]]"`
			}
			r.wrong(v, f.Key, "a text or a list of texts", hint)
		}
	}
	r.values = values
	return values
}

func (r *fieldReader) texts(f Field) []string { return textsOf(r.scalars(f)) }

func textsOf(values []Value) []string {
	if len(values) == 0 {
		return nil
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strings.TrimSpace(v.Text)
	}
	return texts
}

func (r *fieldReader) date(f Field) civil.Date {
	text := r.text(f)
	if text == "" {
		return civil.Date{}
	}
	d, err := civil.Parse(text)
	if err != nil {
		r.note.problem(f.Value.Pos, Error, "bad-date", fmt.Sprintf("%s: %q is no date (%v); accepted is YYYY-MM-DD", f.Key, text, err),
			fmt.Sprintf("write %s: 2026-12-01", f.Key))
	}
	return d
}

func (r *fieldReader) met(f Field) {
	text := r.text(f)
	d, err := civil.Parse(text)
	switch {
	case err == nil:
		r.f.Met = d
	case err != civil.ErrNotADate:
		r.note.problem(f.Value.Pos, Error, "bad-date", fmt.Sprintf("met: %v", err), "write met: 2019-05-02, or where you met")
	default:
		r.f.MetText = text
	}
}

func (r *fieldReader) cadence(f Field) civil.Cadence {
	text := r.text(f)
	if text == "" {
		return civil.Cadence{}
	}
	c, err := civil.ParseCadence(text)
	if err != nil {
		r.note.problem(f.Value.Pos, Error, "bad-cadence", fmt.Sprintf("%s: %q is %v", f.Key, text, err), cadenceHint(f.Key, text))
	}
	return c
}

// cadenceHint shows the corrected line of a cadence that could not be read.
func cadenceHint(key, text string) string {
	unit := strings.TrimLeft(text, "0123456789 ")
	number := strings.TrimSpace(text[:len(text)-len(unit)])
	word := strings.ToLower(unit)
	twice := strings.NewReplacer("-", "", " ", "").Replace(strings.TrimPrefix(word, "every ")) // as bi-weekly
	words := civil.Units()
	if number == "" {
		words = append(words, "daily", "weekly", "fortnightly", "monthly", "quarterly", "yearly", "annually", "never")
	}
	switch fixed := Nearest(word, words); {
	case twice == "biweekly":
		return key + ": fortnightly for every two weeks, or " + key + ": 3 days for about twice a week"
	case twice == "bimonthly":
		return key + ": 2 months for every two months, or " + key + ": 2 weeks for about twice a month"
	case fixed != "":
		return "did you mean " + key + ": " + strings.TrimSpace(number+" "+fixed) + "?"
	}
	return "write " + key + ": 6 weeks"
}

func (r *fieldReader) yearly(f Field) civil.Yearly {
	if f.Value.Shape != Scalar {
		r.wrong(f.Value, f.Key, "a date: YYYY-MM-DD, MM-DD or --MM-DD", fmt.Sprintf("write %s: 12-10", f.Key))
		return civil.Yearly{}
	}
	text := strings.TrimSpace(f.Value.Text)
	if text == "" {
		return civil.Yearly{}
	}
	y, err := civil.ParseYearly(text)
	if err != nil {
		r.note.problem(f.Value.Pos, Error, "bad-date", fmt.Sprintf("%s: %q is %v", f.Key, text, err), fmt.Sprintf("write %s: 12-10", f.Key))
	}
	return y
}

func (r *fieldReader) dates(f Field) {
	if f.Value.Shape != Mapping {
		r.wrong(f.Value, "dates", "a map of labels and dates", "write dates: {wedding: 2015-06-20}")
		return
	}
	for _, d := range f.Value.Fields {
		if d.Value.Shape == Null {
			continue
		}
		if y := r.yearly(d); !y.IsZero() {
			r.f.Dates = append(r.f.Dates, YearlyDate{d.Key, y})
		}
	}
}

func (r *fieldReader) links(f Field) {
	const accepted, hint = "a map of labels and addresses, or a list of addresses", "write links: {site: https://example.org}"
	switch f.Value.Shape {
	case Mapping:
		for _, l := range f.Value.Fields {
			if l.Value.Shape == Null {
				continue
			}
			if t := r.text(l); t != "" {
				r.f.Links = append(r.f.Links, Labelled{l.Key, t})
			}
		}
	case List:
		for _, v := range f.Value.Items {
			switch text := strings.TrimSpace(v.Text); {
			case v.Shape == List || v.Shape == Mapping:
				r.wrong(v, "a link in a list", "an address", hint)
			case text != "":
				r.f.Links = append(r.f.Links, Labelled{"", text})
			}
		}
	default:
		r.wrong(f.Value, "links", accepted, hint)
	}
}

func (r *fieldReader) via(f Field) {
	values := r.scalars(f)
	r.f.Via = textsOf(values)
	for i, v := range values {
		text, start := r.f.Via[i], v.Pos
		for at := 0; at < len(text); at++ {
			n := linkLen(text[at:])
			if n == 0 {
				continue
			}
			link := NewLink(text[at : at+n])
			link.Where, link.Entry = InVia, -1
			link.Pos = start
			if i := strings.Index(r.note.places().line(start.Line), text[at:at+n]); i >= 0 {
				link.Pos = r.note.places().pos(int(r.note.places().starts[start.Line-1]) + i)
			}
			r.note.Links = append(r.note.Links, link)
			at += n - 1
		}
	}
}

// NewLink reads a [[link]] with its brackets; its place is not known.
func NewLink(text string) Link {
	target, label := cutLink(text)
	return Link{Target: strings.TrimSpace(target), Label: strings.TrimSpace(label)}
}

// cutLink returns the two parts of a [[link]]. In a table the | between them is \|.
func cutLink(text string) (target, label string) {
	target, label, labelled := strings.Cut(text[2:len(text)-2], "|")
	if labelled {
		target = strings.TrimSuffix(target, `\`)
	}
	return target, label
}

func (r *fieldReader) status(f Field) {
	text := strings.ToLower(r.text(f))
	if text == "" {
		return
	}
	i := slices.Index(statusWords[:], text)
	if i < 0 {
		hint := "write status: paused"
		if w := Nearest(text, statusWords[:]); w != "" {
			hint = "did you mean status: " + w + "?"
		}
		r.note.problem(f.Value.Pos, Error, "bad-status",
			fmt.Sprintf("status: %q is not known; accepted are %s", text, strings.Join(statusWords[:], ", ")), hint)
		return
	}
	r.f.Status = Status(i)
}

func (r *fieldReader) photo(f Field) {
	text := r.text(f)
	if text == "" {
		return
	}
	if strings.Contains(text, "://") || path.IsAbs(text) {
		r.note.problem(f.Value.Pos, Error, "bad-photo", fmt.Sprintf("photo: %q is not a path relative to this file", text),
			"put the picture beside this file and write photo: ada.jpg")
		return
	}
	r.f.Photo = text
}

// elsewhere says what kith has in place of the keys that other programs use
// for how long ago and how often.
var elsewhere = map[string]string{
	"last contact":  "kith reads it from the entries: write a line such as - 2026-01-15 call: how it went",
	"last seen":     "kith reads it from the entries: write a line such as - 2026-01-15 coffee: how it went",
	"next contact":  "kith works it out: write every: 3 months, or snooze: 2026-04-01 to hear nothing before that day",
	"frequency":     "write every: 3 months",
	"cadence":       "write every: 3 months",
	"interval":      "write every: 3 months",
	"contact every": "write every: 3 months",
}

func (r *fieldReader) unknown(f Field) {
	plain := strings.Join(strings.FieldsFunc(strings.ToLower(f.Key), func(c rune) bool { return c == ' ' || c == '-' || c == '_' }), " ")
	known := keys
	if r.note.Kind == Circle {
		known = []string{"name", "every"}
	}
	if hint, ok := elsewhere[plain]; ok && r.note.Kind == Contact {
		r.note.problem(f.Pos, Warning, "foreign-key", fmt.Sprintf("the key %s is kept but means nothing to kith", f.Key), hint)
	} else if meant := nearKey(f.Key, known); meant != "" {
		hint := "call it " + meant
		if f.Value.Shape == Scalar && !f.Value.Quoted && r.note.fence == "---" {
			hint = fmt.Sprintf("write %s: %s", meant, flat(f.Value))
		}
		r.note.problem(f.Pos, Warning, "unknown-key", fmt.Sprintf("the key %s is not known: did you mean %s?", f.Key, meant), hint)
	}
	r.f.Extra = append(r.f.Extra, Labelled{f.Key, flat(f.Value)})
}

func nearKey(key string, known []string) string {
	if plural := strings.ToLower(key) + "es"; slices.Contains(known, plural) {
		return plural
	}
	return Nearest(key, known)
}

// flat shows any value as one line of text.
func flat(v Value) string {
	v = v.Unwiki()
	var parts []string
	switch v.Shape {
	case Scalar:
		return strings.TrimSpace(v.Text)
	case List:
		for _, it := range v.Items {
			parts = append(parts, flat(it))
		}
	case Mapping:
		for _, f := range v.Fields {
			parts = append(parts, f.Key+": "+flat(f.Value))
		}
	}
	return strings.Join(parts, ", ")
}
