package draft_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"kith/content"
	"kith/internal/civil"
	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/templates"
)

var update = flag.Bool("update", false, "write the golden files")

// demo returns the demo journal on its day.
func demo(t *testing.T) *due.View {
	t.Helper()
	files := fstest.MapFS{"kith.toml": {Data: []byte(content.Settings)}}
	err := fs.WalkDir(content.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := content.FS.ReadFile(p)
		files["content/"+p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return view(t, files, content.Day)
}

func view(t *testing.T, files fstest.MapFS, today string) *due.View {
	t.Helper()
	day, err := civil.Parse(today)
	if err != nil {
		t.Fatal(err)
	}
	return due.New(journal.Read(files), day)
}

func brief(v *due.View, slug string) due.Brief {
	wishes := (*due.Wishes)(nil).Next(nil, v.Rows)
	return v.Row(slug).Brief(v.Today, wishes.For(v, v.Row(slug)))
}

func write(t *testing.T, set *draft.Set, k draft.Kind, v *due.View, slug string) draft.Message {
	t.Helper()
	m, err := set.Write(k, brief(v, slug), v.Journal.Parser().PlainText, v.Today, v.Journal.Settings.Name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTheDraftsOfTheDemo holds the draft for everybody in the demo journal who has
// a reason to be written to, and one of each other kind.
func TestTheDraftsOfTheDemo(t *testing.T) {
	v, set := demo(t), draft.NewSet(templates.FS, nil)
	var b strings.Builder
	for _, r := range v.BySlug {
		if len(r.Reasons) > 0 {
			k := draft.KindFor(brief(v, r.Contact.Slug), v.Today)
			m := write(t, set, k, v, r.Contact.Slug)
			fmt.Fprintf(&b, "== %s, %s: %s\n\n%s\n", r.Contact.Slug, k, m.Subject, m.Text)
		}
	}
	for _, k := range draft.Kinds {
		if k != draft.Intro {
			m := write(t, set, k, v, "edith-tarrant")
			fmt.Fprintf(&b, "== edith-tarrant, %s: %s\n\n%s\n", k, m.Subject, m.Text)
		}
	}
	one, other := brief(v, "siobhan-orourke"), brief(v, "李淑云")
	messages, err := set.Introduce(one, other, due.Meeting(one.Row, other.Row), v.Journal.Parser().PlainText, v.Today, "Maud Tarrant")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		fmt.Fprintf(&b, "== to %s, intro: %s\n\n%s\n", m.To, m.Subject, m.Text)
	}
	golden := filepath.Join("testdata", "demo.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the drafts differ (go test ./internal/draft -update writes them):\n%s", diff)
	}
}

// TestADraftInventsNothing: every word of every draft of everybody stands in its
// template or in the journal; a day or a length of time is worked out from it.
func TestADraftInventsNothing(t *testing.T) {
	v, set := demo(t), draft.NewSet(templates.FS, nil)
	written := map[string]bool{}
	for _, f := range v.Journal.Files {
		addWords(written, f.Source)
	}
	addWords(written, v.Journal.Settings.Name)
	for _, r := range v.BySlug {
		for _, k := range draft.Kinds {
			if k == draft.Intro {
				continue
			}
			text, err := fs.ReadFile(templates.FS, "messages/"+string(k)+".txt")
			if err != nil {
				t.Fatal(err)
			}
			known := map[string]bool{}
			addWords(known, string(text))
			m := write(t, set, k, v, r.Contact.Slug)
			said := map[string]bool{}
			addWords(said, m.Text)
			for w := range said {
				if !written[w] && !known[w] && !workedOut.MatchString(w) {
					t.Errorf("%s, %s: %q stands neither in the template nor in the journal:\n%s", r.Contact.Slug, k, w, m.Text)
				}
			}
		}
	}
}

// workedOut are the words that a date of the journal becomes: a month, a length of
// time; and the "you" that a promise about "her" is made to.
var workedOut = regexp.MustCompile(`^(\d+|january|february|march|april|may|june|july|august|september|october|november|december|days?|weeks?|months?|years?|you)$`)

func addWords(to map[string]bool, text string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		to[w] = true
	}
}

// TestADraftWithoutAnythingToSay has no gap, no empty phrase and no name of a field.
func TestADraftWithoutAnythingToSay(t *testing.T) {
	for _, language := range []string{"", "de", "de-AT"} {
		v := view(t, fstest.MapFS{"content/contacts/bo.md": {Data: []byte("---\nname: Bo\nlanguage: " + language + "\n---\n")}}, "2026-12-01")
		for _, k := range draft.Kinds {
			if k == draft.Intro {
				continue
			}
			set := draft.NewSet(templates.FS, nil)
			m := write(t, set, k, v, "bo")
			if german := strings.HasPrefix(m.Text, "Hallo Bo,\n"); german != (language != "") {
				t.Errorf("%s in %q:\n%s", k, language, m.Text)
			}
			for _, bad := range []string{"  ", " .", " ,", " ?", "<no value>", "{{", "\n\n\n"} {
				if strings.Contains(m.Text, bad) {
					t.Errorf("%s in %q has %q:\n%s", k, language, bad, m.Text)
				}
			}
			if !strings.Contains(m.Text, "?") {
				t.Errorf("%s asks nothing:\n%s", k, m.Text)
			}
		}
	}
}

func TestWhatCannotBeSaidToTheirFace(t *testing.T) {
	for _, c := range []struct{ task, says, not string }{
		{"- [ ] lend her the book", "promised: lend you the book.", "her"},
		{"- [ ] ask the archive for a desk for him", "for a desk for you.", "him"},
		{"- [ ] draw her rounds", "", "rounds"},
		{"- [ ] send her the ferry times before she books", "", "ferry"},
		{"- [ ] look through *folder 88* for [[Bo|the songs]]", "look through folder 88 for the songs.", "*"},
		{"- [?] how did the lecture go", "I would love to hear how did the lecture go.", "?"},
		{"- [?] has the map gone to the printer?", "Has the map gone to the printer?", "??"},
		{"- [?] what she made of the book", "How are you?", "book"},
	} {
		v := view(t, fstest.MapFS{"content/contacts/bo.md": {Data: []byte("---\nname: Bo\n---\n" + c.task + "\n")}}, "2026-12-01")
		text := write(t, draft.NewSet(templates.FS, nil), draft.Hello, v, "bo").Text
		body := strings.ReplaceAll(text, "Is there anything I can do for you?", "")
		if !strings.Contains(body, c.says) {
			t.Errorf("%s: %q is not said in\n%s", c.task, c.says, text)
		}
		if c.not != "?" && strings.Contains(body, c.not) {
			t.Errorf("%s: %q is said in\n%s", c.task, c.not, text)
		}
	}
}

// TestAJournalsOwnMessage takes the place of the built-in one; one that cannot be
// used is a problem, and the built-in one stays.
func TestAJournalsOwnMessage(t *testing.T) {
	v := view(t, fstest.MapFS{"content/contacts/bo.md": {Data: []byte("---\nname: Bo Li\n---\n")}}, "2026-12-01")
	set := draft.NewSet(templates.FS, fstest.MapFS{
		"templates/messages/hello.txt":  {Data: []byte("Ahoy {{.To}}\n")},
		"templates/messages/thanks.txt": {Data: []byte("Dear {{.Nobody}}\n")},
	})
	if got := write(t, set, draft.Hello, v, "bo").Text; got != "Ahoy Bo\n" {
		t.Errorf("hello: %q", got)
	}
	if got := write(t, set, draft.Thanks, v, "bo").Text; !strings.HasPrefix(got, "Dear Bo,\n\nThank you") {
		t.Errorf("thanks: %q", got)
	}
	if p := set.Problems(); len(p) != 1 || p[0].File != "templates/messages/thanks.txt" {
		t.Errorf("problems: %v", p)
	}
}

func TestAMailIsAnAddress(t *testing.T) {
	m := draft.Message{Subject: "Hello & more", Text: "Dear Bo,\n50% of it\n"}
	want := "mailto:bo+x@example.org?subject=Hello%20%26%20more&body=Dear%20Bo%2C%0D%0A50%25%20of%20it%0D%0A"
	if got := m.Mailto("bo+x@example.org"); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
