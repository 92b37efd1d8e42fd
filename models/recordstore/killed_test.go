package recordstore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// killAt is the environment variable that makes this binary rotate keys or carry
// out destructions, and kill itself before a step.
const killAt = "TRACK15_TEST_KILL"

// A killing is what that process is told.
type killing struct {
	URL, Keys string
	Destroy   bool // else rotate
	Step      int  // from 1
}

// happens does it, and comes back if there are fewer steps.
func (k killing) happens(t *testing.T) {
	ring := must(seal.OpenRing(k.Keys))(t)
	store := must(recordstore.Open(t.Context(), k.URL, recordstore.Options{Ring: ring}))(t)
	left := k.Step
	ring.BeforeStep(func() error {
		if left--; left > 0 {
			return nil
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			return err
		}
		select {} // the signal is on its way
	})
	if k.Destroy {
		must(store.FinishDestructions(t.Context(), record.Worker()))(t)
	} else if err := store.RotateKeys(t.Context(), operator); err != nil {
		t.Fatal(err)
	}
}

// killed reports whether a process died by SIGKILL as told; it had done all
// before, if not.
func (w *world) killed(k killing) bool {
	w.t.Helper()
	k.URL, k.Keys = w.url, w.keys
	order := must(json.Marshal(k))(w.t)
	cmd := exec.CommandContext(w.t.Context(), os.Args[0], "-test.run=^TestKilledAtEveryStep$")
	cmd.Env = append(os.Environ(), killAt+"="+string(order))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		w.t.Fatalf("the process was to be killed at step %d: %v\n%s", k.Step, err, out)
	}
	return true
}

// Killed at any step of a rotation, every note is readable at the next start, and
// the next rotation ends it. Killed at any step of a destruction, other notes are
// readable, and the next start destroys the rest.
func TestKilledAtEveryStep(t *testing.T) {
	if order := os.Getenv(killAt); order != "" {
		var k killing
		if err := json.Unmarshal([]byte(order), &k); err != nil {
			t.Fatal(err)
		}
		k.happens(t)
		return
	}
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		kept, _ := w.sitting()
		w.take(w.as("rapporteur"), kept.ID, lines("K1", "Stays."))
		readable := func(when string) *recordstore.Store {
			t.Helper()
			s := w.open()
			all, err := s.NotesOf(ctx, w.as("coordinator"), kept.ID)
			if err != nil || !slices.Equal(texts(all), []string{"Stays."}) {
				t.Errorf("%s, the notes are %q, %v", when, texts(all), err)
			}
			return s
		}
		step := 1
		for ; w.killed(killing{Step: step}); step++ {
			s := readable(fmt.Sprintf("a rotation killed at step %d", step))
			if err := s.RotateKeys(ctx, operator); err != nil {
				t.Fatal(err)
			}
			if status, _, err := s.Keys(ctx, operator); err != nil || status.Rotating || len(status.Closed) > 0 {
				t.Errorf("after step %d: %+v, %v", step, status, err)
			}
		}
		if step < 8 {
			t.Errorf("a rotation was killed at %d steps only", step-1)
		}
		readable("after the rotations")

		for step = 1; w.destroyedAt(step, readable); step++ {
		}
		if step < 10 {
			t.Errorf("a destruction was killed at %d steps only", step-1)
		}
	})
}

// released is a text of the round that is public, and has a newer version.
func (w *world) released(round record.Round) record.Output {
	w.t.Helper()
	t, ctx, coordinator := w.t, w.t.Context(), w.as("coordinator")
	o := must(w.store.AddOutput(ctx, coordinator, record.Output{
		SeriesID: w.lake.ID, RoundID: round.ID, Kind: record.Summary, Sample: true, Draft: record.Draft{Title: "Fog", Lang: "en", Body: "Released."},
	}))(t)
	frozen := must(w.store.FreezeRelease(ctx, coordinator, "", []string{round.ID}, func(f *recordstore.Freezing) error {
		f.Release.Hash = "hash"
		return f.Put(record.FrozenDocument{Kind: "output", Slug: o.ID, Body: []byte(`{"title":"Fog"}`), ObjectID: o.ID, Within: round.ID})
	}))(t)
	mac := func(record.Release, record.Signature) []byte { return []byte("mac") }
	err := errors.Join(w.store.SignRelease(ctx, coordinator, frozen.ID, record.Immediate, mac), w.store.CountersignRelease(ctx, w.as("director"), frozen.ID, mac))
	if err != nil {
		t.Fatal(err)
	}
	claimed := must(w.store.ClaimRelease(ctx, record.Worker(), time.Now(), func(record.Release, iter.Seq2[record.FrozenDocument, error]) error { return nil }))(t)
	if err := w.store.MarkDelivered(ctx, record.Worker(), claimed.Number); err != nil {
		t.Fatal(err)
	}
	d := o.Draft
	d.Body = "Not released."
	must(w.store.SaveDraft(ctx, coordinator, o.ID, d.Number, d))(t)
	return o
}

// destroyedAt has two people destroy the notes of a new round, by a process that
// is killed at the step, and by the next one. It reports whether there is such a
// step.
func (w *world) destroyedAt(step int, readable func(string) *recordstore.Store) bool {
	w.t.Helper()
	t, ctx := w.t, w.t.Context()
	coordinator, director := w.as("coordinator"), w.as("director")
	round := must(w.store.LogRound(ctx, coordinator, record.Round{SeriesID: w.lake.ID, State: record.Held, Opens: "2017", City: "Reedtown", Country: "XA", Sample: true}))(t)
	session := must(w.store.AddSession(ctx, coordinator, record.Session{RoundID: round.ID, Title: "Fog", On: "2017-01-11"}))(t)
	w.take(coordinator, session.ID, lines("K1", "Goes."))
	text := w.released(round)
	d := must(w.store.ProposeDestruction(ctx, coordinator, record.Destruction{RoundID: round.ID, Reason: "Due"}))(t)
	reference := must(w.store.Kept(ctx, director, round.ID))(t).Reference
	if err := w.store.ConfirmDestruction(ctx, director, round.ID, d.ID, reference); err != nil {
		t.Fatal(err)
	}
	killed := w.killed(killing{Destroy: true, Step: step})
	when := fmt.Sprintf("a destruction killed at step %d", step)
	s := readable(when)
	must(s.FinishDestructions(ctx, record.Worker()))(t)
	done := must(s.Kept(ctx, director, round.ID))(t)
	if done.Notes != 0 || done.Destructions[0].State != record.DestructionDone {
		t.Errorf("%s: %+v is left", when, done)
	}
	var signed record.SignedCertificate
	var c record.Certificate
	if err := errors.Join(json.Unmarshal([]byte(done.Destructions[0].Certificate), &signed), json.Unmarshal(signed.Certificate, &c)); err != nil {
		t.Fatal(err)
	}
	if len(c.Keysets) != 1 || c.Notes != 1 || c.Drafts != 1 || c.Lost != 0 {
		t.Errorf("%s: the certificate says %+v", when, c)
	}
	if drafts, err := s.Drafts(ctx, coordinator, text.ID); err != nil || len(drafts) != 1 || drafts[0].Body != "Released." {
		t.Errorf("%s: of a text there is %+v, %v", when, drafts, err)
	}
	status, _, err := s.Keys(ctx, operator)
	if err != nil || status.Rotating || len(status.Closed) > 0 || slices.Contains(status.Keysets, strings.Join(c.Keysets, " ")) {
		t.Errorf("%s: keys %+v, %v", when, status, err)
	}
	readable(when + ", and ended")
	return killed
}
