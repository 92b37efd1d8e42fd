package disclosure

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"track15/models/disclosure/words"
)

// months are months in several languages, as tokens are folded.
var months = func() map[string]time.Month {
	all := map[string]time.Month{}
	for _, list := range []string{
		"january february march april may june july august september october november december",
		"jan feb mar apr may jun jul aug sept oct nov dec", "jan feb mar apr mai jun jul aug sep okt nov dez",
		"januar februar marz april mai juni juli august september oktober november dezember",
		"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
		"январь февраль март апрель маи июнь июль август сентябрь октябрь ноябрь декабрь",
		"январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
	} {
		for i, m := range strings.Fields(list) {
			all[m] = time.Month(i + 1)
		}
	}
	return all
}()

// month is the month at a token. "March", "May" and their like need a capital.
func (c *check) month(at int) (time.Month, bool) {
	if at < 0 || at >= len(c.tokens) {
		return 0, false
	}
	t := &c.tokens[at]
	m, ok := months[t.word]
	if !ok {
		for r := range strings.FieldsFuncSeq(t.word, func(r rune) bool { return !unicode.IsLetter(r) }) {
			m, ok = months[r]
		}
	}
	if t.shape == small && slices.Contains([]string{"march", "may", "mar", "mars", "dec", "jan", "sep", "mai", "mayo"}, t.word) {
		return 0, false
	}
	return m, ok
}

// dayAt is the day of a month at a token, 0 without one.
func (c *check) dayAt(at int) int {
	if at < 0 || at >= len(c.tokens) {
		return 0
	}
	t := &c.tokens[at]
	if n := t.number / 1000; t.kind == number && t.number%1000 == 0 && n >= 1 && n <= 31 {
		return int(n)
	}
	return ordinals[t.word]
}

// yearAt is the year at a token, 0 without one.
func (c *check) yearAt(at int) int {
	if at < 0 || at >= len(c.tokens) || c.tokens[at].kind != number || !yearly(&c.tokens[at]) {
		return 0
	}
	return int(c.tokens[at].number / 1000)
}

// inFigures reads 2026-02-17, 17.02.2026 and 17/02/2026.
func (c *check) inFigures(at int) (when, bool) {
	t := &c.tokens[at]
	if parts := strings.Split(t.word, "."); len(parts) == 3 && t.kind == word {
		return figures(span{at, at + 1}, parts)
	}
	if at+2 >= len(c.tokens) || t.kind != number || c.tokens[at+1].kind != number || c.tokens[at+2].kind != number {
		return when{}, false
	}
	for _, mark := range []string{"-", "/", ".", "‐", "‑"} {
		if c.raw[t.end:c.tokens[at+1].start] == mark && c.raw[c.tokens[at+1].end:c.tokens[at+2].start] == mark {
			var parts []string
			for i := range 3 {
				parts = append(parts, c.raw[c.tokens[at+i].start:c.tokens[at+i].end])
			}
			return figures(span{at, at + 3}, parts)
		}
	}
	return when{}, false
}

func figures(s span, parts []string) (when, bool) {
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return when{}, false
		}
		n[i] = v
	}
	if n[0] < 1000 {
		n[0], n[2] = n[2], n[0]
		if n[1] > 12 {
			n[1], n[2] = n[2], n[1]
		}
	}
	if n[0] < 1800 || n[0] > 2100 || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 {
		return when{}, false
	}
	w := between(s, n[0], time.Month(n[1]), n[2], n[2])
	if n[2] <= 12 && len(parts[0]) < 4 {
		other := between(s, n[0], time.Month(n[2]), n[1], n[1])
		w.other = &other
	}
	return w, true
}

