package publishedstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

// An edition that is open when a release comes shows the state before in
// everything, also in what it reads for the first time.
func TestAnEditionIsOneState(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		apply(t, w, envelope(1, docs(t, round("kasmere", 1, 2014, "ka-mfa"))))
		old := edition(t, r)
		redacted := round("kasmere", 1, 2014)
		redacted.Correction = &published.Correction{}
		apply(t, w, envelope(2, docs(t, redacted, round("kasmere", 2, 2015))))
		fresh := edition(t, r)
		if old.Number() != 1 || fresh.Number() != 2 {
			t.Fatalf("editions %d and %d, want 1 and 2", old.Number(), fresh.Number())
		}
		for _, tt := range []struct {
			e    *publishedstore.Edition
			want string
			mfa  bool
		}{{old, "kasmere-1", true}, {fresh, "kasmere-2 kasmere-1", false}} {
			l, err := tt.e.Rounds(t.Context(), publishedstore.RoundFilter{})
			if err != nil || slugsOf(l.Rounds) != tt.want {
				t.Errorf("edition %d: %q, %v; want %q", tt.e.Number(), slugsOf(l.Rounds), err, tt.want)
			}
			if known, err := tt.e.Known(t.Context(), publishedstore.FacetAgency, "ka-mfa"); err != nil || known != tt.mfa {
				t.Errorf("edition %d: ka-mfa known: %v, %v", tt.e.Number(), known, err)
			}
			if s, err := tt.e.Search(t.Context(), "ka-mfa", 1); err != nil || (s.Total > 0) != tt.mfa {
				t.Errorf("edition %d: search finds %d, %v", tt.e.Number(), s.Total, err)
			}
		}
	})
}

// Many requests while many releases come: each sees one whole state, and no
// page of one state is served for another.
func TestNoPageOfAnotherState(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		const releases = 12
		var applied atomic.Int64
		var wg sync.WaitGroup
		ask := func() error {
			ctx := context.Background()
			least := applied.Load()
			e, err := r.Edition(ctx)
			if err != nil {
				return err
			}
			defer e.Close()
			if e.Number() < least {
				return fmt.Errorf("edition %d after release %d was applied", e.Number(), least)
			}
			page, err := e.Page(ctx, "/rounds", func() (publishedstore.Page, error) {
				l, err := e.Rounds(ctx, publishedstore.RoundFilter{PerPage: 100})
				if err != nil {
					return publishedstore.Page{}, err
				}
				o, err := e.Organisations(ctx, publishedstore.OrganisationFilter{})
				return publishedstore.Page{Body: fmt.Appendf(nil, "%d %d %d", e.Number(), l.Total, o.Total)}, err
			})
			if err != nil {
				return err
			}
			if want := fmt.Sprintf("%d %d %d", e.Number(), e.Number(), e.Number()); string(page.Body) != want {
				return fmt.Errorf("page %q, want %q", page.Body, want)
			}
			return nil
		}
		stop := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := ask(); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for n := range int64(releases) {
			agency := fmt.Sprintf("body-%d", n)
			apply(t, w, envelope(n+1, docs(t, round("kasmere", int(n), 2014, agency))))
			applied.Store(n + 1)
		}
		close(stop)
		wg.Wait()
		if err := ask(); err != nil {
			t.Error(err)
		}
	})
}

func TestPageIsRenderedOnceAndErrorsAreNotKept(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		e := edition(t, r)
		broken := errors.New("broken")
		if _, err := e.Page(t.Context(), "/", func() (publishedstore.Page, error) { return publishedstore.Page{}, broken }); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		var rendered atomic.Int64
		begun := make(chan struct{})
		gate := make(chan struct{})
		body := strings.Repeat("word ", 400)
		render := func() (publishedstore.Page, error) {
			if rendered.Add(1) == 1 {
				close(begun)
			}
			<-gate
			return publishedstore.Page{Status: 200, Type: "text/plain", Body: []byte(body)}, nil
		}
		var wg sync.WaitGroup
		ask := func(ctx context.Context) {
			e, err := r.Edition(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			defer e.Close()
			page, err := e.Page(ctx, "/", render)
			if err != nil || string(page.Body) != body || len(page.ETag) != 34 || len(page.Gzip) == 0 || len(page.Gzip) >= len(body) {
				t.Errorf("page of %d bytes, %s, %v", len(page.Body), page.ETag, err)
			}
		}
		wg.Go(func() { ask(t.Context()) })
		<-begun
		for range 6 {
			wg.Go(func() { ask(t.Context()) })
		}
		close(gate)
		wg.Wait()
		ask(t.Context())
		if n := rendered.Load(); n != 1 {
			t.Errorf("rendered %d times, want once", n)
		}
		apply(t, w, envelope(1, nil))
		ask(t.Context())
		if n := rendered.Load(); n != 2 {
			t.Errorf("rendered %d times after a release, want twice", n)
		}
	})
}

// Whoever renders may go away; those who wait for the page still get it.
func TestPageSurvivesTheOneWhoRenders(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t, "published"))
	p.writer(t)
	r := p.reader(t)
	ctx, leave := context.WithCancel(t.Context())
	begun := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := edition(t, r).Page(ctx, "/", func() (publishedstore.Page, error) {
			close(begun)
			<-ctx.Done()
			return publishedstore.Page{}, ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("who went away got %v", err)
		}
	})
	<-begun
	wg.Go(func() {
		page, err := edition(t, r).Page(t.Context(), "/", func() (publishedstore.Page, error) {
			return publishedstore.Page{Body: []byte("here")}, nil
		})
		if err != nil || string(page.Body) != "here" {
			t.Errorf("who stayed got %q, %v", page.Body, err)
		}
	})
	leave()
	wg.Wait()
}

