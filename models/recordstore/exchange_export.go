package recordstore

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/interchange"
	"track15/models/published"
	"track15/models/record"
)

// ExportRecord returns the record as the content of an interchange file. What the
// format has no place for stands in desk tables beside it, from which an import
// into an empty record makes the same record again.
//
// Somebody with the right in some series only gets those, with the people and
// bodies that they name, no exceptions of the check and no desk tables. The number
// is how many entries are left out then: participants without a name or a body,
// hosts that are withheld though their body is disclosed elsewhere. It fails with Forbidden
// if the actor has the right nowhere. All of it stands in memory.
func (s *Store) ExportRecord(ctx context.Context, actor record.Actor) (interchange.Record, int, error) {
	var x *exporting
	everything, _ := actor.SeriesFor(record.ExportRecord)
	err := s.act(ctx, actor, record.ExportRecord, wherever(actor, record.ExportRecord), func(tx *gorm.DB) error {
		x = &exporting{store: s, actor: actor, act: record.ExportRecord, tx: tx, everything: everything}
		return x.all()
	})
	if err != nil {
		return interchange.Record{}, 0, err
	}
	return x.out, x.leftOut, nil
}

func (x *exporting) all() error {
	return inOrder(x.read, x.rounds, x.participations, x.notes, x.known, x.directory, x.desk)
}

// An exporting is one export in its transaction.
type exporting struct {
	store      *Store
	tx         *gorm.DB
	actor      record.Actor
	act        record.Act // by which the actor reads it
	own        bool       // under the record's own ids, whatever they came with
	everything bool
	out        interchange.Record
	leftOut    int

	rows map[string]map[string]exchangeRow // by kind and the record's id

	series        map[string]record.Series
	organisations map[string]record.Organisation
	people        map[string]record.Person
	roundRows     []roundRow
	seriesOf      map[string]string
	presences     map[string]record.Presence
	of            map[string][]record.Presence // presences by round, in order
	participants  []record.Participation

	presenceRows    []presenceRow // in clear
	participantRows []participationRow

	shown      map[string]published.Round // what the public reads of rounds, by the record's ids
	disclosure map[string]string          // of organisations, by the record's ids
	named      map[string]bool            // people and bodies that what is exported names
}

// id is the id of an entry in files: the one it came with, or its own.
func (x *exporting) id(kind, object string) string {
	if row, ok := x.rows[kind][object]; ok && !x.own {
		return row.ExternalID
	}
	return object
}

func (x *exporting) kept(kind, object string) kept { return x.rows[kind][object].Kept.V }

// inFileOrder sorts entries as they came in files; the desk's own follow, by id.
func inFileOrder[T any](x *exporting, kind string, all []T, id func(T) string) {
	place := func(t T) (int64, string) {
		row, came := x.rows[kind][id(t)]
		if !came {
			return 1 << 62, id(t)
		}
		return row.Position, ""
	}
	slices.SortFunc(all, func(a, b T) int {
		i, one := place(a)
		j, other := place(b)
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(one, other))
	})
}

// read reads all tables but those of notes and texts.
func (x *exporting) read() error {
	x.rows, x.named = map[string]map[string]exchangeRow{}, map[string]bool{}
	var ids []exchangeRow
	if err := x.tx.Find(&ids).Error; err != nil {
		return database.Error(err, "exchange")
	}
	for _, row := range ids {
		if x.rows[row.Kind] == nil {
			x.rows[row.Kind] = map[string]exchangeRow{}
		}
		x.rows[row.Kind][row.ObjectID] = row
	}
	var series []seriesRow
	var bodies []organisationRow
	var people []personRow
	var presences []presenceRow
	var participants []participationRow
	inRounds := func() *gorm.DB {
		return x.tx.Where("round_id IN (?)", visible(x.tx.Model(&roundRow{}), x.actor, x.act, "series_id").Select("id"))
	}
	err := inOrder(
		func() error { return visible(x.tx, x.actor, x.act, "id").Find(&series).Error },
		func() error { return x.tx.Find(&bodies).Error },
		func() error { return x.tx.Find(&people).Error },
		func() error { return visible(x.tx, x.actor, x.act, "series_id").Find(&x.roundRows).Error },
		func() error { return inRounds().Order("round_id, position").Find(&presences).Error },
		func() error { return inRounds().Find(&participants).Error },
	)
	if err != nil {
		return database.Error(err, "record")
	}
	x.series, x.organisations, x.people = map[string]record.Series{}, map[string]record.Organisation{}, map[string]record.Person{}
	for _, r := range series {
		x.series[r.ID] = r.series()
	}
	for _, r := range bodies {
		x.organisations[r.ID] = r.organisation()
	}
	for _, r := range people {
		x.people[r.ID] = r.person()
	}
	x.seriesOf, x.presences, x.of = map[string]string{}, map[string]record.Presence{}, map[string][]record.Presence{}
	for _, r := range x.roundRows {
		x.seriesOf[r.ID] = r.SeriesID
	}
	for _, r := range presences {
		p, _, err := x.store.presence(x.seriesOf[r.RoundID], r, true)
		if err != nil {
			return err
		}
		x.presences[p.ID] = p
		x.of[r.RoundID] = append(x.of[r.RoundID], p)
		x.presenceRows = append(x.presenceRows, clearPresenceRow(r.RoundID, r.Position, p))
	}
	x.participantRows = participants
	for _, r := range participants {
		p, err := x.store.participation(x.seriesOf[r.RoundID], r, true)
		if err != nil {
			return err
		}
		x.participants = append(x.participants, p)
	}
	x.disclose()
	return nil
}

