package replies

import (
	"cmp"
	"slices"
	"strings"

	"track15/models/fault"
	"track15/models/record"
)

// A Comparison is what became of the passages that a party was shown in the text
// that came back.
type Comparison struct {
	shown record.Shown
	// Word reports that the text is a Word file, Others how many more texts of the
	// answer were not compared.
	Word    bool
	Others  int
	Changes []Change // in the order of the passages
	// Around are paragraphs that stand beside the text: a greeting, a letter, the
	// words of a form, a wish that is put in words.
	Around   []string
	Comments []string
}

// A Change is one place in which a passage came back otherwise.
type Change struct {
	Passage int    // of those shown, from 0
	Place   string // of the passage
	Before  string // some words that stand before it and stay
	Old     string // "" for what is added
	New     string // "" for what is taken away
	After   string
	// Whole is a passage that is not in the text that came, or a paragraph that is
	// there and was not shown: whether that is a change, only a person can say.
	Whole bool

	from, to int // bytes of the passage that put takes the place of
	put      string
}

const (
	// alikeEnough is the share of words from which a paragraph is a passage that
	// came back.
	alikeEnough = 0.4
	// maxRun is how many paragraphs a passage may have become.
	maxRun = 4
	// maxPairs bounds the work: passages times paragraphs.
	maxPairs = 400_000
	context  = 6 // words before and after a change
)

// Compare compares an answer with what was shown: of its texts the Word file in
// which most came back, or else the text in which most did. ok is false if no
// passage came back in any.
//
// It fails with Invalid at "file" for a text that is too long to be compared.
func Compare(shown record.Shown, a Answer) (c Comparison, ok bool, err error) {
	best := 0
	for _, s := range a.Sources {
		if len(s.Paragraphs)*len(shown.Passages) > maxPairs {
			return Comparison{}, false, fault.Field("file", "This is too long to be compared. Attach it, and enter the changes by hand.")
		}
		d, came := compare(shown, s)
		if s.Word && came > 0 {
			came += len(shown.Passages) // before any text that is none
		}
		if came > best {
			c, best = d, came
		}
	}
	c.Others = max(len(a.Sources)-1, 0)
	return c, best > 0, nil
}

// Wording are the words of each passage with the changes for which taken is
// true, as record.Shown.Reworded takes them.
func (c Comparison) Wording(taken func(change int) bool) []string {
	out := make([]string, len(c.shown.Passages))
	for i, p := range c.shown.Passages {
		out[i] = p.Text
	}
	for n, ch := range slices.Backward(c.Changes) {
		if taken(n) {
			text := out[ch.Passage]
			out[ch.Passage] = text[:ch.from] + ch.put + text[ch.to:]
		}
	}
	return out
}

// A run of paragraphs is what a passage became.
type run struct{ from, to int }

// compare compares one text and says how many passages came back in it.
func compare(shown record.Shown, s Source) (Comparison, int) {
	c := Comparison{shown: shown, Word: s.Word, Comments: s.Comments}
	runs := align(shown.Passages, s.Paragraphs)
	came, at := 0, 0
	first, last := -1, -1
	for i, r := range runs {
		if r.from < r.to {
			if came++; first < 0 {
				first = i
			}
			last = i
		}
	}
	if came == 0 {
		return c, 0
	}
	for i, r := range runs {
		p := shown.Passages[i]
		if r.from == r.to {
			c.Changes = append(c.Changes, Change{Passage: i, Place: p.Place, Old: p.Text, Whole: true, to: len(p.Text)})
			continue
		}
		var extra []string
		if extra, at = s.Paragraphs[at:r.from], r.to; i == first || !paragraph(p) {
			c.Around = append(c.Around, extra...)
		} else {
			for _, text := range extra {
				c.Changes = append(c.Changes, Change{Passage: i, Place: p.Place, New: text, Whole: true, put: text + "\n\n"})
			}
		}
		c.Changes = append(c.Changes, within(i, p, strings.Join(s.Paragraphs[r.from:r.to], between(p)))...)
		if i == last {
			c.Around = append(c.Around, s.Paragraphs[r.to:]...)
		}
	}
	slices.SortStableFunc(c.Changes, func(a, b Change) int { return cmp.Or(cmp.Compare(a.Passage, b.Passage), cmp.Compare(a.from, b.from)) })
	return c, came
}

// paragraph reports whether a passage is one of a body, beside which others can stand.
func paragraph(p record.Passage) bool { return strings.HasPrefix(p.Place, "Paragraph ") }

