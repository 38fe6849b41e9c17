//go:build browser

package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/exchange"
)

// python runs a program of Debian's Python, whose libraries are those of khard, and reads
// the JSON that it prints.
func python(t *testing.T, program string, input []byte, into any) {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", "-c", program)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// The vCards of the demo, read by vobject, say of everybody what the journal does.
func TestVCardsInOtherPrograms(t *testing.T) {
	_, b := demo(t)
	type card struct {
		Name                     string
		Email, Phone, Categories []string
		Company, Role, Note      string
	}
	var want []card
	for _, p := range b.People {
		want = append(want, card{
			p.Name, p.List("email"), p.List("phone"), p.List("tags"),
			p.Value("company"), p.Value("role"), p.Text,
		})
	}
	for _, version := range []string{"3.0", "4.0"} {
		var out bytes.Buffer
		if err := exchange.WriteVCards(&out, b, version); err != nil {
			t.Fatal(err)
		}
		var got []card
		python(t, `
import json, sys, vobject
def one(card, name):
    value = card.getChildValue(name, "")
    return value[0] if isinstance(value, list) else value
def all(card, name):
    return [line.value for line in card.contents.get(name, [])] or None
print(json.dumps([{
    "Name": card.fn.value, "Email": all(card, "email"), "Phone": all(card, "tel"),
    "Categories": [tag for line in card.contents.get("categories", []) for tag in line.value] or None,
    "Company": one(card, "org"), "Role": one(card, "title"), "Note": one(card, "note"),
} for card in vobject.readComponents(sys.stdin.buffer.read().decode("utf-8"))]))
`, out.Bytes(), &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("version %s: -want +got:\n%s", version, diff)
		}
		inKhard(t, b, out.Bytes())
	}
}

// inKhard makes an address book of vCards, and sees whether khard lists everybody with
// their addresses.
func inKhard(t *testing.T, b *exchange.Batch, cards []byte) {
	t.Helper()
	dir := t.TempDir()
	book := filepath.Join(dir, "book")
	if err := os.Mkdir(book, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, one := range strings.SplitAfter(string(cards), "END:VCARD\r\n") {
		if one == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(book, fmt.Sprintf("%d.vcf", i)), []byte(one), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "khard.conf")
	if err := os.WriteFile(config, []byte("[addressbooks]\n[[book]]\npath = "+book+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := func(what string, column int) (items []string) {
		cmd := exec.Command("khard", "--config", config, what, "--parsable")
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("khard %s: %v\n%s", what, err, out)
		}
		for line := range strings.Lines(string(out)) {
			if cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(cells) > 1 { // it says what it does between them
				items = append(items, cells[column])
			}
		}
		slices.Sort(items)
		return items
	}
	var names, emails []string
	for _, p := range b.People {
		names, emails = append(names, p.Name), append(emails, p.List("email")...)
	}
	slices.Sort(names)
	slices.Sort(emails)
	if diff := cmp.Diff(names, list("list", 1)); diff != "" {
		t.Errorf("khard list: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(emails, list("email", 0)); diff != "" {
		t.Errorf("khard email: -want +got:\n%s", diff)
	}
}

// The calendar of the demo, read by vobject, has each birthday on its day every year, and
// an alarm for every event.
func TestCalendarInOtherPrograms(t *testing.T) {
	j, b := demo(t)
	var out bytes.Buffer
	if err := exchange.WriteICS(&out, b, due.New(j, today).Rows, today); err != nil {
		t.Fatal(err)
	}
	type event struct {
		UID, Summary, Next string
		Alarms             int
	}
	var got []event
	python(t, `
import datetime, json, sys, vobject
calendar = vobject.readOne(sys.stdin.buffer.read().decode("utf-8"))
def next(event):
    if "rrule" not in event.contents:
        return ""
    return event.rruleset.after(datetime.datetime(2026, 11, 22)).date().isoformat()
print(json.dumps([{
    "UID": event.uid.value, "Summary": event.summary.value,
    "Next": next(event), "Alarms": len(event.contents["valarm"]),
} for event in calendar.vevent_list]))
`, out.Bytes(), &got)
	uids := map[string]string{}
	for _, e := range got {
		if uids[e.UID] != "" {
			t.Errorf("%s is the UID of %q and of %q", e.UID, uids[e.UID], e.Summary)
		}
		if uids[e.UID] = e.Summary; e.Alarms != 1 {
			t.Errorf("%s has %d alarms", e.UID, e.Alarms)
		}
	}
	for _, p := range b.People {
		y, err := civil.ParseYearly(p.Value("birthday"))
		if status := p.Value("status"); err != nil || status != "" && status != "active" {
			continue
		}
		want, _, _ := y.Next(today)
		i := slices.IndexFunc(got, func(e event) bool { return e.UID == p.Slug+"/birthday@kith" })
		if i < 0 || got[i].Next != want.String() {
			t.Errorf("the birthday of %s, %v, is %v", p.Name, want, got[max(i, 0)])
		}
	}
}
