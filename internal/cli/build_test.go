package cli_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/cli"
)

// A builtJournal is a journal that lay still for an hour and was built.
type builtJournal struct {
	t   *testing.T
	dir string
	now time.Time
}

func newBuiltJournal(t *testing.T) *builtJournal {
	j := &builtJournal{t, t.TempDir(), time.Now()}
	files := map[string]string{
		"kith.toml":                 "title = \"Ours\"\n",
		"content/contacts/ada.md":   "---\nname: Ada Lovelace\nphoto: ada.jpg\nevery: 2 weeks\n---\n## 2026-11-02 met\n\nTea with [[Bob]].\n",
		"content/contacts/bob.md":   "---\nname: Bob Byte\nphoto: gone.jpg\n---\nA friend.\n",
		"content/contacts/ada.jpg":  "a photo",
		"content/circles/club.md":   "---\nevery: 3 months\n---\n",
		"templates/pages/404.html":  "{{define \"main\"}}<h1>Lost?</h1>{{end}}\n",
		"templates/pages/notes.txt": "not a template\n",
	}
	for name, text := range files {
		j.write(name, text)
		j.age(name)
	}
	j.build()
	return j
}

func (j *builtJournal) path(name string) string {
	return filepath.Join(j.dir, filepath.FromSlash(name))
}

func (j *builtJournal) write(name, text string) {
	j.t.Helper()
	if err := os.MkdirAll(filepath.Dir(j.path(name)), 0o700); err != nil {
		j.t.Fatal(err)
	}
	if err := os.WriteFile(j.path(name), []byte(text), 0o600); err != nil {
		j.t.Fatal(err)
	}
}

// age has a file look as if it had last been changed an hour ago.
func (j *builtJournal) age(name string) { j.touch(name, j.now.Add(-time.Hour)) }

func (j *builtJournal) touch(name string, at time.Time) {
	j.t.Helper()
	if err := os.Chtimes(j.path(name), at, at); err != nil {
		j.t.Fatal(err)
	}
}

func (j *builtJournal) remove(name string) {
	j.t.Helper()
	if err := os.RemoveAll(j.path(name)); err != nil {
		j.t.Fatal(err)
	}
}

// replace replaces a part of a file by another one.
func (j *builtJournal) replace(name, old, with string) {
	j.t.Helper()
	text, err := os.ReadFile(j.path(name))
	if err != nil || !bytes.Contains(text, []byte(old)) {
		j.t.Fatalf("%s has no %q (%v)", name, old, err)
	}
	j.write(name, strings.Replace(string(text), old, with, 1))
}

// build builds the site, and returns all that kith says.
func (j *builtJournal) build(args ...string) string {
	var out bytes.Buffer
	cli.Main(append([]string{"build"}, args...), cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" },
		Now: func() time.Time { return j.now }, Dir: j.dir,
	})
	return out.String()
}

// site returns the files in a folder; the manifest, which says how they came
// there, is not part of the site.
func (j *builtJournal) site(dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(j.path(dir), func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(j.path(dir), path)
		switch {
		case err != nil || strings.HasPrefix(d.Name(), "."):
			return nil
		case d.Type().IsRegular():
			text, err := os.ReadFile(path)
			all[name] = string(text)
			return err
		}
		all[name] = d.Type().String()
		return nil
	})
	if err != nil {
		j.t.Fatal(err)
	}
	return all
}

const manifest = "public/.kith-manifest"

// A second build of a journal in which nothing changed writes no file, and says the
// same as the first.
func TestBuildOfWhatIsThere(t *testing.T) {
	t.Parallel()
	j := newBuiltJournal(t)
	if said := j.build(); !strings.HasPrefix(said, "kith: 1 warning: see kith check\n") || !strings.Contains(said, "(0 written, 0 removed)") {
		t.Errorf("kith said %q", said)
	}
}

// A note that is saved twice within a moment, at the same size, is read both times.
func TestBuildAtTheMomentOfASave(t *testing.T) {
	t.Parallel()
	j := newBuiltJournal(t)
	for _, text := range []string{"Bob One", "Bob Two", "Bob Two", "Bob Six"} {
		j.write("content/contacts/bob.md", "---\nname: "+text+"\n---\n")
		j.touch("content/contacts/bob.md", j.now)
		j.build()
		if page := j.site("public")["contacts/bob.html"]; !strings.Contains(page, text) {
			t.Errorf("the page does not have the name %s", text)
		}
	}
}

