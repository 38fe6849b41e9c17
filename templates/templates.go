// Package templates holds the built-in theme: what the pages of the site look
// like. A file of the same name in the folder templates of a journal takes the
// place of the one here; all others stay.
//
//	pages/      one template for each kind of page; it defines "main"
//	partials/   what pages share: layout.html is the page around "main"
//	styles/     copied to assets/; every page asks for each of them, in the order of their names
//	scripts/    the same, with defer; one that has the name of a section of the site,
//	            such as contacts.js, is asked for by that page alone, and those in
//	            scripts/later/ by none: they are for other scripts to load
//	images/     copied to assets/
//	messages/   the drafts of letters, one text file for each kind; a folder for each
//	            other language, such as messages/de/
//	contact.md  what a file that kith new makes begins with, NAME, SLUG and TODAY in
//	            it replaced
//
// The templates are those of Go's html/template, which escapes what it is given.
// One that is a file is called by its name: {{template "partials/problem.html" .}}.
// Lists of many come to them as ready HTML, since a template takes its time for
// every value: "items" are <li> elements, to be put into a list.
//
// What a page can show, and how a journal changes it, is in internal/help/templates.md:
// kith help templates.
package templates

import "embed"

// FS is the theme as it lies on disk.
//
//go:embed contact.md messages pages partials styles scripts images
var FS embed.FS
