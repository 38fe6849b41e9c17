package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/note"
)

// Options are what a person says of a source.
type Options struct {
	Kind  string            // what it is; else that is found from what is in it
	Map   map[string]string // a table's columns → keys
	Me    []string          // your own names and addresses in it
	Since civil.Date        // what happened before is left out
	Today civil.Date
	Zone  *time.Location // in which a moment is on a day; nil is UTC
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// isMe says whether a name or an address is one of your own.
func (o Options) isMe(text string) bool {
	return slices.ContainsFunc(o.Me, func(me string) bool { return note.Fold(me) == note.Fold(text) })
}

// Kinds are the kinds of sources, for --from.
func Kinds() []string {
	return slices.Sorted(maps.Keys(readers))
}

// ErrUnknown says that nothing in a file tells what it is.
var ErrUnknown = errors.New("nothing in it says what it is")

// A part is one file of a source.
type part struct {
	name string // as a person sees it
	data []byte // nil of mail, which is read as it comes
	open func() (fs.File, error)
}

// readers read whole files of each kind.
var readers = map[string]func(b *Batch, p part, o Options) error{
	"linkedin": nil, // reads all of its parts at once
	"vcard":    func(b *Batch, p part, _ Options) error { readVCards(b, p.name, p.data); return nil },
	"google":   tableReader(isGoogle, readGoogle),
	"outlook":  tableReader(isOutlook, readOutlook),
	"csv":      readCSV,
	"notion":   readCSV,
	"friends":  func(b *Batch, p part, _ Options) error { readFriends(b, p.name, p.data); return nil },
	"monica":   func(b *Batch, p part, _ Options) error { return readMonica(b, p.name, p.data) },
	"calendar": readCalendar,
	"mail":     readMail,
	"sms":      readSMS,
	"whatsapp": readWhatsApp,
	"telegram": readTelegram,
	"json":     func(b *Batch, p part, _ Options) error { return readJSON(b, p.name, p.data) },
}

func tableReader(isHeader func([]string) bool, read func(*Batch, *table)) func(*Batch, part, Options) error {
	return func(b *Batch, p part, _ Options) error {
		t, err := readTable(p.name, decode(p.data), isHeader)
		if err == nil {
			read(b, t)
		}
		return err
	}
}

// readCSV reads a table of any program.
func readCSV(b *Batch, p part, o Options) error {
	t, err := readTable(p.name, decode(p.data), func(cells []string) bool { return len(cells) > 1 || strings.TrimSpace(cells[0]) != "" })
	if err != nil {
		return err
	}
	mapping := o.Map
	if len(mapping) == 0 {
		mapping = guess(t.header)
		if !slices.Contains(slices.Collect(maps.Values(mapping)), "name") || b.Kind == "csv" {
			return &Unmapped{p.name, t.header, mapping}
		}
	}
	for head := range mapping {
		if !slices.Contains(t.header, head) {
			return fmt.Errorf("there is no column %q: there are %s", head, strings.Join(t.header, ", "))
		}
	}
	readMapped(b, t, mapping)
	return nil
}

// Read reads a source: a file, an archive, or a folder with such files in it.
func Read(fsys fs.FS, name string, o Options) (*Batch, error) {
	if o.Kind != "" {
		if _, ok := readers[o.Kind]; !ok {
			return nil, fmt.Errorf("%q is none of the kinds %s", o.Kind, strings.Join(Kinds(), ", "))
		}
	}
	byKind := map[string][]part{}
	if err := gather(fsys, name, name, o, byKind); err != nil {
		return nil, err
	}
	if len(byKind) == 0 {
		return nil, ErrUnknown
	}
	kinds := slices.Sorted(maps.Keys(byKind))
	b := &Batch{Kind: kinds[0]}
	for _, kind := range kinds {
		if kind == "linkedin" {
			if err := readLinkedIn(b, byKind[kind], o); err != nil {
				return nil, err
			}
			continue
		}
		for _, p := range byKind[kind] {
			b.Kind = kind
			if kind != "mail" && kind != "calendar" { // those know everybody by address
				b.byKey = nil
			}
			if err := readers[kind](b, p, o); err != nil {
				if unmapped := new(Unmapped); len(kinds) > 1 && errors.As(err, &unmapped) {
					continue // of an archive, a table of something else
				}
				return nil, fmt.Errorf("reading %s: %w", p.name, err)
			}
		}
	}
	b.Kind = strings.Join(kinds, ", ")
	b.nameless()
	b.since(o.Since)
	return b, nil
}

// nameless leaves out those whose name no file could have.
func (b *Batch) nameless() {
	none := func(p *Person) bool { return note.Slug(p.Name) == "" }
	for _, p := range b.People {
		for i, e := range p.Entries {
			p.Entries[i].With, p.Entries[i].Mentions = slices.DeleteFunc(e.With, none), slices.DeleteFunc(e.Mentions, none)
		}
		if none(p) {
			b.leave("without a name")
		}
	}
	b.People = slices.DeleteFunc(b.People, none)
}

// ReadJSON reads kith's own JSON, as a program of somebody's own writes it.
func ReadJSON(name string, data []byte) (*Batch, error) {
	b := &Batch{Kind: name}
	if err := readJSON(b, name, data); err != nil {
		return nil, fmt.Errorf("reading what %s wrote: %w", name, err)
	}
	return b, nil
}

// since leaves out what happened before a day, and who was met before it.
func (b *Batch) since(day civil.Date) {
	if day.IsZero() {
		return
	}
	for _, p := range b.People {
		before := len(p.Entries)
		p.Entries = slices.DeleteFunc(p.Entries, func(e Entry) bool { return e.Date.Before(day) })
		if met, err := civil.Parse(p.Value("met")); err == nil && met.Before(day) || err != nil && before > 0 {
			p.Guest = p.Guest || len(p.Entries) == 0
		}
	}
}

// maxPart is how large a file may be that is read as a whole.
const maxPart = 1 << 30

// gather reads the files of a source and sorts them by what they are.
func gather(fsys fs.FS, name, shown string, o Options, byKind map[string][]part) error {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fs.WalkDir(fsys, name, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !d.Type().IsRegular() || strings.HasPrefix(path.Base(p), ".") || strings.HasPrefix(p, "__MACOSX/") {
				return err
			}
			inner := o
			inner.Kind = ""
			return gather(fsys, p, path.Join(shown, strings.TrimPrefix(strings.TrimPrefix(p, name), "/")), inner, byKind)
		})
	}
	open := func() (fs.File, error) { return fsys.Open(name) }
	if o.Kind == "mail" || o.Kind == "" && isMail(open) {
		byKind["mail"] = append(byKind["mail"], part{name: shown, open: open})
		return nil
	}
	if info.Size() > maxPart {
		return fmt.Errorf("%s is larger than 1 GiB", shown)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return fmt.Errorf("reading %s: %w", shown, err)
		}
		return gather(archive, ".", shown, o, byKind)
	}
	kind := o.Kind
	if kind == "" {
		kind = Detect(data)
	}
	if kind == "csv" && notionName.MatchString(path.Base(name)) {
		if kind = "notion"; !strings.HasSuffix(name, "_all.csv") && o.Kind == "" && hasAll(fsys, name) {
			return nil
		}
	}
	if kind != "" {
		byKind[kind] = append(byKind[kind], part{shown, data, open})
	}
	return nil
}

