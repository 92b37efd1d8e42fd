package record

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"track15/models/fault"
)

func TestParseDate(t *testing.T) {
	for s, want := range map[string]Precision{
		"": Unknown, "2017": Year, "2017-01": Month, "2017-01-11": Day, "2016-02-29": Day, "0001": Year, "9999-12-31": Day,
	} {
		d, err := ParseDate("opens", s)
		if err != nil || d.Precision() != want || string(d) != s {
			t.Errorf("%q: %q, %v, %v", s, d, d.Precision(), err)
		}
	}
	for _, s := range []string{
		"2017-02-30", "2017-13", "2017-00", "2017-01-00", "2017-1", "2017-1-1", "17", "02017", "20170111", "2017-01-11T00:00:00Z",
		" 2017", "2017 ", "2017-", "0000", "-2017", "+2017", "11.01.2017", "January 2017", "2017/01/11", "２０１７", "2017\x00", "unknown",
	} {
		d, err := ParseDate("opens", s)
		if d != "" || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %q, %v", s, d, err)
		}
		if all := fault.All(err); len(all) != 1 || all[0].Field != "opens" {
			t.Errorf("%q: %v", s, all)
		}
	}
}

func TestDateMeansDays(t *testing.T) {
	for d, want := range map[Date][2]string{
		"2017":       {"2017-01-01", "2017-12-31"},
		"2016-02":    {"2016-02-01", "2016-02-29"},
		"2017-12":    {"2017-12-01", "2017-12-31"},
		"2017-01-11": {"2017-01-11", "2017-01-11"},
	} {
		if first, last := d.First().Format(time.DateOnly), d.Last().Format(time.DateOnly); first != want[0] || last != want[1] {
			t.Errorf("%s: %s to %s", d, first, last)
		}
	}
	for _, d := range []Date{"", "2017-02-30", "soon"} {
		if !d.First().IsZero() || !d.Last().IsZero() {
			t.Errorf("%q means %v to %v", d, d.First(), d.Last())
		}
	}
}

func TestCheckSpan(t *testing.T) {
	for _, tt := range []struct {
		from, to Date
		ok       bool
	}{
		{"", "", true},
		{"2017", "", true},
		{"", "2017", true},
		{"2017-01-11", "2017-01-11", true},
		{"2017-01-11", "2017-01-10", false},
		{"2017-01-11", "2017-01", true}, // it may have ended later that month
		{"2017-01-11", "2016-12", false},
		{"2017", "2017-01-01", true},
		{"2017", "2016", false},
		{"2017-01-11", "2017", true},
	} {
		if err := CheckSpan("closes", tt.from, tt.to); (err == nil) != tt.ok {
			t.Errorf("%q to %q: %v", tt.from, tt.to, err)
		}
	}
}

// A span that is refused cannot be: no day of its end is on or after one of its
// start. One that stands can.
func TestCheckSpanRefusesWhatCannotBe(t *testing.T) {
	date := rapid.Custom(func(t *rapid.T) Date {
		day := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "day"))
		return Date(day.Format(layouts[rapid.IntRange(1, 3).Draw(t, "precision")]))
	})
	rapid.Check(t, func(t *rapid.T) {
		from, to := date.Draw(t, "from"), date.Draw(t, "to")
		possible := false
		for day := to.First(); !day.After(to.Last()); day = day.AddDate(0, 0, 1) {
			possible = possible || !day.Before(from.First())
		}
		if (CheckSpan("closes", from, to) == nil) != possible {
			t.Fatalf("%s to %s", from, to)
		}
	})
}

// Whatever is typed, what is read is a date that sorts, or nothing.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2017", "2017-01", "2017-01-11", "2017-02-30", "0000", "２０１７", "2017-01-11 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate("opens", s)
		if err != nil {
			if d != "" || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %q, %v", s, d, err)
			}
			return
		}
		if string(d) != s || s != "" && (d.Precision() == Unknown || d.First().Format(layouts[d.Precision()]) != s || d.Last().Before(d.First())) {
			t.Fatalf("%q: %q", s, d)
		}
	})
}
