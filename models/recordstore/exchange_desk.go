package recordstore

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"gorm.io/gorm/schema"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/interchange"
)

// What the format has no place for travels in the file's desk tables: the rows of
// the record's own tables as they are in clear, without what is computed from the
// rest, and without accounts, which are the house's. Beside them stand four tables
// that are none of the record's.
const (
	xDesk    = "desk" // the kind of the row by which an import knows that the tables came before
	xOwn     = "own_ids"
	xBehind  = "true_affiliations"
	xRests   = "bases"
	xRemarks = "notes"
)

// An ownRow is which id of the record an id of the file stands for, where they
// are not the same.
type ownRow struct {
	Kind string
	ID   string
	Own  string
}

// A behindRow is what is sealed of a participation.
type behindRow struct {
	ParticipationID string
	PresenceID      string
}

// A restsRow is what an observation rests on.
type restsRow struct {
	ObservationID string
	OutputID      string
	RoundID       string
	Notes         list[[]string]
	Attribution   string
}

// A remarkRow is what the format has no place for in a note.
type remarkRow struct {
	ID          string
	SessionID   string
	Position    int64
	Version     int64
	Said        int64
	Kind        string
	Code        string
	By          string
	Attribution string
}

// untold are the columns that do not travel, by table: sealed or computed, or an
// account.
var untold = map[string][]string{
	"series":         {"sort_key"},
	"organisations":  {"sort_key"},
	"people":         {"sort_key"},
	"rounds":         {"sort_on", "open_key", "full_key"},
	"presences":      {"sealed"},
	"participations": {"sealed", "requested"},
	"read_outs":      {"recorded_by"},
	"rule_loosenings": {
		"recorded_by",
	},
	"outputs":      {"created_by", "newest", "saved_at"},
	"drafts":       {"author_id", "sealed"},
	"sealed_notes": {"sealed_by"},
	"retentions":   {"set_by"},
	"holds":        {"set_by", "ended_by"},
}

// told are the fields of a row that travel, by column.
func told(table string, row reflect.Type) map[string]int {
	out := map[string]int{}
	for i := range row.NumField() {
		f := row.Field(i)
		name := schema.ParseTagSetting(f.Tag.Get("gorm"), ";")["COLUMN"]
		if name == "" {
			name = schema.NamingStrategy{}.ColumnName("", f.Name)
		}
		if !slices.Contains(untold[table], name) {
			out[name] = i
		}
	}
	return out
}

// desked adds a table to the export, if it has rows. A field that is zero is left
// out.
func desked[R any](x *exporting, table string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	fields := told(table, reflect.TypeFor[R]())
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	out := interchange.DeskTable{Table: table}
	for _, row := range rows {
		var b bytes.Buffer
		sep := byte('{')
		for _, name := range names {
			v := reflect.ValueOf(row).Field(fields[name])
			if v.Kind() == reflect.Struct { // a list
				v = v.Field(0)
			}
			if v.IsZero() {
				continue
			}
			text, err := json.Marshal(v.Interface())
			if err != nil {
				return err
			}
			b.WriteByte(sep)
			b.WriteString(`"` + name + `":`)
			b.Write(text)
			sep = ','
		}
		if sep == '{' {
			b.WriteByte('{')
		}
		b.WriteByte('}')
		v := jsontext.Value(b.Bytes())
		if err := v.Compact(); err != nil {
			return err
		}
		out.Rows = append(out.Rows, v)
	}
	x.out.Desk = append(x.out.Desk, out)
	return nil
}

