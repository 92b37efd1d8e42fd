package publishedstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

func TestApplyRefuses(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w := p.writer(t)
		r := round("kasmere", 1, 2014, "ka-mfa")
		apply(t, w, envelope(1, docs(t, r, summary(r, 1))))
		was := digest(t, w)
		good := doc(t, round("kasmere", 2, 2015))
		edit := func(from, to string) published.Document {
			d := good
			d.Body = []byte(strings.Replace(string(d.Body), from, to, 1))
			return d
		}
		other := published.Round{Head: head(published.KindRound, "kasmere-9"), Title: "x", State: "held"}
		badBody := round("kasmere", 3, 2015, "Ka MFA")
		clash := summary(round("kasmere", 2, 2015), 0)
		clash.Observations = []published.Observation{{Slug: "kasmere-1-observation-1", Number: 1, Text: "x"}}
		for _, tt := range []struct {
			name string
			e    published.Envelope
			kind fault.Kind
		}{
			{"a number left out", envelope(3, []published.Document{good}), fault.Conflict},
			{"no number", envelope(0, []published.Document{good}), fault.Conflict},
			{"a negative number", envelope(-1, []published.Document{good}), fault.Conflict},
			{"an unknown field", envelope(2, []published.Document{edit(`"state"`, `"venue":"Hall 7","state"`)}), fault.Invalid},
			{"another slug in the head", envelope(2, []published.Document{edit(`"slug":"kasmere-2"`, `"slug":"kasmere-3"`)}), fault.Invalid},
			{"another kind in the head", envelope(2, []published.Document{edit(`"kind":"round"`, `"kind":"output"`)}), fault.Invalid},
			{"not JSON", envelope(2, []published.Document{{Kind: published.KindRound, Slug: "kasmere-2", Body: []byte("{")}}), fault.Invalid},
			{"an unknown kind", envelope(2, []published.Document{{Kind: "note", Slug: "a", Body: []byte("{}")}}), fault.Invalid},
			{"a malformed slug", envelope(2, []published.Document{{Kind: published.KindRound, Slug: "../a", Body: good.Body}}), fault.Invalid},
			{"no series", envelope(2, docs(t, other)), fault.Invalid},
			{"a malformed slug inside", envelope(2, docs(t, badBody)), fault.Invalid},
			{"a document twice", envelope(2, []published.Document{good, good}), fault.Invalid},
			{"put and dropped", envelope(2, []published.Document{good}, published.Drop{Kind: published.KindRound, Slug: "kasmere-2"}), fault.Invalid},
			{"an unknown notice", envelope(2, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-1", Notice: "secret"}), fault.Invalid},
			{"an observation that exists", envelope(2, docs(t, clash)), fault.Conflict},
			{"a good one before a bad one", envelope(2, append(docs(t, round("norlund", 1, 2015)), edit("{", "["))), fault.Invalid},
		} {
			err := w.Apply(t.Context(), tt.e)
			if err == nil || fault.KindOf(err) != tt.kind {
				t.Errorf("%s: %v, want kind %d", tt.name, err, tt.kind)
			} else if strings.Contains(err.Error(), "Hall 7") || strings.Contains(err.Error(), "kasmere") {
				t.Errorf("%s: the error names what broke the rule: %v", tt.name, err)
			}
			if digest(t, w) != was {
				t.Fatalf("%s was refused and changed the store", tt.name)
			}
		}
		if e := edition(t, p.reader(t)); e.Number() != 1 {
			t.Errorf("readers see release %d, want 1", e.Number())
		}
		apply(t, w, envelope(2, []published.Document{good}))
	})
}

// What was never public leaves no notice, which would announce it.
func TestDroppingTheUnknownLeavesNothing(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w := p.writer(t)
		apply(t, w, envelope(1, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-1", Notice: published.NoticeWithdrawn}))
		e := edition(t, p.reader(t))
		if n, err := e.Notice(t.Context(), published.KindRound, "kasmere-1"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("notice %+v, %v", n, err)
		}
	})
}

