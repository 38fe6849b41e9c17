package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kith/internal/cli"
)

// hostileWords are what a terminal might take for more than words: controls of one byte
// and of two, bytes that are no UTF-8, the beginnings of sequences that change colours,
// the clipboard and the title, and what turns the direction of a line.
func hostileWords() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"Ada", "é", "\xff", "\xff]52;c;aGk=\a", "\xfe[31m", "\x1b[31m", "\x1b]0;title\a", "\x1b", "\a", "\b", "\r", "\x7f",
			"\x80", "\x9b31m", "\u009b31m", "\u009d52;c;aGk=\u009c", "\u0085", "\xc2", "\xe2\x80", "\xed\xa0\x80",
			"\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029",
		}),
		rapid.StringOfN(rapid.RuneFrom([]rune("abc -:#")), 0, 5, -1),
		rapid.Map(rapid.Byte(), func(b byte) string { return string([]byte{b}) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 1, 6), func(s []string) string { return strings.Join(s, "") })
}

// hostileName is such words as the name of a file, which holds no slash and no zero; on
// some systems it is UTF-8.
func hostileName() *rapid.Generator[string] {
	return rapid.Map(hostileWords(), func(s string) string {
		s = strings.NewReplacer("/", "", "\x00", "").Replace(s)
		if s = s[:min(len(s), 60)]; runtime.GOOS != "linux" {
			s = strings.ToValidUTF8(s, "")
		}
		if strings.Trim(s, ".") == "" {
			return "x" + s // which else is a folder
		}
		return s
	})
}

// sgr is the one kind of sequence that is ours: a colour, and its end.
var sgr = regexp.MustCompile(`\x1b\[(1|2|31|32|33|0)m`)

// steers returns what of an answer is more than words to a terminal, or nothing.
func steers(out string) string {
	plain := sgr.ReplaceAllString(out, "")
	for i, r := range plain {
		_, n := utf8.DecodeRuneInString(plain[i:])
		switch {
		case r == '\n' || r == '\t':
		case r == utf8.RuneError && n == 1, unicode.IsControl(r),
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
			return plain[max(0, i-20):min(len(plain), i+20)]
		}
	}
	return ""
}

// TestNothingSteersTheTerminal runs commands on journals whose notes, names of files and
// settings hold whatever steers a terminal, and on such command lines.
func TestNothingSteersTheTerminal(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(home, fmt.Sprintf("j%d", n))
		write := func(path, text string) {
			path = filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		words := func(label string) string { return hostileWords().Draw(t, label) }
		quoted := func(label string) string {
			return strings.NewReplacer(`"`, "", `\`, "", "\n", " ").Replace(words(label))
		}
		write("content/contacts/ada.md", "---\nname: \""+quoted("name")+"\"\nrole: "+quoted("role")+"\nevery: "+quoted("every")+
			"\naliases: ["+quoted("alias")+"]\n"+quoted("key")+": x\n---\n- [ ] (ask) "+words("task")+"\n- 2026-11-01 "+words("kind")+": "+words("text")+" [["+quoted("link")+"]]\n- 2026-13-01 "+words("bad")+"\n")
		write("content/contacts/"+hostileName().Draw(t, "file")+".md", "- 2026-11-02 < letter: "+words("text")+"\n")
		write("content/contacts/red.md", "---\nname: \"Red\\e[31m \\u202e\\u009b31m\"\nevery: weekly\nneeds: ["+quoted("need")+"]\n---\n- 2026-01-02 < helped: "+words("help")+"\n")
		write("content/circles/"+hostileName().Draw(t, "circle")+".md", "---\nname: "+quoted("circle")+"\n---\n"+words("text"))
		write("content/"+hostileName().Draw(t, "attachment"), words("data"))
		if rapid.Bool().Draw(t, "settings") {
			write("kith.toml", "title = \""+quoted("title")+"\"\n"+rapid.SampledFrom([]string{"", quoted("setting") + " = 1\n", "[kinds]\n\"" + quoted("kind") + "\" = [\"x\"]\n"}).Draw(t, "more"))
		}
		if rapid.Bool().Draw(t, "templates") {
			write("templates/messages/"+hostileName().Draw(t, "template"), words("template"))
			write("templates/"+hostileName().Draw(t, "template")+".html", "{{"+words("template")+"}}")
		}
		said := strings.ReplaceAll(words("said"), "\x00", "")
		for _, args := range [][]string{
			{"check"},
			{"check", "--strict"},
			{"check", "--json"},
			{"due", "--all"},
			{"today"},
			{"brief", "ada"},
			{"brief", "red"},
			{"show", "ada"},
			{"show", "red"},
			{"show", "red", "--json"},
			{"show", said},
			{"find", "a"},
			{"find", said},
			{"draft", "red"},
			{"review"},
			{"export", "vcard"},
			{"export", "csv"},
			{"__complete", "show", ""},
			{"__complete", "log", said},
			{"__complete", "due", "--circle", ""},
			{"__complete", "due", "--tag", ""},
			{"log", "red", "coffee: " + said},
			{"promise", said, "x"},
			{"ask", "ada", said},
			{"every", "red", said},
			{"rename", "red", said},
			{"undo", "--list"},
			{"undo", "--dry-run"},
			{"undo"},
			{"import", said},
			{"import", "content/contacts/ada.md"},
			{"build"},
			{"build", "--out", said},
			{said},
			{"--" + said},
			{"merge", "ada", "red", "--dry-run"},
		} {
			var out, errs bytes.Buffer
			cli.Main(append([]string{"--color", "always", "--dir", dir, "--today", "2026-11-23"}, args...), cli.Env{
				Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, StdoutIsTerminal: true, StderrIsTerminal: true,
				Getenv: func(string) string { return "" }, Now: time.Now, Dir: dir,
			})
			for _, answer := range []string{out.String(), errs.String()} {
				if at := steers(answer); at != "" {
					t.Fatalf("kith %q writes %q", args, at)
				}
			}
		}
	})
}
