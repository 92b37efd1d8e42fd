package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
)

func TestAnythingIsFoundByAnyName(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		body := func(o record.Organisation) {
			_, err := w.record.AddOrganisation(ctx, w.operator, o)
			w.must(err)
		}
		body(record.Organisation{Name: "Ministry of Quiet Waters", Acronym: "QW", Native: []record.Name{{Text: "静水部", Lang: "zh-Hans"}}, Kind: record.Ministry, Country: "XA"})
		body(record.Organisation{Name: "A Quiet Waters Fund", Kind: record.ThinkTank})
		body(record.Organisation{Name: "Quiet Waters", Kind: record.ThinkTank})
		_, err := w.record.AddPerson(ctx, w.operator, record.Person{Given: "Quiet", Family: "Waters", FamilyFirst: true, Native: []record.Name{{Text: "静水", Lang: "zh-Hans"}}})
		w.must(err)
		other, err := w.record.AddSeries(ctx, w.operator, record.Series{Name: "Elsewhere"})
		w.must(err)
		_, err = w.record.LogRound(ctx, w.operator, record.Round{SeriesID: other.ID, State: record.Held, InternalTitle: "Quiet waters elsewhere"})
		w.must(err)
		v := w.as("coordinator")
		id := v.logged(url.Values{"internal_title": {"Round on quiet waters"}})
		p := v.get("/rounds/" + id + "/drafts/new")
		v.send(p, "/rounds/"+id+"/drafts/new", url.Values{"title": {"How QUIET waters run"}, "body": {"Deep."}}).is(200)

		rec := v.raw("POST", "/find", url.Values{"q": {"quiet waters"}})
		to := rec.Header().Get("Location")
		if rec.Code != 303 || strings.Contains(strings.ToLower(to), "quiet") {
			t.Errorf("the words stand in the address %s", to)
		}
		p = v.get(to).is(200).has("main", "Round on quiet waters").has("main", "How QUIET waters run").has("main", "Waters Quiet").hasNot("elsewhere", "Elsewhere")
		p.has("title", "Confidential · Find · track15")
		if names := p.text(".queue b"); strings.Index(names, "\nQuiet Waters\n") > strings.Index(names, "A Quiet Waters Fund") {
			t.Errorf("what is called so does not come first: %s", names)
		}
		v.post("/find", url.Values{"q": {"静水"}}).is(200).has("main", "Ministry of Quiet Waters").has("main", "Waters Quiet")
		v.post("/find", url.Values{"q": {"Jing Shui"}}).is(200).has("main", "Waters Quiet").hasNot("Ministry of Quiet Waters")
		v.post("/people", url.Values{"q": {"Shui Jing"}}).is(200).has("main", "Waters Quiet")
		v.post("/find", url.Values{"q": {"nothing of it"}}).is(200).has(".empty", "Nothing here has this name")
		v.get("/find?find=guessed").is(200).has(".empty", "Nothing is sought")
		v.get("/").is(200).has("nav form label", "Find anything")

		// An editor reads no directory, a records officer dates only, an auditor nothing.
		w.as("editor").post("/find", url.Values{"q": {"quiet waters"}}).is(200).has("main", "How QUIET waters run").hasNot("Ministry of Quiet", "Waters Quiet", "Round on quiet")
		w.as("records-officer").post("/find", url.Values{"q": {"quiet waters"}}).is(200).has("main", "Ministry of Quiet").hasNot("Round on quiet", "How QUIET")
		w.as("auditor").get("/find").is(404)
		w.as("auditor").get("/").is(200).hasNot("Find anything")
	})
}

func TestShortcutsOfLettersCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("editor")
		p := v.get("/shortcuts").is(200)
		if len(p.all("body[data-shortcuts]")) != 1 || p.form("/shortcuts").Get("letters") != "1" {
			t.Error("letters are off from the start")
		}
		p = v.post("/shortcuts", url.Values{}).is(200)
		if len(p.all("body[data-shortcuts]")) != 0 || len(p.all("body.is-quiet")) != 1 || p.form("/shortcuts").Get("letters") != "" {
			t.Error("letters are still on")
		}
		p = w.as("editor").send(p, "/shortcuts", url.Values{"letters": {"1"}})
		if len(p.all("body[data-shortcuts]")) != 1 {
			t.Error("letters stay off")
		}
	})
}
