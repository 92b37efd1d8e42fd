package publishedstore_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

func envelopes(log []published.Envelope) iter.Seq2[published.Envelope, error] {
	return func(yield func(published.Envelope, error) bool) {
		for _, e := range log {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func digest(t testing.TB, w *publishedstore.Writer) string {
	t.Helper()
	d, err := w.Digest(context.Background())
	if err != nil {
		t.Fatal("digest:", err)
	}
	return d
}

// After any history of releases, corrections, withdrawals and restorations the
// public finds exactly what is released: in lists, counts, pages and search,
// and in the files; and folding everything again gives the same store.
func TestAnyHistory(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		empty := digest(t, w)
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			if err := w.Rebuild(ctx, envelopes(nil)); err != nil {
				rt.Fatal(err)
			}
			if digest(t, w) != empty {
				rt.Fatal("a store emptied by folding nothing is not as it was when new")
			}
			model := newWorld()
			for range rapid.IntRange(1, 6).Draw(rt, "releases") {
				e := model.release(rt)
				if err := w.Apply(ctx, e); err != nil {
					rt.Fatal(err)
				}
				model.apply(e)
			}
			d := digest(t, w)
			if err := w.Apply(ctx, model.log[len(model.log)-1]); err != nil || digest(t, w) != d {
				rt.Fatalf("applying a release again changed the store (%v)", err)
			}
			ed, err := r.Edition(ctx)
			if err != nil {
				rt.Fatal(err)
			}
			defer ed.Close()
			compare(rt, model, ed)
			if p.snapshots != "" {
				scan(rt, model, p)
			}
			if err := w.Rebuild(ctx, envelopes(model.log)); err != nil {
				rt.Fatal(err)
			}
			if digest(t, w) != d {
				rt.Fatal("folding the same releases again gave another store")
			}
		})
	})
}

// compare holds an edition against the world.
func compare(t *rapid.T, w *world, e *publishedstore.Edition) {
	ctx := context.Background()
	if e.Number() != w.number {
		t.Fatalf("edition %d, want %d", e.Number(), w.number)
	}
	f := drawFilter(t)
	l, err := e.Rounds(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, r := range l.Rounds {
		got = append(got, fmt.Sprintf("%s %d %d", r.Round.Slug, r.Observations, r.Version))
	}
	for _, r := range w.rounds() {
		if selects(f, r, "") {
			want = append(want, fmt.Sprintf("%s %d %d", r.Slug, w.observations(r.Slug), w.versions[id{published.KindRound, r.Slug}]))
		}
	}
	if !slices.Equal(got, want) || l.Total != len(want) {
		t.Fatalf("filter %+v: %q of %d, want %q", f, got, l.Total, want)
	}
	for _, facet := range l.Facets {
		counts := map[string]int{}
		for _, r := range w.rounds() {
			if !selects(f, r, facet.Group) {
				continue
			}
			values := memberships(r)[facet.Group]
			slices.Sort(values)
			for _, v := range slices.Compact(values) {
				counts[v]++
			}
		}
		for _, v := range facet.Values {
			if v.Count != counts[v.Value] || v.Count == 0 && !v.Chosen {
				t.Fatalf("filter %+v, facet %s: %s counts %d, want %d", f, facet.Group, v.Value, v.Count, counts[v.Value])
			}
			delete(counts, v.Value)
		}
		if len(counts) > 0 {
			t.Fatalf("filter %+v, facet %s: %v are missing", f, facet.Group, counts)
		}
	}
	compareObservations(t, w, e, f)
	comparePages(t, w, e)
	compareWords(t, w, e)
}

func drawFilter(t *rapid.T) publishedstore.RoundFilter {
	some := func(of []string, label string) []string {
		if rapid.Bool().Draw(t, label+"?") {
			return nil
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 2, rapid.ID[string]).Draw(t, label)
	}
	f := publishedstore.RoundFilter{Agency: some(someAgencies, "agency"), Series: some(someSeries, "series"), Topic: some(someTopics, "topic")}
	if rapid.Bool().Draw(t, "years?") {
		f.Since = rapid.IntRange(2014, 2017).Draw(t, "since")
	}
	return f
}

// selects tells whether a filter selects a round; the group without is not
// looked at.
func selects(f publishedstore.RoundFilter, r published.Round, without string) bool {
	m := memberships(r)
	for group, chosen := range map[string][]string{"agency": f.Agency, "series": f.Series, "topic": f.Topic} {
		if group == without || len(chosen) == 0 {
			continue
		}
		if !slices.ContainsFunc(chosen, func(v string) bool { return slices.Contains(m[group], v) }) {
			return false
		}
	}
	if f.Since > 0 && without != "year" {
		if len(m["year"]) == 0 {
			return false
		}
		if y, _ := strconv.Atoi(m["year"][0]); y < f.Since {
			return false
		}
	}
	return true
}

func compareObservations(t *rapid.T, w *world, e *publishedstore.Edition, f publishedstore.RoundFilter) {
	const perPage = 2
	chosen := len(f.Agency)+len(f.Series)+len(f.Topic)+f.Since > 0
	want := map[string]bool{}
	var ordered []string
	for _, r := range w.rounds() {
		if !selects(f, r, "") {
			continue
		}
		for _, o := range w.outputs(r.Slug) {
			for _, ob := range o.Observations {
				ordered = append(ordered, ob.Slug)
			}
		}
	}
	for _, s := range ordered {
		want[s] = true
	}
	if !chosen {
		for k, v := range w.present {
			if k.kind == published.KindOutput {
				for _, ob := range v.of.(published.Output).Observations {
					want[ob.Slug] = true
				}
			}
		}
	}
	var got []string
	f.PerPage = perPage
	for f.Page = 1; ; f.Page++ {
		l, err := e.Observations(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		if l.Total != len(want) || l.Pages != max(1, (len(want)+perPage-1)/perPage) {
			t.Fatalf("observations %+v: %d on %d pages, want %d", f, l.Total, l.Pages, len(want))
		}
		for _, o := range l.Observations {
			if o.Observation.Slug == "" || !strings.HasPrefix(o.Observation.Slug, o.Output.Slug) {
				t.Fatalf("observation %q stands in %q", o.Observation.Slug, o.Output.Slug)
			}
			got = append(got, o.Observation.Slug)
		}
		if f.Page >= l.Pages {
			break
		}
	}
	if chosen && !slices.Equal(got, ordered) {
		t.Fatalf("observations %+v: %q, want %q", f, got, ordered)
	}
	if of := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !slices.Contains(ordered, s) }); !slices.Equal(of, ordered) {
		t.Fatalf("observations of rounds: %q, want the order %q", of, ordered)
	}
	seen := map[string]bool{}
	for _, s := range got {
		if !want[s] || seen[s] {
			t.Fatalf("observations %+v: %q, want %v", f, got, want)
		}
		seen[s] = true
	}
	if len(seen) != len(want) {
		t.Fatalf("observations %+v: %q, want %v", f, got, want)
	}
}

