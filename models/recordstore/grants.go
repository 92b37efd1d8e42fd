package recordstore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type grantRow struct {
	ID         string
	AccountID  string
	Role       string
	SeriesID   string
	Reason     string
	Until      string
	State      string
	ProposedBy string
	ProposedAt int64
	GivenBy    string
	GivenAt    int64
	EndedBy    string
	EndedAt    int64
	EndedWhy   string
}

func (grantRow) TableName() string { return "grants" }

// entry is the row with the names of the accounts in it.
func (r grantRow) entry(people map[string]accountRow) record.GrantEntry {
	by := func(id string) record.Signatory {
		name := people[id].Name
		if id == operatorID {
			name = "the command line"
		}
		return record.Signatory{ID: id, Name: name}
	}
	of := people[r.AccountID]
	return record.GrantEntry{
		ID: r.ID, AccountID: r.AccountID, Email: of.Email, Name: of.Name, Outside: of.Outside != 0,
		Grant:  record.Grant{Role: record.RoleName(r.Role), SeriesID: r.SeriesID},
		Reason: r.Reason, Until: record.Date(r.Until), State: record.GrantState(r.State),
		ProposedBy: by(r.ProposedBy), ProposedAt: r.ProposedAt, GivenBy: by(r.GivenBy), GivenAt: r.GivenAt,
		EndedBy: by(r.EndedBy), EndedAt: r.EndedAt, EndedWhy: r.EndedWhy,
	}
}

// operatorID is how rows name the command line.
var operatorID = record.Operator("").ID

// A GrantFilter says which grants are listed. The zero value lists all that the
// actor may read.
type GrantFilter struct {
	SeriesID string            // those of this series and those of all series
	State    record.GrantState // "" for any
}

// Grants lists grants of the series whose grants the actor may read, by name,
// role and id. A grant of all series concerns each of them. Accounts that are
// disabled are left out; they can do nothing.
func (s *Store) Grants(ctx context.Context, actor record.Actor, f GrantFilter) ([]record.GrantEntry, error) {
	at := house()
	if f.SeriesID != "" {
		at = inOrAll(f.SeriesID)
	}
	var list []record.GrantEntry
	err := s.act(ctx, actor, record.ReadGrants, at, func(tx *gorm.DB) error {
		var err error
		list, err = grants(tx, actor, f)
		return err
	})
	return list, err
}

// Openers counts the people who may do an act in a series now: how many can open
// a page that asks for it. Who reads the series learns the number, and no name.
func (s *Store) Openers(ctx context.Context, actor record.Actor, seriesID string, act record.Act) (int, error) {
	n := 0
	err := s.act(ctx, actor, record.ReadSeries, in(seriesID), func(tx *gorm.DB) error {
		given, err := grants(tx, actor, GrantFilter{SeriesID: seriesID, State: record.GrantGiven})
		if err != nil {
			return err
		}
		held := map[string][]record.Grant{}
		for _, g := range given {
			if g.Holds(s.clock()) {
				held[g.AccountID] = append(held[g.AccountID], g.Grant)
			}
		}
		for id, all := range held {
			if (record.Actor{ID: id, Grants: all}).May(act, seriesID) {
				n++
			}
		}
		return nil
	})
	return n, err
}

func grants(tx *gorm.DB, actor record.Actor, f GrantFilter) ([]record.GrantEntry, error) {
	q := tx.Model(&grantRow{})
	if f.SeriesID != "" {
		q = q.Where("series_id IN ?", []string{f.SeriesID, record.AllSeries})
	} else if all, ids := actor.SeriesFor(record.ReadGrants); !all {
		q = q.Where("series_id IN ?", append(ids, record.AllSeries))
	}
	if f.State != "" {
		q = q.Where("state = ?", string(f.State))
	}
	var rows []grantRow
	if err := q.Order("id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "grants")
	}
	people, err := accountRows(tx)
	if err != nil {
		return nil, err
	}
	var list []record.GrantEntry
	for _, row := range rows {
		if people[row.AccountID].Disabled == 0 {
			list = append(list, row.entry(people))
		}
	}
	slices.SortStableFunc(list, func(a, b record.GrantEntry) int {
		return cmp.Or(cmp.Compare(record.Fold(a.Name), record.Fold(b.Name)), cmp.Compare(a.AccountID, b.AccountID),
			slices.Index(record.RoleNames, a.Role)-slices.Index(record.RoleNames, b.Role))
	})
	return list, nil
}

