package publishedstore

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

	"golang.org/x/sync/singleflight"
)

// Limits of the cache of one state, in bytes. A page that is larger than the
// second is rendered for everyone who asks.
const (
	maxCache = 64 << 20
	maxPage  = 4 << 20
)

// A pageCache keeps the rendered pages of one state; the ones used longest ago
// give way.
type pageCache struct {
	rendering singleflight.Group
	mu        sync.Mutex
	pages     map[string]*list.Element // of cachedPage
	recent    *list.List               // the front was used last
	size      int
}

type cachedPage struct {
	key  string
	page Page
}

func newPageCache() *pageCache {
	return &pageCache{pages: map[string]*list.Element{}, recent: list.New()}
}

// Page returns what render made for key before in this state, or renders it:
// once, however many ask at the same time. key is the canonical URL. An error
// is returned to all who waited for it, and not kept.
//
// The bytes are shared: nobody may change them. render must use this edition
// and nothing else that changes.
func (e *Edition) Page(ctx context.Context, key string, render func() (Page, error)) (Page, error) {
	c := e.state.pages
	for {
		if p, ok := c.get(key); ok {
			return p, nil
		}
		mine := false
		v, err, _ := c.rendering.Do(key, func() (any, error) {
			mine = true
			p, err := render()
			if err != nil {
				return Page{}, err
			}
			if err := p.finish(); err != nil {
				return Page{}, err
			}
			c.put(key, p)
			return p, nil
		})
		if errors.Is(err, context.Canceled) && !mine && ctx.Err() == nil {
			continue // the one who rendered went away; we did not
		}
		return v.(Page), err
	}
}

// finish fills in what follows from the body.
func (p *Page) finish() error {
	sum := sha256.Sum256(p.Body)
	p.ETag = `"` + hex.EncodeToString(sum[:16]) + `"`
	var b bytes.Buffer
	z := gzip.NewWriter(&b) // its header bears no time
	if _, err := z.Write(p.Body); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if p.Gzip = nil; b.Len() < len(p.Body) {
		p.Gzip = b.Bytes()
	}
	return nil
}

func (c cachedPage) size() int {
	const overhead = 512
	return len(c.key) + len(c.page.Body) + len(c.page.Gzip) + overhead
}

func (c *pageCache) get(key string) (Page, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.pages[key]
	if el == nil {
		return Page{}, false
	}
	c.recent.MoveToFront(el)
	return el.Value.(cachedPage).page, true
}

func (c *pageCache) put(key string, p Page) {
	entry := cachedPage{key, p}
	if entry.size() > maxPage {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[key] != nil {
		return
	}
	c.pages[key] = c.recent.PushFront(entry)
	c.size += entry.size()
	for c.size > maxCache {
		oldest := c.recent.Back()
		gone := c.recent.Remove(oldest).(cachedPage)
		delete(c.pages, gone.key)
		c.size -= gone.size()
	}
}
