package cli_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"kith/internal/note"
	"kith/internal/note/merge"
)

// Two clones of a journal log, snooze, tick and edit the same contacts, and git
// merges them, again and again. What a merge must come to is worked out from what
// was done, not from the texts.
func TestRandomHistoriesInGit(t *testing.T) {
	t.Parallel()
	const rounds = 30
	var clean, conflicts atomic.Int32
	t.Run("history", func(t *testing.T) {
		for seed := range uint64(gitHistories) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				h := newHistory(t, seed)
				c := h.clone()
				for range rounds {
					h.round(c.merge)
				}
				clean.Add(int32(h.clean))
				conflicts.Add(int32(h.conflicts))
			})
		}
	})
	if merges := int32(gitHistories * rounds); clean.Load() < merges*2/3 || conflicts.Load() < merges/60 {
		t.Errorf("%d merges without and %d with a conflict: too few of one kind", clean.Load(), conflicts.Load())
	}
}

// The same with many more histories, without git.
func TestRandomHistories(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	for seed := range uint64(100) {
		h := newHistory(t, seed)
		for range 20 {
			h.round(func(base, ours, theirs string) string {
				merged, _, ok := merge.Notes(p, contactFile, note.Contact, []byte(base), []byte(ours), []byte(theirs), 7)
				if !ok {
					t.Fatalf("left to git:\nbase:\n%s\nours:\n%s\ntheirs:\n%s", base, ours, theirs)
				}
				return string(merged)
			})
		}
	}
}

// A person is what a contact's file says.
type person struct {
	style   style
	order   []string // of the keys in the file
	keys    map[string]string
	lists   map[string][]string
	prose   []string
	tasks   []line
	entries []line
}

type style struct {
	bullet, end string
	block       bool // lists of the front matter, one item a line
	oldest      bool // entries, the oldest first
	loose       bool // with blank lines between the entries
}

// A line is an entry or a task. Its id is a word of its text.
type line struct {
	id, box, date, text, due string
	notes                    []string // nested items
}

var allKeys = []string{"name", "every", "status", "snooze", "email", "circles", "tags"}

func (p *person) String() string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+p.style.end, args...) }
	put("---")
	for i, k := range slices.Concat(p.order, allKeys) {
		switch list := p.lists[k]; {
		case slices.Index(p.order, k) >= 0 && i >= len(p.order):
		case p.keys[k] != "":
			put("%s: %s", k, p.keys[k])
		case p.style.block && len(list) > 0:
			put("%s:", k)
			for _, it := range list {
				put("  - %s", it)
			}
		case len(list) > 0 || slices.Contains(p.order, k) && p.lists[k] != nil:
			put("%s: [%s]", k, strings.Join(list, ", "))
		}
	}
	put("---")
	for _, l := range p.prose {
		put("%s", l)
	}
	put("")
	for _, l := range p.tasks {
		p.line(put, l)
	}
	put("")
	put("## Log")
	put("")
	for i, l := range p.entries {
		if p.style.loose && i > 0 {
			put("")
		}
		p.line(put, l)
	}
	return b.String()
}

func (p *person) line(put func(string, ...any), l line) {
	text := l.text
	if l.due != "" {
		text += " by " + l.due
	}
	put("%s %s%s %s", p.style.bullet, l.box, l.date, text)
	for _, n := range l.notes {
		put("  %s %s", p.style.bullet, n)
	}
}

