package serve

import (
	"fmt"
	"hash/maphash"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// What is left out of a page can be put back by who has the page before, whoever
// came, went, moved, changed or is named twice.
func TestRowsLeftOut(t *testing.T) {
	seed := maphash.MakeSeed()
	line := regexp.MustCompile(`<li data-contact="(.*?)">.*</li>`)
	leftOut := regexp.MustCompile(`<li data-same="(.*?)"></li>`)
	runs := 0 // rows left out with the one before
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.SliceOfN(rapid.SliceOf(rapid.Custom(func(t *rapid.T) string {
			words := rapid.SampledFrom([]string{"today", "today", "today", "soon", "<ul>\n<li>twice</li></ul>"}).Draw(t, "words")
			return fmt.Sprintf(`<li data-contact="p%d">%s</li>`, rapid.IntRange(0, 20).Draw(t, "who"), words)
		})), 0, 3)
		draw := func(label string) string {
			page := "<h1>Due</h1>\n"
			for _, rows := range lists.Draw(t, label) {
				page += "<ol>\n" + strings.Join(rows, "\n") + "\n</ol>\n"
			}
			return page
		}
		before := draw("before")
		after := rapid.OneOf(rapid.Just(strings.Replace(before, "today", "soon", 1)), rapid.Custom(func(*rapid.T) string { return draw("after") })).Draw(t, "page")

		var known sent
		known.add("tag", rowsOf([]byte(before), seed))
		had, _ := known.rows("tag")
		got := string(without([]byte(after), rowsOf([]byte(after), seed), had))
		there := map[string]string{}
		for _, m := range line.FindAllStringSubmatch(before, -1) {
			there[m[1]] = m[0]
		}
		whole := leftOut.ReplaceAllStringFunc(got, func(run string) string {
			var lines []string
			runs += strings.Count(run, " p")
			for _, name := range strings.Fields(leftOut.FindStringSubmatch(run)[1]) {
				lines = append(lines, there[name])
			}
			return strings.Join(lines, "\n")
		})
		if whole != after {
			t.Fatalf("before:\n%s\nafter:\n%s\nsent:\n%s", before, after, got)
		}
	})
	if runs == 0 && !testing.Short() { // a few draws may have none
		t.Error("no rows were left out together")
	}
}

// A page that is open gets what it lacks of a long page, if the server knows what
// it has.
func TestDelta(t *testing.T) {
	many := func(n int) fstest.MapFS {
		fsys := files()
		for i := range 200 + n {
			fsys[fmt.Sprintf("content/contacts/p%03d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\nname: Person %03d\n---\n", i)}
		}
		return fsys
	}
	server, at := serverOf(t, many(0))
	const page = "/contacts.html"
	first, _ := ask(t, at, "GET", page)
	had := first.Header.Get("ETag")

	s, problems := siteOf(many(1))
	server.Update(s, problems, false)
	r, short := ask(t, at, "GET", page, "If-None-Match", had, "A-IM", rowsLeftOut)
	if r.StatusCode != 226 || r.Header.Get("IM") != rowsLeftOut || !strings.Contains(short, `<li data-contact="p200"`) || strings.Contains(short, `<li data-contact="p123"`) {
		t.Errorf("%s with %q:\n%s", r.Status, r.Header.Get("IM"), short)
	}
	for _, headers := range [][]string{
		nil,
		{"If-None-Match", had},
		{"If-None-Match", `"another"`, "A-IM", rowsLeftOut},
		{"If-None-Match", had, "A-IM", "gzip"},
		{"A-IM", rowsLeftOut},
	} {
		whole, text := ask(t, at, "GET", page, headers...)
		if whole.StatusCode != 200 || whole.Header.Get("ETag") != r.Header.Get("ETag") || strings.Contains(text, "data-same") || !strings.Contains(text, `<li data-contact="p123"`) {
			t.Errorf("with %q: %s, not the whole page", headers, whole.Status)
		}
	}
	// What is kept is bounded.
	for i := range 8 {
		s, problems := siteOf(many(2 + i))
		server.Update(s, problems, false)
		ask(t, at, "GET", page)
	}
	if r, _ := ask(t, at, "GET", page, "If-None-Match", had, "A-IM", rowsLeftOut); r.StatusCode != 200 {
		t.Errorf("eight pages later: %s", r.Status)
	}
}
