package recordstore

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

// A Plan is what an import is to put in: entries with the IDs that they are to
// have, by which they refer to one another and to what is in the record.
//
// Bodies, people and rounds that no row of their own brings go in only with an
// entry that needs them.
type Plan struct {
	Organisations []Planned[record.Organisation]
	People        []record.Person
	Rounds        []Planned[record.Round] // with their presences
	Entrants      []Planned[Entrant]      // their people and rounds by ID
	Outputs       []Planned[record.Output]

	Aside []Aside  // rows that are left out
	Later []string // names that go in as new and are to be looked at
}

// A Planned is an entry and the row that brings it. Row 0 is for one that other
// rows need. A row whose Digest went in before is known and changes nothing,
// whatever became of its entry since.
type Planned[T any] struct {
	Row    int
	Digest string // of what the row says
	Entry  T
}

// KnownRows returns those of the digests whose rows went into the series with an
// earlier import of the same kind.
func (s *Store) KnownRows(ctx context.Context, actor record.Actor, id string, digests []string) (map[string]bool, error) {
	known := map[string]bool{}
	err := s.act(ctx, actor, record.ReadRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		t, err := s.intakeByID(tx, id, "id, series_id, kind")
		if err != nil {
			return err
		}
		rows, err := s.knownRows(tx, t, digests)
		for _, d := range digests {
			if _, is := rows[s.rowMAC(t, d)]; is {
				known[d] = true
			}
		}
		return err
	})
	return known, err
}

type intakeRowRow struct {
	SeriesID string
	Kind     string
	MAC      string `gorm:"column:mac"`
	ObjectID string
	IntakeID string
}

func (intakeRowRow) TableName() string { return "intake_rows" }

// rowMAC is how a row is known again: nobody without the keys can tell from it
// what the row said.
func (s *Store) rowMAC(t Intake, digest string) string {
	return hex.EncodeToString(s.ring.MAC(seal.Exchange, []byte("intake"), []byte(t.SeriesID), []byte(t.Kind), []byte(digest)))
}

func (s *Store) knownRows(tx *gorm.DB, t Intake, digests []string) (map[string]intakeRowRow, error) {
	known := map[string]intakeRowRow{}
	for part := range slices.Chunk(digests, importChunk) {
		macs := make([]string, len(part))
		for i, d := range part {
			macs[i] = s.rowMAC(t, d)
		}
		var rows []intakeRowRow
		if err := tx.Where("series_id = ? AND kind = ? AND mac IN ?", t.SeriesID, t.Kind, macs).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "import")
		}
		for _, r := range rows {
			known[r.MAC] = r
		}
	}
	return known, nil
}

// ApplyIntake puts the plan of an open import into the record, in one
// transaction, and returns what it did. Rows that went in before change
// nothing; a row that the record cannot take is set aside with the reason, and
// the others go in. Everything that goes in is confidential: rules and labels
// are those of the plan for what it makes, and nothing that is there opens.
//
// New bodies and people need the right to edit the directory, texts that to edit
// drafts, true affiliations that to edit those. It fails with Conflict if
// version is not the import's.
func (s *Store) ApplyIntake(ctx context.Context, actor record.Actor, id string, version int64, p Plan) (IntakeResult, error) {
	var result IntakeResult
	err := s.act(ctx, actor, record.EditRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		t, err := s.openIntake(tx, id, version, "*")
		if err != nil {
			return err
		}
		a := &applier{store: s, tx: tx, actor: actor, intake: t, plan: p}
		a.result.Aside, a.result.Later, a.result.Made.Rounds = p.Aside, p.Later, map[string]int64{}
		if err := inOrder(a.leaveKnown, a.mayAll, a.organisations, a.rounds, a.entrants, a.outputs, a.keep); err != nil {
			return err
		}
		result = a.result
		return nil
	})
	return result, err
}

// alsoEdits writes down that the act of an import edits more than the import:
// what it comes upon while it runs.
func (s *Store) alsoEdits(tx *gorm.DB, actor record.Actor, objects []string) error {
	var last int64
	if err := tx.Raw("SELECT COALESCE(MAX(number), 0) FROM audit").Scan(&last).Error; err != nil {
		return database.Error(err, "audit entry")
	}
	return contribute(tx, entry{At: s.now(), Actor: actor.ID, Act: record.EditRound, Objects: objects}, last+1)
}

// An applier puts one plan in, in its transaction.
type applier struct {
	store  *Store
	tx     *gorm.DB
	actor  record.Actor
	intake Intake
	plan   Plan
	result IntakeResult
	rows   []intakeRowRow
}

// leaveKnown takes out of the plan what went in before, and what then nothing
// needs.
func (a *applier) leaveKnown() error {
	var digests []string
	a.eachRow(func(_ int, digest string) { digests = append(digests, digest) })
	known, err := a.store.knownRows(a.tx, a.intake, digests)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	gone := func(row int, digest string) bool {
		if row == 0 {
			return false
		}
		_, before := known[a.store.rowMAC(a.intake, digest)]
		if before = before || seen[digest]; before {
			a.result.Known++
		}
		seen[digest] = true
		return before
	}
	p := &a.plan
	p.Entrants = withoutRows(p.Entrants, gone)
	p.Outputs = withoutRows(p.Outputs, gone)
	p.Rounds = withoutRows(p.Rounds, gone)
	p.Organisations = withoutRows(p.Organisations, gone)

	needed := map[string]bool{}
	for _, e := range p.Entrants {
		needed[e.Entry.Participation.RoundID], needed[e.Entry.Person.ID], needed[e.Entry.Participation.PersonID] = true, true, true
		needed[e.Entry.Badge.OrganisationID] = true
		if e.Entry.True != nil {
			needed[e.Entry.True.OrganisationID] = true
		}
	}
	for _, e := range p.Outputs {
		needed[e.Entry.RoundID] = true
	}
	p.Rounds = slices.DeleteFunc(p.Rounds, func(e Planned[record.Round]) bool { return e.Row == 0 && !needed[e.Entry.ID] })
	for _, e := range p.Rounds {
		for _, presence := range e.Entry.Presences {
			needed[presence.OrganisationID] = true
		}
	}
	parent := map[string]string{}
	for _, e := range p.Organisations {
		if parent[e.Entry.ID] = e.Entry.ParentID; e.Row > 0 {
			needed[e.Entry.ID] = true
		}
	}
	for range p.Organisations {
		before := len(needed)
		for id, up := range parent {
			if needed[id] && up != "" {
				needed[up] = true
			}
		}
		if len(needed) == before {
			break
		}
	}
	p.Organisations = slices.DeleteFunc(p.Organisations, func(e Planned[record.Organisation]) bool { return !needed[e.Entry.ID] })
	p.People = slices.DeleteFunc(slices.Clone(p.People), func(e record.Person) bool { return !needed[e.ID] })
	return nil
}

