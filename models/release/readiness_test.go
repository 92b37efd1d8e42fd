package release_test

import (
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/release"
)

// Rules that became stricter since the freezing hold both signatures back; the
// list says so first, and to nobody more than they may read.
func TestRulesThatShutSinceHoldARelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r, o := w.agreed()
		rel := must(w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}))(t)
		of := func(who record.Actor, rule record.Rule) record.Precondition {
			t.Helper()
			for _, c := range must(w.service.Readiness(ctx, who, rel.ID))(t) {
				if c.Rule == rule {
					return c
				}
			}
			t.Fatalf("no condition of %s", rule)
			return record.Precondition{}
		}
		if c := of(w.ann, record.RuleGround); !c.Met || !strings.Contains(c.Says, "organisations") {
			t.Errorf("before: %+v", c)
		}
		if c := of(w.ann, record.RuleCleared); !c.Met || c.Says != "2 of 2 stand." || c.ObjectID != o.ID {
			t.Errorf("cleared: %+v", c)
		}
		if c := of(w.eve, record.RuleCleared); !c.Met || strings.Contains(c.Says, "2") || c.ObjectID != "" {
			t.Errorf("an editor is told %+v", c)
		}

		rules := func(change func(map[record.Aspect]record.Permission)) {
			t.Helper()
			now := w.read(r.ID)
			change(now.Rules.Vector)
			if err := w.store.EditRules(ctx, operator, r.ID, now.Version, now.Rules); err != nil {
				t.Fatal(err)
			}
		}
		shut := func(v map[record.Aspect]record.Permission) { delete(v, record.AspectOrganisation) }
		open := func(v map[record.Aspect]record.Permission) { v[record.AspectOrganisation] = record.Free }
		rules(shut)
		if c := of(w.ann, record.RuleGround); c.Met || c.Who == "" || !strings.Contains(c.Says, "any more: organisations.") {
			t.Errorf("after: %+v", c)
		}
		if c := of(w.eve, record.RuleGround); c.Met || strings.Contains(c.Says, "organisations") {
			t.Errorf("an editor is told %+v", c)
		}
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); fault.KindOf(err) != fault.Conflict {
			t.Errorf("signed: %v", err)
		}
		rules(open)
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); err != nil {
			t.Fatal(err)
		}
		rules(shut)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); fault.KindOf(err) != fault.Conflict {
			t.Errorf("countersigned: %v", err)
		}
		rules(open)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); err != nil {
			t.Fatal(err)
		}
		if all := must(w.service.Readiness(ctx, w.ann, rel.ID))(t); len(all) != 0 {
			t.Errorf("of a release that went out: %+v", all)
		}
	})
}
