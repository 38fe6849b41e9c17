package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/journal"
)

// newFolder makes a journal of files in a new folder; a text that begins with -> is
// where a symbolic link leads.
func newFolder(t *testing.T, files map[string]string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if link, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(link, p)
		} else {
			err = os.WriteFile(p, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return open(t, dir)
}

func open(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// files returns what a journal's folder holds, but for what is kith's own.
func files(t *testing.T, root *os.Root) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p == Folder:
			return fs.SkipDir
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			link, err := root.Readlink(p)
			all[p] = "-> " + link
			return err
		}
		data, err := root.ReadFile(p)
		all[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func expect(t *testing.T, root *os.Root, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, files(t, root)); diff != "" {
		t.Errorf("the files are not as they should be (-want +got):\n%s", diff)
	}
}

// add returns a plan that adds a line to a file.
func add(name, line string) func(*Tx) error {
	return func(tx *Tx) error {
		old, err := tx.Read(name)
		if err != nil {
			return err
		}
		return tx.Write(name, append(slices.Clone(old), line+"\n"...))
	}
}

// A plan of every kind of change, what is there before, and what after.
var (
	before = map[string]string{
		"a.md": "a\n", "b.md": "b\n", "old.md": "old\n", "gone.md": "gone\n", "same.md": "same\n",
		"link.md": "-> deep/real.md", "deep/real.md": "real\n",
	}
	after = map[string]string{
		"a.md": "a\n1\n", "b.md": "b\n2\n", "new.md": "old\n3\n", "made/c.md": "c\n", "same.md": "same\n",
		"name.md": "-> deep/real.md", "deep/real.md": "real\n4\n",
	}
)

func everything(tx *Tx) error {
	return errors.Join(
		add("a.md", "1")(tx),
		add("b.md", "2")(tx),
		tx.Rename("old.md", "new.md"),
		add("new.md", "3")(tx),
		tx.Create("made/c.md", []byte("c\n")),
		tx.Remove("gone.md"),
		tx.Rename("link.md", "name.md"),
		add("name.md", "4")(tx),
		add("same.md", "")(tx),
		tx.Write("same.md", []byte("same\n")),
	)
}

func TestEveryKindOfChange(t *testing.T) {
	t.Parallel()
	root := newFolder(t, before)
	changes, err := Try(root, everything)
	if err != nil || len(changes) != 9 {
		t.Errorf("%v, %d changes", err, len(changes))
	}
	expect(t, root, before)
	if _, err := root.Lstat(Folder); err == nil {
		t.Error("trying leaves something behind")
	}
	done, err := Do(root, Options{Command: "everything"}, everything)
	if diff := cmp.Diff(changes, done); err != nil || diff != "" {
		t.Errorf("%v: done is not what was tried: %s", err, diff)
	}
	expect(t, root, after)
	undone, err := Undo(root, Options{})
	if err != nil || undone.Command != "everything" || len(undone.Changes) != 9 {
		t.Errorf("%v: undone %+v", err, undone)
	}
	expect(t, root, before)
	if _, err := Undo(root, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("undone twice: %v", err)
	}
}

var errFault = errors.New("a fault")

// TestFaults lets each step fail in turn, once and from then on.
func TestFaults(t *testing.T) {
	t.Parallel()
	partly := 0
	for _, forGood := range []bool{false, true} {
		for n := 1; ; n++ {
			root := newFolder(t, before)
			steps := 0
			what := ""
			o := Options{Command: "everything", fault: func(w, p string) error {
				steps++
				if steps == n || forGood && steps > n {
					what += fmt.Sprintf(" %s %s", w, p)
					return errFault
				}
				return nil
			}}
			_, err := Do(root, o, everything)
			if steps < n { // no step is left to fail
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if !errors.Is(err, errFault) {
				t.Errorf("after the fault in%s: %v", what, err)
			}
			if half := new(PartlyError); errors.As(err, &half) {
				partly++
				for name, text := range files(t, root) {
					changed := slices.Contains(half.Changed, name)
					if text != before[name] && (!changed || text != after[name]) {
						t.Errorf("after the fault in%s: %s is %q; said to be changed: %v", what, name, text, half.Changed)
					}
				}
				if _, err := Undo(root, Options{}); err != nil {
					t.Errorf("after the fault in%s: undo: %v", what, err)
				}
			}
			expect(t, root, before)
			if _, err := Undo(root, Options{}); !errors.Is(err, ErrNothing) {
				t.Errorf("after the fault in%s there is something to undo: %v", what, err)
			}
		}
	}
	if partly == 0 {
		t.Error("no fault left anything half done")
	}
}

// TestFaultsOfUndo does the same with undo, which can be said again.
func TestFaultsOfUndo(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		root := newFolder(t, before)
		if _, err := Do(root, Options{}, everything); err != nil {
			t.Fatal(err)
		}
		steps := 0
		_, err := Undo(root, Options{fault: func(string, string) error {
			if steps++; steps >= n {
				return errFault
			}
			return nil
		}})
		if steps < n {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		if !errors.Is(err, errFault) {
			t.Errorf("step %d: %v", n, err)
		}
		if _, err := Undo(root, Options{}); err != nil {
			t.Errorf("step %d: again: %v", n, err)
		}
		expect(t, root, before)
	}
}

func TestAFileThatChangesMeanwhileIsReadAgain(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": "a\n", "b.md": "b\n"})
	plan := func(tx *Tx) error { return errors.Join(add("a.md", "kith")(tx), add("b.md", "kith")(tx)) }
	saves := map[string]int{"open": 1, "place": 2} // by the time of two steps
	o := Options{fault: func(what, p string) error {
		if saves[what]--; saves[what] == 0 {
			return root.WriteFile("b.md", []byte("b\n"+what+"\n"), 0o644)
		}
		return nil
	}}
	if _, err := Do(root, o, plan); err != nil {
		t.Fatal(err)
	}
	expect(t, root, map[string]string{"a.md": "a\nkith\n", "b.md": "b\nplace\nkith\n"})
}

func TestAFileThatNeverStandsStillIsLeftAlone(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": "", "b.md": "b\n"})
	saves := 0
	o := Options{fault: func(what, _ string) error {
		if what == "place" {
			saves++
		}
		return root.WriteFile("b.md", fmt.Appendf(nil, "save %d", saves), 0o644)
	}}
	_, err := Do(root, o, func(tx *Tx) error { return errors.Join(add("a.md", "kith")(tx), add("b.md", "kith")(tx)) })
	if !errors.Is(err, ErrChanging) || !strings.Contains(fmt.Sprint(err), "b.md") {
		t.Errorf("error %v", err)
	}
	expect(t, root, map[string]string{"a.md": "", "b.md": fmt.Sprintf("save %d", saves)})
}

func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": "a\n", "b.md": "b\n"})
	if err := root.Chmod("a.md", 0o640); err != nil {
		t.Fatal(err)
	}
	was, err := root.Stat("b.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Do(root, Options{}, add("a.md", "1")); err != nil {
		t.Fatal(err)
	}
	if info, err := root.Stat("a.md"); err != nil || info.Mode() != 0o640 {
		t.Errorf("%v: the mode is %v", err, info.Mode())
	}
	if is, err := root.Stat("b.md"); err != nil || !os.SameFile(was, is) || is.ModTime() != was.ModTime() {
		t.Errorf("%v: a file that had nothing to do with it is another", err)
	}
	own := []string{Folder, lockFile, undoFolder, undoFolder + "/00000001.json", Folder + "/.gitignore"}
	for _, name := range own {
		if info, err := root.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%v: %s is %v, which others can read", err, name, info.Mode())
		}
	}
	if ignore, err := root.ReadFile(Folder + "/.gitignore"); err != nil || string(ignore) != "*\n" {
		t.Errorf("%v: git is told %q", err, ignore)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"a.md": "a\n", "out.md": "-> ../a.md", "far.md": "-> /etc/hostname", "round.md": "-> round.md",
		"dir/x.md": "x\n", "climb.md": "-> dir/../../a.md", "via": "-> dir", "locked.md": "a\n",
	}
	for _, c := range []struct {
		name string
		plan func(*Tx) error
		want error
	}{
		{"writing by a link out of the journal", add("out.md", "1"), nil},
		{"writing by a link to elsewhere", add("far.md", "1"), nil},
		{"writing by a link that climbs", add("climb.md", "1"), nil},
		{"writing by a link to itself", add("round.md", "1"), nil},
		{"writing a folder", add("dir", "1"), nil},
		{"writing above the journal", add("../a.md", "1"), fs.ErrInvalid},
		{"reading what is not there", add("no.md", "1"), fs.ErrNotExist},
		{"creating what is there", func(tx *Tx) error { return tx.Create("a.md", nil) }, fs.ErrExist},
		{"creating where a link is", func(tx *Tx) error { return tx.Create("out.md", nil) }, fs.ErrExist},
		{"removing what is not there", func(tx *Tx) error { return tx.Remove("no.md") }, fs.ErrNotExist},
		{"a name that is taken", func(tx *Tx) error { return tx.Rename("a.md", "dir/x.md") }, fs.ErrExist},
		{"a name taken by way of a link", func(tx *Tx) error { return tx.Rename("a.md", "via/x.md") }, fs.ErrExist},
		{"a read-only file", add("locked.md", "1"), ErrReadOnly},
		{"removing a read-only file", func(tx *Tx) error { return tx.Remove("locked.md") }, ErrReadOnly},
		{"a plan that fails", func(tx *Tx) error { return errors.Join(add("a.md", "1")(tx), errFault) }, errFault},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := newFolder(t, files)
			if err := root.Chmod("locked.md", 0o444); err != nil {
				t.Fatal(err)
			}
			_, err := Do(root, Options{}, c.plan)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			expect(t, root, files)
		})
	}
}

