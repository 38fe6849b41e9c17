package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// Card is somebody to write to, with all there is to say to them: on Today, and at the
// top of their own page.
type Card struct {
	Own      bool              // it stands on their own page, which says who they are
	Attrs    template.HTMLAttr // data-contact, for who is due data-due and data-state too
	Href     template.URL      // of their page
	Name     string
	Face     template.HTML
	Who      string        // who they are, in a line, and through whom you know them
	Done     template.HTML // what was done today, of one of the day's few
	Why      template.HTML // why to write to them: all reasons in one line
	Due      []Task        // promises that are a reason to write
	Write    Way           // the first way to write to them, which opens with the draft
	Ways     []Way         // others
	Quotes   []Quote       // what they did or wrote, and the last exchange
	Tell     Said          // your news that they have not heard
	Ask      string        // what stands above the questions
	Asks     []Task        // what to ask
	Promises []Task        // what else you promised
	Give     Said          // what you could give them
	Seek     Said          // what else they look for
	Touch    Touch
	Draft    string // on their own page, the beginning of a letter
}

// Quote is an exchange that a card quotes.
type Quote struct {
	Label string // what it is, if that is not plain
	Entry Entry
	Note  template.HTML // what there is to say about it
}

// Said is a list below a heading; there is none without items.
type Said struct {
	Label string
	Items []template.HTML
	More  template.URL // where the rest of them is
	Few   bool         // a narrow screen shows but the first
}

// Touch is the row below a card from which one writes down what was done. The script
// of a served page puts buttons in the place of the commands.
type Touch struct {
	Slug     string
	Front    string       // the hash of the front matter, for the script of a served page
	Write    string       // the kind of their last letter from you, and
	Talk     string       // that of your last talk, with which that script begins a line
	Commands []string     // to be typed in a terminal
	Edit     template.URL // opens their note in the editor, where that has an address
}

// mostTold is how many of your news a card tells.
const mostTold = 2

// card shows a brief. reasons are those to write, the strongest first. content is that of
// their note where it is for their own page, which shows the whole of a task; else nil.
func (f *frame) card(s *sheet, b due.Brief, reasons []due.Reason, photo, root string, content *note.Content) Card {
	own := content != nil
	r, c := b.Row, b.Row.Contact
	p := due.PronounsOf(c.Front())
	v := Card{
		Own: own, Attrs: attrs(r, r.State.IsDue()), Href: address(root, contactPath(c.Slug)), Name: c.Name, Face: face(c, photo, root),
		Who: whoThrough(c), Why: f.warmly(r, reasons, root), Touch: Touch{
			Slug: c.Slug, Front: c.File.FrontHash(), Write: r.Habit("email", note.Outbound), Talk: r.Habit("call", note.Mutual),
			Commands: commands(c, reasons), Edit: f.editAddress(c),
		},
	}
	letter := f.draft(b)
	if own {
		v.Draft = letter.Text
	}
	v.Write, v.Ways = f.waysOf(c, letter, root, own)
	f.quotes(s, &v, b, reasons, root)
	v.Tell.Label, v.Tell.Few = addressed(p, "Tell", "To tell"), !own
	for i, n := range b.News {
		if i == mostTold && !own {
			v.Tell.More = v.Href
			break
		}
		s.add(string(f.contents.gist(n.EntryRef, root)), ` <span class="when">`)
		f.addWhen(&s.markup, n.Entry().Date)
		s.add("</span>")
		v.Tell.Items = append(v.Tell.Items, s.cut())
	}
	v.Ask = addressed(p, "Ask", "To ask")
	task := func(t journal.TaskRef) Task {
		task := f.taskView(c.Slug, t, root)
		if own {
			task.Text = f.wholeTask(c.File, t, content, root)
		}
		return task
	}
	for _, t := range b.Asks {
		v.Asks = append(v.Asks, task(t))
	}
	for _, t := range b.Promises {
		to := &v.Promises
		if day := t.Task().Due; !day.IsZero() && !day.After(f.today) && isReason(reasons, due.Promise) {
			to = &v.Due
		}
		*to = append(*to, task(t))
	}
	v.Give.Label = addressed(p, "You could give", "You could give")
	if gift := f.gift(s, b.Gift, root); gift != "" {
		v.Give.Items = append(v.Give.Items, gift)
	}
	v.Seek.Label = "Looking for"
	if p.Given {
		v.Seek.Label = p.Did(p.Is() + " looking for")
	}
	for _, need := range c.Front().Needs {
		if b.Gift.Kind != due.Introduce || b.Gift.Meeting.Needs.Text != need {
			v.Seek.Items = append(v.Seek.Items, escHTML(need))
		}
	}
	return v
}

// addressed is a heading of what to say to somebody: Tell her, or To tell.
func addressed(p due.Pronouns, verb, without string) string {
	if p.Given {
		return verb + " " + p.Them
	}
	return without
}

func isReason(reasons []due.Reason, kinds ...due.ReasonKind) bool {
	return slices.ContainsFunc(reasons, func(r due.Reason) bool { return slices.Contains(kinds, r.Kind) })
}

// whoThrough says who somebody is, in a line, and through whom you know them.
func whoThrough(c *journal.Contact) string {
	line, between := whoLine(c), " · through "
	if line == "" {
		between = "through "
	}
	w := writer{file: c.File}
	for i, l := range c.File.Links {
		if l.Where == note.InVia {
			line, between = line+between+w.called(i), ", "
		}
	}
	return line
}

