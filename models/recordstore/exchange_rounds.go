package recordstore

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/interchange"
	"track15/models/record"
)

var roundFields = map[string]string{
	"internal_title": "title", "opens": "start_date", "closes": "end_date", "not_after": "end_date", "venue": "venue/name",
}

func (x *exchange) planRounds() error {
	all := x.file.Rounds
	var err error
	if x.rounds, err = begin[record.Round](x, xRounds, "rounds", externalIDs(all, func(e interchange.Round) string { return e.ID })); err != nil {
		return err
	}
	first := x.firstOf()
	for i, e := range all {
		r, k := x.roundOf(e)
		if err := r.Check(); err != nil {
			return pointers(xRounds, i, err, roundFields)
		}
		var hosts []string
		for _, h := range e.Hosts {
			hosts = append(hosts, x.disclosure[h])
		}
		c, row, err := see(x, &x.rounds, xRounds, e.ID, k, e, hosts)
		if err != nil {
			return err
		}
		r.ID = row.ObjectID
		switch c {
		case same:
			continue
		case added:
			x.rounds.new = append(x.rounds.new, r)
			x.objects = append(x.objects, r.ID)
			x.held[r.ID], x.seriesOfRound[r.ID] = r.State == record.Held, r.SeriesID
		case altered:
			if err := x.mergeRound(i, row, r, k); err != nil {
				return err
			}
		}
		for _, h := range e.Hosts {
			b := badge{round: r.ID, body: x.organisations.id(h), label: labelOf(interchange.Participation{}.Label(x.disclosure[h]))}
			if n, ok := first[[2]string{e.ID, h}]; ok {
				p := x.file.Participations[n]
				b.label, b.track = labelOf(p.Label(x.disclosure[h])), trackOf(p.Track)
			}
			x.host(b, c == added || row.Version == x.loaded[r.ID].Version)
		}
	}
	return nil
}

// firstOf finds the first participation of each body at each round.
func (x *exchange) firstOf() map[[2]string]int {
	first := map[[2]string]int{}
	for i, p := range slices.Backward(x.file.Participations) {
		first[[2]string{p.Round, p.Organisation}] = i
	}
	return first
}

