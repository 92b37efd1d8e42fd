package release_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
)

// tried is what a preview shows of a release: its envelope and the lists that
// change, a line for each, "+ Rounds: Round: …".
func (w *world) tried(by record.Actor, id string) (e published.Envelope, lines []string) {
	w.Helper()
	err := w.service.Preview(w.Context(), by, id, func(p release.Preview) error {
		e = p.Envelope
		effects, err := p.Effects(w.Context())
		for _, f := range effects {
			for _, r := range f.Rows {
				lines = append(lines, fmt.Sprintf("%s %s: %s: %s > %s", r.Change, f.Name, r.What, r.Was, r.Is))
			}
		}
		return err
	})
	if err != nil {
		w.Fatal("preview:", err)
	}
	return e, lines
}

// What a preview would deliver is what is delivered, also what follows for
// others; and what its lists say is so.
func TestPreviewIsWhatIsDelivered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "1st round", w.exact("ministry", 0), w.exact("tank", 0))
		hidden := w.exact("hidden", 1)
		hidden.Label = record.Withheld
		w.present(w.ann, r.ID, hidden)
		o := w.text(w.eve, r.ID, "On numbers", "Most numbers are small.")

		check := func(made record.Release, has []string, hasNot ...string) {
			t.Helper()
			before := w.public()
			shown, lines := w.tried(w.ann, made.ID)
			all := strings.Join(lines, "\n")
			for _, want := range has {
				if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, want) }) {
					t.Errorf("%s is not shown in\n%s", want, all)
				}
			}
			for _, not := range append(hasNot, "canary", "Canary") {
				if strings.Contains(all, not) || strings.Contains(fmt.Sprintf("%s", shown.Put), not) {
					t.Errorf("%s is shown in\n%s", not, all)
				}
			}
			if after := w.public(); len(after) != len(before) {
				t.Error("looking changed what is public")
			}
			done := w.pass(made.ID)
			entry := must(w.store.ReleaseLog(w.Context(), operator, done.Number))(t)
			if entry.Number != shown.Number || len(entry.Put) != len(shown.Put) || len(entry.Drop) != len(shown.Drop) {
				t.Fatalf("shown as release %d with %d and %d documents, delivered as %d with %d and %d", shown.Number, len(shown.Put), len(shown.Drop), entry.Number, len(entry.Put), len(entry.Drop))
			}
			for i, d := range entry.Put {
				if s := shown.Put[i]; string(s.Kind) != d.Kind || s.Slug != d.Slug || string(s.Body) != string(d.Body) {
					t.Errorf("%s %s is delivered, %s %s was shown, or with other words", d.Kind, d.Slug, s.Kind, s.Slug)
				}
			}
			for i, d := range entry.Drop {
				if s := shown.Drop[i]; string(s.Kind) != d.Kind || s.Slug != d.Slug || string(s.Notice) != d.Notice || s.Reason != d.Reason {
					t.Errorf("%+v is dropped, %+v was shown", d, s)
				}
			}
			w.noCanary()
		}

		check(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}), []string{
			"new Rounds: Round:  > Kasmere Dialogue, 1st round", "changed Rounds: Number of rounds: 0 > 1",
			"new Choices beside the rounds: Organisation: Ministry of Interior:  > 1", "new Choices beside the rounds: Year: 2025:  > 1",
			"new Organisations: Organisation:  > Ministry of Interior", "new Series: Series:  > Kasmere Dialogue",
			"new Observations: Observation:  > Most numbers are small.", "new Feed: Entry:  > released: Kasmere Dialogue, 1st round",
			"new Site map: Address:  > round ", "new Site map: Address:  > topic duty-numbers",
		})
		second := w.round(w.ann, "2nd round", w.exact("tank", 0))
		check(w.prepare(release.PrepareRequest{RoundID: second.ID}), []string{
			"changed Choices beside the rounds: Organisation: Harbour Institute: 1 > 2", "changed Rounds: Number of rounds: 1 > 2",
		}, "1st round · held", "Most numbers")
		slug := ""
		for key := range w.public() {
			if s, is := strings.CutPrefix(key, "round/"); is && strings.Contains(w.public()[key], "1st round") {
				slug = s
			}
		}
		check(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindRound, slug, withNotice))(t), []string{
			"removed Rounds: Round: Kasmere Dialogue, 1st round", "removed Choices beside the rounds: Organisation: Ministry of Interior: 1 > ",
			"removed Observations: Observation: Most numbers are small.", "removed Organisations: Organisation: Ministry of Interior",
			"new Feed: Entry:  > withdrawn: ", "removed Site map: Address: observation ",
		})
		check(must(w.service.PrepareRestoration(w.Context(), w.ann, published.KindRound, slug))(t), []string{
			"new Rounds: Round:  > Kasmere Dialogue, 1st round", "new Organisations: Organisation:  > Ministry of Interior",
		})
	})
}

func TestPreviewIsForWhoReadsTheRelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "1st round", w.exact("ministry", 0))
		made := w.prepare(release.PrepareRequest{RoundID: r.ID})
		look := func(by record.Actor) error {
			return w.service.Preview(context.Background(), by, made.ID, func(release.Preview) error { return nil })
		}
		keeper := w.person("Kit", record.RecordsOfficer)
		for _, nobody := range []record.Actor{keeper, {}} {
			if err := look(nobody); err == nil {
				t.Errorf("%q looked", nobody.Name)
			}
		}
		if err := look(w.eve); err != nil {
			t.Error(err)
		}
		w.pass(made.ID)
		fails(t, fault.Conflict, look(w.eve))
	})
}
