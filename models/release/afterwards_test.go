package release_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// clear fails if bytes of the record's files hold the word.
func (w *world) clear(word string) {
	w.Helper()
	own, ok := strings.CutPrefix(w.recordURL, "sqlite:")
	if !ok {
		return
	}
	for _, path := range must(filepath.Glob(own + "*"))(w.T) {
		if bytes.Contains(must(os.ReadFile(path))(w.T), []byte(word)) {
			w.Errorf("%s holds in clear what is sealed", filepath.Base(path))
		}
	}
}

// Copies elsewhere are written down under the release that took something away,
// by those who may suspend, with who wrote last; of two at once one is told.
func TestCopiesElsewhereAreChased(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, _ := w.twoRounds()
		r := must(w.service.Suspend(ctx, w.ann, published.KindRound, slug, password))(w.T)
		w.deliver(1)
		c := record.OutsideCopy{ReleaseID: r.ID, Kind: record.CopyArchive, Address: "https://archive.example.org/kittiwake", Note: "Kittiwake in the third line"}
		for _, wrong := range []record.OutsideCopy{{ReleaseID: r.ID}, {ReleaseID: r.ID, Kind: "cloud", Address: "x"}, {ReleaseID: r.ID, Kind: record.CopyOther, Address: "x", State: "maybe"}} {
			_, err := w.store.SaveOutsideCopy(ctx, w.ann, wrong)
			fails(w.T, fault.Invalid, err)
		}
		_, err := w.store.SaveOutsideCopy(ctx, w.eve, c)
		fails(w.T, fault.NotFound, err)
		c = must(w.store.SaveOutsideCopy(ctx, w.ann, c))(w.T)
		if c.Version != 1 || c.ChangedBy.Name != "Ann" || c.ChangedAt == 0 {
			w.Errorf("stored %+v", c)
		}
		other := c
		c.State = record.CopyAsked
		c = must(w.store.SaveOutsideCopy(ctx, w.bob, c))(w.T)
		other.State = record.CopyRefused
		_, err = w.store.SaveOutsideCopy(ctx, w.ann, other)
		fails(w.T, fault.Conflict, err)
		if all := must(w.store.OutsideCopies(ctx, w.ann, r.ID))(w.T); len(all) != 1 || all[0] != c || all[0].ChangedBy.Name != "Bob" {
			w.Errorf("read %+v", all)
		}
		_, err = w.store.OutsideCopies(ctx, w.eve, r.ID)
		fails(w.T, fault.NotFound, err)
		if open := must(w.store.CopiesToChase(ctx, w.bob))(w.T); open[r.ID] != 1 {
			w.Errorf("to chase: %v", open)
		}
		c.State = record.CopyGone
		must(w.store.SaveOutsideCopy(ctx, w.bob, c))(w.T)
		if open := must(w.store.CopiesToChase(ctx, w.bob))(w.T); len(open) != 0 {
			w.Errorf("to chase: %v", open)
		}
		w.clear("ittiwake")
	})
}

// Only what took something away has copies to chase.
func TestOnlyWhatTookAwayHasCopiesToChase(t *testing.T) {
	both(t, func(w *world) {
		r := w.round(w.ann, "5th round", w.exact("tank", 0))
		put := w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		_, err := w.store.SaveOutsideCopy(w.Context(), w.ann, record.OutsideCopy{ReleaseID: put.ID, Kind: record.CopyOther, Address: "A sheet"})
		fails(w.T, fault.Conflict, err)
		for _, tt := range []struct {
			r    record.Release
			want bool
		}{
			{record.Release{}, false},
			{record.Release{Kind: record.Restoration}, false},
			{record.Release{Kind: record.Correction, Amendment: true}, false},
			{record.Release{Kind: record.Correction}, true},
			{record.Release{Kind: record.Suspension}, true},
			{record.Release{Kind: record.Withdrawal}, true},
		} {
			if tt.r.TakesAway() != tt.want {
				w.Errorf("%s takes away: %v", tt.r.Kind, !tt.want)
			}
		}
	})
}

