package publishedstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

// A board is a scratch with a log of what was released.
type board struct {
	*publishedstore.Scratch
	dir string
	all []published.Envelope
}

func newBoard(t *testing.T) *board {
	t.Helper()
	b := &board{dir: t.TempDir()}
	b.Scratch = publishedstore.NewScratch(filepath.Join(b.dir, "preview.db"), nil)
	t.Cleanup(func() { b.Close() })
	return b
}

func (b *board) log(_ context.Context, n int64) (published.Envelope, error) { return b.all[n-1], nil }

func (b *board) release(t *testing.T, w *publishedstore.Writer, e published.Envelope) {
	t.Helper()
	b.all = append(b.all, e)
	apply(t, w, e)
}

func (b *board) try(t *testing.T, w *publishedstore.Writer, e published.Envelope, fn func(before, after *publishedstore.Reader) error) {
	t.Helper()
	if err := b.Try(t.Context(), w, b.log, e, fn); err != nil {
		t.Fatal("try:", err)
	}
}

// holds tells whether a file of the scratch holds a word.
func (b *board) holds(t *testing.T, word string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return false
}

// state is everything a reader answers, in words.
func state(t *testing.T, r *publishedstore.Reader) string {
	t.Helper()
	ctx := t.Context()
	e, err := r.Edition(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var b strings.Builder
	say := func(v any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	say(e.Number(), nil)
	say(e.Day(), nil)
	rounds, err := e.Rounds(ctx, publishedstore.RoundFilter{})
	say(rounds, err)
	for _, round := range rounds.Rounds {
		p, err := e.Round(ctx, round.Round.Slug)
		say(p.Release, err)
		say(p.Outputs, nil)
	}
	bodies, err := e.Organisations(ctx, publishedstore.OrganisationFilter{})
	say(bodies, err)
	observations, err := e.Observations(ctx, publishedstore.RoundFilter{})
	say(len(observations.Observations), err)
	changes, err := e.Changes(ctx, 50)
	say(changes, err)
	line, err := e.Timeline(ctx, publishedstore.RoundFilter{})
	say(line, err)
	for a, err := range e.Addresses(ctx) {
		say(a, err)
	}
	for _, q := range []string{"mfa", "ka-mfa", "series", "attribution"} {
		found, err := e.Search(ctx, q, 1)
		say(found, err)
	}
	return b.String()
}

// What is tried is what is public once it is released, and until then it is not.
func TestWhatIsTriedIsWhatBecomesPublic(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, b := p.writer(t), newBoard(t)
		redacted := round("kasmere", 1, 2014)
		redacted.Correction = &published.Correction{}
		var shown string
		for _, e := range []published.Envelope{
			envelope(1, docs(t, seed()...)),
			envelope(2, docs(t, round("kasmere", 1, 2014, "ka-mfa"))),
			envelope(3, docs(t, redacted, round("kasmere", 2, 2015, "ka-mfa"))),
			envelope(4, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-2", Notice: published.NoticeWithdrawn}),
		} {
			digest, err := w.Digest(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second finds the copy made
				b.try(t, w, e, func(before, after *publishedstore.Reader) error {
					if e.Number > 1 {
						if was := state(t, p.reader(t)); state(t, before) != was {
							t.Errorf("before release %d the copy differs from what is public", e.Number)
						}
					}
					shown = state(t, after)
					return nil
				})
			}
			if now, err := w.Digest(t.Context()); err != nil || now != digest {
				t.Errorf("trying release %d changed what is public: %v", e.Number, err)
			}
			b.release(t, w, e)
			if is := state(t, p.reader(t)); is != shown {
				t.Errorf("release %d: shown\n%s\nand then public\n%s", e.Number, shown, is)
			}
		}
	})
}

// Not even a batch that fits no cache reaches a file, and what left the public
// leaves the copy.
func TestWhatIsTriedReachesNoFile(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t, "published"))
	w, b := p.writer(t), newBoard(t)
	const word = "canaryunreleased"
	e := envelope(1, nil)
	for i := range 4 {
		r := round("kasmere", i, 2014)
		r.Sources = []published.Source{{URL: "https://example.org/" + strings.Repeat(word, 18<<20/len(word))}}
		e.Put = append(e.Put, doc(t, r))
	}
	b.try(t, w, e, func(_, after *publishedstore.Reader) error {
		if l, err := edition(t, after).Rounds(t.Context(), publishedstore.RoundFilter{}); err != nil || l.Total != 4 {
			t.Errorf("%d rounds, %v", l.Total, err)
		}
		if b.holds(t, word) {
			t.Error("a file holds what is tried while it is tried")
		}
		return nil
	})
	if b.holds(t, word) {
		t.Error("a file holds what was tried")
	}

	named := round("kasmere", 1, 2014)
	named.Summary = "canaryreleased"
	b.release(t, w, envelope(1, docs(t, named)))
	b.try(t, w, envelope(2, nil), func(_, _ *publishedstore.Reader) error { return nil })
	if !b.holds(t, "canaryreleased") {
		t.Fatal("the copy does not hold what is public: the scan proves nothing")
	}
	b.release(t, w, envelope(2, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-1", Notice: published.NoticeWithdrawn}))
	if err := b.Follow(t.Context(), w, b.log); err != nil {
		t.Fatal(err)
	}
	if b.holds(t, "canaryreleased") {
		t.Error("the copy holds what left the public")
	}
}

func TestScratchIsPrivateAndDoesNotStay(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, b := p.writer(t), newBoard(t)
		if err := b.Follow(t.Context(), w, b.log); err != nil || len(files(t, b.dir)) > 0 {
			t.Errorf("nobody looked, and there is %v, %v", files(t, b.dir), err)
		}
		b.try(t, w, envelope(1, docs(t, seed()...)), func(_, _ *publishedstore.Reader) error { return nil })
		for _, f := range files(t, b.dir) {
			if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v, %v", filepath.Base(f), info.Mode(), err)
			}
		}
		// A process that died left its copy behind.
		old := b.Scratch
		t.Cleanup(func() { old.Close() })
		b.Scratch = publishedstore.NewScratch(filepath.Join(b.dir, "preview.db"), nil)
		if err := b.Close(); err != nil || len(files(t, b.dir)) == 0 {
			t.Errorf("who made no copy removed one: %v, %v", files(t, b.dir), err)
		}
		if err := b.Clear(); err != nil || len(files(t, b.dir)) > 0 {
			t.Errorf("a copy stayed behind: %v, %v", files(t, b.dir), err)
		}
		b.try(t, w, envelope(1, nil), func(_, _ *publishedstore.Reader) error { return nil })
		if err := b.Close(); err != nil || len(files(t, b.dir)) > 0 {
			t.Errorf("after closing there is %v, %v", files(t, b.dir), err)
		}
	})
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A copy of a store that was folded again is made again; a release that is not
// the next is refused.
func TestScratchFollowsARebuild(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, b := p.writer(t), newBoard(t)
		b.release(t, w, envelope(1, docs(t, round("kasmere", 1, 2014))))
		nothing := func(_, _ *publishedstore.Reader) error { return nil }
		b.try(t, w, envelope(2, nil), nothing)
		right := envelope(1, docs(t, round("kasmere", 1, 2014), round("kasmere", 2, 2014)))
		b.all[0] = right
		if err := w.Rebuild(t.Context(), envelopes([]published.Envelope{right})); err != nil {
			t.Fatal(err)
		}
		b.try(t, w, envelope(2, nil), func(before, _ *publishedstore.Reader) error {
			if l, err := edition(t, before).Rounds(t.Context(), publishedstore.RoundFilter{}); err != nil || l.Total != 2 {
				t.Errorf("%d rounds, %v; want those of the rebuilt store", l.Total, err)
			}
			return nil
		})
		if err := b.Try(t.Context(), w, b.log, envelope(3, nil), nothing); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a release that is not the next: %v", err)
		}
	})
}
