package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
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
