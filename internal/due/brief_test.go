package due_test

import (
	"slices"
	"testing"

	"kith/internal/due"
)

// briefOf puts together what there is to say to somebody of a small journal.
func briefOf(t *testing.T, p people, slug string) due.Brief {
	t.Helper()
	v := due.New(p.read(), day(t, "2026-12-01"))
	wishes := (*due.Wishes)(nil).Next(nil, v.Rows)
	return v.Row(slug).Brief(v.Today, wishes.For(v, v.Row(slug)))
}

func TestABriefSaysWhatThereIsToSay(t *testing.T) {
	b := briefOf(t, people{
		"contacts/bo.md": `---
name: Bo
tags: [sea]
via: "[[Cy]]"
---
- [?] b
- [?] a by 2026-12-05
- [ ] p

- 2026-11-20 < letter: second
- 2026-11-10 < text: first
- 2026-11-05 < email closed: done
- 2026-09-02 call got #x: helped twice
- 2026-09-01 call got #x: helped once
- 2026-08-01 > card thanked
- 2026-07-01 call got: long ago
- 2026-10-30 note #job: now Smith at Forge (was Clerk at Desk)
`,
		"contacts/cy.md": "---\nname: Cy\n---\nKnows [[Ed]].\n",
		"contacts/di.md": "---\nname: Di\nvia: [[Bo]]\n---\n",
		"contacts/ed.md": "---\nname: Ed\n---\nOften with [[Bo]].\n",
		"journal/2026.md": `- 2026-11-30 news: plain
- 2026-11-15 news #x: shared by help
- 2026-10-01 news #sea: shared by interest
- 2026-08-30 news #x: they know that
- 2026-12-24 news #x: not yet
`,
	}, "bo")
	var helped, unanswered, news, asks []string
	for _, ref := range b.Helped {
		helped = append(helped, ref.Text())
	}
	for _, ref := range b.Unanswered {
		unanswered = append(unanswered, ref.Text())
	}
	for _, n := range b.News {
		news = append(news, n.Text())
	}
	for _, ref := range b.Asks {
		asks = append(asks, ref.Task().Text)
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"helped", helped, []string{"helped twice", "helped once"}},
		{"unanswered", unanswered, []string{"second", "first"}},
		{"news", news, []string{"shared by help", "shared by interest", "plain"}},
		{"asks", asks, []string{"a", "b"}},
		{"through", b.Through, []string{"cy"}},
		{"introduced", b.Introduced, []string{"di"}},
		{"both", b.Both, []string{"ed"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if got := b.Job.File; got == nil || b.Job.Text() != "now Smith at Forge (was Clerk at Desk)" {
		t.Errorf("job: %v", got)
	}
	if b.Gift.Kind != due.KeepPromise {
		t.Errorf("gift: %v", b.Gift.Kind)
	}
}

func TestSomethingToGive(t *testing.T) {
	for _, c := range []struct {
		what, front, body string
		want              due.GiftKind
	}{
		{"an introduction", "needs: [kayak repairs]\n", "- [ ] promise\n", due.Introduce},
		{"an open promise", "", "- [ ] promise\n\n- 2026-11-01 call got\n", due.KeepPromise},
		{"what was offered", "", "- 2026-11-01 call offered: my boat\n", due.KeepOffer},
		{"nothing that was offered and given", "", "- 2026-11-02 call gave: my boat\n- 2026-11-01 call offered: my boat\n", due.NoGift},
		{"thanks", "", "- 2026-11-01 call got\n", due.SayThanks},
		{"a recommendation", "", "- 2026-11-02 > card thanked\n- 2026-11-01 call got\n", due.WriteReference},
		{"nothing after one", "", "- 2026-11-03 > linkedin gave: a recommendation\n- 2026-11-02 > card thanked\n- 2026-11-01 call got\n", due.NoGift},
	} {
		b := briefOf(t, people{
			"contacts/bo.md": "---\nname: Bo\n" + c.front + "---\n" + c.body,
			"contacts/cy.md": "---\nname: Cy\noffers: [kayak repairs]\n---\n",
		}, "bo")
		if b.Gift.Kind != c.want {
			t.Errorf("%s: gift %d, want %d", c.what, b.Gift.Kind, c.want)
		}
	}
}

func TestTheChainOfThanks(t *testing.T) {
	v := due.New(people{
		"contacts/bo.md":  "---\nname: Bo\nvia: [[Cy]]\n---\n- 2026-10-01 call got #x\n",
		"contacts/cy.md":  "---\nname: Cy\nvia: [[Di]]\n---\n",
		"contacts/di.md":  "---\nname: Di\nvia: [[Cy]]\n---\n",
		"contacts/ed.md":  "---\nname: Ed\n---\n- 2026-09-01 call got: put me in touch with [[Bo]]\n",
		"contacts/fy.md":  "---\nname: Fy\n---\n- 2026-11-20 call got #x\n- 2026-09-01 call gave #x\n",
		"journal/2026.md": "- 2026-11-01 news #x: done\n",
	}.read(), day(t, "2026-12-01"))
	if got, want := v.Helpers(v.Journal.News[0]), []string{"bo", "cy", "ed", "di"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
