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
	// Rounds come with their presences. One of Version 2 is held to its rules
	// although it is compiled from public sources: see record.Round.AsImported.
	Rounds   []Planned[record.Round]
	Entrants []Planned[Entrant] // their people and rounds by ID
	Outputs  []Planned[record.Output]

	Aside []Aside  // rows that are left out
	Later []string // names that go in as new and are to be looked at
	Known int      // rows that are left out because they went in before
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
// earlier import of the same kind, each with the id of the entry that it became.
func (s *Store) KnownRows(ctx context.Context, actor record.Actor, id string, digests []string) (map[string]string, error) {
	known := map[string]string{}
	err := s.act(ctx, actor, record.ReadRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		t, err := s.intakeByID(tx, id, "id, series_id, round_id, kind")
		if err != nil {
			return err
		}
		rows, err := s.knownRows(tx, t, digests)
		for _, d := range digests {
			if row, is := rows[s.rowMAC(t, d)]; is {
				known[d] = row.ObjectID
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
// what the row said. What was pasted into one round is new in another.
func (s *Store) rowMAC(t Intake, digest string) string {
	return hex.EncodeToString(s.ring.MAC(seal.Exchange, []byte("intake"), []byte(t.SeriesID), []byte(t.Kind), []byte(t.RoundID), []byte(digest)))
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
		a.result.Aside, a.result.Later, a.result.Known, a.result.Made.Rounds = p.Aside, p.Later, p.Known, map[string]int64{}
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
	number, err := numberOf(tx)
	if err != nil {
		return err
	}
	return contribute(tx, entry{At: s.now(), Actor: actor.ID, Act: record.EditRound, Objects: objects}, number)
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
