package recordstore_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// fogged is a text of three paragraphs and two observations.
func (w *world) fogged() record.Output {
	w.t.Helper()
	return must(w.store.AddOutput(w.t.Context(), w.as("editor"), record.Output{
		SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.Summary, Draft: record.Draft{
			Title: "Of fog", Lang: "en", Body: "One.\n\nTwo.\n\nThree.",
			Observations: []record.Observation{{Text: "Thick."}, {Heading: "Ice", Text: "Thin."}},
		},
	}))(w.t)
}

func (w *world) suggests(who string, o record.Output, key, words string) record.Comment {
	w.t.Helper()
	c := record.Comment{Draft: o.Draft.Number, Key: key, Suggests: true, Words: words, Says: "Better so."}
	return must(w.store.AddComment(w.t.Context(), w.as(who), o.ID, c))(w.t)
}

// A suggestion is nobody's edit until somebody accepts it; then it is theirs.
func TestSuggestionIsTheEditOfWhoAccepts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.fogged()
		two, title := w.suggests("director", o, "paragraph.2", "Two, or three."), w.suggests("director", o, "title", "Of ice")
		thin := w.suggests("coordinator", o, "observation."+o.Draft.Observations[1].ID, "Thinner.")
		if n := must(w.store.OpenComments(ctx, w.as("editor"), o.ID))(t); n != 3 {
			t.Errorf("%d are open", n)
		}
		if now := must(w.store.Output(ctx, w.as("editor"), o.ID))(t); now.Draft.Number != 1 {
			t.Errorf("suggesting made version %d", now.Draft.Number)
		}

		discussed := func() []record.Output {
			all, _, err := w.store.Outputs(ctx, w.as("editor"), recordstore.OutputFilter{Discussed: true})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		if all := discussed(); len(all) != 1 || all[0].ID != o.ID {
			t.Errorf("discussed are %d texts", len(all))
		}

		// Somebody writes elsewhere, and the paragraph moves.
		d := o.Draft
		d.Body = "Before.\n\n" + d.Body
		must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, 1, d))(t)
		before := w.entries()
		for range 2 {
			got := must(w.store.AcceptSuggestion(ctx, w.as("coordinator"), o.ID, two.ID))(t)
			if got.Number != 3 || got.AuthorID != w.as("coordinator").ID || got.Body != "Before.\n\nOne.\n\nTwo, or three.\n\nThree." || got.Title != "Of fog" {
				t.Errorf("accepted: %+v", got)
			}
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("accepting twice left %d entries", n)
		}
		got := must(w.store.AcceptSuggestion(ctx, w.as("editor"), o.ID, thin.ID))(t)
		if x := got.Observations[1]; x.Text != "Thinner." || x.Heading != "Ice" || x.ID != o.Draft.Observations[1].ID {
			t.Errorf("the observation is %+v", x)
		}
		if err := w.store.DeclineSuggestion(ctx, w.as("editor"), o.ID, title.ID); err != nil {
			t.Fatal(err)
		}
		_, err := w.store.AcceptSuggestion(ctx, w.as("editor"), o.ID, title.ID)
		wantKind(t, "accepted after it was declined", err, fault.Conflict)
		wantKind(t, "declined after it was accepted", w.store.DeclineSuggestion(ctx, w.as("editor"), o.ID, two.ID), fault.Conflict)

		all := must(w.store.Comments(ctx, w.as("editor"), o.ID))(t)
		slices.SortFunc(all, func(a, b record.Comment) int { return strings.Compare(b.Key, a.Key) })
		all = all[1:]
		if len(all) != 2 || all[0].State != record.SuggestionAccepted || all[0].Became != 3 || all[0].SettledBy != w.as("coordinator").ID || all[0].By != w.as("director").ID || all[0].Was != "Two." {
			t.Errorf("kept: %+v", all)
		}
		if n := must(w.store.OpenComments(ctx, w.as("editor"), o.ID))(t); n != 0 {
			t.Errorf("%d are open in the end", n)
		}
		if all := discussed(); len(all) != 0 {
			t.Errorf("%d texts are still discussed", len(all))
		}
	})
}