func TestReaderWithoutAnything(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		if p.snapshots != "" {
			if _, err := publishedstore.OpenReader(t.Context(), p.where, nil); fault.KindOf(err) != fault.Unavailable {
				t.Errorf("no folder: %v", err)
			}
			if err := os.MkdirAll(p.where, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		r := p.reader(t)
		if _, err := r.Edition(t.Context()); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("nothing published: %v", err)
		}
		w := p.writer(t)
		if e := edition(t, r); e.Number() != 0 || e.Day() != "" {
			t.Errorf("edition %d of %q before the first release", e.Number(), e.Day())
		}
		apply(t, w, envelope(1, nil))
		if e := edition(t, r); e.Number() != 1 {
			t.Errorf("edition %d, want 1", e.Number())
		}
	})
}

// A snapshot that is not what the pointer promises is not served, nor the one
// before it.
func TestBrokenPublicationIsNotServed(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t, "published"))
	w, r := p.writer(t), p.reader(t)
	apply(t, w, envelope(1, docs(t, round("kasmere", 1, 2014))))
	edition(t, r)
	for _, content := range []string{"", "published-1.db", "../record/record.db\n", "published-1.db\nx\n", "published-7.db\n", "current\n"} {
		pointer := filepath.Join(p.snapshots, "current")
		if err := os.WriteFile(pointer+".new", []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(pointer+".new", pointer); err != nil {
			t.Fatal(err)
		}
		if e, err := r.Edition(t.Context()); fault.KindOf(err) != fault.Unavailable || err == nil {
			t.Errorf("pointer %q: edition %v, %v", content, e, err)
		}
	}
	if err := os.Rename(filepath.Join(p.snapshots, "published-1.db"), filepath.Join(p.snapshots, "published-7.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.snapshots, "current"), []byte("published-7.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Edition(t.Context()); fault.KindOf(err) != fault.Unavailable || err == nil {
		t.Errorf("a snapshot under another's name: %v", err)
	}
	// The writer puts it right when it opens again.
	p.writer(t)
	if e := edition(t, r); e.Number() != 1 {
		t.Errorf("edition %d, want 1", e.Number())
	}
}

// Files bear no time of their own, are private, and follow from the releases
// alone: restarts, repeated releases and rebuilding leave the same bytes.
func TestSnapshotFollowsFromReleasesAlone(t *testing.T) {
	log := []published.Envelope{
		envelope(1, docs(t, seed()...)),
		envelope(2, docs(t, round("kasmere", 1, 2014, "ka-mfa"))),
		envelope(3, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-1", Notice: published.NoticeWithdrawn}),
	}
	a, b := newPlace(t, dbtest.SQLite(t, "published")), newPlace(t, dbtest.SQLite(t, "published"))
	apply(t, a.writer(t), log...)
	for i, e := range log {
		w := b.writer(t)
		apply(t, w, log[:i+1]...)
		if err := w.Rebuild(t.Context(), envelopes(log[:i+1])); err != nil {
			t.Fatal(err)
		}
		apply(t, w, e)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b.writer(t)
	var content [2][]byte
	for i, p := range []place{a, b} {
		files, err := os.ReadDir(p.snapshots)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range files {
			names = append(names, f.Name())
			info, err := f.Info()
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v", f.Name(), info.Mode())
			}
			if f.Name() != ".lock" && info.ModTime().Unix() != 0 {
				t.Errorf("%s bears a time: %v", f.Name(), info.ModTime())
			}
		}
		if got := strings.Join(names, " "); got != ".lock current published-3.db" {
			t.Errorf("the folder holds %s", got)
		}
		if content[i], err = os.ReadFile(filepath.Join(p.snapshots, "published-3.db")); err != nil {
			t.Fatal(err)
		}
	}
	if string(content[0]) != string(content[1]) {
		t.Error("the snapshots differ")
	}
}

// A rebuild that changes something is a new edition, though its number is the same.
func TestRebuildThatRepairsIsSeen(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		apply(t, w, envelope(1, docs(t, round("kasmere", 1, 2014))))
		if l, err := edition(t, r).Rounds(t.Context(), publishedstore.RoundFilter{}); err != nil || l.Total != 1 {
			t.Fatal(l, err)
		}
		right := envelope(1, docs(t, round("kasmere", 1, 2014), round("kasmere", 2, 2014)))
		if err := w.Rebuild(t.Context(), envelopes([]published.Envelope{right})); err != nil {
			t.Fatal(err)
		}
		e := edition(t, r)
		if l, err := e.Rounds(t.Context(), publishedstore.RoundFilter{}); err != nil || l.Total != 2 || e.Number() != 1 {
			t.Errorf("edition %d with %d rounds, %v; want the rebuilt one", e.Number(), l.Total, err)
		}
		apply(t, w, right, envelope(2, nil))
		if e := edition(t, r); e.Number() != 2 {
			t.Errorf("edition %d, want 2", e.Number())
		}
	})
}

func TestPlacesThatDoNotFit(t *testing.T) {
	for _, tt := range []struct {
		url string
		o   publishedstore.WriterOptions
	}{
		{dbtest.SQLite(t, "published"), publishedstore.WriterOptions{}},
		{dbtest.Postgres(t, "published"), publishedstore.WriterOptions{Snapshots: t.TempDir()}},
	} {
		if _, err := publishedstore.OpenWriter(t.Context(), tt.url, tt.o); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.6s: %v", tt.url, err)
		}
	}
}
