package journal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/note"
)

// SettingsFile is where a journal's settings are, relative to the journal.
const SettingsFile = "kith.toml"

// Settings are those of kith.toml (FORMAT.md, "Settings").
type Settings struct {
	Title      string
	Name       string // signs drafts
	Daily      int    // how many people make a day's few
	Decide     int    // how many a day to ask about who have no cadence
	Every      civil.Cadence
	QuietAfter civil.Cadence
	Editor     string // what Edit on the site starts, or a link; "" for none
	WeekStarts time.Weekday
	Today      civil.Date // pins the day; zero where it is not pinned
	Kinds      note.Kinds
}

// Defaults are the settings of a journal without kith.toml.
func Defaults() Settings {
	return Settings{Title: "My journal", Daily: 3, Decide: 3, QuietAfter: civil.Cadence{N: 30, Unit: civil.Day}, WeekStarts: time.Monday}
}

var settingKeys = []string{"title", "name", "daily", "decide", "every", "quiet_after", "editor", "week_starts", "today", "kinds"}

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// ParseSettings reads the text of kith.toml. What it cannot read keeps its
// default and is among the problems.
func ParseSettings(text string) (Settings, []note.Problem) {
	r := settingsReader{s: Defaults(), lines: strings.Split(text, "\n")}
	fields, problem := note.ReadTOML(SettingsFile, strings.TrimPrefix(text, "\ufeff"))
	if problem != nil {
		return r.s, []note.Problem{*problem}
	}
	for i, f := range fields {
		if slices.ContainsFunc(fields[:i], func(e note.Field) bool { return e.Key == f.Key }) {
			r.problem(f.Pos, note.Error, "duplicate-key", fmt.Sprintf("the setting %s stands twice; the first counts", f.Key), "keep one of them")
			continue
		}
		r.setting(f)
	}
	note.SortProblems(r.problems)
	return r.s, r.problems
}

type settingsReader struct {
	trial    bool // of a hint: no other hint is looked for
	s        Settings
	lines    []string
	problems []note.Problem
}

func (r *settingsReader) problem(pos note.Pos, severity note.Severity, code, message, hint string) {
	p := note.Problem{
		File: SettingsFile, Line: int(pos.Line), Column: int(pos.Column), Severity: severity,
		Code: code, Message: message, Hint: hint,
	}
	if p.Line >= 1 && p.Line <= len(r.lines) {
		p.Source = strings.TrimSuffix(r.lines[p.Line-1], "\r")
	}
	r.problems = append(r.problems, p)
}

// notKnown is the hint where what was meant cannot be known (FORMAT.md, "A hint is right
// as it stands").
const notKnown = "what is meant is not known from this"

// wrong reports a value that a setting cannot have. The hint shows the setting with what
// may be meant, in TOML, if that is read without a problem.
func (r *settingsReader) wrong(f note.Field, accepted, meant string) {
	got := f.Value.Shape.String()
	if f.Value.Shape == note.Scalar {
		got = strconv.Quote(f.Value.Text)
	}
	hint := notKnown
	if line := f.Key + " = " + meant; meant != "" && r.reads(line) {
		hint = "write " + line
	}
	r.problem(f.Value.Pos, note.Error, "bad-setting", fmt.Sprintf("%s is %s; accepted is %s", f.Key, got, accepted), hint)
}

// reads says whether a setting by itself is read without a problem.
func (r *settingsReader) reads(line string) bool {
	if r.trial {
		return false
	}
	fields, problem := note.ReadTOML(SettingsFile, line)
	if problem != nil {
		return false
	}
	trial := settingsReader{trial: true, s: Defaults()}
	for _, f := range fields {
		trial.setting(f)
	}
	return len(trial.problems) == 0
}

