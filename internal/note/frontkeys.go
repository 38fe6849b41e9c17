package note

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kith/internal/civil"
)

// elsewhere are the keys, in small letters and without all other signs, by which other
// programs say what kith has a key for (FORMAT.md, "Frontmatter").
var elsewhere = reversed(map[string]string{
	"name":     "fn fullname displayname formattedname",
	"aliases":  "nickname nicknames aka alsoknownas othernames",
	"every":    "contactfrequency frequency cadence interval contactevery contactinterval followupfrequency reminderfrequency keepintouch stayintouch touchfrequency checkinfrequency",
	"snooze":   "nextcontact nextcontactdate nextfollowup nexttouch followup followupdate contactagain remindon remindme reminder",
	"met":      "metat meton metdate datemet firstmet howwemet wherewemet whenwemet",
	"via":      "introducedby metthrough metvia referredby",
	"circles":  "groups group",
	"email":    "email emailaddress emailaddresses mail mails mailaddress",
	"phone":    "phone phonenumber phonenumbers tel telephone telephonenumber mobile mobilephone mobilenumber cell cellphone handy",
	"links":    "url urls website websites homepage webpage linkedin twitter mastodon github instagram facebook bluesky",
	"company":  "org organization organisation employer companyname workplace",
	"role":     "jobtitle job position occupation profession",
	"location": "adr livesin basedin",
	"timezone": "tz",
	"birthday": "bday dob dateofbirth birthdate born",
	"dates":    "anniversary anniversaries weddinganniversary wedding importantdates",
	"needs":    "lookingfor",
	"offers":   "canhelpwith",
	"photo":    "image picture avatar profilepicture profilephoto",
	"language": "lang",
})

// entriesElsewhere are those by which they say what kith reads from entries.
var entriesElsewhere = strings.Fields("lastcontact lastcontacted lastcontactdate lastcontactedon lastseen lastspoke lastspoken lasttalked lasttouch lasttouched " +
	"lastinteraction lastmet lastmeeting lastcall lastmessage lastcommunication interactions interaction contacthistory conversations touchpoints meetings")

func reversed(lists map[string]string) map[string]string {
	of := map[string]string{}
	for key, others := range lists {
		for other := range strings.FieldsSeq(others) {
			of[other] = key
		}
	}
	return of
}

// foreign returns the key of kith's for what another program says by a key: EMAIL[HOME]
// and TEL;TYPE=cell have what sort it is behind the name.
func foreign(key string) (plain, meant string) {
	name, _, _ := strings.Cut(key, "[")
	name, _, _ = strings.Cut(name, ";")
	plain = strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, name)
	return plain, elsewhere[plain]
}

// unknown keeps a key that means nothing to kith, and reports one that was probably
// meant to.
func (r *fieldReader) unknown(f Field) {
	known := keys
	if r.note.Kind == Circle {
		known = circleKeys
	}
	plain, meant := foreign(f.Key)
	report := func(code, message, hint string) {
		r.note.problem(f.Pos, Warning, code, fmt.Sprintf("the key %s %s", f.Key, message), hint)
	}
	switch {
	case f.Value.empty():
	case r.note.Kind == Contact && slices.Contains(entriesElsewhere, plain):
		hint := "each time has a line of its own below the front matter, with its day and what it was"
		if texts, ok := f.Value.texts(); ok && len(texts) == 1 {
			if d, err := civil.ParseStamp(texts[0]); err == nil {
				hint = fmt.Sprintf("take the key out, and write below the front matter - %s and what it was", d)
			}
		}
		report("foreign-key", "is kept but means nothing to kith, which reads it from the entries", hint)
	case slices.Contains(known, meant):
		report("foreign-key", "is kept but means nothing to kith, which calls it "+meant, r.rekey(f, meant))
	default:
		if meant = nearKey(f.Key, known); meant != "" {
			report("unknown-key", fmt.Sprintf("is not known: did you mean %s?", meant), r.rekey(f, meant))
		}
	}
	r.f.Extra = append(r.f.Extra, Labelled{f.Key, flat(f.Value)})
}

// rekey is the hint that shows a value under another key, as it can be read there.
func (r *fieldReader) rekey(f Field, key string) string {
	if Lookup(r.fields, key) != nil {
		return fmt.Sprintf("move it to %s, which is there already", key)
	}
	v := f.Value
	if texts, ok := v.texts(); ok && v.Shape == Scalar {
		switch {
		case key == "dates":
			v = mapValue(f.Key, v)
		case key == "links" && strings.Contains(texts[0], "."):
			v = ListValue(texts...)
		}
	}
	problems := r.try(key, v)
	if len(problems) == 0 {
		return r.write(key, v)
	}
	if hint := problems[0].Hint; strings.HasPrefix(hint, "write "+r.note.Fences().Format.SpellKey(key)) {
		return hint
	}
	return fmt.Sprintf("if it is meant, write it as %s, whose value has to be another one", key)
}

func nearKey(key string, known []string) string {
	if plural := strings.ToLower(key) + "es"; slices.Contains(known, plural) {
		return plural
	}
	return Nearest(key, known)
}
