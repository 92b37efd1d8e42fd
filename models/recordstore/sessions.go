package recordstore

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
)

// Sessions keeps the desk's sessions in the record's database, as a store of
// the session library (scs.CtxStore). It sees hashed tokens only, if the
// library is told to hash them.
type Sessions struct{ s *Store }

// NewSessions returns the sessions of a record.
func NewSessions(s *Store) *Sessions { return &Sessions{s} }

type sessionRow struct {
	Token     string
	Data      []byte
	ExpiresAt int64
}

func (sessionRow) TableName() string { return "sessions" }

// FindCtx returns the data of a session that has not expired.
func (ss *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var row sessionRow
	err := ss.s.db.Read(ctx).Where("token = ? AND expires_at > ?", token, ss.s.now()).Limit(1).Find(&row).Error
	return row.Data, row.Token != "", database.Error(err, "session")
}

// CommitCtx stores a session until its expiry and removes those that expired.
func (ss *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return ss.s.db.Write(ctx, func(tx *gorm.DB) error {
		err := tx.Where("expires_at <= ?", ss.s.now()).Delete(&sessionRow{}).Error
		if err == nil {
			err = tx.Clauses(clause.OnConflict{UpdateAll: true, Columns: []clause.Column{{Name: "token"}}}).
				Create(&sessionRow{token, data, expiry.UnixMicro()}).Error
		}
		return database.Error(err, "session")
	})
}

// DeleteCtx removes a session.
func (ss *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return ss.s.db.Write(ctx, func(tx *gorm.DB) error {
		return database.Error(tx.Where("token = ?", token).Delete(&sessionRow{}).Error, "session")
	})
}

// Find is FindCtx without a request.
func (ss *Sessions) Find(token string) ([]byte, bool, error) {
	return ss.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a request.
func (ss *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return ss.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a request.
func (ss *Sessions) Delete(token string) error { return ss.DeleteCtx(context.Background(), token) }
