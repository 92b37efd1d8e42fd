package components

import (
	"strings"
	"testing"

	"track15/models/published"
)

func TestDates(t *testing.T) {
	for _, tt := range []struct {
		dates              published.Dates
		want, margin, year string
	}{
		{published.Dates{Opens: "2025-09-17", Closes: "2025-09-18"}, "17–18 September 2025", "17–18 Sep", "2025"},
		{published.Dates{Opens: "2025-09-30", Closes: "2025-10-02"}, "30 September – 2 October 2025", "30 Sep – 2 Oct", "2025"},
		{published.Dates{Opens: "2025-12-30", Closes: "2026-01-02"}, "30 December 2025 – 2 January 2026", "30 Dec 2025 –", "2 Jan 2026"},
		{published.Dates{Opens: "2024-05-21", Closes: "2024-05-21"}, "21 May 2024", "21 May", "2024"},
		{published.Dates{Opens: "2024-05-21"}, "21 May 2024", "21 May", "2024"},
		{published.Dates{Opens: "2017-01"}, "January 2017", "January", "2017"},
		{published.Dates{Opens: "2017-09", Closes: "2017-10"}, "September–October 2017", "Sep–Oct", "2017"},
		{published.Dates{Opens: "2017-12", Closes: "2018-01"}, "December 2017 – January 2018", "Dec 2017 –", "Jan 2018"},
		{published.Dates{Opens: "2009"}, "2009", "2009", ""},
		{published.Dates{Opens: "2009", Closes: "2010"}, "2009–2010", "2009–2010", ""},
		{published.Dates{Opens: "2009", Closes: "2009-03"}, "2009 – March 2009", "2009 –", "Mar 2009"},
		{published.Dates{Opens: "2009-03-04", Closes: "2009-03"}, "4 March – March 2009", "4 Mar – Mar", "2009"},
		{published.Dates{NotAfter: "2012-06"}, "by June 2012", "by Jun", "2012"},
		{published.Dates{Closes: "2012-06-02"}, "by 2 June 2012", "by 2 Jun", "2012"},
		{published.Dates{NotAfter: "2012"}, "by 2012", "by", "2012"},
		{published.Dates{NotBefore: "2012-06"}, "not before June 2012", "not before Jun", "2012"},
		{published.Dates{NotBefore: "2012-03", NotAfter: "2012-06"}, "between March 2012 and June 2012", "between Mar 2012 and", "Jun 2012"},
		{published.Dates{}, "", "", ""},
		{published.Dates{Opens: "soon", NotAfter: "2012-13"}, "", "", ""},
	} {
		if got := Dates(tt.dates); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.dates, got, tt.want)
		}
		lead, rest := Margin(tt.dates)
		lead = strings.ReplaceAll(lead, "\u00a0", " ")
		if lead != tt.margin || rest != tt.year {
			t.Errorf("%+v in the margin: %q %q, want %q %q", tt.dates, lead, rest, tt.margin, tt.year)
		}
	}
}

func TestMarginBreaksLinesWhereItMay(t *testing.T) {
	for _, tt := range []struct {
		dates published.Dates
		want  string
	}{
		{published.Dates{Opens: "2025-09-30", Closes: "2025-10-02"}, "30\u00a0Sep\u00a0– 2\u00a0Oct"},
		{published.Dates{NotBefore: "2025-09-30"}, "not before 30\u00a0Sep"},
	} {
		if got, _ := Margin(tt.dates); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestDate(t *testing.T) {
	for iso, want := range map[string]string{
		"2017-01-22": "22 January 2017", "2017-01": "January 2017", "2017": "2017",
		"": "", "2017-1-22": "", "2017-02-30": "", "2017-01-22-03": "", "next year": "",
	} {
		if got := Date(iso); got != want {
			t.Errorf("%q: %q, want %q", iso, got, want)
		}
	}
}
