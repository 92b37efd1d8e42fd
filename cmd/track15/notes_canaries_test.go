package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/web/browsertest"
)

// Words of notes, of what an observation rests on, and of drafts that were not
// released. None of them stands in a file in clear.
var noteCanaries = []string{
	"grebe beneath the sluice", // typed live
	"petrel on the breakwater", // typed while the desk was dead
	"dunlin behind the mill",   // in a Word file
	"avocet over the saltpan",  // in a text file
	"curlew at the ferry",      // in the title of a draft, and then no more
	"plover in the reeds",      // in its text, and then no more
	"sandpiper by the lock",    // in an observation, and then no more
	"turnstone at the weir",    // in a release that was called off
}

// A session whose notes are typed, uploaded, searched and made into a text of
// several versions; the desk and the browser are killed in it, the data copied,
// the text released. Then the notes are destroyed and the copy put back.
func TestCanariesOfNotes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		data, env := folders(t)
		postgres := strings.HasSuffix(t.Name(), "/postgres")
		if postgres {
			env = append(env, onPostgres(store)...)
		}
		addPerson(t, env, "pia")
		addPersonAs(t, env, "ilse", "director")
		s := &story{t: t, data: data, at: start(t, env, "serve")}
		s.pia, s.ilse = s.window("pia", browsertest.View{NoScripts: true}), s.window("ilse", browsertest.View{NoScripts: true})
		s.directory()
		s.logRound()
		n := &notes{story: s, env: env, round: s.here(), profile: browsertest.Profile(t)}
		n.clean("logging a round")
		n.sit()
		n.typeLive()
		n.clean("typing notes")
		n.killed()
		n.clean("a crash of the desk and of the browser")
		n.upload()
		n.search()
		n.clean("uploading and searching")
		n.write()
		n.observe()
		n.clean("writing a draft")
		n.copied()
		n.callOff()
		n.clean("a release that was called off")
		s.sign(n.prepare)
		s.await("/rounds/kasmere-norlund-talks-1st-round", http.StatusOK)
		if body := s.body("/rounds/kasmere-norlund-talks-1st-round"); !strings.Contains(body, "On duty numbers") {
			t.Error("the text was not released")
		}
		n.clean("a release")
		n.destroy()
		n.clean("destroying the notes")
		if !postgres {
			n.putBack()
			n.clean("putting the copy back")
		}
	})
}

// notes is a story about the notes of one round.
type notes struct {
	*story
	env            []string
	round, session string // addresses
	output         string
	profile        string // of the browser on which notes are typed
	own            *browsertest.Own
	live           *browsertest.Page
	logs           []string // of desks that were killed
}

// clean holds every file to have no canary: those of the desk, copies of them,
// logs, what is printed, the profile of the browser.
func (n *notes) clean(after string) {
	n.t.Helper()
	n.noCanary(n.env, after, noteCanaries, nil)
	for _, path := range n.logs {
		b, err := os.ReadFile(path)
		if err != nil {
			n.t.Fatal(err)
		}
		for _, c := range noteCanaries {
			if holds(b, c) {
				n.t.Errorf("after %s, the log of a desk that was killed holds a canary", after)
			}
		}
	}
	files := 0
	err := filepath.WalkDir(n.profile, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, c := range noteCanaries {
			if holds(b, c) || holds([]byte(path), c) {
				n.t.Errorf("after %s, the browser's %s holds a canary", after, d.Name())
			}
		}
		return err
	})
	if err != nil || n.own != nil && files < 10 {
		n.t.Errorf("after %s, %d files of the browser, %v", after, files, err)
	}
}

func (n *notes) sit() {
	n.pia.Goto(n.round + "/sessions/new")
	form(n.pia, "title", "Contact points", "on", "2026-03-25", "starts", "11:00")
	n.saved(n.pia)
	n.pia.Goto(n.round + "/notes")
	n.session = browsertest.Eval[string](n.pia, `document.querySelector('a[href^="/sittings/"]').href`)
}

// enter opens the page of the session in the browser with the profile.
func (n *notes) enter() {
	n.own = browsertest.StartOwn(n.t, n.profile)
	n.live = n.own.Open(n.at.desk+"/", browsertest.View{})
	n.live.Fill("#f-email", "pia@example.org")
	n.live.Fill("#f-password", storyPassword)
	n.live.Follow("main form .btn")
	n.live.Goto(n.session)
}

func (n *notes) typeLive() {
	n.enter()
	n.live.Wait(".netline.is-saved:not([hidden])")
	n.live.Fill("#f-speaker", "K1")
	n.live.Click("#f-text")
	n.live.Press("The " + noteCanaries[0] + "." + kb.Enter)
	n.live.Wait("li[data-position]:nth-child(1)")
}

