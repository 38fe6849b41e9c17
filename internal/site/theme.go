package site

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kith/internal/draft"
	"kith/internal/folder"
	"kith/internal/note"
)

// Theme is what pages look like: the built-in templates, each of which a file of
// the same name in a journal's own templates folder replaces. It never changes.
type Theme struct {
	// Folder is where the journal is, for addresses that open a note in an editor.
	Folder string

	pages  map[string]*themePage // by name: contact
	assets []asset               // in the order of their paths
	// The style sheets and scripts that every page asks for: the paths on the site.
	styles, scripts []string
	messages        *draft.Set
	problems        []note.Problem

	sheets sync.Pool
	shells sync.Map // shellOf → shell
}

// themePage is the template of a kind of page.
type themePage struct {
	*template.Template
	quick sync.Map // the type of a model → its step, nil if there is none
}

// An asset is a file of the theme that is copied to the site.
type asset struct {
	path string // on the site: assets/kith.css
	text string
}

// layout is the template that every page begins with. It shows the templates
// "title" and "main", which each page defines.
const layout = "partials/layout.html"

// ThemeFolder is where a journal has templates of its own.
const ThemeFolder = "templates"

// The folders of a theme, and how the names of their files end.
var themeFolders = [...]struct {
	name string
	ends []string
}{
	{"partials", []string{".html"}},
	{"pages", []string{".html"}},
	{"styles", []string{".css"}},
	{"scripts", []string{".js"}},
	{"scripts/later", []string{".js"}},
	{"images", []string{".svg", ".png", ".jpg", ".webp", ".ico"}},
}

// NewTheme puts a theme together from the built-in files and a journal's own, in
// the folder templates of user, which may be nil. A file of the journal that
// cannot be used is among its problems, and the built-in one is used instead. It
// is an error in the program if the built-in files cannot be used.
func NewTheme(builtin, user fs.FS) *Theme {
	files, problems := readTheme(builtin, "")
	if len(problems) > 0 {
		panic("site: built-in theme: " + problems[0].String())
	}
	written := maps.Clone(files)
	for name, text := range files {
		switch {
		case strings.HasPrefix(name, "scripts/"):
			files[name] = Compact(text)
		case strings.HasPrefix(name, "styles/"):
			files[name] = tight.Replace(Compact(text))
		}
	}
	theme, err := parseTheme(files)
	if err != nil {
		panic("site: built-in theme: " + err.Error())
	}
	theme.messages = draft.NewSet(builtin, user)
	if user == nil {
		return theme
	}
	own, problems := readTheme(user, ThemeFolder)
	for name, text := range own {
		if written[name] == text { // a copy says nothing of its own
			delete(own, name)
		}
	}
	if len(own) > 0 {
		messages := theme.messages
		theme, problems = theme.override(files, own, problems)
		theme.messages = messages
	}
	theme.problems = append(problems, theme.messages.Problems()...)
	note.SortProblems(theme.problems)
	return theme
}

// Problems returns what is wrong with a journal's own files, in the order of files and
// lines.
func (t *Theme) Problems() []note.Problem { return t.problems }

// override puts a journal's own files over the built-in ones: all of them if that
// works, else as many as do.
func (t *Theme) override(files, own map[string]string, problems []note.Problem) (*Theme, []note.Problem) {
	with := func(names ...string) map[string]string {
		all := make(map[string]string, len(files)+len(names))
		for name, text := range files {
			all[name] = text
		}
		for _, name := range names {
			all[name] = own[name]
		}
		return all
	}
	var waiting []string
	for name := range own {
		waiting = append(waiting, name)
	}
	slices.Sort(waiting)
	if theme, err := parseTheme(with(waiting...)); err == nil {
		return theme, problems
	}
	// One of them may need another, so go round until nothing more can be used.
	var used []string
	var failed map[string]error
	for again := true; again; {
		again, failed = false, map[string]error{}
		for _, name := range waiting {
			theme, err := parseTheme(with(append(used, name)...))
			if err != nil {
				failed[name] = err
				continue
			}
			t, used, again = theme, append(used, name), true
		}
		waiting = slices.DeleteFunc(waiting, func(name string) bool { return failed[name] == nil })
	}
	for _, name := range waiting {
		problems = append(problems, templateProblem(name, own[name], failed[name]))
	}
	note.SortProblems(problems)
	return t, problems
}

// place finds where a template's fault is in the words of its error.
var place = regexp.MustCompile(`^(?:html/)?template: ?([^:]+):(\d+)(?::(\d+))?:? ?(?s)(.*)$`)

