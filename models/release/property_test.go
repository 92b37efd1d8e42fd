package release_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/database/dbtest"
	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
)

// Whatever several people do to a round and its text, in whatever order, and
// wherever the process ends: nothing is public that two people did not sign of
// whom the second contributed nothing to it, nothing whose clearance is missing
// or was revoked before it came, nothing held or waiting, and nothing that was
// taken away; and folding the log again gives the same.
func TestNothingIsPublicThatTwoDidNotSign(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		signers := []record.Actor{w.ann, w.bob, w.person("Cyd", record.Coordinator), w.person("Dan", record.Director)}
		checks := "16"
		if w.where() == w.publishedURL {
			checks = "3" // each costs more on PostgreSQL
		}
		fewer(t, "rapid.checks", checks)
		fewer(t, "rapid.steps", "60")
		base := w.prepare(release.PrepareRequest{RoundID: w.round(operator, "base", w.exact("tank", 0)).ID}) // what all rounds name
		w.pass(base.ID)
		signed, tally, n := map[string]approval{}, map[string]int{}, 0
		approve(signed, base.Put, approval{w.ann.ID, w.bob.ID})
		rapid.Check(t, func(rt *rapid.T) {
			n++
			step := ""
			p := begin(w, signers, fmt.Sprintf("play %d", n), &step)
			p.signed, p.tally = signed, tally
			if rapid.IntRange(0, 3).Draw(rt, "opening") > 0 { // most begin with something public
				p.publish(rt)
			}
			rt.Repeat(map[string]func(*rapid.T){
				"write": p.write, "clear": p.clear, "revoke": p.revoke, "prepare": p.prepare, "sign": p.sign, "countersign": p.countersign,
				"see through": p.through, "publish": p.publish, "suspend": p.suspend, "withdraw": p.withdraw, "bring back": p.bringBack,
				"wait": p.wait, "time passes": p.pass, "deliver": p.deliver, "crash": func(rt *rapid.T) { p.crash(rt, &step) },
			})
			p.deliver(rt)
		})
		for _, act := range []string{"crash", "deliver release", "deliver correction", "deliver suspension", "deliver withdrawal"} {
			if w.where() != w.publishedURL && tally[act] == 0 {
				t.Errorf("%q never came through", act)
			}
		}
		digest := must(w.service.Digest(t.Context()))(t)
		if err := w.service.Rebuild(t.Context(), operator); err != nil {
			t.Fatal(err)
		}
		if must(w.service.Digest(t.Context()))(t) != digest {
			t.Error("folding the log again gives something else")
		}
		t.Logf("%d sequences: %v", n, tally)
	})
}

// begin logs a round with a joint statement, by nobody who signs.
func begin(w *world, signers []record.Actor, label string, step *string) *play {
	w.Helper()
	p := &play{
		world: w, signers: signers, cast: append([]record.Actor{w.eve}, signers...), versions: map[int64]string{}, edits: map[string][]edit{}, grants: map[string]map[string]grant{},
		revoked: map[string]int{}, gone: map[string]bool{}, before: map[string]string{},
	}
	p.open(step)
	p.round = w.round(operator, label, w.exact("tank", 0)).ID
	o := must(w.store.AddOutput(w.Context(), operator, record.Output{
		SeriesID: w.series.ID, RoundID: p.round, Kind: record.JointStatement, Draft: record.Draft{Title: "Title", Lang: "en", Body: "Words."},
	}))(w.T)
	p.text, p.versions[o.Draft.Number] = o.ID, words(o.Draft)
	p.about = "kasmere-dialogue-" + strings.ReplaceAll(label, " ", "-")
	p.slug = p.about + "-joint-statement"
	return p
}

func approve(signed map[string]approval, docs []record.FrozenDocument, by approval) {
	for _, d := range docs {
		doc := published.Document{Kind: published.Kind(d.Kind), Slug: d.Slug, Body: d.Body}
		signed[doc.Hash()] = by
	}
}

// fewer sets a flag of rapid for this test, unless the command line did.
func fewer(t *testing.T, name, value string) {
	t.Helper()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	f := flag.Lookup(name)
	if set || f == nil {
		return
	}
	was := f.Value.String()
	t.Cleanup(func() { _ = f.Value.Set(was) })
	if err := f.Value.Set(value); err != nil {
		t.Fatal(err)
	}
}
