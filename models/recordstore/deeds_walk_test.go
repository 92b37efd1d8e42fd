package recordstore_test

import (
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A target is what a deed is aimed at: ids by what they are of. It remembers which
// of them a deed asks for.
type target struct {
	ids   map[string]string
	asked map[string]bool
}

func (t target) id(of string) string {
	t.asked[of] = true
	return t.ids[of]
}

// with is the target with another id in one place.
func (t target) with(of, id string) target {
	ids := map[string]string{}
	for k, v := range t.ids {
		ids[k] = v
	}
	ids[of] = id
	return target{ids, map[string]bool{}}
}

// A deed is a method of the store that does something to one thing of a series, or
// reads one. make aims it: what it returns does it as somebody with a word, from
// the version that is stored when it is aimed, however often it is called.
type deed struct {
	act   record.Act
	make  func(w *world, on target) func(a record.Actor, word string) error
	edits bool // replaces something, so that a second editor is refused
	reads bool
	logs  bool // every time is written down: that is what it is for
	// before makes a thing that the deed is done to, where one made in the
	// beginning would stand in the way of the others.
	before func(w *world, lake target)
}

// dropped is the error of a method that returns something beside it.
func dropped[T any](_ T, err error) error { return err }

// elsewhere are the methods that the walk does not reach, with the reason.
var elsewhere = map[string]string{
	"Close":       "does nothing to the record",
	"AccountByID": "accounts", "Accounts": "accounts", "AddAccount": "accounts", "SetDisabled": "accounts", "SetQuietKeys": "one's own account",
	"SignIn": "one's own account", "SignedOut": "one's own account", "Reauthenticate": "one's own account", "OwnGrants": "one's own account",
	"Grants": "grants_test", "ProposeGrant": "grants_test", "AllowGrant": "grants_test", "GiveGrant": "grants_test", "RevokeGrant": "grants_test",
	"AllSeries": "a list", "Rounds": "a list", "Outputs": "a list", "Organisations": "a list", "People": "a list", "Appearances": "a list", "Presences": "a list",
	"Answers": "a list", "Embargoes": "a list", "Intakes": "a list", "KeptRounds": "a list", "KeptToDecide": "a list", "NotesMissing": "a list",
	"RulesUnread": "a list", "DueClearances": "a list", "ReleaseClearances": "release", "Unsearched": "a list", "Sittings": "a list", "AuditEntries": "a list", "Releases": "a list", "Suspended": "a list", "CopiesToChase": "a list", "Requests": "a list", "PeopleByID": "of the house", "OrganisationsByID": "of the house",
	"AddSeries": "of the house",

	"VerifyAudit": "of the house", "Keys": "of the house", "RotateKeys": "of the house", "CopyKeys": "of the house", "KeyCopyGone": "of the house",
	"Import": "import_test", "ImportRecord": "exchange_test", "ExportRecord": "exchange_test",
	"FreezeRelease": "release", "FreezeChange": "release", "FreezeIntake": "release", "Rehearse": "release", "SignRelease": "release", "CountersignRelease": "release", "CancelRelease": "release",
	"SuspendDocument": "release", "Release": "release", "ReleaseBar": "release", "ReleaseEffect": "release", "PublicBefore": "release", "PublicDocument": "release", "PublicOf": "release",
	"OutsideCopies": "release", "SaveOutsideCopy": "release", "LogRequest": "release", "AnswerRequest": "release", "Request": "release",
	"ReasonCleared": "release", "Falling": "release", "FallingWith": "release",
	"HoldRelease": "release", "LiftHold": "release", "BringForward": "release", "EventHappened": "release", "CounterpartPublished": "release",
	"NoteTrouble": "the program", "KeepTime": "the program", "ClaimRelease": "the program", "MarkDelivered": "the program", "LastRelease": "the program", "ReleaseDue": "the program", "ReleaseLog": "the program",
	"FinishDestructions": "the program",
}

// reading aims a method that takes one id and no word.
func reading(of string, do func(w *world, a record.Actor, id string) error) func(*world, target) func(record.Actor, string) error {
	return func(w *world, on target) func(record.Actor, string) error {
		id := on.id(of)
		return func(a record.Actor, _ string) error { return do(w, a, id) }
	}
}

// version is that of a round as stored, 1 for one that is not there.
func (w *world) version(roundID string) int64 {
	if r, err := w.store.Round(w.t.Context(), operator, roundID); err == nil {
		return r.Version
	}
	return 1
}

// proposed proposes to destroy the notes of the lake's round, unless somebody has.
func (w *world) proposed(lake target) {
	for _, x := range must(w.store.Kept(w.t.Context(), operator, lake.ids["round"]))(w.t).Destructions {
		if lake.ids["destruction"] = x.ID; x.State == record.DestructionProposed {
			return
		}
	}
	x := record.Destruction{ID: recordstore.NewID(), RoundID: lake.ids["round"], Reason: "due"}
	lake.ids["destruction"] = must(w.store.ProposeDestruction(w.t.Context(), w.as("records officer"), x))(w.t).ID
}

// rewritten gives the lake's text a version with other words than its first.
func (w *world) rewritten(lake target) {
	o := must(w.store.Output(w.t.Context(), operator, lake.ids["text"]))(w.t)
	must(w.store.SaveDraft(w.t.Context(), operator, o.ID, o.Draft.Number, record.Draft{Title: "Rewritten", Lang: "en"}))(w.t)
}

// unheld ends the holds of the lake's round.
func (w *world) unheld(lake target) {
	kept := must(w.store.Kept(w.t.Context(), operator, lake.ids["round"]))(w.t)
	for _, h := range kept.Holds {
		if err := w.store.EndHold(w.t.Context(), operator, lake.ids["round"], h.ID, "over"); err != nil {
			w.t.Fatal(err)
		}
	}
}

// subject fills a round of a series with one thing of each kind. who coordinates
// the series.
func (w *world) subject(series record.Series, roundID string, who record.Actor) target {
	t, ctx, s := w.t, w.t.Context(), w.store
	ids := map[string]string{"series": series.ID, "round": roundID, "side": series.Sides[0].ID}
	round := func() record.Round { return must(s.Round(ctx, operator, roundID))(t) }
	ids["presence"] = must(s.AddPresence(ctx, who, roundID, round().Version, record.Presence{Words: "somebody"}))(t).ID
	ids["badge"] = must(s.AddPresence(ctx, who, roundID, round().Version, record.Presence{OrganisationID: w.institute.ID, SideID: series.Sides[0].ID}))(t).ID
	ids["participant"] = must(s.AddParticipation(ctx, who, record.Participation{RoundID: roundID, PresenceID: ids["badge"]}))(t).ID
	ids["session"] = must(s.AddSession(ctx, who, record.Session{RoundID: roundID, Title: "Fog", On: "2017-01-11", Starts: "09:30"}))(t).ID
	ids["empty session"] = must(s.AddSession(ctx, who, record.Session{RoundID: roundID, Title: "Ice"}))(t).ID
	ids["change"] = must(s.AddRuleChange(ctx, who, record.RuleChange{RoundID: roundID, From: "2017-01-11T12:00"}, nil))(t).ID
	rules := must(s.RoundRules(ctx, who, roundID))(t)
	ids["read-out"] = must(s.AddReadOut(ctx, who, record.ReadOut{RoundID: roundID, At: "2017-01-11T09:34", By: "A chair", Code: rules.Code}))(t).ID
	noted := lines("", "Thick.", "Thin.")
	w.take(who, ids["session"], noted)
	if series.ID == w.lake.ID {
		if err := s.AssignNotes(ctx, operator, ids["session"], []record.Taker{{AccountID: w.as("rapporteur").ID}}); err != nil {
			t.Fatal(err)
		}
	}
	ids["note"], ids["other note"] = noted[0].ID, noted[1].ID
	ids["text"] = must(s.AddOutput(ctx, who, record.Output{SeriesID: series.ID, RoundID: roundID, Kind: record.Summary, Draft: record.Draft{Title: "Of fog", Lang: "en"}}))(t).ID
	ids["asking"] = w.asked(who, ids["text"], ids["side"])
	spoken := func(c record.Comment) string { return must(s.AddComment(ctx, who, ids["text"], c))(t).ID }
	ids["suggestion"] = spoken(record.Comment{Draft: 1, Key: "title", Suggests: true, Words: "Of ice"})
	ids["other suggestion"] = spoken(record.Comment{Draft: 1, Key: "title", Suggests: true, Words: "Of mist"})
	ids["comment"] = spoken(record.Comment{Draft: 1, Says: "Short."})
	ids["intake"] = must(s.StartIntake(ctx, who, recordstore.Intake{SeriesID: series.ID, Kind: "participants", Title: "a.csv"}))(t).ID
	ids["hold"] = must(s.HoldNotes(ctx, who, record.Hold{RoundID: roundID, Reason: "asked"}))(t).ID
	ids["free participant"] = must(s.AddParticipation(ctx, who, record.Participation{RoundID: roundID, Post: "guest"}))(t).ID
	ids["other intake"] = must(s.StartIntake(ctx, who, recordstore.Intake{SeriesID: series.ID, Kind: "participants", Title: "b.csv"}))(t).ID
	ids["destruction"] = recordstore.NewID()
	if series.ID == w.lake.ID { // of the whole house
		ids["body"] = w.navy.ID
		ids["person"] = must(s.AddPerson(ctx, who, record.Person{Family: "Lund"}))(t).ID
	}
	return target{ids, map[string]bool{}}
}

// Every method that does something to a thing of a series is walked over: in the
// table of deeds, or named among those that are not, with the reason.
func TestEveryDeedIsInTheTable(t *testing.T) {
	sources := map[string]string{}
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, "_test.go") {
			sources[name] = string(b)
		}
	}
	there := map[string]bool{}
	for _, file := range parse(t, sources) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && receiver(f) == "Store" && ast.IsExported(f.Name.Name) {
				there[f.Name.Name] = true
			}
		}
	}
	for name := range there {
		_, walked := deeds[name]
		if _, named := elsewhere[name]; walked == named {
			t.Errorf("%s is walked over: %v, and named elsewhere: %v", name, walked, named)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(deeds)), slices.Collect(maps.Keys(elsewhere))) {
		if !there[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

// Every deed on a thing that one may not know of fails as on one that is not there,
// also where only one of the ids in it is of such a thing; who lacks the right may
// not; done twice it changes nothing or says so; of two editors one is told.
func TestEveryDeed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		hills := must(w.store.Series(t.Context(), operator, w.hill.ID))(t)
		hills.Sides = []record.Side{{Name: "Up"}, {Name: "Down"}}
		hills = must(w.store.EditSeries(t.Context(), operator, hills))(t)
		w.foreign.Opens, w.foreign.Closes = w.round.Opens, w.round.Closes
		must(w.store.EditRound(t.Context(), operator, w.foreign))(t)
		lake := w.subject(w.lake, w.round.ID, w.as("coordinator"))
		hill := w.subject(hills, w.foreign.ID, w.as("other"))
		last := []string{
			"EditRuleChange", "RemoveRuleChange", "SetClearances", "RemoveIntervention", "SealNotes", "EndHold",
			"ProposeDestruction", "RefuseDestruction", "ConfirmDestruction", "RemoveSession", "RemoveParticipation", "RemovePresence", "ApplyIntake", "UndoIntake", "DropIntake",
		}
		var order []string
		for name := range deeds {
			if !slices.Contains(last, name) {
				order = append(order, name)
			}
		}
		slices.Sort(order)
		for _, name := range append(order, last...) {
			t.Run(name, func(t *testing.T) {
				w.t = t
				if before := deeds[name].before; before != nil {
					before(w, lake)
				}
				w.hides(deeds[name], lake, hill)
				w.refuses(deeds[name], lake)
				if !deeds[name].reads {
					w.doesOnce(deeds[name], lake)
				}
			})
		}
	})
}

