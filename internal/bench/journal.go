package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// generation names what the generator makes: another number is another journal.
const generation = 1

// pinned is the day that every generated journal shows.
var pinned = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// dayBefore is a day as notes write it, so many days before the pinned one.
func dayBefore(days int) string { return pinned.AddDate(0, 0, -days).Format(time.DateOnly) }

// cachedJournal returns the folder of a generated journal, which it makes if the
// cache has none. One for peers has the contacts alone, the due date in their front
// matter, which is all YAML: other generators work out neither.
func cachedJournal(cache string, n int, seed uint64, peers bool) (string, error) {
	kind := "journal"
	if peers {
		kind = "peers"
	}
	dir := filepath.Join(cache, fmt.Sprintf("%s-v%d-seed%d-%d", kind, generation, seed, n))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	half, err := os.MkdirTemp(cache, "half-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(half)
	// A process of its own: what a child is said to use at its peak begins with
	// the size of its parent.
	if _, err := run(self("make", half, strconv.Itoa(n), strconv.FormatUint(seed, 10), strconv.FormatBool(peers))); err != nil {
		return "", err
	}
	return dir, os.Rename(half, dir)
}

// makeJournal writes a journal of n contacts of about 2 KB, the same ones for
// the same seed.
func makeJournal(dir string, n int, seed uint64, peers bool) error {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(n))), dir: dir, peers: peers}
	g.write("kith.toml", "title = \"A journal to measure\"\nname = \"Sam Sample\"\ndaily = 3\ntoday = \""+dayBefore(0)+"\"\n")
	g.cast(n)
	for i, c := range circles {
		if c.prose != "" && !g.peers {
			front := ""
			if c.every != "" {
				front = "every: " + c.every + "\n"
			}
			g.write("content/circles/"+c.slug+".md", "---\nname: "+c.name+"\n"+front+"---\n"+c.prose+" "+g.sentences(1+i%3)+"\n")
		}
	}
	for i := range g.people {
		g.contact(i)
	}
	g.months()
	return g.err
}

type generator struct {
	*rand.Rand
	dir    string
	peers  bool
	people []person
	err    error
}

type person struct {
	name, path string
	circles    []string
	every      string // of their own
	days       int    // the cadence in force; 0: none
}

func (p person) slug() string { return strings.ToLower(strings.ReplaceAll(p.name, " ", "-")) }

var circles = []struct {
	slug, name, every string
	days              int
	prose             string
}{
	{"friends", "Friends", "2 months", 60, "Those who would come at night, and did."},
	{"family", "Family", "monthly", 30, "Ring, and let the silence be of good quality."},
	{"mentors", "Mentors", "quarterly", 90, "Four letters a year is a small rent."},
	{"choir", "Choir", "", 0, "Seen every week; no reminding needed."},
	{"neighbours", "Neighbours", "6 weeks", 42, "Five landings and a lift that was promised."},
	{"old-colleagues", "Old colleagues", "4 months", 120, "We swore to stay in touch, as people do."},
	{"clients", "Clients", "10 weeks", 70, "Ask about *them* first."},
	{"press", "Press", "", 0, "They remember who rang when there was no story."},
	{"book-club", "Book club", "monthly", 30, "Nobody finished it."},
	{"conference", "Conference people", "6 months", 180, "One good evening each year."},
	{"alumni", "Alumni", "yearly", 365, "The class of the hard winter."},
	{"swimmers", "Swimmers", "", 0, "Before six, in any weather."},
	{"chess", "", "", 0, ""},
	{"parents", "", "", 0, ""},
	{"investors", "", "", 0, ""},
	{"garden", "", "", 0, ""},
	{"open-source", "", "", 0, ""},
	{"hiking", "", "", 0, ""},
	{"lisbon", "", "", 0, ""},
	{"volunteers", "", "", 0, ""},
}

var cadences = []struct {
	text string
	days int
}{{"3w", 21}, {"monthly", 30}, {"6 weeks", 42}, {"2 months", 60}, {"quarterly", 90}, {"90", 90}, {"P4M", 120}, {"6 months", 180}, {"yearly", 365}}

