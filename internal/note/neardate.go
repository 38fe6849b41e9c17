package note

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/text"

	"kith/internal/civil"
)

// dateline reads the date that a list item or a heading begins with, and reports one that
// is nearly a date.
func (s *scan) dateline(seg text.Segment, item bool) (dateline, bool) {
	line := s.body()[seg.Start:seg.Stop]
	d, found, err := readDate(line)
	switch {
	case err != nil:
		s.problem(seg.Start, Error, "bad-date", fmt.Sprintf("no such day: %v", err), "write the day as YYYY-MM-DD, for example 2026-11-02")
		return d, false
	case !found:
		start := strings.LastIndexByte(s.body()[:seg.Start], '\n') + 1
		bullet := s.body()[start:seg.Start]
		if !item && strings.Trim(bullet, "# ") != "" {
			bullet = "## "
		}
		s.nearDate(seg.Start, s.line(seg), bullet)
	}
	return d, found
}

// nearDate reports another spelling of a date at the beginning of a line, and shows the
// line as it should be if it can be read but one way.
func (s *scan) nearDate(at int, line, bullet string) {
	if s.known != nil {
		return
	}
	day, size := otherDate(line)
	if size == 0 {
		return
	}
	hint := "write the day as YYYY-MM-DD, for example 2026-11-02"
	if !day.IsZero() {
		hint = clip("write " + bullet + day.String() + line[size:])
	}
	s.problem(at, Warning, "near-date", "this looks like a date, but is not read as one, so the line is text", hint)
}

// looseLines reports lines of a paragraph that begin with a dash and a date, but are no
// list items, from its nth line on.
func (s *scan) looseLines(lines *text.Segments, n int) {
	for ; s.known == nil && n < lines.Len(); n++ {
		seg := lines.At(n)
		line := s.line(seg)
		rest := strings.TrimLeft(line, "-–—‐‒•·\u00a0 ")
		if rest == line || rest == "" {
			continue
		}
		at := seg.Start + len(line) - len(rest)
		if d, found, err := readDate(rest); found && err == nil {
			s.problem(at, Warning, "near-date", "this looks like an entry, but only a list item is one, so the line is text",
				clip("write - "+d.date.String()+rest[dateEnd(rest):]))
			continue
		}
		s.nearDate(at, rest, "- ")
	}
}

// dateEnd returns where what comes behind the date that a line begins with begins.
func dateEnd(line string) int {
	if _, n, _ := dateAt(line); n > 0 {
		return n
	}
	return 0
}

