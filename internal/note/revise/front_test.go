package revise

import (
	"testing"

	"kith/internal/note"
)

// setCases are front matters, and what becomes of them when every is set to "3
// months".
var setCases = []editCase{
	{name: "plain", before: "---\nname: Ada\nevery: 6 weeks\n---\nx\n", after: "---\nname: Ada\nevery: 3 months\n---\nx\n"},
	{name: "with a comment", before: "---\nevery:   6 weeks   # or so\nname: Ada\n---\n", after: "---\nevery:   3 months   # or so\nname: Ada\n---\n"},
	{name: "double quotes", before: "---\nevery: \"6 weeks\" # \"or\" so\n---\n", after: "---\nevery: \"3 months\" # \"or\" so\n---\n"},
	{name: "single quotes", before: "---\n'every': '6 ''weeks' # or so\n---\n", after: "---\n'every': '3 months' # or so\n---\n"},
	{name: "upper case", before: "---\nEVERY: 6 weeks\n---\n", after: "---\nEVERY: 3 months\n---\n"},
	{name: "no value", before: "---\nevery:\nname: Ada\n---\n", after: "---\nevery: 3 months\nname: Ada\n---\n"},
	{name: "no value but a comment", before: "---\nevery: # ?\nname: Ada\n---\n", after: "---\nevery: 3 months # ?\nname: Ada\n---\n"},
	{name: "tilde", before: "---\nevery: ~\n---\n", after: "---\nevery: 3 months\n---\n"},
	{name: "on the next line", before: "---\nevery:\n  6 weeks # so\nname: Ada\n---\n", after: "---\nevery:\n  3 months # so\nname: Ada\n---\n"},
	{name: "on several lines", before: "---\nevery: 6\n  weeks\n\n# about the name\nname: Ada\n---\n", after: "---\nevery: 3 months\n\n# about the name\nname: Ada\n---\n"},
	{name: "quoted on several lines", before: "---\nevery: \"6\n  weeks\" # x\nname: Ada\n---\n", after: "---\nevery: \"3 months\" # x\nname: Ada\n---\n"},
	{name: "block scalar", before: "---\nevery: |-\n  6 weeks\n\n# about the name\nname: Ada\n---\n", after: "---\nevery: 3 months\n\n# about the name\nname: Ada\n---\n"},
	{name: "list", before: "---\nevery: # two\n  - 6 weeks # one\n  - x\n# name\nname: Ada\n---\n", after: "---\nevery: 3 months # two\n# name\nname: Ada\n---\n"},
	{name: "flow list", before: "---\nevery: [6 weeks, # a\n  x]\nname: Ada\n---\n", after: "---\nevery: 3 months\nname: Ada\n---\n"},
	{name: "map", before: "---\nevery:\n  a: 6 weeks\n  b: x\nname: Ada\n---\n", after: "---\nevery: 3 months\nname: Ada\n---\n"},
	{name: "anchor", before: "---\nevery: &e 6 weeks # x\n---\n", after: "---\nevery: &e 3 months # x\n---\n"},
	{name: "anchor that is used", before: "---\nevery: &e 6 weeks # x\nother: *e\nmore: *e\n---\n", after: "---\nevery: 3 months # x\nother: &e 6 weeks\nmore: *e\n---\n"},
	{name: "alias", before: "---\nother: &e 6 weeks\nevery: *e # x\n---\n", after: "---\nother: &e 6 weeks\nevery: 3 months # x\n---\n"},
	{name: "merge", before: "---\nbase: &b {every: 1w}\n<<: *b\nname: Ada\n---\n", after: "---\nbase: &b {every: 1w}\n<<: *b\nname: Ada\nevery: 3 months\n---\n"},
	{name: "tag", before: "---\nevery: !!str 6 weeks\n---\n", after: "---\nevery: !!str 3 months\n---\n"},
	{name: "new", before: "---\n# who\nname: Ada # Lovelace\n# end\n---\nx\n", after: "---\n# who\nname: Ada # Lovelace\nevery: 3 months\n# end\n---\nx\n"},
	{name: "new after a list", before: "---\ntags:\n  - a\n  - b # c\n\n---\nx\n", after: "---\ntags:\n  - a\n  - b # c\nevery: 3 months\n\n---\nx\n"},
	{name: "new after a block scalar", before: "---\nneeds: |+\n  a\n\n---\nx\n", after: "---\nneeds: |+\n  a\n\nevery: 3 months\n---\nx\n"},
	{name: "new in an empty one", before: "---\n---\nx\n", after: "---\nevery: 3 months\n---\nx\n"},
	{name: "new among comments", before: "---\n# nothing yet\n---\nx\n", after: "---\n# nothing yet\nevery: 3 months\n---\nx\n"},
	{name: "the fence is the last line", before: "---\nname: Ada\n---", after: "---\nname: Ada\nevery: 3 months\n---"},
	{name: "no front matter", before: "Prose.\n\n- 2026-01-01 x\n", after: "---\nevery: 3 months\n---\nProse.\n\n- 2026-01-01 x\n"},
	{name: "nothing", before: "", after: "---\nevery: 3 months\n---\n"},
	{name: "empty lines above", before: "\n\n---yaml\nname: Ada\n---\n", after: "\n\n---yaml\nname: Ada\nevery: 3 months\n---\n"},
	{name: "same", before: "---\nevery: '3 months'\n---\n", after: "---\nevery: '3 months'\n---\n"},
	{name: "flow style", before: "---\n{name: Ada, every: 6 weeks, tags: [a, b]} # x\n---\n", after: "---\n{name: Ada, every: 3 months, tags: [a, b]} # x\n---\n"},
	{name: "flow style, new", before: "---\n{name: 'A, b', tags: [a, b]}\n---\n", after: "---\n{name: 'A, b', tags: [a, b], every: 3 months}\n---\n"},
	{name: "flow style, empty", before: "---\n{}\n---\n", after: "---\n{every: 3 months}\n---\n"},
	{name: "flow style on lines", before: "---\n{\n  name: Ada, # x\n  tags: [a]\n}\n---\n", after: "---\n{\n  name: Ada, # x\n  tags: [a],\n  every: 3 months\n}\n---\n"},
	{name: "TOML", before: "+++\nname = \"Ada\"\nevery = \"6 weeks\" # or so\n[links]\nsite = \"x\"\n+++\n", after: "+++\nname = \"Ada\"\nevery = \"3 months\" # or so\n[links]\nsite = \"x\"\n+++\n"},
	{name: "TOML literal", before: "+++\n\"every\"='6 weeks'\n+++\n", after: "+++\n\"every\"='3 months'\n+++\n"},
	{name: "TOML three quotes", before: "+++\nevery = \"\"\"\n6 weeks\"\"\" # x\nname = 'Ada'\n+++\n", after: "+++\nevery = \"3 months\" # x\nname = 'Ada'\n+++\n"},
	{name: "TOML number", before: "+++\nevery = 42# x\n+++\n", after: "+++\nevery = \"3 months\"# x\n+++\n"},
	{name: "TOML list", before: "+++\nevery = [ # a ]\n  '6', [1]\n]\nname = 'Ada'\n+++\n", after: "+++\nevery = \"3 months\"\nname = 'Ada'\n+++\n"},
	{name: "TOML new", before: "+++\nname='Ada' # x\n\n# the rest\n[links]\nsite = \"x\"\n+++\n", after: "+++\nname='Ada' # x\nevery=\"3 months\"\n\n# the rest\n[links]\nsite = \"x\"\n+++\n"},
	{name: "TOML new above tables", before: "+++\n[links]\nsite = \"x\"\n+++\n", after: "+++\nevery = \"3 months\"\n[links]\nsite = \"x\"\n+++\n"},
	{name: "TOML between dashes", before: "---toml\nname = \"Ada\"\n---\n", after: "---toml\nname = \"Ada\"\nevery = \"3 months\"\n---\n"},
	{name: "JSON", before: ";;;\n{ \"name\": \"Ada\", \"every\": \"6 \\\"weeks\", \"tags\": [\"a\"] }\n;;;\n", after: ";;;\n{ \"name\": \"Ada\", \"every\": \"3 months\", \"tags\": [\"a\"] }\n;;;\n"},
	{name: "JSON number", before: ";;;\n{\"every\":42}\n;;;\n", after: ";;;\n{\"every\":\"3 months\"}\n;;;\n"},
	{name: "JSON null", before: ";;;\n{\"every\": null}\n;;;\n", after: ";;;\n{\"every\": \"3 months\"}\n;;;\n"},
	{name: "JSON new on lines", before: "{\n\t\"name\": \"Ada\",\n\t\"tags\": [\"a\", \"}\"]\n}\n\nx\n", after: "{\n\t\"name\": \"Ada\",\n\t\"tags\": [\"a\", \"}\"],\n\t\"every\": \"3 months\"\n}\n\nx\n"},
	{name: "JSON new after one", before: "{\n  \"name\": \"Ada\"\n}\n", after: "{\n  \"name\": \"Ada\",\n  \"every\": \"3 months\"\n}\n"},
	{name: "JSON empty", before: "---json\n{}\n---\n", after: "---json\n{\"every\": \"3 months\"}\n---\n"},
	{name: "JSON empty on lines", before: "{\n}\n", after: "{\n  \"every\": \"3 months\"\n}\n"},
	{name: "JSON nothing", before: ";;;\n;;;\nx\n", after: ";;;\n{\n  \"every\": \"3 months\"\n}\n;;;\nx\n"},
	{name: "broken", before: "---\nevery: [\n---\n", refused: "cannot set every: front matter is not YAML"},
	{name: "unclosed", before: "---\nevery: 6 weeks\n", refused: "never closed"},
}

