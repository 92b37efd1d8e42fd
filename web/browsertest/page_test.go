package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"track15/assets"
)

// site serves one page under the policy that the program has, and the assets.
func site(t *testing.T, body string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/assets/", assets.Handler(assets.Public(), assets.Staff()))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-n0'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title><meta name="htmx-config" content='%s'><link rel="icon" href="%s">
<link rel="stylesheet" href="%s"><script type="module" src="%s"></script></head>%s</html>`,
			assets.HTMXConfig, assets.Public().Path("icon.svg"), assets.Public().Path("public.css"), assets.Public().Path("public.js"), body)
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusGone)
		fmt.Fprintf(w, "<!doctype html><title>Gone</title><link rel=icon href=%q><p>Withdrawn", assets.Public().Path("icon.svg"))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestPageReadsAndFollows(t *testing.T) {
	url := site(t, `<body><main><h1>Hello</h1><p hidden>Unseen</p><input id="q" type="search" aria-label="Search"><select id="o" aria-label="Order"><option value="a">A</option><option value="b">B</option></select><a href="/gone">On</a></main></body>`)
	p := Open(t, url, View{})
	if got := p.Text("h1"); got != "Hello" {
		t.Errorf("h1 %q", got)
	}
	if strings.Contains(p.Text("main"), "Unseen") {
		t.Error("hidden text counts as visible")
	}
	p.Press("/")
	p.Press("cncert")
	if got := p.Value("#q"); got != "cncert" {
		t.Errorf("the slash key and then typing leave %q in the search field", got)
	}
	p.Fill("#q", "mfa")
	p.Choose("#o", "b")
	if got := p.Value("#q") + p.Value("#o"); got != "mfab" {
		t.Errorf("fields hold %q", got)
	}
	p.Fill("#q", "")
	if got := p.Value("#q"); got != "" {
		t.Errorf("an emptied field holds %q", got)
	}
	p.Follow("a")
	if p.Status() != http.StatusGone || p.Title() != "Gone" || p.Count("p") != 1 {
		t.Errorf("status %d, title %q", p.Status(), p.Title())
	}
}

func TestPageHasTheViewItWasAskedFor(t *testing.T) {
	url := site(t, `<body><main><h1>Hello</h1><noscript><p id="off">Off</p></noscript></main></body>`)
	light, dark := Open(t, url, View{Width: 390}), Open(t, url, View{Dark: true, NoScripts: true})
	const ground = `getComputedStyle(document.body).backgroundColor`
	if l, d := Eval[string](light, ground), Eval[string](dark, ground); l == d || l != "rgb(251, 251, 249)" {
		t.Errorf("light ground %s, dark ground %s", l, d)
	}
	if w := Eval[int](light, `innerWidth`); w != 390 {
		t.Errorf("width %d, want 390", w)
	}
	if light.Count("#off") != 0 || dark.Count("#off") != 1 {
		t.Error("scripts are off where they should be on, or the other way round")
	}
}

func TestWindowsShareNoCookies(t *testing.T) {
	url := site(t, `<body><main><h1>Hello</h1></main></body>`)
	a, b := Open(t, url, View{}), Open(t, url, View{})
	Eval[string](a, `document.cookie = "who=a"`)
	if got := Eval[string](b, `document.cookie`); got != "" {
		t.Errorf("the other window has %q", got)
	}
}

func TestOverflowNamesWhatIsTooWide(t *testing.T) {
	row := `<table class="%s timeline"><tr>` + strings.Repeat("<td>2017</td>", 60) + `</tr></table>`
	fits := Open(t, site(t, `<body><main><h1>Fits</h1><div class="scroll-x">`+fmt.Sprintf(row, "in")+`</div></main></body>`), View{Width: 360})
	fits.NoOverflow()
	wide := Open(t, site(t, `<body><main><h1>Wide</h1>`+fmt.Sprintf(row, "out")+`</main></body>`), View{Width: 360})
	if got := wide.Overflow(); !slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, "table.out") }) {
		t.Errorf("overflow %q does not name the table", got)
	}
}

func TestViolationsFindAnUnlabelledField(t *testing.T) {
	good := Open(t, site(t, `<body><main><h1>Fine</h1><label>Name <input name="n"></label></main></body>`), View{})
	good.Accessible()
	bad := Open(t, site(t, `<body><main><h1>Not fine</h1><input name="n"></main></body>`), View{})
	if got := bad.Violations(); !slices.ContainsFunc(got, func(v string) bool { return strings.HasPrefix(v, "label: ") }) {
		t.Errorf("violations %q lack the field without a label", got)
	}
}

func TestFaultsAreFoundAtEveryWidthAndColour(t *testing.T) {
	body := `<body><main><h1>Hello</h1><p>It is said that the harbour is open.</p></main></body>`
	for name, tt := range map[string]struct{ style, fault string }{
		"a telephone":        {`@media (width = 390px) { h1 { width: 900px } }`, "390 wide, dark true: wider than the window: h1"},
		"a small telephone":  {`@media (width = 360px) { h1 { width: 900px } }`, "360 wide, dark false: wider than the window: h1"},
		"wide in the dark":   {`@media (width = 1440px) and (prefers-color-scheme: dark) { p { color: #333 } }`, "1440 wide, dark true: color-contrast: p"},
		"narrow in daylight": {`@media (width = 390px) and (prefers-color-scheme: light) { p { color: #eee } }`, "390 wide, dark false: color-contrast: p"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Open(t, site(t, body), View{})
			if got := p.Faults(); len(got) != 0 {
				t.Fatalf("faults %q", got)
			}
			Eval[bool](p, fmt.Sprintf(`(() => { const s = new CSSStyleSheet(); s.replaceSync(%q); document.adoptedStyleSheets = [s]; return true })()`, tt.style))
			if got := p.Faults(); !slices.Contains(got, tt.fault) {
				t.Errorf("faults %q", got)
			}
		})
	}
}

func TestProblemsHoldABreachOfThePolicy(t *testing.T) {
	for name, body := range map[string]string{
		"inline style":  `<body><main><h1 style="color: red">Loud</h1></main></body>`,
		"inline script": `<body><main><h1>Loud</h1></main><script>document.title = "x"</script></body>`,
		"missing asset": `<body><main><h1>Loud</h1><img alt="" src="/assets/gone.svg"></main></body>`,
	} {
		t.Run(name, func(t *testing.T) {
			if p := Open(t, site(t, body), View{}); len(p.Problems()) == 0 {
				t.Error("the browser complains about nothing")
			}
		})
	}
}

func TestScreenshotIsAPicture(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.png")
	Open(t, site(t, `<body><main><h1>Hello</h1></main></body>`), View{}).Screenshot(file)
	b, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(b), "\x89PNG") {
		t.Errorf("no PNG file (%v)", err)
	}
}
