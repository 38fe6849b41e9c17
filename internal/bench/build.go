package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// build is a run of kith build.
func (b *bench) build(journal, out string) (cost, error) {
	return run(b.command(journal, b.kith, "build", "--out", out))
}

// forget removes from a journal what kith keeps there for the next time.
func forget(journal string) error {
	entries, err := os.ReadDir(journal)
	for _, e := range entries {
		if e.Name() != "content" && e.Name() != "kith.toml" {
			err = errors.Join(err, os.RemoveAll(filepath.Join(journal, e.Name())))
		}
	}
	return err
}

// fresh makes an empty folder to build into as for the first time, at a quiet
// moment of the disk.
func (b *bench) fresh(name string) (string, error) {
	dir := b.in(name)
	if err := errors.Join(remake(dir), forget(b.in("journal"))); err != nil {
		return "", err
	}
	if b.medium == "disk" {
		flush()
	}
	return dir, nil
}

// cold measures builds into an empty folder, against the floors.
func (b *bench) cold(n int) error {
	journal, err := b.journal(n)
	if err != nil {
		return err
	}
	kith := func() (cost, error) {
		out, err := b.fresh("out")
		if err != nil {
			return cost{}, err
		}
		return b.build(journal, out)
	}
	if _, err := kith(); err != nil {
		return err
	}
	files, bytes, err := b.sizes(b.in("out"))
	if err != nil {
		return err
	}
	entrants := []func() (cost, error){kith}
	for _, name := range []string{"A", "B", "C"} {
		entrants = append(entrants, func() (cost, error) {
			out, err := b.fresh("flat")
			if err != nil {
				return cost{}, err
			}
			cmd := self("floor", name, journal, b.in("sizes"), out)
			cmd.Env = b.command("", b.kith).Env
			if name == "C" {
				cmd.Env = append(cmd.Env, "GOGC=400")
			}
			return run(cmd)
		})
	}
	costs, err := contest(b.runs, entrants...)
	if err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory", "a contact", "time to floor A", "to B", "to C", "processor to B", "to C"}}
	for i, name := range []string{"kith build", "floor A", "floor B", "floor C"} {
		took := middle(costs[i], wall)
		rows = append(rows, []string{
			name, seconds(took), seconds(middle(costs[i], cpu)), mebibytes(middle(costs[i], peak)),
			(took / time.Duration(n)).Round(time.Microsecond).String(),
			ratio(costs[i], costs[1], wall), ratio(costs[i], costs[2], wall), ratio(costs[i], costs[3], wall),
			ratio(costs[i], costs[2], cpu), ratio(costs[i], costs[3], cpu),
		})
	}
	table(fmt.Sprintf("Cold build, %d contacts, %s: %d files, %s", n, b.medium, files, mebibytes(bytes)), rows...)
	return nil
}

// sizes writes down, for the floors, how large the files in a folder are.
func (b *bench) sizes(dir string) (files int, bytes int64, err error) {
	var sizes strings.Builder
	err = eachFile(dir, func(_ string, info fs.FileInfo) error {
		files++
		bytes += info.Size()
		_, err := fmt.Fprintln(&sizes, info.Size())
		return err
	})
	return files, bytes, errors.Join(err, os.WriteFile(b.in("sizes"), []byte(sizes.String()), 0o600))
}

// again measures builds into the folder of the last build.
func (b *bench) again(n int) error {
	journal, err := b.journal(n)
	if err != nil {
		return err
	}
	people, err := readPeople(journal)
	if err != nil {
		return err
	}
	kept := b.in("kept")
	if _, err := b.build(journal, kept); err != nil {
		return err
	}
	edit := 0
	costs, err := contest(
		b.runs,
		func() (cost, error) {
			out, err := b.fresh("out")
			if err != nil {
				return cost{}, err
			}
			return b.build(journal, out)
		},
		func() (cost, error) {
			c, err := b.build(journal, kept)
			if err == nil && !strings.Contains(c.said, "(0 written, 0 removed)") {
				err = fmt.Errorf("nothing changed, and kith said: %s", c.said)
			}
			return c, err
		},
		func() (cost, error) {
			edit++
			if err := people[edit*7%n].save(touch(edit), false); err != nil {
				return cost{}, err
			}
			return b.build(journal, kept)
		},
	)
	if err != nil {
		return err
	}
	out, err := b.fresh("out")
	if err != nil {
		return err
	}
	if _, err := b.build(journal, out); err != nil {
		return err
	}
	if err := sameFiles(kept, out); err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory", "to cold", "kith said"}}
	for i, name := range []string{"cold", "nothing changed", "one file changed"} {
		rows = append(rows, []string{
			name, seconds(middle(costs[i], wall)), seconds(middle(costs[i], cpu)), mebibytes(middle(costs[i], peak)),
			ratio(costs[i], costs[0], wall), strings.TrimSpace(strings.ReplaceAll(costs[i][0].said, b.work+string(filepath.Separator), "")),
		})
	}
	table(fmt.Sprintf("Build again, %d contacts, %s (equal to a clean build afterwards)", n, b.medium), rows...)
	return nil
}

// commands measures whole processes of the commands that read.
func (b *bench) commands(n int) error {
	journal, err := b.journal(n)
	if err != nil {
		return err
	}
	people, err := readPeople(journal)
	if err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory"}}
	for _, args := range [][]string{{"due"}, {"today"}, {"show", people[n/2].slug}, {"check"}} {
		costs, err := contest(b.runs, func() (cost, error) { return run(b.command(journal, b.kith, args...)) })
		if err != nil {
			return err
		}
		rows = append(rows, []string{"kith " + args[0], millis(middle(costs[0], wall)), millis(middle(costs[0], cpu)), mebibytes(middle(costs[0], peak))})
	}
	table(fmt.Sprintf("Commands, %d contacts, %s", n, b.medium), rows...)
	return b.log(journal, people[n/2], n)
}

// log measures kith log, against the floor of reading the file that it changes and
// all names (floor.go).
func (b *bench) log(journal string, c contact, n int) error {
	log := func() (cost, error) {
		return run(b.command(journal, b.kith, "log", c.slug, "coffee: a short one"))
	}
	costs, err := contest(b.runs, log, func() (cost, error) { return run(self("names", journal, c.path)) })
	if err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory", "to the names"}}
	for i, name := range []string{"kith log", "the file and the names"} {
		rows = append(rows, []string{name, millis(middle(costs[i], wall)), millis(middle(costs[i], cpu)), mebibytes(middle(costs[i], peak)), ratio(costs[i], costs[1], wall)})
	}
	table(fmt.Sprintf("Writing, %d contacts, %s", n, b.medium), rows...)
	return nil
}