// A suggestion for words that are not there any more can only be declined; an
// old form with one is kept, not refused.
func TestSuggestionForWordsThatAreGone(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.fogged()
		first := w.suggests("director", o, "paragraph.1", "Uno.")
		d := o.Draft
		d.Body = "Once.\n\nTwo.\n\nThree."
		d = must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, 1, d))(t)
		late := w.suggests("director", o, "paragraph.1", "Eins.")
		for _, c := range []record.Comment{first, late} {
			if _, there := d.Where(c); there || c.Was != "One." {
				t.Errorf("stands: %+v", c)
			}
			before := w.entries()
			_, err := w.store.AcceptSuggestion(ctx, w.as("editor"), o.ID, c.ID)
			wantKind(t, "accepted", err, fault.Conflict)
			if w.entries() != before {
				t.Error("a refusal left an entry")
			}
			if err := w.store.DeclineSuggestion(ctx, w.as("editor"), o.ID, c.ID); err != nil {
				t.Error("declined:", err)
			}
		}
		if now := must(w.store.Output(ctx, w.as("editor"), o.ID))(t); now.Draft.Number != 2 {
			t.Errorf("version %d", now.Draft.Number)
		}
	})
}

func TestCommentsAreCheckedAndSettled(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.fogged()
		for what, c := range map[string]record.Comment{
			"nothing":                   {Draft: 1, Key: "title"},
			"the same words":            {Draft: 1, Key: "title", Suggests: true, Words: " Of fog\n"},
			"no passage of the version": {Draft: 1, Key: "paragraph.4", Says: "x"},
			"an odd passage":            {Draft: 1, Key: "paragraph.x", Says: "x"},
			"words for no passage":      {Draft: 1, Suggests: true, Words: "All anew."},
			"no title":                  {Draft: 1, Key: "title", Suggests: true},
			"what cannot be seen":       {Draft: 1, Key: "title", Says: "a\u202eb"},
			"a false id":                {ID: "x", Draft: 1, Says: "x"},
		} {
			before := w.entries()
			_, err := w.store.AddComment(ctx, w.as("director"), o.ID, c)
			wantKind(t, what, err, fault.Invalid)
			if w.entries() != before {
				t.Errorf("%s left an entry", what)
			}
		}
		_, err := w.store.AddComment(ctx, w.as("director"), o.ID, record.Comment{Draft: 2, Says: "x"})
		wantKind(t, "a version that is not there", err, fault.NotFound)

		c := record.Comment{ID: recordstore.NewID(), Draft: 1, Key: "paragraph.3", Suggests: true, Words: "Three.", Says: "Which three?"}
		before := w.entries()
		for range 2 {
			must(w.store.AddComment(ctx, w.as("director"), o.ID, c))(t)
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("sent twice, %d entries", n)
		}
		other := c
		other.Says = "What three?"
		_, err = w.store.AddComment(ctx, w.as("director"), o.ID, other)
		wantKind(t, "the same form with other words", err, fault.Conflict)
		_, err = w.store.AddComment(ctx, w.as("coordinator"), o.ID, c)
		wantKind(t, "somebody else's form", err, fault.Conflict)
		whole := must(w.store.AddComment(ctx, w.as("director"), w.text.ID, record.Comment{Draft: 1, Says: "Short."}))(t)
		_, err = w.store.AddComment(ctx, w.as("director"), o.ID, record.Comment{ID: whole.ID, Draft: 1, Says: "Short."})
		wantKind(t, "the form for another text", err, fault.Conflict)
		_, err = w.store.AcceptSuggestion(ctx, w.as("editor"), o.ID, c.ID)
		wantKind(t, "a comment accepted", err, fault.NotFound)
		wantKind(t, "a comment declined", w.store.DeclineSuggestion(ctx, w.as("editor"), o.ID, c.ID), fault.NotFound)
		wantKind(t, "one of another text", w.store.ResolveComment(ctx, w.as("editor"), w.text.ID, c.ID, true), fault.NotFound)
		for _, resolved := range []bool{true, true, false} {
			if err := w.store.ResolveComment(ctx, w.as("editor"), o.ID, c.ID, resolved); err != nil {
				t.Fatal(err)
			}
		}
		if all := must(w.store.Comments(ctx, w.as("editor"), o.ID))(t); len(all) != 1 || all[0].State != record.CommentOpen || all[0].SettledBy != "" || all[0].Suggests {
			t.Errorf("opened again: %+v", all)
		}
		s := w.suggests("director", o, "title", "Of ice")
		wantKind(t, "a suggestion resolved", w.store.ResolveComment(ctx, w.as("editor"), o.ID, s.ID, true), fault.NotFound)
	})
}

