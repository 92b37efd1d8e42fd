package release_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/release"
	"track15/web/public"
)

var (
	withNotice = record.Withdrawing{Way: record.WithNotice}
	silently   = record.Withdrawing{Way: record.Silently}
)

func withReason(reason string) record.Withdrawing {
	return record.Withdrawing{Way: record.WithReason, Reason: reason, ReasonClearance: record.ReasonClearance{By: "Both conveners", How: "By telephone"}}
}

// twoRounds makes two rounds public: the first with a text and a body of its
// own, which an amendment corrected once; the second names what both share.
func (w *world) twoRounds() (round record.Round, slug, text string) {
	w.Helper()
	round = w.round(w.ann, "5th round", w.exact("tank", 0), w.exact("ministry", 0))
	o := w.text(w.ann, round.ID, "Marrowby minutes", "A number kept at Ferrowquay is answered.")
	w.pass(w.prepare(release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{o.ID}}).ID)
	other := w.round(w.ann, "6th round", w.exact("tank", 0))
	w.pass(w.prepare(release.PrepareRequest{RoundID: other.ID}).ID)
	d := o.Draft
	d.Observations[0].Text = "A number kept at Ferrowquay is answered at any hour."
	must(w.store.SaveDraft(w.Context(), w.ann, o.ID, o.Draft.Number, d))(w.T)
	w.pass(w.prepare(release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{o.ID}, Amendment: true, Note: "Put right at Ferrowquay."}).ID)
	return round, "kasmere-dialogue-5th-round", "kasmere-dialogue-5th-round-summary"
}

// site serves what is public now. Its caches are its own.
func (w *world) site() http.Handler {
	w.Helper()
	reader := must(publishedstore.OpenReader(w.Context(), w.where(), nil))(w.T)
	w.Cleanup(func() { reader.Close() })
	return must(public.New(reader, public.Options{BaseURL: "http://example.com"}))(w.T)
}

// ask is what the site answers, without what differs by the minute.
func ask(site http.Handler, path string) (status int, answer string) {
	rec := httptest.NewRecorder()
	site.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec.Code, fmt.Sprint(rec.Code, rec.Header(), rec.Body.String())
}

// everyPage are the addresses of the fixed pages, of what words lead to and of
// all that is in the site map.
func everyPage(site http.Handler, words ...string) []string {
	paths := []string{
		"/", "/rounds", "/rounds.csv", "/rounds.json", "/organisations", "/observations", "/feed.atom", "/sitemap.xml", "/robots.txt", "/healthz",
	}
	for _, word := range words {
		paths = append(paths, "/search?q="+strings.ReplaceAll(word, " ", "+"))
	}
	_, sitemap := ask(site, "/sitemap.xml")
	for _, part := range strings.Split(sitemap, "<loc>")[1:] {
		address, _, _ := strings.Cut(part, "</loc>")
		paths = append(paths, strings.TrimPrefix(address, "http://example.com"))
	}
	return paths
}

// nowhere scans every byte that the public side can read, and every page it
// answers with, for words. On SQLite those are the files: the snapshot, the
// writer's own, their logs. On PostgreSQL they are the rows that are there;
// what a deleted row leaves in the server's files until it is vacuumed, nobody
// reads through a query, and is not scanned.
func (w *world) nowhere(site http.Handler, after string, words ...string) {
	w.Helper()
	hold := func(where string, b []byte) {
		for _, word := range words {
			if bytes.Contains(b, []byte(word)) {
				w.Errorf("after %s, %s holds removed words", after, where)
			}
		}
	}
	for _, path := range everyPage(site) {
		_, answer := ask(site, path)
		hold(path, []byte(answer))
	}
	for _, word := range words {
		if _, found := ask(site, "/search?q="+strings.ReplaceAll(word, " ", "+")); strings.Contains(found, `class="entry`) {
			w.Errorf("after %s, search finds removed words", after)
		}
	}
	files := 0
	scan := func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		hold(d.Name(), b)
		files++
		return err
	}
	if own, ok := strings.CutPrefix(w.publishedURL, "sqlite:"); ok {
		if err := filepath.WalkDir(w.where(), scan); err != nil {
			w.Fatal(err)
		}
		for _, path := range must(filepath.Glob(own + "*"))(w.T) {
			if err := scan(path, fs.FileInfoToDirEntry(must(os.Stat(path))(w.T)), nil); err != nil {
				w.Fatal(err)
			}
		}
		if files < 3 {
			w.Errorf("only %d files were scanned", files)
		}
		return
	}
	hold("the published database", w.publishedRows())
}

