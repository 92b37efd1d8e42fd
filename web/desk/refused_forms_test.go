package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"track15/models/published"
	"track15/models/record"
	"track15/web/browsertest"
	"track15/web/desk"
)

// typed is in no field what it asks for: it holds a character that cannot be
// seen.
const typed = "Heron\u202eale"

// refuseNothing are the routes of forms in which nothing can be wrong.
var refuseNothing = []string{
	// Buttons alone.
	"/sign-out", "/cover", "/shortcuts", "/rounds/:id/rules/changes/:change/remove", "/rounds/:id/organisations/:presence/remove",
	"/rounds/:id/participants/:participation/remove", "/rounds/:id/sessions/:session/remove", "/sittings/:session/seal",
	"/sittings/:session/lines/:line/remove", "/import/:id/undo", "/import/:id/release", "/import/:id/drop",
	"/released/:kind/:slug/restore", "/kept/:id/destroy/:destruction/refuse", "/grants/:id/allow", "/accounts/:id",
	"/drafts/:id/versions", "/drafts/:id/comments/:comment/accept", "/drafts/:id/comments/:comment/decline", "/drafts/:id/comments/:comment/resolve",
	"/drafts/:id/clearance/:asking/take", "/releases/:id/lift", "/release-codes/end", "/drafts/:id/preview", "/drafts/:id/clearance/:asking/link", "/drafts/:id/clearance/:asking/link/end",
	// A second button of the form of an answer, and the choices after it, whose tests are of their own.
	"/drafts/:id/clearance/:asking/compare", "/drafts/:id/clearance/:asking/wording",
	// Choices of a list that is empty there, whose tests are of their own.
	"/drafts/:id/check",
	// Boxes to tick, and words to look for.
	"/find", "/organisations", "/people", "/rounds/:id/notes",
	// Sent by a script, whose test is of its own.
	"/sittings/:session/lines", "/drafts/:id/check/typed",
	// Steps of an import, which their own tests go through.
	"/import/:id/sheet", "/import/:id/columns", "/import/:id/rows", "/import/:id/apply",
}

// postedTo is the route to which a form of that address is sent: of those that
// fit, the one with the fewest parameters.
func postedTo(address string) (route string) {
	for _, r := range desk.Routes() {
		pattern := "^" + regexp.MustCompile(`:\w+`).ReplaceAllString(r.Path, "[^/]+") + "$"
		if r.Method == http.MethodPost && regexp.MustCompile(pattern).MatchString(address) &&
			(route == "" || strings.Count(r.Path, ":") < strings.Count(route, ":")) {
			route = r.Path
		}
	}
	return route
}

// A refusing goes through the desk and sends every form with something wrong.
type refusing struct {
	*testing.T
	w    *world
	at   string
	said map[string]bool // by route: it said what was wrong
}

// Every form of the desk says what is wrong with it, that of a new route as
// well: the summary has the focus, what was typed stands where it was typed, and
// everybody can read the page.
func TestEveryFormSaysWhatIsWrongInABrowser(t *testing.T) {
	t.Parallel()
	w, place := everywhere(t)
	f := refusing{t, w, w.served(), map[string]bool{}}
	f.door()
	for some := range slices.Chunk(pages(), 8) {
		var paths []string
		for _, route := range some {
			paths = append(paths, place(route))
		}
		f.visit("coordinator", paths...)
	}
	f.signatures(place("/released/:kind/:slug"))
	f.destruction()
	w.account("proposer", record.Coordinator, w.series.ID)
	f.visit("proposer", "/series/"+w.series.ID+"/access")

	for _, r := range desk.Routes() {
		if r.Method == http.MethodPost && f.said[r.Path] == slices.Contains(refuseNothing, r.Path) {
			t.Errorf("%s: said what was wrong: %v", r.Path, f.said[r.Path])
		}
	}
}

// visit sends each form of the pages that was not refused yet, first with words
// that no field takes, then with none. Without scripts where a script sends it.
func (f refusing) visit(who string, paths ...string) {
	f.Helper()
	p := f.w.enter(f.T, f.at, who, browsertest.View{})
	for _, path := range paths {
		p := p
		p.Goto(f.at + path)
		if p.Count("[data-live]") > 0 {
			p = f.w.enter(f.T, f.at, who, browsertest.View{NoScripts: true})
			p.Goto(f.at + path)
		}
		sent := false
		for i, action := range browsertest.Eval[[]string](p, `[...document.querySelectorAll("main form[method=post]")].map((f) => new URL(f.action).pathname)`) {
			route := postedTo(action)
			for _, words := range []string{typed, ""} {
				if f.said[route] {
					break
				}
				if sent {
					p.Goto(f.at + path)
				}
				var fields []string
				if fields, sent = enterAll(p, i, words); sent {
					p.Follow("[data-send]")
					f.said[route] = f.refused(p, action, words, fields)
				}
			}
		}
	}
}