// Whatever changes, a build leaves in a folder that has a site what it writes to an
// empty one.
func TestBuildNoticesEveryChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*builtJournal) (args []string){
		"a note gets longer": func(j *builtJournal) []string {
			j.replace("content/contacts/ada.md", "Tea", "Tea and cake")
			return nil
		},
		"a note is replaced by one of the same size": func(j *builtJournal) []string {
			j.replace("content/contacts/ada.md", "Tea", "Rum")
			return nil
		},
		"a note becomes an older one": func(j *builtJournal) []string {
			j.replace("content/contacts/ada.md", "Tea", "Rum")
			j.touch("content/contacts/ada.md", j.now.Add(-24*time.Hour))
			return nil
		},
		"a note is added": func(j *builtJournal) []string {
			j.write("content/contacts/cy.md", "---\nname: Cy\n---\n")
			j.age("content/contacts/cy.md")
			return nil
		},
		"a note is removed": func(j *builtJournal) []string { j.remove("content/contacts/bob.md"); return nil },
		"a note is broken":  func(j *builtJournal) []string { j.write("content/contacts/bob.md", "---\nname: ["); return nil },
		"a note is a link": func(j *builtJournal) []string {
			j.write("elsewhere.md", "---\nname: Robert\n---\n")
			j.remove("content/contacts/bob.md")
			if err := os.Symlink("../../elsewhere.md", j.path("content/contacts/bob.md")); err != nil {
				j.t.Fatal(err)
			}
			return nil
		},
		"a folder is called like a note": func(j *builtJournal) []string {
			if err := os.Mkdir(j.path("content/contacts/cy.md"), 0o700); err != nil {
				j.t.Fatal(err)
			}
			return nil
		},
		"the first journal file": func(j *builtJournal) []string {
			j.write("content/journal/2026-11-20.md", "- 10:00 call [[Ada Lovelace]]\n")
			return nil
		},
		"a photo is another one of the same size": func(j *builtJournal) []string {
			j.write("content/contacts/ada.jpg", "A PHOTO")
			return nil
		},
		"a photo is removed":    func(j *builtJournal) []string { j.remove("content/contacts/ada.jpg"); return nil },
		"the settings change":   func(j *builtJournal) []string { j.replace("kith.toml", "Ours", "Mine"); return nil },
		"the settings are gone": func(j *builtJournal) []string { j.remove("kith.toml"); return nil },
		"the settings say which day it is": func(j *builtJournal) []string {
			j.write("kith.toml", "title = \"Ours\"\ntoday = \"2027-01-01\"\n")
			return nil
		},
		"a template changes": func(j *builtJournal) []string {
			j.replace("templates/pages/404.html", "Lost", "Gone")
			return nil
		},
		"a template is added": func(j *builtJournal) []string {
			j.write("templates/styles/ours.css", "body { color: red }\n")
			return nil
		},
		"a template is removed": func(j *builtJournal) []string { j.remove("templates/pages/404.html"); return nil },
		"a template is broken":  func(j *builtJournal) []string { j.write("templates/pages/404.html", "{{"); return nil },
		"all templates are gone": func(j *builtJournal) []string {
			j.remove("templates")
			return nil
		},
		"another day":          func(j *builtJournal) []string { j.now = j.now.Add(24 * time.Hour); return nil },
		"a day is given":       func(*builtJournal) []string { return []string{"--today", "2027-05-01"} },
		"the day is given":     func(j *builtJournal) []string { return []string{"--today", j.now.Format(time.DateOnly)} },
		"a page is touched":    func(j *builtJournal) []string { j.touch("public/contacts/ada.html", j.now); return nil },
		"a page is edited":     func(j *builtJournal) []string { j.write("public/contacts/ada.html", "mine"); return nil },
		"a page is removed":    func(j *builtJournal) []string { j.remove("public/contacts/ada.html"); return nil },
		"a copy is edited":     func(j *builtJournal) []string { j.write("public/contacts/ada.jpg", "mine"); return nil },
		"a folder is removed":  func(j *builtJournal) []string { j.remove("public/contacts"); return nil },
		"everything is gone":   func(j *builtJournal) []string { j.remove("public"); return nil },
		"the manifest is gone": func(j *builtJournal) []string { j.remove(manifest); return nil },
		"the manifest was cut off": func(j *builtJournal) []string {
			text, err := os.ReadFile(j.path(manifest))
			if err != nil {
				j.t.Fatal(err)
			}
			j.write(manifest, string(text)+"? \"index.h")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newBuiltJournal(t)
			args := change(j)
			j.build(args...)
			j.build(append(args, "--out", "fresh")...)
			if diff := cmp.Diff(j.site("fresh"), j.site("public")); diff != "" {
				t.Errorf("public/ is not what a build without one makes:\n%s", diff)
			}
		})
	}
}

// A later build changes the calendars of a year when the week begins on another
// day.
func TestBuildAfterTheWeekBeginsOnAnotherDay(t *testing.T) {
	t.Parallel()
	j := newBuiltJournal(t)
	before := j.site("public")
	j.replace("kith.toml", "title", "week_starts = \"sunday\"\ntitle")
	j.build()
	again := j.site("public")
	j.build("--out", "fresh")
	if fresh := j.site("fresh"); !maps.Equal(again, fresh) || maps.Equal(again, before) {
		t.Error("the site is not that of a clean build")
	}
}
