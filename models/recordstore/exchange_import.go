package recordstore

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
)

// An ExchangeReport counts the lines of a file by what became of them.
type ExchangeReport struct {
	New       int // entries that the record did not have
	Changed   int // entries that the file changed, or made more confidential
	Unchanged int // lines that changed nothing
	LeftOut   int // lines that would have made known to the check what was confidential here
}

// ImportRecord stores the content of an interchange file. The right to it is
// needed in all series.
//
// The ids of the file are the identity: a line that came before, word for word,
// changes nothing, whatever became of its entry since. A line that says something
// else than before changes its entry, if nobody changed that at the desk; names
// are added, never taken away; and whatever came before may become more
// confidential, never less. So a phrase of a note that was here, a text or an
// exception that would make known what the record held before, is left out and
// counted.
//
// Desk tables are taken by an empty record only, which then is the one that was
// exported, but for accounts: what they did is the actor's. Any other record leaves
// them out, which counts as one line.
//
// It fails with Invalid, under the JSON pointer of what is wrong, and with
// Conflict where a line gives what is there another identity; nothing is stored
// then. Nothing becomes public and no release is prepared.
func (s *Store) ImportRecord(ctx context.Context, actor record.Actor, file interchange.Record) (ExchangeReport, error) {
	im := &exchange{store: s, actor: actor, file: file}
	at := func(tx *gorm.DB) (scope, error) {
		if !actor.May(record.ImportRecord, record.AllSeries) {
			return scope{series: []string{record.AllSeries}}, nil
		}
		// What the import will touch is known when it was compared with the
		// record.
		err := im.plan(tx)
		return scope{[]string{record.AllSeries}, im.objects}, err
	}
	err := s.act(ctx, actor, record.ImportRecord, at, func(tx *gorm.DB) error {
		if im.report.New+im.report.Changed == 0 {
			return errUnchanged
		}
		return im.write(tx)
	})
	if err != nil {
		return ExchangeReport{}, err
	}
	return im.report, nil
}

// An exchange is one import in its transaction: first it compares the file with
// the record, then it writes.
type exchange struct {
	store   *Store
	tx      *gorm.DB
	actor   record.Actor
	file    interchange.Record
	report  ExchangeReport
	objects []string // whose values may enter a release, and that the file makes or changes

	empty bool // the record held nobody, no body and no round
	asOf  record.Date

	series         lines[record.Series]
	organisations  lines[record.Organisation]
	people         lines[record.Person]
	rounds         lines[record.Round]
	participations lines[attending]
	notes          lines[noteRow]
	phrases        lines[phraseRow]
	known          []knownTextRow
	allowed        []allowedRow

	disclosure map[string]string       // of bodies, by the file's ids
	loaded     map[string]record.Round // rounds that were here, by the record's ids
	held       map[string]bool         // rounds, by the record's ids
	names      map[string]bool         // whether people who were here cleared their name

	seriesOfRound map[string]string // of new rounds

	badges    map[badge]string // ids of presences
	presences []placed         // new ones
	positions map[string]int64 // of the last presence, by round
	codes     map[string]int64 // last number of a code, by new round
	withheld  map[string]bool  // presences that were here
	stepped   map[string]bool  // rounds that were here, whose presences change

	own       map[string]map[string]string // ids of the record by kind and the file's, from desk tables
	restoring bool                         // the record is empty and takes the desk tables

	place   map[string]int64 // of the last line, by kind
	ids     []exchangeRow    // new lines
	changed []exchangeRow    // lines that say something else than before
	after   []func(tx *gorm.DB) error
	checks  []func(tx *gorm.DB) error // of what was restored
}

// lines are the entries of one kind by the file's ids.
type lines[T any] struct {
	rows  map[string]exchangeRow
	fresh map[string]bool // ids that are new to the record
	new   []T
}

// id is the record's id of an entry of the file.
func (l lines[T]) id(external string) string { return l.rows[external].ObjectID }

// What a line does.
type change int

const (
	same    change = iota // it came before, word for word
	added                 // it is new
	altered               // it came before and said something else, or is the desk's own entry
)

// begin finds which lines of a kind came before. An id that is the record's own
// names its entry: so a file that was written here finds what it was written of.
func begin[T any](x *exchange, kind, table string, ids []string) (lines[T], error) {
	l := lines[T]{fresh: map[string]bool{}}
	var err error
	if l.rows, err = exchanged(x.tx, kind, ids); err != nil {
		return l, err
	}
	var own []string
	for _, id := range ids {
		if _, known := l.rows[id]; !known && isID(id) {
			own = append(own, id)
		}
	}
	for part := range slices.Chunk(own, 1000) {
		var found []string
		if err := x.tx.Table(table).Where("id IN ?", part).Pluck("id", &found).Error; err != nil {
			return l, database.Error(err, "entry")
		}
		for _, id := range found {
			l.rows[id] = exchangeRow{Kind: kind, ExternalID: id, ObjectID: id}
		}
	}
	fresh := len(ids) - len(l.rows)
	l.new, x.ids = make([]T, 0, fresh), slices.Grow(x.ids, fresh)
	return l, nil
}

