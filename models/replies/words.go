package replies

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"track15/models/lcs"
)

// A word is a run of letters and digits, one sign, or one character of a script
// without spaces. Key is what it is compared by.
type word struct {
	key        string
	start, end int // in the text, in bytes
}

// alike maps signs that programs put for one another.
var alike = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‐", "-", "‑", "-", "–", "-", "—", "-", "…", "...")

func words(s string) []word {
	var out []word
	from := -1
	end := func(at int) {
		if from >= 0 {
			out = append(out, word{norm.NFC.String(s[from:at]), from, at})
		}
		from = -1
	}
	for i, r := range s {
		switch {
		case unspaced(r):
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if from < 0 {
				from = i
			}
			continue
		}
		end(i)
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) {
			out = append(out, word{alike.Replace(string(r)), i, i + len(string(r))})
		}
	}
	end(len(s))
	return out
}

// A span says that the words from..to of one text stand where those of the other do.
type span struct{ a1, a2, b1, b2 int }

// maxWords bounds the work of comparing two passages, in words of each; longer
// ones differ as a whole.
const maxWords = 3000

// differences are the spans in which two texts differ, in order. Time and memory
// are the product of both lengths.
func differences(a, b []word) []span {
	from := 0
	for from < min(len(a), len(b)) && a[from].key == b[from].key {
		from++
	}
	ea, eb := len(a), len(b)
	for ea > from && eb > from && a[ea-1].key == b[eb-1].key {
		ea, eb = ea-1, eb-1
	}
	if from == ea && from == eb {
		return nil
	}
	if ea-from > maxWords || eb-from > maxWords {
		return []span{{from, ea, from, eb}}
	}
	n, m := ea-from, eb-from
	common := lcs.Table(keys(a[from:ea]), keys(b[from:eb]))
	var out []span
	for i, j := 0, 0; i < n || j < m; {
		if i < n && j < m && a[from+i].key == b[from+j].key {
			i, j = i+1, j+1
			continue
		}
		s := span{from + i, from + i, from + j, from + j}
		for i < n || j < m {
			switch {
			case i < n && j < m && a[from+i].key == b[from+j].key:
			case j == m || i < n && common[i+1][j] >= common[i][j+1]:
				i++
				continue
			default:
				j++
				continue
			}
			break
		}
		s.a2, s.b2 = from+i, from+j
		// A single sign between two changes is part of one change.
		if k := len(out) - 1; k >= 0 && s.a1-out[k].a2 == 1 && sign(a[out[k].a2]) {
			out[k].a2, out[k].b2 = s.a2, s.b2
			continue
		}
		out = append(out, s)
	}
	return out
}

func keys(all []word) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = w.key
	}
	return out
}

func sign(w word) bool {
	return !strings.ContainsFunc(w.key, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// A bag counts words, for telling quickly how alike two texts are.
type bag struct {
	counts map[string]int
	n      int
}

func bagOf(all []word) bag {
	b := bag{map[string]int{}, len(all)}
	for _, w := range all {
		b.counts[w.key]++
	}
	return b
}

// with adds the words of another bag.
func (b bag) with(o bag) bag {
	sum := bag{make(map[string]int, len(b.counts)+len(o.counts)), b.n + o.n}
	for _, part := range []bag{b, o} {
		for k, n := range part.counts {
			sum.counts[k] += n
		}
	}
	return sum
}

// like is the share of words, 0 to 1, that two bags have in common.
func (b bag) like(o bag) float64 {
	if b.n+o.n == 0 {
		return 0
	}
	if len(b.counts) > len(o.counts) {
		b, o = o, b
	}
	common := 0
	for k, n := range b.counts {
		common += min(n, o.counts[k])
	}
	return 2 * float64(common) / float64(b.n+o.n)
}
