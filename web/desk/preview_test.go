package desk_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
	"track15/web/public"
)

// previewed are the pages that the preview of a release names, with their bytes,
// by their address at the public side.
func (v *visitor) previewed(release string) map[string]string {
	all := map[string]string{}
	for _, link := range v.get(release + "/preview").is(200).all(".queue a.ref") {
		path := attr(link, "href")
		v.get(path).is(200).has(".mark--review", "Not public").has("h1", text(link))
		rec := v.raw(http.MethodGet, path+"/exact", nil)
		if got := rec.Header().Get("Content-Disposition"); rec.Code != 200 || !strings.Contains(got, "not-public") {
			v.w.t.Errorf("%s/exact: %d, %s", path, rec.Code, got)
		}
		all[text(link)] = rec.Body.String()
	}
	return all
}

// reader is a visitor of the public side.
func (w *world) reader() func(path string) (int, string) {
	w.t.Helper()
	r, err := publishedstore.OpenReader(context.Background(), w.public, nil)
	w.must(err)
	w.t.Cleanup(func() { r.Close() })
	h, err := public.New(r, public.Options{BaseURL: "https://public.example.org"})
	w.must(err)
	return func(path string) (int, string) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "https://public.example.org"+path, nil))
		return rec.Code, rec.Body.String()
	}
}

// What the preview shows is what the public then reads, byte for byte, of a
// release, a correction, a suspension's end and a withdrawal; and it shows
// nothing that stays behind.
func TestPreviewIsWhatThePublicThenReads(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		round, summary := w.held()
		coordinator, director := w.actor("coordinator"), w.actor("director")
		recordtest.Clear(t, w.record, summary.ID)
		read := w.reader()

		pass := func(r record.Release, want ...string) {
			t.Helper()
			shown := w.as("director").previewed("/releases/" + r.ID)
			for _, path := range want {
				if shown[path] == "" {
					t.Errorf("%s is not among the pages that change: %v", path, slices.Sorted(maps.Keys(shown)))
				}
			}
			for path, page := range shown {
				for _, hidden := range []string{"Hushhush", "Signals Directorate", "customs house"} {
					if strings.Contains(page, hidden) {
						t.Errorf("%s shows %s", path, hidden)
					}
				}
				if _, now := read(path); now == page {
					t.Errorf("%s is said to change and does not", path)
				}
			}
			w.must(w.release.Sign(ctx, coordinator, r.ID, password, record.Immediate))
			w.must(w.release.Countersign(ctx, director, r.ID, password))
			w.deliver()
			for path, page := range shown {
				if _, now := read(path); now != page {
					t.Errorf("%s is not as it was shown:\n%s\nthen\n%s", path, page, now)
				}
			}
			w.as("director").get("/releases/" + r.ID + "/preview").is(409)
		}

		first, err := w.release.PrepareRound(ctx, coordinator, release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{summary.ID}})
		w.must(err)
		list := w.as("coordinator").get("/releases/"+first.ID+"/preview").is(200).
			has(".preview-list", "Harbour Institute").has(".preview-list", "/feed.atom").has(".preview-list", "/rounds.csv").
			hasNot("Hushhush", "Signals Directorate", "customs house")
		if len(list.all("li.line-new")) < 8 {
			t.Errorf("only %d lines come", len(list.all("li.line-new")))
		}
		pass(first, "/", "/rounds", "/organisations/harbour-institute", "/observations", "/series/kasmere-dialogue")

		docs, err := w.release.Released(ctx, coordinator, round.ID)
		w.must(err)
		slug := ""
		for _, d := range docs {
			if d.Kind == string(published.KindRound) {
				slug = d.Slug
			}
		}
		gone, err := w.release.PrepareWithdrawal(ctx, coordinator, published.KindRound, slug, record.Withdrawing{Way: record.WithNotice})
		w.must(err)
		pass(gone, "/rounds/"+slug, "/rounds", "/organisations/harbour-institute")
		back, err := w.release.PrepareRestoration(ctx, coordinator, published.KindRound, slug)
		w.must(err)
		pass(back, "/rounds/"+slug)
	})
}

// The frame holds the page of the public side, may stand in a page of the desk
// only and runs no script; its links lead to pages of the preview or nowhere.
func TestPreviewStandsInAFrame(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.held()
		r, err := w.release.PrepareRound(context.Background(), w.actor("coordinator"), release.PrepareRequest{RoundID: round.ID})
		w.must(err)
		v := w.as("director")
		at := "/releases/" + r.ID + "/preview"
		outer := v.raw(http.MethodGet, at+"/1", nil)
		if got := outer.Header().Get("Content-Security-Policy"); !strings.Contains(got, "frame-src 'self'") || !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("the page that frames: %s", got)
		}
		inner := v.raw(http.MethodGet, at+"/1/frame", nil)
		got := inner.Header().Get("Content-Security-Policy")
		if !strings.Contains(got, "frame-ancestors 'self'") || !strings.Contains(got, "script-src 'none'") || strings.Contains(got, "frame-src") {
			t.Errorf("the frame: %s", got)
		}
		if inner.Header().Get("Cache-Control") != "no-store" {
			t.Error("the frame may be kept")
		}
		inside := false
		for _, to := range regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindAllStringSubmatch(inner.Body.String(), -1) {
			switch {
			case strings.HasPrefix(to[1], at+"/"):
				inside = true
			case strings.HasPrefix(to[1], "#"), linked(inner.Body.String(), to[1]):
			default:
				t.Errorf("a link of the frame leads to %s", to[1])
			}
		}
		if !inside {
			t.Error("no link of the frame leads on in the preview")
		}
		for _, path := range []string{"/0", "/01", "/999", "/x", "/1/frame/2", "/-1", "/%00"} {
			v.get(at + path).is(404)
		}
		if got := v.raw(http.MethodGet, at+"/1/frame", nil); got.Code != 200 {
			t.Errorf("a frame is %d after pages that are not", got.Code)
		}
		other, err := w.record.AddSeries(context.Background(), w.operator, record.Series{Name: "Another Dialogue"})
		w.must(err)
		w.account("stranger", record.Director, other.ID)
		w.as("stranger").get(at).is(404)
		w.as("stranger").get(at + "/1/exact").is(404)
		v.post(at, url.Values{}).is(405)
	})
}

// linked reports whether an address stands in a <link>, which nobody can follow.
func linked(page, to string) bool {
	for _, tag := range regexp.MustCompile(`<link [^>]*>`).FindAllString(page, -1) {
		if strings.Contains(tag, `href="`+to+`"`) {
			return true
		}
	}
	return false
}
