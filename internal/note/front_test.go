package note

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/civil"
)

func parse(kind Kind, text string) *Note {
	folder := map[Kind]string{Contact: "contacts", Circle: "circles", Journal: "journal"}[kind]
	return NewParser(Kinds{}).Parse("content/"+folder+"/ada-lovelace.md", kind, []byte(text))
}

const fullYAML = `---
Name: Ada Lovelace
aliases: [Augusta Ada King, "AAL"]
every: 6 weeks
circles: [mentors, Book Club]
tags: [Mathematics, work/Client]
met: 2019-05-02
added: 2020-01-01
via: "[[Charles Babbage]]"
email: [ada@example.org, al@example.org]
phone: 0301234567
links: {site: https://example.org/a?b=c#d}
company: Analytical Engines
role: programmer
location: London
timezone: Europe/London
pronouns: she/her
birthday: 12-10
dates: {wedding: 1835-07-08}
snooze: 2026-12-24
status: Paused
needs: [a publisher]
offers: proof-reading
photo: ada.jpg
hobby: whist
---
`

const fullTOML = `+++
name = "Ada Lovelace"
ALIASES = ["Augusta Ada King", "AAL"]
every = "6 weeks"
circles = ["mentors", "Book Club"]
tags = ["Mathematics", "work/Client"]
met = 2019-05-02
added = "2020-01-01"
via = "[[Charles Babbage]]"
email = ["ada@example.org", "al@example.org"]
phone = "0301234567"
company = "Analytical Engines"
role = "programmer"
location = "London"
timezone = "Europe/London"
pronouns = "she/her"
birthday = "12-10"
snooze = 2026-12-24
status = "paused"
needs = ["a publisher"]
offers = "proof-reading"
photo = "ada.jpg"
hobby = "whist"
[links]
site = "https://example.org/a?b=c#d"
[dates]
wedding = 1835-07-08
+++
`

const fullJSON = `{
"name": "Ada Lovelace",
"aliases": ["Augusta Ada King", "AAL"],
"every": "6 weeks",
"circles": ["mentors", "Book Club"],
"tags": ["Mathematics", "work/Client"],
"met": "2019-05-02",
"added": "2020-01-01",
"via": "[[Charles Babbage]]",
"email": ["ada@example.org", "al@example.org"],
"phone": "0301234567",
"links": {"site": "https://example.org/a?b=c#d"},
"company": "Analytical Engines",
"role": "programmer",
"location": "London",
"timezone": "Europe/London",
"pronouns": "she/her",
"birthday": "12-10",
"dates": {"wedding": "1835-07-08"},
"snooze": "2026-12-24",
"status": "paused",
"needs": ["a publisher"],
"offers": "proof-reading",
"photo": "ada.jpg",
"hobby": "whist"
}
`

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestEveryFieldInEveryFormat(t *testing.T) {
	t.Parallel()
	want := Front{
		Aliases: []string{"Augusta Ada King", "AAL"}, Every: civil.Cadence{N: 6, Unit: civil.Week},
		Circles: []string{"mentors", "Book Club"}, Tags: []string{"mathematics", "work/client"},
		Met: day("2019-05-02"), Added: day("2020-01-01"), Via: []string{"[[Charles Babbage]]"},
		Email: []string{"ada@example.org", "al@example.org"}, Phone: []string{"0301234567"},
		Links: []Labelled{{"site", "https://example.org/a?b=c#d"}}, Company: "Analytical Engines", Role: "programmer",
		Location: "London", Timezone: "Europe/London", Pronouns: "she/her", Birthday: civil.Yearly{Month: 12, Day: 10},
		Dates: []YearlyDate{{"wedding", civil.Yearly{Year: 1835, Month: 7, Day: 8}}}, Snooze: day("2026-12-24"), Status: Paused,
		Needs: []string{"a publisher"}, Offers: []string{"proof-reading"}, Photo: "ada.jpg", Extra: []Labelled{{"hobby", "whist"}},
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(fullYAML, "---\n"), "---\n")
	toml := strings.TrimSuffix(strings.TrimPrefix(fullTOML, "+++\n"), "+++\n")
	for _, c := range []struct{ name, text string }{
		{"YAML between ---", fullYAML},
		{"YAML between ---yaml", "---yaml\n" + inner + "---\n"},
		{"TOML between +++", fullTOML},
		{"TOML between ---toml", "---toml\n" + toml + "---\n"},
		{"JSON in braces", fullJSON},
		{"JSON between ;;;", ";;;\n" + fullJSON + ";;;\n"},
		{"JSON between ---json", "---json\n" + fullJSON + "---\n"},
		{"with a BOM", "\ufeff" + fullYAML},
		{"with CRLF", strings.ReplaceAll(fullYAML, "\n", "\r\n")},
		{"TOML with CRLF", strings.ReplaceAll(fullTOML, "\n", "\r\n")},
		{"JSON with CRLF and a BOM", "\ufeff" + strings.ReplaceAll(fullJSON, "\n", "\r\n")},
		{"after blank lines", "\n \n\n" + fullYAML},
		{"with spaces after the fences", strings.ReplaceAll(fullYAML, "---\n", "---  \n")},
		{"without a line end at the end", strings.TrimSuffix(fullYAML, "\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := "\nProse.\n"
			if !strings.HasSuffix(c.text, "\n") {
				body = ""
			}
			n := parse(Contact, c.text+body)
			if len(n.Problems) > 0 {
				t.Errorf("problems: %v", n.Problems)
			}
			if n.Name != "Ada Lovelace" {
				t.Errorf("name is %q", n.Name)
			}
			if diff := cmp.Diff(want, n.Front, cmp.AllowUnexported(civil.Date{})); diff != "" {
				t.Error(diff)
			}
			if len(n.Links) != 1 || n.Links[0].Target != "Charles Babbage" || n.Links[0].Where != InVia {
				t.Errorf("links are %+v", n.Links)
			}
			if got := strings.TrimSpace(n.Source[n.body:]); got != strings.TrimSpace(body) {
				t.Errorf("the body is %q", got)
			}
		})
	}
}

func TestWhereFrontMatterEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, lineName, body, problems string }{
		{"none", "Prose\n---\n", "Ada Lovelace", "Prose\n---\n", ""},
		{"an empty one", "---\n---\nProse", "Ada Lovelace", "Prose", ""},
		{"an empty JSON one", ";;;\n;;;\nProse", "Ada Lovelace", "Prose", ""},
		{"only comments", "---\n# nothing\n---\nProse", "Ada Lovelace", "Prose", ""},
		{"a later rule is no fence", "---\nname: A\n---\nProse\n\n---\nname: B\n---\n", "A", "Prose\n\n---\nname: B\n---\n", "6:1 stray-front-matter"},
		{"an indented fence within a text of several lines", "---\nneeds: |\n  a\n  ---\n  b\nname: A\n---\nProse", "A", "Prose", ""},
		{"an indented fence within TOML", "+++\nneeds = '''\na\n +++\n'''\nname = \"A\"\n+++\nProse", "A", "Prose", ""},
		{"a longer rule is no fence", "----\nname: A\n----\n", "Ada Lovelace", "----\nname: A\n----\n", ""},
		{"never closed", "---\nname: A\nProse", "Ada Lovelace", "name: A\nProse", "1:1 unclosed-front-matter"},
		{"never closed, after blank lines", "\n\n---\nname: A\n", "Ada Lovelace", "name: A\n", "3:1 unclosed-front-matter"},
		{"closed by another fence", "---\nname: A\n+++\n", "Ada Lovelace", "name: A\n+++\n", "1:1 unclosed-front-matter"},
		{"a fence alone", "---", "Ada Lovelace", "", "1:1 unclosed-front-matter"},
		{"braces with a brace in the first column inside", "{\n\"links\": {\n},\n\"name\": \"A\"\n}\n\nProse", "A", "\nProse", ""},
		{"braces with an indented brace and an empty line inside", "{\n\"links\": {\n }\n\n}\n\nProse", "Ada Lovelace", "\nProse", ""},
		{"a fence with another space behind it", "---\nneeds: |\n  a\n---\u00a0\n---\nProse", "Ada Lovelace", "Prose", "5:1 bad-front-matter"},
		{"braces at the end of the file", "{\n\"name\": \"A\"\n}", "A", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, c.text)
			if got := problemTexts(n); got != c.problems {
				t.Errorf("problems %q, want %q", got, c.problems)
			}
			if n.Name != c.lineName || n.Source[n.body:] != c.body {
				t.Errorf("name %q, body %q; want %q, %q", n.Name, n.Source[n.body:], c.lineName, c.body)
			}
			if n.Broken != (c.problems != "" && !strings.Contains(c.problems, "stray")) {
				t.Errorf("broken is %v", n.Broken)
			}
		})
	}
}

func TestPlaceOfAProblemInFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, problems string }{
		{"YAML: a cadence", "---\nevery: biweekly\n---\n", "2:8 bad-cadence"},
		{"YAML: a cadence in quotes", "---\nevery:   \"biweekly\"\n---\n", "2:10 bad-cadence"},
		{"YAML: after blank lines", "\n\n---\nname: A\nevery: biweekly\n---\n", "5:8 bad-cadence"},
		{"YAML: after letters of two bytes", "---\n{ä: x, every: biweekly}\n---\n", "2:15 bad-cadence"},
		{"YAML: with a BOM", "\ufeff---\nevery: biweekly\n---\n", "2:8 bad-cadence"},
		{"YAML: with CRLF", "---\r\nname: A\r\nevery: biweekly\r\n---\r\n", "3:8 bad-cadence"},
		{"YAML: a date", "---\nadded: yesterday\n---\n", "2:8 bad-date"},
		{"YAML: no such day", "---\nsnooze: 2026-02-30\n---\n", "2:9 bad-date"},
		{"YAML: met on no such day", "---\nmet: 2026-02-30\n---\n", "2:6 bad-date"},
		{"YAML: a birthday", "---\nbirthday: 10 December\n---\n", "2:11 bad-date"},
		{"YAML: one of the dates", "---\ndates:\n  a: 12-10\n  b: 13-10\n---\n", "4:6 bad-date"},
		{"YAML: a status", "---\nstatus: pausd\n---\n", "2:9 bad-status"},
		{"YAML: a list for a text", "---\nname: [a, b]\n---\n", "2:7 wrong-type"},
		{"YAML: a map for a text", "---\ncompany: {a: b}\n---\n", "2:10 wrong-type"},
		{"YAML: a map for a list", "---\nneeds:\n  a: b\n---\n", "3:3 wrong-type"},
		{"YAML: a map in a list", "---\nneeds: [a, {b: c}]\n---\n", "2:12 wrong-type"},
		{"YAML: a text for links", "---\nlinks: x\n---\n", "2:8 wrong-type"},
		{"YAML: a list for dates", "---\ndates: [x]\n---\n", "2:8 wrong-type"},
		{"YAML: a picture elsewhere", "---\nphoto: https://example.org/a.jpg\n---\n", "2:8 bad-photo"},
		{"YAML: a key twice", "---\nname: A\nName: B\n---\n", "3:1 duplicate-key"},
		{"YAML: a tag and a circle of signs", "---\ntags: [a, \"!!!\"]\ncircles: \"??\"\n---\n", "2:11 empty-slug, 3:10 empty-slug"},
		{"YAML: a map in the list of links", "---\nlinks: [\"\", {a: b}]\n---\n", "2:13 wrong-type"},
		{"YAML: a near miss", "---\nevrey: 6 weeks\n---\n", "2:1 unknown-key"},
		{"YAML: a key of another program", "---\nlast contact: 2026-01-01\n---\n", "2:1 foreign-key"},
		{"TOML: a cadence", "+++\nevery = \"biweekly\"\n+++\n", "2:9 bad-cadence"},
		{"TOML: after blank lines", "\n\n+++\nname = \"A\"\nevery = \"biweekly\"\n+++\n", "5:9 bad-cadence"},
		{"TOML: after letters of two bytes", "+++\ndates = {\"ä\" = \"x\"}\n+++\n", "2:16 bad-date"},
		{"TOML: a date", "+++\nadded = \"yesterday\"\n+++\n", "2:9 bad-date"},
		{"TOML: a status", "+++\nstatus = \"pausd\"\n+++\n", "2:10 bad-status"},
		{"TOML: a list for a text", "+++\nname = [\"a\"]\n+++\n", "2:8 wrong-type"},
		{"TOML: a map in a list", "+++\nneeds = [\"a\", {b = \"c\"}]\n+++\n", "2:9 wrong-type"},
		{"TOML: a number for links", "+++\nlinks = 7\n+++\n", "2:9 wrong-type"},
		{"TOML: a truth for dates", "+++\ndates = true\n+++\n", "2:9 wrong-type"},
		{"TOML: an empty list for dates", "+++\ndates = []\n+++\n", "2:9 wrong-type"},
		{"TOML: a key twice", "+++\nname = \"A\"\nName = \"B\"\n+++\n", "3:1 duplicate-key"},
		{"TOML: a near miss", "+++\nevrey = 1\n+++\n", "2:1 unknown-key"},
		{"JSON: a cadence", ";;;\n{\"every\": \"biweekly\"}\n;;;\n", "2:11 bad-cadence"},
		{"JSON: after blank lines", "\n\n;;;\n{\n\"every\": \"biweekly\"}\n;;;\n", "5:10 bad-cadence"},
		{"JSON in braces: a cadence", "{\n  \"every\": \"biweekly\"\n}\n", "2:12 bad-cadence"},
		{"JSON: after letters of two bytes", ";;;\n{\"dates\": {\"ä\": \"x\"}}\n;;;\n", "2:17 bad-date"},
		{"JSON: a list for a text", ";;;\n{\"name\": [\"a\"]}\n;;;\n", "2:10 wrong-type"},
		{"JSON: a map in a list", ";;;\n{\"needs\": [\"a\", {}]}\n;;;\n", "2:17 wrong-type"},
		{"JSON: a key twice", ";;;\n{\"name\": \"A\",\n\"NAME\": \"B\"}\n;;;\n", "3:1 duplicate-key"},
		{"JSON: a near miss", ";;;\n{\"evrey\": 1}\n;;;\n", "2:2 unknown-key"},
		// What cannot be read at all.
		{"bad YAML: a colon in a value", "---\nname: A\nrole: a: b\n---\n", "3:8 bad-front-matter"},
		{"bad YAML: after blank lines", "\n\n---\nname: A\nrole: a: b\n---\n", "5:8 bad-front-matter"},
		{"bad YAML: a bracket that is never closed", "---\nname: A\nneeds: [a\n---\n", "4:1 bad-front-matter"},
		{"bad YAML: a quote that is never closed", "---\nname: \"A\nrole: b\n---\n", "2:7 bad-front-matter"},
		{"bad YAML: a tab", "---\nname: A\n\trole: b\n---\n", "3:1 bad-front-matter"},
		{"bad YAML: after ends of lines that are none in a file", "---\n+++\n\u2028name: \rA: b\n---\n", "3:6 bad-front-matter"},
		{"bad YAML: an at sign", "---\nname: @ada\n---\n", "2:7 bad-front-matter"},
		{"bad YAML: a list", "---\n- a\n---\n", "2:1 bad-front-matter"},
		{"bad YAML: a text", "---\nhello\n---\n", "2:1 bad-front-matter"},
		{"bad YAML: a list as a key", "---\n[a, b]: c\n---\n", "2:1 bad-front-matter"},
		{"bad YAML: no such anchor", "---\nname: A\nrole: *b\n---\n", "3:7 bad-front-matter"},
		{"bad TOML: no value", "+++\nname = \"A\"\nrole =\n+++\n", "3:7 bad-front-matter"},
		{"bad TOML: no quotes", "+++\nname = \"A\"\nrole = baker\n+++\n", "3:8 bad-front-matter"},
		{"bad TOML: no equals sign", "+++\nname: A\n+++\n", "2:5 bad-front-matter"},
		{"bad TOML: a quote that is never closed", "+++\nname = \"A\n+++\n", "2:10 bad-front-matter"},
		{"bad TOML: a value that is a table too", "+++\na = 1\n[a]\nb = 2\n+++\n", "3:2 bad-front-matter"},
		{"bad JSON: a comma too many", ";;;\n{\"name\": \"A\",\n}\n;;;\n", "3:1 bad-front-matter"},
		{"bad JSON: no quotes", ";;;\n{name: \"A\"}\n;;;\n", "2:2 bad-front-matter"},
		{"bad JSON: never closed", ";;;\n{\"name\": \"A\"\n;;;\n", "3:1 bad-front-matter"},
		{"bad JSON: a list", ";;;\n[]\n;;;\n", "2:1 bad-front-matter"},
		{"bad JSON: a second object", ";;;\n{}\n{}\n;;;\n", "3:1 bad-front-matter"},
		{"bad JSON: words after the object", ";;;\n{}\nwords\n;;;\n", "3:1 bad-front-matter"},
		{"bad JSON in braces", "{\n\"name\": A\n}\n", "2:9 bad-front-matter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, c.text)
			if got := problemTexts(n); got != c.problems {
				t.Errorf("problems %q, want %q: %v", got, c.problems, n.Problems)
			}
			for _, p := range n.Problems {
				lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(c.text, "\ufeff"), "\r\n", "\n"), "\n")
				if p.Line < 1 || p.Line > len(lines) || p.Source != lines[p.Line-1] {
					t.Errorf("the source line of %s is %q", problemText(p), p.Source)
				}
				if p.Message == "" || p.Hint == "" {
					t.Errorf("a problem without message or hint: %+v", p)
				}
			}
			if broken := strings.Contains(c.problems, "bad-front-matter"); n.Broken != broken {
				t.Errorf("broken is %v", n.Broken)
			}
		})
	}
}