// comparePages holds every address there ever may be against the world.
func comparePages(t *rapid.T, w *world, e *publishedstore.Edition) {
	ctx := context.Background()
	for kind, slugs := range map[published.Kind][]string{published.KindRound: someRounds, published.KindOutput: someOutputs, published.KindSeries: someSeries} {
		for _, slug := range slugs {
			k := id{kind, slug}
			v, here := w.present[k]
			var released publishedstore.Released
			var err error
			switch kind {
			case published.KindRound:
				var p publishedstore.RoundPage
				p, err = e.Round(ctx, slug)
				released = p.Release
				if here && len(p.Outputs) != len(w.outputs(slug)) {
					t.Fatalf("%s has %d texts, want %d", slug, len(p.Outputs), len(w.outputs(slug)))
				}
			case published.KindSeries:
				var p publishedstore.SeriesPage
				p, err = e.Series(ctx, slug)
				released = p.Release
			default:
				continue
			}
			if !here {
				if fault.KindOf(err) != fault.NotFound {
					t.Fatalf("%s %s: %v, want not found", kind, slug, err)
				}
			} else if err != nil || len(released.History) != w.versions[k] || released.Hash != v.doc.Hash() {
				t.Fatalf("%s %s: %+v, %v; want version %d", kind, slug, released, err, w.versions[k])
			}
			n, err := e.Notice(ctx, kind, slug)
			if want, noticed := w.notices[k]; kind == published.KindRound && noticed {
				if err != nil || n.Notice != want.Notice {
					t.Fatalf("notice of %s: %+v, %v; want %s", slug, n, err, want.Notice)
				}
			} else if fault.KindOf(err) != fault.NotFound {
				t.Fatalf("notice of %s %s: %+v, %v; want none", kind, slug, n, err)
			}
			for i, r := range released.History[:max(0, len(released.History)-1)] {
				kept := len(w.kept[k]) - (len(released.History) - 1 - i)
				d, err := e.Earlier(ctx, kind, slug, r.Version)
				if kept < 0 {
					if fault.KindOf(err) != fault.NotFound || r.Readable || r.Note != "" || r.Hash != "" {
						t.Fatalf("version %d of %s left by a redaction: %+v, %v", r.Version, slug, r, err)
					}
				} else if err != nil || !r.Readable || d.Hash() != w.kept[k][kept].doc.Hash() {
					t.Fatalf("version %d of %s left by an amendment: %+v, %v", r.Version, slug, r, err)
				}
			}
		}
	}
	for _, slug := range someAgencies {
		disclosed := 0
		for _, r := range w.rounds() {
			if slices.Contains(memberships(r)["agency"], slug) {
				disclosed++
			}
		}
		_, own := w.present[id{published.KindOrganisation, slug}]
		o, err := e.Organisation(ctx, slug)
		if disclosed == 0 && !own {
			if fault.KindOf(err) != fault.NotFound {
				t.Fatalf("organisation %s is disclosed nowhere: %+v, %v", slug, o, err)
			}
		} else if err != nil || o.Own != own || o.Rounds != disclosed || len(o.Newest) != disclosed {
			t.Fatalf("organisation %s: %+v, %v; want own %v, rounds %d", slug, o, err, own, disclosed)
		}
		if known, err := e.Known(ctx, publishedstore.FacetAgency, slug); err != nil || known != (disclosed > 0) {
			t.Fatalf("agency %s known: %v, %v; want %v", slug, known, err, disclosed > 0)
		}
	}
	for _, slug := range someOutputs {
		o, here := w.present[id{published.KindOutput, slug}]
		for n := 1; n <= 3; n++ {
			one := fmt.Sprintf("%s-observation-%d", slug, n)
			_, err := e.Observation(ctx, one)
			public := here && n <= len(o.of.(published.Output).Observations)
			if public != (err == nil) || !public && fault.KindOf(err) != fault.NotFound {
				t.Fatalf("observation %s: %v; public: %v", one, err, public)
			}
			notice, err := e.Notice(ctx, publishedstore.KindObservation, one)
			if want, noticed := w.gone[one]; noticed {
				if err != nil || notice.Notice != want.Notice {
					t.Fatalf("notice of %s: %+v, %v; want %s", one, notice, err, want.Notice)
				}
			} else if fault.KindOf(err) != fault.NotFound {
				t.Fatalf("notice of %s: %+v, %v; want none", one, notice, err)
			}
		}
	}
}

