package store

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"kith/internal/folder"
)

// doingFile says which record is that of a command that changes several files, for as
// long as it is at it.
const doingFile = Folder + "/doing"

// begin notes that a command which is recorded under a name begins to change files, and
// end that it is done. That of one file is never half done.
func (o Options) begin(root *os.Root, record string, changes []Change) error {
	if len(changes) < 2 {
		return nil
	}
	if err := root.Remove(doingFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return o.writeFile(root, doingFile, File{There: true, Data: []byte(record), Mode: 0o600})
}

func (o Options) end(root *os.Root) { _ = root.Remove(doingFile) }

// A Half is a command that was cut short, as by a crash, when it had changed some of its
// files. [Undo] takes it back.
type Half struct {
	Command  string
	Done, Of int // how many of its files it changed, of how many
}

// FindHalf returns the command that was cut short, if the last one was. It sees no
// command that another kith is at.
func FindHalf(root *os.Root) (Half, bool) {
	record, err := folder.ReadFile(root.FS(), doingFile, 1<<10)
	if err != nil {
		return Half{}, false
	}
	unlock, ok := tryLock(root)
	if !ok {
		return Half{}, false
	}
	defer unlock()
	half := Half{}
	left := 0
	r, err := readRecord(root, strings.TrimSpace(string(record)))
	for _, c := range r.Changes {
		switch is, err := load(root, c.Path); {
		case err != nil:
		case c.After.is(is):
			half.Done++
		case c.Before.is(is):
			left++
		}
	}
	if err != nil || half.Done == 0 || left == 0 { // nothing was done, or all, or all is otherwise by now
		_ = root.Remove(doingFile)
		return Half{}, false
	}
	half.Command, half.Of = r.Command, len(r.Changes)
	return half, true
}
