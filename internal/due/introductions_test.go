package due_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
)

// introductions says who could be introduced to whom, each as "needs ← offers".
func introductions(v *due.View, most int) []string {
	var said []string
	for _, i := range (*due.Wishes)(nil).Next(nil, v.Rows).Introductions(v, most) {
		said = append(said, fmt.Sprintf("%s: %s ← %s: %s", i.Needs.Slug, i.Needs.Text, i.Offers.Slug, i.Offers.Text))
	}
	return said
}

func TestIntroductions(t *testing.T) {
	needs := func(what string) string { return "---\nneeds: [" + what + "]\n---\n" }
	offers := func(what string) string { return "---\noffers: [" + what + "]\n---\n" }
	tests := []struct {
		name  string
		notes people
		want  []string
	}{
		{
			"the same words",
			people{"contacts/ada.md": needs("kayak repairs"), "contacts/bo.md": offers("kayak repairs")},
			[]string{"ada: kayak repairs ← bo: kayak repairs"},
		},
		{
			"one word in another form, case and accent",
			people{"contacts/ada.md": needs("a Publisher"), "contacts/bo.md": offers("publishing, CAFÉS"), "contacts/cy.md": needs("a cafe")},
			[]string{"cy: a cafe ← bo: CAFÉS", "ada: a Publisher ← bo: publishing"},
		},
		{
			"a tag is its words",
			people{"contacts/ada.md": needs(`"#proof-reading"`), "contacts/bo.md": offers("proof-reading in Italian")},
			[]string{"ada: #proof-reading ← bo: proof-reading in Italian"},
		},
		{
			"words that say nothing",
			people{"contacts/ada.md": needs("somebody with a good idea, 2 of them"), "contacts/bo.md": offers("somebody with good advice, 2 of it")},
			nil,
		},
		{
			"nobody needs themselves",
			people{"contacts/ada.md": "---\nneeds: [paper]\noffers: [paper]\n---\n"},
			nil,
		},
		{
			"both ways",
			people{"contacts/ada.md": "---\nneeds: [paper]\noffers: [ink]\n---\n", "contacts/bo.md": "---\nneeds: [ink]\noffers: [paper]\n---\n"},
			[]string{"bo: ink ← ada: ink", "ada: paper ← bo: paper"},
		},
		{
			"two people, once",
			people{"contacts/ada.md": needs("paper, ink"), "contacts/bo.md": offers("paper, ink")},
			[]string{"ada: ink ← bo: ink"},
		},
		{
			"more words",
			people{
				"contacts/ada.md": needs("a flat in Oslo"), "contacts/bo.md": offers("a flat in Leeds"), "contacts/cy.md": offers("a dry flat in Oslo"),
				"contacts/di.md": offers("letters from Oslo"),
			},
			[]string{"ada: a flat in Oslo ← cy: a dry flat in Oslo"},
		},
		{
			"fewer words, if nobody has more whom they do not know",
			people{
				"contacts/ada.md": needs("a dry flat in Oslo") + "[[cy]]\n", "contacts/bo.md": offers("a dry flat in Leeds"), "contacts/cy.md": offers("a dry flat in Oslo"),
				"contacts/di.md": offers("letters from Oslo"),
			},
			[]string{"ada: a dry flat in Oslo ← bo: a dry flat in Leeds"},
		},
		{
			"one word of several is not enough",
			people{
				"contacts/ada.md": needs("hand lettering"), "contacts/bo.md": offers("hands"),
				"contacts/cy.md": needs("field boundaries"), "contacts/di.md": offers("field recordings"),
			},
			nil,
		},
		{
			"all of the shorter text is",
			people{"contacts/ada.md": needs("paper, ink"), "contacts/bo.md": offers("paper & ink"), "contacts/cy.md": offers("a pen")},
			[]string{"ada: ink ← bo: paper & ink"},
		},
		{
			"the rarer word first",
			people{
				"contacts/ada.md": needs("a flat"), "contacts/bo.md": offers("a flat"), "contacts/cy.md": needs("zinc"),
				"contacts/di.md": offers("zinc"), "contacts/ed.md": offers("a flat"),
			},
			[]string{"cy: zinc ← di: zinc", "ada: a flat ← bo: a flat", "ada: a flat ← ed: a flat"},
		},
		{
			"three for one need",
			people{
				"contacts/ada.md": needs("ink"), "contacts/b1.md": offers("ink"), "contacts/b2.md": offers("ink"), "contacts/b3.md": offers("ink"), "contacts/b4.md": offers("ink"),
			},
			[]string{"ada: ink ← b1: ink", "ada: ink ← b2: ink", "ada: ink ← b3: ink"},
		},
		{
			"only who is active",
			people{
				"contacts/ada.md":  needs("ink"),
				"contacts/b1.md":   "---\nstatus: archived\noffers: [ink]\n---\n",
				"contacts/b2.md":   "---\nstatus: memorial\noffers: [ink]\n---\n",
				"contacts/b3.md":   "---\nstatus: paused\noffers: [ink]\n---\n",
				"contacts/b4.md":   "---\nsnooze: 2027-01-01\noffers: [ink]\n---\n",
				"contacts/zoë.md":  "---\nstatus: paused\nneeds: [ink]\n---\n",
				"contacts/late.md": "---\noffers: [ink\n---\n",
			},
			[]string{"ada: ink ← b4: ink"},
		},
		{
			"a link in a file",
			people{"contacts/ada.md": needs("ink") + "Met [[bo]] once.\n", "contacts/bo.md": offers("ink")},
			nil,
		},
		{
			"a link in the other's file",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": offers("ink") + "- 2026-01-02 tea with [[ada]]\n"},
			nil,
		},
		{
			"introduced by the other",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": "---\noffers: [ink]\nvia: \"[[ada]]\"\n---\n"},
			nil,
		},
		{
			"an entry of both in a journal file",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": offers("ink"), "journal/2026.md": "- 2026-01-02 tea with [[ada]] and [[bo]]\n"},
			nil,
		},
		{
			"an entry of both in somebody else's file",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": offers("ink"), "contacts/cy.md": "- 2026-01-02 tea with [[ada]], [[bo]]\n"},
			nil,
		},
		{
			"an entry of one whose text names the other",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": offers("ink"), "journal/2026.md": "- 2026-01-02 tea with [[bo]]: He knows [[ada]].\n"},
			nil,
		},
		{
			"two entries of one file are no meeting",
			people{"contacts/ada.md": needs("ink"), "contacts/bo.md": offers("ink"), "journal/2026.md": "[[ada]] and [[bo]] are in here.\n\n- 2026-01-02 tea with [[bo]]\n- 2026-01-02 tea with [[ada]]\n"},
			[]string{"ada: ink ← bo: ink"},
		},
		{
			"who both know a third is no acquaintance",
			people{"contacts/ada.md": needs("ink") + "[[cy]]\n", "contacts/bo.md": offers("ink") + "[[cy]]\n", "contacts/cy.md": ""},
			[]string{"ada: ink ← bo: ink"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, introductions(due.New(tt.notes.read(), day(t, today)), 50)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestIntroductionsAreLimited(t *testing.T) {
	notes := people{}
	for i := range 300 {
		notes[fmt.Sprintf("contacts/n%d.md", i)] = "---\nneeds: [a job]\n---\n"
		notes[fmt.Sprintf("contacts/o%d.md", i)] = "---\noffers: [a job]\n---\n"
	}
	if n := len(introductions(due.New(notes.read(), day(t, today)), 40)); n != 40 {
		t.Errorf("%d introductions", n)
	}
}

// After any change, the wishes that share with those before say the same as new
// ones, and they are the same wishes if nobody's needs and offers changed.
func TestWishesNext(t *testing.T) {
	notes := people{
		"contacts/ada.md": "---\nneeds: [ink, paper]\n---\n", "contacts/bo.md": "---\noffers: [ink]\n---\n", "contacts/cy.md": "---\noffers: [paper, ink]\n---\n",
		"contacts/yan.md": "---\noffers: [zinc]\n---\n", "contacts/zoë.md": "---\nneeds: [zinc]\n---\n",
	}
	steps := []struct {
		name  string
		notes people // "" removes
		same  bool
	}{
		{"an entry", people{"contacts/ada.md": "---\nneeds: [ink, paper]\n---\n- 2026-01-02 tea\n"}, true},
		{"a name", people{"contacts/ada.md": "---\nname: Countess\nneeds: [ink, paper]\n---\n"}, true},
		{"an acquaintance", people{"contacts/bo.md": "---\noffers: [ink]\n---\n[[ada]]\n"}, true},
		{"a need less", people{"contacts/ada.md": "---\nneeds: [paper]\n---\n"}, false},
		{"an offer more", people{"contacts/bo.md": "---\noffers: [ink, papers]\n---\n"}, false},
		{"resting", people{"contacts/cy.md": "---\nstatus: paused\noffers: [paper, ink]\n---\n"}, false},
		{"gone", people{"contacts/cy.md": ""}, true},
		{"come", people{"contacts/di.md": "---\noffers: [paper]\n---\n"}, false},
		{"all gone", people{"contacts/ada.md": "", "contacts/bo.md": "", "contacts/di.md": ""}, false},
	}
	v := due.New(notes.read(), day(t, today))
	wishes := (*due.Wishes)(nil).Next(nil, v.Rows)
	for _, step := range steps {
		for name, text := range step.notes {
			if notes[name] = text; text == "" {
				delete(notes, name)
			}
		}
		next := v.Next(notes.read(), v.Today)
		var gone, come []*due.Row
		for _, r := range v.Rows {
			if !slices.Contains(next.Rows, r) {
				gone = append(gone, r)
			}
		}
		for _, r := range next.Rows {
			if !slices.Contains(v.Rows, r) {
				come = append(come, r)
			}
		}
		now := wishes.Next(gone, come)
		if (now == wishes) != step.same {
			t.Errorf("%s: the same wishes: %v", step.name, now == wishes)
		}
		fresh := (*due.Wishes)(nil).Next(nil, next.Rows)
		if diff := cmp.Diff(fresh.Introductions(next, 50), now.Introductions(next, 50)); diff != "" {
			t.Errorf("%s: -fresh +next:\n%s", step.name, diff)
		}
		v, wishes = next, now
	}
}
