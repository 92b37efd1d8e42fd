package desk

import (
	"slices"
	"strconv"

	"track15/models/record"
)

// CheckPage is a text with what the disclosure check found in it.
type CheckPage struct {
	Form      Form
	Output    record.Output
	Saved     string
	Parts     []CheckedPart
	Rows      []FindingRow
	Open      int
	CanSettle bool
	CanEdit   bool
}

// A CheckedPart is a part of the text with its findings marked.
type CheckedPart struct {
	Key, Name, Text string
	Marks           []CheckedMark
}

// A CheckedMark is where a finding is: bytes of the part's text.
type CheckedMark struct {
	Number     int // of the finding in the list, from 1
	Start, End int
	Severity   record.Severity
	Open       bool
}

// A FindingRow is a finding in the list.
type FindingRow struct {
	record.Finding
	Open    bool
	Settled []string // whole sentences, the oldest first
}

// A markedPiece is a piece of a text: marked where Number is not 0.
type markedPiece struct {
	CheckedMark
	Text string
}

// pieces divides a part's text at its marks. Of marks that overlap the first begins
// and the next goes on behind it; one within another is left to the list.
func (p CheckedPart) pieces() []markedPiece {
	marks := slices.Clone(p.Marks)
	slices.SortStableFunc(marks, func(a, b CheckedMark) int { return a.Start - b.Start })
	var out []markedPiece
	at := 0
	for _, m := range marks {
		from := max(m.Start, at)
		if m.End <= from {
			continue
		}
		if from > at {
			out = append(out, markedPiece{Text: p.Text[at:from]})
		}
		out = append(out, markedPiece{m, p.Text[from:m.End]})
		at = m.End
	}
	if at < len(p.Text) {
		out = append(out, markedPiece{Text: p.Text[at:]})
	}
	return out
}

// letter is the letter of a severity, and class its style.
func letter(s record.Severity) string {
	switch s {
	case record.Block:
		return "B"
	case record.NeedsClearance:
		return "C"
	}
	return "A"
}

func severityClass(s record.Severity) string {
	return map[string]string{"B": "b", "C": "c", "A": "a"}[letter(s)]
}

func severityWord(s record.Severity) string {
	return map[string]string{"B": "Block", "C": "Needs clearance", "A": "Advice"}[letter(s)]
}

// settledWords are the ways of settling as a page calls them.
var settledWords = map[record.SettledAs]string{
	record.FalseAlarm: "False alarm: it is not about the record", record.PublicAlready: "Public already", record.WasCleared: "Cleared", record.Keep: "Keep, with a reason",
	record.WasRead: "I know the language and the notes, and read it",
}

func findingID(n int) string { return "f" + strconv.Itoa(n) }

func checkedWords(p CheckPage) string {
	switch {
	case len(p.Rows) == 0:
		return "Nothing was found"
	case p.Open == 0:
		return strconv.Itoa(len(p.Rows)) + " found, all settled"
	case len(p.Rows) == 1:
		return "1 finding, open"
	}
	return strconv.Itoa(len(p.Rows)) + " findings, " + strconv.Itoa(p.Open) + " open"
}
