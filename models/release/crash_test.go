package release_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/web/public"
)

// crashAt is the environment variable that makes the crash test of this binary
// put the last signature and deliver, and kill itself after a step.
const crashAt = "TRACK15_TEST_CRASH"

// A crash is what that process is told.
type crash struct {
	Step                    string
	RecordURL, PublishedURL string
	Dir                     string
	Now                     time.Time
	ActorID                 string
	ReleaseID               string // to countersign
	Suspend                 string // slug of a round to suspend instead
}

// crashed finishes the act; it comes back only if the step never came.
func (c crash) crashed(t *testing.T) {
	w := &world{T: t, recordURL: c.RecordURL, publishedURL: c.PublishedURL, dir: c.Dir, now: c.Now}
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
	w.finish(c)
}

// finish puts the last signature of an act and delivers.
func (w *world) finish(c crash) {
	w.Helper()
	actor := must(w.store.AccountByID(w.Context(), c.ActorID))(w.T).Actor()
	var err error
	if c.Suspend != "" {
		_, err = w.service.Suspend(w.Context(), actor, published.KindRound, c.Suspend, password)
	} else {
		err = w.service.Countersign(w.Context(), actor, c.ReleaseID, password)
	}
	if err != nil {
		w.Fatal(err)
	}
	w.deliver(1)
}

// An act is one of those that change what is public, with what its round's page
// is afterwards: a state, and whether the words that a redaction takes out stand
// there.
type act struct {
	name string
	// prepare brings it to its last signature, or names the round to suspend.
	prepare func(w *world, r record.Round, slug string) (releaseID, suspend string)
	after   pageState
}

type pageState struct {
	status int
	words  bool // "Marrowby" and "Ferrowquay" are there
	notice string
}

// acts are done to one round in this order, each upon the one before.
var acts = []act{
	{"release", func(w *world, r record.Round, _ string) (string, string) {
		o := w.text(w.ann, r.ID, "Marrowby minutes", "A number kept at Ferrowquay is answered.")
		return w.signed(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})), ""
	}, pageState{status: 200, words: true}},
	{"suspension", func(_ *world, _ record.Round, slug string) (string, string) {
		return "", slug
	}, pageState{status: 410, notice: "Entry not available"}},
	{"restoration", func(w *world, _ record.Round, slug string) (string, string) {
		return w.signed(must(w.service.PrepareRestoration(w.Context(), w.ann, published.KindRound, slug))(w.T)), ""
	}, pageState{status: 200, words: true}},
	{"redaction", func(w *world, r record.Round, _ string) (string, string) {
		o := w.textOf(r)
		d := o.Draft
		d.Title, d.Body, d.Observations[0].Text = "Minutes", "Body", "A number is answered."
		must(w.store.SaveDraft(w.Context(), w.ann, o.ID, o.Draft.Number, d))(w.T)
		return w.signed(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})), ""
	}, pageState{status: 200}},
	{"withdrawal", func(w *world, _ record.Round, slug string) (string, string) {
		return w.signed(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindRound, slug, withNotice))(w.T)), ""
	}, pageState{status: 410, notice: "Withdrawn entry"}},
}

func (w *world) signed(r record.Release) string {
	w.Helper()
	w.sign(r.ID)
	return r.ID
}

// page reads a round's page as somebody who comes now does, from what the public
// side opens anew. A page that holds one of the two words and not the other is
// half of something.
func (w *world) page(slug string) pageState {
	w.Helper()
	reader := must(publishedstore.OpenReader(w.Context(), w.where(), nil))(w.T)
	defer reader.Close()
	status, page := ask(must(public.New(reader, public.Options{BaseURL: "http://example.com"}))(w.T), "/rounds/"+slug)
	s := pageState{status: status, words: strings.Contains(page, "Marrowby")}
	if s.words != strings.Contains(page, "Ferrowquay") {
		w.Errorf("half of a text is public")
	}
	if status == 410 {
		for _, notice := range []string{"Entry not available", "Withdrawn entry"} {
			if strings.Contains(page, notice) {
				s.notice = notice
			}
		}
	}
	return s
}

// points are the steps that the acts go through, as the program tells them when
// nobody kills it.
func (w *world) points() map[string][]string {
	w.Helper()
	r, slug := w.round(w.ann, "rehearsed", w.exact("tank", 0)), "kasmere-dialogue-rehearsed"
	all := map[string][]string{}
	for _, a := range acts {
		id, suspend := a.prepare(w, r, slug)
		w.close()
		var steps []string
		w.open(func(step string) { steps = append(steps, step) })
		steps = nil // those of the start
		w.finish(crash{ActorID: w.bob.ID, ReleaseID: id, Suspend: suspend})
		all[a.name] = steps
		if got := w.page(slug); got != a.after {
			w.Fatalf("after the %s the page is %+v, want %+v", a.name, got, a.after)
		}
	}
	return all
}