// compareWords asks for every word that was ever released.
func compareWords(t *rapid.T, w *world, e *publishedstore.Edition) {
	public := map[string]bool{}
	for _, v := range w.present {
		public[v.canary] = true
	}
	for _, canary := range w.canaries {
		r, err := e.Search(context.Background(), canary, 1)
		if err != nil || (r.Total > 0) != public[canary] || (len(r.Hits) > 0) != public[canary] {
			t.Fatalf("search for %s: %d found, %v; public: %v", canary, r.Total, err, public[canary])
		}
		if note, err := e.Search(context.Background(), "note"+canary, 1); err != nil || note.Total > 0 {
			t.Fatalf("the note of a correction is found by search: %v", err)
		}
	}
}

// scan looks for words that left in every file of the store.
func scan(t *rapid.T, w *world, p place) {
	public := map[string]bool{}
	for k, v := range w.present {
		public[v.canary] = true
		for _, old := range w.kept[k] {
			public[old.canary] = true
		}
	}
	dir := filepath.Dir(strings.TrimPrefix(p.url, "sqlite:"))
	for _, folder := range []string{dir, p.snapshots} {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.IsDir() {
				continue
			}
			b, err := os.ReadFile(filepath.Join(folder, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			for _, canary := range w.canaries {
				// canary1x1 begins canary1x10: a word ends with another character.
				found := 0
				for rest := b; ; {
					i := bytes.Index(rest, []byte(canary))
					if i < 0 {
						break
					}
					rest = rest[i+len(canary):]
					if len(rest) == 0 || rest[0] < '0' || rest[0] > '9' {
						found++
					}
				}
				if !public[canary] && found > 0 {
					t.Fatalf("%s left and stands in %s %d times", canary, f.Name(), found)
				}
			}
		}
	}
}

// The same releases give the same digest on both databases.
func TestDigestIsTheSameOnBothDatabases(t *testing.T) {
	lite, pg := newPlace(t, dbtest.SQLite(t, "published")).writer(t), newPlace(t, dbtest.Postgres(t, "published")).writer(t)
	log := []published.Envelope{envelope(1, docs(t, seed()...))}
	rapid.Check(t, func(rt *rapid.T) {
		model := newWorld()
		model.number = 1
		all := slices.Clone(log)
		for range 4 {
			e := model.release(rt)
			model.apply(e)
			all = append(all, e)
		}
		for _, w := range []*publishedstore.Writer{lite, pg} {
			if err := w.Rebuild(context.Background(), envelopes(all)); err != nil {
				rt.Fatal(err)
			}
		}
		if digest(t, lite) != digest(t, pg) {
			rt.Fatal("the digests differ")
		}
	})
}
