package recordstore_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// chatham are the rules of a preset with some permissions changed.
func preset(key string, change map[record.Aspect]record.Permission) record.GroundRules {
	g := record.GroundRules{Preset: key, Vector: map[record.Aspect]record.Permission{}}
	for a, p := range record.PresetOf(key).Vector {
		g.Vector[a] = p
	}
	for a, p := range change {
		g.Vector[a] = p
	}
	return g
}

func (w *world) rules() recordstore.RoundRules {
	w.t.Helper()
	return must(w.store.RoundRules(w.t.Context(), w.as("coordinator"), w.round.ID))(w.t)
}

func (w *world) edit(g record.GroundRules, consent record.Consent) error {
	w.t.Helper()
	r := must(w.store.Round(w.t.Context(), w.as("coordinator"), w.round.ID))(w.t)
	return w.store.LoosenRules(w.t.Context(), w.as("coordinator"), r.ID, r.Version, g, consent)
}

// readOut records that the rules were read as they are.
func (w *world) readOut() record.ReadOut {
	w.t.Helper()
	return must(w.store.AddReadOut(w.t.Context(), w.as("coordinator"), record.ReadOut{
		RoundID: w.round.ID, At: "2017-01-11T09:34", By: "Both chairs", Code: w.rules().Code,
	}))(w.t)
}

// agreed is what every side of the lake answered.
func (w *world) agreed() record.Consent {
	c := record.Consent{}
	for _, side := range w.lake.Sides {
		c[side.ID] = "letter of its chair"
	}
	return c
}

func wantField(t *testing.T, what string, err error, field string) {
	t.Helper()
	for _, e := range fault.All(err) {
		if e.Field == field {
			return
		}
	}
	t.Errorf("%s: error %v, want one at %s", what, err, field)
}

func TestLooseningWhatWasReadOutNeedsEverySide(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		city := map[record.Aspect]record.Permission{record.AspectCity: record.Never}
		session := must(w.store.AddSession(ctx, who, record.Session{RoundID: w.round.ID, Title: "Fog", On: "2017-01-11", Starts: "09:00", Ends: "10:00"}))(t)
		if err := w.edit(preset("chatham_house", nil), nil); err != nil {
			t.Fatal("before the read-out:", err)
		}
		inside := must(w.store.AddRuleChange(ctx, who, record.RuleChange{RoundID: w.round.ID, SessionID: session.ID, AskedBy: "both"}, nil))(t)
		inside.Rules = preset("chatham_house", city)
		inside = must(w.store.EditRuleChange(ctx, who, inside, nil))(t) // looser, and free: nothing was read out
		first := w.readOut()

		if err := w.edit(preset("chatham_house", city), nil); err != nil {
			t.Error("tightening:", err)
		}
		free := preset("chatham_house", nil)
		half := w.agreed()
		delete(half, w.lake.Sides[0].ID)
		blank := w.agreed()
		blank[w.lake.Sides[1].ID] = "  "
		before := w.entries()
		for what, consent := range map[string]record.Consent{"nobody": nil, "one side": half, "a blank": blank, "a stranger": {"x": "letter"}} {
			wantField(t, "loosening, asked "+what, w.edit(free, consent), "consent")
		}
		loose := inside
		loose.Rules = preset("on_record", nil)
		_, err := w.store.EditRuleChange(ctx, who, loose, half)
		wantField(t, "loosening in a session", err, "consent")
		_, err = w.store.AddRuleChange(ctx, who, record.RuleChange{RoundID: w.round.ID, From: "2017-01-11T12:00", Rules: free}, nil)
		wantField(t, "loosening from a time on", err, "consent")
		embargo := preset("chatham_house", map[record.Aspect]record.Permission{record.AspectCity: record.AfterEmbargo})
		embargo.EmbargoUntil = "2017-03-01"
		wantField(t, "an embargo for never", w.edit(embargo, nil), "consent")
		if n := w.entries(); n != before || len(w.rules().Loosenings) != 0 {
			t.Error("what was refused left a trace")
		}

		if err := w.edit(free, w.agreed()); err != nil {
			t.Error("every side agreed:", err)
		}
		got := w.rules()
		if len(got.Loosenings) != 1 || !slices.Equal(got.Loosenings[0].Aspects, []record.Aspect{record.AspectCity}) ||
			!reflect.DeepEqual(got.Loosenings[0].Consent, w.agreed()) || got.Loosenings[0].RecordedBy != who.ID {
			t.Errorf("kept of it: %+v", got.Loosenings)
		}
		if got.Number != first.Number+2 || len(got.ReadOuts) != 1 || got.ReadOuts[0].Number != first.Number || got.ReadOuts[0].Card.Hash() != first.Card.Hash() {
			t.Errorf("card %d; read out %+v", got.Number, got.ReadOuts)
		}
		// The session is stricter than the round now: to take that away loosens.
		err = w.store.RemoveRuleChange(ctx, who, w.round.ID, inside.ID, inside.Version, nil)
		wantField(t, "removing what is stricter", err, "consent")
		wantKind(t, "removing its session", w.store.RemoveSession(ctx, who, w.round.ID, session.ID, session.Version), fault.Invalid)
		if err := w.store.RemoveRuleChange(ctx, who, w.round.ID, inside.ID, inside.Version, w.agreed()); err != nil {
			t.Error("agreed removal:", err)
		}
	})
}

