// Package help holds the reference of kith as Markdown, one file a topic. It
// stands here once, and is shown by `kith help TOPIC` and as the site's /help/.
//
// A topic's first line is its title, "# Title", and the paragraph below it its
// summary.
package help

import (
	"embed"
	"slices"
	"strings"
)

//go:embed *.md
var files embed.FS

// Topic is one page of the reference.
type Topic struct {
	Name     string // as in kith help NAME
	Title    string
	Summary  string // one sentence
	Markdown string
}

// Topics returns all topics, by name.
func Topics() []Topic {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the program
	}
	topics := make([]Topic, 0, len(entries))
	for _, e := range entries {
		text, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		topics = append(topics, parse(strings.TrimSuffix(e.Name(), ".md"), string(text)))
	}
	return topics
}

// Find returns the topic with a name.
func Find(name string) (Topic, bool) {
	topics := Topics()
	i := slices.IndexFunc(topics, func(t Topic) bool { return t.Name == name })
	if i < 0 {
		return Topic{}, false
	}
	return topics[i], true
}

func parse(name, text string) Topic {
	title, rest, _ := strings.Cut(text, "\n")
	summary, _, _ := strings.Cut(strings.TrimSpace(rest), "\n\n")
	return Topic{
		Name: name, Title: strings.TrimPrefix(title, "# "),
		Summary: strings.Join(strings.Fields(summary), " "), Markdown: text,
	}
}
