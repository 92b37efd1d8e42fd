package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// An Intake is one import of a table into a series, from the file to what
// became of it. It belongs to the person who started it, as long as they may
// edit the series' rounds; it does not exist for anybody else.
type Intake struct {
	ID        string
	OwnerID   string
	SeriesID  string
	RoundID   string // the one round whose participants it brings; "" if its rows say
	Kind      string // what a row is
	State     IntakeState
	StartedAt int64 // microseconds since 1970 UTC
	DoneAt    int64 // the same; 0 before
	Version   int64

	// What is sealed: the file's name, the file, the table read from it, what
	// its columns are and what was decided. The store does not look into them.
	Title              string
	Source, Rows, Work []byte

	Result IntakeResult
}

// IntakeState is how far an import is.
type IntakeState string

const (
	IntakeOpen   IntakeState = "open"   // nothing of it is in the record
	IntakeDone   IntakeState = "done"   // its good rows are
	IntakeUndone IntakeState = "undone" // they were taken out again, as far as nobody had changed them
)

// An IntakeResult is what an import did.
type IntakeResult struct {
	People, Organisations, Rounds, Presences, Participations, Outputs int // that it made

	Known  int      // rows that were in the record already
	Aside  []Aside  // rows that did not go in
	Later  []string // names that went in as new and are to be looked at
	Public []string // rounds that are public elsewhere, by id
	Texts  []string // the same of texts
	Kept   []Aside  // what undoing left in the record

	ReleaseID string  // of the release of what is public elsewhere; "" before one was prepared
	LeftOut   []Aside // rounds and texts that are not in it

	Made made
}

// An Aside is something that was left as it was, and why, in a sentence.
type Aside struct {
	Row  int    // of the table, counted from 1; 0 for no row
	Kind string // "round", "person" …; "" for a row
	ID   string // of what it is; "" for a row
	Why  string
}

// made is what an import put into the record, as it put it.
type made struct {
	Organisations, People, Outputs, Participations []string
	Rounds                                         map[string]int64 // with the version in which the import left them
	Presences                                      []madePresence
}

type madePresence struct {
	RoundID  string
	Presence record.Presence
}

type intakeRow struct {
	ID        string
	OwnerID   string
	SeriesID  string
	RoundID   string
	Kind      string
	State     string
	StartedAt int64
	DoneAt    int64
	Title     []byte
	Source    []byte
	Rows      []byte
	Work      []byte
	Result    []byte
	Version   int64
}

func (intakeRow) TableName() string { return "intakes" }

// sealedParts are the columns that are sealed, each at a place of its own.
func (r *intakeRow) sealedParts() map[string]*[]byte {
	return map[string]*[]byte{"title": &r.Title, "source": &r.Source, "rows": &r.Rows, "work": &r.Work, "result": &r.Result}
}

func (s *Store) toIntakeRow(in Intake) (intakeRow, error) {
	row := intakeRow{
		ID: in.ID, OwnerID: in.OwnerID, SeriesID: in.SeriesID, RoundID: in.RoundID, Kind: in.Kind, State: string(in.State),
		StartedAt: in.StartedAt, DoneAt: in.DoneAt, Version: in.Version,
	}
	values := map[string]any{"title": in.Title, "source": in.Source, "rows": in.Rows, "work": in.Work, "result": in.Result}
	for name, column := range row.sealedParts() {
		var err error
		if *column, err = s.seal(in.SeriesID, "intakes."+name, in.ID, values[name]); err != nil {
			return row, err
		}
	}
	return row, nil
}

// intake opens a row; columns that were not read stay out.
func (s *Store) intake(r intakeRow) (Intake, error) {
	in := Intake{
		ID: r.ID, OwnerID: r.OwnerID, SeriesID: r.SeriesID, RoundID: r.RoundID, Kind: r.Kind, State: IntakeState(r.State),
		StartedAt: r.StartedAt, DoneAt: r.DoneAt, Version: r.Version,
	}
	values := map[string]any{"title": &in.Title, "source": &in.Source, "rows": &in.Rows, "work": &in.Work, "result": &in.Result}
	for name, column := range r.sealedParts() {
		if len(*column) == 0 {
			continue
		}
		if err := s.unseal(r.SeriesID, "intakes."+name, r.ID, *column, values[name]); err != nil {
			return in, err
		}
	}
	return in, nil
}

// ofIntake is the scope of an act on an import of the actor's own.
func ofIntake(actor record.Actor, id string) where {
	return func(tx *gorm.DB) (scope, error) {
		if !isID(id) {
			return scope{}, nothing()
		}
		var row intakeRow
		err := tx.Select("owner_id, series_id").Where("id = ?", id).Take(&row).Error
		if err != nil {
			return scope{}, database.Error(err, "import")
		}
		if row.OwnerID != actor.ID || !actor.May(record.EditRound, row.SeriesID) {
			return scope{}, nothing()
		}
		return scope{[]string{row.SeriesID}, []string{id}}, nil
	}
}

