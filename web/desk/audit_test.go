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
		v := w.as("auditor-of-all")
		all := len(v.get("/audit").is(200).has("thead", "Number").all("tbody tr"))
		if rows := v.get("/audit?skip=3").is(200).all("tbody tr"); len(rows) != all-3 {
			t.Errorf("%d entries but the newest three, of %d", len(rows), all)
		}
		w.as("auditor").get("/audit").is(200).hasNot(">Number<") // gaps tell of what one may not read
		for _, bad := range []string{"0", "-1", "x", "99999999999999999999"} {
			w.as("auditor-of-all").get("/audit?skip=" + url.QueryEscape(bad)).is(404)
		}
	})
}
