package watch

import "testing"

func TestOnlyWhatABuildReadsBelongs(t *testing.T) {
	for path, want := range map[string]bool{
		".":                          true,
		"kith.toml":                  true,
		"content":                    true,
		"content/contacts/ada.md":    true,
		"templates/pages/index.html": true,
		"content/contacts/C#.md":     true,
		"content/contacts/4913.md":   true,

		"kith.toml~":             false,
		"kith.toml/x":            false,
		"contents/x":             false,
		"public/index.html":      false,
		"README.md":              false,
		".git/index":             false,
		"content/.obsidian/x":    false,
		"content/_drafts/ada.md": false,
		"content/a/ada.md~":      false,
		"content/a/.ada.md.swp":  false,
		"content/a/ada.md.swx":   false,
		"content/a/4913":         false,
		"content/a/.#ada.md":     false,
		"content/a/#ada.md#":     false,
		"content/a/ada.md.tmp":   false,
		"templates/_old/page.md": false,
		"../elsewhere/content":   false,
	} {
		if got := belongs(path); got != want {
			t.Errorf("belongs(%q) = %v, want %v", path, got, want)
		}
	}
}
