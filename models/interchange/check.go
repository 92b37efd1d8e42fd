package interchange

import (
	"errors"
	"strconv"
)

// maxErrors is how many ids that do not fit are named.
const maxErrors = 20

// ids are those of one kind.
type ids map[string]bool

// A checker holds ids to the rule that each is one entry's, and that none
// points to nothing.
type checker struct {
	problems []error
}

func (c *checker) say(pointer, rule string) {
	if len(c.problems) < maxErrors {
		c.problems = append(c.problems, wrong(pointer, rule))
	}
}

func place(kind string, i int, field string) string {
	return "/" + kind + "/" + strconv.Itoa(i) + "/" + field
}

func idsOf[T any](c *checker, kind string, all []T, id func(T) string) ids {
	seen := make(ids, len(all))
	for i, e := range all {
		if seen[id(e)] {
			c.say(place(kind, i, "id"), "Another entry of this kind has this id.")
		}
		seen[id(e)] = true
	}
	return seen
}

// points holds that the id is one of those; "" points to nothing, which no
// field that must be there can.
func (c *checker) points(kind string, i int, field, id string, to ids) {
	if id != "" && !to[id] {
		c.say(place(kind, i, field), "The file has no entry with this id.")
	}
}

func (c *checker) pointsOrNull(kind string, i int, field string, id *string, to ids) {
	if id != nil {
		c.points(kind, i, field, *id, to)
	}
}

// check holds the ids of all kinds to one another.
func (r Record) check() error {
	var c checker
	series := idsOf(&c, "series", r.Series, func(e Series) string { return e.ID })
	organisations := idsOf(&c, "organisations", r.Organisations, func(e Organisation) string { return e.ID })
	people := idsOf(&c, "people", r.People, func(e Person) string { return e.ID })
	rounds := idsOf(&c, "rounds", r.Rounds, func(e Round) string { return e.ID })
	idsOf(&c, "participations", r.Participations, func(e Participation) string { return e.ID })
	notes := idsOf(&c, "notes", r.Notes, func(e Note) string { return e.ID })
	idsOf(&c, "phrase_clearances", r.PhraseClearances, func(e PhraseClearance) string { return e.ID })
	idsOf(&c, "published", r.Published, func(e Text) string { return e.ID })
	idsOf(&c, "public_sources", r.PublicSources, func(e Text) string { return e.ID })
	idsOf(&c, "allow_list", r.AllowList, func(e Allowed) string { return e.ID })
	for i, e := range r.Rounds {
		c.points("rounds", i, "series", e.Series, series)
		for n, host := range e.Hosts {
			c.points("rounds", i, "hosts/"+strconv.Itoa(n), host, organisations)
		}
		if e.StartDate != nil && e.EndDate != nil && before(*e.EndDate, *e.StartDate) {
			c.say(place("rounds", i, "end_date"), "A round cannot end before it begins.")
		}
	}
	for i, e := range r.Participations {
		c.points("participations", i, "round", e.Round, rounds)
		c.points("participations", i, "person", e.Person, people)
		c.points("participations", i, "organisation", e.Organisation, organisations)
		c.pointsOrNull("participations", i, "acting_for", e.ActingFor, organisations)
	}
	for i, e := range r.Notes {
		c.points("notes", i, "round", e.Round, rounds)
		c.pointsOrNull("notes", i, "speaker", e.Speaker, people)
	}
	for i, e := range r.PhraseClearances {
		c.points("phrase_clearances", i, "note", e.Note, notes)
	}
	for i, e := range r.Published {
		c.points("published", i, "round", e.Round, rounds)
	}
	return errors.Join(c.problems...)
}

// before compares dates cut to their precision, as far as both are known.
func before(a, b string) bool {
	n := min(len(a), len(b))
	return a[:n] < b[:n]
}