// undesked reads the rows of a table of the file. A field that the table does not
// have is an error.
func undesked[R any](file interchange.Record, table string) ([]R, error) {
	var out []R
	fields := told(table, reflect.TypeFor[R]())
	for t, one := range file.Desk {
		if one.Table != table {
			continue
		}
		for i, raw := range one.Rows {
			var values map[string]json.RawMessage
			if err := json.Unmarshal(raw, &values); err != nil {
				return nil, misfit(t, i, "", "Expected an object.")
			}
			var row R
			for name, text := range values {
				at, ok := fields[name]
				if !ok {
					return nil, misfit(t, i, name, "This program keeps no such field.")
				}
				v := reflect.ValueOf(&row).Elem().Field(at)
				if v.Kind() == reflect.Struct {
					v = v.Field(0)
				}
				d := json.NewDecoder(bytes.NewReader(text))
				d.DisallowUnknownFields()
				if err := d.Decode(v.Addr().Interface()); err != nil {
					return nil, misfit(t, i, name, "The value is of another form.")
				}
			}
			out = append(out, row)
		}
	}
	return out, nil
}

func misfit(table, row int, field, rule string) error {
	at := "/desk/" + strconv.Itoa(table) + "/rows/" + strconv.Itoa(row)
	if field != "" {
		at += "/" + field
	}
	return &fault.Error{Kind: fault.Invalid, Field: at, Text: rule}
}

