package desk_test

import (
	"context"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// A day is a person at the desk, with one view of it.
type day struct {
	*testing.T
	w     *world
	at    string // the desk's address
	round string // of filled and peopled, every name cleared
	view  browsertest.View
}

func (d day) enter(name string) *browsertest.Page {
	d.Helper()
	return d.w.enter(d.T, d.at, name, d.view)
}

// look holds that everybody can read the page.
func (d day) look(p *browsertest.Page) {
	d.Helper()
	p.Readable()
}

// says holds that the page is as the person asked for, and that sel says the
// words.
func (d day) says(p *browsertest.Page, sel string, words ...string) {
	d.Helper()
	if p.Status() != 200 {
		d.Fatalf("status %d: %s", p.Status(), p.Text("main"))
	}
	got := p.Text(sel)
	for _, s := range words {
		if !strings.Contains(got, s) {
			d.Errorf("%q is not in %s: %s", s, sel, got)
		}
	}
}

// refused holds that a form came back and says why.
func (d day) refused(p *browsertest.Page, words string) {
	d.Helper()
	if p.Status() != 422 {
		d.Fatalf("status %d: %s", p.Status(), p.Text("main"))
	}
	if got := p.Text(".error-summary"); !strings.Contains(got, words) {
		d.Errorf("what is wrong: %s", got)
	}
	d.look(p)
}

// never holds that the words stand nowhere on the page, not even in its markup.
func (d day) never(p *browsertest.Page, words ...string) {
	d.Helper()
	got := p.HTML()
	for _, s := range words {
		if strings.Contains(got, s) {
			d.Errorf("%q stands at %s", s, p.Location())
		}
	}
}

// What people do at the desk on most days, by hand: on a wide screen, and on a
// narrow one without scripts.
func TestDailyWorkInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	ctx, actor := context.Background(), w.actor("coordinator")
	w.person("director")
	round, _ := w.filled()
	var ids []string
	for _, p := range w.peopled(round) {
		ids = append(ids, p.ID)
	}
	w.must(w.record.SetClearances(ctx, actor, round, ids, recordstore.ClearName, record.Clearance{State: record.ClearanceGranted, Basis: "Mail of 3 April"}))
	w.toldAndUntold(round)
	_, err := w.record.AddAccount(ctx, w.operator, record.Account{Email: "maren@example.org", Name: "Maren Holt", Outside: true}, password)
	w.must(err)

	views := map[string]browsertest.View{"with scripts": {}, "narrow, without scripts": {Width: 390, Dark: true, NoScripts: true}}
	at := w.served()
	for name, work := range map[string]func(day){
		"copy": day.copies, "merge": day.merges, "answer": day.answers, "access": day.givesRoles, "paper": day.makesAPaper,
		"who took part": day.looksUp, "clearances": day.clears,
	} {
		t.Run(name, func(t *testing.T) {
			for name, v := range views {
				t.Run(name, func(t *testing.T) { work(day{t, w, at, round, v}) })
			}
		})
	}
}

// toldAndUntold logs a round of 2021 that anybody may know of and one of 2022
// that nobody may, with people of bodies that are named, of whom two are truly of
// the signals directorate. One body came before another.
func (w *world) toldAndUntold(filled string) {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	r, err := w.record.Round(ctx, actor, filled)
	w.must(err)
	add := func(name string, before ...record.Succession) string {
		o, err := w.record.AddOrganisation(ctx, actor, record.Organisation{Name: name, Kind: record.Ministry, Country: "XB", Predecessors: before})
		w.must(err)
		return o.ID
	}
	tides, fog := add("Bureau of Tides"), add("Ministry of Fog")
	add("Agency of the Coast", record.Succession{OrganisationID: tides})
	meet := func(opens record.Date) record.Round {
		r, err := w.record.LogRound(ctx, actor, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: opens})
		w.must(err)
		return r
	}
	enter := func(roundID, bodyID, trueID string, names ...string) {
		r, err := w.record.Round(ctx, actor, roundID)
		w.must(err)
		badge, err := w.record.AddPresence(ctx, actor, roundID, r.Version, record.Presence{OrganisationID: bodyID, Label: record.Exact})
		w.must(err)
		var all []recordstore.Entrant
		for _, name := range names {
			e := recordstore.Entrant{
				Participation: record.Participation{State: record.Attended}, Person: record.Person{Family: name},
				Badge: badge,
			}
			if trueID != "" {
				e.True = &record.Presence{OrganisationID: trueID, AttendsThroughID: bodyID}
			}
			all = append(all, e)
		}
		_, err = w.record.Enter(ctx, actor, roundID, all)
		w.must(err)
	}
	told, untold := meet("2021-03"), meet("2022")
	w.must(w.record.EditRules(ctx, actor, told.ID, told.Version, record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.Free}}))
	enter(told.ID, tides, "", "Abel", "Bree", "Cato", "Dost")
	enter(told.ID, r.Presences[1].OrganisationID, r.Presences[3].OrganisationID, "Eck", "Fenn")
	enter(untold.ID, fog, "", "Gorm", "Hale", "Ilo")
}