// A session that moves takes its rules along: that is a way of loosening too.
func TestMovingASessionLoosensNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		session := must(w.store.AddSession(ctx, who, record.Session{RoundID: w.round.ID, Title: "Fog", On: "2017-01-11", Starts: "12:00"}))(t)
		if err := w.edit(preset("chatham_house", nil), nil); err != nil {
			t.Fatal(err)
		}
		must(w.store.AddRuleChange(ctx, who, record.RuleChange{RoundID: w.round.ID, SessionID: session.ID, Rules: preset("on_record", nil)}, nil))(t)
		must(w.store.AddRuleChange(ctx, who, record.RuleChange{RoundID: w.round.ID, From: "2017-01-11T11:00"}, nil))(t)
		w.readOut()
		// At twelve the session's rules begin last; at ten the closed ones do.
		session.Starts = "10:00"
		session = must(w.store.EditSession(ctx, who, session))(t)
		session.Starts = "12:00"
		_, err := w.store.EditSession(ctx, who, session)
		wantField(t, "moving a session", err, "consent")
	})
}

func TestReadOuts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		if err := w.edit(preset("chatham_house", nil), nil); err != nil {
			t.Fatal(err)
		}
		old := w.rules().Code
		if err := w.edit(preset("closed", nil), nil); err != nil {
			t.Fatal(err)
		}
		x := record.ReadOut{ID: recordstore.NewID(), RoundID: w.round.ID, At: "2017-01-11T09:34", By: "Both chairs", Code: old, Objections: "One: no names"}
		_, err := w.store.AddReadOut(ctx, who, x)
		wantField(t, "a card of other rules", err, "code")
		x.Code = w.rules().Code
		for _, bad := range []record.ReadOut{{RoundID: x.RoundID, Code: x.Code, By: "A"}, {RoundID: x.RoundID, Code: x.Code, At: "2017-01-11", By: "A"}, {RoundID: x.RoundID, Code: x.Code, At: x.At}} {
			_, err := w.store.AddReadOut(ctx, who, bad)
			wantKind(t, "half a read-out", err, fault.Invalid)
		}
		first := must(w.store.AddReadOut(ctx, who, x))(t)
		before := w.entries()
		if again := must(w.store.AddReadOut(ctx, who, x))(t); !reflect.DeepEqual(again, first) || w.entries() != before {
			t.Errorf("sent twice: %+v", again)
		}
		late := first
		late.Late, late.By, late.Code, late.At = "N3 was given the card at 10:50", "nobody", "0", "2018-01-01T00:00"
		late = must(w.store.EditReadOut(ctx, who, late))(t)
		want := first
		want.Late, want.Version = "N3 was given the card at 10:50", 2
		if !reflect.DeepEqual(late, want) || !reflect.DeepEqual(w.rules().ReadOuts, []record.ReadOut{want}) {
			t.Errorf("late arrivals: %+v", late)
		}
		first.Late = "otherwise"
		_, err = w.store.EditReadOut(ctx, w.as("director"), first)
		wantKind(t, "the second editor", err, fault.Conflict)
	})
}

// Rules for a part of a round are the series'; who reads no round reads none.
func TestWhoReadsAndChangesRules(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		change := must(w.store.AddRuleChange(ctx, w.as("director"), record.RuleChange{RoundID: w.round.ID, From: "2017-01-11T12:00", AskedBy: "V1"}, nil))(t)
		code := w.rules().Code
		for role, reads := range map[string]bool{"coordinator": true, "director": true, "desk officer": true, "editor": false, "records officer": false, "rapporteur": false, "auditor": false, "administrator": false, "other": false, "nobody": false} {
			actor := w.as(role)
			got, err := w.store.RoundRules(ctx, actor, w.round.ID)
			if (err == nil) != reads || !reads && !reflect.DeepEqual(got, recordstore.RoundRules{}) {
				t.Errorf("%s reads %+v, %v", role, got, err)
			}
			if role == "coordinator" || role == "director" {
				continue
			}
			for what, write := range map[string]func() error{
				"add": func() error {
					_, err := w.store.AddRuleChange(ctx, actor, record.RuleChange{RoundID: w.round.ID, From: "2017-01-11T13:00"}, nil)
					return err
				},
				"edit": func() error {
					c := change
					c.AskedBy = "N3"
					_, err := w.store.EditRuleChange(ctx, actor, c, nil)
					return err
				},
				"remove": func() error { return w.store.RemoveRuleChange(ctx, actor, w.round.ID, change.ID, change.Version, nil) },
				"read": func() error {
					_, err := w.store.AddReadOut(ctx, actor, record.ReadOut{RoundID: w.round.ID, At: "2017-01-11T09:34", By: "A", Code: code})
					return err
				},
			} {
				if err := write(); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s may %s: %v", role, what, err)
				}
			}
		}
		// The other series' session and round are not to be found.
		_, err := w.store.EditRuleChange(ctx, w.as("other"), record.RuleChange{ID: change.ID, RoundID: w.foreign.ID, From: "2018-01-01T09:00"}, nil)
		wantKind(t, "a change under another round", err, fault.NotFound)
		foreign := must(w.store.AddSession(ctx, w.as("other"), record.Session{RoundID: w.foreign.ID, Title: "Hills"}))(t)
		_, err = w.store.AddRuleChange(ctx, w.as("director"), record.RuleChange{RoundID: w.round.ID, SessionID: foreign.ID}, nil)
		wantField(t, "another round's session", err, "session")
		_, err = w.store.AddRuleChange(ctx, w.as("director"), record.RuleChange{RoundID: w.round.ID, From: "2017-01-11T12:00", Rules: preset("on_record", nil)}, nil)
		wantField(t, "two that begin at once", err, "from")
	})
}