// disclose says of each body whether a file calls it disclosed: as the file did
// that brought it; of the desk's own, those that are exact wherever they were.
func (x *exporting) disclose() {
	exact := map[string]bool{}
	for _, p := range x.presences {
		if p.AttendsThroughID != "" {
			exact[p.OrganisationID] = false
			continue
		}
		was, seen := exact[p.OrganisationID]
		exact[p.OrganisationID] = p.Label == record.Exact && (was || !seen)
	}
	x.disclosure = map[string]string{}
	for id := range x.organisations {
		switch came := x.kept(xOrganisations, id).Disclosure; {
		case came != "":
			x.disclosure[id] = came
		case exact[id]:
			x.disclosure[id] = interchange.Disclosed
		default:
			x.disclosure[id] = interchange.Undisclosed
		}
	}
}

// body is the id in files of a body that the export names; "" for a category,
// for which the format has no place.
func (x *exporting) body(id string) string {
	o, ok := x.organisations[id]
	if !ok || o.Kind == record.Category {
		return ""
	}
	x.named[id] = true
	return x.id(xOrganisations, id)
}

func (x *exporting) person(id string) string {
	if _, ok := x.people[id]; !ok {
		return ""
	}
	x.named[id] = true
	return x.id(xPeople, id)
}

func (x *exporting) rounds() error {
	inFileOrder(x, xRounds, x.roundRows, func(r roundRow) string { return r.ID })
	attended := map[string]bool{}
	for _, p := range x.participants {
		attended[p.PresenceID] = true
	}
	for _, row := range x.roundRows {
		r, k := row.round(), x.kept(xRounds, row.ID)
		e := interchange.Round{
			ID: x.id(xRounds, r.ID), Series: x.id(xSeries, r.SeriesID), Title: r.InternalTitle, Topics: r.Topics,
			StartDate: orNil(string(r.Opens)), EndDate: orNil(string(cmp.Or(r.Closes, sinceUnknown(r)))),
			City: r.City, Country: r.Country, OrdinalLabel: orNil(r.OrdinalLabel),
		}
		if r.Sequence > 0 {
			e.Number = &r.Sequence
		}
		if r.Venue != "" {
			e.Venue = &interchange.Venue{Name: r.Venue, Aliases: k.Aliases}
		}
		e.Disclosure, e.EmbargoUntil = flagsOf(r.Rules)
		for _, p := range x.of[r.ID] {
			if p.Role != record.Host || p.OrganisationID == "" {
				continue
			}
			id := x.body(p.OrganisationID)
			if p.AttendsThroughID != "" || id == "" || !attended[p.ID] && p.Label != record.Exact && x.disclosure[p.OrganisationID] == interchange.Disclosed {
				x.leftOut++
				continue
			}
			if !slices.Contains(e.Hosts, id) {
				e.Hosts = append(e.Hosts, id)
			}
		}
		x.out.Rounds = append(x.out.Rounds, e)
	}
	return nil
}

// sinceUnknown is the last day of a round of which no first day is known.
func sinceUnknown(r record.Round) record.Date {
	if r.Opens != "" {
		return ""
	}
	return r.NotAfter
}

