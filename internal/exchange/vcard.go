package exchange

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"

	"github.com/emersion/go-vcard"

	"kith/internal/note"
)

// readVCards reads the vCards of a file, of version 2.1, 3.0 or 4.0. Each is set apart
// and brought into the form that go-vcard reads: that alone loses what 2.1 writes, and
// runs a card that is not closed into the next.
func readVCards(b *Batch, file string, data []byte) {
	lines := cardLines(data)
	for start := 0; start < len(lines); {
		if !beginsCard(lines[start]) {
			start++
			continue
		}
		end := start + 1
		for end < len(lines) && !beginsCard(lines[end]) {
			end++
			if strings.EqualFold(strings.TrimSpace(string(lines[end-1])), "END:VCARD") {
				break
			}
		}
		place := Place{File: file, Row: start + 1}
		text, closed := normalCard(lines[start:end])
		if !closed {
			b.problem(place, "the card has no END:VCARD: it is read as far as it goes")
		}
		card, err := vcard.NewDecoder(strings.NewReader(text)).Decode()
		if err != nil {
			b.problem(place, "the card is left out: %v", err)
		} else {
			readCard(b, place, card)
		}
		start = end
	}
}

func beginsCard(line []byte) bool {
	return bytes.EqualFold(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))), []byte("BEGIN:VCARD"))
}

// cardLines are the lines of a file, however they end, in the bytes they have: a card
// may say its own charset.
func cardLines(data []byte) [][]byte {
	if len(data) > 1 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff) {
		data = []byte(decode(data))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.Split(bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), []byte("\n"))
}

var propertyLine = regexp.MustCompile(`^((?:[A-Za-z0-9-]+\.)?)([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):`)

// normalCard writes a card as version 3.0 has it: one property a line, in UTF-8,
// parameters with names, nothing encoded but pictures; one that is not closed is.
func normalCard(lines [][]byte) (card string, closed bool) {
	var out strings.Builder
	old := false // version 2.1
	for _, line := range lines {
		if bytes.EqualFold(bytes.TrimSpace(line), []byte("VERSION:2.1")) {
			old = true
		}
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		m := propertyLine.FindSubmatch(line)
		if m == nil {
			continue // a blank line, or what belongs to nothing
		}
		group, name, value := strings.ToLower(string(m[1])), strings.ToUpper(string(m[2])), line[len(m[0]):]
		params, quoted, binary, charset := normalParams(string(m[3]))
		for i+1 < len(lines) {
			next := lines[i+1]
			switch {
			case quoted && bytes.HasSuffix(value, []byte("=")): // a soft break
				// Android folds with a space, too; one that is meant is =20.
				value = append(bytes.TrimSuffix(value[:len(value):len(value)], []byte("=")), bytes.TrimLeft(next, " \t")...)
			case len(next) > 0 && (next[0] == ' ' || next[0] == '\t'):
				if binary {
					next = bytes.TrimSpace(next)
				} else {
					next = next[1:]
				}
				value = append(value[:len(value):len(value)], next...)
			case binary && len(next) > 0 && propertyLine.Find(next) == nil:
				value = append(value[:len(value):len(value)], bytes.TrimSpace(next)...)
			default:
				next = nil
			}
			if next == nil {
				break
			}
			i++
		}
		if quoted {
			if read, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(value))); err == nil || len(read) > 0 {
				value = read
			}
		}
		text, ok := decodeAs(value, charset)
		if !ok {
			text = decode(value)
		}
		text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		if old {
			text = strings.ReplaceAll(text, `\\`, `\`)
			text = strings.ReplaceAll(text, `\`, `\\`)
			text = strings.ReplaceAll(text, `\\;`, `\;`)
		}
		text = strings.NewReplacer(`\"`, `"`, "\n", `\n`, "\r", " ").Replace(text)
		closed = closed || name == "END"
		if name == "VERSION" {
			text = "3.0"
		}
		out.WriteString(group + name + params + ":" + text + "\r\n")
	}
	if !closed {
		out.WriteString("END:VCARD\r\n")
	}
	return out.String(), closed
}

// normalParams gives every parameter a name, and says how the value is written.
func normalParams(params string) (normal string, quoted, binary bool, charset string) {
	for param := range strings.SplitSeq(strings.TrimPrefix(params, ";"), ";") {
		key, value, named := strings.Cut(param, "=")
		key, upper := strings.ToUpper(strings.TrimSpace(key)), strings.ToUpper(strings.Trim(value, `"`))
		switch {
		case key == "":
		case !named && key == "QUOTED-PRINTABLE", key == "ENCODING" && upper == "QUOTED-PRINTABLE":
			quoted = true
		case !named && key == "BASE64", key == "ENCODING" && (upper == "BASE64" || upper == "B"):
			binary = true
			normal += ";ENCODING=b"
		case key == "CHARSET":
			charset = upper
		case !named:
			normal += ";TYPE=" + key
		default:
			normal += ";" + key + "=" + value
		}
	}
	return normal, quoted, binary, charset
}