// roles are everybody in the lake, and somebody without a grant.
func roles() []string {
	out := []string{"nobody"}
	for _, r := range record.RoleNames {
		out = append(out, string(r))
	}
	return out
}

func (w *world) hides(d deed, lake, hill target) {
	probe := lake.with("", "")
	d.make(w, probe)
	for of := range probe.asked {
		if hill.ids[of] == "" {
			continue // of the house
		}
		for _, role := range roles() {
			toHidden, toMissing := d.make(w, lake.with(of, hill.ids[of])), d.make(w, lake.with(of, recordstore.NewID()))
			before := w.entries()
			hidden, missing := toHidden(w.as(role), "one"), toMissing(w.as(role), "one")
			switch {
			case hidden == nil || missing == nil:
				w.t.Errorf("%s, another series' %s: %v; none: %v", role, of, hidden, missing)
			case hidden.Error() != missing.Error() || fault.KindOf(hidden) != fault.KindOf(missing):
				w.t.Errorf("%s, another series' %s: %q; none: %q", role, of, hidden, missing)
			}
			if n := w.entries() - before; n != 0 && !d.reads { // that notes were read is written down before
				w.t.Errorf("%s, another series' %s: %d entries", role, of, n)
			}
		}
		for _, role := range roles() { // all of it another series'
			hidden := d.make(w, hill)(w.as(role), "one")
			if kind := fault.KindOf(hidden); hidden == nil || kind != fault.NotFound && kind != fault.Forbidden && kind != fault.Invalid {
				w.t.Errorf("%s does it in another series: %v", role, hidden)
			}
		}
	}
}

