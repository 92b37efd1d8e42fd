package desk_test

import (
	"context"
	"os"
	"net/url"
	"testing"

	"track15/models/record"
	"track15/web/browsertest"
)

func TestZZShots(t *testing.T) {
	w, _ := everywhere(t)
	at := w.served()
	_, summary := w.held()
	ctx := context.Background()
	o, _ := w.record.Output(ctx, w.operator, summary.ID)
	ledger := "/drafts/" + summary.ID + "/clearance"
	v := w.as("coordinator")
	v.send(v.get(ledger), ledger, url.Values{"due": {"2026-03-30"}}).is(200)
	kasmere := v.asked(ledger, "Kasmere")
	sent := []string{"Dear colleagues,", "please find our changes."}
	for _, p := range o.Draft.Whole().Passages {
		sent = append(sent, p.Text)
	}
	sent[2] = "Some " + sent[2]
	sent = append(sent[:3], append([]string{"A new paragraph of ours."}, sent[3:]...)...)
	a, _ := w.record.Ledger(ctx, w.operator, summary.ID)
	for _, x := range a.Askings {
		if _, err := w.record.KeepReceived(ctx, w.operator, summary.ID, x.ID, 1, record.Evidence{Name: "answer.docx", Content: []byte(wordFile(t, sent...))}); err != nil {
			t.Fatal(err)
		}
	}
	for name, view := range map[string]browsertest.View{"1440": {}, "390d": {Width: 390, Dark: true}} {
		p := w.enter(t, at, "coordinator", view)
		p.Goto(at + kasmere + "/compare")
		p.Screenshot("/tmp/r4shot-compare-" + name + ".png")
		p.Goto(at + kasmere)
		p.Screenshot("/tmp/r4shot-asking-" + name + ".png")
		t.Log(p.Overflow())
		if name == "1440" {
			os.WriteFile("/tmp/r4shot.pdf", p.Printed(), 0o600)
		}
	}
}
