package note

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/adrg/frontmatter"
	"golang.org/x/text/language"

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
	if last == 0 && n.Broken {
		n.body = n.lineEnd(first)
		return
	}
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
	if n.Broken {
		return
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

// fields reads the front matter: plain YAML at once, all else by way of
// github.com/adrg/frontmatter. The fields of plain YAML are appended to room.
func (n *Note) fields(f fence, firstLine int32, room []Field) ([]Field, *syntaxError) {
	fields, err := n.readFence(f, firstLine, room)
	for i := range fields {
		if !strings.EqualFold(fields[i].Key, "name") { // somebody may be called Null
			fields[i].Value.dropNulls()
		}
	}
	return fields, err
}

func (n *Note) readFence(f fence, firstLine int32, room []Field) ([]Field, *syntaxError) {
	text := n.Source[n.front.start:n.front.end]
	if err := tooLong(text, firstLine); err != nil {
		return nil, err
	}
	if f.format == YAML {
		if fields, ok := readPlainYAML(text, firstLine, room); ok {
			return fields, nil
		}
	}
	decode := func(data []byte, into any) error {
		fields, err := f.format.read(strings.ReplaceAll(string(data), shield, ""), firstLine)
		if err != nil {
			return err
		}
		*into.(*[]Field) = fields
		return nil
	}
	format := frontmatter.NewFormat(f.open, f.close, decode)
	format.UnmarshalDelims, format.RequiresNewLine = f.open == "{", f.open == "{"
	var fields []Field
	_, err := frontmatter.MustParse(strings.NewReader(f.shielded(n.Source[:n.body])), &fields, format)
	switch syntax := new(syntaxError); {
	case errors.As(err, &syntax):
		return nil, syntax
	case err != nil:
		return nil, &syntaxError{Pos{firstLine, 1}, err.Error(), ""}
	}
	return fields, nil
}

// shield stands before a line that is no fence, though the library would take it for
// one. It is a byte that no UTF-8 text has.
const shield = "\xff"

// shielded returns a text in which the library finds the closing fence that
// [Note.closing] does: over there it is any line that trims to one, also an indented
// line inside a text of several lines.
func (f fence) shielded(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == f.close && strings.TrimRight(line, " \t\n") != f.close {
			b.WriteString(shield)
		}
		b.WriteString(line)
	}
	return b.String()
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
	r := fieldReader{note: n, f: &n.Front, fields: fields, values: make([]Value, 0, 4)}
	for i, f := range fields {
		key := strings.ToLower(f.Key)
		if first := Lookup(fields[:i], f.Key); first != nil {
			n.problem(f.Pos, Error, "duplicate-key", fmt.Sprintf("the key %s stands twice; the one on line %d counts", key, first.Pos.Line),
				"keep one of the two; several values of a key stand in a list")
			continue
		}
		f.Value = f.Value.Unwiki()
		switch {
		case f.Value.Shape == Null, f.Value.nothing() && slices.Contains(typed, key): // as good as absent
		default:
			r.field(f)
		}
	}
}

// typed are those whose value is no text, and can say in words that there is none.
var typed = []string{"every", "added", "links", "birthday", "dates", "snooze", "status"}

type fieldReader struct {
	note   *Note
	f      *Front
	fields []Field // all there are
	values []Value // room for some
	tries  int     // how many hints what is read is the trial of
}

