package desk

import (
	"track15/models/intake"
	"track15/models/record"
	"track15/models/recordstore"
)

// A planner turns a reading into what the record is to take in. Everything it
// makes is confidential, but for rounds and texts whose rows name the address
// at which they are public already.
type planner struct {
	reading intake.Reading
	known   intake.Known
	plan    recordstore.Plan
	groups  map[string]intake.Group
	bodies  map[string]string // ids of bodies by group
	people  map[string]string // the same of people
	rounds  []newRound
}

// A newRound is one that a row refers to and the record does not have.
type newRound struct {
	ref intake.RoundRef // its date as exactly as any row gives it
	at  int             // in the plan's rounds
}

// planOf is the plan of a reading: good rows go in, others are set aside with
// what is wrong with them. before holds the digests of rows that went in before.
func planOf(reading intake.Reading, known intake.Known, before map[string]string) recordstore.Plan {
	p := &planner{
		reading: reading, known: known, groups: map[string]intake.Group{}, bodies: map[string]string{},
		people: map[string]string{},
	}
	for _, g := range reading.Groups {
		p.groups[g.ID] = g
	}
	for _, row := range reading.Rows {
		switch why := p.bars(row); {
		case before[row.Digest] != "":
			p.plan.Known++
		case why != "":
			p.plan.Aside = append(p.plan.Aside, recordstore.Aside{Row: row.Number, Why: why})
		case row.Participant != nil:
			p.participant(row, *row.Participant)
		case row.Organisation != nil:
			p.organisation(row, *row.Organisation)
		case row.Round != nil:
			p.round(row, *row.Round)
		case row.Output != nil:
			p.output(row, *row.Output)
		}
	}
	return p.plan
}

// bars says why a row does not go in, "" if it does.
func (p *planner) bars(row intake.Row) string {
	switch row.State() {
	case intake.Skipped:
		return "Somebody set it aside."
	case intake.Here:
		if row.Output != nil {
			return "The record has this text already."
		}
		return "The record has this round already."
	case intake.Needs:
		for _, problem := range row.Problems {
			if !problem.Note {
				return problem.Text
			}
		}
	}
	for _, id := range groupsOf(row) {
		if p.decision(id).What == intake.Undecided {
			return "Nobody decided yet which entry of the directory is meant."
		}
	}
	return ""
}

// groupsOf are the names of a row that somebody decides about.
func groupsOf(row intake.Row) []string {
	var ids []string
	add := func(id string) {
		if id != "" {
			ids = append(ids, id)
		}
	}
	if e := row.Participant; e != nil {
		add(e.PersonGroup)
		add(e.BadgeGroup)
		add(e.ActingForGroup)
	}
	if e := row.Organisation; e != nil {
		add(e.Group)
		add(e.ParentGroup)
	}
	if e := row.Round; e != nil {
		for _, m := range e.Bodies {
			add(m.Group)
		}
	}
	return ids
}

// decision is what a group is: what somebody decided, and new without a word if
// nothing resembles it.
func (p *planner) decision(id string) intake.Decision {
	g, seen := p.groups[id], map[string]bool{}
	for !seen[id] {
		seen[id] = true
		d := g.Decided
		if d.What == intake.Undecided && len(g.Candidates) == 0 {
			return intake.Decision{What: intake.AsNew, Group: id}
		}
		if d.What != intake.SameAs || d.Group == "" {
			d.Group = id
			return d
		}
		id = d.Group
		g = p.groups[id]
	}
	return intake.Decision{}
}

// body is the id of the body that a group names; "" for no group. A new one is
// planned with what fill says of it.
func (p *planner) body(group string, fill record.Organisation) string {
	if group == "" {
		return ""
	}
	d := p.decision(group)
	if d.What == intake.SameAs {
		return d.ID
	}
	if id := p.bodies[d.Group]; id != "" {
		return id
	}
	fill.ID = recordstore.NewID()
	if fill.Name == "" && len(p.groups[d.Group].Names) > 0 {
		fill.Name = p.groups[d.Group].Names[0]
	}
	if fill.Kind == "" {
		fill.Kind = record.OtherKind
	}
	p.bodies[d.Group] = fill.ID
	p.plan.Organisations = append(p.plan.Organisations, recordstore.Planned[record.Organisation]{Entry: fill})
	p.later(d, fill.Name)
	return fill.ID
}

// person is the id of the person that a group names.
func (p *planner) person(group string, fill record.Person) string {
	d := p.decision(group)
	if d.What == intake.SameAs {
		return d.ID
	}
	if id := p.people[d.Group]; id != "" {
		return id
	}
	fill.ID = recordstore.NewID()
	p.people[d.Group] = fill.ID
	p.plan.People = append(p.plan.People, fill)
	p.later(d, fill.Name())
	return fill.ID
}

func (p *planner) later(d intake.Decision, name string) {
	if d.What == intake.Later {
		p.plan.Later = append(p.plan.Later, name)
	}
}

