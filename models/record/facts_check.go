package record

import (
	"slices"
	"time"
	_ "time/tzdata" // the zones are the same on every machine
)

// unique says the sentence under the field if two rows have the same key.
func unique[T any](f *found, field string, all []T, key func(T) string, sentence string) {
	seen := map[string]bool{}
	for _, row := range all {
		k := key(row)
		if seen[k] {
			f.say(field, "%s", sentence)
			return
		}
		seen[k] = true
	}
}

// span checks two dates of one row of a field.
func (f *found) span(field string, from, to Date) {
	f.date(field, from)
	f.date(field, to)
	f.add(CheckSpan(field, from, to))
}

// facts checks what stands beside the name and the sides of a series.
func (s Series) facts(f *found) {
	for _, n := range s.Names {
		f.line("names", n.Text)
		if n.Lang == "" {
			f.say("names", "Enter the language of each name, such as zh-Hans.")
		}
		f.add(CheckLanguage("names", n.Lang))
		if n.SideID != "" && !s.HasSide(n.SideID) {
			f.say("names", "Choose a side of this series.")
		}
	}
	unique(f, "names", s.Names, func(n SeriesName) string { return n.SideID + " " + n.Lang }, "Enter one name for each side and language.")
	for _, c := range s.Conveners {
		f.span("conveners", c.From, c.To)
	}
	unique(f, "conveners", s.Conveners, func(c Convening) string { return c.OrganisationID }, "Choose bodies from the directory, each once.")
	if !slices.Contains(OrdinalPolicies, s.Ordinals) {
		f.say("ordinals", "Choose who says the number of a round.")
	}
	for _, g := range s.Funders {
		f.span("funders", g.From, g.To)
		f.add(CheckText("funders", g.Acknowledgement))
	}
	unique(f, "funders", s.Funders, func(g Funding) string { return g.OrganisationID }, "Choose bodies from the directory, each once.")
}

// facts checks what stands beside the dates and the place of a round. That the
// sides are the series' holds whoever knows it.
func (r Round) facts(f *found) {
	if r.TimeZone != "" {
		if _, err := time.LoadLocation(r.TimeZone); err != nil || r.TimeZone == "Local" {
			f.say("time_zone", "Enter a time zone such as Asia/Shanghai.")
		}
	}
	for _, d := range r.SideDates {
		f.span("side_dates", d.Opens, d.Closes)
		if d.SideID == "" || d.Opens == "" {
			f.say("side_dates", "Enter the side and its first day.")
		}
	}
	unique(f, "side_dates", r.SideDates, func(d SideDates) string { return d.SideID }, "Enter the dates of each side once.")
	for _, h := range r.Headcounts {
		if !slices.Contains(HeadKinds, h.Kind) {
			f.say("headcounts", "Choose who was counted.")
		}
		if h.Count < 0 || h.Count > MaxHeadcount {
			f.say("headcounts", "Enter a whole number from 1 to %d.", MaxHeadcount)
		}
	}
	unique(f, "headcounts", r.Headcounts, func(h Headcount) string { return string(h.Kind) }, "Enter one count of each kind.")
	f.meetings("margin_events", r.MarginEvents)
	f.meetings("preparations", r.Preparations)
}

func (f *found) meetings(field string, all []Meeting) {
	for _, m := range all {
		f.name(field, m.Title, "Enter a title for each.")
		f.date(field, m.On)
		f.line(field, m.Place)
		f.add(CheckText(field, m.Words))
	}
}

// facts checks how a body is joined to others. That those are in the directory
// holds whoever knows it.
func (o Organisation) facts(f *found) {
	for _, p := range o.Predecessors {
		f.date("predecessors", p.On)
		if p.OrganisationID == o.ID {
			f.say("predecessors", "A body does not come after itself.")
		}
	}
	unique(f, "predecessors", o.Predecessors, func(p Succession) string { return p.OrganisationID }, "Choose bodies from the directory, each once.")
	for _, i := range o.Identifiers {
		f.name("identifiers", i.Scheme, "Enter whose number it is, such as ROR.")
		f.name("identifiers", i.Value, "Enter the number itself.")
	}
	unique(f, "identifiers", o.Identifiers, func(i Identifier) string { return Fold(i.Scheme) + "\x00" + i.Value }, "Enter each number once.")
	if slices.Contains(o.ConfusableIDs, o.ID) {
		f.say("confusables", "A body is not taken for itself.")
	}
	unique(f, "confusables", o.ConfusableIDs, func(id string) string { return id }, "Choose bodies from the directory, each once.")
	if o.Kind == Category && len(o.Predecessors)+len(o.Identifiers) > 0 {
		f.say("kind", "A category has no predecessors and no numbers.")
	}
}