var (
	firsts   = strings.Fields("Ada Agnes Alma Amir Ana Anton Asha Aurélie Bela Bruno Carla Chidi Clara Cyrus Dagny Dario Dora Edith Elif Emeka Enzo Farah Felix Freya Goran Greta Hana Hugo Ida Imre Ingrid Ivo Jana Jonas Jun Kenji Kirsi Lara Leila Linus Livia Maja Marta Mateo Mina Nadia Nils Noor Olga Oskar Paolo Petra Rasmus Rosa Saša Selma Tariq Thea Ulla Vera Wanda Yara Zoltán Łucja")
	onsets   = strings.Fields("Ach Ald Bar Bel Bren Cal Cord Dahl Dor Elm Fal Fern Gar Gol Hal Hart Ker Lind Mar Mer Nor Oster Pel Quin Ran Sol Tor Ul Vas Wex Ys Zim")
	rimes    = strings.Fields("berg by dal den feld ford gard holm inger ison ling low man mark mont nik ova owski quist ray rup sen skov son stad stein ton vik wald wright")
	tags     = strings.Fields("job-search letters boats climate music hiring rust go gardening funding typography maps health housing teaching bread/sourdough bread/rye travel/north travel/south photography law radio bees archives theatre ceramics grants robotics translation cycling")
	talks    = strings.Fields("call coffee lunch dinner walk meeting visit tea chat video")
	writes   = strings.Fields("email letter message postcard text signal linkedin card")
	towns    = strings.Fields("Lisbon Leeds Trieste Oslo Kraków Lagos Kyoto Porto Ghent Tartu")
	roles    = strings.Fields("editor engineer teacher surgeon carpenter translator producer botanist lawyer baker")
	needs    = []string{"a publisher", "a flat near the harbour", "somebody who knows tax", "a second opinion", "introductions in Oslo", "a good carpenter"}
	speeches = []string{
		"We talked about the boats, *the weather* and the price of paper.",
		"The talk in the old harbour went better than anybody had hoped.",
		"Knows a printer who still takes small orders, **by hand**.",
		"There is a plan to move the whole workshop before the winter.",
		"Promised to send the notes from the second day.",
		"Wants to read the draft when it is no longer embarrassing.",
		"The children have begun to play the cello, both of them, at once.",
		"Said that the grant was refused and that it is for the best.",
		"Has found a new place near the river, with a bad roof and good light.",
		"Thinks the committee will decide in spring, or never.",
		"Showed me the machine; it makes a sound like a polite cough.",
		"We did not agree on anything and it was a very good evening.",
		"The old dog is still alive, which surprises the old dog most.",
		"Sent three pages, see [the list](https://example.org/list), and one drawing.",
		"It rained, so we stayed in and sorted `index.md` by hand.",
		"They asked after everybody, and remembered all the names.",
		"There was soup. There is always soup.",
		"Looking for somebody who can read Ottoman ledgers.",
		"Will be abroad until the end of the month, then back for good.",
		"The contract is signed; now the work begins.",
		"Laughed about the letter that went to the wrong house for a year.",
		"A short one, between two trains, but a warm one.",
		"Will look over the figures before they go out.",
		"The knee is better. The stairs are not.",
	}
)

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// one is true once in so many times.
func (g *generator) one(in int) bool { return g.IntN(in) == 0 }

func (g *generator) write(name, text string) {
	if g.err != nil {
		return
	}
	path := filepath.Join(g.dir, filepath.FromSlash(name))
	if g.err = os.MkdirAll(filepath.Dir(path), 0o700); g.err == nil {
		g.err = os.WriteFile(path, []byte(text), 0o600)
	}
}

// cast gives everybody a name of their own, a file, circles and a cadence.
func (g *generator) cast(n int) {
	plain := len(firsts) * len(onsets) * len(rimes)
	for _, k := range g.Perm(max(n, plain))[:n] {
		last := func(k int) string { return onsets[k%len(onsets)] + rimes[k/len(onsets)%len(rimes)] }
		p := person{name: firsts[k%len(firsts)] + " " + last(k/len(firsts))}
		if k >= plain { // more people than names: two surnames
			p.name += "-" + last(k/plain)
		}
		p.path = "content/contacts/" + p.slug() + ".md"
		switch where := g.IntN(40); {
		case g.peers:
		case where == 0:
			p.path = "content/contacts/abroad/" + p.slug() + ".md"
		case where == 1:
			p.path = "content/contacts/" + p.name + ".md"
		}
		first := 0 // friends are a tenth, the other circles share the rest
		if !g.one(10) {
			first = 1 + g.IntN(len(circles)-1)
		}
		for _, c := range []int{first, g.IntN(3 * len(circles))} {
			if c >= len(circles) || slices.Contains(p.circles, circles[c].slug) {
				continue
			}
			p.circles = append(p.circles, circles[c].slug)
			if days := circles[c].days; days > 0 && (p.days == 0 || days < p.days) {
				p.days = days
			}
		}
		if !g.one(3) {
			c := pick(g, cadences)
			p.every, p.days = c.text, c.days
		}
		g.people = append(g.people, p)
	}
}

