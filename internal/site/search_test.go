package site_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

// An index is what the files of a site's search index say.
type index struct {
	rows  [][]string                // by row: the keys of its notes, once for each piece
	words map[string][]string       // word → keys
	texts map[string]map[int]string // key → pieces
}

// readIndex reads the search index of a site as the script does.
func readIndex(t *testing.T, s *site.Site) index {
	t.Helper()
	x := index{words: map[string][]string{}, texts: map[string]map[int]string{}}
	var shards []string
	for _, f := range s.Files() {
		name, ok := strings.CutPrefix(f.Path, "search/")
		if !ok {
			continue
		}
		text := render(t, s, f.Path)
		call, literal, _ := strings.Cut(text, "(")
		switch kind, _, _ := strings.Cut(name, "-"); {
		case call != map[string]string{"names": "kith.names", "words": "kith.words", "text": "kith.text"}[kind]:
			t.Errorf("%s begins with %.20q", f.Path, text)
		case kind == "names":
			_, lines, _ := strings.Cut(strings.TrimSuffix(literal, "`)\n"), "`")
			var row []string
			for line := range strings.SplitSeq(lines, "\n") {
				fields := append(strings.Split(line, "\t"), "", "", "")
				count := 1
				_, _ = fmt.Sscan(fields[3], &count)
				for range count {
					row = append(row, fields[0])
				}
			}
			x.rows = append(x.rows, row)
		case kind == "words":
			shards = append(shards, literal)
		default:
			parts := strings.Split(literal, "`")
			for i := 1; i+2 < len(parts); i += 4 {
				var n int
				if _, err := fmt.Sscanf(parts[i+1], ",%d,", &n); err != nil {
					t.Fatalf("%s: %v", f.Path, err)
				}
				if x.texts[parts[i]] == nil {
					x.texts[parts[i]] = map[int]string{}
				}
				x.texts[parts[i]][n] = parts[i+2]
			}
		}
	}
	for _, literal := range shards {
		var shard, row int
		if _, err := fmt.Sscanf(literal, "%d,%d,\"", &shard, &row); err != nil {
			t.Fatalf("%.20q: %v", literal, err)
		}
		_, text, _ := strings.Cut(strings.TrimSuffix(literal, "\")\n"), "\"")
		if strings.ContainsAny(text, "\"\\\n") {
			t.Errorf("the string of %.40q has an end in its middle", literal)
		}
		fields := strings.Split(text, " ")
		for i := 0; i+1 < len(fields); i += 2 {
			if fields[i+1] == "" {
				x.words[fields[i]] = append(x.words[fields[i]], x.rows[row]...)
			}
			at, unit := 0, 1
			for _, c := range []byte(fields[i+1]) {
				if c > '[' {
					at += unit * (int(c-']') + 57)
					unit *= 30
					continue
				}
				at += unit * int(c-'#')
				x.words[fields[i]] = append(x.words[fields[i]], x.rows[row][at])
				at, unit = at+1, 1
			}
		}
	}
	return x
}

