package help_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/help"
	"kith/internal/journal"
	"kith/internal/note"
)

func TestTopics(t *testing.T) {
	t.Parallel()
	var names []string
	for _, topic := range help.Topics() {
		names = append(names, topic.Name)
		if title, _, _ := strings.Cut(topic.Markdown, "\n"); title != "# "+topic.Title || topic.Title == "" {
			t.Errorf("%s: the first line is %q, not a title", topic.Name, title)
		}
		if !regexp.MustCompile(`^[A-Z][^.!?|#]*(\.[a-z][^.!?|#]*)*\.$`).MatchString(topic.Summary) {
			t.Errorf("%s: the summary is not one sentence: %q", topic.Name, topic.Summary)
		}
		for i, line := range strings.Split(topic.Markdown, "\n") {
			if n := utf8.RuneCountInString(line); n > 80 && !strings.Contains(line, "https://") {
				t.Errorf("%s.md:%d: %d columns, more than 80", topic.Name, i+1, n)
			}
			if strings.TrimRight(line, " \t") != line || strings.Contains(line, "\t") {
				t.Errorf("%s.md:%d: a tab, or space at the end", topic.Name, i+1)
			}
		}
		if strings.Contains(note.RenderMarkdown(topic.Markdown), "raw HTML omitted") {
			t.Errorf("%s: has raw HTML", topic.Name)
		}
		if found, ok := help.Find(topic.Name); !ok || found != topic {
			t.Errorf("Find(%q) does not find it", topic.Name)
		}
	}
	if want := []string{"commands", "drafts", "due", "editors", "files", "format", "import", "json", "phone", "privacy", "reminders", "seal", "settings", "templates"}; !slices.Equal(names, want) {
		t.Errorf("topics %v, want %v", names, want)
	}
	if _, ok := help.Find("nonsense"); ok {
		t.Error("found a topic that is none")
	}
}

// TestNothingIsMissing looks for each word of the language in the page that a
// person would look for it. The lists are those of FORMAT.md, by hand.
func TestNothingIsMissing(t *testing.T) {
	t.Parallel()
	for _, list := range []struct{ topic, what, words string }{
		{"format", "key", "name aliases every circles tags met added via email phone links company role location timezone pronouns birthday dates snooze status needs offers photo"},
		{"format", "status", "active paused archived memorial"},
		{"format", "talk", "call phone video zoom teams skype facetime coffee tea beer breakfast brunch lunch dinner drink drinks meeting mtg meet met sync catchup catch-up visit walk event party talk chat"},
		{"format", "write", "email e-mail mail message msg text txt reply sms imessage whatsapp wechat signal telegram messenger viber slack discord instagram voicemail vm letter card postcard linkedin dm comment gift"},
		{"format", "note", "note news"},
		{"format", "filler", "with w/ and from to her him them me us , & +"},
		{"format", "arrow", "> -> → to < <- ← from"},
		{"format", "mark", "asked got gave offered thanked thanks thank-you thx closed"},
		{"format", "unit", "d day days w week weeks m mo month months q quarter quarters y year years"},
		{"format", "cadence", "daily weekly fortnightly monthly quarterly yearly annually never P1M"},
		{"format", "fence", "--- +++ ;;;"},
		{"format", "task", "[ ] [?] [x] by due 📅"},
		{"settings", "setting", "title name daily every quiet_after editor week_starts today [kinds] talk write note"},
		{"settings", "cadence", "daily weekly fortnightly monthly quarterly yearly annually never biweekly P3M"},
		{"due", "reason", "reply tell thanks promise quiet due"},
		{"due", "state", "overdue today soon later untracked paused"},
		{"due", "turn", "yours theirs even"},
		{"commands", "command", "serve build due today show review find check new log ask promise done news snooze every status edit rename merge backup restore undo init git completion man help version"},
		{"commands", "flag", "--dir --today --color --all --within --json --strict --staged --hook --out --addr --demo --dry-run --planned --to --from --tag --by --every --circle --email --via --keep --take -d"},
		{"commands", "variable", "KITH_TODAY NO_COLOR VISUAL EDITOR"},
		{"commands", "field of due", "today contacts slug name state due base last every every_from days urgency turn unanswered snooze planned status circles tags reasons reason since why"},
		{"commands", "field of today", "today daily done few birthdays label date years load demand pace caught_up"},
		{"commands", "field of show", "frontmatter entries date time kind direction marks participants tags text file line tasks done balance gave got gave_year got_year only_in_need mentions"},
		{"commands", "field of find", "found file line slug name text"},
		{"commands", "field of check", "problems file line column severity code message hint"},
		{"files", "place", "kith.toml content/contacts/ content/circles/ content/journal/ templates/ public/ .gitignore slug"},
	} {
		topic, _ := help.Find(list.topic)
		for _, word := range strings.Fields(strings.NewReplacer("[ ]", "[\u00a0]").Replace(list.words)) {
			word = strings.ReplaceAll(word, "\u00a0", " ")
			if !hasWord(topic.Markdown, word) {
				t.Errorf("kith help %s lacks the %s %s", list.topic, list.what, word)
			}
		}
	}
}