// killed kills the desk, has lines typed that nothing takes, kills the browser,
// and starts both again: the lines arrive once.
func (n *notes) killed() {
	if err := n.at.cmd.Process.Kill(); err != nil {
		n.t.Fatal(err)
	}
	n.at.ends(n.t)
	n.live.Press("The " + noteCanaries[1] + "." + kb.Enter + "Half of a " + noteCanaries[1])
	n.live.Wait("li.is-pending")
	kept := `new Promise(done => { const look = () => { const o = indexedDB.open("track15", 1); o.onsuccess = () => { const q = o.result.transaction("lines").objectStore("lines").count(); q.onsuccess = () => { o.result.close(); q.result >= 2 ? done(q.result) : setTimeout(look, 20) } } }; look() })`
	if got := browsertest.Eval[int](n.live, kept); got != 2 {
		n.t.Errorf("%d lines are kept", got)
	}
	n.live.Wait("[data-compose]:not([data-typing])")
	n.own.Kill()
	n.clean("typing while the desk was dead")
	n.logs = append(n.logs, n.at.log)
	n.at = start(n.t, n.env, "serve", "--desk-addr", strings.TrimPrefix(n.at.desk, "http://"), "--public-addr", strings.TrimPrefix(n.at.public, "http://"))
	n.enter()
	n.live.Wait("li[data-position]:nth-child(2)")
	if got := n.live.Value("#f-text"); got != "Half of a "+noteCanaries[1] {
		n.t.Errorf("what was being typed is now %d bytes long", len(got))
	}
	n.own.Kill()
	n.pia.Goto(n.session)
	if got := strings.Count(n.pia.Text("[data-log]"), noteCanaries[1]); got != 1 {
		n.t.Errorf("a line arrived %d times", got)
	}
}

// upload takes two files in, as the form does.
func (n *notes) upload() {
	for name, file := range map[string][]byte{"notes.txt": []byte("11:20 K1: The " + noteCanaries[3] + ".\n"), "notes.docx": wordFile(n.t, "11:24 N1: The "+noteCanaries[2]+".")} {
		n.pia.Goto(n.session)
		n.sent(n.pia, browsertest.Eval[int](n.pia, fmt.Sprintf(`(() => {
			const form = document.querySelector('form[action$="/text"]'), body = new FormData(form);
			body.set("file", new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q));
			return fetch(form.action, { method: "POST", body }).then((r) => r.status);
		})()`, base64.StdEncoding.EncodeToString(file), name)), "a file")
	}
	n.pia.Goto(n.session)
	for _, c := range noteCanaries[:4] {
		if !strings.Contains(n.pia.Text("[data-log]"), c) {
			n.t.Fatal("the page lacks a line of the notes")
		}
	}
}

