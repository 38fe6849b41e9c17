//go:build browser

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kept waits until the browser keeps what is seen.
const kept = `navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ? "" :
	new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(""))))`

// On a phone somebody says the passphrase, reads, touches a log, reads on without a
// network, and locks the journal.
func TestBrowserPhone(t *testing.T) {
	b := startBrowser(t)
	journal := smallJournal(t)
	words := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(words, []byte("nine old boats sail north\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveJournal(t, journal.dir, "--addr", "127.0.0.1:0", "--allow-remote", "--password-file", words)
	say := func(open *tab, said string) {
		open.text(fmt.Sprintf(`(document.querySelector("input").value = %q, document.querySelector("form").requestSubmit(), "")`, said))
	}
	person := s.url + "contacts/grace-hopper.html"
	open := b.open(t, person)
	open.wait(`document.title === "This journal is private"`)
	say(open, "wrong")
	open.wait(`document.body.innerText.includes("That is not the passphrase")`)
	say(open, "nine old boats sail north")
	open.wait(fmt.Sprintf(`location.href === %q && main().includes("Grace Hopper")`, person))

	// The same one-touch log as at home.
	open.wait(`[...document.querySelectorAll("[data-touch] button")].some((e) => e.textContent === "Talked")`)
	open.text(`([...document.querySelectorAll("[data-touch] button")].find((e) => e.textContent === "Talked").click(), "")`)
	open.text(`(document.querySelector("form.line input").value = "call: on the phone", document.querySelector("form.line").requestSubmit(), "")`)
	open.wait(`main().includes("on the phone")`)
	if text, err := os.ReadFile(journal.path(graceFile)); err != nil || !strings.Contains(string(text), "call: on the phone") {
		t.Errorf("%v\n%s", err, text)
	}

	// It can be installed, and is there without a network.
	if open.text(`document.querySelector("link[rel=manifest]")?.href ?? ""`) == "" {
		t.Error("there is no manifest")
	}
	open.text(kept)
	open.goTo(s.url)
	open.goTo(person)
	s.stop()
	open.goTo(s.url)
	open.wait(`main().includes("Friend 1")`)
	open.goTo(person)
	open.wait(`main().includes("on the phone") && document.styleSheets.length > 0`)
	open.goTo(s.url + "due.html")
	open.wait(`document.body.innerText.includes("not seen before")`)
}

// Who locks the journal takes with them what the browser kept of it.
func TestBrowserPhoneLocks(t *testing.T) {
	b := startBrowser(t)
	words := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(words, []byte("nine old boats sail north\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveJournal(t, smallJournal(t).dir, "--addr", "127.0.0.1:0", "--allow-remote", "--password-file", words)
	open := b.open(t, s.url)
	open.text(`(document.querySelector("input").value = "nine old boats sail north", document.querySelector("form").requestSubmit(), "")`)
	open.wait(`main().includes("Friend 1")`)
	open.wait(`document.querySelector('a[href="/_kith/leave"]')`)
	open.text(kept)
	open.click(`a[href="/_kith/leave"]`)
	open.wait(`document.title === "Lock the journal" && document.querySelector("form")`)
	open.text(`(document.querySelector("form").requestSubmit(), "")`)
	open.wait(`document.title === "This journal is private"`)
	open.goTo(s.url + "contacts/grace-hopper.html")
	open.wait(`document.title === "This journal is private"`)
	s.stop()
	if text := open.text(`fetch(location.href).then((r) => r.text()).catch(() => "nothing")`); strings.Contains(text, "Grace") {
		t.Errorf("the browser kept\n%s", text)
	}
}
