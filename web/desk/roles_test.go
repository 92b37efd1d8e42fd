package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
	"track15/web/desk"
)

// TestEveryRouteAsksForItsRight sends every route what it takes, as every role,
// as nobody, and as somebody with the same role in another series.
func TestEveryRouteAsksForItsRight(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		round, copies := w.released()
		other, err := w.record.AddSeries(ctx, w.operator, record.Series{Name: "Elsewhere", Sides: []record.Side{{Name: "A"}, {Name: "B"}}})
		w.must(err)
		w.account("stranger", record.Director, other.ID)
		place := places(w, round, copies)

		nobody, stranger := w.visit(), w.as("stranger")
		visitors := map[record.RoleName]*visitor{}
		for _, role := range record.RoleNames {
			visitors[role] = w.as(strings.ReplaceAll(string(role), " ", "-"))
		}
		for _, r := range desk.Routes() {
			if strings.HasPrefix(r.Path, "/sign-") {
				continue
			}
			path := place(r.Path)
			var form url.Values
			if r.Method == http.MethodPost {
				form = url.Values{}
			}
			if rec := nobody.raw(r.Method, path, form); rec.Code != http.StatusSeeOther || !strings.HasPrefix(rec.Header().Get("Location"), "/sign-in") {
				t.Errorf("%s %s: nobody gets %d", r.Method, r.Path, rec.Code)
			}
			if strings.Contains(r.Path, "/rounds/:id") || strings.Contains(r.Path, "/drafts/:id") || strings.Contains(r.Path, "/releases/:id") || strings.Contains(r.Path, "/series/:id") || strings.Contains(r.Path, "/import/:id") || strings.Contains(r.Path, "/sittings/:session") || strings.Contains(r.Path, "/kept/:id") || strings.Contains(r.Path, "/requests/:id") {
				if rec := stranger.raw(r.Method, path, form); rec.Code != http.StatusNotFound {
					t.Errorf("%s %s: a director of another series gets %d", r.Method, r.Path, rec.Code)
				}
			}
			for role, v := range visitors {
				allowed := r.Need == "signed in" || w.actor(strings.ReplaceAll(string(role), " ", "-")).MayAnywhere(r.Need)
				if strings.HasPrefix(r.Path, "/import/:id") && role != record.Coordinator {
					allowed = false // it is the coordinator's own
				}
				if allowed && r.Method == http.MethodPost {
					continue // what they may do is tested where it is done
				}
				rec := v.raw(r.Method, path, form)
				if allowed && rec.Code != http.StatusOK && rec.Code != http.StatusSeeOther {
					t.Errorf("%s %s: a %s gets %d", r.Method, r.Path, role, rec.Code)
				}
				if !allowed && rec.Code != http.StatusNotFound {
					t.Errorf("%s %s: a %s gets %d, not 404", r.Method, r.Path, role, rec.Code)
				}
				headers(t, r.Method+" "+r.Path, rec.Header())
			}
		}
	})
}

// destroyed is a round whose notes were held once and are destroyed.
func (w *world) destroyed() (round, hold, destruction string) {
	w.t.Helper()
	ctx := context.Background()
	r, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: "2020-05-04"})
	w.must(err)
	x, err := w.record.AddSession(ctx, w.operator, record.Session{RoundID: r.ID, Title: "Closing"})
	w.must(err)
	_, err = w.record.TakeDown(ctx, w.operator, x.ID, 0, []recordstore.Line{{ID: recordstore.NewID(), Typed: record.Typed{Text: "Closes."}}})
	w.must(err)
	h, err := w.record.HoldNotes(ctx, w.operator, record.Hold{RoundID: r.ID, Reason: "A court asked"})
	w.must(err)
	w.must(w.record.EndHold(ctx, w.operator, r.ID, h.ID, "The court is done"))
	d, err := w.record.ProposeDestruction(ctx, w.operator, record.Destruction{RoundID: r.ID, Reason: "Due"})
	w.must(err)
	k, err := w.record.Kept(ctx, w.operator, r.ID)
	w.must(err)
	director, err := w.record.AddAccount(ctx, w.operator, record.Account{Email: "second@example.org", Name: "A second director", Grants: []record.Grant{{Role: record.Director, SeriesID: w.series.ID}}}, password)
	w.must(err)
	w.must(w.record.ConfirmDestruction(ctx, director.Actor(), r.ID, d.ID, k.Reference))
	_, err = w.record.FinishDestructions(ctx, record.Worker())
	w.must(err)
	return r.ID, h.ID, d.ID
}

