package revise

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"kith/internal/note"
)

// A matter is the front matter of a file that is being edited: where its keys and
// values are, as offsets of the file's text.
type matter struct {
	*editor
	format note.Format
	keys   []frontKey
	inside int // keys stand between brackets: where they begin; 0: each has lines of its own
}

// A frontKey is one key of the top level.
type frontKey struct {
	name  string
	start int
	colon int // after the colon or equals sign
	value frontValue
}

// A frontValue is where a value is written, and how.
type frontValue struct {
	from, start, end int // with its anchor and tag; without them
	style            style
	items            []frontValue // of a list
}

// matter finds the keys and values of the front matter. The places need not be
// right where the syntax is out of the common: what an edit makes of them is
// read again.
func (e *editor) matter() *matter {
	f := &matter{editor: e, format: e.front.Format}
	start, end := e.front.Start, e.front.End
	switch f.format {
	case note.YAML:
		f.readYAML(start, end)
	case note.TOML:
		f.readTOML(start, end)
	case note.JSON:
		f.readBraces(start, end)
	}
	return f
}

// quotes returns the sign that a text of a style stands in, 0 if there is none.
func (s style) quotes() byte {
	switch s {
	case single:
		return '\''
	case double:
		return '"'
	}
	return 0
}

// A style is how a value is written.
type style uint8

const (
	nothing style = iota
	plain
	single   // in single quotes
	double   // in double quotes
	lines3   // on several lines: a block scalar, a text in three quotes
	brackets // a list in brackets
	braces   // a mapping in brackets
	dashes   // a list with a line for each item
	mapping  // a mapping with a line for each key
)

// inLines says whether a value has lines below its key.
func (s style) inLines() bool { return s == dashes || s == mapping }

func (f *matter) key(name string) *frontKey {
	for i := range f.keys {
		if strings.EqualFold(f.keys[i].name, name) {
			return &f.keys[i]
		}
	}
	return nil
}

func (f *matter) readYAML(start, end int) {
	var doc yaml.Node
	if yaml.Load([]byte(f.text[start:end]), &doc) != nil || len(doc.Content) == 0 {
		return
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return
	}
	if root.Style&yaml.FlowStyle != 0 {
		f.readBraces(start, end)
		return
	}
	above := f.note.Pos(start).Line - 1
	at := func(n *yaml.Node) int {
		return f.note.Offset(note.Pos{Line: above + int32(n.Line), Column: int32(n.Column)})
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		n := root.Content[i]
		k := frontKey{name: n.Value, start: at(n)}
		limit := end
		if i+2 < len(root.Content) {
			limit = lineStart(f.text, at(root.Content[i+2]))
		}
		k.start = max(k.start, lineStart(f.text, k.start)+leadingBlanks(f.text[lineStart(f.text, k.start):limit]))
		k.colon = k.start
		if c := f.text[k.start]; c == '"' || c == '\'' {
			k.colon = quoteEnd(f.text, k.start, limit, note.YAML)
		}
		colon := strings.IndexByte(f.text[k.colon:limit], ':')
		if colon < 0 {
			continue
		}
		k.colon += colon + 1
		k.value = yamlValue(f.text, k.colon, limit)
		f.keys = append(f.keys, k)
	}
}

// yamlValue finds the value between two offsets.
func yamlValue(text string, from, limit int) frontValue {
	v := frontValue{from: from, start: from, end: from}
	at := from + leadingBlanks(text[from:limit])
	for v.from = at; at < limit && (text[at] == '&' || text[at] == '!'); {
		at += wordLen(text[at:limit])
		at += leadingBlanks(text[at:limit])
	}
	below := false
	for at < limit && (text[at] == '\n' || text[at] == '#') { // the value begins on a line of its own
		at = min(lineStop(text, at)+1, limit)
		at += leadingBlanks(text[at:limit])
		below = true
	}
	if at >= limit {
		v.from = from
		return v
	}
	v.start = at
	if v.from == from || below && v.from >= lineStop(text, from) {
		v.from = at
	}
	last := lastLine(text, at, limit)
	switch c := text[at]; {
	case c == '"' || c == '\'':
		v.end = quoteEnd(text, at, limit, note.YAML)
		v.style = double
		if c == '\'' {
			v.style = single
		}
	case c == '[' || c == '{':
		v.items, v.end = flowItems(text, at, limit, note.YAML)
		v.style = brackets
		if c == '{' {
			v.items, v.style = nil, braces
		}
	case c == '|' || c == '>':
		v.style, v.end = lines3, lastTextLine(text, at, limit)
	case below && isDash(text[at:limit]):
		v.style, v.end = dashes, last
		indent := text[lineStart(text, at):at]
		var starts []int
		for i := lineStart(text, at); i < limit; i = lineStop(text, i) + 1 {
			if rest, ok := strings.CutPrefix(text[i:limit], indent); ok && isDash(rest) {
				starts = append(starts, i+len(indent))
			}
		}
		for i, s := range starts {
			stop := limit
			if i+1 < len(starts) {
				stop = lineStart(text, starts[i+1])
			}
			v.items = append(v.items, yamlValue(text, s+1, stop))
		}
	case below && keyLine.MatchString(text[at:lineStop(text, at)]):
		v.style, v.end = mapping, last
	default:
		v.style, v.end = plain, last
	}
	return v
}

