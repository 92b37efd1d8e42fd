package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
)

// released makes a round with its summary public and returns the addresses of
// their released copies.
func (w *world) released() (round record.Round, copies map[string]string) {
	w.t.Helper()
	ctx := context.Background()
	round, summary := w.held()
	coordinator, director := w.actor("coordinator"), w.actor("director")
	recordtest.Clear(w.t, w.record, summary.ID)
	r, err := w.release.PrepareRound(ctx, coordinator, release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{summary.ID}})
	w.must(err)
	w.must(w.release.Sign(ctx, coordinator, r.ID, password, record.Immediate))
	w.must(w.release.Countersign(ctx, director, r.ID, password))
	w.deliver()
	docs, err := w.release.Released(ctx, coordinator, round.ID)
	w.must(err)
	copies = map[string]string{}
	for _, d := range docs {
		if copies[d.Kind] == "" {
			copies[d.Kind] = "/released/" + d.Kind + "/" + d.Slug
		}
	}
	return round, copies
}

func TestReleasedCopyIsWhatThePublicReads(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, copies := w.released()
		v := w.as("coordinator")
		v.get(copies["round"]).is(200).has(".mark--public", "16 March 2026").has(".draft", "Port Anselm, Germany").
			has(".draft", "Harbour Institute").has(".docket", "The director").
			hasNot("Old customs house", "Hushhush", "Signals Directorate")
		v.get(copies["output"]).is(200).has(".draft", "Observation 1").has(".draft", "A number is no procedure.")
		v.get(copies["organisation"]).is(200).has(".draft", "Harbour Institute")
		v.get(copies["series"]).is(200).has(".draft", "Kasmere Dialogue")
		for _, kind := range []string{"organisation", "series"} {
			if p := v.get(copies[kind]); len(p.all("form[action$=suspend], form[action$=withdraw]")) > 0 {
				t.Errorf("a %s is offered to be taken away by itself", kind)
			}
		}
		if got := attr(v.get(copies["round"]).all("a[target]")[0], "href"); !strings.HasPrefix(got, "https://public.example.org/rounds/") {
			t.Errorf("the public page is at %s", got)
		}
		for _, path := range []string{"/released/round/nothing-here", "/released/people/a", "/released/round/A%20b", "/released/round/%00"} {
			v.get(path).is(404).hasNot("nothing of this name")
		}
	})
}

func TestOnePersonSuspendsTwoBringBackOrWithdraw(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, copies := w.released()
		coordinator, director := w.as("coordinator"), w.as("director")
		output := copies["output"]

		coordinator.post(output+"/suspend", url.Values{"password": {"wrong wrong wrong"}}).is(422).has(".error-summary", "password")
		coordinator.post(output+"/suspend", url.Values{"password": {password}}).is(200).has("h1", "Contact points")
		w.deliver()
		coordinator.get(output).is(200).has(".mark--wax", "Suspended").has(".sheet-bar", "notice")
		coordinator.post(output+"/suspend", url.Values{"password": {password}}).is(409)

		p := coordinator.post(output+"/restore", url.Values{}).is(200).has(".compare .pub", "Contact points")
		restoration := p.path
		coordinator.post(restoration+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		director.send(director.get(restoration), restoration+"/countersign", ticked(director.get(restoration))).is(200)
		w.deliver()
		coordinator.get(output).has(".mark--public", "Public")

		coordinator.post(output+"/withdraw", url.Values{}).is(422).has(".error-summary", "Choose what stays at the address.")
		coordinator.post(output+"/withdraw", url.Values{"way": {"reason"}, "reason": {"Taken back by both sides."}}).is(422).
			has(".error-summary", "who cleared").has(".error-summary", "how they cleared")
		p = coordinator.post(output+"/withdraw", url.Values{
			"way": {"reason"}, "reason": {"Taken back by both sides."}, "cleared_by": {"The counterpart"}, "cleared_how": {"Mail of Monday"},
		}).is(200).has("#leaves", "Leaves").has(".serif", "Taken back by both sides.").has("th del", "Contact points").
			has("dl", "The counterpart").has("dl", "Mail of Monday")
		withdrawal := p.path
		coordinator.post(withdrawal+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		director.post(withdrawal+"/countersign", url.Values{"password": {password}}).is(422).has(".error-summary", "Read what leaves the public")
		coordinator.get(output).has(".mark--public", "Public")
		director.post(withdrawal+"/countersign", url.Values{"password": {password}, "read_leaves": {"1"}}).is(200)
		w.deliver()
		coordinator.get(output).is(200).has(".mark--wax", "Withdrawn")
		coordinator.post(output+"/withdraw", url.Values{"way": {"notice"}}).is(409)
		coordinator.get(output+"/withdraw").is(200).has("main", "This is withdrawn").hasNot("way")
	})
}

