package disclosure

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A venue is a name of where a hidden round met, or of its city.
type venue struct {
	round *Round
	words []string
	city  bool
}

// A when is a time as a draft says it: days without a year have the year 0.
type when struct {
	span
	from, to time.Time
	year     bool  // it says the year
	day      bool  // it is one to some days
	other    *when // the same figures with day and month changed
}

func (x *Index) addRound(r Round) {
	x.rounds[r.ID] = &r
	if r.Hidden.Venue {
		for _, v := range r.Venues {
			x.venues = append(x.venues, venue{round: &r, words: wordsOf(v)})
		}
	}
	if r.Hidden.City && r.City != "" {
		x.venues = append(x.venues, venue{round: &r, words: wordsOf(r.City), city: true})
	}
	for _, v := range append(slices.Clone(r.Venues), r.City) {
		for _, t := range read(v).tokens {
			if t.shape != small {
				x.places[t.stem] = true
			}
		}
	}
}

// The rules of what is hidden of a round.
const (
	ruleDate      = "embargo.date"
	ruleVenue     = "embargo.venue"
	ruleCity      = "embargo.city"
	ruleExistence = "embargo.round"
)

// embargoes finds dates, places and numbers of rounds that are not public.
func (c *check) embargoes() {
	c.dated = make([]bool, len(c.tokens))
	for i := 0; i < len(c.tokens); {
		w, ok := c.when(i)
		if !ok {
			i++
			continue
		}
		for at := w.span.from; at < w.span.to; at++ {
			c.dated[at] = true
		}
		c.date(w)
		if w.other != nil {
			c.date(*w.other)
		}
		i = w.span.to
	}
	for i := range c.tokens {
		c.place(i)
		c.ordinalOf(i)
	}
}

// date makes a finding of a time at which a hidden round met, where the sentence
// is about a meeting.
func (c *check) date(w when) {
	s := c.sentence(w.span.from)
	var of []*Round
	for _, id := range c.index.sorted() {
		r := c.index.rounds[id]
		if !w.meets(r) {
			continue
		}
		if !r.Hidden.Dates {
			if w.year || !w.day || c.saysSeries(s, r) {
				return // what is public falls on it too
			}
			continue
		}
		of = append(of, r)
	}
	if len(of) == 0 {
		return
	}
	about := c.aboutMeeting(s) || w.exactly(of) || slices.ContainsFunc(of, func(r *Round) bool { return c.saysSeries(s, r) })
	f := Finding{Rule: ruleDate, Class: DateVenue, Severity: Block, Score: 0.95}
	if !w.day {
		f.Score = 0.8
	}
	for _, r := range of {
		f.Sources, f.Rounds = append(f.Sources, r.ID), append(f.Rounds, r.ID)
	}
	if !about {
		f.Severity, f.Score = Advice, 0.3
	}
	c.add(f, w.span.from, w.span.to)
}

// aboutMeeting reports whether a sentence, or the one before it in its paragraph, is
// about a meeting.
func (c *check) aboutMeeting(s span) bool {
	if c.has(s, meeting) || slices.ContainsFunc(c.tokens[s.from:s.to], func(t token) bool { return meets[t.word] || t.kind == han && gathers[t.word] }) {
		return true
	}
	i := c.sentenceAt(s.from)
	return i > 0 && !c.apart(i) && c.has(c.sentences[i-1], meeting)
}

// exactly reports whether a time is several days of a year, and just those of a
// round.
func (w when) exactly(of []*Round) bool {
	return w.year && w.to.After(w.from) && w.day && slices.ContainsFunc(of, func(r *Round) bool {
		opens, closes := r.days()
		return opens.Equal(w.from) && closes.Equal(w.to)
	})
}