var keyLine = regexp.MustCompile(`^("[^"]*"|'[^']*'|[^"'#][^#]*?):([ \t]|$)`)

func isDash(text string) bool {
	return strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "-\n") || strings.HasPrefix(text, "-\t") || text == "-"
}

// lastLine returns where the last line before limit ends that is neither blank
// nor a comment, without the comment at its end.
func lastLine(text string, at, limit int) int {
	end := at
	for i := at; i < limit; i = lineStop(text, i) + 1 {
		stop := min(lineStop(text, i), limit)
		line := text[i:stop]
		if c := commentAt(line); c >= 0 {
			line = line[:c]
		}
		if line = strings.TrimRight(line, " \t"); strings.TrimSpace(line) != "" {
			end = i + len(line)
		}
	}
	return end
}

// lastTextLine returns where the last line of a block scalar ends.
func lastTextLine(text string, at, limit int) int {
	end := min(lineStop(text, at), limit)
	for i := end + 1; i < limit; i = lineStop(text, i) + 1 {
		line := text[i:min(lineStop(text, i), limit)]
		if strings.TrimSpace(line) == "" {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			break
		}
		end = i + len(line)
	}
	return end
}

// commentAt returns where the comment of a line of YAML begins, or -1.
func commentAt(line string) int {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return i
		}
	}
	return -1
}

func leadingBlanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

func wordLen(s string) int {
	if n := strings.IndexAny(s, " \t\n"); n >= 0 {
		return n
	}
	return len(s)
}

// quoteEnd returns where the quoted text that begins at an offset ends.
func quoteEnd(text string, at, limit int, in note.Format) int {
	q := text[at]
	if three := strings.Repeat(string(q), 3); in == note.TOML && strings.HasPrefix(text[at:limit], three) {
		for i := at + 3; i < limit; i++ {
			switch {
			case text[i] == '\\' && q == '"':
				i++
			case strings.HasPrefix(text[i:limit], three):
				for i += 3; i < limit && text[i] == q; i++ { // quotes may stand before the last three
				}
				return i
			}
		}
		return limit
	}
	for i := at + 1; i < limit; i++ {
		switch {
		case text[i] == '\\' && q == '"':
			i++
		case text[i] != q:
		case in == note.YAML && q == '\'' && i+1 < limit && text[i+1] == q:
			i++
		default:
			return i + 1
		}
	}
	return limit
}

// flowItems finds what stands between the brackets at an offset, divided by
// commas, and where the brackets close.
func flowItems(text string, at, limit int, in note.Format) (items []frontValue, end int) {
	depth := 0
	var item frontValue
	flush := func() {
		if item.end > item.start {
			item.style = styleOf(text[item.start:], in)
			items = append(items, item)
		}
		item = frontValue{}
	}
	took := func(from, to int) {
		if item.end == 0 {
			item.from, item.start = from, from
		}
		item.end = to
	}
	fresh := true // a quote here begins a text
	for i := at; i < limit; {
		next := i + 1
		switch c := text[i]; {
		case (c == '"' || c == '\'') && (fresh || in != note.YAML):
			next = quoteEnd(text, i, limit, in)
			took(i, next)
			fresh = false
		case c == '#' && in != note.JSON && (in == note.TOML || i > 0 && strings.IndexByte(" \t\n", text[i-1]) >= 0):
			next = lineStop(text, i)
		case c == '[' || c == '{':
			if depth++; depth > 1 {
				took(i, next)
			}
			fresh = true
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				flush()
				return items, next
			}
			took(i, next)
			fresh = false
		case c == ',' && depth == 1:
			flush()
			fresh = true
		case c == ' ' || c == '\t' || c == '\n':
		default:
			took(i, next)
			fresh = c == ':' || c == ',' || c == '='
		}
		i = next
	}
	flush()
	return items, limit
}

