package desk

import (
	"strconv"
	"strings"
	"time"

	"track15/models/record"
)

// PermissionWords are what a form calls the permissions.
var PermissionWords = map[record.Permission]string{
	record.Never: "Never", record.WithClearance: "With clearance", record.AfterEmbargo: "After embargo", record.Free: "Free",
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

// Difference lists what a part's rules change of the round's, by permission:
// "Never: quotations".
func Difference(part, round record.GroundRules) []string {
	if len(part.Vector) == 0 {
		return []string{"Nothing said in it is used, not even that it was held."}
	}
	var all []string
	for _, p := range record.Permissions {
		var names []string
		for _, a := range record.Aspects {
			if part.Vector[a] == p && round.Vector[a] != p {
				names = append(names, strings.ToLower(record.WordsOf[a].Name))
			}
		}
		if len(names) > 0 {
			all = append(all, PermissionWords[p]+": "+strings.Join(names, ", "))
		}
	}
	if len(all) == 0 {
		return []string{"Nothing. These are the rules of the round."}
	}
	return all
}

// Moment writes a moment at the round's place as people read it; what is none,
// as it is.
func Moment(at string) string {
	t, err := time.Parse("2006-01-02T15:04", at)
	if err != nil {
		return at
	}
	return t.Format("Mon 2 January 2006, 15:04")
}

// aspectField is the name of a field for an aspect.
func aspectField(prefix string, a record.Aspect) string {
	return prefix + "." + strings.ReplaceAll(string(a), " ", "_")
}

// RuleField and ClearedField are the names of the form's fields for an aspect.
func RuleField(a record.Aspect) string    { return aspectField("rule", a) }
func ClearedField(a record.Aspect) string { return aspectField("cleared", a) }

// ConsentField is the name of the form's field for what a side answered.
func ConsentField(sideID string) string { return "consent." + sideID }

// Consents asks what every side answered, once rules were read out. Sides is
// empty before.
type Consents struct {
	Sides []record.Side
}

// RuleRow is other rules for a part of a round, as a list shows them.
type RuleRow struct {
	ID      string
	Where   string
	From    string
	Until   string
	Name    string
	Differs []string
	AskedBy string
}

// ReadOutCard is one read-out, with who recorded it.
type ReadOutCard struct {
	ID         string
	At, By     string
	Card       string // "Card, version 2"
	Code       string
	Objections string
	Late       string
	Recorded   string
}

// ConsentLine is what the sides agreed to make looser.
type ConsentLine struct {
	Aspects  string
	Answers  []Fact
	Recorded string
}

// aspectsSummary says how much of a vector differs from its preset.
func aspectsSummary(g record.GroundRules) string {
	return strconv.Itoa(len(record.Aspects)) + " aspects, " + strconv.Itoa(len(ChangedAspects(g))) + " differ from the preset. Anything not set is never."
}

func permissionOptions() []Option {
	var all []Option
	for _, p := range record.Permissions {
		all = append(all, Option{Value: string(p), Words: PermissionWords[p]})
	}
	return all
}
