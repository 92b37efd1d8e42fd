package browsertest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core, from the project's npm packages.
var axe = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			source, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
			if err != nil {
				return "", errors.New("axe-core is not there: npm ci fetches it")
			}
			return string(source), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the test")
		}
		dir = up
	}
})

// Violations lists what axe-core finds wrong with the page for people who use
// a keyboard, a screen reader or high contrast, one a line as "rule: element".
// The rules are WCAG 2.2 A and AA and axe's best practices.
//
// The test is skipped where npm packages were not fetched, and fails with
// CI=true.
func (p *Page) Violations() []string {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		unavailable(p.t, err)
	}
	run(p, "load axe", chromedp.Evaluate[chromedp.Void](source+";0"))
	return Eval[[]string](p, `axe.run(document, { resultTypes: ["violations"] }).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" "))))`)
}

// Accessible fails the test for each of the page's [Page.Violations].
func (p *Page) Accessible() {
	p.t.Helper()
	for _, v := range p.Violations() {
		p.t.Errorf("%s: %s", p.Location(), v)
	}
}
