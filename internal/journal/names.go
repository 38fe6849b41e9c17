package journal

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"kith/internal/note"
	"kith/internal/parallel"
)

// names finds contacts by what people call them: by slug, then name, then
// alias, without regard to case, accents and Unicode form (FORMAT.md, "Wiki
// links").
type names struct {
	slug, name, alias lookup
	written           map[string]string // by slug
	folder            string            // where the files of most lie
	folders           map[string]string // by slug, where the others lie
	speller           func() *speller   // of what near may return
	first             func() lookup     // by the folded first of several words of a name
	parts             func() []parted   // all names, for who is in the middle of one
}

// A lookup has the slugs of the contacts of each folded name.
type lookup map[string][]string

// add adds a folded name of a contact, whose slug is the one item of a list.
func (l lookup) add(key string, slug []string) {
	switch have := l[key]; {
	case key == "" || slices.Contains(have, slug[0]):
	case have == nil:
		l[key] = slug
	default:
		l[key] = append(have, slug[0]) // of one item there is no room for another
	}
}

// newNames returns the names of those of the files that are of a kind and used.
func newNames(all []*File, kind note.Kind) *names {
	var files []*File
	for _, f := range all {
		if f.Kind == kind && !f.Unused {
			files = append(files, f)
		}
	}
	n := &names{
		slug: make(lookup, len(files)), name: make(lookup, len(files)), alias: lookup{},
		written: make(map[string]string, len(files)), folder: contactsFolder, folders: map[string]string{},
	}
	if kind == note.Circle {
		n.folder = circlesFolder
	}
	keys := make([][2]string, len(files)) // slug and name
	parallel.Each(len(files), func(i int) {
		keys[i] = [2]string{note.Fold(files[i].Slug), folded(files[i].Name)}
	})
	slugs := make([]string, len(files)) // of which almost every name has one
	for i, f := range files {
		slugs[i] = f.Slug
	}
	slug := func(i int) []string { return slugs[i : i+1 : i+1] }
	var beside sync.WaitGroup
	beside.Go(func() {
		for i, f := range files {
			n.name.add(keys[i][1], slug(i))
			n.written[f.Slug] = f.Name
		}
	})
	for i, f := range files {
		n.slug.add(keys[i][0], slug(i))
		for _, a := range f.Front.Aliases {
			n.alias.add(folded(a), slug(i))
		}
		if folder := path.Dir(f.Path); folder != n.folder {
			n.folders[f.Slug] = folder
		}
	}
	beside.Wait()
	n.speller = sync.OnceValue(func() *speller {
		if kind == note.Circle { // of which the names of the files are meant
			return newSpeller(slices.Sorted(maps.Keys(n.written)))
		}
		words := slices.AppendSeq(slices.AppendSeq(slices.Collect(maps.Keys(n.name)), maps.Keys(n.alias)), maps.Keys(n.slug))
		slices.Sort(words)
		return newSpeller(slices.Compact(words))
	})
	n.parts = sync.OnceValue(n.partedNames)
	n.first = sync.OnceValue(func() lookup {
		first := lookup{}
		for slug, name := range n.written {
			if words := nameWords(name); len(words) > 1 {
				first.add(words[0], []string{slug})
			}
		}
		return first
	})
	return n
}

// folded returns a name, folded, as a text that is no part of its note: names outlive
// the notes that they were read from.
func folded(name string) string {
	key := note.Fold(name)
	if key == name {
		return strings.Clone(key)
	}
	return key
}

// equal says whether two sets of names find the same.
func (n *names) equal(o *names) bool {
	same := func(a, b lookup) bool { return maps.EqualFunc(a, b, slices.Equal) }
	return same(n.slug, o.slug) && same(n.name, o.name) && same(n.alias, o.alias) && maps.Equal(n.written, o.written) && maps.Equal(n.folders, o.folders)
}

// find returns the slugs of those a name may mean: none, one, or several. A
// name that is nobody's is tried without the heading that it may have behind it, as the
// path of a file and at last as a file's name, as other programs that have wiki links
// do.
func (n *names) find(name string) []string {
	if found := n.called(name); len(found) > 0 {
		return found
	}
	file, _ := note.CutAnchor(name)
	file = strings.TrimSuffix(file, ".md")
	if found := n.called(file); len(found) > 0 {
		return found
	}
	return n.slug[note.Fold(note.Slug(file))]
}

// called returns those whose name, slug or alias, or the path of whose file, a text is.
func (n *names) called(text string) []string {
	key := note.Fold(text)
	for _, l := range []lookup{n.slug, n.name, n.alias} {
		if found := l[key]; len(found) > 0 {
			return found
		}
	}
	folder, base := path.Split(text)
	if folder == "" {
		return nil
	}
	found := n.slug[note.Fold(note.Slug(base))]
	at := strings.Trim(strings.TrimLeft(note.Fold(folder), "./"), "/")
	return slices.DeleteFunc(slices.Clone(found), func(slug string) bool {
		of := note.Fold(cmp.Or(n.folders[slug], n.folder))
		return at != "" && of != at && !strings.HasSuffix(of, "/"+at)
	})
}

// firstNamed returns those of whom a word is the first name.
func (n *names) firstNamed(word string) []string { return n.first()[note.Fold(word)] }

// near returns the name of a contact that was probably meant, or "".
func (n *names) near(name string) string {
	name, _ = note.CutAnchor(name)
	return n.speller().nearest(note.Fold(strings.TrimSuffix(path.Base(name), ".md")))
}

// display returns the name of the contact that a folded name finds, as it is
// written.
func (n *names) display(folded string) string {
	if found := n.find(folded); len(found) == 1 {
		if name := n.written[found[0]]; name != "" {
			return name
		}
	}
	return folded
}

// Link returns the [[link]] that leads to a contact: by name, if that is theirs
// alone, else by slug.
func (j *Journal) Link(c *Contact) string { return j.names.link(c.Slug) }

func (n *names) link(slug string) string {
	name := n.written[slug]
	if found := n.find(name); len(found) == 1 && found[0] == slug && !strings.ContainsAny(name, "[]|\n") {
		return "[[" + name + "]]"
	}
	return "[[" + slug + "]]"
}

// Target returns the contact that a [[link]] leads to, or nil if that is nobody or
// not one alone.
func (j *Journal) Target(link string) *Contact {
	if found := j.names.find(link); len(found) == 1 {
		return j.Contact(found[0])
	}
	return nil
}

// A collator makes the keys by which names sort. It may be used by one
// goroutine at a time.
type collator struct {
	c   *collate.Collator
	buf collate.Buffer
}

func newCollator() *collator { return &collator{c: collate.New(language.Und)} }

func (c *collator) key(name string) string {
	c.buf.Reset()
	return string(c.c.KeyFromString(&c.buf, name))
}