// withoutRows is a copy of the entries without those whose row is gone.
func withoutRows[T any](all []Planned[T], gone func(row int, digest string) bool) []Planned[T] {
	return slices.DeleteFunc(slices.Clone(all), func(e Planned[T]) bool { return gone(e.Row, e.Digest) })
}

// eachRow calls fn for every row that brings an entry.
func (a *applier) eachRow(fn func(row int, digest string)) {
	each := func(row int, digest string) {
		if row > 0 {
			fn(row, digest)
		}
	}
	for _, e := range a.plan.Organisations {
		each(e.Row, e.Digest)
	}
	for _, e := range a.plan.Rounds {
		each(e.Row, e.Digest)
	}
	for _, e := range a.plan.Entrants {
		each(e.Row, e.Digest)
	}
	for _, e := range a.plan.Outputs {
		each(e.Row, e.Digest)
	}
}

// mayAll holds the plan to the rights that the act itself does not need.
func (a *applier) mayAll() error {
	p := a.plan
	hides := func(e Planned[Entrant]) bool { return e.Entry.True != nil }
	return mayTouch(a.actor, a.intake.SeriesID, len(p.Organisations)+len(p.People) > 0, len(p.Outputs) > 0, slices.ContainsFunc(p.Entrants, hides))
}

// mayTouch holds somebody to the rights that an import needs, or its undoing, for
// what it holds: entries of the directory, texts, true affiliations.
func mayTouch(actor record.Actor, series string, directory, texts, truths bool) error {
	switch {
	case directory && !actor.May(record.EditDirectory, ""):
		return refuse(record.EditDirectory)
	case texts && !actor.May(record.EditDraft, series):
		return refuse(record.EditDraft)
	case truths && !actor.May(record.EditTrue, series):
		return refuse(record.EditTrue)
	}
	return nil
}

// aside sets a row aside for an error that is the row's own; other errors it
// returns.
func (a *applier) aside(row int, err error) error {
	if err == nil {
		return nil
	}
	if kind := fault.KindOf(err); kind != fault.Invalid || row == 0 {
		return err
	}
	a.result.Aside = append(a.result.Aside, Aside{Row: row, Why: sentence(err)})
	return nil
}

// sentence is the first rule that an error names.
func sentence(err error) string {
	for _, e := range fault.All(err) {
		return e.Text
	}
	return "The record cannot take this row."
}

// took notes that a row went in.
func (a *applier) took(row int, digest, objectID string) {
	if row > 0 {
		a.rows = append(a.rows, intakeRowRow{a.intake.SeriesID, a.intake.Kind, a.store.rowMAC(a.intake, digest), objectID, a.intake.ID})
	}
}

// part runs fn so that what it wrote is undone if it fails, and the rest of the
// transaction stands.
func (a *applier) part(fn func() error) error {
	if err := a.tx.SavePoint("part").Error; err != nil {
		return database.Error(err, "import")
	}
	err := fn()
	if err != nil {
		return errors.Join(err, database.Error(a.tx.RollbackTo("part").Error, "import"))
	}
	return nil
}

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
		r.SeriesID, r.Version, r.Rules = a.intake.SeriesID, 1, r.Rules.Normal()
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
		outputs, drafts = append(outputs, toOutputRow(o)), append(drafts, toDraftRow(o.ID, o.Draft))
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

// keep writes down what the import did.
func (a *applier) keep() error {
	// Who gives a round a body contributes to it; who gives it a participant does
	// not.
	m := a.result.Made
	objects := slices.Concat(m.Organisations, m.People, m.Participations, m.Outputs, slices.Sorted(maps.Keys(m.Rounds)))
	for _, p := range m.Presences {
		if _, made := m.Rounds[p.RoundID]; !made && !slices.Contains(objects, p.RoundID) {
			objects = append(objects, p.RoundID)
		}
	}
	slices.SortStableFunc(a.result.Aside, func(x, y Aside) int { return x.Row - y.Row })
	a.result.Presences, a.result.Participations = len(a.result.Made.Presences), len(a.result.Made.Participations)
	if err := database.Insert(a.tx, a.rows); err != nil {
		return database.Error(err, "import")
	}
	if err := a.store.alsoEdits(a.tx, a.actor, objects); err != nil {
		return err
	}
	t := a.intake
	t.State, t.DoneAt, t.Source, t.Result = IntakeDone, a.store.now(), nil, a.result
	t.Version++
	return a.store.storeIntake(a.tx, t)
}

func (s *Store) storeIntake(tx *gorm.DB, t Intake) error {
	row, err := s.toIntakeRow(t)
	if err != nil {
		return err
	}
	return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "import")
}