// isMail says whether a file is a mbox or a message by how it begins: it may be too
// large to be read as a whole.
func isMail(open func() (fs.File, error)) bool {
	file, err := open()
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 1<<13)
	n, _ := io.ReadFull(file, head)
	return mboxHead.Match(head[:n]) || messageHead.Match(head[:n]) && fromHead.Match(head[:n])
}

var (
	mboxHead    = regexp.MustCompile(`^From \S+.*\r?\n[A-Za-z0-9-]+:`)
	messageHead = regexp.MustCompile(`(?i)^(return-path|received|delivered-to|message-id|from|to|date|subject|mime-version|x-[a-z0-9-]+):`)
	fromHead    = regexp.MustCompile(`(?im)^from: .*@`)
)

// notionName is how Notion calls the file of a database; with _all it has every row.
var notionName = regexp.MustCompile(`[ -][0-9a-f]{32}(_all)?\.csv$`)

func hasAll(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, strings.TrimSuffix(name, ".csv")+"_all.csv")
	return err == nil
}

// Detect says what kind a file is by what is in it, "" if nothing tells.
func Detect(data []byte) string {
	head := data[:min(len(data), 1<<16)]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = []byte(decode(head[:len(head)&^1]))
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff"))
	upper := strings.ToUpper(text[:min(len(text), 64)])
	switch {
	case strings.HasPrefix(upper, "BEGIN:VCARD"):
		return "vcard"
	case strings.HasPrefix(upper, "BEGIN:VCALENDAR"):
		return "calendar"
	case strings.HasPrefix(text, "<") && (strings.Contains(text, "<smses") || strings.Contains(text, "<calls")):
		return "sms"
	case whatsappLine.MatchString(text):
		return "whatsapp"
	case friendsHead.MatchString(strings.ReplaceAll(text, "\r", "")):
		return "friends"
	case strings.HasPrefix(text, "{"):
		switch {
		case strings.Contains(text, `"kith"`):
			return "json"
		case strings.Contains(text, `"account"`) && strings.Contains(text, `"uuid"`):
			return "monica"
		case strings.Contains(text, `"personal_chat"`) || strings.Contains(text, `"chats"`):
			return "telegram"
		}
		return ""
	case strings.HasPrefix(text, "<"), strings.HasPrefix(text, "BEGIN:"), strings.ContainsRune(text, 0):
		return ""
	}
	for _, kind := range []struct {
		name string
		is   func([]string) bool
	}{{"linkedin", isLinkedIn}, {"google", isGoogle}, {"outlook", isOutlook}} {
		if _, err := readTable("", decode(head), kind.is); err == nil {
			return kind.name
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	if strings.ContainsAny(line, ",;\t") && len(guess(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;\t\r\"", r) }))) > 0 {
		return "csv"
	}
	return ""
}

