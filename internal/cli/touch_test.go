package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kith/internal/note"
)

// A touched journal is one that is served, and what asks it to write.
type touched struct {
	t     *testing.T
	dir   string
	url   string
	token string
}

const touchedAda = "---\nname: Ada Lovelace\nevery: 6 weeks\n---\n\n- [ ] send her the paper\n- [?] how is the engine\n\n## Log\n\n- 2026-10-02 coffee: talked\n"

// touchJournal serves a small journal.
func touchJournal(t *testing.T, flags ...string) touched {
	t.Helper()
	dir := t.TempDir()
	f := filepath.Join(dir, "content", "contacts", "ada.md")
	if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f, []byte(touchedAda), 0o644); err != nil {
		t.Fatal(err)
	}
	url, _ := kithServe(t, dir, flags...)
	j := touched{t: t, dir: dir, url: url}
	_, page := get(t, url)
	if m := regexp.MustCompile(`data-token="([^"]+)"`).FindStringSubmatch(page); m != nil {
		j.token = m[1]
	}
	return j
}

func (j touched) file() string {
	j.t.Helper()
	data, err := os.ReadFile(filepath.Join(j.dir, "content", "contacts", "ada.md"))
	if err != nil {
		j.t.Fatal(err)
	}
	return string(data)
}

// ask sends a request as a page would, changed by change, and returns the status.
func (j touched) ask(body string, change func(*http.Request)) (int, map[string]string) {
	j.t.Helper()
	status, data := j.asks(body, change)
	var said map[string]string
	_ = json.Unmarshal(data, &said) // a page that refuses says so in HTML
	return status, said
}

