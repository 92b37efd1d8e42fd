package browsertest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long one test may use its page before it counts as hung.
const patience = 2 * time.Minute

// A View is how a page is looked at. The zero View is 1440 CSS pixels wide,
// light, with scripts.
type View struct {
	Width     int    // CSS pixels; 0 for 1440
	Dark      bool   // the system prefers a dark page
	NoScripts bool   // JavaScript is off
	Cookie    string // name=value, kept since an earlier visit; "" for none
}

// A Page is one tab in a private window. Its methods fail the test at once
// when the browser cannot do what they say. Selectors are CSS selectors and
// mean the first element that matches; methods wait until it is there.
type Page struct {
	t      testing.TB
	ctx    context.Context
	view   View
	status int

	mu       sync.Mutex
	problems []string
	asked    chan page.DialogType // what the browser asks, as it asks
}

// Open opens a private window at url and waits until the page is loaded.
//
// When the test ends, it fails if a script threw or the browser logged an
// error: a breach of the content security policy, or an asset that is missing.
func Open(t testing.TB, url string, v View) *Page {
	t.Helper()
	running, err := browser()
	if err == errMissing {
		unavailable(t, err)
	}
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return open(t, running.ctx, url, v, chromedp.WithNewBrowserContext())
}

// open opens a window of a browser at url.
func open(t testing.TB, browser context.Context, url string, v View, how ...chromedp.ContextOption) *Page {
	t.Helper()
	p := &Page{t: t, asked: make(chan page.DialogType, 1)}
	tab, closeTab := chromedp.NewContext(browser, append(how, chromedp.WithListener(p.listen))...)
	ctx, cancel := context.WithTimeout(tab, patience)
	t.Cleanup(func() {
		cancel()
		closeTab()
		for _, problem := range p.Problems() {
			t.Errorf("the browser says: %s", problem)
		}
	})
	p.ctx, p.view = ctx, v
	p.see(v)
	p.do("set the view", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScripts})
		return err
	}), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		// Other windows are open; only one would have the focus.
		_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	if name, value, given := strings.Cut(v.Cookie, "="); given {
		yes := true
		p.do("keep the cookie", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{
				Name: name, Value: value, Secure: &yes, HTTPOnly: &yes, Path: "/",
				URL: strings.Replace(url, "http:", "https:", 1), // only a secure address may set it; localhost counts as one when it is sent
			})
			return err
		}))
	}
	p.Goto(url)
	return p
}

// Staying does what makes the browser ask whether to leave the page, stays, and
// returns what it asked: "beforeunload".
func (p *Page) Staying(do func()) string {
	p.t.Helper()
	do()
	select {
	case asked := <-p.asked:
		p.do("stay", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			return err
		}))
		return string(asked)
	case <-p.ctx.Done():
		p.t.Fatal("the browser asked nothing")
	}
	return ""
}

// see sets width and colour of the window.
func (p *Page) see(v View) {
	p.t.Helper()
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	p.do("set the view",
		chromedp.EmulateViewport(int64(cmp.Or(v.Width, 1440)), 900),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: scheme},
					{Name: "prefers-reduced-motion", Value: "reduce"},
				},
			})
			return err
		}),
	)
}

// listen keeps what the browser complains about. It runs on the browser's
// reading goroutine.
func (p *Page) listen(event any) {
	var problem string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *page.EventJavascriptDialogOpening:
		select {
		case p.asked <- e.Type:
		default: // it asked before, and nobody looked
		}
		return
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError {
			return
		}
		// A page that answers 404 or 409 is logged as well; that is what tests look at.
		if e.Entry.Source == log.EntrySourceNetwork && !strings.Contains(e.Entry.URL, "/assets/") {
			return
		}
		problem = e.Entry.Text + " " + e.Entry.URL
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, problem)
}

// Problems returns what the browser complained about so far, and forgets it.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.problems
	p.problems = nil
	return got
}

// Scripts reports whether JavaScript is on.
func (p *Page) Scripts() bool { return !p.view.NoScripts }

// Context is for actions of chromedp that Page does not offer.
func (p *Page) Context() context.Context { return p.ctx }

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// run is chromedp.Run that fails the test.
func run[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, action)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	return got
}

// Goto opens url in this window.
func (p *Page) Goto(url string) {
	p.t.Helper()
	p.arrive("open "+url, chromedp.Navigate(url))
}

// Follow clicks on sel and waits until the page that this leads to is loaded.
func (p *Page) Follow(sel string) {
	p.t.Helper()
	p.arrive("follow "+sel, chromedp.Click(chromedp.CSS(sel)))
}

// Press types keys where the focus is. The constants of chromedp/kb name the
// keys that no character stands for.
func (p *Page) Press(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do("press "+keys, press(keys, modifiers))
}

// PressTo presses keys and waits until the page that this leads to is loaded.
func (p *Page) PressTo(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.arrive("press "+keys, press(keys, modifiers))
}

