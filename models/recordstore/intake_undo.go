package recordstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// UndoFor is how long an import can be undone.
const UndoFor = 24 * time.Hour

// UndoIntake takes out of the record what an import made and nobody changed or
// used since, and says in Kept what stays and why. Rows whose entries went can
// come again. It fails with Conflict if the import is not done, or was done
// longer than UndoFor ago.
func (s *Store) UndoIntake(ctx context.Context, actor record.Actor, id string) (IntakeResult, error) {
	var result IntakeResult
	err := s.act(ctx, actor, record.EditRound, ofIntake(actor, id), func(tx *gorm.DB) error {
		t, err := s.intakeByID(tx, id, "*")
		if err != nil {
			return err
		}
		switch {
		case t.State == IntakeUndone:
			result = t.Result
			return errUnchanged
		case t.State != IntakeDone:
			return fault.Errorf(fault.Conflict, "This import is not done yet. There is nothing to undo.")
		case s.now()-t.DoneAt > UndoFor.Microseconds():
			return fault.Errorf(fault.Conflict, "An import can be undone for 24 hours.")
		}
		u := &undoing{store: s, tx: tx, actor: actor, intake: t, gone: map[string]bool{}}
		if err := inOrder(u.mayAll, u.participations, u.outputs, u.rounds, u.presences, u.people, u.organisations, u.forget); err != nil {
			return err
		}
		t.State, t.Result.Kept = IntakeUndone, u.kept
		t.Version++
		result = t.Result
		if err := s.alsoEdits(tx, actor, slices.Concat(slices.Sorted(maps.Keys(u.gone)), u.changed)); err != nil {
			return err
		}
		return s.storeIntake(tx, t)
	})
	return result, err
}

// An undoing takes one import back, in its transaction: what stands on others
// first.
type undoing struct {
	store   *Store
	tx      *gorm.DB
	actor   record.Actor
	intake  Intake
	gone    map[string]bool // ids of what was removed
	kept    []Aside
	changed []string // rounds that stay and lose a presence
}

const (
	changedSince = "It was changed since."
	usedSince    = "Something else in the record stands on it."
	inRelease    = "It stands in a release."
)

func (u *undoing) keep(kind, id, why string) {
	u.kept = append(u.kept, Aside{Kind: kind, ID: id, Why: why})
}

func (u *undoing) mayAll() error {
	m, series := u.intake.Result.Made, u.intake.SeriesID
	hides := func(p madePresence) bool { return p.Presence.AttendsThroughID != "" }
	return mayTouch(u.actor, series, len(m.Organisations)+len(m.People) > 0, len(m.Outputs) > 0, slices.ContainsFunc(m.Presences, hides))
}

// A bar keeps things that an import made in the record.
type bar struct {
	ids map[string]bool
	why string
}

// going are those of the ids that are still as the import left them, at the
// version that was says, and that no bar keeps. The others stay, each with its
// first reason; what is not there any more is passed over.
func (u *undoing) going(kind string, ids []string, stored map[string]int64, was func(id string) int64, bars ...bar) []string {
	var out []string
	for _, id := range ids {
		version, there := stored[id]
		if !there {
			continue
		}
		why := ""
		if version != was(id) {
			why = changedSince
		}
		for _, b := range bars {
			if why == "" && b.ids[id] {
				why = b.why
			}
		}
		if why == "" {
			out = append(out, id)
		} else {
			u.keep(kind, id, why)
		}
	}
	return out
}

// first is the version of what nobody changed since it was made.
func first(string) int64 { return 1 }

// versions reads which of the objects are there, with a number that counts
// their edits.
func versions(tx *gorm.DB, table, column string, ids []string) (map[string]int64, error) {
	out := map[string]int64{}
	for part := range slices.Chunk(ids, importChunk) {
		var rows []struct {
			ID      string
			Version int64
		}
		if err := tx.Table(table).Select("id, "+column+" AS version").Where("id IN ?", part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "import")
		}
		for _, r := range rows {
			out[r.ID] = r.Version
		}
	}
	return out, nil
}

// used returns those of the ids that the column of a table names.
func used(tx *gorm.DB, table, column string, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for part := range slices.Chunk(ids, importChunk) {
		var found []string
		if err := tx.Table(table).Where(column+" IN ?", part).Distinct().Pluck(column, &found).Error; err != nil {
			return nil, database.Error(err, "import")
		}
		for _, id := range found {
			out[id] = true
		}
	}
	return out, nil
}

