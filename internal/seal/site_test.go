package seal

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// quick is so little work that tests seal often.
var quick = work{iterations: 10, scrypt: 1}

// people is a small site with so many people, and a large picture.
func people(names ...string) map[string]string {
	site := map[string]string{
		"index.html":     "<h1>Today</h1>",
		"assets/kith.js": strings.Repeat("script ", 2000),
		"photo.jpg":      noise(200_000),
	}
	for _, name := range names {
		site["contacts/"+name+".html"] = "<h1>" + name + "</h1>" + strings.Repeat(name+" likes cake. ", 100)
	}
	return site
}

// noise is what does not compress.
func noise(size int) string {
	b := make([]byte, size)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(b)
	return string(b)
}

func filesOf(site map[string]string) []File {
	var files []File
	for _, path := range slices.Sorted(maps.Keys(site)) {
		files = append(files, File{path, func() ([]byte, error) { return []byte(site[path]), nil }})
	}
	return files
}

func mustSeal(t *testing.T, to *os.Root, site map[string]string, o Options) Report {
	t.Helper()
	o.work = quick
	report, err := Site(to, filesOf(site), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// opened returns what a sealed site holds.
func opened(t *testing.T, from *os.Root, passphrase string) (map[string]string, error) {
	t.Helper()
	page, scripts, err := readSealed(from)
	if err != nil {
		return nil, err
	}
	c, err := newCipher(passphrase, page.Salt, page.Iterations)
	if err != nil {
		return nil, err
	}
	u, err := unpackSite(c, scripts)
	if err != nil {
		return nil, err
	}
	site := map[string]string{}
	for path, part := range u.Files {
		text, err := u.expand(part)
		if err != nil {
			return nil, err
		}
		site[path] = string(text)
	}
	return site, nil
}

func TestAPassphraseOpensASealedSite(t *testing.T) {
	for _, single := range []bool{false, true} {
		t.Run(fmt.Sprint("single ", single), func(t *testing.T) {
			dir := t.TempDir()
			to, site := open(t, dir), people("ada", "grace", "李淑云")
			report := mustSeal(t, to, site, Options{Passphrase: secret, Single: single})
			if report.Unchanged || report.Files != len(site) {
				t.Errorf("the report is %+v", report)
			}
			got, err := opened(t, to, secret)
			if err != nil || !maps.Equal(got, site) {
				t.Errorf("it holds %q (%v)", slices.Sorted(maps.Keys(got)), err)
			}
			if _, err := opened(t, to, secret+" "); !errors.Is(err, ErrPassphrase) {
				t.Errorf("with another passphrase: %v", err)
			}
			var names []string
			for name := range tree(t, dir) {
				names = append(names, filepath.Dir(name)+"/"+filepath.Ext(name))
			}
			slices.Sort(names)
			want := []string{"./.age", "./.html"}
			if !single {
				want = []string{"./.age", "./.html", "data/", "data/.js", "data/.js", "data/.js", "data/.js"}
			}
			if !slices.Equal(names, want) {
				t.Errorf("there are %q, want %q", names, want)
			}

			// The same is in the archive.
			file, err := to.Open(ageFile)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			archive, err := openAge(file, secret)
			if err != nil {
				t.Fatal(err)
			}
			plain := map[string]string{}
			for r := tar.NewReader(archive); ; {
				h, err := r.Next()
				if err == io.EOF {
					break
				}
				text, failed := io.ReadAll(r)
				if err = errors.Join(err, failed); err != nil {
					t.Fatal(err)
				}
				plain[strings.TrimPrefix(h.Name, "site/")] = string(text)
			}
			if !maps.Equal(plain, site) {
				t.Errorf("the archive holds %q", slices.Sorted(maps.Keys(plain)))
			}
		})
	}
}

// Neither names nor words nor sizes are seen from outside, and of two builds of the same
// nothing is the same.
func TestNothingOfASealedSiteShows(t *testing.T) {
	of := func(site map[string]string) map[string]string {
		dir := t.TempDir()
		mustSeal(t, open(t, dir), site, Options{Passphrase: secret})
		return tree(t, dir)
	}
	sizes := func(files map[string]string) []int {
		var sizes []int
		for _, text := range files {
			sizes = append(sizes, len(text))
		}
		slices.Sort(sizes)
		return sizes
	}
	one, again := of(people("augusta-ada", "grace-hopper")), of(people("augusta-ada", "grace-hopper"))
	for name, text := range one {
		for _, hidden := range []string{"augusta", "hopper", "likes cake", "contacts", "<h1>Today", "photo.jpg", "script script", secret} {
			if strings.Contains(strings.ToLower(name), hidden) && name != dataFolder+"/" || strings.Contains(text, hidden) {
				t.Errorf("%s shows %q", name, hidden)
			}
		}
		if name != "index.html" && name != "data/" {
			for other, same := range again {
				if text == same && strings.HasPrefix(other, "data/") {
					t.Errorf("%s is %s of another build", name, other)
				}
			}
		}
	}
	for name := range one {
		if strings.HasPrefix(name, "data/") && again[name] != "" {
			t.Errorf("%s is the name in another build", name)
		}
	}
	if other := of(people("augusta-ada", "grace-hopper", "marguerite", "bo", "christopher")); !slices.Equal(sizes(one), sizes(other)) {
		t.Errorf("of two people the sizes are %v, of five %v", sizes(one), sizes(other))
	}
}

func TestWhatIsTheSameIsNotSealedAgain(t *testing.T) {
	dir := t.TempDir()
	to, site := open(t, dir), people("ada", "grace")
	o := Options{Passphrase: secret}
	mustSeal(t, to, site, o)
	chunk := func() string {
		for name := range tree(t, dir) {
			if strings.HasSuffix(name, ".js") {
				return name
			}
		}
		t.Fatal("there are no chunks")
		return ""
	}
	for _, test := range []struct {
		name   string
		change func()
	}{
		{"a note", func() { site["contacts/ada.html"] += "." }},
		{"somebody new", func() { site["contacts/bo.html"] = "bo" }},
		{"somebody gone", func() { delete(site, "contacts/grace.html") }},
		{"another passphrase", func() { o.Passphrase += "!" }},
		{"no archive", func() { _ = to.Remove(ageFile) }},
		{"an archive of something", func() { _ = to.WriteFile(ageFile, []byte("else"), 0o600) }},
		{"a chunk less", func() { _ = to.Remove(chunk()) }},
		{"a damaged chunk", func() {
			name := chunk()
			_ = to.WriteFile(name, []byte(strings.Replace(tree(t, dir)[name], "A", "B", 1)), 0o600)
		}},
		{"one file", func() { o.Single = true }},
		{"many files", func() { o.Single = false }},
		{"a damaged page", func() { _ = to.WriteFile(indexFile, []byte(sealedMark+"\n"), 0o600) }},
	} {
		name := test.name
		test.change()
		if mustSeal(t, to, site, o).Unchanged {
			t.Errorf("%s: it was not sealed again", name)
		}
		before := tree(t, dir)
		if report := mustSeal(t, to, site, o); !report.Unchanged || report.Files != len(site) || !maps.Equal(tree(t, dir), before) {
			t.Errorf("%s: the same was sealed again: %+v", name, report)
		}
		if got, err := opened(t, to, o.Passphrase); err != nil || !maps.Equal(got, site) {
			t.Errorf("%s: it holds %q (%v)", name, slices.Sorted(maps.Keys(got)), err)
		}
	}
	before := tree(t, dir)
	o.Again = true
	if mustSeal(t, to, site, o).Unchanged || maps.Equal(tree(t, dir), before) {
		t.Error("asked to, it did not seal again")
	}
}

// Whatever fails, what was sealed before still opens; and files of others stay.
func TestASealThatFailsLeavesTheOneBefore(t *testing.T) {
	dir := t.TempDir()
	to, site := open(t, dir), people("ada", "grace")
	mustSeal(t, to, site, Options{Passphrase: secret})
	for _, name := range []string{"CNAME", "data/mine.js", "data/aaaaaaaaaaaaaaaaaaaaaaaaaa.js"} {
		if err := to.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, dir)
	fault := errors.New("a fault")
	reads := 0
	files := filesOf(site)
	for fails := 0; fails < 2; fails++ { // at the first reading a file is left out, at the second all fails
		reads = 0
		was := files[3].Read
		files[3].Read = func() ([]byte, error) {
			if reads++; reads > fails {
				return nil, fault
			}
			return was()
		}
		report, err := Site(to, files, Options{Passphrase: secret, Again: true, work: quick})
		files[3].Read = was
		switch fails {
		case 0:
			if err != nil || len(report.Errors) != 1 || !errors.Is(report.Errors[0], fault) || report.Files != len(site)-1 {
				t.Errorf("with a file that cannot be read: %+v, %v", report, err)
			}
			mustSeal(t, to, site, Options{Passphrase: secret})
			before = tree(t, dir)
		case 1:
			if !errors.Is(err, fault) {
				t.Errorf("with a file that cannot be read again: %v", err)
			}
			if after := tree(t, dir); !maps.Equal(after, before) {
				t.Errorf("there is %q", slices.Sorted(maps.Keys(after)))
			}
		}
	}
	for _, name := range []string{"CNAME", "data/mine.js", "data/aaaaaaaaaaaaaaaaaaaaaaaaaa.js"} {
		if tree(t, dir)[name] != "mine" {
			t.Errorf("%s is gone", name)
		}
	}

	// What died left something behind, which goes with the next one.
	for _, name := range []string{tempPrefix + "X-index.html", "data/bbbbbbbbbbbbbbbbbbbbbbbbbb.js"} {
		if err := to.WriteFile(name, []byte("sealed(0,\"half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustSeal(t, to, site, Options{Passphrase: secret, Again: true})
	after := tree(t, dir)
	if len(after) != len(before) {
		t.Errorf("there is %q, before there was %q", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
	}
}

// Whoever looks while it seals finds the one before, whole.
func TestWhileItSealsTheOneBeforeOpens(t *testing.T) {
	to, site := open(t, t.TempDir()), people("ada", "grace")
	mustSeal(t, to, site, Options{Passphrase: secret})
	files, looked := filesOf(site), 0
	for i, f := range files {
		files[i].Read = func() ([]byte, error) {
			looked++
			if got, err := opened(t, to, secret); err != nil || !maps.Equal(got, site) {
				t.Errorf("at %s it holds %q (%v)", f.Path, slices.Sorted(maps.Keys(got)), err)
			}
			data, err := f.Read()
			return append(data, " anew"...), err
		}
	}
	if _, err := Site(to, files, Options{Passphrase: secret, work: quick}); err != nil || looked < 2*len(files) {
		t.Errorf("it looked %d times (%v)", looked, err)
	}
	if got, err := opened(t, to, secret); err != nil || got["index.html"] != site["index.html"]+" anew" {
		t.Errorf("then it holds %q (%v)", got["index.html"], err)
	}
}

func TestNothingIsSealedBesideWhatIsPlain(t *testing.T) {
	for _, name := range []string{"index.html", ".kith-manifest"} {
		dir := t.TempDir()
		to := open(t, dir)
		if err := to.WriteFile(name, []byte("plain"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Site(to, filesOf(people("ada")), Options{Passphrase: secret, work: quick}); !errors.Is(err, ErrPlain) {
			t.Errorf("beside %s: %v", name, err)
		}
		if got := tree(t, dir); len(got) != 1 || got[name] != "plain" {
			t.Errorf("there is %q", slices.Sorted(maps.Keys(got)))
		}
	}
}

// Whatever a page says, it is read or refused.
func FuzzIndex(f *testing.F) {
	dir := f.TempDir()
	to := open(f, dir)
	if _, err := Site(to, filesOf(map[string]string{"a": "b"}), Options{Passphrase: secret, Single: true, work: quick}); err != nil {
		f.Fatal(err)
	}
	index, err := to.ReadFile(indexFile)
	if err != nil {
		f.Fatal(err)
	}
	page, _, err := parseIndex(string(index))
	if err != nil {
		f.Fatal(err)
	}
	c, err := newCipher(secret, page.Salt, page.Iterations)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(index[bytes.Index(index, []byte("sealed(0"))-30:], []byte("plain"))
	f.Add([]byte(parametersBefore+"{}"+parametersAfter), []byte{})
	f.Add([]byte(parametersBefore), make([]byte, 40))
	f.Fuzz(func(_ *testing.T, index, plain []byte) {
		if _, scripts, err := parseIndex(string(index)); err == nil {
			_, _ = unpackSite(c, scripts)
		}
		// And what only who knows the passphrase can have written.
		var scripts []string
		p := newPacker(c, func(script []byte) error { scripts = append(scripts, string(script)); return nil })
		p.chunk = append(p.chunk, plain[:min(len(plain), chunkSize)]...)
		_ = p.seal()
		_, _ = unpackSite(c, scripts)
	})
}
