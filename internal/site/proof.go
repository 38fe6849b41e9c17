package site

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"sync"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/journal"
)

// A Proof lets a build that has nothing to do find that out without reading a
// note: hashes of what the file system says of all that a site is made of, and of
// all that was written, which are the last line of the manifest as long as nobody
// has published since. It also names the journal that the site was made of, for a
// build that has little to do.
//
//	! MADE WRITTEN TIME FILES ERRORS WARNINGS JOURNAL FRAME
type Proof struct {
	output *Output
	key    string
	now    time.Time
	made   string // the hash of what the site is made of; empty if it cannot be told
	frame  string // what [Proof.Resume] made the site with
	last   lastBuild
	holds  bool
}

// lastBuild is what the last line of a manifest says.
type lastBuild struct {
	Built
	made, written, frame string
	at                   time.Time
}

// Built is what there is to say of a build without errors of its own.
type Built struct {
	Files            int    // of the site
	Errors, Warnings int    // problems of the journal and the theme
	Journal          string // the name by which the journal can be had again; or empty
}

// Proof looks at the folder and, in fsys, at what its site is made of. It has to be
// called before any of that is read, and unless it holds it looks at the folder until
// Publish comes to that. The key names all else that a site depends on: the
// program and its version, and the day; now is the time.
func (o *Output) Proof(fsys fs.FS, key string, now time.Time) *Proof {
	p := &Proof{output: o, key: key, now: now}
	there := folder.New(o.root).Twice() // to see what was written, and to publish
	var outputs setSum
	var failed error
	var beside sync.WaitGroup
	last, manifest, ok := o.lastBuild()
	if ok {
		p.last = last
		beside.Go(func() { failed = look(there, ".", outputs.add) })
	}
	var inputs []seen
	for _, name := range append(journal.Folders(), journal.SettingsFile, ThemeFolder) {
		if look(fsys, name, func(s seen) { inputs = append(inputs, s) }) != nil {
			return p
		}
	}
	if ok && sourcesSum(fsys, key, inputs, last.at) == last.made {
		beside.Wait()
		p.holds = failed == nil && outputs.String() == last.written
	}
	if !p.holds {
		p.made = sourcesSum(fsys, key, inputs, now)
		if ok {
			o.lookAhead(beside.Wait, there, manifest)
		}
	}
	return p
}

// Holds says that the folder has the site as the last build left it, of which
// there is still the same to say.
func (p *Proof) Holds() (Built, bool) { return p.last.Built, p.holds }

// Journal names the journal of the last build; it is empty if that is not known.
func (p *Proof) Journal() string { return p.last.Journal }

// Resume makes the site of a journal on a day, as [New] does. If it is given the
// journal of the last build, of which the other shares what is the same, and all else
// is as it was, Publish has nothing to do with the pages that are the same.
func (p *Proof) Resume(was, is *journal.Journal, today civil.Date, theme *Theme, pinned bool) *Site {
	frame := sha256.Sum256(fmt.Appendf(nil, "%q %v %v %x", p.key, today, pinned, theme.sum))
	p.frame = fmt.Sprintf("%x", frame[:16])
	if was == nil || p.frame != p.last.frame {
		return New(due.New(is, today), theme, pinned)
	}
	s := New(due.New(was, today), theme, pinned)
	p.output.resumed = resumed{s, p.last.written}
	return s.Next(s.View.Next(is, today), theme)
}

// Keep writes the proof for the next build, after the site that Resume made was
// published and there was nothing to say but this.
func (p *Proof) Keep(built Built) error {
	if p.made == "" {
		return nil
	}
	written, err := p.output.written()
	if err != nil {
		return err
	}
	line := fmt.Sprintf("! %s %s %d %d %d %d %s %s", p.made, written, p.now.UnixNano(),
		built.Files, built.Errors, built.Warnings, cmp.Or(built.Journal, noJournal), p.frame)
	return p.output.manifest.end(p.output.disk(), line)
}