// templateProblem says what is wrong with a file of a journal's own templates.
func templateProblem(name, text string, err error) note.Problem {
	p := note.Problem{
		File: path.Join(ThemeFolder, name), Line: 1, Column: 1, Code: "bad-template", Message: err.Error(),
		Hint: "the built-in " + name + " is used until this is mended; kith help templates says what a page can show",
	}
	m := place.FindStringSubmatch(p.Message)
	if m == nil {
		return p
	}
	p.Message = m[4]
	if m[1] == name {
		p.Line, _ = strconv.Atoi(m[2])
		if column, err := strconv.Atoi(m[3]); err == nil {
			p.Column = column + 1
		}
		if lines := strings.Split(text, "\n"); p.Line <= len(lines) {
			p.Source = strings.TrimSuffix(lines[p.Line-1], "\r")
		}
	} else {
		p.Message += fmt.Sprintf(" (with it, in %s on line %s)", m[1], m[2])
	}
	return p
}

// A TemplateError is what went wrong when a page was rendered with a template.
type TemplateError struct {
	Problem note.Problem // names the template's file and line
	err     error
}

func (e *TemplateError) Error() string { return e.Problem.String() }

func (e *TemplateError) Unwrap() error { return e.err }

// render appends a page to b.
func (t *Theme) render(b []byte, name string, model any) ([]byte, error) {
	page := t.pages[name]
	if done, ok := page.quickly(b, model); ok {
		return done, nil
	}
	buffer := bytes.NewBuffer(b)
	if err := page.ExecuteTemplate(buffer, layout, model); err != nil {
		file := "pages/" + name + ".html"
		if m := place.FindStringSubmatch(err.Error()); m != nil {
			file = m[1]
		}
		return b, &TemplateError{templateProblem(file, "", err), err}
	}
	return buffer.Bytes(), nil
}

// quickly appends a page to b if that can be done without html/template.
func (p *themePage) quickly(b []byte, model any) ([]byte, bool) {
	v := reflect.ValueOf(model)
	have, ok := p.quick.Load(v.Type())
	if !ok {
		have, _ = p.quick.LoadOrStore(v.Type(), quick(p.Template, layout, v.Type()))
	}
	if s := have.(step); s != nil {
		return s(b, v)
	}
	return b, false
}

// readTheme returns the text of the files of a theme by their names, such as
// pages/contact.html.
func readTheme(fsys fs.FS, root string) (map[string]string, []note.Problem) {
	files := map[string]string{}
	var problems []note.Problem
	for _, in := range themeFolders {
		entries, err := folder.ReadDir(fsys, path.Join(root, in.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, unreadable(path.Join(root, in.name), err))
		}
		for _, e := range entries {
			name := path.Join(in.name, e.Name())
			if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") || !slices.Contains(in.ends, path.Ext(name)) {
				continue
			}
			text, err := folder.ReadFile(fsys, path.Join(root, name), note.MaxSize)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				problems = append(problems, unreadable(path.Join(root, name), err))
				continue
			}
			files[name] = string(text)
		}
	}
	return files, problems
}

// tight takes the spaces off a style sheet that stand there to be read.
var tight = strings.NewReplacer("{ ", "{", " {", "{", "; }", "}", ": ", ":")

// Compact returns a built-in script or style sheet without its indentation and
// comments, of which none goes over several lines: pages wait for it, and those who
// want to read it find it in the theme.
func Compact(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if code, _, ok := strings.Cut(line, " // "); ok {
			line = code + "\n"
		}
		if line = strings.TrimLeft(line, " \t\n"); line != "" && !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "/*") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func unreadable(name string, err error) note.Problem {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return note.Problem{
		File: name, Line: 1, Column: 1, Code: "unreadable", Message: "the file cannot be read: " + err.Error(),
		Hint: "the built-in one is used until it can",
	}
}

// parseTheme parses the files of a theme.
func parseTheme(files map[string]string) (*Theme, error) {
	t := &Theme{pages: map[string]*themePage{}}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	partials := template.New("")
	for _, name := range names {
		if !strings.HasPrefix(name, "partials/") {
			continue
		}
		if _, err := partials.New(name).Parse(files[name]); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		switch folder, base := path.Split(name); folder {
		case "pages/":
			page, err := partials.Clone()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if _, err := page.New(name).Parse(files[name]); err != nil {
				return nil, err
			}
			// A template is made safe when it is first executed. What is not about
			// that is a question of what there is to show, which is nothing here.
			var unsafe *template.Error
			if err := page.ExecuteTemplate(io.Discard, layout, nil); errors.As(err, &unsafe) {
				return nil, err
			}
			t.pages[strings.TrimSuffix(base, ".html")] = &themePage{Template: page}
		case "partials/":
		default:
			at := "assets/" + base
			t.assets = append(t.assets, asset{at, files[name]})
			switch folder {
			case "styles/":
				t.styles = append(t.styles, at)
			case "scripts/":
				t.scripts = append(t.scripts, at)
			}
		}
	}
	return t, nil
}