// roundOf is a round of a file as the record has it, and what the record has no
// place for.
func (x *exchange) roundOf(e interchange.Round) (record.Round, kept) {
	r := record.Round{
		SeriesID: x.series.id(e.Series), InternalTitle: e.Title, Topics: e.Topics, City: e.City, Country: e.Country,
		OrdinalLabel: orEmpty(e.OrdinalLabel), Rules: rulesOf(e), Version: 1,
	}
	var k kept
	if e.Number != nil {
		r.Sequence = *e.Number
	}
	if e.Venue != nil {
		r.Venue, k.Aliases = e.Venue.Name, e.Venue.Aliases
	}
	// A file may know when a round ended and not when it began.
	if r.Opens, r.Closes = record.Date(orEmpty(e.StartDate)), record.Date(orEmpty(e.EndDate)); r.Opens == "" {
		r.NotAfter, r.Closes = r.Closes, ""
	}
	r.State = record.Held
	if on := record.Date(sortOn(r)); on != "" && on.First().After(x.asOf.First()) {
		r.State = record.Scheduled
	}
	return r.Normal(), k
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// flags are the aspects of which a file says whether they may be said.
var flags = []struct {
	aspect record.Aspect
	of     func(*interchange.RoundDisclosure) *string
}{
	{record.AspectExistence, func(d *interchange.RoundDisclosure) *string { return &d.Existence }},
	{record.AspectDates, func(d *interchange.RoundDisclosure) *string { return &d.Dates }},
	{record.AspectVenue, func(d *interchange.RoundDisclosure) *string { return &d.Venue }},
	{record.AspectCity, func(d *interchange.RoundDisclosure) *string { return &d.City }},
}

// rulesOf are the ground rules that a file's flags mean: nothing else is free.
// Without a date an embargo never ends.
func rulesOf(e interchange.Round) record.GroundRules {
	g := record.GroundRules{Vector: map[record.Aspect]record.Permission{}}
	if e.EmbargoUntil != nil {
		g.EmbargoUntil = dayAfter(*e.EmbargoUntil, 1)
	}
	for _, f := range flags {
		switch {
		case *f.of(&e.Disclosure) == interchange.Public:
			g.Vector[f.aspect] = record.Free
		case g.EmbargoUntil != "":
			g.Vector[f.aspect] = record.AfterEmbargo
		}
	}
	return g.Normal()
}

// dayAfter is the date some days later. The date of a file is the last day of an
// embargo, that of ground rules the first day after it.
func dayAfter(date string, days int) record.Date {
	d := record.Date(date)
	if d.Precision() != record.Day {
		return ""
	}
	return record.Date(d.First().AddDate(0, 0, days).Format(time.DateOnly))
}

func (x *exchange) mergeRound(i int, row exchangeRow, r record.Round, k kept) error {
	was, err := x.load(row.ObjectID)
	if err != nil {
		return err
	}
	if was.SeriesID != r.SeriesID {
		return clash(xRounds, i, "series", "The record has this round in another series. Give the other round an id of its own.")
	}
	now, untouched, old := was, row.Version == was.Version, row.Kept.V
	if untouched {
		now.Sequence, now.InternalTitle, now.Topics, now.OrdinalLabel = r.Sequence, r.InternalTitle, r.Topics, r.OrdinalLabel
		now.Opens, now.Closes, now.NotAfter, now.City, now.Country = r.Opens, r.Closes, r.NotAfter, r.City, r.Country
		if was.Venue != "" && was.Venue != r.Venue {
			k.Aliases = append(slices.Clone(k.Aliases), was.Venue)
		}
		now.Venue = r.Venue
	}
	old.Aliases = without(union(old.Aliases, k.Aliases, equal), now.Venue)
	now.Rules = stricter(was.Rules, r.Rules)
	changed := !reflect.DeepEqual(was, now)
	if changed {
		now.Version++
		x.objects = append(x.objects, now.ID)
		x.after = append(x.after, func(tx *gorm.DB) error { return storeRound(tx, now) })
	}
	x.settle(row, old, untouched, now.Version, changed)
	return nil
}

// stricter is what both sets of rules allow of a file's aspects; of the others
// the first decides.
func stricter(was, file record.GroundRules) record.GroundRules {
	now := was
	now.Vector, now.Cleared = maps.Clone(was.Vector), maps.Clone(was.Cleared)
	embargo := false
	for _, a := range record.Aspects {
		embargo = embargo || was.Vector[a] == record.AfterEmbargo
	}
	for _, f := range flags {
		switch file.Vector[f.aspect] {
		case record.Free:
		case record.AfterEmbargo:
			if was.Vector[f.aspect] == record.Free {
				now.Vector[f.aspect] = record.AfterEmbargo
			}
			delete(now.Cleared, f.aspect)
			if !embargo || was.EmbargoUntil != "" && file.EmbargoUntil > was.EmbargoUntil {
				now.EmbargoUntil = file.EmbargoUntil
			}
		default:
			delete(now.Vector, f.aspect)
			delete(now.Cleared, f.aspect)
		}
	}
	return now.Normal()
}

// load reads a round that was here, and its presences as badges.
func (x *exchange) load(id string) (record.Round, error) {
	if r, ok := x.loaded[id]; ok {
		return r, nil
	}
	r, err := x.store.roundByID(x.tx, id)
	if err != nil {
		return r, err
	}
	for _, p := range r.Presences {
		b := badge{id, p.OrganisationID, p.AttendsThroughID, p.Label, p.Track}
		if x.badges[b] == "" {
			x.badges[b] = p.ID
		}
	}
	last, err := lastPlace(x.tx, id)
	x.loaded[id], x.positions[id], x.held[id] = r, last, r.State == record.Held || r.State == record.Closed
	return r, err
}

// A badge is what a presence stands for: presences of a file have no ids.
type badge struct {
	round, body, through string
	label                record.DisclosureLabel
	track                string
}

// present is the presence that the badge stands for; a new one, if the round has
// none.
func (x *exchange) present(b badge, role record.Role) string {
	if id := x.badges[b]; id != "" {
		return id
	}
	id := x.store.newID()
	x.badges[b] = id
	x.positions[b.round]++
	x.presences = append(x.presences, placed{b.round, x.positions[b.round], record.Presence{
		ID: id, OrganisationID: b.body, AttendsThroughID: b.through, Label: b.label, Track: b.track, Role: role,
	}})
	if _, here := x.loaded[b.round]; here {
		x.stepped[b.round] = true
	}
	return id
}

// A placed is a new presence in its round.
type placed struct {
	round    string
	position int64
	presence record.Presence
}

// host makes the body a host of the round, unless it is one or the desk has
// changed the round since. A host that is not disclosed any more is withheld.
func (x *exchange) host(b badge, make bool) {
	r := x.loaded[b.round]
	is := false
	for _, p := range r.Presences {
		if p.OrganisationID == b.body && p.AttendsThroughID == "" && p.Role == record.Host {
			is = true
			if b.label == record.Withheld && p.Label != record.Withheld {
				x.withhold(b.round, p.ID)
			}
		}
	}
	if make && !is {
		x.present(b, record.Host)
	}
}

// withhold takes a presence of a round that was here out of what may be public.
func (x *exchange) withhold(round, id string) {
	if !x.withheld[id] {
		x.withheld[id], x.stepped[round] = true, true
		x.report.Changed++
	}
}

func labelOf(word string) record.DisclosureLabel {
	if word == labelWords[record.Exact] {
		return record.Exact
	}
	return record.Withheld
}

func trackOf(word string) string {
	if word == "1.5" {
		return ""
	}
	return word
}

// writeRounds stores the rounds that are new, and presences.
func (x *exchange) writeRounds() error {
	var rows []roundRow
	series := maps.Clone(x.seriesOfRound)
	for _, r := range x.rounds.new {
		rows = append(rows, toRoundRow(r))
	}
	for id, r := range x.loaded {
		series[id] = r.SeriesID
	}
	presences := make([]presenceRow, len(x.presences))
	for i, p := range x.presences {
		var err error
		if presences[i], err = x.store.toPresenceRow(series[p.round], p.round, p.position, p.presence); err != nil {
			return err
		}
	}
	return inOrder(
		func() error { return insertRows(x.tx, rows) },
		func() error { return insertRows(x.tx, presences) },
	)
}

// close withholds presences that the file no longer discloses, and counts every
// change of presences as an edit of its round.
func (x *exchange) close() error {
	for _, id := range slices.Sorted(maps.Keys(x.withheld)) {
		if err := remember[presenceRow](x.tx, id); err != nil {
			return err
		}
		err := x.tx.Model(&presenceRow{}).Where("id = ?", id).Updates(map[string]any{"label": string(record.Withheld), "category_id": ""}).Error
		if err != nil {
			return database.Error(err, "presence")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(x.stepped)) {
		if err := x.tx.Exec("UPDATE rounds SET version = version + 1 WHERE id = ?", id).Error; err != nil {
			return database.Error(err, "round")
		}
		err := x.tx.Exec("UPDATE exchange_ids SET version = version + 1 WHERE kind = ? AND object_id = ?", xRounds, id).Error
		if err != nil {
			return database.Error(err, "exchange")
		}
	}
	return nil
}