// A hint can be followed as it stands.
func TestHintsOfFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, hint string }{
		{"---\nevrey: 6 weeks\n---\n", "write every: 6 weeks"},
		{"---\naliass: [a, b]\n---\n", "write aliases: [a, b]"},
		{"---\nphome: \"0301: x\"\n---\n", `write phone: "0301: x"`},
		{"---\ndate: {wedding: 2015-06-20}\n---\n", "write dates: {wedding: 2015-06-20}"},
		{"---\ndate: 2024-01-01\n---\n", "write dates: {date: 2024-01-01}"},
		{"---\nlink: https://example.org\n---\n", `write links: ["https://example.org"]`},
		{"---\nlink: the site\n---\n", "if it is meant, write it as links, whose value has to be another one"},
		{"---\ndates: 2024-01-01\n---\n", "each day has a label that says what it is; write dates: {day: 2024-01-01}"},
		{"+++\nlinks = \"https://example.org\"\n+++\n", `write links = ["https://example.org"]`},
		{"+++\nevrey = 6\n+++\n", `write every = "6"`},
		{";;;\n{\"evrey\": 6}\n;;;\n", `write "every": "6"`},
		{"---\nemial: a@x.org\nemail: b@x.org\n---\n", "move it to email, which is there already"},
		{"---\nbirtday: 14 March\n---\n", "write birthday: 03-14"},
		{"---\nevery: biweekly\n---\n", "how often is not known from this: write a number and a unit"},
		{"---\nevery: Ⱥ\n---\n", "how often is not known from this: write a number and a unit"},
		{"---\nevery: 6 ȺȺ\n---\n", "how often is not known from this: write a number and a unit"},
		{"---\nevery: a week\n---\n", "how often is not known from this: write a number and a unit"},
		{"---\nevery: week\n---\n", "write every: 1 week"},
		{"---\nevery: 6 wekes\n---\n", "write every: 6 weeks"},
		{"---\nevery: every 3 mnths\n---\n", "write every: 3 months"},
		{"---\nevery: wekly\n---\n", "write every: weekly"},
		{"---\nevery: bimonthly\n---\n", "how often is not known from this: write a number and a unit"},
		{"---\nvia: [[Bob: the boss]]\n---\n", `write via: "[[Bob: the boss]]"`},
		{"---\ncompany: [Mint, Royal]\n---\n", "write company: Mint, Royal"},
		{"---\nphone: {work: 0301, home: 0302}\n---\n", `write phone: ["0301", "0302"]`},
		{"---\nBDAY: 1990-05-06\n---\n", "write birthday: 1990-05-06"},
		{"---\nEMAIL[HOME]: a@x.org\n---\n", "write email: a@x.org"},
		{"---\nlast contact: 2026-01-02\n---\n", "take the key out, and write below the front matter - 2026-01-02 and what it was"},
		{"---\ncontact-frequency: 3 months\n---\n", "write every: 3 months"},
		{"---\ninteractions: 12\n---\n", "each time has a line of its own below the front matter, with its day and what it was"},
		{"---\nstatus: achived\n---\n", "write status: archived"},
		{"---\nstatus: busy\n---\n", "which of them is meant, is not known from this"},
		{"---\nemail: ada at example.org\n---\n", "the address is not known from this: write it as it is, or leave it out"},
		{"---\nemail: mailto:ada@example.org\n---\n", "write ada@example.org in place of mailto:ada@example.org"},
		{"{\n\"name\": \"Ada\"\n}\ntext\n", "put a line with } alone after its last key, and an empty line below it"},
	} {
		n := parse(Contact, c.text)
		if len(n.Problems) != 1 || n.Problems[0].Hint != c.hint {
			t.Errorf("%q: %+v, want the hint %q", c.text, n.Problems, c.hint)
		}
	}
}