var numbersOf = regexp.MustCompile(`^(?i:tel:)`)

// readCard makes a person of a card.
func readCard(b *Batch, place Place, card vcard.Card) {
	if strings.EqualFold(card.Value(vcard.FieldKind), "group") || strings.EqualFold(card.Value("X-ADDRESSBOOKSERVER-KIND"), "group") {
		b.leave("groups of cards")
		return
	}
	p := &Person{Place: place}
	label := func(f *vcard.Field) string {
		for _, l := range card["X-ABLABEL"] {
			if f.Group == "" || !strings.EqualFold(l.Group, f.Group) {
				continue
			}
			if own, ok := strings.CutPrefix(l.Value, "_$!<"); ok { // one of Apple's own words
				return strings.ToLower(strings.TrimSuffix(own, ">!$_"))
			}
			return l.Value
		}
		return ""
	}
	parts := func(text string) []string {
		var list []string
		for part := range strings.SplitSeq(text, ";") {
			if part = clean(part); part != "" {
				list = append(list, part)
			}
		}
		return list
	}
	first := func(text string) string { return strings.Join(parts(text)[:min(1, len(parts(text)))], "") }
	p.Name = clean(card.Value(vcard.FieldFormattedName))
	if p.Name == "" {
		n := strings.Split(card.Value(vcard.FieldName)+";;;;", ";")
		p.Name = clean(strings.Join([]string{n[3], n[1], n[2], n[0], n[4]}, " "))
	}
	for _, f := range card[vcard.FieldEmail] {
		p.Add("email", strings.TrimPrefix(f.Value, "mailto:"))
	}
	if p.Name == "" {
		p.Name = cmp.Or(clean(card.Value(vcard.FieldNickname)), first(card.Value(vcard.FieldOrganization)))
	}
	if local, _, ok := strings.Cut(strings.Join(p.List("email"), ","), "@"); ok && p.Name == "" {
		p.Name = nameOf(local)
	}
	if note.Slug(p.Name) == "" {
		b.problem(place, "the card has neither a name nor an address to make one of")
		return
	}
	p.Row = shownCard(card)
	for nick := range strings.SplitSeq(strings.Join(card.Values(vcard.FieldNickname), ","), ",") {
		if note.Fold(nick) != note.Fold(p.Name) {
			p.Add("aliases", nick)
		}
	}
	for _, f := range card[vcard.FieldTelephone] {
		if !f.Params.HasType("fax") && !f.Params.HasType("pager") {
			number, _, _ := strings.Cut(numbersOf.ReplaceAllString(f.Value, ""), ";")
			p.Add("phone", number)
		}
	}
	p.Set("company", first(card.Value(vcard.FieldOrganization)))
	if p.Value("company") == p.Name {
		p.Fields = nil
	}
	p.Set("role", cmp.Or(card.Value(vcard.FieldTitle), card.Value(vcard.FieldRole)))
	birthday := func(f *vcard.Field, set func(string)) {
		text := f.Value
		if omit := f.Params.Get("X-APPLE-OMIT-YEAR"); omit != "" && strings.HasPrefix(text, omit) {
			text = "1604" + strings.TrimPrefix(text, omit)
		}
		day, err := yearly(text)
		if err != nil {
			b.problem(place, "%s is %q: %v", p.Name, f.Value, err)
			return
		}
		set(day)
	}
	if f := card.Get(vcard.FieldBirthday); f != nil && f.Value != "" {
		birthday(f, func(day string) { p.Set("birthday", day) })
	}
	for _, f := range card[vcard.FieldAnniversary] {
		birthday(f, func(day string) { p.Label("dates", "anniversary", day) })
	}
	for _, f := range card["X-ABDATE"] {
		birthday(f, func(day string) { p.Label("dates", cmp.Or(label(f), "date"), day) })
	}
	for _, f := range card[vcard.FieldURL] {
		address := strings.ReplaceAll(f.Value, `\:`, ":")
		if address != "" && !strings.Contains(address, "://") {
			address = "http://" + address
		}
		if id := profile(address); id != "" {
			p.Add("ids", id)
		}
		p.Label("links", cmp.Or(label(f), firstType(f), "website"), address)
	}
	for _, f := range card["X-SOCIALPROFILE"] {
		if strings.Contains(f.Value, "://") {
			p.Label("links", cmp.Or(firstType(f), "profile"), f.Value)
		}
	}
	for _, f := range card[vcard.FieldAddress] {
		a := strings.Split(f.Value+";;;;;;", ";")
		where := strings.Trim(clean(a[3])+", "+clean(a[6]), ", ")
		if p.Value("location") == "" {
			p.Set("location", cmp.Or(where, firstWords(strings.Join(parts(f.Value), ", "), 80)))
		}
	}
	for category := range strings.SplitSeq(strings.Join(card.Values(vcard.FieldCategories), ","), ",") {
		if slug := note.TagSlug(clean(category)); slug != "" && slug != "mycontacts" && slug != "my-contacts" {
			p.Add("tags", slug)
		}
	}
	if lang := card.Preferred(vcard.FieldLanguage); lang != nil {
		p.Set("language", lang.Value)
	}
	if uid := clean(strings.TrimPrefix(card.Value(vcard.FieldUID), "urn:uuid:")); strings.HasPrefix(uid, "kith:") {
		p.Slug = note.Slug(strings.TrimPrefix(uid, "kith:"))
	} else if uid != "" {
		p.Add("ids", "vcard:"+uid)
	}
	var lines []string
	for _, f := range card[vcard.FieldNote] {
		lines = append(lines, strings.TrimSpace(f.Value))
	}
	for _, f := range append(card["X-ABRELATEDNAMES"], card["X-RELATION"]...) {
		lines = append(lines, cmp.Or(label(f), firstType(f), "Related")+": "+clean(f.Value))
	}
	p.Text = strings.TrimSpace(strings.Join(lines, "\n\n"))
	p.Photo = cardPhoto(card.Get(vcard.FieldPhoto))
	b.People = append(b.People, p)
}

