package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// imports measures an import of a LinkedIn archive into an empty journal, and again into
// what that made, against the floor of reading the archive and writing as many files.
func (b *bench) imports(n int) error {
	archive, journal, again := b.in("archive"), b.in("journal"), b.in("again")
	messages := n * 20 / 3
	if err := makeArchive(filepath.Join(archive, "content"), n, messages, b.seed); err != nil {
		return err
	}
	bring := func(to, says string) (cost, error) {
		c, err := run(b.command(to, b.kith, "import", filepath.Join(archive, "content")))
		if err == nil && !strings.Contains(c.said, says) {
			err = fmt.Errorf("kith import said no %q: %s", says, c.said)
		}
		return c, err
	}
	first := func(to string) (cost, error) {
		if err := errors.Join(remake(to), os.MkdirAll(filepath.Join(to, "content", "contacts"), 0o700)); err != nil {
			return cost{}, err
		}
		return bring(to, fmt.Sprintf("%d new:", n))
	}
	if _, err := first(again); err != nil {
		return err
	}
	files, bytes, err := b.sizes(filepath.Join(again, "content"))
	if err != nil {
		return err
	}
	costs, err := contest(b.runs,
		func() (cost, error) { return first(journal) },
		func() (cost, error) { return bring(again, fmt.Sprintf("%d as they are", n)) },
		func() (cost, error) {
			out := b.in("flat")
			if err := remake(out); err != nil {
				return cost{}, err
			}
			return run(self("floor", "A", archive, b.in("sizes"), out))
		},
	)
	if err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory", "time to floor A", "processor to floor A"}}
	for i, name := range []string{"kith import", "again", "floor A"} {
		rows = append(rows, []string{
			name, seconds(middle(costs[i], wall)), seconds(middle(costs[i], cpu)), mebibytes(middle(costs[i], peak)),
			ratio(costs[i], costs[2], wall), ratio(costs[i], costs[2], cpu),
		})
	}
	table(fmt.Sprintf("Import, %d connections and %d messages, %s: %d files, %s", n, messages, b.medium, files, mebibytes(bytes)), rows...)
	return nil
}

// makeArchive makes what LinkedIn sends somebody: connections, and messages with any of
// them over fifteen years.
func makeArchive(dir string, connections, messages int, seed uint64) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 0))
	// Letters alone, since a name with a number in it is none.
	name := func(i int) (first, last string) {
		letters := make([]byte, 6)
		for k := range letters {
			letters[k], i = 'a'+byte(i%26), i/26
		}
		return "Ada" + string(letters[:3]), "Lor" + string(letters[3:])
	}
	address := func(i int) string { return fmt.Sprintf("https://www.linkedin.com/in/p%d", i) }
	rows := [][]string{{"First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"}}
	for i := range connections {
		first, last := name(i)
		rows = append(rows, []string{first, last, address(i), "", fmt.Sprintf("Acme %d", i%300), "Engineer", fmt.Sprintf("%02d Mar %d", i%28+1, 2005+i%20)})
	}
	if err := writeTable(filepath.Join(dir, "Connections.csv"), rows); err != nil {
		return err
	}
	rows = [][]string{{"CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO", "RECIPIENT PROFILE URLS", "DATE", "SUBJECT", "CONTENT", "FOLDER"}}
	for k := range messages {
		i := random.IntN(connections)
		first, last := name(i)
		from, to := []string{"Me Myself", "https://www.linkedin.com/in/me"}, []string{first + " " + last, address(i)}
		if k%2 == 1 {
			from, to = to, from
		}
		day := fmt.Sprintf("20%02d-%02d-%02d 10:11:12 UTC", 10+k%15, k%12+1, k%28+1)
		rows = append(rows, []string{fmt.Sprint("c", i), "", from[0], from[1], to[0], to[1], day, "", fmt.Sprintf("Hello, how is the boat number %d doing these days?", k), "INBOX"})
	}
	return writeTable(filepath.Join(dir, "messages.csv"), rows)
}

func writeTable(name string, rows [][]string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(file).WriteAll(rows), file.Close())
}
