package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

// What a reader asks is written down, with the entry found and taking it down
// one step away; settled, it leaves the first page.
func TestARequestIsWrittenDownAndSettled(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, copies := w.released()
		coordinator, director, editor := w.as("coordinator"), w.as("director"), w.as("editor")
		slug := strings.TrimPrefix(copies["round"], "/released/round/")
		coordinator.post("/requests", url.Values{"reference": {"nonesuch"}, "received": {"12.3.2026"}}).is(422).
			has(".error-summary", "Choose what should happen.").has(".error-summary", "as 2017-01-11")
		p := coordinator.post("/requests", url.Values{
			"reference": {"https://public.example.org/rounds/" + slug}, "wish": {"name"}, "words": {"Harbour Institute"},
			"right": {"We were never there."}, "contact": {"kite@example.org"}, "received": {"2026-03-13"},
		}).is(200).has("dl", "We were never there.").has("dl", "kite@example.org").has(".muted", "Due Tue 17 March 2026").has("#entry", "The entry")
		request := p.path
		if strings.Contains(p.path, "kite") || strings.Contains(text(p.all("title")[0]), "Harbour") {
			t.Error("an address or a title says what was asked")
		}
		director.get("/").is(200).has(".queue", "Remove a name or an organisation. Due Tue 17 March 2026")
		editor.get("/").is(200).hasNot("Readers ask to correct or remove")
		editor.get(request).is(404)
		editor.get("/releases").is(200).hasNot("/requests")
		director.get("/releases").is(200).has("a", "What readers asked")

		director.post(copies["round"]+"/suspend", url.Values{"password": {password}}).is(200)
		w.deliver()
		director.get(request).is(200).has(".mark--wax", "Suspended").hasNot("Take it down first")
		form := director.get(request).form(request)
		form.Set("state", "removed")
		director.post(request, form).is(422).has(".error-summary", "what was answered")
		form.Set("answer", "Taken out, with our thanks.")
		director.post(request, form).is(200).has("main", "Removed").has("textarea", "Taken out")
		form.Set("answer", "Otherwise.")
		coordinator.post(request, form).is(409).has(".error-summary", "Somebody else changed this")
		director.get("/").is(200).hasNot("Readers ask to correct or remove")
		director.get("/requests").is(200).has("section", "Removed").has("section", "The director")
	})
}

// Copies elsewhere are listed with the release that took something away, under
// the addresses that others may have kept.
func TestCopiesElsewhereAreListed(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, copies := w.released()
		coordinator, editor := w.as("coordinator"), w.as("editor")
		taken := coordinator.post(copies["output"]+"/suspend", url.Values{"password": {password}}).is(200).has("a", "Copies elsewhere of what leaves").path
		w.deliver()
		list := taken + "/copies"
		coordinator.get(list).is(200).has("dd", "https://public.example.org/observations/").has("dl", "Web archive")
		editor.get(list).is(404)
		editor.get(taken).is(200).hasNot("Copies elsewhere")
		coordinator.post(list, url.Values{"kind": {""}, "address": {""}}).is(422).has(".error-summary", "who holds the copy").has(".error-summary", "where the copy stands")
		coordinator.post(list, url.Values{"kind": {"archive"}, "address": {"https://archive.example.org/kite"}, "note": {"Wrote to them"}}).is(200).
			has("table", "https://archive.example.org/kite").has(".mark--review", "To do").has("table", "The coordinator")
		coordinator.get("/").is(200).has(".queue", "One copy open")
		p := coordinator.get(list)
		one := attr(p.all("th a")[0], "href")
		form := coordinator.get(one).is(200).form(one)
		form.Set("state", "gone")
		coordinator.post(one, form).is(200).has("table", "Gone")
		form.Set("state", "refused")
		coordinator.post(one, form).is(409)
		coordinator.get("/").is(200).hasNot("Copies elsewhere to chase")
		coordinator.get(taken + "/copies/aaaaaaaaaaaaaaaaaaaaaaaaaa").is(404)
	})
}