// A hint is right as it stands (FORMAT.md, "Frontmatter"): what it shows, put in place of
// what was wrong, is read without a problem; and whatever it says, a value that it shows is
// made of what stood there.
func TestHintsOfAllKeysAndValues(t *testing.T) {
	t.Parallel()
	names := slices.Concat(keys, []string{
		"evrey", "emial", "brithday", "birtday", "aliass", "tag", "circle", "date", "link", "need", "offer", "statsu", "snoze", "foto", "langage", "vai", "mett", "addded", "id",
		"BDAY", "EMAIL[HOME]", "TEL;TYPE=cell", "contact-frequency", "Followup", "anniversary", "linkedin", "groups", "nickname", "ORG", "last contact", "lang", "colour",
	})
	values := []string{
		"x", "7", "1990-05-06", "6 May 1990", "14 March", "31-12", "12/31", "05/06/1990", "2026-02-30", "1990-5-6", "[a, b]", "[[a, b], c]", "{a: b}", "{a: [b]}", "{a: 2015-06-20}",
		"[[Bob]]", "[[Bob: the boss]]", "\"[[Bob]]\"", "6 wekes", "a week", "week", "biweekly", "every 3 mnths", "wekly", "0 days", "2000 years", "https://e.org", "example.org", "the site",
		"ada at example.org", "mailto:ada@example.org", "Ada <ada@example.org>", "a@x.org, b@x.org", "<ada@example>", "achived", "busy", "German", "de", "deutsch!", "/abs/p.jpg", "http://e.org/p.jpg",
		"\"#\"", "[\"#\", a]", "true", "yes", "tomorrow", "\"a: b # c\"", "\"  \"", "- ", "|\n  one\n  two", "['a''b', \"c\\\"d\"]", "{date: 12-10, \"b: c\": x}", "6 months!", "1604-05-06", "2026-13-01",
	}
	for _, key := range names {
		for _, value := range values {
			text := "---\n" + key + ": " + value + "\n---\n"
			n := parse(Contact, text)
			for _, p := range n.Problems {
				shown, ok := strings.CutPrefix(p.Hint, "write ")
				if before, after, found := strings.Cut(p.Hint, "; write "); found && !strings.Contains(before, "write") {
					shown, ok = after, true
				}
				if !ok {
					continue
				}
				mended := "---\n" + shown + "\n---\n"
				if by, what, found := strings.Cut(shown, " in place of "); found {
					mended = strings.Replace(text, what, by, 1)
				}
				if again := parse(Contact, mended); len(again.Problems) > len(n.Problems)-1 {
					t.Errorf("%q: with the hint %q there are still %v", text, p.Hint, again.Problems)
				}
			}
		}
	}
}

