package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/seal"
)

func (a *app) backupCommand() *cobra.Command {
	var with passphrase
	cmd := &cobra.Command{
		Use:   "backup FILE.age",
		Short: "the notes, encrypted, in one file",
		Long: `Writes all of content/ and templates/, and kith.toml, into one file that a
passphrase opens: a tar archive in the form of age (https://age-encryption.org), so
that "age -d FILE.age | tar x" opens it where there is no kith. A file that holds an
older backup is replaced once the new one is complete.`,
		Example: "  kith backup people.age\n  kith backup --passphrase-file ~/.people-passphrase /media/stick/people.age",
		Args:    args(1, 1, "kith backup people.age"),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := a.find()
			if err != nil {
				return err
			}
			path := args[0]
			if !filepath.IsAbs(path) {
				path = filepath.Join(a.Dir, path)
			}
			if part := outputInside(resolved(s.dir), resolved(path)); part != "" {
				return usage(fmt.Sprintf("a backup cannot be written to %s, among %s", args[0], part), "choose a place outside of the journal: kith backup ~/people.age")
			}
			if err := replaceable(path); err != nil {
				return fail(fmt.Sprintf("%s %v", args[0], err), "choose another name")
			}
			secret, err := with.anew(a)
			if err != nil {
				return err
			}
			var left []string
			err = writeWhole(path, func(w io.Writer) (err error) {
				left, err = seal.Backup(w, folder.New(s.root), secret)
				return err
			})
			if err != nil {
				return fail(fmt.Sprintf("writing %s: %v", args[0], err), "what was there before is still there")
			}
			for _, name := range left {
				fmt.Fprintf(a.Stderr, "kith: %s is no file and was left out\n", name)
			}
			fmt.Fprintf(a.Stdout, "%s holds the notes: kith restore %s opens it, and so does age -d\n", args[0], quoted(args[0]))
			return nil
		},
	}
	with.flags(cmd, true)
	return cmd
}

// replaceable returns nil if there is nothing at a path, or an age file: what somebody
// else has there is not lost by a slip of the pen.
func replaceable(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("is there, and is no file")
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot be read: %s", reason(err))
	}
	defer file.Close()
	begin := make([]byte, len(seal.AgeHeader))
	if n, _ := io.ReadFull(file, begin); !bytes.Equal(begin[:n], []byte(seal.AgeHeader)) && n > 0 {
		return errors.New("is there, and is no age file")
	}
	return nil
}

// writeWhole writes a file for its owner alone beside its place, and puts it there when
// it is complete.
func writeWhole(path string, fill func(io.Writer) error) error {
	temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".kith-%08x.tmp", rand.Uint32()))
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return errors.New(reason(err))
	}
	err = fill(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err
}

func (a *app) restoreCommand() *cobra.Command {
	var with passphrase
	var into string
	cmd := &cobra.Command{
		Use:   "restore FILE.age",
		Short: "what a backup holds, as a journal",
		Long: `Puts what kith backup wrote into a folder, which is named as the file unless --into
says another. Nothing is replaced: a folder that has notes, templates or settings is
left as it is. All of it is put there, or nothing.`,
		Example: "  kith restore people.age\n  kith restore people.age --into ~/people",
		Args:    args(1, 1, "kith restore people.age"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := args[0]
			if !filepath.IsAbs(path) {
				path = filepath.Join(a.Dir, path)
			}
			shown := into
			if shown == "" {
				shown = strings.TrimSuffix(filepath.Base(path), ".age")
				if shown == filepath.Base(path) {
					return usage(fmt.Sprintf("%s does not end in .age, so the folder needs a name", args[0]), fmt.Sprintf("kith restore %s --into people", quoted(args[0])))
				}
			}
			dir := shown
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(a.Dir, dir)
			}
			file, err := os.Open(path)
			if err != nil {
				return fail(fmt.Sprintf("opening %s: %s", args[0], reason(err)), "")
			}
			defer file.Close()
			secret, err := with.again(a)
			if err != nil {
				return err
			}
			if err := restoreInto(dir, file, secret); err != nil {
				hint := "nothing was written"
				if errors.Is(err, fs.ErrExist) {
					hint += ": name another folder with --into"
				}
				return fail(fmt.Sprintf("restoring %s into %s: %v", args[0], shown, err), hint)
			}
			fmt.Fprintf(a.Stdout, "%s is the journal: kith serve --dir %s shows it\n", shown, quoted(shown))
			return nil
		},
	}
	with.flags(cmd, false)
	cmd.Flags().StringVar(&into, "into", "", "the `folder` to make (default: the name of the file without .age)")
	_ = cmd.MarkFlagDirname("into")
	return cmd
}

// restoreInto puts a backup into a folder, and leaves none that it made for nothing.
func restoreInto(dir string, backup io.Reader, secret string) error {
	switch err := os.Mkdir(dir, 0o700); {
	case err == nil:
		defer os.Remove(dir) // which fails if there is something in it
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	to, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer to.Close()
	return seal.Restore(to, backup, secret)
}