// remove deletes rows that nothing stands on, with those of other tables that
// are parts of them, named by "table.column".
func (u *undoing) remove(table string, ids []string, parts ...[2]string) error {
	for part := range slices.Chunk(ids, importChunk) {
		for _, of := range parts {
			if err := u.tx.Exec("DELETE FROM "+of[0]+" WHERE "+of[1]+" IN ?", part).Error; err != nil {
				return database.Error(err, "import")
			}
		}
		if err := u.tx.Exec("DELETE FROM "+table+" WHERE id IN ?", part).Error; err != nil {
			return database.Error(err, "import")
		}
	}
	for _, id := range ids {
		u.gone[id] = true
	}
	return nil
}

func (u *undoing) participations() error {
	ids := u.intake.Result.Made.Participations
	stored, err := versions(u.tx, "participations", "version", ids)
	if err != nil {
		return err
	}
	speaking, err := u.speaking(ids)
	if err != nil {
		return err
	}
	going := u.going("participant", ids, stored, first, bar{speaking, usedSince})
	if err := remember[participationRow](u.tx, going...); err != nil {
		return err
	}
	return u.remove("participations", going)
}

// speaking are those of the participations that chair or present at a session.
func (u *undoing) speaking(ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for part := range slices.Chunk(ids, importChunk) {
		var rows []roundSessionRow
		err := u.tx.Where("round_id IN (SELECT round_id FROM participations WHERE id IN ?)", part).Find(&rows).Error
		if err != nil {
			return nil, database.Error(err, "session")
		}
		for _, row := range rows {
			x := row.session()
			for _, id := range slices.Concat(x.ChairIDs, x.PresenterIDs) {
				out[id] = true
			}
		}
	}
	return out, nil
}

// partsOfTexts are the tables whose rows keep a text in the record.
var partsOfTexts = []string{"bases", "clearance_askings", "clearance_needs", "draft_comments", "finding_decisions"}

// usedIn is used for the same column of several tables.
func usedIn(tx *gorm.DB, tables []string, column string, ids []string) (map[string]bool, error) {
	standing := map[string]bool{}
	for _, table := range tables {
		some, err := used(tx, table, column, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(standing, some)
	}
	return standing, nil
}

func (u *undoing) outputs() error {
	ids := u.intake.Result.Made.Outputs
	stored, err := versions(u.tx, "outputs", "newest", ids)
	if err != nil {
		return err
	}
	released, err := used(u.tx, "release_subjects", "object_id", ids)
	if err != nil {
		return err
	}
	standing, err := usedIn(u.tx, partsOfTexts, "output_id", ids)
	if err != nil {
		return err
	}
	going := u.going("text", ids, stored, first, bar{released, inRelease}, bar{standing, usedSince})
	return u.remove("outputs", going, [2]string{"drafts", "output_id"})
}

// partsOfRounds are the tables whose rows keep a round in the record. Its
// presences are looked at one by one.
var partsOfRounds = []string{"participations", "outputs", "round_sessions", "rule_changes", "read_outs", "rule_loosenings", "notes"}

func (u *undoing) rounds() error {
	made := u.intake.Result.Made
	ids := slices.Sorted(maps.Keys(made.Rounds))
	stored, err := versions(u.tx, "rounds", "version", ids)
	if err != nil {
		return err
	}
	released, err := used(u.tx, "release_subjects", "object_id", ids)
	if err != nil {
		return err
	}
	standing, err := usedIn(u.tx, partsOfRounds, "round_id", ids)
	if err != nil {
		return err
	}
	asMade := func(id string) int64 { return made.Rounds[id] }
	going := u.going("round", ids, stored, asMade, bar{released, inRelease}, bar{standing, usedSince})
	if err := remember[roundRow](u.tx, going...); err != nil {
		return err
	}
	return u.remove("rounds", going,
		[2]string{"presences", "round_id"}, [2]string{"participation_codes", "round_id"}, [2]string{"rule_cards", "round_id"})
}

// presences takes those out that the import made at rounds that stay, unless
// somebody takes part under them.
func (u *undoing) presences() error {
	at := map[string][]record.Presence{}
	var order []string
	for _, p := range u.intake.Result.Made.Presences {
		if u.gone[p.RoundID] {
			continue
		}
		if at[p.RoundID] == nil {
			order = append(order, p.RoundID)
		}
		at[p.RoundID] = append(at[p.RoundID], p.Presence)
	}
	for _, roundID := range order {
		r, err := u.store.roundByID(u.tx, roundID)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if err := u.presencesAt(r, at[roundID]); err != nil {
			return err
		}
	}
	return nil
}

func (u *undoing) presencesAt(r record.Round, made []record.Presence) error {
	var going []string
	// What attends through a badge goes before the badge.
	slices.SortStableFunc(made, func(a, b record.Presence) int { return len(b.AttendsThroughID) - len(a.AttendsThroughID) })
	for _, p := range made {
		i := presenceAt(r, p.ID)
		if i < 0 {
			continue
		}
		if r.Presences[i] != p {
			u.keep("presence", p.ID, changedSince)
			continue
		}
		without := r
		without.Presences = slices.Delete(slices.Clone(r.Presences), i, i+1)
		if err := u.store.keepBadges(u.tx, without); err != nil {
			if fault.KindOf(err) != fault.Invalid {
				return err
			}
			u.keep("presence", p.ID, usedSince)
			continue
		}
		r, going = without, append(going, p.ID)
	}
	if len(going) == 0 {
		return nil
	}
	if err := remember[presenceRow](u.tx, going...); err != nil {
		return err
	}
	if err := step(u.tx, r, r.Version); err != nil {
		return err
	}
	u.changed = append(u.changed, r.ID)
	return u.remove("presences", going)
}

func (u *undoing) people() error {
	ids := u.intake.Result.Made.People
	stored, err := versions(u.tx, "people", "version", ids)
	if err != nil {
		return err
	}
	there, err := used(u.tx, "participations", "person_id", ids)
	if err != nil {
		return err
	}
	going := u.going("person", ids, stored, first, bar{there, usedSince})
	if err := remember[personRow](u.tx, going...); err != nil {
		return err
	}
	return u.remove("people", going, [2]string{"person_names", "person_id"}, [2]string{"person_sounds", "person_id"})
}

func (u *undoing) organisations() error {
	ids := u.intake.Result.Made.Organisations
	stored, err := versions(u.tx, "organisations", "version", ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	standing, err := u.standingOn(ids)
	if err != nil {
		return err
	}
	going := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		version, there := stored[id]
		if there && version != 1 {
			u.keep("body", id, changedSince)
			standing[id] = true
		}
		return !there || standing[id]
	})
	// A body stays if one below it stays.
	above := map[string][]string{}
	found, err := organisationsByID(u.tx, ids)
	if err != nil {
		return err
	}
	for _, o := range found {
		above[o.ID] = append(slices.Clone(o.ConfusableIDs), append(o.PredecessorIDs(), o.ParentID)...)
	}
	for again := true; again; {
		again = false
		for id, up := range above {
			if slices.Contains(going, id) {
				continue
			}
			before := len(going)
			going = slices.DeleteFunc(going, func(g string) bool { return slices.Contains(up, g) })
			again = again || len(going) < before
		}
	}
	for _, id := range ids {
		if _, there := stored[id]; there && stored[id] == 1 && !slices.Contains(going, id) {
			u.keep("body", id, usedSince)
		}
	}
	if err := remember[organisationRow](u.tx, going...); err != nil {
		return err
	}
	return u.remove("organisations", going, [2]string{"organisation_names", "organisation_id"}, [2]string{"predecessors", "organisation_id"})
}