func TestLinksAreFollowed(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{
		"a.md": "-> shelf/b.md", "shelf": "-> real/deep", "real/deep/b.md": "-> ../c.md", "real/c.md": "c\n",
	})
	if _, err := Do(root, Options{}, add("a.md", "1")); err != nil {
		t.Fatal(err)
	}
	expect(t, root, map[string]string{
		"a.md": "-> shelf/b.md", "shelf": "-> real/deep", "real/deep/b.md": "-> ../c.md", "real/c.md": "c\n1\n",
	})
}

func TestUndoOfSeveral(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": ""})
	states := []map[string]string{files(t, root)}
	for n := range undoKept + 5 {
		if _, err := Do(root, Options{Command: fmt.Sprint(n)}, add("a.md", fmt.Sprint(n))); err != nil {
			t.Fatal(err)
		}
		states = append(states, files(t, root))
	}
	if _, err := Do(root, Options{Command: "nothing"}, func(*Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for n := range undoKept {
		undone, err := Undo(root, Options{})
		if err != nil || undone.Command != fmt.Sprint(undoKept+4-n) {
			t.Errorf("%v: undone %s", err, undone.Command)
		}
		expect(t, root, states[undoKept+4-n])
	}
	if _, err := Undo(root, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("one more: %v", err)
	}
}

func TestUndoKeepsWhatWasWrittenSince(t *testing.T) {
	t.Parallel()
	for name, since := range map[string]func(*os.Root) error{
		"edited":    func(r *os.Root) error { return r.WriteFile("a.md", []byte("mine\n"), 0o644) },
		"removed":   func(r *os.Root) error { return r.Remove("a.md") },
		"made":      func(r *os.Root) error { return r.WriteFile("gone.md", []byte("mine\n"), 0o644) },
		"linked":    func(r *os.Root) error { return errors.Join(r.Remove("a.md"), r.Symlink("b.md", "a.md")) },
		"no longer": func(r *os.Root) error { return r.Remove("made/c.md") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := newFolder(t, before)
			if _, err := Do(root, Options{Command: "everything"}, everything); err != nil {
				t.Fatal(err)
			}
			if err := since(root); err != nil {
				t.Fatal(err)
			}
			is := files(t, root)
			_, err := Undo(root, Options{})
			moved := new(MovedOnError)
			// A file that is gone, as it was before the command, is no reason.
			if name == "no longer" {
				if err != nil {
					t.Fatal(err)
				}
				expect(t, root, before)
				return
			}
			if !errors.As(err, &moved) || len(moved.Paths) != 1 || moved.Command != "everything" {
				t.Errorf("error %v", err)
			}
			expect(t, root, is)
		})
	}
}

func TestTwoAtOnceQueueUp(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": ""})
	unlock, err := lock(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	waited := false
	o := Options{Waiting: func() {
		waited = true
		if got := files(t, root)["a.md"]; got != "" {
			t.Errorf("written while the other was at work: %q", got)
		}
		unlock()
	}}
	if _, err := Do(root, o, add("a.md", "1")); err != nil || !waited {
		t.Errorf("%v, waited: %v", err, waited)
	}
	expect(t, root, map[string]string{"a.md": "1\n"})
}

// Nothing that is written on the way is part of a journal, if a kill leaves it there.
func TestJournalsIgnoreWhatIsOnTheWay(t *testing.T) {
	t.Parallel()
	root := newFolder(t, before)
	seen := map[string]bool{}
	o := Options{fault: func(string, string) error {
		for name := range files(t, root) {
			seen[name] = true
		}
		return nil
	}}
	if _, err := Do(root, o, everything); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(seen, func(name string, _ bool) bool { return before[name] != "" || after[name] != "" })
	if len(seen) == 0 {
		t.Error("nothing was seen on the way")
	}
	for name := range seen {
		if !journal.Ignored(name) {
			t.Errorf("a journal would read %s", name)
		}
	}
}