// copies makes the next round of the last: people come along, what they said and
// whether they came does not.
func (d day) copies() {
	p := d.enter("coordinator")
	rules := `[...document.querySelectorAll("select[name^='rule.']")].map((e) => e.name + " " + e.value).join()`
	p.Goto(d.at + "/rounds/" + d.round + "/rules")
	strict := browsertest.Eval[string](p, rules)
	d.says(p, "#say", "Chatham House")
	p.Goto(d.at + "/rounds/" + d.round)
	p.Follow("main a[href$='/copy']")
	d.look(p)
	p.Fill("#f-internal_title", "Round 7")
	p.Fill("#f-opens", "2026-13")
	p.Follow(".savebar .btn--main")
	d.refused(p, "Enter a date")
	p.Fill("#f-opens", "2027-03")
	p.Follow(".savebar .btn--main")
	d.says(p, "main", "Round 7", "Port Anselm", "Old customs house, upper room", "March 2027")
	round, _, _ := strings.Cut(p.Location(), "?")
	if round == d.at+"/rounds/"+d.round {
		d.Fatal("the round is no new one")
	}

	p.Goto(round + "/rules")
	if got := browsertest.Eval[string](p, rules); got != strict || strict == "" {
		d.Errorf("the rules are %s, were %s", got, strict)
	}
	d.never(p, "Both conveners, by letter", "Use what you hear")
	p.Goto(round + "/participants")
	d.look(p)
	d.says(p, ".grid tbody", "Lin Ruochuan", "Ada Quist", "Harbour Institute", "Signals Directorate")
	if n := browsertest.Eval[int](p, `[...document.querySelectorAll("td[data-label=Name]")].filter((e) => e.innerText.trim() === "Not asked").length`); n != 2 {
		d.Errorf("of two people %d were not asked for their name", n)
	}
	d.never(p, "Granted", "Mail of 3 April")
	for _, path := range browsertest.Eval[[]string](p, `[...document.querySelectorAll("main tbody a[data-key='e'][href*='/participants/']")].map((e) => e.href)`) {
		p.Goto(path)
		if state, said := p.Value("#f-state"), p.Value("#f-name_clearance"); state != "" || said != "" {
			d.Errorf("somebody of the new round %s, and their name is %s", state, said)
		}
	}
}

// merges has two people edit the same facts: nothing that either typed is lost.
func (d day) merges() {
	round, err := d.w.record.LogRound(context.Background(), d.w.actor("coordinator"), record.Round{
		SeriesID: d.w.series.ID, State: record.Scheduled, Opens: "2026-09", City: "Port Anselm", Venue: "Old customs house",
	})
	d.w.must(err)
	facts := d.at + "/rounds/" + round.ID
	first, second := d.enter("coordinator"), d.enter("director")
	first.Goto(facts + "/edit")
	second.Goto(facts + "/edit")
	d.look(second)
	first.Fill("#f-city", "Reedtown")
	first.Fill("#f-venue", "Ferry hall")
	first.Follow(".savebar .btn--main")
	second.Fill("#f-city", "Saltmarsh")
	second.Fill("#f-summary", "Whom to call, and when.")
	second.Follow(".savebar .btn--main")
	if second.Status() != 409 || second.Count(".merge tbody tr") != 1 {
		d.Fatalf("status %d, %d places", second.Status(), second.Count(".merge tbody tr"))
	}
	d.look(second)
	if got := second.Text(".merge tbody"); !strings.Contains(got, "Reedtown") || !strings.Contains(got, "Saltmarsh") {
		d.Errorf("the two cities: %s", got)
	}
	second.Click("[name='take.city'][value=theirs]")
	second.Follow(".savebar .btn--main")
	d.says(second, "main", "Reedtown", "Ferry hall", "Whom to call, and when.")
	d.never(second, "Saltmarsh", "Old customs house")

	// What one typed stays chosen until they choose otherwise.
	first.Goto(facts + "/edit")
	second.Goto(facts + "/edit")
	second.Fill("#f-city", "Saltmarsh")
	second.Follow(".savebar .btn--main")
	first.Fill("#f-city", "Quillhaven")
	first.Follow(".savebar .btn--main")
	if first.Status() != 409 {
		d.Fatalf("status %d", first.Status())
	}
	first.Follow(".savebar .btn--main")
	d.says(first, "main", "Quillhaven", "Ferry hall", "Whom to call, and when.")
}

