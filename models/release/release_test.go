package release_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// both runs a test on both databases.
func both(t *testing.T, fn func(w *world)) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) { fn(newWorld(t, store)) })
}

// The main path: logged, frozen, signed, refused to those who may not, signed
// by the second person, public; and nothing of what was withheld is.
func TestTwoPeopleRelease(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		category := w.exact("true", 0)
		category.AttendsThroughID, category.Label, category.CategoryID = w.bodies["tank"].ID, record.ByCategory, w.bodies["services"].ID
		hidden := w.exact("hidden", 1)
		hidden.Label = record.Withheld
		r := w.round(w.ann, "5th round", w.exact("tank", 0), w.exact("agency", 0), category, hidden)
		o := w.text(w.eve, r.ID, "Summary", "A duty number must be answered at any hour.")
		frozen := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		if frozen.State != record.Frozen || frozen.Kind != record.FirstRelease || frozen.Title != "Kasmere Dialogue, 5th round" {
			w.Errorf("frozen: %+v", frozen)
		}

		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, frozen.ID, password)) // nobody signed yet
		fails(w.T, fault.Forbidden, w.service.Sign(ctx, w.ann, frozen.ID, "wrong password", record.Immediate))
		fails(w.T, fault.Forbidden, w.service.Sign(ctx, operator, frozen.ID, password, record.Immediate))
		fails(w.T, fault.NotFound, w.service.Sign(ctx, w.ann, "nonesuch", password, record.Immediate))
		w.sign(frozen.ID)
		fails(w.T, fault.Conflict, w.service.Sign(ctx, w.ann, frozen.ID, password, record.Immediate))
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.ann, frozen.ID, password)) // oneself
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.eve, frozen.ID, password)) // an editor
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.bob, frozen.ID, "wrong password"))
		w.deliver(0)
		w.holds()

		// The record moves on; what is frozen does not.
		r.City = "Canary City"
		r.Version = w.read(r.ID).Version
		must(w.store.EditRound(ctx, w.bob, r))(w.T)
		if err := w.service.Countersign(ctx, w.bob, frozen.ID, password); err != nil {
			w.Fatal("an edit after the freezing is no contribution:", err)
		}
		w.deliver(1)
		w.deliver(0)
		w.holds("series/kasmere-dialogue", "round/kasmere-dialogue-5th-round", "output/kasmere-dialogue-5th-round-summary",
			"organisation/harbour-institute", "organisation/response-centre", "organisation/security-services-kasmere")
		w.noCanary()
		got := must(w.service.Release(ctx, w.bob, frozen.ID))(w.T)
		if got.State != record.Released || got.Number != 1 || !got.Delivered || got.Hash != frozen.Hash || len(got.Signatures) != 2 {
			w.Errorf("released: %+v", got)
		}
		for i, d := range got.Put {
			if string(d.Body) != string(frozen.Put[i].Body) {
				w.Errorf("document %s changed after it was frozen", d.Slug)
			}
		}

		// The public store holds exactly the documents that were signed.
		reader := must(publishedstore.OpenReader(ctx, w.where(), nil))(w.T)
		defer reader.Close()
		edition := must(reader.Edition(ctx))(w.T)
		defer edition.Close()
		page := must(edition.Round(ctx, "kasmere-dialogue-5th-round"))(w.T)
		if page.Round.City != "Port Anselm" || len(page.Outputs) != 1 || page.Outputs[0].Output.Observations[0].Slug != "kasmere-dialogue-5th-round-observation-1" {
			w.Errorf("public: %+v", page)
		}

		public := must(w.service.Released(ctx, w.ann, r.ID))(w.T)
		if len(public) != 6 || public[0].Kind != "series" || !public[0].Present || public[0].Number != 1 {
			w.Errorf("released documents: %+v", public)
		}

		// What the public reads is asked of the public store, not of the record.
		now := must(w.service.PublicNow(ctx, w.ann, r.ID))(w.T)
		if !reflect.DeepEqual(now, public) {
			w.Errorf("public now: %+v", now)
		}
		w.unpublish("DELETE FROM documents WHERE kind = 'output'")
		w.unpublish("UPDATE documents SET body = ? WHERE kind = 'series'", []byte("other bytes"))
		for i, d := range must(w.service.PublicNow(ctx, w.ann, r.ID))(w.T) {
			if d.Present != (d.Kind != "output") || (string(d.Body) == "other bytes") != (d.Kind == "series") || !public[i].Present {
				w.Errorf("%s is said to be public: %v, %q", d.Kind, d.Present, d.Body)
			}
		}
		if _, err := w.service.PublicNow(ctx, record.Actor{}, r.ID); err == nil {
			w.Error("nobody is told what is public")
		}
	})
}

