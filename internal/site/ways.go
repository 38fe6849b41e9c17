package site

import (
	"html/template"
	"net/url"
	"strings"

	"kith/internal/journal"
	"kith/internal/note"
)

// ways are the ways to reach somebody.
func ways(front *note.Front) []Way {
	var list []Way
	add := func(kind, href, text string) { list = append(list, Way{template.URL(href), icons[kind], text}) }
	for _, mail := range front.Email {
		add("mail", "mailto:"+mailbox(mail), mail)
	}
	for _, number := range front.Phone {
		add("phone", dial(number), number)
	}
	for _, l := range front.Links {
		href, text := link(l)
		add("link", href, text)
	}
	return list
}

// write is the first way to write to somebody, by what one does: an address of
// theirs, or else a number, or else their page.
func write(c *journal.Contact, root string) Way {
	front := c.Front()
	if len(front.Email) > 0 {
		return Way{template.URL("mailto:" + mailbox(front.Email[0])), icons["mail"], "Write"}
	}
	for _, number := range front.Phone {
		if href := dial(number); href != "" {
			return Way{template.URL(href), icons["phone"], "Call"}
		}
	}
	return Way{address(root, contactPath(c.Slug)), icons["draft"], "Draft"}
}

// mailbox escapes a mail address for an address of the web.
func mailbox(mail string) string { return strings.ReplaceAll(url.PathEscape(mail), "%40", "@") }

// icons are drawn in the colour of the text, on a grid of 16.
var icons = map[string]template.HTML{
	"mail":  icon("M1.5 3.5h13v9h-13z M1.5 4l6.5 5 6.5-5"),
	"phone": icon("M3 2.2l2.4-.7 1.5 3.4-1.6 1.3c.8 1.7 1.9 2.8 3.6 3.6l1.3-1.6 3.4 1.5-.7 2.4c-.2.8-.9 1.3-1.7 1.3C6.3 13.1 2.9 9.7 2.2 4.1 2.1 3.2 2.4 2.4 3 2.2z"),
	"draft": icon("M3.5 1.5h6l3 3v10h-9z M9.5 1.5v3h3 M5.5 7.5h5 M5.5 10h5"),
	"link":  icon("M6.5 9.5l3-3 M7 4.5l1.3-1.3a3 3 0 0 1 4.5 4.3L11.5 9 M9 11.5l-1.3 1.3a3 3 0 0 1-4.5-4.3L4.5 7"),
}

func icon(path string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="` + path + `"/></svg>`)
}

// dial returns the address that dials a phone number, or "" if there is none in
// the text.
func dial(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.Replace(number, "(0)", "", 1))
	if len(digits) < 3 {
		return ""
	}
	return "tel:" + digits
}

// schemes are those of the addresses that a page links to. Others, such as
// javascript, are shown as text.
const schemes = " http https mailto tel sms xmpp matrix sip sips gemini ircs signal tg whatsapp facetime skype geo "

// link is one of the front matter's links.
func link(l note.Labelled) (href, text string) {
	u, err := url.Parse(l.Text)
	switch {
	case err != nil:
	case u.Scheme != "" && strings.Contains(schemes, " "+strings.ToLower(u.Scheme)+" "):
		href = u.String()
	case u.Scheme == "" && u.Host == "" && strings.Contains(l.Text, ".") && !strings.ContainsAny(l.Text, " @\\") && !strings.HasPrefix(l.Text, "/"):
		href = "https://" + u.String()
	}
	shown := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(l.Text, "https://"), "http://"), "/")
	switch {
	case l.Label == "":
		return href, shown
	case href == "":
		return "", l.Label + ": " + shown
	}
	return href, l.Label
}
