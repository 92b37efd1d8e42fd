package browsertest

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// An Own is a browser of a test's own, on a profile that stays on the disk: its
// windows share cookies and storage, as a person's do, and it can be killed.
type Own struct {
	t    testing.TB
	ctx  context.Context
	dead bool
}

// Profile makes an empty profile for [StartOwn]. It is removed once the test
// binary has ended: what a killed browser leaves behind may still write into it.
func Profile(t testing.TB) string {
	t.Helper()
	dir, alive, err := profile()
	if err != nil {
		t.Fatalf("make a profile: %v", err)
	}
	profiles.Store(dir, alive)
	return dir
}

// profiles keeps the pipes of profiles open until the test binary ends.
var profiles sync.Map

// StartOwn starts a browser on a profile. It ends with the test.
func StartOwn(t testing.TB, dir string) *Own {
	t.Helper()
	path := executable()
	if path == "" {
		unavailable(t, errMissing)
	}
	ctx, err := launch(path, dir)
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	o := &Own{t: t, ctx: ctx}
	t.Cleanup(o.Kill)
	return o
}

// Open is [Open] in a window of this browser.
func (o *Own) Open(url string, v View) *Page {
	o.t.Helper()
	return open(o.t, o.ctx, url, v)
}

// Kill ends the browser at once, as a crash does, and returns when it is gone.
func (o *Own) Kill() {
	if o.dead {
		return
	}
	o.dead = true
	process := chromedp.FromContext(o.ctx).Browser.Process()
	if err := process.Kill(); err != nil {
		o.t.Errorf("kill the browser: %v", err)
	}
	<-chromedp.FromContext(o.ctx).Browser.LostConnection
}