func (r *settingsReader) setting(f note.Field) {
	text := ""
	if f.Value.Shape == note.Scalar {
		text = strings.TrimSpace(f.Value.Text)
	}
	quoted := f.Value.Shape == note.Scalar && f.Value.Quoted
	switch f.Key {
	case "title", "name", "editor":
		switch {
		case !quoted:
			r.wrong(f, "a text in quotes", quotedText(text))
		case f.Key == "title":
			r.s.Title = text
		case f.Key == "name":
			r.s.Name = text
		default:
			r.s.Editor = text
		}
	case "daily":
		n, err := strconv.Atoi(text)
		if err != nil || quoted || n < 1 || n > 100 {
			r.wrong(f, "a whole number of people from 1 to 100", text)
			return
		}
		r.s.Daily = n
	case "decide":
		n, err := strconv.Atoi(text)
		if err != nil || quoted || n < 0 || n > 100 {
			r.wrong(f, "a whole number of people from 0 to 100", text)
			return
		}
		r.s.Decide = n
	case "every":
		c, err := civil.ParseCadence(text)
		if err != nil {
			r.wrong(f, civil.CadenceForms, quotedText(note.NearCadence(text)))
			return
		}
		r.s.Every = c
	case "quiet_after":
		c, err := civil.ParseCadence(text)
		if err != nil || !c.Recurs() {
			r.wrong(f, "a span of time such as 30 days, 6 weeks or 2 months", quotedText(note.NearCadence(text)))
			return
		}
		r.s.QuietAfter = c
	case "week_starts":
		day := slices.Index(weekdays, strings.ToLower(text))
		if day < 0 {
			r.wrong(f, "a day of the week: "+strings.Join(weekdays, ", "), quotedText(nearWeekday(text)))
			return
		}
		r.s.WeekStarts = time.Weekday(day)
	case "today":
		d, err := civil.Parse(text)
		if err != nil {
			meant := ""
			if day, known := civil.Spelled(text); known {
				meant = quotedText(day.String())
			} else if stamp, err := civil.ParseStamp(text); err == nil {
				meant = quotedText(stamp.String())
			}
			r.wrong(f, "a day as YYYY-MM-DD, or no such line for the day it really is", meant)
			return
		}
		r.s.Today = d
	case "kinds":
		r.kinds(f)
	default:
		message, hint := fmt.Sprintf("the setting %s is not known", f.Key), "known are "+strings.Join(settingKeys, ", ")
		if meant := note.Nearest(f.Key, settingKeys); meant != "" {
			message += ": did you mean " + meant + "?"
			if line := meant + " = " + note.TOML.Spell(f.Value, 0, false); r.reads(line) {
				hint = "write " + line
			} else if line := meant + " = " + strings.TrimSpace(f.Value.Text); f.Value.Shape == note.Scalar && r.reads(line) {
				hint = "write " + line
			}
		}
		r.problem(f.Pos, note.Warning, "unknown-setting", message, hint)
	}
}

// quotedText writes a text in TOML, and nothing of none.
func quotedText(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// nearWeekday returns the day of the week that was probably meant, or "".
func nearWeekday(text string) string {
	text = strings.ToLower(text)
	for _, day := range weekdays {
		if len(text) > 2 && strings.HasPrefix(day, text) {
			return day
		}
	}
	return note.Nearest(text, weekdays)
}

func (r *settingsReader) kinds(f note.Field) {
	if f.Value.Shape != note.Mapping {
		r.wrong(f, "a table of the lists talk, write and note", "")
		return
	}
	known := []string{"talk", "write", "note"}
	seen := map[string]string{}
	for _, list := range f.Value.Fields {
		var into *[]string
		switch list.Key {
		case "talk":
			into = &r.s.Kinds.Talk
		case "write":
			into = &r.s.Kinds.Write
		case "note":
			into = &r.s.Kinds.Note
		default:
			message := fmt.Sprintf("the setting kinds.%s is not known", list.Key)
			if meant := note.Nearest(list.Key, known); meant != "" {
				message += ": did you mean " + meant + "?"
			}
			r.problem(list.Pos, note.Warning, "unknown-setting", message, "known are talk, write and note")
			continue
		}
		if list.Value.Shape != note.List {
			hint := notKnown
			if text := strings.ToLower(strings.TrimSpace(list.Value.Text)); list.Value.Shape == note.Scalar && note.CheckKind(list.Key, text) == nil {
				hint = "write " + list.Key + " = [" + quotedText(text) + "]"
			}
			r.problem(list.Value.Pos, note.Error, "bad-setting", fmt.Sprintf("kinds.%s is %s; accepted is a list of words in quotes", list.Key, list.Value.Shape), hint)
			continue
		}
		for _, w := range list.Value.Items {
			word := strings.ToLower(w.Text)
			err := note.CheckKind(list.Key, word)
			switch {
			case w.Shape != note.Scalar || !w.Quoted:
				r.wrong(note.Field{Key: "kinds." + list.Key, Value: w}, "a list of words in quotes", "")
			case err != nil:
				r.problem(w.Pos, note.Error, "bad-setting", fmt.Sprintf("kinds.%s: %v", list.Key, err), "choose a single word of your own")
			case seen[word] != "" && seen[word] != list.Key:
				r.problem(w.Pos, note.Error, "bad-setting", fmt.Sprintf("kinds.%s: %q is already among %s", list.Key, word, seen[word]), "leave it in one of the lists")
			default:
				seen[word] = list.Key
				*into = append(*into, word)
			}
		}
	}
}
