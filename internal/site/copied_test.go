package site_test

import (
	"encoding/xml"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/site"
)

// opened is what the site has of a file.
func opened(t *testing.T, s *site.Site, fsys fs.FS, at string) string {
	t.Helper()
	f, ok := s.File(at)
	if !ok {
		t.Fatalf("there is no %s", at)
	}
	r, err := f.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What a browser would run is shown, with a copy beside it; all else is as it is.
func TestAttachmentsAreShownAndNotRun(t *testing.T) {
	const live = "<html><script>alert('&')</script>\x00\xff</html>"
	fsys := fstest.MapFS{}
	for _, name := range []string{"a.html", "b.HTM", "c.xhtml", "d.xml", "e.svg", "f.mhtml", "g h.html", "noname", "odd.thing", "told.html", "told.html.txt", "folder.html", "folder.html.txt/x.txt"} {
		fsys["content/contacts/"+name] = &fstest.MapFile{Data: []byte(live)}
	}
	asItIs := []string{"text.txt", "code.js", "data.json", "sheet.csv"}
	for _, name := range asItIs {
		fsys["content/contacts/"+name] = &fstest.MapFile{Data: []byte(live)}
	}
	for name, data := range map[string]string{"photo.png": "\x89PNG\r\n\x1a\n", "film": "\x00\x01<html>", "drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"} {
		fsys["content/contacts/"+name] = &fstest.MapFile{Data: []byte(data)}
		asItIs = append(asItIs, name)
	}
	s := newSite(t, fsys)
	for _, name := range asItIs {
		if got, want := opened(t, s, fsys, "contacts/"+name), string(fsys["content/contacts/"+name].Data); got != want {
			t.Errorf("%s is not as it is:\n%s", name, got)
		}
		if _, ok := s.File("contacts/" + name + ".txt"); ok {
			t.Errorf("%s has a copy", name)
		}
	}
	const embedded = "data:text/plain;base64,PGh0bWw+"
	for name, to := range map[string]string{
		"a.html": `href="a.html.txt"`, "b.HTM": `href="b.HTM.txt"`, "c.xhtml": `href="c.xhtml.txt"`, "d.xml": `href="d.xml.txt"`,
		"f.mhtml": `href="f.mhtml.txt"`, "g h.html": `href="g%20h.html.txt"`,
		"e.svg": embedded, "noname": embedded, "odd.thing": embedded, "told.html": embedded, "folder.html": embedded,
	} {
		page := opened(t, s, fsys, "contacts/"+name)
		if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert(&#39;&amp;&#39;)") || !strings.Contains(page, to) {
			t.Errorf("%s is shown as\n%s", name, page)
		}
		for d := xml.NewDecoder(strings.NewReader(page)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s is shown by what is no XML: %v", name, err)
				break
			}
		}
		if _, there := fsys["content/contacts/"+name+".txt"]; strings.HasPrefix(to, "href") && !there {
			if got := opened(t, s, fsys, "contacts/"+name+".txt"); got != live {
				t.Errorf("the copy of %s is\n%s", name, got)
			}
		}
	}
}

// SVG that only draws is a picture; what leads out of it, or runs, makes it none.
func TestDrawings(t *testing.T) {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`
	for source, drawn := range map[string]bool{
		`<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + head + `<!-- a --><path d="M0 0"/></svg>`: true,
		head + `<style>.a { fill: url(#b) }</style><use xlink:href="#a" style="fill:url('#b')" fill="url(#c)"/></svg>`:                                                                                         true,
		head + `<image href="data:image/png;base64,AA=="/><animate attributeName="x" values="1;2"/></svg>`:                                                                                                     true,
		head + `<metadata><dc:type xmlns:dc="urn:x" xmlns:rdf="urn:y" rdf:resource="http://purl.org/dc"/></metadata></svg>`:                                                                                    true,

		``:                                       false,
		`alert(1)`:                               false,
		`<html><svg/></html>`:                    false,
		head + `<path>`:                          false,
		head + `<script>alert(1)</script></svg>`: false,
		head + `<SCRIPT/></svg>`:                 false,
		head + `<x:script xmlns:x="http://www.w3.org/1999/xhtml"/></svg>`:                         false,
		head + `<x:b xmlns:x="http://www.w3.org/1999/xhtml"/></svg>`:                              false,
		head + `<foreignObject/></svg>`:                                                           false,
		head + `<path onclick="alert(1)"/></svg>`:                                                 false,
		`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`:                             false,
		head + `<a xlink:href="#x"/></svg>`:                                                       false,
		head + `<image href="https://example.org/a.png"/></svg>`:                                  false,
		head + `<image href="journal.json"/></svg>`:                                               false,
		head + `<image href="data:image/svg+xml;base64,AA=="/></svg>`:                             false,
		head + `<use xlink:href=" https://example.org/a.svg#b"/></svg>`:                           false,
		head + `<path fill="url(https://example.org/a#b)"/></svg>`:                                false,
		head + `<path style="fill:URL( 'https://example.org/a')"/></svg>`:                         false,
		head + `<path style="fill:u\72l(https://example.org/a)"/></svg>`:                          false,
		head + `<style>@import "https://example.org/a.css";</style></svg>`:                        false,
		head + `<style><![CDATA[a{fill:url(https://example.org/a)}]]></style></svg>`:              false,
		head + `<style>a{fill:url(#a)}b{cursor:image-set("https://example.org/a")}</style></svg>`: false,
		head + `<set attributeName="xlink:href" to="javascript:alert(1)"/></svg>`:                 false,
		head + `<animate attributeName="href" values="x"/></svg>`:                                 false,
		`<?xml-stylesheet href="a.css"?>` + head + `</svg>`:                                       false,
		`<!DOCTYPE svg [<!ENTITY x "<script/>">]>` + head + `&x;</svg>`:                           false,
		`<?xml version="1.0" encoding="UTF-16"?>` + head + `</svg>`:                               false,
		`<svg xmlns="http://www.w3.org/2000/svg" xml:base="https://example.org/"/>`:               false,
	} {
		fsys := fstest.MapFS{"content/contacts/a.svg": {Data: []byte(source)}}
		f, _ := newSite(t, fsys).File("contacts/a.svg")
		if runs, err := f.Runs(fsys); runs == drawn || err != nil {
			t.Errorf("drawn: %t (%v), want %t: %s", !runs, err, drawn, source)
		}
	}
}
