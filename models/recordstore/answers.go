package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

type answerRow struct {
	ID             string
	SeriesID       string
	Recipient      string
	Asked          string
	OrganisationID string
	ByRows         string
	ByColumns      string
	AtLeast        int
	Since          int
	Until          int
	HiddenToo      int64
	Code           string
	MadeBy         string
	MadeAt         int64
}

func (answerRow) TableName() string { return "answers" }

func (r answerRow) answer() record.Answer {
	return record.Answer{
		ID: r.ID, SeriesID: r.SeriesID, Recipient: r.Recipient, Asked: r.Asked, OrganisationID: r.OrganisationID,
		Rows: r.ByRows, Columns: r.ByColumns, AtLeast: r.AtLeast, Since: r.Since, Until: r.Until, HiddenToo: r.HiddenToo != 0,
		Code: r.Code, MadeBy: r.MadeBy, MadeAt: r.MadeAt,
	}
}

// LogAnswer writes down an answer that leaves the house, and returns it with
// who made it and when. The same form sent again is one answer.
func (s *Store) LogAnswer(ctx context.Context, actor record.Actor, a record.Answer) (record.Answer, error) {
	a = a.Normal()
	if err := s.identify(&a.ID); err != nil {
		return a, err
	}
	err := s.act(ctx, actor, record.MakeAnswer, in(a.SeriesID, a.ID), func(tx *gorm.DB) error {
		if err := a.Check(); err != nil {
			return err
		}
		var was []answerRow
		if err := tx.Where("id = ?", a.ID).Find(&was).Error; err != nil {
			return database.Error(err, "answer")
		}
		a.MadeBy, a.MadeAt = actor.ID, s.now()
		if len(was) > 0 {
			same := a
			same.MadeAt = was[0].MadeAt
			return once(was[0].answer(), &a, same)
		}
		return database.Error(tx.Create(&answerRow{
			ID: a.ID, SeriesID: a.SeriesID, Recipient: a.Recipient, Asked: a.Asked, OrganisationID: a.OrganisationID,
			ByRows: a.Rows, ByColumns: a.Columns, AtLeast: a.AtLeast, Since: a.Since, Until: a.Until, HiddenToo: flag(a.HiddenToo),
			Code: a.Code, MadeBy: a.MadeBy, MadeAt: a.MadeAt,
		}).Error, "answer")
	})
	return a, err
}

// Answers lists what was answered about the series that the actor may read,
// newest first, and counts it. Page counts from 1.
func (s *Store) Answers(ctx context.Context, actor record.Actor, page, perPage int) ([]record.Answer, int, error) {
	var out []record.Answer
	var total int64
	err := s.act(ctx, actor, record.ReadAnswers, house(), func(tx *gorm.DB) error {
		q := visible(tx.Model(&answerRow{}), actor, record.ReadAnswers, "series_id")
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "answers")
		}
		var rows []answerRow
		err := paged(q, page, perPage).Order("made_at DESC, id DESC").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.answer())
		}
		return database.Error(err, "answers")
	})
	return out, int(total), err
}
