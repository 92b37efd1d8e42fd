package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/web/browsertest"
)

// cutting is served, through a network that can be cut: connections then end
// without an answer.
func (w *world) cutting() (at string, cut *atomic.Bool) {
	w.t.Helper()
	cut = &atomic.Bool{}
	listener, err := net.Listen("tcp", "localhost:0")
	w.must(err)
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if cut.Load() {
			panic(http.ErrAbortHandler)
		}
		r.Host = host
		w.handler.ServeHTTP(rw, r)
	})}}
	s.Start()
	w.t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return "http://localhost:" + port, cut
}

// sitting is a session of a filled round whose notes the rapporteur takes.
func (w *world) sitting() record.Session {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	round, _ := w.filled()
	x, err := w.record.AddSession(ctx, actor, record.Session{RoundID: round, Title: "Contact points in an emergency", On: "2026-03-25", Starts: "11:00"})
	w.must(err)
	for i := range 3 {
		_, err := w.record.AddParticipation(ctx, actor, record.Participation{RoundID: round, SideID: w.series.Sides[i%2].ID, Capacity: record.Expert})
		w.must(err)
	}
	w.must(w.record.AssignNotes(ctx, w.actor("director"), x.ID, []record.Taker{{AccountID: w.actor("rapporteur").ID}}))
	return x
}

// noted are the words of the notes of a session.
func (w *world) noted(session string) (words []string) {
	w.t.Helper()
	all, err := w.record.NotesOf(context.Background(), w.actor("coordinator"), session)
	w.must(err)
	for _, x := range all {
		words = append(words, x.Code+": "+x.Text)
	}
	return words
}

// The network is cut while 40 lines are typed, and the browser is killed and
// started again: all arrive once, in their order, and none lay on the disk in
// clear.
func TestNotesSurviveTheNetworkAndTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at, cut := w.cutting()
	dir := browsertest.Profile(t)
	own := browsertest.StartOwn(t, dir)
	signIn := func() *browsertest.Page {
		p := own.Open(at+"/sign-in", browsertest.View{})
		p.Fill("#f-email", "rapporteur@example.org")
		p.Fill("#f-password", password)
		p.Follow("main button")
		p.Goto(at + "/sittings/" + x.ID)
		return p
	}
	p := signIn()
	p.Wait(".netline.is-saved:not([hidden])")
	p.Fill("#f-speaker", "K1")
	p.Click("#f-text")
	p.Press("Kept at once." + kb.Enter)
	p.Wait("li[data-position]:nth-child(1)")

	want := []string{"K1: Kept at once."}
	cut.Store(true)
	for i := range 40 {
		text := fmt.Sprintf("Heronale remark %02d.", i)
		typed := text
		code := "K1"
		if i%3 == 1 {
			code = "N2"
		}
		if i > 0 {
			typed = "@" + code + " " + text
		}
		p.Press(typed + kb.Enter)
		want = append(want, code+": "+text)
	}
	p.Press("Heronale half a line")
	p.Wait("li.is-pending:nth-child(41)")
	kept := func(n int) string {
		return fmt.Sprintf(`new Promise(done => { const look = () => { const o = indexedDB.open("track15", 1); o.onsuccess = () => { const q = o.result.transaction("lines").objectStore("lines").count(); q.onsuccess = () => { o.result.close(); q.result >= %d ? done(q.result) : setTimeout(look, 20) } } }; look() })`, n)
	}
	if n := browsertest.Eval[int](p, kept(41)); n != 41 {
		t.Fatalf("%d lines are kept", n)
	}
	p.Wait("[data-compose]:not([data-typing])")
	if !strings.Contains(p.Text("[data-state]"), "40 lines are kept encrypted") {
		t.Errorf("the page says %q", p.Text("[data-state]"))
	}
	own.Kill()
	inProfile(t, dir, "Heronale", "remark", "half a line")

	cut.Store(false)
	own = browsertest.StartOwn(t, dir)
	p = signIn()
	p.Wait("li[data-position]:nth-child(41)")
	if got := p.Value("#f-text"); got != "Heronale half a line" {
		t.Errorf("what was being typed is now %q", got)
	}
	p.Wait(".netline.is-saved")
	if n := p.Count("li.is-pending"); n != 0 {
		t.Errorf("%d lines still wait", n)
	}
	if got := w.noted(x.ID); !slices.Equal(got, want) {
		t.Errorf("noted %q\nwant %q", got, want)
	}
	own.Kill()
	inProfile(t, dir, "Heronale", "remark", "half a line", "Kept at once")
}

