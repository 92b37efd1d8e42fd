package desk_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/sheet"
	"track15/web/browsertest"
)

// take downloads a list and reads it as a table reader does.
func (v *visitor) take(path, as string) (sheet.Table, []byte) {
	v.w.t.Helper()
	rec := v.raw(http.MethodPost, path, url.Values{"as": {as}, "password": {password}})
	if rec.Code != http.StatusOK {
		v.w.t.Fatalf("%s as %s: %d\n%s", path, as, rec.Code, rec.Body)
	}
	if got := rec.Header().Get("Content-Disposition"); got != `attachment; filename="list.`+as+`"` {
		v.w.t.Errorf("%s: %s", path, got)
	}
	headers(v.w.t, path, rec.Header())
	b := rec.Body.Bytes()
	f, err := sheet.Read("list."+as, b, sheet.Options{})
	v.w.must(err)
	return f.Sheets[0].Table(), b
}

func written(t sheet.Table) string {
	var all []string
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		all = append(all, strings.Join(row, "|"))
	}
	return strings.Join(all, "\n")
}

// lists are the lists that become files.
var lists = []string{"rounds", "organisations", "people", "appearances", "presences", "outputs"}

// taken is a round in the world's series with somebody behind a badge, and one in
// another series.
func taken(w *world) (elsewhere record.Series) {
	w.t.Helper()
	ctx := context.Background()
	badge, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "Harbour Institute", Kind: record.ThinkTank, Country: "XB", Aliases: []string{"=HYPERLINK(1)"}})
	w.must(err)
	truth, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "Signals Directorate", Kind: record.SecurityService})
	w.must(err)
	elsewhere, err = w.record.AddSeries(ctx, w.operator, record.Series{Name: "Marsh Talks", Sides: []record.Side{{Name: "Vestria"}, {Name: "Norlund"}}})
	w.must(err)
	for i, in := range []record.Series{w.series, elsewhere} {
		round, err := w.record.LogRound(ctx, w.operator, record.Round{
			SeriesID: in.ID, State: record.Held, OrdinalLabel: "third round", InternalTitle: []string{"Weir, low water", "Hidden marsh"}[i], Opens: "2017-03-04", Venue: "Old Mole",
		})
		w.must(err)
		_, err = w.record.Enter(ctx, w.operator, round.ID, []recordstore.Entrant{{
			Participation: record.Participation{SideID: in.Sides[1].ID, Capacity: record.Expert, Post: []string{"=Fellow", "Marsh warden"}[i], State: record.Attended},
			Person:        record.Person{Given: []string{"Ulrike", "Osk"}[i], Family: []string{"Fenn", "Marren"}[i], Native: []record.Name{{Text: []string{"乌丽克", "奥斯克"}[i], Lang: "zh-Hans"}}},
			Badge:         record.Presence{OrganisationID: badge.ID, SideID: in.Sides[1].ID},
			True:          &record.Presence{OrganisationID: truth.ID, SideID: in.Sides[1].ID, AttendsThroughID: badge.ID},
		}})
		w.must(err)
		_, err = w.record.AddOutput(ctx, w.operator, record.Output{
			SeriesID: in.ID, RoundID: round.ID, Kind: record.ParticipantPiece, External: true,
			Draft: record.Draft{Title: []string{"Weir revisited", "Marsh revisited"}[i], Lang: "en", Date: "2018", URL: "https://example.org/"},
		})
		w.must(err)
	}
	return elsewhere
}

