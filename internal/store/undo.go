package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"kith/internal/folder"
)

// The records of the last commands lie in undoFolder, one file each, the newest the
// last by name.
const (
	undoFolder = Folder + "/undo"
	undoKept   = 20
)

// A recorded command is what is needed to take it back. It is written before
// anything is changed, so that a command that was cut short can be taken back too.
type recorded struct {
	Command string           `json:"command"`
	Changes []recordedChange `json:"changes"`
}

type recordedChange struct {
	Path   string       `json:"path"`
	Before recordedFile `json:"before"`
	After  recordedFile `json:"after"`
}

// recordedFile is a [File], or the sum of its bytes where they are not needed.
type recordedFile struct {
	There bool        `json:"there"`
	Link  string      `json:"link,omitempty"`
	Mode  fs.FileMode `json:"mode,omitempty"`
	Data  []byte      `json:"data,omitempty"`
	Sum   []byte      `json:"sum,omitempty"`
}

func (r recordedFile) is(f File) bool {
	sum := sha256.Sum256(f.Data)
	return r.There == f.There && r.Link == f.Link && (!f.There || f.Link != "" || bytes.Equal(r.Sum, sum[:]))
}

func newRecordedFile(f File) recordedFile {
	sum := sha256.Sum256(f.Data)
	return recordedFile{There: f.There, Link: f.Link, Mode: f.Mode, Sum: sum[:]}
}

// record writes what is needed to take changes back, and returns where it is.
func (o Options) record(root *os.Root, changes []Change) (name string, err error) {
	r := recorded{Command: o.Command}
	for _, c := range changes {
		before := newRecordedFile(c.Before)
		before.Data = c.Before.Data
		r.Changes = append(r.Changes, recordedChange{c.Path, before, newRecordedFile(c.After)})
	}
	data, err := json.Marshal(r)
	if err == nil {
		err = root.MkdirAll(undoFolder, 0o700)
	}
	number := 1
	if all := records(root); len(all) > 0 {
		_, err := fmt.Sscanf(path.Base(all[len(all)-1]), "%d.json", &number)
		if err == nil {
			number++
		}
	}
	name = fmt.Sprintf("%s/%08d.json", undoFolder, number)
	temp := name + ".tmp"
	if err == nil {
		if err = root.Remove(temp); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = o.writeFile(root, temp, File{There: true, Data: data, Mode: 0o600})
	}
	if err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		_ = root.Remove(temp)
		return name, fmt.Errorf("keeping in %s what the files were before: %w", undoFolder, reason(err))
	}
	return name, nil
}

// records returns the paths of the records, the newest last.
func records(root *os.Root) []string {
	entries, err := folder.ReadDir(root.FS(), undoFolder)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			names = append(names, undoFolder+"/"+e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// forgetOld removes the records of commands long ago.
func forgetOld(root *os.Root) {
	all := records(root)
	for _, name := range all[:max(0, len(all)-undoKept)] {
		_ = root.Remove(name)
	}
}

// Undone is a command that was taken back.
type Undone struct {
	Command string
	Changes []Change
}

// ErrNothing says that there is no command to take back.
var ErrNothing = errors.New("there is nothing to take back")

// MovedOnError says that files are no longer as a command left them, so that taking
// it back would lose what was written since.
type MovedOnError struct {
	Command string
	Paths   []string
}

func (e *MovedOnError) Error() string {
	return fmt.Sprintf("%s changed since", strings.Join(e.Paths, ", "))
}

// Undo takes back the last command that wrote and was not taken back, and returns
// it. A file that is still, or again, as it was before the command stays so. The
// error is [ErrNothing], a *[MovedOnError], or one of those of [Do].
func Undo(root *os.Root, o Options) (Undone, error) {
	unlock, err := lock(root, o.Waiting)
	if err != nil {
		return Undone{}, err
	}
	defer unlock()
	name, t, command, err := undoing(root)
	if err != nil {
		return Undone{}, err
	}
	changes := t.changes()
	err = o.apply(root, t.seen, changes)
	if errors.Is(err, errChanged) {
		err = fmt.Errorf("%w: %w", err, ErrChanging)
	}
	if err != nil {
		return Undone{}, err
	}
	o.end(root)
	if err := root.Remove(name); err != nil {
		return Undone{}, fmt.Errorf("removing %s: %w", name, reason(err))
	}
	return Undone{command, changes}, nil
}

// TryUndo returns what [Undo] would do, and changes nothing.
func TryUndo(root *os.Root) (Undone, error) {
	_, t, command, err := undoing(root)
	if err != nil {
		return Undone{}, err
	}
	return Undone{command, t.changes()}, nil
}

// undoing returns the name of the newest record, the changes that take it back, and
// its command.
func undoing(root *os.Root) (name string, t *Tx, command string, err error) {
	all := records(root)
	if len(all) == 0 {
		return "", nil, "", ErrNothing
	}
	name = all[len(all)-1]
	r, err := readRecord(root, name)
	if err != nil {
		return "", nil, "", err
	}
	t = newTx(root)
	moved := &MovedOnError{Command: r.Command}
	for _, c := range r.Changes {
		is, err := load(root, c.Path)
		if err != nil {
			return "", nil, "", fmt.Errorf("reading %s: %w", c.Path, reason(err))
		}
		t.seen[c.Path] = is
		switch {
		case c.Before.is(is):
		case c.After.is(is):
			t.want[c.Path] = File{There: c.Before.There, Link: c.Before.Link, Mode: c.Before.Mode, Data: c.Before.Data}
		default:
			moved.Paths = append(moved.Paths, c.Path)
		}
	}
	if moved.Paths != nil {
		slices.Sort(moved.Paths)
		return "", nil, "", moved
	}
	return name, t, r.Command, nil
}

func readRecord(root *os.Root, name string) (recorded, error) {
	var r recorded
	data, err := folder.ReadFile(root.FS(), name, folder.Any)
	if err != nil {
		return r, fmt.Errorf("reading %s: %w", name, reason(err))
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("reading %s: %w", name, err)
	}
	return r, nil
}

// A Done is a command that can be taken back.
type Done struct {
	Command string
	When    time.Time
	Paths   []string // of what it changed
}

// List returns the commands that can be taken back, the newest first: [Undo] begins
// with that.
func List(root *os.Root) ([]Done, error) {
	var list []Done
	for _, name := range slices.Backward(records(root)) {
		r, err := readRecord(root, name)
		if err != nil {
			return nil, err
		}
		d := Done{Command: r.Command}
		if info, err := root.Stat(name); err == nil {
			d.When = info.ModTime()
		}
		for _, c := range r.Changes {
			d.Paths = append(d.Paths, c.Path)
		}
		slices.Sort(d.Paths)
		list = append(list, d)
	}
	return list, nil
}