// hasWord looks for a word that is not part of another.
func hasWord(text, word string) bool {
	part := regexp.MustCompile(`[\pL\pN_]`)
	for rest := text; ; {
		before, after, found := strings.Cut(rest, word)
		if !found {
			return false
		}
		first, _ := utf8.DecodeRuneInString(after)
		last, _ := utf8.DecodeLastRuneInString(before)
		if !part.MatchString(word) || !part.MatchString(string(last)) && !part.MatchString(string(first)) {
			return true
		}
		rest = after
	}
}

// An example is a fenced block of a page and the table that follows it, which
// says what kith makes of it.
type example struct {
	at    string // FILE:LINE
	lang  string
	lines []string
	table *table
}

type table struct {
	head []string
	rows []map[string]string
}

func examples(topic help.Topic) []example {
	var found []example
	lines := strings.Split(topic.Markdown, "\n")
	for i := 0; i < len(lines); i++ {
		lang, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		e := example{at: fmt.Sprintf("%s.md:%d", topic.Name, i+1), lang: lang}
		for i++; lines[i] != "```"; i++ {
			e.lines = append(e.lines, lines[i])
		}
		if i+2 < len(lines) && lines[i+1] == "" && strings.HasPrefix(lines[i+2], "|") {
			e.table = readTable(lines[i+2:])
		}
		found = append(found, e)
	}
	return found
}

