package release_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/release"
)

// crashAt is the environment variable that makes the crash test of this binary
// countersign and deliver, and kill itself after a step.
const crashAt = "TRACK15_TEST_CRASH"

// A crash is what that process is told.
type crash struct {
	Step                    string
	RecordURL, PublishedURL string
	Dir                     string
	ReleaseID               string
	ActorID                 string
}

// crashed countersigns and delivers; it comes back only if the step never came.
func (c crash) crashed(t *testing.T) {
	w := &world{T: t, recordURL: c.RecordURL, publishedURL: c.PublishedURL, dir: c.Dir}
	armed := false
	w.open(func(step string) {
		if !armed || step != c.Step {
			return
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		select {} // the signal is on its way
	})
	armed = true
	actor := must(w.store.AccountByID(t.Context(), c.ActorID))(t).Actor()
	if err := w.service.Countersign(t.Context(), actor, c.ReleaseID, password); err != nil {
		t.Fatal(err)
	}
	w.deliver(1)
}

// Killed after any step, the public has the old or the whole new state, and
// once the next process has delivered it has the release exactly once;
// rebuilding gives the same.
func TestKilledAtEveryStep(t *testing.T) {
	if order := os.Getenv(crashAt); order != "" {
		var c crash
		if err := json.Unmarshal([]byte(order), &c); err != nil {
			t.Fatal(err)
		}
		c.crashed(t)
		return
	}
	steps := []string{
		release.StepCountersigned, release.StepClaimed,
		publishedstore.StepCommitted, publishedstore.StepCopied, publishedstore.StepNamed, publishedstore.StepPointed, publishedstore.StepCleared,
		release.StepApplied, release.StepDelivered,
	}
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		for i, step := range steps {
			if w.where() == w.publishedURL && step != publishedstore.StepCommitted && i >= 2 && i <= 6 {
				continue // PostgreSQL publishes by committing
			}
			r := w.round(w.ann, "round "+step, w.exact("tank", 0), w.exact("agency", 0))
			rel := w.prepare(release.PrepareRequest{RoundID: r.ID})
			w.sign(rel.ID)
			slug := "round/kasmere-dialogue-round-" + step
			before := must(w.store.LastRelease(t.Context(), operator))(t)
			w.store.Close()
			w.writer.Close()
			w.killed(crash{step, w.recordURL, w.publishedURL, w.dir, rel.ID, w.bob.ID})

			// What a reader sees before anything is repaired: all or nothing.
			visible := w.visible(slug)
			if i < 2 && visible || i >= 7 && !visible {
				t.Errorf("killed after %s: visible %t", step, visible)
			}
			w.open(nil)
			if _, err := w.service.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !w.visible(slug) {
				t.Errorf("killed after %s: not public after the next start", step)
			}
			last := must(w.store.LastRelease(t.Context(), operator))(t)
			if last != before+1 || must(w.writer.Number(t.Context()))(t) != last {
				t.Errorf("killed after %s: number %d after %d", step, last, before)
			}
			if got := must(w.service.Release(t.Context(), w.ann, rel.ID))(t); got.State != record.Released {
				t.Errorf("killed after %s: %s", step, got.State)
			}
		}
		digest := must(w.service.Digest(t.Context()))(t)
		if err := w.service.Rebuild(t.Context(), operator); err != nil {
			t.Fatal(err)
		}
		if again := must(w.service.Digest(t.Context()))(t); again != digest {
			t.Errorf("rebuilding gave another digest")
		}
	})
}

// killed runs a process that dies by SIGKILL as told.
func (w *world) killed(c crash) {
	w.Helper()
	order := must(json.Marshal(c))(w.T)
	cmd := exec.CommandContext(w.Context(), os.Args[0], "-test.run=^TestKilledAtEveryStep$")
	cmd.Env = append(os.Environ(), crashAt+"="+string(order))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		w.Fatalf("the process was to be killed after %s: %v\n%s", c.Step, err, out)
	}
}

// visible opens the public side anew and looks for a round, with everything
// that came with it.
func (w *world) visible(key string) bool {
	w.Helper()
	reader := must(publishedstore.OpenReader(w.Context(), w.where(), nil))(w.T)
	defer reader.Close()
	edition := must(reader.Edition(w.Context()))(w.T)
	defer edition.Close()
	page, err := edition.Round(w.Context(), key[len("round/"):])
	if err != nil {
		return false
	}
	if page.Series == nil {
		w.Errorf("%s is public without its series", key)
	}
	return true
}
