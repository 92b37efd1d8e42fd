package recordstore_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// sitting adds a session to the world's round, with two participants who have
// codes, and a rapporteur who takes its notes.
func (w *world) sitting() (session record.Session, codes []string) {
	t := w.t
	ctx := t.Context()
	session = must(w.store.AddSession(ctx, w.as("coordinator"), record.Session{RoundID: w.round.ID, Title: "Fog", On: "2017-01-11", Starts: "09:30"}))(t)
	for range 2 {
		p := must(w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{RoundID: w.round.ID, SideID: w.lake.Sides[0].ID}))(t)
		codes = append(codes, p.Code)
	}
	if err := w.store.AssignNotes(ctx, w.as("director"), session.ID, []record.Taker{{AccountID: w.as("rapporteur").ID}}); err != nil {
		t.Fatal(err)
	}
	return session, codes
}

// lines are typed lines, one a text, a second apart, sent at second 100.
func lines(speaker string, texts ...string) []recordstore.Line {
	var out []recordstore.Line
	for i, text := range texts {
		out = append(out, recordstore.Line{ID: recordstore.NewID(), At: int64(i) * 1_000_000, Typed: record.Typed{Speaker: speaker, Text: text}})
	}
	return out
}

const sentAt = 100 * 1_000_000

func (w *world) take(actor record.Actor, session string, all []recordstore.Line) {
	w.t.Helper()
	results, err := w.store.TakeDown(w.t.Context(), actor, session, sentAt, all)
	if err != nil {
		w.t.Fatal(err)
	}
	for id, err := range results {
		if err != nil {
			w.t.Fatalf("%s: %v", id, err)
		}
	}
}

func texts(all []record.Intervention) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.Text)
	}
	return out
}

func TestNotesAreTakenOnceInOrder(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, codes := w.sitting()
		me := w.as("rapporteur")
		first := lines(codes[0], "One.", "Two. /side", "@? Three.", "@"+codes[1]+" Four.", "@Z9 Five.", "خمسة", "第六")
		w.take(me, session.ID, first[:4])
		before := w.entries()
		w.take(me, session.ID, first[:4])
		if w.entries() != before {
			t.Error("sent again, they left a trace")
		}
		w.take(me, session.ID, first[2:])
		all := must(w.store.NotesOf(ctx, me, session.ID))(t)
		if got := texts(all); !slices.Equal(got, []string{"One.", "Two.", "Three.", "Four.", "Five.", "خمسة", "第六"}) {
			t.Errorf("the notes are %q", got)
		}
		for i, want := range []record.Intervention{
			{Code: codes[0]}, {Code: codes[0], Attribution: record.AsSide}, {}, {Code: codes[1]}, {Code: "Z9"},
		} {
			x := all[i]
			if x.Code != want.Code || x.Attribution != want.Attribution || (x.SpeakerID != "") != (x.Code == codes[0] || x.Code == codes[1]) {
				t.Errorf("%q by %q (%q), as %q", x.Text, x.Code, x.SpeakerID, x.Attribution)
			}
			if x.TakerID != me.ID || x.Said != 1_700_000_000_000_000-sentAt+int64(i)*1_000_000 {
				t.Errorf("%q was said at %d", x.Text, x.Said)
			}
		}

		if got := texts(must(w.store.NotesSince(ctx, me, session.ID, all[4].Position))(t)); !slices.Equal(got, []string{"خمسة", "第六"}) {
			t.Errorf("since the fifth there is %q", got)
		}
		if one := must(w.store.Intervention(ctx, me, session.ID, first[3].ID))(t); one != all[3] {
			t.Errorf("one line is %+v", one)
		}
		_, err := w.store.Intervention(ctx, me, session.ID, recordstore.NewID())
		wantKind(t, "a line that is none", err, fault.NotFound)
		// A clock that was set back puts no line before one that was typed earlier.
		late := lines("K1", "Seven.")
		late[0].At = -3_600_000_000
		w.take(me, session.ID, late)
		if got := texts(must(w.store.NotesOf(ctx, me, session.ID))(t)); got[len(got)-1] != "Seven." {
			t.Errorf("the last line is %q", got[len(got)-1])
		}

		bad := lines("K1", "Kept.", "", strings.Repeat("x", record.MaxIntervention+1), strings.Repeat("字", record.MaxIntervention/3))
		bad[0].ID = first[0].ID
		results := must(w.store.TakeDown(ctx, me, session.ID, sentAt, bad))(t)
		for i, want := range []fault.Kind{fault.Conflict, fault.Invalid, fault.Invalid} {
			wantKind(t, fmt.Sprint("line ", i), results[bad[i].ID], want)
		}
		if err := results[bad[3].ID]; err != nil {
			t.Error("a long line:", err)
		}
		if got := must(w.store.NotesOf(ctx, me, session.ID))(t); len(got) != 9 || got[0].Text != "One." {
			t.Errorf("%d lines", len(got))
		}
	})
}