// publishedRows are the rows of every table of the published store in PostgreSQL.
func (w *world) publishedRows() []byte {
	w.Helper()
	db := must(database.Open(w.Context(), w.publishedURL, database.Options{}))(w.T)
	defer db.Close()
	var out []byte
	err := db.View(w.Context(), func(tx *gorm.DB) error {
		var tables []string
		if err := tx.Raw("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables).Error; err != nil {
			return err
		}
		for _, table := range tables {
			var rows []string
			if err := tx.Raw("SELECT encode(convert_to(t::text, 'UTF8'), 'escape') FROM " + table + " t").Scan(&rows).Error; err != nil {
				return err
			}
			out = append(out, strings.Join(rows, "\n")...)
			// Bytes are shown as digits there.
			if table == "documents" || table == "versions" {
				var bodies [][]byte
				if err := tx.Raw("SELECT body FROM " + table + " WHERE body IS NOT NULL").Scan(&bodies).Error; err != nil {
					return err
				}
				out = append(out, bytes.Join(bodies, nil)...)
			}
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		w.Fatal(len(out), err)
	}
	return out
}

// The words that a correction, a suspension or a withdrawal of each way took
// out stand in no file, page, feed, list or search, also not in versions that
// an amendment kept.
func TestRemovedWordsStandNowhere(t *testing.T) {
	for _, tt := range []struct {
		name   string
		take   func(w *world, round record.Round, slug, text string)
		status int // at the round's address
	}{
		{"redaction", func(w *world, round record.Round, _, _ string) {
			o := w.textOf(round)
			d := o.Draft
			d.Title, d.Body = "Minutes", "Body"
			d.Observations[0].Text = "A number is answered at any hour."
			must(w.store.SaveDraft(w.Context(), w.ann, o.ID, o.Draft.Number, d))(w.T)
			w.pass(w.prepare(release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{o.ID}}).ID)
		}, 200},
		{"suspension", func(w *world, _ record.Round, slug, _ string) {
			must(w.service.Suspend(w.Context(), w.ann, published.KindRound, slug, password))(w.T)
			w.deliver(1)
		}, 410},
		{"withdrawal of the text", func(w *world, _ record.Round, _, text string) {
			w.pass(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindOutput, text, silently))(w.T).ID)
		}, 200},
		{"withdrawal with the notice", func(w *world, _ record.Round, slug, _ string) {
			w.pass(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindRound, slug, withNotice))(w.T).ID)
		}, 410},
		{"withdrawal with a reason", func(w *world, _ record.Round, slug, _ string) {
			w.pass(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindRound, slug, withReason("It was not ours to publish.")))(w.T).ID)
		}, 410},
		{"silent withdrawal", func(w *world, _ record.Round, slug, _ string) {
			w.pass(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindRound, slug, silently))(w.T).ID)
		}, 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(w *world) {
				round, slug, text := w.twoRounds()
				old := w.site()
				words := []string{"Marrowby", "Ferrowquay"}
				// The scan finds them as long as they are there, also in the site's cache.
				if _, page := ask(old, "/rounds/"+slug); !strings.Contains(page, words[0]) || !strings.Contains(page, words[1]) {
					w.Fatal("the words are not public in the first place")
				}
				tt.take(w, round, slug, text)
				for _, site := range []http.Handler{old, w.site()} {
					w.nowhere(site, tt.name, words...)
					for _, path := range []string{"/rounds/" + slug, "/observations/" + slug + "-observation-1"} {
						if _, page := ask(site, path); strings.Contains(page, words[0]) || strings.Contains(page, words[1]) {
							w.Errorf("%s holds removed words", path)
						}
					}
					if status, _ := ask(site, "/rounds/"+slug); status != tt.status {
						w.Errorf("the round answers %d, want %d", status, tt.status)
					}
				}
			})
		})
	}
}

