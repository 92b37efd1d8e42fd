package recordstore

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Change is what one act did to one object: what it was before and what it
// became. Each is a record.Series, Organisation, Person, Round (without its
// presences), Presence, Participation, Session, RuleChange or ReadOut as the
// actor may read it, or nil where it was not there, or not for the actor.
type Change struct {
	AuditEntry
	ObjectID      string
	Before, After any
}

// SeriesHistory lists what was done to the entry of a series, newest first.
func (s *Store) SeriesHistory(ctx context.Context, actor record.Actor, id string) ([]Change, error) {
	return s.history(ctx, actor, record.ReadSeries, ofSeries(id), func(tx *gorm.DB, h *histories) error {
		return load[seriesRow](tx, h, "id", id)
	})
}

// OrganisationHistory lists what was done to a body of the directory, newest
// first.
func (s *Store) OrganisationHistory(ctx context.Context, actor record.Actor, id string) ([]Change, error) {
	return s.history(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB, h *histories) error {
		if err := exists(tx, "organisations", id); err != nil {
			return err
		}
		return load[organisationRow](tx, h, "id", id)
	})
}

// PersonHistory lists what was done to a person of the directory, newest first.
func (s *Store) PersonHistory(ctx context.Context, actor record.Actor, id string) ([]Change, error) {
	return s.history(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB, h *histories) error {
		if err := exists(tx, "people", id); err != nil {
			return err
		}
		return load[personRow](tx, h, "id", id)
	})
}

// RoundHistory lists what was done to a round, its presences, participations,
// sessions, rule changes and read-outs, newest first. It costs one reading of
// all of them.
func (s *Store) RoundHistory(ctx context.Context, actor record.Actor, id string) ([]Change, error) {
	return s.history(ctx, actor, record.ReadRound, ofRound(id), func(tx *gorm.DB, h *histories) error {
		var err error
		if h.series, err = seriesOf(tx, "rounds", id); err != nil {
			return err
		}
		h.readsTrue = actor.May(record.ReadTrue, h.series)
		return inOrder(
			func() error { return load[roundRow](tx, h, "id", id) },
			func() error { return load[presenceRow](tx, h, "round_id", id) },
			func() error { return load[participationRow](tx, h, "round_id", id) },
			func() error { return load[roundSessionRow](tx, h, "round_id", id) },
			func() error { return load[ruleChangeRow](tx, h, "round_id", id) },
			func() error { return load[readOutRow](tx, h, "round_id", id) },
		)
	})
}

// histories are the states of objects, as the actor may read them.
type histories struct {
	store     *Store
	series    string
	readsTrue bool
	states    map[string][]state  // by object, oldest first
	behind    map[string]bool     // the presences that are or ever were sealed
	badges    map[string][]string // by participation, what was worn before something sealed
}

// A state is what an object was until the act of a number replaced or removed
// it; until 0 it still is.
type state struct {
	until int64
	value any // nil for what is not there for the actor
}

// history is the act of reading the history of some objects.
func (s *Store) history(ctx context.Context, actor record.Actor, act record.Act, at where, fill func(*gorm.DB, *histories) error) ([]Change, error) {
	var out []Change
	err := s.act(ctx, actor, act, at, func(tx *gorm.DB) error {
		h := &histories{store: s, states: map[string][]state{}, behind: map[string]bool{}, badges: map[string][]string{}}
		if err := fill(tx, h); err != nil {
			return err
		}
		made, err := madeBy(tx, slices.Collect(maps.Keys(h.states)))
		if err != nil {
			return err
		}
		for id, states := range h.states {
			out = append(out, changes(id, states, made[id])...)
		}
		return sign(tx, out)
	})
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Number, a.Number), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	return out, err
}

// changes are the steps between the states of an object, which the act of the
// number made; 0 if no entry says which. A step that changes nothing for the
// actor is none.
func changes(id string, states []state, made int64) []Change {
	var out []Change
	step := func(number int64, before, after any) {
		if number > 0 && !alike(before, after) {
			out = append(out, Change{AuditEntry{Number: number}, id, before, after})
		}
	}
	if first := states[0]; first.until == 0 || made < first.until {
		step(made, nil, first.value)
	}
	for i, st := range states {
		var after any
		if i+1 < len(states) {
			after = states[i+1].value
		}
		step(st.until, st.value, after)
	}
	return out
}

