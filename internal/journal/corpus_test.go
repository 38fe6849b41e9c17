package journal_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/journal"
	"kith/internal/note"
)

var update = flag.Bool("update", false, "write how the lines of the corpus are read")

// The corpus is lines that somebody typed who had read kith help format and no more, each
// with what they meant. A line that is read as it was meant begins with a space; one that
// is not, but is told of by kith check --strict, with ~; one that is read as something
// else, of which only kith log tells since it says how it read a line, with !. What is
// read in another way than before is seen by a look at the differences.
func TestCorpus(t *testing.T) {
	const file = "testdata/corpus.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	count := map[string]int{}
	for line := range strings.Lines(string(text)) {
		item, meant, ok := strings.Cut(strings.TrimSuffix(line[1:], "\n"), " ⇒ ")
		if !ok {
			out.WriteString(line)
			continue
		}
		sign := heard(item, meant)
		count[sign]++
		if !*update && sign != line[:1] {
			t.Errorf("%q is %q, was %q; meant was %s", item, sign, line[:1], meant)
		}
		out.WriteString(sign + item + " ⇒ " + meant + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("as meant: %d; told: %d; neither: %d", count[" "], count["~"], count["!"])
}

// heard says how a line in the note of Priya Raman is read.
func heard(item, meant string) string {
	const path = "content/contacts/priya-raman.md"
	fsys := fstest.MapFS{path: {Data: []byte("---\nname: Priya Raman\npronouns: she\n---\n## Log\n\n" + item + "\n")}}
	for _, name := range []string{"Marcus Oyelaran", "Grace Hopper", "Otto Kay", "Ana Horvat", "Kemi Ade", "Rob Lang", "Helen Zhou"} {
		fsys["content/contacts/"+note.Slug(name)+".md"] = &fstest.MapFile{Data: []byte("---\nname: " + name + "\n---\n")}
	}
	j := journal.Read(fsys)
	f := j.File(path)
	if asMeant(j, f, strings.Split(meant, " · ")) {
		return " "
	}
	if len(j.Problems()) > 0 {
		return "~"
	}
	return "!"
}

// asMeant compares what was read with its direction, kind, marks, participants and due
// date.
func asMeant(j *journal.Journal, f *journal.File, meant []string) bool {
	want := meant[0]
	var kind, with, due string
	var marks []string
	for _, part := range meant[1:] {
		switch {
		case strings.HasPrefix(part, "with "):
			with = strings.TrimPrefix(part, "with ")
		case strings.HasPrefix(part, "due "):
			due = strings.TrimPrefix(part, "due ")
		case strings.HasPrefix(part, "#"):
		case strings.Contains(" asked got gave offered thanked ", " "+strings.Fields(part)[0]+" "):
			marks = strings.Fields(part)
		default:
			kind = part
		}
	}
	switch want {
	case "plain text":
		return len(f.Entries)+len(f.Tasks) == 0
	case "promise", "ask", "done":
		if len(f.Tasks) != 1 {
			return false
		}
		task := f.Tasks[0]
		return task.Done == (want == "done") && (task.Done || task.Ask == (want == "ask") && task.Due.String() == due)
	}
	if len(f.Entries) != 1 {
		return false
	}
	e := &f.Entries[0]
	r := j.Reading(f.Note, e)
	known := kind == "-" || kind == "" || kind == f.EntryKind(e) || !alone(kind).Header
	direction := map[string]note.Direction{"talk": note.Mutual, "in": note.Inbound, "out": note.Outbound, "note": note.NoContact}[want]
	if e := alone(kind); e.Header && e.Direction == note.Mutual && direction != note.NoContact {
		direction = note.Mutual
	}
	slices.Sort(marks)
	slices.Sort(r.Marks)
	slices.Sort(r.With)
	people := strings.Split(with, ", ")
	slices.Sort(people)
	return known && e.Direction == direction && slices.Equal(marks, r.Marks) && strings.Join(people, ", ") == strings.Join(r.With, ", ")
}

// alone returns the entry that a kind makes by itself.
func alone(kind string) note.Entry {
	return note.NewParser(note.Kinds{}).Parse("content/contacts/ada.md", note.Contact, []byte("- 2026-11-02 "+kind+"\n")).Entries[0]
}