// answers makes a table and a list for somebody outside: neither tells of a round
// that nobody may know of, nor where somebody truly belongs.
func (d day) answers() {
	p := d.enter("coordinator")
	p.Goto(d.at + "/answers")
	d.look(p)
	p.Follow("main a[href='/answers/new']")
	d.look(p)
	p.Follow("[name=as][value=show]")
	d.refused(p, "Enter for whom it is.")
	p.Fill("#f-recipient", "Foundation for Quiet Borders")
	p.Choose("#f-series", d.w.series.ID)
	p.Choose("#f-rows", "body")
	p.Choose("#f-columns", "year")
	p.Fill("#f-until", "2022")
	p.Follow("[name=as][value=show]")
	d.look(p)
	d.says(p, ".a4", "Foundation for Quiet Borders", "Bureau of Tides", "Harbour Institute", "fewer than 3", "2021")
	d.never(p, "Signals Directorate", "Ministry of Fog", "Abel", "Gorm")
	if got := p.Text(".a4 thead"); strings.Contains(got, "2022") {
		d.Errorf("the table has the year of a hidden round: %s", got)
	}
	if n := browsertest.Eval[int](p, `[...document.querySelectorAll(".a4 td")].filter((e) => ["1", "2"].includes(e.innerText.trim())).length`); n != 0 {
		d.Errorf("%d numbers are under three", n)
	}
	p.Follow("[name=as][value=log]")
	d.says(p, "main", "Written down")
	code := p.Text(".a4 .foot-p .num")
	p.Choose("#f-about", "people")
	for body, words := range map[string]string{"Harbour Institute": "Fenn", "Ministry of Fog": "None of these people"} {
		p.Fill("[name=organisation]", body)
		p.Follow("[name=as][value=show]")
		d.look(p)
		d.says(p, ".a4", "Foundation for Quiet Borders", words)
		d.never(p, "Signals Directorate", "Gorm", "Abel")
	}
	p.Goto(d.at + "/answers")
	d.look(p)
	d.says(p, "main tbody", "Foundation for Quiet Borders", code)
}

// givesRoles is two ways to a role in a series, and its end. Somebody outside the
// house gets none without an end.
func (d day) givesRoles() {
	coordinator, director := d.enter("coordinator"), d.enter("director")
	access := d.at + "/series/" + d.w.series.ID + "/access"
	ask := func(p *browsertest.Page, verb, role string) {
		d.Helper()
		button := "form[action$='/" + verb + "'] .btn--main"
		p.Fill("#f-email", "maren@example.org")
		p.Choose("#f-role", role)
		p.Fill("#f-reason", "Answers enquiries")
		p.Follow(button)
		d.refused(p, "needs an end")
		if who, why := p.Value("#f-email"), p.Value("#f-reason"); who != "maren@example.org" || why != "Answers enquiries" {
			d.Errorf("the form forgot whom and why: %q, %q", who, why)
		}
		p.Fill("#f-until", "2026-06-30")
		p.Follow(button)
	}
	end := func(p *browsertest.Page) {
		d.Helper()
		p.Click("tr:has(th .tag) summary")
		p.Follow("tr:has(th .tag) details[open] .btn")
		d.refused(p, "Say why")
		p.Fill("details[open] [name=why]", "The enquiry is answered")
		p.Follow("details[open] .btn")
		d.says(p, ".grid tbody", "The director")
		d.never(p, "Maren Holt")
	}

	director.Goto(d.at + "/series/" + d.w.series.ID)
	director.Follow("main a[href$='/access']")
	d.look(director)
	ask(director, "give", "editor")
	d.look(director)
	d.says(director, "tr:has(th .tag)", "Maren Holt", "Not of the house", "Answers enquiries", "30 Jun 2026")
	end(director)

	coordinator.Goto(access)
	d.look(coordinator)
	ask(coordinator, "propose", "desk officer")
	d.look(coordinator)
	d.says(coordinator, "[aria-labelledby^='asked-']", "Maren Holt", "Waits for a director")
	if coordinator.Count("form[action$='/allow'], form[action$='/give']") != 0 {
		d.Error("a coordinator can give a role")
	}
	director.Goto(access)
	d.look(director)
	d.says(director, "[aria-labelledby^='asked-']", "Maren Holt", "Answers enquiries", "The coordinator")
	director.Follow("form[action$='/allow'] .btn")
	d.says(director, "tr:has(th .tag)", "Maren Holt", "Desk officer", "30 Jun 2026")
	end(director)
}

