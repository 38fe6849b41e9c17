package site

import "slices"

// An index has for each key the members that have it: the people of a circle, the
// notes with a tag. It never changes, and neither do its lists.
type index[K, M comparable] struct {
	lists map[K]*list[M]
}

// A list of an index is in no order. There is a new one if a member is not as it
// was, so that the pointer to it stands for what is in it.
type list[M comparable] struct{ members []M }

// members returns those that have a key.
func (x *index[K, M]) members(key K) []M {
	if l := x.lists[key]; l != nil {
		return l.members
	}
	return nil
}

// changes are members that are no longer there, and others that are new.
type changes[M comparable] struct{ gone, come []M }

// add notes that a member was one thing and is another; the zero M is nothing.
func (c *changes[M]) add(was, is M) {
	var nothing M
	if was == is {
		return
	}
	if was != nothing {
		c.gone = append(c.gone, was)
	}
	if is != nothing {
		c.come = append(c.come, is)
	}
}

// next returns the index after some changes; it is x itself if they touch
// nothing in it. appendKeys appends the keys of a member to a list.
func (x *index[K, M]) next(c changes[M], appendKeys func([]K, M) []K) *index[K, M] {
	touched := map[K]*list[M]{} // those that are new
	touch := func(k K) *list[M] {
		l := touched[k]
		if l == nil {
			l = &list[M]{}
			touched[k] = l
		}
		return l
	}
	var keys []K
	for _, m := range c.gone {
		keys = appendKeys(keys[:0], m)
		for _, k := range keys {
			touch(k)
		}
	}
	for _, m := range c.come {
		keys = appendKeys(keys[:0], m)
		for _, k := range keys {
			l := touch(k)
			l.members = append(l.members, m)
		}
	}
	if x != nil && len(touched) == 0 {
		return x
	}
	gone := func(m M) bool { return slices.Contains(c.gone, m) } // a save has one or two
	if len(c.gone) > fewNotes {
		all := make(map[M]bool, len(c.gone))
		for _, m := range c.gone {
			all[m] = true
		}
		gone = func(m M) bool { return all[m] }
	}
	next := &index[K, M]{lists: make(map[K]*list[M], len(touched))}
	if x != nil {
		for k, l := range x.lists {
			next.lists[k] = l
		}
	}
	for k, l := range touched {
		if old := next.lists[k]; old != nil {
			members := make([]M, 0, len(old.members)+len(l.members))
			for _, m := range old.members {
				if !gone(m) {
					members = append(members, m)
				}
			}
			l.members = append(members, l.members...)
		}
		if next.lists[k] = l; len(l.members) == 0 {
			delete(next.lists, k)
		}
	}
	return next
}