// asks does the same and returns the answer as it is.
func (j touched) asks(body string, change func(*http.Request)) (int, []byte) {
	j.t.Helper()
	r, err := http.NewRequest(http.MethodPost, j.url+"_kith/touch", strings.NewReader(body))
	if err != nil {
		j.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Kith-Token", j.token)
	r.Header.Set("Origin", "http://"+r.Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		j.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		j.t.Fatal(err)
	}
	return answer.StatusCode, data
}

// What a page asks for is written as by the command, and taken back.
func TestOneTouchWritesAsTheCommandDoes(t *testing.T) {
	t.Parallel()
	front := note.Hash("---\nname: Ada Lovelace\nevery: 6 weeks\n---\n")
	for _, c := range []struct {
		name, body string
		command    []string
	}{
		{"log", `{"do":"log","who":"ada","text":"email thanked: For the paper"}`, []string{"log", "ada", "email thanked: For the paper"}},
		{"a text like a flag", `{"do":"log","who":"ada","text":"--dry-run call: x"}`, []string{"log", "ada", "--", "--dry-run call: x"}},
		{"ask", `{"do":"ask","who":"ada","text":"where is the loom"}`, []string{"ask", "ada", "where is the loom"}},
		{"promise", `{"do":"promise","who":"ada","text":"the book by 2026-12-01"}`, []string{"promise", "ada", "the book by 2026-12-01"}},
		{"snooze", fmt.Sprintf(`{"do":"snooze","who":"ada","text":"2w","hash":%q}`, front), []string{"snooze", "ada", "2w"}},
		{"every", fmt.Sprintf(`{"do":"every","who":"ada","text":"3 months","hash":%q}`, front), []string{"every", "ada", "3 months"}},
		{"done", fmt.Sprintf(`{"do":"done","who":"ada","hash":%q}`, note.Hash("- [ ] send her the paper")), []string{"done", "ada", "paper"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j, other := touchJournal(t), touchJournal(t, "--read-only")
			status, answer := j.ask(c.body, nil)
			if status != http.StatusOK || answer["said"] == "" || answer["undo"] == "" {
				t.Fatalf("status %d: %v", status, answer)
			}
			cmd := exec.Command("kith", append([]string{"--dir", other.dir}, c.command...)...)
			cmd.Env = append(os.Environ(), "KITH_TODAY=2026-11-23")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if got, want := j.file(), other.file(); got != want || got == touchedAda {
				t.Errorf("one touch wrote\n%s\nthe command\n%s", got, want)
			}
			if status, answer := j.ask(fmt.Sprintf(`{"do":"undo","hash":%q}`, answer["undo"]), nil); status != http.StatusOK {
				t.Errorf("undo: %d %v", status, answer)
			}
			if got := j.file(); got != touchedAda {
				t.Errorf("taken back, the file is\n%s", got)
			}
		})
	}
}

// The line that is being typed is read as it would be when it is written, and nothing is.
func TestOneTouchReadsALine(t *testing.T) {
	t.Parallel()
	j := touchJournal(t)
	for text, want := range map[string]string{
		"email thanked #job-search: For it": "you → them · email · thanked · #job-search",
		"Ada wrote: all well":               "them → you · message",
		"":                                  "no mark: a plain note of a talk",
	} {
		body, err := json.Marshal(map[string]string{"do": "read", "who": "ada", "text": text})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := j.ask(string(body), nil); status != http.StatusOK || answer["read"] != want {
			t.Errorf("%q: status %d, read as %q, want %q", text, status, answer["read"], want)
		}
	}
	if got := j.file(); got != touchedAda {
		t.Errorf("the file was changed:\n%s", got)
	}
}

// Whoever is named by the beginning of a name may be meant, and the last kind of contact
// with them is told.
func TestOneTouchFindsPeople(t *testing.T) {
	t.Parallel()
	j := touchJournal(t)
	for text, want := range map[string]string{
		"ad":       `{"people":[{"slug":"ada","name":"Ada Lovelace","kind":"coffee"}]}`,
		"Lovelace": `{"people":[{"slug":"ada","name":"Ada Lovelace","kind":"coffee"}]}`,
		"nobody":   `{}`,
		" ":        `{}`,
	} {
		status, answer := j.asks(fmt.Sprintf(`{"do":"who","text":%q}`, text), nil)
		if got := strings.TrimSpace(string(answer)); status != http.StatusOK || got != want {
			t.Errorf("%q: status %d, %s, want %s", text, status, got, want)
		}
	}
}

// Nobody else can write, and nothing else can be asked for.
func TestOneTouchIsRefused(t *testing.T) {
	t.Parallel()
	j := touchJournal(t)
	const log = `{"do":"log","who":"ada","text":"call: x"}`
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			if value == "" {
				r.Header.Del(name)
			} else {
				r.Header.Set(name, value)
			}
		}
	}
	for _, c := range []struct {
		name, body string
		change     func(*http.Request)
		status     int
	}{
		{"another origin", log, header("Origin", "http://evil.example"), http.StatusForbidden},
		{"another port", log, header("Origin", "http://127.0.0.1:1"), http.StatusForbidden},
		{"another site", log, header("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		{"the same site only", log, header("Sec-Fetch-Site", "same-site"), http.StatusForbidden},
		{"a wrong host", log, func(r *http.Request) { r.Host = "evil.example" }, http.StatusForbidden},
		{"nobody says from where", log, func(r *http.Request) {
			r.Header.Del("Origin")
			r.Header.Del("Sec-Fetch-Site")
		}, http.StatusForbidden},
		{"no token", log, header("Kith-Token", ""), http.StatusForbidden},
		{"another token", log, header("Kith-Token", strings.Repeat("A", 26)), http.StatusForbidden},
		{"GET", "", func(r *http.Request) { r.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		{"PUT", log, func(r *http.Request) { r.Method = http.MethodPut }, http.StatusMethodNotAllowed},
		{"a form", "do=log&who=ada&text=x", header("Content-Type", "application/x-www-form-urlencoded"), http.StatusUnsupportedMediaType},
		{"JSON as text", log, header("Content-Type", "text/plain"), http.StatusUnsupportedMediaType},
		{"no JSON", "{", nil, http.StatusBadRequest},
		{"two of them", log + log, nil, http.StatusBadRequest},
		{"an unknown field", `{"do":"log","who":"ada","text":"x","file":"kith.toml"}`, nil, http.StatusBadRequest},
		{"an unknown action", `{"do":"rename","who":"ada","text":"Bob"}`, nil, http.StatusBadRequest},
		{"a path", `{"do":"log","who":"../ada","text":"call: x"}`, nil, http.StatusNotFound},
		{"a name", `{"do":"log","who":"Ada Lovelace","text":"call: x"}`, nil, http.StatusNotFound},
		{"10 MB", `{"do":"log","who":"ada","text":"` + strings.Repeat("x", 10<<20) + `"}`, nil, http.StatusRequestEntityTooLarge},
		{"nothing to write", `{"do":"log","who":"ada","text":" "}`, nil, http.StatusUnprocessableEntity},
		{"what is no cadence", fmt.Sprintf(`{"do":"every","who":"ada","text":"biweekly","hash":%q}`, note.Hash("---\nname: Ada Lovelace\nevery: 6 weeks\n---\n")), nil, http.StatusUnprocessableEntity},
		{"an old hash of the front matter", `{"do":"snooze","who":"ada","text":"2w","hash":"0000000000000000"}`, nil, http.StatusConflict},
		{"an old hash of a task", `{"do":"done","who":"ada","hash":"0000000000000000"}`, nil, http.StatusConflict},
		{"an undo of nothing", `{"do":"undo","hash":"x"}`, nil, http.StatusConflict},
	} {
		if status, answer := j.ask(c.body, c.change); status != c.status {
			t.Errorf("%s: status %d, want %d: %v", c.name, status, c.status, answer)
		}
		if got := j.file(); got != touchedAda {
			t.Fatalf("%s: the file was changed:\n%s", c.name, got)
		}
	}
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "content" && e.Name() != "public" && e.Name() != ".kith" {
			t.Errorf("%s was made", e.Name())
		}
	}
}

// With --read-only no page knows how to write, and nothing is written.
func TestReadOnlyWritesNothing(t *testing.T) {
	t.Parallel()
	j := touchJournal(t, "--read-only")
	if j.token != "" {
		t.Error("a page has a token")
	}
	if status, _ := j.ask(`{"do":"log","who":"ada","text":"call: x"}`, nil); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	if got := j.file(); !bytes.Equal([]byte(got), []byte(touchedAda)) {
		t.Errorf("the file was changed:\n%s", got)
	}
}
