package serve

import (
	"errors"
	"sync"
)

// cache holds the pages rendered last. It serves who reloads a long page, and shows a
// page whose template is in the works as it was.
//
// It has two halves. When the young one is full it becomes the old one, and
// what is asked for from there moves to the new young one: what nobody asked
// for while the young half filled up is forgotten.
type cache struct {
	mu         sync.Mutex
	young, old map[string]rendered
	size       int // of the young half, in bytes
	making     map[string]*making
}

// cacheHalf is when half of a cache is full. With pages of all sizes one half
// holds some hundred of them, and the list of ten thousand contacts fits.
const cacheHalf = 4 << 20

// rendered is a page and what it was made of.
type rendered struct {
	inputs any
	page   []byte
}

// making is a page that is being rendered. All but the inputs is there when done is
// closed.
type making struct {
	inputs any
	done   chan struct{}
	page   []byte
	err    error
}

// errUnfinished is what is wrong with a page until it is rendered.
var errUnfinished = errors.New("its rendering was given up")

// begin returns what is kept of a page. If that is not what is wanted of it now, it
// also returns the rendering that is: one that is under way or, if it is the caller's
// own, one that the caller has to do and then to end.
func (c *cache) begin(name string, inputs any) (last rendered, now *making, own bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, ok := c.young[name]
	if !ok {
		if last, ok = c.old[name]; ok {
			delete(c.old, name)
			c.add(name, last)
		}
	}
	if ok && last.inputs == inputs {
		return last, nil, false
	}
	if now := c.making[name]; now != nil && now.inputs == inputs {
		return last, now, false
	}
	now = &making{inputs: inputs, done: make(chan struct{}), err: errUnfinished}
	if c.making == nil {
		c.making = map[string]*making{}
	}
	c.making[name] = now
	return last, now, true
}

// end ends a rendering. Its page is kept, unless a newer one began meanwhile.
func (c *cache) end(name string, now *making) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.making[name] == now {
		delete(c.making, name)
		if now.err == nil {
			c.add(name, rendered{now.inputs, now.page})
		}
	}
	close(now.done)
}

func (c *cache) add(name string, r rendered) {
	c.size += cap(r.page) - cap(c.young[name].page)
	if c.young == nil || c.size > cacheHalf && len(c.young) > 0 {
		c.young, c.old, c.size = map[string]rendered{}, c.young, cap(r.page)
	}
	c.young[name] = r
}