// Long lines that waited together go as many forms as they need; one that no form
// holds goes back to be mended, and keeps none behind it.
func TestLongNotesAreSentInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at, cut := w.cutting()
	p := browsertest.StartOwn(t, browsertest.Profile(t)).Open(at+"/sign-in", browsertest.View{})
	p.Fill("#f-email", "rapporteur@example.org")
	p.Fill("#f-password", password)
	p.Follow("main button")
	p.Goto(at + "/sittings/" + x.ID)
	p.Wait(".netline.is-saved:not([hidden])")
	cut.Store(true)
	p.Fill("#f-speaker", "K1")
	long := strings.Repeat("水", record.MaxIntervention/3)
	for i, text := range []string{long, long, long + long, "The last."} {
		browsertest.Eval[bool](p, fmt.Sprintf(`(document.querySelector("#f-text").value = %q, document.querySelector("[data-compose]").requestSubmit(), true)`, text))
		p.Wait(fmt.Sprintf("li.is-pending:nth-child(%d)", i+1))
	}
	cut.Store(false)
	p.Click("[data-state] button")
	p.Wait("li[data-position]:nth-child(3)")
	p.Wait(".netline.is-saved")
	if got, want := w.noted(x.ID), []string{"K1: " + long, "K1: " + long, "K1: The last."}; !slices.Equal(got, want) {
		t.Errorf("%d lines are kept, want %d", len(got), len(want))
	}
	if got := p.Value("#f-text"); got != long+long {
		t.Errorf("%d bytes stand in the field, want %d", len(got), 2*len(long))
	}
}

// Lines that waited keep their order, also if the clock of the computer was put
// back while the page was away.
func TestWaitingLinesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	var deaf atomic.Bool // pages come, lines are not taken
	inner := w.handler
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if deaf.Load() && strings.HasSuffix(r.URL.Path, "/lines") {
			panic(http.ErrAbortHandler)
		}
		inner.ServeHTTP(rw, r)
	})
	at, _ := w.cutting()
	p := browsertest.StartOwn(t, browsertest.Profile(t)).Open(at+"/sign-in", browsertest.View{})
	p.Fill("#f-email", "rapporteur@example.org")
	p.Fill("#f-password", password)
	p.Follow("main button")
	session := at + "/sittings/" + x.ID
	p.Goto(session)
	p.Wait(".netline.is-saved:not([hidden])")
	p.Fill("#f-speaker", "K1")
	p.Click("#f-text")
	deaf.Store(true)
	log := func(text string, pending int) {
		t.Helper()
		p.Click("#f-text")
		p.Press(text + kb.Enter)
		p.Wait(fmt.Sprintf("li.is-pending:nth-child(%d)", pending))
		p.Wait("[data-compose]:not([data-typing])")
	}
	// A day ahead when it is typed; right again when the next one is.
	browsertest.Eval[bool](p, `(Date.now = (now => () => now() + 86400000)(Date.now), true)`)
	log("One.", 1)
	p.Goto(session)
	p.Wait("li.is-pending:nth-child(1)")
	p.Fill("#f-speaker", "K1")
	log("Two.", 2)
	deaf.Store(false)
	p.Goto(session)
	p.Wait("li[data-position]:nth-child(2)")
	if got, want := w.noted(x.ID), []string{"K1: One.", "K1: Two."}; !slices.Equal(got, want) {
		t.Errorf("noted %q, want %q", got, want)
	}
}

// Lines that waited for the network while somebody sealed the notes arrive, and
// the page shows none of what it may not show any more.
func TestLinesThatWaitedWhileNotesWereSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at, cut := w.cutting()
	p := browsertest.StartOwn(t, browsertest.Profile(t)).Open(at+"/sign-in", browsertest.View{})
	p.Fill("#f-email", "rapporteur@example.org")
	p.Fill("#f-password", password)
	p.Follow("main button")
	p.Goto(at + "/sittings/" + x.ID)
	p.Wait(".netline.is-saved:not([hidden])")
	p.Fill("#f-speaker", "K1")
	p.Click("#f-text")
	cut.Store(true)
	p.Press("One." + kb.Enter)
	p.Press("Two." + kb.Enter)
	p.Wait("li.is-pending:nth-child(2)")
	w.must(w.record.SealNotes(context.Background(), w.actor("coordinator"), x.ID))
	cut.Store(false)
	p.Click("[data-state] button")
	p.Wait("[data-log]:not(:has(.is-pending))")
	if got, want := w.noted(x.ID), []string{"K1: One.", "K1: Two."}; !slices.Equal(got, want) {
		t.Errorf("noted %q, want %q", got, want)
	}
	if n := p.Count("li[data-position]"); n != 0 {
		t.Errorf("%d lines are shown", n)
	}
	p.Goto(at + "/sittings/" + x.ID)
	if p.Status() != http.StatusNotFound {
		t.Errorf("the page answers %d", p.Status())
	}
}

// inProfile fails if a file of the profile holds one of the words, in the two
// ways in which browsers write text.
func inProfile(t *testing.T, dir string, words ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, word := range words {
			wide := []byte{}
			for _, c := range []byte(word) {
				wide = append(wide, c, 0)
			}
			if bytes.Contains(b, []byte(word)) || bytes.Contains(b, wide) {
				t.Errorf("%s holds %q", strings.TrimPrefix(path, dir), word)
			}
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files, %v", files, err)
	}
}
