package due

import (
	"cmp"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// Brief is what there is to say to one contact on a day. The card of Today, the
// contact's page, kith brief and the drafts are all made of it, so that they never
// say different things. Nothing in it is invented: it points at what is written.
type Brief struct {
	Row *Row
	// Helped are the times they helped you for which you have not said thanks,
	// newest first; where you have thanked for all, the newest time alone.
	Helped []journal.EntryRef
	// Thanked is the day of your newest thanks, zero if there were none.
	Thanked civil.Date
	// Last is the last exchange; its File is nil where there was none.
	Last journal.EntryRef
	// Unanswered are their letters that wait for your answer, newest first.
	Unanswered []journal.EntryRef
	// News is your own since you last wrote or spoke, that with a tag of theirs
	// first, then the newest.
	News []News
	// Asks and Promises are what is open, those with the earliest due date first.
	Asks, Promises []journal.TaskRef
	// Through are the slugs of those who introduced you, Introduced those of the
	// people whom you met through them, and Both those of the people whom both of
	// you know.
	Through, Introduced, Both []string
	// Job is the newest dated note that says of a new company or role, up to a
	// year old and not spoken of since; its File is nil where there is none.
	Job journal.EntryRef
	// Gift is something that you could give them.
	Gift Gift
}

// News is an entry of your own news, and the tag by which it is about something
// that they had to do with, or "".
type News struct {
	journal.EntryRef
	Tag string
}

// GiftKind says what it is that you could give.
type GiftKind uint8

// The gifts, in the order in which they are thought of.
const (
	NoGift         GiftKind = iota
	Introduce               // to somebody who can give what they look for
	KeepPromise             // an open promise
	KeepOffer               // what you offered, and never gave
	SayThanks               // they helped you, and you have not thanked them
	WriteReference          // they helped you, and you never recommended them
)

// Gift is one thing that you could give to somebody.
type Gift struct {
	Kind    GiftKind
	Meeting Introduction     // of Introduce
	Promise journal.TaskRef  // of KeepPromise
	Entry   journal.EntryRef // of KeepOffer, SayThanks and WriteReference: what it goes back to
}

// JobTag is the tag of the dated notes that say of a new company or role.
const JobTag = "job"

// jobDays is how many days a new company or role is news.
const jobDays = 365

// Brief puts together what there is to say to a contact. meetings are the
// introductions that would serve them ([Wishes.For]), the best first.
func (r *Row) Brief(today civil.Date, meetings []Introduction) Brief {
	b := Brief{Row: r}
	if r.Newest >= 0 {
		b.Last = r.Contact.Entries[r.Newest]
	}
	past := slices.DeleteFunc(slices.Clone(r.Contact.Entries), func(ref journal.EntryRef) bool { return ref.Entry().Date.After(today) })
	// since returns those that are later than the newest of others, newest first.
	since := func(is, others func(journal.EntryRef) bool) (list []journal.EntryRef) {
		var after civil.Date
		if i := slices.IndexFunc(past, others); i >= 0 {
			after = past[i].Entry().Date
		}
		for _, ref := range past {
			if is(ref) && ref.Entry().Date.After(after) {
				list = append(list, ref)
			}
		}
		return list
	}
	marked := func(m note.Mark) func(journal.EntryRef) bool {
		return func(ref journal.EntryRef) bool { return ref.Has(m) }
	}
	if r.Turn == Yours {
		b.Unanswered = since(awaitsAnswer, endsExchange)
	}
	if i := slices.IndexFunc(past, marked(note.Thanked)); i >= 0 {
		b.Thanked = past[i].Entry().Date
	}
	owed := since(marked(note.Got), marked(note.Thanked))
	b.Helped = owed
	got := slices.IndexFunc(past, marked(note.Got))
	if len(owed) == 0 && got >= 0 {
		b.Helped = past[got : got+1]
	}
	for _, ref := range since(saysJob, reachesOut) {
		if b.Job.File == nil && today.Sub(ref.Entry().Date) <= jobDays {
			b.Job = ref
		}
	}
	b.news()
	b.tasks()
	b.people()
	offered := since(marked(note.Offered), marked(note.Gave))
	switch {
	case len(meetings) > 0:
		b.Gift = Gift{Kind: Introduce, Meeting: meetings[0]}
	case len(b.Promises) > 0:
		b.Gift = Gift{Kind: KeepPromise, Promise: b.Promises[0]}
	case len(offered) > 0:
		b.Gift = Gift{Kind: KeepOffer, Entry: offered[0]}
	case len(owed) > 0:
		b.Gift = Gift{Kind: SayThanks, Entry: owed[0]}
	case got >= 0 && !slices.ContainsFunc(past, recommends):
		b.Gift = Gift{Kind: WriteReference, Entry: past[got]}
	}
	return b
}

// reachesOut says whether an entry is a touch of yours.
func reachesOut(ref journal.EntryRef) bool {
	d := ref.Entry().Direction
	return d == note.Outbound || d == note.Mutual
}

// awaitsAnswer says whether an entry is a letter of theirs that is not closed.
func awaitsAnswer(ref journal.EntryRef) bool {
	return ref.Entry().Direction == note.Inbound && !ref.Has(note.Closed)
}

// endsExchange says whether after an entry nobody waits for your answer.
func endsExchange(ref journal.EntryRef) bool { return ref.Entry().Touch() && !awaitsAnswer(ref) }

// saysJob says whether an entry is a note of a new company or role.
func saysJob(ref journal.EntryRef) bool {
	return !ref.Entry().Touch() && slices.Contains(ref.Tags(), JobTag)
}

// recommends says whether an entry is about a recommendation of yours.
func recommends(ref journal.EntryRef) bool {
	if !ref.Has(note.Gave) && !ref.Has(note.Offered) {
		return false
	}
	return strings.Contains(strings.ToLower(ref.Text()), "recommend") ||
		slices.ContainsFunc(ref.Tags(), func(t string) bool { return strings.HasPrefix(t, "recommend") })
}

// news sorts the news that they have not heard: first that with a tag which they
// helped with or share.
func (b *Brief) news() {
	front := b.Row.Contact.Front()
	for _, ref := range b.Row.Unheard {
		n := News{EntryRef: ref}
		for _, tag := range ref.Tags() {
			if slices.Contains(front.Tags, tag) || slices.ContainsFunc(b.Row.Contact.Entries, func(e journal.EntryRef) bool {
				return slices.Contains(e.Tags(), tag)
			}) {
				n.Tag = tag
				break
			}
		}
		b.News = append(b.News, n)
	}
	slices.SortStableFunc(b.News, func(x, y News) int {
		if (x.Tag == "") != (y.Tag == "") {
			return cmp.Compare(y.Tag, x.Tag)
		}
		return 0
	})
}

// tasks collects what is open.
func (b *Brief) tasks() {
	for _, ref := range b.Row.Contact.Tasks {
		switch t := ref.Task(); {
		case t.Done:
		case t.Ask:
			b.Asks = append(b.Asks, ref)
		default:
			b.Promises = append(b.Promises, ref)
		}
	}
	slices.SortStableFunc(b.Asks, CompareTasks)
	slices.SortStableFunc(b.Promises, CompareTasks)
}

// CompareTasks orders open tasks: those with a due date first, the earliest first.
func CompareTasks(x, y journal.TaskRef) int {
	a, b := x.Task().Due, y.Task().Due
	if a.IsZero() || b.IsZero() {
		return -a.Compare(b)
	}
	return a.Compare(b)
}

// people finds who introduced you, whom you met through them, and whom both of you
// know: who stands in their file, or has them in their own.
func (b *Brief) people() {
	c := b.Row.Contact
	add := func(list *[]string, slug string) {
		if slug != "" && slug != c.Slug && !slices.Contains(*list, slug) {
			*list = append(*list, slug)
		}
	}
	for i, l := range c.File.Links {
		if l.Where == note.InVia {
			add(&b.Through, c.File.Targets[i])
		}
	}
	for _, f := range c.Introduced {
		add(&b.Introduced, f.Slug)
	}
	known := func(slug string) {
		if !slices.Contains(b.Through, slug) && !slices.Contains(b.Introduced, slug) {
			add(&b.Both, slug)
		}
	}
	for _, slug := range c.File.Targets {
		known(slug)
	}
	for _, f := range c.From {
		if f.Kind == note.Contact {
			known(f.Slug)
		}
	}
}

// Helpers returns the slugs of those who have a part in an entry of your own news:
// who helped you with one of its tags up to then, and who led you to them, by an
// introduction or by help whose text names them. Each stands once, those who helped
// first.
func (v *View) Helpers(news journal.EntryRef) []string {
	var found []string
	add := func(slug string) {
		if slug != "" && !slices.Contains(found, slug) {
			found = append(found, slug)
		}
	}
	for _, r := range v.BySlug {
		if slices.ContainsFunc(r.Contact.Entries, func(ref journal.EntryRef) bool {
			return ref.Has(note.Got) && !ref.Entry().Date.After(news.Entry().Date) &&
				slices.ContainsFunc(ref.Tags(), func(t string) bool { return slices.Contains(news.Tags(), t) })
		}) {
			add(r.Contact.Slug)
		}
	}
	for i := 0; i < len(found); i++ { // the list grows by who led to those on it
		c := v.Journal.Contact(found[i])
		for n, l := range c.File.Links {
			if l.Where == note.InVia {
				add(c.File.Targets[n])
			}
		}
		for _, m := range c.Mentions {
			if e := m.File.Links[m.Link].Entry; e >= 0 && m.File.Kind == note.Contact && m.File.Entries[e].Has(note.Got) {
				add(m.Slug())
			}
		}
	}
	return found
}
