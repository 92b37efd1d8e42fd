package desk_test

import (
	"net/url"
	"testing"
	"time"

	"track15/models/recordstore/recordtest"
)

// When a release becomes public is chosen with the first signature, held, brought
// forward, and said in the time of each side.
func TestAReleaseWaitsForItsTime(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		recordtest.Clear(t, w.record, summary.ID)
		coordinator, director := w.as("coordinator"), w.as("director")
		tab := "/rounds/" + round.ID + "/release"
		p := coordinator.send(coordinator.get(tab), tab, nil).is(200)
		release := p.path

		sign := func(more url.Values) page {
			form := url.Values{"password": {password}}
			for k, v := range more {
				form[k] = v
			}
			return coordinator.post(release+"/sign", form)
		}
		sign(nil).is(422).has(".error-summary", "Choose when it becomes public")
		sign(url.Values{"when": {"some day"}}).is(422).has(".error-summary", "Choose when")
		sign(url.Values{"when": {"at"}, "at": {"2026-03-29T02:30"}, "zone": {"Europe/Berlin"}}).is(422).
			has(".error-summary", "does not exist").has("#f-at-error", "does not exist")
		sign(url.Values{"when": {"after_event"}}).is(422).has(".error-summary", "Say what it waits for")
		p = sign(url.Values{"when": {"at"}, "at": {"2026-03-17T09:00"}, "zone": {"Asia/Shanghai"}}).is(200).
			has("#timing ~ p", "17 March 2026 at 09:00, Asia/Shanghai").has("main", "Tuesday 17 March 2026, 01:00")
		p.has("main", "UTC")

		p = director.get(release).is(200).has("main", "17 March 2026 at 09:00")
		director.send(p, release+"/countersign", ticked(p)).is(200)
		w.deliver()
		coordinator.get(release).is(200).has(".hand", "not before").has(".mark", "Embargoed")
		coordinator.get("/releases").has("main", "Embargoed")
		coordinator.get("/").has("main", "Signed by two, not public")

		coordinator.post(release+"/hold", url.Values{"hold_reason": {""}}).is(422).has("#f-hold_reason ~ *, .field--error", "Give a reason")
		p = coordinator.post(release+"/hold", url.Values{"hold_reason": {"The ministry called."}}).is(200).has(".notice--wax", "The ministry called.").has(".mark", "Held")
		p.has("form[action$='/lift']", "Lift the hold")
		w.now = time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC)
		w.deliver()
		director.get(release).has(".mark", "Held")
		w.as("editor").post(release+"/lift", nil).is(404)
		director.post(release+"/lift", nil).is(200).has("main", "The hold is lifted")
		w.deliver()
		coordinator.get(release).is(200).has(".mark--public", "Released")
		coordinator.post(release+"/hold", url.Values{"hold_reason": {"Too late."}}).is(422)
	})
}

func TestTheCounterpartPublishesFirst(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, summary := w.held()
		recordtest.Clear(t, w.record, summary.ID)
		coordinator, director := w.as("coordinator"), w.as("director")
		tab := "/rounds/" + round.ID + "/release"
		release := coordinator.send(coordinator.get(tab), tab, nil).is(200).path
		coordinator.post(release+"/sign", url.Values{"password": {password}, "when": {"after_event"}, "event": {"Both have published."}}).is(200)
		p := director.get(release).has("main", "Both have published.")
		director.send(p, release+"/countersign", ticked(p)).is(200)
		w.deliver()

		first := url.Values{"published_address": {"https://norlund.example.org/readout"}, "published_title": {"Readout"}, "published_at": {"2026-03-16T08:00"}, "published_zone": {"Asia/Shanghai"}, "published_copy": {"Both sides met."}}
		bad := url.Values{"published_address": {"javascript:alert(1)"}, "published_title": {"Readout"}, "published_at": {"2026-03-16T08:00"}, "published_zone": {"Asia/Shanghai"}, "published_copy": {"Kept words."}}
		coordinator.post(release+"/published", bad).is(422).has("#f-published_copy", "Kept words.")
		coordinator.post(release+"/published", first).is(200).has("main", "https://norlund.example.org/readout").has("blockquote", "Both sides met.")
		coordinator.get(release).hasNot("The counterpart has published")
		coordinator.get("/outputs").has("main", "Readout")
		w.deliver()
		coordinator.get(release).has(".mark", "Embargoed")

		w.as("editor").post(release+"/forward", url.Values{"forward_reason": {"They did."}, "forward_password": {password}}).is(403)
		coordinator.post(release+"/forward", url.Values{"forward_reason": {"They did."}, "forward_password": {"nope nope nope"}}).is(422).has("#f-forward_reason", "")
		coordinator.post(release+"/forward", url.Values{"forward_reason": {"They did."}, "forward_password": {password}}).is(200)
		w.deliver()
		coordinator.get(release).is(200).has(".mark--public", "Released")
	})
}