// standingOn are those of the bodies that the record needs elsewhere: at rounds,
// also behind a badge in any series, as conveners or funders, and below or after other
// bodies than these.
func (u *undoing) standingOn(ids []string) (map[string]bool, error) {
	standing := map[string]bool{}
	for _, column := range []string{"organisation_id", "category_id", "attends_through_id"} {
		some, err := used(u.tx, "presences", column, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(standing, some)
	}
	hidden, err := u.store.behind(u.tx, record.Operator(""))
	if err != nil {
		return nil, err
	}
	for _, h := range hidden {
		standing[h.Presence.OrganisationID], standing[h.Presence.AttendsThroughID] = true, true
	}
	var series []seriesRow
	if err := u.tx.Find(&series).Error; err != nil {
		return nil, database.Error(err, "series")
	}
	for _, row := range series {
		in := row.series()
		for _, id := range in.ConvenerIDs() {
			standing[id] = true
		}
		for _, g := range in.Funders {
			standing[g.OrganisationID] = true
		}
	}
	var others []organisationRow
	if err := u.tx.Where("parent_id <> '' OR confusables <> 'null' OR predecessors <> 'null'").Find(&others).Error; err != nil {
		return nil, database.Error(err, "organisations")
	}
	for _, row := range others {
		o := row.organisation()
		if slices.Contains(ids, o.ID) {
			continue
		}
		for _, id := range append(append(slices.Clone(o.ConfusableIDs), o.PredecessorIDs()...), o.ParentID) {
			standing[id] = true
		}
	}
	return standing, nil
}

// forget lets rows come again whose entries went.
func (u *undoing) forget() error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(u.gone)), importChunk) {
		if err := u.tx.Where("intake_id = ? AND object_id IN ?", u.intake.ID, part).Delete(&intakeRowRow{}).Error; err != nil {
			return database.Error(err, "import")
		}
	}
	return nil
}
