package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"track15/models/record"
)

// A span is what a cell says about when: from a day to a day, or less exactly.
type span struct {
	from, to record.Date
	// otherwise is the same span if the first two numbers of its dates change
	// places, where both are possible and nobody said which is meant.
	otherwise *span
}

var (
	isoDate   = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$`)
	isoSpan   = regexp.MustCompile(`^(\d{4}-\d{2}(?:-\d{2})?) ?(?:/|--|–|—| - | to | bis | au | – ) ?(\d{4}-\d{2}(?:-\d{2})?|\d{2})$`)
	yearSpan  = regexp.MustCompile(`^(\d{4}) ?[-–—/] ?(\d{4})$`)
	withClock = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M|Z)?$`)
	ourSerial = regexp.MustCompile(`^[2-7]\d{4}(\.\d+)?$`)
	numeric   = regexp.MustCompile(`^(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})\.?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[./-](\d{4})$`)
	yearMonth = regexp.MustCompile(`^(\d{4})[./](\d{1,2})$`)
	clock     = regexp.MustCompile(`[ ,T]+\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?$`)
	ordinal   = regexp.MustCompile(`(\d)(st|nd|rd|th|er|º|ª|e)\b`)
)

// months are the names of months, folded and cut to what tells them apart.
var months = func() map[string]int {
	all := map[string]int{}
	for n, names := range strings.Split(`january|jan|januar|jänner|janvier|janv|enero|ene|января|январь|янв|janeiro|gennaio
february|feb|februar|février|févr|fév|febrero|февраля|февраль|фев|февр|fevereiro|febbraio
march|mar|märz|mrz|mars|marzo|марта|март|мар|março
april|apr|avril|avr|abril|abr|апреля|апрель|апр|aprile
may|mai|mayo|мая|май|maio|maggio
june|jun|juni|juin|junio|июня|июнь|июн|junho|giugno
july|jul|juli|juillet|juil|julio|июля|июль|июл|julho|luglio
august|aug|août|aout|agosto|ago|августа|август|авг
september|sep|sept|septembre|septiembre|set|сентября|сентябрь|сен|сент|setembro|settembre
october|oct|oktober|okt|octobre|octubre|октября|октябрь|окт|outubro|ottobre
november|nov|novembre|noviembre|ноября|ноябрь|ноя|нояб|novembro
december|dec|dezember|dez|décembre|déc|diciembre|dic|декабря|декабрь|дек|dezembro|dicembre`, "\n") {
		for name := range strings.SplitSeq(names, "|") {
			all[record.Fold(name)] = n + 1
		}
	}
	return all
}()

// between are words and signs that stand between the two ends of a span.
var between = map[string]bool{"-": true, "–": true, "—": true, "~": true, "to": true, "until": true, "till": true, "through": true, "bis": true, "au": true, "a": true, "al": true, "hasta": true, "по": true, "до": true, "至": true, "到": true, "and": true, "und": true, "et": true, "y": true, "и": true, "&": true, "/": true, "+": true}

// fill are words that say nothing of the date.
var fill = map[string]bool{"of": true, "the": true, "de": true, "del": true, "le": true, "du": true, "den": true, "der": true, "am": true, "vom": true, "from": true, "on": true, "el": true, "la": true, "г": true, "года": true, "год": true, "с": true, "ca": true, "circa": true, "c": true, "about": true, "около": true, "um": true, "vers": true}

var (
	dashes  = strings.NewReplacer("\u00a0", " ", "‐", "-", "‑", "-", "−", "-", "－", "-", "～", "~")
	eastern = strings.NewReplacer("年", " * ", "月", " # ", "日", " ", "号", " ")
)

// readSpan reads a date or a span of dates in any common form. It reports whether
// it is one.
func readSpan(s string, order DateOrder) (span, bool) {
	s = strings.TrimSpace(dashes.Replace(s))
	if s == "" {
		return span{}, true
	}
	if m := withClock.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = clock.ReplaceAllString(s, "")
	switch {
	case isoDate.MatchString(s):
		d := record.Date(s)
		return span{from: d}, d.Precision() != record.Unknown && plausible(d)
	case isoSpan.MatchString(s):
		m := isoSpan.FindStringSubmatch(s)
		if len(m[2]) == 2 {
			m[2] = m[1][:len(m[1])-2] + m[2]
		}
		return ends(record.Date(m[1]), record.Date(m[2]))
	case yearSpan.MatchString(s):
		m := yearSpan.FindStringSubmatch(s)
		return ends(record.Date(m[1]), record.Date(m[2]))
	case ourSerial.MatchString(s):
		days, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return span{}, false
		}
		return span{from: record.Date(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly))}, true
	case monthYear.MatchString(s):
		m := monthYear.FindStringSubmatch(s)
		return one(m[2], m[1], "")
	case yearMonth.MatchString(s):
		m := yearMonth.FindStringSubmatch(s)
		return one(m[1], m[2], "")
	case numeric.MatchString(s):
		return numbers(numeric.FindStringSubmatch(s), order)
	}
	if sp, ok := numericSpan(s, order); ok {
		return sp, true
	}
	return wordy(s)
}

