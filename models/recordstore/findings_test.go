package recordstore_test

import (
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
)

func init() {
	for _, name := range []string{"Compared", "Reveal", "Findings", "SettleFindings", "ArticleFindings"} {
		elsewhere[name] = "findings_test"
	}
}

// rules are the rules of findings, with what they quote.
func rules(found []record.Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.Rule+": "+f.Quote)
	}
	return all
}

const saysTooMuch = "The Quiet Service sent two people. The navy was there."

func draftOf(body string) record.Draft {
	return record.Draft{Title: "On fog horns", Lang: "en", Body: body}
}

// Who may read what a finding rests on is told of it; others are told nothing, and
// what is elsewhere changes nothing for them.
func TestFindingsAreForWhoMayReadTheirSources(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		ctx := t.Context()
		found := must(w.store.Findings(ctx, w.as("coordinator"), w.text.ID, draftOf(saysTooMuch)))(t)
		if got := rules(found); !slices.Equal(got, []string{"organisation.name: Quiet Service"}) {
			t.Errorf("the coordinator is told %q", got)
		}
		if got := must(w.store.Findings(ctx, w.as("editor"), w.text.ID, draftOf(saysTooMuch)))(t); got != nil {
			t.Errorf("the editor is told %q", rules(got))
		}
		for _, role := range []string{"rapporteur", "auditor", "administrator", "nobody", "other"} {
			if _, err := w.store.Findings(ctx, w.as(role), w.text.ID, draftOf(saysTooMuch)); fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", role, err)
			}
		}
		// Somebody at a round of the other series.
		p := must(w.store.AddPerson(ctx, operator, record.Person{Given: "Torvald", Family: "Quisenberry", Sample: true}))(t)
		r := must(w.store.Round(ctx, w.as("other"), w.foreign.ID))(t)
		there := must(w.store.AddPresence(ctx, w.as("other"), r.ID, r.Version, record.Presence{Words: "somebody"}))(t)
		must(w.store.AddParticipation(ctx, w.as("other"), record.Participation{RoundID: r.ID, PresenceID: there.ID, PersonID: p.ID}))(t)
		names := draftOf(saysTooMuch + " Torvald Quisenberry opened.")
		if got := rules(must(w.store.Findings(ctx, w.as("coordinator"), w.text.ID, names))(t)); !slices.Equal(got, []string{"organisation.name: Quiet Service"}) {
			t.Errorf("the coordinator is told of another series: %q", got)
		}
		both := w.person("both", record.Grant{Role: record.Coordinator, SeriesID: w.lake.ID}, record.Grant{Role: record.Coordinator, SeriesID: w.hill.ID})
		if got := rules(must(w.store.Findings(ctx, both, w.text.ID, names))(t)); len(got) < 2 || !strings.Contains(strings.Join(got, " "), "Quisenberry") {
			t.Errorf("who coordinates both is told %q", got)
		}
		if err := w.store.Reveal(ctx, w.as("editor")); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("revealed to the editor: %v", err)
		}
	})
}

// A decision holds for its words wherever they move in texts of the round, and dies
// with them.
func TestDecisionsHoldForTheirWords(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		ctx, who := t.Context(), w.as("coordinator")
		saved := must(w.store.SaveDraft(ctx, who, w.text.ID, 1, draftOf(saysTooMuch)))(t)
		found := must(w.store.Findings(ctx, who, w.text.ID, saved))(t)
		for _, bad := range []record.Settlement{{}, {As: record.Keep}, {As: record.PublicAlready, Reason: " "}, {As: "never"}} {
			if err := w.store.SettleFindings(ctx, who, w.text.ID, 0, []record.Settling{{Key: found[0].Key, Settlement: bad}}); fault.KindOf(err) != fault.Invalid {
				t.Errorf("settled as %q: %v", bad.As, err)
			}
		}
		alarm := record.Settlement{As: record.FalseAlarm}
		if err := w.store.SettleFindings(ctx, who, w.text.ID, 0, []record.Settling{{Key: "no-such", Settlement: alarm}}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("settled what is not there: %v", err)
		}
		for _, role := range []string{"editor", "rapporteur", "other", "nobody"} {
			if err := w.store.SettleFindings(ctx, w.as(role), w.text.ID, 0, []record.Settling{{Key: found[0].Key, Settlement: alarm}}); err == nil {
				t.Errorf("%s settled a finding", role)
			}
		}
		for range 2 { // sent twice
			if err := w.store.SettleFindings(ctx, who, w.text.ID, 0, []record.Settling{{Key: found[0].Key, Settlement: alarm}}); err != nil {
				t.Fatal(err)
			}
		}
		settled := func(body string) []int {
			var n []int
			for _, f := range must(w.store.Findings(ctx, who, w.text.ID, draftOf(body)))(t) {
				n = append(n, len(f.Settled))
			}
			return n
		}
		if got := settled("Much was new. " + saysTooMuch); !slices.Equal(got, []int{1}) {
			t.Errorf("after an edit elsewhere: %v", got)
		}
		if got := settled("QUIET SERVICE"); !slices.Equal(got, []int{1}) {
			t.Errorf("in capitals: %v", got)
		}
		if got := settled("The Service of Quiet came."); !slices.Equal(got, []int{0}) {
			t.Errorf("other words: %v", got)
		}
		other := must(w.store.AddOutput(ctx, who, record.Output{SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.Summary, Draft: draftOf("The Quiet Service again.")}))(t)
		if f := must(w.store.Findings(ctx, who, other.ID, other.Draft))(t); len(f) != 1 || len(f[0].Settled) != 1 {
			t.Errorf("in another text of the round: %+v", rules(f))
		}
		// Another record's ring gives other keys.
		again := newWorld(t, store("again"))
		if f := must(again.store.Findings(ctx, again.as("coordinator"), again.text.ID, draftOf(saysTooMuch)))(t); f[0].Key == found[0].Key {
			t.Error("the key of a finding is not keyed")
		}
	})
}

