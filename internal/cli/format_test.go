package cli_test

// The conformance table: testdata/format/*.txt holds small journals and what
// kith must say about them, one file per section of FORMAT.md. The values are
// worked out by hand from FORMAT.md, never taken from the program.
//
// A table is plain text. `#` at the start of a line before the first case is a
// comment; a case is
//
//	== what is shown, in words
//	; the place in FORMAT.md, or why the values are what they are
//	today 2026-11-23
//	-- ada.md --
//	- 2026-11-02 call got: She helped.
//	-- expect --
//	show ada: entries[0].kind = "call"
//	check: problems = []
//
// Between the title and the first file stand settings, one a line:
//
//	today DATE|none   --today (2026-11-23 if absent; none: no --today)
//	now TIME          the machine's clock, RFC 3339
//	env NAME=VALUE    an environment variable
//	cwd FOLDER        the working folder, below the journal's
//	crlf, bom         how the notes are written
//	size N FILE       FILE is filled up with newlines to N bytes
//	each W: a b c     the case is run for each word, written $W
//	each A | B:       the same with several words at a time: rows `| x | y`
//	                  follow, one a line (a cell may be empty)
//
// A file's name is taken below content/contacts/ (`ada.md`), or below content/
// if it begins with contacts/, circles/ or journal/, or below the journal if it
// begins with content/ or ./, or is kith.toml. Blank lines at a file's end are
// dropped, and a note without any line is given one of prose. \u{301} stands for a character, \x{ff} for a byte.
//
// An expectation is `COMMAND: PATH OP VALUE`. The command runs with `--today
// DATE` before and `--json` after it, once per case, and must exit with 0
// unless its exit status is expected below; `plain COMMAND` runs it without
// `--json`. PATH walks the JSON: `contacts[0].reasons[1].since`, `few[-1]`,
// `contacts[?slug=ada].due`, `contacts[*].slug` (the list of them all), around
// it `len(…)` or `keys(…)`; or it is exit, stdout or stderr. OP is
//
//	= JSON, != JSON         equal, numbers by value
//	near NUMBER             within 0.00011
//	contains JSON, lacks    of a text or a list
//	~ JSON                  a text that matches the regular expression
//	absent, present         whether PATH leads anywhere
//
// A problem is looked for by where it stands and by words that its file,
// message or hint hold; the place may leave out the column, or the line, or be
// `*`, and the severity may be `any`:
//
//	check: problem error ada.md:2:8 "biweekly" "fortnightly"
//	check: no problem error ada.md

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/cli"
)

// leastCases is how many cases the table has at the least: one that is lost
// to a slip in a table's form would go unnoticed otherwise.
const leastCases = 1400

func TestFormat(t *testing.T) {
	tables, err := filepath.Glob("testdata/format/*.txt")
	if err != nil || len(tables) == 0 {
		t.Fatalf("no tables in testdata/format (%v)", err)
	}
	var total, failed atomic.Int64
	t.Cleanup(func() {
		if total.Load() < leastCases {
			t.Errorf("%d cases in all tables, want at least %d", total.Load(), leastCases)
		}
		t.Logf("%d cases, %d failed", total.Load(), failed.Load())
	})
	for _, table := range tables {
		cases, err := readTable(table)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		total.Add(int64(len(cases)))
		t.Run(strings.TrimSuffix(filepath.Base(table), ".txt"), func(t *testing.T) {
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					t.Cleanup(func() {
						if t.Failed() {
							failed.Add(1)
						}
					})
					c.run(t)
				})
			}
		})
	}
}

// A formatCase is one case of a table, its words put in.
type formatCase struct {
	name   string
	place  string // FILE:LINE of its title
	today  string // empty: no --today
	now    time.Time
	env    map[string]string
	cwd    string
	crlf   bool
	bom    bool
	sizes  map[string]int
	files  []formatFile
	expect []expectation
}

type formatFile struct{ path, text string }

type expectation struct {
	place string // FILE:LINE
	text  string
}

// readTable reads the cases of one table.
func readTable(path string) ([]formatCase, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	var cases []formatCase
	for i := 0; i < len(lines); {
		if !strings.HasPrefix(lines[i], "== ") {
			if lines[i] != "" && !strings.HasPrefix(lines[i], "#") {
				return nil, fmt.Errorf("%s:%d: outside of any case: %q", path, i+1, lines[i])
			}
			i++
			continue
		}
		end := i + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "== ") {
			end++
		}
		more, err := readCase(path, i+1, lines[i:end])
		if err != nil {
			return nil, err
		}
		cases = append(cases, more...)
		i = end
	}
	return cases, nil
}