// desk adds what the format has no place for, if there is any: an export by
// somebody who may read it all.
func (x *exporting) desk() error {
	if !x.everything {
		return nil
	}
	more, err := x.beyond()
	if err != nil || !more {
		return err
	}
	x.leftOut = 0
	var behind []behindRow
	for _, p := range x.participants {
		if p.TruePresenceID != "" {
			behind = append(behind, behindRow{p.ID, p.TruePresenceID})
		}
	}
	slices.SortFunc(x.roundRows, func(a, b roundRow) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(behind, func(a, b behindRow) int { return strings.Compare(a.ParticipationID, b.ParticipationID) })
	slices.SortFunc(x.participantRows, func(a, b participationRow) int { return strings.Compare(a.ID, b.ID) })
	return inOrder(
		func() error { return desked(x, xOwn, x.ownIDs()) },
		func() error { return desked(x, "series", sorted(x.series, toSeriesRow)) },
		func() error { return desked(x, "organisations", sorted(x.organisations, toOrganisationRow)) },
		func() error { return desked(x, "people", sorted(x.people, toPersonRow)) },
		func() error { return desked(x, "rounds", x.roundRows) },
		func() error { return desked(x, "presences", x.presenceRows) },
		func() error { return desked(x, "participations", x.participantRows) },
		func() error { return desked(x, xBehind, behind) },
		func() error { return whole[codeRow](x, "participation_codes", "round_id, letter") },
		func() error { return whole[roundSessionRow](x, "round_sessions", "round_id, position, id") },
		func() error { return whole[ruleChangeRow](x, "rule_changes", "id") },
		func() error { return whole[ruleCardRow](x, "rule_cards", "round_id, number") },
		func() error { return whole[readOutRow](x, "read_outs", "id") },
		func() error { return whole[looseningRow](x, "rule_loosenings", "id") },
		func() error { return whole[outputRow](x, "outputs", "id") },
		x.deskDrafts,
		x.deskBases,
		x.deskNotes,
		func() error { return whole[sealedNoteRow](x, "sealed_notes", "session_id") },
		func() error { return whole[retentionRow](x, "retentions", "series_id") },
		func() error { return whole[holdRow](x, "holds", "id") },
		func() error { return whole[importRow](x, "imports", "kind, slug") },
	)
}

// sorted are the rows of entries, by id.
func sorted[T, R any](all map[string]T, row func(T) R) []R {
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := make([]R, len(ids))
	for i, id := range ids {
		out[i] = row(all[id])
	}
	return out
}

// whole adds a table as it stands.
func whole[R any](x *exporting, table, order string) error {
	var rows []R
	if err := x.tx.Table(table).Order(order).Find(&rows).Error; err != nil {
		return database.Error(err, "record")
	}
	return desked(x, table, rows)
}

// beyond reports whether the record holds more than its file says without desk
// tables: what was entered or changed at the desk, or came in such tables.
func (x *exporting) beyond() (bool, error) {
	if len(x.rows[xDesk]) > 0 {
		return true, nil
	}
	stale := func(kind, id string, version int64) bool {
		row, came := x.rows[kind][id]
		return !came || row.Version != version
	}
	for id, s := range x.series {
		if stale(xSeries, id, s.Version) {
			return true, nil
		}
	}
	for id, o := range x.organisations {
		if stale(xOrganisations, id, o.Version) {
			return true, nil
		}
	}
	for id, p := range x.people {
		if stale(xPeople, id, p.Version) {
			return true, nil
		}
	}
	for _, r := range x.roundRows {
		if stale(xRounds, r.ID, r.Version) {
			return true, nil
		}
	}
	for _, p := range x.participants {
		if stale(xParticipations, p.ID, p.Version) {
			return true, nil
		}
	}
	for _, table := range []string{
		"round_sessions", "rule_changes", "rule_cards", "read_outs", "rule_loosenings", "outputs", "sealed_notes", "retentions", "holds", "imports",
	} {
		var any []int
		if err := x.tx.Table(table).Select("1").Limit(1).Scan(&any).Error; err != nil {
			return false, database.Error(err, "record")
		}
		if len(any) > 0 {
			return true, nil
		}
	}
	var own int64
	err := x.tx.Model(&noteRow{}).Where("session_id <> ''").Count(&own).Error
	return own > 0, database.Error(err, "notes")
}

// ownIDs are the ids of the lines of the file that are not the record's.
func (x *exporting) ownIDs() []ownRow {
	var out []ownRow
	for _, kind := range []string{xSeries, xOrganisations, xPeople, xRounds, xParticipations, xNotes} {
		for _, row := range x.rows[kind] {
			if row.ExternalID != row.ObjectID {
				out = append(out, ownRow{kind, row.ExternalID, row.ObjectID})
			}
		}
	}
	slices.SortFunc(out, func(a, b ownRow) int { return strings.Compare(a.Kind+" "+a.ID, b.Kind+" "+b.ID) })
	return out
}

func (x *exporting) deskDrafts() error {
	var outputs []outputRow
	if err := x.tx.Order("id").Find(&outputs).Error; err != nil {
		return database.Error(err, "texts")
	}
	var rows []draftRow
	for _, o := range outputs {
		var versions []draftRow
		if err := x.tx.Where("output_id = ?", o.ID).Order("number").Find(&versions).Error; err != nil {
			return database.Error(err, "drafts")
		}
		for _, v := range versions {
			d, err := x.store.draft(o, v)
			if err != nil {
				return err
			}
			rows = append(rows, clearDraftRow(o.ID, d))
		}
	}
	return desked(x, "drafts", rows)
}

func (x *exporting) deskBases() error {
	var bases []basisRow
	if err := x.tx.Order("observation_id").Find(&bases).Error; err != nil {
		return database.Error(err, "bases")
	}
	var rows []restsRow
	for _, row := range bases {
		var b Basis
		if err := x.store.unsealOfRound(row.RoundID, "bases", row.ObservationID, row.Sealed, &b); err != nil {
			return err
		}
		rows = append(rows, restsRow{row.ObservationID, row.OutputID, row.RoundID, list[[]string]{b.NoteIDs}, string(b.Attribution)})
	}
	return desked(x, xRests, rows)
}

func (x *exporting) deskNotes() error {
	var notes []noteRow
	if err := x.tx.Order("id").Find(&notes).Error; err != nil {
		return database.Error(err, "notes")
	}
	var rows []remarkRow
	for _, row := range notes {
		var n saying
		if err := x.store.unsealOfRound(row.RoundID, "notes", row.ID, row.Sealed, &n); err != nil {
			return err
		}
		r := remarkRow{row.ID, row.SessionID, row.Position, row.Version, n.Said, n.Kind, n.Code, n.By, n.Attribution}
		if r != (remarkRow{ID: row.ID, Version: 1}) {
			rows = append(rows, r)
		}
	}
	return desked(x, xRemarks, rows)
}