// warmly says why to write to somebody, but for a promise, which stands with its box.
func (f *frame) warmly(r *due.Row, reasons []due.Reason, root string) template.HTML {
	var list []due.Reason
	for _, reason := range reasons {
		if reason.Kind != due.Promise {
			list = append(list, reason)
		}
	}
	if len(list) == 0 {
		return ""
	}
	if len(list) == 1 {
		return f.why(r, list[0], root)
	}
	return f.contents.line(r.Contact.File, due.Warmly(r.Contact.Front(), list)+".", root)
}

// waysOf are how to write to somebody: the first opens with the draft.
func (f *frame) waysOf(c *journal.Contact, letter draft.Message, root string, own bool) (first Way, others []Way) {
	front := c.Front()
	if first = writeTo(c, letter, root); first.Text != "Call" {
		first.Text = "Write, with a beginning"
	}
	switch {
	case own && first.Icon == icons["draft"]:
		first.Href = "#draft"
		return first, ways(front)
	case own:
		return first, append([]Way{{"#draft", icons["draft"], "Read it first"}}, ways(front)...)
	case len(front.Email) > 0:
		for _, number := range front.Phone {
			if href := dial(number); href != "" {
				return first, []Way{{template.URL(href), icons["phone"], "Call"}}
			}
		}
	}
	return first, nil
}

// writeTo is the first way to write to somebody; a mail opens with the letter, if there
// is one.
func writeTo(c *journal.Contact, letter draft.Message, root string) Way {
	way := write(c, root)
	if mail := c.Front().Email; len(mail) > 0 && letter.Text != "" {
		way.Href = template.URL(letter.Mailto(mail[0]))
	}
	return way
}

// draft is the beginning of a letter; empty if the template of a journal's own fails, which
// is one of its problems.
func (f *frame) draft(b due.Brief) draft.Message {
	letter, _ := f.theme.messages.Write(draft.KindFor(b, f.today), b, f.contents.parser.PlainText, f.today, f.name)
	return letter
}

// quotes adds what they did for you or wrote, where that is why to write, and the last
// exchange where there is room for it.
func (f *frame) quotes(s *sheet, v *Card, b due.Brief, reasons []due.Reason, root string) {
	quote := func(ref journal.EntryRef, label string, said template.HTML) {
		day := ref.Entry().Date
		q := Quote{Label: label, Entry: f.entry(s, ref, note.EntryContent{Line: f.contents.entry(ref).Gist()}, b.Row.Contact.Slug, root), Note: said}
		q.Entry.Day = f.dated(day, due.Day(f.today, day))
		v.Quotes = append(v.Quotes, q)
	}
	shown := 0 // what the others of the card are
	for _, ref := range b.Unanswered[:min(len(b.Unanswered), 2)] {
		quote(ref, "", "")
		shown++
	}
	helped := len(b.Helped) > 0 && shown == 0 && (v.Own || isReason(reasons, due.Thanks, due.Tell, due.Quiet))
	switch {
	case helped && v.Own:
		said := template.HTML("")
		if !b.Thanked.Before(b.Helped[0].Entry().Date) {
			said = "You said thank you on " + f.on(b.Thanked, due.Day(f.today, b.Thanked))
		}
		p, label := due.PronounsOf(b.Row.Contact.Front()), "What they did for you"
		if p.Given {
			label = "What " + p.They + " did"
		}
		quote(b.Helped[0], label, said)
	case helped:
		said := template.HTML("")
		if b.Row.Turn == due.Theirs && b.Row.Last.After(b.Helped[0].Entry().Date) {
			said = "You wrote last, " + f.when(b.Row.Last)
		}
		quote(b.Helped[0], "", said)
	}
	switch {
	case b.Last.File == nil, shown > 0, helped && (!v.Own || b.Last == b.Helped[0]):
	case helped:
		quote(b.Last, "Last exchange", "")
	default:
		quote(b.Last, "", "")
	}
}

// gift is what you could give, if the card does not say it elsewhere.
func (f *frame) gift(s *sheet, g due.Gift, root string) template.HTML {
	switch g.Kind {
	case due.Introduce:
		s.say(g.Meeting.Needs.Text)
		s.add(` <span class="when">`)
		s.linkTo("person", root, g.Meeting.Offers.Slug, g.Meeting.Offers.Name)
		s.add(` can give <q dir="auto">`)
		s.say(g.Meeting.Offers.Text)
		s.add("</q></span>")
	case due.KeepOffer:
		s.add("what you offered: ", string(f.contents.gist(g.Entry, root)))
	case due.WriteReference:
		s.add("a recommendation, which you have not written yet")
	}
	return s.cut()
}

// editAddress is the address by which the editor of kith.toml opens somebody's note, if
// that is one (FORMAT.md, "Settings").
func (f *frame) editAddress(c *journal.Contact) template.URL {
	if scheme, _, ok := strings.Cut(f.editor, "://"); !ok || strings.EqualFold(scheme, "javascript") {
		return ""
	}
	file := escapePath(strings.ReplaceAll(f.theme.Folder, `\`, "/") + "/" + c.File.Path)
	if !strings.HasPrefix(file, "/") { // a drive of Windows
		file = "/" + file
	}
	line := strconv.Itoa(c.File.BodyLine())
	return template.URL(strings.NewReplacer("{path}", file, "{file}", file, "{line}", line).Replace(f.editor))
}

// commands are what one types to write down what was done.
func commands(c *journal.Contact, reasons []due.Reason) []string {
	kind := "letter"
	switch front := c.Front(); {
	case len(front.Email) > 0:
		kind = "email"
	case len(front.Phone) > 0:
		kind = "call"
	}
	if isReason(reasons, due.Thanks) {
		kind += " thanked"
	}
	return []string{"kith log " + c.Slug + ` "` + kind + `: …"`, "kith snooze " + c.Slug + " 2w"}
}
