package site

import (
	"html/template"
	"path"
	"slices"
	"strings"
)

// Page is what every page has; a page's model has it as .Page.
type Page struct {
	Title   string        // of the page
	Journal string        // the journal's title
	Root    string        // what leads from the page to the site's root: "" or "../"
	Assets  template.HTML // the elements that ask for the theme's style sheets and scripts
	Nav     template.HTML // links to the sections of the site
	More    template.HTML // those to the sections that stand under More, once again for the foot of the page
	Today   template.HTML // the day
	Pinned  bool          // the day was given
	// The day as YYYY-MM-DD, empty if it was given: a page with an element that has it
	// as data-written ages in the browser.
	Written string
}

// Anchor is a link to another page; its Href is empty where there is none.
type Anchor struct {
	Href, Label string
	Note        string // what is said about it, quietly
}

// The sections of the site, each an entry of the navigation: those from firstMore on
// stand under More.
const (
	inToday = iota
	inPeople
	inJournal
	inPromises
	inDates
	inCircles
	inTags
	inGive
	inNetwork
	inInsights
	inHelp
	elsewhere

	firstMore = inCircles
)

var sections = [...]struct{ path, label string }{
	inToday:    {"index.html", "Today"},
	inPeople:   {"contacts.html", "People"},
	inJournal:  {"journal.html", "Journal"},
	inPromises: {promisesPath, "Promises"},
	inDates:    {datesPath, "Dates"},
	inCircles:  {"circles.html", "Circles"},
	inTags:     {"tags.html", "Tags"},
	inGive:     {givePath, "Give and take"},
	inNetwork:  {"network.html", "Network"},
	inInsights: {"insights.html", "Insights"},
	inHelp:     {"help.html", "Help"},
}

// ownPage returns the path of the page that alone asks for a script: the section
// of the site that has the script's name. It is "" if all pages do.
func ownPage(script string) string {
	page := strings.TrimSuffix(path.Base(script), ".js") + ".html"
	for _, s := range sections {
		if s.path == page {
			return page
		}
	}
	return ""
}

// page returns what the page at a path has in common with all others.
func (f *frame) page(at, title string, section int) Page {
	root := rootOf(at)
	if at == missingPath { // served for any address, however deep
		root = "/"
	}
	shell := f.theme.shell(at, root, section)
	return Page{
		Title: title, Journal: f.title, Root: root, Assets: shell.assets, Nav: shell.nav, More: shell.more,
		Today: f.day, Written: f.written, Pinned: f.pinned,
	}
}

// A shell is what stands around the pages of one section in one folder, of which
// there may be tens of thousands.
type shell struct{ nav, more, assets template.HTML }

// shellOf names a shell. Only the page of a section may have one of its own.
type shellOf struct {
	at, root string
	section  int
}

// shell returns that of the page at a path.
func (t *Theme) shell(at, root string, section int) shell {
	key := shellOf{root: root, section: section}
	if slices.ContainsFunc(sections[:], func(s struct{ path, label string }) bool { return s.path == at }) {
		key.at = at
	}
	if have, ok := t.shells.Load(key); ok {
		return have.(shell)
	}
	nav, more, assets := make(markup, 0, 1024), make(markup, 0, 512), make(markup, 0, 256)
	for i, s := range sections {
		to := &nav
		if i >= firstMore {
			to = &more
		}
		to.add(`<a href="`, root, s.path, `"`)
		if i == section {
			to.add(` aria-current="page"`)
		}
		to.add(">", s.label, "</a>\n")
	}
	nav.add("<details class=\"more\"><summary")
	if firstMore <= section && section < elsewhere {
		nav.add(` class="here"`)
	}
	nav.add(">More</summary>\n<div>\n", string(more), "</div></details>\n")
	for _, style := range t.styles {
		assets.add(`<link rel="stylesheet" href="`, esc(root+escapePath(style)), "\">\n")
	}
	for _, script := range t.scripts {
		if of := ownPage(script); of != "" && of != at {
			continue
		}
		assets.add(`<script src="`, esc(root+escapePath(script)), "\" defer></script>\n")
	}
	made := shell{nav.html(), more.html(), assets.html()}
	t.shells.Store(key, made)
	return made
}
