package desk_test

import (
	"context"
	"net/url"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
)

// Whoever signs first asks one person, who sees it on their first page and can
// return it with a reason, which the first signer sees on theirs. Nobody else is
// told of the reason there.
func TestASecondPersonIsAskedAndReturnsIt(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		recordtest.Clear(t, w.record, summary.ID)
		w.account("other", record.Director, w.series.ID)
		r, err := w.release.PrepareRound(context.Background(), w.actor("coordinator"), release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{summary.ID}})
		w.must(err)
		at := "/releases/" + r.ID
		coordinator, director, other, editor := w.as("coordinator"), w.as("director"), w.as("other"), w.as("editor")

		p := coordinator.get(at).is(200).has("#ready", "1 thing is missing").has(".steps", "Cleared").has("[aria-labelledby=ready]", "let out existence").
			has("[aria-labelledby=ready]", "Nobody was asked by name").hasNot("is asked")
		if err := w.release.Ask(context.Background(), w.actor("director"), r.ID, w.actor("director").ID); fault.KindOf(err) != fault.Invalid {
			t.Errorf("asked themselves: %v", err)
		}
		editor.get(at).is(200).has("[aria-labelledby=ready]", "Its clearances stand.").hasNot("2 of 2 stand").hasNot("let out existence")
		coordinator.send(p, at+"/sign", url.Values{"password": {password}, "when": {"at_once"}, "second": {w.actor("coordinator").ID}}).is(422).has(".error-summary", "Choose somebody who could sign second")
		coordinator.send(p, at+"/sign", url.Values{"password": {password}, "when": {"at_once"}, "second": {w.actor("director").ID}}).is(200).
			has(".steps", "The director is asked").has(".hands", "The coordinator asked The director to sign.").has("#ready", "Nothing is missing")

		director.get("/").is(200).has("main", "The coordinator asks you to sign second")
		other.get("/").is(200).hasNot("asks you to sign second").has("main", "First signature The coordinator")

		p = director.get(at).is(200).has(".compare .stay", "No number is given.").has("summary", "Return with a reason")
		coordinator.get(at).is(200).hasNot("Return with a reason")
		director.send(p, at+"/return", url.Values{"return_reason": {" "}}).is(422).has(".error-summary", "Say what has to be put right")
		coordinator.post(at+"/return", url.Values{"return_reason": {"Mine"}}).is(403)
		editor.post(at+"/return", url.Values{"return_reason": {"Mine"}}).is(404)
		director.send(p, at+"/return", url.Values{"return_reason": {"The date is the wrong one."}}).is(200).
			has(".notice", "Returned to The coordinator").has(".notice", "The date is the wrong one.").hasNot("Return with a reason")
		coordinator.get("/").is(200).has("main", "Returned to you").has("main", "The date is the wrong one")
		other.get("/").is(200).hasNot("The date is the wrong one")
		director.post(at+"/return", url.Values{"return_reason": {"Again"}}).is(422).has(".error-summary", "only one that waits")
	})
}
