package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/merge"
	"kith/internal/note/revise"
	"kith/internal/rename"
)

func (a *app) mergeCommand() *cobra.Command {
	var keep, take []string
	cmd := &cobra.Command{
		Use:   "merge WHO OTHER",
		Short: "make one file of two about the same person",
		Long: `Puts all that the file of OTHER has into that of WHO, and removes it: entries,
tasks, text and front matter, but for comments in that. OTHER's names become
aliases, lists are put together, links to OTHER lead to WHO. Where both have a
key and differ, kith asks on a terminal; else it lists them and writes nothing
until --keep and --take say whose value it is to be.

OTHER may also be the file of a copy of WHO's that a sync program, an editor or
git left, as kith check shows it. What both files say stays once.`,
		Example:           "  kith merge ana-horvat ana-lucia-rey --dry-run\n  kith merge ada ada-king --keep birthday --take company,role",
		Args:              args(2, 2, "kith merge ada ada-king"),
		ValidArgsFunction: a.completeTwo,
	}
	cmd.Flags().StringSliceVar(&keep, "keep", nil, "the `keys` whose value is that of WHO")
	cmd.Flags().StringSliceVar(&take, "take", nil, "the `keys` whose value is that of OTHER")
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		m, err := w.merging(args[0], args[1])
		if err != nil {
			return err
		}
		m.compare()
		if err := m.resolve(keep, take); err != nil {
			return err
		}
		return w.do("there is nothing to merge", m.plan)
	})
}

// A merging is what comes of two contacts that are one person, or of a note and a copy
// of it.
type merging struct {
	*writer
	into, other *note.Note
	who, gone   *journal.Contact     // whose notes these are; nil if that is nobody
	set         []note.Field         // keys that take a value of OTHER's
	add         []note.Field         // items that lists get
	conflicts   map[string][2]string // what both say of a key
	theirs      map[string]note.Field
}

