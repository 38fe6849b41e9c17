package site_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

// The pages that list many people are put together from what the site before
// had of them. After any changes they are those of a fresh site, and a site that
// says that such a page is as it was says the truth.
func TestListsAreThoseOfAFreshSite(t *testing.T) {
	theme := theme(t, nil)
	monday := date(t, "2026-11-23")
	rapid.Check(t, func(t *rapid.T) {
		today := monday
		fsys := fstest.MapFS{}
		anybody := rapid.Map(rapid.IntRange(0, rapid.SampledFrom([]int{3, 130}).Draw(t, "most")), func(i int) string { return fmt.Sprintf("content/contacts/p%03d.md", i) })
		write := func(name string) {
			var lines []string
			for _, field := range [][]string{
				{"name", "Ada", "Ada", "Bo", "élan"},
				{"every", "1 week", "5 months", "never"},
				{"status", "archived", "paused"},
				{"circles", "[a]", "[a, b]", "[c]"},
				{"tags", "[x]", "[x, y]"},
				{"birthday", "11-25", "02-01"},
				{"role", "baker"},
			} {
				if i := rapid.IntRange(-2, len(field)-1).Draw(t, field[0]); i > 0 {
					lines = append(lines, field[0]+": "+field[i])
				}
			}
			entry := rapid.SampledFrom([]string{"", "- 2026-11-23 call: x", "- 2026-11-20 call: x", "- 2026-08-01 call: x", "- 2026-11-01 < letter: x", "- [ ] x by 2026-11-30", "Prose."}).Draw(t, "entry")
			fsys[name] = &fstest.MapFile{Data: []byte("---\n" + strings.Join(lines, "\n") + "\n---\n" + entry + "\n")}
		}
		for range rapid.IntRange(0, 150).Draw(t, "people") {
			write(anybody.Draw(t, "who"))
		}
		s := site.New(due.New(journal.Read(fsys), today), theme, false)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			var changed []string
			for range rapid.IntRange(0, 3).Draw(t, "of") {
				name := anybody.Draw(t, "who")
				if changed = append(changed, name); rapid.IntRange(0, 4).Draw(t, "gone") == 0 {
					delete(fsys, name)
				} else {
					write(name)
				}
			}
			today = today.AddDays(rapid.SampledFrom([]int{0, 0, 0, 1, 9}).Draw(t, "sleep"))
			view := s.View.Next(s.View.Journal.Reread(fsys, changed), today)
			next, fresh := s.Next(view, theme), site.New(view, theme, false)
			for _, page := range []string{"index.html", "contacts.html", "due.html"} {
				text := rendered(t, next, page)
				if text != rendered(t, fresh, page) {
					t.Fatalf("%s is not that of a fresh site", page)
				}
				now, _ := next.File(page)
				if was, _ := s.File(page); was.Inputs == now.Inputs && rendered(t, s, page) != text {
					t.Fatalf("%s changed, its inputs did not", page)
				}
			}
			s = next
		}
	})
}

// A tag that the line shows does not stand in the header too.
func TestAHeadingThatGetsItsTextAnew(t *testing.T) {
	theme, today, name := theme(t, nil), date(t, "2026-11-23"), "content/contacts/ada.md"
	fsys := fstest.MapFS{name: &fstest.MapFile{Data: []byte("## 2026-11-03 call\n\nTalked #work\n")}}
	s := site.New(due.New(journal.Read(fsys), today), theme, false)
	fsys[name] = &fstest.MapFile{Data: []byte("## 2026-11-03 call: Talked #work\n")}
	view := s.View.Next(s.View.Journal.Reread(fsys, []string{name}), today)
	next, fresh := s.Next(view, theme), site.New(view, theme, false)
	for _, path := range []string{"journal.html", "journal/2026.html"} {
		f, _ := next.File(path)
		of, _ := fresh.File(path)
		got, err := f.Render(nil)
		want, _ := of.Render(nil)
		if err != nil || len(want) == 0 || string(got) != string(want) {
			t.Errorf("%s is not that of a fresh site (%v)", path, err)
		}
	}
}

