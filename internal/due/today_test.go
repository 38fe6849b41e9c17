package due_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"kith/internal/due"
)

// describe is all that queues say.
func describe(q *due.Queues, v *due.View) string {
	few := q.Few(v)
	text := fmt.Sprintf("due %d, waiting %d, to decide %s", q.Due, q.Waiting, order(few.Decide, ""))
	for _, pick := range few.People {
		text += fmt.Sprintf(", %s for %s", pick.Row.Contact.Slug, pick.Reason.Kind)
	}
	for kind := due.Reply; kind <= due.Due; kind++ {
		text += fmt.Sprintf("\n%s: %s", kind, order(q.First(kind), ""))
	}
	return text
}

// There are more people than queues know, so that some come to their end.
func TestQueuesAfterManySavesAreThoseOfTheView(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	now := day(t, today)
	entry := func(days int, header string) string {
		return fmt.Sprintf("- %s %s: A word.\n", now.AddDays(-random.IntN(days)), header)
	}
	p := people{"kith.toml": "daily = 100"}
	for i := range 700 {
		note := entry(100, "< letter")
		if i%3 == 0 {
			note = "---\nevery: 2 weeks\n---\n" + entry(100, "< letter got #x")
		}
		p[fmt.Sprintf("contacts/person-%03d.md", i)] = note
	}
	v := due.New(p.read(), now)
	queues := due.NewQueues(v)
	for save := range 500 {
		slug := fmt.Sprintf("person-%03d", random.IntN(700))
		if rows := queues.First(due.Reply); save%2 == 0 {
			slug = rows[random.IntN(20)].Contact.Slug
		}
		path := "contacts/" + slug + ".md"
		switch random.IntN(6) {
		case 0: // somebody whose turn comes late
			p[path] = entry(10, "< letter")
		case 1:
			p[path] += entry(100, "> email thanked") + fmt.Sprintf("- %s call: Now.\n", now)
		case 2:
			delete(p, path)
		default:
			p[path] += fmt.Sprintf("- %s > email: An answer.\n", now.AddDays(-1))
		}
		next := v.Next(reread(v.Journal, p), now)
		var gone, come []*due.Row
		for _, r := range v.Rows {
			if next.Row(r.Contact.Slug) != r {
				gone = append(gone, r)
			}
		}
		for _, r := range next.Rows {
			if v.Row(r.Contact.Slug) != r {
				come = append(come, r)
			}
		}
		v, queues = next, queues.Next(next, gone, come)
		if got, want := describe(queues, v), describe(due.NewQueues(v), v); got != want {
			t.Fatalf("after save %d of %s the queues are\n%s\nand those of the view\n%s", save, slug, got, want)
		}
	}
}
