package serve

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kith/internal/note"
	"kith/internal/site"
)

// How a page that is open stays up to date: every page goes out with a script
// and the number of its version. The script listens to a stream of version
// numbers, which begins with the newest one, so nothing is missed between a
// page and its stream, or while the server was away. At another number it
// fetches its page again and makes the difference in place.
//
// What is wrong in the journal stands in a notice at the end of each page. It
// comes, changes and goes with the rest of the page.

// livePath is where the server's own files are. A journal has none there, as
// names that begin with _ are not copied to its site.
const livePath = "/_kith/"

// touchPath is where a page asks for something to be written.
const touchPath = livePath + "touch"

//go:embed live/live.js
var liveScript string

//go:embed live/touch.js
var touchScript string

//go:embed live/phone.js
var phoneScript string

//go:embed live/offline.js
var offlineScript string

//go:embed live/live.css
var liveStyle []byte

// morphScript is Idiomorph 0.8.0, see live/idiomorph.LICENSE.
//
//go:embed live/idiomorph.min.js
var morphScript []byte

// liveVersion numbers the updates of one server.
type liveVersion struct {
	server  string // another after a restart: its first update is not ours
	update  int
	furnish int // changes with what a page cannot be patched for
}

func firstVersion() liveVersion { return liveVersion{server: rand.Text()[:8]} }

// next returns the version after an update, for which pages may have to be
// loaded anew instead of patched.
func (v liveVersion) next(reload bool) liveVersion {
	v.update++
	if reload {
		v.furnish++
	}
	return v
}

// String is what the script compares: the number for a reload, then that of the
// update.
func (v liveVersion) String() string { return fmt.Sprintf("%s.%d %d", v.server, v.furnish, v.update) }

// serveLive answers for the server's own files.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request, name string) {
	switch name {
	case "live.js":
		w.Header().Set("Content-Type", contentType(name))
		_, _ = w.Write(morphScript)
		_, _ = w.Write([]byte(";\n"))
		_, _ = io.WriteString(w, site.Compact(liveScript))
	case "touch.js":
		w.Header().Set("Content-Type", contentType(name))
		_, _ = io.WriteString(w, site.Compact(touchScript))
	case "phone.js":
		w.Header().Set("Content-Type", contentType(name))
		_, _ = io.WriteString(w, site.Compact(phoneScript))
	case "offline.js":
		w.Header().Set("Content-Type", contentType(name))
		w.Header().Set("Service-Worker-Allowed", "/")
		_, _ = io.WriteString(w, site.Compact(offlineScript))
	case "app.webmanifest":
		w.Header().Set("Content-Type", "application/manifest+json")
		_ = json.NewEncoder(w).Encode(manifestOf(s.now.Load().site.View.Journal.Settings.Title))
	case "live.css":
		w.Header().Set("Content-Type", contentType(name))
		_, _ = w.Write(liveStyle)
	case "events":
		s.serveEvents(w, r)
	default:
		http.NotFound(w, r)
	}
}

// A manifest lets a browser install the site, as an app of its own.
type manifest struct {
	Name    string         `json:"name"`
	Start   string         `json:"start_url"`
	Display string         `json:"display"`
	Icons   []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Source string `json:"src"`
	Sizes  string `json:"sizes"`
	Type   string `json:"type"`
}

func manifestOf(title string) manifest {
	return manifest{
		Name: cmp.Or(title, "kith"), Start: "/", Display: "standalone",
		Icons: []manifestIcon{{Source: "/assets/kith.svg", Sizes: "any", Type: contentType(".svg")}},
	}
}

// serveEvents sends the number of the newest version, now and whenever there is
// a newer one, until the browser or the server goes.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	// Not all writers have deadlines or buffers; those that do must not keep them.
	stream := http.NewResponseController(w)
	_ = stream.SetReadDeadline(time.Time{})
	_ = stream.SetWriteDeadline(time.Time{})
	for {
		now := s.now.Load()
		if _, err := fmt.Fprintf(w, "data: %s\n\n", now.live); err != nil {
			return
		}
		_ = stream.Flush()
		select {
		case <-now.superseded:
		case <-r.Context().Done():
			return
		}
	}
}