func TestBars(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.bob, "5th round", w.exact("tank", 0))
		frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(frozen.ID)
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.bob, frozen.ID, password))
		bars := must(w.service.Bars(ctx, w.bob, frozen.ID))(w.T)
		if !bars.Barred || !strings.Contains(bars.Sentence, "edited a round") || !strings.Contains(bars.Sentence, "2026-03-13") || len(bars.Could) != 0 {
			w.Errorf("bars of a contributor: %+v", bars)
		}
		if bars := must(w.service.Bars(ctx, w.ann, frozen.ID))(w.T); !strings.Contains(bars.Sentence, "signed first") {
			w.Errorf("bars of the first signer: %+v", bars)
		}
		cyd := w.person("Cyd", record.Director)
		if bars := must(w.service.Bars(ctx, cyd, frozen.ID))(w.T); bars.Barred || !slices.Equal(bars.Could, []string{"Cyd"}) {
			w.Errorf("bars of an outsider: %+v", bars)
		}
		if err := w.service.Countersign(ctx, cyd, frozen.ID, password); err != nil {
			w.Fatal(err)
		}
		w.deliver(1)

		// What was released with others' signatures bars no more.
		r = w.read(r.ID)
		r.City = "Norhaven"
		must(w.store.EditRound(ctx, w.ann, r))(w.T)
		second := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.pass(second.ID)

		// Each kind of object bars who edited it; what does not enter does not.
		for _, edit := range []struct {
			what string
			do   func()
			bars bool
		}{
			{"a body that is named", func() {
				o := w.bodies["tank"]
				o.Aliases = []string{"Harbour"}
				w.bodies["tank"] = must(w.store.EditOrganisation(ctx, w.bob, o))(w.T)
			}, true},
			{"a body that is not", func() {
				o := w.bodies["hidden"]
				o.Acronym = "CHO"
				must(w.store.EditOrganisation(ctx, w.bob, o))(w.T)
			}, false},
			{"the series", func() {
				w.series.OtherNames = []string{"KD"}
				w.series = must(w.store.EditSeries(ctx, w.bob, w.series))(w.T)
			}, true},
			{"a presence", func() { w.present(w.bob, r.ID, w.exact("ministry", 0)) }, true},
			{"another round", func() { w.round(w.bob, "6th round") }, false},
			{"the parent of a body that is shown as its parent", func() {
				w.body("desk", record.Organisation{Name: "Canary desk", Kind: w.bodies["tank"].Kind, ParentID: w.bodies["tank"].ID})
				p := w.exact("desk", 0)
				p.Label = record.ByParent
				w.present(w.ann, r.ID, p)
				o := w.bodies["desk"]
				o.ParentID = w.bodies["ministry"].ID
				must(w.store.EditOrganisation(w.Context(), w.bob, o))(w.T)
			}, true},
		} {
			edit.do()
			w.present(w.ann, r.ID, record.Presence{Words: "words before " + edit.what, Label: record.Exact})
			rel := w.prepare(release.PrepareRequest{RoundID: r.ID})
			if bars := must(w.service.Bars(ctx, w.bob, rel.ID))(w.T); bars.Barred != edit.bars {
				w.Errorf("%s: %+v", edit.what, bars)
			}
			w.sign(rel.ID)
			if err := w.service.Countersign(ctx, cyd, rel.ID, password); err != nil {
				w.Fatal(edit.what, err)
			}
			w.deliver(1)
		}

		// Words of the release itself are a contribution too.
		w.present(w.ann, r.ID, record.Presence{Words: "more words", Label: record.Exact})
		noted := must(w.service.PrepareRound(ctx, w.bob, release.PrepareRequest{RoundID: r.ID, Note: "A name was taken out."}))(w.T)
		if bars := must(w.service.Bars(ctx, w.bob, noted.ID))(w.T); !bars.Barred || !strings.Contains(bars.Sentence, "wrote words") {
			w.Errorf("bars of who wrote the note: %+v", bars)
		}
	})
}

