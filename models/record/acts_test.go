package record

import (
	"slices"
	"strings"
	"testing"
)

// rightsTable is the table of rights as the secretariats know it, written out
// apart from the program's: a column a role, in the order of RoleNames.
//
//	co coordinator  ra rapporteur  ed editor  di director
//	de desk officer  re records officer  au auditor  ad administrator
const rightsTable = `
                        co ra ed di de re au ad
read directory          x  .  .  x  x  x  .  .
edit directory          x  .  .  x  .  .  .  .
read series             x  x  x  x  x  x  x  .
edit series             x  .  .  x  .  .  .  .
read round              x  .  .  x  x  .  .  .
read disclosed forms    x  .  x  x  x  .  .  .
read dates              x  .  x  x  x  x  .  .
edit round              x  .  .  x  .  .  .  .
read true affiliations  x  .  .  x  .  .  .  .
edit true affiliations  x  .  .  .  .  .  .  .
read draft              x  .  x  x  .  .  .  .
edit draft              x  .  x  x  .  .  .  .
read release            x  .  x  x  .  .  .  .
prepare release         x  .  x  x  .  .  .  .
sign                    x  .  x  x  .  .  .  .
countersign             x  .  .  x  .  .  .  .
suspend                 x  .  .  x  .  .  .  .
manage accounts         .  .  .  .  .  .  .  x
read audit              x  .  .  x  .  .  x  .
import historic         .  .  .  .  .  .  .  .
deliver                 .  .  .  .  .  .  .  .
read release log        .  .  .  .  .  .  .  .
`

// ownActs are those that everybody does for themselves.
var ownActs = []Act{SignIn, SignOut, ReadSelf}

func TestEveryCellOfTheTableOfRights(t *testing.T) {
	seen := map[Act]bool{}
	for row := range strings.Lines(strings.TrimSpace(rightsTable)) {
		cells := strings.Fields(row)
		if len(cells) == len(RoleNames) {
			continue // the head
		}
		n := len(cells) - len(RoleNames)
		act := Act(strings.Join(cells[:n], " "))
		seen[act] = true
		for i, role := range RoleNames {
			want := cells[n+i] == "x"
			a := Actor{ID: "a", Grants: []Grant{{role, "lake"}}}
			if a.May(act, "lake") != want || a.MayAnywhere(act) != want {
				t.Errorf("%s may %s: %t", role, act, !want)
			}
			if a.May(act, "hill") || a.May(act, AllSeries) {
				t.Errorf("%s of the lake may %s elsewhere", role, act)
			}
			all, ids := a.SeriesFor(act)
			if all || slices.Equal(ids, []string{"lake"}) != want || !want && len(ids) > 0 {
				t.Errorf("%s may %s in all %t, %v", role, act, all, ids)
			}
			house := Actor{ID: "a", Grants: []Grant{{role, AllSeries}}}
			if house.May(act, "hill") != want || house.May(act, AllSeries) != want {
				t.Errorf("%s of all series may %s: %t", role, act, !want)
			}
		}
		if (Actor{}).MayAnywhere(act) || (Actor{ID: "a"}).MayAnywhere(act) || (Account{Disabled: true, ID: "a", Grants: []Grant{{Coordinator, AllSeries}}}).Actor().MayAnywhere(act) {
			t.Errorf("nobody may %s", act)
		}
	}
	for act := range Rights {
		if !seen[act] {
			t.Errorf("%q is not in the table", act)
		}
	}
	for _, act := range ownActs {
		if seen[act] || !(Actor{ID: "a"}).MayAnywhere(act) || (Actor{}).MayAnywhere(act) {
			t.Errorf("%q is everybody's own", act)
		}
	}
}

// Neither the command line nor the program signs.
func TestOnlyPeopleSign(t *testing.T) {
	for _, act := range []Act{Sign, Countersign, Suspend, SignIn, SignOut, ReadSelf} {
		if Operator("root").MayAnywhere(act) || Worker().MayAnywhere(act) {
			t.Errorf("somebody without an account may %s", act)
		}
	}
	for act := range Rights {
		if Worker().MayAnywhere(act) {
			t.Errorf("the worker may %s", act)
		}
	}
	if !Worker().MayAnywhere(Deliver) || Operator("root").MayAnywhere(Deliver) {
		t.Error("who delivers")
	}
	if Operator("root").IsPerson() || Worker().IsPerson() || (Actor{}).IsPerson() || !(Actor{ID: "a"}).IsPerson() {
		t.Error("who is a person")
	}
	// An account cannot become the operator by its id.
	if a := (Account{ID: "operator"}).Actor(); a.IsOperator() || a.MayAnywhere(ReadSeries) {
		t.Error("an account named operator is the operator")
	}
}

func TestGroundRulesAllowNothingByDefault(t *testing.T) {
	cleared := map[Aspect]string{}
	for _, a := range Aspects {
		cleared[a] = "letter of 3 May"
	}
	for _, g := range []GroundRules{{}, {Cleared: cleared}, {Vector: PresetOf("no such").Vector, Cleared: cleared}} {
		for _, a := range Aspects {
			if g.Allows(a) {
				t.Errorf("%s is allowed by %+v", a, g)
			}
		}
	}
	for _, tt := range []struct {
		p       Permission
		cleared bool
		want    bool
	}{
		{Never, false, false},
		{Never, true, false},
		{WithClearance, false, false},
		{WithClearance, true, true},
		{AfterEmbargo, true, false},
		{Free, false, true},
		{"anything", true, false},
	} {
		g := GroundRules{Vector: map[Aspect]Permission{AspectCity: tt.p}}
		if tt.cleared {
			g.Cleared = cleared
		}
		if g.Allows(AspectCity) != tt.want || g.Allows(AspectVenue) {
			t.Errorf("%+v", tt)
		}
	}
}

func TestPresets(t *testing.T) {
	keys := []string{"closed", "details_forfeited", "chatham_house", "off_record_with_summary", "joint_statement", "background", "on_record"}
	if len(Presets) != len(keys) {
		t.Fatalf("%d presets", len(Presets))
	}
	for i, p := range Presets {
		if p.Key != keys[i] || p.Name == "" || p.Says == "" {
			t.Errorf("preset %d: %+v", i, p)
		}
		if err := (GroundRules{Preset: p.Key, Vector: p.Vector}).Check(); err != nil {
			t.Errorf("%s: %v", p.Key, err)
		}
		if p.Vector[AspectVenue] == Free {
			t.Errorf("%s gives the venue away", p.Key)
		}
		if p.Key != "on_record" && (p.Vector[AspectByPerson] != Never || p.Vector[AspectNames] == Free) {
			t.Errorf("%s names people", p.Key)
		}
	}
	// Under the Chatham House Rule content is free; who was there is not.
	rule := GroundRules{Vector: PresetOf("chatham_house").Vector}
	if !rule.Allows(AspectUnattributed) || rule.Allows(AspectOrganisation) || rule.Allows(AspectNames) || rule.Allows(AspectBySide) {
		t.Error("the Chatham House Rule")
	}
}
