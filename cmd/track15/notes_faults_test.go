package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/web/browsertest"
)

// twoSittings starts a desk with a series, and two rounds of it with a session
// each, whose addresses are returned.
func twoSittings(t *testing.T, data string, env []string) (s *story, sessions []string) {
	addPerson(t, env, "pia")
	s = &story{t: t, data: data, at: start(t, env, "serve", "--desk-only")}
	s.pia = s.window("pia", browsertest.View{NoScripts: true})
	p := s.pia
	p.Goto(s.at.desk + "/series/new")
	names := browsertest.Eval[[]string](p, `[...document.querySelectorAll('input[name^="side."]')].map(i => i.name)`)
	form(p, "name", "Kasmere Norlund Talks", names[0], "Kasmere", names[1], "XA", names[2], "Norlund", names[3], "XB")
	s.saved(p)
	for i := range 2 {
		p.Goto(s.at.desk + "/rounds/new")
		series := browsertest.Eval[string](p, `document.querySelector('select[name=series] option:last-child').value`)
		form(p, "choose:series", series, "choose:state", "held", "opens", fmt.Sprintf("2026-03-2%d", i), "city", "Port Anselm", "country", "XA")
		s.saved(p)
		round := s.here()
		p.Goto(round + "/sessions/new")
		form(p, "title", "Contact points", "on", fmt.Sprintf("2026-03-2%d", i), "starts", "11:00")
		s.saved(p)
		p.Goto(round + "/notes")
		sessions = append(sessions, browsertest.Eval[string](p, `document.querySelector('a[href^="/sittings/"]').href`))
	}
	return s, sessions
}

// log sends a line as the form does without scripts, and returns the status of
// the page that answers.
func (s *story) logOne(session, text string) int {
	s.t.Helper()
	s.pia.Goto(session)
	s.pia.Fill("#f-text", text)
	s.pia.Follow("[data-compose] .btn--main")
	return s.pia.Status()
}

// What the page of a session says instead of its notes.
func (s *story) refusal(session string) string {
	s.t.Helper()
	s.pia.Goto(session)
	if s.pia.Status() != http.StatusServiceUnavailable {
		return ""
	}
	return s.pia.Text("[data-why]")
}

// Without the keyset of a round, or with another in its place, one line names
// it, and other rounds are read; without the key directory nothing is read and
// nothing is lost; with an empty one in its place no desk starts.
func TestKeysGoneWhileNotesAreTaken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		data, env := folders(t)
		if strings.HasSuffix(t.Name(), "/postgres") {
			env = append(env, onPostgres(store)...)
		}
		keys := ""
		for _, e := range env {
			if dir, ok := strings.CutPrefix(e, "TRACK15_KEYS="); ok {
				keys = dir
			}
		}
		s, sessions := twoSittings(t, data, env)
		var files [2]string // of the rounds' keysets
		for i, session := range sessions {
			before := keysetsIn(t, keys)
			if status := s.logOne(session, "Heronale remark."); status != http.StatusOK {
				t.Fatalf("a line answers %d", status)
			}
			for _, file := range keysetsIn(t, keys) {
				if !slices.Contains(before, file) {
					files[i] = file
				}
			}
		}
		readable := func(when, session string) {
			t.Helper()
			s.pia.Goto(session)
			if s.pia.Status() != http.StatusOK || !strings.Contains(s.pia.Text("[data-log]"), "Heronale remark.") {
				t.Errorf("%s, the notes of the other round answer %d", when, s.pia.Status())
			}
		}
		named := func(when, says string) {
			t.Helper()
			id := strings.TrimSuffix(filepath.Base(files[0]), ".json")
			if got := s.refusal(sessions[0]); !strings.Contains(got, id) || !strings.Contains(got, says) || strings.Count(got, "\n") > 0 {
				t.Errorf("%s, the page says %q", when, got)
			}
			if status := s.logOneTo(sessions[0]); status != http.StatusServiceUnavailable {
				t.Errorf("%s, a line answers %d", when, status)
			}
		}
		move(t, files[0], files[0]+".away")
		named("without a keyset", "is not in the key directory")
		readable("without a keyset", sessions[1])

		b, err := os.ReadFile(files[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		named("with another keyset in its place", "is damaged, of something else, or wrapped by another key")
		readable("with another keyset in its place", sessions[1])
		move(t, files[0]+".away", files[0])
		readable("with its keyset back", sessions[0])

		move(t, keys, keys+".away")
		named("without the key directory", "is not in the key directory")
		s.pia.Goto(sessions[0][:strings.LastIndex(sessions[0], "/sittings/")] + "/rounds")
		if s.pia.Status() != http.StatusOK {
			t.Errorf("without the key directory the list of rounds answers %d", s.pia.Status())
		}
		move(t, keys+".away", keys)
		readable("with the key directory back", sessions[0])
		if status := s.logOne(sessions[0], "Heronale remark again."); status != http.StatusOK {
			t.Errorf("with the key directory back a line answers %d", status)
		}

		if err := s.at.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.at.ends(t)
		move(t, keys, keys+".away")
		out, code := s.try(env, "audit", "verify")
		if code == 0 || !strings.Contains(out, "the keys in the key directory are not those of this record") {
			t.Errorf("with an empty key directory: %d %s", code, out)
		}
		if err := os.RemoveAll(keys); err != nil {
			t.Fatal(err)
		}
		move(t, keys+".away", keys)
		if out, code := s.try(env, "audit", "verify"); code != 0 {
			t.Errorf("with the key directory back: %d %s", code, out)
		}
	})
}

