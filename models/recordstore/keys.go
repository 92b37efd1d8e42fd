package recordstore

import (
	"context"
	"io"
	"time"

	"gorm.io/gorm"

	"track15/models/record"
	"track15/models/seal"
)

// Keys says what lies in the key directory and which copies of it are
// registered, the oldest first.
func (s *Store) Keys(ctx context.Context, actor record.Actor) (status seal.Status, copies []seal.Escrow, err error) {
	err = s.act(ctx, actor, record.ReadKeys, house(), func(*gorm.DB) error {
		if status, err = s.ring.Status(); err != nil {
			return err
		}
		copies, err = s.ring.Escrows()
		return err
	})
	return status, copies, err
}

// RotateKeys makes a new key-encryption key and wraps every keyset by it. See
// seal.Ring.Rotate.
func (s *Store) RotateKeys(ctx context.Context, actor record.Actor) error {
	return s.act(ctx, actor, record.ManageKeys, house(), func(*gorm.DB) error { return s.ring.Rotate() })
}

// CopyKeys writes a copy of the key directory for the recipients and registers
// it. See seal.Ring.WriteEscrow.
func (s *Store) CopyKeys(ctx context.Context, actor record.Actor, w io.Writer, recipients []string, place string) (seal.Escrow, error) {
	var e seal.Escrow
	err := s.act(ctx, actor, record.ManageKeys, house(), func(*gorm.DB) error {
		var err error
		e, err = s.ring.WriteEscrow(w, recipients, place, time.UnixMicro(s.now()))
		return err
	})
	return e, err
}

// KeyCopyGone registers that a copy of the key directory was destroyed.
func (s *Store) KeyCopyGone(ctx context.Context, actor record.Actor, id string) error {
	return s.act(ctx, actor, record.ManageKeys, house(), func(*gorm.DB) error {
		return s.ring.EscrowGone(id, time.UnixMicro(s.now()))
	})
}
