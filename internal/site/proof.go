package site

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/folder"
	"kith/internal/journal"
)

// A Proof lets a build that has nothing to do find that out without reading a
// note: hashes of what the file system says of all that a site is made of, and of
// all that was written, which are the last line of the manifest as long as nobody
// has published since. Whatever differs, or cannot be told, is left to
// [Output.Publish].
//
//	! MADE WRITTEN TIME FILES ERRORS WARNINGS
type Proof struct {
	output *Output
	now    time.Time
	made   string // the hash of what the site is made of; empty if it cannot be told
	built  Built
	holds  bool
}

// Built is what there is to say of a build without errors of its own.
type Built struct {
	Files            int // of the site
	Errors, Warnings int // problems of the journal and the theme
}

// Proof looks at the folder and at what its site is made of. It has to be called
// before any of that is read. The key names all else that a site depends on: the
// program and its version, and the day; now is the time.
func (o *Output) Proof(key string, now time.Time) *Proof {
	p := &Proof{output: o, now: now}
	var inputs []seen
	for _, name := range []string{journal.SettingsFile, "content/contacts", "content/circles", "content/journal", themeFolder} {
		var err error
		if inputs, err = look(inputs, o.content, name); err != nil {
			return p
		}
	}
	p.made = o.sourcesSum(key, inputs, now)
	made, written, at, ok := p.last()
	if !ok || o.sourcesSum(key, inputs, at) != made {
		return p
	}
	outputs, err := look(nil, folder.New(o.root), ".")
	p.holds = err == nil && writtenSum(outputs) == written
	return p
}

// Holds says that the folder has the site as the last build left it, of which
// there is still the same to say.
func (p *Proof) Holds() (Built, bool) { return p.built, p.holds }

// Keep writes the proof for the next build, after the site was published and there
// was nothing to say but this.
func (p *Proof) Keep(built Built) error {
	o := p.output
	root, err := o.root.Stat(".")
	if err != nil || p.made == "" {
		return err
	}
	outputs := []seen{{path: ".", mode: root.Mode()}}
	folders := maps.Clone(o.folders)
	for name, file := range o.files {
		parents(folders, name)
		outputs = append(outputs, seen{path: name, size: file.Size, time: file.Time})
	}
	for dir := range folders {
		outputs = append(outputs, seen{path: dir, mode: fs.ModeDir})
	}
	o.manifest.add(fmt.Sprintf("! %s %s %d %d %d %d", p.made, writtenSum(outputs), p.now.UnixNano(), built.Files, built.Errors, built.Warnings))
	return o.manifest.done(o.disk(), o.temp+"manifest", o.files, o.folders)
}

// last reads the proof of the last build, if it is the last line of the manifest.
func (p *Proof) last() (made, written string, at time.Time, ok bool) {
	f, err := p.output.root.Open(manifestName)
	if err != nil {
		return "", "", at, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", "", at, false
	}
	end := make([]byte, min(info.Size(), 300))
	if _, err := f.ReadAt(end, info.Size()-int64(len(end))); err != nil {
		return "", "", at, false
	}
	line, whole := strings.CutSuffix(string(end), "\n")
	var nano int64
	n, _ := fmt.Sscanf(line[strings.LastIndex(line, "\n")+1:], "! %s %s %d %d %d %d", &made, &written, &nano, &p.built.Files, &p.built.Errors, &p.built.Warnings)
	return made, written, time.Unix(0, nano), whole && n == 6
}

// seen is what the file system says of a file or a folder.
type seen struct {
	path       string
	mode       fs.FileMode // its type; of the folder itself that is looked at, all of it
	size, time int64       // bytes; Unix nanoseconds; zero for a folder
}

func (s seen) append(b []byte) []byte {
	b = strconv.AppendQuote(b, s.path)
	for _, n := range []int64{int64(s.mode), s.size, s.time} {
		b = strconv.AppendInt(append(b, ' '), n, 10)
	}
	return append(b, '\n')
}

// unsettled is how many files that were changed a moment before a build are read,
// to prove the next time that they did not change since.
const unsettled = 100

var errUnprovable = errors.New("how it looks does not tell what it holds")

// look adds what is at a path and below it, but for names that begin with a dot.
func look(list []seen, fsys fs.FS, root string) ([]seen, error) {
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == root && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case name == ".":
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			info, err = fs.Stat(fsys, name)
		}
		switch {
		case err != nil:
			return err
		case d.IsDir() && name == root:
			list = append(list, seen{path: name, mode: info.Mode()})
		case d.IsDir():
			list = append(list, seen{path: name, mode: fs.ModeDir})
		case info.Mode().IsRegular():
			list = append(list, seen{name, d.Type(), info.Size(), info.ModTime().UnixNano()})
		default:
			return errUnprovable
		}
		return nil
	})
	return list, err
}

// sourcesSum is a hash of the key and of what was seen of the files that a site is made
// of; empty if that does not tell what is in them. The time of a file that is not
// older than a given one by more than two seconds proves nothing, as another save
// could have it too: of such a file the bytes count.
func (o *Output) sourcesSum(key string, inputs []seen, at time.Time) string {
	b := strconv.AppendQuote(nil, key)
	read := 0
	for _, s := range inputs {
		b = s.append(b)
		if s.mode.IsDir() || s.time < at.Add(-settledAfter).UnixNano() {
			continue
		}
		if read++; read > unsettled {
			return ""
		}
		file, err := o.content.Open(s.path)
		if err != nil {
			return ""
		}
		hash := sha256.New()
		_, err = io.Copy(hash, file)
		file.Close()
		if err != nil {
			return ""
		}
		b = hash.Sum(b)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// writtenSum is a hash of what is in the folder of a site.
func writtenSum(outputs []seen) string {
	var b []byte
	slices.SortFunc(outputs, func(a, b seen) int { return strings.Compare(a.path, b.path) })
	for _, s := range outputs {
		b = s.append(b)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))
}
