package record

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Who decided nothing discloses nothing.
func TestUnsetRulesWithhold(t *testing.T) {
	for name, g := range map[string]GroundRules{
		"zero":               {},
		"closed":             {Preset: "closed", Vector: PresetOf("closed").Vector},
		"unknown permission": {Vector: map[Aspect]Permission{AspectCity: "yes", AspectDates: "FREE", AspectTopics: "free "}},
		"cleared, not asked": {Cleared: map[Aspect]string{AspectCity: "letter", AspectDates: "letter"}},
		"embargo":            {Vector: map[Aspect]Permission{AspectCity: AfterEmbargo}, Cleared: map[Aspect]string{AspectCity: "letter"}},
		"words about rules":  {Text: "Everything is free.", TextPublic: true},
	} {
		for _, a := range append(Aspects, "", "weather") {
			if g.Allows(a) {
				t.Errorf("%s allows %q", name, a)
			}
		}
	}
}

func TestAllowsNeedsTheBasisOfAClearance(t *testing.T) {
	g := GroundRules{Vector: map[Aspect]Permission{AspectCity: WithClearance, AspectDates: WithClearance, AspectTopics: Free}, Cleared: map[Aspect]string{AspectDates: "letter of both"}}
	for a, want := range map[Aspect]bool{AspectCity: false, AspectDates: true, AspectTopics: true, AspectVenue: false} {
		if g.Allows(a) != want {
			t.Errorf("%s: %v", a, !want)
		}
	}
}

// Presets, as agreed: f free, c with clearance, - never, in the order of
// Aspects.
func TestPresets(t *testing.T) {
	want := map[string]string{
		//                          eodcvcohnhtpusbpqd
		"closed":                  "------------------",
		"details_forfeited":       "cccc-cc---c-c-----",
		"chatham_house":           "ffff-fc-ccf-f----c",
		"off_record_with_summary": "ffff-fc--cf-c-----",
		"joint_statement":         "ffff-fc---c-cc---c",
		"background":              "ffff-ff-ccf-ffc-cc",
		"on_record":               "ffffcfffffffffffff",
	}
	letter := map[Permission]byte{Never: '-', WithClearance: 'c', Free: 'f'}
	var keys []string
	for _, p := range Presets {
		keys = append(keys, p.Key)
		var got []byte
		for _, a := range Aspects {
			got = append(got, letter[p.Vector[a]])
		}
		if string(got) != want[p.Key] {
			t.Errorf("%s\n got %s\nwant %s", p.Key, got, want[p.Key])
		}
		if p.Name == "" || p.Says == "" {
			t.Errorf("%s says nothing", p.Key)
		}
		if err := (GroundRules{Preset: p.Key, Vector: p.Vector, Text: p.Says}).Check(); err != nil {
			t.Errorf("%s: %v", p.Key, err)
		}
		if PresetOf(p.Key).Key != p.Key {
			t.Errorf("%s is not found", p.Key)
		}
		for a := range p.Vector {
			if !slices.Contains(Aspects, a) {
				t.Errorf("%s decides on %q", p.Key, a)
			}
		}
	}
	if len(keys) != len(want) || keys[0] != "closed" {
		t.Errorf("presets: %q", keys)
	}
	for _, key := range []string{"", "open", "Closed", "on_record "} {
		if p := PresetOf(key); p.Key != "closed" {
			t.Errorf("%q is %s", key, p.Key)
		}
	}
}

// A place is public under no preset without asking, and no preset but the last
// frees what a person said or who was there.
func TestPresetsThatFreeTooMuch(t *testing.T) {
	for _, p := range Presets {
		g := GroundRules{Vector: p.Vector}
		if g.Allows(AspectVenue) {
			t.Errorf("%s frees the venue", p.Key)
		}
		if p.Key == "on_record" {
			continue
		}
		for _, a := range []Aspect{AspectHeads, AspectNames, AspectPresenters, AspectByBody, AspectByPerson, AspectQuotations} {
			if g.Allows(a) {
				t.Errorf("%s frees %s", p.Key, a)
			}
		}
	}
}

// Storing rules in their normal form never opens an aspect, nor closes one.
func TestNormalRulesAllowTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := GroundRules{Vector: map[Aspect]Permission{}, Cleared: map[Aspect]string{}, Text: rapid.SampledFrom([]string{"", " ", "read"}).Draw(t, "text"), TextPublic: rapid.Bool().Draw(t, "public")}
		for _, a := range Aspects {
			if p := rapid.SampledFrom(append(Permissions, "odd")).Draw(t, "permission"); p != "odd" {
				g.Vector[a] = p
			}
			if rapid.Bool().Draw(t, "cleared") {
				g.Cleared[a] = "letter"
			}
		}
		n := g.Normal()
		for _, a := range Aspects {
			if n.Allows(a) != g.Allows(a) {
				t.Fatalf("%s: %v became %v", a, g.Allows(a), n.Allows(a))
			}
		}
		if n.TextPublic && (!g.TextPublic || n.Text == "") {
			t.Fatal("a text became public")
		}
	})
}