func TestSetKey(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, setCases, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return SetKey(p, path, kind, src, "every", note.TextValue("3 months"))
	})
}

func TestRemoveKey(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "one of several", before: "---\nname: Ada\n# soon\nevery: 6 weeks # x\ntags: [a]\n---\n", after: "---\nname: Ada\n# soon\ntags: [a]\n---\n"},
		{name: "above a key with a problem", before: "---\nevery: 6 weeks\nstatus: gone\n---\n", after: "---\nstatus: gone\n---\n"},
		{name: "list", before: "---\nevery:\n- a\n- b # x\n# y\ntags: [a]\n---\n", after: "---\n# y\ntags: [a]\n---\n"},
		{name: "the only one", before: "---\nevery: 6 weeks\n---\nx\n", after: "---\n---\nx\n"},
		{name: "none", before: "---\nname: Ada\n---\nx\n", after: "---\nname: Ada\n---\nx\n"},
		{name: "no front matter", before: "x\n", after: "x\n"},
		{name: "anchor that is used", before: "---\nevery: &e 6 weeks\nother: [*e, x]\n---\n", after: "---\nother: [&e 6 weeks, x]\n---\n"},
		{name: "flow style", before: "---\n{name: Ada, every: 6 weeks, tags: [a]}\n---\n", after: "---\n{name: Ada, tags: [a]}\n---\n"},
		{name: "JSON first", before: "{\n  \"every\": 3,\n  \"name\": \"Ada\"\n}\n", after: "{\n  \"name\": \"Ada\"\n}\n"},
		{name: "JSON last", before: "{\n  \"name\": \"Ada\",\n  \"every\": [1, {\"a\": 2}]\n}\n", after: "{\n  \"name\": \"Ada\"\n}\n"},
		{name: "JSON only", before: ";;;\n{ \"every\": 3 }\n;;;\n", after: ";;;\n{  }\n;;;\n"},
		{name: "TOML", before: "+++\nname = 'Ada'\nevery = [\n 1, # x\n]\n[links]\n+++\n", after: "+++\nname = 'Ada'\n[links]\n+++\n"},
		{name: "merged", before: "---\nbase: &b {every: 1w}\n<<: *b\n---\n", refused: "cannot set every"},
		{name: "twice", before: "+++\nevery = '1w'\nEvery = '2w'\n+++\n", refused: "cannot set every"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return SetKey(p, path, kind, src, "every", note.Value{})
	})
}