// plausible holds that somebody alive can have been there.
func plausible(d record.Date) bool {
	year := d.First().Year()
	return year >= 1900 && year < 2200
}

func ends(from, to record.Date) (span, bool) {
	if from.Precision() == record.Unknown || to.Precision() == record.Unknown || !plausible(from) || !plausible(to) {
		return span{}, false
	}
	if from == to {
		to = ""
	}
	return span{from: from, to: to}, true
}

// one makes a date of its parts, as exactly as they are given.
func one(year, month, day string) (span, bool) {
	d := record.Date(year)
	if month != "" {
		d += record.Date("-" + twoDigits(month))
		if day != "" {
			d += record.Date("-" + twoDigits(day))
		}
	}
	return span{from: d}, d.Precision() != record.Unknown && plausible(d)
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// fullYear is a year of two digits in its century.
func fullYear(s string) string {
	if len(s) != 2 {
		return s
	}
	if s > "60" {
		return "19" + s
	}
	return "20" + s
}

// numbers reads 14.6.2018, 6/14/2018, 2018/6/14. Points put the day first.
func numbers(m []string, order DateOrder) (span, bool) {
	a, sign, b, c := m[1], m[2], m[3], m[4]
	if len(a) == 4 {
		return one(a, b, c)
	}
	if len(a) > 2 || len(c) != 2 && len(c) != 4 {
		return span{}, false
	}
	c = fullYear(c)
	dayFirst, okDay := one(c, b, a)
	monthFirst, okMonth := one(c, a, b)
	switch {
	case okDay && (!okMonth || sign == "." || order == DayFirst || a == b):
		return dayFirst, true
	case okMonth && (!okDay || order == MonthFirst):
		return monthFirst, true
	case okDay:
		dayFirst.otherwise = &monthFirst
		return dayFirst, true
	}
	return span{}, false
}

var (
	dottedDays = regexp.MustCompile(`^(\d{1,2})\.?(?:(\d{1,2})\.?)?(?:(\d{4}))? ?(?:-|–|—|bis|to|/) ?(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$`)
	twoDates   = regexp.MustCompile(`^(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}) ?(?:-|–|—|~|bis|to|au|al|по|до|至) ?(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})$`)
	slashDays  = regexp.MustCompile(`^(\d{1,2}) ?[-–—] ?(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$`)
	slashLater = regexp.MustCompile(`^(\d{1,2})/(\d{1,2}) ?[-–—] ?(\d{1,2})/(\d{4}|\d{2})$`)
)

// numericSpan reads 14.-15.6.2018, 14.6.-2.7.2018, 14/6/2018 - 15/6/2018,
// 14-15/6/2018 and 6/14-15/2018.
func numericSpan(s string, order DateOrder) (span, bool) {
	if m := twoDates.FindStringSubmatch(s); m != nil {
		a, okA := readSpan(m[1], order)
		b, okB := readSpan(m[2], order)
		if !okA || !okB {
			return span{}, false
		}
		// One end may tell how the other is meant.
		switch {
		case a.otherwise != nil && b.otherwise != nil:
			sp, ok := ends(a.from, b.from)
			other, okOther := ends(a.otherwise.from, b.otherwise.from)
			if okOther && a.otherwise.from.First().After(b.otherwise.from.First()) {
				return sp, ok
			}
			sp.otherwise = &other
			return sp, ok
		case a.otherwise != nil && monthFirstOnly(m[2]):
			a = *a.otherwise
		case b.otherwise != nil && monthFirstOnly(m[1]):
			b = *b.otherwise
		}
		return ends(a.from, b.from)
	}
	if m := dottedDays.FindStringSubmatch(s); m != nil {
		year := fullYear(m[6])
		month, firstYear := m[5], year
		if m[2] != "" {
			month = m[2]
		}
		if m[3] != "" {
			firstYear = m[3]
		}
		a, okA := one(firstYear, month, m[1])
		b, okB := one(year, m[5], m[4])
		if okA && okB {
			return ends(a.from, b.from)
		}
	}
	if m := slashDays.FindStringSubmatch(s); m != nil {
		a, okA := one(fullYear(m[4]), m[3], m[1])
		b, okB := one(fullYear(m[4]), m[3], m[2])
		if okA && okB {
			return ends(a.from, b.from)
		}
	}
	if m := slashLater.FindStringSubmatch(s); m != nil {
		a, okA := one(fullYear(m[4]), m[1], m[2])
		b, okB := one(fullYear(m[4]), m[1], m[3])
		if okA && okB {
			return ends(a.from, b.from)
		}
	}
	return span{}, false
}

// monthFirstOnly reports whether a numeric date can only be meant with the month
// first.
func monthFirstOnly(s string) bool {
	m := numeric.FindStringSubmatch(s)
	if m == nil || len(m[1]) > 2 {
		return false
	}
	second, err := strconv.Atoi(m[3])
	return err == nil && second > 12
}

// An end is one end of a span in words, as far as it is said.
type end struct{ year, month, day int }

// wordy reads dates with names of months: 14–15 June 2018, June 30 – July 2,
// 2018, Jun 2018, 2018年6月14日至15日.
func wordy(s string) (span, bool) {
	s = eastern.Replace(s)
	s = ordinal.ReplaceAllString(record.Fold(s), "$1")
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("-–—~&/+至到*#", r):
			b.WriteString(" " + string(r) + " ")
		case strings.ContainsRune(".,;()'’", r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	var two [2]end
	at := 0
	words := strings.Fields(b.String())
	for i, w := range words {
		e := &two[at]
		n, err := strconv.Atoi(w)
		month, isMonth := months[w]
		if i+1 < len(words) && err == nil && words[i+1] == "#" {
			month, isMonth, err = n, true, strconv.ErrSyntax
		}
		switch {
		case w == "*" || w == "#" || fill[w] && !isMonth || weekday(w):
		case isMonth:
			if e.month != 0 {
				return span{}, false
			}
			e.month = month
		case err == nil && len(w) == 4:
			if e.year != 0 {
				return span{}, false
			}
			e.year = n
		case err == nil && len(w) <= 2 && n > 0 && n < 32:
			if e.day != 0 {
				return span{}, false
			}
			e.day = n
		case between[w]:
			if at == 1 || *e == (end{}) {
				return span{}, false
			}
			at = 1
		default:
			return span{}, false
		}
	}
	from, to := two[0], two[1]
	if at == 0 {
		d, ok := from.date()
		return span{from: d}, ok
	}
	// What one end does not say, the other does.
	if to.month == 0 && to.day != 0 {
		to.month = from.month
	}
	if from.month == 0 {
		from.month = to.month
	}
	if to.year == 0 {
		to.year = from.year
	}
	if from.year == 0 {
		from.year = to.year
	}
	a, okA := from.date()
	z, okZ := to.date()
	if !okA || !okZ {
		return span{}, false
	}
	return ends(a, z)
}

func (e end) date() (record.Date, bool) {
	if e.year == 0 || e.day != 0 && e.month == 0 {
		return "", false
	}
	s := fmt.Sprintf("%04d", e.year)
	if e.month != 0 {
		s += fmt.Sprintf("-%02d", e.month)
		if e.day != 0 {
			s += fmt.Sprintf("-%02d", e.day)
		}
	}
	d := record.Date(s)
	return d, d.Precision() != record.Unknown && plausible(d)
}

var weekdays = strings.Fields("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo")

func weekday(w string) bool {
	for _, d := range weekdays {
		if w == d {
			return true
		}
	}
	return false
}

// evidence says how a date with numbers must be meant; both false if it leaves
// it open, or has no order.
func evidence(s string) (dayFirst, monthFirst, open bool) {
	for _, part := range twoParts(s) {
		m := numeric.FindStringSubmatch(part)
		if m == nil || len(m[1]) > 2 {
			continue
		}
		a, errA := strconv.Atoi(m[1])
		b, errB := strconv.Atoi(m[3])
		switch {
		case errA != nil || errB != nil || a == b:
		case a > 12 && b <= 12:
			dayFirst = true
		case b > 12 && a <= 12:
			monthFirst = true
		case m[2] == ".":
			dayFirst = true
		default:
			open = true
		}
	}
	return dayFirst, monthFirst, open
}

func twoParts(s string) []string {
	s = strings.TrimSpace(clock.ReplaceAllString(strings.TrimSpace(s), ""))
	if m := twoDates.FindStringSubmatch(s); m != nil {
		return m[1:3]
	}
	return []string{s}
}
