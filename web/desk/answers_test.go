package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

// An answer says no number under three, counts under the badge, leaves hidden
// rounds out unless asked, and is kept without its words.
func TestAnswersRecogniseNobody(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		body := func(name string, kind record.OrgKind) record.Organisation {
			o, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: name, Kind: kind})
			w.must(err)
			return o
		}
		ministry, tank, service := body("Ministry of Tides", record.Ministry), body("Harbour Institute", record.ThinkTank), body("Signals Directorate", record.SecurityService)
		round := func(opens record.Date, open bool) record.Round {
			r, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: opens})
			w.must(err)
			if open {
				w.must(w.record.EditRules(ctx, w.operator, r.ID, r.Version, record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.Free}}))
			}
			return r
		}
		enter := func(r record.Round, names []string, badge record.Organisation, truth *record.Presence) {
			var all []recordstore.Entrant
			for _, name := range names {
				all = append(all, recordstore.Entrant{
					Participation: record.Participation{State: record.Attended}, Person: record.Person{Family: name},
					Badge: record.Presence{OrganisationID: badge.ID}, True: truth,
				})
			}
			_, err := w.record.Enter(ctx, w.operator, r.ID, all)
			w.must(err)
		}
		open, hidden := round("2021-03", true), round("2022", false)
		enter(open, []string{"Abel", "Bree", "Cato", "Dost"}, ministry, nil)
		enter(open, []string{"Eck", "Fenn"}, tank, &record.Presence{OrganisationID: service.ID, AttendsThroughID: tank.ID})
		enter(hidden, []string{"Gorm", "Hale", "Ilo"}, ministry, nil)

		v := w.as("desk-officer")
		form := url.Values{
			"id": {recordstore.NewID()}, "recipient": {"Foundation for Quiet Borders"}, "series": {w.series.ID}, "about": {"numbers"},
			"rows": {"kind"}, "columns": {"year"}, "at_least": {"3"}, "watermark": {"1"},
		}
		show := func(f url.Values, has, hasNot []string) {
			t.Helper()
			rec := v.raw(http.MethodPost, "/answers/new", f)
			_, sheet, _ := strings.Cut(rec.Body.String(), `class="a4`)
			if rec.Code != http.StatusOK {
				t.Fatalf("%d", rec.Code)
			}
			for _, s := range has {
				if !strings.Contains(sheet, s) {
					t.Errorf("%q is not on the sheet", s)
				}
			}
			for _, s := range append(hasNot, "Signals", "Security service", "Abel") {
				if strings.Contains(sheet, s) {
					t.Errorf("%q is on the sheet", s)
				}
			}
		}
		show(form, []string{"fewer than 3", ">4<", "2021", "Think tank"}, []string{">2<", "2022", ">3<"})
		form.Set("hidden_too", "1")
		show(form, []string{"2022", ">3<"}, []string{">2<"})
		form.Del("hidden_too")

		if _, total, err := w.record.Answers(ctx, w.operator, 1, 10); err != nil || total != 0 {
			t.Errorf("showing keeps an answer: %d %v", total, err)
		}
		form.Set("as", "log")
		for range 2 { // the form is sent twice
			show(form, []string{"Text code"}, nil)
		}
		all, total, err := w.record.Answers(ctx, w.operator, 1, 10)
		w.must(err)
		if total != 1 || all[0].Recipient != "Foundation for Quiet Borders" || len(all[0].Code) != 24 {
			t.Errorf("%d answers: %+v", total, all)
		}
		if list := v.raw(http.MethodGet, "/answers", nil); !strings.Contains(list.Body.String(), all[0].Code) {
			t.Error("the list does not name the text code")
		}

		people := url.Values{
			"id": {recordstore.NewID()}, "recipient": {"Ministry of Tides"}, "series": {w.series.ID}, "about": {"people"}, "organisation": {"Ministry of Tides"},
		}
		// A list shows the names and the columns that somebody chose, no others.
		few := v.raw(http.MethodPost, "/answers/new", people).Body.String()
		if _, few, _ = strings.Cut(few, `class="a4`); !strings.Contains(few, "Abel") || strings.Contains(few, "withheld") || strings.Contains(few, "March 2021") {
			t.Error("a list shows columns that nobody chose")
		}
		columns := []string{"round", "dates", "post", "badge", "label"}
		people["column"] = columns
		rec := v.raw(http.MethodPost, "/answers/new", people)
		for _, s := range []string{"Abel", "Dost", "withheld", "March 2021"} {
			if !strings.Contains(rec.Body.String(), s) {
				t.Errorf("%q is not in the list", s)
			}
		}
		for _, s := range []string{"Fenn", "Gorm"} {
			if strings.Contains(rec.Body.String(), s) {
				t.Errorf("%q is in the list", s)
			}
		}
		// The service itself may be told, by those who may read true affiliations.
		own := url.Values{"id": {recordstore.NewID()}, "series": {w.series.ID}, "about": {"own"}, "organisation": {"Signals Directorate"}, "column": columns}
		if rec := v.raw(http.MethodPost, "/answers/new", own); rec.Code != http.StatusForbidden || strings.Contains(rec.Body.String(), "Fenn") {
			t.Errorf("a desk officer tells the service: %d", rec.Code)
		}
		if rec := v.raw(http.MethodGet, "/answers/new", nil); strings.Contains(rec.Body.String(), "its own people") {
			t.Error("a desk officer is offered what they may not do")
		}
		director := w.as("director")
		rec = director.raw(http.MethodPost, "/answers/new", own)
		_, sheet, _ := strings.Cut(rec.Body.String(), `class="a4`)
		for _, s := range []string{"<dd>Signals Directorate</dd>", "Eck", "Fenn", "Harbour Institute", "your body: withheld"} {
			if !strings.Contains(sheet, s) {
				t.Errorf("the service is not told %q", s)
			}
		}
		if strings.Contains(sheet, "Abel") {
			t.Error("the service is told of others")
		}
		own.Set("recipient", "Foundation for Quiet Borders")
		if rec := director.raw(http.MethodPost, "/answers/new", own); rec.Code != http.StatusUnprocessableEntity || strings.Contains(rec.Body.String(), "Fenn") {
			t.Errorf("a foundation is told of the service's people: %d", rec.Code)
		}
		for field, bad := range map[string]url.Values{
			"Choose by what to count.": {"recipient": {"X"}, "series": {w.series.ID}, "about": {"numbers"}, "rows": {"names"}, "at_least": {"3"}},
			"could be recognised":      {"recipient": {"X"}, "series": {w.series.ID}, "about": {"numbers"}, "rows": {"kind"}, "at_least": {"1"}},
			"Enter for whom it is.":    {"series": {w.series.ID}, "about": {"numbers"}, "rows": {"kind"}, "at_least": {"3"}},
			"Choose whose people":      {"recipient": {"X"}, "series": {w.series.ID}, "about": {"people"}},
			"Enter a year":             {"recipient": {"X"}, "series": {w.series.ID}, "about": {"numbers"}, "rows": {"kind"}, "at_least": {"3"}, "since": {"long ago"}},
		} {
			if rec := v.raw(http.MethodPost, "/answers/new", bad); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), field) {
				t.Errorf("%s: %d", field, rec.Code)
			}
		}
	})
}
