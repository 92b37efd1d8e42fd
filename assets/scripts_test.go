package assets_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"track15/assets"
	"track15/web/browsertest"
)

// desk serves a page of the desk's kind under its policy, and answers every
// other address with what it was sent.
func desk(t *testing.T, body string) string {
	t.Helper()
	return serve(t, assets.Staff(), "staff", body)
}

func public(t *testing.T, body string) string {
	t.Helper()
	return serve(t, assets.Public(), "public", body)
}

func serve(t *testing.T, set *assets.Set, audience, body string) string {
	t.Helper()
	page := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-n0'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		script := ""
		if audience == "staff" && set.Path("editor.js") != "" {
			script = fmt.Sprintf(`<script type="module" src="%s"></script>`, set.Path("editor.js"))
		}
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><meta name="htmx-config" content='%s'>
<link rel="icon" href="%s"><link rel="stylesheet" href="%s"><script type="module" src="%s"></script>%s</head>%s</html>`,
			assets.HTMXConfig, set.Path("icon.svg"), set.Path(audience+".css"), set.Path(audience+".js"), script, body)
	}
	mux := http.NewServeMux()
	mux.Handle("/assets/", set.Handler())
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) { page(w, body) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		page(w, fmt.Sprintf(`<body><main id="results"><h1>%s %s</h1><pre>%s</pre></main></body>`, r.Method, r.URL.Path, r.Form.Encode()))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestCopyButtonCopies(t *testing.T) {
	p := browsertest.Open(t, public(t, `<body><main><h1>Cite</h1><pre id="c1"> Chang, “Title.” </pre><div><button class="btn copy" type="button" hidden data-copy="#c1">Copy</button><span role="status" data-copied></span></div></main></body>`), browsertest.View{})
	// The clipboard of a headless browser is refused to the page: keep what it would get.
	browsertest.Eval[bool](p, `(navigator.clipboard.writeText = async (s) => { window.got = s; }, true)`)
	p.Click("button")
	browsertest.Eval[bool](p, `Promise.resolve(true)`)
	if got := browsertest.Eval[string](p, `window.got`); got != "Chang, “Title.”" {
		t.Errorf("copied %q", got)
	}
	if got := p.Text("[data-copied]"); got != "Copied" {
		t.Errorf("it says %q", got)
	}
}

func TestCopyButtonIsHiddenWithoutScripts(t *testing.T) {
	p := browsertest.Open(t, public(t, `<body><main><h1>Cite</h1><button type="button" class="btn" hidden data-copy="#c1">Copy</button></main></body>`), browsertest.View{NoScripts: true})
	if strings.Contains(p.Text("main"), "Copy") {
		t.Error("a button that does nothing is shown")
	}
}

func TestFilterAppliesAtOnce(t *testing.T) {
	p := browsertest.Open(t, public(t, `<body><main><form action="/rounds" data-auto><label><input type="checkbox" name="agency" value="cac"> CAC</label><label>Since <input name="since"></label></form></main></body>`), browsertest.View{})
	p.Follow(`[name="agency"]`)
	if got := p.Text("main"); !strings.Contains(got, "GET /rounds") || !strings.Contains(got, "agency=cac") {
		t.Errorf("sent %q", got)
	}
}

const nav = `<nav><a data-go="r" href="/rounds">Rounds</a><form data-cover method="post" action="/cover"><button>Cover</button></form></nav>`

func TestShortcutsOfTheDesk(t *testing.T) {
	url := desk(t, `<body data-shortcuts="/shortcuts">`+nav+`<main><h1>Desk</h1><input type="search" aria-label="Search"></main></body>`)
	for _, tt := range []struct {
		keys      string
		modifiers []chromedp.Modifier
		want      string
	}{
		{"gr", nil, "GET /rounds"},
		{"?", nil, "GET /shortcuts"},
		{kb.Escape, []chromedp.Modifier{chromedp.ModifierShift}, "POST /cover"},
	} {
		p := browsertest.Open(t, url, browsertest.View{})
		p.PressTo(tt.keys, tt.modifiers...)
		if got := p.Text("h1"); got != tt.want {
			t.Errorf("%q leads to %q, want %q", tt.keys, got, tt.want)
		}
	}
	p := browsertest.Open(t, url, browsertest.View{})
	p.Press("gx")
	p.Press("/")
	p.Press("gr?")
	if got := p.Text("h1") + p.Value("input"); got != "Deskgr?" {
		t.Errorf("typing in a field gives %q", got)
	}
}

func TestSingleLettersAreOffUnlessThePageTurnsThemOn(t *testing.T) {
	p := browsertest.Open(t, desk(t, `<body>`+nav+`<main><h1>Desk</h1></main></body>`), browsertest.View{})
	p.Press("gr?")
	if got := p.Text("h1"); got != "Desk" {
		t.Errorf("the keys lead to %q", got)
	}
}

func TestErrorSummaryTakesTheFocus(t *testing.T) {
	p := browsertest.Open(t, desk(t, `<body><main><h1>Form</h1><div class="error-summary" role="alert" tabindex="-1"><h2>Not saved</h2></div></main></body>`), browsertest.View{})
	if got := browsertest.Eval[string](p, `document.activeElement.className`); got != "error-summary" {
		t.Errorf("focus on %q", got)
	}
}

func TestTicksAreCounted(t *testing.T) {
	p := browsertest.Open(t, desk(t, `<body><main><h1>Release</h1><form id="f" data-ticks method="post" action="/countersign"><p data-ticks-left data-ticks-none="All ticked." data-ticks-one="1 left." data-ticks-many="%d left."></p><button>Countersign</button></form>
<label><input type="checkbox" id="a" form="f" name="tick" value="a" data-tick> A</label><label><input type="checkbox" id="b" form="f" name="tick" value="b" data-tick> B</label></main></body>`), browsertest.View{})
	var got []string
	got = append(got, p.Text("[data-ticks-left]"))
	for _, box := range []string{"#a", "#b"} {
		p.Click(box)
		got = append(got, p.Text("[data-ticks-left]"))
	}
	if strings.Join(got, " ") != "2 left. 1 left. All ticked." {
		t.Errorf("it says %q", got)
	}
}

func TestGuardAsksOnlyForUnsavedWords(t *testing.T) {
	p := browsertest.Open(t, desk(t, `<body><main><form data-guard method="post" action="/save"><label>Words <input name="words"></label><button>Save</button></form></main></body>`), browsertest.View{})
	const asks = `!window.dispatchEvent(new Event("beforeunload", { cancelable: true }))`
	if browsertest.Eval[bool](p, asks) {
		t.Error("it asks before anything was typed")
	}
	p.Fill("[name=words]", "new words")
	if !browsertest.Eval[bool](p, asks) {
		t.Error("typed words are left without asking")
	}
	p.Follow("button")
	if got := p.Text("main"); !strings.Contains(got, "POST /save") {
		t.Errorf("saving gives %q", got)
	}
}

func TestEditorKeepsTheTextareaInStep(t *testing.T) {
	if assets.Staff().Path("editor.js") == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no editor.js: npm packages were not there at the bundle step")
		}
		t.Skip("no editor.js: npm packages were not there at the bundle step")
	}
	p := browsertest.Open(t, desk(t, `<body><main><h1>Draft</h1><form method="post" action="/save"><label for="w">Summary</label><textarea id="w" name="words" data-editor data-nonce="n0" required></textarea><button>Save</button></form></main></body>`), browsertest.View{})
	p.Fill(".cm-content", "One view held that *attribution* is hard.")
	if got := browsertest.Eval[string](p, `document.querySelector("#w").value`); got != "One view held that *attribution* is hard." {
		t.Errorf("the field holds %q", got)
	}
	p.Accessible()
	p.Follow("button")
	if got := p.Text("pre"); !strings.Contains(got, "words=One+view+held") {
		t.Errorf("sent %q", got)
	}
}

// The desk's pages leave nothing in the browser's storage.
func TestScriptsStoreNothing(t *testing.T) {
	p := browsertest.Open(t, desk(t, `<body data-shortcuts="/shortcuts">`+nav+`<main><form data-guard><label>Words <textarea name="words" data-editor data-nonce="n0"></textarea></label></form></main></body>`), browsertest.View{})
	p.Fill(".cm-content, textarea:not([hidden])", "not to be kept")
	kept := browsertest.Eval[[]string](p, `indexedDB.databases().then((d) => [...d.map((b) => b.name), ...Object.keys(localStorage), ...Object.keys(sessionStorage)])`)
	if len(kept) != 0 {
		t.Errorf("in the browser's storage: %q", kept)
	}
}