func withNotes(notes map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range notes {
		fsys["content/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// The index has the words of what is below the front matter: folded, those of
// three letters and more, pairs of letters where no spaces are written.
func TestSearchWords(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Tea at the Café, in June: it's OK", "cafe june tea the"},
		{"NAÏVE naïve Naive nai\u0308ve", "naive"},
		{"“Łódź”—smørrebrød… e-mail", "lodz mail smorrebrod"},
		{"on 2026-10-02 at 15:30, room 101", "101 2026 room"},
		{"李淑云 from 北京, 李", "from 北京 李淑 淑云"},
		{"WiFi混ぜる", "ぜる 混ぜ wifi"},
		{"سَلمى خوري", "خوري سلمى"},
		{"[[Ada Lovelace|Countess]] see https://example.org/x_y?z=pqr", "ada countess example https lovelace org pqr see"},
		{"서울에", "서울 울에"},
		{"\xe2\x80\xa8 … — «»", ""},
	} {
		x := readIndex(t, newSite(t, withNotes(map[string]string{
			"contacts/ada.md": "---\nname: Hidden\n---\n" + test.text,
			"contacts/b.md":   "", "contacts/c.md": "", // so that no word is in most
		})))
		for _, want := range strings.Fields(test.want) {
			if !slices.Equal(x.words[want], []string{"contacts/ada"}) {
				t.Errorf("%q: %q is in %q", test.text, want, x.words[want])
			}
		}
		if len(x.words) != len(strings.Fields(test.want)) {
			t.Errorf("%q: the index has %v", test.text, x.words)
		}
		if x.words["hidden"] != nil {
			t.Error("the index has words of the front matter")
		}
	}
}

// Each word leads to the notes that have it, and to no other, unless most have it.
func TestSearchLeadsToNotes(t *testing.T) {
	notes := map[string]string{}
	want := map[string][]string{}
	for i := range 3000 {
		key := fmt.Sprintf("contacts/p-%04d", i)
		own, some := fmt.Sprintf("own%d", i*7), fmt.Sprintf("some%d", i%13)
		notes[key+".md"] = own + " " + some + " everybody " + strings.Repeat("filler ", 150)
		want[own], want[some] = []string{key}, append(want[some], key)
		want["everybody"] = append(want["everybody"], key)
	}
	want["filler"] = want["everybody"]
	x := readIndex(t, newSite(t, withNotes(notes)))
	if len(x.rows) < 2 {
		t.Errorf("%d notes are in %d rows", len(notes), len(x.rows))
	}
	for word, keys := range x.words {
		slices.Sort(keys)
		if !slices.Equal(keys, want[word]) {
			t.Errorf("%s leads to %d notes, want %d", word, len(keys), len(want[word]))
		}
	}
	if len(x.words) != len(want) || len(x.texts) != len(notes) {
		t.Errorf("the index has %d words and %d texts, want %d and %d", len(x.words), len(x.texts), len(want), len(notes))
	}
}

// A long note is cut into pieces, and all of it is there, whatever is written in it.
func TestSearchLongNote(t *testing.T) {
	var b strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&b, "- 2026-01-02 note: line %d of a long story\n", i)
	}
	b.WriteString("the last word: zanzibar\n")
	x := readIndex(t, newSite(t, withNotes(map[string]string{"journal/2026.md": b.String(), "contacts/ada.md": "Hello."})))
	whole := ""
	for i := range len(x.texts["journal/2026"]) {
		whole += x.texts["journal/2026"][i]
	}
	if whole != b.String() {
		t.Errorf("the index has %d bytes of %d, or others", len(whole), b.Len())
	}
	if !slices.Equal(x.words["zanzibar"], []string{"journal/2026"}) {
		t.Errorf("zanzibar is in %q", x.words["zanzibar"])
	}
	if pieces := strings.Count(strings.Join(x.rows[0], " "), "journal/2026"); pieces < 8 {
		t.Errorf("a note of %d bytes is in %d pieces", b.Len(), pieces)
	}
}

// A text is a text, not a part of the script that it is in.
func TestSearchEscapes(t *testing.T) {
	const evil = "`);alert(1);(` ${alert(1)} \\` \\"
	s := newSite(t, withNotes(map[string]string{"contacts/ada.md": "---\nname: '" + evil + "'\naliases: [\"a\\tb\\nc\"]\n---\n" + evil + "\n"}))
	const escaped = "\\`);alert(1);(\\` \\${alert(1)} \\\\\\` \\\\"
	for _, f := range s.Files() {
		if text := render(t, s, f.Path); strings.HasPrefix(f.Path, "search/") && strings.Contains(strings.ReplaceAll(text, escaped, ""), "alert(") {
			t.Errorf("%s: %s", f.Path, text)
		}
	}
	if text := render(t, s, "search/names-000.js"); !strings.Contains(text, "\t\t\ta b c`") {
		t.Errorf("an alias breaks its line: %s", text)
	}
}

