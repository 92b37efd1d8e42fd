package desk

import (
	"strconv"
	"strings"

	"track15/models/record"
)

// CourtesyPage is an article by somebody who was at a round, with what it may
// disclose.
type CourtesyPage struct {
	Head        RoundHead
	Form        Form
	Authors     []Option
	Checked     bool
	Rows        []record.Finding
	Marks       []CheckedMark
	CanRegister bool
}

// article is the text with its findings marked.
func (p CourtesyPage) article() CheckedPart {
	return CheckedPart{Key: "text", Name: "Article", Text: p.Form.Values.Get("text"), Marks: p.Marks}
}

// reply is a letter to the author that quotes their own words only, each with a
// neutral sentence. It says nothing of why: that would tell what is in the record.
func (p CourtesyPage) reply() string {
	var b strings.Builder
	b.WriteString("Thank you for letting us read your article. ")
	if len(p.quotes()) == 0 {
		b.WriteString("We have no remark on it.\n")
		return b.String()
	}
	b.WriteString("Under the rules that all of us agreed to, we would ask you to look at these words once more:\n\n")
	for _, q := range p.quotes() {
		b.WriteString("– “" + q + "”: could this be said without it?\n")
	}
	b.WriteString("\nThe text is yours, and so is the decision. We keep no copy of it.\n")
	return b.String()
}

// quotes are the author's words that block or need clearance, each once.
func (p CourtesyPage) quotes() []string {
	var all []string
	for _, f := range p.Rows {
		q := strings.Join(strings.Fields(f.Quote), " ")
		if f.Severity == record.Advice || strings.Contains("\n"+strings.Join(all, "\n")+"\n", "\n"+q+"\n") {
			continue
		}
		all = append(all, q)
	}
	return all
}

func articleWords(n int) string {
	switch n {
	case 0:
		return "Nothing was found"
	case 1:
		return "1 finding"
	}
	return strconv.Itoa(n) + " findings"
}
