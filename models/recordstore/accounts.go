package recordstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A hash takes 19 MiB and some 20 ms; so many may be made at once.
const (
	hashesAtOnce = 4
	hashMemory   = 19 * 1024 // KiB
	hashTime     = 2
	minPassword  = 12 // characters; what a person may choose at least
)

type accountRow struct {
	ID        string
	Email     string
	Name      string
	Password  string
	Disabled  int64
	Outside   int64
	MadeBy    string // account id; "" the command line
	QuietKeys int64
}

func (accountRow) TableName() string { return "accounts" }

// AddAccount adds a person who may sign in and returns it with its ID set. The
// password must have at least 12 characters. Grants that come with the account
// are given until the account's Until, for its Reason; only the command line gives
// any this way. Somebody who is not of the house needs both.
//
// It fails with Conflict if the address has an account already.
func (s *Store) AddAccount(ctx context.Context, actor record.Actor, a record.Account, password string) (record.Account, error) {
	a = a.Normal()
	if err := a.Check(); err != nil {
		return record.Account{}, err
	}
	if len([]rune(password)) < minPassword {
		return record.Account{}, fault.Field("password", "Enter at least %d characters.", minPassword)
	}
	hashed, err := s.hashPassword(ctx, password)
	if err != nil {
		return record.Account{}, err
	}
	a.ID = s.newID()
	err = s.act(ctx, actor, record.ManageAccounts, house(a.ID), func(tx *gorm.DB) error {
		row := accountRow{
			ID: a.ID, Email: a.Email, Name: a.Name, Password: hashed, Disabled: flag(a.Disabled), Outside: flag(a.Outside), QuietKeys: flag(a.QuietKeys),
		}
		if !actor.IsOperator() {
			row.MadeBy = actor.ID
		}
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "account")
		}
		return s.firstGrants(tx, actor, a)
	})
	return a, err
}

// firstGrants stores the grants with which an account is made.
func (s *Store) firstGrants(tx *gorm.DB, actor record.Actor, a record.Account) error {
	if len(a.Grants) == 0 {
		return nil
	}
	if !actor.IsOperator() {
		return fault.Errorf(fault.Forbidden, "An account is made without a role. A director gives it one.")
	}
	for _, g := range a.Grants {
		e := record.GrantEntry{Grant: g, Reason: a.Reason, Until: a.Until}.Normal()
		if a.Outside || e.Reason != "" || e.Until != "" {
			if err := e.Check(a.Outside, time.UnixMicro(s.now())); err != nil {
				return err
			}
		}
		if g.SeriesID != record.AllSeries && exists(tx, "series", g.SeriesID) != nil {
			return fault.Field("series", "Choose a series, or all.")
		}
		row := grantRow{
			ID: s.newID(), AccountID: a.ID, Role: string(g.Role), SeriesID: g.SeriesID,
			Reason: cmp.Or(e.Reason, "Given by the command line"), Until: string(e.Until),
			State: string(record.GrantGiven), GivenBy: actor.ID, GivenAt: s.now(),
		}
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "grant")
		}
	}
	return nil
}

// SetDisabled takes everything from an account, or gives it back. Nobody does
// it to their own.
func (s *Store) SetDisabled(ctx context.Context, actor record.Actor, id string, disabled bool) error {
	if id == actor.ID {
		return fault.Errorf(fault.Forbidden, "Nobody does this to their own account.")
	}
	return s.act(ctx, actor, record.ManageAccounts, ofAccount(id), func(tx *gorm.DB) error {
		changed := tx.Model(&accountRow{}).Where("id = ? AND disabled <> ?", id, flag(disabled)).Update("disabled", flag(disabled))
		if changed.Error == nil && changed.RowsAffected == 0 {
			return errUnchanged
		}
		return database.Error(changed.Error, "account")
	})
}

// SetQuietKeys turns the actor's shortcuts of single letters off or on.
func (s *Store) SetQuietKeys(ctx context.Context, actor record.Actor, quiet bool) error {
	return s.act(ctx, actor, record.EditSelf, house(actor.ID), func(tx *gorm.DB) error {
		return database.Error(tx.Model(&accountRow{}).Where("id = ?", actor.ID).Update("quiet_keys", flag(quiet)).Error, "account")
	})
}

// ofAccount is the scope of an act on an account.
func ofAccount(id string) where {
	return func(tx *gorm.DB) (scope, error) { return scope{nil, []string{id}}, exists(tx, "accounts", id) }
}