// A save makes the shards of its note anew and no others, and what was deleted is
// nowhere. Whoever comes moves nobody else.
func TestSearchChanges(t *testing.T) {
	fsys := crowd(1400)
	view := due.New(journal.Read(fsys), date(t, "2026-11-23"))
	before := site.New(view, theme(t, nil), false)
	count := func(s *site.Site, kind string) (n int) {
		for _, f := range s.Files() {
			if strings.HasPrefix(f.Path, "search/"+kind) {
				n++
			}
		}
		return n
	}
	rows := count(before, "names")
	if rows < 2 {
		t.Fatalf("there is %d row", rows)
	}
	for _, change := range []struct {
		name, file, text     string
		names, words, differ int
	}{
		{"an entry", "person-00042.md", "- 2026-11-22 call: Zanzibar at last.\n", 0, count(before, "words") / rows, 3},
		{"an alias", "person-00042.md", "", 1, count(before, "words") / rows, 0},
		{"a new one", "zoe.md", "Zanzibar.\n", 1, count(before, "words") / rows, count(before, "words") / rows},
		{"one less", "person-00042.md", "", 1, count(before, "words") / rows, count(before, "words") / rows},
	} {
		t.Run(change.name, func(t *testing.T) {
			fsys := crowd(1400)
			at := "content/contacts/" + change.file
			text := change.text
			if old := fsys[at]; old != nil {
				text = string(old.Data) + text
			}
			switch change.name {
			case "an alias":
				text = strings.Replace(text, "---\n", "---\naliases: [Zanzibar]\n", 1)
			case "one less":
				text = ""
			}
			delete(fsys, at)
			if text != "" {
				fsys[at] = &fstest.MapFile{Data: []byte(text)}
			}
			next := saved(before, fsys, at)
			fresh := site.New(due.New(journal.Read(fsys), view.Today), before.Theme, false)
			anew := map[string]int{}
			differ := 0
			for _, f := range next.Files() {
				name, ok := strings.CutPrefix(f.Path, "search/")
				if !ok {
					continue
				}
				kind, _, _ := strings.Cut(name, "-")
				b := render(t, next, f.Path)
				if b != render(t, fresh, f.Path) {
					t.Errorf("%s is not what it is in a new site", f.Path)
				}
				if old, _ := before.File(f.Path); old.Inputs == f.Inputs {
					continue
				}
				anew[kind]++
				if kind == "words" && b != render(t, before, f.Path) {
					differ++
				}
			}
			want := map[string]int{"names": change.names, "words": change.words, "text": min(change.words, 1)}
			for kind, n := range want {
				if anew[kind] > n {
					t.Errorf("%d files of %s are made anew, want %d", anew[kind], kind, n)
				}
			}
			if differ > change.differ {
				t.Errorf("%d shards of words are not the same, want %d", differ, change.differ)
			}
			if change.name == "one less" {
				for _, f := range next.Files() {
					if strings.HasPrefix(f.Path, "search/") && strings.Contains(render(t, next, f.Path), "person-00042`") {
						t.Errorf("%s still has who was deleted", f.Path)
					}
				}
			}
		})
	}
}

// The scripts and the style sheet stay small: 60 KB and 24 KB, all told, with those of a
// served page, which also patch it and write to notes.
func TestBudget(t *testing.T) {
	s := newSite(t, small())
	scripts, sheets := 0, 0
	for _, f := range s.Files() {
		switch {
		case strings.HasPrefix(f.Path, "assets/") && strings.HasSuffix(f.Path, ".js"):
			scripts += len(render(t, s, f.Path))
		case strings.HasSuffix(f.Path, ".css"):
			sheets += len(render(t, s, f.Path))
		}
	}
	for _, name := range []string{"live.js", "idiomorph.min.js"} {
		data, err := os.ReadFile("../serve/live/" + name)
		if err != nil {
			t.Fatal(err)
		}
		scripts += len(site.Compact(string(data)))
	}
	t.Logf("%d bytes of scripts, %d of style sheets", scripts, sheets)
	if scripts > 60_000 || sheets > 24_000 {
		t.Errorf("%d bytes of scripts and %d of style sheets, want at most 60 KB and 24 KB", scripts, sheets)
	}
}
