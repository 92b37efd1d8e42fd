package disclosure

import (
	"math"
	"slices"
)

// figures finds numbers that a note has with the same words beside them.
func (c *check) figures(d drafted) {
	x, s := c.index, d.span
	for i, id := range d.terms {
		t := &c.tokens[s.from+i]
		if id == noTerm || t.kind != number || c.dated[s.from+i] || yearly(t) || c.ordinal(t) {
			continue
		}
		var best *note
		score := float32(0)
		for _, p := range x.terms[id].postings {
			of := &x.passages[p]
			if of.from.speaker != "" && of.from.speaker == c.opt.Author && !of.from.known {
				continue
			}
			got := c.figure(d, i, of)
			if of.from.known && got > 0 {
				got = float32(math.Inf(1)) // anybody may say it
			}
			if got > score {
				best, score = of.from, got
			}
		}
		if best == nil || best.known {
			continue
		}
		from, to := s.from+i, s.from+i+1
		for n := 0; n < 4 && from > s.from && c.tokens[from].gap == near; n++ {
			from--
		}
		for n := 0; n < 5 && to < s.to && c.tokens[to].gap == near; n++ {
			to++
		}
		c.add(Finding{Rule: ruleNumber, Class: Number, Severity: Clearance, Score: 0.8, Sources: []string{best.id}, Rounds: []string{best.round}}, from, to)
	}
}

// yearly reports whether a number is written as a year.
func yearly(t *token) bool {
	return t.number%1000 == 0 && t.number >= 1_800_000 && t.number <= 2_100_000 && t.end-t.start == 4
}

// ordinal reports whether a number is written as "4th".
func (c *check) ordinal(t *token) bool {
	last := c.raw[t.end-1]
	return asciiLetter(rune(last)) && c.raw[t.start] >= '0' && c.raw[t.start] <= '9'
}

// beside is how many words beside a number are its company.
const beside = 5

// figure says how much a number of a sentence and the same one in a passage have
// the same company; 0 is not enough.
func (c *check) figure(d drafted, at int, of *passage) float32 {
	x := c.index
	n := c.tokens[d.from+at].number
	best := float32(0)
	for j, id := range of.terms {
		if id != d.terms[at] {
			continue
		}
		near := of.terms[max(0, j-beside):min(len(of.terms), j+beside+1)]
		company, words, numbers := float32(0), 0, 0
		unit := false
		for i := max(0, at-beside); i < min(len(d.terms), at+beside+1); i++ {
			if i == at || d.terms[i] == noTerm || !slices.Contains(near, d.terms[i]) {
				continue
			}
			if x.terms[d.terms[i]].kind == numeral {
				numbers++
				continue
			}
			if w := d.weights[i]; w >= 0.15 {
				company += w
				words++
				unit = unit || i > at && i <= at+2
			}
		}
		switch {
		case words == 0:
			continue
		case numbers > 0, telling(n) && (unit || words >= 2), words >= 2 && unit && company >= 0.8, words >= 3:
			best = max(best, company+float32(numbers))
		}
	}
	return best
}

// telling reports whether a number, in thousandths, is neither small nor round.
func telling(n int64) bool {
	if n%1000 != 0 {
		return true
	}
	n /= 1000
	return n > 10 && n%10 != 0 && n != 12 && n != 24 && n != 15 && n != 25 || n > 100 && n%100 != 0
}
