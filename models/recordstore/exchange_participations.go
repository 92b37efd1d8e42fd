package recordstore

import (
	"reflect"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
)

// An attending is a new participation in its series.
type attending struct {
	series string
	record.Participation
}

// asImported is the basis of a clearance that a file brings.
const asImported = "as imported"

const (
	otherBody  = "The record has this participation under another badge. Give the other one an id of its own."
	otherRound = "The record has this participation at another round. Give the other one an id of its own."
)

func (x *exchange) planParticipations() error {
	all := x.file.Participations
	var err error
	if x.participations, err = begin[attending](x, xParticipations, "participations", externalIDs(all, func(e interchange.Participation) string { return e.ID })); err != nil {
		return err
	}
	x.presences = slices.Grow(x.presences, cap(x.participations.new))
	for i, e := range all {
		e.DisclosureLabel = e.Label(x.disclosure[e.Organisation])
		if e.ActingFor != nil && *e.ActingFor == e.Organisation {
			e.ActingFor = nil
		}
		p, k := x.participationOf(e)
		if err := p.Check(); err != nil {
			return pointers(xParticipations, i, err, map[string]string{"post": "role"})
		}
		c, row, err := see(x, &x.participations, xParticipations, e.ID, k, e)
		if err != nil {
			return err
		}
		p.ID = row.ObjectID
		switch c {
		case added:
			err = x.attend(e, p)
		case altered:
			err = x.mergeParticipation(i, row, e, p, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// participationOf is a participation of a file as the record has it, without its
// presences, and what the record has no place for: of the labels it can hold
// only those that need nothing else.
func (x *exchange) participationOf(e interchange.Participation) (record.Participation, kept) {
	p := record.Participation{RoundID: x.rounds.id(e.Round), PersonID: x.people.id(e.Person), Post: e.Role, Version: 1}
	var k kept
	on := orEmpty(e.Clearance.ClearedOn)
	given := func(word string) record.Clearance {
		if word != interchange.Cleared {
			return record.Clearance{}
		}
		k.ClearedOn = ""
		return record.Clearance{State: record.ClearanceGranted, Basis: asImported, On: record.Date(on)}
	}
	k.ClearedOn = on
	p.Name, p.Affiliation, p.Attribution = given(e.Clearance.Name), given(e.Clearance.Affiliation), given(e.Clearance.Attribution)
	if e.Track == "1.5" {
		k.Track = e.Track
	}
	if label := e.DisclosureLabel; label != labelWords[record.Exact] && label != labelWords[record.Withheld] {
		k.Label = label
	}
	return p.Normal(), k
}

// attend makes a new participation under its badge.
func (x *exchange) attend(e interchange.Participation, p record.Participation) error {
	series := ""
	if !x.rounds.fresh[e.Round] {
		r, err := x.load(p.RoundID)
		if err != nil {
			return err
		}
		series = r.SeriesID
	} else {
		series = x.seriesOfRound[p.RoundID]
		x.codes[p.RoundID]++
		p.Code = initial(record.Series{}, "") + strconv.FormatInt(x.codes[p.RoundID], 10)
	}
	if x.held[p.RoundID] {
		p.State = record.Attended
	}
	if p.Name.Given() && !x.people.fresh[e.Person] {
		// Who was here and is named nowhere stays so: the name of a person who
		// cleared it once is known to the check everywhere.
		named, err := x.named(p.PersonID)
		if err != nil {
			return err
		}
		if !named {
			p.Name = record.Clearance{}
			x.report.LeftOut++
		}
	}
	p.PresenceID = x.present(badge{round: p.RoundID, body: x.organisations.id(e.Organisation), label: labelOf(e.DisclosureLabel), track: trackOf(e.Track)}, record.Participant)
	x.behind(&p, e)
	x.participations.new = append(x.participations.new, attending{series, p})
	return nil
}

// behind points to the true affiliation, if the file says one.
func (x *exchange) behind(p *record.Participation, e interchange.Participation) {
	if e.ActingFor == nil {
		return
	}
	p.TruePresenceID = x.present(badge{
		round: p.RoundID, body: x.organisations.id(*e.ActingFor), through: x.organisations.id(e.Organisation), label: record.Withheld, track: trackOf(e.Track),
	}, record.Participant)
}

// named reports whether a person of the record cleared their name anywhere.
func (x *exchange) named(personID string) (bool, error) {
	if named, ok := x.names[personID]; ok {
		return named, nil
	}
	var rows []participationRow
	err := x.tx.Select("clearances").Where("person_id = ?", personID).Find(&rows).Error
	named := false
	for _, row := range rows {
		named = named || row.Clearances.V.Name.Given()
	}
	x.names[personID] = named
	return named, database.Error(err, "participations")
}

func (x *exchange) mergeParticipation(i int, row exchangeRow, e interchange.Participation, p record.Participation, k kept) error {
	if x.rounds.fresh[e.Round] {
		return clash(xParticipations, i, "round", otherRound)
	}
	r, err := x.load(p.RoundID)
	if err != nil {
		return err
	}
	was, err := x.store.participationByID(x.tx, r, row.ObjectID)
	if fault.KindOf(err) == fault.NotFound {
		return clash(xParticipations, i, "round", otherRound)
	}
	if err != nil {
		return err
	}
	if was.PersonID != p.PersonID {
		return clash(xParticipations, i, "person", "The record has another person's participation under this id. Give the other one an id of its own.")
	}
	now, untouched, old := was, row.Version == was.Version, row.Kept.V
	if at := presenceAt(r, was.PresenceID); at >= 0 {
		has := r.Presences[at]
		if has.OrganisationID != x.organisations.id(e.Organisation) {
			return clash(xParticipations, i, "organisation", otherBody)
		}
		switch {
		case has.Label == record.Withheld && old.Label != "" && openness(e.DisclosureLabel) < openness(old.Label):
			old.Label = k.Label
		case has.Label != record.Withheld && openness(e.DisclosureLabel) < openness(labelWords[has.Label]):
			x.withhold(r.ID, has.ID)
			old.Label = k.Label
		}
	}
	if untouched {
		now.Post = p.Post
	}
	for _, c := range []struct{ to, file *record.Clearance }{{&now.Name, &p.Name}, {&now.Affiliation, &p.Affiliation}, {&now.Attribution, &p.Attribution}} {
		if !c.file.Given() && c.to.Given() {
			*c.to = record.Clearance{}
		}
	}
	if was.TruePresenceID == "" || untouched {
		x.behind(&now, e)
	}
	changed := !reflect.DeepEqual(was, now)
	if changed {
		now.Version++
		x.after = append(x.after, func(tx *gorm.DB) error { return x.store.keepParticipation(tx, r.SeriesID, now) })
	}
	x.settle(row, old, untouched, now.Version, changed)
	return nil
}

// openness orders the labels of a file from closed to open.
func openness(word string) int {
	for i, l := range record.DisclosureLabels {
		if labelWords[l] == word {
			return i
		}
	}
	return 0
}

// writeParticipations stores those that are new. At a round that was here they
// get the next codes.
func (x *exchange) writeParticipations() error {
	var codes []codeRow
	for _, r := range x.rounds.new {
		if n := x.codes[r.ID]; n > 0 {
			codes = append(codes, codeRow{r.ID, initial(record.Series{}, ""), n})
		}
	}
	rows := make([]participationRow, len(x.participations.new))
	for i, a := range x.participations.new {
		one := []record.Participation{a.Participation}
		if r, here := x.loaded[a.RoundID]; here {
			if err := giveCodes(x.tx, r, one); err != nil {
				return err
			}
		}
		var err error
		if rows[i], err = x.store.toParticipationRow(a.series, one[0]); err != nil {
			return err
		}
	}
	return inOrder(
		func() error { return insertRows(x.tx, codes) },
		func() error { return insertRows(x.tx, rows) },
	)
}