func readTable(lines []string) *table {
	t := &table{head: cells(lines[0])}
	for _, line := range lines[2:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		row := map[string]string{}
		for i, cell := range cells(line) {
			row[t.head[i]] = cell
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func cells(line string) []string {
	parts := strings.Split(strings.Trim(line, "|"), "|")
	for i := range parts {
		parts[i] = strings.Trim(parts[i], " `")
	}
	return parts
}

// TestExamples checks the pages' examples: every line of one stands in the demo
// journal (one that ends in … is how a line there begins), is read without a
// problem, and means what the table below it says.
//
// A block marked kith is entries and tasks, one marked yaml front matter, one
// marked toml kith.toml.
func TestExamples(t *testing.T) {
	t.Parallel()
	demo := readDemo(t)
	n := 0
	topic, _ := help.Find("format")
	for _, e := range examples(topic) {
		t.Run(e.at, func(t *testing.T) {
			full := e
			full.lines = make([]string, len(e.lines))
			var from string
			for i, line := range e.lines {
				if line == "" {
					continue
				}
				file, whole := demo.find(e.lang, line, from)
				if file == "" {
					t.Fatalf("the demo journal has no line %q", line)
				}
				full.lines[i], from = whole, cmp.Or(from, file)
				if e.lang == "kith" && kindOf(file) != kindOf(from) {
					t.Errorf("%q is from %s, what is before it from %s", line, file, from)
				}
			}
			switch e.lang {
			case "kith":
				checkEntries(t, demo, full, from)
			case "yaml":
				checkFront(t, demo, full, from)
			case "toml":
				s, problems := journal.ParseSettings(strings.Join(full.lines, "\n"))
				if len(problems) > 0 || !slices.Equal(s.Kinds.Talk, demo.settings.Kinds.Talk) {
					t.Errorf("settings %+v, problems %v", s, problems)
				}
			default:
				t.Errorf("an example of what? The fence says %q", e.lang)
			}
		})
		n++
	}
	if n < 15 {
		t.Errorf("only %d examples found", n)
	}
}

// TestPhrases checks that each line of the page's list of phrases is read as it says.
func TestPhrases(t *testing.T) {
	t.Parallel()
	topic, _ := help.Find("format")
	_, text, _ := strings.Cut(topic.Markdown, "\n| you write")
	phrases := readTable(strings.Split("| you write"+text, "\n"))
	if len(phrases.rows) < 20 {
		t.Fatalf("only %d rows of phrases found", len(phrases.rows))
	}
	parser := note.NewParser(note.Kinds{})
	read := func(line string) string {
		n := parser.Parse("content/contacts/ada.md", note.Contact, []byte("- 2026-11-02 "+line+"\n"))
		noProblems(t, n)
		is := entryClaims(n, &n.Entries[0])
		return cmp.Or(is["kind"], "no kind") + ", " + is["direction"] + ", " + cmp.Or(is["marks"], "no mark")
	}
	for _, row := range phrases.rows {
		want := read(row["read as"] + ":")
		for phrase := range strings.SplitSeq(row["you write"], " / ") {
			for _, tail := range []string{"", ": the plan", " of the boat", ", and all is well", ". All is well: she said so"} {
				if got := read(phrase + tail); got != want {
					t.Errorf("%s: read as %s; %s is %s", phrase+tail, got, row["read as"], want)
				}
			}
		}
	}
}

func checkEntries(t *testing.T, demo *demo, e example, from string) {
	n := demo.parser.Parse(from, kindOf(from), []byte(strings.Join(e.lines, "\n")+"\n"))
	noProblems(t, n)
	var got []map[string]string
	for i := range n.Entries {
		got = append(got, entryClaims(n, &n.Entries[i]))
	}
	for i := range n.Tasks {
		got = append(got, taskClaims(&n.Tasks[i]))
	}
	compare(t, e.table, got)
}

func entryClaims(n *note.Note, e *note.Entry) map[string]string {
	var marks, with, tags []string
	for _, m := range e.Marks.All() {
		marks = append(marks, m.String())
	}
	for l := range e.Links.All() {
		with = append(with, n.Links[l].Target)
	}
	for _, tag := range n.EntryTags(e) {
		tags = append(tags, "#"+tag)
	}
	direction := map[note.Direction]string{
		note.Inbound: "they to you", note.Outbound: "you to them", note.Mutual: "both ways", note.NoContact: "no contact",
	}
	return map[string]string{
		"day": e.Date.String(), "time": e.Time.String(), "kind": n.EntryKind(e), "direction": direction[e.Direction],
		"marks": strings.Join(marks, ", "), "with": strings.Join(with, ", "), "tags": strings.Join(tags, " "), "text": n.EntryText(e),
	}
}

func taskClaims(k *note.Task) map[string]string {
	claims := map[string]string{"task": "promise", "text": k.Text, "due": ""}
	switch {
	case k.Done:
		claims["task"] = "done"
	case k.Ask:
		claims["task"] = "ask"
	}
	if !k.Due.IsZero() {
		claims["due"] = k.Due.String()
	}
	return claims
}

// compare compares what a table claims with what was read. A table may leave
// out the text, and any column in which there would be nothing.
func compare(t *testing.T, claimed *table, got []map[string]string) {
	t.Helper()
	if claimed == nil {
		t.Fatal("no table below says what it means")
	}
	if len(claimed.rows) != len(got) {
		t.Fatalf("the table has %d rows, but %d were read: %v", len(claimed.rows), len(got), got)
	}
	for i, row := range claimed.rows {
		for _, column := range claimed.head {
			if _, ok := got[i][column]; !ok {
				t.Errorf("no such column: %q", column)
			}
		}
		for column, is := range got[i] {
			says, told := row[column]
			beginning, cut := strings.CutSuffix(says, "…")
			switch {
			case !told && (column == "text" || is == ""):
			case cut && column == "text" && strings.HasPrefix(is, beginning):
			case says != is:
				t.Errorf("row %d: %s is %q, the page says %q", i+1, column, is, says)
			}
		}
	}
}

// checkFront reads each key of the block by itself, so that one block can show
// the same key of several people.
func checkFront(t *testing.T, demo *demo, e example, from string) {
	if e.table == nil || len(e.table.rows) != len(e.lines) {
		t.Fatalf("the table below does not have a row for each of %d lines", len(e.lines))
	}
	for i, line := range e.lines {
		key, written, _ := strings.Cut(line, ": ")
		written, _, _ = strings.Cut(written, " #")
		n := demo.parser.Parse(from, note.Contact, []byte("---\n"+line+"\n---\n"))
		noProblems(t, n)
		row := e.table.rows[i]
		if k, ok := row["key"]; ok && k != key {
			t.Errorf("row %d is about %q, the line about %q", i+1, k, key)
		}
		if w, ok := row["written"]; ok && w != written {
			t.Errorf("row %d is about %q, the line about %q", i+1, w, written)
		}
		f := n.Front
		is := map[string]string{
			"name": n.Name, "aliases": strings.Join(f.Aliases, "; "), "every": f.Every.String(),
			"circles": strings.Join(f.Circles, "; "), "birthday": f.Birthday.String(),
		}
		if read, ok := is[key]; !ok || read != row["read as"] {
			t.Errorf("%s: read as %q, the page says %q", line, read, row["read as"])
		}
	}
}

func noProblems(t *testing.T, n *note.Note) {
	t.Helper()
	for _, p := range n.Problems {
		t.Errorf("%v\n%s", p, p.Source)
	}
}

// demo is the demo journal, as lines of text.
type demo struct {
	files    map[string][]string
	paths    []string
	settings journal.Settings
	parser   *note.Parser
}

const root = "../.."

func readDemo(t *testing.T) *demo {
	t.Helper()
	d := &demo{files: map[string][]string{}}
	add := func(p string) {
		text, err := os.ReadFile(path.Join(root, p))
		if err != nil {
			t.Fatal(err)
		}
		d.paths = append(d.paths, p)
		d.files[p] = strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	}
	err := fs.WalkDir(os.DirFS(root), "content", func(p string, entry fs.DirEntry, err error) error {
		if err == nil && path.Ext(p) == ".md" {
			add(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	add(journal.SettingsFile)
	var problems []note.Problem
	d.settings, problems = journal.ParseSettings(strings.Join(d.files[journal.SettingsFile], "\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	d.parser = note.NewParser(d.settings.Kinds)
	return d
}

// find returns the file that a line of an example is from, that of the lines
// before it if possible, and the whole line.
func (d *demo) find(lang, line, preferred string) (file, whole string) {
	beginning, cut := strings.CutSuffix(line, "…")
	for _, p := range append([]string{preferred}, d.paths...) {
		if (p == journal.SettingsFile) != (lang == "toml") {
			continue
		}
		for _, have := range d.files[p] {
			if have == line || cut && strings.HasPrefix(have, beginning) {
				return p, have
			}
		}
	}
	return "", ""
}

func kindOf(p string) note.Kind {
	switch {
	case strings.HasPrefix(p, "content/journal/"):
		return note.Journal
	case strings.HasPrefix(p, "content/circles/"):
		return note.Circle
	}
	return note.Contact
}

// TestReasons checks that the reasons hold for those of the demo journal whom
// the page names, and that the commands it shows find them.
func TestReasons(t *testing.T) {
	t.Parallel()
	topic, _ := help.Find("due")
	j := journal.Read(os.DirFS(root))
	v := due.New(j, j.Settings.Today)
	_, text, _ := strings.Cut(topic.Markdown, "\n|")
	table := readTable(strings.Split("|"+text, "\n"))
	var order []string
	for _, row := range table.rows {
		order = append(order, row["reason"])
		who := j.Find(row["in the demo"])
		if len(who) != 1 {
			t.Errorf("the demo journal has %d of %q", len(who), row["in the demo"])
			continue
		}
		holds := slices.ContainsFunc(v.Row(who[0].Slug).Reasons, func(r due.Reason) bool { return r.Kind.String() == row["reason"] })
		if !holds {
			t.Errorf("%s: the reason %s does not hold", row["in the demo"], row["reason"])
		}
	}
	if want := []string{"reply", "tell", "thanks", "promise", "quiet", "due"}; !slices.Equal(order, want) {
		t.Errorf("the page has %v, want %v", order, want)
	}
	for _, topic := range help.Topics() {
		for _, m := range regexp.MustCompile("`kith show ([a-z]+)").FindAllStringSubmatch(topic.Markdown, -1) {
			if n := len(j.Find(m[1])); n != 1 {
				t.Errorf("%s: in the demo journal, kith show %s finds %d people", topic.Name, m[1], n)
			}
		}
	}
}

// TestSettings checks the defaults that the page names, and its example.
func TestSettings(t *testing.T) {
	t.Parallel()
	topic, _ := help.Find("settings")
	_, text, _ := strings.Cut(topic.Markdown, "\n|")
	d := journal.Defaults()
	quote := func(s string) string {
		if s == "" {
			return "none"
		}
		return `"` + s + `"`
	}
	is := map[string]string{
		"title": quote(d.Title), "name": quote(d.Name), "daily": fmt.Sprint(d.Daily), "decide": fmt.Sprint(d.Decide), "every": quote(d.Every.String()),
		"quiet_after": quote(d.QuietAfter.String()), "editor": quote(d.Editor), "week_starts": quote(strings.ToLower(d.WeekStarts.String())),
		"today": "none", "[kinds]": "none",
	}
	table := readTable(strings.Split("|"+text, "\n"))
	if len(table.rows) != len(is) {
		t.Errorf("the page has %d settings, there are %d", len(table.rows), len(is))
	}
	for _, row := range table.rows {
		if row["default"] != is[row["setting"]] {
			t.Errorf("%s is %s without the file, the page says %s", row["setting"], is[row["setting"]], row["default"])
		}
	}
	for _, e := range examples(topic) {
		text := strings.ReplaceAll(strings.Join(e.lines, "\n"), "# today", "today")
		s, problems := journal.ParseSettings(text)
		if len(problems) > 0 {
			t.Errorf("%s: %v", e.at, problems)
		}
		if s.Today == (civil.Date{}) || s.Every == d.Every || s.Editor == "" || s.Kinds.Talk == nil || s.Kinds.Write == nil || s.Kinds.Note == nil {
			t.Errorf("%s: does not show every setting: %+v", e.at, s)
		}
	}
}

// Each promise of kith help privacy names the tests that show it, and they exist.
func TestPromisesAreShown(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(os.DirFS(".."), name)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	topic, _ := help.Find("privacy")
	_, promises, found := strings.Cut(topic.Markdown, "\n## What holds\n")
	if promises, _, _ = strings.Cut(promises, "\n## "); !found {
		t.Fatal("privacy.md has no list of promises")
	}
	items := strings.Split(promises, "\n- ")[1:]
	if len(items) < 5 {
		t.Errorf("only %d promises", len(items))
	}
	for _, promise := range items {
		named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(promise, -1)
		if len(named) == 0 {
			t.Errorf("no test shows that %s", promise)
		}
		for _, name := range named {
			if !tests[name[1]] {
				t.Errorf("there is no test %s to show that %s", name[1], promise)
			}
		}
	}
}
