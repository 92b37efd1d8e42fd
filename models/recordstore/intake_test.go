package recordstore_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// quill stands where nothing may stand in clear.
const quill = "Zanzibarquill"

func (w *world) intake(actor record.Actor, kind string) recordstore.Intake {
	w.t.Helper()
	return must(w.store.StartIntake(w.t.Context(), actor, recordstore.Intake{
		SeriesID: w.lake.ID, Kind: kind, Title: quill + ".csv", Source: []byte(quill + " as it came"), Rows: []byte(quill + " rows"), Work: []byte(quill + " work"),
	}))(w.t)
}

// An import exists for the person who started it, while they may edit the
// series, and for nobody else; what it holds stands nowhere in clear.
func TestIntakeIsItsOwners(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		in := w.intake(who, "participants")
		if again := must(w.store.StartIntake(ctx, who, recordstore.Intake{ID: in.ID, SeriesID: w.lake.ID}))(t); again.Title != in.Title {
			t.Errorf("sent again: %+v", again)
		}
		for _, role := range []string{"director", "editor", "desk officer", "rapporteur", "records officer", "auditor", "administrator", "nobody", "other"} {
			a := w.as(role)
			_, err := w.store.Intake(ctx, a, in.ID)
			if err == nil || fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s reads it: %v", role, err)
			}
			if all, _ := w.store.Intakes(ctx, a); len(all) != 0 {
				t.Errorf("%s lists it", role)
			}
			for what, err := range map[string]error{
				"save": second(w.store.SaveIntake(ctx, a, in)), "apply": second(w.store.ApplyIntake(ctx, a, in.ID, 1, recordstore.Plan{})),
				"undo": second(w.store.UndoIntake(ctx, a, in.ID)), "drop": w.store.DropIntake(ctx, a, in.ID),
				"rows": second(w.store.KnownRows(ctx, a, in.ID, nil)), "source": second(w.store.IntakeSource(ctx, a, in.ID)),
			} {
				if kind := fault.KindOf(err); err == nil || kind != fault.NotFound && kind != fault.Forbidden {
					t.Errorf("%s: %s: %v", role, what, err)
				}
			}
		}
		all := must(w.store.Intakes(ctx, who))(t)
		if len(all) != 1 || all[0].Title != quill+".csv" || all[0].Rows != nil {
			t.Errorf("own list: %+v", all)
		}
		saved := must(w.store.SaveIntake(ctx, who, recordstore.Intake{ID: in.ID, Version: 1, Work: []byte("decided")}))(t)
		got := must(w.store.IntakeSource(ctx, who, in.ID))(t)
		if string(got.Work) != "decided" || string(got.Rows) != quill+" rows" || string(got.Source) != quill+" as it came" || got.Version != 2 {
			t.Errorf("saved: %+v", got)
		}
		_, err := w.store.SaveIntake(ctx, who, in)
		wantKind(t, "saved from an older version", err, fault.Conflict)
		_, err = w.store.StartIntake(ctx, who, recordstore.Intake{SeriesID: w.hill.ID})
		wantKind(t, "into another's series", err, fault.NotFound)
		_, err = w.store.StartIntake(ctx, who, recordstore.Intake{SeriesID: w.lake.ID, RoundID: w.foreign.ID})
		wantKind(t, "into a round of another series", err, fault.Invalid)
		if strings.HasPrefix(w.url, "sqlite:") {
			files, _ := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(w.url, "sqlite:")), "*"))
			for _, f := range files {
				if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte(quill)) {
					t.Errorf("a word of the import stands in %s", filepath.Base(f))
				}
			}
		}
		if err := w.store.DropIntake(ctx, who, saved.ID); err != nil {
			t.Error(err)
		}
		_, err = w.store.Intake(ctx, who, in.ID)
		wantKind(t, "dropped", err, fault.NotFound)
	})
}

func second[T any](_ T, err error) error { return err }

// A planned participant is row n of a table: a person at a round.
func planned(row int, e recordstore.Entrant) recordstore.Planned[recordstore.Entrant] {
	if e.Participation.ID == "" {
		e.Participation.ID = recordstore.NewID()
	}
	return recordstore.Planned[recordstore.Entrant]{Row: row, Digest: fmt.Sprint("row ", row), Entry: e}
}

