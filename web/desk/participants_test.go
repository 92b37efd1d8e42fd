package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
)

// gathering is a round with the ways of two bodies into it, and where its
// participants stand.
func (w *world) gathering(v *visitor) (id, at string) {
	w.t.Helper()
	ctx := context.Background()
	for _, o := range []record.Organisation{
		{Name: "Harbour Institute", Kind: record.ThinkTank}, {Name: "Signals Directorate", Kind: record.SecurityService},
	} {
		_, err := w.record.AddOrganisation(ctx, w.operator, o)
		w.must(err)
	}
	id = v.logged(url.Values{"internal_title": {"Round six"}, "opens": {"2026-03-25"}, "closes": {"2026-03-26"}})
	return id, "/rounds/" + id + "/participants"
}

// Somebody new enters with a body that was not at the round, and with a true
// affiliation behind the badge: one form, no way round by the directory.
func TestSomebodyNewEntersInOneForm(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		_, at := w.gathering(v)
		form := v.get(at + "/new").is(200).form(at + "/new")
		for name, value := range map[string]string{
			"family": "Lin", "given": "Ruochuan", "family_first": "1", "native": "林若川", "native_lang": "zh-Hans", "badge_body": "harbour institute",
			"true_body": "Signals Directorate", "side": w.series.Sides[1].ID, "capacity": "personal", "post": "Head of section",
			"name_clearance": "requested", "name_clearance.basis": "mail of 3 March",
		} {
			form.Set(name, value)
		}
		for range 2 {
			p := v.post(at+"/new", form).is(200)
			p.has("tbody", "N1").has("tbody", "Lin Ruochuan").has("tbody", "林若川").has("tbody", "Harbour Institute")
			p.has(".true", "Signals Directorate").has("tbody", "Head of section").has("tbody", "Requested").has("main", "1 name clearance open").hasNot("Asked")
			if n := len(p.all(`tbody tr`)); n != 1 {
				t.Errorf("%d participants", n)
			}
			if strings.Contains(p.text("title"), "Lin") || strings.Contains(p.path, "Lin") {
				t.Errorf("a name in %q or %q", p.text("title"), p.path)
			}
		}
		// A desk officer of the series reads the round, not who is behind the badge.
		w.as("desk-officer").get(at).is(200).has("tbody", "Harbour Institute").hasNot("Signals Directorate", "True affiliation")
		w.as("editor").get(at).is(404)
		// The person's own page says where they were, and no more to who may not know.
		who := strings.TrimPrefix(attr(v.get(at).all(`tbody a[href^="/people/"]`)[0], "href"), "/people/")
		v.get("/people/"+who).is(200).has("tbody", "Round six").has("tbody", "Signals Directorate")
		w.as("desk-officer").get("/people/"+who).is(200).has("tbody", "Round six").hasNot("Signals Directorate")
		w.as("records-officer").get("/people/"+who).is(200).hasNot("Round six", "Harbour Institute", "Signals Directorate")
		if strings.Contains(w.log.String(), "Signals") {
			t.Errorf("the log: %s", w.log)
		}
	})
}

// What cannot be is said at its field, and nothing is kept of it.
func TestAParticipantThatCannotBe(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		_, at := w.gathering(v)
		for says, fill := range map[string]url.Values{
			"Choose a person, or enter a body":        {},
			"Nobody in the directory has this name":   {"person": {"No Such Person"}},
			"No entry of the directory has this name": {"family": {"Morn"}, "badge_body": {"No such body"}},
			"Enter on what basis":                     {"family": {"Morn"}, "name_clearance": {"granted"}},
			"cannot be seen":                          {"family": {"Mo\u202ern"}},
			"Choose the body whose badge is worn":     {"family": {"Morn"}, "true_words": {"freelance"}},
		} {
			v.send(v.get(at+"/new"), at+"/new", fill).is(422).has(".error-summary", says)
		}
		v.get(at).has("main", "Nobody is recorded")
		v.get("/people").hasNot("Morn")
	})
}

