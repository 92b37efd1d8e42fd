package recordstore

import (
	"context"
	"crypto/subtle"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

type releaseCodeListRow struct {
	AccountID string
	MadeAt    int64
	Tries     int64
}

func (releaseCodeListRow) TableName() string { return "release_code_lists" }

type releaseCodeRow struct {
	AccountID string
	Position  int64
	UsedAt    int64
}

func (releaseCodeRow) TableName() string { return "release_codes" }

const (
	// codesInList is how many signatures a list is good for.
	codesInList = 10
	// wrongCodes is how many wrong tries spend a list.
	wrongCodes = 5
)

// MakeReleaseCodes gives the actor a new list with which they sign by telephone,
// each row once. It is shown this once: its letters follow from a key outside the
// database, and from when it was made. The list before is spent.
func (s *Store) MakeReleaseCodes(ctx context.Context, actor record.Actor) (list []record.CodeRow, err error) {
	err = s.act(ctx, actor, record.EditSelf, house(actor.ID), func(tx *gorm.DB) error {
		if err := dropCodes(tx, actor.ID); err != nil {
			return err
		}
		made := releaseCodeListRow{AccountID: actor.ID, MadeAt: s.now()}
		if err := tx.Create(&made).Error; err != nil {
			return database.Error(err, "codes")
		}
		var rows []releaseCodeRow
		for i := range codesInList {
			rows = append(rows, releaseCodeRow{AccountID: actor.ID, Position: int64(i + 1)})
			list = append(list, s.codeRow(made, i+1))
		}
		return database.Error(database.Insert(tx, rows), "codes")
	})
	return list, err
}

// codeRow is one row of a list.
func (s *Store) codeRow(list releaseCodeListRow, row int) record.CodeRow {
	r := record.CodeRow{Number: row}
	for i := range r.Columns {
		mac := s.ring.MAC(seal.Signature, []byte("release code"), []byte(list.AccountID), []byte(strconv.FormatInt(list.MadeAt, 10)), []byte(strconv.Itoa(row)), []byte(strconv.Itoa(i)))
		var letters strings.Builder
		for _, b := range mac[:10] {
			letters.WriteByte(record.CodeLetters[int(b)%len(record.CodeLetters)])
		}
		r.Columns[i] = letters.String()
	}
	return r
}

// EndReleaseCodes spends the actor's list.
func (s *Store) EndReleaseCodes(ctx context.Context, actor record.Actor) error {
	return s.act(ctx, actor, record.EditSelf, house(actor.ID), func(tx *gorm.DB) error { return dropCodes(tx, actor.ID) })
}

func dropCodes(tx *gorm.DB, accountID string) error {
	if err := tx.Where("account_id = ?", accountID).Delete(&releaseCodeRow{}).Error; err != nil {
		return database.Error(err, "codes")
	}
	return database.Error(tx.Where("account_id = ?", accountID).Delete(&releaseCodeListRow{}).Error, "codes")
}

// ReleaseCodes says how many rows of their list the actor has left, and since
// when, in microseconds since 1970 UTC: none and 0 without a list or once wrong
// tries spent it.
func (s *Store) ReleaseCodes(ctx context.Context, actor record.Actor) (left int, since int64, err error) {
	err = s.act(ctx, actor, record.ReadSelf, house(), func(tx *gorm.DB) error {
		list, rows, err := readCodes(tx, actor.ID)
		left, since = len(rows), list.MadeAt
		return err
	})
	return left, since, err
}

// readCodes reads a list that is not spent, with the rows that nobody used.
func readCodes(tx *gorm.DB, accountID string) (list releaseCodeListRow, rows []releaseCodeRow, err error) {
	found := tx.Where("account_id = ? AND tries < ?", accountID, wrongCodes).Limit(1).Find(&list)
	if found.Error != nil || found.RowsAffected == 0 {
		return releaseCodeListRow{}, nil, database.Error(found.Error, "codes")
	}
	err = tx.Where("account_id = ? AND used_at = 0", accountID).Order("position").Find(&rows).Error
	return list, rows, database.Error(err, "codes")
}

// A Telephoned is a second signature that somebody gives by telephone.
type Telephoned struct {
	SignerID string // the account that signs
	TextCode string // of the release, as the signer read it out, in any grouping
	Row      int    // of the signer's list
	Letters  string // that stand there for the last digits of the text code
}

// errUnfit is what every signature by telephone that does not fit says.
var errUnfit = fault.Errorf(fault.Forbidden, "the signer, the text code and the letters do not fit together")

// CountersignByTelephone puts the second signature of somebody who has no network:
// actor types what they read out. What holds for a second signature holds for the
// signer; actor cannot be the signer, and may be the first one who signed, since
// the letters fit this release alone and they do not have the list.
//
// A row whose letters were right is used, whatever comes after. It fails with
// Forbidden, in the same words, if the signer may not sign or has no list, or if
// the text code or the letters are wrong; that counts against the signer's list.
// Otherwise it fails as CountersignRelease does.
func (s *Store) CountersignByTelephone(ctx context.Context, actor record.Actor, id string, t Telephoned, textCode string, seal Sealer) error {
	signer, fits, err := s.telephoned(ctx, actor, id, t, textCode)
	if err != nil {
		return err
	}
	if !fits {
		err := s.act(ctx, record.Worker(), record.SignInRefused, house(t.SignerID, id), func(tx *gorm.DB) error {
			err := tx.Model(&releaseCodeListRow{}).Where("account_id = ?", t.SignerID).Update("tries", gorm.Expr("tries + 1")).Error
			return database.Error(err, "codes")
		})
		if err != nil {
			return err
		}
		return errUnfit
	}
	return s.act(ctx, signer, record.Countersign, ofRelease(id), func(tx *gorm.DB) error {
		return s.countersign(tx, signer, record.Signatory{ID: actor.ID, Name: actor.Name}, id, seal)
	})
}

// telephoned uses the row of which the letters were read out, and reports whether
// all that was read out fits.
func (s *Store) telephoned(ctx context.Context, actor record.Actor, id string, t Telephoned, textCode string) (signer record.Actor, fits bool, err error) {
	at := func(tx *gorm.DB) (scope, error) {
		sc, err := ofRelease(id)(tx)
		return scope{sc.series, append(sc.objects, t.SignerID)}, err
	}
	err = s.act(ctx, actor, record.EnterSignature, at, func(tx *gorm.DB) error {
		var row accountRow
		if err := tx.Where("id = ?", t.SignerID).Limit(1).Find(&row).Error; err != nil {
			return database.Error(err, "account")
		}
		account, err := s.account(tx, row)
		if err != nil {
			return err
		}
		signer = account.Actor()
		may, err := mayOn(tx, signer, record.Countersign, id)
		if err != nil {
			return err
		}
		list, rows, err := readCodes(tx, t.SignerID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			want := s.codeRow(list, int(r.Position)).Letters(textCode)
			if int(r.Position) == t.Row && want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(letters(t.Letters))) == 1 {
				fits = may && signer.ID != actor.ID && digits(t.TextCode) == digits(textCode)
				err := tx.Model(&releaseCodeRow{}).Where("account_id = ? AND position = ?", t.SignerID, r.Position).Update("used_at", s.now()).Error
				return database.Error(err, "codes")
			}
		}
		return errUnchanged
	})
	return signer, fits, err
}

// digits are the digits of what somebody typed, however they grouped them.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// letters are the letters of what somebody typed, as capitals.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}