func TestCorrections(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.ann, "5th round", w.exact("tank", 0))
		extra := w.present(w.ann, r.ID, w.exact("ministry", 0))
		o := w.text(w.ann, r.ID, "Summary", "First.", "Second names Canary.", "Third.")
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		_, err := w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		fails(w.T, fault.Conflict, err) // nothing changed

		// A redaction by default: the second observation goes, the numbers stay.
		d := o.Draft
		d.Observations = []record.Observation{d.Observations[0], d.Observations[2], {Text: "Fourth."}}
		d = must(w.store.SaveDraft(ctx, w.ann, o.ID, d.Number, d))(w.T)
		rel := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}, Note: "A name was taken out."})
		if rel.Kind != record.Correction || len(rel.Put) != 1 {
			w.Errorf("correction: %+v", rel)
		}
		w.pass(rel.ID)
		var out published.Output
		body := w.public()["output/kasmere-dialogue-5th-round-summary"]
		if err := (published.Document{Kind: published.KindOutput, Body: []byte(body)}).Decode(&out); err != nil {
			w.Fatal(err)
		}
		var numbers []int
		for _, ob := range out.Observations {
			numbers = append(numbers, ob.Number)
		}
		if !slices.Equal(numbers, []int{1, 3, 4}) || out.Correction == nil || out.Correction.Amendment || out.Correction.Note != "A name was taken out." {
			w.Errorf("corrected: %+v", out)
		}
		w.noCanary()

		// A body leaves with the last round that names it; the texts follow the
		// round's title; slugs stay.
		r = w.read(r.ID)
		if err := w.store.RemovePresence(ctx, w.ann, r.ID, extra.ID, r.Version); err != nil {
			w.Fatal(err)
		}
		r = w.read(r.ID)
		r.OrdinalLabel = "fifth round"
		must(w.store.EditRound(ctx, w.ann, r))(w.T)
		rel = w.prepare(release.PrepareRequest{RoundID: r.ID, Amendment: true})
		w.pass(rel.ID)
		w.holds("series/kasmere-dialogue", "round/kasmere-dialogue-5th-round", "output/kasmere-dialogue-5th-round-summary", "organisation/harbour-institute")
		doc := w.decoded("kasmere-dialogue-5th-round")
		if doc.Title != "Kasmere Dialogue, fifth round" || !doc.Correction.Amendment {
			w.Errorf("amended: %+v", doc)
		}
		if body := w.public()["output/kasmere-dialogue-5th-round-summary"]; !strings.Contains(body, "fifth round") || strings.Contains(body, "5th round\"") {
			w.Errorf("the text did not follow: %s", body)
		}

		// A second round of the same label cannot take the address.
		again := w.round(w.ann, "5th round")
		w.pass(w.prepare(release.PrepareRequest{RoundID: again.ID}).ID)
		w.decoded("kasmere-dialogue-5th-round-2")
	})
}

