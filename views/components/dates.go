package components

import (
	"strings"
	"time"

	"track15/models/published"
)

// A day, month or year as it was released.
type instant struct {
	time.Time
	precision int // 1 year, 2 month, 3 day
}

var precisions = []string{"", "2006", "2006-01", "2006-01-02"}

// read reads an ISO date cut to its precision; ok is false for anything else.
func read(iso string) (i instant, ok bool) {
	p := strings.Count(iso, "-") + 1
	if p >= len(precisions) {
		return instant{}, false
	}
	t, err := time.Parse(precisions[p], iso)
	return instant{t, p}, err == nil
}

// words writes the date with the given name of months: January or Jan.
func (i instant) words(month string) string {
	return i.Format([]string{"", "2006", month + " 2006", "2 " + month + " 2006"}[i.precision])
}

// withoutYear is words without the year, "" for a year alone.
func (i instant) withoutYear(month string) string {
	return i.Format([]string{"", "", month, "2 " + month}[i.precision])
}

// Date writes one ISO date as it is read: 22 January 2017, January 2017, 2017.
// It is "" for what is no date.
func Date(iso string) string {
	i, ok := read(iso)
	if !ok {
		return ""
	}
	return i.words("January")
}

// Dates writes when a round was held, as exactly as it was released:
// "17–18 September 2025", "January 2017", "by June 2012". It is "" if nothing
// was.
func Dates(d published.Dates) string {
	lead, rest := spread(d, "January")
	return strings.TrimSpace(lead + " " + rest)
}

// Margin writes the same for the margin of a list, in two parts with short
// months: "17–18 Sep" and "2025". A year alone is all in the first part.
func Margin(d published.Dates) (lead, rest string) {
	month := "Jan"
	if d.Closes == "" || d.Closes == d.Opens {
		if i, ok := read(d.Opens); ok && i.precision == 2 {
			month = "January"
		}
	}
	lead, rest = spread(d, month)
	if lead == "" {
		lead, rest = rest, ""
	}
	// A day stays with its month; a line may end after the dash or the word.
	lead = strings.NewReplacer(" – ", "\u00a0– ", "not before ", "not before ", " ", "\u00a0").Replace(lead)
	return lead, rest
}

// Machine is the date for a <time> element: of a round's first day, "" if that
// was not released.
func Machine(d published.Dates) string {
	if _, ok := read(d.Opens); ok {
		return d.Opens
	}
	return ""
}

// spread writes the dates in two parts that join with a space; the second
// begins with the year where one year is enough.
func spread(d published.Dates, month string) (lead, rest string) {
	from, opened := read(d.Opens)
	to, closed := read(d.Closes)
	switch {
	case opened && closed && d.Opens != d.Closes:
		return between(from, to, month)
	case opened:
		return from.withoutYear(month), from.Format("2006")
	case closed:
		return before("by", to, month)
	}
	low, hasLow := read(d.NotBefore)
	high, hasHigh := read(d.NotAfter)
	switch {
	case hasLow && hasHigh:
		return "between " + low.words(month) + " and", high.words(month)
	case hasHigh:
		return before("by", high, month)
	case hasLow:
		return before("not before", low, month)
	}
	return "", ""
}

func before(word string, i instant, month string) (lead, rest string) {
	return strings.TrimSpace(word + " " + i.withoutYear(month)), i.Format("2006")
}

// between writes a span with an en dash, closed up where both ends are single
// words: 17–18 September, but 30 September – 2 October.
func between(from, to instant, month string) (lead, rest string) {
	switch {
	case from.Year() != to.Year() && from.precision == 1 && to.precision == 1:
		return "", from.Format("2006") + "–" + to.Format("2006")
	case from.Year() != to.Year() || from.precision == 1 || to.precision == 1:
		return from.words(month) + " –", to.words(month)
	case from.precision == 3 && to.precision == 3 && from.Month() == to.Month():
		return from.Format("2") + "–" + to.Format("2 "+month), to.Format("2006")
	case from.precision == 2 && to.precision == 2:
		return from.Format(month) + "–" + to.Format(month), to.Format("2006")
	}
	return from.withoutYear(month) + " – " + to.withoutYear(month), to.Format("2006")
}