// readCase reads one case, and returns it once for each of its words.
func readCase(path string, first int, lines []string) ([]formatCase, error) {
	var names []string
	var rows [][]string
	for i := 1; i < len(lines); i++ {
		line := lines[i]
		if sectionName(line) != "" {
			break
		}
		rest, ok := strings.CutPrefix(line, "each ")
		switch {
		case ok:
			head, words, found := strings.Cut(rest, ":")
			if !found {
				return nil, fmt.Errorf("%s:%d: each without a colon", path, first+i)
			}
			for name := range strings.SplitSeq(head, "|") {
				names = append(names, strings.TrimSpace(name))
			}
			for _, word := range strings.Fields(words) {
				rows = append(rows, []string{word})
			}
		case strings.HasPrefix(line, "|"):
			var row []string
			for word := range strings.SplitSeq(strings.ReplaceAll(line[1:]+" ", "| |", "|  |"), " | ") {
				row = append(row, strings.TrimSpace(word))
			}
			rows = append(rows, row)
		}
	}
	if names == nil {
		c, err := newCase(path, first, lines, strings.NewReplacer(), "")
		return []formatCase{c}, err
	}
	var cases []formatCase
	for _, row := range rows {
		if len(row) != len(names) {
			return nil, fmt.Errorf("%s:%d: %d words for %q in %q", path, first, len(row), names, row)
		}
		var pairs []string
		for i, name := range names {
			for j, other := range names {
				if i != j && strings.HasPrefix(name, other) {
					return nil, fmt.Errorf("%s:%d: $%s begins with $%s", path, first, name, other)
				}
			}
			pairs = append(pairs, "$"+name, row[i])
		}
		c, err := newCase(path, first, lines, strings.NewReplacer(pairs...), strings.Join(row, ","))
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	if cases == nil {
		return nil, fmt.Errorf("%s:%d: each without words", path, first)
	}
	return cases, nil
}

var (
	sectionLine = regexp.MustCompile(`^-- (.+) --$`)
	escape      = regexp.MustCompile(`\\([ux])\{([0-9a-fA-F]+)\}`)
)

// sectionName is what stands between the dashes of `-- NAME --`, or nothing.
func sectionName(line string) string {
	if m := sectionLine.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return ""
}

// newCase makes one case of its lines, with its words put in.
func newCase(path string, first int, lines []string, words *strings.Replacer, suffix string) (formatCase, error) {
	put := func(s string) string {
		return escape.ReplaceAllStringFunc(words.Replace(s), func(s string) string {
			m := escape.FindStringSubmatch(s)
			n, _ := strconv.ParseUint(m[2], 16, 32)
			if m[1] == "x" {
				return string([]byte{byte(n)})
			}
			return string(rune(n))
		})
	}
	c := formatCase{
		name:  strings.TrimPrefix(lines[0], "== "),
		place: fmt.Sprintf("%s:%d", path, first),
		today: "2026-11-23",
		now:   time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		env:   map[string]string{},
		sizes: map[string]int{},
	}
	c.name = put(c.name)
	if suffix != "" {
		c.name += " " + put(suffix)
	}
	i := 1
	for ; i < len(lines) && sectionName(lines[i]) == ""; i++ {
		line := put(lines[i])
		key, value, _ := strings.Cut(line, " ")
		var err error
		switch key {
		case "", ";", "each", "|":
		case "today":
			c.today = strings.TrimSuffix(value, "none")
		case "now":
			c.now, err = time.Parse(time.RFC3339, value)
		case "env":
			name, value, _ := strings.Cut(value, "=")
			c.env[name] = value
		case "cwd":
			c.cwd = value
		case "crlf":
			c.crlf = true
		case "bom":
			c.bom = true
		case "size":
			n, file, _ := strings.Cut(value, " ")
			c.sizes[notePath(file)], err = strconv.Atoi(n)
		default:
			err = errors.New("not a setting")
		}
		if err != nil {
			return c, fmt.Errorf("%s:%d: %q: %v", path, first+i, line, err)
		}
	}
	for i < len(lines) {
		name := put(sectionName(lines[i]))
		i++
		start := i
		for i < len(lines) && sectionName(lines[i]) == "" {
			i++
		}
		body := lines[start:i]
		if name == "expect" {
			for j, line := range body {
				if line != "" && !strings.HasPrefix(line, ";") {
					c.expect = append(c.expect, expectation{fmt.Sprintf("%s:%d", path, first+start+j), put(line)})
				}
			}
			continue
		}
		text := strings.TrimRight(put(strings.Join(body, "\n")), "\n")
		if text == "" && strings.HasSuffix(name, ".md") {
			text = "Prose."
		}
		if text != "" {
			text += "\n"
		}
		c.files = append(c.files, formatFile{notePath(name), text})
	}
	if len(c.expect) == 0 {
		return c, fmt.Errorf("%s:%d: a case that expects nothing", path, first)
	}
	return c, nil
}

// notePath is the path in the journal of a file as a table names it.
func notePath(name string) string {
	switch top, rest, _ := strings.Cut(name, "/"); top {
	case "kith.toml", "content":
		return name
	case ".":
		return rest
	case "contacts", "circles", "journal":
		return "content/" + name
	}
	return "content/contacts/" + name
}

// run writes the case's journal and holds kith to what is expected of it.
func (c formatCase) run(t *testing.T) {
	root := c.write(t)
	outputs := map[string]*output{}
	for _, e := range c.expect {
		command, rest, ok := strings.Cut(e.text, ": ")
		if !ok {
			t.Fatalf("%s: no command in %q", e.place, e.text)
		}
		out := outputs[command]
		if out == nil {
			out = c.kith(root, command)
			outputs[command] = out
			if err := c.plausible(command, out); err != nil {
				t.Errorf("%s: %s: %v\nstderr: %s", e.place, command, err, out.stderr)
			}
		}
		if err := out.meets(rest); err != nil {
			t.Errorf("%s: %s: %v", e.place, e.text, err)
			if len(out.stderr) > 0 {
				t.Logf("stderr: %s", out.stderr)
			}
		}
	}
}

// output is what one run of kith gave.
type output struct {
	exit           int
	stdout, stderr string
	json           any   // the document on standard output
	notJSON        error // why there is none
}

// write makes the journal of the case, and returns its folder.
func (c formatCase) write(t *testing.T) (root string) {
	root = t.TempDir()
	write := func(path, text string) {
		full := filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"content/contacts", c.cwd} {
		if err := os.MkdirAll(filepath.Join(root, filepath.FromSlash(dir)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range c.files {
		text := f.text
		if c.bom {
			text = "\ufeff" + text
		}
		if c.crlf {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if n := c.sizes[f.path] - len(text); n > 0 {
			text += strings.Repeat("\n", n)
		}
		write(f.path, text)
	}
	return root
}

// kith runs a command in a journal.
func (c formatCase) kith(root, command string) *output {
	var args []string
	if c.today != "" {
		args = append(args, "--today", c.today)
	}
	rest, plain := strings.CutPrefix(command, "plain ")
	args = append(args, fields(rest)...)
	if !plain {
		args = append(args, "--json")
	}
	var stdout, stderr bytes.Buffer
	o := &output{}
	o.exit = cli.Main(args, cli.Env{
		Stdin:  strings.NewReader(""),
		Stdout: &stdout,
		Stderr: &stderr,
		Getenv: func(name string) string { return c.env[name] },
		Now:    func() time.Time { return c.now },
		Dir:    filepath.Join(root, filepath.FromSlash(c.cwd)),
	})
	o.stdout, o.stderr = stdout.String(), stderr.String()
	if plain {
		o.notJSON = errors.New("a plain command")
		return o
	}
	dec := json.NewDecoder(strings.NewReader(o.stdout))
	if o.notJSON = dec.Decode(&o.json); o.notJSON == nil {
		if _, err := dec.Token(); err != io.EOF {
			o.notJSON = errors.New("standard output holds more than one JSON document")
		}
	}
	return o
}

// fields splits a command at its spaces, but not within double quotes.
func fields(command string) []string {
	var args []string
	for i, part := range strings.Split(command, `"`) {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// plausible checks what FORMAT.md says of every run: a reading command exits
// with 0 whatever the notes, check by what it found; problems have a place.
func (c formatCase) plausible(command string, o *output) error {
	for _, e := range c.expect {
		if strings.HasPrefix(e.text, command+": exit ") {
			return nil
		}
	}
	if strings.HasPrefix(command, "plain ") {
		return nil
	}
	if o.notJSON != nil {
		return fmt.Errorf("exit %d, no JSON document on standard output: %v", o.exit, o.notJSON)
	}
	words := fields(command)
	if !slices.Contains(words, "check") {
		if o.exit != 0 {
			return fmt.Errorf("exit %d, want 0", o.exit)
		}
		return nil
	}
	problems, err := walk(o.json, "problems")
	if err != nil {
		return err
	}
	list, ok := problems.([]any)
	if !ok {
		return fmt.Errorf("problems is no list: %s", show(problems))
	}
	exit := 0
	for _, p := range list {
		p, _ := p.(map[string]any)
		switch p["severity"] {
		case "error":
			exit = 1
		case "warning":
			if slices.Contains(words, "--strict") {
				exit = 1
			}
		default:
			return fmt.Errorf("severity is neither error nor warning: %s", show(p))
		}
		line, _ := p["line"].(float64)
		column, _ := p["column"].(float64)
		file, _ := p["file"].(string)
		message, _ := p["message"].(string)
		if line < 1 || column < 1 || file == "" || message == "" {
			return fmt.Errorf("a problem without a place or a message: %s", show(p))
		}
	}
	if o.exit != exit {
		return fmt.Errorf("exit %d, want %d for %s", o.exit, exit, show(problems))
	}
	return nil
}

// meets says how the output falls short of one expectation.
func (o *output) meets(text string) error {
	if rest, ok := strings.CutPrefix(text, "problem "); ok {
		return o.problem(rest, true)
	}
	if rest, ok := strings.CutPrefix(text, "no problem "); ok {
		return o.problem(rest, false)
	}
	path, op, want, err := cutOp(text)
	if err != nil {
		return err
	}
	var got any
	switch path {
	case "exit":
		got = float64(o.exit)
	case "stdout":
		got = o.stdout
	case "stderr":
		got = o.stderr
	default:
		if o.notJSON != nil {
			return fmt.Errorf("no JSON document: %v", o.notJSON)
		}
		got, err = walk(o.json, path)
		if (op == "absent") != (err != nil) {
			if err == nil {
				err = fmt.Errorf("is there: %s", show(got))
			}
			return err
		}
	}
	switch op {
	case "absent", "present":
		return nil
	case "=":
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("got %s", show(got))
		}
	case "!=":
		if reflect.DeepEqual(got, want) {
			return fmt.Errorf("got %s", show(got))
		}
	case "near":
		a, ok1 := got.(float64)
		b, ok2 := want.(float64)
		if !ok1 || !ok2 || math.Abs(a-b) > 0.00011 {
			return fmt.Errorf("got %s", show(got))
		}
	case "contains", "lacks":
		if holds(got, want) != (op == "contains") {
			return fmt.Errorf("got %s", show(got))
		}
	case "~":
		s, ok := got.(string)
		pattern, _ := want.(string)
		re, err := regexp.Compile(pattern)
		if err != nil {
			return err
		}
		if !ok || !re.MatchString(s) {
			return fmt.Errorf("got %s", show(got))
		}
	}
	return nil
}

// opWord finds where PATH ends: the first operator that has a space before it.
var opWord = regexp.MustCompile(` (=|!=|near|contains|lacks|~|absent|present)( |$)`)

// cutOp splits `PATH OP JSON`. The path may have spaces within brackets.
func cutOp(text string) (path, op string, want any, err error) {
	from := 0
	if i := strings.LastIndex(text, "]"); strings.Contains(text, "[?") && i >= 0 {
		// `[?text=a = b]` is not wanted: start behind the filter's bracket.
		from = strings.Index(text, "[?")
		if j := strings.Index(text[from:], "]"); j >= 0 {
			from += j
		}
	}
	m := opWord.FindStringSubmatchIndex(text[from:])
	if m == nil {
		return "", "", nil, fmt.Errorf("no operator in %q", text)
	}
	path, op = text[:from+m[0]], text[from+m[2]:from+m[3]]
	rest := text[from+m[1]:]
	if op == "absent" || op == "present" {
		return path, op, nil, nil
	}
	if err := json.Unmarshal([]byte(rest), &want); err != nil {
		return "", "", nil, fmt.Errorf("%q is not JSON: %v", rest, err)
	}
	return path, op, want, nil
}

// holds says whether a text or a list has an element.
func holds(got, want any) bool {
	switch got := got.(type) {
	case string:
		s, ok := want.(string)
		return ok && strings.Contains(got, s)
	case []any:
		return slices.ContainsFunc(got, func(e any) bool { return reflect.DeepEqual(e, want) })
	}
	return false
}

// walk follows a path into a JSON document.
func walk(v any, path string) (any, error) {
	for _, f := range []string{"len", "keys"} {
		inner, ok := strings.CutPrefix(path, f+"(")
		if !ok {
			continue
		}
		v, err := walk(v, strings.TrimSuffix(inner, ")"))
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case []any:
			if f == "len" {
				return float64(len(v)), nil
			}
		case map[string]any:
			if f == "len" {
				return float64(len(v)), nil
			}
			var keys []any
			for k := range v {
				keys = append(keys, k)
			}
			sort.Slice(keys, func(i, j int) bool { return keys[i].(string) < keys[j].(string) })
			return keys, nil
		}
		return nil, fmt.Errorf("%s has no %s", show(v), f)
	}
	rest := path
	for rest != "" {
		switch rest[0] {
		case '.':
			rest = rest[1:]
		case '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, fmt.Errorf("no ] in %q", path)
			}
			index := rest[1:end]
			rest = rest[end+1:]
			list, ok := v.([]any)
			if !ok {
				return nil, fmt.Errorf("%s: no list before [%s]: %s", path, index, show(v))
			}
			if index == "*" {
				all := []any{}
				for _, e := range list {
					sub, err := walk(e, strings.TrimPrefix(rest, "."))
					if err != nil {
						return nil, err
					}
					all = append(all, sub)
				}
				return all, nil
			}
			if filter, ok := strings.CutPrefix(index, "?"); ok {
				key, want, _ := strings.Cut(filter, "=")
				i := slices.IndexFunc(list, func(e any) bool {
					m, _ := e.(map[string]any)
					value, ok := m[key]
					return ok && fmt.Sprint(value) == want
				})
				if i < 0 {
					return nil, fmt.Errorf("no element with %s = %s in %s", key, want, show(v))
				}
				v = list[i]
				continue
			}
			i, err := strconv.Atoi(index)
			if err != nil {
				return nil, fmt.Errorf("no number: [%s]", index)
			}
			if i < 0 {
				i += len(list)
			}
			if i < 0 || i >= len(list) {
				return nil, fmt.Errorf("%s: there are only %d: %s", path, len(list), show(v))
			}
			v = list[i]
		default:
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			key := rest[:end]
			rest = rest[end:]
			m, ok := v.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("%s: no object before %s: %s", path, key, show(v))
			}
			if v, ok = m[key]; !ok {
				return nil, fmt.Errorf("%s: no field %s in %s", path, key, show(m))
			}
		}
	}
	return v, nil
}

var problemLine = regexp.MustCompile(`^(\S+) (\S+?)(?::(\d+))?(?::(\d+))?((?: "[^"]*")*)$`)

// problem looks for a problem: SEVERITY FILE[:LINE[:COL]] "word"...
func (o *output) problem(text string, want bool) error {
	if o.notJSON != nil {
		return fmt.Errorf("no JSON document: %v", o.notJSON)
	}
	m := problemLine.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("not SEVERITY FILE:LINE:COL \"word\"...: %q", text)
	}
	problems, err := walk(o.json, "problems")
	if err != nil {
		return err
	}
	list, _ := problems.([]any)
	for _, p := range list {
		p, _ := p.(map[string]any)
		if m[1] != "any" && p["severity"] != m[1] ||
			m[2] != "*" && p["file"] != notePath(m[2]) ||
			m[3] != "" && fmt.Sprint(p["line"]) != m[3] ||
			m[4] != "" && fmt.Sprint(p["column"]) != m[4] {
			continue
		}
		said := fmt.Sprint(p["file"], "\n", p["message"], "\n", p["hint"])
		found := true
		for i, word := range strings.Split(m[5], `"`) {
			found = found && (i%2 == 0 || strings.Contains(said, word))
		}
		if found && want {
			return nil
		}
		if found {
			return fmt.Errorf("found: %s", show(p))
		}
	}
	if want {
		return fmt.Errorf("not among %s", show(problems))
	}
	return nil
}

func show(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
