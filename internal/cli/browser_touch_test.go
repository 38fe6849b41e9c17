//go:build browser

package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A journal in which one person is due, one to decide about, and one neither.
func touchFolder(t *testing.T) folder {
	t.Helper()
	f := folder{t, t.TempDir()}
	f.write("content/contacts/ada.md", touchedAda)
	f.write("content/contacts/bob.md", "---\nname: Bob\nmet: 2026-11-20\n---\n")
	f.write("content/contacts/cleo.md", "---\nname: Cleo Hart\nevery: never\n---\n- 2026-11-01 postcard from Cleo: Sun.\n- 2026-10-01 letter to her: Rain.\n")
	return f
}

func (f folder) read(name string) string {
	f.t.Helper()
	data, err := os.ReadFile(f.path(name))
	f.must(err)
	return string(data)
}

// What a page of kith serve writes is what the command writes, byte for byte, and is taken
// back by its Undo.
func TestBrowserTouch(t *testing.T) {
	b := startBrowser(t)
	button := func(within, label string) string {
		return fmt.Sprintf(`[...document.querySelectorAll(%q)].find((b) => b.textContent === %q && b.checkVisibility())`, within+" button", label)
	}
	press := func(within, label string) string { return button(within, label) + `.click() + ""` }
	typed := func(within, text string) string {
		return fmt.Sprintf(`(() => {
			const input = document.querySelector(%q);
			input.value = %s;
			input.dispatchEvent(new Event("input", {bubbles: true}));
		})() + ""`, within+" input", text)
	}
	const ada = `[data-touch="ada"]`
	for _, test := range []struct {
		name, page string
		file       string
		do         []string // each runs when what is before it is there
		command    []string
		shows      string
	}{
		{
			name: "log", page: "index.html", file: "ada",
			do:      []string{press(ada, "Wrote"), typed(ada, `input.value + "For the paper"`), `(document.querySelector('` + ada + ` .reading').textContent.includes("you → them") || undefined) && "read"`, press(ada, "Save")},
			command: []string{"log", "ada", "email: For the paper"}, shows: "Written down.",
		},
		{
			name: "talked", page: "contacts/ada.html", file: "ada",
			do:      []string{press(ada, "Talked"), typed(ada, `input.value + "of looms"`), press(ada, "Save")},
			command: []string{"log", "ada", "coffee: of looms"}, shows: "Written down.",
		},
		{
			name: "snooze", page: "index.html", file: "ada",
			do:      []string{press(ada, "Snooze"), press(ada, "Save")},
			command: []string{"snooze", "ada", "2w"}, shows: "Until then.",
		},
		{
			name: "a promise is ticked", page: "promises.html", file: "ada",
			do:      []string{`document.querySelector(".promises input.tick").click() + ""`},
			command: []string{"done", "ada", "paper"}, shows: "Done.",
		},
		{
			name: "a question is ticked", page: "contacts/ada.html", file: "ada",
			do:      []string{`document.querySelector(".asks input.tick").click() + ""`},
			command: []string{"done", "ada", "engine"}, shows: "Done.",
		},
		{
			name: "how often", page: "index.html", file: "bob",
			do:      []string{press(`[data-decide="bob"]`, "quarter")},
			command: []string{"every", "bob", "1 quarter"}, shows: "Every quarter.",
		},
		{
			name: "#log on any page", page: "people.html#log", file: "cleo",
			do: []string{
				typed("dialog.log", `"cle"`), `document.querySelector('dialog.log option[value="Cleo Hart"]').value`,
				typed("dialog.log", `"Cleo Hart"`),
				// begun with the kind of your last letter to her
				`(document.querySelectorAll("dialog.log input")[1].value === "letter: " || undefined) && "begun"`,
				`(document.querySelectorAll("dialog.log input")[1].value += "Thunder.") + ""`, press("dialog.log", "Save"),
			},
			command: []string{"log", "cleo", "letter: Thunder."}, shows: "Written down for Cleo Hart.",
		},
		{
			name: "#log on a page of somebody", page: "contacts/ada.html#log", file: "ada",
			do:      []string{typed(ada, `input.value + "Hello."`), press(ada, "Save")},
			command: []string{"log", "ada", "email: Hello."}, shows: "Written down.",
		},
		{
			name: "Log on a row", page: "promises.html", file: "ada",
			do: []string{
				press(`[data-contact="ada"]`, "Log"),
				`(document.querySelectorAll("dialog.log input")[1].value === "coffee: " || undefined) && "begun"`,
				`(document.querySelectorAll("dialog.log input")[1].value += "Cake.") + ""`, press("dialog.log", "Save"),
			},
			command: []string{"log", "ada", "coffee: Cake."}, shows: "Written down for Ada Lovelace.",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, other := touchFolder(t), touchFolder(t)
			file := "content/contacts/" + test.file + ".md"
			before := page.read(file)
			if out, err := kith(append([]string{"--dir", other.dir}, test.command...)...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			s := serveJournal(t, page.dir)
			open := b.open(t, s.url)
			open.goTo(s.site + strings.Replace(test.page, "people.html", "contacts.html", 1))
			for _, step := range test.do {
				open.wait(`(() => { try { return (` + step + `) !== undefined; } catch { return false; } })()`)
			}
			open.wait(fmt.Sprintf(`document.querySelector(".told")?.textContent.includes(%q)`, test.shows))
			if got, want := page.read(file), other.read(file); got != want || got == before {
				t.Errorf("the page wrote\n%s\nthe command\n%s", got, want)
			}
			open.wait(`(() => { const undo = ` + button(".told", "Undo") + `; undo?.click(); return undo; })()`)
			open.wait(`document.querySelector(".told")?.textContent.includes("Taken back.")`)
			if got := page.read(file); got != before {
				t.Errorf("taken back, it is\n%s", got)
			}
			open.quiet()
		})
	}
}

// Where nothing can be written, the commands that do it can be copied, and the note opens
// in an editor that has an address.
func TestBrowserCopies(t *testing.T) {
	b := startBrowser(t)
	f := touchFolder(t)
	f.write("kith.toml", "editor = \"vscode://file{path}:{line}\"\n")
	if out, err := kith("--dir", f.dir, "build").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	open := b.open(t, "file://"+f.path("public/index.html"))
	open.wait(`document.querySelectorAll('[data-touch="ada"] > .copy').length === 2`)
	open.text(`document.querySelector('[data-touch="ada"] > .copy').click() + ""`)
	open.wait(`document.querySelector(".copy").textContent === "Copied" || getSelection().toString().startsWith("kith log ada")`)
	if got, want := open.text(`document.querySelector('[data-touch="ada"] > .edit').href`), "vscode://file"+f.path("content/contacts/ada.md")+":5"; got != want {
		t.Errorf("Edit leads to %s, want %s", got, want)
	}
	open.quiet()
}
