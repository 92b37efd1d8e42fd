package desk_test

import (
	"bytes"
	"context"
	"maps"
	"net/url"
	"strings"
	"testing"

	"track15/models/papers/docx"
)

// wordFile is a Word file of paragraphs.
func wordFile(t *testing.T, paragraphs ...string) string {
	t.Helper()
	var d docx.Document
	for _, p := range paragraphs {
		d.Blocks = append(d.Blocks, docx.Block{Text: docx.Plain(p)})
	}
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// An answer comes as a Word file: its changes are listed, taken over one by one,
// recorded as the exact wording, and made in the text as one edit.
func TestAnswerAsAFile(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		ledger := "/drafts/" + summary.ID + "/clearance"
		v := w.as("coordinator")
		v.send(v.get(ledger), ledger, url.Values{"due": {"2026-03-30"}}).is(200)
		kasmere := v.asked(ledger, "Kasmere")
		page := v.get(kasmere).is(200).hasNot("A file came")
		o, err := w.record.Output(context.Background(), w.operator, summary.ID)
		w.must(err)
		var sent []string
		for _, p := range o.Draft.Whole().Passages {
			sent = append(sent, p.Text)
		}

		form := page.form(kasmere)
		maps.Copy(form, url.Values{"on": {"2026-03-16"}, "said": {"Hushhush, with one change"}, "channel": {"mail"}})
		v.upload(kasmere+"/compare", form, "", "").is(422).has(".error-summary", "Choose the file").has("textarea", "Hushhush")

		// A picture is evidence only; what was typed goes with it.
		only := v.upload(kasmere+"/compare", form, "seal.png", "\x89PNG\r\n\x1a\n").is(200).has(".page-h", "Evidence only").has("main", "Not read: picture")
		back := v.post(kasmere+"/wording", only.form(kasmere+"/wording#answer")).is(200).has("textarea", "Hushhush").has("main", "A file came")
		if got := back.form(kasmere).Get("answer"); got != "" {
			t.Errorf("a picture says %q", got)
		}

		came := append([]string{"Dear colleagues,"}, sent...)
		came[1] = "Other words: " + came[1]
		form = back.form(kasmere)
		changes := v.upload(kasmere+"/compare", form, "answer.docx", wordFile(t, came...)).is(200).
			has("h1", "Kasmere").has("ins", "Other words:").has("main", "Dear colleagues,").has("main", "answer.docx").hasNot("Evidence only")
		choices := changes.form(kasmere + "/wording#answer")
		if choices.Get("change.0") != "take" || choices.Get("said") != "Hushhush, with one change" {
			t.Errorf("the form holds %v", choices)
		}
		undecided := maps.Clone(choices)
		undecided.Del("change.0")
		v.post(kasmere+"/wording", undecided).is(422).has(".error-summary", "whether this change")
		stale := maps.Clone(choices)
		stale.Set("version", "1")
		v.post(kasmere+"/wording", stale).is(409).has(".error-summary", "Look at what came again")
		left := maps.Clone(choices)
		left.Set("change.0", "leave")
		if got := v.post(kasmere+"/wording", left).is(200).form(kasmere); got.Get("wording.0") != sent[0] || got.Get("answer") != "" {
			t.Errorf("left out, and the form says %q", got.Get("answer"))
		}
		answer := v.post(kasmere+"/wording", choices).is(200).form(kasmere)
		if answer.Get("wording.0") != "Other words: "+sent[0] || answer.Get("answer") != "granted with changes" || answer.Get("said") != "Hushhush, with one change" {
			t.Errorf("the form of the answer holds %v", answer)
		}
		v.upload(kasmere, answer, "", "").is(200)
		v.get(ledger).is(200).has("tbody", "Because the text does not have its changes yet")
		if got := v.get(kasmere + "/evidence").is(200); !strings.HasPrefix(got.body, "PK") {
			t.Error("the file that came is not the evidence")
		}
		recorded := v.get(kasmere).is(200).hasNot("A file came").has("main", "Take its changes over")
		v.send(recorded, kasmere+"/take", nil).is(200).has("tbody", "With its changes")
		v.get("/drafts/"+summary.ID).is(200).has("h1", "Other words: "+sent[0]).has("main", "by The coordinator")
		v.get(kasmere).is(200).hasNot("Take its changes over")

		for _, path := range []string{"", "/compare"} {
			w.as("editor").get(kasmere+path).is(404).hasNot("Hushhush", "Other words")
		}
		if strings.Contains(w.log.String(), "Hushhush") || strings.Contains(w.log.String(), "answer.docx") {
			t.Error("words or the name of a file stand in the log")
		}
	})
}

// An answer that was pasted is kept as it came, and nothing of it is an answer
// until somebody records one.
func TestAnswerPasted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		ledger := "/drafts/" + summary.ID + "/clearance"
		v := w.as("coordinator")
		v.send(v.get(ledger), ledger, nil).is(200)
		kasmere := v.asked(ledger, "Kasmere")
		page := v.get(kasmere).is(200)
		form := page.form(kasmere)
		o, err := w.record.Output(context.Background(), w.operator, summary.ID)
		w.must(err)
		text := "We agree."
		for _, p := range o.Draft.Whole().Passages {
			text += "\n\n" + p.Text
		}
		form.Set("pasted", text)
		v.upload(kasmere+"/compare", form, "", "").is(200).has(".page-h", "No change").has("main", "We agree.")
		v.get(ledger).is(200).has("tbody", "No answer yet").hasNot("Stands")
		v.get(kasmere+"/compare").is(200).has("main", "We agree.")
		if got := v.get(kasmere + "/evidence").is(200).body; !strings.HasPrefix(got, "We agree.") {
			t.Errorf("kept is %q", got)
		}
	})
}