// wordFile is a Word file of one paragraph.
func wordFile(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>`, text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sent holds a form that a script sent to an answer that is none of refusal.
func (n *notes) sent(p *browsertest.Page, status int, what string) {
	n.t.Helper()
	if status != http.StatusOK {
		n.t.Fatalf("%s answers %d", what, status)
	}
}

// post sends a form from a page.
func (n *notes) post(p *browsertest.Page, address string, body url.Values) int {
	n.t.Helper()
	return browsertest.Eval[int](p, fmt.Sprintf(`fetch(%q, {method: 'POST', body: new URLSearchParams(%q)}).then(r => r.text().then(() => r.status))`, address, body.Encode()))
}

func (n *notes) search() {
	for _, c := range noteCanaries[:4] {
		n.sent(n.pia, n.post(n.pia, n.round+"/notes", url.Values{"words": {c}}), "finding words")
		n.sent(n.pia, n.post(n.pia, n.at.desk+"/find", url.Values{"q": {c}}), "the search field")
	}
}

// write saves a text with canaries, and again without.
func (n *notes) write() {
	n.pia.Goto(n.round + "/drafts/new")
	form(n.pia, "title", "The "+noteCanaries[4], "body", "Whoever saw the "+noteCanaries[5]+".")
	n.saved(n.pia)
	n.output = n.here()
	n.pia.Goto(n.output)
	form(n.pia, "title", "Of the "+noteCanaries[4], "body", "Nobody saw the "+noteCanaries[5]+".")
	n.saved(n.pia)
}

func (n *notes) observe() {
	n.pia.Goto(n.round + "/observe")
	for _, box := range []string{"0", "1"} {
		browsertest.Eval[bool](n.pia, `document.querySelectorAll('input[name=note]')[`+box+`].click() ?? true`)
	}
	n.pia.Fill("[name=text]", "Some wish for a "+noteCanaries[6]+".")
	n.pia.Follow("form[action$='/observe'] .btn--main")
	n.saved(n.pia)
	n.pia.Goto(n.output)
	form(n.pia, "title", "Contact points and quiet channels", "body", "Participants spoke about whom to call: the "+noteCanaries[7]+".",
		"observation."+n.observation()+".text", "A number should be answered at any hour.", "observation."+n.observation()+".heading", "On duty numbers")
	n.saved(n.pia)
}

func (n *notes) observation() string {
	return browsertest.Eval[string](n.pia, `document.querySelector('input[name=observation]').value`)
}

// copied copies the data directory while the desk runs, as a backup does.
func (n *notes) copied() {
	if err := os.CopyFS(n.backup(), os.DirFS(n.data)); err != nil {
		n.t.Fatal(err)
	}
}

// backup lies beside the data directory, where clean looks.
func (n *notes) backup() string { return filepath.Join(filepath.Dir(n.data), "backup") }

// prepare freezes the round with its text.
func (n *notes) prepare() {
	n.pia.Goto(n.round + "/release")
	if n.pia.Count(`input[name=outputs]:checked`) == 0 {
		tick(n.pia, `input[name=outputs]`)
	}
	n.pia.Follow(`form[action$="/release"] .btn--main`)
}

// callOff prepares a release, signs it once, and calls it off; then the text
// changes.
func (n *notes) callOff() {
	n.prepare()
	n.saved(n.pia)
	release := n.here()
	if !strings.Contains(n.pia.Text("main"), noteCanaries[7]) {
		n.t.Fatal("the page of the release lacks the text")
	}
	n.clean("preparing a release")
	n.clear(release)
	n.pia.Click(`form[action$="/sign"] [value=at_once]`)
	n.pia.Fill(`form[action$="/sign"] [name=password]`, storyPassword)
	n.pia.Follow(`form[action$="/sign"] .btn--main`)
	n.saved(n.pia)
	n.clean("the first signature")
	n.sent(n.pia, n.post(n.pia, release+"/cancel", url.Values{"reason": {"Not yet"}}), "calling it off")
	n.pia.Goto(n.output)
	form(n.pia, "body", "Participants spoke about whom to call.")
	n.saved(n.pia)
}

// destroy has the two destroy the notes of the round.
func (n *notes) destroy() {
	kept := strings.Replace(n.round, "/rounds/", "/kept/", 1)
	n.pia.Goto(kept)
	n.pia.Fill(`form[action$="/destroy"] [name=because]`, "Due")
	n.pia.Follow(`form[action$="/destroy"] .btn`)
	n.saved(n.pia)
	n.ilse.Goto(kept)
	n.ilse.Fill(`[name=reference]`, "kasmere-norlund-talks-1st-round")
	n.ilse.Fill(`form[action*="/destroy/"] [name=password]`, storyPassword)
	n.ilse.Follow(`form[action*="/destroy/"] .btn--wax`)
	n.saved(n.ilse)
	n.ilse.Goto(n.session)
	if text := n.ilse.Text("main"); strings.Contains(text, noteCanaries[0]) {
		n.t.Error("a line is left")
	}
}

// putBack has the desk run on the copy with today's keys: the notes of the
// round are not read, in one line that names their key; the rest is.
func (n *notes) putBack() {
	if err := n.at.cmd.Process.Kill(); err != nil {
		n.t.Fatal(err)
	}
	n.at.ends(n.t)
	n.logs = append(n.logs, n.at.log)
	record := filepath.Join(n.data, "record")
	if err := os.RemoveAll(record); err != nil {
		n.t.Fatal(err)
	}
	if err := os.CopyFS(record, os.DirFS(filepath.Join(n.backup(), "record"))); err != nil {
		n.t.Fatal(err)
	}
	n.at = start(n.t, n.env, "serve", "--desk-addr", strings.TrimPrefix(n.at.desk, "http://"), "--public-addr", strings.TrimPrefix(n.at.public, "http://"))
	n.pia = n.window("pia", browsertest.View{NoScripts: true})
	for _, address := range []string{n.session, n.round + "/notes", n.output} {
		n.pia.Goto(address)
		text := n.pia.Text("body")
		if !strings.Contains(text, "is not in the key directory") || n.pia.Status() != http.StatusServiceUnavailable {
			n.t.Errorf("%s answers %d: %s", strings.TrimPrefix(address, n.at.desk), n.pia.Status(), text)
		}
	}
	n.pia.Goto(n.round)
	if n.pia.Status() != http.StatusOK {
		n.t.Errorf("the round answers %d", n.pia.Status())
	}
}