// see says what a line does and remembers its row.
func see[T any](x *exchange, l *lines[T], kind, external string, k kept, line ...any) (change, exchangeRow, error) {
	mac, err := x.store.mac(kind, line...)
	row, known := l.rows[external]
	switch {
	case err != nil:
		return same, row, err
	case known && row.MAC == mac:
		x.report.Unchanged++
		return same, row, nil
	case known:
		row.MAC = mac
		return altered, row, nil
	}
	row = exchangeRow{kind, external, x.newID(kind, external), x.next(kind), mac, 1, list[kept]{k}}
	l.rows[external], l.fresh[external] = row, true
	x.report.New++
	x.ids = append(x.ids, row)
	return added, row, nil
}

// next is the position of a new line.
func (x *exchange) next(kind string) int64 {
	x.place[kind]++
	return x.place[kind]
}

// keep notes that an entry that was here changed, or only that its line did.
func (x *exchange) keep(row exchangeRow, changed bool) {
	if changed {
		x.report.Changed++
	} else {
		x.report.Unchanged++
	}
	if row.Position > 0 {
		x.changed = append(x.changed, row)
	}
}

// pointers names the line in front of the fields of an error, as a JSON pointer.
// names translates fields of the record.
func pointers(kind string, i int, err error, names map[string]string) error {
	var all []error
	for _, e := range fault.All(err) {
		field, ok := names[e.Field]
		if !ok {
			field = e.Field
		}
		all = append(all, &fault.Error{Kind: e.Kind, Field: "/" + kind + "/" + strconv.Itoa(i) + "/" + field, Text: e.Text})
	}
	if len(all) == 0 {
		return err
	}
	return errors.Join(all...)
}

func clash(kind string, i int, field, text string) error {
	return &fault.Error{Kind: fault.Conflict, Field: "/" + kind + "/" + strconv.Itoa(i) + "/" + field, Text: text}
}

// plan compares the file with the record.
func (x *exchange) plan(tx *gorm.DB) error {
	x.tx, x.place, x.badges, x.disclosure = tx, map[string]int64{}, map[badge]string{}, map[string]string{}
	x.loaded, x.held, x.withheld, x.stepped = map[string]record.Round{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	x.positions, x.codes, x.names, x.seriesOfRound = map[string]int64{}, map[string]int64{}, map[string]bool{}, map[string]string{}
	return inOrder(x.look, x.planSeries, x.planOrganisations, x.planPeople, x.planRounds, x.planParticipations, x.planNotes, x.planKnown, x.planDesk)
}

// look reads how the record stands.
func (x *exchange) look() error {
	x.empty = true
	for _, table := range []string{"people", "organisations", "rounds"} {
		var any []string
		if err := x.tx.Table(table).Limit(1).Pluck("id", &any).Error; err != nil {
			return database.Error(err, "record")
		}
		x.empty = x.empty && len(any) == 0
	}
	var last []struct {
		Kind string
		Last int64
	}
	if err := x.tx.Model(&exchangeRow{}).Select("kind, MAX(position) AS last").Group("kind").Find(&last).Error; err != nil {
		return database.Error(err, "exchange")
	}
	for _, l := range last {
		x.place[l.Kind] = l.Last
	}
	var dates []string
	err := x.tx.Model(&asOfRow{}).Pluck("as_of", &dates).Error
	if err := x.lookAtDesk(); err != nil {
		return err
	}
	x.asOf = record.Date(x.file.AsOf)
	// An earlier date lifts fewer embargoes.
	if len(dates) > 0 && dates[0] <= x.file.AsOf {
		x.asOf = record.Date(dates[0])
		return database.Error(err, "exchange")
	}
	if err == nil && len(dates) > 0 {
		x.report.Changed++
	}
	x.after = append(x.after, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM exchange_as_of").Error; err != nil {
			return database.Error(err, "exchange")
		}
		return database.Error(tx.Create(&asOfRow{x.file.AsOf}).Error, "exchange")
	})
	return database.Error(err, "exchange")
}

// write stores what plan found.
func (x *exchange) write(tx *gorm.DB) error {
	x.tx = tx
	err := inOrder(
		x.writeDirectory, x.writeRounds, x.writeParticipations,
		func() error { return insertRows(tx, x.notes.new) },
		func() error { return insertRows(tx, x.phrases.new) },
		func() error { return insertRows(tx, x.known) },
		func() error { return insertRows(tx, x.allowed) },
		func() error { return insertRows(tx, x.ids) },
	)
	for _, f := range x.after {
		if err == nil {
			err = f(tx)
		}
	}
	for _, row := range x.changed {
		if err == nil {
			err = database.Error(tx.Select("*").Where("kind = ? AND external_id = ?", row.Kind, row.ExternalID).Updates(&row).Error, "exchange")
		}
	}
	if err != nil {
		return err
	}
	return inOrder(x.close, x.compare)
}

func externalIDs[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = id(e)
	}
	return ids
}

// union adds what is new, each once.
func union[T any](to, more []T, equal func(a, b T) bool) []T {
	to = slices.Clone(to)
	for _, m := range more {
		if !slices.ContainsFunc(to, func(t T) bool { return equal(t, m) }) {
			to = append(to, m)
		}
	}
	return to
}

func equal[T comparable](a, b T) bool { return a == b }