func (w *world) close() {
	w.Helper()
	w.store.Close()
	w.writer.Close()
}

// Killed after any step of a release, redaction, suspension, restoration or
// withdrawal, the public has the old or the whole new state, and once the next
// process has delivered it has the act exactly once, nothing that was taken out
// in any file, and a whole audit chain; folding the log again gives the same.
func TestKilledAtEveryStep(t *testing.T) {
	if order := os.Getenv(crashAt); order != "" {
		var c crash
		if err := json.Unmarshal([]byte(order), &c); err != nil {
			t.Fatal(err)
		}
		c.crashed(t)
		return
	}
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		steps := []string{release.StepCountersigned, release.StepClaimed, publishedstore.StepCommitted}
		if w.where() != w.publishedURL { // PostgreSQL publishes by committing
			steps = append(steps, publishedstore.StepCopied, publishedstore.StepNamed, publishedstore.StepPointed, publishedstore.StepCleared)
		}
		steps = append(steps, release.StepApplied, release.StepDelivered)
		points := w.points()
		for _, a := range acts {
			if !slices.Equal(points[a.name], steps) {
				t.Fatalf("the %s goes through %v, and this test kills at %v", a.name, points[a.name], steps)
			}
		}
		killed := 0
		for _, step := range steps {
			r := w.round(w.ann, "round "+step, w.exact("tank", 0))
			slug, before := "kasmere-dialogue-round-"+step, pageState{status: 404}
			for _, a := range acts {
				w.killedIn(a, step, r, slug, before)
				before = a.after
				killed++
			}
		}
		if want := len(acts) * len(steps); killed != want {
			t.Errorf("killed at %d of %d points", killed, want)
		}
		t.Logf("killed at %d points: %d acts, each after %d steps", killed, len(acts), len(steps))
		digest := must(w.service.Digest(t.Context()))(t)
		if err := w.service.Rebuild(t.Context(), operator); err != nil {
			t.Fatal(err)
		}
		if again := must(w.service.Digest(t.Context()))(t); again != digest {
			t.Errorf("rebuilding gave another digest")
		}
	})
}

// killedIn kills an act on a round after a step and repairs it.
func (w *world) killedIn(a act, step string, r record.Round, slug string, before pageState) {
	w.Helper()
	id, suspend := a.prepare(w, r, slug)
	last := must(w.store.LastRelease(w.Context(), operator))(w.T)
	w.close()
	w.killed(crash{step, w.recordURL, w.publishedURL, w.dir, w.now, w.bob.ID, id, suspend})

	// What a reader sees before anything is repaired: all or nothing.
	switch got := w.page(slug); {
	case got != before && got != a.after:
		w.Errorf("%s killed after %s: %+v is neither the old nor the new state", a.name, step, got)
	case slices.Contains([]string{release.StepCountersigned, release.StepClaimed}, step) && got != before,
		slices.Contains([]string{release.StepApplied, release.StepDelivered}, step) && got != a.after:
		w.Errorf("%s killed after %s: %+v", a.name, step, got)
	}
	w.open(nil)
	if _, err := w.service.Deliver(w.Context()); err != nil {
		w.Fatal(err)
	}
	if got := w.page(slug); got != a.after {
		w.Errorf("%s killed after %s: %+v after the next start", a.name, step, got)
	}
	if now := must(w.store.LastRelease(w.Context(), operator))(w.T); now != last+1 || must(w.writer.Number(w.Context()))(w.T) != now {
		w.Errorf("%s killed after %s: number %d after %d", a.name, step, now, last)
	}
	// Not the first of the list: the clock of the process that died was ahead of ours.
	list, _, err := w.service.Releases(w.Context(), w.ann, recordstore.ReleaseFilter{PerPage: 200})
	if err != nil || !slices.ContainsFunc(list, func(r record.Release) bool { return r.Number == last+1 && r.State == record.Released }) {
		w.Errorf("%s killed after %s: release %d is not released, %v", a.name, step, last+1, err)
	}
	if !a.after.words {
		w.nowhere(w.site(), a.name+" killed after "+step, "Marrowby", "Ferrowquay")
	}
	if report := must(w.store.VerifyAudit(w.Context(), operator))(w.T); report.Broken != 0 || report.Missing != 0 {
		w.Errorf("%s killed after %s: the audit chain: %+v", a.name, step, report)
	}
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