// textOf is the one text of a round.
func (w *world) textOf(round record.Round) record.Output {
	w.Helper()
	for _, d := range must(w.service.Released(w.Context(), w.ann, round.ID))(w.T) {
		if d.Kind == string(published.KindOutput) {
			return must(w.store.Output(w.Context(), w.ann, d.ObjectID))(w.T)
		}
	}
	w.Fatal("the round has no text")
	return record.Output{}
}

// What leaves silently answers byte for byte as what never was, at each of its
// addresses, whatever stood there before, and every list is as if it had never
// been. Nobody else gets its address. It comes back as for the first time.
func TestSilentWithdrawalLeavesNoTrace(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, text := w.twoRounds()
		// Notices of before go too: of the text, and of the round.
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindOutput, text, withReason("It named a person.")))(w.T).ID)
		must(w.service.Suspend(ctx, w.bob, published.KindRound, slug, password))(w.T)
		w.deliver(1)
		site := w.site()
		if status, _ := ask(site, "/observations/"+slug+"-observation-1"); status != 410 {
			w.Fatalf("the observation answers %d before", status)
		}
		w.now = w.now.AddDate(0, 0, 1)
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, silently))(w.T).ID)

		for _, path := range []string{"/rounds/", "/observations/", "/organisations/"} {
			of := map[string]string{"/rounds/": slug, "/observations/": slug + "-observation-1", "/organisations/": "ministry-of-interior"}[path]
			status, answer := ask(site, path+of)
			if _, never := ask(site, path+"never-was"); status != 404 || answer != never {
				w.Errorf("%s answers %d, and not as what never was", path, status)
			}
		}
		for _, path := range everyPage(site) {
			if _, answer := ask(site, path); strings.Contains(answer, slug) || strings.Contains(answer, "5th round") || strings.Contains(answer, w.now.Format("2006-01-02")) {
				w.Errorf("%s names what left silently, or the day", path)
			}
		}
		if _, feed := ask(site, "/feed.atom"); strings.Count(feed, "<entry>") != 1 {
			w.Error("the feed does not hold exactly what is left")
		}

		// Its words are another's to use, its address is not.
		again := w.round(w.ann, "5th round", w.exact("tank", 0))
		w.pass(w.prepare(release.PrepareRequest{RoundID: again.ID}).ID)
		if status, _ := ask(site, "/rounds/"+slug); status != 404 {
			w.Errorf("the address was given to another round: %d", status)
		}
		_, err := w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, withNotice)
		fails(w.T, fault.Conflict, err)

		digest := must(w.service.Digest(ctx))(w.T)
		if err := w.service.Rebuild(ctx, operator); err != nil {
			w.Fatal(err)
		}
		if now := must(w.service.Digest(ctx))(w.T); now != digest {
			w.Error("folding again gives something else")
		}

		w.pass(must(w.service.PrepareRestoration(ctx, w.ann, published.KindRound, slug))(w.T).ID)
		status, page := ask(site, "/rounds/"+slug)
		if status != 200 || strings.Contains(page, "Corrected") || strings.Contains(page, "Restored") {
			w.Errorf("it comes back (%d) with its past", status)
		}
		w.notHeld("output/" + text) // withdrawn for its own sake
	})
}

func (w *world) notHeld(key string) {
	w.Helper()
	if _, there := w.public()[key]; there {
		w.Errorf("%s is public", key)
	}
}

