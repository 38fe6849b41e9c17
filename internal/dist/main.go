// Command dist makes what people install: for each system an archive with the program,
// completions for shells, man pages and the licences of all that is linked into it, and for
// Debian packages. SHA256SUMS has the sum of each.
//
//	go run ./internal/dist -out dist
//	go run ./internal/dist -out dist -for linux/amd64
//
// Two runs of the same commit make the same bytes: nothing in it is of the machine or of
// the time at which it was made. Its files have the time of the commit.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/cli"
)

// platforms are those that there are archives for.
const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	out := flag.String("out", "dist", "the `folder` to write into")
	only := flag.String("for", platforms, "the systems and processors, as `OS/ARCH,…`")
	flag.Parse()
	if err := makeAll(*out, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// A file is one of an archive.
type file struct {
	name string // with slashes
	data []byte
	mode int64
}

// A release is what is the same in all archives.
type release struct {
	version string
	when    time.Time
	out     string
	shared  []file // for every system
}

func makeAll(out string, platforms []string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	r := &release{out: out}
	if err := r.identify(); err != nil {
		return err
	}
	if err := r.gather(); err != nil {
		return err
	}
	var sums []string
	for _, p := range platforms {
		system, processor, found := strings.Cut(p, "/")
		if !found {
			return fmt.Errorf("%q is no OS/ARCH", p)
		}
		names, err := r.make(system, processor)
		if err != nil {
			return fmt.Errorf("for %s: %w", p, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				return err
			}
			sums = append(sums, fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name))
			fmt.Println(filepath.Join(out, name))
		}
	}
	slices.Sort(sums)
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(strings.Join(sums, "")), 0o644)
}

// run returns what a command prints.
func run(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// identify finds the version and the time of what is built: those of the commit.
func (r *release) identify() error {
	head, err := run("git", "log", "-1", "--format=%ct %h", "--abbrev=12")
	if err != nil {
		return err
	}
	seconds, hash, _ := strings.Cut(head, " ")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return err
	}
	r.when = time.Unix(unix, 0).UTC()
	r.version = "0.0.0+" + r.when.Format("20060102") + "." + hash
	if tag, err := exec.Command("git", "describe", "--tags", "--exact-match", "--match", "v[0-9]*").Output(); err == nil {
		r.version = strings.TrimPrefix(strings.TrimSpace(string(tag)), "v")
	}
	return nil
}

// gather makes what is the same for every system: completions, man pages, the licence.
func (r *release) gather() error {
	for _, f := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		r.shared = append(r.shared, file{f, data, 0o644})
	}
	for shell, name := range map[string]string{"bash": "kith.bash", "zsh": "_kith", "fish": "kith.fish", "powershell": "kith.ps1"} {
		out, err := r.kith("completion", shell)
		if err != nil {
			return err
		}
		r.shared = append(r.shared, file{"completions/" + name, out, 0o644})
	}
	man, err := os.MkdirTemp("", "kith-man-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(man)
	if _, err := r.kith("man", man); err != nil {
		return err
	}
	pages, err := os.ReadDir(man)
	if err != nil {
		return err
	}
	for _, p := range pages {
		data, err := os.ReadFile(filepath.Join(man, p.Name()))
		if err != nil {
			return err
		}
		// The version that this program has says nothing about the one that is built.
		data = bytes.Replace(data, manSource(data), []byte(`"kith `+r.version+`"`), 1)
		r.shared = append(r.shared, file{"man/" + p.Name(), data, 0o644})
	}
	slices.SortFunc(r.shared, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	return nil
}

// manSource is what the head of a man page says it is from.
func manSource(page []byte) []byte {
	head, _, _ := bytes.Cut(page[max(0, bytes.Index(page, []byte(".TH"))):], []byte("\n"))
	start := bytes.Index(head, []byte(`"kith `))
	if start < 0 {
		return nil
	}
	end := bytes.IndexByte(head[start+1:], '"')
	return head[start : start+1+end+1]
}

// kith runs a command of this very program's kith, at the time of the commit.
func (r *release) kith(args ...string) ([]byte, error) {
	var out, errs bytes.Buffer
	status := cli.Main(args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Dir: os.TempDir(),
		Now: func() time.Time { return r.when }, Getenv: func(string) string { return "" },
	})
	if status != 0 {
		return nil, fmt.Errorf("kith %s: %s", strings.Join(args, " "), errs.String())
	}
	return out.Bytes(), nil
}

// make builds the program for a system, and returns the names of what it is in.
func (r *release) make(system, processor string) ([]string, error) {
	work, err := os.MkdirTemp("", "kith-dist-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	program := "kith"
	if system == "windows" {
		program += ".exe"
	}
	built := filepath.Join(work, program)
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", built, "./cmd/kith")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor, "GOFLAGS=")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	binary, err := os.ReadFile(built)
	if err != nil {
		return nil, err
	}
	licences, err := licencesOf(built)
	if err != nil {
		return nil, err
	}
	files := append([]file{{program, binary, 0o755}, {"LICENCES.txt", licences, 0o644}}, r.shared...)
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })

	base := fmt.Sprintf("kith_%s_%s_%s", r.version, system, processor)
	name, pack := base+".tar.gz", r.tarball
	if system == "windows" {
		name, pack = base+".zip", r.zip
	}
	if err := r.write(name, func(w io.Writer) error { return pack(w, base, files) }); err != nil {
		return nil, err
	}
	names := []string{name}
	if system == "linux" {
		name := fmt.Sprintf("kith_%s_%s.deb", r.version, processor)
		names = append(names, name)
		err = r.write(name, func(w io.Writer) error { return r.deb(w, processor, files) })
	}
	return names, err
}

