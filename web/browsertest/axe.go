package browsertest

import (
	"cmp"
	"errors"
	"fmt"
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

// allRules are WCAG 2.2 A and AA and axe's best practices. coloursOnly are those
// that a page in other colours can break anew.
const (
	allRules    = `{ resultTypes: ["violations"], preload: false }`
	coloursOnly = `{ resultTypes: ["violations"], preload: false, runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }`
)

// Violations lists what axe-core finds wrong with the page for people who use
// a keyboard, a screen reader or high contrast, one a line as "rule: element".
// The rules are WCAG 2.2 A and AA and axe's best practices.
//
// The test is skipped where npm packages were not fetched, and fails with
// CI=true.
func (p *Page) Violations() []string {
	p.t.Helper()
	return p.violations(allRules)
}

func (p *Page) violations(rules string) []string {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		unavailable(p.t, err)
	}
	if !Eval[bool](p, `"axe" in window`) {
		run(p, "load axe", chromedp.Evaluate[chromedp.Void](source+";0"))
	}
	return Eval[[]string](p, `axe.run(document, `+rules+`).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" "))))`)
}

// Accessible fails the test for each of the page's [Page.Violations].
func (p *Page) Accessible() {
	p.t.Helper()
	for _, v := range p.Violations() {
		p.t.Errorf("%s: %s", p.Location(), v)
	}
}

// looks are the ways in which a page is read.
var looks = []struct {
	View
	rules string // "" for none
}{
	{View{}, allRules},
	{View{Dark: true}, coloursOnly},
	{View{Width: 390, Dark: true}, allRules},
	{View{Width: 390}, coloursOnly},
	{View{Width: 360}, ""},
}

// Readable fails the test for each of the page's [Page.Faults].
func (p *Page) Readable() {
	p.t.Helper()
	for _, fault := range p.Faults() {
		p.t.Errorf("%s: %s", p.Location(), fault)
	}
}

// Faults lists what keeps somebody from reading the page as it stands, wide or
// narrow, light or dark: what is wider than the window, and [Page.Violations].
// It is loaded once for all. With scripts off only the widths are looked at.
func (p *Page) Faults() (faults []string) {
	p.t.Helper()
	for _, look := range looks {
		if p.view.NoScripts && look.Dark != p.view.Dark {
			continue
		}
		p.see(look.View)
		found := p.Overflow()
		for i, e := range found {
			found[i] = "wider than the window: " + e
		}
		if look.rules != "" && !p.view.NoScripts {
			found = append(found, p.violations(look.rules)...)
		}
		for _, f := range found {
			faults = append(faults, fmt.Sprintf("%d wide, dark %v: %s", cmp.Or(look.Width, 1440), look.Dark, f))
		}
	}
	p.see(p.view)
	return faults
}
