package recordstore

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"fmt"
	"math/big"
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
	MAC       []byte `gorm:"column:mac"`
	UsedAt    int64
}

func (releaseCodeRow) TableName() string { return "release_codes" }

const (
	// codesInList is how many codes a list has, codeDigits how long each is.
	codesInList, codeDigits = 10, 8
	// wrongCodes is how many wrong tries spend a list.
	wrongCodes = 5
)

// MakeReleaseCodes gives the actor a new list of codes with which they sign by
// telephone, each once, as "1234 5678". It is shown this once: the record holds
// only what tells a right code from a wrong one. The list before is spent.
func (s *Store) MakeReleaseCodes(ctx context.Context, actor record.Actor) (codes []string, err error) {
	err = s.act(ctx, actor, record.EditSelf, house(actor.ID), func(tx *gorm.DB) error {
		if err := dropCodes(tx, actor.ID); err != nil {
			return err
		}
		list := releaseCodeListRow{AccountID: actor.ID, MadeAt: s.now()}
		if err := tx.Create(&list).Error; err != nil {
			return database.Error(err, "codes")
		}
		var rows []releaseCodeRow
		for i := range codesInList {
			n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
			if err != nil {
				return err
			}
			code := fmt.Sprintf("%0*d", codeDigits, n)
			codes = append(codes, code[:4]+" "+code[4:])
			rows = append(rows, releaseCodeRow{AccountID: actor.ID, Position: int64(i + 1), MAC: s.codeMAC(list, code)})
		}
		return database.Error(database.Insert(tx, rows), "codes")
	})
	return codes, err
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

// ReleaseCodes says how many codes the actor has left, and since when, in
// microseconds since 1970 UTC: none and 0 without a list.
func (s *Store) ReleaseCodes(ctx context.Context, actor record.Actor) (left int, since int64, err error) {
	err = s.act(ctx, actor, record.ReadSelf, house(), func(tx *gorm.DB) error {
		list, rows, err := readCodes(tx, actor.ID)
		left, since = len(rows), list.MadeAt
		return err
	})
	return left, since, err
}

// readCodes reads a list that is not spent, with the codes that nobody used.
func readCodes(tx *gorm.DB, accountID string) (list releaseCodeListRow, rows []releaseCodeRow, err error) {
	found := tx.Where("account_id = ? AND tries < ?", accountID, wrongCodes).Limit(1).Find(&list)
	if found.Error != nil || found.RowsAffected == 0 {
		return releaseCodeListRow{}, nil, database.Error(found.Error, "codes")
	}
	err = tx.Where("account_id = ? AND used_at = 0", accountID).Order("position").Find(&rows).Error
	return list, rows, database.Error(err, "codes")
}

func (s *Store) codeMAC(list releaseCodeListRow, code string) []byte {
	return s.ring.MAC(seal.Signature, []byte("release code"), []byte(list.AccountID), []byte(strconv.FormatInt(list.MadeAt, 10)), []byte(code))
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

// useCode uses one code of an account, and reports whether it was right. A wrong
// one counts against the list.
func (s *Store) useCode(tx *gorm.DB, accountID, code string) (bool, error) {
	list, rows, err := readCodes(tx, accountID)
	if err != nil {
		return false, err
	}
	mac := s.codeMAC(list, digits(code))
	for _, row := range rows {
		if hmac.Equal(mac, row.MAC) {
			err := tx.Model(&releaseCodeRow{}).Where("account_id = ? AND position = ?", accountID, row.Position).Update("used_at", s.now()).Error
			return err == nil, database.Error(err, "codes")
		}
	}
	return false, s.wrongCode(tx, accountID)
}

func (s *Store) wrongCode(tx *gorm.DB, accountID string) error {
	err := tx.Model(&releaseCodeListRow{}).Where("account_id = ?", accountID).Update("tries", gorm.Expr("tries + 1")).Error
	return database.Error(err, "codes")
}

// A Telephoned is a second signature that somebody gives by telephone.
type Telephoned struct {
	SignerID string // the account that signs
	TextCode string // of the release, as the signer read it out, in any grouping
	Code     string // one of the signer's release codes
}

// CountersignByTelephone puts the second signature of somebody who has no network:
// actor types what they read out. What holds for a second signature holds for the
// signer; actor cannot be the signer, and may be the first one who signed, since
// they do not know the codes.
//
// It fails with Forbidden, in the same words, if the signer may not sign or has no
// list, or if the text code or the release code is wrong; each of these counts
// against the signer's list. Otherwise it fails as CountersignRelease does.
func (s *Store) CountersignByTelephone(ctx context.Context, actor record.Actor, id string, t Telephoned, textCode string, seal Sealer) error {
	refused := false
	err := s.act(ctx, actor, record.EnterSignature, ofRelease(id), func(tx *gorm.DB) error {
		var row accountRow
		if err := tx.Where("id = ?", t.SignerID).Limit(1).Find(&row).Error; err != nil {
			return database.Error(err, "account")
		}
		account, err := s.account(tx, row)
		if err != nil {
			return err
		}
		signer := account.Actor()
		may, err := mayOn(tx, signer, record.Countersign, id)
		if err != nil {
			return err
		}
		if !may || signer.ID == actor.ID || digits(t.TextCode) != digits(textCode) {
			refused = true
			return s.wrongCode(tx, t.SignerID)
		}
		right, err := s.useCode(tx, signer.ID, t.Code)
		if err != nil || !right {
			refused = true
			return err
		}
		return s.countersign(tx, signer, record.Signatory{ID: actor.ID, Name: actor.Name}, id, seal)
	})
	if err == nil && refused {
		return fault.Errorf(fault.Forbidden, "the signer, the text code and the release code do not fit together")
	}
	return err
}
