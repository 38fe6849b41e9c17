package site_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
	"kith/internal/help"
	"kith/internal/journal"
	"kith/internal/site"
	"kith/templates"
)

// The reference of what a page can show is made of the comments of the models:
// kith help templates has it from the heading on to its end.
func TestHelpNamesWhatAPageCanShow(t *testing.T) {
	const file, heading = "../help/templates.md", "### On every page"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, have, _ := strings.Cut(string(text), heading)
	want := describeModels(t, heading)
	if *update {
		if err := os.WriteFile(file, []byte(before+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, heading+have); diff != "" {
		t.Errorf("kith help templates is behind the code (-want +got); go test -update writes it:\n%s", diff)
	}
}

// The example of kith help templates works as it stands there.
func TestHelpExampleWorks(t *testing.T) {
	topic, ok := help.Find("templates")
	if !ok {
		t.Fatal("there is no help on templates")
	}
	fsys := small()
	for language, file := range map[string]string{"html": "partials/entry.html", "css": "styles/mine.css"} {
		_, rest, _ := strings.Cut(topic.Markdown, "```"+language+"\n")
		text, _, ok := strings.Cut(rest, "```\n")
		if !ok {
			t.Fatalf("the help has no example in %s", language)
		}
		fsys["templates/"+file] = &fstest.MapFile{Data: []byte(text)}
	}
	s := site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme(t, fsys), true)
	if first := render(t, s, "index.html"); !strings.Contains(first, `<link rel="stylesheet" href="assets/mine.css">`) {
		t.Error("the first page lacks the style sheet")
	}
	shown := 0
	for path, text := range pages(t, s) {
		shown += strings.Count(text, `<blockquote dir="auto">`)
		if strings.Contains(text, `<div class="text"`) {
			t.Errorf("%s shows an entry in another way", path)
		}
	}
	if shown < 3 {
		t.Errorf("%d entries are shown", shown)
	}
}

// A person in a list is shown by one partial, whatever the list is of.
func TestOnePartialShowsPeople(t *testing.T) {
	fsys := small()
	fsys["templates/partials/person.html"] = &fstest.MapFile{Data: []byte(`<li class="mine">{{.Who.Name}}</li>`)}
	s := site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme(t, fsys), true)
	for path, text := range pages(t, s) {
		if strings.Contains(text, `<span class="when"><time`) && strings.Contains(text, `<ul class="people">\n<li data-contact`) {
			t.Errorf("%s shows somebody in another way", path)
		}
	}
	for _, path := range []string{"due.html", "circles/mentors.html", "tags/mathematics.html", "dates.html", "give-and-take.html", "insights.html"} {
		if !strings.Contains(render(t, s, path), `<li class="mine">`) {
			t.Errorf("%s does not show people by the partial", path)
		}
	}
}

// describeModels describes what every page has, what each has, and what the
// values of these have.
func describeModels(t *testing.T, heading string) string {
	t.Helper()
	structs := readStructs(t)
	var b strings.Builder
	var todo, seen []string
	describe := func(title, name string) {
		s, ok := structs[name]
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		fmt.Fprintf(&b, "%s\n\n", title)
		rows := 0
		for _, f := range s.Fields.List {
			kind := kindOf(f.Type)
			said := strings.TrimSpace(strings.ReplaceAll(f.Doc.Text()+f.Comment.Text(), "\n", " "))
			for _, id := range f.Names {
				if !id.IsExported() || id.Name == "Page" {
					continue
				}
				rows++
				line := fmt.Sprintf("- `.%s`, %s", id.Name, kind)
				if said != "" {
					line += ": " + strings.TrimSuffix(said, ",")
				}
				b.WriteString(wrapped(line))
			}
			if of := elementOf(f.Type); structs[of] != nil && of != "Page" && !slices.Contains(seen, of) {
				seen = append(seen, of)
				todo = append(todo, of)
			}
		}
		if rows == 0 {
			b.WriteString("Nothing of its own.\n")
		}
		b.WriteString("\n")
	}
	describe(heading+"\n\nThese stand behind `.Page`, as in `{{.Page.Title}}`.", "Page")
	pages, err := templates.FS.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		name := strings.TrimSuffix(p.Name(), path.Ext(p.Name()))
		describe("### pages/"+p.Name(), modelOf(name))
	}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		describe("### "+name, name)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// wrapped breaks the line of a list at 78 columns.
func wrapped(line string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(line) {
		switch {
		case i == 0:
		case column+1+len(word) > 78:
			b.WriteString("\n ")
			column = 1
			fallthrough
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String() + "\n"
}

// modelOf returns the name of the type that a page's template is given.
func modelOf(page string) string {
	switch page {
	case "404":
		return "missingModel"
	case "index":
		return "todayModel"
	}
	first, _, _ := strings.Cut(page, "-")
	return first + "Model"
}

func kindOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ArrayType:
		return "a list of " + strings.ReplaceAll(elementOf(e), "string", "texts")
	case *ast.SelectorExpr:
		switch e.Sel.Name {
		case "HTML":
			return "HTML"
		case "URL":
			return "an address"
		case "HTMLAttr":
			return "attributes"
		}
		return e.Sel.Name
	case *ast.Ident:
		switch e.Name {
		case "string":
			return "text"
		case "int":
			return "a number"
		case "bool":
			return "yes or no"
		}
		return e.Name
	}
	return "?"
}

func elementOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.ArrayType:
		return elementOf(e.Elt)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// readStructs returns the structs of this package, and those of package note that
// a template sees, by name.
func readStructs(t *testing.T) map[string]*ast.StructType {
	t.Helper()
	structs := map[string]*ast.StructType{}
	for _, dir := range []string{"../note", "."} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path.Join(dir, e.Name()), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok {
					if s, ok := spec.Type.(*ast.StructType); ok {
						structs[spec.Name.Name] = s
					}
				}
				return true
			})
		}
	}
	return structs
}
