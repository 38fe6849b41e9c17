package exchange

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/note"
)

// The readers of this file take what was said on a phone: one entry a person, day and
// direction, and never what was said.

// surrogate is half of a letter, as SMS Backup & Restore writes those beyond 16 bits:
// encoding/xml takes it for a fault.
var surrogate = regexp.MustCompile(`&#(5529[6-9]|55[3-9]\d\d|56\d\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3]);`)

// readSMS reads the XML of SMS Backup & Restore: calls and texts.
func readSMS(b *Batch, p part, o Options) error {
	dec := xml.NewDecoder(bytes.NewReader(surrogate.ReplaceAll(p.data, nil)))
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		get := func(name string) string {
			for _, a := range start.Attr {
				if a.Name.Local == name {
					return a.Value
				}
			}
			return ""
		}
		e, number := Entry{Kind: "text"}, get("address")
		switch start.Name.Local + get("type") + get("msg_box") {
		case "sms1", "mms1":
			e.Direction = note.Inbound
		case "sms2", "mms2":
			e.Direction = note.Outbound
		case "call1", "call2":
			if e.Kind, e.Direction, number = "call", note.Mutual, get("number"); get("duration") == "0" || get("duration") == "" {
				continue
			}
		default:
			continue
		}
		ms, err := strconv.ParseInt(get("date"), 10, 64)
		name := get("contact_name")
		switch {
		case err != nil:
			line, _ := dec.InputPos()
			b.problem(Place{File: p.name, Row: line}, "%q is no time", get("date"))
		case lastDigits(number) == "" || strings.Contains(number, "~"):
			b.leave("messages of short numbers and groups")
		default:
			e.Date = civil.FromTime(time.UnixMilli(ms).In(o.zone()))
			if name == "(Unknown)" || name == "null" {
				name = ""
			}
			b.guest("phone", number, name).told(e)
		}
	}
}

var whatsappLine = regexp.MustCompile(`(?m)^\x{200e}?\[?(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}),? (\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\x{202f}]?[AaPp]\.?[Mm]\.?)?)(?:\]| -) ([^:]+): `)

// readWhatsApp reads an exported chat of two. Which of the two numbers of a date is the
// day is found from all of them.
func readWhatsApp(b *Batch, p part, o Options) error {
	type said struct {
		date, from string
		row        int
	}
	var list []said
	var names []string
	dayFirst, monthFirst := false, false
	row := 0
	for line := range strings.Lines(decode(p.data)) {
		row++
		m := whatsappLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		from := clean(m[3])
		list = append(list, said{m[1], from, row})
		if !slices.Contains(names, from) {
			names = append(names, from)
		}
		parts := strings.FieldsFunc(m[1], func(r rune) bool { return r == '.' || r == '/' || r == '-' })
		a, _ := strconv.Atoi(parts[0])
		c, _ := strconv.Atoi(parts[1])
		dayFirst = dayFirst || a > 12 && a < 32 || strings.Contains(m[1], ".")
		monthFirst = monthFirst || c > 12
	}
	other := strings.TrimSuffix(path.Base(p.name), path.Ext(p.name))
	other = strings.TrimPrefix(strings.TrimPrefix(other, "WhatsApp Chat with "), "WhatsApp Chat - ")
	if !slices.Contains(names, other) {
		other = ""
		for _, name := range names {
			if !o.isMe(name) {
				other = name
			}
		}
	}
	if len(names) > 2 {
		b.leave("chats of several people")
		return nil
	}
	if len(names) == 2 && !slices.ContainsFunc(names, o.isMe) && path.Base(p.name) == "_chat.txt" {
		b.problem(Place{File: p.name}, "it cannot be told which of %s is you: say --me and your name", strings.Join(names, " and "))
		return nil
	}
	who, _ := b.person("whatsapp:"+note.Fold(other), other)
	who.Guest, who.Row = true, other
	if lastDigits(other) != "" {
		who.Add("phone", other)
	}
	for _, s := range list {
		parts := strings.FieldsFunc(s.date, func(r rune) bool { return r == '.' || r == '/' || r == '-' })
		if len(parts[0]) < 4 && !dayFirst && monthFirst {
			parts[0], parts[1] = parts[1], parts[0]
		}
		text := strings.Join(parts, ".")
		if len(parts[0]) == 4 {
			text = strings.Join(parts, "-")
		}
		d, err := day(text)
		if len(parts[0]) < 4 && dayFirst == monthFirst {
			err = errTwoDays
		}
		if err != nil {
			b.problem(Place{File: p.name, Row: s.row}, "%q: %v", s.date, err)
			continue
		}
		e := Entry{Date: d, Kind: "whatsapp", Direction: note.Outbound}
		if s.from == other {
			e.Direction = note.Inbound
		}
		who.told(e)
	}
	return nil
}

type telegramChat struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Messages []struct {
		Type          string `json:"type"`
		Date          string `json:"date"`
		From          string `json:"from"`
		Actor         string `json:"actor"`
		Action        string `json:"action"`
		DiscardReason string `json:"discard_reason"`
	} `json:"messages"`
}

// readTelegram reads the JSON that Telegram's program exports: of one chat, or of all.
func readTelegram(b *Batch, p part, _ Options) error {
	var doc struct {
		telegramChat
		Chats struct {
			List []telegramChat `json:"list"`
		} `json:"chats"`
	}
	if err := json.Unmarshal(p.data, &doc); err != nil {
		return err
	}
	for _, chat := range append(doc.Chats.List, doc.telegramChat) {
		switch {
		case len(chat.Messages) == 0:
			continue
		case chat.Type != "personal_chat" || chat.Name == "":
			b.leave("chats of several people")
			continue
		}
		who, _ := b.person("telegram:"+note.Fold(chat.Name), clean(chat.Name))
		who.Guest, who.Row = true, clean(chat.Name)
		for _, m := range chat.Messages {
			d, err := day(m.Date)
			if err != nil {
				b.problem(Place{File: p.name}, "%s: %q: %v", chat.Name, m.Date, err)
				continue
			}
			e := Entry{Date: d, Kind: "telegram", Direction: note.Outbound}
			switch {
			case m.Action == "phone_call" && m.DiscardReason != "missed" && m.DiscardReason != "busy":
				e.Kind, e.Direction = "call", note.Mutual
			case m.Type != "message":
				continue
			case m.From == chat.Name:
				e.Direction = note.Inbound
			}
			who.told(e)
		}
	}
	return nil
}