// A key may say that it has no value, but where a text is expected.
func TestNothingInFrontMatter(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"every", "added", "links", "birthday", "dates", "snooze", "status"} {
		for _, value := range []string{"", "null", "~", `""`} {
			if n := parse(Contact, "---\nname: A\n"+key+": "+value+"\n---\n"); len(n.Problems) > 0 {
				t.Errorf("%s: %s: %v", key, value, n.Problems)
			}
		}
	}
	if n := parse(Contact, "---\nname: null\nbirthday: \"null\"\nlinks: [\"\", https://a.org]\n---\n"); n.Name != "null" || len(n.Front.Links) != 1 || problemTexts(n) != "3:11 bad-date" {
		t.Errorf("%q %v %v", n.Name, n.Front.Links, n.Problems)
	}
}

// front values are YAML front matter, and what a field of it is read as.
func TestValuesOfFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, yaml string
		get        func(*Note) any
		want       any
	}{
		{"a number keeps its zero", "phone: 0301234567", func(n *Note) any { return n.Front.Phone }, []string{"0301234567"}},
		{"a list of numbers", "phone: [0301234567, 1e3]", func(n *Note) any { return n.Front.Phone }, []string{"0301234567", "1e3"}},
		{"a truth is a text", "name: Yes", func(n *Note) any { return n.Name }, "Yes"},
		{"somebody called Null", "name: Null", func(n *Note) any { return n.Name }, "Null"},
		{"a key without a value", "name:", func(n *Note) any { return n.Name }, "Ada Lovelace"},
		{"a tilde is no value", "name: ~", func(n *Note) any { return n.Name }, "Ada Lovelace"},
		{"a date is a text", "company: 2019-05-02", func(n *Note) any { return n.Front.Company }, "2019-05-02"},
		{"white space in a name", "name: \"  Ada \\t Lovelace \"", func(n *Note) any { return n.Name }, "Ada Lovelace"},
		{"a name over two lines", "name: Ada\n  Lovelace", func(n *Note) any { return n.Name }, "Ada Lovelace"},
		{"one text for a list", "aliases: Ada", func(n *Note) any { return n.Front.Aliases }, []string{"Ada"}},
		{"a list of one line each", "aliases:\n- Ada\n- Augusta", func(n *Note) any { return n.Front.Aliases }, []string{"Ada", "Augusta"}},
		{"empty texts of a list are dropped", "aliases: [Ada, \"\", ~, ' ']", func(n *Note) any { return n.Front.Aliases }, []string{"Ada"}},
		{"a tag twice", "tags: [A, a, 'A ']", func(n *Note) any { return n.Front.Tags }, []string{"a"}},
		{"via with quotes", "via: \"[[Charles Babbage]]\"", func(n *Note) any { return n.Front.Via }, []string{"[[Charles Babbage]]"}},
		{"via without quotes", "via: [[Charles Babbage]]", func(n *Note) any { return n.Front.Via }, []string{"[[Charles Babbage]]"}},
		{"via with a comma, without quotes", "via: [[Babbage, Charles]]", func(n *Note) any { return n.Front.Via }, []string{"[[Babbage, Charles]]"}},
		{"via with a label, without quotes", "via: [[babbage|Charles]]", func(n *Note) any { return n.Front.Via }, []string{"[[babbage|Charles]]"}},
		{"a list of via with quotes", "via: [\"[[A]]\", \"[[B]]\"]", func(n *Note) any { return n.Front.Via }, []string{"[[A]]", "[[B]]"}},
		{"a list of via without quotes", "via: [[[A]], [[B]]]", func(n *Note) any { return n.Front.Via }, []string{"[[A]]", "[[B]]"}},
		{"a list of one via without quotes", "via: [[[A]]]", func(n *Note) any { return n.Front.Via }, []string{"[[A]]"}},
		{"a list of via without quotes, one a line", "via:\n  - [[A]]\n  - [[B]]", func(n *Note) any { return n.Front.Via }, []string{"[[A]]", "[[B]]"}},
		{"via in words", "via: at the club", func(n *Note) any { return n.Front.Via }, []string{"at the club"}},
		{"an anchor and an alias", "company: &c Mint\nlocation: *c", func(n *Note) any { return n.Front.Location }, "Mint"},
		{"a merge key", "base: &b {company: Mint, role: x}\n<<: *b\nrole: head", func(n *Note) any { return n.Front.Company + " " + n.Front.Role }, "Mint head"},
		{"merge keys of several", "<<: [{company: Mint}, {company: X, role: y}]", func(n *Note) any { return n.Front.Company + " " + n.Front.Role }, "Mint y"},
		{"a text of several lines", "role: |\n  one\n  two\n", func(n *Note) any { return n.Front.Role }, "one\ntwo"},
		{"a folded text", "role: >-\n  one\n  two\n", func(n *Note) any { return n.Front.Role }, "one two"},
		{"a list of links", "links: [https://a.example, 'https://b.example ']", func(n *Note) any { return n.Front.Links }, []Labelled{{"", "https://a.example"}, {"", "https://b.example"}}},
		{"links keep their order", "links: {b: x, a: y}", func(n *Note) any { return n.Front.Links }, []Labelled{{"b", "x"}, {"a", "y"}}},
		{"met in words", "met: at the Mint", func(n *Note) any { return n.Front.MetText }, "at the Mint"},
		{"a birthday with dashes", "birthday: --12-10", func(n *Note) any { return n.Front.Birthday.String() }, "12-10"},
		{"a leap day", "birthday: 02-29", func(n *Note) any { return n.Front.Birthday.String() }, "02-29"},
		{"a birthday with a year", "birthday: 1815-12-10", func(n *Note) any { return n.Front.Birthday.String() }, "1815-12-10"},
		{"never", "every: never", func(n *Note) any { return n.Front.Every }, civil.Never},
		{"a number of days", "every: 10", func(n *Note) any { return n.Front.Every }, civil.Cadence{N: 10, Unit: civil.Day}},
		{"an unknown list", "hobby: [whist, chess]", func(n *Note) any { return n.Front.Extra }, []Labelled{{"hobby", "whist, chess"}}},
		{"an unknown map", "pets: {cat: Puff, dog: Rex}", func(n *Note) any { return n.Front.Extra }, []Labelled{{"pets", "cat: Puff, dog: Rex"}}},
		{"an unknown key keeps its case", "Favourite Song: x", func(n *Note) any { return n.Front.Extra }, []Labelled{{"Favourite Song", "x"}}},
		{"an unknown link", "sister: [[Mary]]", func(n *Note) any { return n.Front.Extra }, []Labelled{{"sister", "[[Mary]]"}}},
		{"an unknown key without a value", "hobby:", func(n *Note) any { return n.Front.Extra }, []Labelled(nil)},
		{"of a key that stands twice the first counts", "company: A\ncompany: B", func(n *Note) any { return n.Front.Company }, "A"},
		{"other keys count beside a wrong one", "company: [A]\nrole: B", func(n *Note) any { return n.Front.Role }, "B"},
		{"the values of a list beside a wrong one", "aliases: [A, {}, B]", func(n *Note) any { return n.Front.Aliases }, []string{"A", "B"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, "---\n"+c.yaml+"\n---\n")
			if n.Broken {
				t.Fatalf("broken: %v", n.Problems)
			}
			if diff := cmp.Diff(c.want, c.get(n)); diff != "" {
				t.Errorf("%s: %s (%v)", c.yaml, diff, n.Problems)
			}
		})
	}
}

func TestPlaceOfViaLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"quoted", `via: "[[A]]"`, "2:7"},
		{"unquoted", `via: [[A]]`, "2:6"},
		{"in a text", `via: a friend of [[A]] and [[B]]`, "2:18 2:28"},
		{"a list", "via:\n- \"[[A]]\"\n- [[B]]", "3:4 4:3"},
		{"after letters of two bytes", `via: "ää [[A]]"`, "2:10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, "---\n"+c.yaml+"\n---\n")
			var got []string
			for _, l := range n.Links {
				got = append(got, fmt.Sprintf("%d:%d", l.Pos.Line, l.Pos.Column))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("links at %v, want %s (%v)", got, c.want, n.Problems)
			}
		})
	}
}

func TestFrontMatterOfOtherNotes(t *testing.T) {
	t.Parallel()
	n := parse(Circle, "---\nname: Mentors\nevery: 6 weeks\nhobby: x\n---\n")
	if n.Name != "Mentors" || n.Front.Every.String() != "6 weeks" || len(n.Front.Extra) != 1 || len(n.Problems) > 0 {
		t.Errorf("a circle: %+v", n.Front)
	}
	n = parse(Circle, "---\nevrey: 6 weeks\n---\n")
	if problemTexts(n) != "2:1 unknown-key" {
		t.Errorf("a slip in a circle: %v", n.Problems)
	}
	n = parse(Journal, "---\nevrey: 6 weeks\nname: [x]\n---\nProse\n")
	if len(n.Problems) > 0 || n.Source[n.body:] != "Prose\n" {
		t.Errorf("a journal file: %v", n.Problems)
	}
}