// What a reader asks is written down under the entry that they name, however they
// name it, with a number that counts nothing and the day on which it is due.
func TestRequestsOfReaders(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, text := w.twoRounds()
		asked := record.Request{Wish: record.WishName, Words: "Kittiwake Office", Right: "Nobody of that name.", Contact: "kittiwake@example.org", Received: "2026-03-12"}
		numbers := map[int64]bool{}
		for reference, want := range map[string]string{
			slug: "round/" + slug, " " + strings.ToUpper(slug) + " ": "round/" + slug,
			"https://register.example.org/rounds/" + slug + "?utm_source=x": "round/" + slug,
			"register.example.org/rounds/" + slug + "#text-" + text:         "output/" + text,
			"/observations/" + slug + "-observation-1":                      "output/" + text,
			slug + "-observation-1":                                         "output/" + text, text: "output/" + text, "kasmere-dialogue": "series/kasmere-dialogue",
		} {
			r := must(w.store.LogRequest(ctx, w.ann, reference, asked))(w.T)
			if r.Kind+"/"+r.Slug != want {
				w.Errorf("%q is %s/%s", reference, r.Kind, r.Slug)
			}
			if numbers[r.Number] || r.Number < 100_000 || r.Number > 999_999 {
				w.Errorf("number %d", r.Number)
			}
			numbers[r.Number] = true
			if r.Due != "2026-03-16" { // a Thursday, then Friday and Monday
				w.Errorf("due %s", r.Due)
			}
		}
		for _, reference := range []string{"", "nonesuch", "https://example.org/", "/people/x", "/rounds/nonesuch", "/organisations/harbour-institute"} {
			_, err := w.store.LogRequest(ctx, w.ann, reference, asked)
			if all := fault.All(err); len(all) != 1 || all[0].Field != "reference" {
				w.Errorf("%q: %v", reference, err)
			}
		}
		_, err := w.store.LogRequest(ctx, w.eve, slug, asked)
		fails(w.T, fault.Invalid, err) // as if there were none
		_, err = w.store.LogRequest(ctx, w.ann, slug, record.Request{Received: "2026-03"})
		if len(fault.All(err)) != 2 {
			w.Errorf("a wish and a day are missing: %v", err)
		}

		asked.ID = recordstore.NewID()
		one := must(w.store.LogRequest(ctx, w.ann, slug, asked))(w.T)
		if again := must(w.store.LogRequest(ctx, w.ann, slug, asked))(w.T); again != one {
			w.Error("a form sent twice logs two")
		}
		_, err = w.store.Request(ctx, w.eve, one.ID)
		fails(w.T, fault.NotFound, err)
		settled := one
		settled.State = record.RequestRemoved
		_, err = w.store.AnswerRequest(ctx, w.bob, settled)
		if all := fault.All(err); len(all) != 1 || all[0].Field != "answer" {
			w.Errorf("settled without a word: %v", err)
		}
		settled.Answer, settled.Words = "Taken out.", "Something else"
		done := must(w.store.AnswerRequest(ctx, w.bob, settled))(w.T)
		if done.Words != asked.Words || done.ChangedBy.Name != "Bob" || done.LoggedBy.Name != "Ann" || done.Version != 2 {
			w.Errorf("settled as %+v", done)
		}
		settled.Answer = "Otherwise."
		_, err = w.store.AnswerRequest(ctx, w.ann, settled)
		fails(w.T, fault.Conflict, err)
		if open := must(w.store.Requests(ctx, w.bob, true))(w.T); len(open) != len(numbers) {
			w.Errorf("%d are open", len(open))
		}
		if past := must(w.store.Requests(ctx, w.bob, false))(w.T); len(past) != 1 || past[0] != done {
			w.Errorf("settled: %+v", past)
		}
		w.clear("ittiwake")
	})
}
