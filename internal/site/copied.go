package site

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A file beside the notes may have been sent by anybody. One that a browser runs, as a
// page or a drawing can be, could read all that the site says from where it stands:
// on a host and on the disk. In its place the site has a page that shows what is in it
// as text, and leads to a copy whose name ends in .txt.

// runnable are the endings of files that are run, or stand in for others, wherever a
// browser opens them.
var runnable = strings.Fields(".html .htm .xhtml .xht .shtml .shtm .mht .mhtml .xml .xsl .xslt .xsd .svg .svgz .rss .atom .rdf .opml .mml .gpx .kml")

// plain are those of files that are text to every browser, whatever is in them. Of all
// others some browsers look at the beginning.
var plain = strings.Fields(".txt .text .log .md .csv .tsv .json .ics .vcf .css .js .toml .yaml .yml")

// copies returns the files of the site that are made of a file of the journal: its copy,
// and for one that may be run another one, as text, unless the journal has a file there. What needs no such
// copy until somebody looked into it has it in its page ([shown]).
func (s *Site) copies(attachment, at string) []File {
	f := File{Path: at, Source: attachment}
	ending := strings.ToLower(path.Ext(at))
	if ending == ".svg" || !slices.Contains(runnable, ending) { // most SVG is a drawing
		return []File{f}
	}
	for _, begins := range []string{".txt", ".txt/"} {
		all := s.View.Journal.Attachments
		if i, _ := slices.BinarySearch(all, attachment+begins); i < len(all) && strings.HasPrefix(all[i]+"/", attachment+".txt/") {
			return []File{f}
		}
	}
	f.text = path.Base(at) + ".txt"
	return []File{f, {Path: at + ".txt", Source: attachment}}
}

// Open opens what the site has of a file of the journal, whose folder is content: the
// file as it is, or a page that shows it.
func (f File) Open(content fs.FS) (io.ReadCloser, error) {
	runs, err := f.Runs(content)
	if err != nil {
		return nil, err
	}
	if !runs {
		return content.Open(f.Source)
	}
	source, err := fs.ReadFile(content, f.Source)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(shown(path.Base(f.Path), f.text, source))), nil
}

// Runs says whether a browser would run what is in a file of the journal, if it had it
// under the name that it has on the site.
func (f File) Runs(content fs.FS) (bool, error) {
	ending := strings.ToLower(path.Ext(f.Path))
	switch {
	case slices.Contains(plain, ending):
		return false, nil
	case ending == ".svg":
		source, err := fs.ReadFile(content, f.Source)
		return err == nil && !drawing(source), err
	case slices.Contains(runnable, ending):
		return true, nil
	}
	from, err := content.Open(f.Source)
	if err != nil {
		return false, err
	}
	defer from.Close()
	begins := make([]byte, 512)
	n, err := io.ReadFull(from, begins)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	kind := http.DetectContentType(begins[:n])
	return strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/xml"), nil
}

// shown returns a page that shows a file as text. It is HTML and XML at once, as the
// file had either ending.
func shown(name, text string, source []byte) []byte {
	to := html.EscapeString(escapePath(text)) + `"`
	if text == "" {
		to = "data:text/plain;base64," + base64.StdEncoding.EncodeToString(source) + `" download="` + html.EscapeString(legible(name)) + `.txt"`
	}
	name = html.EscapeString(legible(name))
	return fmt.Appendf(nil, `<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'"/>
<meta name="referrer" content="no-referrer"/>
<title>%s</title></head><body><h1>%s</h1>
<p>A browser would run this file, so it is shown as text. <a href="%s>A copy to keep</a></p>
<pre>%s</pre></body></html>
`, name, name, to, html.EscapeString(legible(string(source))))
}

// legible replaces what XML has no room for.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// drawing says whether SVG is a drawing and no more: it has no script and no page in it,
// and leads nowhere but to its own parts.
func drawing(source []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(source))
	styled, drawn := 0, false // how deep in a <style>
	for {
		token, err := d.Token()
		if err == io.EOF {
			return drawn
		}
		if err != nil {
			return false
		}
		switch t := token.(type) {
		case xml.ProcInst:
			if t.Target != "xml" {
				return false
			}
		case xml.Directive:
			if !doctype.Match(t) { // one with declarations can put anything anywhere
				return false
			}
		case xml.StartElement:
			if !drawn && !strings.EqualFold(t.Name.Local, "svg") || !drawable(t) {
				return false
			}
			drawn = true
			if t.Name.Local == "style" || styled > 0 {
				styled++
			}
		case xml.EndElement:
			styled = max(0, styled-1)
		case xml.CharData:
			if styled > 0 && leadsOut(string(t)) {
				return false
			}
		}
	}
}

// drawable says whether an element of SVG only draws.
func drawable(e xml.StartElement) bool {
	switch strings.ToLower(e.Name.Local) {
	case "script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video", "a":
		return false
	}
	if e.Name.Space == "http://www.w3.org/1999/xhtml" {
		return false
	}
	for _, a := range e.Attr {
		name := strings.ToLower(a.Name.Local)
		switch value := strings.TrimSpace(a.Value); {
		case strings.HasPrefix(name, "on"):
			return false
		case name == "href" || name == "src":
			if !strings.HasPrefix(value, "#") && !inlinePicture.MatchString(value) {
				return false
			}
		case name == "attributename" && strings.HasSuffix(strings.ToLower(value), "href"): // of an animation
			return false
		case name == "base" && a.Name.Space != "":
			return false
		case leadsOut(value):
			return false
		}
	}
	return true
}

var (
	doctype       = regexp.MustCompile(`^DOCTYPE\s+svg(\s+PUBLIC\s+"[^"<>]*"\s+"[^"<>]*")?\s*$`)
	inlinePicture = regexp.MustCompile(`^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$`)
	// The ways of CSS to another file, with what can hide them, and to a part of its own.
	outward = regexp.MustCompile(`(?i)@import|@font-face|image-set|image\(|src\(|\\|/\*|javascript:`)
	inward  = regexp.MustCompile(`(?i)url\(\s*["']?\s*#`)
)

// leadsOut says whether CSS, or an attribute that may hold it, leads to another file.
func leadsOut(css string) bool {
	return outward.MatchString(css) || strings.Contains(strings.ToLower(inward.ReplaceAllString(css, "")), "url(")
}