// sendPage answers with a page, the script and a notice added, by way of out. The
// browser that has the same already, except for the number of the version, is told
// so; one that has most of a long page gets the rest (delta.go).
func (s *Server) sendPage(w http.ResponseWriter, r *http.Request, out *bufio.Writer, live liveVersion, page, notice []byte, status int) {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.Write(page)
	_, _ = h.Write(notice)
	tag := fmt.Sprintf(`"%x"`, h.Sum64())
	w.Header().Set("ETag", tag)
	w.Header().Set("Kith-Version", live.String())
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if status == http.StatusOK {
		has := ""
		if r.Header.Get("A-IM") == rowsLeftOut {
			has = r.Header.Get("If-None-Match")
		}
		if short, ok := s.delta(page, tag, has); ok {
			page, status = short, http.StatusIMUsed
			w.Header().Set("IM", rowsLeftOut)
		}
	}

	head := bytes.Index(page, []byte("</head>"))
	if head < 0 {
		head = 0
	}
	end := bytes.LastIndex(page, []byte("</body>"))
	if end < head {
		end = len(page)
	}
	own := fmt.Appendf(nil, "<link rel=\"stylesheet\" href=\"%slive.css\">"+
		"<script src=\"%slive.js\" data-version=\"%s\" data-tag=\"%s\" defer></script>",
		livePath, livePath, live, html.EscapeString(tag))
	own = fmt.Appendf(own, "<link rel=\"manifest\" href=\"%sapp.webmanifest\" crossorigin=\"use-credentials\">", livePath)
	if s.login != nil {
		own = fmt.Appendf(own, "<script src=\"%sphone.js\" defer></script>", livePath)
	}
	if s.touch != nil {
		own = fmt.Appendf(own, "<script src=\"%stouch.js\" data-token=\"%s\" defer></script>", livePath, s.token)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(page)+len(own)+len(notice)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	for _, part := range [...][]byte{page[:head], own, page[head:end], notice, page[end:]} {
		if _, err := out.Write(part); err != nil {
			return
		}
	}
	_ = out.Flush()
}

// brokenPage is the page in place of one that was never rendered.
var brokenPage = []byte("<!doctype html><html lang=en><head><meta charset=utf-8><title>This page cannot be shown</title></head>" +
	"<body><main><h1>This page cannot be shown</h1><p>It is back as soon as the file below is mended.</p>" +
	"<p><a href=\"/\">Today</a></p></main></body></html>\n")

// noticeOf returns what a page says of errors; nothing if there are none. It is one line
// that opens. It is open already on the page of own, the file that it is about, and on
// any other says no more than that another file needs mending. What a reader closed
// stays closed until the errors are others, by whose hash the page is patched.
func noticeOf(problems []note.Problem, own string) []byte {
	const enough = 3
	if len(problems) == 0 {
		return nil
	}
	var b strings.Builder
	open, what := "", "Another file needs mending"
	if len(problems) > 1 {
		what = fmt.Sprintf("%d things need mending elsewhere", len(problems))
	}
	if slices.ContainsFunc(problems, func(p note.Problem) bool { return p.File == own }) {
		open, what = " open", "Something needs mending here"
	}
	fmt.Fprintf(&b, `<div id="kith-notice" role="status"><details id="kith-%s"%s><summary>%s</summary><ul>`, note.Hash(fmt.Sprint(problems)), open, what)
	for _, p := range problems[:min(len(problems), enough)] {
		fmt.Fprintf(&b, "<li><p><b>%s</b> %s</p>", html.EscapeString(place(p)), html.EscapeString(p.Message))
		if p.Source != "" {
			before, at, after := split(p.Source, p.Column)
			fmt.Fprintf(&b, "<pre>%s<mark>%s</mark>%s</pre>", html.EscapeString(before), html.EscapeString(at), html.EscapeString(after))
		}
		if p.Hint != "" {
			fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(p.Hint))
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
	if len(problems) > enough {
		b.WriteString(`<p><a href="/problems.html">All of them</a></p>`)
	}
	b.WriteString("</details></div>\n")
	return []byte(b.String())
}

// place says where a problem is, as far as that is known.
func place(p note.Problem) string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// split cuts a line around the character in a column, from 1.
func split(line string, column int) (before, at, after string) {
	for i := range line {
		if column--; column == 0 {
			_, size := utf8.DecodeRuneInString(line[i:])
			return line[:i], line[i : i+size], line[i+size:]
		}
	}
	return line, "", ""
}