// press sends each key down with its text, as the keyboard does: a script that
// takes the key then keeps the text out. chromedp.KeyEvent sends the text by
// itself, past the script.
func press(keys string, modifiers []chromedp.Modifier) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			down, up := *events[0], *events[len(events)-1]
			for _, m := range modifiers {
				down.Modifiers |= int64(m)
				up.Modifiers |= int64(m)
			}
			if len(events) == 3 && down.Modifiers&^int64(chromedp.ModifierShift) == 0 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, e := range []input.DispatchKeyEventParams{down, up} {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (p *Page) arrive(what string, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	response, err := chromedp.RunResponse(p.ctx, step)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	p.status = statusOf(response)
}

func statusOf(r *network.Response) int {
	if r == nil {
		return 0
	}
	return int(r.Status)
}

// Status is the HTTP status of the page last opened or followed to.
func (p *Page) Status() int { return p.status }

// Click clicks on sel and does not wait for anything.
func (p *Page) Click(sel string) {
	p.t.Helper()
	p.do("click "+sel, chromedp.Click(chromedp.CSS(sel)))
}

// Fill puts text into the field sel in place of what it held, as if pasted.
func (p *Page) Fill(sel, text string) {
	p.t.Helper()
	p.Wait(sel)
	p.do("fill "+sel, chromedp.Focus(chromedp.CSS(sel)))
	Eval[bool](p, `document.execCommand("selectAll")`)
	if text == "" {
		p.Press(kb.Delete)
		return
	}
	p.do("fill "+sel, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// Choose selects the option of that value in the list sel.
func (p *Page) Choose(sel, value string) {
	p.t.Helper()
	found := Eval[bool](p, fmt.Sprintf(`(() => {
		const list = document.querySelector(%q);
		if (!list || ![...list.options].some((o) => o.value === %q)) return false;
		list.value = %[2]q;
		list.dispatchEvent(new Event("input", { bubbles: true }));
		list.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, sel, value))
	if !found {
		p.t.Fatalf("choose in %s: there is no option %q", sel, value)
	}
}

// Wait waits until an element sel can be seen.
func (p *Page) Wait(sel string) {
	p.t.Helper()
	p.do("wait for "+sel, chromedp.WaitVisible(chromedp.CSS(sel)))
}

// Text is the visible text of sel.
func (p *Page) Text(sel string) string {
	p.t.Helper()
	return run(p, "text of "+sel, chromedp.Text(chromedp.CSS(sel)))
}

// Value is what the field sel holds.
func (p *Page) Value(sel string) string {
	p.t.Helper()
	return run(p, "value of "+sel, chromedp.Value(chromedp.CSS(sel)))
}

// Count is how many elements match sel now. It does not wait.
func (p *Page) Count(sel string) int {
	p.t.Helper()
	return Eval[int](p, fmt.Sprintf(`document.querySelectorAll(%q).length`, sel))
}

// HTML is the whole document as it stands now, scripts having run.
func (p *Page) HTML() string {
	p.t.Helper()
	return Eval[string](p, `document.documentElement.outerHTML`)
}

// Location is the address of the page.
func (p *Page) Location() string {
	p.t.Helper()
	return run(p, "address", chromedp.Location())
}

// Title is the page's title.
func (p *Page) Title() string {
	p.t.Helper()
	return run(p, "title", chromedp.Title())
}

// Eval is the value of a JavaScript expression in the page, a promise awaited.
// It works with scripts off too.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return run(p, "evaluate", chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Screenshot writes the whole page, however long, as a PNG file.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	Eval[bool](p, `document.fonts.ready.then(() => true)`)
	if err := os.WriteFile(file, run(p, "screenshot", chromedp.FullScreenshot(100)), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Printed is the page as it comes out of a printer, a PDF file whose paper the
// style sheet chooses.
func (p *Page) Printed() []byte {
	p.t.Helper()
	Eval[bool](p, `document.fonts.ready.then(() => true)`)
	return run(p, "print", func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		yes := true
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
		return r.Data, err
	})
}

// Overflow lists the elements that are wider than the window, so that the page
// scrolls sideways. Boxes that scroll by themselves do not count.
func (p *Page) Overflow() []string {
	p.t.Helper()
	return Eval[[]string](p, `(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		const scrolls = (e) => e && e !== document.body && e !== document.documentElement &&
			(getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
		return [...document.body.querySelectorAll("*")]
			.filter((e) => { const b = e.getBoundingClientRect(); return b.width > 0 && (b.right > width + 1 || b.left < -1) && !scrolls(e.parentElement); })
			.map((e) => e.tagName.toLowerCase() + [...e.classList].map((c) => "." + c).join(""));
	})()`)
}

// NoOverflow fails the test if the page scrolls sideways.
func (p *Page) NoOverflow() {
	p.t.Helper()
	wide := p.Overflow()
	slices.Sort(wide)
	if wide = slices.Compact(wide); len(wide) > 0 {
		p.t.Errorf("%s scrolls sideways: %s", p.Location(), strings.Join(wide, ", "))
	}
}