// What is compared follows the record: a note that was just taken counts, and what is
// cleared later does not any more.
func TestFindingsFollowTheRecord(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		ctx, who := t.Context(), w.as("coordinator")
		told := func() []string {
			return rules(must(w.store.Findings(ctx, who, w.text.ID, draftOf("Hilma Oterhals spoke for the dredgers.")))(t))
		}
		if got := told(); got != nil {
			t.Errorf("of nobody: %q", got)
		}
		p := must(w.store.AddPerson(ctx, operator, record.Person{Given: "Hilma", Family: "Oterhals", Sample: true}))(t)
		if got := told(); got != nil {
			t.Errorf("of somebody who was nowhere: %q", got)
		}
		r := must(w.store.Round(ctx, who, w.round.ID))(t)
		there := must(w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{Words: "somebody"}))(t)
		part := must(w.store.AddParticipation(ctx, who, record.Participation{RoundID: r.ID, PresenceID: there.ID, PersonID: p.ID}))(t)
		if got := told(); !slices.Contains(got, "name.exact: Hilma Oterhals") {
			t.Errorf("of a participant: %q", got)
		}
		if err := w.store.RemoveParticipation(ctx, who, w.round.ID, part.ID, part.Version); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != nil {
			t.Errorf("after they were taken out: %q", got)
		}
	})
}

// What no program compared is not as if it were clean: a part in another language is a
// block where there are notes, and settled by who read it.
func TestUnreadLanguagesAreBlocks(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t, "record"))
	ctx, who := t.Context(), w.as("coordinator")
	d := draftOf("They met.")
	d.Translations = []record.Translation{{Lang: "zh-Hans", Title: "雾笛", Body: "他们见了面。"}}
	if got := rules(must(w.store.Findings(ctx, who, w.text.ID, d))(t)); got != nil {
		t.Errorf("without a note: %q", got)
	}
	must(w.store.ImportRecord(ctx, operator, interchange.Record{
		Format: interchange.Format, Version: interchange.Version, AsOf: "2026-04-01",
		Series: []interchange.Series{{ID: "s", Name: "Reef Talks"}}, Rounds: []interchange.Round{{ID: "r", Series: "s", Disclosure: interchange.RoundDisclosure{Existence: "public", Dates: "public", Venue: "public", City: "public"}}},
		Notes: []interchange.Note{{ID: "n", Round: "r", Language: "en", Text: "The reef was sold twice."}},
	}))(t)
	if got := rules(must(w.store.Findings(ctx, who, w.text.ID, d))(t)); got != nil {
		t.Errorf("without a note that they may read: %q", got)
	}
	found := must(w.store.Findings(ctx, operator, w.text.ID, d))(t)
	if len(found) != 2 || !found[0].Unread || found[0].Severity != record.Block {
		t.Fatalf("with a note: %q", rules(found))
	}
	saved := must(w.store.SaveDraft(ctx, who, w.text.ID, 1, d))(t)
	settle := func(as record.SettledAs) error {
		return w.store.SettleFindings(ctx, operator, w.text.ID, saved.Number, []record.Settling{{Key: found[0].Key, Settlement: record.Settlement{As: as}}})
	}
	if err := settle(record.FalseAlarm); fault.KindOf(err) != fault.Invalid {
		t.Errorf("as a false alarm: %v", err)
	}
	if err := settle(record.WasRead); err != nil {
		t.Fatal(err)
	}
	d.Translations[0].Title = "雾与笛"
	if again := must(w.store.Findings(ctx, operator, w.text.ID, d))(t); len(again[0].Settled) != 0 {
		t.Error("other words are as if they had been read")
	}
}
