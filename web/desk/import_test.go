package desk_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

// upload sends a form with a file, or without one if name is "".
func (v *visitor) upload(path string, form url.Values, name, content string) page {
	v.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for field, all := range form {
		for _, s := range all {
			v.w.must(m.WriteField(field, s))
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		v.w.must(err)
		_, err = part.Write([]byte(content))
		v.w.must(err)
	}
	v.w.must(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Host = host
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", v.cookie)
	rec := httptest.NewRecorder()
	v.w.handler.ServeHTTP(rec, r)
	return v.follow(rec, path)
}

const delegation = "Name\tOrganisation\tPost\tSide\nDr Osk MARREN\tWeir Bureau\tDirector\tKasmere\nAna Ford\tWeir Bureau\tFellow\tNorlund\n"

// A delegation is pasted into a round, goes in closed, and is taken back.
func TestPasteADelegation(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		r, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: "2026-03"})
		w.must(err)
		v := w.as("coordinator")
		path := "/rounds/" + r.ID + "/participants/paste"
		form := v.get(path).is(http.StatusOK).form(path)
		form.Set("paste", delegation)
		p := v.upload(path, form, "", "").is(http.StatusOK).has("h1", "Import participants").has("main", "Osk")
		id := idIn(t, p.path)
		p = v.send(p, "/import/"+id+"/columns", nil).is(http.StatusOK)
		p.has("main", "2 rows are good").hasNot("Undo this import")
		p = v.send(p, "/import/"+id+"/apply", nil).is(http.StatusOK).has("main", "New people2").has("main", "Participants2")
		all, err := w.record.Participations(ctx, w.operator, r.ID)
		w.must(err)
		whole, err := w.record.Round(ctx, w.operator, r.ID)
		w.must(err)
		if len(all) != 2 || len(whole.Presences) != 2 {
			t.Fatalf("%d participants, %d presences", len(all), len(whole.Presences))
		}
		for _, pr := range whole.Presences {
			if pr.Label != record.Withheld {
				t.Errorf("a body went in open: %+v", pr)
			}
		}
		w.as("director").get("/import/"+id).is(http.StatusNotFound).hasNot("Osk", "Marren")
		v.send(p, "/import/"+id+"/undo", nil).is(http.StatusOK).has("main", "undone").hasNot("Undo this import")
		if all, err = w.record.Participations(ctx, w.operator, r.ID); err != nil || len(all) != 0 {
			t.Errorf("%v, %d participants after undoing", err, len(all))
		}
	})
}

// A file is read whatever its rows say; what cannot go in is set aside and can
// be had back; the same file again changes nothing.
func TestImportAFile(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, v := context.Background(), w.as("coordinator")
		const file = "Title;From;To;Organisations;Ground rule\nWeir talks;2018-06-14;2018-06-15;Weir Bureau; Chatham House\nFerry talks;2018-06-14;2018-06-04;Weir Bureau;\n"
		importFile := func() page {
			form := v.get("/import").form("/import")
			form.Set("kind", "rounds")
			form.Set("series", w.series.ID)
			p := v.upload("/import", form, "rounds.csv", file).is(http.StatusOK)
			id := idIn(t, p.path)
			p = v.send(p, "/import/"+id+"/columns", nil).is(http.StatusOK)
			return v.send(p, "/import/"+id+"/rows", url.Values{"rows_aside": {"1"}, "rest": {"suggested"}, "all_sure": {"1"}}).is(http.StatusOK)
		}
		p := importFile()
		id := idIn(t, p.path)
		p = v.send(p, "/import/"+id+"/apply", nil).is(http.StatusOK).has("main", "New rounds1").has("main", "Row 3")
		csv := v.get("/import/" + id + "/aside.csv").is(http.StatusOK)
		if !strings.Contains(csv.body, "Ferry talks") || strings.Contains(csv.body, "Weir talks") {
			t.Errorf("set aside:\n%s", csv.body)
		}
		p = importFile()
		again := idIn(t, p.path)
		v.send(p, "/import/"+again+"/apply", nil).is(http.StatusOK)
		rounds, total, err := w.record.Rounds(ctx, w.operator, recordstore.RoundFilter{})
		w.must(err)
		if total != 1 || rounds[0].Compiled || rounds[0].Rules.Preset != "chatham_house" && rounds[0].Rules.Preset != "" {
			t.Errorf("%d rounds: %+v", total, rounds)
		}
		form := v.get("/import").form("/import")
		form.Set("kind", "rounds")
		form.Set("series", w.series.ID)
		v.upload("/import", form, "x.pdf", "%PDF-1.4").is(http.StatusUnprocessableEntity).has(".error-summary", "PDF")
		w.as("editor").get("/import").is(http.StatusNotFound)
	})
}

