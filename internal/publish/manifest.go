package publish

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"

	"kith/internal/folder"
)

const (
	manifestName = ".kith-manifest"
	// manifestHeader begins what this version can read; what stands above it,
	// written by another one, counts for nothing.
	manifestHeader = "# kith 1: files that kith wrote here, and may replace and remove"
	tempPrefix     = ".kith-new-"
)

// manifest is the file in the output folder that says what kith wrote there. It
// is a log: a line says more about one path, and the last one counts.
//
//	? "PATH"                          kith is about to write it: it may hold anything
//	= "PATH" SIZE TIME SOURCE         this is in it, see [stamp]
//	+ "FOLDER/"                       kith made it
//	- "PATH"                          it is not kith's any more
//
// So a page that changed costs two short lines, and a process that is killed
// between them leaves a question mark, which makes the next build look again.
type manifest struct {
	// info is what the file looked like when this process was done with it; nil
	// if there was none. Another process that published here makes a difference.
	info fs.FileInfo
	read bool // whether the file was, so that a nil info means something

	mu      sync.Mutex // for the following
	size    int64      // of the file, in bytes, if nobody else adds to it
	lines   int        // in the file and pending
	pending []byte     // lines to be written
	file    *os.File   // open for more; nil until it is needed
}

// same says whether the file is as this process left it.
func (m *manifest) same(root *os.Root) bool {
	return m.read && m.alone(root)
}

// load reads the file, and returns the files and folders that are kith's.
func (m *manifest) load(root *os.Root) (files map[string]*owned, folders map[string]bool, err error) {
	m.forget()
	files, folders = map[string]*owned{}, map[string]bool{}
	if m.info, err = root.Lstat(manifestName); errors.Is(err, fs.ErrNotExist) {
		m.read = true
		m.add(manifestHeader)
		return files, folders, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if !m.info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is no file; it says which files kith wrote", manifestName)
	}
	data, err := folder.ReadFile(root.FS(), manifestName, folder.Any)
	if err != nil {
		return nil, nil, err
	}

	m.size = int64(len(data))
	var known bool
	if m.lines, known = readLines(string(data), files, folders); !known {
		m.add("\n" + manifestHeader)
	} else if !strings.HasSuffix(string(data), "\n") {
		m.add("") // ends the line that a process died in
	}
	m.read = true
	return files, folders, nil
}

// readLines reads what this version wrote into a manifest of so many lines; known says
// whether it did.
func readLines(text string, files map[string]*owned, folders map[string]bool) (lines int, known bool) {
	for line := range strings.Lines(text) {
		lines++
		line, whole := strings.CutSuffix(line, "\n")
		switch {
		case line == manifestHeader:
			known = true
			clear(files)
			clear(folders)
		case known && whole:
			readLine(line, files, folders)
		}
	}
	return lines, known
}

// now reads which files the manifest says are kith's by now, if somebody else has
// written to it.
func (m *manifest) now(root *os.Root) map[string]*owned {
	files := map[string]*owned{}
	if !m.alone(root) {
		data, _ := folder.ReadFile(root.FS(), manifestName, folder.Any)
		readLines(string(data), files, map[string]bool{})
	}
	return files
}

// readLine reads one line. One that it cannot read was cut off or tampered with,
// and what it spoke of is not ours.
func readLine(line string, files map[string]*owned, folders map[string]bool) {
	if len(line) < 2 {
		return
	}
	quoted, err := strconv.QuotedPrefix(line[2:])
	if err != nil {
		return
	}
	name, err := strconv.Unquote(quoted)
	folder, isFolder := strings.CutSuffix(name, "/")
	if err != nil || !fs.ValidPath(folder) || folder == "." || strings.HasPrefix(folder, ".kith-") {
		return
	}
	switch line[0] {
	case '?':
		files[name] = &owned{}
	case '+':
		folders[folder] = isFolder
	case '-':
		delete(files, name)
		if isFolder {
			delete(folders, folder)
		}
	case '=':
		file := &owned{}
		file.stamp = parseStamp(line[2+len(quoted):])
		files[name] = file
	}
}

// forget drops what is pending: the next look at the folder starts afresh.
func (m *manifest) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file != nil {
		m.file.Close()
	}
	m.info, m.read, m.size, m.lines, m.pending, m.file = nil, false, 0, 0, nil, nil
}

func (m *manifest) add(line string) {
	m.append(func(b []byte) []byte { return append(b, line...) })
}

// append adds a line that is appended to the others.
func (m *manifest) append(line func([]byte) []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines++
	m.pending = append(line(m.pending), '\n')
}

func (m *manifest) say(what, name string) {
	m.append(func(b []byte) []byte { return strconv.AppendQuote(append(b, what...), name) })
}

func (m *manifest) writing(name string) { m.say("? ", name) }
func (m *manifest) removed(name string) { m.say("- ", name) }
func (m *manifest) folder(name string)  { m.say("+ ", name+"/") }

func (m *manifest) written(name string, s stamp) {
	m.append(func(b []byte) []byte { return appendStamp(b, name, s) })
}

func appendStamp(b []byte, name string, s stamp) []byte {
	b = append(b, "= "...)
	b = strconv.AppendQuote(b, name)
	for _, n := range []int64{s.Size, s.Time, s.source} {
		b = strconv.AppendInt(append(b, ' '), n, 10)
	}
	return b
}