// Accounts lists all accounts with their grants that hold, by name.
func (s *Store) Accounts(ctx context.Context, actor record.Actor) ([]record.Account, error) {
	var list []record.Account
	err := s.act(ctx, actor, record.ReadAccounts, house(), func(tx *gorm.DB) error {
		var rows []accountRow
		if err := tx.Order("name, id").Find(&rows).Error; err != nil {
			return database.Error(err, "accounts")
		}
		for _, row := range rows {
			a, err := s.account(tx, row)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

// SignIn returns the account of the address if the password is its own.
//
// It fails with Forbidden, in the same words and after the same work, for an
// unknown address, a wrong password and a disabled account. Success and failure
// each leave an audit entry; an unknown address is not written down.
func (s *Store) SignIn(ctx context.Context, email, password string) (record.Account, error) {
	row, err := s.accountOf(ctx, record.Account{Email: email}.Normal().Email)
	if err != nil {
		return record.Account{}, err
	}
	ok, err := s.checkPassword(ctx, row.Password, password)
	if err != nil {
		return record.Account{}, err
	}
	if !ok || row.Disabled != 0 {
		return record.Account{}, s.refused(ctx, row.ID, fault.Errorf(fault.Forbidden, "The address or the password is wrong."))
	}
	var a record.Account
	err = s.act(ctx, record.Actor{ID: row.ID}, record.SignIn, house(row.ID), func(tx *gorm.DB) error {
		a, err = s.account(tx, row)
		return err
	})
	return a, err
}

// SignedOut writes down that the actor signed out.
func (s *Store) SignedOut(ctx context.Context, actor record.Actor) error {
	return s.act(ctx, actor, record.SignOut, house(actor.ID), func(*gorm.DB) error { return nil })
}

// AccountByID returns an account with its grants as they are now, for a session
// that names it.
func (s *Store) AccountByID(ctx context.Context, id string) (record.Account, error) {
	var a record.Account
	err := s.act(ctx, record.Actor{ID: id}, record.ReadSelf, house(), func(tx *gorm.DB) error {
		var row accountRow
		if !isID(id) {
			return nothing()
		}
		if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
			return database.Error(err, "account")
		}
		var err error
		a, err = s.account(tx, row)
		return err
	})
	return a, err
}

// Reauthenticate fails with Forbidden unless the password is the actor's own.
// It stands before an act that must not be done by whoever finds a desk left
// open.
func (s *Store) Reauthenticate(ctx context.Context, actor record.Actor, password string) error {
	var row accountRow
	err := s.act(ctx, actor, record.ReadSelf, house(), func(tx *gorm.DB) error {
		return database.Error(tx.Where("id = ?", actor.ID).Take(&row).Error, "account")
	})
	if err != nil {
		return err
	}
	ok, err := s.checkPassword(ctx, row.Password, password)
	if err == nil && (!ok || row.Disabled != 0) {
		return s.refused(ctx, row.ID, &fault.Error{Kind: fault.Forbidden, Field: "password", Text: "This is not your password."})
	}
	return err
}

// refused writes down that a password was refused, for an account or for none,
// and returns why.
func (s *Store) refused(ctx context.Context, accountID string, why error) error {
	var objects []string
	if accountID != "" {
		objects = []string{accountID}
	}
	err := s.act(ctx, record.Worker(), record.SignInRefused, house(objects...), func(*gorm.DB) error { return nil })
	return cmp.Or(err, why)
}

// accountOf reads the account of an address; a zero row, whose password nobody
// has, if there is none.
func (s *Store) accountOf(ctx context.Context, email string) (accountRow, error) {
	var row accountRow
	if record.CheckLine("email", email) != nil {
		return row, nil
	}
	err := s.db.Read(ctx).Where("email = ?", email).Limit(1).Find(&row).Error
	return row, database.Error(err, "account")
}

// account is the row with the grants that hold now.
func (s *Store) account(tx *gorm.DB, row accountRow) (record.Account, error) {
	a := record.Account{
		ID: row.ID, Email: row.Email, Name: row.Name, Disabled: row.Disabled != 0, Outside: row.Outside != 0, QuietKeys: row.QuietKeys != 0,
	}
	held, err := s.holding(tx, row.ID)
	for _, g := range held {
		a.Grants = append(a.Grants, record.Grant{Role: record.RoleName(g.Role), SeriesID: g.SeriesID})
	}
	return a, err
}

// accountRows reads all accounts, without their passwords, by id.
func accountRows(tx *gorm.DB) (map[string]accountRow, error) {
	var rows []accountRow
	err := tx.Omit("password").Find(&rows).Error
	people := make(map[string]accountRow, len(rows))
	for _, row := range rows {
		people[row.ID] = row
	}
	return people, database.Error(err, "accounts")
}

func accountNames(tx *gorm.DB) (map[string]string, error) {
	var rows []accountRow
	err := tx.Select("id, name").Find(&rows).Error
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, database.Error(err, "accounts")
}

// noPassword is compared with where there is no account, so that an unknown
// address costs what a known one does.
var noPassword = encodeHash(make([]byte, 16), make([]byte, 32))

func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := s.derive(ctx, password, salt)
	return encodeHash(salt, key), err
}

func (s *Store) checkPassword(ctx context.Context, encoded, password string) (bool, error) {
	known := encoded != ""
	if !known {
		encoded = noPassword
	}
	salt, want, err := decodeHash(encoded)
	if err != nil {
		return false, err
	}
	got, err := s.derive(ctx, password, salt)
	return known && subtle.ConstantTimeCompare(got, want) == 1, err
}

// derive waits for one of the places; without them a burst of sign-ins would
// take all memory.
func (s *Store) derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case s.hash <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.hash }()
	// A keyboard may send é in one character or in two.
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, hashTime, hashMemory, 1, 32), nil
}

func encodeHash(salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, b.EncodeToString(salt), b.EncodeToString(key))
}

func decodeHash(encoded string) (salt, key []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || !strings.HasPrefix(encoded, fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, hashMemory, hashTime)) {
		return nil, nil, fault.Errorf(fault.Unavailable, "a stored password has an unknown form")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		key, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	return salt, key, err
}