// A batch that was frozen before others changed what it puts does not undo
// what they did.
func TestStaleBatchesAreRefused(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		slug := "kasmere-dialogue-5th-round"
		r := w.round(w.ann, "5th round", w.exact("tank", 0))
		one, two := w.prepare(release.PrepareRequest{RoundID: r.ID}), w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(one.ID)
		w.sign(two.ID)
		if err := w.service.Countersign(ctx, w.bob, one.ID, password); err != nil {
			w.Fatal(err)
		}
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, two.ID, password)) // on its way
		w.deliver(1)
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, two.ID, password)) // released

		// A suspension after the freezing holds.
		w.present(w.ann, r.ID, record.Presence{Words: "researchers", Label: record.Exact})
		three := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(three.ID)
		must(w.service.Suspend(ctx, w.bob, published.KindRound, slug, password))(w.T)
		w.deliver(1)
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, three.ID, password))
		w.holds()
		if err := w.service.Cancel(ctx, w.ann, three.ID, "suspended meanwhile"); err != nil {
			w.Fatal(err)
		}
		fails(w.T, fault.Conflict, w.service.Cancel(ctx, w.ann, three.ID, "again"))
		fails(w.T, fault.Conflict, w.service.Cancel(ctx, w.ann, one.ID, "too late"))

		// Prepared anew it may come back, corrected, by two people.
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		w.decoded(slug)

		// Two new rounds that ask for one address: the later is prepared again.
		a, b := w.round(w.ann, "6th round"), w.round(w.ann, "6th round")
		first, second := w.prepare(release.PrepareRequest{RoundID: a.ID}), w.prepare(release.PrepareRequest{RoundID: b.ID})
		w.sign(second.ID)
		w.pass(first.ID)
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, second.ID, password))
		w.pass(w.prepare(release.PrepareRequest{RoundID: b.ID}).ID)
		w.decoded("kasmere-dialogue-6th-round-2")

		// Cancelled and refused releases took no number.
		for i, e := range w.envelopes() {
			if e.Number != int64(i+1) || len(e.Put)+len(e.Drop) == 0 {
				w.Errorf("envelope %+v", e)
			}
		}
	})
}

func TestTakingAwayAndBringingBack(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		slug, text := "kasmere-dialogue-5th-round", "kasmere-dialogue-5th-round-summary"
		r := w.round(w.ann, "5th round", w.exact("tank", 0), w.exact("ministry", 0))
		o := w.text(w.ann, r.ID, "Summary", "First.")
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		other := w.round(w.ann, "6th round", w.exact("tank", 0))
		w.pass(w.prepare(release.PrepareRequest{RoundID: other.ID}).ID)
		all := w.public()

		_, err := w.service.Suspend(ctx, w.eve, published.KindRound, slug, password)
		fails(w.T, fault.Forbidden, err) // an editor may not
		_, err = w.service.Suspend(ctx, w.ann, published.KindRound, slug, "wrong password")
		fails(w.T, fault.Forbidden, err)
		_, err = w.service.Suspend(ctx, w.ann, published.KindSeries, "kasmere-dialogue", password)
		fails(w.T, fault.Invalid, err)
		_, err = w.service.Suspend(ctx, w.ann, published.KindRound, "nonesuch", password)
		fails(w.T, fault.NotFound, err)
		_, err = w.service.PrepareRestoration(ctx, w.ann, published.KindRound, slug)
		fails(w.T, fault.Conflict, err) // it is there

		must(w.service.Suspend(ctx, w.ann, published.KindRound, slug, password))(w.T)
		w.deliver(1)
		w.holds("series/kasmere-dialogue", "round/kasmere-dialogue-6th-round", "organisation/harbour-institute")
		w.notice(published.KindRound, slug, published.NoticeSuspended)
		w.notice(published.KindOutput, text, published.NoticeSuspended)
		_, err = w.service.Suspend(ctx, w.ann, published.KindRound, slug, password)
		fails(w.T, fault.Conflict, err)

		// Two people bring it back as it was.
		back := must(w.service.PrepareRestoration(ctx, w.ann, published.KindRound, slug))(w.T)
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, back.ID, password)) // not signed
		w.pass(back.ID)
		if now := w.public(); len(now) != len(all) {
			w.Errorf("%d documents are public, were %d", len(now), len(all))
		} else {
			for key, body := range all {
				if now[key] != body {
					w.Errorf("%s came back otherwise than it was", key)
				}
			}
		}

		// The text alone, then the round for good: each keeps its own notice.
		gone := must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindOutput, text, withReason("It named a person.")))(w.T)
		w.sign(gone.ID)
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.ann, gone.ID, password))
		if err := w.service.Countersign(ctx, w.bob, gone.ID, password); err != nil {
			w.Fatal(err)
		}
		w.deliver(1)
		must(w.service.Suspend(ctx, w.bob, published.KindRound, slug, password))(w.T)
		w.deliver(1)
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, withNotice))(w.T).ID)
		w.notice(published.KindRound, slug, published.NoticeWithdrawn)
		w.notice(published.KindOutput, text, published.NoticeWithdrawn)
		w.pass(must(w.service.PrepareRestoration(ctx, w.ann, published.KindRound, slug))(w.T).ID)
		w.notice(published.KindOutput, text, published.NoticeWithdrawn)

		// With its last round a series goes.
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, slug, withNotice))(w.T).ID)
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindRound, "kasmere-dialogue-6th-round", withNotice))(w.T).ID)
		w.holds()

		digest := must(w.service.Digest(ctx))(w.T)
		if err := w.service.Rebuild(ctx, operator); err != nil {
			w.Fatal(err)
		}
		if again := must(w.service.Digest(ctx))(w.T); again != digest {
			w.Errorf("digest %s after rebuilding, was %s", again, digest)
		}
		fails(w.T, fault.Forbidden, w.service.Rebuild(ctx, w.ann))
	})
}