// readPerson reads the file of a person back.
func readPerson(text string, s style) (*person, error) {
	p := &person{style: s, keys: map[string]string{}, lists: map[string][]string{}}
	lines := strings.Split(strings.TrimSuffix(text, s.end), s.end)
	part, key := "", ""
	for i, l := range lines {
		body := strings.TrimLeft(l, " ")
		nested := len(body) < len(l)
		item, isItem := strings.CutPrefix(body, s.bullet+" ")
		switch {
		case l == "---" && part == "":
			part = "front"
		case l == "---":
			part = "prose"
		case l == "## Log":
			part = "log"
		case l == "" && part == "prose":
			part = "tasks"
		case l == "":
		case part == "front" && strings.HasPrefix(l, "  - "):
			p.lists[key] = append(p.lists[key], l[4:])
		case part == "front":
			k, v, _ := strings.Cut(l, ":")
			key, v = k, strings.TrimSpace(v)
			p.order = append(p.order, k)
			if list, ok := strings.CutPrefix(v, "["); ok {
				p.lists[k] = strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", ]", r) })
			} else if v == "" {
				p.lists[k] = []string{}
			} else if v != "" {
				p.keys[k] = v
			}
		case part == "prose":
			p.prose = append(p.prose, l)
		case !isItem:
			return nil, fmt.Errorf("line %d: %q", i+1, l)
		case nested && part == "tasks":
			p.tasks[len(p.tasks)-1].notes = append(p.tasks[len(p.tasks)-1].notes, item)
		case nested:
			p.entries[len(p.entries)-1].notes = append(p.entries[len(p.entries)-1].notes, item)
		case part == "tasks":
			e := line{box: item[:3], text: item[4:]}
			if at := strings.LastIndex(e.text, " by "); at >= 0 {
				e.text, e.due = e.text[:at], e.text[at+4:]
			}
			e.id, _, _ = strings.Cut(e.text, " ")
			p.tasks = append(p.tasks, e)
		default:
			e := line{date: item[:10], text: item[11:]}
			_, e.id, _ = strings.Cut(e.text, ": ")
			e.id, _, _ = strings.Cut(e.id, " ")
			p.entries = append(p.entries, e)
		}
	}
	if again := p.String(); again != text {
		return nil, fmt.Errorf("the layout is not that of the file: want\n%s", again)
	}
	return p, nil
}

func (p *person) copy() *person {
	c := *p
	c.keys, c.lists = map[string]string{}, map[string][]string{}
	for k, v := range p.keys {
		c.keys[k] = v
	}
	for k, v := range p.lists {
		c.lists[k] = slices.Clone(v)
	}
	c.prose = slices.Clone(p.prose)
	c.tasks, c.entries = cloneLines(p.tasks), cloneLines(p.entries)
	return &c
}

func cloneLines(list []line) []line {
	list = slices.Clone(list)
	for i := range list {
		list[i].notes = slices.Clone(list[i].notes)
	}
	return list
}

// facts are what a person's file says, in no order but that of the days.
func (p *person) facts() string {
	var facts []string
	add := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	for k, v := range p.keys {
		add("%s: %q", k, v)
	}
	for k, list := range p.lists {
		for _, it := range list {
			add("%s has %q", k, it)
		}
	}
	for i, l := range p.prose {
		add("prose %d: %s", i, l)
	}
	for what, list := range map[string][]line{"task": p.tasks, "entry": p.entries} {
		for _, l := range list {
			notes := slices.Sorted(slices.Values(l.notes))
			add("%s %s %s|%s|%s|%s|%q", what, l.id, l.box, l.date, l.text, l.due, notes)
		}
	}
	slices.Sort(facts)
	return strings.Join(facts, "\n")
}