// Whatever is done after a read-out, in whatever order, without consent nothing
// is ever looser than it was then.
func TestNoWayLoosens(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t, "record"))
	ctx, who := t.Context(), w.as("coordinator")
	moments := []string{"", "2017-01-11T09:00", "2017-01-11T11:00"}
	rapid.Check(t, func(rt *rapid.T) {
		round := must(w.store.LogRound(ctx, who, record.Round{SeriesID: w.lake.ID, State: record.Held, Sample: true}))(t)
		session := must(w.store.AddSession(ctx, who, record.Session{RoundID: round.ID, Title: "One", On: "2017-01-11", Starts: "10:00"}))(t)
		rules := func() record.GroundRules {
			g := record.GroundRules{Vector: map[record.Aspect]record.Permission{}, EmbargoUntil: rapid.SampledFrom([]record.Date{"", "2017-02-01", "2017-03-01"}).Draw(rt, "embargo")}
			for _, a := range []record.Aspect{record.AspectCity, record.AspectTopics} {
				g.Vector[a] = rapid.SampledFrom(record.Permissions).Draw(rt, "permission")
			}
			return g
		}
		state := func() recordstore.RoundRules { return must(w.store.RoundRules(ctx, who, round.ID))(t) }
		actions := []func() error{
			func() error {
				r := must(w.store.Round(ctx, who, round.ID))(t)
				return w.store.EditRules(ctx, who, r.ID, r.Version, rules())
			},
			func() error {
				_, err := w.store.AddRuleChange(ctx, who, record.RuleChange{
					RoundID: round.ID, SessionID: rapid.SampledFrom([]string{"", session.ID}).Draw(rt, "session"),
					From: rapid.SampledFrom(moments).Draw(rt, "from"), Until: rapid.SampledFrom(moments).Draw(rt, "until"), Rules: rules(),
				}, nil)
				return err
			},
			func() error {
				all := state().Book.Changes
				if len(all) == 0 {
					return nil
				}
				c := rapid.SampledFrom(all).Draw(rt, "change")
				c.Rules, c.From = rules(), rapid.SampledFrom(moments).Draw(rt, "from")
				_, err := w.store.EditRuleChange(ctx, who, c, nil)
				return err
			},
			func() error {
				all := state().Book.Changes
				if len(all) == 0 {
					return nil
				}
				c := rapid.SampledFrom(all).Draw(rt, "change")
				return w.store.RemoveRuleChange(ctx, who, round.ID, c.ID, c.Version, nil)
			},
			func() error {
				x := state().Book.Sessions[0]
				x.Starts = rapid.SampledFrom([]string{"", "08:00", "10:00", "12:00"}).Draw(rt, "starts")
				_, err := w.store.EditSession(ctx, who, x)
				return err
			},
		}
		var read *record.RuleBook
		for range rapid.IntRange(4, 12).Draw(rt, "steps") {
			if read == nil && rapid.Bool().Draw(rt, "read it out") {
				now := state()
				must(w.store.AddReadOut(ctx, who, record.ReadOut{RoundID: round.ID, At: "2017-01-11T08:00", By: "A chair", Code: now.Code}))(t)
				read = &now.Book
			}
			if err := rapid.SampledFrom(actions).Draw(rt, "action")(); err != nil && fault.KindOf(err) != fault.Invalid {
				rt.Fatal(err)
			}
			if read == nil {
				continue
			}
			if l := state().Book.Loosens(*read); len(l) > 0 {
				rt.Fatalf("looser than what was read out: %v", l)
			}
		}
	})
}

// What is refused names aspects, never people or what they answered.
func TestRefusedLooseningNamesNobody(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t, "record"))
	if err := w.edit(preset("closed", nil), nil); err != nil {
		t.Fatal(err)
	}
	w.readOut()
	err := w.edit(preset("chatham_house", nil), record.Consent{w.lake.Sides[0].ID: "mail of Mr Quill"})
	if err == nil || strings.Contains(err.Error(), "Quill") || strings.Contains(err.Error(), "Aland") || !strings.Contains(err.Error(), "city") {
		t.Errorf("refused as %v", err)
	}
}
