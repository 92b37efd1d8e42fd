package desk_test

import (
	"net/url"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore/recordtest"
	"track15/web/browsertest"
)

// By telephone the second person reads two codes out, and the first types them.
func TestSigningByTelephone(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		recordtest.Clear(t, w.record, summary.ID)
		coordinator, director := w.as("coordinator"), w.as("director")
		tab := "/rounds/" + round.ID + "/release"
		release := coordinator.send(coordinator.get(tab), tab, nil).is(200).path

		director.get("/release-codes").is(200).has("main", "You have no list")
		director.post("/release-codes", url.Values{"password": {"nope nope nope"}}).is(422).has(".error-summary", "password")
		p := director.post("/release-codes", url.Values{"password": {password}}).is(200)
		rows := p.all(".codes tbody tr")
		if len(rows) != 10 {
			t.Fatalf("%d rows", len(rows))
		}
		var row record.CodeRow
		for i, cell := range p.all(".codes tbody tr:nth-child(3) td") {
			row.Columns[i] = text(cell)
		}
		director.get("/release-codes").has("main", ": 10").hasNot(row.Columns[0])

		coordinator.post(release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		p = coordinator.get(release).is(200).has("summary", "Countersign by telephone")
		said := p.text(".code8")
		director.get(release).hasNot("Countersign by telephone")
		w.as("editor").get(release).hasNot("Countersign by telephone")
		form := url.Values{"telephone_signer": {w.person("director").ID}, "telephone_text": {said}, "telephone_row": {"3"}, "telephone_code": {row.Letters(said)}}
		coordinator.post(release+"/telephone", form).is(422).has(".error-summary", "They have to know")
		form.Set("telephone_read", "1")
		wrong := url.Values{"telephone_signer": form["telephone_signer"], "telephone_text": {said}, "telephone_row": {"3"}, "telephone_code": {"AAAAAA"}, "telephone_read": {"1"}}
		coordinator.post(release+"/telephone", wrong).is(422).has(".error-summary", "do not fit together")
		w.as("editor").post(release+"/telephone", form).is(404)
		coordinator.post(release+"/telephone", form).is(200).has(".hand", "The director").has(".hand", "By telephone, typed by The coordinator")
		w.deliver()
		coordinator.get(release).has(".mark--public", "Released").has(".hand", "typed by The coordinator")
		coordinator.get("/audit").has("main", "enter a signature").hasNot(row.Letters(said))
	})
}

// A house of two: the director suggests a sentence, the coordinator accepts it, and
// the director countersigns from a telephone, with scripts and without. The page
// there holds no word of the record; the coordinator cannot sign on it.
func TestAnOfficeOfTwoOnATelephone(t *testing.T) {
	t.Parallel()
	for name, view := range map[string]browsertest.View{"scripts": {Width: 390, Dark: true}, "none": {Width: 390, Dark: true, NoScripts: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
			round, summary := w.held()
			director, comments := w.as("director"), "/drafts/"+summary.ID+"/comments"
			director.suggest(comments, "paragraph.1", url.Values{"words.paragraph.1": {"A duty number answers at any hour."}}).is(200)
			w.as("coordinator").post(suggestedAt(w.as("coordinator").get(comments))+"/accept", url.Values{}).is(200)
			recordtest.Clear(t, w.record, summary.ID)
			at := w.served()
			coordinator := w.as("coordinator")
			tab := "/rounds/" + round.ID + "/release"
			release := coordinator.send(coordinator.get(tab), tab, nil).is(200).path
			coordinator.post(release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)

			pia := w.enter(t, at, "coordinator", view)
			pia.Goto(at + release + "/countersign")
			if pia.Count(`form[action$="/countersign"]`) != 0 || pia.Count("main") != 1 {
				t.Error("who signed first is offered the second signature")
			}
			coordinator.get(release+"/countersign").is(200).has(".hand", "You signed first").has(".hand", "The director")
			all := ticked(director.get(release + "/countersign"))
			all.Set("short", "1")
			coordinator.post(release+"/countersign", all).is(403)

			ilse := w.enter(t, at, "director", view)
			ilse.Goto(at + release)
			ilse.Follow(`main a[href$="/countersign"]`)
			director.get(release+"/countersign").is(200).has("main", "A duty number answers at any hour.").
				hasNot("Hushhush", "Old customs house", "Signals Directorate")
			ilse.Readable()
			ilse.NoOverflow()
			boxes := ilse.Count("input[data-tick]")
			if boxes < 5 {
				t.Fatalf("%d fields to read", boxes)
			}
			ilse.Fill("#f-password", password)
			ilse.Follow(`form[action$="/countersign"] .btn--release`)
			if ilse.Count(".error-summary") == 0 || ilse.Count(".short") == 0 {
				t.Error("unread fields are signed, or the short page is lost")
			}
			for range boxes {
				ilse.Click("input[data-tick]:not(:checked)")
			}
			ilse.Fill("#f-password", password)
			ilse.Follow(`form[action$="/countersign"] .btn--release`)
			if got := ilse.Text(".hands"); ilse.Count(".error-summary") > 0 {
				t.Errorf("not signed: %s", got)
			}
			w.deliver()
			r, err := w.release.Release(t.Context(), w.actor("coordinator"), release[len("/releases/"):])
			w.must(err)
			if r.State != record.Released {
				t.Errorf("the release is %s", r.State)
			}
		})
	}
}