// So are the pages of the journal.
func TestMonthsAreThoseOfAFreshSite(t *testing.T) {
	theme, today := theme(t, nil), date(t, "2026-11-23")
	person := func(i int) string { return fmt.Sprintf("content/contacts/p%02d.md", i) }
	full := fstest.MapFS{"content/journal/2026-03-02.md": &fstest.MapFile{Data: []byte("Prose.\n\n- 10:00 call with [[P 03]]: x\n")}}
	for i := range 12 {
		text := fmt.Sprintf("---\nname: P %02d\n---\n", i)
		for k := range 140 {
			with := ""
			if k%50 == 0 {
				with = " with [[P 03]]"
			}
			text += fmt.Sprintf("- 2026-%02d-%02d call%s: %d\n", 1+k%11, 1+k%28, with, k)
		}
		full[person(i)] = &fstest.MapFile{Data: []byte(text)}
	}
	rapid.Check(t, func(t *rapid.T) {
		fsys := maps.Clone(full)
		s := site.New(due.New(journal.Read(fsys), today), theme, false)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			name := person(rapid.IntRange(0, 12).Draw(t, "who"))
			text := "---\nname: New\n---\n"
			if f := fsys[name]; f != nil {
				text = string(f.Data)
			}
			day := fmt.Sprintf("- 2026-%02d-", rapid.IntRange(1, 12).Draw(t, "month"))
			switch rapid.IntRange(0, 8).Draw(t, "change") {
			case 0, 1:
				text += day + "09 letter: y\n"
			case 2:
				text = strings.Replace(text, day, "- [ ] ", 1)
			case 3:
				text = strings.Replace(text, day+"03 call", day+"03 letter", 1)
			case 4:
				text = strings.Replace(text, day+"03 call", day+"03 call got", 1)
			case 5:
				text = strings.Replace(text, day+"03 call:", day+"03 call with [[P 03]]: [[P 04]]", 1)
			case 6:
				text = strings.Replace(text, "name: ", "name: Q", 1)
			case 7:
				text = ""
			case 8:
				text = strings.Replace(text, day+"03 call: ", day+"03 call: z", 1)
			}
			if text == "" {
				delete(fsys, name)
			} else {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			view := s.View.Next(s.View.Journal.Reread(fsys, []string{name}), today)
			next, fresh := s.Next(view, theme), site.New(view, theme, false)
			for _, f := range fresh.Files() {
				if !strings.HasPrefix(f.Path, "journal") || strings.HasSuffix(f.Path, ".json") {
					continue
				}
				now, _ := next.File(f.Path)
				text := rendered(t, next, f.Path)
				if text != rendered(t, fresh, f.Path) {
					t.Fatalf("%s is not that of a fresh site", f.Path)
				}
				if was, ok := s.File(f.Path); ok && was.Inputs == now.Inputs && rendered(t, s, f.Path) != text {
					t.Fatalf("%s changed, its inputs did not", f.Path)
				}
			}
			s = next
		}
	})
}

func rendered(t *rapid.T, s *site.Site, path string) string {
	f, _ := s.File(path)
	b, err := f.Render(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// However much changes at once, the site is a fresh one, and a page that says that it
// is as it was says the truth: a few saves, most people, all, a day.
func TestSiteAfterFewAndManyChanges(t *testing.T) {
	const people = 130
	name := func(i int) string { return fmt.Sprintf("content/contacts/p%03d.md", i) }
	fsys := fstest.MapFS{}
	texts := map[string]string{}
	add := func(from, to int, text string) func() []string {
		return func() (changed []string) {
			for i := from; i < to; i++ {
				texts[name(i)] += strings.ReplaceAll(text, "NEXT", name((i + 1) % people)[17:21])
				fsys[name(i)] = &fstest.MapFile{Data: []byte(texts[name(i)])}
				changed = append(changed, name(i))
			}
			return changed
		}
	}
	add(0, people, "---\ntags: [all]\n---\nSee [[NEXT]].\n\n- 2026-11-02 call got: Help.\n- 2026-10-02 call: x #old\n")()
	theme, today := theme(t, nil), date(t, "2026-11-23")
	s := site.New(due.New(journal.Read(fsys), today), theme, false)
	for _, step := range []struct {
		name   string
		days   int
		change func() []string
	}{
		{"one who gives tomorrow", 0, add(3, 4, "- 2026-11-24 call gave: An hour.\n")},
		{"a day later", 1, add(0, 0, "")},
		{"one who gives", 0, add(4, 5, "- 2026-11-24 call gave: Another.\n")},
		{"fifty-one", 0, add(10, 61, "- 2026-11-20 call #new: x\n")},
		{"most", 0, add(40, 120, "- 2026-11-21 call thanked #newer: y\n")},
		{"all, and a day later", 1, add(0, people, "- 2026-11-22 letter gave: z\n")},
		{"most are gone", 0, func() (changed []string) {
			for i := range 100 {
				delete(fsys, name(i))
				changed = append(changed, name(i))
			}
			return changed
		}},
	} {
		today = today.AddDays(step.days)
		j := s.View.Journal
		if changed := step.change(); len(changed) > 0 {
			j = j.Reread(fsys, changed)
		}
		view := s.View.Next(j, today)
		next, fresh := s.Next(view, theme), site.New(due.New(journal.Read(fsys), today), theme, false)
		if got, want := len(next.Files()), len(fresh.Files()); got != want {
			t.Fatalf("%s: there are %d files, want %d", step.name, got, want)
		}
		for _, f := range fresh.Files() {
			text := render(t, next, f.Path)
			if text != render(t, fresh, f.Path) {
				t.Errorf("%s: %s is not that of a fresh site", step.name, f.Path)
			}
			now, _ := next.File(f.Path)
			if was, ok := s.File(f.Path); ok && was.Inputs == now.Inputs && render(t, s, f.Path) != text {
				t.Errorf("%s: %s changed, its inputs did not", step.name, f.Path)
			}
		}
		s = next
	}
}
