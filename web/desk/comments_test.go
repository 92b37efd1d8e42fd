package desk_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"track15/models/recordstore/recordtest"
)

// suggestedAt is the address of the one suggestion that a page lets somebody
// decline.
func suggestedAt(p page) string {
	p.t.Helper()
	buttons := p.all(`button[formaction$="/decline"]`)
	if len(buttons) != 1 {
		p.t.Fatalf("%s: %d suggestions can be declined", p.path, len(buttons))
	}
	return strings.TrimSuffix(attr(buttons[0], "formaction"), "/decline")
}

// suggest fills in the form under a passage and sends it.
func (v *visitor) suggest(at, part string, fill url.Values) page {
	v.w.t.Helper()
	p := v.get(at).is(200)
	for _, n := range p.all(`form[action="` + at + `"]`) {
		if form := p.fields(n); form.Get("part") == part {
			for name, all := range fill {
				form[name] = all
			}
			return v.post(at, form)
		}
	}
	v.w.t.Fatalf("no form for %q", part)
	return page{}
}

// An office of two: the director suggests a sentence, the coordinator accepts
// it, and the director, who has edited nothing, countersigns.
func TestDirectorSuggestsCoordinatorAcceptsDirectorCountersigns(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		coordinator, director := w.as("coordinator"), w.as("director")
		draft, at := "/drafts/"+summary.ID, "/drafts/"+summary.ID+"/comments"

		p := director.get(draft).is(200).has("main", "Suggestions and comments")
		if len(p.all(`a[href="`+at+`"]`)) != 1 {
			t.Error("a draft does not lead to its suggestions")
		}
		const words = "Participants spoke of duty numbers, and of who answers them."
		director.suggest(at, "paragraph.1", url.Values{"words.paragraph.1": {words}, "says.paragraph.1": {"It was half of the day."}}).is(200).
			has(".status, .done, main", "Added").has(".remark", "Suggestion").has(".remark", "The director").has(".remark ins", "who answers them").has(".remark", "half of the day")
		coordinator.get(draft).is(200).has("main", "(1 open)").hasNot("who answers them")

		waits := coordinator.get("/").is(200).has("main", "One suggestion or comment that nobody has settled").hasNot("who answers them")
		if len(waits.all(`main a[href="`+at+`"]`)) == 0 {
			t.Error("the first page does not lead to the suggestion")
		}
		w.as("desk-officer").get("/").is(200).hasNot("nobody has settled", "Contact points")
		p = coordinator.get(at).is(200).has(".page-h", "1 open")
		one := suggestedAt(p)
		for range 2 { // sent twice it is accepted once
			p = coordinator.post(one+"/accept", url.Values{}).is(200)
			p.has("details", "Accepted by The coordinator").has("details", "as version 2").has(".passage", "who answers them")
		}
		coordinator.get(draft+"/versions").is(200).has("tbody", "Version 2").has("tbody", "by The coordinator").has("ins", "who answers them")
		coordinator.get("/").is(200).hasNot("nobody has settled")
		coordinator.post(one+"/decline", url.Values{}).is(409).has(".error-summary", "accepted this suggestion")

		recordtest.Clear(w.t, w.record, summary.ID)
		tab := "/rounds/" + round.ID + "/release"
		p = coordinator.send(coordinator.get(tab), tab, nil).is(200)
		release := p.path
		p = coordinator.send(p, release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		p.has(".hand", "You signed first").has(".hand", "The director")
		p = director.get(release).is(200).has(".hand", "You contributed to none of this").has(".compare .pub", "who answers them")
		p = director.send(p, release+"/countersign", ticked(p)).is(200).has(".hand", "The director")
		w.deliver()
		director.get(release).is(200).has(".mark--public", "Released")
		if strings.Contains(w.log.String(), "half of the day") || strings.Contains(w.log.String(), "who answers") {
			t.Error("what was suggested stands in the log")
		}
	})
}

// Whoever accepts has edited: they may not countersign.
func TestWhoAcceptsASuggestionDoesNotCountersign(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		at := "/drafts/" + summary.ID + "/comments"
		coordinator, director := w.as("coordinator"), w.as("director")
		coordinator.suggest(at, "title", url.Values{"words.title": {"Points of contact"}}).is(200)
		director.post(suggestedAt(director.get(at))+"/accept", url.Values{}).is(200).has("h2.draft-title", "Points of contact")
		recordtest.Clear(w.t, w.record, summary.ID)
		tab := "/rounds/" + round.ID + "/release"
		p := coordinator.send(coordinator.get(tab), tab, nil).is(200)
		p = coordinator.send(p, p.path+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		director.get(p.path).is(200).has(".hand", "You edited a draft that enters this release")
	})
}

