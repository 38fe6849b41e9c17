package due

import (
	"fmt"
	"slices"
	"strings"

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
	for ref := range u.past(r) {
		e := ref.Entry()
		if e.Direction == note.Inbound && !ref.Has(note.Closed) && e.Date.After(h.reached()) && e.Date.After(h.ended()) {
			first = ref
		}
	}
	since, what := first.Entry().Date, first.Kind()
	if what == "" {
		what = "message"
	}
	return since, fmt.Sprintf("%s %s %s, and it is your turn to answer", article(what), what, When(u.today, since))
}

// article puts a kind of write into a sentence.
func article(kind string) string {
	if kind == "" || strings.IndexByte("aeiou", kind[0]) < 0 {
		return "a"
	}
	return "an"
}

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
			what := "you asked for help"
			if help.Has(note.Got) {
				what = "they helped"
			}
			return day, fmt.Sprintf("%s with #%s, and have not heard your news of %s", what, tag, When(u.today, day))
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
	return since, fmt.Sprintf("they helped you %s; no thanks yet", When(u.today, since))
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
			why = fmt.Sprintf("your promise, due %s: %s", When(u.today, t.Due), t.Text)
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
	return since, fmt.Sprintf("they helped you %s; tell them how it turned out", When(u.today, since))
}

// overdue holds when the state is overdue or today.
func (u rules) overdue(r *Row, h history) (since civil.Date, why string) {
	if !r.State.IsDue() {
		return since, ""
	}
	switch {
	case r.Base.IsZero():
		why = "never written to yet"
	case h.reached().IsZero() && r.Base == r.Contact.Front().Met:
		why = fmt.Sprintf("you met %s and have not written yet", When(u.today, r.Base))
	case h.reached().IsZero():
		why = fmt.Sprintf("in your journal since %s, not written to yet", r.Base)
	default:
		why = fmt.Sprintf("%s since you were last in touch; you meant every %s", Span(u.today.Sub(r.Base)), every(r.Contact.Cadence))
	}
	return r.Due, why
}

// every spells a cadence after the word every: week, 6 weeks.
func every(c civil.Cadence) string {
	if c.N == 1 {
		return c.Unit.String()
	}
	return c.String()
}