// alike reports whether two states say the same, whatever their version.
func alike(a, b any) bool {
	x, err := json.Marshal(versionless(a))
	y, err2 := json.Marshal(versionless(b))
	return err == nil && err2 == nil && string(x) == string(y)
}

func versionless(v any) any {
	switch v := v.(type) {
	case record.Series:
		v.Version = 0
		return v
	case record.Organisation:
		v.Version = 0
		return v
	case record.Person:
		v.Version = 0
		return v
	case record.Round:
		v.Version = 0
		return v
	case record.Participation:
		v.Version = 0
		return v
	case record.Session:
		v.Version = 0
		return v
	case record.RuleChange:
		v.Version = 0
		return v
	case record.ReadOut:
		v.Version = 0
		return v
	}
	return v
}

// load reads the states of the rows whose column is id: those that were
// replaced, and those that are.
func load[R past](tx *gorm.DB, h *histories, column, id string) error {
	if column == "id" {
		column = "object_id"
	}
	states, err := pastOf[R](tx, column, id)
	if err != nil {
		return err
	}
	for _, p := range states {
		h.note(p.row)
	}
	for _, p := range states {
		v, err := h.open(p.row)
		if err != nil {
			return err
		}
		of, _ := p.row.past()
		h.states[of] = append(h.states[of], state{p.was.AuditNumber, v})
	}
	return nil
}

// note remembers of which objects a true affiliation is or ever was sealed.
func (h *histories) note(row past) {
	switch r := row.(type) {
	case presenceRow:
		if len(r.Sealed) > 0 {
			h.behind[r.ID] = true
		}
	case participationRow:
		if len(r.Sealed) > 0 {
			h.badges[r.ID] = append(h.badges[r.ID], r.PresenceID)
		}
	}
}

// open makes of a row what the actor may read of it. Who may not read true
// affiliations reads every state of one as if it had always been sealed: two
// states would join what is kept apart.
func (h *histories) open(row past) (any, error) {
	switch r := row.(type) {
	case seriesRow:
		return r.series(), nil
	case organisationRow:
		return r.organisation(), nil
	case personRow:
		return r.person(), nil
	case roundRow:
		return r.round(), nil
	case roundSessionRow:
		return r.session(), nil
	case ruleChangeRow:
		return r.change(), nil
	case readOutRow:
		return r.readOut(), nil
	case participationRow:
		p, err := h.store.participation(h.series, r, h.readsTrue)
		badges, sealed := h.badges[r.ID]
		if !h.readsTrue && (h.behind[p.PresenceID] || sealed && !slices.Contains(badges, p.PresenceID)) {
			p.PresenceID = ""
		}
		return p, err
	case presenceRow:
		p, shown, err := h.store.presence(h.series, r, h.readsTrue)
		if !h.readsTrue && h.behind[r.ID] {
			p, shown = behindBadge(p)
		}
		if shown {
			return p, err
		}
	}
	return nil, nil
}

// madeBy are the numbers of the first acts on objects, as far as their entries
// name them.
func madeBy(tx *gorm.DB, ids []string) (map[string]int64, error) {
	made := map[string]int64{}
	for part := range slices.Chunk(ids, 500) {
		var rows []editRow
		err := tx.Model(&editRow{}).Select("object_id, MIN(audit_number) AS audit_number").
			Where("object_id IN ?", part).Group("object_id").Find(&rows).Error
		if err != nil {
			return nil, database.Error(err, "history")
		}
		for _, r := range rows {
			made[r.ObjectID] = r.AuditNumber
		}
	}
	return made, nil
}

// sign says of changes who made them when.
func sign(tx *gorm.DB, all []Change) error {
	names, err := accountNames(tx)
	if err != nil {
		return err
	}
	numbers := map[int64]AuditEntry{}
	for _, c := range all {
		numbers[c.Number] = AuditEntry{}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(numbers)), 500) {
		var rows []auditRow
		if err := tx.Where("number IN ?", part).Find(&rows).Error; err != nil {
			return database.Error(err, "history")
		}
		for _, row := range rows {
			var e entry
			if err := json.Unmarshal(row.Bytes, &e); err != nil {
				return fault.Errorf(fault.Unavailable, "an audit entry cannot be read; verify the chain")
			}
			numbers[row.Number] = auditEntry(e, names)
		}
	}
	for i := range all {
		all[i].AuditEntry = numbers[all[i].Number]
	}
	return nil
}
