package record

import (
	"time"

	"track15/models/fault"
)

// A Date is an ISO date cut to its precision: "2017", "2017-01", "2017-01-11".
// "" is not known.
type Date string

// Precision is how much of a date is known.
type Precision int

const (
	Unknown Precision = iota
	Year
	Month
	Day
)

var layouts = []string{"", "2006", "2006-01", "2006-01-02"}

// ParseDate reads a date. "" is not known, which is no error; a date that no
// calendar has, or in another form, is Invalid under the given field.
func ParseDate(field, s string) (Date, error) {
	d := Date(s)
	if s != "" && d.Precision() == Unknown {
		return "", fault.Field(field, "Enter a date as 2017, 2017-01 or 2017-01-11.")
	}
	return d, nil
}

// Precision returns how much of the date is known: Unknown also for what is no
// date.
func (d Date) Precision() Precision {
	for p := Year; p <= Day; p++ {
		if t, err := time.Parse(layouts[p], string(d)); err == nil && t.Year() > 0 {
			return p
		}
	}
	return Unknown
}

// First is the first day the date can mean, Last the last; the zero time if it
// is not known.
func (d Date) First() time.Time {
	t, err := time.Parse(layouts[d.Precision()], string(d))
	if err != nil || d == "" {
		return time.Time{}
	}
	return t
}

// Last is the last day the date can mean; the zero time if it is not known.
func (d Date) Last() time.Time {
	t := d.First()
	switch d.Precision() {
	case Year:
		return t.AddDate(1, 0, -1)
	case Month:
		return t.AddDate(0, 1, -1)
	}
	return t
}

// CheckSpan holds that nothing ends before it begins: closes before opens, the
// upper bound before the lower. Where precision leaves it open, it stands.
func CheckSpan(field string, from, to Date) error {
	if from != "" && to != "" && to.Last().Before(from.First()) {
		return fault.Field(field, "The end is before the start. Enter %s or later.", from)
	}
	return nil
}