// mixed is a plan with everything in it: a new body below a new body, a new
// round, people new and known, a true affiliation, and rows that cannot go in.
func (w *world) mixed(known record.Person) recordstore.Plan {
	id := recordstore.NewID
	ministry := record.Organisation{ID: id(), Name: "Ministry of Weirs", Kind: record.Ministry, Country: "XA"}
	bureau := record.Organisation{ID: id(), Name: "Weir Bureau", Kind: record.Agency, ParentID: ministry.ID}
	fresh := record.Person{ID: id(), Given: "Osk", Family: "Marren"}
	nameless := record.Person{ID: id(), Given: "Only", Family: "Person", Country: "not a code"}
	round := record.Round{ID: id(), State: record.Held, Opens: "2019-05", InternalTitle: "Weir talks"}
	at := func(round string, person string, body string) recordstore.Entrant {
		return recordstore.Entrant{Participation: record.Participation{RoundID: round, PersonID: person, State: record.Attended}, Badge: record.Presence{OrganisationID: body, Label: record.Exact}}
	}
	behind := at(w.round.ID, known.ID, bureau.ID)
	behind.True = &record.Presence{Words: quill}
	return recordstore.Plan{
		Organisations: []recordstore.Planned[record.Organisation]{{Entry: bureau}, {Entry: ministry}, {Entry: record.Organisation{ID: id(), Name: "Needed by nothing", Kind: record.Agency}}},
		People:        []record.Person{fresh, nameless, {ID: id(), Family: "Unneeded"}},
		Rounds:        []recordstore.Planned[record.Round]{{Entry: round}, {Entry: record.Round{ID: id(), State: record.Held, InternalTitle: "Needed by nothing"}}},
		Entrants: []recordstore.Planned[recordstore.Entrant]{
			planned(2, behind), planned(3, at(round.ID, fresh.ID, bureau.ID)), planned(4, at(w.round.ID, fresh.ID, w.navy.ID)),
			planned(5, at(w.round.ID, nameless.ID, w.navy.ID)),
			planned(6, at(w.foreign.ID, fresh.ID, w.navy.ID)),
		},
		Aside: []recordstore.Aside{{Row: 9, Why: "Somebody set it aside."}},
	}
}

// What a plan holds goes in whole and closed; a row that cannot go in keeps no
// other out; the same rows again change nothing; undone, nothing is left.
func TestIntakeGoesInAndOut(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		known := must(w.store.AddPerson(ctx, who, record.Person{Given: "Ana", Family: "Ford"}))(t)
		before := w.contents()
		in, plan := w.intake(who, "participants"), w.mixed(known)
		got := must(w.store.ApplyIntake(ctx, who, in.ID, 1, plan))(t)
		if got.People != 1 || got.Organisations != 2 || got.Rounds != 1 || got.Participations != 3 || got.Known != 0 {
			t.Errorf("made %+v", got)
		}
		var aside []int
		for _, a := range got.Aside {
			aside = append(aside, a.Row)
			if a.Why == "" || strings.Contains(a.Why, "Person") || strings.Contains(a.Why, quill) {
				t.Errorf("row %d: %q", a.Row, a.Why)
			}
		}
		if fmt.Sprint(aside) != "[5 6 9]" {
			t.Errorf("set aside %v", aside)
		}
		r := must(w.store.Round(ctx, who, w.round.ID))(t)
		for _, p := range r.Presences[len(w.round.Presences):] {
			if p.Label != record.Withheld {
				t.Errorf("a presence went in open: %+v", p)
			}
		}
		if len(r.Presences) != len(w.round.Presences)+2 {
			t.Errorf("%d presences", len(r.Presences))
		}
		all := must(w.store.Participations(ctx, w.as("desk officer"), w.round.ID))(t)
		for _, p := range all {
			if p.TruePresenceID != "" {
				t.Error("a desk officer reads a true affiliation")
			}
		}
		_, err := w.store.ApplyIntake(ctx, who, in.ID, 2, plan)
		wantKind(t, "applied again", err, fault.Conflict)
		filled := w.contents()

		second := w.intake(who, "participants")
		more := w.mixed(known)
		twice := must(w.store.ApplyIntake(ctx, who, second.ID, 1, more))(t)
		if twice.Known != 3 || twice.People+twice.Organisations+twice.Rounds+twice.Presences+twice.Participations != 0 {
			t.Errorf("the same rows again: %+v", twice)
		}
		if now := w.contents(); now != filled {
			t.Errorf("the same rows again changed the record:\n%s\n%s", filled, now)
		}

		undone := must(w.store.UndoIntake(ctx, who, in.ID))(t)
		if len(undone.Kept) != 0 {
			t.Errorf("kept %+v", undone.Kept)
		}
		if now := w.contents(); now != before {
			t.Errorf("undone:\n%s\n%s", before, now)
		}
		entries := w.entries()
		must(w.store.UndoIntake(ctx, who, in.ID))(t)
		if w.entries() != entries {
			t.Error("undone twice")
		}
		third := w.intake(who, "participants")
		if back := must(w.store.ApplyIntake(ctx, who, third.ID, 1, w.mixed(known)))(t); back.Participations != 3 || back.Known != 0 {
			t.Errorf("what was undone comes again: %+v", back)
		}
	})
}

