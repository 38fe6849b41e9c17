package exchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-mbox"
	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

	"kith/internal/civil"
	"kith/internal/note"
)

var errNoMe = errors.New(`it cannot be told what you wrote: say --me you@example.org`)

// readMail reads the headers of mails, and never a body: of a mbox one after the other,
// or of a single message, as a Maildir has it.
func readMail(b *Batch, p part, o Options) error {
	file, err := p.open()
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<16)
	if head, _ := in.Peek(5); string(head) != "From " {
		return b.mail(in, o)
	}
	for box, n := mbox.NewReader(in), 1; ; n++ {
		one, err := box.NextMessage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
		if err := b.mail(bufio.NewReader(one), o); err != nil {
			return err
		}
	}
}

func (b *Batch) mail(in *bufio.Reader, o Options) error {
	raw, err := textproto.ReadHeader(in)
	if err != nil {
		b.leave("messages that could not be read")
		return nil
	}
	h := mail.Header{Header: message.Header{Header: raw}}
	from, err1 := h.AddressList("From")
	at, err2 := h.Date()
	if err1 != nil || err2 != nil || len(from) == 0 || at.IsZero() {
		b.leave("messages that could not be read")
		return nil
	}
	precedence, auto := strings.ToLower(h.Get("Precedence")), strings.ToLower(h.Get("Auto-Submitted"))
	local, _, _ := strings.Cut(strings.ToLower(from[0].Address), "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	labels := h.Get("X-Gmail-Labels")
	switch {
	case h.Has("List-Id"), h.Has("List-Unsubscribe"), precedence == "bulk" || precedence == "list" || precedence == "junk",
		auto != "" && auto != "no", strings.HasPrefix(local, "noreply"), strings.HasPrefix(local, "donotreply"), local == "mailerdaemon":
		b.leave("newsletters and automatic mail")
		return nil
	case strings.Contains(labels, "Spam"), strings.Contains(labels, "Trash"), strings.Contains(labels, "Draft"):
		b.leave("mail that is spam, a draft or thrown away")
		return nil
	case len(o.Me) == 0 && labels == "":
		return errNoMe
	}
	subject, err := h.Subject()
	if err != nil {
		subject = h.Get("Subject")
	}
	day := civil.FromTime(at.In(o.zone()))
	if !o.Since.IsZero() && day.Before(o.Since) {
		return nil
	}
	e := Entry{Date: day, Kind: "email", Direction: note.Inbound, Text: plain(firstWords(subject, 100))}
	if !o.isMe(from[0].Address) && !strings.Contains(labels, "Sent") {
		b.guest("email", strings.ToLower(from[0].Address), from[0].Name).told(e)
		return nil
	}
	e.Direction = note.Outbound
	to, _ := h.AddressList("To")
	cc, _ := h.AddressList("Cc")
	for _, a := range append(to, cc...) {
		if !o.isMe(a.Address) {
			b.guest("email", strings.ToLower(a.Address), a.Name).told(e)
		}
	}
	return nil
}