// sorted are the ids of rounds in their order.
func (x *Index) sorted() []string {
	all := make([]string, 0, len(x.rounds))
	for id := range x.rounds {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// saysSeries reports whether a sentence has the name of a round's series.
func (c *check) saysSeries(s span, r *Round) bool {
	return r.Series != "" && strings.Contains(" "+c.plain(s)+" ", " "+plain(r.Series)+" ")
}

// meets reports whether a round met at a time.
func (w when) meets(r *Round) bool {
	opens, closes := r.days()
	if opens.IsZero() {
		return false
	}
	from, to := w.from, w.to
	if !w.year {
		from, to = from.AddDate(opens.Year()-from.Year(), 0, 0), to.AddDate(opens.Year()-from.Year(), 0, 0)
	}
	return !from.After(closes) && !to.Before(opens)
}

// days are the first and the last day of a round.
func (r *Round) days() (time.Time, time.Time) {
	from, to := period(r.Opens)
	if _, last := period(r.Closes); !last.IsZero() {
		to = last
	}
	return from, to
}

// period is the first and the last day of 2017, 2017-01 or 2017-01-11; zero times
// for anything else.
func period(s string) (time.Time, time.Time) {
	for _, p := range []struct {
		layout       string
		years, month int
	}{{time.DateOnly, 0, 0}, {"2006-01", 0, 1}, {"2006", 1, 0}} {
		if from, err := time.Parse(p.layout, s); err == nil {
			if p.years+p.month == 0 {
				return from, from
			}
			return from, from.AddDate(p.years, p.month, -1)
		}
	}
	return time.Time{}, time.Time{}
}

// place finds the name of a venue or a city that begins at a token.
func (c *check) place(at int) {
	for _, v := range c.index.venues {
		ws := v.words
		if len(ws) > 1 && ws[0] == "the" {
			ws = ws[1:]
		}
		if !c.says(at, ws) {
			continue
		}
		to := at + len(ws)
		if c.isTaken(span{at, to}) {
			continue
		}
		s := c.sentence(at)
		f := Finding{Rule: ruleVenue, Class: DateVenue, Severity: Block, Score: 0.95, Sources: []string{v.round.ID}, Rounds: []string{v.round.ID}}
		if v.city {
			f.Rule, f.Score = ruleCity, 0.8
			if !c.aboutMeeting(s) && !c.saysSeries(s, v.round) || c.otherYear(s, v.round) || c.publicThere(v) {
				f.Severity, f.Score = Advice, 0.3
			}
		}
		c.add(f, at, to)
	}
}

// says reports whether words stand at a token, those of a name in capitals.
func (c *check) says(at int, ws []string) bool {
	if at+len(ws) > len(c.tokens) {
		return false
	}
	upper := false
	for i, w := range ws {
		t := &c.tokens[at+i]
		if t.word != w && t.other != w || i > 0 && t.gap > near {
			return false
		}
		upper = upper || t.shape != small || t.word[0] >= utf8.RuneSelf
	}
	if len(ws) > 1 && !upper { // "villa amber" in small letters is still no phrase
		return slices.ContainsFunc(c.tokens[at:at+len(ws)], func(t token) bool { return !t.common() })
	}
	return upper
}

// otherYear reports whether a sentence names years, and not the round's.
func (c *check) otherYear(s span, r *Round) bool {
	any := false
	for i := s.from; i < s.to; i++ {
		if t := &c.tokens[i]; t.kind == number && yearly(t) {
			if strings.HasPrefix(r.Opens, strconv.FormatInt(t.number/1000, 10)) {
				return false
			}
			any = true
		}
	}
	return any
}

// publicThere reports whether a public round met in the same city.
func (c *check) publicThere(v venue) bool {
	for _, r := range c.index.rounds {
		if !r.Hidden.City && plain(r.City) == strings.Join(v.words, " ") {
			return true
		}
	}
	return false
}

// ordinalOf finds "the fourth round" where nobody may say that there was one.
func (c *check) ordinalOf(at int) {
	n := c.ordinalAt(at)
	if n == 0 {
		return
	}
	s := c.sentence(at)
	for to := at + 1; to < min(s.to, at+5); to++ {
		if c.tokens[to].gap != near {
			return
		}
		if !counted[c.tokens[to].stem] {
			continue
		}
		for _, id := range c.index.sorted() {
			r := c.index.rounds[id]
			if r.Hidden.Existence && r.Number == n && r.ID != c.opt.Round && c.seriesMeant(r) {
				c.add(Finding{Rule: ruleExistence, Class: DateVenue, Severity: Block, Score: 0.8, Sources: []string{r.ID}, Rounds: []string{r.ID}}, at, to+1)
			}
		}
		return
	}
}

// seriesMeant reports whether a draft is about a round's series: it names it, or
// belongs to it, or names none and belongs to none.
func (c *check) seriesMeant(r *Round) bool {
	if own := c.index.rounds[c.opt.Round]; own != nil {
		return own.Series == r.Series
	}
	all := span{0, len(c.tokens)}
	if c.saysSeries(all, r) {
		return true
	}
	for _, o := range c.index.rounds {
		if o.Series != r.Series && c.saysSeries(all, o) {
			return false
		}
	}
	return true
}

// counted are words for a meeting of a series.
var counted = stems(`round meeting talk dialogue session circle consultation exchange conference gathering track roundtable`)

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20}

// ordinalAt is the ordinal at a token, 0 without one.
func (c *check) ordinalAt(at int) int {
	t := &c.tokens[at]
	if n := ordinals[t.word]; n > 0 {
		return n
	}
	if t.kind == number && c.ordinal(t) {
		return int(t.number / 1000)
	}
	return 0
}

// when reads a time that begins at a token.
func (c *check) when(at int) (when, bool) {
	for _, way := range []func(int) (when, bool){c.inFigures, c.inHan, c.partOfMonth, c.daysOfMonth, c.monthDays, c.beforeFeast, c.onFeast, c.wholeMonth} {
		if w, ok := way(at); ok {
			return w, true
		}
	}
	return when{}, false
}

func date(year int, m time.Month, day int) time.Time {
	return time.Date(year, m, day, 0, 0, 0, 0, time.UTC)
}

// someYear is a leap year, for days without one.
const someYear = 2000

func between(s span, year int, m time.Month, from, to int) when {
	w := when{span: s, year: year != 0, day: to-from < 8}
	y := cmp.Or(year, someYear)
	w.from, w.to = date(y, m, from), date(y, m, to)
	return w
}