// OwnGrants lists the actor's own grants that hold, with their reasons and
// ends, by series and role.
func (s *Store) OwnGrants(ctx context.Context, actor record.Actor) ([]record.GrantEntry, error) {
	var list []record.GrantEntry
	err := s.act(ctx, actor, record.ReadSelf, house(), func(tx *gorm.DB) error {
		rows, err := s.holding(tx, actor.ID)
		for _, row := range rows {
			list = append(list, row.entry(nil))
		}
		return err
	})
	return list, err
}

// holding reads the grants of an account that hold now.
func (s *Store) holding(tx *gorm.DB, accountID string) ([]grantRow, error) {
	var rows []grantRow
	err := tx.Where("account_id = ? AND state = ?", accountID, string(record.GrantGiven)).Order("series_id, role, id").Find(&rows).Error
	now := time.UnixMicro(s.now())
	rows = slices.DeleteFunc(rows, func(r grantRow) bool { return !r.entry(nil).Holds(now) })
	return rows, database.Error(err, "grants")
}

// ProposeGrant asks for a role for somebody in a series, or in record.AllSeries.
// It opens nothing until a director gives it. The account is named by its ID or
// its address; a form sent twice makes one proposal.
func (s *Store) ProposeGrant(ctx context.Context, actor record.Actor, g record.GrantEntry) (record.GrantEntry, error) {
	return s.addGrant(ctx, actor, record.ProposeGrant, g, func(_ *gorm.DB, row *grantRow) error {
		row.State, row.ProposedBy, row.ProposedAt = string(record.GrantProposed), actor.ID, s.now()
		return nil
	})
}

// GiveGrant gives somebody a role in a series, or in record.AllSeries; it opens
// what it opens from their next request on. One of the same role that they hold
// there already is replaced.
//
// It fails with Forbidden for the actor's own account, and for one that the
// actor made: nobody raises their own rights, nor under a second name.
func (s *Store) GiveGrant(ctx context.Context, actor record.Actor, g record.GrantEntry) (record.GrantEntry, error) {
	return s.addGrant(ctx, actor, record.GiveGrant, g, func(tx *gorm.DB, row *grantRow) error {
		return s.give(tx, actor, row)
	})
}

// AllowGrant gives what was proposed, as it was proposed. It fails as GiveGrant
// does, and with Conflict if the proposal was answered meanwhile.
func (s *Store) AllowGrant(ctx context.Context, actor record.Actor, id string) error {
	return s.act(ctx, actor, record.GiveGrant, ofGrant(id), func(tx *gorm.DB) error {
		row, err := grantByID(tx, id)
		if err != nil {
			return err
		}
		if row.State == string(record.GrantGiven) && row.GivenBy == actor.ID {
			return errUnchanged
		}
		if row.State != string(record.GrantProposed) {
			return answered()
		}
		people, err := accountRows(tx)
		if err != nil {
			return err
		}
		if err := row.entry(people).Check(people[row.AccountID].Outside != 0, time.UnixMicro(s.now())); err != nil {
			return err
		}
		if err := s.give(tx, actor, &row); err != nil {
			return err
		}
		return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "grant")
	})
}

// RevokeGrant ends a grant at once, or refuses a proposal; why stays with it. It
// fails with Conflict if the proposal was answered meanwhile. One that is over
// already stays as it is.
func (s *Store) RevokeGrant(ctx context.Context, actor record.Actor, id, why string) error {
	why = record.GrantEntry{Reason: why}.Normal().Reason
	if why == "" {
		return fault.Field("why", "Say why.")
	}
	if err := record.CheckLine("why", why); err != nil {
		return err
	}
	return s.act(ctx, actor, record.RevokeGrant, ofGrant(id), func(tx *gorm.DB) error {
		row, err := grantByID(tx, id)
		if err != nil {
			return err
		}
		return s.end(tx, actor, row, why)
	})
}

