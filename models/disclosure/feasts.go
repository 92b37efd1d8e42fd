package disclosure

import (
	"strings"
	"time"
)

// A feast is a day that is not on the same date each year: the day in a year, zero
// if it is not known.
type feast func(year int) time.Time

func fixed(m time.Month, day int) feast {
	return func(year int) time.Time { return date(year, m, day) }
}

// table is a feast given by its dates, month and day.
func table(first int, days string) feast {
	all := strings.Fields(days)
	return func(year int) time.Time {
		if year < first || year >= first+len(all) {
			return time.Time{}
		}
		t, err := time.Parse("0102", all[year-first])
		if err != nil {
			return time.Time{}
		}
		return date(year, t.Month(), t.Day())
	}
}

// lunarNewYear is the first day of the Chinese year, 2010 to 2030.
var lunarNewYear = table(2010, "0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203")

// midAutumn is the festival of that name, 2015 to 2030.
var midAutumn = table(2015, "0927 0915 1004 0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912")

// endOfRamadan is the first day after Ramadan, 2015 to 2030, within a day.
var endOfRamadan = table(2015, "0717 0706 0625 0615 0604 0524 0513 0502 0421 0410 0330 0320 0309 0226 0214 0205")

// easter is Easter Sunday of the Western churches, by the rule of 1876 in
// Nature's calendar.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, time.Month(n/31), n%31+1)
}

// thanksgiving is the fourth Thursday of November.
func thanksgiving(year int) time.Time {
	first := date(year, time.November, 1)
	return first.AddDate(0, 0, (int(time.Thursday)-int(first.Weekday())+7)%7+21)
}

// feasts are feasts by their names, as tokens are folded.
var feasts = map[string]feast{
	"spring festival": lunarNewYear, "lunar new year": lunarNewYear, "chinese new year": lunarNewYear, "tet": lunarNewYear, "seollal": lunarNewYear,
	"mid autumn festival": midAutumn, "moon festival": midAutumn, "chuseok": midAutumn,
	"eid": endOfRamadan, "eid al fitr": endOfRamadan, "end of ramadan": endOfRamadan,
	"easter": easter, "easter sunday": easter, "good friday": shifted(easter, -2), "pentecost": shifted(easter, 49), "whitsun": shifted(easter, 49), "ascension day": shifted(easter, 39),
	"christmas": fixed(time.December, 25), "christmas day": fixed(time.December, 25), "christmas eve": fixed(time.December, 24), "new year": fixed(time.January, 1), "new year eve": fixed(time.December, 31), "new year day": fixed(time.January, 1), "orthodox christmas": fixed(time.January, 7), "epiphany": fixed(time.January, 6),
	"nowruz": fixed(time.March, 21), "may day": fixed(time.May, 1), "victory day": fixed(time.May, 9), "midsummer": fixed(time.June, 24), "bastille day": fixed(time.July, 14), "independence day": fixed(time.July, 4), "national day": fixed(time.October, 1), "golden week": fixed(time.October, 1), "unity day": fixed(time.October, 3), "halloween": fixed(time.October, 31), "armistice day": fixed(time.November, 11), "thanksgiving": thanksgiving, "women day": fixed(time.March, 8), "valentine day": fixed(time.February, 14), "st lucia": fixed(time.December, 13), "syttende mai": fixed(time.May, 17),
}

func shifted(f feast, days int) feast {
	return func(year int) time.Time { return f(year).AddDate(0, 0, days) }
}

// feast reads the name of a feast at a token.
func (c *check) feast(at int) (feast, int, bool) {
	if at >= len(c.tokens) || c.tokens[at].shape == small {
		return nil, at, false
	}
	for size := min(4, len(c.tokens)-at); size > 0; size-- {
		if f, ok := feasts[c.plain(span{at, at + size})]; ok {
			return f, at + size, true
		}
	}
	return nil, at, false
}
