package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/cli"
)

// demo is the root of this repository, which is itself the demo journal.
const demo = "../.."

// run runs kith in a folder and returns what it prints and its exit status.
func run(t *testing.T, dir string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Main(args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		Dir:    dir,
	})
	return out.String(), errs.String(), status
}

// The due list of the demo journal, worked out by hand from FORMAT.md, is the
// one that kith prints.
func TestDueListOfTheDemoIsTheOneWorkedOutByHand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/demo-due.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			want = append(want, line)
		}
	}
	out, errs, status := run(t, demo, "due", "--all", "--json")
	if status != 0 || errs != "" {
		t.Fatalf("status %d, standard error %q", status, errs)
	}
	var doc struct {
		Contacts []struct {
			Slug, State, Turn string
			Due, Base, Every  *string
			EveryFrom         *string `json:"every_from"`
			Unanswered        int
			Reasons           []struct{ Reason, Since string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range doc.Contacts {
		var reasons []string
		for _, r := range c.Reasons {
			reasons = append(reasons, r.Reason+"@"+r.Since)
		}
		dash := func(s *string) string {
			if s == nil {
				return "-"
			}
			return *s
		}
		list := strings.Join(reasons, ",")
		if list == "" {
			list = "-"
		}
		got = append(got, strings.Join([]string{
			c.Slug, c.State, dash(c.Due), dash(c.Base), dash(c.Every), dash(c.EveryFrom),
			c.Turn, strconv.Itoa(c.Unanswered), list,
		}, "\t"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the due list differs (-by hand +kith):\n%s", diff)
	}
}