func styleOf(text string, in note.Format) style {
	switch {
	case in == note.TOML && (strings.HasPrefix(text, `"""`) || strings.HasPrefix(text, `'''`)):
		return lines3
	case text[0] == '"':
		return double
	case text[0] == '\'':
		return single
	case text[0] == '[':
		return brackets
	case text[0] == '{':
		return braces
	}
	return plain
}

// readBraces finds the keys of JSON, or of YAML that is written between brackets.
func (f *matter) readBraces(start, end int) {
	open := strings.IndexByte(f.text[start:end], '{')
	if open < 0 {
		return
	}
	f.inside = start + open + 1
	items, _ := flowItems(f.text, start+open, end, f.format)
	for _, it := range items {
		k := frontKey{start: it.start, colon: it.start}
		if it.style == double || it.style == single {
			k.colon = quoteEnd(f.text, it.start, it.end, f.format)
		}
		colon := strings.IndexByte(f.text[k.colon:it.end], ':')
		if colon < 0 {
			continue
		}
		k.name = unquoted(strings.TrimSpace(f.text[it.start : k.colon+colon]))
		k.colon += colon + 1
		if f.format == note.YAML {
			k.value = yamlValue(f.text, k.colon, it.end)
		} else {
			k.value = f.flatValue(k.colon, it.end)
		}
		f.keys = append(f.keys, k)
	}
}

// flatValue finds the value between two offsets, of TOML or JSON.
func (f *matter) flatValue(from, limit int) frontValue {
	v := frontValue{from: from, start: from, end: from}
	v.start += len(f.text[from:limit]) - len(strings.TrimLeft(f.text[from:limit], " \t\n"))
	v.from = v.start
	if v.start == limit {
		return v
	}
	switch v.style = styleOf(f.text[v.start:], f.format); v.style {
	case brackets:
		v.items, v.end = flowItems(f.text, v.start, limit, f.format)
	case braces:
		_, v.end = flowItems(f.text, v.start, limit, f.format)
	case single, double, lines3:
		v.end = quoteEnd(f.text, v.start, limit, f.format)
	default:
		v.end = min(lineStop(f.text, v.start), limit)
		if c := strings.IndexByte(f.text[v.start:v.end], '#'); c >= 0 {
			v.end = v.start + c
		}
		v.end = v.start + len(strings.TrimRight(f.text[v.start:v.end], " \t"))
	}
	return v
}

// readTOML finds the keys before the first table.
func (f *matter) readTOML(start, end int) {
	for at := start; at < end; at = min(lineStop(f.text, at)+1, end) {
		at += leadingBlanks(f.text[at:end])
		if at == end || f.text[at] == '[' {
			return
		}
		if f.text[at] == '\n' || f.text[at] == '#' {
			continue
		}
		k := frontKey{start: at, colon: at}
		if f.text[at] == '"' || f.text[at] == '\'' {
			k.colon = quoteEnd(f.text, at, end, note.TOML)
		}
		equals := strings.IndexByte(f.text[k.colon:end], '=')
		if equals < 0 {
			return
		}
		k.name = unquoted(strings.TrimSpace(f.text[at : k.colon+equals]))
		k.colon += equals + 1
		k.value = f.flatValue(k.colon, end)
		f.keys = append(f.keys, k)
		at = k.value.end
	}
}

// unquoted returns a key without its quotes.
func unquoted(key string) string {
	if len(key) > 1 && key[0] == '"' {
		if text, err := strconv.Unquote(key); err == nil {
			return text
		}
	}
	if len(key) > 1 && key[0] == '\'' && key[len(key)-1] == '\'' {
		return key[1 : len(key)-1]
	}
	return key
}

