package serve

import "sync"

// cache holds the pages rendered last, for as long as they are not in public/. It
// serves who reloads a long page, and shows a page whose template is in the works
// as it was.
//
// It has two halves. When the young one is full it becomes the old one, and
// what is asked for from there moves to the new young one: what nobody asked
// for while the young half filled up is forgotten.
type cache struct {
	mu         sync.Mutex
	young, old map[string]rendered
	size       int // of the young half, in bytes
}

// cacheHalf is when half of a cache is full. With pages of all sizes one half
// holds some hundred of them, and the list of ten thousand contacts fits.
const cacheHalf = 4 << 20

// rendered is a page and what it was made of.
type rendered struct {
	inputs any
	page   []byte
}

func (c *cache) get(name string) (rendered, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.young[name]
	if !ok {
		if r, ok = c.old[name]; ok {
			delete(c.old, name)
			c.add(name, r)
		}
	}
	return r, ok
}

func (c *cache) put(name string, r rendered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(name, r)
}

// drop forgets a page.
func (c *cache) drop(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size -= cap(c.young[name].page)
	delete(c.young, name)
	delete(c.old, name)
}

func (c *cache) add(name string, r rendered) {
	c.size += cap(r.page) - cap(c.young[name].page)
	if c.young == nil || c.size > cacheHalf && len(c.young) > 0 {
		c.young, c.old, c.size = map[string]rendered{}, c.young, cap(r.page)
	}
	c.young[name] = r
}