// merging finds the two notes that WHO and OTHER are.
func (w *writer) merging(who, other string) (*merging, error) {
	m := &merging{writer: w}
	if f := w.journal.File(who); f != nil && !f.Unused && f.Kind != note.Contact {
		m.into = f.Note
	} else {
		c, err := w.who(who)
		if err != nil {
			return nil, err
		}
		m.who, m.into = c, c.File.Note
	}
	if at := w.journal.FindCopy(m.into, other); at != "" {
		src, err := folder.ReadFile(w.root.FS(), at, note.MaxSize)
		if err != nil {
			return nil, fail(fmt.Sprintf("reading %s: %s", at, reason(err)), "nothing was written")
		}
		m.other = w.parser.Parse(at, m.into.Kind, src)
	} else if m.who == nil {
		return nil, usage(fmt.Sprintf("%s is no copy of %s", other, m.into.Path), "kith check names the copies there are")
	} else {
		o, err := w.who(other)
		if err != nil {
			return nil, err
		}
		m.gone, m.other = o, o.File.Note
	}
	if m.who != nil && m.who == m.gone {
		return nil, usage(fmt.Sprintf("both are %s (%s)", m.who.Name, m.who.Slug), "name two files of the same person")
	}
	for _, n := range []*note.Note{m.into, m.other} {
		if err := readable(n); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// isInto says whether a [[link]] leads to the note that stays.
func (m *merging) isInto(link string) bool { return m.who != nil && m.journal.Link(m.who) == link }

// listKeys are the keys whose value is a text or a list of texts, which are put
// together.
var listKeys = []string{"aliases", "circles", "tags", "via", "email", "phone", "needs", "offers"}

// compare goes through the front matter of OTHER.
func (m *merging) compare() {
	m.conflicts, m.theirs = map[string][2]string{}, map[string]note.Field{}
	have := map[string]note.Value{}
	for _, f := range m.into.FrontMatter() {
		if key := strings.ToLower(f.Key); have[key].Shape == note.Null {
			have[key] = f.Value
		}
	}
	seen := map[string]bool{}
	for _, f := range m.other.FrontMatter() {
		key := strings.ToLower(f.Key)
		if seen[key] || f.Value.Shape == note.Null {
			continue
		}
		seen[key] = true
		f.Key = key
		if key == "photo" {
			f.Value.Text = movedPath(f.Value.Text, m.other.Path, m.into.Path)
		}
		mine, both := have[key]
		switch {
		case key == "name":
		case !both && key != "aliases" && !slices.ContainsFunc(items(key, f.Value), m.isInto):
			m.set = append(m.set, f)
		case slices.Contains(listKeys, key) || both && mine.Shape == note.List && f.Value.Shape == note.List:
			m.addItems(key, f.Value, mine)
		case mine.Shape == note.Null:
			m.set = append(m.set, f)
		case sameValue(key, mine, f.Value):
		default:
			m.conflicts[key] = [2]string{shownValue(mine), shownValue(f.Value)}
			m.theirs[key] = f
		}
	}
	named := m.gone != nil || note.Lookup(m.other.FrontMatter(), "name") != nil // and not after the file of a copy
	if named && note.Fold(m.other.Name) != note.Fold(m.into.Name) {
		m.addItems("aliases", note.TextValue(m.other.Name), have["aliases"])
	}
}

// addItems adds what a list of OTHER's has and WHO's has not.
func (m *merging) addItems(key string, theirs, mine note.Value) {
	var have []string
	for _, it := range items(key, mine) {
		have = append(have, note.Fold(it))
	}
	if key == "aliases" {
		have = append(have, note.Fold(m.into.Name))
	}
	for _, it := range items(key, theirs) {
		self := key == "via" && m.isInto(it)
		if !self && !slices.Contains(have, note.Fold(it)) {
			m.add = append(m.add, note.Field{Key: key, Value: note.TextValue(it)})
			have = append(have, note.Fold(it))
		}
	}
}

// items are the texts of a list, or of one text.
func items(key string, v note.Value) []string {
	var texts []string
	for _, it := range note.Listed(note.Field{Key: key, Value: v}) {
		if it = it.Unwiki(); it.Shape == note.Scalar && strings.TrimSpace(it.Text) != "" {
			texts = append(texts, strings.TrimSpace(it.Text))
		}
	}
	return texts
}

func sameValue(key string, a, b note.Value) bool {
	if key == "every" {
		x, err1 := civil.ParseCadence(a.Text)
		y, err2 := civil.ParseCadence(b.Text)
		if err1 == nil && err2 == nil {
			days := x.Unit <= civil.Week && y.Unit <= civil.Week && x.Recurs() && y.Recurs()
			return x == y || days && x.RoughDays() == y.RoughDays()
		}
	}
	return shownValue(a) == shownValue(b)
}

// shownValue is a value in one line.
func shownValue(v note.Value) string {
	var parts []string
	switch v.Shape {
	case note.List:
		for _, it := range v.Items {
			parts = append(parts, shownValue(it))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case note.Mapping:
		for _, f := range v.Fields {
			parts = append(parts, f.Key+": "+shownValue(f.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return strings.TrimSpace(v.Text)
}

// movedPath is a path relative to one file as it is relative to another.
func movedPath(p, from, to string) string {
	rel, err := filepath.Rel(path.Dir(to), path.Join(path.Dir(from), p))
	if err != nil || path.Dir(from) == path.Dir(to) {
		return p
	}
	return filepath.ToSlash(rel)
}

// resolve decides the conflicts: by the flags, else by asking.
func (m *merging) resolve(keep, take []string) error {
	var keys, open []string
	for key := range m.conflicts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range append(slices.Clone(keep), take...) {
		if !slices.Contains(keys, key) {
			return usage(fmt.Sprintf("%s and %s do not differ in %q", m.into.Slug, m.other.Slug, key), "kith merge without it says where they do")
		}
		if slices.Contains(keep, key) && slices.Contains(take, key) {
			return usage(fmt.Sprintf("both --keep and --take have %q", key), "")
		}
	}
	for _, key := range keys {
		switch {
		case slices.Contains(take, key):
			m.set = append(m.set, m.theirs[key])
		case !slices.Contains(keep, key):
			open = append(open, key)
		}
	}
	if m.StdinIsTerminal {
		return m.askAbout(open)
	}
	if len(open) == 0 {
		return nil
	}
	list := ""
	for _, key := range open {
		list += fmt.Sprintf("\n  %s: %s (%s) or %s (%s)", key, m.conflicts[key][0], m.into.Slug, m.conflicts[key][1], m.other.Slug)
	}
	return fail(fmt.Sprintf("the two say different things:%s", list),
		fmt.Sprintf("--keep %[1]s keeps what %[2]s says, --take %[1]s takes what %[3]s says: nothing was written", strings.Join(open, ","), m.into.Slug, m.other.Slug))
}

func (m *merging) askAbout(open []string) error {
	for _, key := range open {
		answer, err := m.ask(fmt.Sprintf("%s:\n  1  %s (%s)\n  2  %s (%s)\nWhich is it?", key, m.conflicts[key][0], m.into.Slug, m.conflicts[key][1], m.other.Slug))
		switch {
		case err != nil:
			return err
		case answer == "2":
			m.set = append(m.set, m.theirs[key])
		case answer != "1":
			return fail(fmt.Sprintf("%q is neither 1 nor 2", answer), "nothing was written")
		}
	}
	return nil
}

// plan makes one file of the two.
func (m *merging) plan(p *plan) error {
	if err := m.unchanged(); err != nil {
		return err
	}
	into, other, kind := m.into.Path, m.other.Path, m.into.Kind
	theirs, err := p.Read(other)
	if err != nil {
		return err
	}
	ours, err := p.Read(into)
	if err != nil {
		return err
	}
	if !m.other.Reads(theirs) || !m.into.Reads(ours) {
		return errStale
	}
	for _, f := range m.set {
		err := p.edit(into, func(src []byte) (revise.Change, error) {
			return revise.SetKey(p.parser, into, kind, src, f.Key, f.Value)
		})
		if err != nil {
			return err
		}
	}
	for _, f := range m.add {
		err := p.edit(into, func(src []byte) (revise.Change, error) {
			return revise.AddToList(p.parser, into, kind, src, f.Key, f.Value.Text)
		})
		if err != nil {
			return err
		}
	}
	err = p.edit(into, func(src []byte) (revise.Change, error) {
		return merge.Join(p.parser, into, kind, src, other, theirs)
	})
	if err != nil {
		return err
	}
	if err := p.Remove(other); err != nil {
		return err
	}
	p.wrote = append(p.wrote, wroteLine{path: other, text: "removed: it is part of " + into})
	if m.gone == nil { // links to a copy lead to the other as it is
		return nil
	}
	return m.relink(p, m.gone, rename.Target(m.gone, m.into.Name, into), map[string]string{other: into})
}