func TestSuspendWithdrawRestore(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, reader := p.writer(t), p.reader(t)
		r := round("kasmere", 1, 2014, "ka-mfa")
		o := summary(r, 2)
		drop := func(n published.Notice, reason string) []published.Drop {
			return []published.Drop{
				{Kind: published.KindRound, Slug: r.Slug, Notice: n, Reason: reason},
				{Kind: published.KindOutput, Slug: o.Slug, Notice: n, Reason: reason},
			}
		}
		steps := []struct {
			e      published.Envelope
			public bool
			notice published.Notice
			reason string
			days   string
		}{
			{envelope(1, docs(t, r, o)), true, "", "", ""},
			{envelope(2, nil, drop(published.NoticeSuspended, "")...), false, published.NoticeSuspended, "", "2026-03-03"},
			{envelope(3, nil, drop(published.NoticeWithdrawn, "At the wish of a side.")...), false, published.NoticeWithdrawn, "At the wish of a side.", "2026-03-04"},
			{envelope(4, docs(t, r, o)), true, "", "", ""},
			{envelope(5, nil, drop(published.NoticeWithdrawn, "")...), false, published.NoticeWithdrawn, "", "2026-03-06"},
			{envelope(6, nil, drop(published.NoticeNone, "")...), false, "", "", ""},
		}
		for _, tt := range steps {
			apply(t, w, tt.e)
			e := edition(t, reader)
			page, err := e.Round(t.Context(), r.Slug)
			if tt.public != (err == nil) {
				t.Fatalf("release %d: %v, public: %v", tt.e.Number, err, tt.public)
			}
			if tt.e.Number == 4 {
				h := page.Release.History
				if len(h) != 2 || h[0].Hash != "" || h[0].Readable || h[1].Change != publishedstore.ChangeRestored || page.Release.Version.Version != 2 {
					t.Errorf("history of the restored round: %+v", h)
				}
			}
			for kind, slug := range map[published.Kind]string{
				published.KindRound: r.Slug, published.KindOutput: o.Slug,
				publishedstore.KindObservation: o.Observations[1].Slug,
			} {
				n, err := e.Notice(t.Context(), kind, slug)
				if (tt.notice == "") != (fault.KindOf(err) == fault.NotFound && err != nil) {
					t.Fatalf("release %d: notice of the %s: %+v, %v", tt.e.Number, kind, n, err)
				}
				if n.Notice != tt.notice || n.Reason != tt.reason || n.Day != tt.days {
					t.Errorf("release %d: notice of the %s: %+v, want %s %q since %s", tt.e.Number, kind, n, tt.notice, tt.reason, tt.days)
				}
			}
			// Organisations, topics and series that vanish are as if they had never been.
			if n, err := e.Notice(t.Context(), published.KindOrganisation, "ka-mfa"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("release %d: notice of an organisation: %+v, %v", tt.e.Number, n, err)
			}
			changes, err := e.Changes(t.Context(), 1)
			if err != nil || tt.notice != "" && (changes[0].Change != publishedstore.ChangeWithdrawn || changes[0].Title != "") {
				t.Errorf("release %d: newest change %+v, %v", tt.e.Number, changes, err)
			}
		}
	})
}

func TestRebuildFailsWithoutEffect(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w := p.writer(t)
		e := envelope(1, docs(t, seed()...))
		apply(t, w, e)
		was := digest(t, w)
		broken := errors.New("the log cannot be read")
		err := w.Rebuild(t.Context(), func(yield func(published.Envelope, error) bool) {
			if yield(e, nil) {
				yield(published.Envelope{}, broken)
			}
		})
		if !errors.Is(err, broken) {
			t.Errorf("error %v, want the log's", err)
		}
		if err := w.Rebuild(t.Context(), envelopes([]published.Envelope{envelope(2, nil)})); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a log that begins with 2: %v", err)
		}
		if digest(t, w) != was {
			t.Error("a failed rebuild changed the store")
		}
	})
}

func TestTwoWritersAgree(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		a, b := p.writer(t), p.writer(t)
		e := envelope(1, docs(t, seed()...))
		done := make(chan error, 8)
		for i := range cap(done) {
			go func() {
				if i%2 == 0 {
					done <- a.Apply(context.Background(), e)
				} else {
					done <- b.Apply(context.Background(), e)
				}
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		for _, w := range []*publishedstore.Writer{a, b} {
			if n, err := w.Number(t.Context()); err != nil || n != 1 {
				t.Errorf("number %d, %v", n, err)
			}
		}
		if e := edition(t, p.reader(t)); e.Number() != 1 {
			t.Errorf("readers see %d", e.Number())
		}
	})
}