// Only who may read a draft speaks of it, and nobody else learns what was said.
func TestCommentsNeedARight(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.fogged()
		c := w.suggests("director", o, "title", "Of ice")
		for _, role := range []string{"rapporteur", "desk officer", "records officer", "auditor", "administrator", "other", "nobody"} {
			a := w.as(role)
			if all, err := w.store.Comments(ctx, a, o.ID); err == nil || len(all) != 0 {
				t.Errorf("%s reads comments", role)
			}
			if n, err := w.store.OpenComments(ctx, a, o.ID); err == nil || n != 0 {
				t.Errorf("%s counts comments", role)
			}
			_, commented := w.store.AddComment(ctx, a, o.ID, record.Comment{Draft: 1, Says: "x"})
			_, accepted := w.store.AcceptSuggestion(ctx, a, o.ID, c.ID)
			_, restored := w.store.RestoreDraft(ctx, a, o.ID, 1, 1)
			for what, err := range map[string]error{
				"comments": commented, "accepts": accepted, "restores": restored,
				"declines": w.store.DeclineSuggestion(ctx, a, o.ID, c.ID), "resolves": w.store.ResolveComment(ctx, a, o.ID, c.ID, true),
			} {
				if kind := fault.KindOf(err); kind != fault.NotFound {
					t.Errorf("%s %s: %v", role, what, err)
				}
			}
		}
	})
}

// An older version comes back as a new one, whose author is who restored it.
func TestRestoringAVersion(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.fogged()
		d := o.Draft
		d.Title, d.Observations = "Of ice", d.Observations[:1]
		must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, 1, d))(t)
		_, err := w.store.RestoreDraft(ctx, w.as("director"), o.ID, 1, 1)
		wantKind(t, "from an old page", err, fault.Conflict)
		_, err = w.store.RestoreDraft(ctx, w.as("director"), o.ID, 2, 3)
		wantKind(t, "no such version", err, fault.NotFound)
		before := w.entries()
		for range 2 {
			got := must(w.store.RestoreDraft(ctx, w.as("director"), o.ID, 2, 1))(t)
			if got.Number != 3 || got.AuthorID != w.as("director").ID || got.Title != "Of fog" || len(got.Observations) != 2 || !reflect.DeepEqual(got.Observations[1], o.Draft.Observations[1]) {
				t.Errorf("restored: %+v", got)
			}
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("restored twice, %d entries", n)
		}
		if all := must(w.store.Drafts(ctx, w.as("editor"), o.ID))(t); len(all) != 3 || all[1].Title != "Of ice" || all[2].AuthorID != w.as("editor").ID {
			t.Errorf("versions: %+v", all)
		}
	})
}

// What was said of the texts of a round goes with its notes.
func TestCommentsAreDestroyedWithTheNotes(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		w.suggests("director", w.text, "title", "Of ice")
		far := must(w.store.AddOutput(ctx, w.as("other"), record.Output{SeriesID: w.hill.ID, RoundID: w.foreign.ID, Kind: record.Summary, Draft: record.Draft{Title: "Of hills", Lang: "en"}}))(t)
		must(w.store.AddComment(ctx, w.as("other"), far.ID, record.Comment{Draft: 1, Says: "Stays."}))(t)
		d := must(w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t)
		kept := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t)
		if err := w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 1 {
			t.Errorf("%d destroyed", n)
		}
		_, err := w.store.Comments(ctx, w.as("editor"), w.text.ID)
		wantKind(t, "read afterwards", err, fault.NotFound)
		if all := must(w.store.Comments(ctx, w.as("other"), far.ID))(t); len(all) != 1 || all[0].Says != "Stays." {
			t.Errorf("of another round there is %+v", all)
		}
	})
}

// What was said of a text stands in no file in clear.
func TestCommentsAreSealed(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "record.db"))
	o := w.fogged()
	c := record.Comment{Draft: 1, Key: "paragraph.1", Suggests: true, Words: "canarium words", Says: "canarium says"}
	c = must(w.store.AddComment(t.Context(), w.as("director"), o.ID, c))(t)
	must(w.store.AcceptSuggestion(t.Context(), w.as("editor"), o.ID, c.ID))(t)
	w.store.Close()
	path, _ := strings.CutPrefix(w.url, "sqlite:")
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"canarium", "Y2FuYXJpd"} {
			if strings.Contains(string(b), words) {
				t.Errorf("%q stands in %s", words, filepath.Base(f))
			}
		}
	}
}