// logOneTo sends a line from a page that is not the session's, which cannot be
// opened.
func (s *story) logOneTo(session string) int {
	s.t.Helper()
	s.pia.Goto(s.at.desk + "/rounds")
	return browsertest.Eval[int](s.pia, fmt.Sprintf(`fetch(%q, {method: 'POST', body: new URLSearchParams(%q)}).then(r => r.status)`,
		session, url.Values{"id": {"abcdefghijklmnopqrstuvwxyz"}, "text": {"Heronale."}}.Encode()))
}

// try runs a command of the program.
func (s *story) try(env []string, args ...string) (out string, code int) {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	b, _ := cmd.CombinedOutput()
	return string(b), cmd.ProcessState.ExitCode()
}

func keysetsIn(t *testing.T, keys string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(keys, "keysets", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// The disk of the record is full while notes are taken: the page says so, lines
// stay in the browser, and all arrive once, in their order, when there is room.
func TestFullDiskWhileNotesAreTaken(t *testing.T) {
	data, env := folders(t)
	small(t, data, "24m")
	s, sessions := twoSittings(t, data, env)
	own := browsertest.StartOwn(t, browsertest.Profile(t))
	p := own.Open(s.at.desk+"/", browsertest.View{})
	p.Fill("#f-email", "pia@example.org")
	p.Fill("#f-password", storyPassword)
	p.Follow("main form .btn")
	p.Goto(sessions[0])
	p.Wait(".netline.is-saved:not([hidden])")
	p.Click("#f-text")
	p.Press("Remark 0." + kb.Enter)
	p.Wait("li[data-position]:nth-child(1)")

	full := filepath.Join(data, "full")
	fill(t, full)
	// Whatever room the database still has for itself goes with the first lines.
	p.Fill("#f-text", "Remark 1. "+strings.Repeat("The tide is high. ", 2000))
	p.Press(kb.Enter)
	want := []string{"Remark 0.", "Remark 1."}
	for i := 2; i < 7; i++ {
		p.Press(fmt.Sprintf("Remark %d.", i) + kb.Enter)
		want = append(want, fmt.Sprintf("Remark %d.", i))
	}
	p.Wait("[data-state] button")
	if says := p.Text("[data-state]"); !strings.Contains(says, "The disk of the store is full") || !strings.Contains(says, "lines are kept encrypted until sent") {
		t.Errorf("the page says %q", says)
	}
	if n := p.Count("li.is-pending"); n != 6 {
		t.Errorf("%d lines wait in the browser", n)
	}
	p.Goto(sessions[0])
	p.Wait("li.is-pending:nth-child(7)")

	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	p.Click("[data-state] button")
	p.Wait("li[data-position]:nth-child(7)")
	p.Wait(".netline.is-saved")
	got := browsertest.Eval[[]string](p, `[...document.querySelectorAll("[data-log] li p")].map((p) => p.textContent.slice(0, 9))`)
	if !slices.Equal(got, want) {
		t.Errorf("noted %q, want %q", got, want)
	}
	if out, code := s.try(env, "audit", "verify"); code != 0 {
		t.Errorf("the audit log: %d %s", code, out)
	}
}

// fill writes a file until its disk takes no more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 16 {
		block := make([]byte, size)
		for {
			if _, err := f.Write(block); err != nil {
				break
			}
		}
	}
	if n, err := f.Seek(0, io.SeekCurrent); err != nil || n == 0 {
		t.Fatalf("the disk was full before: %d bytes, %v", n, err)
	}
}
