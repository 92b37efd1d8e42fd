package release_test

import (
	"strings"
	"testing"

	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
)

// A body names in public those it came after once a round names them too, and
// no longer than that; what the house counts it by stays in the record.
func TestPredecessorsBecomePublic(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		w.body("old", record.Organisation{Name: "Board of Posts", Kind: record.Agency, Country: "XA"})
		w.body("new", record.Organisation{
			Name: "Communications Office", Kind: record.Agency, Country: "XA",
			Predecessors: []record.Succession{{OrganisationID: w.bodies["old"].ID, On: "2011"}, {OrganisationID: w.bodies["hidden"].ID}},
			Identifiers:  []record.Identifier{{Scheme: "ROR", Value: "05gq02987"}, {Scheme: "Register of canary bodies", Value: "Canary 7"}},
		})
		named := func() (published.Organisation, bool) {
			var o published.Organisation
			body, there := w.public()["organisation/communications-office"]
			if !there {
				return o, false
			}
			if err := (published.Document{Kind: published.KindOrganisation, Body: []byte(body)}).Decode(&o); err != nil {
				w.Fatal(err)
			}
			return o, true
		}
		first := w.round(w.ann, "5th round", w.exact("new", 0))
		w.pass(w.prepare(release.PrepareRequest{RoundID: first.ID}).ID)
		o, _ := named()
		if len(o.Predecessors) > 0 || len(o.Identifiers) != 1 || o.Identifiers[0] != (published.Identifier{Scheme: "ROR", Value: "05gq02987"}) {
			w.Errorf("alone: %+v", o)
		}
		for key, body := range w.public() {
			if strings.Contains(strings.ToLower(key+body), "board") {
				w.Errorf("%s names a predecessor that no round does: %s", key, body)
			}
		}
		w.noCanary()

		// Another round names the predecessor: the page of the body that came
		// after it follows, so who edited that one does not countersign.
		new := w.bodies["new"]
		new.Acronym = "CO"
		must(w.store.EditOrganisation(ctx, w.bob, new))(w.T)
		second := w.round(w.ann, "4th round", w.exact("old", 0))
		rel := w.prepare(release.PrepareRequest{RoundID: second.ID})
		if bars := must(w.service.Bars(ctx, w.bob, rel.ID))(w.T); !bars.Barred {
			w.Error("who edited a body whose page changes may countersign")
		}
		rows := must(w.service.Compare(ctx, w.ann, rel.ID))(w.T)
		compared := false
		for _, row := range rows {
			compared = compared || row.Slug == "communications-office" && row.Field == "Came after" && row.Public == "Board of Posts" && row.Was == ""
		}
		if !compared {
			w.Errorf("the comparison does not say that a predecessor becomes public: %+v", rows)
		}
		w.sign(rel.ID)
		cyd := w.person("Cyd", record.Director)
		if err := w.service.Countersign(ctx, cyd, rel.ID, password); err != nil {
			w.Fatal(err)
		}
		w.deliver(1)
		o, _ = named()
		if len(o.Predecessors) != 1 || o.Predecessors[0] != (published.Ref{Slug: "board-of-posts", Name: "Board of Posts"}) {
			w.Errorf("beside its predecessor: %+v", o)
		}
		w.noCanary()

		// A second release of the predecessor brings nothing else of its
		// successor along.
		tank := w.bodies["new"]
		tank = must(w.store.Organisation(ctx, w.ann, tank.ID))(w.T)
		tank.Aliases = []string{"Canary office"}
		must(w.store.EditOrganisation(ctx, w.ann, tank))(w.T)
		w.present(w.ann, second.ID, record.Presence{Words: "researchers", Label: record.Exact})
		w.pass(w.prepare(release.PrepareRequest{RoundID: second.ID}).ID)
		w.noCanary()

		// The round goes, and with it every word of the predecessor.
		must(w.service.Suspend(ctx, w.ann, published.KindRound, "kasmere-dialogue-4th-round", password))(w.T)
		w.deliver(1)
		for key, body := range w.public() {
			if strings.Contains(strings.ToLower(key+body), "board") {
				w.Errorf("%s names a predecessor that is gone: %s", key, body)
			}
		}
	})
}