// StartIntake keeps a table that is to be imported, with its ID and Version set.
// Nothing of it is in the record yet.
func (s *Store) StartIntake(ctx context.Context, actor record.Actor, t Intake) (Intake, error) {
	if err := s.identify(&t.ID); err != nil {
		return t, err
	}
	t.OwnerID, t.State, t.Version, t.StartedAt, t.DoneAt, t.Result = actor.ID, IntakeOpen, 1, s.now(), 0, IntakeResult{}
	err := s.act(ctx, actor, record.EditRound, in(t.SeriesID, t.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, t.ID, actor, func() (Intake, error) { return s.intakeByID(tx, t.ID, "*") })
		if err != nil {
			return err
		}
		if sent {
			t = was
			return errUnchanged
		}
		if err := inSeries(tx, t.SeriesID, t.RoundID); err != nil {
			return err
		}
		row, err := s.toIntakeRow(t)
		if err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "import")
	})
	return t, err
}

// inSeries holds that a round, if one is named, is one of the series.
func inSeries(tx *gorm.DB, seriesID, roundID string) error {
	if roundID == "" {
		return nil
	}
	series, err := seriesOf(tx, "rounds", roundID)
	if err != nil || series != seriesID {
		return fault.Field("round", "Choose a round of this series.")
	}
	return nil
}

// SaveIntake keeps the table, the columns and the decisions of an open import;
// nil leaves Rows as they were. It fails with Conflict if in.Version is not the
// stored one.
func (s *Store) SaveIntake(ctx context.Context, actor record.Actor, in Intake) (Intake, error) {
	err := s.act(ctx, actor, record.EditRound, ofIntake(actor, in.ID), func(tx *gorm.DB) error {
		was, err := s.openIntake(tx, in.ID, in.Version, "id, owner_id, series_id, round_id, kind, state, started_at, done_at, version, title")
		if err != nil {
			return err
		}
		was.Rows, was.Work = in.Rows, in.Work
		was.Version++
		row, err := s.toIntakeRow(was)
		if err != nil {
			return err
		}
		columns := []string{"work", "version"}
		if in.Rows != nil {
			columns = append(columns, "rows")
		}
		in = was
		return database.Error(tx.Model(&intakeRow{}).Select(columns).Where("id = ?", in.ID).Updates(&row).Error, "import")
	})
	return in, err
}

// openIntake reads an import that can still be changed, from the version in
// which the change was made.
func (s *Store) openIntake(tx *gorm.DB, id string, version int64, columns string) (Intake, error) {
	in, err := s.intakeByID(tx, id, columns)
	switch {
	case err != nil:
		return in, err
	case in.State != IntakeOpen:
		return in, fault.Errorf(fault.Conflict, "This import is done. Start another one.")
	case in.Version != version:
		return in, fault.Errorf(fault.Conflict, "You changed this import in another window. Open it again.")
	}
	return in, nil
}

func (s *Store) intakeByID(tx *gorm.DB, id, columns string) (Intake, error) {
	var row intakeRow
	if err := tx.Select(columns).Where("id = ?", id).Take(&row).Error; err != nil {
		return Intake{}, database.Error(err, "import")
	}
	return s.intake(row)
}

// Intake returns an import of the actor's own, without the file.
func (s *Store) Intake(ctx context.Context, actor record.Actor, id string) (Intake, error) {
	return s.readIntake(ctx, actor, id, "id, owner_id, series_id, round_id, kind, state, started_at, done_at, title, rows, work, result, version")
}

// IntakeSource returns an import of the actor's own with its file.
func (s *Store) IntakeSource(ctx context.Context, actor record.Actor, id string) (Intake, error) {
	return s.readIntake(ctx, actor, id, "*")
}

func (s *Store) readIntake(ctx context.Context, actor record.Actor, id, columns string) (Intake, error) {
	var in Intake
	err := s.act(ctx, actor, record.ReadRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		var err error
		in, err = s.intakeByID(tx, id, columns)
		return err
	})
	return in, err
}

// Intakes lists the actor's own imports, the last one first, without their files
// and tables.
func (s *Store) Intakes(ctx context.Context, actor record.Actor) ([]Intake, error) {
	var out []Intake
	err := s.act(ctx, actor, record.ReadRound, house(), func(tx *gorm.DB) error {
		var rows []intakeRow
		err := visible(tx, actor, record.EditRound, "series_id").Where("owner_id = ?", actor.ID).
			Select("id, owner_id, series_id, round_id, kind, state, started_at, done_at, title, version").
			Order("started_at DESC, id").Limit(200).Find(&rows).Error
		if err != nil {
			return database.Error(err, "imports")
		}
		for _, row := range rows {
			in, err := s.intake(row)
			if err != nil {
				return err
			}
			out = append(out, in)
		}
		return nil
	})
	return out, err
}

// DropIntake forgets an import that is still open, with its table.
func (s *Store) DropIntake(ctx context.Context, actor record.Actor, id string) error {
	return s.act(ctx, actor, record.EditRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		in, err := s.intakeByID(tx, id, "id, series_id, state")
		if err != nil {
			return err
		}
		if in.State != IntakeOpen {
			return fault.Errorf(fault.Conflict, "This import is done. Start another one.")
		}
		return database.Error(tx.Where("id = ?", id).Delete(&intakeRow{}).Error, "import")
	})
}