// A file holds what the person may read of the list, with its filter, under a
// neutral name; no true affiliation is in one; it takes the password and leaves
// an entry in the log.
func TestListsAsFiles(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		elsewhere := taken(w)
		w.account("marsh", record.Coordinator, elsewhere.ID)
		v, other := w.as("coordinator"), w.as("marsh")
		for _, list := range lists {
			path := "/" + list + "/download"
			v.get("/"+list).is(http.StatusOK).has("details.fold summary", "Download this list")
			for _, as := range []string{"csv", "xlsx", "json"} {
				mine, b := v.take(path, as)
				_, again := v.take(path, as)
				if !bytes.Equal(b, again) {
					t.Errorf("%s as %s is not the same twice", list, as)
				}
				theirs, _ := other.take(path, as)
				if list == "organisations" || list == "people" {
					continue // the directory is the whole house's
				}
				if s := written(mine); !strings.Contains(s, "third round") || strings.Contains(s, "Marsh") || strings.Contains(s, "marsh") || strings.Contains(s, "Marren") || strings.Contains(s, "Signals") {
					t.Errorf("%s as %s:\n%s", list, as, s)
				}
				if s := written(theirs); !strings.Contains(s, "third round") || strings.Contains(s, "Kasmere") || strings.Contains(s, "Weir") || strings.Contains(s, "Fenn") || strings.Contains(s, "Signals") {
					t.Errorf("%s as %s, to somebody of another series:\n%s", list, as, s)
				}
			}
		}
		if one, _ := v.take("/people/download", "csv"); len(one.Rows) != 2 {
			t.Errorf("people:\n%s", written(one))
		}
		filter := v.post("/people", url.Values{"q": {"Fenn"}}).is(http.StatusOK)
		form := attr(filter.all("details.fold form")[0], "action")
		if one, _ := v.take(form, "csv"); len(one.Rows) != 1 || !strings.Contains(written(one), "Fenn") {
			t.Errorf("people who are looked for:\n%s", written(one))
		}
		if none, _ := v.take("/rounds/download?state=proposed", "csv"); len(none.Rows) != 0 {
			t.Errorf("no round is proposed:\n%s", written(none))
		}
		if _, b := v.take("/organisations/download", "csv"); !strings.Contains(string(b), "'=HYPERLINK(1)") {
			t.Errorf("a formula goes out as one: %s", b)
		}

		exports := func() (n int, series []string) {
			entries, err := w.record.AuditEntries(ctx, w.operator, 0, 1000)
			w.must(err)
			for _, e := range entries {
				if e.Act == record.Export && e.ActorID == w.people["coordinator"].ID {
					n, series = n+1, append(series, e.Series...)
				}
			}
			return n, series
		}
		before, series := exports()
		if before != 3*2*len(lists)+4 || slices.Contains(series, elsewhere.ID) || !slices.Contains(series, w.series.ID) {
			t.Errorf("%d entries of the log, of %v", before, series)
		}
		wrong := url.Values{"as": {"csv"}, "password": {"not my password"}}
		v.post("/rounds/download", wrong).is(http.StatusUnprocessableEntity).has(".error-summary", "This is not your password.").hasNot("Weir, low water", "not my password")
		v.post("/rounds/download", url.Values{"as": {"exe"}, "password": {password}}).is(http.StatusUnprocessableEntity).has(".error-summary", "Choose what kind of file it is to be.").hasNot("Weir, low water")
		if after, _ := exports(); after != before {
			t.Errorf("%d files were written down that nobody got", after-before)
		}
		if rec := w.as("editor").raw(http.MethodPost, "/rounds/download", wrong); rec.Code != http.StatusNotFound {
			t.Errorf("an editor gets %d", rec.Code)
		}
		w.as("editor").get("/rounds").is(http.StatusOK).hasNot("Download this list")
		for _, secret := range []string{"Fenn", "Weir", "Signals", "Mole"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

// A file that is imported where it came from changes nothing.
func TestListsThatComeBackChangeNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		taken(w)
		v := w.as("coordinator")
		rounds, _, err := w.record.Rounds(ctx, w.operator, recordstore.RoundFilter{SeriesID: w.series.ID})
		w.must(err)
		state := func() string {
			file, _, err := w.record.ExportRecord(ctx, w.operator)
			w.must(err)
			b, err := file.Append(nil)
			w.must(err)
			return string(b)
		}
		for _, o := range []record.Output{
			{Kind: record.Summary, RoundID: rounds[0].ID, Draft: record.Draft{Title: "What =they said", Lang: "en", Body: "They met."}}, // ours
			{Kind: record.Announcement, Draft: record.Draft{Title: "About no round"}},
			{Kind: record.Announcement, RoundID: rounds[0].ID, External: true, Draft: record.Draft{Title: "About a round, no address"}},
		} {
			o.SeriesID = w.series.ID
			_, err := w.record.AddOutput(ctx, w.operator, o)
			w.must(err)
		}
		before := state()
		for list, kind := range map[string]string{"rounds": "rounds", "organisations": "organisations", "appearances": "participants", "outputs": "outputs"} {
			for _, as := range []string{"csv", "xlsx", "json"} {
				_, b := v.take("/"+list+"/download", as)
				form := v.get("/import").form("/import")
				form.Set("kind", kind)
				form.Set("series", w.series.ID)
				p := v.upload("/import", form, "list."+as, string(b)).is(http.StatusOK)
				id := idIn(t, p.path)
				p = v.send(p, "/import/"+id+"/columns", nil).is(http.StatusOK)
				if len(p.all(`form[action="/import/`+id+`/rows"]`)) > 0 {
					p = v.send(p, "/import/"+id+"/rows", url.Values{"rest": {"suggested"}, "all_sure": {"1"}}).is(http.StatusOK)
				}
				v.send(p, "/import/"+id+"/apply", nil).is(http.StatusOK)
				if after := state(); after != before {
					t.Fatalf("the %s as %s changed the record:\n%s\n%s", list, as, before, after)
				}
			}
		}
	})
}

// The form beneath a list is reached by keyboard and without scripts, and says
// what is wrong with what was entered.
func TestDownloadInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	taken(w)
	w.person("coordinator")
	at := w.served()
	for name, v := range map[string]browsertest.View{
		"with scripts": {}, "narrow, without scripts": {Width: 390, Dark: true, NoScripts: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.enter(t, at, "coordinator", v)
			for _, list := range lists {
				p.Goto(at + "/" + list)
				p.Click("details.fold:has(#f-as) > summary")
				p.Readable()
			}
			p.Choose("#f-as", "csv")
			p.Fill("#f-password", "not my password")
			p.Follow("main form[action$='/download'] button")
			if p.Status() != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".error-summary"), "This is not your password.") || p.Value("#f-as") != "csv" {
				t.Errorf("%d: %s", p.Status(), p.Text("main"))
			}
			p.Readable()
		})
	}
}