// field reads a key and its value.
func (r *fieldReader) field(f Field) {
	switch key := strings.ToLower(f.Key); r.note.Kind {
	case Contact:
		r.contact(key, f)
	case Circle:
		r.circle(key, f)
	default:
		r.journal(key, f)
	}
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
		r.emails(f)
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
		r.language(f)
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

// write is the hint that shows a key and its value as they stand in the file, in the
// language of its front matter.
func (r *fieldReader) write(key string, v Value) string {
	return "write " + r.note.Fences().Format.SpellField(key, v, false)
}

// offer is the hint that write is if a key and its value are read without a problem, else
// the one that shows none.
func (r *fieldReader) offer(key string, v Value, none string) string {
	if len(r.try(key, v)) > 0 {
		return none
	}
	return r.write(key, v)
}

// try returns the problems that a key and its value would be.
func (r *fieldReader) try(key string, v Value) []Problem {
	if r.tries == 2 { // what a hint shows has a hint, which shows no more
		return []Problem{{}}
	}
	trial := fieldReader{note: &Note{Kind: r.note.Kind, fence: r.note.fence}, f: &Front{}, tries: r.tries + 1}
	trial.field(Field{Key: key, Value: v})
	return trial.note.Problems
}

func (r *fieldReader) wrong(v Value, key, accepted, hint string) {
	r.note.problem(v.Pos, Error, "wrong-type", fmt.Sprintf("%s is %s; accepted is %s", key, v.Shape, accepted), hint)
}

func (r *fieldReader) text(f Field) string {
	if f.Value.Shape != Scalar {
		hint := "what is meant is not known from this: write one text"
		if texts, ok := f.Value.texts(); ok {
			hint = r.offer(f.Key, TextValue(strings.Join(texts, ", ")), hint)
		}
		r.wrong(f.Value, f.Key, "a text", hint)
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
	values := r.values[:0]
	for _, v := range Listed(f) {
		switch v = v.Unwiki(); {
		case v.Shape == Scalar && strings.TrimSpace(v.Text) != "":
			values = append(values, v)
		case v.Shape == List || v.Shape == Mapping:
			r.wrong(v, f.Key, "a text or a list of texts", r.listHint(f))
		}
	}
	r.values = values
	return values
}

// listHint shows a value of lists or maps as the text or the list of texts that is in
// it.
func (r *fieldReader) listHint(f Field) string {
	const none = "what is meant is not known from this: write a list of texts"
	if link, ok := f.Value.brokenLink(); ok {
		return r.offer(f.Key, TextValue(link), none)
	}
	if texts, ok := f.Value.texts(); ok && len(texts) > 0 {
		return r.offer(f.Key, ListValue(texts...), none)
	}
	return none
}

// byComma are the keys of which a text with commas in it is a list. A name may have a
// comma.
var byComma = []string{"tags", "circles", "email", "phone"}

// Listed returns the values of a key whose value is a text or a list of these. Tags
// that stand in one text, each with its sign, are so many.
func Listed(f Field) []Value {
	v := f.Value.Unwiki()
	key := strings.ToLower(f.Key)
	switch {
	case v.Shape == List && key == "tags":
		var values []Value
		for _, item := range v.Items {
			values = append(values, item.split(allTags)...)
		}
		return values
	case v.Shape == List:
		return v.Items
	case v.Shape == Null:
		return nil
	case v.Shape == Scalar && key == "tags":
		var values []Value
		for _, part := range v.split(commas) {
			values = append(values, part.split(allTags)...)
		}
		return values
	case v.Shape == Scalar && slices.Contains(byComma, key):
		return v.split(commas)
	}
	return []Value{v}
}

func commas(text string) []string { return strings.SplitAfter(text, ",") }

// allTags divides a text if all words of it are tags with their signs.
func allTags(text string) []string {
	words := strings.Fields(text)
	if len(words) < 2 || slices.ContainsFunc(words, func(w string) bool { return w[0] != '#' }) {
		return []string{text}
	}
	return strings.SplitAfter(text, " ")
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

// emails reads e-mail addresses, of which one may stand behind a name: Ada
// <ada@example.org>.
func (r *fieldReader) emails(f Field) {
	for _, v := range r.scalars(f) {
		text := strings.TrimSpace(v.Text)
		address, ok := Address(text)
		if !ok {
			hint := "the address is not known from this: write it as it is, or leave it out"
			if found := anAddress.FindString(text); found != "" {
				hint = fmt.Sprintf("write %s in place of %s", found, text)
			}
			r.note.problem(v.Pos, Warning, "bad-email", fmt.Sprintf("%s: %q cannot be an e-mail address", f.Key, text), hint)
			address = text
		}
		r.f.Email = append(r.f.Email, address)
	}
}

// anAddress finds what is an address in a longer text.
var anAddress = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(\.[\pL\pN-]+)+`)

// Address returns the e-mail address that a text is, alone or behind a name as in Ada
// <ada@example.org>, or false if it cannot be one.
func Address(text string) (string, bool) {
	if open := strings.LastIndexByte(text, '<'); open >= 0 && strings.HasSuffix(text, ">") {
		text = strings.TrimSpace(text[open+1 : len(text)-1])
	}
	user, host, found := strings.Cut(text, "@")
	odd := func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune(`@<>()[],;:"\`, c)
	}
	part := func(s string) bool {
		return s != "" && s[0] != '.' && s[len(s)-1] != '.' && !strings.Contains(s, "..") && !strings.ContainsFunc(s, odd)
	}
	return text, found && part(user) && part(host)
}

// language reads a language tag.
func (r *fieldReader) language(f Field) {
	text := r.text(f)
	if text == "" {
		return
	}
	if _, err := language.Parse(text); err != nil {
		r.note.problem(f.Value.Pos, Warning, "bad-language", fmt.Sprintf("%s: %q is no language tag, such as de or pt-BR", f.Key, text),
			"look for the language's two letters")
	}
	r.f.Language = text
}

func (r *fieldReader) date(f Field) civil.Date {
	text := r.text(f)
	if text == "" {
		return civil.Date{}
	}
	d, err := civil.ParseStamp(text)
	if err != nil {
		r.badDate(f, fmt.Sprintf("%s: %q is no date (%v); accepted is YYYY-MM-DD", f.Key, text, err), true)
	}
	return d
}

// badDate reports a text that is no date, or not spelled as one. The day is known if it
// can be read but one way, and has a year if it must.
func (r *fieldReader) badDate(f Field, message string, withYear bool) {
	day, known := civil.Spelled(f.Value.Text)
	if !known || withYear && day.Year == 0 {
		r.note.problem(f.Value.Pos, Error, "bad-date", message, "which day it is, is not known from this")
		return
	}
	severity := Warning
	if day.Year == 0 && !strings.ContainsFunc(f.Value.Text, unicode.IsLetter) {
		severity = Error // 31-12 is the form of a day, with its numbers in the wrong places
	}
	r.note.problem(f.Value.Pos, severity, "bad-date", message, r.write(f.Key, TextValue(day.String())))
}

func (r *fieldReader) met(f Field) {
	text := r.text(f)
	d, err := civil.ParseStamp(text)
	if err == nil {
		r.f.Met = d
		return
	}
	switch day, spelled := civil.Spelled(text); {
	case !errors.Is(err, civil.ErrNotADate):
		r.badDate(f, fmt.Sprintf("met: %v", err), true)
	case spelled && day.Year != 0:
		r.badDate(f, fmt.Sprintf("met: %q looks like a date, but only YYYY-MM-DD is one, so it is read as where you met", text), true)
		fallthrough
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
		hint := "how often is not known from this: write a number and a unit"
		if meant := NearCadence(text); meant != "" {
			hint = r.write(f.Key, TextValue(meant))
		}
		r.note.problem(f.Value.Pos, Error, "bad-cadence", fmt.Sprintf("%s: %q is %v", f.Key, text, err), hint)
	}
	return c
}

// NearCadence returns the cadence that was probably meant by a text that is none, or "":
// biweekly means two things.
func NearCadence(text string) string {
	if _, err := civil.ParseCadence(text); err != civil.ErrCadence {
		return ""
	}
	text = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "every ")
	unit := strings.TrimLeft(text, "0123456789 ")
	number := strings.TrimSpace(text[:len(text)-len(unit)])
	words := civil.Units()
	switch {
	case number != "":
	case slices.Contains(words, unit): // a week
		number = "1"
	default:
		words = cadenceWords
	}
	meant := strings.TrimSpace(number + " " + Nearest(unit, words))
	if slices.Contains(words, unit) {
		meant = number + " " + unit
	}
	if _, err := civil.ParseCadence(meant); err != nil || meant == number {
		return ""
	}
	return meant
}