// parseStamp is the inverse of appendStamp, less the name. A stamp that it
// cannot read is the zero one: the file may hold anything.
func parseStamp(text string) (s stamp) {
	for _, n := range [...]*int64{&s.Size, &s.Time, &s.source} {
		var number string
		var err error
		number, text, _ = strings.Cut(strings.TrimPrefix(text, " "), " ")
		if *n, err = strconv.ParseInt(number, 10, 64); err != nil {
			return stamp{}
		}
	}
	if text != "" {
		return stamp{}
	}
	return s
}

// flush appends the pending lines to the file. Those of files to be written have
// to be there before the files are.
func (m *manifest) flush(d disk) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.pending) == 0 {
		return nil
	}
	if err := d.step(); err != nil {
		return err
	}
	if m.file == nil {
		var err error
		if m.file, err = d.root.OpenFile(manifestName, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600); err != nil {
			return err
		}
	}
	n, err := m.file.Write(m.pending)
	m.size += int64(n)
	if m.pending = m.pending[:0]; cap(m.pending) > 64<<10 {
		m.pending = nil // that was a build of everything
	}
	return err
}

// done writes what is pending and closes the file. If that is much longer than it needs
// to be, it is written anew; if somebody else has written to it meanwhile, or put another
// in its place, it hears once more of all files that this process knows. What was missing
// is kith's no more, unless somebody else is at writing it.
func (m *manifest) done(d disk, temp string, files map[string]*owned, folders map[string]bool, missing []string) error {
	err := m.close(d)
	if err != nil {
		return m.left(d, err)
	}
	list := func() []byte {
		var b []byte
		for dir := range folders {
			b = append(strconv.AppendQuote(append(b, "+ "...), dir+"/"), '\n')
		}
		for name, file := range files {
			b = append(appendStamp(b, name, file.stamp), '\n')
		}
		return bytes.TrimSuffix(b, []byte("\n"))
	}
	switch {
	case !m.alone(d.root):
		m.append(func(b []byte) []byte { return append(b, list()...) })
		err = m.close(d)
	case m.lines > (len(files)+len(folders))*5/2+100:
		var is folder.Info
		is, err = d.writeFile(temp, manifestName, func(w io.Writer) error {
			_, err := w.Write(append(append([]byte(manifestHeader+"\n"), list()...), '\n'))
			return err
		})
		if errors.Is(err, fs.ErrNotExist) { // another process took it for left over
			err = nil
			break
		}
		m.info, m.size, m.lines = nil, is.Size, 1+len(folders)+len(files)
	case len(missing) > 0:
		for _, name := range missing {
			m.removed(name)
		}
		err = m.close(d)
	}
	return m.left(d, err)
}

// close writes what is pending and closes the file.
func (m *manifest) close(d disk) error {
	err := m.flush(d)
	if m.file != nil {
		err = cmp.Or(err, m.file.Close())
		m.file = nil
	}
	return err
}

// alone says whether nobody else has written to the file since it was read.
func (m *manifest) alone(root *os.Root) bool {
	info, err := root.Lstat(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m.size == 0
	}
	return err == nil && info.Size() == m.size && (m.info == nil || os.SameFile(info, m.info))
}

// left sees what the file looks like as this process leaves it, if nothing failed. If
// somebody else has written to it, the next look is to be at what they did.
func (m *manifest) left(d disk, err error) error {
	if err == nil && m.alone(d.root) {
		if m.info, err = d.root.Lstat(manifestName); err == nil || errors.Is(err, fs.ErrNotExist) { // nothing was ever written here
			return nil
		}
	}
	m.forget()
	return err
}

// disk is where all changes on disk are made.
type disk struct {
	root *os.Root
	step func() error
}

func (d disk) remove(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.root.Remove(name)
}

func (d disk) mkdir(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.root.Mkdir(name, 0o700)
}

// writeFile writes a file under a temporary name and renames it. Nobody but the
// owner can read it. It need not survive a loss of power: a later build sees
// that it is not what the manifest says.
func (d disk) writeFile(temp, name string, fill func(io.Writer) error) (is folder.Info, err error) {
	if err = d.step(); err != nil {
		return is, err
	}
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return is, err
	}
	err = fill(f)
	info, failed := f.Stat()
	if err = cmp.Or(err, failed, f.Close()); err == nil {
		is = folder.InfoOf(info)
		if err = d.step(); err == nil {
			err = d.root.Rename(temp, name)
		}
	}
	if err != nil {
		_ = d.remove(temp) // or the next process does
	}
	return is, err
}

// writePage is writeFile for a page, in a folder. In one that is new the page gets
// its name at once, as there is nothing yet that a half page could take the place of:
// the renaming takes a third of the writing. The manifest says of it that it may hold
// anything, so that the next build sees to it if this one is killed.
func (d disk) writePage(in *folder.Folder, temp, name string, page []byte, isNew bool) (is folder.Info, err error) {
	if err = d.step(); err != nil {
		return is, err
	}
	if isNew {
		return in.Create(name, page)
	}
	for range 2 { // another process that begins may take the first for left over
		if is, err = in.Create(temp, page); err != nil {
			return is, err
		}
		if err = d.step(); err != nil {
			return is, err
		}
		if err = in.Rename(temp, name); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		_ = in.Remove(temp) // or the next process does
	}
	return is, err
}
