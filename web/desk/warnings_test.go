package desk_test

import (
	"net/url"
	"testing"

	"track15/models/record"
	"track15/models/recordstore/recordtest"
)

// The second reader weighs what a reader may conclude; somebody who may not read
// what it rests on is told the same of every release.
func TestTheSecondReaderWeighsWhatAReaderMayConclude(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		coordinator, director, editor := w.as("coordinator"), w.as("director"), w.as("editor")
		tab := "/rounds/" + round.ID + "/release"
		release := coordinator.send(coordinator.get(tab), tab, nil).is(200).path
		recordtest.Clear(t, w.record, summary.ID)
		before := editor.get(release).has("#conclude ~ ul", "a coordinator or director is told").text("#conclude ~ ul")
		if n := len(coordinator.get(release).all("#conclude")); n > 0 {
			t.Error("there is nothing to conclude, and something is said")
		}

		// Another round, not announced, is next week.
		_, err := w.record.LogRound(t.Context(), w.actor("coordinator"), record.Round{
			SeriesID: w.series.ID, OrdinalLabel: "6th round", InternalTitle: "Hushhush six", State: record.Scheduled, Opens: "2026-03-18",
		})
		w.must(err)
		coordinator.get(release).has("#conclude ~ ul", "not announced").has("#conclude ~ ul", "6th round")
		if after := editor.get(release).hasNot("6th round", "not announced").text("#conclude ~ ul"); after != before {
			t.Errorf("an editor is told %q, before %q", after, before)
		}

		coordinator.post(release+"/sign", url.Values{"password": {password}, "when": {"at_once"}}).is(200)
		p := director.get(release).is(200).has("label[for='f-read_warnings']", "I weighed")
		director.get(release+"/countersign").is(200).has("main", "A reader may conclude something that is not public: 1").hasNot("6th round", "Hushhush")
		form := ticked(p)
		director.post(release+"/countersign", form).is(422).has(".error-summary", "Weigh what a reader may conclude")
		form.Set("read_warnings", "1")
		director.post(release+"/countersign", form).is(200)
	})
}