// replace returns the ways of putting a value in the place of that of a key.
func (f *matter) replace(k *frontKey, old, v note.Value) [][]splice {
	o := k.value
	flow := f.inside > 0
	text := f.format.Spell(v, o.style.quotes(), flow)
	var ways [][]splice
	if v.Shape == note.List && old.Shape == note.List && len(o.items) == len(old.Items) && (o.style == brackets || o.style == dashes && len(v.Items) > 0) {
		if s, ok := f.replaceItems(o, old.Items, v.Items); ok {
			ways = append(ways, s)
		}
	}
	gap := " "
	switch {
	case o.style == nothing:
		return [][]splice{{{k.colon, k.colon, gap + text}}}
	case o.style.inLines():
		line := lineStop(f.text, k.colon)
		return append(ways,
			[]splice{{k.colon, k.colon, gap + text}, {line, o.end, ""}},
			[]splice{{k.colon, o.end, gap + text}})
	}
	ways = append(ways, []splice{{o.start, o.end, text}})
	if o.from < o.start {
		ways = append(ways, []splice{{o.from, o.end, text}})
		if s, ok := f.moveAnchor(o); ok {
			ways = append(ways, []splice{{o.from, o.end, text}, s})
		}
	}
	return ways
}

var anchor = regexp.MustCompile(`&[^ \t\n,\[\]{}]+`)

// moveAnchor writes a value that others refer to in the place of the first that
// does.
func (f *matter) moveAnchor(o frontValue) (splice, bool) {
	name := anchor.FindString(f.text[o.from:o.start])
	if name == "" {
		return splice{}, false
	}
	alias := regexp.MustCompile(`\*` + regexp.QuoteMeta(name[1:]) + `([ \t\n,\]}]|$)`)
	at := alias.FindStringIndex(f.text[o.end:f.front.End])
	if at == nil {
		return splice{}, false
	}
	start := o.end + at[0]
	return splice{start, start + len(name), f.text[o.from:o.end]}, true
}

// replaceItems returns the splices that make one list of another, which touch
// only the items that differ.
func (f *matter) replaceItems(o frontValue, old, items []note.Value) ([]splice, bool) {
	same := func(a, b note.Value) bool { return canonical(a) == canonical(b) }
	head := 0
	for head < min(len(old), len(items)) && same(old[head], items[head]) {
		head++
	}
	tail := 0
	for tail < min(len(old), len(items))-head && same(old[len(old)-1-tail], items[len(items)-1-tail]) {
		tail++
	}
	flow := o.style == brackets
	var splices []splice
	i := head
	for ; i < len(old)-tail && i < len(items)-tail; i++ {
		it := o.items[i]
		if it.style == nothing || it.style.inLines() {
			return nil, false
		}
		splices = append(splices, splice{it.start, it.end, f.format.Spell(items[i], it.style.quotes(), flow)})
	}
	switch {
	case i < len(old)-tail && flow:
		splices = append(splices, f.cut(spansOf(o.items), i, len(old)-tail))
	case i < len(old)-tail:
		from, to := f.itemLine(o.items[i]), lineStop(f.text, o.items[len(old)-tail-1].end)
		splices = append(splices, splice{from, min(to+1, len(f.text)), ""})
	case i < len(items)-tail:
		like := plain
		if len(old) > 0 {
			like = o.items[max(i-1, 0)].style
		}
		var texts []string
		for _, it := range items[i : len(items)-tail] {
			texts = append(texts, f.format.Spell(it, like.quotes(), flow))
		}
		splices = append(splices, f.addItems(o, i, texts))
	}
	return splices, true
}

func spansOf(values []frontValue) (spans []span) {
	for _, v := range values {
		spans = append(spans, span{v.from, v.end})
	}
	return spans
}

// cut takes the i-th up to the j-th of what stands between brackets away.
func (f *matter) cut(spans []span, i, j int) splice {
	switch {
	case i > 0:
		return splice{spans[i-1].end, spans[j-1].end, ""}
	case j < len(spans):
		return splice{spans[0].start, spans[j].start, ""}
	}
	return splice{spans[0].start, spans[j-1].end, ""}
}

// itemLine returns where the line of an item with a dash begins.
func (f *matter) itemLine(v frontValue) int { return lineStart(f.text, v.start) }

