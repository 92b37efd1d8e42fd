package record

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"track15/models/fault"
)

// A Precondition is one thing that must hold before a release goes out. What it says
// is for one reader: who may not read its source is told whether it holds, and no
// more.
type Precondition struct {
	Rule     Rule
	Subject  string // what of the release it is about, in public words; "" for the whole
	ObjectID string // of that text, for who may open what the rule follows from; "" otherwise
	Draft    int64  // the version of that text, where the rule is about one
	Met      bool
	Says     string // what holds, or what is missing: whole sentences
	Who      string // who can mend it, a sentence; "" where nothing is missing
	// From is the signature that it holds back, with all after it: 1 or 2.
	From int
}

// A Rule is what a condition follows from.
type Rule string

// The rules, in the order in which a release is held to them.
const (
	RuleGround  Rule = "ground rules"
	RuleCleared Rule = "clearances"
	RuleCheck   Rule = "disclosure check"
	RuleSecond  Rule = "second person"
	RuleTime    Rule = "embargo"
)

// missing says of a rule, without a name, that a release does not keep it.
var missing = map[Rule]string{
	RuleGround:  "The ground rules do not let everything in this release become public any more: prepare it again.",
	RuleCleared: "A clearance is missing: the ledger of each text says which.",
	RuleCheck:   "The disclosure check is not settled: its list says for which text.",
	RuleSecond:  "Nobody else could sign second: each who has the right contributed to this release.",
	RuleTime:    "Nobody chose when it becomes public: prepare it again.",
}

// Ready fails with Conflict, once for each rule, if a condition holds a signature
// back: 1 asks, 2 countersigns.
func Ready(all []Precondition, signature int) error {
	var rules []Rule
	var err error
	for _, c := range all {
		if c.Met || c.From > signature || slices.Contains(rules, c.Rule) {
			continue
		}
		rules = append(rules, c.Rule)
		err = errors.Join(err, fault.Errorf(fault.Conflict, "%s", missing[c.Rule]))
	}
	return err
}

// PublicAspects are the aspects of a round that a document of it can show, in the
// order of a card.
var PublicAspects = []Aspect{
	AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners,
	AspectOrganisation, AspectHeadcount, AspectTopics, AspectUnattributed,
}

// UnderRules is the condition that the ground rules of a round still let out what
// documents rely on. rules are as they are now; said reports whether what was said
// may become public in the texts among the documents, true where none rely on it.
// whole is whether the reader may read the rules.
func UnderRules(rules GroundRules, relied []Aspect, said, whole bool) Precondition {
	c := Precondition{Rule: RuleGround, Met: said, From: 1}
	var out, shut []Aspect
	for _, a := range PublicAspects {
		allowed := rules.Allows(a) && (a != AspectUnattributed || said)
		switch {
		case slices.Contains(relied, a) && allowed:
			out = append(out, a)
		case slices.Contains(relied, a):
			c.Met = false
			shut = append(shut, a)
		case !allowed:
			shut = append(shut, a)
		}
	}
	if !c.Met {
		c.Who = "The coordinator: prepare it again, or record on the rules of the round what clears it."
	}
	switch {
	case !whole && c.Met:
		c.Says = "The rules of the round let out all that it says."
	case !whole:
		c.Says = "The rules of the round do not let out all that it says."
	case c.Met && len(shut) == 0:
		c.Says = "They let out " + aspectNames(out) + ", and hold nothing back."
	case c.Met:
		c.Says = "They let out " + aspectNames(out) + ". Held back: " + aspectNames(shut) + "."
	default:
		c.Says = "It says what they do not let out any more: " + aspectNames(slices.DeleteFunc(shut, func(a Aspect) bool { return !slices.Contains(relied, a) })) + "."
	}
	return c
}

// Unsaid is the condition of a text that the ground rules do not let out, in the
// round or in a session on whose notes it rests.
func Unsaid(title string) Precondition {
	return Precondition{
		Rule: RuleGround, Subject: title, From: 1, Says: "The rules do not let out what was said in the parts of the round on which it rests.",
		Who: "The coordinator records on the rules of the round what clears it, or the text does without.",
	}
}

// BySecond is the condition that somebody could put the second signature. could are
// who may, without the reader where they sign first; asked is whom the first
// signer asked for it, nobody for "".
func BySecond(could []Signatory, asked Signatory) Precondition {
	c := Precondition{Rule: RuleSecond, From: 2, Met: len(could) > 0}
	still := slices.ContainsFunc(could, func(s Signatory) bool { return s.ID == asked.ID })
	switch {
	case !c.Met:
		c.Says = "Nobody else may sign second: each who has the right contributed to this release."
		c.Who = "A director gives the role to somebody who edited none of this, for the series; or somebody who contributed nothing signs second."
	case asked.ID != "" && still:
		c.Says = asked.Name + " was asked to sign second."
	case asked.ID != "":
		c.Says = asked.Name + " was asked to sign second, and may not any more. Could: " + nameAll(could) + "."
	default:
		c.Says = "Nobody was asked by name. Could: " + nameAll(could) + "."
	}
	return c
}

// Timed is the condition that somebody chose when the release becomes public.
func Timed(t Timing) Precondition {
	c := Precondition{Rule: RuleTime, From: 2, Met: t.Choice != ""}
	switch {
	case !c.Met:
		c.Says, c.Who = "Nobody chose yet when it becomes public.", "Whoever signs first chooses it with the signature."
	case t.Choice == AtOnce:
		c.Says = "At once, with the second signature."
	case t.Choice == AtInstant:
		c.Says = "At a time that was chosen."
	default:
		c.Says = "After something has happened."
	}
	return c
}

func aspectNames(all []Aspect) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = strings.ToLower(WordsOf[a].Name)
	}
	return strings.Join(names, "; ")
}

func nameAll(all []Signatory) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

// Stock says how the lines of a ledger stand, and who can mend what is missing, for
// who may read clearances.
func Stock(lines []LedgerLine) (says, who string) {
	needed, stand := 0, 0
	var open []string
	for _, l := range lines {
		if l.Need == NeedNothing {
			continue
		}
		needed++
		if l.Met() {
			stand++
		} else {
			open = append(open, l.Name+": "+l.Because)
		}
	}
	switch {
	case needed == 0:
		return "Nobody's clearance is needed.", ""
	case len(open) == 0:
		return strconv.Itoa(stand) + " of " + strconv.Itoa(needed) + " stand.", ""
	}
	return strconv.Itoa(stand) + " of " + strconv.Itoa(needed) + " stand. " + strings.Join(open, "; ") + ".",
		"Whoever asks for clearances: the ledger of the text says what to ask of whom."
}
