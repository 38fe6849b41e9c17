package note

import "testing"

// usual is a note as most are.
const usual = `---
name: Bruno Pelfeld
every: P4M
circles: [lisbon]
tags: [cycling]
email: bruno-pelfeld@example.org
phone: "+351 21 0005790"
via: "[[Marta Ysowski]]"
role: engineer
company: Sol & Ran
birthday: 03-05
---
Laughed about the letter that went to the wrong house for a year. Often seen with [[Ulla Wexskov]].

Will be abroad until the end of the month, then back for good.

## Log

- 2026-11-08 tea offered: The contract is signed; now the work begins.
- 2026-10-16 meeting offered: It rained, so we sorted ` + "`index.md`" + ` by hand. Met [[Maja Gollow|Maja]] there.
- 2026-08-27 tea gave: There is a plan to move the whole workshop before the winter.
- 2026-07-15 > message: We talked about the boats, *the weather* and the price of paper. #health
- 2026-06-02 <- email got: Thinks the committee will decide in spring, or never.
- 2026-03-01 They asked after everybody, and remembered all the names.
- 2026-01-20 email to them asked: It rained. Met [[asha-norden]] there.
- 2025-12-01 > email: There was soup. There is always soup.
- 2025-11-23 Wants to read the draft when it is no longer embarrassing.

  Sent three pages, see [the list](https://example.org/list), and one drawing.

- 2025-08-13 Will look over the figures before they go out.
`

func BenchmarkParse(b *testing.B) {
	p := NewParser(Kinds{})
	b.ReportAllocs()
	b.SetBytes(int64(len(usual)))
	for b.Loop() {
		p.Parse("content/contacts/bruno-pelfeld.md", Contact, []byte(usual))
	}
}

func BenchmarkContent(b *testing.B) {
	p := NewParser(Kinds{})
	n := p.Parse("content/contacts/bruno-pelfeld.md", Contact, []byte(usual))
	b.ReportAllocs()
	b.SetBytes(int64(len(usual)))
	for b.Loop() {
		p.Show(n, func(*Content) {})
	}
}
