package recordstore

import (
	"errors"
	"maps"
	"slices"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// organisations adds bodies, those above first.
func (a *applier) organisations() error {
	waiting := a.plan.Organisations
	for len(waiting) > 0 {
		ids := map[string]bool{}
		for _, e := range waiting {
			ids[e.Entry.ID] = true
		}
		var ready, later []Planned[record.Organisation]
		for _, e := range waiting {
			if ids[e.Entry.ParentID] {
				later = append(later, e)
			} else {
				ready = append(ready, e)
			}
		}
		if len(ready) == 0 {
			return fault.Field("parent", "A body cannot stand above itself.")
		}
		if err := a.addOrganisations(ready); err != nil {
			return err
		}
		waiting = later
	}
	a.result.Organisations = len(a.result.Made.Organisations)
	return nil
}

func (a *applier) addOrganisations(all []Planned[record.Organisation]) error {
	var ids []string
	for _, e := range all {
		ids = append(ids, e.Entry.ParentID)
	}
	parents, err := organisationsByID(a.tx, ids)
	if err != nil {
		return err
	}
	var rows []organisationRow
	var names []nameRow
	for _, e := range all {
		o := e.Entry.Normal()
		o.Version = 1
		err := o.Check()
		if _, known := parents[o.ParentID]; o.ParentID != "" && !known {
			err = errors.Join(err, fault.Field("parent", "Choose a body from the directory."))
		}
		if err != nil {
			if err := a.aside(e.Row, err); err != nil {
				return err
			}
			continue
		}
		rows, names = append(rows, toOrganisationRow(o)), append(names, nameRows(o)...)
		a.result.Made.Organisations = append(a.result.Made.Organisations, o.ID)
		a.took(e.Row, e.Digest, o.ID)
	}
	return inOrder(
		func() error { return database.Error(database.Insert(a.tx, rows), "organisation") },
		func() error { return database.Error(database.Insert(a.tx, names), "name") },
	)
}

// rounds adds rounds with their presences.
func (a *applier) rounds() error {
	bodies, err := a.bodies()
	if err != nil {
		return err
	}
	for _, e := range a.plan.Rounds {
		r := e.Entry.Normal()
		r.SeriesID, r.Version, r.Rules = a.intake.SeriesID, max(r.Version, 1), r.Rules.Normal()
		r.Presences = slices.Clone(r.Presences)
		err := a.part(func() error { return a.addRound(&r, bodies) })
		if err != nil {
			if err := a.aside(e.Row, err); err != nil {
				return err
			}
			continue
		}
		a.result.Made.Rounds[r.ID] = r.Version
		for _, p := range r.Presences {
			a.result.Made.Presences = append(a.result.Made.Presences, madePresence{r.ID, p})
		}
		a.took(e.Row, e.Digest, r.ID)
		if r.Compiled {
			a.result.Public = append(a.result.Public, r.ID)
		}
	}
	a.result.Rounds = len(a.result.Made.Rounds)
	return nil
}

// bodies reads the bodies that rounds of the plan name.
func (a *applier) bodies() (map[string]record.Organisation, error) {
	var ids []string
	for _, e := range a.plan.Rounds {
		for _, p := range e.Entry.Presences {
			ids = append(ids, p.OrganisationID, p.CategoryID)
		}
	}
	slices.Sort(ids)
	return organisationsByID(a.tx, slices.Compact(ids))
}

func (a *applier) addRound(r *record.Round, bodies map[string]record.Organisation) error {
	problems := []error{r.Rules.Check()}
	series, err := seriesByID(a.tx, r.SeriesID)
	if err != nil {
		return err
	}
	for i, p := range r.Presences {
		p = p.Normal()
		p.ID = a.store.newID()
		problems = append(problems, holdPresence(series, bodies, p), mayEditTrue(a.actor, *r, p))
		r.Presences[i] = p
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	if err := insertRound(a.tx, r); err != nil {
		return err
	}
	return a.store.insertPresences(a.tx, *r, 0, r.Presences)
}

// entrants adds people to rounds, round by round. If a round cannot take all of
// its rows at once, each is tried alone.
func (a *applier) entrants() error {
	fresh := map[string]record.Person{}
	for _, p := range a.plan.People {
		fresh[p.ID] = p
	}
	byRound := map[string][]Planned[Entrant]{}
	var order []string
	for _, e := range a.plan.Entrants {
		id := e.Entry.Participation.RoundID
		if byRound[id] == nil {
			order = append(order, id)
		}
		if p, is := fresh[e.Entry.Participation.PersonID]; is {
			e.Entry.Person = p
		}
		byRound[id] = append(byRound[id], e)
	}
	people, err := a.peopleBefore(fresh)
	if err != nil {
		return err
	}
	for _, id := range order {
		if err := a.enterRound(id, byRound[id]); err != nil {
			return err
		}
	}
	return a.countPeople(people)
}

// peopleBefore are those of the people who are in the directory already.
func (a *applier) peopleBefore(fresh map[string]record.Person) ([]string, error) {
	ids := slices.Sorted(maps.Keys(fresh))
	known, err := peopleByID(a.tx, ids)
	return slices.DeleteFunc(ids, func(id string) bool { _, is := known[id]; return is }), err
}

// countPeople notes which of the people went in.
func (a *applier) countPeople(ids []string) error {
	known, err := peopleByID(a.tx, ids)
	for _, id := range ids {
		if _, is := known[id]; is {
			a.result.Made.People = append(a.result.Made.People, id)
		}
	}
	a.result.People = len(a.result.Made.People)
	return err
}

func (a *applier) enterRound(id string, all []Planned[Entrant]) error {
	series, err := seriesOf(a.tx, "rounds", id)
	if fault.KindOf(err) == fault.NotFound || err == nil && series != a.intake.SeriesID {
		for _, e := range all {
			if err := a.aside(e.Row, fault.Field("round", "The round of this row did not go in.")); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	r, err := a.store.roundByID(a.tx, id)
	if err != nil {
		return err
	}
	if all, err = a.newcomers(r, all); err != nil || len(all) == 0 {
		return err
	}
	if a.enterSome(&r, all) == nil {
		return nil
	}
	for _, e := range all {
		if err := a.aside(e.Row, a.enterSome(&r, []Planned[Entrant]{e})); err != nil {
			return err
		}
	}
	return nil
}

// newcomers are those of the rows whose people are not at the round yet; a
// person twice is one participant.
func (a *applier) newcomers(r record.Round, all []Planned[Entrant]) ([]Planned[Entrant], error) {
	at, err := participantsOf(a.tx, r.ID)
	if err != nil {
		return nil, err
	}
	var out []Planned[Entrant]
	for _, e := range all {
		person := e.Entry.Participation.PersonID
		if there, is := at[person]; is && person != "" {
			a.result.Known++
			a.took(e.Row, e.Digest, there)
			continue
		}
		at[person] = e.Entry.Participation.ID
		out = append(out, e)
	}
	return out, nil
}

func (a *applier) enterSome(r *record.Round, all []Planned[Entrant]) error {
	after := *r
	after.Presences = slices.Clone(r.Presences)
	err := a.part(func() error {
		entrants := make([]Entrant, len(all))
		for i, e := range all {
			entrants[i] = e.Entry
		}
		_, err := a.store.enter(a.tx, a.actor, &after, entrants)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range after.Presences[len(r.Presences):] {
		a.result.Made.Presences = append(a.result.Made.Presences, madePresence{r.ID, p})
	}
	*r = after
	if _, made := a.result.Made.Rounds[r.ID]; made {
		a.result.Made.Rounds[r.ID] = r.Version
	}
	for _, e := range all {
		a.result.Made.Participations = append(a.result.Made.Participations, e.Entry.Participation.ID)
		a.took(e.Row, e.Digest, e.Entry.Participation.ID)
	}
	return nil
}

// outputs adds texts, each with its first draft.
func (a *applier) outputs() error {
	var outputs []outputRow
	var drafts []draftRow
	for _, e := range a.plan.Outputs {
		o := e.Entry.Normal()
		o.SeriesID, o.CreatedBy = a.intake.SeriesID, a.actor.ID
		err := o.Check()
		if err == nil {
			err = inSeries(a.tx, o.SeriesID, o.RoundID)
		}
		if err != nil {
			if err := a.aside(e.Row, err); err != nil {
				return err
			}
			continue
		}
		a.store.date(a.actor, &o.Draft, 1)
		draft, err := a.store.toDraftRow(o, o.Draft)
		if err != nil {
			return err
		}
		outputs, drafts = append(outputs, toOutputRow(o)), append(drafts, draft)
		a.result.Made.Outputs = append(a.result.Made.Outputs, o.ID)
		a.took(e.Row, e.Digest, o.ID)
		if o.Compiled {
			a.result.Texts = append(a.result.Texts, o.ID)
		}
	}
	a.result.Outputs = len(outputs)
	return inOrder(
		func() error { return database.Error(database.Insert(a.tx, outputs), "text") },
		func() error { return database.Error(database.Insert(a.tx, drafts), "draft") },
	)
}
