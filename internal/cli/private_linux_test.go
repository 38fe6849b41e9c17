package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// No command talks to another machine, or asks a name server for one: all that the
// system is asked for is seen by strace.
func TestNoCommandLeavesTheMachine(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("this test needs strace: make test installs it, or on Debian: apt-get install strace")
	}
	work := t.TempDir()
	for name, text := range map[string]string{
		"card.vcf": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cy\r\nEND:VCARD\r\n",
		"pass":     "a passphrase of many words\n",
	} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	journal := filepath.Join(work, "journal")
	traced := func(line string) *exec.Cmd {
		words := strings.Fields(line)
		cmd := exec.Command(strace, append([]string{"-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o", filepath.Join(work, "trace"), "kith", "--dir", journal}, words...)...)
		cmd.Dir = work
		cmd.Env = append(os.Environ(), "KITH_TODAY=2026-11-23", "EDITOR=true", "VISUAL=true", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		return cmd
	}
	address := regexp.MustCompile(`sin6?_addr=inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"`)
	check := func(line string, serves bool) {
		t.Helper()
		trace, err := os.ReadFile(filepath.Join(work, "trace"))
		if err != nil {
			t.Fatal(err)
		}
		for call := range strings.Lines(string(trace)) {
			if !strings.Contains(call, "AF_INET") && !strings.Contains(call, "AF_NETLINK") && !strings.Contains(call, "AF_PACKET") {
				continue
			}
			if !serves {
				t.Errorf("kith %s: %s", line, call)
				continue
			}
			for _, m := range address.FindAllStringSubmatch(call, -1) {
				if a := m[1] + m[2]; !strings.HasPrefix(a, "127.") && a != "::1" && a != "::ffff:127.0.0.1" {
					t.Errorf("kith %s: %s", line, call)
				}
			}
		}
	}

	known := map[string]bool{"serve": true}
	for _, line := range []string{
		"init --demo " + journal, "today", "due --all", "brief edith", "draft edith", "show edith", "review", "find tea", "check", "export vcard", "export json",
		"log edith call: hello", "new Cy Twombly", "ask edith how is it", "promise edith a book", "done edith book", "news I moved", "snooze edith 2w",
		"every edith 3m", "decide", "status edith paused", "edit edith", "rename cy-twombly Cy Young", "merge cy-young edith --dry-run",
		"import card.vcf", "undo", "build", "git setup", "completion bash", "man man", "version", "help", "help privacy", "go", "lsp",
		"backup --passphrase-file pass b.age", "restore --passphrase-file pass b.age --into restored", "build --seal --passphrase-file pass", "schema", "no-such-command",
	} {
		known[strings.Fields(line)[0]] = true
		cmd := traced(line)
		_ = cmd.Run() // whether it could be done is said elsewhere
		check(line, false)
	}
	commands, err := exec.Command("kith", "__complete", "").Output()
	if err != nil {
		t.Fatal(err)
	}
	for command := range strings.Lines(string(commands)) {
		if name, _, ok := strings.Cut(command, "\t"); ok && !known[name] {
			t.Errorf("nobody looked at kith %s", name)
		}
	}

	cmd := traced("serve --addr 127.0.0.1:0")
	out, err := os.Create(filepath.Join(work, "address"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var at string
	for deadline := time.Now().Add(time.Minute); at == "" && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		text, _ := os.ReadFile(out.Name())
		at = strings.TrimSpace(string(text))
	}
	if status, page := get(t, at+"contacts.html"); status != 200 || !strings.Contains(page, "Edith") {
		t.Errorf("%s: %d", at, status)
	}
	// strace hands an interrupt on to nobody.
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("kill", append([]string{"-INT"}, strings.Fields(string(children))...)...).Run(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
	check("serve", true)
}

// Another account of the machine sees nothing of what is served, nor the key to it.
func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	at, process := kithServe(t, peopleIn(t, 1))
	key := strings.Split(at, "/")[3]
	plain := strings.TrimSuffix(at, key+"/")
	as := func(words ...string) string {
		if os.Geteuid() == 0 { // else there is no other account to take, and who has no key is the same to the server
			words = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}, words...)
		}
		said, _ := exec.Command(words[0], words[1:]...).CombinedOutput()
		return string(said)
	}
	for _, path := range []string{"", "contacts/person-0.html", "journal.json", "_kith/events", "_kith/live.js", "calendar.ics"} {
		if got := as("curl", "-s", "-w", "%{http_code}", plain+path); !strings.HasSuffix(got, "403") || strings.Contains(got, "Person") {
			t.Errorf("another account gets of %s:\n%s", path, got)
		}
	}
	for _, name := range []string{"cmdline", "environ"} {
		if got := as("cat", fmt.Sprintf("/proc/%d/%s", process.Pid, name)); strings.Contains(got, key) {
			t.Errorf("another account finds the key in %s: %q", name, got)
		}
	}
	if got := as("ps", "-ef"); strings.Contains(got, key) {
		t.Errorf("another account finds the key:\n%s", got)
	}
	if status, page := get(t, at); status != 200 || !strings.Contains(page, "Person 0") {
		t.Errorf("who has the key gets %d", status)
	}
}