func isLinkedIn(cells []string) bool {
	return isConnections(cells) || isMessages(cells) || isInvitations(cells) || isRecommendations(cells) || isEndorsements(cells) || isProfile(cells)
}

// readLinkedIn reads the files of an archive in the order in which they explain one
// another.
func readLinkedIn(b *Batch, parts []part, o Options) error {
	b.Kind = "linkedin"
	l := &linkedin{Batch: b, o: o, byName: map[string]*Person{}, origins: map[string]origin{}}
	for _, me := range o.Me {
		l.me = append(l.me, note.Fold(me), strings.ToLower(me), profile(me))
	}
	steps := []struct {
		is   func([]string) bool
		read func(t *table)
	}{
		{isProfile, func(t *table) {
			for r := range t.rows {
				if len(l.me) == 0 {
					l.me = []string{note.Fold(clean(r.cell(t.column("First Name")) + " " + r.cell(t.column("Last Name"))))}
				}
			}
		}},
		{isConnections, func(t *table) { l.connections(t) }},
		{isMessages, func(t *table) { l.messages(t) }},
		{isInvitations, func(t *table) { l.invitations(t) }},
		{isRecommendations, func(t *table) {
			if strings.Contains(strings.ToLower(path.Base(t.file)), "given") {
				l.recommendations(t, "gave", "recommended them")
			} else {
				l.recommendations(t, "got", "recommended you")
			}
		}},
		{isEndorsements, func(t *table) {
			if t.column("Endorser First Name") >= 0 {
				l.endorsements(t)
			}
		}},
	}
	type file struct{ name, text string }
	var unread []file
	for i, p := range parts {
		unread = append(unread, file{p.name, decode(p.data)})
		parts[i].data = nil // which may be large
	}
	for _, step := range steps {
		unread = slices.DeleteFunc(unread, func(f file) bool {
			t, err := readTable(f.name, f.text, step.is)
			if err == nil {
				step.read(t)
			}
			return err == nil
		})
	}
	if len(unread) > 0 {
		return fmt.Errorf("reading %s: no row names the columns of connections or messages", unread[0].name)
	}
	return nil
}
