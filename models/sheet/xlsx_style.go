package sheet

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// A format says what a number is shown as.
type format int

const (
	number format = iota
	year
	month
	day
	dayTime
	timeOnly
)

// builtIn are the formats that every workbook knows by number, those of East
// Asia included.
func builtIn(id int) format {
	switch {
	case id == 17 || id == 55 || id == 57:
		return month
	case id >= 14 && id <= 16, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return day
	case id == 22:
		return dayTime
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return timeOnly
	}
	return number
}

// styles reads which style shows numbers as what.
func (w *workbook) styles(part string) error {
	own := map[int]format{}
	cells := false
	return w.each(part, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				own[id] = shownAs(attr(e, "formatCode"))
			}
		case "cellXfs":
			cells = true
		case "cellStyles", "dxfs":
			cells = false
		case "xf":
			if !cells {
				return nil
			}
			id, err := strconv.Atoi(attr(e, "numFmtId"))
			f, known := own[id]
			if !known {
				f = builtIn(id)
			}
			if err != nil {
				f = number
			}
			w.formats = append(w.formats, f)
		}
		return nil
	})
}

// shownAs finds what a format's code shows of a number: the parts of a date, or
// the number.
func shownAs(code string) format {
	code, _, _ = strings.Cut(code, ";")
	code = strings.ToLower(bare(code))
	has := func(letters string) bool { return strings.ContainsAny(code, letters) }
	if strings.Contains(code, "general") {
		return number
	}
	clock := has("h") || has("s")
	switch {
	case has("d") && clock:
		return dayTime
	case has("d"):
		return day
	case has("ye") && has("m"):
		return month
	case has("y"):
		return year
	case clock:
		return timeOnly
	case has("m"):
		return day
	}
	return number
}

// bare leaves out of a format's code what stands for itself: quoted and escaped
// characters, what is in brackets.
func bare(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				return b.String()
			}
			i += n + 1
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return b.String()
			}
			// [h], [mm] and [ss] count time that has passed.
			if inner := strings.ToLower(code[i+1 : i+n]); inner != "" && strings.Trim(inner, inner[:1]) == "" && strings.Contains("hms", inner[:1]) {
				b.WriteByte('h')
			}
			i += n
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	return b.String()
}

// serial turns a number of days into a date. Days are counted from 1900, as if
// that had been a leap year, or from 1904.
func serial(n float64, f format, early bool) (string, bool) {
	if n < 0 || n >= 2_958_466 {
		return "", false
	}
	seconds := int64(math.Round((n - math.Floor(n)) * 86400))
	days := int64(math.Floor(n))
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case early:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60:
		return "", false // 29 February 1900, which never was
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	at := start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	clock := at.Format("15:04")
	if at.Second() != 0 {
		clock = at.Format("15:04:05")
	}
	switch f {
	case timeOnly:
		return clock, true
	case year:
		return at.Format("2006"), true
	case month:
		return at.Format("2006-01"), true
	case dayTime:
		if seconds != 0 {
			return at.Format(time.DateOnly) + " " + clock, true
		}
	}
	return at.Format(time.DateOnly), true
}