// notice checks what stands at an address of the public store.
func (w *world) notice(kind published.Kind, slug string, want published.Notice) {
	w.Helper()
	reader := must(publishedstore.OpenReader(w.Context(), w.where(), nil))(w.T)
	defer reader.Close()
	edition := must(reader.Edition(w.Context()))(w.T)
	defer edition.Close()
	n, err := edition.Notice(w.Context(), kind, slug)
	if err != nil || n.Notice != want {
		w.Errorf("%s/%s: notice %+v, %v, want %s", kind, slug, n, err, want)
	}
}

// Of two people who countersign at once one wins, and the release goes out once.
func TestOnlyOneCountersigns(t *testing.T) {
	both(t, func(w *world) {
		cyd := w.person("Cyd", record.Director)
		r := w.round(w.ann, "5th round", w.exact("tank", 0))
		frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(frozen.ID)
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = w.service.Countersign(w.Context(), []record.Actor{w.bob, cyd}[i%2], frozen.ID, password)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				fails(w.T, fault.Conflict, err)
			}
		}
		if won != 1 {
			w.Errorf("%d countersigned: %v", won, errs)
		}
		// So with two workers.
		counts := make([]int, 2)
		for i := range counts {
			all.Go(func() { counts[i], errs[i] = w.service.Deliver(w.Context()) })
		}
		all.Wait()
		if last := must(w.store.LastRelease(w.Context(), operator))(w.T); last != 1 || must(w.writer.Number(w.Context()))(w.T) != 1 {
			w.Errorf("number %d, delivered %v, %v %v", last, counts, errs[0], errs[1])
		}
	})
}

// Delivery holds what is stored to what was signed.
func TestTamperingIsRefused(t *testing.T) {
	for _, tt := range []struct{ name, statement string }{
		{"a document", "UPDATE release_documents SET body = ? WHERE release_id = ? AND position = 1"},
		{"the batch's hash", "UPDATE releases SET hash = ? WHERE id = ?"},
		{"a signature", "UPDATE release_signatures SET mac = ? WHERE release_id = ? AND position = 2"},
		{"the instant of a signature", "UPDATE release_signatures SET name = ? WHERE release_id = ? AND position = 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(w *world) {
				r := w.round(w.ann, "5th round", w.exact("tank", 0))
				frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
				w.sign(frozen.ID)
				if err := w.service.Countersign(w.Context(), w.bob, frozen.ID, password); err != nil {
					w.Fatal(err)
				}
				var value any = "forged"
				if strings.Contains(tt.statement, "body") || strings.Contains(tt.statement, "mac") {
					value = []byte("forged")
				}
				w.tamper(tt.statement, value, frozen.ID)
				w.deliver(0)
				w.holds()
				got := must(w.service.Release(w.Context(), w.ann, frozen.ID))(w.T)
				if got.State != record.Refused || got.Number != 0 {
					w.Errorf("%s number %d", got.State, got.Number)
				}
			})
		})
	}
	t.Run("a second signature nobody made", func(t *testing.T) {
		both(t, func(w *world) {
			r := w.round(w.ann, "5th round", w.exact("tank", 0))
			frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
			w.sign(frozen.ID)
			w.tamper("UPDATE releases SET state = 'countersigned', queued = 1 WHERE id = ?", frozen.ID)
			w.deliver(0)
			w.holds()
			// A suspension that puts is none.
			w.tamper("UPDATE releases SET state = 'countersigned', kind = 'suspension' WHERE id = ?", frozen.ID)
			w.deliver(0)
			w.holds()
		})
	})
}

