package desk_test

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"track15/models/database/dbtest"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
	"track15/web/browsertest"
)

// The preview of a text shows what stands in its form, as the public page then
// does, and stores nothing.
func TestADraftIsPreviewedAsThePublicPage(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		round, summary := w.held()
		v, at := w.as("coordinator"), "/drafts/"+summary.ID
		p := v.get(at).is(200).has("#preview", "Not public")
		if n := len(p.all("#preview .prose")); n != 0 {
			t.Error("something is previewed before it was asked for")
		}
		form := p.form(at)
		form.Set("body", "Participants spoke of *duty numbers*.\n\n- A first\n- A second\n\n<script>alert(1)</script>")
		p = v.post(at+"/preview", form).is(200).has("#preview .prose em", "duty numbers").has("#preview .prose li", "A second").
			has("#preview ol", "A number is no procedure.").has("textarea[name=body]", "<script>")
		for _, hidden := range []string{"Hushhush", "Signals Directorate", "customs house"} {
			if strings.Contains(p.text("#preview"), hidden) {
				t.Errorf("the preview shows %s", hidden)
			}
		}
		if len(p.all("#preview script")) > 0 {
			t.Error("what was typed runs")
		}
		shown := rendered(t, p.all("#preview .prose > *")[0])
		if o, err := w.record.Output(ctx, w.operator, summary.ID); err != nil || o.Draft.Number != 1 || strings.Contains(o.Draft.Body, "first") {
			t.Errorf("a look stored version %d, %v", o.Draft.Number, err)
		}
		untitled := v.get(at).form(at)
		untitled.Set("title", "")
		v.post(at+"/preview", untitled).is(200).has("#preview", "needs a title")
		w.as("desk-officer").post(at+"/preview", form).is(404)

		v.post(at, form).is(200)
		recordtest.Clear(t, w.record, summary.ID)
		r, err := w.release.PrepareRound(ctx, w.actor("coordinator"), release.PrepareRequest{RoundID: round.ID, OutputIDs: []string{summary.ID}})
		w.must(err)
		page := v.previewed("/releases/" + r.ID)["/rounds/kasmere-dialogue-5th-round"]
		if !strings.Contains(page, shown) {
			t.Errorf("the public page does not hold %s", shown)
		}
	})
}

// rendered is an element as it is written.
func rendered(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// While somebody types, the preview follows; without scripts its button shows it.
func TestThePreviewFollowsTheKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	_, summary := w.held()
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	p.Goto(at + "/drafts/" + summary.ID)
	p.Fill("#f-title", "Other points")
	p.Wait("#preview .prose")
	if got := p.Text("#preview"); !strings.Contains(got, "Other points") {
		t.Errorf("the preview says %s", got)
	}
	p.Readable()
	plain := w.enter(t, at, "director", browsertest.View{NoScripts: true, Width: 390})
	plain.Goto(at + "/drafts/" + summary.ID)
	plain.Fill("#f-title", "Plain points")
	plain.Follow("[data-preview]")
	if got := plain.Text("#preview"); !strings.Contains(got, "Plain points") || plain.Value("#f-title") != "Plain points" {
		t.Errorf("the preview says %s", got)
	}
	plain.NoOverflow()
}