// between is what joins the paragraphs that a passage became: the body can be
// divided further, the words of an observation stand on lines.
func between(p record.Passage) string {
	if paragraph(p) {
		return "\n\n"
	}
	return "\n"
}

// align finds, for each passage, the paragraphs that it became, in order: those
// that have most words in common with it. It takes the passages times the
// paragraphs.
func align(passages []record.Passage, all []string) []run {
	n, m := len(passages), len(all)
	bags := make([]bag, m)
	for j, s := range all {
		bags[j] = bagOf(words(s))
	}
	type cell struct {
		score float64
		run   int // paragraphs taken for the passage; 0: none, -1: the paragraph before is left out
	}
	rows := make([][]cell, n+1)
	rows[0] = make([]cell, m+1)
	for j := 1; j <= m; j++ {
		rows[0][j].run = -1
	}
	for i := 1; i <= n; i++ {
		rows[i] = make([]cell, m+1)
		rows[i][0] = cell{rows[i-1][0].score, 0}
		was := bagOf(words(passages[i-1].Text))
		for j := 1; j <= m; j++ {
			best := cell{rows[i-1][j].score, 0}
			if s := rows[i][j-1].score; s >= best.score {
				best = cell{s, -1}
			}
			sum := bag{map[string]int{}, 0}
			for k := 1; k <= min(maxRun, j); k++ {
				sum = sum.with(bags[j-k])
				if sum.n > 2*was.n+20 {
					break
				}
				like := was.like(sum)
				if like < alikeEnough {
					continue
				}
				if s := rows[i-1][j-k].score + like*float64(was.n); s > best.score {
					best = cell{s, k}
				}
			}
			rows[i][j] = best
		}
	}
	runs := make([]run, n)
	for i, j := n, m; i > 0; {
		switch c := rows[i][j]; {
		case c.run > 0:
			runs[i-1] = run{j - c.run, j}
			i, j = i-1, j-c.run
		case c.run < 0:
			j--
		default:
			i--
		}
	}
	return runs
}

// within are the changes of a passage that came back as text.
func within(passage int, p record.Passage, text string) []Change {
	a, b := words(p.Text), words(text)
	var out []Change
	for _, s := range differences(a, b) {
		ch := Change{Passage: passage, Place: p.Place}
		// A change reaches to the words around it, so that it has its spaces.
		if s.a1 > 0 {
			ch.from = a[s.a1-1].end
		}
		if ch.to = len(p.Text); s.a2 < len(a) {
			ch.to = a[s.a2].start
		}
		from, to := 0, len(text)
		if s.b1 > 0 {
			from = b[s.b1-1].end
		}
		if s.b2 < len(b) {
			to = b[s.b2].start
		}
		was, now := p.Text[ch.from:ch.to], text[from:to]
		ch.Old, ch.New = strings.TrimSpace(was), strings.TrimSpace(now)
		ch.put = spaced(was, now)
		ch.Before = lead(p.Text, a[max(s.a1-context, 0):s.a1])
		ch.After = lead(p.Text, a[s.a2:min(s.a2+context, len(a))])
		out = append(out, ch)
	}
	return out
}

// lead is the text of words that stand side by side.
func lead(text string, all []word) string {
	if len(all) == 0 {
		return ""
	}
	return text[all[0].start:all[len(all)-1].end]
}

// spaced is now with the spaces and line ends of was around it, where both have
// some: those of mails and Word files are no change.
func spaced(was, now string) string {
	old, new := strings.TrimSpace(was), strings.TrimSpace(now)
	if new == "" && old == "" {
		return was
	}
	if new == "" { // what remains of the spaces on both sides is one of them
		before, after, _ := strings.Cut(was, old)
		switch {
		case now == "":
			return ""
		case strings.Contains(before, "\n"):
			return before
		case strings.Contains(after, "\n"):
			return after
		}
		return now
	}
	before, after, _ := strings.Cut(now, new)
	if old != "" {
		if b, a, _ := strings.Cut(was, old); true {
			before, after = either(b, before), either(a, after)
		}
		return before + new + after
	}
	if strings.Contains(was, "\n") { // added at a line end, which stays
		if after != "" {
			after = was
		} else {
			before = was
		}
	}
	return before + new + after
}

// either is the space that was there, if there is one now.
func either(was, now string) string {
	if was != "" && now != "" {
		return was
	}
	return now
}
