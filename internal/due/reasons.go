package due

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// ReasonKind is one of the reasons to write to somebody, in the order of the
// table (FORMAT.md, "What is due").
type ReasonKind uint8

// The reasons.
const (
	Reply ReasonKind = iota
	Tell
	Thanks
	Promise
	Quiet
	Due
	reasonKinds
)

func (k ReasonKind) String() string {
	return [...]string{"reply", "tell", "thanks", "promise", "quiet", "due"}[k]
}

// Reason is a reason to write to somebody, the day since when there is one, and
// why in a line that a person reads.
type Reason struct {
	Kind  ReasonKind
	Since civil.Date
	Why   string
}

// table has the rule of each reason: it returns since when the reason holds, and
// why, or no date. All that reads a reason, reads this table.
var table = [reasonKinds]func(u rules, r *Row, h history) (since civil.Date, why string){
	Reply: rules.reply, Tell: rules.tell, Thanks: rules.thanks, Promise: rules.promise, Quiet: rules.quiet, Due: rules.overdue,
}

// reasons returns the reasons to write to an active contact that is not snoozed
// past today.
func (u rules) reasons(r *Row, h history) []Reason {
	if !r.raises {
		return nil
	}
	var found []Reason
	for kind, rule := range table {
		if since, why := rule(u, r, h); !since.IsZero() {
			found = append(found, Reason{ReasonKind(kind), since, why})
		}
	}
	return found
}

// Reason returns the row's reason of a kind, and whether it has it.
func (r *Row) Reason(k ReasonKind) (Reason, bool) {
	for _, have := range r.Reasons {
		if have.Kind == k {
			return have, true
		}
	}
	return Reason{}, false
}

// past goes over the entries that are not after today, newest first.
func (u rules) past(r *Row) func(yield func(journal.EntryRef) bool) {
	return func(yield func(journal.EntryRef) bool) {
		for _, ref := range r.Contact.Entries {
			if !ref.Entry().Date.After(u.today) && !yield(ref) {
				return
			}
		}
	}
}

// reply holds when the turn is yours, since the oldest inbound touch, not
// closed, that is later than every outbound, mutual and closed one.
func (u rules) reply(r *Row, h history) (since civil.Date, why string) {
	if r.Turn != Yours {
		return since, ""
	}
	var first journal.EntryRef
	letters := 0
	for ref := range u.past(r) {
		e := ref.Entry()
		if e.Direction == note.Inbound && !ref.Has(note.Closed) && e.Date.After(h.reached()) && e.Date.After(h.ended()) {
			first = ref
			letters++
		}
	}
	since, p := first.Entry().Date, r.pronouns()
	if letters > 1 {
		return since, fmt.Sprintf("%s, the first time %s", p.Did("wrote "+times(letters)), When(u.today, since))
	}
	what := KindName(first.Kind())
	if p.Given {
		return since, fmt.Sprintf("%s %s of %s waits for your answer", UpperFirst(p.Their), what, When(u.today, since))
	}
	return since, fmt.Sprintf("%s %s of %s waits for your answer", UpperFirst(Article(what)), what, When(u.today, since))
}

// Article is what stands before a kind of contact in a sentence.
func Article(kind string) string {
	if kind == "" || strings.IndexByte("aeiouAEIOU", kind[0]) < 0 {
		return "a"
	}
	return "an"
}

// KindName is what a sentence calls a kind of contact: of some the word as it is
// written is no thing that one can send.
func KindName(kind string) string {
	switch kind {
	case "":
		return "message"
	case "linkedin":
		return "LinkedIn message"
	}
	return kind
}

// times says how often: twice, 5 times.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// pronouns are those of the contact.
func (r *Row) pronouns() Pronouns { return PronounsOf(r.Contact.Front()) }

// toldDays is how many days before some news a word with its tag has told it already.
const toldDays = 14

// tell holds when they helped, or were asked to, with something you have had news of
// since, and have not heard it: you have not been in touch from that news on, nor told
// them in the days before it.
func (u rules) tell(r *Row, h history) (since civil.Date, why string) {
	helped := func(ref journal.EntryRef) bool { return ref.Has(note.Asked) || ref.Has(note.Got) }
	if !slices.ContainsFunc(r.Contact.Entries, helped) {
		return since, "" // as with most
	}
	// newest returns the newest of some entries that has a tag and is not after a day.
	newest := func(tag string, day civil.Date, is func(journal.EntryRef) bool) (found journal.EntryRef) {
		for ref := range u.past(r) {
			if is(ref) && !ref.Entry().Date.After(day) && slices.Contains(ref.Tags(), tag) {
				return ref
			}
		}
		return found
	}
	for _, news := range u.news {
		day := news.Entry().Date
		if reached := h.reached(); !reached.IsZero() && !reached.Before(day) {
			continue
		}
		for _, tag := range news.Tags() {
			help := newest(tag, day, helped)
			if help.File == nil {
				continue
			}
			told := newest(tag, day, reachesOut)
			if told.File != nil && day.Sub(told.Entry().Date) <= toldDays && told.Entry().Date.After(help.Entry().Date) {
				continue
			}
			p, about := r.pronouns(), strings.ReplaceAll(tag, "-", " ")
			what := "You asked for help with " + about
			if help.Has(note.Got) {
				what = p.Did("helped with " + about)
			}
			if gist := gist(news.Text()); gist != "" {
				return day, fmt.Sprintf(`%s. Tell %s: "%s"`, what, p.Them, strings.ReplaceAll(gist, `"`, "'"))
			}
			return day, what + newsUnheard(p)
		}
	}
	return since, ""
}

