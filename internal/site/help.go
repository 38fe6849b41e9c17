package site

import (
	"html/template"
	"strings"

	"kith/internal/help"
	"kith/internal/note"
)

func helpPath(topic string) string { return "help/" + topic + ".html" }

func (s *Site) helpPages() []File {
	files := []File{{Path: "help.html", Inputs: helpPage{s.frame}}}
	for _, t := range help.Topics() {
		files = append(files, File{Path: helpPath(t.Name), Inputs: topicPage{s.frame, t}})
	}
	return files
}

// helpPage lists the topics of the reference.
type helpPage struct{ *frame }

type helpModel struct {
	Page   Page
	Topics []Anchor
}

func (p helpPage) Render(b []byte) ([]byte, error) {
	m := helpModel{Page: p.page("help.html", "Help", inHelp)}
	for _, t := range help.Topics() {
		m.Topics = append(m.Topics, Anchor{escapePath(helpPath(t.Name)), t.Title, strings.ReplaceAll(t.Summary, "`", "")})
	}
	return p.theme.render(b, "help", m)
}

// topicPage is a topic of the reference.
type topicPage struct {
	*frame
	topic help.Topic
}

type topicModel struct {
	Page Page
	HTML template.HTML
}

func (p topicPage) Render(b []byte) ([]byte, error) {
	m := topicModel{p.page(helpPath(p.topic.Name), p.topic.Title, inHelp), template.HTML(note.RenderMarkdown(p.topic.Markdown))}
	return p.theme.render(b, "topic", m)
}