func TestSetList(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "items that differ", before: "---\naliases:\n  - x # 1\n\n  - 'b' # 2\n  - z # 3\n---\n", after: "---\naliases:\n  - a b # 1\n\n  - 'b' # 2\n  - \"c: d\" # 3\n---\n"},
		{name: "items to add", before: "---\naliases:\n- a b # 1\n---\n", after: "---\naliases:\n- a b # 1\n- b\n- \"c: d\"\n---\n"},
		{name: "items to take away", before: "---\naliases: [a b, b, x, y, \"c: d\"] # all\n---\n", after: "---\naliases: [a b, b, \"c: d\"] # all\n---\n"},
		{name: "lines to take away", before: "---\naliases:\n  - a b\n  - b\n  - x # 1\n  - y\n  - \"c: d\"\n---\n", after: "---\naliases:\n  - a b\n  - b\n  - \"c: d\"\n---\n"},
		{name: "flow", before: "---\naliases: [b]\n---\n", after: "---\naliases: [a b, b, \"c: d\"]\n---\n"},
		{name: "text", before: "---\naliases: x # y\n---\n", after: "---\naliases: [a b, b, \"c: d\"] # y\n---\n"},
		{name: "new", before: "---\nname: Ada\n---\n", after: "---\nname: Ada\naliases: [a b, b, \"c: d\"]\n---\n"},
		{name: "new among lists on lines", before: "---\ntags:\n  - t\nname: Ada\n---\n", after: "---\ntags:\n  - t\nname: Ada\naliases:\n  - a b\n  - b\n  - \"c: d\"\n---\n"},
		{name: "TOML", before: "+++\naliases = ['x']\n+++\n", after: "+++\naliases = ['a b', 'b', 'c: d']\n+++\n"},
		{name: "JSON", before: "{\n  \"aliases\": [\n    \"a b\",\n    \"x\"\n  ]\n}\n", after: "{\n  \"aliases\": [\n    \"a b\",\n    \"b\",\n    \"c: d\"\n  ]\n}\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return SetKey(p, path, kind, src, "aliases", note.ListValue("a b", "b", "c: d"))
	})
}