func TestSuggestionsAreOutdatedDeclinedAndKept(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		at := "/drafts/" + summary.ID + "/comments"
		editor, director := w.as("editor"), w.as("director")

		// What is wrong comes back with what was typed, under its passage.
		p := director.suggest(at, "title", url.Values{"words.title": {""}, "says.title": {"Untitled?"}}).is(422).
			has(".error-summary", "Enter a title").has("details[open]", "Title")
		if got := attr(p.all(`.error-summary a`)[0], "href"); got != "#f-words.title" {
			t.Errorf("the summary leads to %s", got)
		}
		if form := p.form(at); form.Get("says.title") != "Untitled?" || form.Get("words.title") != "" {
			t.Errorf("the form holds %v", form)
		}
		director.suggest(at, "title", nil).is(422).has(".error-summary", "Change the words, or write a comment")
		director.suggest(at, "", nil).is(422).has(".error-summary", "write a comment")
		director.suggest(at, "paragraph.1", url.Values{"words.paragraph.1": {"They spoke of cards."}}).is(200)
		director.suggest(at, "", url.Values{"says": {"<b>Too</b> short."}}).is(200).has(".card .remark", "<b>Too</b> short.")

		// Its words change: it is outdated, says its words, and is not accepted.
		p = editor.get("/drafts/" + summary.ID)
		editor.send(p, "/drafts/"+summary.ID, url.Values{"body": {"Nothing was said."}}).is(200)
		p = editor.get(at).is(200).has(".desk > .stack .remark", "Outdated").has(".remark del", "Participants").has(".remark ins", "They").has(".remark", "Paragraph 1 of version 1")
		if len(p.all(`.sheet .remark`)) != 0 || len(p.all(`form[action$="/accept"]`)) != 0 {
			t.Error("an outdated suggestion stands under a passage, or can be accepted")
		}
		one := suggestedAt(p)
		editor.post(one+"/accept", url.Values{}).is(409).has(".error-summary", "not there any more")
		editor.post(one+"/decline", url.Values{}).is(200).has("details", "Declined by The editor")
		editor.get("/drafts/"+summary.ID+"/versions").is(200).hasNot("Version 3", "They spoke of cards")

		// A comment is resolved and opened again.
		form := editor.get(at).all(`form[action$="/resolve"]`)
		if len(form) != 1 {
			t.Fatalf("%d comments to resolve", len(form))
		}
		resolve := attr(form[0], "action")
		editor.post(resolve, url.Values{"resolved": {"1"}}).is(200).has("details", "Resolved by The editor").hasNot("1 open")
		editor.post(resolve, url.Values{"resolved": {""}}).is(200).has(".page-h", "1 open")

		// Who may not read the draft finds nothing.
		for _, who := range []string{"desk-officer", "rapporteur", "records-officer", "auditor", "administrator"} {
			v := w.as(who)
			v.get(at).is(404).hasNot("Too", "cards")
			v.post(at, url.Values{"says": {"x"}, "version": {"1"}}).is(404)
			v.post(one+"/decline", url.Values{}).is(404)
			v.post(resolve, url.Values{}).is(404)
		}
	})
}

func TestRestoreAVersion(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		draft := "/drafts/" + summary.ID
		coordinator, director := w.as("coordinator"), w.as("director")
		p := coordinator.get(draft)
		p = coordinator.send(p, draft, url.Values{"title": {"Cards"}}).is(200)
		coordinator.send(p, draft, url.Values{"title": {"Numbers"}}).is(200)
		p = director.get(draft+"/versions?from=1&to=2").is(200).has("del", "Contact points").has("ins", "Cards")
		var offered []string
		for _, n := range p.all(`button[name="restore"]`) {
			offered = append(offered, attr(n, "value"))
		}
		if !slices.Equal(offered, []string{"1", "2"}) {
			t.Errorf("offered are %v", offered)
		}
		if n := len(director.get(draft + "/versions?from=3&to=3").is(200).all(`button[name="restore"]`)); n != 0 {
			t.Error("the newest version can be restored")
		}
		form := p.fields(p.all(`form[method="post"][action$="/versions"]`)[0])
		form.Set("restore", "1")
		for range 2 {
			director.post(draft+"/versions", form).is(200).has("main", "Version 4").has("main", "by The director")
		}
		if got := director.get(draft).form(draft).Get("title"); got != "Contact points" {
			t.Errorf("restored is %q", got)
		}
		form.Set("restore", "2")
		director.post(draft+"/versions", form).is(409).has(".error-summary", "Somebody else saved a version").has("tbody", "Version 4")
		form.Set("restore", "9")
		director.post(draft+"/versions", form).is(404)
		form.Set("restore", "x")
		director.post(draft+"/versions", form).is(404)
		w.as("desk-officer").post(draft+"/versions", form).is(404)
	})
}