// roundOf is the id of the round to which a row belongs, planned if it is new.
func (p *planner) roundOf(row intake.Row, ref intake.RoundRef) string {
	if row.RoundID != "" {
		return row.RoundID
	}
	// Of several that fit, one that is called exactly so.
	fits := -1
	for i, known := range p.rounds {
		switch {
		case known.ref.Key() == ref.Key():
			return p.plan.Rounds[known.at].Entry.ID
		case !known.ref.Means(ref):
		case fits >= 0:
			fits = len(p.rounds)
		default:
			fits = i
		}
	}
	if fits >= 0 && fits < len(p.rounds) {
		known := &p.rounds[fits]
		planned := &p.plan.Rounds[known.at].Entry
		if ref.Opens.Precision() > known.ref.Opens.Precision() {
			known.ref.Opens, planned.Opens, planned.Closes = ref.Opens, ref.Opens, ref.Closes
		}
		return planned.ID
	}
	r := record.Round{
		ID: recordstore.NewID(), SeriesID: p.known.Series.ID, State: record.Held, OrdinalLabel: ref.Label, InternalTitle: ref.Title,
		Opens: ref.Opens, Closes: ref.Closes, City: ref.City, Sample: p.known.Series.Sample,
	}
	p.rounds = append(p.rounds, newRound{ref, len(p.plan.Rounds)})
	p.plan.Rounds = append(p.plan.Rounds, recordstore.Planned[record.Round]{Entry: r})
	return r.ID
}

func (p *planner) participant(row intake.Row, e intake.Participant) {
	out := recordstore.Entrant{Participation: e.Participation}
	out.Participation.ID, out.Participation.RoundID = recordstore.NewID(), p.roundOf(row, e.Round)
	e.Person.Sample = p.known.Series.Sample
	if e.PersonGroup != "" {
		out.Participation.PersonID = p.person(e.PersonGroup, e.Person)
	}
	side := out.Participation.SideID
	if e.BadgeGroup != "" {
		out.Badge = record.Presence{
			OrganisationID: p.body(e.BadgeGroup, record.Organisation{Sample: p.known.Series.Sample}),
			SideID:         side, Track: e.Track, Role: e.Role,
		}
	}
	switch {
	case e.ActingForGroup != "":
		out.True = &record.Presence{OrganisationID: p.body(e.ActingForGroup, record.Organisation{Sample: p.known.Series.Sample}), SideID: side, Track: e.Track}
	case e.ActingFor != "":
		out.True = &record.Presence{Words: e.ActingFor, SideID: side, Track: e.Track}
	}
	p.plan.Entrants = append(p.plan.Entrants, recordstore.Planned[recordstore.Entrant]{Row: row.Number, Digest: row.Digest, Entry: out})
}

func (p *planner) organisation(row intake.Row, e intake.OrganisationEntry) {
	e.Organisation.Sample = p.known.Series.Sample
	e.Organisation.ParentID = p.body(e.ParentGroup, record.Organisation{Sample: e.Organisation.Sample})
	id := p.body(e.Group, e.Organisation)
	for i := range p.plan.Organisations {
		planned := &p.plan.Organisations[i]
		if planned.Entry.ID != id || planned.Row > 0 {
			continue
		}
		e.Organisation.ID = id
		if e.Organisation.Kind == "" {
			e.Organisation.Kind = record.OtherKind
		}
		*planned = recordstore.Planned[record.Organisation]{Row: row.Number, Digest: row.Digest, Entry: e.Organisation}
		return
	}
	p.plan.Aside = append(p.plan.Aside, recordstore.Aside{Row: row.Number, Why: "The directory has this body already, or another row brings it."})
}

func (p *planner) round(row intake.Row, e intake.RoundEntry) {
	r := e.Round
	r.ID, r.SeriesID, r.Sample = recordstore.NewID(), p.known.Series.ID, p.known.Series.Sample
	label := record.Withheld
	if len(e.Public) > 0 {
		label, r.Compiled = record.Exact, true
		for _, address := range e.Public {
			r.Sources = append(r.Sources, record.Source{URL: address})
		}
		if e.Ruled {
			r.Version = 2 // the rule that the row names holds, also for what is public elsewhere
		}
	}
	seen := map[string]bool{}
	for _, m := range e.Bodies {
		body := p.body(m.Group, record.Organisation{Name: m.Name, Sample: r.Sample, Compiled: r.Compiled})
		if seen[body] {
			continue
		}
		seen[body] = true
		presence := record.Presence{OrganisationID: body, Role: m.Role, SideID: m.SideID, Label: label}
		if r.Compiled {
			presence.Disclosed = m.Name
		}
		r.Presences = append(r.Presences, presence)
	}
	p.plan.Rounds = append(p.plan.Rounds, recordstore.Planned[record.Round]{Row: row.Number, Digest: row.Digest, Entry: r})
}

func (p *planner) output(row intake.Row, e intake.OutputEntry) {
	o := e.Output
	o.ID, o.SeriesID, o.Sample = recordstore.NewID(), p.known.Series.ID, p.known.Series.Sample
	if o.RoundID = row.RoundID; o.RoundID == "" && e.Round != (intake.RoundRef{}) {
		o.RoundID = p.roundOf(row, e.Round)
	}
	o.External = true
	o.Compiled = o.Draft.URL != ""
	p.plan.Outputs = append(p.plan.Outputs, recordstore.Planned[record.Output]{Row: row.Number, Digest: row.Digest, Entry: o})
}