var cadenceWords = []string{"daily", "weekly", "fortnightly", "monthly", "quarterly", "yearly", "annually", "never"}

func (r *fieldReader) yearly(f Field) civil.Yearly {
	if f.Value = f.Value.Unwiki(); f.Value.Shape != Scalar {
		r.wrong(f.Value, f.Key, "a date: YYYY-MM-DD, MM-DD or --MM-DD", "which day it is, is not known from this")
		return civil.Yearly{}
	}
	text := strings.TrimSpace(f.Value.Text)
	if text == "" {
		return civil.Yearly{}
	}
	y, err := civil.ParseYearly(text)
	if err != nil {
		r.badDate(f, fmt.Sprintf("%s: %q is %v", f.Key, text, err), false)
	}
	return y
}

func (r *fieldReader) dates(f Field) {
	if f.Value.Shape != Mapping {
		hint := "which day is what, is not known from this: write a label and a date for each"
		if texts, ok := f.Value.texts(); ok && len(texts) == 1 {
			if _, err := civil.ParseYearly(texts[0]); err == nil {
				hint = "each day has a label that says what it is; " + r.write(f.Key, mapValue("day", TextValue(texts[0])))
			}
		}
		r.wrong(f.Value, "dates", "a map of labels and dates", hint)
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
	const accepted = "a map of labels and addresses, or a list of addresses"
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
				r.wrong(v, "a link in a list", "an address", r.listHint(f))
			case text != "":
				r.f.Links = append(r.f.Links, Labelled{"", text})
			}
		}
	default:
		hint := "what is meant is not known from this: write a list of addresses"
		if text := strings.TrimSpace(f.Value.Text); strings.Contains(text, ".") {
			hint = r.offer(f.Key, ListValue(text), hint)
		}
		r.wrong(f.Value, "links", accepted, hint)
	}
}

func (r *fieldReader) via(f Field) {
	values := r.scalars(f)
	r.f.Via = textsOf(values)
	for i, v := range values {
		text, start := r.f.Via[i], v.Pos
		for at, end := range FindLinks(text) {
			link := NewLink(text[at:end])
			link.Where, link.Entry = InVia, -1
			link.Pos = start
			if i := strings.Index(r.note.places().line(start.Line), text[at:end]); i >= 0 {
				link.Pos = r.note.places().pos(int(r.note.places().starts[start.Line-1]) + i)
			}
			r.note.Links = append(r.note.Links, link)
		}
	}
}

// NewLink reads a [[link]] with its brackets; its place is not known.
func NewLink(text string) Link {
	target, label := cutLink(text)
	return Link{Target: strings.TrimSpace(target), Label: strings.TrimSpace(label)}
}

// CutAnchor divides the target of a link into whom it names and the #heading or ^block
// at its end (FORMAT.md, "Wiki links").
func CutAnchor(target string) (name, anchor string) {
	if i := strings.IndexAny(target, "#^"); i > 0 {
		name = strings.TrimSpace(target[:i])
		return name, target[len(name):]
	}
	return target, ""
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
		hint := "which of them is meant, is not known from this"
		if w := Nearest(text, statusWords[:]); w != "" {
			hint = r.write(f.Key, TextValue(w))
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
			"put the picture beside this file, and write its name")
		return
	}
	r.f.Photo = text
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
