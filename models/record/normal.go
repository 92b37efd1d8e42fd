package record

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Entries are brought into one form before they are checked and stored: NFC,
// without space around, lists without empty lines. What is malformed stays as
// it is, for Check to find.

func line(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

// passage is line for several lines: each ends in a line feed.
func passage(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return norm.NFC.String(strings.Trim(strings.TrimRight(s, " \t\n"), "\n"))
}

func list(all []string) []string {
	var out []string
	for _, s := range all {
		if s = line(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func sourcesOf(all []Source) []Source {
	var out []Source
	for _, s := range all {
		if s.URL = line(s.URL); s.URL != "" {
			s.Fields = list(s.Fields)
			out = append(out, s)
		}
	}
	return out
}

func native(all []Name) []Name {
	return rows(all, func(n Name) Name {
		return Name{Text: line(n.Text), Lang: line(n.Lang)}
	}, func(n Name) bool { return n.Text == "" })
}

// code brings a country code into capitals.
func code(s string) string { return strings.ToUpper(line(s)) }

// Normal returns the series in the form in which it is stored.
func (s Series) Normal() Series {
	s.Name, s.Track = line(s.Name), line(s.Track)
	s.OtherNames, s.Sources = list(s.OtherNames), sourcesOf(s.Sources)
	s.Sides = slices.Clone(s.Sides)
	for i := range s.Sides {
		s.Sides[i].Name, s.Sides[i].Country = line(s.Sides[i].Name), code(s.Sides[i].Country)
	}
	s.Names, s.Conveners, s.Funders = seriesNames(s.Names), convenings(s.Conveners), fundings(s.Funders)
	return s
}

// Normal returns the round's facts in the form in which they are stored. Ground
// rules and presences have forms of their own.
func (r Round) Normal() Round {
	for _, s := range []*string{&r.OrdinalLabel, &r.InternalTitle, &r.City, &r.Venue, &r.Format, &r.Track, &r.TimeZone} {
		*s = line(*s)
	}
	for _, d := range []*Date{&r.Opens, &r.Closes, &r.NotBefore, &r.NotAfter} {
		*d = Date(line(string(*d)))
	}
	r.Country, r.Summary = code(r.Country), passage(r.Summary)
	r.Topics, r.Sources = list(r.Topics), sourcesOf(r.Sources)
	r.SideDates, r.Headcounts = sideDates(r.SideDates), headcounts(r.Headcounts)
	r.MarginEvents, r.Preparations = meetings(r.MarginEvents), meetings(r.Preparations)
	return r
}

// Normal returns the rules in the form in which they are stored: aspects that
// are never free, and bases of what needs none, are left out.
func (g GroundRules) Normal() GroundRules {
	g.Text, g.EmbargoUntil = passage(g.Text), Date(line(string(g.EmbargoUntil)))
	vector, cleared := map[Aspect]Permission{}, map[Aspect]string{}
	for a, p := range g.Vector {
		if p != Never {
			vector[a] = p
		}
	}
	for a, basis := range g.Cleared {
		if basis = line(basis); basis != "" && vector[a] == WithClearance {
			cleared[a] = basis
		}
	}
	g.Vector, g.Cleared = vector, cleared
	if g.Text == "" {
		g.TextPublic = false
	}
	return g
}

// Normal returns the organisation in the form in which it is stored.
func (o Organisation) Normal() Organisation {
	o.Name, o.Acronym, o.Country = line(o.Name), line(o.Acronym), code(o.Country)
	o.Aliases, o.Sources = list(o.Aliases), sourcesOf(o.Sources)
	o.Native = native(o.Native)
	o.Predecessors, o.Identifiers, o.ConfusableIDs = successions(o.Predecessors), identifiers(o.Identifiers), list(o.ConfusableIDs)
	if o.Kind != Category {
		o.AtLeastThree = false
	}
	return o
}

// Normal returns the presence in the form in which it is stored. A category
// stays only where the label shows it.
func (p Presence) Normal() Presence {
	p.Words, p.Disclosed = line(p.Words), line(p.Disclosed)
	if p.Label != ByCategory {
		p.CategoryID = ""
	}
	return p
}

// Normal returns the draft in the form in which it is stored: observations and
// authors that say nothing are left out.
func (d Draft) Normal() Draft {
	for _, s := range []*string{&d.Title, &d.Lang, &d.Outlet, &d.URL} {
		*s = line(*s)
	}
	d.Date = Date(line(string(d.Date)))
	d.Body, d.Citation, d.Acknowledgements = passage(d.Body), passage(d.Citation), passage(d.Acknowledgements)
	var observations []Observation
	for _, o := range d.Observations {
		o.Heading, o.Text, o.Account = line(o.Heading), passage(o.Text), line(o.Account)
		if o.Heading != "" || o.Text != "" {
			observations = append(observations, o)
		}
	}
	var authors []Author
	for _, a := range d.Authors {
		a = Author{Family: line(a.Family), Given: line(a.Given), Literal: line(a.Literal), ORCID: orcid(a.ORCID)}
		if a != (Author{}) {
			authors = append(authors, a)
		}
	}
	d.Observations, d.Authors = observations, authors
	d.languagesNormal()
	return d
}

// Normal returns the output with its draft in the form in which they are
// stored.
func (o Output) Normal() Output {
	o.Draft = o.Draft.Normal()
	return o
}

// Normal returns the account in the form in which it is stored: its address in
// small letters.
func (a Account) Normal() Account {
	a.Email, a.Name = strings.ToLower(line(a.Email)), line(a.Name)
	return a
}