func TestNotesAreCorrected(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, codes := w.sitting()
		me := w.as("rapporteur")
		w.take(me, session.ID, lines("?", "Who was it", "Gone"))
		all := must(w.store.NotesOf(ctx, me, session.ID))(t)
		x := all[0]
		x.Code, x.Text, x.Attribution = codes[1], "It was me", record.AsBody
		edited := must(w.store.EditIntervention(ctx, me, x))(t)
		if edited.Version != 2 || edited.SpeakerID == "" || edited.Said != all[0].Said {
			t.Errorf("edited: %+v", edited)
		}
		same := must(w.store.EditIntervention(ctx, me, x))(t)
		if same != edited {
			t.Errorf("sent twice: %+v", same)
		}
		x.Text = "It was you"
		_, err := w.store.EditIntervention(ctx, w.as("coordinator"), x)
		wantKind(t, "an edit of an old version", err, fault.Conflict)
		wantKind(t, "removal of another version", w.store.RemoveIntervention(ctx, me, session.ID, all[1].ID, 7), fault.Conflict)
		if err := w.store.RemoveIntervention(ctx, me, session.ID, all[1].ID, 1); err != nil {
			t.Fatal(err)
		}
		if got := texts(must(w.store.NotesOf(ctx, me, session.ID))(t)); !slices.Equal(got, []string{"It was me"}) {
			t.Errorf("after it: %q", got)
		}
		wantKind(t, "a session with notes goes", w.store.RemoveSession(ctx, w.as("coordinator"), w.round.ID, session.ID, session.Version), fault.Invalid)
	})
}

// Who reads notes is in the audit log before they are read, once a person,
// round and day.
func TestReadingNotesIsAudited(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		before := w.entries()
		for range 3 {
			must(w.store.Notes(ctx, w.as("director"), w.round.ID))(t)
			must(w.store.NotesOf(ctx, w.as("director"), session.ID))(t)
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("%d entries for the director", n)
		}
		must(w.store.Notes(ctx, w.as("coordinator"), w.round.ID))(t)
		if n := w.entries() - before; n != 2 {
			t.Errorf("%d entries for two", n)
		}
		entry := must(w.store.AuditEntries(ctx, w.as("director"), 0, 1))(t)[0]
		if entry.Act != record.ReadNotes || !slices.Contains(entry.Objects, w.round.ID) {
			t.Errorf("the entry is %+v", entry)
		}
		// Without the keyset nothing is read; that it was tried stands.
		away, err := filepath.Glob(filepath.Join(w.keys, "keysets", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range away {
			if err := os.Rename(file, file+".away"); err != nil {
				t.Fatal(err)
			}
		}
		all, err := w.open().Notes(ctx, w.as("director"), w.round.ID)
		wantKind(t, "without the keyset", err, fault.Unavailable)
		if len(all) > 0 {
			t.Error("read")
		}
	})
}