// A text that comes back does not bring back what was taken out of its round
// while it was away.
func TestRestoredTextSaysNothingRedactedSince(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.ann, "Marrowby round", w.exact("tank", 0))
		o := w.text(w.ann, r.ID, "Summary", "First.")
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		var text string
		for _, d := range must(w.service.Released(ctx, w.ann, r.ID))(w.T) {
			if d.Kind == string(published.KindOutput) {
				text = d.Slug
			}
		}
		must(w.service.Suspend(ctx, w.ann, published.KindOutput, text, password))(w.T)
		w.deliver(1)
		r = must(w.store.Round(ctx, w.ann, r.ID))(w.T)
		r.OrdinalLabel = ""
		must(w.store.EditRound(ctx, w.ann, r))(w.T)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		back := must(w.service.PrepareRestoration(ctx, w.ann, published.KindOutput, text))(w.T)
		w.pass(back.ID)
		for _, d := range must(w.service.Released(ctx, w.ann, r.ID))(w.T) {
			if d.Kind == string(published.KindOutput) && (!d.Present || strings.Contains(string(d.Body), "Marrowby round")) {
				w.Errorf("present %v, with the words that were redacted: %v", d.Present, strings.Contains(string(d.Body), "Marrowby round"))
			}
		}
	})
}

// What was delivered stands as it was: a log or a document that was changed
// behind the program's back is not folded again.
func TestChangedLogIsNotFoldedAgain(t *testing.T) {
	for _, tt := range []struct {
		name, statement string
		args            []any
	}{
		{"a document", "UPDATE release_documents SET body = ?", []any{[]byte("forged")}},
		{"a line left out", "DELETE FROM release_log WHERE position = 1 AND number = 1", nil},
		{"a notice", "UPDATE release_log SET notice = ? WHERE number = 2", []any{"suspended"}},
		{"an instant", "UPDATE releases SET numbered_at = numbered_at + 1 WHERE number = 1", nil},
		{"the end of the log", "UPDATE releases SET number = 0 WHERE number = 2", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(w *world) {
				r := w.round(w.ann, "5th round", w.exact("tank", 0))
				frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
				w.sign(frozen.ID)
				if err := w.service.Countersign(w.Context(), w.bob, frozen.ID, password); err != nil {
					w.Fatal(err)
				}
				w.deliver(1)
				slug := must(w.service.Released(w.Context(), w.ann, r.ID))(w.T)[0].Slug
				for _, d := range must(w.service.Released(w.Context(), w.ann, r.ID))(w.T) {
					if d.Kind == string(published.KindRound) {
						slug = d.Slug
					}
				}
				if _, err := w.service.Suspend(w.Context(), w.ann, published.KindRound, slug, password); err != nil {
					w.Fatal(err)
				}
				w.deliver(1)
				before := must(w.service.Digest(w.Context()))(w.T)
				if err := w.service.Rebuild(w.Context(), record.Operator("tester")); err != nil {
					w.Fatalf("an untouched log: %v", err)
				}
				w.tamper(tt.statement, tt.args...)
				if err := w.service.Rebuild(w.Context(), record.Operator("tester")); fault.KindOf(err) != fault.Forbidden {
					w.Errorf("folded again: %v", err)
				}
				if after := must(w.service.Digest(w.Context()))(w.T); after != before {
					w.Error("the published store changed")
				}
			})
		})
	}
}