var (
	monthNames  = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
	dayNumber   = `(\d{1,2})(?:st|nd|rd|th|\.)?`
	monthFirst  = regexp.MustCompile(`(?i)^` + monthNames + ` ` + dayNumber + `,? (\d{4})`)
	dayFirst    = regexp.MustCompile(`(?i)^` + dayNumber + `(?: of)?[ -]` + monthNames + `,?[ -](\d{4})`)
	yearFirst   = regexp.MustCompile(`(?i)^(\d{4}) ` + monthNames + ` ` + dayNumber)
	yearNumbers = regexp.MustCompile(`^(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})`)
	numbersYear = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4})`)
	shortYear   = regexp.MustCompile(`^(\d\d)([-/])(\d\d)([-/])(\d\d)`)
	noDay       = regexp.MustCompile(`^(?:\d{4}-\d\d-(?: |$)|\d{4}-\d\d-\d\d/\d\d?\b)`)
	inBrackets  = regexp.MustCompile(`^(?:<\d{4}-\d\d-\d\d[^<>]*>|\[\d{4}-\d\d-\d\d [^\[\]]*\])(?:\s|$)`) // with a repeater of Org mode
)

// otherDate reads the other spelling of a full date that a line begins with. The day is
// zero if it can be read in more than one way; the size is 0 if there is none.
func otherDate(line string) (day civil.Date, size int) {
	if in := inBrackets.FindString(line); in != "" {
		day, _ = civil.Parse(in[1:11])
		return day, len(strings.TrimSpace(in))
	}
	if line == "" || !isAlnum(line[0]) || !strings.ContainsAny(line, "0123456789") {
		return day, 0
	}
	var ways [][3]string // year, month, day
	m := monthFirst.FindStringSubmatch(line)
	switch {
	case m != nil:
		ways = append(ways, [3]string{m[3], m[1], m[2]})
	case set(&m, dayFirst, line):
		ways = append(ways, [3]string{m[3], m[2], m[1]})
	case set(&m, yearFirst, line):
		ways = append(ways, [3]string{m[1], m[2], m[3]})
	case set(&m, noDay, line):
		return day, len(m[0])
	case set(&m, yearNumbers, line):
		ways = append(ways, [3]string{m[1], m[3], m[5]})
	case set(&m, numbersYear, line) && m[2] == m[4]:
		ways = append(ways, [3]string{m[5], m[3], m[1]})
		if m[2] != "." {
			ways = append(ways, [3]string{m[5], m[1], m[3]})
		}
	case set(&m, shortYear, line) && m[2] == m[4]:
		ways = append(ways, [3]string{"20" + m[1], m[3], m[5]}, [3]string{"20" + m[5], m[3], m[1]}, [3]string{"20" + m[5], m[1], m[3]})
	default:
		return day, 0
	}
	size = len(m[0])
	if next, _ := utf8.DecodeRuneInString(line[size:]); size < len(line) && (wordRune(next) || strings.ContainsRune("-/", next)) {
		return day, 0
	}
	found := map[civil.Date]bool{}
	for _, way := range ways {
		y, _ := strconv.Atoi(way[0])
		d, _ := strconv.Atoi(way[2])
		if date, ok := civil.Of(y, monthOf(way[1]), d); ok {
			found[date] = true
			day = date
		}
	}
	switch len(found) {
	case 0:
		return civil.Date{}, 0
	case 1:
		return day, size
	}
	return civil.Date{}, size
}

// set finds what a pattern matches, and says whether it does.
func set(m *[]string, pattern *regexp.Regexp, line string) bool {
	*m = pattern.FindStringSubmatch(line)
	return *m != nil
}

// monthOf reads a month's number, or the first three letters of its English name.
func monthOf(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(s[:3]))/3 + 1
}

// dayOfName returns the day that the name of a daily note begins with; the zero date if
// there is none (FORMAT.md, "Daily notes").
func dayOfName(name string) civil.Date {
	day, _ := readName(name)
	return day
}

func readName(name string) (civil.Date, error) {
	name = strings.TrimSuffix(name, ".md")
	if len(name) < 10 || name[4] != name[7] || strings.IndexByte("-_.", name[4]) < 0 {
		return civil.Date{}, civil.ErrNotADate
	}
	if next, _ := utf8.DecodeRuneInString(name[10:]); len(name) > 10 && wordRune(next) && next != '_' {
		return civil.Date{}, civil.ErrNotADate
	}
	return civil.ParsePrefix(name[:4] + "-" + name[5:7] + "-" + name[8:10])
}

// nearName reports a journal file whose name has a date in another form, or of no day,
// and that holds lines that would be entries of that day.
func (s *scan) nearName() {
	if s.known != nil || !s.undated {
		return
	}
	base := strings.TrimSuffix(path.Base(s.note.Path), ".md")
	if _, err := readName(base); err != civil.ErrNotADate {
		s.note.problem(Pos{1, 1}, Warning, "bad-date", fmt.Sprintf("the file's name is no day (%v), so its lines need dates of their own", err),
			"name it after the day: 2026-11-23.md")
		return
	}
	for i := range base {
		if i > 0 && isAlnum(base[i-1]) {
			continue
		}
		day, n := otherDate(base[i:])
		if date, size, err := dateAt(base[i:]); n == 0 && size > 0 && err == nil {
			day, n = date, size
		}
		if n == 0 {
			continue
		}
		hint := "name it after the day, as in 2026-11-23.md"
		if !day.IsZero() {
			hint = "name it " + day.String() + ".md"
		}
		s.note.problem(Pos{1, 1}, Warning, "near-date", "the file's name does not begin with a date as YYYY-MM-DD, so its lines need dates of their own", hint)
		return
	}
}

// plainWords are the words that a heading over entries or tasks may have without saying
// anything of its own (FORMAT.md, "The journal").
var plainWords = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq("log logs history entries timeline journal diary tasks todo to do promises questions notes contact contacts contacted " +
		"interactions conversations calls talks touch touches in of and with the our january february march april may june july august september october november december " +
		"jan feb mar apr jun jul aug sep sept oct nov dec") {
		words[w] = true
	}
	return words
}()

// plainHeading says whether a heading says nothing of its own: a date, or words that are
// all kinds, years, numbers, months or such as Log.
func (s *scan) plainHeading(heading string) bool {
	if strings.EqualFold(heading, s.note.Name) || strings.EqualFold(heading, FirstName(s.note.Name)) {
		return true
	}
	if d, found, err := readDate(heading); err != nil || found && d.end == len(heading) {
		return true
	}
	for w := range strings.FieldsFuncSeq(heading, func(r rune) bool { return !wordRune(r) && r != '-' && r != '\ufe0f' && !isEmoji(r) }) {
		w = strings.ToLower(strings.Trim(w, "-"))
		_, notNumber := strconv.Atoi(strings.TrimSuffix(w, "s"))
		single := strings.TrimSuffix(w, "s")
		if w != "" && !plainWords[w] && notNumber != nil && !s.words.vocabulary[w].class.kind() && !s.words.vocabulary[single].class.kind() {
			return false
		}
	}
	return true
}

func isEmoji(r rune) bool { return r >= 0x1F000 || r >= 0x2600 && r < 0x2800 }
