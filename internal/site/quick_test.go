package site

import (
	"bytes"
	"html/template"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/templates"
)

// What is executed without html/template comes out as from html/template.
func TestQuickTemplatesAreTheSame(t *testing.T) {
	type row struct {
		Name string
		HTML template.HTML
	}
	type model struct {
		Text, Empty, Href string
		URL               template.URL
		HTML              template.HTML
		Attrs             template.HTMLAttr
		Rows, None        []row
		Row               row
		N, Zero           int
		Yes, No           bool
	}
	m := model{
		Text: "a <b> & \"c\" + 'd'\x00 é", Href: "contacts/ada-lovelace.html", URL: "tel:a_(b)/%C3%A9%zé?x=1&y='+\"#[c]", HTML: "<i>x</i>", Attrs: `data-x="1"`,
		Rows: []row{{"<1>", "<b>1</b>"}, {"2", ""}}, Row: row{"r", "<u>"}, N: 3, Yes: true,
	}
	for _, c := range []struct {
		text  string
		quick bool
	}{
		{`<p>{{.Text}}</p>{{.HTML}}<title>{{.Text}}</title><a title="{{.Text}}" {{.Attrs}}>`, true},
		{`{{if .Text}}a{{else}}b{{end}}{{if .Empty}}a{{else}}b{{end}}{{if .N}}n{{end}}{{if .Zero}}z{{end}}{{if .Yes}}y{{end}}{{if .No}}n{{end}}{{if .Row}}r{{end}}`, true},
		{`{{range .Rows}}<li>{{.Name}}{{.HTML}}</li>{{else}}none{{end}}{{range .None}}x{{else}}none{{end}}`, true},
		{`{{with .Row}}{{.Name}}{{end}}{{with .Empty}}x{{else}}{{.Text}}{{end}}`, true},
		{`<a href="{{.Href}}">{{.Row.Name}}</a>{{template "part" .Row}}{{range .Rows}}{{template "part" .}}{{end}}`, true},
		{`<a href="#{{.Row.Name}}">`, true},
		{`<a href="{{.URL}}">`, true},
		{`<a href="{{.Text}}">`, false}, // is to be changed
		{`<a href="#{{.Href}}">`, false},
		{`<a href="/x?{{.Text}}">`, false},
		{`{{range $i, $r := .Rows}}{{$i}}{{end}}`, false},
		{`{{len .Rows}}{{.N}}`, false},
		{`{{printf "%s" .Text}}`, false},
		{`<p title={{.Text}}>`, false},
	} {
		files := map[string]string{layout: c.text + `{{define "part"}}<b>{{.Name}}</b>{{end}}`, "pages/x.html": ""}
		theme, err := parseTheme(files)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		checkQuick(t, theme, c.text, "x", m, c.quick)
	}
}

// The pages that there are most of are executed without html/template.
func TestContactPagesAreQuick(t *testing.T) {
	theme := NewTheme(templates.FS, nil)
	j := journal.Read(fstest.MapFS{"content/contacts/ada.md": {Data: []byte("---\nname: Ada <&> \"Lovelace\"\nemail: a@b.org\nx: y\n---\nText.\n- 2026-11-02 call: Hi [[Ada]]\n")}})
	s := New(due.New(j, civil.In(2026, 11, 23)), theme, false)
	f, _ := s.File("contacts/ada.html")
	want, err := f.Render(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := theme.pages["contact"]
	if have, _ := page.quick.Load(reflect.TypeFor[contactModel]()); have == nil || have.(step) == nil {
		t.Error("the built-in template of a contact's page is not quick")
	}
	page.quick.Store(reflect.TypeFor[contactModel](), step(nil))
	if got, err := f.Render(nil); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: html/template makes\n%s\nwant\n%s", err, got, want)
	}
}

func checkQuick(t *testing.T, theme *Theme, text, name string, model any, quick bool) {
	t.Helper()
	page := theme.pages[name]
	got, ok := page.quickly(nil, model)
	if ok != quick {
		t.Errorf("%s is executed without html/template: %v, want %v", text, ok, quick)
	}
	var want strings.Builder
	if err := page.ExecuteTemplate(&want, layout, model); err != nil {
		t.Fatal(err)
	}
	if ok && string(got) != want.String() {
		t.Errorf("%s:\n%s\nwant\n%s", text, got, want.String())
	}
}

// A partial that has more than fields, which are not known here, still works on the
// pages that show it.
func TestPartialsThatAreNotQuickStillWork(t *testing.T) {
	own := fstest.MapFS{"templates/partials/entry.html": {Data: []byte(`<li>{{printf "%s!" .Kind}} {{len .Marks}} {{.Line}}</li>`)}}
	j := journal.Read(fstest.MapFS{"content/contacts/ada.md": {Data: []byte("---\nname: Ada\n---\n- 2026-11-02 call got: Hi\n")}})
	s := New(due.New(j, civil.In(2026, 11, 23)), NewTheme(templates.FS, own), false)
	for _, at := range []string{"contacts/ada.html", "journal.html", "journal/2026.html"} {
		f, ok := s.File(at)
		if !ok {
			t.Fatalf("there is no %s", at)
		}
		if text, err := f.Render(nil); err != nil || !bytes.Contains(text, []byte("<li>call! 1 Hi</li>")) {
			t.Errorf("%s, %v:\n%s", at, err, text)
		}
	}
}

// A partial that shows itself, such as a tree's, is left to html/template.
func TestPartialsMayShowThemselves(t *testing.T) {
	type tree struct {
		Name string
		Has  []struct{ Name string }
	}
	theme, err := parseTheme(map[string]string{layout: `{{template "partials/x.html" .}}`, "partials/x.html": `<b>{{.Name}}{{if .Name}}{{else}}{{template "partials/x.html" .}}{{end}}</b>`, "pages/x.html": ""})
	if err != nil {
		t.Fatal(err)
	}
	checkQuick(t, theme, "a tree", "x", tree{Name: "a"}, false)
}