func TestAddToList(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "flow", before: "---\naliases: [a, 'b'] # c\n---\n", after: "---\naliases: [a, 'b', 'Ada King'] # c\n---\n"},
		{name: "flow on lines", before: "---\naliases: [\n  a, # 1\n  b # 2\n]\n---\n", after: "---\naliases: [\n  a, # 1\n  b, Ada King # 2\n]\n---\n"},
		{name: "empty", before: "---\naliases: []\n---\n", after: "---\naliases: [Ada King]\n---\n"},
		{name: "dashes", before: "---\naliases:\n    -   a # c\n# d\nname: x\n---\n", after: "---\naliases:\n    -   a # c\n    -   Ada King\n# d\nname: x\n---\n"},
		{name: "text", before: "---\naliases: \"a\" # c\n---\n", after: "---\naliases: [a, Ada King] # c\n---\n"},
		{name: "nothing", before: "---\naliases:\nname: x\n---\n", after: "---\naliases: [Ada King]\nname: x\n---\n"},
		{name: "missing", before: "---\nname: x\n---\n", after: "---\nname: x\naliases: [Ada King]\n---\n"},
		{name: "there already", before: "---\naliases:\n  - Ada King\n---\n", after: "---\naliases:\n  - Ada King\n---\n"},
		{name: "there as a text", before: "---\naliases: 'Ada King'\n---\n", after: "---\naliases: 'Ada King'\n---\n"},
		{name: "TOML", before: "+++\naliases = [\n  'a', # c\n]\n+++\n", after: "+++\naliases = [\n  'a', 'Ada King', # c\n]\n+++\n"},
		{name: "JSON", before: ";;;\n{\"aliases\":[\"a\"]}\n;;;\n", after: ";;;\n{\"aliases\":[\"a\", \"Ada King\"]}\n;;;\n"},
		{name: "map", before: "---\naliases: {a: b}\n---\n", refused: "ada.md:2: aliases is a map"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddToList(p, path, kind, src, "aliases", "Ada King")
	})
}

// How a text is spelled in YAML where nothing is there to follow.
func TestSpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"6 weeks": "6 weeks", "6w": "6w", "2026-12-01": "2026-12-01", "12-10": "12-10", "Ada": "Ada", "never": "never",
		"yes": `"yes"`, "NO": `"NO"`, "null": `"null"`, "~": `"~"`, "0123": `"0123"`, "42": `"42"`, "1e3": `"1e3"`, "0x1F": `"0x1F"`, "1:30": `"1:30"`,
		"a: b": `"a: b"`, "a:b": "a:b", "a #b": `"a #b"`, "#x": `"#x"`, "[[Ada]]": `"[[Ada]]"`, "": `""`, " a": `" a"`, "a:": `"a:"`, "- a": `"- a"`,
		"&a": `"&a"`, "*a": `"*a"`, "@a": `"@a"`, "%a": `"%a"`, "!a": `"!a"`, "|": `"|"`, "a\nb": `"a\nb"`, "a\tb": `"a\tb"`, "\u0085": `"\u0085"`, "é, ü": "é, ü",
		`say "hi"`: `say "hi"`, `"hi"`: `'"hi"'`, `C:\x: "y"`: `'C:\x: "y"'`, `'a' "b": c`: `"'a' \"b\": c"`, "+49 30 1234": "+49 30 1234", "+4930": `"+4930"`,
		"2026-12-01 10:00": `"2026-12-01 10:00"`, "ada@example.org": "ada@example.org", "https://x.org/a": "https://x.org/a", "...": `"..."`, "---": `"---"`, "=": `"="`, "<<": `"<<"`,
	} {
		runEdits(t, adaPath, note.Contact, []editCase{{name: text, before: "---\nrole: x\n---\n", after: "---\nrole: " + want + "\n---\n"}},
			func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
				return SetKey(p, path, kind, src, "role", note.TextValue(text))
			})
	}
}

