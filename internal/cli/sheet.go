package cli

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// A sheet is what a command tells a person in several parts. It is printed for a
// terminal, as Markdown or as HTML.
type sheet struct {
	Title string
	Parts []part
	Foot  string // what else there is
}

// A part is some lines about one person or of one kind. Without a title it is
// sentences that stand by themselves.
type part struct {
	Title string
	Lines []line
}

// A line says something: Label, what it is; Text, the words; Aside, what is told more
// quietly; Command, what does it.
type line struct{ Label, Text, Aside, Command string }

// add adds a part, if it has any lines.
func (s *sheet) add(title string, lines ...line) {
	if len(lines) > 0 {
		s.Parts = append(s.Parts, part{title, lines})
	}
}

// A format is a way to print a sheet.
type format string

const (
	plainFormat    format = "plain"
	markdownFormat format = "markdown"
	htmlFormat     format = "html"
)

var formats = []string{string(plainFormat), string(markdownFormat), string(htmlFormat)}

// A form is how a command that prints a sheet is to write it.
type form struct {
	format string
	json   bool
}

// flags gives a command the flags by which its form is chosen.
func (f *form) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON document")
	cmd.Flags().StringVar(&f.format, "format", string(plainFormat), "how to write it: "+strings.Join(formats, ", "))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// check says what is wrong with those flags.
func (f *form) check(cmd *cobra.Command) error {
	switch {
	case !slices.Contains(formats, f.format):
		return usage(fmt.Sprintf("--format is %q; accepted are %s", f.format, strings.Join(formats, ", ")), "")
	case f.json && cmd.Flags().Changed("format"):
		return usage("--json and --format cannot both be", cmd.CommandPath()+" --json")
	}
	return nil
}

// printSheet prints a sheet in a format.
func (a *app) printSheet(s *sheet, f format) error {
	var page strings.Builder
	switch f {
	case markdownFormat:
		s.markdown(&page)
	case htmlFormat:
		if err := sheetPage.Execute(&page, s); err != nil {
			return fmt.Errorf("writing HTML: %w", err)
		}
	default:
		return a.out.print(s.plain())
	}
	_, err := io.WriteString(a.Stdout, page.String())
	return err
}

// plain returns a sheet for a terminal.
func (s *sheet) plain() (page text) {
	page.addf("%s\n", dim(s.Title))
	for _, p := range s.Parts {
		page.addf("\n")
		indent := ""
		if p.Title != "" {
			page.addf("%s\n", bold(p.Title))
			indent = "  "
		}
		for _, l := range p.Lines {
			var label text
			if l.Label != "" {
				label.addf("%s:", green(l.Label))
			}
			page.addf("%s%s\n", indent, spaced(label, plain(l.Text), dim(aside(l.Aside)), dim(l.Command)))
		}
	}
	if s.Foot != "" {
		page.addf("\n%s\n", dim(s.Foot))
	}
	return page
}

func aside(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

// markdown writes a sheet as Markdown, in which the words of a note are no markup.
func (s *sheet) markdown(w io.Writer) {
	fmt.Fprintf(w, "# %s\n", markdownText(s.Title))
	for _, p := range s.Parts {
		fmt.Fprintln(w)
		item := ""
		if p.Title != "" {
			fmt.Fprintf(w, "## %s\n\n", markdownText(p.Title))
			item = "- "
		}
		for _, l := range p.Lines {
			if l.Label != "" {
				l.Label = "**" + markdownText(l.Label) + ":**"
			}
			if l.Command != "" {
				l.Command = "`" + l.Command + "`"
			}
			fmt.Fprintln(w, item+strings.Join(kept(l.Label, markdownText(l.Text), markdownText(aside(l.Aside)), l.Command), " "))
		}
	}
	if s.Foot != "" {
		fmt.Fprintf(w, "\n%s\n", markdownText(s.Foot))
	}
}

var markdownMarks = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "&", `\&`, "~", `\~`, "|", `\|`,
)

// markdownText writes a text so that Markdown shows it as it is.
func markdownText(text string) string {
	text = markdownMarks.Replace(text)
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") { // would be an item of a list
		text = `\` + text
	}
	return text
}

// sheetPage is a sheet as a page of HTML that a mail program shows as well.
var sheetPage = template.Must(template.New("sheet").Parse(`{{define "line"}}{{with .Label}}<b>{{.}}:</b> {{end}}{{.Text}}{{with .Aside}} <small>({{.}})</small>{{end}}{{with .Command}} <code>{{.}}</code>{{end}}{{end -}}
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Title}}</title>
<body style="font-family: Georgia, serif; max-width: 38em; margin: 2em auto; line-height: 1.5">
<h1>{{.Title}}</h1>
{{- range .Parts}}
{{- if .Title}}
<h2>{{.Title}}</h2>
<ul>
{{- range .Lines}}
<li>{{template "line" .}}</li>
{{- end}}
</ul>
{{- else}}
{{- range .Lines}}
<p>{{template "line" .}}</p>
{{- end}}
{{- end}}
{{- end}}
{{- with .Foot}}
<p><small>{{.}}</small></p>
{{- end}}
</body>
</html>
`))
