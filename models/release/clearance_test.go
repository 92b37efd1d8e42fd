package release_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
)

// sides are the askings of the sides about a text.
func (w *world) sides(outputID string) []record.Asking {
	w.Helper()
	l := must(w.store.Ledger(w.Context(), operator, outputID))(w.T)
	var out []record.Asking
	for _, line := range l.Lines {
		if line.Asking != nil {
			out = append(out, *line.Asking)
		}
	}
	return out
}

func (w *world) reply(by record.Actor, outputID string, a record.Asking, state record.ReplyState) {
	w.Helper()
	err := w.store.RecordReply(w.Context(), by, outputID, a.ID, a.Version, record.Reply{State: state, On: "2026-03-13", Channel: "call", Said: "So says " + by.Name}, nil)
	if err != nil {
		w.Fatal(err)
	}
}

// agreed is a joint statement of a round, cleared by both sides.
func (w *world) agreed() (record.Round, record.Output) {
	w.Helper()
	r := w.round(w.ann, "1st round", w.exact("tank", 0))
	o := must(w.store.AddOutput(w.Context(), w.eve, record.Output{
		SeriesID: w.series.ID, RoundID: r.ID, Kind: record.JointStatement, Draft: record.Draft{Title: "Agreed", Lang: "en", Body: "Both sides agree."},
	}))(w.T)
	recordtest.Clear(w.T, w.store, o.ID)
	return r, o
}

// A clearance that does not stand releases nothing, whenever it falls.
func TestWhatIsNotClearedIsNotReleased(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r, o := w.agreed()
		rel := must(w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}))(t)
		all := must(w.store.ReleaseClearances(ctx, w.eve, rel.ID))(t)
		if len(all) != 1 || !all[0].Met || all[0].Lines != nil {
			t.Errorf("an editor is told %+v", all)
		}

		// Before the first signature.
		w.reply(w.bob, o.ID, w.sides(o.ID)[0], record.Revoked)
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); fault.KindOf(err) != fault.Conflict {
			t.Errorf("signed: %v", err)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Granted)
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); err != nil {
			t.Fatal(err)
		}

		// Who recorded an answer on which it rests is barred; the other is not.
		w.reply(w.bob, o.ID, w.sides(o.ID)[1], record.Granted)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("countersigned by who recorded a clearance: %v", err)
		}
		if bars := must(w.service.Bars(ctx, w.bob, rel.ID))(t); !bars.Barred || !strings.Contains(bars.Sentence, "You asked for or recorded a clearance") {
			t.Errorf("told %+v", bars)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[1], record.Lapsed)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); fault.KindOf(err) != fault.Conflict {
			t.Errorf("countersigned with a clearance that lapsed: %v", err)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[1], record.Granted)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); err != nil {
			t.Fatal(err)
		}

		// Between the second signature and delivery.
		w.reply(w.ann, o.ID, w.sides(o.ID)[0], record.Revoked)
		if n := must(w.service.Deliver(ctx))(t); n != 0 {
			t.Errorf("%d delivered", n)
		}
		if got := must(w.store.Release(ctx, operator, rel.ID))(t); got.State != record.CalledOff || got.Number != 0 {
			t.Errorf("the release is %s with number %d", got.State, got.Number)
		}
		if on := must(w.store.ReleasesOn(ctx, w.bob, o.ID, w.sides(o.ID)[0].ID))(t); len(on) != 0 {
			t.Errorf("a release that was called off rests on it: %+v", on)
		}
	})
}

// What was public before is not asked about again when something else of its
// round changes.
func TestWhatIsPublicIsNotAskedAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r, o := w.agreed()
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		if on := must(w.store.ReleasesOn(ctx, w.bob, o.ID, w.sides(o.ID)[0].ID))(t); len(on) != 1 || on[0].State != record.Released {
			t.Errorf("on the text rests %+v", on)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Revoked)
		facts := w.read(r.ID)
		facts.OrdinalLabel = "First round"
		must(w.store.EditRound(ctx, operator, facts))(t)
		w.pass(must(w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID}))(t).ID)
	})
}

// A release rests on the asking that was for its words, also when that was
// revoked, and on none that was for others.
func TestReleasesRestOnTheWordsThatWereCleared(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r, o := w.agreed()
		first := w.sides(o.ID)[0]
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		w.rewritten(o, "Both sides differ.")
		second := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		later := w.sides(o.ID)[0]
		if first.ID == later.ID || first.Party != later.Party {
			t.Fatalf("asked again: %+v, %+v", first, later)
		}
		on := func(a record.Asking) []recordstore.Resting {
			return must(w.store.ReleasesOn(t.Context(), w.bob, o.ID, a.ID))(t)
		}
		if all := on(later); len(all) != 1 || all[0].ID != second.ID {
			t.Errorf("on the second asking rests %+v", all)
		}
		w.reply(operator, o.ID, must(w.store.Asking(t.Context(), operator, o.ID, first.ID))(t), record.Revoked)
		if all := on(first); len(all) != 1 || all[0].ID == second.ID {
			t.Errorf("on the first, which was revoked, rests %+v", all)
		}
		if _, err := w.store.ReleasesOn(t.Context(), w.bob, o.ID, "no-such"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("on an asking that is not there: %v", err)
		}
	})
}

