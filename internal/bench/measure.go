package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory; 0 if the system does not say
	said      string
}

// run runs a process to its end.
func run(cmd *exec.Cmd) (cost, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, out.String(), errs.String())
	}
	state := cmd.ProcessState
	return cost{wall, state.UserTime() + state.SystemTime(), peakMemory(state), out.String()}, nil
}

// self is a process of this program.
func self(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		exe = os.Args[0]
	}
	return exec.CommandContext(ctx, exe, args...)
}

// command is a process that may use the processors that are measured with.
func (b *bench) command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", b.procs))
	return cmd
}

// ctx ends when somebody presses Ctrl-C: then all processes end, and what was
// made for the measurement is removed.
var ctx = context.Background()

// quantile is the value that a part of all values does not exceed.
func quantile[T cmp.Ordered](values []T, part float64) T {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return *new(T)
	}
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

func median[T cmp.Ordered](values []T) T { return quantile(values, 0.5) }

// contest runs several programs in turn, once to warm up and then the given
// number of times, so that whatever else the machine does hits them alike.
func contest(rounds int, entrants ...func() (cost, error)) ([][]cost, error) {
	costs := make([][]cost, len(entrants))
	for round := range rounds + 1 {
		for i, enter := range entrants {
			c, err := enter()
			if err != nil {
				return nil, err
			}
			if round > 0 {
				costs[i] = append(costs[i], c)
			}
		}
	}
	return costs, nil
}

// middle is the median of one aspect of several costs.
func middle[T cmp.Ordered](costs []cost, aspect func(cost) T) T {
	var values []T
	for _, c := range costs {
		values = append(values, aspect(c))
	}
	return median(values)
}

func wall(c cost) time.Duration { return c.wall }
func cpu(c cost) time.Duration  { return c.cpu }
func peak(c cost) int64         { return c.peak }

// ratio is the median of the ratios of each round.
func ratio(costs, to []cost, aspect func(cost) time.Duration) string {
	var values []float64
	for i := range costs {
		values = append(values, aspect(costs[i]).Seconds()/aspect(to[i]).Seconds())
	}
	return fmt.Sprintf("%.2f", median(values))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }
func millis(d time.Duration) string  { return fmt.Sprintf("%.1f ms", d.Seconds()*1e3) }

func mebibytes(n int64) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
}

// table prints rows in columns.
func table(title string, rows ...[]string) {
	fmt.Printf("\n%s\n", title)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, "  "+strings.Join(row, "\t"))
	}
	w.Flush()
}

// remake makes an empty folder.
func remake(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o700)
}

// copyFolder copies a journal, to be changed.
func copyFolder(to, from string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

// eachFile calls do for the files in a folder but for those, and in those, that
// begin with a dot, such as the manifest, in the order of their names.
func eachFile(dir string, do func(name string, info fs.FileInfo) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return nil
		case strings.HasPrefix(d.Name(), "."):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return do(filepath.ToSlash(name), info)
	})
}

// sameFiles says which files differ between two folders.
func sameFiles(got, want string) error {
	var wrong []string
	count := map[string]int{}
	err := eachFile(want, func(name string, _ fs.FileInfo) error {
		count["want"]++
		a, err := os.ReadFile(filepath.Join(want, name))
		if err != nil {
			return err
		}
		if b, err := os.ReadFile(filepath.Join(got, name)); err != nil || !bytes.Equal(a, b) {
			wrong = append(wrong, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := eachFile(got, func(string, fs.FileInfo) error { count["got"]++; return nil }); err != nil {
		return err
	}
	if len(wrong) > 0 || count["got"] != count["want"] {
		return fmt.Errorf("%d of %d files are not those of a clean build (%d files), such as %v",
			len(wrong), count["got"], count["want"], wrong[:min(len(wrong), 3)])
	}
	return nil
}
