package record

import (
	"strings"
	"testing"
)

// A release is held to all its conditions, and an error names rules only.
func TestReadyNamesTheRuleAndNobody(t *testing.T) {
	all := []Precondition{
		{Rule: RuleCleared, From: 1, Says: "Teija Morn: it was not asked."},
		{Rule: RuleCleared, From: 1, Says: "Harbour Institute: no answer yet."},
		{Rule: RuleTime, From: 2},
		{Rule: RuleGround, From: 1, Met: true},
	}
	first, second := Ready(all, 1), Ready(all, 2)
	if first == nil || strings.Contains(first.Error(), "Teija") || strings.Contains(first.Error(), "Harbour") || strings.Count(first.Error(), "clearance") != 1 || strings.Contains(first.Error(), "becomes public") {
		t.Errorf("first: %v", first)
	}
	if second == nil || !strings.Contains(second.Error(), "becomes public") {
		t.Errorf("second: %v", second)
	}
	if err := Ready(all[3:], 2); err != nil {
		t.Errorf("nothing is missing: %v", err)
	}
}

// The zero value of rules lets nothing out, and what is not relied on is never said
// to be let out.
func TestUnderRules(t *testing.T) {
	free := GroundRules{Vector: map[Aspect]Permission{AspectExistence: Free, AspectDates: Free, AspectUnattributed: Free, AspectCity: WithClearance}}
	for _, x := range []struct {
		name   string
		rules  GroundRules
		relied []Aspect
		said   bool
		whole  bool
		met    bool
		says   string
		never  string
	}{
		{"all let out", free, []Aspect{AspectExistence, AspectDates}, true, true, true, "let out existence; dates. Held back:", "hold nothing"},
		{"what waits is held back", free, []Aspect{AspectExistence}, true, true, true, "city", "let out existence; city"},
		{"shut since", GroundRules{}, []Aspect{AspectExistence, AspectDates}, true, true, false, "any more: existence; dates.", "city"},
		{"not cleared", free, []Aspect{AspectExistence, AspectCity}, true, true, false, "any more: city.", "existence"},
		{"said in a closed session", free, []Aspect{AspectExistence, AspectUnattributed}, false, true, false, "content", "existence"},
		{"for who may not read them", free, []Aspect{AspectExistence}, true, false, true, "of the round let out all", "city"},
		{"shut, for who may not read them", GroundRules{}, []Aspect{AspectDates}, true, false, false, "do not let out all", "dates"},
	} {
		c := UnderRules(x.rules, x.relied, x.said, x.whole)
		if c.Met != x.met || !strings.Contains(c.Says, x.says) || strings.Contains(c.Says, x.never) || (c.Who == "") != c.Met {
			t.Errorf("%s: %+v", x.name, c)
		}
	}
}

// Whoever was asked and may not sign any more is named with those who could.
func TestBySecond(t *testing.T) {
	eve, bob := Signatory{"e", "Eve"}, Signatory{"b", "Bob"}
	for _, x := range []struct {
		could []Signatory
		asked Signatory
		met   bool
		says  string
	}{
		{nil, Signatory{}, false, "Nobody else"},
		{nil, eve, false, "Nobody else"},
		{[]Signatory{bob}, Signatory{}, true, "Could: Bob."},
		{[]Signatory{bob}, bob, true, "Bob was asked to sign second."},
		{[]Signatory{bob}, eve, true, "Eve was asked to sign second, and may not any more. Could: Bob."},
	} {
		if c := BySecond(x.could, x.asked); c.Met != x.met || !strings.Contains(c.Says, x.says) || (c.Who == "") != c.Met {
			t.Errorf("%+v", c)
		}
	}
}