// Rows that name where they are public lead on to one release, which is made once
// and read as one list; what a rule holds back is named as left out, and a row
// without an address is in no document.
func TestImportWhatIsPublic(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, v := context.Background(), w.as("coordinator")
		const file = "No;Title;From;To;Organisations;Ground rule;Link\n" +
			"1;Weir talks;2018-06-14;2018-06-15;Weir Bureau;;https://press.example.org/weir\n" +
			"2;Ferry talks;2018-07-14;2018-07-15;Hushhush Bureau;;\n" +
			"3;Lock talks;2018-08-14;2018-08-15;Hushhush Lock;Closed;https://press.example.org/hushhush\n"
		form := v.get("/import").form("/import")
		form.Set("kind", "rounds")
		form.Set("series", w.series.ID)
		p := v.upload("/import", form, "rounds.csv", file).is(http.StatusOK)
		path := "/import/" + idIn(t, p.path)
		p = v.send(p, path+"/columns", nil).is(http.StatusOK)
		p = v.send(p, path+"/rows", url.Values{"rest": {"suggested"}, "all_sure": {"1"}}).is(http.StatusOK)
		p = v.send(p, path+"/apply", nil).is(http.StatusOK).has("main", "New rounds3").has("main", "Prepare the 2 that are already public as one release")
		released := v.send(p, path+"/release", nil).is(http.StatusOK).has("main", "https://press.example.org/weir").hasNot("Hushhush", "hushhush", "Ferry")
		again := v.send(p, path+"/release", nil).is(http.StatusOK)
		if idIn(t, again.path) != idIn(t, released.path) {
			t.Error("pressed twice, two releases")
		}
		if _, n, err := w.release.Releases(ctx, w.operator, recordstore.ReleaseFilter{}); err != nil || n != 1 {
			t.Errorf("%d releases, %v", n, err)
		}
		v.get(path).is(http.StatusOK).has("main", "Read the release").has("main", "The ground rules do not allow").has("main", "Lock talks").hasNot("Prepare the")
		w.as("director").post(path+"/release", url.Values{}).is(http.StatusNotFound)
	})
}

// What is too large is told with the size that this form takes, not that of
// other forms; so is a form that breaks off, and nothing of either is kept.
func TestUploadThatCannotBeRead(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		for _, tt := range []struct {
			path   string
			length int64
			status int
			says   string
		}{
			{"/import", 40 << 20, http.StatusRequestEntityTooLarge, "at most 32 MB"},
			{"/rounds/new", 40 << 20, http.StatusRequestEntityTooLarge, "more than 4 MB"},
			{"/import", 500, http.StatusUnprocessableEntity, "send it again"}, // the connection was cut
		} {
			const sent = "--b\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nOttoline\tWeir"
			r := httptest.NewRequest(http.MethodPost, tt.path, strings.NewReader(sent))
			r.Host, r.ContentLength = host, tt.length
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.Header.Set("Cookie", v.cookie)
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			v.follow(rec, tt.path).is(tt.status).has("main", tt.says).hasNot("Ottoline")
		}
		v.get("/import").hasNot("Your imports", "Ottoline")
	})
}
