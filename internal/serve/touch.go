package serve

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"kith/internal/due"
	"kith/internal/note"
)

// One touch on a page writes to the journal what a command would. A request for that
// is a POST of JSON from a page of this server (guard.go), with the token that was made
// when the server began and that only its pages know. It names one of a few actions and
// somebody who is in the journal; nothing else of it reaches a file but the words that a
// person would have typed behind the command.

// Action is what a page asks to be written.
type Action struct {
	Do   string `json:"do"`   // one of Actions
	Who  string `json:"who"`  // the slug of a contact; empty for undo and who
	Text string `json:"text"` // what a person would type behind the command
	// Hash is of the line of the task that is done, or of the front matter that is
	// changed, as the page showed it ([note.Hash]): if it is another by now, nothing
	// is written. For undo it names what is to be taken back.
	Hash string `json:"hash"`
}

// Actions are those that there are: commands of kith.
var Actions = []string{"log", "ask", "promise", "done", "snooze", "every", "undo", "edit", "read", "who"}

// Answer is what came of an action.
type Answer struct {
	Said string `json:"said,omitempty"` // the file and line that were written
	Read string `json:"read,omitempty"` // how the line was read, in words
	Undo string `json:"undo,omitempty"` // takes it back, as the Hash of undo
	// People are who may be meant by the Text of who.
	People []Person `json:"people,omitempty"`
	Error  string   `json:"error,omitempty"` // why nothing was written
	Hint   string   `json:"hint,omitempty"`
	// Status is the one of HTTP: 200, 409 if what was to change is not what it was,
	// 422 if it cannot be done.
	Status int `json:"-"`
}

// A Person is somebody who may be meant, and the kind of contact by which you were in
// touch with them last.
type Person struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// mostMeant is how many people may be meant at most.
const mostMeant = 10

// mostAsked is how many bytes a request to write may have: a letter, and no book.
const mostAsked = 64 << 10

// serveTouch answers a request to write.
func (s *Server) serveTouch(w http.ResponseWriter, r *http.Request) {
	if s.touch == nil {
		answerTouch(w, Answer{Error: "this server only shows", Status: http.StatusForbidden})
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answerTouch(w, Answer{Error: "writing takes a POST", Status: http.StatusMethodNotAllowed})
		return
	}
	// A browser says both of a page that writes; who leaves them out is no page.
	if r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		answerTouch(w, Answer{Error: "another site may have asked for this", Status: http.StatusForbidden})
		return
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Kith-Token")), []byte(s.token)) != 1 {
		answerTouch(w, Answer{Error: "the page is of another kith serve", Hint: "load it again", Status: http.StatusForbidden})
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		answerTouch(w, Answer{Error: "writing takes JSON", Status: http.StatusUnsupportedMediaType})
		return
	}
	var action Action
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostAsked))
	body.DisallowUnknownFields()
	err := body.Decode(&action)
	if _, more := body.Token(); err == nil && !errors.Is(more, io.EOF) {
		err = errors.New("something stands behind the JSON")
	}
	tooLarge := new(http.MaxBytesError)
	switch {
	case errors.As(err, &tooLarge):
		answerTouch(w, Answer{Error: "that is too much for one touch", Status: http.StatusRequestEntityTooLarge})
		return
	case err != nil || !slices.Contains(Actions, action.Do) || strings.ContainsAny(action.Text, "\x00"):
		answerTouch(w, Answer{Error: "that is no action", Status: http.StatusBadRequest})
		return
	case action.Do == "who":
		answerTouch(w, Answer{People: meant(s.now.Load().site.View, action.Text), Status: http.StatusOK})
		return
	case action.Do != "undo" && s.now.Load().site.View.Journal.Contact(action.Who) == nil:
		answerTouch(w, Answer{Error: "nobody here has that name", Status: http.StatusNotFound})
		return
	}
	if action.Do == "read" {
		view := s.now.Load().site.View
		read := view.Journal.ReadingOf(view.Journal.Contact(action.Who).File, view.Today, action.Text)
		answerTouch(w, Answer{Read: read, Status: http.StatusOK})
		return
	}
	answerTouch(w, s.touch(r.Context(), action))
}

// meant returns who may be meant by the beginning of a name.
func meant(v *due.View, text string) (people []Person) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for _, c := range v.Journal.Find(text) {
		if len(people) == mostMeant {
			break
		}
		people = append(people, Person{c.Slug, c.Name, v.Row(c.Slug).Habit("email", note.Outbound, note.Mutual)})
	}
	return people
}

func answerTouch(w http.ResponseWriter, a Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.Status)
	_ = json.NewEncoder(w).Encode(a) // who is gone hears nothing
}