// thanks holds when there is a got later than the newest thanked, since the
// oldest such got.
func (u rules) thanks(r *Row, _ history) (since civil.Date, why string) {
	var thanked civil.Date
	for ref := range u.past(r) {
		if ref.Has(note.Thanked) {
			thanked = latest(thanked, ref.Entry().Date)
		}
	}
	for ref := range u.past(r) { // the last that is set is the oldest
		if ref.Has(note.Got) && ref.Entry().Date.After(thanked) {
			since = ref.Entry().Date
		}
	}
	if since.IsZero() {
		return since, ""
	}
	return since, r.pronouns().Did("helped you "+ago(u.today, since)) + ". A thank-you would be lovely"
}

// promise holds when an open promise has a due date today or earlier, since the
// oldest such date.
func (u rules) promise(r *Row, _ history) (since civil.Date, why string) {
	for _, ref := range r.Contact.Tasks {
		t := ref.Task()
		if t.Ask || t.Done || t.Due.IsZero() || t.Due.After(u.today) {
			continue
		}
		if since.IsZero() || t.Due.Before(since) {
			since = t.Due
			why = fmt.Sprintf("You promised: %s (for %s)", t.Text, Day(u.today, t.Due))
		}
	}
	return since, why
}

// quiet holds when they helped you and you fell silent: every outbound or mutual
// touch later than the newest got is marked thanked or asked, and the newest of
// these touches, or else that got, is at least quiet_after old.
func (u rules) quiet(r *Row, _ history) (since civil.Date, why string) {
	for ref := range u.past(r) {
		if ref.Has(note.Got) {
			since = ref.Entry().Date
			break
		}
	}
	if since.IsZero() {
		return since, ""
	}
	newest := since
	for ref := range u.past(r) {
		e := ref.Entry()
		if !e.Date.After(since) {
			break
		}
		if e.Direction != note.Outbound && e.Direction != note.Mutual {
			continue
		}
		if !ref.Has(note.Thanked) && !ref.Has(note.Asked) {
			return civil.Date{}, ""
		}
		newest = latest(newest, e.Date)
	}
	if u.quietAfter.From(newest).After(u.today) {
		return civil.Date{}, ""
	}
	p := r.pronouns()
	return since, p.Did("helped you "+ago(u.today, since)) + newsUnheard(p)
}

// overdue holds when the state is overdue or today.
func (u rules) overdue(r *Row, h history) (since civil.Date, why string) {
	if !r.State.IsDue() {
		return since, ""
	}
	switch {
	case r.Base.IsZero():
		why = "You have not written yet: a good first letter"
	case h.reached().IsZero() && r.Base == r.Contact.Front().Met:
		why = fmt.Sprintf("You met %s, and have not written yet: a good first letter", When(u.today, r.Base))
	case h.reached().IsZero():
		why = fmt.Sprintf("In your journal since %s, and not written to yet: a good first letter", Day(u.today, r.Base))
	case h.outbound.After(h.mutual):
		why = fmt.Sprintf("%s since you last wrote", Span(u.today.Sub(r.Base)))
	default:
		why = fmt.Sprintf("%s since you were last in touch", Span(u.today.Sub(r.Base)))
	}
	return r.Due, why
}

// newsUnheard goes on after what somebody did, of which they have not heard what
// became.
func newsUnheard(p Pronouns) string {
	if p.Given {
		return ", and " + p.Has() + " not heard how it turned out"
	}
	return ". A word on how it turned out would be lovely"
}

// ago says when something was as people remember it: of the last weeks how long ago,
// else the month.
func ago(today, day civil.Date) string {
	if today.Sub(day) <= 31 {
		return When(today, day)
	}
	return "in " + MonthOf(today, day)
}

// mostGist is how many characters of a text its gist has at the most.
const mostGist = 90

// gist is the first sentence of a text, or as much of it as a line has room for.
func gist(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	for i, r := range text {
		if strings.ContainsRune(".!?", r) && strings.HasPrefix(text[i+1:], " ") {
			text = text[:i+1]
			break
		}
	}
	if utf8.RuneCountInString(text) <= mostGist {
		return text
	}
	text = string([]rune(text)[:mostGist])
	if i := strings.LastIndexByte(text, ' '); i > 0 {
		text = text[:i]
	}
	return text + "…"
}

// Warmly says several reasons in one line, in their order. What somebody did for you is
// said once, whatever follows from it.
func Warmly(front *note.Front, reasons []Reason) string {
	var said []string
	has := func(k ReasonKind) bool {
		return slices.ContainsFunc(reasons, func(r Reason) bool { return r.Kind == k })
	}
	helped := false
	for _, r := range reasons {
		switch r.Kind {
		case Thanks, Tell, Quiet:
			if !helped {
				said = append(said, helpedWarmly(front, reasons, has))
			}
			helped = true
		default:
			said = append(said, r.Why)
		}
	}
	return strings.Join(said, ". ")
}

// helpedWarmly says what somebody did for you, and what they would like to hear of it.
func helpedWarmly(front *note.Front, reasons []Reason, has func(ReasonKind) bool) string {
	strongest := Tell
	switch {
	case has(Thanks):
		strongest = Thanks
	case has(Quiet):
		strongest = Quiet
	}
	i := slices.IndexFunc(reasons, func(r Reason) bool { return r.Kind == strongest })
	why, p := reasons[i].Why, PronounsOf(front)
	switch {
	case strongest != Thanks || !has(Tell) && !has(Quiet):
		return why
	case p.Given:
		return why + ", and " + p.They + " " + p.Has() + " not heard how it turned out"
	}
	return why + ", and a word on how it turned out"
}