// inHan reads 2026年2月17日 and 2月17日.
func (c *check) inHan(at int) (when, bool) {
	i, year, month, day := at, 0, 0, 0
	mark := func(sign string) (int, bool) {
		if i+1 < len(c.tokens) && c.tokens[i].kind == number && c.tokens[i+1].word == sign {
			n := int(c.tokens[i].number / 1000)
			i += 2
			return n, true
		}
		return 0, false
	}
	year, _ = mark("年")
	month, ok := mark("月")
	if !ok || month < 1 || month > 12 {
		return when{}, false
	}
	if day, ok = mark("日"); !ok {
		return between(span{at, i}, year, time.Month(month), 1, 31), true
	}
	return between(span{at, i}, year, time.Month(month), day, day), true
}

// partsOfMonth are words before a month, with the days they mean.
var partsOfMonth = map[string]span{"early": {1, 12}, "beginning": {1, 8}, "start": {1, 8}, "mid": {9, 21}, "middle": {9, 21}, "late": {19, 31}, "end": {23, 31}, "close": {23, 31}, "anfang": {1, 10}, "mitte": {9, 21}, "ende": {21, 31}, "debut": {1, 10}, "fin": {21, 31}, "начале": {1, 10}, "середине": {9, 21}, "конце": {21, 31}}

// partOfMonth reads "mid-February 2026", "the third week of January", "the first
// half of May", "the last days of March".
func (c *check) partOfMonth(at int) (when, bool) {
	part, known := partsOfMonth[c.tokens[at].word]
	i := at + 1
	if !known {
		n := c.ordinalAt(at)
		last := c.tokens[at].word == "last" || c.tokens[at].word == "final" || c.tokens[at].word == "closing"
		if n == 0 && !last && c.tokens[at].word != "opening" || i >= len(c.tokens) {
			return when{}, false
		}
		switch unit := c.tokens[i].stem; {
		case unit == words.Stem("week") && last:
			part = span{22, 31}
		case unit == words.Stem("week"):
			part = span{7*max(n, 1) - 6, min(31, 7*max(n, 1)+2)}
		case unit == words.Stem("weekend"):
			part = span{max(1, 7*max(n, 1)-6), min(31, 7*max(n, 1)+2)}
		case unit == words.Stem("half") && n > 0:
			part = span{15*n - 14, min(31, 15*n+1)}
		case unit == words.Stem("day") && last:
			part = span{24, 31}
		case unit == words.Stem("day"):
			part = span{1, 8}
		default:
			return when{}, false
		}
		i++
	}
	for i < len(c.tokens) && (c.tokens[i].word == "of" || c.tokens[i].word == "in" || c.tokens[i].word == "the" || c.tokens[i].word == "days") && i < at+5 {
		i++
	}
	m, ok := c.month(i)
	if !ok {
		return when{}, false
	}
	year, to := c.yearAfter(i + 1)
	w := between(span{at, to}, year, m, part.from, part.to)
	w.day = false
	return w, true
}

// yearAfter reads a year at a token, with "of" before it, and where it ends.
func (c *check) yearAfter(at int) (year, to int) {
	i := at
	if i < len(c.tokens) && (c.tokens[i].word == "of" || c.tokens[i].word == "de" || c.tokens[i].word == "this" || c.tokens[i].word == "in") {
		i++
	}
	if i < len(c.tokens) && c.tokens[i].gap <= comma {
		if y := c.yearAt(i); y > 0 {
			return y, i + 1
		}
	}
	return 0, at
}

// daysOfMonth reads "17 to 18 February 2026", "the 17th of February".
func (c *check) daysOfMonth(at int) (when, bool) {
	from := c.dayAt(at)
	if from == 0 {
		return when{}, false
	}
	i, to := at+1, from
	if i < len(c.tokens) && (rangeWord[c.tokens[i].word] || c.dayAt(i) > from && c.tokens[i].kind == number) {
		if rangeWord[c.tokens[i].word] {
			i++
		}
		if to = c.dayAt(i); to <= from {
			return when{}, false
		}
		i++
	}
	if i < len(c.tokens) && c.tokens[i].word == "of" {
		i++
	}
	m, ok := c.month(i)
	if !ok || c.tokens[i].gap > comma {
		return when{}, false
	}
	year, end := c.yearAfter(i + 1)
	return between(span{at, end}, year, m, from, to), true
}

var rangeWord = set(`to and till until through bis au et y по и`)

