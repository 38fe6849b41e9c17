// Package serve shows a journal's site to the browser of the person whose
// journal it is, and changes the pages that are open when a file is saved.
//
// [Run] is all of `kith serve`: it reads the journal, serves it, watches it,
// and writes public/ behind the scenes. [Server] is the part that answers
// requests, an [http.Handler]:
//
//	journal → due.View → site.Site → Server.Update → open pages
//	   ↑                     ↓
//	watch.Batch         public/, when there is time
//
// A page is rendered when somebody asks for it, from the newest [site.Site], so
// that nobody waits for public/ and nothing shown is older than the last save.
// Pages on their way out get a script (live.go) that hears of every update and
// patches the open page in place. What is in public/ has no such script.
//
// The journal is private: key.go, login.go and guard.go say who may ask, and with which headers the
// browser is told to keep it so. What a page may ask to be written is in touch.go; who
// writes it is told to the server (Options.Touch).
package serve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"kith/internal/note"
	"kith/internal/site"
)

// Server answers requests for the pages of a site, always the newest.
type Server struct {
	content fs.FS
	now     atomic.Pointer[snapshot]
	seed    maphash.Seed
	pages   cache
	sent    sent
	buffers sync.Pool     // of *bufio.Writer, so that a page goes out in one piece
	asked   chan struct{} // has an item if somebody looks at the site
	// touch writes what a page asks for; nil if the server only shows. token is what
	// such a page knows.
	touch func(context.Context, Action) Answer
	token string
	key   string // who knows it may ask; anybody if it is empty
	login *login // who said a passphrase may ask, if not nil, also from another machine

	mu     sync.Mutex
	looked []string // the paths of the pages looked at last, newest first
}

// snapshot is what the server shows between two updates. It never changes.
type snapshot struct {
	site   *site.Site
	notice []note.Problem // the errors among the problems of the journal
	live   liveVersion
	// superseded is closed when there is a newer snapshot.
	superseded chan struct{}
}

// New returns a server for a site. Files that are copied to the site are read
// from content, the journal's folder.
func New(content fs.FS, s *site.Site, problems []note.Problem) *Server {
	server := &Server{content: content, seed: maphash.MakeSeed(), asked: make(chan struct{}, 1)}
	server.now.Store(&snapshot{site: s, notice: errorsOf(problems), live: firstVersion(), superseded: make(chan struct{})})
	return server
}

// Update shows another site from now on, and patches the pages that are open.
// That a file copied to the site may have changed has to be said: nothing in a
// page shows that its pictures are not the same.
func (s *Server) Update(next *site.Site, problems []note.Problem, copied bool) {
	last := s.now.Load()
	live := last.live.next(copied || next.Theme != last.site.Theme)
	s.now.Store(&snapshot{site: next, notice: errorsOf(problems), live: live, superseded: make(chan struct{})})
	close(last.superseded)
}

