package site_test

import (
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestAttachedFilesAreListed(t *testing.T) {
	fsys := fstest.MapFS{
		"content/contacts/ada.md": {Data: []byte("---\nname: Ada\nphoto: ada.png\n---\nHer [plan](papers/the%20plan.pdf), [again](papers/the%20plan.pdf \"x\"), " +
			"[a page](../contacts/bo.md), [none](none.pdf), ![a cog](ada/cog.png).\n\n- 2026-01-01 letter: [a chart](<ada/chart 1.svg>)\n")},
		"content/contacts/bo.md":               {},
		"content/contacts/ada.png":             {},
		"content/contacts/ada.pdf":             {},
		"content/contacts/ada/cog.png":         {},
		"content/contacts/ada/chart 1.svg":     {},
		"content/contacts/ada/letter.txt":      {},
		"content/contacts/ada-2.pdf":           {},
		"content/contacts/papers/the plan.pdf": {},
		"content/contacts/papers/other.pdf":    {},
	}
	links := regexp.MustCompile(`class="file" href="([^"]*)"`)
	s := newSite(t, fsys)
	listed := func() (all []string) {
		for _, m := range links.FindAllStringSubmatch(render(t, s, "contacts/ada.html"), -1) {
			all = append(all, m[1])
		}
		return all
	}
	want := []string{"../contacts/ada.pdf", "../contacts/ada/chart%201.svg", "../contacts/ada/letter.txt", "../contacts/papers/the%20plan.pdf"}
	if diff := cmp.Diff(want, listed()); diff != "" {
		t.Error(diff)
	}
	delete(fsys, "content/contacts/ada/letter.txt")
	s = saved(s, fsys, "content/contacts/ada/letter.txt")
	if diff := cmp.Diff(append(want[:2:2], want[3]), listed()); diff != "" {
		t.Errorf("after one is gone: %s", diff)
	}
}

func TestMentionsQuoteTheSentence(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"We sang. Then [[Ada]] came. It rained.", `Then <a class="person" href="../contacts/ada.html" dir="auto">Ada</a> came.`},
		{`He asked: "Is [[Ada|she]] well?" I said yes.`, `He asked: &quot;Is <a class="person" href="../contacts/ada.html" dir="auto">she</a> well?&quot;`},
		{"[[Ada]] has version 1.5 of it", `<a class="person" href="../contacts/ada.html" dir="auto">Ada</a> has version 1.5 of it`},
		{"Wait! ... [[Ada]]!", `<a class="person" href="../contacts/ada.html" dir="auto">Ada</a>!`},
	} {
		text := render(t, newSite(t, fstest.MapFS{
			"content/contacts/ada.md": {},
			"content/contacts/bo.md":  {Data: []byte(tt.line + "\n")},
		}), "contacts/ada.html")
		m := regexp.MustCompile(`<li><p dir="auto">(.*?)</p><p class="head">`).FindStringSubmatch(text)
		if m == nil || m[1] != tt.want {
			t.Errorf("%s: mentioned as %q, want %q", tt.line, m, tt.want)
		}
	}
}