// contents names what an import can make.
func (w *world) contents() string {
	w.t.Helper()
	ctx := w.t.Context()
	people, _, err := w.store.People(ctx, operator, recordstore.PersonFilter{})
	bodies, _, err2 := w.store.Organisations(ctx, operator, recordstore.OrganisationFilter{})
	rounds, _, err3 := w.store.Rounds(ctx, operator, recordstore.RoundFilter{})
	if err := errors.Join(err, err2, err3); err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, p := range people {
		out = append(out, p.Name())
	}
	for _, o := range bodies {
		out = append(out, o.Name)
	}
	for _, r := range rounds {
		whole := must(w.store.Round(ctx, operator, r.ID))(w.t)
		out = append(out, fmt.Sprint(r.InternalTitle, r.Opens, len(whole.Presences), len(must(w.store.Participations(ctx, operator, r.ID))(w.t))))
	}
	return strings.Join(out, "; ")
}

// What somebody changed or used since stays, with what it stands on; what is
// older than a day stays whole.
func TestUndoLeavesWhatWasChanged(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		known := must(w.store.AddPerson(ctx, who, record.Person{Given: "Ana", Family: "Ford"}))(t)
		in, plan := w.intake(who, "participants"), w.mixed(known)
		must(w.store.ApplyIntake(ctx, who, in.ID, 1, plan))(t)
		all := must(w.store.Participations(ctx, who, plan.Rounds[0].Entry.ID))(t)
		p := all[0]
		p.Post = "Head of section"
		must(w.store.EditParticipation(ctx, who, recordstore.Entrant{Participation: p}))(t)
		kept := map[string]int{}
		for _, k := range must(w.store.UndoIntake(ctx, who, in.ID))(t).Kept {
			kept[k.Kind]++
			if k.Why == "" || k.ID == "" {
				t.Errorf("%+v", k)
			}
		}
		// The participant with their round, presence, person, body and the one above.
		if fmt.Sprint(kept) != "map[body:2 participant:1 person:1 presence:1 round:1]" {
			t.Errorf("kept %v", kept)
		}
		if got := must(w.store.Participations(ctx, who, w.round.ID))(t); len(got) != 0 {
			t.Errorf("%d participants stay at a round nobody touched", len(got))
		}
		w.keptUnderTheirActs()
	})
}

// A body that convenes or funds a series by now stays when its import is undone,
// with the one above it.
func TestUndoLeavesWhoFunds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		for _, use := range []func(s *record.Series, id string){
			func(s *record.Series, id string) { s.Funders = []record.Funding{{OrganisationID: id}} },
			func(s *record.Series, id string) { s.Conveners = []record.Convening{{OrganisationID: id}} },
		} {
			above := record.Organisation{ID: recordstore.NewID(), Name: "Ministry of Weirs", Kind: record.Ministry}
			body := record.Organisation{ID: recordstore.NewID(), Name: "Weir Bureau", Kind: record.Agency, ParentID: above.ID}
			in := w.intake(who, "organisations")
			must(w.store.ApplyIntake(ctx, who, in.ID, 1, recordstore.Plan{Organisations: []recordstore.Planned[record.Organisation]{{Entry: above}, {Row: 2, Digest: body.ID, Entry: body}}}))(t)
			s := must(w.store.Series(ctx, operator, w.lake.ID))(t)
			use(&s, body.ID)
			must(w.store.EditSeries(ctx, operator, s))(t)
			if kept := must(w.store.UndoIntake(ctx, who, in.ID))(t).Kept; len(kept) != 2 {
				t.Errorf("kept %+v", kept)
			}
			if found := must(w.store.OrganisationsByID(ctx, operator, []string{body.ID, above.ID}))(t); len(found) != 2 {
				t.Errorf("%d of 2 bodies stay", len(found))
			}
		}
	})
}