func TestNotesForThoseWhoNeedThem(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		other := must(w.store.AddSession(ctx, w.as("coordinator"), record.Session{RoundID: w.round.ID, Title: "Ice", On: "2017-01-12"}))(t)
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		w.take(w.as("coordinator"), other.ID, lines("K1", "Other."))
		shut := func(role, session string) {
			t.Helper()
			actor := w.as(role)
			_, err := w.store.Sitting(ctx, actor, session)
			_, err2 := w.store.NotesOf(ctx, actor, session)
			typed := lines("K1", "Intruder.")
			typed[0].At = sentAt
			_, err3 := w.store.TakeDown(ctx, actor, session, sentAt, typed)
			_, err4 := w.store.EditIntervention(ctx, actor, record.Intervention{ID: recordstore.NewID(), SessionID: session, Text: "x"})
			for what, err := range map[string]error{"page": err, "notes": err2, "take": err3, "edit": err4, "seal": w.store.SealNotes(ctx, actor, session)} {
				wantKind(t, role+": "+what, err, fault.NotFound)
			}
		}
		for _, role := range []string{"editor", "desk officer", "records officer", "auditor", "administrator", "nobody", "other"} {
			shut(role, session.ID)
			_, err := w.store.Notes(ctx, w.as(role), w.round.ID)
			if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Forbidden {
				t.Errorf("%s reads all notes: %v", role, err)
			}
		}
		shut("rapporteur", other.ID)
		_, err := w.store.Notes(ctx, w.as("rapporteur"), w.round.ID)
		wantKind(t, "the rapporteur reads the round's notes", err, fault.NotFound)
		_, err = w.store.TakeDown(ctx, w.as("director"), session.ID, sentAt, lines("K1", "x"))
		wantKind(t, "the director takes notes", err, fault.Forbidden)

		page := must(w.store.Sitting(ctx, w.as("rapporteur"), session.ID))(t)
		if len(page.Agenda) != 1 || !page.Takes || page.Reads || page.Note.State != record.NotesOpen || page.Note.Count != 1 || len(page.Speakers) != 2 {
			t.Errorf("the rapporteur's page: %+v", page)
		}
		if own := must(w.store.Sittings(ctx, w.as("rapporteur")))(t); len(own) != 1 || own[0].ID != session.ID {
			t.Errorf("own sessions: %+v", own)
		}
		if page := must(w.store.Sitting(ctx, w.as("coordinator"), session.ID))(t); len(page.Agenda) != 2 || !page.Reads {
			t.Errorf("the coordinator's page: %+v", page)
		}

		for range 2 {
			if err := w.store.SealNotes(ctx, w.as("coordinator"), session.ID); err != nil {
				t.Fatal(err)
			}
		}
		shut("rapporteur", session.ID)
		if own := must(w.store.Sittings(ctx, w.as("rapporteur")))(t); len(own) != 0 {
			t.Errorf("own sessions after sealing: %+v", own)
		}
		w.take(w.as("coordinator"), session.ID, lines("K1", "Later."))
		if page := must(w.store.Sitting(ctx, w.as("director"), session.ID))(t); page.Note.State != record.NotesSealed || page.Note.Count != 2 {
			t.Errorf("sealed: %+v", page.Note)
		}
		wantKind(t, "somebody who is no rapporteur", w.store.AssignNotes(ctx, w.as("director"), other.ID, []record.Taker{{AccountID: w.as("editor").ID}}), fault.Invalid)
		wantKind(t, "the rapporteur assigns", w.store.AssignNotes(ctx, w.as("rapporteur"), other.ID, nil), fault.NotFound)
	})
}

// What a note-taker typed before the notes were sealed is taken when the network
// is back, once; what was typed later is not, and nothing can be read.
func TestLinesThatWaitedWhileNotesWereSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, taker := t.Context(), w.as("rapporteur")
		session, _ := w.sitting()
		if err := w.store.SealNotes(ctx, w.as("coordinator"), session.ID); err != nil {
			t.Fatal(err)
		}
		sent := lines("K1", "Before.", "After.")
		sent[0].At, sent[1].At = sentAt-1_000_000, sentAt
		for range 2 {
			results := must(w.store.TakeDown(ctx, taker, session.ID, sentAt, sent))(t)
			if results[sent[0].ID] != nil {
				t.Errorf("typed before: %v", results[sent[0].ID])
			}
			wantKind(t, "typed after", results[sent[1].ID], fault.Invalid)
		}
		if got := texts(must(w.store.NotesOf(ctx, w.as("coordinator"), session.ID))(t)); !slices.Equal(got, []string{"Before."}) {
			t.Errorf("noted %q", got)
		}
		_, err := w.store.NotesOf(ctx, taker, session.ID)
		wantKind(t, "reading them", err, fault.NotFound)
		_, err = w.store.TakeDown(ctx, taker, session.ID, sentAt, sent[1:])
		wantKind(t, "only a later line", err, fault.NotFound)
		wantKind(t, "a text", w.store.TakeIn(ctx, taker, session.ID, []recordstore.Line{{ID: recordstore.NewID(), Said: 1, Typed: record.Typed{Text: "x"}}}), fault.NotFound)
		_, err = w.store.TakeDown(ctx, w.as("editor"), session.ID, sentAt, sent)
		wantKind(t, "somebody else", err, fault.NotFound)
	})
}