// What was taken away does not come back once a clearance was revoked.
func TestWhatWasRevokedDoesNotComeBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r, o := w.agreed()
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		slug := ""
		for key := range w.public() {
			if s, ok := strings.CutPrefix(key, "output/"); ok {
				slug = s
			}
		}
		w.pass(must(w.service.PrepareWithdrawal(ctx, w.ann, published.KindOutput, slug, withNotice))(t).ID)
		back := must(w.service.PrepareRestoration(ctx, w.ann, published.KindOutput, slug))(t)
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Revoked)
		if err := w.service.Sign(ctx, w.ann, back.ID, password, record.Immediate); fault.KindOf(err) != fault.Conflict {
			t.Errorf("signed: %v", err)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Granted)
		w.pass(back.ID)
	})
}

// Every word of a text's document is in what a side is shown: nothing becomes
// public that nobody cleared.
func TestASideIsShownAllThatBecomesPublic(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		o := must(w.store.AddOutput(t.Context(), w.eve, record.Output{
			SeriesID: w.series.ID, RoundID: r.ID, Kind: record.JointStatement, Draft: record.Draft{
				Title: "A title", Lang: "en", Body: "A body.\n\nIts second half.", Outlet: "An outlet", Date: "2026-03-02", URL: "https://example.org/article",
				Authors:          []record.Author{{Given: "Given", Family: "Family", ORCID: "0000-0002-1825-0097"}, {Literal: "A literal author"}},
				Acknowledgements: "Thanks to a fund.",
				Observations:     []record.Observation{{Heading: "A heading", Text: "An observation.", Account: "An account", Translations: []record.Words{{Lang: "zh-Hans", Heading: "标题二", Text: "观察。"}}}},
				Translations:     []record.Translation{{Lang: "zh-Hans", Title: "标题", Body: "正文。\n\n后半。"}},
			},
		}))(t)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		l := must(w.store.Ledger(t.Context(), w.bob, o.ID))(t)
		shown := ""
		for _, p := range l.Lines[0].Now.Passages {
			shown += p.Text + "\n"
		}
		for key, body := range w.public() {
			if !strings.HasPrefix(key, "output/") {
				continue
			}
			var doc map[string]any
			if err := json.Unmarshal([]byte(body), &doc); err != nil {
				t.Fatal(err)
			}
			// What it is, and what it is about, is not the text's to say.
			for _, known := range []string{"kind", "slug", "output_kind", "lang", "series", "round", "sources", "nonce", "version"} { // and the languages, which are held to the words
				delete(doc, known)
			}
			n := 0
			var walk func(at string, v any)
			walk = func(at string, v any) {
				switch v := v.(type) {
				case map[string]any:
					for k, v := range v {
						if k != "slug" && k != "lang" {
							walk(at+"."+k, v)
						}
					}
				case []any:
					for _, v := range v {
						walk(at, v)
					}
				case string:
					n++
					for part := range strings.SplitSeq(v, "\n\n") {
						if !strings.Contains(shown, part) {
							t.Errorf("%s becomes public and nobody is shown it", at)
						}
					}
				}
			}
			walk("", doc)
			if n < 16 {
				t.Errorf("only %d texts in the document: %s", n, body)
			}
		}
	})
}

// A text goes out whole in each of its languages, or not at all.
func TestATextLacksNothingInAnyLanguage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		o := must(w.store.AddOutput(t.Context(), w.eve, record.Output{
			SeriesID: w.series.ID, RoundID: r.ID, Kind: record.Summary, Draft: record.Draft{
				Title: "A title", Lang: "en", Body: "A body.", Observations: []record.Observation{{Text: "An observation."}},
				Translations: []record.Translation{{Lang: "zh-Hans", Title: "标题", Body: "正文。"}},
			},
		}))(t)
		req := release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}
		if _, err := w.service.PrepareRound(t.Context(), w.ann, req); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "zh-Hans lacks") {
			t.Fatalf("a text that lacks an observation in one language: %v", err)
		}
		d := o.Draft
		d.Observations[0].Translations = []record.Words{{Lang: "zh-Hans", Text: "观察。"}}
		must(w.store.SaveDraft(t.Context(), w.eve, o.ID, 1, d))(t)
		w.pass(w.prepare(req).ID)
		if public := w.public(); !strings.Contains(fmt.Sprint(public), "观察。") {
			t.Errorf("public is %v", public)
		}
	})
}