// addItems writes items before the i-th of a list.
func (f *matter) addItems(o frontValue, i int, texts []string) splice {
	if o.style == brackets {
		switch {
		case i > 0:
			at := o.items[i-1].end
			gap := f.gap(spansOf(o.items), i)
			return splice{at, at, "," + gap + strings.Join(texts, ","+gap)}
		case len(o.items) > 0:
			at := o.items[0].from
			return splice{at, at, strings.Join(texts, ", ") + ", "}
		}
		return splice{o.start + 1, o.start + 1, strings.Join(texts, ", ")}
	}
	near := o.items[max(i-1, 0)]
	line := f.itemLine(near)
	prefix := dashPrefix.FindString(f.text[line:])
	if prefix == "" {
		prefix = "- "
	}
	lines := prefix + strings.Join(texts, "\n"+prefix)
	if i == 0 {
		return splice{line, line, lines + "\n"}
	}
	at := lineStop(f.text, near.end)
	return splice{at, at, "\n" + lines}
}

var dashPrefix = regexp.MustCompile(`^[ \t]*-[ \t]+`)

// gap returns what stands between the comma and the last of some things before
// the i-th, if that is nothing but space.
func (f *matter) gap(spans []span, i int) string {
	if i > 1 {
		between := f.text[spans[i-2].end:spans[i-1].start]
		if comma, gap, ok := strings.Cut(between, ","); ok && strings.TrimSpace(comma+gap) == "" {
			return gap
		}
	}
	if start := spans[0].start; i > 0 && f.inside > 0 { // the only key may have a line of its own
		if line := lineStart(f.text, start); strings.TrimSpace(f.text[line:start]) == "" {
			return "\n" + f.text[line:start]
		}
	}
	return " "
}

// add returns the ways of writing a new key.
func (f *matter) add(key string, v note.Value) [][]splice {
	name := f.format.SpellKey(key)
	if f.inside > 0 {
		text := name + ": " + f.format.Spell(v, 0, true)
		if len(f.keys) == 0 {
			if f.text[f.inside] == '\n' {
				text = "\n  " + text
			}
			return [][]splice{{{f.inside, f.inside, text}}}
		}
		at := f.keys[len(f.keys)-1].value.end
		return [][]splice{{{at, at, "," + f.gap(f.spans(), len(f.keys)) + text}}}
	}
	start, end := f.front.Start, f.front.End
	if f.format == note.JSON {
		return [][]splice{{{end, end, "{\n  " + name + ": " + f.format.Spell(v, 0, true) + "\n}\n"}}}
	}
	indent, sign := "", ": "
	if f.format == note.TOML {
		sign = " = "
	}
	at := start
	if f.format == note.YAML {
		at = end
	}
	if len(f.keys) > 0 {
		last := f.keys[len(f.keys)-1]
		at = min(lineStop(f.text, max(last.value.end, last.colon))+1, end)
		indent = f.text[lineStart(f.text, last.start):last.start]
		if f.format == note.TOML && last.value.start > last.colon {
			equals := strings.LastIndexByte(f.text[last.start:last.colon], '=')
			key := strings.TrimRight(f.text[last.start:last.start+equals], " \t")
			if gap := f.text[last.start+len(key) : last.value.start]; len(gap) <= len(sign) {
				sign = gap
			}
		} else if f.format == note.TOML {
			sign = "="
		}
	}
	text := indent + name + sign + f.format.Spell(v, 0, false) + "\n"
	if prefix, ok := f.dashes(); ok && v.Shape == note.List && len(v.Items) > 0 {
		text = indent + name + ":\n"
		for _, it := range v.Items {
			text += prefix + f.format.Spell(it, 0, false) + "\n"
		}
	}
	return [][]splice{{{at, at, text}}, {{end, end, text}}}
}

// dashes says whether the lists of a front matter have a line for each item, and
// how those begin.
func (f *matter) dashes() (prefix string, ok bool) {
	for _, k := range f.keys {
		switch k.value.style {
		case brackets:
			return "", false
		case dashes:
			return dashPrefix.FindString(f.text[lineStart(f.text, k.value.start):]), true
		}
	}
	return "", false
}

func (f *matter) spans() (spans []span) {
	for _, k := range f.keys {
		spans = append(spans, span{k.start, max(k.value.end, k.colon)})
	}
	return spans
}