// No word of a note, nor who said it, stands in the database, also after it was
// changed and removed.
func TestNotesAreSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("QQ77", "Canarium heronale one.", "Canarium heronale two."))
		all := must(w.store.NotesOf(ctx, w.as("rapporteur"), session.ID))(t)
		x := all[0]
		x.Text = "Canarium heronale three."
		must(w.store.EditIntervention(ctx, w.as("rapporteur"), x))(t)
		if err := w.store.RemoveIntervention(ctx, w.as("rapporteur"), session.ID, all[1].ID, 1); err != nil {
			t.Fatal(err)
		}
		must(w.store.Notes(ctx, w.as("director"), w.round.ID))(t)
		for _, word := range []string{"Canarium", "heronale", "QQ77"} {
			w.noWord(word)
		}
	})
}

func TestLineKey(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		key := must(w.store.LineKey(ctx, w.as("rapporteur"), session.ID))(t)
		if again := must(w.open().LineKey(ctx, w.as("rapporteur"), session.ID))(t); !slices.Equal(key, again) || len(key) != 32 {
			t.Error("the key changed")
		}
		if other := must(w.store.LineKey(ctx, w.as("coordinator"), session.ID))(t); slices.Equal(key, other) {
			t.Error("two people share a key")
		}
		got, err := w.store.LineKey(ctx, w.as("desk officer"), session.ID)
		wantKind(t, "somebody who takes no notes", err, fault.NotFound)
		if slices.Equal(got, key) {
			t.Error("somebody else has the key")
		}
		for table, rows := range w.rows() {
			if strings.Contains(rows, string(key)) || strings.Contains(rows, hex.EncodeToString(key)) {
				t.Errorf("the key stands in %s", table)
			}
		}
	})
}

// No version of a text of ours stands in clear; one whose keyset is lost leaves
// the others readable; what an older program left in clear is sealed once.
func TestDraftsAreSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := must(w.store.Output(ctx, w.as("editor"), w.text.ID))(t).Draft
		d.Title, d.Body = "Canarium title", "Canarium body."
		d.Observations[0].Text = "Canarium observation."
		must(w.store.SaveDraft(ctx, w.as("editor"), w.text.ID, d.Number, d))(t)
		w.noWord("Canarium")
		if got := must(w.store.Output(ctx, w.as("director"), w.text.ID))(t).Draft; got.Body != "Canarium body." || got.Observations[0].Text != "Canarium observation." {
			t.Errorf("read %+v", got)
		}
		if _, n, err := w.store.Outputs(ctx, w.as("director"), recordstore.OutputFilter{Query: "canarium TITLE"}); err != nil || n != 1 {
			t.Errorf("found %d by its title, %v", n, err)
		}
		files, err := filepath.Glob(filepath.Join(w.keys, "keysets", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.Rename(file, file+".away"); err != nil {
				t.Fatal(err)
			}
		}
		_, err = w.open().Output(ctx, w.as("director"), w.text.ID)
		wantKind(t, "a text whose keyset is lost", err, fault.Unavailable)
		if all, _, err := w.open().Outputs(ctx, w.as("director"), recordstore.OutputFilter{}); err != nil || len(all) != 1 || all[0].Draft.Title != "" {
			t.Errorf("the list: %+v, %v", all, err)
		}
	})
}

// An observation rests on lines of the notes, which stay where they are.
func TestAnObservationRestsOnNotes(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "Canarium one.", "Canarium two."))
		all := must(w.store.Notes(ctx, w.as("coordinator"), w.round.ID))(t)
		o := record.Observation{ID: recordstore.NewID(), Text: "Both sides wish for a number."}
		b := recordstore.Basis{NoteIDs: []string{all[0].ID, all[1].ID}, Attribution: record.AsSide}
		_, err := w.store.Observe(ctx, w.as("editor"), w.text.ID, 1, o, b)
		wantKind(t, "an editor rests it on notes", err, fault.NotFound)
		_, err = w.store.Observe(ctx, w.as("coordinator"), w.text.ID, 1, o, recordstore.Basis{NoteIDs: []string{recordstore.NewID()}})
		wantKind(t, "lines that are none", err, fault.Invalid)
		_, err = w.store.Observe(ctx, w.as("coordinator"), w.text.ID, 9, o, b)
		wantKind(t, "another version", err, fault.Conflict)
		for range 2 {
			must(w.store.Observe(ctx, w.as("coordinator"), w.text.ID, 1, o, b))(t)
		}
		got := must(w.store.Output(ctx, w.as("editor"), w.text.ID))(t).Draft
		if got.Number != 2 || len(got.Observations) != 2 || !reflect.DeepEqual(got.Observations[1], o) {
			t.Errorf("the text is now %+v", got)
		}
		bases := must(w.store.Bases(ctx, w.as("director"), w.text.ID))(t)
		if len(bases) != 1 || !slices.Equal(bases[o.ID].NoteIDs, b.NoteIDs) || bases[o.ID].Attribution != record.AsSide {
			t.Errorf("it rests on %+v", bases)
		}
		_, err = w.store.Bases(ctx, w.as("editor"), w.text.ID)
		if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.NotFound {
			t.Errorf("an editor reads the basis: %v", err)
		}
		w.noWord("Canarium")
	})
}