// merged is what three versions of a person come to in meaning, with conflicts
// settled for ours.
func merged(base, ours, theirs *person) (m *person, conflict bool) {
	m = ours.copy()
	pick := func(b, o, t string) string {
		switch {
		case o == b:
			return t
		case t != b && t != o:
			conflict = true
		}
		return o
	}
	for _, k := range allKeys {
		m.keys[k] = pick(base.keys[k], ours.keys[k], theirs.keys[k])
		if m.keys[k] == "" {
			delete(m.keys, k)
		}
		m.lists[k] = mergedSet(base.lists[k], ours.lists[k], theirs.lists[k])
	}
	for i := range m.prose {
		m.prose[i] = pick(base.prose[i], ours.prose[i], theirs.prose[i])
	}
	lines := func(base, ours, theirs []line) (list []line) {
		find := func(list []line, id string) *line {
			for i := range list {
				if list[i].id == id {
					return &list[i]
				}
			}
			return nil
		}
		same := func(a, b *line) bool { return fmt.Sprint(*a) == fmt.Sprint(*b) }
		seen := map[string]bool{}
		for _, l := range slices.Concat(ours, theirs) {
			if seen[l.id] {
				continue
			}
			seen[l.id] = true
			b, o, t := find(base, l.id), find(ours, l.id), find(theirs, l.id)
			switch {
			case b == nil: // new; the same, if on both sides
				list = append(list, l)
			case o == nil:
				conflict = conflict || !same(t, b)
			case t == nil && same(o, b):
			case t == nil:
				conflict = true
				list = append(list, *o)
			default:
				list = append(list, line{
					l.id, pick(b.box, o.box, t.box), pick(b.date, o.date, t.date), pick(b.text, o.text, t.text),
					pick(b.due, o.due, t.due), mergedSet(b.notes, o.notes, t.notes),
				})
			}
		}
		return list
	}
	m.tasks = lines(base.tasks, ours.tasks, theirs.tasks)
	m.entries = lines(base.entries, ours.entries, theirs.entries)
	return m, conflict
}

func mergedSet(base, ours, theirs []string) (list []string) {
	for _, it := range slices.Concat(ours, theirs) {
		b, o, t := slices.Contains(base, it), slices.Contains(ours, it), slices.Contains(theirs, it)
		if !slices.Contains(list, it) && (o && t || !b) {
			list = append(list, it)
		}
	}
	return list
}

const contactFile = "content/contacts/ada.md"

// A history is what happens to a contact that two people, or one on two machines,
// write about.
type history struct {
	*testing.T
	*rand.Rand
	person           *person // as both have it
	unsorted         bool    // somebody changed a date in its place
	next             int
	clean, conflicts int
}

func newHistory(t *testing.T, seed uint64) *history {
	h := &history{T: t, Rand: rand.New(rand.NewPCG(seed, 1))}
	h.person = &person{
		style: style{
			bullet: []string{"-", "*"}[h.IntN(2)], end: []string{"\n", "\n", "\r\n"}[h.IntN(3)],
			block: h.IntN(2) == 0, oldest: h.IntN(3) == 0, loose: h.IntN(3) == 0,
		},
		keys: map[string]string{"name": "Ada"}, lists: map[string][]string{},
		prose: []string{"She likes tea", "and looms", "and the sea."},
	}
	for range 1 + h.IntN(3) {
		h.person.tasks = append(h.person.tasks, h.newTask())
	}
	for range 2 + h.IntN(4) {
		h.person.log(h.newEntry())
	}
	return h
}

// clones are two clones of the journal that a history is about.
type clones struct {
	*history
	dirs [2]string
}

func (h *history) clone() *clones {
	dir := h.TempDir()
	c := &clones{h, [2]string{filepath.Join(dir, "laptop"), filepath.Join(dir, "phone")}}
	c.run(dir, "git", "init", "-q", "-b", "main", "laptop")
	if err := os.MkdirAll(filepath.Join(c.dirs[0], filepath.Dir(contactFile)), 0o755); err != nil {
		c.Fatal(err)
	}
	c.write(0, h.person.String())
	c.run(c.dirs[0], "kith", "git", "setup")
	c.run(c.dirs[0], "git", "add", "-A")
	c.run(c.dirs[0], "git", "commit", "-qm", "begin")
	c.run(dir, "git", "clone", "-q", "laptop", "phone")
	c.run(c.dirs[1], "kith", "git", "setup")
	return c
}

