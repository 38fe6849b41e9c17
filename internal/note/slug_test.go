package note

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestSlugOfAName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"capitals and a space", "Ada Lovelace", "ada-lovelace"},
		{"its own slug", "ada-lovelace", "ada-lovelace"},
		{"é in one character", "Ren\u00e9", "ren\u00e9"},
		{"é in two characters", "Rene\u0301", "ren\u00e9"},
		{"Vietnamese in NFD", norm.NFD.String("Nguyễn Thị"), "nguyễn-thị"},
		{"a Turkish capital I with a dot", "İpek", "ipek"},
		{"a Turkish capital I with a dot in NFD", "I\u0307pek", "ipek"},
		{"a Turkish small i without a dot", "Işık", "işık"},
		{"Chinese", "李小龙", "李小龙"},
		{"Arabic", "نور", "نور"},
		{"Arabic with vowel marks", "نُور", "نُور"},
		{"Hindi, whose vowel signs are marks", "कविता", "कविता"},
		{"Greek with a final sigma", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"},
		{"an apostrophe", "O'Brien", "o-brien"},
		{"a typographic apostrophe", "O’Brien", "o-brien"},
		{"only dashes", "---", ""},
		{"only signs", "?!", ""},
		{"nothing", "", ""},
		{"underlines stay", "a__b", "a__b"},
		{"underlines at the ends stay", "_a_", "_a_"},
		{"runs of anything else are one dash", "a -- b", "a-b"},
		{"none at the ends", " -a- ", "a"},
		{"digits", "Agent 007", "agent-007"},
		{"only digits", "2026", "2026"},
		{"Arabic digits", "٢٠٢٦", "٢٠٢٦"},
		{"a fraction is no digit", "a½b", "a-b"},
		{"sharp s stays", "Strauß", "strauß"},
		{"capital sharp s", "STRAUẞ", "strauß"},
		{"a dot", "J. R. R. Tolkien", "j-r-r-tolkien"},
		{"an emoji", "Ada 🎉", "ada"},
		{"a ligature stays", "Oﬀi", "oﬀi"},
		{"wide letters stay", "Ａda", "ａda"},
		{"a slash", "a/b", "a-b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Slug(c.in); got != c.want {
				t.Errorf("Slug(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestSlugOfATag(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Job-Search": "job-search", "work/Client": "work/client", "/work//client/": "work/client", "a b/c d": "a-b/c-d",
		"/": "", "-/-": "", "Caf\u00e9": "café", "Cafe\u0301/X": "café/x", "a_b": "a_b",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			if got := TagSlug(in); got != want {
				t.Errorf("TagSlug(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestNamesThatFoldToOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		same []string
	}{
		{"case", []string{"Ada Lovelace", "ada lovelace", "ADA LOVELACE"}},
		{"accents", []string{"Renée", "Renee", "RENÉE", "rene\u0301e"}},
		{"Vietnamese", []string{"Nguyễn", "nguyen", "NGUYEN", norm.NFD.String("Nguyễn")}},
		{"Turkish", []string{"İpek", "ipek", "I\u0307pek", "IPEK"}},
		{"sharp s", []string{"Strauß", "STRAUSS", "strauss", "STRAUẞ"}},
		{"sigma", []string{"Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"}},
		{"vowel points of Arabic", []string{"نُور", "نور"}},
		{"vowel points of Hebrew", []string{"דָּוִד", "דוד"}},
		{"wide letters", []string{"Ａｄａ", "ada"}},
		{"white space", []string{" Ada  Lovelace ", "ada lovelace", "ada\u00a0lovelace", "ada\tlovelace"}},
		{"Korean in both forms", []string{"한국", norm.NFD.String("한국")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range c.same[1:] {
				if Fold(s) != Fold(c.same[0]) {
					t.Errorf("Fold(%q) = %q, but Fold(%q) = %q", s, Fold(s), c.same[0], Fold(c.same[0]))
				}
			}
		})
	}
	for _, c := range [][2]string{{"कि", "का"}, {"Ada", "Adam"}, {"李", "里"}, {"", "a"}} {
		if Fold(c[0]) == Fold(c[1]) {
			t.Errorf("%q and %q fold to one", c[0], c[1])
		}
	}
}

func TestNameOfAFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"lower case is capitalised", "ada-lovelace.md", "Ada Lovelace"},
		{"underlines", "ada_lovelace.md", "Ada Lovelace"},
		{"a name that has capitals stays", "Ada de Lovelace.md", "Ada de Lovelace"},
		{"one capital is enough", "ludwig-van-Beethoven.md", "ludwig van Beethoven"},
		{"in a folder", "friends/ada-lovelace.md", "Ada Lovelace"},
		{"a letter with an accent", "éva-nagy.md", "Éva Nagy"},
		{"a letter in two characters", "e\u0301va.md", "Éva"},
		{"no case at all", "李小龙.md", "李小龙"},
		{"several dashes", "ada---lovelace.md", "Ada Lovelace"},
		{"nothing but dashes", "---.md", "---"},
		{"an apostrophe", "o'brien.md", "O'brien"},
		{"a digraph", "ǆamija.md", "ǅamija"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := nameOf(c.file); got != c.want {
				t.Errorf("nameOf(%q) = %q, want %q", c.file, got, c.want)
			}
		})
	}
}