func TestSetName(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "there", before: "---\nname: Ada\n---\n[[Ada]]\n", after: "---\nname: Ada  King\n---\n[[Ada]]\n"},
		{name: "new", before: "---\nx: Ada\n---\n", after: "---\nx: Ada\nname: Ada  King\n---\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return SetKey(p, path, kind, src, "name", note.TextValue("Ada  King"))
	})
}

func TestRelink(t *testing.T) {
	t.Parallel()
	rename := func(target string) (string, bool) { return "Ada King", target == "Ada" || target == "Lovelace, Ada" }
	runEdits(t, adaPath, note.Contact, []editCase{
		{
			name: "everywhere", before: "---\nvia: \"[[Ada]]\" # [[Ada]]\nrole: \"[[Ada]]\"\n---\n# [[Ada]]\n[[Ada|her]] and [[ Ada ]], [[Adam]]. `[[Ada]]` \\[[Ada]]\n\n    [[Ada]]\n\n- 2026-01-01 call with [[Ada]]: [[Ada]] spoke\n- [ ] ask [[Ada]] by 2026-12-01\n",
			after: "---\nvia: \"[[Ada King]]\" # [[Ada]]\nrole: \"[[Ada]]\"\n---\n# [[Ada King]]\n[[Ada King|her]] and [[ Ada King ]], [[Adam]]. `[[Ada]]` \\[[Ada]]\n\n    [[Ada]]\n\n- 2026-01-01 call with [[Ada King]]: [[Ada King]] spoke\n- [ ] ask [[Ada King]] by 2026-12-01\n",
		},
		{name: "via without quotes", before: "---\nvia: [[Ada]]\n---\n", after: "---\nvia: [[Ada King]]\n---\n"},
		{name: "via with a comma", before: "---\nvia: [[Lovelace, Ada]] # x\n---\n", after: "---\nvia: [[Ada King]] # x\n---\n"},
		{name: "via on lines", before: "---\nvia:\n  - Bob\n  - '[[Ada|A]] and [[Bob]]' # x\n---\n", after: "---\nvia:\n  - Bob\n  - '[[Ada King|A]] and [[Bob]]' # x\n---\n"},
		{name: "via in a block scalar", before: "---\nvia: >-\n  by [[Ada]]\n---\n[[Ada]]\n", after: "---\nvia: by [[Ada King]]\n---\n[[Ada King]]\n"},
		{name: "via escaped", before: ";;;\n{\"via\": \"[[\\u0041da]]\"}\n;;;\n", after: ";;;\n{\"via\": \"[[Ada King]]\"}\n;;;\n"},
		{name: "TOML", before: "+++\nvia = ['[[Ada]]']\n+++\n", after: "+++\nvia = ['[[Ada King]]']\n+++\n"},
		{name: "nobody", before: "[[Bob]]\n", after: "[[Bob]]\n"},
		{name: "table", before: "|a|b|\n|-|-|\n|[[Ada]]|x|\n", after: "|a|b|\n|-|-|\n|[[Ada King]]|x|\n"},
		{name: "a label in a table", before: "|a|b|\n|-|-|\n|[[Ada\\|her]]|x|\n", after: "|a|b|\n|-|-|\n|[[Ada King\\|her]]|x|\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return Relink(p, path, kind, src, rename)
	})
	runEdits(t, adaPath, note.Contact, []editCase{{name: "no name", before: "x\n\n[[Ada]]\n", refused: "ada.md:3: \"A|B\" cannot be the name"}},
		func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
			return Relink(p, path, kind, src, func(string) (string, bool) { return "A|B", true })
		})
	for _, c := range []struct{ src, to, want string }{
		{"---\nvia: \"[[Ada]]\"\n---\n", `A "x" B`, "---\nvia: \"[[A \\\"x\\\" B]]\"\n---\n"},
		{"---\nvia: [[Ada]]\n---\n", "A: B", "---\nvia: \"[[A: B]]\"\n---\n"},
		{"---\nvia: '[[Ada]]'\n---\n", "O'Neill", "---\nvia: '[[O''Neill]]'\n---\n"},
	} {
		runEdits(t, adaPath, note.Contact, []editCase{{name: c.to, before: c.src, after: c.want}}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
			return Relink(p, path, kind, src, func(string) (string, bool) { return c.to, true })
		})
	}
}