// sentences are so many, one after the other.
func (g *generator) sentences(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(pick(g, speeches))
	}
	return b.String()
}

// link is a wiki link to somebody else.
func (g *generator) link() string {
	p := pick(g, g.people)
	switch g.IntN(4) {
	case 0:
		return "[[" + p.slug() + "]]"
	case 1:
		return "[[" + p.name + "|" + strings.Fields(p.name)[0] + "]]"
	}
	return "[[" + p.name + "]]"
}

// A field is one of front matter: a string or a list of strings.
type field struct {
	key   string
	value any
}

// contact writes the file of one person.
func (g *generator) contact(i int) {
	p := g.people[i]
	newest := 20 + g.IntN(400)
	if p.days > 0 {
		newest = p.days*(5+g.IntN(80))/100 + 1
		if g.one(6) { // some have no cadence, or met you since: an eighth is due
			newest = p.days*(105+g.IntN(100))/100 + 1
		}
	}

	fields := []field{{"name", p.name}}
	add := func(key string, value any) { fields = append(fields, field{key, value}) }
	if g.one(8) {
		add("aliases", []string{"Captain " + p.name})
	}
	if p.every != "" {
		add("every", p.every)
	}
	add("circles", p.circles)
	add("tags", []string{pick(g, tags), tags[i%len(tags)]}[:1+g.IntN(2)])
	add("email", p.slug()+"@example.org")
	if g.one(2) {
		add("phone", fmt.Sprintf("+351 21 %07d", i))
	}
	if g.one(2) {
		add("met", dayBefore(1200+g.IntN(3000)))
	}
	if g.one(3) {
		add("via", "[["+pick(g, g.people).name+"]]")
	}
	if g.one(2) {
		add("role", pick(g, roles))
		add("company", pick(g, onsets)+" & "+pick(g, onsets))
	}
	add("location", pick(g, towns))
	if g.one(3) {
		add("birthday", fmt.Sprintf("%02d-%02d", 1+g.IntN(12), 1+g.IntN(28)))
	}
	if g.one(4) {
		add("needs", []string{pick(g, needs)})
	}
	if g.one(30) {
		add("status", "archived")
	}
	if g.peers {
		add("due", dayBefore(newest-p.days))
	}

	var b strings.Builder
	writeFront(&b, fields, i, g.peers)
	fmt.Fprintf(&b, "%s Often seen with %s.", g.sentences(3), g.link())
	if i%max(10, len(g.people)/1000) == 1 { // somebody whom everybody knows
		fmt.Fprintf(&b, " A friend of [[%s]], too.", g.people[0].slug())
	}
	fmt.Fprintf(&b, "\n\n%s\n\n", g.sentences(2))
	if g.one(2) {
		fmt.Fprintf(&b, "- [?] how the move to %s went\n", pick(g, towns))
	}
	if g.one(3) {
		fmt.Fprintf(&b, "- [ ] send the paper on %s by %s\n", pick(g, tags), dayBefore(g.IntN(200)-160))
		b.WriteString("- [x] return the book\n")
	}
	b.WriteString("\n## Log\n\n")

	ages := []int{newest}
	if g.one(12) && newest > 2 { // they wrote, and wait for an answer
		ages = []int{newest / 2, newest}
	}
	waits := len(ages) > 1
	for len(ages) < 10 {
		ages = append(ages, ages[len(ages)-1]+3+g.IntN(120))
	}
	headings := g.one(4)
	for k, age := range ages {
		header := g.header(k)
		if k == 0 && waits {
			header = "< " + pick(g, writes) + ": "
		}
		if headings {
			fmt.Fprintf(&b, "### %s %s%s\n\n%s\n\n", dayBefore(age), header, pick(g, speeches), g.sentences(1))
			continue
		}
		fmt.Fprintf(&b, "- %s %s%s", dayBefore(age), header, g.sentences(1+g.IntN(2)))
		switch g.IntN(8) {
		case 0:
			fmt.Fprintf(&b, " Met %s there.", g.link())
		case 1:
			fmt.Fprintf(&b, " #%s", pick(g, tags))
		case 2:
			fmt.Fprintf(&b, "\n\n  %s\n", g.sentences(1))
		}
		b.WriteByte('\n')
	}
	g.write(p.path, b.String())
}