// Before anything is frozen the page says what leaves with a round. Who suspends
// is told until two people settled it, on one page with both ways out.
func TestASuspensionIsSettled(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, copies := w.released()
		coordinator, director, editor := w.as("coordinator"), w.as("director"), w.as("editor")
		round := copies["round"]
		director.get(round+"/withdraw").is(200).has("table", "Contact points").has("table", "Harbour Institute").has("table", "Kasmere Dialogue").
			hasNot("Lift the suspension", "Signals Directorate")
		for _, kind := range []string{"series", "organisation"} {
			director.get(copies[kind] + "/withdraw").is(404)
		}
		director.get("/").is(200).hasNot("Suspensions to settle")

		coordinator.post(round+"/suspend", url.Values{"password": {password}}).is(200)
		w.deliver()
		coordinator.get("/").is(200).has(".queue", "Suspended by you")
		director.get("/").is(200).has(".queue", "Suspended by The coordinator")
		editor.get("/").is(200).hasNot("Suspensions to settle") // may not suspend
		director.get(round+"/withdraw").is(200).has(".notice--wax", "Suspended by The coordinator").
			has("#lift", "Or bring it back").has("#withdraw", "Withdraw it for good")
		coordinator.get(round+"/withdraw").is(200).has(".notice--wax", "You suspended this")

		p := director.post(round+"/withdraw", url.Values{"way": {"silent"}}).is(200).has("#leaves", "Leaves").has("td", "Nothing, as if it had never been released")
		coordinator.get("/").is(200).has(".queue", "A release that settles it waits")
		director.post(p.path+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		coordinator.post(p.path+"/countersign", url.Values{"password": {password}, "read_leaves": {"1"}}).is(200)
		w.deliver()
		coordinator.get("/").is(200).hasNot("Suspensions to settle")
		coordinator.get(round).is(200).has(".mark--wax", "Withdrawn without a notice")
	})
}

func TestCorrectionSaysWhatChanges(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.released()
		ctx, actor := context.Background(), w.actor("coordinator")
		r, err := w.record.Round(ctx, actor, round.ID)
		w.must(err)
		for _, p := range r.Presences {
			if o, err := w.record.Organisation(ctx, actor, p.OrganisationID); err == nil && o.Name == "Lighthouse Forum" {
				p.Label = record.Withheld
				_, err = w.record.EditPresence(ctx, actor, r.ID, r.Version, p)
				w.must(err)
			}
		}
		v := w.as("coordinator")
		tab := "/rounds/" + round.ID + "/release"
		p := v.get(tab).is(200).has("#prepare", "Prepare a correction")
		values := p.form(tab)
		if values.Get("amendment") != "" {
			t.Error("a correction is an amendment unless somebody says otherwise")
		}
		p = v.send(p, tab, url.Values{"note": {"A list was put right."}}).is(200).
			has(".notice", "Redaction").has(".notice", "A list was put right.").has(".compare del", "Lighthouse Forum")
		for _, n := range p.all(".compare ins") {
			if strings.Contains(text(n), "Lighthouse") {
				t.Error("the body that was taken out would become public again")
			}
		}
		v.post(p.path+"/cancel", url.Values{"reason": {"Wait for the counterpart."}}).is(200).
			has(".notice", "Wait for the counterpart.").has(".mark--wax", "Called off")
		v.post(p.path+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(422).has(".error-summary", "This release is cancelled")
	})
}