// written is a hash of all that the manifest says of the folder.
func (o *Output) written() (string, error) {
	root, err := o.root.Stat(".")
	if err != nil {
		return "", err
	}
	var outputs setSum
	outputs.add(seen{path: ".", mode: root.Mode()})
	folders := maps.Clone(o.folders)
	for name, file := range o.files {
		parents(folders, name)
		outputs.add(seen{path: name, size: file.Size, time: file.Time})
	}
	for dir := range folders {
		outputs.add(seen{path: dir, mode: fs.ModeDir})
	}
	return outputs.String(), nil
}

// noJournal stands in a proof for a journal without a name.
const noJournal = "-"

// lastBuild reads what the last build says, if that is the last line of the manifest,
// and what that looks like.
func (o *Output) lastBuild() (last lastBuild, manifest fs.FileInfo, ok bool) {
	f, err := o.root.Open(manifestName)
	if err != nil {
		return last, nil, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return last, nil, false
	}
	end := make([]byte, min(info.Size(), 500))
	if _, err := f.ReadAt(end, info.Size()-int64(len(end))); err != nil {
		return last, nil, false
	}
	line, whole := strings.CutSuffix(string(end), "\n")
	var nano int64
	n, _ := fmt.Sscanf(line[strings.LastIndex(line, "\n")+1:], "! %s %s %d %d %d %d %s %s", &last.made, &last.written, &nano,
		&last.Files, &last.Errors, &last.Warnings, &last.Journal, &last.frame)
	if !whole || n != 8 {
		return lastBuild{}, nil, false
	}
	if last.Journal == noJournal {
		last.Journal = ""
	}
	last.at = time.Unix(0, nano)
	return last, info, true
}

// seen is what the file system says of a file or a folder.
type seen struct {
	path       string
	mode       fs.FileMode // its type; of the folder itself that is looked at, all of it
	size, time int64       // bytes; Unix nanoseconds; zero for a folder
}

func (s seen) append(b []byte) []byte {
	b = binary.AppendUvarint(addText(b, s.path), uint64(s.mode))
	return binary.AppendVarint(binary.AppendVarint(b, s.size), s.time)
}

// addText appends a text such that no other two, one after the other, are the same.
func addText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// unsettled is how many files that were changed a moment before a build are read,
// to prove the next time that they did not change since.
const unsettled = 100

var errUnprovable = errors.New("how it looks does not tell what it holds")

// look tells of what is at a path and below it, but for names that begin with a dot;
// also of a page that was left half written, which Publish is to remove.
func look(fsys fs.FS, root string, tell func(seen)) error {
	return fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == root && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case name == ".":
		case strings.HasPrefix(d.Name(), ".") && !strings.HasPrefix(d.Name(), tempPrefix):
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
			tell(seen{path: name, mode: info.Mode()})
		case d.IsDir():
			tell(seen{path: name, mode: fs.ModeDir})
		case info.Mode().IsRegular():
			tell(seen{name, d.Type(), info.Size(), info.ModTime().UnixNano()})
		default:
			return errUnprovable
		}
		return nil
	})
}

// sourcesSum is a hash of the key and of what was seen of the files that a site is made
// of; empty if that does not tell what is in them. The time of a file that is not
// older than a given one by more than two seconds proves nothing, as another save
// could have it too: of such a file the bytes count.
func sourcesSum(fsys fs.FS, key string, inputs []seen, at time.Time) string {
	sum := sha256.New()
	b := addText(nil, key)
	sum.Write(b)
	read := 0
	for _, s := range inputs {
		b = s.append(b[:0])
		sum.Write(b)
		if s.mode.IsDir() || s.time < at.Add(-folder.Settles).UnixNano() {
			continue
		}
		if read++; read > unsettled {
			return ""
		}
		file, err := fsys.Open(s.path)
		if err != nil {
			return ""
		}
		hash := sha256.New()
		_, err = io.Copy(hash, file)
		file.Close()
		if err != nil {
			return ""
		}
		sum.Write(hash.Sum(nil))
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// A setSum is a hash of what was seen, each once, in whatever order.
type setSum [sha256.Size]byte

func (s *setSum) add(one seen) {
	var room [128]byte
	sum := sha256.Sum256(one.append(room[:0]))
	subtle.XORBytes(s[:], s[:], sum[:])
}

func (s *setSum) String() string { return fmt.Sprintf("%x", s[:]) }