// spokenOf gives a text a second version, and of each kind one comment: open,
// resolved, accepted, outdated. It returns the open suggestion.
func (w *world) spokenOf(text string) string {
	w.t.Helper()
	ctx := context.Background()
	var ids []string
	for _, c := range []record.Comment{
		{Key: "title", Suggests: true, Words: "Points of contact"},
		{Key: "paragraph.1", Suggests: true, Words: "They spoke of duty numbers."},
		{Key: "paragraph.1", Suggests: true, Words: "Duty numbers were spoken of."},
		{Says: "Short enough."},
		{Key: "paragraph.1", Says: "Whose numbers?"},
		{Says: "When?"},
	} {
		c.Draft = 1
		c, err := w.record.AddComment(ctx, w.actor("director"), text, c)
		w.must(err)
		ids = append(ids, c.ID)
	}
	_, err := w.record.AcceptSuggestion(ctx, w.operator, text, ids[1])
	w.must(err)
	w.must(w.record.ResolveComment(ctx, w.operator, text, ids[5], true))
	return ids[0]
}

// places fills the parameters of routes with what is there.
func places(w *world, round record.Round, copies map[string]string) func(string) string {
	w.t.Helper()
	ctx := context.Background()
	full, err := w.record.Round(ctx, w.operator, round.ID)
	w.must(err)
	texts, _, err := w.record.Outputs(ctx, w.operator, recordstore.OutputFilter{RoundID: round.ID})
	w.must(err)
	releases, _, err := w.release.Releases(ctx, w.operator, recordstore.ReleaseFilter{})
	w.must(err)
	grants, err := w.record.Grants(ctx, w.operator, recordstore.GrantFilter{})
	w.must(err)
	change, read := w.ruled(round.ID)
	people, err := w.record.Enter(ctx, w.operator, round.ID, []recordstore.Entrant{{
		Person: record.Person{Given: "Arvo", Family: "Lindqvar"}, Badge: record.Presence{ID: full.Presences[0].ID},
	}})
	w.must(err)
	session, err := w.record.AddSession(ctx, w.operator, record.Session{RoundID: round.ID, Title: "Opening"})
	w.must(err)
	w.must(w.record.AssignNotes(ctx, w.operator, session.ID, []record.Taker{{AccountID: w.actor("rapporteur").ID}}))
	said := recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Text: "Opens."}}
	_, err = w.record.TakeDown(ctx, w.operator, session.ID, 0, []recordstore.Line{said})
	w.must(err)
	gone, hold, destruction := w.destroyed()
	table, err := w.record.StartIntake(ctx, w.actor("coordinator"), recordstore.Intake{SeriesID: w.series.ID, Kind: "participants", Title: "Pasted", Rows: []byte("{}")})
	w.must(err)
	_, err = w.record.ApplyIntake(ctx, w.actor("coordinator"), table.ID, table.Version, recordstore.Plan{})
	w.must(err)
	comment := w.spokenOf(texts[0].ID)
	recordtest.Clear(w.t, w.record, texts[0].ID)
	ledger, err := w.record.Ledger(ctx, w.operator, texts[0].ID)
	w.must(err)
	asking := ledger.Askings[0]
	w.must(w.record.RecordReply(ctx, w.operator, texts[0].ID, asking.ID, asking.Version, record.Reply{
		State: record.Granted, On: "2000-01-02", Channel: "letter", Said: "Yes.", Evidence: record.Evidence{Name: "letter.txt", Content: []byte("Yes.")},
	}, nil))
	slug := copies["round"][strings.LastIndex(copies["round"], "/")+1:]
	away, err := w.release.PrepareWithdrawal(ctx, w.actor("coordinator"), published.KindRound, slug, record.Withdrawing{Way: record.WithNotice})
	w.must(err)
	held, err := w.record.SaveOutsideCopy(ctx, w.operator, record.OutsideCopy{ReleaseID: away.ID, Kind: record.CopyArchive, Address: "https://archive.example.org/1"})
	w.must(err)
	asked, err := w.record.LogRequest(ctx, w.operator, slug, record.Request{Wish: record.WishFact, Received: "2000-01-03"})
	w.must(err)
	return func(path string) string {
		path = strings.Replace(path, "/releases/:id/preview", "/releases/"+away.ID+"/preview", 1)
		path = strings.Replace(path, "/releases/:id/copies", "/releases/"+away.ID+"/copies", 1)
		path = strings.NewReplacer(":copy", held.ID, ":asking", asking.ID, ":comment", comment, ":change", change, ":readout", read, ":participation", people[0].ID, ":session", session.ID, ":line", said.ID, ":row", "2", ":page", "1", ":hold", hold, ":destruction", destruction).Replace(path)
		path = strings.Replace(path, ":presence", full.Presences[0].ID, 1)
		path = strings.Replace(path, "/released/:kind/:slug", copies["round"], 1)
		id := map[string]string{
			"rounds": round.ID, "series": w.series.ID, "organisations": full.Presences[0].OrganisationID,
			"drafts": texts[0].ID, "releases": releases[0].ID, "grants": grants[0].ID, "accounts": w.people["stranger"].ID,
			"people": people[0].PersonID, "requests": asked.ID, "import": table.ID, "kept": gone,
		}[strings.Split(path, "/")[1]]
		return strings.Replace(path, ":id", id, 1)
	}
}

// headers holds what every answer of the desk says to the browser.
func headers(t testing.TB, what string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if p := h.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
		t.Errorf("%s: policy %q", what, p)
	}
}
