package desk_test

import (
	"net/url"
	"testing"

	"track15/models/record"
)

func TestAuditLogNamesActsAndReferencesOnly(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.held()
		w.account("auditor-of-all", record.Auditor, record.AllSeries)
		for _, name := range []string{"auditor", "auditor-of-all"} {
			p := w.as(name).get("/audit").is(200)
			p.has("tbody", "edit round").has("tbody", round.ID).has("tbody", "The coordinator").has("tbody", "Kasmere Dialogue")
			p.hasNot("Harbour Institute", "Signals Directorate", "Old customs house", "Hushhush", "duty number", "Contact points")
		}
		w.as("auditor-of-all").get("/audit").has("tbody", "sign in")
		if rows := w.as("auditor-of-all").get("/audit?before=3").is(200).all("tbody tr"); len(rows) != 2 {
			t.Errorf("%d entries before the third", len(rows))
		}
		for _, bad := range []string{"0", "-1", "x", "99999999999999999999"} {
			w.as("auditor-of-all").get("/audit?before=" + url.QueryEscape(bad)).is(404)
		}
	})
}
