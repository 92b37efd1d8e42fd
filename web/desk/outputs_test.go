package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
)

// What others published is registered about a series or about one of its
// rounds, found by the filters, edited, and not there for who may not read it.
func TestRegisterOfTexts(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, text := w.filled()
		other, err := w.record.AddSeries(context.Background(), w.operator, record.Series{Name: "Elsewhere", Sides: []record.Side{{Name: "A"}, {Name: "B"}}})
		w.must(err)
		w.account("stranger", record.Editor, other.ID)
		v, stranger := w.as("editor"), w.as("stranger")
		p := v.get("/outputs").is(200).has("title", "Confidential · Texts").has("tbody", "quiet channels").has("tbody", "Not released")
		p.has("details", "Kasmere Dialogue").hasNot("Elsewhere")

		at := "/series/" + w.series.ID + "/drafts/new"
		stranger.get(at).is(404)
		form := v.get(at).is(200).has("#f-round", "The series as a whole").has("#f-round", "6th round").form(at)
		for name, value := range map[string]string{
			"title": "A duty number is not enough", "kind": string(record.Commentary), "outlet": "Harbour Journal", "date": "2024-02-30",
			"url": "https://journal.example.org/duty", "citation": "Quist, A. A duty number is not enough. Harbour Journal 3 (2024).",
		} {
			form.Set(name, value)
		}
		v.post(at, form).is(422).has(".error-summary", "Enter a date as")
		form.Set("date", "2024-02")
		first, second := v.post(at, form).is(200), v.post(at, form).is(200)
		if first.path != second.path {
			t.Errorf("sent twice, two texts: %s, %s", first.path, second.path)
		}
		form.Set("title", "Another")
		v.post(at, form).is(409)
		stranger.get(first.path).is(404)

		form = v.get(at).form(at)
		form.Set("title", "Of the round")
		form.Set("round", round)
		v.post(at, form).is(200)
		if all := v.get("/rounds/" + round + "/drafts").is(200); !strings.Contains(all.text("tbody"), "Of the round") || strings.Contains(all.text("tbody"), "not enough") {
			t.Error("the round lists what is about its series, or not what is about it")
		}
		form = v.get(at).form(at)
		form.Set("title", "Lost")
		form.Set("round", text)
		v.post(at, form).is(422).has(".error-summary", "Choose a round of this series")

		for name, tt := range map[string]struct {
			fill     url.Values
			has, not string
		}{
			"whose":    {url.Values{"whose": {"others"}}, "not enough", "quiet channels"},
			"ours":     {url.Values{"whose": {"ours"}}, "quiet channels", "not enough"},
			"kind":     {url.Values{"kind": {string(record.Commentary)}}, "not enough", "Of the round"},
			"year":     {url.Values{"until": {"2024"}}, "not enough", "quiet channels"},
			"title":    {url.Values{"q": {"duty NUMBER"}}, "not enough", "quiet channels"},
			"standing": {url.Values{"standing": {string(record.Unreleased)}, "since": {"2026"}}, "quiet channels", "not enough"},
		} {
			t.Run(name, func(t *testing.T) { v.send(p, "/outputs", tt.fill).is(200).has("tbody", tt.has).hasNot(tt.not) })
		}
		v.send(p, "/outputs", url.Values{"standing": {string(record.InPublic)}}).is(200).has(".empty", "No text here")
		v.send(p, "/outputs", url.Values{"since": {"soon"}}).is(200).has(".error-summary", "Enter a year")
		if to := v.raw("POST", "/outputs", url.Values{"q": {"quiet"}}).Header().Get("Location"); strings.Contains(to, "quiet") {
			t.Errorf("what is looked for stands in the address %s", to)
		}
		stranger.get("/outputs").is(200).has(".empty", "No text here").hasNot("not enough").hasNot("Kasmere")
		stranger.get("/outputs?series=" + w.series.ID).is(200).hasNot("not enough").hasNot("quiet channels")
		w.as("desk-officer").get("/outputs").is(404)
		v.get("/outputs?page=2").is(404)
		v.get("/outputs?find=guessed").is(200).has("tbody", "not enough")

		// Of two who edit it at once, the second is told.
		old := v.get(first.path)
		w.as("director").send(w.as("director").get(first.path), first.path, url.Values{"citation": {"Quist, 2024."}}).is(200)
		v.send(old, first.path, url.Values{"citation": {"Quist, A., 2024."}}).is(409).has(".merge", "Quist, 2024.")
		v.get(first.path+"/versions").is(200).has("main", "Version 2")
	})
}

// A text that was released stands in the register as public.
func TestRegisterSaysWhatIsPublic(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.released()
		v := w.as("editor")
		p := v.get("/outputs").is(200).has("tbody .mark--public", "Public")
		v.send(p, "/outputs", url.Values{"standing": {string(record.InPublic)}}).is(200).has("tbody .mark--public", "Public")
		v.send(p, "/outputs", url.Values{"standing": {string(record.NotShown)}}).is(200).has(".empty", "No text here")
	})
}
