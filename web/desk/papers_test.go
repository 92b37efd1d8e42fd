package desk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

// A paper names people by their badge, for every recipient, also if whoever
// makes it may read true affiliations; that it was made is in the log, what
// stands in it is not.
func TestPapersShowBadges(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		badge, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "Harbour Institute", Kind: record.ThinkTank})
		w.must(err)
		truth, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "Signals Directorate", Kind: record.SecurityService})
		w.must(err)
		round, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Scheduled, InternalTitle: "Quiet title", Venue: "Old Customs House"})
		w.must(err)
		side := w.series.Sides[1].ID
		person := record.Person{Given: "Ulrike", Family: "Fenn", Native: []record.Name{{Text: "乌丽克", Lang: "zh-Hans"}}}
		_, err = w.record.Enter(ctx, w.operator, round.ID, []recordstore.Entrant{{
			Participation: record.Participation{SideID: side, State: record.Accepted, Post: "Fellow"},
			Person:        person,
			Badge:         record.Presence{OrganisationID: badge.ID, SideID: side},
			True:          &record.Presence{OrganisationID: truth.ID, SideID: side, AttendsThroughID: badge.ID},
		}})
		w.must(err)

		path := "/rounds/" + round.ID + "/papers"
		for _, name := range []string{"coordinator", "director", "desk-officer"} {
			v := w.as(name)
			for _, to := range []string{"own side", "counterpart", "host"} {
				for _, kind := range []string{"delegation list", "attendance sheet", "name plates", "invitation", "agenda"} {
					form := url.Values{"kind": {kind}, "recipient": {to}, "side": {side}}
					page := v.raw(http.MethodPost, path, form)
					if page.Code != http.StatusOK {
						t.Fatalf("%s for %s: %d", kind, to, page.Code)
					}
					form.Set("as", "word")
					word := wordText(t, v.raw(http.MethodPost, path, form).Body.Bytes())
					sheet := page.Body.String()
					_, sheet, _ = strings.Cut(sheet, `class="a4`)
					for _, text := range []string{sheet, word} {
						if kind == "delegation list" && (!strings.Contains(text, "Ulrike Fenn") || !strings.Contains(text, "Harbour Institute") || !strings.Contains(text, "乌丽克")) {
							t.Errorf("%s for %s names nobody: %s", kind, to, text)
						}
						for _, hidden := range []string{"Signals Directorate", "Quiet title"} {
							if strings.Contains(text, hidden) {
								t.Errorf("%s for %s: %q", kind, to, hidden)
							}
						}
					}
				}
			}
			refused := v.raw(http.MethodPost, path, url.Values{"kind": {"agenda"}, "recipient": {"public"}})
			if refused.Code != http.StatusForbidden {
				t.Errorf("a public paper of a closed round: %d", refused.Code)
			}
			if sideless := v.raw(http.MethodPost, path, url.Values{"kind": {"delegation list"}, "recipient": {"counterpart"}, "side": {"nowhere"}}); sideless.Code != http.StatusUnprocessableEntity || !strings.Contains(sideless.Body.String(), "Choose which side is ours") || strings.Contains(sideless.Body.String(), "Fenn") {
				t.Errorf("a paper for the counterpart of no side: %d", sideless.Code)
			}
			if again := v.raw(http.MethodPost, path, url.Values{"kind": {"agenda"}}); again.Code != http.StatusUnprocessableEntity || !strings.Contains(again.Body.String(), "Choose for whom it is.") {
				t.Errorf("no recipient: %d", again.Code)
			}
		}
		if strings.Contains(w.log.String(), "Fenn") || strings.Contains(w.log.String(), "Harbour") {
			t.Error("the log holds what stands in a paper")
		}
		if w.as("editor").raw(http.MethodGet, path, nil).Code != http.StatusNotFound {
			t.Error("an editor makes papers")
		}
	})
}

// An agenda for the public says nothing of a session that is closed, though its
// round is not.
func TestAPublicAgendaLeavesOutClosedSessions(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		round, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Scheduled, Opens: "2026-03-25"})
		w.must(err)
		free := map[record.Aspect]record.Permission{}
		for _, a := range record.Aspects {
			free[a] = record.Free
		}
		w.must(w.record.EditRules(ctx, w.operator, round.ID, round.Version, record.GroundRules{Vector: free}))
		var closed record.Session
		for _, title := range []string{"Contact points", "Quiet channels"} {
			closed, err = w.record.AddSession(ctx, w.operator, record.Session{RoundID: round.ID, Title: title, On: "2026-03-25", Starts: "09:30"})
			w.must(err)
		}
		_, err = w.record.AddRuleChange(ctx, w.operator, record.RuleChange{RoundID: round.ID, SessionID: closed.ID}, nil)
		w.must(err)
		for to, has := range map[string]bool{"public": false, "counterpart": true} {
			form := url.Values{"kind": {"agenda"}, "recipient": {to}, "side": {w.series.Sides[0].ID}}
			_, sheet, _ := strings.Cut(w.as("coordinator").raw(http.MethodPost, "/rounds/"+round.ID+"/papers", form).Body.String(), `class="a4`)
			if !strings.Contains(sheet, "Contact points") || strings.Contains(sheet, "Quiet channels") != has {
				t.Errorf("the agenda for the %s: %s", to, sheet)
			}
		}
	})
}

func wordText(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