// flagsOf are the flags of a file that say no more than the rules allow. A file
// has one date for all of them: if one never becomes public, no date is said.
func flagsOf(g record.GroundRules) (interchange.RoundDisclosure, *string) {
	var d interchange.RoundDisclosure
	dated := g.EmbargoUntil != ""
	for _, f := range flags {
		if *f.of(&d) = interchange.Embargoed; g.Allows(f.aspect) {
			*f.of(&d) = interchange.Public
			continue
		}
		dated = dated && g.Vector[f.aspect] == record.AfterEmbargo
	}
	if !dated {
		return d, nil
	}
	return d, orNil(string(dayAfter(string(g.EmbargoUntil), -1)))
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (x *exporting) participations() error {
	inFileOrder(x, xParticipations, x.participants, func(p record.Participation) string { return p.ID })
	for _, p := range x.participants {
		badge, k := x.presences[p.PresenceID], x.kept(xParticipations, p.ID)
		e := interchange.Participation{
			ID: x.id(xParticipations, p.ID), Round: x.id(xRounds, p.RoundID), Role: p.Post, Track: cmp.Or(badge.Track, k.Track), Clearance: clearanceOf(p, k),
		}
		if x.people[p.PersonID].ID == "" || x.organisations[badge.OrganisationID].ID == "" || x.organisations[badge.OrganisationID].Kind == record.Category {
			x.leftOut++
			continue
		}
		e.Person, e.Organisation = x.person(p.PersonID), x.body(badge.OrganisationID)
		if truth := x.presences[p.TruePresenceID]; truth.OrganisationID != "" {
			e.ActingFor = orNil(x.body(truth.OrganisationID))
		}
		label := labelWords[badge.Label]
		if badge.Label == record.Withheld && k.Label != "" {
			label = k.Label
		}
		if label != e.Label(x.disclosure[badge.OrganisationID]) {
			e.DisclosureLabel = label
		}
		x.out.Participations = append(x.out.Participations, e)
	}
	return nil
}

// clearanceOf says what was granted, and when the last of it was.
func clearanceOf(p record.Participation, k kept) interchange.Clearance {
	word := func(c record.Clearance) string {
		if c.Given() {
			return interchange.Cleared
		}
		return interchange.NotCleared
	}
	out := interchange.Clearance{Name: word(p.Name), Affiliation: word(p.Affiliation), Attribution: word(p.Attribution)}
	last := k.ClearedOn
	for _, c := range []record.Clearance{p.Name, p.Affiliation, p.Attribution} {
		if c.Given() && c.On.Precision() == record.Day {
			last = max(last, string(c.On))
		}
	}
	out.ClearedOn = orNil(last)
	return out
}

func (x *exporting) notes() error {
	var notes []noteRow
	if err := x.tx.Find(&notes).Error; err != nil {
		return database.Error(err, "notes")
	}
	inFileOrder(x, xNotes, notes, func(n noteRow) string { return n.ID })
	for _, row := range notes {
		if x.seriesOf[row.RoundID] == "" {
			continue
		}
		var n saying
		if err := x.store.unsealOfRound(row.RoundID, "notes", row.ID, row.Sealed, &n); err != nil {
			return err
		}
		x.out.Notes = append(x.out.Notes, interchange.Note{
			ID: x.id(xNotes, row.ID), Round: x.id(xRounds, row.RoundID), Session: n.Session, Speaker: orNil(x.person(n.Speaker)),
			TakenOn: n.TakenOn, Language: n.Language, Text: n.Text,
		})
	}
	var phrases []phraseRow
	if err := x.tx.Find(&phrases).Error; err != nil {
		return database.Error(err, "phrases")
	}
	inFileOrder(x, xPhrases, phrases, func(p phraseRow) string { return p.ID })
	for _, row := range phrases {
		if x.seriesOf[row.RoundID] == "" {
			continue
		}
		var q phrase
		if err := x.store.unsealOfRound(row.RoundID, "phrase_clearances", row.ID, row.Sealed, &q); err != nil {
			return err
		}
		x.out.PhraseClearances = append(x.out.PhraseClearances, interchange.PhraseClearance{
			ID: x.id(xPhrases, row.ID), Note: x.id(xNotes, row.NoteID), Quote: q.Quote, ClearedOn: q.ClearedOn, Basis: q.Basis,
		})
	}
	return nil
}

func (x *exporting) known() error {
	var texts []knownTextRow
	if err := x.tx.Find(&texts).Error; err != nil {
		return database.Error(err, "texts")
	}
	for _, kind := range []string{xPublished, xSources} {
		var all []knownTextRow
		for _, t := range texts {
			if (t.Own != 0) == (kind == xPublished) && (t.RoundID == "" || x.seriesOf[t.RoundID] != "") {
				all = append(all, t)
			}
		}
		inFileOrder(x, kind, all, func(t knownTextRow) string { return t.ID })
		var out []interchange.Text
		for _, t := range all {
			e := interchange.Text{ID: x.id(kind, t.ID), Title: t.Title, PublishedOn: t.PublishedOn, Text: t.Body}
			if t.RoundID != "" {
				e.Round = x.id(xRounds, t.RoundID)
			}
			out = append(out, e)
		}
		if kind == xPublished {
			x.out.Published = out
		} else {
			x.out.PublicSources = out
		}
	}
	if !x.everything {
		return nil
	}
	var allowed []allowedRow
	if err := x.tx.Find(&allowed).Error; err != nil {
		return database.Error(err, "exceptions")
	}
	inFileOrder(x, xAllowed, allowed, func(a allowedRow) string { return a.ID })
	for _, a := range allowed {
		x.out.AllowList = append(x.out.AllowList, interchange.Allowed{ID: x.id(xAllowed, a.ID), Kind: a.Kind, Value: a.Value, Scope: a.Scope, Reason: a.Reason})
	}
	return nil
}

// directory writes the series, and the people and bodies: all of them, or those
// that what stands in the file names.
func (x *exporting) directory() error {
	series := slices.Collect(maps.Values(x.series))
	inFileOrder(x, xSeries, series, func(s record.Series) string { return s.ID })
	for _, s := range series {
		x.out.Series = append(x.out.Series, interchange.Series{
			ID: x.id(xSeries, s.ID), Name: s.Name, Aliases: s.OtherNames, Disclosure: x.kept(xSeries, s.ID).Disclosure,
		})
	}
	bodies := slices.Collect(maps.Values(x.organisations))
	inFileOrder(x, xOrganisations, bodies, func(o record.Organisation) string { return o.ID })
	for _, o := range bodies {
		if o.Kind != record.Category && (x.everything || x.named[o.ID]) {
			x.out.Organisations = append(x.out.Organisations, x.organisation(o))
		}
	}
	people := slices.Collect(maps.Values(x.people))
	inFileOrder(x, xPeople, people, func(p record.Person) string { return p.ID })
	for _, p := range people {
		if !x.everything && !x.named[p.ID] {
			continue
		}
		e := interchange.Person{
			ID: x.id(xPeople, p.ID), Country: p.Country, NativeNames: namesOf(p.Native), Aliases: p.Aliases,
			Name: interchange.PersonName{Full: cmp.Or(x.kept(xPeople, p.ID).Full, p.Name()), Given: p.Given, Family: p.Family, Order: interchange.GivenFamily},
		}
		if p.FamilyFirst {
			e.Name.Order = interchange.FamilyGiven
		}
		x.out.People = append(x.out.People, e)
	}
	var dates []string
	err := x.tx.Model(&asOfRow{}).Pluck("as_of", &dates).Error
	if x.out.AsOf = x.store.today(); len(dates) > 0 {
		x.out.AsOf = dates[0]
	}
	return database.Error(err, "exchange")
}

func (x *exporting) organisation(o record.Organisation) interchange.Organisation {
	k := x.kept(xOrganisations, o.ID)
	e := interchange.Organisation{
		ID: x.id(xOrganisations, o.ID), Name: o.Name, NativeNames: namesOf(o.Native), Country: o.Country, Disclosure: x.disclosure[o.ID], Kind: kindWords[o.Kind],
	}
	if o.Acronym != "" {
		e.Acronyms = []string{o.Acronym}
	}
	for _, a := range o.Aliases {
		if slices.Contains(k.Acronyms, a) {
			e.Acronyms = append(e.Acronyms, a)
		} else {
			e.Aliases = append(e.Aliases, a)
		}
	}
	switch {
	case k.NoKind && o.Kind == record.OtherKind:
		e.Kind = ""
	case k.Kind != "" && kindOf(k.Kind) == o.Kind:
		e.Kind = k.Kind
	}
	return e
}

func namesOf(all []record.Name) []interchange.Name {
	var out []interchange.Name
	for _, n := range all {
		out = append(out, interchange.Name{Lang: n.Lang, Text: n.Text})
	}
	return out
}
