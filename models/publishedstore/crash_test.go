package publishedstore_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"track15/models/published"
	"track15/models/publishedstore"
)

// TestCrashChild is no test of its own: TestCrash runs it in another process,
// which kills itself after the step named in its environment.
func TestCrashChild(t *testing.T) {
	step := os.Getenv("TRACK15_TEST_CRASH_AFTER")
	if step == "" {
		t.Skip("runs only as a child of TestCrash")
	}
	opened := false
	w, err := publishedstore.OpenWriter(t.Context(), os.Getenv("TRACK15_TEST_URL"), publishedstore.WriterOptions{
		Snapshots: os.Getenv("TRACK15_TEST_SNAPSHOTS"),
		AfterStep: func(s string) {
			if opened && s == step {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	opened = true
	_ = w.Apply(t.Context(), envelope(2, docs(t, round("kasmere", 2, 2015))))
}

// Killed after any step, the public has the old or the whole new state; the
// next start completes it, once.
func TestCrash(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		steps := map[string]int64{publishedstore.StepCommitted: 2} // what readers see after it
		if p.snapshots != "" {
			steps = map[string]int64{
				publishedstore.StepCommitted: 1, publishedstore.StepCopied: 1, publishedstore.StepNamed: 1,
				publishedstore.StepPointed: 2, publishedstore.StepCleared: 2,
			}
		}
		first := envelope(1, docs(t, seed()...))
		second := envelope(2, docs(t, round("kasmere", 2, 2015)))
		for step, seen := range steps {
			t.Run(step, func(t *testing.T) {
				w := p.writer(t)
				if err := w.Rebuild(t.Context(), envelopes(nil)); err != nil {
					t.Fatal(err)
				}
				apply(t, w, first)
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(os.Args[0], "-test.run", "^TestCrashChild$")
				cmd.Env = append(os.Environ(), "TRACK15_TEST_CRASH_AFTER="+step, "TRACK15_TEST_URL="+p.url, "TRACK15_TEST_SNAPSHOTS="+p.snapshots)
				out, err := cmd.CombinedOutput()
				var exit *exec.ExitError
				if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
					t.Fatalf("the child was not killed: %v\n%s", err, out)
				}
				r := p.reader(t)
				check := func(want int64) {
					t.Helper()
					e, err := r.Edition(context.Background())
					if err != nil {
						t.Fatal(err)
					}
					defer e.Close()
					l, err := e.Rounds(t.Context(), publishedstore.RoundFilter{})
					if err != nil || e.Number() != want || l.Total != int(want) {
						t.Errorf("readers see release %d with %d rounds, %v; want %d", e.Number(), l.Total, err, want)
					}
				}
				check(seen)
				again := p.writer(t)
				check(2)
				apply(t, again, second)
				check(2)
				if p.snapshots != "" {
					files, err := os.ReadDir(p.snapshots)
					if err != nil {
						t.Fatal(err)
					}
					for _, f := range files {
						if strings.HasSuffix(f.Name(), ".tmp") || strings.HasPrefix(f.Name(), "published-1") {
							t.Errorf("%s is left behind", f.Name())
						}
					}
				}
				d := digest(t, again)
				if err := again.Rebuild(t.Context(), envelopes([]published.Envelope{first, second})); err != nil || digest(t, again) != d {
					t.Errorf("folding again gave another store (%v)", err)
				}
			})
		}
	})
}
