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

	"github.com/google/go-cmp/cmp"

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
				if rows++; rows == 1 {
					b.WriteString("| field | is | holds |\n|---|---|---|\n")
				}
				fmt.Fprintf(&b, "| `.%s` | %s | %s |\n", id.Name, kind, strings.TrimSuffix(said, ","))
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
		return "a list of " + elementOf(e)
	case *ast.SelectorExpr:
		switch e.Sel.Name {
		case "HTML":
			return "HTML"
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