// shownCard is what a card says of who it is, in one line.
func shownCard(card vcard.Card) string {
	var parts []string
	for _, key := range []string{vcard.FieldFormattedName, vcard.FieldEmail, vcard.FieldTelephone, vcard.FieldOrganization} {
		if text := clean(card.Value(key)); text != "" {
			parts = append(parts, key+":"+text)
		}
	}
	return firstWords(strings.Join(parts, " "), 160)
}

func firstType(f *vcard.Field) string {
	for _, t := range f.Params.Types() {
		if t = strings.ToLower(t); t != "pref" && t != "internet" {
			return t
		}
	}
	return ""
}

// cardPhoto is a card's picture, if it has one in itself.
func cardPhoto(f *vcard.Field) Photo {
	if f == nil {
		return Photo{}
	}
	text := f.Value
	if rest, ok := strings.CutPrefix(text, "data:"); ok {
		_, text, _ = strings.Cut(rest, ",")
	} else if f.Params.Get("ENCODING") == "" {
		return Photo{}
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return Photo{}
	}
	switch http.DetectContentType(data) {
	case "image/jpeg":
		return Photo{data, "jpg"}
	case "image/png":
		return Photo{data, "png"}
	case "image/gif":
		return Photo{data, "gif"}
	case "image/webp":
		return Photo{data, "webp"}
	}
	return Photo{}
}