// Two who change one participant lose nothing, and what one of them may not read
// stays.
func TestTwoEditorsOfAParticipant(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		mine, theirs := w.as("coordinator"), w.as("director")
		_, at := w.gathering(mine)
		mine.send(mine.get(at+"/new"), at+"/new", url.Values{
			"family": {"Fenn"}, "given": {"Ulrike"}, "badge_body": {"Harbour Institute"}, "true_body": {"Signals Directorate"},
			"side": {w.series.Sides[1].ID}, "capacity": {"expert"},
		}).is(200)
		edit := attr(mine.get(at).all(`td.end a`)[0], "href")
		old := mine.get(edit).is(200)
		theirs.send(theirs.get(edit), edit, url.Values{"post": {"Director"}, "capacity": {"observer"}}).is(200)
		p := mine.send(old, edit, url.Values{"capacity": {"official"}, "head": {"1"}}).is(409)
		p.has(".merge", "official").has(".merge", "observer").has(".fold", "Post: as it stands now")
		mine.send(p, edit, nil).is(200).has("tbody", "Official").has("tbody", "Director").has("tbody", "Head").has(".true", "Signals Directorate")

		for _, name := range []string{"Ministry of Foreign Affairs", "Kasmere Policy Forum"} {
			_, err := w.record.AddOrganisation(context.Background(), w.operator, record.Organisation{Name: name, Kind: record.Ministry})
			w.must(err)
		}
		// Another body joins the round in the same act; the badge gives way to it.
		p = mine.send(mine.get(edit), edit, url.Values{"badge_body": {"Ministry of Foreign Affairs"}, "true_presence": {""}}).is(200)
		p.has("tbody", "Ministry of Foreign Affairs").has("tbody", "Director").hasNot("No such")
		mine.send(mine.get(edit), edit, url.Values{"badge_body": {"No such body"}}).is(422).has(".error-summary", "No entry of the directory has this name")
		mine.send(mine.get(edit), edit, url.Values{"true_body": {"Harbour Institute"}}).is(200).has(".true", "Harbour Institute")
		other := mine.get(edit)
		theirs.send(theirs.get(edit), edit, url.Values{"post": {"Envoy"}}).is(200)
		p = mine.send(other, edit, url.Values{"badge_body": {"Kasmere Policy Forum"}, "true_presence": {""}}).is(409).has(".fold", "Badge body: from you")
		mine.send(p, edit, nil).is(200).has("tbody", "Kasmere Policy Forum").has("tbody", "Envoy")
		theirs.get(edit).is(200).hasNot("Or another true affiliation")

		mine.send(mine.get(edit), edit+"/remove", nil).is(200).has("main", "Nobody is recorded")
	})
}

func TestSessionsOfARound(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		id, at := w.gathering(v)
		v.send(v.get(at+"/new"), at+"/new", url.Values{"family": {"Fenn"}, "badge_body": {"Harbour Institute"}, "side": {w.series.Sides[1].ID}}).is(200)
		sessions := "/rounds/" + id + "/sessions"
		add := v.get(sessions + "/new").is(200)
		who := attr(add.all(`input[name="chair"]`)[0], "value")
		v.send(add, sessions+"/new", url.Values{
			"title": {"Contact points"}, "starts": {"9:30"}, "questions": {"Who calls whom?\nHow soon?"}, "chair": {who},
		}).is(200).has("main", "Contact points").has("main", "Who calls whom?").has("main", "Wed 25 Mar, 09:30").has("main", "N1")
		v.send(v.get(sessions+"/new"), sessions+"/new", url.Values{"title": {"x"}, "position": {"first"}, "starts": {"half past"}}).is(422).
			has(".error-summary", "Enter a number")
		v.get(at).is(200).has("main", "Contact points").has(".tabs", "Sessions 1")
		w.as("editor").get(sessions).is(404)
	})
}

// Facts that stand beside a round, a series and a body come back as they went
// in, and what is wrong with them is said.
func TestFactsBeside(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		id, _ := w.gathering(v)
		edit := "/rounds/" + id + "/edit"
		side := w.series.Sides[0].ID
		p := v.send(v.get(edit), edit, url.Values{"more": {"margin"}}).is(200)
		row := p.form(edit).Get("margin")
		fill := url.Values{
			"headcount.participants": {"14"}, "headcount.officials": {"6"}, "time_zone": {"Asia/Shanghai"},
			"side_date." + side + ".opens": {"2026-03-24"}, "margin." + row + ".title": {"Dinner on the pier"},
		}
		v.send(p, edit, fill).is(200).has("main", "All at the table: 14").has("main", "In public at most: 10 to 19").
			has("main", "Kasmere: 24 March 2026").has("main", "Dinner on the pier")
		w.as("editor").get("/rounds/"+id).is(200).hasNot("All at the table", "Dinner on the pier", "Shanghai")
		fill.Set("headcount.participants", "a few")
		fill.Set("time_zone", "Mars/Base")
		v.send(v.get(edit), edit, fill).is(422).has(".error-summary", "Enter a whole number")
		fill.Set("headcount.participants", "14")
		v.send(v.get(edit), edit, fill).is(422).has(".error-summary", "Enter a time zone")

		series := "/series/" + w.series.ID + "/edit"
		v.send(v.get(series), series, url.Values{"convener_ids": {"Harbour Institute"}, "funder_ids": {"Signals Directorate"}, "ordinals": {"never"}}).is(200)
		p = v.get(series)
		form := p.form(series)
		form.Set("convener."+form.Get("convener")+".from", "2009")
		form.Set("convener."+form.Get("convener")+".to", "2008")
		v.post(series, form).is(422).has(".error-summary", "The end is before the start")
		form.Set("convener."+form.Get("convener")+".to", "2016")
		v.post(series, form).is(200).has("main", "Harbour Institute (from 2009 to 2016)").has("main", "Never said").has("main", "Signals Directorate")
	})
}
