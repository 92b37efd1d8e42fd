package record

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
)

func changedText() Draft {
	return Draft{
		Title: "Fog", Lang: "en", Body: "One.\n\nTwo.\n\n\nThree.", Outlet: "The Lake",
		Observations: []Observation{{ID: "a", Heading: "Boats", Text: "Small boats hear late.\nVery late."}, {ID: "b", Text: "Horns rust.", Account: "A crew"}},
		Authors:      []Author{{Literal: "The house"}},
	}
}

// answer is that of a party that was shown the whole text and changed words.
func answerOf(t interface{ Fatal(...any) }, d Draft, changes map[string]string) Asking {
	a := Asking{Shown: d.Whole()}
	var wording []string
	for _, p := range a.Shown.Passages {
		text, changed := changes[p.Place]
		if !changed {
			text = p.Text
		}
		wording = append(wording, text)
	}
	var err error
	if a.Reply.Wording, err = a.Shown.Reworded(GrantedWithChanges, wording); err != nil {
		t.Fatal(err)
	}
	a.Reply.State = GrantedWithChanges
	return a
}

func TestTakingOver(t *testing.T) {
	d := changedText()
	a := answerOf(t, d, map[string]string{
		"Paragraph 2": "Two and\n\na half.", "Paragraph 3": "", "Observation 1": "Ships\nSmall ships hear late.\nVery late.", "Observation 2": "Horns rust slowly.\nA crew", "Published in": "The Shore",
	})
	got, err := d.TakingOver(a, false)
	if err != nil {
		t.Fatal(err)
	}
	if got.Body != "One.\n\nTwo and\n\na half." || got.Outlet != "The Shore" || got.Observations[0].Heading != "Ships" ||
		got.Observations[0].Text != "Small ships hear late.\nVery late." || got.Observations[1].Text != "Horns rust slowly." || got.Observations[1].Account != "A crew" {
		t.Errorf("%+v", got)
	}
	if !got.Whole().Same(a.Reply.Wording) {
		t.Errorf("the words are not those that were cleared: %+v", got.Whole())
	}
	if !d.ToTake(a, false) || got.ToTake(a, false) {
		t.Error("what is to be taken over is not known")
	}
	if d.Observations[0].Heading != "Boats" {
		t.Error("the version before was changed")
	}

	// Somebody moved the paragraph meanwhile: the same words are changed.
	moved := changedText()
	moved.Body = "Zero.\n\n" + moved.Body
	if got, err := moved.TakingOver(answerOf(t, d, map[string]string{"Paragraph 2": "2."}), false); err != nil || !strings.Contains(got.Body, "Zero.\n\nOne.\n\n2.\n\n") {
		t.Errorf("%q, %v", got.Body, err)
	}
	edited := changedText()
	edited.Body = "One.\n\nTwo, edited."
	for name, changes := range map[string]map[string]string{"edited since": {"Paragraph 2": "2."}, "entered field by field": {"Authors": "Nobody"}} {
		if _, err := edited.TakingOver(answerOf(t, d, changes), false); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "by hand") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.Reply.State = Granted
	if _, err := d.TakingOver(a, false); fault.KindOf(err) != fault.Conflict {
		t.Errorf("no wording of its own: %v", err)
	}
}

// Whichever paragraphs a party words otherwise, the text reads so once its changes
// are taken over, and its clearance stands.
func TestTakingOverGivesTheWordsThatWereCleared(t *testing.T) {
	text := rapid.StringMatching(`[a-e]( [a-e]){0,3}(\n[a-e])?`)
	rapid.Check(t, func(t *rapid.T) {
		d := Draft{Title: "T", Lang: "en", Body: strings.Join(rapid.SliceOfN(text, 1, 5).Draw(t, "body"), "\n\n")}
		changes := map[string]string{}
		for _, p := range d.Whole().Passages {
			if rapid.Bool().Draw(t, "changes "+p.Place) {
				changes[p.Place] = rapid.StringMatching(`[f-h]( [f-h]){0,2}`).Draw(t, p.Place) + rapid.SampledFrom([]string{"", "\n\ni"}).Draw(t, "more")
				if p.Place == "Title" {
					changes[p.Place] = "U"
				}
			}
		}
		if len(changes) == 0 {
			t.Skip()
		}
		a := answerOf(t, d, changes)
		got, err := d.TakingOver(a, false)
		if err != nil || !got.Whole().Same(a.Reply.Wording) {
			t.Fatalf("%q with %v became %q, %v", d.Body, changes, got.Body, err)
		}
	})
}

// An asking was for what it showed and for every wording by which its party
// answered, also one that another answer replaced.
func TestWhichWordsAnAskingWasFor(t *testing.T) {
	says := func(s string) Shown {
		return Shown{Passages: []Passage{{Place: "Body", Text: s}}}
	}
	a := Asking{
		Shown:   says("shown"),
		Earlier: []Reply{{State: GrantedWithChanges, Wording: says("reworded")}, {State: NotGranted, Wording: says("refused")}},
		Reply:   Reply{State: Revoked},
	}
	for words, want := range map[string]bool{"shown": true, "reworded": true, "refused": false, "other": false} {
		if got := a.WasFor(says(words)); got != want {
			t.Errorf("for %q: %v", words, got)
		}
	}
}