// monthDays reads "February 17-18, 2026", "Oct. 8".
func (c *check) monthDays(at int) (when, bool) {
	m, ok := c.month(at)
	if !ok {
		return when{}, false
	}
	i := at + 1
	if i < len(c.tokens) && c.tokens[i].word == "the" {
		i++
	}
	from := c.dayAt(i)
	if from == 0 || c.tokens[i].gap > near || c.yearAt(i) != 0 {
		return when{}, false
	}
	i++
	to := from
	if i < len(c.tokens) {
		j := i
		if rangeWord[c.tokens[j].word] {
			j++
		}
		if d := c.dayAt(j); d > from && j < len(c.tokens) && c.tokens[j].gap != heading && c.yearAt(j) == 0 && (j > i || c.tokens[j].gap != comma) {
			to, i = d, j+1
		}
	}
	year, end := c.yearAfter(i)
	return between(span{at, end}, year, m, from, to), true
}

// wholeMonth reads "February 2026" and "in February".
func (c *check) wholeMonth(at int) (when, bool) {
	m, ok := c.month(at)
	if !ok {
		return when{}, false
	}
	year, to := c.yearAfter(at + 1)
	w := between(span{at, to}, year, m, 1, date(cmp.Or(year, someYear), m+1, 0).Day())
	return w, true
}

// onFeast reads "Christmas Eve 2025", "over Easter".
func (c *check) onFeast(at int) (when, bool) {
	f, to, ok := c.feast(at)
	if !ok {
		return when{}, false
	}
	return c.around(span{at, to}, f, 0, 3, 3), true
}

// beforeFeast reads "two days before the Spring Festival", "the week after
// Easter", "on the eve of the May holidays".
func (c *check) beforeFeast(at int) (when, bool) {
	i := at
	n := 1
	switch t := &c.tokens[i]; {
	case t.kind == number && t.number < 100_000:
		n = int(t.number / 1000)
		i++
	case t.word == "a" || t.word == "one" || t.word == "the":
		i++
	}
	if i >= len(c.tokens) {
		return when{}, false
	}
	unit := 0
	switch c.tokens[i].stem {
	case words.Stem("day"):
		unit = 1
	case words.Stem("week"):
		unit = 7
	case words.Stem("month"):
		unit = 30
	case words.Stem("fortnight"):
		unit = 14
	case words.Stem("eve"):
		unit = 1
	default:
		return when{}, false
	}
	eve := c.tokens[i].word == "eve"
	i++
	if i >= len(c.tokens) {
		return when{}, false
	}
	sign := 0
	switch c.tokens[i].word {
	case "before", "ahead", "prior":
		sign = -1
	case "after", "following", "past":
		sign = 1
	case "of":
		if eve {
			sign = -1
		}
	}
	if sign == 0 {
		return when{}, false
	}
	for i++; i < len(c.tokens) && (c.tokens[i].word == "the" || c.tokens[i].word == "of" || c.tokens[i].word == "to"); i++ {
	}
	f, to, ok := c.feast(i)
	if !ok {
		return when{}, false
	}
	slack := max(1, unit/2)
	return c.around(span{at, to}, f, sign*n*unit, slack, slack), true
}

// around is a time some days from a feast, in its year or in that of each round.
func (c *check) around(s span, f feast, days, before, after int) when {
	year := 0
	for i := s.to; i < min(len(c.tokens), s.to+2) && year == 0; i++ {
		year = c.yearAt(i)
	}
	w := when{span: s, year: true, day: true}
	for _, id := range c.index.sorted() {
		opens, closes := c.index.rounds[id].days()
		if opens.IsZero() || year != 0 && opens.Year() != year {
			continue
		}
		day := f(opens.Year())
		if day.IsZero() {
			continue
		}
		from, to := day.AddDate(0, 0, days-before), day.AddDate(0, 0, days+after)
		if c.index.rounds[id].Hidden.Dates && !from.After(closes) && !to.Before(opens) {
			w.from, w.to = from, to
		}
	}
	return w
}
