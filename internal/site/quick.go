package site

import (
	"html/template"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// A template of the theme that does no more than put the fields of its model in
// their places is executed here, in a tenth of the time that html/template takes:
// a site has as many pages as there are people. What html/template made of the
// template, to make it safe, is what is executed; anything that is not known here
// is left to it, as is a value that it would have to change.

// A step appends what a part of a template makes of a value to b. ok is false if
// it cannot.
type step func(b []byte, v reflect.Value) (_ []byte, ok bool)

// quick returns the step for a template that was executed before and so made
// safe, or nil.
func quick(t *template.Template, name string, model reflect.Type) step {
	return quickCompiler{Template: t}.template(name, model)
}

type quickCompiler struct {
	*template.Template
	within []string // the templates that are being compiled: one that shows itself is left to html/template
}

func (c quickCompiler) template(name string, model reflect.Type) step {
	t := c.Lookup(name)
	if t == nil || t.Tree == nil || slices.Contains(c.within, name) {
		return nil
	}
	return quickCompiler{t, append(slices.Clip(c.within), name)}.list(t.Tree.Root, model)
}

func (c quickCompiler) list(l *parse.ListNode, t reflect.Type) step {
	if l == nil {
		return func(b []byte, _ reflect.Value) ([]byte, bool) { return b, true }
	}
	var steps []step
	for _, n := range l.Nodes {
		s := c.node(n, t)
		if s == nil {
			return nil
		}
		steps = append(steps, s)
	}
	return func(b []byte, v reflect.Value) (_ []byte, ok bool) {
		for _, s := range steps {
			if b, ok = s(b, v); !ok {
				return b, false
			}
		}
		return b, true
	}
}

func (c quickCompiler) node(n parse.Node, t reflect.Type) step {
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(b []byte, _ reflect.Value) ([]byte, bool) { return append(b, text...), true }
	case *parse.ActionNode:
		return c.action(n.Pipe, t)
	case *parse.IfNode:
		return c.branch(n.BranchNode, t, false)
	case *parse.WithNode:
		return c.branch(n.BranchNode, t, true)
	case *parse.RangeNode:
		return c.each(n.BranchNode, t)
	case *parse.TemplateNode:
		get, to := c.value(n.Pipe, t)
		if get == nil {
			return nil
		}
		s := c.template(n.Name, to)
		if s == nil {
			return nil
		}
		return func(b []byte, v reflect.Value) ([]byte, bool) { return s(b, get(v)) }
	}
	return nil
}

// value returns how to get the value of a pipe that is a field, or the dot.
func (c quickCompiler) value(p *parse.PipeNode, t reflect.Type) (get func(reflect.Value) reflect.Value, to reflect.Type) {
	if p == nil || len(p.Decl) > 0 || len(p.Cmds) != 1 {
		return nil, nil
	}
	return c.argument(p.Cmds[0], t)
}

func (c quickCompiler) argument(cmd *parse.CommandNode, t reflect.Type) (get func(reflect.Value) reflect.Value, to reflect.Type) {
	if len(cmd.Args) != 1 {
		return nil, nil
	}
	var path []int
	switch n := cmd.Args[0].(type) {
	case *parse.DotNode:
	case *parse.FieldNode:
		for _, name := range n.Ident {
			if t.Kind() != reflect.Struct {
				return nil, nil
			}
			f, ok := t.FieldByName(name)
			if !ok || !f.IsExported() || len(f.Index) != 1 {
				return nil, nil
			}
			path, t = append(path, f.Index[0]), f.Type
		}
	default:
		return nil, nil
	}
	return func(v reflect.Value) reflect.Value {
		for _, i := range path {
			v = v.Field(i)
		}
		return v
	}, t
}

func (c quickCompiler) branch(n parse.BranchNode, t reflect.Type, with bool) step {
	get, to := c.value(n.Pipe, t)
	if get == nil {
		return nil
	}
	within := t
	if with {
		within = to
	}
	then, otherwise, holds := c.list(n.List, within), c.list(n.ElseList, t), truth(to.Kind())
	if then == nil || otherwise == nil || holds == nil {
		return nil
	}
	return func(b []byte, v reflect.Value) ([]byte, bool) {
		got := get(v)
		switch {
		case !holds(got):
			return otherwise(b, v)
		case with:
			return then(b, got)
		}
		return then(b, v)
	}
}