// A text about which somebody was asked or said something since stays when its
// import is undone, and is named; the others go.
func TestUndoLeavesTextsThatSomethingStandsOn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		side := record.Party{Kind: record.PartySide, ID: w.lake.Sides[0].ID}
		var plan recordstore.Plan
		var ids []string
		for i := range 3 {
			o := record.Output{ID: recordstore.NewID(), SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.Summary, Draft: record.Draft{Title: "On weirs", Lang: "en", Body: "They met."}}
			ids = append(ids, o.ID)
			plan.Outputs = append(plan.Outputs, recordstore.Planned[record.Output]{Row: i + 2, Digest: o.ID, Entry: o})
		}
		in := w.intake(who, "outputs")
		must(w.store.ApplyIntake(ctx, who, in.ID, 1, plan))(t)
		err := errors.Join(
			w.store.AskClearance(ctx, who, ids[0], recordstore.Ask{Draft: 1, On: "2023-11-10", Parties: []record.Party{side}}),
			w.store.ChangeNeed(ctx, who, ids[1], record.NeedChange{Party: side, Need: record.NeedConsent, Reason: "They wish it."}),
		)
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for _, k := range must(w.store.UndoIntake(ctx, who, in.ID))(t).Kept {
			if k.Kind != "text" || k.Why == "" {
				t.Errorf("%+v", k)
			}
			kept = append(kept, k.ID)
		}
		if !slices.Equal(kept, ids[:2]) {
			t.Errorf("kept %v of %v", kept, ids)
		}
		_, err = w.store.Output(ctx, who, ids[2])
		wantKind(t, "a text nobody touched", err, fault.NotFound)
		for _, id := range ids[:2] {
			if l := must(w.store.Ledger(ctx, who, id))(t); len(l.Lines) == 0 {
				t.Error("what stands on the text is gone")
			}
		}
	})
}

// Every table whose rows are about a text keeps it, or goes with it.
func TestUndoKnowsWhatStandsOnAText(t *testing.T) {
	code := string(must(os.ReadFile("intake_undo.go"))(t))
	files := must(filepath.Glob("../../migrations/record/*.sql"))(t)
	found := 0
	for _, file := range files {
		table := ""
		for _, line := range strings.Split(string(must(os.ReadFile(file))(t)), "\n") {
			if name, ok := strings.CutPrefix(line, "CREATE TABLE "); ok {
				table = strings.Fields(name)[0]
			}
			if strings.Contains(line, "REFERENCES outputs") {
				found++
				if !strings.Contains(code, `"`+table+`"`) {
					t.Errorf("undoing an import knows nothing of %s", table)
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("%d tables are about texts: the test looks in vain", found)
	}
}

// Rights within an import are those outside it.
func TestIntakeAsksForRights(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, director := t.Context(), w.as("director")
		known := must(w.store.AddPerson(ctx, director, record.Person{Given: "Ana", Family: "Ford"}))(t)
		in := w.intake(director, "participants")
		_, err := w.store.ApplyIntake(ctx, director, in.ID, 1, w.mixed(known))
		wantForbidden(t, "true affiliations by a director", err)
		if state := must(w.store.Intake(ctx, director, in.ID))(t).State; state != recordstore.IntakeOpen {
			t.Errorf("refused, and %s", state)
		}
		if all := must(w.store.Participations(ctx, director, w.round.ID))(t); len(all) != 0 {
			t.Error("a refused import left participants")
		}
	})
}

// killIntake makes the crash test of this binary apply an import and kill
// itself in the middle of its transaction.
const killIntake = "TRACK15_TEST_KILL_INTAKE"

// Killed while it applies, an import has put nothing in and is open as before.
func TestIntakeKilledHalfWay(t *testing.T) {
	type order struct {
		URL, Keys, ID string
		Actor         string
		Plan          recordstore.Plan
	}
	if s := os.Getenv(killIntake); s != "" {
		var o order
		if err := json.Unmarshal([]byte(s), &o); err != nil {
			t.Fatal(err)
		}
		ring := must(seal.OpenRing(o.Keys))(t)
		armed := false
		clock := func() time.Time {
			if armed { // the last thing that applying asks before it commits
				if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
					t.Error(err)
				}
				select {}
			}
			return time.UnixMicro(1_700_000_000_000_000)
		}
		s := must(recordstore.Open(t.Context(), o.URL, recordstore.Options{Ring: ring, Clock: clock}))(t)
		actor := must(s.AccountByID(t.Context(), o.Actor))(t).Actor()
		armed = true
		_, err := s.ApplyIntake(t.Context(), actor, o.ID, 1, o.Plan)
		t.Fatal("it lived: ", err)
	}
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		known := must(w.store.AddPerson(ctx, who, record.Person{Given: "Ana", Family: "Ford"}))(t)
		in, plan := w.intake(who, "participants"), w.mixed(known)
		before := w.contents()
		b := must(json.Marshal(order{w.url, w.keys, in.ID, who.ID, plan}))(t)
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestIntakeKilledHalfWay$")
		cmd.Env = append(os.Environ(), killIntake+"="+string(b))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("not killed: %v\n%s", err, out)
		}
		if now := w.contents(); now != before {
			t.Errorf("half of it is in:\n%s\n%s", before, now)
		}
		if got := must(w.store.ApplyIntake(ctx, who, in.ID, 1, plan))(t); got.Participations != 3 {
			t.Errorf("afterwards: %+v", got)
		}
	})
}
