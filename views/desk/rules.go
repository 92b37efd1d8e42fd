package desk

import (
	"strings"

	"track15/models/record"
)

// An AspectWords is what people call an aspect, and the words that follow "You
// may say" or "You may not say".
type AspectWords struct {
	Name string
	Says string
}

// WordsOf is the one table of sentences: what a page shows and what a card
// reads out come from here.
var WordsOf = map[record.Aspect]AspectWords{
	record.AspectExistence:    {"Existence", "that this round takes place"},
	record.AspectOrdinal:      {"Ordinal", "which number it has"},
	record.AspectDates:        {"Dates", "when it meets"},
	record.AspectCity:         {"City", "in which city"},
	record.AspectVenue:        {"Venue", "in which building"},
	record.AspectConveners:    {"Conveners", "who convenes it"},
	record.AspectOrganisation: {"Organisations", "which organisations take part"},
	record.AspectHeads:        {"Delegation heads", "who leads a delegation"},
	record.AspectNames:        {"Participant names", "the name of a participant"},
	record.AspectHeadcount:    {"Headcount", "how many take part"},
	record.AspectTopics:       {"Topics", "what the topics are"},
	record.AspectPresenters:   {"Presenters by session", "who presents in which session"},
	record.AspectUnattributed: {"Content, unattributed", "what was said, without saying whose view it was"},
	record.AspectBySide:       {"Content by side", "which side held a view"},
	record.AspectByBody:       {"Content by body", "which organisation held a view"},
	record.AspectByPerson:     {"Content by person", "which person held a view"},
	record.AspectQuotations:   {"Quotations", "anybody's exact words"},
	record.AspectDocuments:    {"Documents", "what is in papers handed out"},
}

// PermissionWords are what a form calls the permissions.
var PermissionWords = map[record.Permission]string{
	record.Never: "Never", record.WithClearance: "With clearance", record.AfterEmbargo: "After embargo", record.Free: "Free",
}

// A Sentence is one thing that may or may not be said, with the condition under
// which it may: "" for none.
type Sentence struct {
	Condition string
	Text      string
}

// Sentences reads ground rules as what may be said and what may not. Aspects
// with the same condition share a sentence; nothing is left out.
func Sentences(g record.GroundRules) (may, not []Sentence) {
	groups := []struct {
		condition string
		holds     func(record.Aspect) bool
	}{
		{"", func(a record.Aspect) bool { return g.Vector[a] == record.Free }},
		{"Cleared:", func(a record.Aspect) bool { return g.Vector[a] == record.WithClearance && g.Cleared[a] != "" }},
		{"Once cleared:", func(a record.Aspect) bool { return g.Vector[a] == record.WithClearance && g.Cleared[a] == "" }},
		{"After the embargo:", func(a record.Aspect) bool { return g.Vector[a] == record.AfterEmbargo }},
	}
	said := map[record.Aspect]bool{}
	for _, group := range groups {
		for _, a := range record.Aspects {
			if group.holds(a) {
				may = append(may, Sentence{group.condition, WordsOf[a].Says})
				said[a] = true
			}
		}
	}
	for _, a := range record.Aspects {
		if !said[a] {
			not = append(not, Sentence{Text: WordsOf[a].Says})
		}
	}
	return may, not
}

// ChangedAspects returns the aspects that differ from the preset the rules
// started from.
func ChangedAspects(g record.GroundRules) map[record.Aspect]bool {
	changed := map[record.Aspect]bool{}
	for _, a := range record.Aspects {
		if g.Vector[a] != record.PresetOf(g.Preset).Vector[a] {
			changed[a] = true
		}
	}
	return changed
}

// RulesName is what people call the rules: "Chatham House Rule, with two
// changes".
func RulesName(g record.GroundRules) string {
	name := record.PresetOf(g.Preset).Name
	switch n := len(ChangedAspects(g)); {
	case n == 0:
		return name
	case n == 1:
		return name + ", with one change"
	case n < len(few):
		return name + ", with " + few[n] + " changes"
	}
	return name + ", with many changes"
}

// rulesHeading begins the sentences of the rules.
func rulesHeading(g record.GroundRules) string {
	if len(ChangedAspects(g)) > 0 {
		return RulesName(g) + ", means"
	}
	return RulesName(g) + " means"
}

var few = []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// aspectField is the name of a field for an aspect.
func aspectField(prefix string, a record.Aspect) string {
	return prefix + "." + strings.ReplaceAll(string(a), " ", "_")
}

// RuleField and ClearedField are the names of the form's fields for an aspect.
func RuleField(a record.Aspect) string    { return aspectField("rule", a) }
func ClearedField(a record.Aspect) string { return aspectField("cleared", a) }