func (c *clones) run(dir, name string, args ...string) {
	c.Helper()
	if out, err := command(dir, name, args...); err != nil {
		c.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func command(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "KITH_TODAY=2026-11-23",
		"GIT_CONFIG_COUNT=3", "GIT_CONFIG_KEY_0=gc.auto", "GIT_CONFIG_VALUE_0=0", "GIT_CONFIG_KEY_1=user.name", "GIT_CONFIG_VALUE_1=a",
		"GIT_CONFIG_KEY_2=user.email", "GIT_CONFIG_VALUE_2=a@example.org")
	return cmd.CombinedOutput()
}

func (c *clones) write(clone int, text string) {
	if err := os.WriteFile(filepath.Join(c.dirs[clone], contactFile), []byte(text), 0o644); err != nil {
		c.Fatal(err)
	}
}

// merge has both clones commit, and one pull from the other. A conflict is
// settled for ours.
func (c *clones) merge(_, ours, theirs string) string {
	us := c.IntN(2)
	c.write(us, ours)
	c.write(1-us, theirs)
	for _, dir := range c.dirs {
		c.run(dir, "git", "commit", "-qam", "a day", "--allow-empty")
	}
	c.run(c.dirs[us], "git", "fetch", "-q", c.dirs[1-us], "main")
	out, failed := command(c.dirs[us], "git", "merge", "-q", "--no-edit", "FETCH_HEAD")
	data, err := os.ReadFile(filepath.Join(c.dirs[us], contactFile))
	if err != nil {
		c.Fatal(err)
	}
	text, hunks := settled(string(data), c.person.style.end)
	if (failed != nil) != (hunks > 0) {
		c.Fatalf("git merge: %v, with %d conflicts in the file\n%s", failed, hunks, out)
	}
	if failed != nil {
		c.write(us, text)
		c.run(c.dirs[us], "git", "commit", "-qam", "together")
	}
	c.run(c.dirs[1-us], "git", "pull", "-q", "--ff-only", c.dirs[us], "main")
	return string(data)
}

// words returns a text that no other is like.
func (h *history) words(n int) string {
	var words []string
	for range n {
		w := make([]byte, 3+h.IntN(6))
		for i := range w {
			w[i] = byte('a' + h.IntN(26))
		}
		words = append(words, string(w))
	}
	return strings.Join(words, " ")
}

func (h *history) id(kind string) string {
	h.next++
	return fmt.Sprintf("%s%03d", kind, h.next)
}

func (h *history) date() string {
	return fmt.Sprintf("2026-%02d-%02d", 9+h.IntN(3), 1+h.IntN(28))
}

func (h *history) newEntry() line {
	kind := []string{"call", "> letter", "coffee got #engine", "< email"}[h.IntN(4)]
	l := line{id: h.id("e"), date: h.date()}
	l.text = kind + ": " + l.id + " " + h.words(3+h.IntN(5))
	if h.IntN(4) == 0 {
		l.notes = []string{h.words(3), h.words(2)}
	}
	return l
}

func (h *history) newTask() line {
	l := line{id: h.id("t"), box: []string{"[ ]", "[?]"}[h.IntN(2)]}
	l.text = l.id + " " + h.words(3+h.IntN(3))
	return l
}

// log puts an entry where it belongs.
func (p *person) log(l line) {
	at := slices.IndexFunc(p.entries, func(e line) bool {
		if p.style.oldest {
			return e.date > l.date
		}
		return e.date <= l.date
	})
	if at < 0 {
		at = len(p.entries)
	}
	p.entries = slices.Insert(p.entries, at, l)
}

func reword(h *history, text string) string {
	at := strings.LastIndexByte(text, ' ')
	return text[:at+1] + h.words(1)
}

// act does one thing to a person, as somebody would.
func (h *history) act(p *person, removed map[string]bool) {
	any := func(list []line) *line {
		if len(list) == 0 {
			return &line{text: "x x"}
		}
		return &list[h.IntN(len(list))]
	}
	set := func(key string, values ...string) {
		if p.keys[key] = values[h.IntN(len(values))]; p.keys[key] == "" {
			delete(p.keys, key)
		}
	}
	toggle := func(key string, values ...string) {
		v := values[h.IntN(len(values))]
		if i := slices.Index(p.lists[key], v); i < 0 {
			p.lists[key] = append(p.lists[key], v)
		} else if len(p.lists[key]) > 1 {
			p.lists[key] = slices.Delete(p.lists[key], i, i+1)
		}
	}
	switch h.IntN(16) {
	case 0, 1, 2, 3:
		if l := h.newEntry(); !removed[l.date] {
			p.log(l)
		}
	case 4:
		p.tasks = append(p.tasks, h.newTask())
	case 5, 6:
		if l := any(p.tasks); l.box != "" {
			l.box = "[x]"
		}
	case 7:
		any(p.tasks).due = h.date()
	case 8:
		l := any(p.tasks)
		l.text = reword(h, l.text)
	case 9:
		l := any(p.entries)
		l.text = reword(h, l.text)
	case 10:
		l := any(p.entries)
		l.notes = append(l.notes, h.words(3))
	case 11:
		set("snooze", "", "2026-12-01", "2026-12-24", "2027-01-07")
	case 12:
		set("every", "6 weeks", "2 months", "never")
		set("status", "", "paused", "archived")
	case 13:
		toggle("tags", "a", "b", "c", "d")
		toggle("circles", "mentors", "family", "choir")
	case 14:
		i := h.IntN(len(p.prose))
		p.prose[i] = reword(h, p.prose[i])
	case 15:
		if h.IntN(2) == 0 {
			any(p.entries).date = h.date()
			h.unsorted = true
		} else if len(p.entries) > 2 {
			i := h.IntN(len(p.entries))
			removed[p.entries[i].date] = true
			p.entries = slices.Delete(p.entries, i, i+1)
		}
	}
}

// round lets both sides do something, and merges.
func (h *history) round(merge func(base, ours, theirs string) string) {
	h.Helper()
	base := h.person
	both := h.newEntry() // the same is logged on both
	same := h.IntN(4) == 0
	var sides [2]*person
	for i := range sides {
		p, removed := base.copy(), map[string]bool{both.date: true}
		for range h.IntN(7) {
			h.act(p, removed)
		}
		if same {
			p.log(both)
		}
		sides[i] = p
	}
	ours, theirs := sides[0], sides[1]
	want, conflict := merged(base, ours, theirs)
	data := merge(base.String(), ours.String(), theirs.String())
	story := func() string {
		return fmt.Sprintf("base:\n%s\nours:\n%s\ntheirs:\n%s\nmerged:\n%s", base, ours, theirs, data)
	}
	text, hunks := settled(data, base.style.end)
	if (hunks > 0) != conflict {
		h.Fatalf("%d conflicts, want some: %v\n%s", hunks, conflict, story())
	}
	if conflict {
		h.conflicts++
	} else {
		h.clean++
	}
	got, err := readPerson(text, base.style)
	if err != nil {
		h.Fatalf("%v\n%s", err, story())
	}
	if got.facts() != want.facts() {
		h.Fatalf("the file says\n%s\nwant\n%s\n%s", got.facts(), want.facts(), story())
	}
	if !h.unsorted && !slices.IsSortedFunc(got.entries, func(a, b line) int {
		if base.style.oldest {
			return strings.Compare(a.date, b.date)
		}
		return strings.Compare(b.date, a.date)
	}) {
		h.Fatalf("the entries are out of order\n%s", story())
	}
	h.person = got
}

// settled returns a file with every conflict settled for ours, and how many
// there were.
func settled(text, end string) (string, int) {
	var kept []string
	hunks, theirs := 0, false
	for _, l := range strings.Split(text, end) {
		switch l {
		case "<<<<<<< ours":
			hunks++
		case "=======":
			theirs = true
		case ">>>>>>> theirs":
			theirs = false
		default:
			if !theirs {
				kept = append(kept, l)
			}
		}
	}
	return strings.Join(kept, end), hunks
}
