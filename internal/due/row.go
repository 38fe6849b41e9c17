package due

import (
	"cmp"
	"math"
	"slices"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// State says how a contact stands on the day (FORMAT.md, "What is due").
type State uint8

// The states.
const (
	Overdue  State = iota // due before today
	DueToday              // due today
	Soon                  // due within 7 days
	Later
	Untracked // no cadence
	Paused    // the status is not active
)

// IsDue says whether it is time to be in touch.
func (s State) IsDue() bool { return s == Overdue || s == DueToday }

func (s State) String() string {
	return [...]string{"overdue", "today", "soon", "later", "untracked", "paused"}[s]
}

// Turn says whose turn it is to write.
type Turn uint8

// The turns.
const (
	Even Turn = iota
	Yours
	Theirs
)

func (t Turn) String() string { return [...]string{"even", "yours", "theirs"}[t] }

const (
	soonDays  = 7   // how many days ahead a due date is soon
	staleDays = 180 // after how many a letter waits behind those that are fresher
)

// Row is what is due with one contact. It never changes.
type Row struct {
	facts
	Reasons []Reason
	// Unheard is your own news since you were last in touch, newest first, three
	// at most; of those you have been in touch with at all.
	Unheard []journal.EntryRef

	// morning is the row as it would be had nothing of yours been written down of
	// today; nil if nothing is.
	morning *Row
}

// facts are the part of a row that compares with ==.
type facts struct {
	Contact *journal.Contact
	State   State
	Due     civil.Date // zero where there is no cadence
	Base    civil.Date // what the cadence counts from: zero where there is none
	Last    civil.Date // of the newest touch
	Planned civil.Date // of the earliest planned entry
	// Days is today - due, so more than 0 for who is overdue.
	Days       int
	Turn       Turn
	Unanswered int // outbound writes since they last answered or you last spoke
	Balance    Balance
	// Newest is the newest touch, as an index of Contact.Entries, or -1.
	Newest int
	// DaysInTouch counts the days, of the 90 before today, with an outbound or
	// mutual touch.
	DaysInTouch int
	// InTouch says that there is an outbound or mutual touch dated today.
	InTouch bool

	past, span int  // urgency is past ÷ span, in days
	raises     bool // active, not snoozed past today, and its file can be read
	stale      bool // the turn is yours, and their newest letter is over staleDays old
}

// equal says whether two rows are the same in everything.
func (r *Row) equal(o *Row) bool { return r.Contact == o.Contact && r.alike(o) }

// alike says whether two rows say the same of contacts that may differ, as those in the
// morning do.
func (r *Row) alike(o *Row) bool {
	of := r.facts
	of.Contact = o.Contact
	return of == o.facts && slices.Equal(r.Reasons, o.Reasons) && slices.Equal(r.Unheard, o.Unheard) &&
		(r.morning == nil) == (o.morning == nil) && (r.morning == nil || r.morning.alike(o.morning))
}

// inTheMorning is the row as it would be had nothing of yours been written down of
// today.
func (r *Row) inTheMorning() *Row { return cmp.Or(r.morning, r) }

// Plans returns what is planned with somebody, the earliest first (FORMAT.md,
// "Entries").
func (r *Row) Plans() (plans []journal.EntryRef) {
	for _, ref := range r.Contact.Entries { // newest first
		if r.Planned.IsZero() || ref.Entry().Date.Before(r.Planned) {
			break
		}
		if reachesOut(ref) {
			plans = append(plans, ref)
		}
	}
	slices.Reverse(plans)
	return plans
}

// Undecided says whether to ask how often you would like to be in touch: there is no
// cadence from anywhere (FORMAT.md, "To decide").
func (r *Row) Undecided() bool { return r.raises && r.Contact.CadenceFrom == "" }

// Urgency returns (today - base) ÷ (base + cadence - base), 1 where there is no
// base. It means nothing where there is no cadence.
func (r *Row) Urgency() float64 { return float64(r.past) / float64(r.span) }

// Urgency4 is Urgency rounded to 4 decimals, and no negative zero.
func (r *Row) Urgency4() float64 { return math.Round(r.Urgency()*10000)/10000 + 0 }

// compareUrgency orders rows by the exact ratio, the lowest first.
func (r *Row) compareUrgency(o *Row) int { return r.past*o.span - o.past*r.span }

// Balance is the give and take with one contact (FORMAT.md, "Give and take").
type Balance struct {
	Gave, Got         int // gave and offered; got and asked
	GaveYear, GotYear int // the same in the last 365 days
	OnlyInNeed        bool
}

// rules are what the rows of a day have in common.
type rules struct {
	today      civil.Date
	quietAfter civil.Cadence
	news       []journal.EntryRef // your own, oldest first, none after today
}

func newRules(j *journal.Journal, today civil.Date) rules {
	r := rules{today: today, quietAfter: j.Settings.QuietAfter}
	for _, n := range j.News {
		if !n.Entry().Date.After(today) {
			r.news = append(r.news, n)
		}
	}
	return r
}

// history is the newest touch of each direction, none after today.
type history struct {
	inbound  civil.Date // not closed
	closed   civil.Date // inbound, and asks for no answer
	outbound civil.Date
	mutual   civil.Date
}

// reached is when you last wrote or spoke.
func (h history) reached() civil.Date { return latest(h.outbound, h.mutual) }

// ended is when an exchange last ended with nobody owing an answer.
func (h history) ended() civil.Date { return latest(h.mutual, h.closed) }

// heard is when they last wrote or spoke.
func (h history) heard() civil.Date { return latest(latest(h.inbound, h.closed), h.mutual) }

// row applies the rules to one contact.
func (u rules) row(c *journal.Contact) *Row {
	r := &Row{facts: facts{Contact: c, Newest: -1}}
	var h history
	for i, ref := range c.Entries { // newest first
		e := ref.Entry()
		if !e.Touch() {
			continue
		}
		if e.Date.After(u.today) {
			if e.Direction != note.Inbound {
				r.Planned = e.Date // the last that is set is the earliest
			}
			continue
		}
		if r.Newest < 0 {
			r.Newest, r.Last = i, e.Date
		}
		h.see(e.Date, e.Direction, ref.Has(note.Closed))
	}
	r.raises = c.Active() && !c.Front().Snooze.After(u.today) && !c.File.Broken
	u.due(r, h)
	u.turn(r, h)
	u.balance(r)
	u.daysInTouch(r)
	r.Reasons = u.reasons(r, h)
	if r.InTouch = h.reached() == u.today; r.InTouch {
		of := *c
		of.Entries = slices.DeleteFunc(slices.Clone(c.Entries), func(ref journal.EntryRef) bool {
			return ref.Entry().Date == u.today && reachesOut(ref)
		})
		r.morning = u.row(&of)
	}
	for i := len(u.news) - 1; i >= 0 && len(r.Unheard) < 3; i-- {
		if reached := h.reached(); reached.IsZero() || !u.news[i].Entry().Date.After(reached) {
			break
		}
		r.Unheard = append(r.Unheard, u.news[i])
	}
	return r
}

// see takes in a touch that is no newer than those seen before.
func (h *history) see(day civil.Date, d note.Direction, closed bool) {
	at := &h.inbound
	switch {
	case d == note.Outbound:
		at = &h.outbound
	case d == note.Mutual:
		at = &h.mutual
	case closed:
		at = &h.closed
	}
	if at.IsZero() {
		*at = day
	}
}

// due works out base, due date, state and urgency.
func (u rules) due(r *Row, h history) {
	front, cadence := r.Contact.Front(), r.Contact.Cadence
	switch {
	case !h.reached().IsZero():
		r.Base = h.reached()
	case !front.Met.IsZero():
		r.Base = front.Met
	default:
		r.Base = front.Added
	}
	if cadence.Recurs() {
		r.Due, r.past, r.span = u.today, 1, 1
		if !r.Base.IsZero() {
			r.Due = cadence.From(r.Base)
			r.past, r.span = u.today.Sub(r.Base), r.Due.Sub(r.Base)
		}
		r.Due = latest(r.Due, front.Snooze)
		if !r.Planned.IsZero() && !r.Planned.After(cadence.From(u.today)) {
			r.Due = latest(r.Due, r.Planned)
		}
		r.Days = u.today.Sub(r.Due)
	}
	switch {
	case !r.Contact.Active():
		r.State = Paused
	case r.Due.IsZero():
		r.State = Untracked
	case r.Days > 0:
		r.State = Overdue
	case r.Days == 0:
		r.State = DueToday
	case r.Days >= -soonDays:
		r.State = Soon
	default:
		r.State = Later
	}
}

func latest(a, b civil.Date) civil.Date {
	if b.After(a) {
		return b
	}
	return a
}

// turn works out whose turn it is: an inbound write marked closed ends the
// exchange as a talk does.
func (u rules) turn(r *Row, h history) {
	switch {
	case h.inbound.After(h.reached()) && h.inbound.After(h.ended()):
		r.Turn = Yours
		r.stale = u.today.Sub(h.inbound) > staleDays
	case h.outbound.After(h.inbound) && h.outbound.After(h.ended()):
		r.Turn = Theirs
	}
	for ref := range u.past(r) {
		if e := ref.Entry(); e.Direction == note.Outbound && e.Date.After(h.heard()) {
			r.Unanswered++
		}
	}
}

// The days that count as the last year for the balance, and as recent for who
// is met only when in need.
const (
	yearDays   = 365
	recentDays = 730
)

// balance counts the give and take.
func (u rules) balance(r *Row) {
	b := &r.Balance
	reached, asked := 0, 0
	for ref := range u.past(r) {
		e := ref.Entry()
		age := u.today.Sub(e.Date)
		gave, got := 0, 0
		for _, m := range ref.Marks() {
			switch m {
			case note.Gave, note.Offered:
				gave++
			case note.Got, note.Asked:
				got++
			}
		}
		b.Gave += gave
		b.Got += got
		if age < yearDays {
			b.GaveYear += gave
			b.GotYear += got
		}
		if age < recentDays && (e.Direction == note.Outbound || e.Direction == note.Mutual) {
			reached++
			if ref.Has(note.Asked) {
				asked++
			}
		}
	}
	b.OnlyInNeed = reached >= 2 && asked == reached
}

// Habit is the kind of contact by which you were last in touch in one of some
// directions, or else what is given.
func (r *Row) Habit(otherwise string, directions ...note.Direction) string {
	if r.Newest < 0 {
		return otherwise
	}
	for _, ref := range r.Contact.Entries[r.Newest:] { // what is planned stands before it
		if kind := ref.Kind(); kind != "" && slices.Contains(directions, ref.Entry().Direction) {
			return kind
		}
	}
	return otherwise
}
