package disclosure

// A Rule explains the findings of one rule, in words for whoever reads a draft:
// they name nobody.
type Rule struct {
	Name string // as in Finding.Rule, and in docs/disclosure.md
	Says string // what it means
	Help string // what to do about it
	// Reword are words to put in the place of the finding's, "" where there are none
	// that fit everywhere.
	Reword string
}

// Rules are all rules, in the order of docs/disclosure.md.
var Rules = []Rule{
	{ruleVerbatim, "These words stand in the notes.", "Say it in your own words and only if it may be said at all, or have it cleared.", ""},
	{ruleLight, "This says what the notes say, in nearly their words.", "Leave it out, or have it cleared.", ""},
	{ruleHeavy, "This may say what the notes say, in other words.", "Read it beside the notes. A false alarm is marked as one.", ""},
	{ruleNumber, "This number stands in the notes with the same things.", "Leave the number out, or have it cleared.", ""},
	{ruleExact, "This names somebody who was there and has not agreed to be named.", "Write “one participant”, or ask the person.", "one participant"},
	{ruleForm, "This may name a participant who has not agreed to be named.", "Write “one participant”, or ask the person.", "one participant"},
	{ruleTypo, "With a letter other, this names a participant who has not agreed to be named.", "Look who is meant.", "one participant"},
	{ruleTitle, "A title and a family name: this may name a participant who has not agreed to be named.", "Write “one participant”, or ask the person.", "one participant"},
	{ruleFamily, "This family name is a participant's who has not agreed to be named.", "Look who is meant.", "one participant"},
	{ruleBody, "This names a body that is not disclosed.", "Write the label under which it is disclosed, or its side.", "one body"},
	{ruleBodyForm, "This may name a body that is not disclosed, its words in another order or form.", "Write the label under which it is disclosed, or its side.", "one body"},
	{ruleAcronym, "These letters are those of a body that is not disclosed.", "Write the label under which it is disclosed, or write out what else they stand for.", "one body"},
	{ruleAffiliation, "This ties somebody to a body that is not disclosed.", "Leave it out: a true affiliation is never said.", "one body"},
	{ruleSide, "This says which side said it.", "Write “one view held” or “it was said”.", "it was said"},
	{ruleOfBody, "This says which body said it.", "Write “one view held” or “it was said”.", "it was said"},
	{rulePerson, "This says who said it.", "Write “one participant said”.", "it was said"},
	{ruleDate, "A round that is not public met then.", "Leave the day out, or say the year if that may be said.", ""},
	{ruleVenue, "A round that is not public met there.", "Leave the place out.", ""},
	{ruleCity, "A round that is not public met in this city.", "Leave the place out.", ""},
	{ruleExistence, "Nobody outside knows that this round was held.", "Leave it out.", ""},
	{LanguageUnread, "Sentences and numbers in this language were not compared with the notes.", "Somebody who knows the language and the notes reads it, and says so.", ""},
	{ruleCombination, "Fewer than three people of the record fit this description.", "Leave out the country or the post.", "one participant"},
}

// Explain returns the rule of a finding; the zero Rule if there is none of this
// name.
func Explain(name string) Rule {
	for _, r := range Rules {
		if r.Name == name {
			return r
		}
	}
	return Rule{}
}