// remove returns the ways of taking a key away.
func (f *matter) remove(k *frontKey) [][]splice {
	i := slices.IndexFunc(f.keys, func(other frontKey) bool { return other.start == k.start })
	if f.inside > 0 {
		return [][]splice{{f.cut(f.spans(), i, i+1)}}
	}
	line := splice{lineStart(f.text, k.start), min(lineStop(f.text, max(k.value.end, k.colon))+1, len(f.text)), ""}
	ways := [][]splice{{line}}
	if s, ok := f.moveAnchor(k.value); ok {
		ways = append(ways, []splice{line, s})
	}
	return ways
}

// valueAttempts returns the attempts to give a key a value.
func (e *editor) valueAttempts(key string, v note.Value) []attempt {
	var ways [][]splice
	name := strings.ToLower(key)
	switch old := note.Lookup(e.note.FrontMatter(), key); {
	case e.front.Open == "":
		text := note.YAML.SpellField(key, v, false)
		ways = [][]splice{{{0, 0, "---\n" + text + "\n---\n"}}}
	case old == nil:
		ways = e.matter().add(key, v)
	default:
		f := e.matter()
		k := f.key(key)
		switch {
		case k == nil: // a merge brings it in
			ways = f.add(key, v)
		case v.Shape == note.Null:
			ways = f.remove(k)
		default:
			ways = f.replace(k, old.Value, v)
		}
	}
	var attempts []attempt
	for _, splices := range ways {
		splices = inOrder(slices.Clone(splices))
		a := attempt{splices: splices, at: splices[0].start}
		if text := splices[0].text; splices[0].start == splices[0].end {
			a.at += max(strings.Index(strings.ToLower(text), name), 0)
		}
		a.gone = func(f fact) bool {
			return f.about == "key "+name || name == "name" && f.about == "name"
		}
		if v.Shape != note.Null {
			a.added = []fact{{about: "key " + name, text: canonical(v)}}
		}
		if name == "name" {
			to := e.Parse(e.note.Path, e.note.Kind, nil).Name
			if v.Shape == note.Scalar && strings.TrimSpace(v.Text) != "" && e.note.Kind != note.Journal {
				to = strings.Join(strings.Fields(v.Text), " ")
			}
			a.added = append(a.added, fact{about: "name", text: strconv.Quote(to)})
		}
		attempts = append(attempts, a)
	}
	return attempts
}

// setKey makes the edit of [SetKey].
func (e *editor) setKey(key string, v note.Value) (Change, error) {
	fields := e.note.FrontMatter()
	old := note.Lookup(fields, key)
	line := int(e.note.Pos(e.front.Start).Line)
	hint := "write it by hand: " + note.YAML.SpellField(key, v, false)
	if v.Shape == note.Null {
		hint = "take it out by hand"
	}
	switch {
	case e.note.Broken:
		pr := e.note.Problems[slices.IndexFunc(e.note.Problems, func(p note.Problem) bool { return p.Code == "bad-front-matter" || p.Code == "unclosed-front-matter" })]
		return Change{}, e.refuse(pr.Line, fmt.Sprintf("cannot set %s: %s", key, pr.Message), pr.Hint)
	case strings.TrimSpace(key) != key || key == "" || !utf8.ValidString(fmt.Sprint(key, v)):
		return Change{}, e.refuse(0, fmt.Sprintf("%q is no key of a front matter, or its value is no text", key), "")
	case old == nil && v.Shape == note.Null, old != nil && canonical(old.Value) == canonical(v):
		return Change{Source: e.src}, nil
	case old != nil:
		line += int(old.Pos.Line) - 1
	}
	return e.try("set "+key, hint, line, e.valueAttempts(key, v)...)
}

// addToList makes the edit of [AddToList].
func (e *editor) addToList(key, item string) (Change, error) {
	v := note.ListValue(item)
	if old := note.Lookup(e.note.FrontMatter(), key); old != nil {
		if old.Value.Shape == note.Mapping {
			return Change{}, e.refuse(int(old.Pos.Line+e.note.Pos(e.front.Start).Line)-1, key+" is a map, not a list", "add to it by hand")
		}
		v.Items = append(slices.Clone(note.Listed(*old)), v.Items...)
		for _, it := range v.Items[:len(v.Items)-1] {
			if canonical(it) == canonical(note.TextValue(item)) {
				return Change{Source: e.src}, nil
			}
		}
	}
	return e.setKey(key, v)
}
