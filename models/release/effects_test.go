package release_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
)

// standing is where a document stands, as a plain reading of the rules keeps it.
type standing struct {
	record.FrozenDocument
	notice string
}

// history is everything that was released, and what follows from it.
type history map[string]standing

func keyOf(kind, slug string) string { return kind + "/" + slug }

func (h history) above(s standing) string {
	if s.WithinSeries {
		return keyOf("series", s.Within)
	}
	return keyOf("round", s.Within)
}

// present is the greatest set in which everything is there that each needs,
// found by looking at all documents over and over.
func (h history) present() map[string]bool {
	in := map[string]bool{}
	for key, s := range h {
		in[key] = s.notice == ""
	}
	disclosed := func(kind, slug string) bool {
		for key, s := range h {
			if s.Kind == "round" && in[key] && (kind == "series" && s.Within == slug || kind == "organisation" && slices.Contains(s.Names, slug)) {
				return true
			}
		}
		return false
	}
	for fell := true; fell; {
		fell = false
		for key, s := range h {
			if !in[key] || s.Kind == "round" {
				continue
			}
			keep := true
			switch s.Kind {
			case "output":
				keep = in[h.above(s)]
			case "organisation":
				keep = disclosed(s.Kind, s.Slug)
				for _, name := range s.Names {
					keep = keep && in[keyOf("organisation", name)]
				}
			case "series":
				keep = disclosed(s.Kind, s.Slug)
				for _, name := range s.Names {
					keep = keep && disclosed("organisation", name)
				}
			}
			if !keep {
				in[key], fell = false, true
			}
		}
	}
	return in
}

// notice is what the rules say stands at the address of what is absent.
func (h history) notice(s standing) string {
	switch {
	case s.Kind != "round" && s.Kind != "output":
		return ""
	case s.notice != "" || s.WithinSeries:
		return s.notice
	}
	return h[h.above(s)].notice
}

// After any history the public has the greatest set of documents in which each
// is supported, in the version that was released last: no organisation that no
// present round names, no document that names what is not there.
func TestWhatIsPublicFollowsFromTheRounds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		for seed := range 3 {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				w := newWorld(t, store)
				w.walk(rand.New(rand.NewPCG(uint64(seed), 15)), 60)
			})
		}
	})
}

func (w *world) walk(random *rand.Rand, steps int) {
	w.Helper()
	scope := w.round(w.ann, "for its scope")
	h := history{}
	public, notices := map[string]string{}, map[string]string{}
	for step := range steps {
		put, drop := randomRelease(random, h, step)
		entry := w.apply(scope.ID, put, drop)
		for _, d := range put {
			h[keyOf(d.Kind, d.Slug)] = standing{FrozenDocument: d}
		}
		for _, d := range drop {
			s := h[keyOf(d.Kind, d.Slug)]
			s.notice = d.Notice
			h[keyOf(d.Kind, d.Slug)] = s
		}
		was := make(map[string]bool, len(public))
		for key := range public {
			was[key] = true
		}
		for _, d := range entry.Put {
			public[keyOf(d.Kind, d.Slug)] = string(d.Body)
			delete(notices, keyOf(d.Kind, d.Slug))
		}
		for _, d := range entry.Drop {
			delete(public, keyOf(d.Kind, d.Slug))
			notices[keyOf(d.Kind, d.Slug)] = d.Notice
		}
		in := h.present()
		for key, s := range h {
			body, there := public[key]
			if there != in[key] || there && body != string(s.Body) {
				w.Fatalf("step %d: %s is public: %t, want %t (%q)", step, key, there, in[key], body)
			}
			if want := h.notice(s); was[key] && !there && notices[key] != want || notices[key] != "" && notices[key] != want {
				w.Fatalf("step %d: %s has the notice %q, want %q", step, key, notices[key], want)
			}
		}
	}
}

// randomRelease puts some documents of a small universe, or takes some away.
func randomRelease(random *rand.Rand, h history, step int) (put []record.FrozenDocument, drop []record.FrozenDrop) {
	bodies := func(n int) []string {
		var all []string
		for range random.IntN(n + 1) {
			all = append(all, fmt.Sprint("body-", random.IntN(5)))
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	used := map[string]bool{}
	for range 1 + random.IntN(4) {
		kind := []string{"series", "organisation", "organisation", "round", "round", "output"}[random.IntN(6)]
		slug := fmt.Sprint(map[string]string{"series": "series-", "organisation": "body-", "round": "round-", "output": "text-"}[kind], random.IntN(5))
		if used[keyOf(kind, slug)] {
			continue
		}
		used[keyOf(kind, slug)] = true
		_, released := h[keyOf(kind, slug)]
		if released && (kind == "round" || kind == "output") && random.IntN(2) == 0 {
			drop = append(drop, record.FrozenDrop{Kind: kind, Slug: slug, Notice: []string{"suspended", "withdrawn"}[random.IntN(2)]})
			continue
		}
		d := record.FrozenDocument{Kind: kind, Slug: slug, Hash: "hash", Body: fmt.Appendf(nil, "%s %d", slug, step), ObjectID: kind + slug}
		switch kind {
		case "series":
			d.Names = bodies(1)
		case "organisation":
			d.Names = slices.DeleteFunc(bodies(1), func(name string) bool { return name == slug })
		case "round":
			d.Within, d.Names = fmt.Sprint("series-", random.IntN(2)), bodies(3)
		case "output":
			d.Within = fmt.Sprint("round-", random.IntN(5))
			if d.WithinSeries = random.IntN(3) == 0; d.WithinSeries {
				d.Within = fmt.Sprint("series-", random.IntN(2))
			}
		}
		put = append(put, d)
	}
	return put, drop
}

// apply takes a release of made-up documents through all its states, and
// returns what it did.
func (w *world) apply(roundID string, put []record.FrozenDocument, drop []record.FrozenDrop) recordstore.LogEntry {
	w.Helper()
	ctx := w.Context()
	seal := func(record.Release, record.Signature) []byte { return []byte("sealed") }
	r := must(w.store.FreezeRelease(ctx, w.ann, "", []string{roundID}, func(f *recordstore.Freezing) error {
		for _, d := range drop {
			if err := f.Drop(d); err != nil {
				return err
			}
		}
		return f.Put(put...)
	}))(w.T)
	if err := w.store.SignRelease(ctx, w.ann, r.ID, record.Immediate, seal); err != nil {
		w.Fatal(err)
	}
	if err := w.store.CountersignRelease(ctx, w.bob, r.ID, seal); err != nil {
		w.Fatal(err)
	}
	claimed := must(w.store.ClaimRelease(ctx, record.Worker(), time.Now(), func(record.Release, iter.Seq2[record.FrozenDocument, error]) error { return nil }))(w.T)
	if err := w.store.MarkDelivered(ctx, record.Worker(), claimed.Number); err != nil {
		w.Fatal(err)
	}
	return must(w.store.ReleaseLog(ctx, operator, claimed.Number))(w.T)
}
