package desk

import (
	"net/url"
	"strconv"
	"strings"

	"track15/models/published"
	"track15/models/record"
	"track15/views/components"
	views "track15/views/desk"
)

var (
	sideDateRows = views.Rows{
		Kind: "side_date", Field: "side_dates", Legend: "Where a side counts other days",
		Hint:  "For a virtual round, or across the date line: the days in that side’s own time.",
		Parts: []views.Part{part("opens", "Opens", ""), part("closes", "Closes", "")},
	}
	marginRows = views.Rows{
		Kind: "margin", Field: "margin_events", Legend: "Margin events", More: "One more margin event", Parts: meetingParts,
	}
	preparationRows = views.Rows{
		Kind: "preparation", Field: "preparations", Legend: "Preparatory meetings", More: "One more meeting", Parts: meetingParts,
	}
	meetingParts = []views.Part{
		part("title", "Title", "A dinner, a visit, a call of the secretariats"), part("on", "Date", ""), part("place", "Place", ""),
		{Field: views.Field{Name: "words", Label: "Words", Hint: "Who met, what came of it"}, Area: true},
	}
)

// headWords are what a form and a page call the kinds of a headcount.
var headWords = map[record.HeadKind]string{
	record.HeadParticipants: "All at the table", record.HeadOfficials: "Officials", record.HeadNonOfficials: "Non-officials",
	record.HeadObservers: "Observers", record.HeadStaff: "Staff",
}

func headFields() (out []views.Field) {
	for _, k := range record.HeadKinds {
		a := views.Field{Name: "headcount." + string(k), Label: headWords[k]}
		if k == record.HeadParticipants {
			a.Hint = "In public: a range, such as 10 to 19"
		}
		out = append(out, a)
	}
	return out
}

// besideFacts are facts that never leave the record, but for the range of the
// headcount.
func besideFacts(r record.Round, in record.Series) []views.Fact {
	var local, heads, margins, before []string
	for _, d := range r.SideDates {
		for _, side := range in.Sides {
			if side.ID == d.SideID {
				local = append(local, side.Name+": "+components.Dates(published.Dates{Opens: string(d.Opens), Closes: string(d.Closes)}))
			}
		}
	}
	for _, h := range r.Headcounts {
		heads = append(heads, headWords[h.Kind]+": "+strconv.Itoa(h.Count))
	}
	if words := r.HeadRange(); words != "" {
		heads = append(heads, "In public at most: "+words)
	}
	for _, m := range r.MarginEvents {
		margins = append(margins, meetingLine(m))
	}
	for _, m := range r.Preparations {
		before = append(before, meetingLine(m))
	}
	var out []views.Fact
	for _, f := range []views.Fact{
		{Label: "Time zone", Value: r.TimeZone, Never: true},
		{Label: "Local dates", Lines: local, Never: true},
		{Label: "Headcount", Lines: heads},
		{Label: "Margin events", Lines: margins, Never: true},
		{Label: "Preparatory meetings", Lines: before, Never: true},
	} {
		if f.Value != "" || len(f.Lines) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func meetingLine(m record.Meeting) string {
	line := beside(m.Title, strings.Trim(components.Dates(published.Dates{Opens: string(m.On)})+", "+m.Place, ", "))
	if m.Words != "" {
		line += ": " + m.Words
	}
	return line
}

// roundValues writes the facts of a round of a series as their form shows them.
func roundValues(r record.Round, in record.Series) url.Values {
	v := url.Values{
		"series": {r.SeriesID}, "ordinal_label": {r.OrdinalLabel}, "internal_title": {r.InternalTitle}, "state": {string(r.State)},
		"opens": {string(r.Opens)}, "closes": {string(r.Closes)}, "not_before": {string(r.NotBefore)}, "not_after": {string(r.NotAfter)},
		"city": {r.City}, "country": {r.Country}, "venue": {r.Venue}, "format": {r.Format}, "track": {r.Track},
		"topics": {strings.Join(r.Topics, "\n")}, "summary": {r.Summary}, "sources": {sourceLines(r.Sources)}, "time_zone": {r.TimeZone},
	}
	for _, side := range in.Sides {
		v.Add("side_date", side.ID)
	}
	for _, d := range r.SideDates {
		v.Set("side_date."+d.SideID+".opens", string(d.Opens))
		v.Set("side_date."+d.SideID+".closes", string(d.Closes))
	}
	for _, h := range r.Headcounts {
		v.Set("headcount."+string(h.Kind), strconv.Itoa(h.Count))
	}
	addMeetings(v, "margin", r.MarginEvents)
	addMeetings(v, "preparation", r.Preparations)
	return v
}

func addMeetings(v url.Values, kind string, all []record.Meeting) {
	for i, m := range all {
		at := addRow(v, kind, i)
		v.Set(at+"title", m.Title)
		v.Set(at+"on", string(m.On))
		v.Set(at+"place", m.Place)
		v.Set(at+"words", m.Words)
	}
}

// roundOf reads what roundValues writes. A count that is no number is a fault
// of the form.
func roundOf(f *views.Form) record.Round {
	v := f.Values
	date := func(name string) record.Date { return record.Date(strings.TrimSpace(v.Get(name))) }
	r := record.Round{
		SeriesID: v.Get("series"), OrdinalLabel: v.Get("ordinal_label"), InternalTitle: v.Get("internal_title"),
		State: record.RoundState(v.Get("state")), Opens: date("opens"), Closes: date("closes"),
		NotBefore: date("not_before"), NotAfter: date("not_after"), City: v.Get("city"), Country: v.Get("country"),
		Venue: v.Get("venue"), Format: v.Get("format"), Track: v.Get("track"), Topics: lines(v.Get("topics")),
		Summary: v.Get("summary"), Sources: sources(v.Get("sources")), TimeZone: v.Get("time_zone"),
		MarginEvents: meetingsOf(*f, "margin"), Preparations: meetingsOf(*f, "preparation"),
	}
	for _, id := range f.Rows("side_date") {
		r.SideDates = append(r.SideDates, record.SideDates{SideID: id, Opens: date("side_date." + id + ".opens"), Closes: date("side_date." + id + ".closes")})
	}
	for _, k := range record.HeadKinds {
		name := "headcount." + string(k)
		words := strings.TrimSpace(v.Get(name))
		if words == "" {
			continue
		}
		n, err := strconv.Atoi(words)
		if err != nil || n < 0 {
			f.Faults = append(f.Faults, views.Fault{Field: name, Text: "Enter a whole number, or nothing."})
		}
		r.Headcounts = append(r.Headcounts, record.Headcount{Kind: k, Count: n})
	}
	return r
}

func meetingsOf(f views.Form, kind string) (out []record.Meeting) {
	for _, id := range f.Rows(kind) {
		at, v := kind+"."+id+".", f.Values
		out = append(out, record.Meeting{Title: v.Get(at + "title"), On: record.Date(v.Get(at + "on")), Place: v.Get(at + "place"), Words: v.Get(at + "words")})
	}
	return out
}
