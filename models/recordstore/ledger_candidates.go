package recordstore

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// candidates are all whom a text may concern, and the rules of its round.
func (s *Store) candidates(tx *gorm.DB, o record.Output) (out []record.Candidate, rules record.GroundRules, err error) {
	series, err := seriesByID(tx, o.SeriesID)
	if err != nil {
		return nil, rules, err
	}
	for _, side := range series.Sides {
		out = append(out, record.Candidate{Party: record.Party{Kind: record.PartySide, ID: side.ID}, Name: side.Name})
	}
	bodies := series.ConvenerIDs()
	about := []string{o.RoundID}
	if o.RoundID == "" { // everybody of the series, under rules that let nothing out
		if err := tx.Model(&roundRow{}).Where("series_id = ?", o.SeriesID).Order("sort_on, id").Pluck("id", &about).Error; err != nil {
			return nil, rules, database.Error(err, "rounds")
		}
	}
	var people []string
	for _, id := range about {
		r, err := s.roundByID(tx, id)
		if err != nil {
			return nil, rules, err
		}
		for _, p := range r.Presences {
			bodies = append(bodies, p.OrganisationID, p.AttendsThroughID)
		}
		all, err := s.participationsOf(tx, o.SeriesID, id, false)
		if err != nil {
			return nil, rules, err
		}
		for _, p := range all {
			people = append(people, p.PersonID)
		}
	}
	if o.RoundID != "" {
		book, err := s.bookOf(tx, o)
		if err != nil {
			return nil, rules, err
		}
		if rules = book.Rules; len(book.Changes) > 0 {
			rules = book.Strictest() // what does not rest on notes may have been said at any time
		}
		rules = rules.Lifted(time.UnixMicro(s.now()))
	}
	for _, f := range series.Funders {
		bodies = append(bodies, f.OrganisationID)
	}
	known, err := organisationsByID(tx, bodies)
	if err != nil {
		return nil, rules, err
	}
	seen := map[string]bool{"": true}
	for _, id := range bodies {
		body, ok := known[id]
		if !ok || seen[id] || body.Kind == record.Category || slices.ContainsFunc(series.Funders, func(f record.Funding) bool { return f.OrganisationID == id }) {
			continue
		}
		seen[id] = true
		out = append(out, ofBody(record.PartyBody, body))
	}
	for _, f := range series.Funders {
		if body, ok := known[f.OrganisationID]; ok && !seen[body.ID] {
			seen[body.ID] = true
			c := ofBody(record.PartyFunder, body)
			c.Thanks = f.Acknowledgement
			out = append(out, c)
		}
	}
	persons, err := peopleByID(tx, people)
	if err != nil {
		return nil, rules, err
	}
	for _, id := range people {
		if p, ok := persons[id]; ok && !seen[id] {
			seen[id] = true
			out = append(out, ofPerson(p))
		}
	}
	return out, rules, nil
}

func ofBody(kind record.PartyKind, o record.Organisation) record.Candidate {
	c := record.Candidate{Party: record.Party{Kind: kind, ID: o.ID}, Name: o.Name, Names: append([]string{o.Name}, o.Aliases...)}
	for _, n := range o.Native {
		c.Names = append(c.Names, n.Text)
	}
	if o.Acronym != "" {
		c.Acronyms = []string{o.Acronym}
	}
	return c
}

// titles are words before a family name that make it name somebody.
var titles = []string{
	"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Dr", "Dr.", "Prof", "Prof.", "Professor", "Ambassador", "Amb", "Amb.",
	"Minister", "General", "Gen", "Gen.", "Admiral", "Colonel", "Director", "Sir", "Lady", "Lord",
}

func ofPerson(p record.Person) record.Candidate {
	c := record.Candidate{Party: record.Party{Kind: record.PartyPerson, ID: p.ID}, Name: p.Name(), Names: slices.Clone(p.Aliases)}
	for _, n := range p.Native {
		c.Names = append(c.Names, n.Text)
	}
	if p.Given == "" {
		c.Names = append(c.Names, p.Family)
		return c
	}
	c.Names = append(c.Names, p.Given+" "+p.Family, p.Family+" "+p.Given, p.Family+", "+p.Given)
	for _, title := range append(slices.Clone(titles), p.Honorific) {
		if title != "" {
			c.Names = append(c.Names, title+" "+p.Family)
		}
	}
	c.Short = []string{p.Family}
	return c
}
