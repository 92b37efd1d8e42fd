// Package assets holds what browsers fetch besides pages: style sheets,
// scripts, fonts and the browser icon, all embedded.
//
// There are two sets. The public set is all that the public binary links; the
// staff set adds the desk's own. A program that never calls [Staff] does not
// contain one byte of the staff set, and a test of this package checks that.
//
// The files in dist are made by tools/bundle: minified, with htmx, CodeMirror
// and fonts where npm packages were there. Without them the set is joined from
// css and js when it is first asked for, so a plain "go build" is styled too.
package assets

import (
	"embed"
	"sync"
)

// HTMXConfig is the content of the page's <meta name="htmx-config">. It keeps
// htmx inside a content security policy without unsafe-inline and
// unsafe-eval, and keeps page contents out of the browser's storage.
const HTMXConfig = `{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true}`

//go:embed css/tokens.css css/base.css css/spacing.css css/print.css css/components css/public
//go:embed js/*.js js/public icons/public.svg
//go:embed all:dist/public all:dist/fonts
var publicFiles embed.FS

//go:embed css/tokens.css css/base.css css/spacing.css css/print.css css/components css/staff
//go:embed js/*.js js/staff icons/staff.svg
//go:embed all:dist/staff all:dist/fonts
var staffFiles embed.FS

// The sets are filled at the first call and not by an initialiser: that would
// make the linker keep both in every binary.
var (
	publicSet, staffSet   Set
	publicOnce, staffOnce sync.Once
)

// Public returns the set of the public site: public.css, public.js, icon.svg
// and the fonts.
func Public() *Set {
	publicOnce.Do(func() { publicSet.load(publicFiles, "public") })
	return &publicSet
}

// Staff returns the set of the desk: staff.css, staff.js, icon.svg, the fonts
// and, where npm packages were there at the bundle step, editor.js.
func Staff() *Set {
	staffOnce.Do(func() { staffSet.load(staffFiles, "staff", "live.js") })
	return &staffSet
}
