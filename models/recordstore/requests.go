package recordstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type requestRow struct {
	ID       string
	Number   int64
	SeriesID string
	Kind     string
	Slug     string
	Due      string
	Open     int64
	Version  int64
	Sealed   []byte
}

func (requestRow) TableName() string { return "correction_requests" }

func (s *Store) request(row requestRow) (record.Request, error) {
	r := record.Request{}
	err := s.unseal(row.SeriesID, row.TableName(), row.ID, row.Sealed, &r)
	r.Version = row.Version
	return r, err
}

func (s *Store) toRequestRow(series string, r record.Request) (requestRow, error) {
	row := requestRow{
		ID: r.ID, Number: r.Number, SeriesID: series, Kind: r.Kind, Slug: r.Slug, Due: string(r.Due),
		Open: flag(r.State == record.RequestOpen), Version: r.Version,
	}
	var err error
	row.Sealed, err = s.seal(series, row.TableName(), row.ID, r)
	return row, err
}

// ofRequest is the scope of an act on a request.
func ofRequest(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		series, err := seriesOf(tx, "correction_requests", id)
		return scope{[]string{series}, []string{id}}, err
	}
}

// asReferred finds the document that a reader's reference names, as it was
// released: a round, text, observation or series. An observation is of its text.
func asReferred(tx *gorm.DB, reference string) (documentKey, error) {
	kind, slug, err := record.Reference(reference)
	if err != nil {
		return documentKey{}, err
	}
	for _, k := range []string{kindRound, kindObservation, kindOutput, kindSeries} {
		if kind != "" && kind != k {
			continue
		}
		var rows []releaseSlugRow
		if err := tx.Where("kind = ? AND slug = ?", k, slug).Find(&rows).Error; err != nil {
			return documentKey{}, database.Error(err, "release")
		}
		if len(rows) == 0 {
			continue
		}
		if k == kindObservation {
			err := tx.Where("kind = ? AND object_id = ?", kindOutput, rows[0].OutputID).Limit(1).Find(&rows).Error
			if err != nil || len(rows) == 0 {
				return documentKey{}, database.Error(err, "release")
			}
			return documentKey{kindOutput, rows[0].Slug}, nil
		}
		return documentKey{k, slug}, nil
	}
	return documentKey{}, nothingReferred()
}

func nothingReferred() error {
	return fault.Field("reference", "Nothing with this reference was released. Look at it again, or ask for the address of the page.")
}

// LogRequest writes down what a reader asked about the entry with the reference,
// and gives it a number.
//
// It fails with Invalid if nothing with the reference was released, in a series
// of which the actor knows.
func (s *Store) LogRequest(ctx context.Context, actor record.Actor, reference string, r record.Request) (record.Request, error) {
	if err := s.identify(&r.ID); err != nil {
		return r, err
	}
	r = r.Normal()
	if err := r.Check(); err != nil {
		return r, err
	}
	var series string
	at := func(tx *gorm.DB) (scope, error) {
		key, err := asReferred(tx, reference)
		if err == nil {
			series, err = seriesOfDocument(tx, key)
		}
		if fault.KindOf(err) == fault.NotFound || err == nil && !actor.May(record.LogRequest, series) {
			err = nothingReferred()
		}
		r.Kind, r.Slug = key.kind, key.slug
		return scope{[]string{series}, []string{r.ID}}, err
	}
	err := s.act(ctx, actor, record.LogRequest, at, func(tx *gorm.DB) error {
		var before []requestRow
		if err := tx.Where("id = ?", r.ID).Find(&before).Error; err != nil {
			return database.Error(err, "request")
		}
		if len(before) > 0 {
			was, err := s.request(before[0])
			if err != nil {
				return err
			}
			if was.LoggedBy.ID != actor.ID {
				return damaged()
			}
			sent := r
			sent.Number, sent.LoggedBy, sent.ChangedBy, sent.ChangedAt, sent.Version = was.Number, was.LoggedBy, was.ChangedBy, was.ChangedAt, was.Version
			return once(was, &r, sent)
		}
		var err error
		if r.Number, err = s.requestNumber(tx); err != nil {
			return err
		}
		r.Version, r.ChangedAt = 1, s.now()
		r.LoggedBy = record.Signatory{ID: actor.ID, Name: actor.Name}
		r.ChangedBy = r.LoggedBy
		row, err := s.toRequestRow(series, r)
		if err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "request")
	})
	return r, err
}

// requestNumber draws a number of six digits that no request has. It counts
// nothing, since readers are told it.
func (s *Store) requestNumber(tx *gorm.DB) (int64, error) {
	for {
		sum := sha256.Sum256([]byte(s.newID()))
		number := int64(100_000 + binary.BigEndian.Uint64(sum[:8])%900_000)
		var n int64
		err := tx.Model(&requestRow{}).Where("number = ?", number).Count(&n).Error
		if err != nil || n == 0 {
			return number, database.Error(err, "request")
		}
	}
}

// AnswerRequest writes to a request how it was settled and what was answered. Of
// r it takes ID, State, Answer and Version; what was asked stays as it was
// written down.
//
// It fails with Conflict if somebody else wrote to it meanwhile.
func (s *Store) AnswerRequest(ctx context.Context, actor record.Actor, r record.Request) (record.Request, error) {
	err := s.act(ctx, actor, record.AnswerRequest, ofRequest(r.ID), func(tx *gorm.DB) error {
		var row requestRow
		if err := tx.Where("id = ?", r.ID).Take(&row).Error; err != nil {
			return database.Error(err, "request")
		}
		was, err := s.request(row)
		if err != nil {
			return err
		}
		now := was
		now.State, now.Answer, now.Version = r.State, r.Answer, r.Version
		now = now.Normal()
		if err := now.Check(); err != nil {
			return err
		}
		if err := moved(was, &now, func(r *record.Request) *int64 { return &r.Version }); err != nil {
			return err
		}
		now.ChangedBy, now.ChangedAt = record.Signatory{ID: actor.ID, Name: actor.Name}, s.now()
		r = now
		if row, err = s.toRequestRow(row.SeriesID, now); err != nil {
			return err
		}
		return replaceRows(tx, []requestRow{row}, "id")
	})
	return r, err
}

// Request reads one request.
func (s *Store) Request(ctx context.Context, actor record.Actor, id string) (r record.Request, err error) {
	err = s.act(ctx, actor, record.ReadRequests, ofRequest(id), func(tx *gorm.DB) error {
		var row requestRow
		if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
			return database.Error(err, "request")
		}
		r, err = s.request(row)
		return err
	})
	return r, err
}

// Requests lists the open requests, the one due first on top, or those that are
// settled, the newest first, at most 200, of the series whose requests the actor
// may read.
func (s *Store) Requests(ctx context.Context, actor record.Actor, open bool) (list []record.Request, err error) {
	err = s.act(ctx, actor, record.ReadRequests, house(), func(tx *gorm.DB) error {
		q := tx.Where("open = ?", flag(open)).Limit(200)
		if all, ids := actor.SeriesFor(record.ReadRequests); !all {
			q = q.Where("series_id IN ?", append(slices.Clone(ids), ""))
		}
		if open {
			q = q.Order("due, number")
		} else {
			q = q.Order("number DESC")
		}
		var rows []requestRow
		if err := q.Find(&rows).Error; err != nil {
			return database.Error(err, "requests")
		}
		for _, row := range rows {
			r, err := s.request(row)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return nil
	})
	return list, err
}
