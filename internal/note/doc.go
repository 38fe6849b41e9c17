// Package note reads one Markdown file of a journal: bytes in, a [Note] out,
// with its front matter, entries, tasks, links and problems, each with its
// place. It is the only package that knows goldmark; with revise, which writes front
// matter, it alone knows YAML.
//
// Start at [Parser.Parse]. It makes one pass over the file: the fences are
// found and the front matter read into a [Front] (front.go, by way of the
// neutral [Value] that yaml.go, toml.go and json.go make), then goldmark parses
// the body with the extensions of markdown.go, which take the date (dateline.go) and
// header (header.go, phrases.go) off an entry's line before its inline text is parsed, and note
// every entry, task, wiki link and hashtag with its place. Front matter and bodies
// that are plain, as most are, take a shorter way (plainyaml.go, plain.go and
// plaininline.go), which fuzz tests hold to the long one.
//
// A Note holds facts and never changes. What it looks like is made when
// somebody looks: [Parser.Content] renders it to [Fragment]s of HTML with holes
// where links go, since where a link leads is known to the whole journal only.
//
// Who changes a note's text goes by [Parser.Blocks], which says where its entries,
// tasks and other blocks stand, and [Note.Fences], which says where the front matter
// does: package revise edits a note, package merge makes one of several.
//
// The language itself is described in FORMAT.md, whose section a rule comes
// from is named beside it.
package note