// noWord fails if a word stands in a table or a file of the record.
func (w *world) noWord(word string) {
	w.t.Helper()
	for table, rows := range w.rows() {
		if strings.Contains(rows, word) || strings.Contains(rows, hex.EncodeToString([]byte(word))) {
			w.t.Errorf("%q stands in %s", word, table)
		}
	}
	if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
		noBytes(w.t, word, path, path+"-wal")
	}
	noBytes(w.t, word, w.keys)
}

// Two who take notes of one session at once lose nothing, in any script.
func TestTwoTakeNotesAtOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		session, codes := w.sitting()
		var wg sync.WaitGroup
		for i, who := range []string{"rapporteur", "coordinator"} {
			wg.Go(func() {
				for j := range 10 {
					all := lines(codes[i], fmt.Sprintf("%s %d שלום 你好", who, j))
					results, err := w.store.TakeDown(t.Context(), w.as(who), session.ID, sentAt, all)
					if err != nil || results[all[0].ID] != nil {
						t.Error(err, results)
					}
				}
			})
		}
		wg.Wait()
		all := must(w.store.NotesOf(t.Context(), w.as("coordinator"), session.ID))(t)
		next := map[string]int{}
		for _, x := range all {
			who, rest, _ := strings.Cut(x.Text, " ")
			if want := fmt.Sprintf("%d שלום 你好", next[who]); rest != want {
				t.Errorf("%s: %q, want %q", who, rest, want)
			}
			next[who]++
		}
		if len(all) != 20 {
			t.Errorf("%d lines", len(all))
		}
	})
}

// BenchmarkTakeDown keeps one line, from the request to the disk; BenchmarkNotes
// opens a session of 1,000 lines and one of 10,000.
func BenchmarkTakeDown(b *testing.B) {
	for name, url := range map[string]string{"sqlite": dbtest.SQLite(b, "record"), "postgres": dbtest.Postgres(b, "record")} {
		b.Run(name, func(b *testing.B) {
			s, session := benched(b, url)
			for b.Loop() {
				if _, err := s.TakeDown(b.Context(), operator, session, sentAt, lines("K1", "Agrees to test the number twice a year.")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNotes(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, session := benched(b, dbtest.SQLite(b, "record"))
			for range n / 100 {
				if _, err := s.TakeDown(b.Context(), operator, session, sentAt, lines("K1", slices.Repeat([]string{"Agrees to test the number twice a year, if the other side does."}, 100)...)); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if all, err := s.NotesOf(b.Context(), operator, session); err != nil || len(all) != n {
					b.Fatal(len(all), err)
				}
			}
		})
	}
}

// benched is a record with one session.
func benched(b *testing.B, url string) (*recordstore.Store, string) {
	b.Helper()
	ring, err := seal.OpenRing(b.TempDir() + "/keys")
	if err != nil {
		b.Fatal(err)
	}
	s, err := recordstore.Open(b.Context(), url, recordstore.Options{Ring: ring})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	series, err := s.AddSeries(b.Context(), operator, record.Series{Name: "Lake Dialogue", Sample: true})
	if err != nil {
		b.Fatal(err)
	}
	r, err := s.LogRound(b.Context(), operator, record.Round{SeriesID: series.ID, State: record.Held})
	if err != nil {
		b.Fatal(err)
	}
	x, err := s.AddSession(b.Context(), operator, record.Session{RoundID: r.ID, Title: "Fog"})
	if err != nil {
		b.Fatal(err)
	}
	return s, x.ID
}
