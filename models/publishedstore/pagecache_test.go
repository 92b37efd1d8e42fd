package publishedstore

import (
	"fmt"
	"testing"
)

func TestPageCacheIsBounded(t *testing.T) {
	c := newPageCache()
	big := Page{Body: make([]byte, maxPage)}
	c.put("too big", big)
	if _, ok := c.get("too big"); ok {
		t.Error("a page above the limit was kept")
	}
	body := make([]byte, 1<<20)
	const pages = 100
	for i := range pages {
		c.put(fmt.Sprint(i), Page{Body: body})
		c.get("0") // stays, because it is asked for
		if c.size > maxCache {
			t.Fatalf("%d bytes after %d pages", c.size, i+1)
		}
	}
	if _, ok := c.get("0"); !ok {
		t.Error("the page that is asked for most gave way")
	}
	if _, ok := c.get("1"); ok {
		t.Error("the page used longest ago is still there")
	}
	if _, ok := c.get(fmt.Sprint(pages - 1)); !ok {
		t.Error("the newest page is missing")
	}
	if len(c.pages) != c.recent.Len() || len(c.pages) > maxCache>>20 {
		t.Errorf("%d pages, %d in order", len(c.pages), c.recent.Len())
	}
}