func TestAliasesThatMultiply(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("---\na0: &a0 [x, x]\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&b, "a%d: &a%[1]d [*a%d, *a%[2]d]\n", i, i-1)
	}
	b.WriteString("---\n- 2026-01-01 call\n")
	n := parse(Contact, b.String())
	if !n.Broken || len(n.Problems) != 1 || n.Problems[0].Code != "bad-front-matter" {
		t.Errorf("problems are %v", n.Problems)
	}
	if len(n.Entries) != 1 {
		t.Errorf("%d entries", len(n.Entries))
	}
}

// A stack that grows without end cannot be recovered from, so what might do
// that runs in a process of its own.
func TestFrontMatterWithoutBottom(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"yaml-alias-of-itself": "---\na: &a [*a]\n" + strings.Repeat("# padding\n", 500_000) + "---\n",
		"yaml-brackets":        "---\na: " + strings.Repeat("[", 2_000_000) + "\n---\n",
		"yaml-items":           "---\na:\n  " + strings.Repeat("- ", 1_000_000) + "\n---\n",
		"toml-brackets":        "+++\na = " + strings.Repeat("[", 2_000_000) + "\n+++\n",
		"toml-braces":          "+++\na = " + strings.Repeat("{a=", 600_000) + "\n+++\n",
		"json-brackets":        ";;;\n{\"a\": " + strings.Repeat("[", 2_000_000) + "\n;;;\n",
	}
	if name := os.Getenv("KITH_TEST_BOTTOM"); name != "" {
		if n := parse(Contact, cases[name]); !n.Broken {
			t.Errorf("not broken: %v", n.Problems)
		}
		return
	}
	for name := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestFrontMatterWithoutBottom$")
			cmd.Env = append(os.Environ(), "KITH_TEST_BOTTOM="+name)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%.300s", err, out)
			}
		})
	}
}