// A round that is withdrawn takes along its texts, named in what two people
// sign, and the bodies and series that nothing else holds up: those that were
// shown before, and nothing else.
func TestExactlyWhatWasShownLeavesWithARound(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, text := w.twoRounds()
		before := w.public()
		keys := func(docs []record.PublicDocument) (all []string) {
			for _, d := range docs {
				all = append(all, d.Kind+"/"+d.Slug)
			}
			return all
		}
		want := []string{"organisation/ministry-of-interior", "round/" + slug, "output/" + text}
		shown := keys(must(w.store.Falling(ctx, w.ann, "round", slug))(w.T))
		if !slices.Equal(shown, want) {
			w.Fatalf("shown before: %v, want %v", shown, want)
		}
		gone := must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, withNotice))(w.T)
		if len(gone.Drop) != 2 || gone.Drop[1].Slug != text {
			w.Errorf("the batch takes away %v", gone.Drop)
		}
		if shown := keys(must(w.store.FallingWith(ctx, w.ann, gone.ID))(w.T)); !slices.Equal(shown, want) {
			w.Errorf("shown with the release: %v, want %v", shown, want)
		}
		if len(w.public()) != len(before) {
			w.Error("looking took something away")
		}
		w.pass(gone.ID)
		after := w.public()
		var left []string
		for key := range before {
			if _, still := after[key]; !still {
				left = append(left, key)
			}
		}
		slices.Sort(left)
		slices.Sort(want)
		if !slices.Equal(left, want) {
			w.Errorf("%v left, want %v", left, want)
		}
		for key, body := range after {
			if before[key] != body {
				w.Errorf("%s changed", key)
			}
		}
		if shown := must(w.store.FallingWith(ctx, w.ann, gone.ID))(w.T); len(shown) > 0 {
			w.Error("a delivered release still says what would fall")
		}

		// The round brings its text back: one withdrawal, one return.
		w.pass(must(w.service.PrepareRestoration(ctx, w.ann, published.KindRound, slug))(w.T).ID)
		if now := w.public(); len(now) != len(before) || now["output/"+text] != before["output/"+text] {
			w.Error("not all of it came back as it was")
		}
	})
}

// A sentence becomes public only if somebody cleared it; who did stays in the
// record, in no clear byte of it, and is read by those who may read clearances.
func TestAReasonIsCleared(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, _ := w.twoRounds()
		for _, tt := range []struct {
			field string
			w     record.Withdrawing
		}{
			{"way", record.Withdrawing{}},
			{"way", record.Withdrawing{Way: "410", Reason: "So."}},
			{"reason", record.Withdrawing{Way: record.WithReason, ReasonClearance: record.ReasonClearance{By: "A", How: "B"}}},
			{"cleared_by", record.Withdrawing{Way: record.WithReason, Reason: "So.", ReasonClearance: record.ReasonClearance{How: "B"}}},
			{"cleared_how", record.Withdrawing{Way: record.WithReason, Reason: "So.", ReasonClearance: record.ReasonClearance{By: "A"}}},
			{"reason", record.Withdrawing{Way: record.WithNotice, Reason: "So."}},
			{"reason", record.Withdrawing{Way: record.Silently, Reason: "So."}},
		} {
			_, err := w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, tt.w)
			if all := fault.All(err); len(all) != 1 || all[0].Field != tt.field {
				w.Errorf("%+v: %v, want a fault of %s", tt.w.Way, err, tt.field)
			}
		}
		reason := withReason("The conveners took it back.")
		reason.By = "Kestrel of the quay"
		r := must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, reason))(w.T)
		if c := must(w.store.ReasonCleared(ctx, w.bob, r.ID))(w.T); c != reason.ReasonClearance {
			w.Errorf("cleared by %+v", c)
		}
		_, err := w.store.ReasonCleared(ctx, w.eve, r.ID)
		fails(w.T, fault.NotFound, err)
		other := reason
		other.Reason = "The conveners took it back now."
		if s := must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, other))(w.T); s.Hash == r.Hash {
			w.Error("the sentence is not in what people sign")
		}
		w.pass(r.ID)
		if _, page := ask(w.site(), "/rounds/"+slug); !strings.Contains(page, reason.Reason) || strings.Contains(page, "Kestrel") {
			w.Error("the notice does not say the sentence, or says who cleared it")
		}
		if own, ok := strings.CutPrefix(w.recordURL, "sqlite:"); ok {
			for _, path := range must(filepath.Glob(own + "*"))(w.T) {
				if bytes.Contains(must(os.ReadFile(path))(w.T), []byte("Kestrel")) {
					w.Error("who cleared it stands in clear")
				}
			}
		}
	})
}