func (r *release) write(name string, pack func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(r.out, name))
	if err != nil {
		return err
	}
	if err := pack(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// licencesOf returns the licences of all modules that are linked into a program.
func licencesOf(program string) ([]byte, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	add := func(name, dir string) error {
		files, err := filepath.Glob(filepath.Join(dir, "[LCNP][IOA]*")) // LICENSE, COPYING, NOTICE, PATENTS
		if err != nil {
			return err
		}
		found := false
		for _, f := range files {
			base := strings.ToUpper(filepath.Base(f))
			if !strings.HasPrefix(base, "LICEN") && !strings.HasPrefix(base, "COPYING") && !strings.HasPrefix(base, "NOTICE") && !strings.HasPrefix(base, "PATENTS") {
				continue
			}
			data, err := os.ReadFile(f)
			if err != nil {
				continue // a folder of them
			}
			found = true
			fmt.Fprintf(&b, "%s\n%s, %s\n\n%s\n\n", strings.Repeat("=", 78), name, filepath.Base(f), strings.TrimSpace(string(data)))
		}
		if !found {
			return fmt.Errorf("%s has no licence", name)
		}
		return nil
	}
	goroot, err := run("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	if err := add("Go "+info.GoVersion, goroot); err != nil {
		return nil, err
	}
	for _, m := range info.Deps {
		out, err := run("go", "list", "-m", "-json", m.Path)
		if err != nil {
			return nil, err
		}
		var of struct{ Dir string }
		if err := json.Unmarshal([]byte(out), &of); err != nil {
			return nil, err
		}
		if err := add(m.Path+" "+m.Version, of.Dir); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// tarball writes files below a folder.
func (r *release) tarball(w io.Writer, folder string, files []file) error {
	zipped := gzip.NewWriter(w)
	t := tar.NewWriter(zipped)
	made := map[string]bool{}
	folders := func(name string) error { // each before what is in it
		parts := strings.Split(path.Dir(name), "/")
		for i := range parts {
			dir := strings.Join(parts[:i+1], "/")
			if dir == "." || made[dir] {
				continue
			}
			made[dir] = true
			if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755, ModTime: r.when, Format: tar.FormatUSTAR}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range files {
		name := path.Join(folder, f.name)
		if err := folders(name); err != nil {
			return err
		}
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: f.mode, Size: int64(len(f.data)), ModTime: r.when, Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		if _, err := t.Write(f.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func (r *release) zip(w io.Writer, folder string, files []file) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		part, err := z.CreateHeader(&zip.FileHeader{Name: path.Join(folder, f.name), Method: zip.Deflate, Modified: r.when})
		if err != nil {
			return err
		}
		if _, err := part.Write(f.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// deb writes a package of Debian: an archive of ar with two tarballs in it.
func (r *release) deb(w io.Writer, processor string, files []file) error {
	var installed []file
	size := 0
	for _, f := range files {
		to := ""
		switch {
		case f.name == "kith":
			to = "usr/bin/kith"
		case f.name == "completions/kith.bash":
			to = "usr/share/bash-completion/completions/kith"
		case f.name == "completions/_kith":
			to = "usr/share/zsh/vendor-completions/_kith"
		case f.name == "completions/kith.fish":
			to = "usr/share/fish/vendor_completions.d/kith.fish"
		case strings.HasPrefix(f.name, "man/"):
			to = "usr/share/man/man1/" + path.Base(f.name)
		case f.name == "LICENSE":
			to = "usr/share/doc/kith/copyright"
		case f.name == "LICENCES.txt":
			to = "usr/share/doc/kith/LICENCES.txt"
		default:
			continue
		}
		size += len(f.data)
		installed = append(installed, file{to, f.data, f.mode})
	}
	slices.SortFunc(installed, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	control := fmt.Sprintf(`Package: kith
Version: %s
Architecture: %s
Maintainer: kith <kith@localhost>
Installed-Size: %d
Section: utils
Priority: optional
Description: remember to write to people
 A static site generator for a personal networking journal: who is due for
 contact, who helped you and has not heard since, what you promised, what to say.
`, r.version, processor, (size+1023)/1024)
	var controlTar, dataTar bytes.Buffer
	if err := r.tarball(&controlTar, ".", []file{{"control", []byte(control), 0o644}}); err != nil {
		return err
	}
	if err := r.tarball(&dataTar, ".", installed); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "!<arch>\n"); err != nil {
		return err
	}
	for _, member := range []struct {
		name string
		data []byte
	}{{"debian-binary", []byte("2.0\n")}, {"control.tar.gz", controlTar.Bytes()}, {"data.tar.gz", dataTar.Bytes()}} {
		head := fmt.Sprintf("%-16s%-12d%-6d%-6d%-8s%-10d`\n", member.name, r.when.Unix(), 0, 0, "100644", len(member.data))
		if len(member.data)%2 == 1 {
			member.data = append(member.data, '\n')
		}
		if _, err := io.WriteString(w, head+string(member.data)); err != nil {
			return err
		}
	}
	return nil
}