// enterAll puts the words into every field of the n-th form of a page and returns
// their names, passwords left out. ok is false for a form of buttons alone.
func enterAll(p *browsertest.Page, n int, words string) (fields []string, ok bool) {
	fields = browsertest.Eval[[]string](p, fmt.Sprintf(`(() => {
		const form = document.querySelectorAll("main form[method=post]")[%d];
		if (!form) return ["gone, with what another form of the page did"];
		document.querySelectorAll("[data-send]").forEach((e) => e.removeAttribute("data-send"));
		document.querySelectorAll("details").forEach((d) => { d.open = true; });
		const named = [...form.elements].filter((e) => e.name && e.type !== "hidden" && !e.matches("button"));
		const typed = named.filter((e) => e.matches("textarea, input:not([type]), [type=text], [type=search], [type=email], [type=password]"));
		for (const e of typed) e.value = %q;
		const buttons = [...form.elements].filter((e) => e.matches("button") && e.tabIndex >= 0);
		(buttons.find((e) => e.matches(".btn--main")) ?? buttons[0]).setAttribute("data-send", "");
		return [String(named.length > 0 && form.checkValidity()), ...typed.filter((e) => e.type !== "password").map((e) => e.name)];
	})()`, n, words))
	return fields[1:], fields[0] == "true"
}

// refused reports whether what a form was sent with came back with what is wrong,
// and holds that it came back whole.
func (f refusing) refused(p *browsertest.Page, action, words string, fields []string) bool {
	f.Helper()
	if p.Count(".error-summary") == 0 {
		return false
	}
	if focus := browsertest.Eval[string](p, "document.activeElement.className"); focus != "error-summary" && p.Scripts() {
		f.Errorf("%s: the focus is at %q", action, focus)
	}
	for _, name := range fields {
		got := browsertest.Eval[string](p, fmt.Sprintf(`[...document.querySelectorAll("main form")].find((f) => new URL(f.action).pathname === %q)?.elements[%q]?.value ?? "nowhere"`, action, name))
		if got != words && strings.ReplaceAll(words, "\u202e", "") != got { // what is looked for is read without it
			f.Errorf("%s: %s holds %q", action, name, got)
		}
	}
	p.Readable()
	return true
}

// door is the way in, and back from the cover.
func (f refusing) door() {
	f.Helper()
	p := browsertest.Open(f.T, f.at+"/", browsertest.View{})
	p.Fill("#f-email", "nobody@example.org")
	p.Fill("#f-password", "wrong wrong wrong")
	p.Follow("main button")
	if p.Status() != http.StatusUnprocessableEntity || p.Value("#f-email") != "nobody@example.org" {
		f.Errorf("status %d, the address is %q", p.Status(), p.Value("#f-email"))
	}
	f.said["/sign-in"] = f.refused(p, "/sign-in", "", nil)

	visitor := f.w.signIn("director")
	p = browsertest.Open(f.T, f.at+"/", browsertest.View{Cookie: visitor.cookie})
	p.Follow(".topband button")
	f.w.now = f.w.now.Add(2 * time.Minute)
	p.Goto(f.at + "/")
	p.Fill("#f-password", "wrong wrong wrong")
	p.Follow("main .btn--main")
	f.said["/uncover"] = f.refused(p, "/uncover", "", nil)
}

// signatures are the two that a withdrawal needs.
func (f refusing) signatures(copied string) {
	f.Helper()
	ctx, slug := context.Background(), copied[strings.LastIndex(copied, "/")+1:]
	r, err := f.w.release.PrepareWithdrawal(ctx, f.w.actor("coordinator"), published.KindRound, slug, record.Withdrawing{Way: record.WithNotice})
	f.w.must(err)
	f.visit("coordinator", "/releases/"+r.ID)
	f.w.must(f.w.release.Sign(ctx, f.w.actor("coordinator"), r.ID, password, record.Timing{Choice: record.AfterEvent, Event: "Both have published."}))
	f.visit("coordinator", "/releases/"+r.ID)
	f.visit("director", "/releases/"+r.ID)
}

// destruction is the end of a hold, and what two people say to destroy notes.
func (f refusing) destruction() {
	f.Helper()
	ctx, w := context.Background(), f.w
	_, round := w.noteOne()
	h, err := w.record.HoldNotes(ctx, w.operator, record.Hold{RoundID: round, Reason: "A court asked"})
	w.must(err)
	f.visit("coordinator", "/kept/"+round)
	w.must(w.record.EndHold(ctx, w.operator, round, h.ID, "The court is done"))
	f.visit("coordinator", "/kept/"+round)
	_, err = w.record.ProposeDestruction(ctx, w.operator, record.Destruction{RoundID: round, Reason: "Due"})
	w.must(err)
	f.visit("coordinator", "/kept/"+round)
}
