// Package templates holds the built-in theme: what the pages of the site look
// like. A file of the same name in the folder templates of a journal takes the
// place of the one here; all others stay.
//
//	pages/      one template for each kind of page; it defines "main"
//	partials/   what pages share: layout.html is the page around "main"
//	styles/     copied to assets/; every page asks for each of them, in the order of their names
//	scripts/    the same, with defer
//	images/     copied to assets/
//
// The templates are those of Go's html/template, which escapes what it is given.
// One that is a file is called by its name: {{template "partials/problem.html" .}}.
//
// # What a page can show
//
// Every page has .Page: .Page.Title, .Page.Journal (the title of the journal),
// .Page.Root (what leads to the root of the site: "" or "../"), .Page.Assets (the
// elements for styles and scripts), .Page.Nav (links), .Page.Today, .Page.Pinned.
//
// Lists of many come as ready HTML, since a template takes its time for every
// value: "items" below are <li> elements, to be put into a list. They are
// styled by their classes and attributes; a contact's has data-contact, in a due
// list data-due and data-state too. What a page lacks is empty, so {{if .Asks}}
// asks whether there is anything.
//
//	index     .Day .Cards .Due (items) .DueAll .Ahead (links) .Dates .Promises .Done (items)
//	          .Problems (link) .People (their number);
//	          a card has .Attrs .Href .Name .Face .Who .Why .LastWhen .LastHead .Last
//	          .Asks .Promises .Needs .Ways (items)
//	due       .Count .Groups; a group has .Label .Id .People (items)
//	contacts  .Count .Groups, as above, .Archived (items)
//	contact   .Name .Face .Aliases .Who .Status .Ways (items) .Problems .Prose .Met .Stand
//	          .Reasons .Asks .Promises .Kept .News .Needs .Offers .Dates .Circles (items)
//	          .Tags .Extra (.Label .Text) .Years (.Label, .Entries items) .Mentions (items) .Source
//	journal   .Heat (a picture) .Months .Prose .Years (links) .More;
//	          a month has .Label .Id .Days, a day .Id .When .Prose .Entries (items)
//	year      .Year .Heat (a picture) .Months .Prose (.Title .HTML) .Earlier .Later (links)
//	circles   .Circles, each with .Href .Name .Every .People .Ready
//	circle    .Name .Every .Count .Rhythm .Prose .Drifting .People (items) .Source
//	tags      .Tags (links)
//	tag       .Tag .People (items) .Months .Notes (links) .More
//	give-and-take .Thanks .Unheard .Introductions .Helped .Given .InNeed .Bars (items)
//	dates     .Months (groups) .Letters (links) .Calendar (address)
//	network   .Sentence .Drawing (a picture) .Key .Introductions .Together (items)
//	          .MoreIntroduced .MoreTogether (numbers)
//	insights  .Touches .Load (pictures) .Circles .Silences (items) .Months (rows of a table),
//	          and a sentence on each: .TouchesSay .LoadSays .CirclesSay .SilencesSay
//	problems  .Errors .Warnings .Files (.File .Href .Problems)
//	404       nothing more
//	help      .Topics (links)
//	topic     .HTML
//
// A link has .Href .Label .Note, a problem .Error .Place .Message .Hint .Before
// .After (the line of the file, cut at the place).
package templates

import "embed"

// FS is the theme as it lies on disk.
//
//go:embed pages partials styles images
var FS embed.FS