// addGrant checks and stores a new grant after decide has settled its state.
func (s *Store) addGrant(ctx context.Context, actor record.Actor, act record.Act, g record.GrantEntry, decide func(*gorm.DB, *grantRow) error) (record.GrantEntry, error) {
	g = g.Normal()
	if err := s.identify(&g.ID); err != nil {
		return g, err
	}
	err := s.act(ctx, actor, act, inOrAll(g.SeriesID, g.ID), func(tx *gorm.DB) error {
		people, err := accountRows(tx)
		if err != nil {
			return err
		}
		if g.AccountID == "" {
			for id, p := range people {
				if p.Email == g.Email {
					g.AccountID = id
				}
			}
		}
		of, known := people[g.AccountID]
		err = g.Check(of.Outside != 0, time.UnixMicro(s.now()))
		if !known || of.Disabled != 0 {
			return errors.Join(fault.Field("email", "Nobody has an account with this address."), err)
		}
		if err != nil {
			return err
		}
		row := grantRow{ID: g.ID, AccountID: g.AccountID, Role: string(g.Role), SeriesID: g.SeriesID, Reason: g.Reason, Until: string(g.Until)}
		if err := sentGrant(tx, row, actor); err != nil {
			return err
		}
		if err := decide(tx, &row); err != nil {
			return err
		}
		g = row.entry(people)
		return database.Error(tx.Create(&row).Error, "grant")
	})
	return g, err
}

// sentGrant returns errUnchanged if the same actor sent the same form before.
func sentGrant(tx *gorm.DB, row grantRow, actor record.Actor) error {
	var was grantRow
	if err := tx.Where("id = ?", row.ID).Limit(1).Find(&was).Error; err != nil || was.ID == "" {
		return database.Error(err, "grant")
	}
	same := was.AccountID == row.AccountID && was.Role == row.Role && was.SeriesID == row.SeriesID && was.Reason == row.Reason && was.Until == row.Until
	if !same || actor.ID != was.ProposedBy && actor.ID != was.GivenBy {
		return fault.Errorf(fault.Conflict, "You sent this form before and it was kept. Open the page again.")
	}
	return errUnchanged
}

// give makes a grant of the row and ends the one that it replaces.
func (s *Store) give(tx *gorm.DB, actor record.Actor, row *grantRow) error {
	var of accountRow
	if err := tx.Where("id = ?", row.AccountID).Take(&of).Error; err != nil {
		return database.Error(err, "account")
	}
	if of.ID == actor.ID {
		return fault.Errorf(fault.Forbidden, "Nobody gives a role to themselves. Another director must.")
	}
	if of.MadeBy == actor.ID {
		return fault.Errorf(fault.Forbidden, "Whoever made an account gives it no role. Another director must.")
	}
	held, err := s.holding(tx, row.AccountID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Role == row.Role && h.SeriesID == row.SeriesID {
			if err := s.end(tx, actor, h, "Replaced"); err != nil {
				return err
			}
		}
	}
	row.State, row.GivenBy, row.GivenAt = string(record.GrantGiven), actor.ID, s.now()
	return nil
}

// end refuses or revokes a grant.
func (s *Store) end(tx *gorm.DB, actor record.Actor, row grantRow, why string) error {
	switch record.GrantState(row.State) {
	case record.GrantProposed:
		row.State = string(record.GrantRefused)
	case record.GrantGiven:
		row.State = string(record.GrantRevoked)
	default:
		return errUnchanged
	}
	row.EndedBy, row.EndedAt, row.EndedWhy = actor.ID, s.now(), why
	return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "grant")
}

func answered() error {
	return fault.Errorf(fault.Conflict, "Somebody else answered this proposal meanwhile.")
}

func grantByID(tx *gorm.DB, id string) (grantRow, error) {
	var row grantRow
	err := tx.Where("id = ?", id).Take(&row).Error
	return row, database.Error(err, "grant")
}

// ofGrant is the scope of an act on a grant: its series, or all.
func ofGrant(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		series, err := seriesOf(tx, "grants", id)
		return scope{[]string{series}, []string{id}}, err
	}
}

// inOrAll is the scope of an act in one series, or in every one.
func inOrAll(seriesID string, objects ...string) where {
	if seriesID == record.AllSeries {
		return everySeries(objects...)
	}
	return in(seriesID, objects...)
}
