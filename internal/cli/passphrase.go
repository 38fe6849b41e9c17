package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"golang.org/x/text/unicode/norm"
)

// leastPassphrase is how many characters a new passphrase has at the least.
const leastPassphrase = 12

// A passphrase is where a command has one from: a file, or a person on the terminal.
type passphrase struct {
	file  string
	short bool // a new one may be shorter than it should be
}

// flags are those of a command that needs a passphrase; making says that it may be a new one.
func (p *passphrase) flags(cmd *cobra.Command, making bool) {
	cmd.Flags().StringVar(&p.file, "passphrase-file", "", "the `file` with the passphrase, on one line")
	_ = cmd.MarkFlagFilename("passphrase-file")
	if making {
		cmd.Flags().BoolVar(&p.short, "allow-short-passphrase", false, fmt.Sprintf("take one of less than %d characters", leastPassphrase))
	}
}

// again returns the passphrase of what is sealed already.
func (p *passphrase) again(a *app) (string, error) {
	if p.file != "" {
		return p.read(a)
	}
	return a.askSecretly("Passphrase:")
}

// anew returns one for what is going to be sealed. On a terminal it is asked for twice.
func (p *passphrase) anew(a *app) (string, error) {
	said, err := p.again(a)
	if err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(said); n < leastPassphrase && !p.short {
		return "", usage(fmt.Sprintf("the passphrase has %s; whoever has the file can try thousands a second, so at least %d are accepted", plural(n, "character"), leastPassphrase),
			"take five or six words that have nothing to do with each other; --allow-short-passphrase takes it as it is")
	}
	if p.file == "" {
		switch once, err := a.askSecretly("The same again:"); {
		case err != nil:
			return "", err
		case once != said:
			return "", fail("the two are not the same", "nothing was written")
		}
	}
	return said, nil
}

// read returns the passphrase in the file.
func (p *passphrase) read(a *app) (string, error) {
	path := p.file
	if !filepath.IsAbs(path) {
		path = filepath.Join(a.Dir, path)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fail(fmt.Sprintf("reading the passphrase from %s: %s", p.file, reason(err)), "")
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 4<<10))
	if err != nil {
		return "", fail(fmt.Sprintf("reading the passphrase from %s: %s", p.file, reason(err)), "")
	}
	said := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if said == "" || strings.ContainsAny(said, "\r\n") || !utf8.ValidString(said) {
		return "", fail(p.file+" does not hold one line of text, which would be the passphrase", "")
	}
	return norm.NFC.String(said), nil
}

// askSecretly asks a person on the terminal for what nobody else is to see.
func (a *app) askSecretly(question string) (string, error) {
	terminal, ok := a.Stdin.(*os.File)
	if !a.StdinIsTerminal || !ok {
		return "", usage("a passphrase is needed, and nobody can be asked", "--passphrase-file FILE reads it from a file")
	}
	// Whoever leaves with Ctrl-C finds their terminal as it was.
	if was, err := term.GetState(int(terminal.Fd())); err == nil {
		left := make(chan os.Signal, 1)
		signal.Notify(left, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(left)
		done := make(chan struct{})
		defer close(done)
		go func() {
			select {
			case <-left:
				_ = term.Restore(int(terminal.Fd()), was)
				fmt.Fprintln(a.Stderr)
				os.Exit(statusFailed)
			case <-done:
			}
		}()
	}
	fmt.Fprint(a.Stderr, question+" ")
	said, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(a.Stderr)
	if err != nil && err != io.EOF {
		return "", fail("reading the passphrase: "+reason(err), "nothing was written")
	}
	// Two ways to write an é are one passphrase, here and in a browser.
	return norm.NFC.String(string(said)), nil
}