// header is what stands between the date and the text of an entry. The newest
// are between the two alone, as an entry counts for all who took part; the first
// two are yours or both's, which is what the clock goes by.
func (g *generator) header(k int) string {
	with := ""
	if k > 3 && g.one(6) {
		with = " with " + g.link()
		if g.one(2) {
			with += " and " + g.link()
		}
	}
	tag := ""
	if g.one(3) {
		tag = " #" + pick(g, tags)
	}
	mark := []string{"", "", "", " got", " gave", " asked", " offered", " thanked"}[g.IntN(8)]
	form := g.IntN(10)
	if k < 2 {
		form %= 6
	}
	switch form {
	default:
		return pick(g, talks) + with + mark + tag + ": "
	case 4:
		return "> " + pick(g, writes) + mark + tag + ": "
	case 5:
		return pick(g, writes) + " to them" + mark + ": "
	case 6:
		return "< " + pick(g, writes) + tag + ": "
	case 7:
		return "<- email got" + tag + ": "
	case 8:
		return "note" + tag + ": "
	case 9:
		return "" // only a date, and the text
	}
}

// writeFront writes front matter, most of it YAML.
func writeFront(b *strings.Builder, fields []field, i int, yamlOnly bool) {
	quoted := func(v any) string {
		data, _ := json.Marshal(v) // strings and lists of them: JSON is TOML, and YAML, too
		return strings.ReplaceAll(string(data), `\u0026`, "&")
	}
	switch {
	case i%50 == 7 && !yamlOnly:
		b.WriteString("+++\n")
		for _, f := range fields {
			fmt.Fprintf(b, "%s = %s\n", f.key, quoted(f.value))
		}
		b.WriteString("+++\n")
	case i%200 == 11 && !yamlOnly:
		b.WriteString(";;;\n{\n")
		for k, f := range fields {
			comma := ","
			if k == len(fields)-1 {
				comma = ""
			}
			fmt.Fprintf(b, "  %q: %s%s\n", f.key, quoted(f.value), comma)
		}
		b.WriteString("}\n;;;\n")
	default:
		b.WriteString("---\n")
		for _, f := range fields {
			list, isList := f.value.([]string)
			switch {
			case isList && i%10 == 3:
				fmt.Fprintf(b, "%s:\n  - %s\n", f.key, strings.Join(list, "\n  - "))
			case isList:
				fmt.Fprintf(b, "%s: [%s]\n", f.key, strings.Join(list, ", "))
			case f.key == "via" || f.key == "phone" || f.key == "due":
				fmt.Fprintf(b, "%s: %s\n", f.key, quoted(f.value))
			default:
				fmt.Fprintf(b, "%s: %s\n", f.key, f.value)
			}
		}
		b.WriteString("---\n")
	}
}

// months writes the journal files: three years of months with what happened
// with several people and your own news, and ten daily notes.
func (g *generator) months() {
	if g.peers {
		return
	}
	for m := range 36 {
		month := time.Date(2023, time.Month(12+m), 1, 0, 0, 0, 0, time.UTC)
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\n%s\n\n", month.Format("January 2006"), g.sentences(2))
		events := (len(g.people) + m%3*180) / 360
		for e := range events {
			day := month.AddDate(0, 0, e*22/events).Format(time.DateOnly)
			fmt.Fprintf(&b, "- %s %s with %s, %s and %s #%s: %s\n", day, pick(g, talks), g.link(), g.link(), g.link(), pick(g, tags), g.sentences(1))
		}
		fmt.Fprintf(&b, "- %s news #%s: I have finished the map of %s.\n", month.AddDate(0, 0, 21).Format(time.DateOnly), pick(g, tags), pick(g, towns))
		g.write(month.Format("content/journal/2006/2006-01.md"), b.String())
	}
	for d := range 10 {
		g.write("content/journal/daily/"+dayBefore(d*9)+".md",
			fmt.Sprintf("%s\n\n- %s with %s: %s\n- news: %s\n", g.sentences(1), pick(g, talks), g.link(), g.sentences(1), g.sentences(1)))
	}
}