// makesAPaper makes a delegation list for the other side: people stand under
// their badge.
func (d day) makesAPaper() {
	p := d.enter("coordinator")
	p.Goto(d.at + "/rounds/" + d.round)
	p.Follow("nav.tabs a[href$='/papers']")
	d.look(p)
	p.Choose("#f-kind", "delegation list")
	p.Choose("#f-side", d.w.series.Sides[1].ID)
	p.Follow("[name=as][value=sheet]")
	d.refused(p, "Choose for whom it is.")
	p.Choose("#f-recipient", "counterpart")
	p.Follow("[name=as][value=sheet]")
	d.look(p)
	d.says(p, ".a4", "Ada Quist", "Harbour Institute", "Lin Ruochuan", "林若川", "Ministry of Foreign Affairs")
	d.never(p, "Signals Directorate", "Security services", "Round 6")
}

// looksUp finds who took part by what a body was before.
func (d day) looksUp() {
	p := d.enter("coordinator")
	p.Goto(d.at + "/appearances")
	d.look(p)
	filter := "form[role=search][action='/appearances'] .btn:not(.btn--bare)"
	p.Fill("#f-organisation", "agency of the coast")
	p.Follow(filter)
	d.look(p)
	d.says(p, "main tbody", "Abel", "Bureau of Tides")
	if got := p.Text("main tbody"); strings.Contains(got, "Quist") || strings.Contains(got, "Fog") {
		d.Errorf("the filter lets in %s", got)
	}
	if got := p.Location(); strings.Contains(got, "coast") {
		d.Errorf("the words stand in the address %s", got)
	}
	p.Click("[name=alone]")
	p.Follow(filter)
	d.look(p)
	d.says(p, ".empty", "Nobody here")
	p.Fill("#f-since", "last year")
	p.Follow(filter)
	d.look(p)
	d.says(p, ".error-summary", "Enter a year")
}

// clears sets what two people said with one form, which asks how it is known.
func (d day) clears() {
	p := d.enter("coordinator")
	p.Goto(d.at + "/rounds/" + d.round + "/participants")
	d.look(p)
	p.Follow("main a[href$='/participants/clear']")
	d.look(p)
	p.Choose("#f-which", "affiliation")
	p.Choose("#f-clearance", "granted")
	p.Click("tr:nth-child(1) [name=participant]")
	p.Click("tr:nth-child(2) [name=participant]")
	p.Follow("form[action$='/clear'] .btn--main")
	d.refused(p, "on what basis")
	if n := p.Count("[name=participant]:checked"); n != 2 {
		d.Errorf("%d of two people are still chosen", n)
	}
	p.Fill("#f-basis", "Mail of 5 April")
	p.Follow("form[action$='/clear'] .btn--main")
	d.look(p)
	d.says(p, "main tbody")
	if n := browsertest.Eval[int](p, `[...document.querySelectorAll("td[data-label=Affiliation]")].filter((e) => e.innerText.trim() === "Granted").length`); n != 2 {
		d.Errorf("%d of two people stand as having allowed their body", n)
	}
	if n := browsertest.Eval[int](p, `[...document.querySelectorAll("td[data-label=Attribution]")].filter((e) => e.innerText.trim() === "Not asked").length`); n != 2 {
		d.Errorf("of two people %d were not asked for their words", n)
	}
}