// truth returns what a template takes for true of a kind of values.
func truth(k reflect.Kind) func(reflect.Value) bool {
	switch k {
	case reflect.String, reflect.Slice:
		return func(v reflect.Value) bool { return v.Len() > 0 }
	case reflect.Bool:
		return reflect.Value.Bool
	case reflect.Int:
		return func(v reflect.Value) bool { return v.Int() != 0 }
	case reflect.Struct:
		return func(reflect.Value) bool { return true }
	}
	return nil
}

func (c quickCompiler) each(n parse.BranchNode, t reflect.Type) step {
	get, to := c.value(n.Pipe, t)
	if get == nil || to.Kind() != reflect.Slice {
		return nil
	}
	item, otherwise := c.list(n.List, to.Elem()), c.list(n.ElseList, t)
	if item == nil || otherwise == nil {
		return nil
	}
	return func(b []byte, v reflect.Value) (_ []byte, ok bool) {
		list := get(v)
		if list.Len() == 0 {
			return otherwise(b, v)
		}
		for i := range list.Len() {
			if b, ok = item(b, list.Index(i)); !ok {
				return b, false
			}
		}
		return b, true
	}
}

// What html/template puts behind a value, by where the value stands.
var (
	inText     = []string{"_html_template_htmlescaper"}
	inTitle    = []string{"_html_template_rcdataescaper"}
	inQuotes   = []string{"_html_template_attrescaper"}
	inTag      = []string{"_html_template_htmlnamefilter"}
	inFragment = []string{"_html_template_urlescaper", "_html_template_attrescaper"}
	firstInURL = []string{"_html_template_urlfilter", "_html_template_urlnormalizer", "_html_template_attrescaper"}
)

func (c quickCompiler) action(p *parse.PipeNode, t reflect.Type) step {
	if len(p.Decl) > 0 || len(p.Cmds) == 0 {
		return nil
	}
	get, to := c.argument(p.Cmds[0], t)
	if get == nil {
		return nil
	}
	var filters []string
	for _, cmd := range p.Cmds[1:] {
		name, ok := cmd.Args[0].(*parse.IdentifierNode)
		if !ok || len(cmd.Args) > 1 {
			return nil
		}
		filters = append(filters, name.Ident)
	}
	write := func(esc func(b []byte, text string) ([]byte, bool)) step {
		return func(b []byte, v reflect.Value) ([]byte, bool) { return esc(b, get(v).String()) }
	}
	asIs := func(b []byte, text string) ([]byte, bool) { return append(b, text...), true }
	switch is := func(f []string) bool { return slices.Equal(filters, f) }; {
	case to == reflect.TypeFor[template.HTML]() && is(inText), to == reflect.TypeFor[template.HTMLAttr]() && is(inTag):
		return write(asIs)
	case to == reflect.TypeFor[string]() && (is(inText) || is(inTitle) || is(inQuotes)):
		return write(func(b []byte, text string) ([]byte, bool) { return appendSafe(b, text), true })
	case to == reflect.TypeFor[string]() && is(inFragment):
		return write(func(b []byte, text string) ([]byte, bool) {
			return append(b, text...), plainAddress(text) && !strings.ContainsAny(text, "/#")
		})
	case to == reflect.TypeFor[template.URL]() && is(firstInURL):
		return write(func(b []byte, text string) ([]byte, bool) { return appendAddress(b, text), true })
	case to == reflect.TypeFor[string]() && is(firstInURL):
		return write(func(b []byte, text string) ([]byte, bool) { return append(b, text...), plainAddress(text) })
	}
	return nil
}

// appendSafe appends a text as html/template escapes it.
func appendSafe(b []byte, text string) []byte {
	const signs = "\x00\"&'+<>"
	for {
		i := strings.IndexAny(text, signs)
		if i < 0 {
			return append(b, text...)
		}
		b = append(b, text[:i]...)
		b = append(b, [...]string{"\uFFFD", "&#34;", "&amp;", "&#39;", "&#43;", "&lt;", "&gt;"}[strings.IndexByte(signs, text[i])]...)
		text = text[i+1:]
	}
}

// appendAddress appends an address that is known to be safe as html/template does.
func appendAddress(b []byte, text string) []byte {
	if plainAddress(text) {
		return append(b, text...)
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '+':
			b = append(b, "&#43;"...)
		case strings.IndexByte("!#$*,/:;=?@[]-._~", c) >= 0, '0' <= c && c <= '9', 'a' <= c|0x20 && c|0x20 <= 'z',
			c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			b = append(b, c)
		default:
			b = append(b, '%', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return b
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// plainAddress says whether an address has nothing in it that is to be changed.
func plainAddress(text string) bool {
	for _, c := range []byte(text) {
		if c != '-' && c != '.' && c != '/' && c != '_' && c != '#' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