func (w *world) refuses(d deed, lake target) {
	do := d.make(w, lake)
	for _, role := range roles() {
		a := w.as(role)
		if a.May(d.act, w.lake.ID) {
			continue
		}
		before := w.entries()
		err := do(a, "one")
		if kind := fault.KindOf(err); err == nil || kind != fault.Forbidden && kind != fault.NotFound {
			w.t.Errorf("%s may not, and gets %v", role, err)
		}
		if fault.KindOf(err) == fault.NotFound {
			absent := lake.with("", "")
			d.make(w, absent)
			for of := range absent.asked {
				absent.ids[of] = recordstore.NewID()
			}
			if missing := d.make(w, absent)(a, "one"); missing == nil || missing.Error() != err.Error() {
				w.t.Errorf("%s: there %q, not there %q", role, err, missing)
			}
		}
		if n := w.entries() - before; n != 0 {
			w.t.Errorf("a refusal of %s left %d entries", role, n)
		}
	}
}

func (w *world) doesOnce(d deed, lake target) {
	do := d.make(w, lake)
	var able []record.Actor
	for _, role := range []string{"coordinator", "director", "records officer", "rapporteur"} {
		if w.as(role).May(d.act, w.lake.ID) {
			able = append(able, w.as(role))
		}
	}
	before := w.entries()
	if err := do(able[0], "one"); err != nil {
		w.t.Fatalf("once: %v", err)
	}
	err := do(able[0], "one")
	n := w.entries() - before
	switch {
	case d.logs:
		if err != nil || n != 2 {
			w.t.Errorf("twice: %d entries, %v", n, err)
		}
		return
	case err != nil && !slices.Contains([]fault.Kind{fault.Conflict, fault.NotFound, fault.Invalid}, fault.KindOf(err)):
		w.t.Errorf("twice: %v", err)
	case n != 1:
		w.t.Errorf("twice: %d entries", n)
	}
	if !d.edits {
		return
	}
	if err := do(able[len(able)-1], "two"); fault.KindOf(err) != fault.Conflict {
		w.t.Errorf("the second editor gets %v", err)
	}
	if w.entries() != before+1 {
		w.t.Error("the second editor left an entry")
	}
}
