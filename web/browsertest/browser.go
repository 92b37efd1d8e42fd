// Package browsertest looks at pages in a real browser, for tests only.
//
// One Chromium serves all tests of a test binary; each page has cookies and
// storage of its own, as a private window has. A test is skipped with one line
// where there is no Chromium, and fails with CI=true.
package browsertest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// A chromium is a running browser.
type chromium struct {
	ctx   context.Context
	alive io.Closer // the pipe of profile: open for as long as this is referred to
}

// browser starts Chromium at the first call. It dies with the test binary.
var browser = sync.OnceValues(func() (chromium, error) {
	path := executable()
	if path == "" {
		return chromium{}, errMissing
	}
	dir, alive, err := profile()
	if err != nil {
		return chromium{}, err
	}
	ctx, err := launch(path, dir)
	return chromium{ctx, alive}, err
})

// launch starts a Chromium on a profile.
func launch(path, dir string) (context.Context, error) {
	alloc, _ := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(dir),
		chromedp.Env("TMPDIR="+dir),
		chromedp.Headless,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.NoSandbox, // the pages are ours, and containers forbid it
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("disable-breakpad", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en"),
	)
	ctx, _ := chromedp.NewContext(alloc)
	return ctx, chromedp.Do(ctx)
}

type missing struct{}

func (missing) Error() string {
	return "no chromium, chromium-browser or google-chrome in PATH: install Debian's chromium, or run make test INSTALL=1"
}

var errMissing missing

// executable is Chromium's, of the one without windows if it is there: it takes
// half the time.
func executable() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// profile makes an empty profile and starts a shell that removes it once the
// test binary has ended, however it ended: only then does the pipe close.
func profile() (dir string, alive io.Closer, err error) {
	dir, err = os.MkdirTemp(os.Getenv("GOTMPDIR"), "track15-browser-")
	if err != nil {
		return "", nil, err
	}
	wait := exec.Command("sh", "-c", `cat; for i in 1 2 3 4 5; do sleep 1; rm -rf "$0" && exit; done`, dir)
	pipe, err := wait.StdinPipe()
	if err == nil {
		err = wait.Start()
	}
	return dir, pipe, err
}

// unavailable skips the test, or fails it with CI=true.
func unavailable(t testing.TB, why error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}
