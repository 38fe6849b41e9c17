package site

import (
	"html/template"
	"slices"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

const promisesPath = "promises.html"

func (s *Site) promisesPages() []File {
	return []File{{Path: promisesPath, Inputs: promisesPage{s.frame, s.open.lists[true]}}}
}

// promisesPage shows every open promise and question, by person, due first.
type promisesPage struct {
	*frame
	open *list[*due.Row] // those with something open; nil if there are none
}

type promisesModel struct {
	Page   Page
	Groups []TaskGroup
}

// TaskGroup is people with something open, below a heading.
type TaskGroup struct {
	Label, Id string
	People    []PersonTasks
}

// PersonTasks is what is open with one person.
type PersonTasks struct {
	Attrs    template.HTMLAttr // data-contact
	Who      Name
	Promises []Task
	Asks     []Task
	Write    Way // the first way to write to them
}

// The groups of the page, in their order.
const (
	readyNow = iota
	withDate
	whenever
	onlyAsk
	taskGroups
)

var taskGroupNames = [taskGroups]struct{ label, id string }{
	readyNow: {"Ready now", "now"},
	withDate: {"With a date", "dated"},
	whenever: {"Whenever it suits", "whenever"},
	onlyAsk:  {"Only to ask", "ask"},
}

// withOpen returns the row of somebody with whom something is open; of others, nil.
func withOpen(r *due.Row) *due.Row {
	if r == nil || r.Contact.Front().Status == note.Memorial || !slices.ContainsFunc(r.Contact.Tasks, func(t journal.TaskRef) bool { return !t.Task().Done }) {
		return nil
	}
	return r
}

// openTasks returns what is open, those with the earliest due date first.
func openTasks(r *due.Row) []journal.TaskRef {
	open := slices.DeleteFunc(slices.Clone(r.Contact.Tasks), func(t journal.TaskRef) bool { return t.Task().Done })
	slices.SortStableFunc(open, due.CompareTasks)
	return open
}

func (p promisesPage) Render(b []byte) ([]byte, error) {
	m := promisesModel{Page: p.page(promisesPath, "Promises and questions", inPromises)}
	type open struct {
		row   *due.Row
		tasks []journal.TaskRef
		next  journal.TaskRef // the promise that is due first
	}
	var groups [taskGroups][]open
	if p.open != nil {
		for _, r := range p.open.members {
			o := open{row: r, tasks: openTasks(r)}
			group := onlyAsk
			if i := slices.IndexFunc(o.tasks, func(t journal.TaskRef) bool { return !t.Task().Ask }); i >= 0 {
				o.next = o.tasks[i]
				switch day := o.next.Task().Due; {
				case day.IsZero():
					group = whenever
				case day.After(p.today) || !r.Contact.Active():
					group = withDate
				default:
					group = readyNow
				}
			}
			groups[group] = append(groups[group], o)
		}
	}
	shown := 0
	for i, people := range groups {
		slices.SortFunc(people, func(a, b open) int {
			if a.next.File != nil && b.next.File != nil {
				if c := due.CompareTasks(a.next, b.next); c != 0 {
					return c
				}
			}
			return journal.CompareNames(a.row.Contact, b.row.Contact)
		})
		name := taskGroupNames[i]
		for part := range slices.Chunk(people, sectionSize) {
			g := TaskGroup{Label: name.label, Id: name.id}
			name.label, name.id = "", ""
			for _, o := range part {
				g.People = append(g.People, p.person(o.row, o.tasks, shown < mostDrafted))
				shown++
			}
			m.Groups = append(m.Groups, g)
		}
	}
	return p.theme.render(b, "promises", m)
}

// mostDrafted is how many people, from the top of the page, have a mail link that opens
// with a draft: a page of thousands would take as long as their own pages.
const mostDrafted = 300

// person is what is open with one person; drafted is whether the way to write to them
// opens with a draft.
func (p promisesPage) person(r *due.Row, open []journal.TaskRef, drafted bool) PersonTasks {
	c := r.Contact
	v := PersonTasks{Attrs: attrs(r, false), Who: called(c, ""), Write: write(c, "")}
	if drafted {
		v.Write = writeTo(c, p.draft(r.Brief(p.today, nil)), "")
	}
	for _, t := range open {
		to := &v.Promises
		if t.Task().Ask {
			to = &v.Asks
		}
		*to = append(*to, p.taskView(c.Slug, t, ""))
	}
	return v
}
