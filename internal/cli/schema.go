package cli

import (
	"github.com/spf13/cobra"

	"kith/internal/note"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "the JSON schema of the front matter",
		Long:    "Writes the JSON schema of a contact's front matter, for editors and programs that\ncheck YAML by one.",
		Example: "  kith schema > people.schema.json",
		Args:    args(0, 0, "kith schema --help shows what it takes"),
		RunE:    func(*cobra.Command, []string) error { return a.printJSON(frontSchema()) },
	}
}

// A schema is a JSON schema, as far as front matter needs one.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Type        []string           `json:"type,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Additional  *schema            `json:"additionalProperties,omitempty"`
}

// frontSchema is the schema of a contact's front matter, made of the table of its keys. A
// key that is not in it is kept, and so is allowed.
func frontSchema() *schema {
	s := &schema{
		Schema: "https://json-schema.org/draft/2020-12/schema", Title: "The front matter of a contact",
		Type: []string{"object"}, Properties: map[string]*schema{},
	}
	for _, k := range note.Keys(note.Contact) {
		of := formSchema(k.Form)
		of.Description = k.About
		s.Properties[k.Name] = of
	}
	return s
}

// The forms of days. What a day is, a pattern says only roughly.
const (
	dayPattern    = `^(\[\[)?\d{4}[-/]\d{2}[-/]\d{2}([T ].*)?(\]\])?$`
	yearlyPattern = `^(\d{4}-|--)?\d{2}-\d{2}$`
)

// formSchema is the schema of a value. Null is the absence of one.
func formSchema(form note.Form) *schema {
	text := []string{"string", "number", "boolean"} // which are taken as they are written
	switch form {
	case note.TextsForm, note.PeopleForm:
		return &schema{Type: append(text, "array", "null"), Items: &schema{Type: text}}
	case note.CadenceForm:
		return &schema{Type: []string{"string", "integer", "null"}}
	case note.DateForm:
		return &schema{Type: []string{"string", "null"}, Pattern: dayPattern}
	case note.BirthdayForm:
		return &schema{Type: []string{"string", "null"}, Pattern: yearlyPattern}
	case note.DatesForm:
		return &schema{Type: []string{"object", "null"}, Additional: &schema{Type: []string{"string"}, Pattern: yearlyPattern}}
	case note.LinksForm:
		return &schema{Type: []string{"object", "array", "string", "null"}, Items: &schema{Type: []string{"string"}}, Additional: &schema{Type: []string{"string"}}}
	case note.StatusForm:
		return &schema{Type: []string{"string", "null"}, Enum: note.StatusWords()}
	}
	return &schema{Type: append(text, "null")}
}
