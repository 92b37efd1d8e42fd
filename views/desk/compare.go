package desk

import (
	"slices"
	"strings"

	"track15/models/lcs"
)

// maxCompared bounds the work of comparing two texts, in words of each. Longer
// ones are shown as wholly replaced.
const maxCompared = 3000

// Differences tells word by word what became of a text. Line ends count as
// words. Time and memory are the product of both lengths, at most 9 million.
func Differences(before, after string) []Piece {
	switch {
	case before == after:
		return []Piece{{Text: after}}
	case before == "":
		return []Piece{{Text: after, Mark: Added}}
	case after == "":
		return []Piece{{Text: before, Mark: Removed}}
	}
	a, b := words(before), words(after)
	if len(a) > maxCompared || len(b) > maxCompared {
		return []Piece{{Text: before, Mark: Removed}, {Text: after, Mark: Added}}
	}
	common := lcs.Table(a, b)
	var run pieceRun
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			run.add(a[i], Kept)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			run.add(a[i], Removed)
			i++
		default:
			run.add(b[j], Added)
			j++
		}
	}
	return run.all
}

// words splits a text at spaces; a line end is a word of its own.
func words(s string) []string {
	return strings.Fields(strings.ReplaceAll(s, "\n", " "+lineEnd+" "))
}

const lineEnd = "\x1e" // no text of the record holds control characters

// A pieceRun joins words that met the same fate.
type pieceRun struct{ all []Piece }

func (r *pieceRun) add(word string, m PieceMark) {
	if word == lineEnd {
		word = "\n"
	}
	if n := len(r.all); n > 0 && r.all[n-1].Mark == m {
		last := &r.all[n-1].Text
		if word != "\n" && !strings.HasSuffix(*last, "\n") {
			*last += " "
		}
		*last += word
		return
	}
	r.all = append(r.all, Piece{Text: word, Mark: m})
}

func splitLines(s string) []string { return strings.Split(Shown(s), "\n") }

// Has reports whether a field that can have several values has this one.
func (f Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// stays says what becomes of a field that is not public.
func (r CompareRow) stays() string {
	switch r.Field {
	case "People", "Organisations withheld":
		return "Stays in the record. No number is given."
	case "Sessions and notes":
		return "Stays in the record. Their existence is not mentioned."
	}
	return "Stays in the record."
}