func errorsOf(problems []note.Problem) []note.Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p note.Problem) bool { return p.Severity != note.Error })
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	if r = s.admit(w, r); r == nil {
		return
	}
	if r.URL.Path == touchPath {
		s.serveTouch(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "kith only shows: GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	signal(s.asked)
	if name, ok := strings.CutPrefix(r.URL.Path, livePath); ok {
		s.serveLive(w, r, name)
		return
	}

	now := s.now.Load()
	f, ok := find(now.site, r.URL.Path)
	if !ok {
		// Below an address that ends in a slash relative links lead elsewhere.
		if name, slash := strings.CutSuffix(r.URL.Path, "/"); slash {
			if f, ok = find(now.site, name); ok {
				w.Header().Set("Location", (&url.URL{Path: "/" + f.Path}).String())
				w.WriteHeader(http.StatusFound)
				return
			}
		}
		s.notFound(w, r, now)
		return
	}
	w.Header().Set("Content-Type", contentType(f.Path))
	if f.Source != "" {
		s.serveCopy(w, r, now, f)
		return
	}
	s.servePage(w, r, now, f, http.StatusOK)
}

// find returns the file at an address: a path, or that of a page without .html.
func find(s *site.Site, address string) (site.File, bool) {
	name := strings.TrimPrefix(address, "/")
	if name == "" {
		name = "index.html"
	}
	if f, ok := s.File(name); ok {
		return f, true
	}
	return s.File(name + ".html")
}

func contentType(name string) string {
	// What the system says of these differs from machine to machine.
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".json":
		return "application/json"
	case ".ics":
		return "text/calendar; charset=utf-8"
	case ".vcf":
		return "text/vcard; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// notFound answers that there is no such page, with the site's own page for it.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request, now *snapshot) {
	if f, ok := now.site.File("404.html"); ok {
		w.Header().Set("Content-Type", contentType(f.Path))
		s.servePage(w, r, now, f, http.StatusNotFound)
		return
	}
	http.NotFound(w, r)
}

// serveCopy answers with a file of the journal. It is shown and never run: a
// picture or a page that somebody sent is not part of the site.
func (s *Server) serveCopy(w http.ResponseWriter, r *http.Request, now *snapshot, f site.File) {
	file, err := s.content.Open(f.Source)
	if err != nil {
		s.notFound(w, r, now)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		s.notFound(w, r, now)
		return
	}
	if runs, err := f.Runs(s.content); runs || err != nil {
		w.Header().Set("Content-Type", contentType(".txt"))
	}
	if t := w.Header().Get("Content-Type"); t != "application/pdf" { // which browsers do not show in a sandbox
		w.Header().Set("Content-Security-Policy", copyPolicy)
	}
	content, ok := file.(io.ReadSeeker)
	if !ok {
		data, err := io.ReadAll(file)
		if err != nil {
			s.notFound(w, r, now)
			return
		}
		content = bytes.NewReader(data)
	}
	http.ServeContent(w, r, "", info.ModTime(), content)
}

// servePage answers with a page. One that cannot be rendered, because somebody
// is at work on its template, stays as it was when it last could.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, now *snapshot, f site.File, status int) {
	out, ok := s.buffers.Get().(*bufio.Writer)
	if !ok {
		out = bufio.NewWriterSize(nil, 32<<10)
	}
	out.Reset(w)
	page, err := s.render(f)
	notice := now.notice
	if err != nil {
		notice = append([]note.Problem{renderProblem(f.Path, err)}, notice...)
		if page == nil {
			w.Header().Set("Content-Type", contentType(".html"))
			page, status = brokenPage, http.StatusInternalServerError
		}
	}
	if path.Ext(f.Path) != ".html" && status == http.StatusOK {
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(page)
		}
	} else {
		if status == http.StatusOK {
			s.look(f.Path)
		}
		s.sendPage(w, r, out, now.live, page, noticeOf(notice, sourceOf(now.site, f.Path)), status)
	}
	out.Reset(nil)
	s.buffers.Put(out)
}

// render returns the bytes of a page, which nobody changes. With an error, they are
// those of the page before, or nil. Several who need a page wait for one rendering.
func (s *Server) render(f site.File) ([]byte, error) {
	last, now, own := s.pages.begin(f.Path, f.Inputs)
	switch {
	case now == nil:
		return last.page, nil
	case !own:
		<-now.done
		return now.page, now.err
	}
	defer s.pages.end(f.Path, now)
	size := len(last.page)
	now.page, now.err = f.Render(make([]byte, 0, max(8<<10, size+size/8)))
	if now.err != nil {
		now.page = last.page
	}
	return now.page, now.err
}

// renderProblem says what is wrong with the template of a page.
func renderProblem(name string, err error) note.Problem {
	var t *site.TemplateError
	if errors.As(err, &t) {
		return t.Problem
	}
	return note.Problem{File: name, Message: err.Error()}
}

// sourceOf returns the path of the note that a page is made of, "" for one that is made
// of many.
func sourceOf(s *site.Site, page string) string {
	slug, ok := strings.CutPrefix(strings.TrimSuffix(page, ".html"), "contacts/")
	if !ok {
		return ""
	}
	if c := s.View.Journal.Contact(slug); c != nil {
		return c.File.Path
	}
	return ""
}

// look notes that somebody looked at a page.
func (s *Server) look(name string) {
	const enough = 8
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.looked) > 0 && s.looked[0] == name {
		return
	}
	s.looked = slices.DeleteFunc(s.looked, func(n string) bool { return n == name })
	s.looked = slices.Insert(s.looked, 0, name)
	s.looked = s.looked[:min(len(s.looked), enough)]
}

// lookedAt returns the pages that somebody looked at last, newest first.
func (s *Server) lookedAt() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.looked)
}
