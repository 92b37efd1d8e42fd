package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// BenchmarkSittingPage opens a session of 1,000 remarks and one of 10,000: the
// server's time, from the request to the last byte of the page.
func BenchmarkSittingPage(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newWorld(b, func(name string) string { return dbtest.SQLite(b, name) })
			x := w.sitting()
			lines := make([]recordstore.Line, n)
			for i := range lines {
				lines[i] = recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Speaker: "K1", Text: "Agrees to test the number twice a year, if the other side does."}}
			}
			w.must(w.record.TakeIn(context.Background(), w.actor("rapporteur"), x.ID, lines))
			v := w.as("rapporteur")
			for b.Loop() {
				if rec := v.raw(http.MethodGet, "/sittings/"+x.ID, nil); rec.Code != http.StatusOK {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}

// BenchmarkEnterToSaved is what a note-taker waits, in the browser: from Enter to
// the line that the server has sealed, and "All lines are saved".
func BenchmarkEnterToSaved(b *testing.B) {
	w := newWorld(b, func(name string) string { return dbtest.SQLite(b, name) })
	x := w.sitting()
	at := w.served()
	p := w.enter(b, at, "rapporteur", browsertest.View{})
	p.Goto(at + "/sittings/" + x.ID)
	p.Wait(".netline.is-saved:not([hidden])")
	var took float64
	for b.Loop() {
		took += browsertest.Eval[float64](p, `new Promise((done) => {
			const text = document.querySelector("#f-text"), log = document.querySelector("[data-log]"), state = document.querySelector("[data-state]");
			const want = log.querySelectorAll("li[data-position]").length + 1;
			text.value = "Agrees to test the number twice a year, if the other side does.";
			const began = performance.now();
			const look = new MutationObserver(() => {
				if (log.querySelectorAll("li[data-position]").length < want || !state.classList.contains("is-saved")) return;
				look.disconnect();
				done(performance.now() - began);
			});
			look.observe(document.body, { subtree: true, childList: true, attributes: true });
			text.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
		})`)
	}
	b.ReportMetric(took/float64(b.N), "ms/saved")
	b.ReportMetric(0, "ns/op")
}
