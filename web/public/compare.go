package public

import (
	"strings"

	"track15/models/lcs"
	views "track15/views/public"
)

// maxCompared bounds the work of comparing two texts, in words of each. Longer
// ones are shown as wholly replaced.
const maxCompared = 2000

// compare tells word by word what became of a text: kept, removed, added.
// Time and memory are the product of both lengths.
func compare(before, after string) []views.Piece {
	a, b := strings.Fields(before), strings.Fields(after)
	if len(a) > maxCompared || len(b) > maxCompared {
		return []views.Piece{{Text: before, Mark: views.Removed}, {Text: after, Mark: views.Added}}
	}
	common := lcs.Table(a, b)
	var all []views.Piece
	add := func(word string, m views.Mark) {
		if n := len(all); n > 0 && all[n-1].Mark == m {
			all[n-1].Text += " " + word
			return
		}
		all = append(all, views.Piece{Text: word, Mark: m})
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add(a[i], views.Kept)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			add(a[i], views.Removed)
			i++
		default:
			add(b[j], views.Added)
			j++
		}
	}
	return all
}
