package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/recordstore"
)

// A file of notes with one remark that is too long is refused whole, with the
// reason; mended, it comes in whole and once.
func TestANoteOfAMegabyte(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		x := w.sitting()
		taker, path := w.as("rapporteur"), "/sittings/"+x.ID+"/text"
		form := url.Values{"batch": {recordstore.NewID()}}
		long := strings.Repeat("Heronale remark. ", 1<<16)
		page := taker.upload(path, form, "notes.txt", "K1: First.\n\nN2: "+long+"\n\nK2: Third.")
		page.is(http.StatusUnprocessableEntity)
		if says := page.text(".error-summary"); !strings.Contains(says, "too long for one line") || strings.Contains(says, "Heronale") {
			t.Errorf("it says %q", says)
		}
		if got := w.noted(x.ID); len(got) != 0 {
			t.Errorf("of a refused file %d lines are kept", len(got))
		}
		// Whoever mends it sends the same form.
		parts := "K1: First.\n\nN2: " + long[:len(long)/2] + "\n\nN2: " + long[len(long)/2:] + "\n\nK2: Third."
		parts = strings.ReplaceAll(parts, strings.Repeat("Heronale remark. ", 1<<9), strings.Repeat("Heronale remark. ", 1<<9)+"\n\nN2: ")
		for range 2 {
			taker.upload(path, form, "notes.txt", parts).is(http.StatusOK)
		}
		got := w.noted(x.ID)
		if n := strings.Count(strings.Join(got, " "), "Heronale"); n != 1<<16 || got[0] != "K1: First." || got[len(got)-1] != "K2: Third." {
			t.Errorf("%d lines, %d words of %d", len(got), n, 1<<16)
		}
	})
}

// A session of 10,000 remarks, in scripts that run to the left or have no
// spaces, opens with the last of them, and whole if it is asked for.
func TestTenThousandRemarks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		x := w.sitting()
		taker, path := w.as("rapporteur"), "/sittings/"+x.ID
		var b strings.Builder
		for i := range 10000 {
			fmt.Fprintf(&b, "K1: %d שלום עולם 会议开始。\n\n", i)
		}
		taker.upload(path+"/text", url.Values{"batch": {recordstore.NewID()}}, "notes.txt", b.String()).is(http.StatusOK)
		page := taker.get(path)
		if n := len(page.all("[data-log] li")); n != 300 || !strings.Contains(page.body, "Show 9700 earlier lines") || !strings.Contains(page.body, "9999 שלום עולם 会议开始。") {
			t.Errorf("the page has %d lines", n)
		}
		page = taker.get(path + "?all=1")
		if n := len(page.all("[data-log] li")); n != 10000 || !strings.Contains(page.body, "0 שלום עולם 会议开始。") {
			t.Errorf("the whole page has %d lines", n)
		}
		director := w.as("director").post("/rounds/"+x.RoundID+"/notes", url.Values{"words": {"9998 שלום"}})
		if n := strings.Count(director.body, "שלום עולם"); !strings.Contains(director.body, "Found in one line") || n != 1 {
			t.Errorf("%d lines are found", n)
		}
	})
}

// A search goes on where a keyset is lost, and the page says that not everything
// was searched, and by which key; a file, which cannot say so, is refused.
func TestASearchSaysWhatItMissed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.filled()
		director := w.as("director")
		search := url.Values{"q": {"Harbour Institute"}}
		if page := director.post("/rounds", search).is(http.StatusOK); strings.Contains(page.body, "Not everything was searched") {
			t.Error("something is missed with all keysets in their place")
		}
		files, err := filepath.Glob(filepath.Join(w.keys, "keysets", "*.json"))
		w.must(err)
		for _, file := range files {
			w.must(os.Rename(file, file+".away"))
		}
		for _, path := range []string{"/rounds", "/find"} {
			says := director.post(path, search).is(http.StatusOK).text("main .notice")
			if !strings.Contains(says, "Not everything was searched: the keyset ") || !strings.Contains(says, "is not in the key directory") {
				t.Errorf("%s says %q", path, says)
			}
		}
		bodies, _, err := w.record.Organisations(context.Background(), w.actor("director"), recordstore.OrganisationFilter{Query: "Harbour Institute"})
		w.must(err)
		file := director.raw(http.MethodPost, "/rounds/download?organisation="+bodies[0].ID, url.Values{"as": {"csv"}, "password": {password}})
		if file.Code != http.StatusServiceUnavailable || !strings.Contains(file.Body.String(), "is not in the key directory") {
			t.Errorf("a file answers %d", file.Code)
		}
		if body := director.get("/rounds?country=XA").body; strings.Contains(body, "Not everything was searched") {
			t.Error("a list that asks for no body says that something is missed")
		}
		if page := w.as("editor").post("/rounds", search); strings.Contains(page.body, "Not everything was searched") {
			t.Error("who may not read what is sealed is told of its key")
		}
	})
}
