package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore/recordtest"
)

// openRules let everything of a round become public that can.
var openRules = record.GroundRules{Preset: "on_record", Vector: func() map[record.Aspect]record.Permission {
	v := map[record.Aspect]record.Permission{}
	for _, a := range record.Aspects {
		v[a] = record.Free
	}
	return v
}()}

// held logs a round with what a release may and may not show of it, and a
// summary with two observations. Its writer is the coordinator.
func (w *world) held() (round record.Round, summary record.Output) {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	r, err := w.record.LogRound(ctx, actor, record.Round{
		SeriesID: w.series.ID, OrdinalLabel: "5th round", InternalTitle: "Hushhush five", State: record.Held,
		Opens: "2025-09-17", Closes: "2025-09-18", City: "Port Anselm", Country: "DE", Venue: "Old customs house",
	})
	w.must(err)
	w.must(w.record.EditRules(ctx, actor, r.ID, r.Version, openRules))
	r, err = w.record.Round(ctx, actor, r.ID)
	w.must(err)
	add := func(name string, label record.DisclosureLabel, side int) {
		o, err := w.record.AddOrganisation(ctx, actor, record.Organisation{Name: name, Kind: record.ThinkTank})
		w.must(err)
		_, err = w.record.AddPresence(ctx, actor, r.ID, r.Version, record.Presence{
			OrganisationID: o.ID, Label: label, SideID: w.series.Sides[side].ID, Track: "2",
		})
		w.must(err)
		r, err = w.record.Round(ctx, actor, r.ID)
		w.must(err)
	}
	add("Harbour Institute", record.Exact, 0)
	add("Lighthouse Forum", record.Exact, 1)
	add("Signals Directorate", record.Withheld, 1)
	summary, err = w.record.AddOutput(ctx, actor, record.Output{
		SeriesID: w.series.ID, RoundID: r.ID, Kind: record.Summary, Draft: record.Draft{
			Title: "Contact points", Lang: "en", Body: "Participants spoke of duty numbers.",
			Observations: []record.Observation{{Text: "There was support for a duty number."}, {Text: "A number is no procedure."}},
		},
	})
	w.must(err)
	return r, summary
}

// ticked is a countersignature that says everything was read.
func ticked(p page) url.Values {
	v := url.Values{"password": {password}}
	for _, n := range p.all("input[data-tick]") {
		v.Add("read", attr(n, "value"))
	}
	return v
}

func TestTwoPeopleRelease(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		coordinator, director := w.as("coordinator"), w.as("director")
		tab := "/rounds/" + round.ID + "/release"

		p := coordinator.get(tab).is(200).
			has("#panel + h3 + p", "Nothing").
			has("[aria-labelledby=ready]", "0 of 2 stand").has("[aria-labelledby=ready]", "They let out existence; ordinal").
			has(".publist--add", "Harbour Institute").
			has(".publist--add", "Contact points, 2 observations").
			has(".publist--stay", "Venue").
			has(".publist--stay", "Organisations withheld")
		if strings.Contains(p.text(".publist--add"), "Signals") || strings.Contains(p.text(".publist--add"), "customs") {
			t.Error("the panel says that something withheld would become public")
		}
		form := p.form(tab)
		p = coordinator.send(p, tab, nil).is(200)
		release := p.path
		p.has("h1", "Kasmere Dialogue, 5th round").has(".status", "Nothing is public yet").has(".compare .pub", "Harbour Institute")
		for _, cell := range p.all(".compare td.pub") {
			if s := text(cell); strings.Contains(s, "Signals") || strings.Contains(s, "customs") || strings.Contains(s, "Hushhush") {
				t.Errorf("becomes public: %s", s)
			}
		}
		p.has(".compare td.rec", "Old customs house").has(".compare td.rec", "Signals Directorate")
		if again := coordinator.post(tab, form).is(200); again.path != release {
			t.Errorf("one form made two releases: %s and %s", release, again.path)
		}

		coordinator.post(release+"/sign", url.Values{"password": {"wrong wrong wrong"}, "when": {"at_once"}}).is(422).
			has(".error-summary", "password").has(".field--error", "password")
		if n := len(p.all("input[data-tick]")); n != 0 {
			t.Errorf("%d fields to tick before anybody signed", n)
		}
		p.has("[aria-labelledby=ready]", "0 of 2 stand").has("main", "Kasmere: it was not asked").has("#cleared + table", "Not asked")
		coordinator.send(p, release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(422).has(".error-summary", "A clearance is missing")
		w.as("editor").get(release).is(200).has("[aria-labelledby=ready]", "A clearance is missing.").hasNot("it was not asked").hasNot("What the clearances rest on")
		recordtest.Clear(w.t, w.record, summary.ID)
		p = coordinator.get(release).is(200).has("main", "Cleared")
		p = coordinator.send(p, release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200).has(".hand", "The coordinator")

		// Nobody countersigns their own, nor what they contributed to.
		p.has(".hand", "You signed first").has(".hand", "The director")
		if len(p.all(`form[action="`+release+`/countersign"]`)) != 0 {
			t.Error("the first signer is offered the second signature")
		}
		coordinator.post(release+"/countersign", url.Values{"password": {password}}).is(422)

		p = director.get(release).is(200).has(".hand", "You contributed to none of this")
		values := ticked(p)
		if len(values["read"]) < 5 {
			t.Fatalf("only %d fields to read", len(values["read"]))
		}
		one := url.Values{"password": {password}, "read": values["read"][1:]}
		director.post(release+"/countersign", one).is(422).has(".error-summary", "Read this field")
		director.post(release+"/countersign", url.Values{"password": {"nope nope nope"}, "read": values["read"]}).is(422)
		director.get(tab).has("#panel + h3 + p", "Nothing")

		p = director.send(p, release+"/countersign", values).is(200).has(".hand", "The director")
		director.post(release+"/countersign", values).is(422)
		w.deliver()
		director.get(release).is(200).has(".mark--public", "Released").has(".hand", "Release 1")
		director.get(tab).is(200).has(".publist", "Port Anselm, Germany").has(".publist", "Harbour Institute").has(".queue", "Contact points")
	})
}

func TestReleaseOfOneWhoContributedIsBarredByTheEdit(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		ctx := context.Background()
		draft := summary.Draft
		draft.Body = "Participants spoke of duty numbers and of cards."
		_, err := w.record.SaveDraft(ctx, w.actor("director"), summary.ID, 1, draft)
		w.must(err)
		recordtest.Clear(w.t, w.record, summary.ID)
		coordinator := w.as("coordinator")
		tab := "/rounds/" + round.ID + "/release"
		p := coordinator.send(coordinator.get(tab), tab, nil).is(200)
		p = coordinator.send(p, p.path+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		w.as("director").get(p.path).is(200).has(".hand", "You edited a draft that enters this release").
			has(".hand", "Nobody else")
	})
}

func TestReleaseThatRulesForbidIsRefusedInWords(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, actor := context.Background(), w.actor("coordinator")
		r, err := w.record.LogRound(ctx, actor, record.Round{SeriesID: w.series.ID, State: record.Held, City: "Port Anselm"})
		w.must(err)
		tab := "/rounds/" + r.ID + "/release"
		w.as("coordinator").get(tab).is(200).has("#refused + p", "The ground rules do not allow it")
		w.as("coordinator").post(tab, url.Values{"id": {r.ID}}).is(422).has(".error-summary", "The ground rules do not allow it")
	})
}