func TestWhoMayReadReleases(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.ann, "5th round", w.exact("tank", 0))
		frozen := w.prepare(release.PrepareRequest{RoundID: r.ID})
		second := must(w.store.AddSeries(ctx, operator, record.Series{Name: "Second Dialogue"}))(w.T)
		a := must(w.store.AddAccount(ctx, operator, record.Account{
			Email: "dan@example.org", Name: "Dan", Grants: []record.Grant{{Role: record.Director, SeriesID: second.ID}},
		}, password))(w.T)
		dan, nobody := a.Actor(), record.Actor{}
		for name, actor := range map[string]record.Actor{"of another series": dan, "nobody": nobody, "records officer": w.person("Rex", record.RecordsOfficer)} {
			_, err := w.service.Release(ctx, actor, frozen.ID)
			if err == nil {
				w.Errorf("%s read a release", name)
			}
			if list, total, err := w.service.Releases(ctx, actor, recordstore.ReleaseFilter{}); len(list)+total > 0 {
				w.Errorf("%s listed %d releases, %v", name, total, err)
			}
			if _, err := w.service.PrepareRound(ctx, actor, release.PrepareRequest{RoundID: r.ID}); err == nil {
				w.Errorf("%s prepared a release", name)
			}
			if err := w.service.Sign(ctx, actor, frozen.ID, password, record.Immediate); err == nil {
				w.Errorf("%s signed", name)
			}
		}
		_, err := w.service.Release(ctx, dan, frozen.ID)
		fails(w.T, fault.NotFound, err)
		list, total, err := w.service.Releases(ctx, w.eve, recordstore.ReleaseFilter{RoundID: r.ID, States: []record.ReleaseState{record.Frozen}})
		if err != nil || total != 1 || list[0].ID != frozen.ID {
			w.Errorf("listed %+v, %d, %v", list, total, err)
		}
		if _, total, _ := w.service.Releases(ctx, w.eve, recordstore.ReleaseFilter{RoundID: second.ID}); total != 0 {
			w.Errorf("%d releases of another round", total)
		}
	})
}

func TestCompare(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		hidden := w.exact("hidden", 1)
		hidden.Label = record.Withheld
		r := w.round(w.ann, "5th round", w.exact("tank", 0), hidden)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		r = w.read(r.ID)
		r.City = "Norhaven"
		must(w.store.EditRound(ctx, w.ann, r))(w.T)
		rel := w.prepare(release.PrepareRequest{RoundID: r.ID})
		rows := must(w.service.Compare(ctx, w.ann, rel.ID))(w.T)
		find := func(rows []release.Row, label string) release.Row {
			i := slices.IndexFunc(rows, func(r release.Row) bool { return r.Field == label })
			if i < 0 {
				return release.Row{}
			}
			return rows[i]
		}
		if row := find(rows, "Place"); row.Change != release.Altered || row.Was != "Port Anselm" || row.Public != "Norhaven" || row.Record != "Norhaven" {
			w.Errorf("place: %+v", row)
		}
		if row := find(rows, "Title"); row.Change != release.Kept {
			w.Errorf("title: %+v", row)
		}
		for label, want := range map[string]string{"Venue": "Canary Customs House", "Internal title": "Canary working title", "Organisations withheld": "Canary Hidden Office"} {
			if row := find(rows, label); row.Change != release.Internal || row.Record != want || row.Public != "" {
				w.Errorf("%s: %+v", label, row)
			}
		}
		// An editor reads what becomes public, and nothing of what stays.
		for _, row := range must(w.service.Compare(ctx, w.eve, rel.ID))(w.T) {
			if strings.Contains(row.Record+row.Public+row.Was, "Canary Hidden") {
				w.Errorf("an editor reads %+v", row)
			}
		}
	})
}