func TestASlugIsItsOwnSlug(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		s := Slug(name)
		if Slug(s) != s {
			t.Fatalf("Slug(%q) = %q, whose slug is %q", name, s, Slug(s))
		}
		if !utf8.ValidString(s) || strings.Trim(s, "-") != s || strings.Contains(s, "--") || strings.ContainsAny(s, " /.\\") {
			t.Fatalf("Slug(%q) = %q", name, s)
		}
		if Slug(norm.NFD.String(name)) != s {
			t.Fatalf("Slug(%q) = %q, but in NFD %q", name, s, Slug(norm.NFD.String(name)))
		}
		if TagSlug(TagSlug(name)) != TagSlug(name) {
			t.Fatalf("TagSlug(%q) = %q", name, TagSlug(name))
		}
	})
}

func TestAFoldedNameFoldsToItself(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOf(rapid.RuneFrom([]rune(" '-ßẞİıﬀŉ"), unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew,
		unicode.Han, unicode.Hangul, unicode.Devanagari, unicode.Mn))
	rapid.Check(t, func(t *rapid.T) {
		name := letters.Draw(t, "name")
		f := Fold(name)
		if Fold(f) != f || Fold(norm.NFD.String(name)) != f || Fold(strings.ToUpper(f)) != Fold(strings.ToUpper(strings.ToLower(f))) {
			t.Fatalf("Fold(%q) = %q, which folds to %q; in NFD %q", name, f, Fold(f), Fold(norm.NFD.String(name)))
		}
	})
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	words := []string{"every", "email", "phone", "photo", "birthday", "met"}
	for _, c := range []struct{ name, word, want string }{
		{"two letters swapped", "evrey", "every"},
		{"a letter too few", "evry", "every"},
		{"a letter too many", "emaill", "email"},
		{"a letter changed", "phane", "phone"},
		{"capitals", "EVREY", "every"},
		{"two slips in a long word", "brithdy", "birthday"},
		{"two slips in a short word", "evvvry", ""},
		{"the word itself", "every", ""},
		{"the word itself in capitals", "Every", ""},
		{"too short for a slip", "me", ""},
		{"something else", "hobby", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Nearest(c.word, words); got != c.want {
				t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
			}
		})
	}
}

func TestDistanceOfWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("abé")), 0, 6, -1)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		d := Distance(a, b, 20)
		if d != Distance(b, a, 20) || (d == 0) != (a == b) || d > max(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) {
			t.Fatalf("Distance(%q, %q) = %d and %d", a, b, d, Distance(b, a, 20))
		}
		for most := range 5 {
			if got := Distance(a, b, most); got != min(d, most+1) {
				t.Fatalf("Distance(%q, %q, %d) = %d, want %d", a, b, most, got, min(d, most+1))
			}
		}
	})
}
