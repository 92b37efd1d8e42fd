package recordstore

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"math/big"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

type replyLinkRow struct {
	ID       string
	AskingID string
	OutputID string
	MadeBy   string
	MadeName string
	MadeAt   int64
	EndsAt   int64
	Ended    string
	Tries    int64
	TokenMAC []byte `gorm:"column:token_mac"`
	CodeMAC  []byte `gorm:"column:code_mac"`
}

func (replyLinkRow) TableName() string { return "reply_links" }

// linkDays is how long a link lives.
const linkDays = 7

func (r replyLinkRow) link(now int64) record.ReplyLink {
	l := record.ReplyLink{By: r.MadeName, At: r.MadeAt, Ends: r.EndsAt, Ended: record.LinkEnd(r.Ended)}
	if l.Ended == record.LinkAlive && r.EndsAt <= now {
		l.Ended = record.LinkExpired
	}
	return l
}

// MakeLink makes a one-time link to what one party was shown, for a week. token
// goes into its address and code is said by telephone: both are shown this once,
// the record keeps what tells right ones from wrong. A link before it opens no more.
//
// It fails with Conflict if the party has answered.
func (s *Store) MakeLink(ctx context.Context, actor record.Actor, outputID, askingID string) (token, code string, err error) {
	err = s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		_, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		if a.Reply.State != record.NoReply {
			return fault.Errorf(fault.Conflict, "this party has answered")
		}
		if err := tx.Where("asking_id = ?", askingID).Delete(&replyLinkRow{}).Error; err != nil {
			return database.Error(err, "link")
		}
		random := make([]byte, 20)
		if _, err := rand.Read(random); err != nil {
			return err
		}
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return err
		}
		token, code = strings.ToLower(base32.StdEncoding.EncodeToString(random)), fmt.Sprintf("%06d", n)
		row := replyLinkRow{
			ID: s.newID(), AskingID: askingID, OutputID: outputID, MadeBy: actor.ID, MadeName: actor.Name, MadeAt: s.now(),
			EndsAt: s.clock().AddDate(0, 0, linkDays).UnixMicro(), TokenMAC: s.linkMAC("token", token), CodeMAC: s.linkMAC("code", token+" "+code),
		}
		return database.Error(tx.Create(&row).Error, "link")
	})
	return token, code, err
}

func (s *Store) linkMAC(what, words string) []byte {
	return s.ring.MAC(seal.Wording, []byte("reply link"), []byte(what), []byte(words))
}

// RevokeLink ends the link to an asking, if there is one.
func (s *Store) RevokeLink(ctx context.Context, actor record.Actor, outputID, askingID string) error {
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		if _, _, err := s.askingByID(tx, outputID, askingID); err != nil {
			return err
		}
		err := tx.Model(&replyLinkRow{}).Where("asking_id = ? AND ended = ''", askingID).Update("ended", string(record.LinkRevoked)).Error
		return database.Error(err, "link")
	})
}

// LinkOf says how the last link to an asking stands; the zero value if none was
// made.
func (s *Store) LinkOf(ctx context.Context, actor record.Actor, outputID, askingID string) (l record.ReplyLink, err error) {
	err = s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		var rows []replyLinkRow
		err := tx.Where("asking_id = ? AND output_id = ?", askingID, outputID).Find(&rows).Error
		if err == nil && len(rows) > 0 {
			l = rows[0].link(s.now())
		}
		return database.Error(err, "link")
	})
	return l, err
}

// errShut is what every link that does not open says, whatever the reason.
var errShut = fault.Errorf(fault.Forbidden, "this does not open")

// throughLink runs fn on the asking to which a link and its code lead. A wrong code
// counts, and five spend the link. It fails in one way, whether there never was
// such a link, it ended, or the code is wrong.
func (s *Store) throughLink(ctx context.Context, act record.Act, token, code string, fn func(tx *gorm.DB, link replyLinkRow, o record.Output, a record.Asking) error) error {
	shut := false
	at := func(tx *gorm.DB) (scope, error) {
		row, err := s.linkRow(tx, token)
		return scope{nil, []string{row.AskingID}}, err
	}
	err := s.act(ctx, record.LinkHolder(), act, at, func(tx *gorm.DB) error {
		row, err := s.linkRow(tx, token)
		if err != nil {
			return err
		}
		right := hmac.Equal(row.CodeMAC, s.linkMAC("code", token+" "+digits(code)))
		if row.link(s.now()).Ended != record.LinkAlive {
			shut = true
			return errUnchanged
		}
		if !right {
			shut = true
			wrong := map[string]any{"tries": row.Tries + 1}
			if row.Tries+1 >= record.LinkTries {
				wrong["ended"] = string(record.LinkSpent)
			}
			return database.Error(tx.Model(&replyLinkRow{}).Where("id = ?", row.ID).Updates(wrong).Error, "link")
		}
		o, a, err := s.askingByID(tx, row.OutputID, row.AskingID)
		if err != nil {
			return err
		}
		if a.Reply.State != record.NoReply {
			shut = true
			return errUnchanged
		}
		return fn(tx, row, o, a)
	})
	if kind := fault.KindOf(err); shut || err != nil && (kind == fault.NotFound || kind == fault.Forbidden) {
		return errShut
	}
	return err
}

// linkRow reads a link by its token: an empty row, which nothing opens, if there
// is none.
func (s *Store) linkRow(tx *gorm.DB, token string) (replyLinkRow, error) {
	row := replyLinkRow{Ended: string(record.LinkSpent)}
	err := tx.Where("token_mac = ?", s.linkMAC("token", token)).Limit(1).Find(&row).Error
	return row, database.Error(err, "link")
}

// OpenLink returns what a party was shown, and the name of who asks, to whoever
// has the link and its code. It fails with Forbidden, in one way, for everybody
// else.
func (s *Store) OpenLink(ctx context.Context, token, code string) (a record.Asking, by string, lang string, err error) {
	err = s.throughLink(ctx, record.OpenLink, token, code, func(_ *gorm.DB, link replyLinkRow, o record.Output, asking record.Asking) error {
		a, by, lang = asking, link.MadeName, o.Draft.Lang
		return nil
	})
	return a, by, lang, err
}

// AnswerLink writes a party's answer into the ledger, as come by link, and spends
// the link. Changes are kept as words that came from the party, for somebody to
// take over: they clear nothing yet. It fails as OpenLink does, and with Invalid
// for an answer that is none.
func (s *Store) AnswerLink(ctx context.Context, token, code string, answer record.LinkAnswer) error {
	if err := answer.Check(); err != nil {
		return err
	}
	return s.throughLink(ctx, record.AnswerLink, token, code, func(tx *gorm.DB, link replyLinkRow, o record.Output, a record.Asking) error {
		if answer.Kind == record.LinkChanges {
			a.Received = record.Evidence{Name: "answer-by-link.txt", Type: "text/plain; charset=utf-8", Content: []byte(answer.Words)}
		} else {
			a.Reply = record.Reply{State: answer.Kind.State(), On: record.Date(s.today()), Channel: "one-time link", Lang: answer.Lang, Said: answer.Words}.Normal()
			a.Recorded = s.now()
		}
		a.Version++
		if err := s.storeAsking(tx, o, a); err != nil {
			return err
		}
		err := tx.Model(&replyLinkRow{}).Where("id = ?", link.ID).Update("ended", string(record.LinkAnswered)).Error
		return database.Error(err, "link")
	})
}
