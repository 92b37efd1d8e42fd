package disclosure

import "track15/models/interchange"

// From takes what a check compares with out of a record in the interchange format,
// as it is on a day (2026-04-01): embargoes that ended before it hide nothing.
//
// A name is cleared where one presence of the person clears it, a body where it is
// disclosed. Texts that were published, that are public and phrases that were
// cleared may be said again.
func From(r interchange.Record, asOf string) Record {
	var out Record
	for _, o := range r.Organisations {
		b := Body{ID: o.ID, Names: append([]string{o.Name}, o.Aliases...), Acronyms: o.Acronyms, Country: o.Country, Disclosed: o.Disclosure == interchange.Disclosed}
		for _, n := range o.NativeNames {
			b.Names = append(b.Names, n.Text)
		}
		out.Bodies = append(out.Bodies, b)
	}
	presences := map[string][]Presence{}
	for _, p := range r.Participations {
		in := Presence{Round: p.Round, Body: p.Organisation, Role: p.Role, NameCleared: p.Clearance.Name == interchange.Cleared, WordsCleared: p.Clearance.Attribution == interchange.Cleared}
		if p.ActingFor != nil {
			in.TrueFor = *p.ActingFor
		}
		presences[p.Person] = append(presences[p.Person], in)
	}
	for _, p := range r.People {
		q := Person{ID: p.ID, Given: p.Name.Given, Family: p.Name.Family, Aliases: p.Aliases, Country: p.Country, Presences: presences[p.ID]}
		for _, n := range p.NativeNames {
			q.Aliases = append(q.Aliases, n.Text)
		}
		out.People = append(out.People, q)
	}
	series := map[string]string{}
	for _, s := range r.Series {
		series[s.ID] = s.Name
	}
	for _, rd := range r.Rounds {
		out.Rounds = append(out.Rounds, round(rd, series[rd.Series], asOf))
	}
	for _, n := range r.Notes {
		note := Note{ID: n.ID, Round: n.Round, Text: n.Text}
		if n.Speaker != nil {
			note.Speaker = *n.Speaker
		}
		out.Notes = append(out.Notes, note)
	}
	for _, t := range append(r.Published, r.PublicSources...) {
		out.Known = append(out.Known, t.Title, t.Text)
	}
	for _, p := range r.PhraseClearances {
		out.Known = append(out.Known, p.Quote)
	}
	for _, a := range r.AllowList {
		switch {
		case a.Scope == "public_role":
			out.Public = append(out.Public, a.Value)
		case a.Kind == "phrase":
			out.Known = append(out.Known, a.Value)
		default:
			out.Allowed = append(out.Allowed, a.Value)
		}
	}
	return out
}

// round takes a round over. What is embargoed without a day is never public.
func round(r interchange.Round, series, asOf string) Round {
	out := Round{ID: r.ID, Series: series, City: r.City}
	if r.Number != nil {
		out.Number = int(*r.Number)
	}
	if r.StartDate != nil {
		out.Opens, out.Closes = *r.StartDate, *r.StartDate
	}
	if r.EndDate != nil {
		out.Closes = *r.EndDate
	}
	if r.Venue != nil {
		out.Venues = append([]string{r.Venue.Name}, r.Venue.Aliases...)
	}
	over := r.EmbargoUntil != nil && *r.EmbargoUntil < asOf
	hidden := func(flag string) bool { return flag != interchange.Public && !over }
	out.Hidden = Hidden{Existence: hidden(r.Disclosure.Existence), Dates: hidden(r.Disclosure.Dates), City: hidden(r.Disclosure.City), Venue: hidden(r.Disclosure.Venue)}
	return out
}
