package recordstore

import (
	"context"
	"encoding/hex"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/published"
	"track15/models/record"
	"track15/models/seal"
)

type answerRow struct {
	ID             string
	SeriesID       string
	Recipient      string
	Asked          string
	OrganisationID string
	Own            int64
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
		ID: r.ID, SeriesID: r.SeriesID, Recipient: r.Recipient, Asked: r.Asked, OrganisationID: r.OrganisationID, Own: r.Own != 0,
		Rows: r.ByRows, Columns: r.ByColumns, AtLeast: r.AtLeast, Since: r.Since, Until: r.Until, HiddenToo: r.HiddenToo != 0,
		Code: r.Code, MadeBy: r.MadeBy, MadeAt: r.MadeAt,
	}
}

// LogAnswer writes down an answer that leaves the house, and returns it with
// who made it and when. The same form sent again is one answer.
//
// It fails with Forbidden if the answer is about a body's own people and the
// actor may not read true affiliations, with Invalid if that is for somebody
// else than the body.
func (s *Store) LogAnswer(ctx context.Context, actor record.Actor, a record.Answer) (record.Answer, error) {
	a = a.Normal()
	if err := s.identify(&a.ID); err != nil {
		return a, err
	}
	err := s.act(ctx, actor, answering(a), in(a.SeriesID, a.ID), func(tx *gorm.DB) error {
		var err error
		if a, err = addressed(tx, a); err != nil {
			return err
		}
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
			ID: a.ID, SeriesID: a.SeriesID, Recipient: a.Recipient, Asked: a.Asked, OrganisationID: a.OrganisationID, Own: flag(a.Own),
			ByRows: a.Rows, ByColumns: a.Columns, AtLeast: a.AtLeast, Since: a.Since, Until: a.Until, HiddenToo: flag(a.HiddenToo),
			Code: a.Code, MadeBy: a.MadeBy, MadeAt: a.MadeAt,
		}).Error, "answer")
	})
	return a, err
}

// answering is the act of making an answer.
func answering(a record.Answer) record.Act {
	if a.Own {
		return record.AnswerOwn
	}
	return record.MakeAnswer
}

// addressed is the answer for the one who may have it.
func addressed(tx *gorm.DB, a record.Answer) (record.Answer, error) {
	if !a.Own {
		return a, nil
	}
	known, err := organisationsByID(tx, []string{a.OrganisationID})
	if err != nil {
		return a, err
	}
	return a.Addressed(known[a.OrganisationID])
}

// Answered returns the answer as it is addressed, and who took part of whom it
// may tell, newest round first: those who came or of whom nobody wrote down how
// far, of one body if it names one. That is under the body's badge, of one before
// it or of one below either; an answer about a body's own people adds those who
// came behind another badge and are truly of that body and no other.
//
// Nothing in what it returns depends on true affiliations unless the answer is
// about a body's own people. It fails as LogAnswer does.
func (s *Store) Answered(ctx context.Context, actor record.Actor, a record.Answer) (record.Answer, []Appearance, error) {
	a = a.Normal()
	var out []Appearance
	err := s.act(ctx, actor, record.ReadRound, in(a.SeriesID), func(tx *gorm.DB) error {
		if !actor.May(answering(a), a.SeriesID) {
			return refuse(answering(a))
		}
		var err error
		if a, err = addressed(tx, a); err != nil {
			return err
		}
		if err := a.Check(); err != nil {
			return err
		}
		f := BodyFilter{SeriesID: a.SeriesID, Since: a.Since, Until: a.Until, HiddenToo: a.HiddenToo}
		q, err := s.of(tx, tx.Table("participations AS p").Joins("JOIN rounds r ON r.id = p.round_id"), actor, f)
		if err != nil {
			return err
		}
		if a.OrganisationID != "" {
			if q, err = s.peopleOf(tx, q, actor, a); err != nil {
				return err
			}
		}
		var rows []participationRow
		err = q.Select("p.*").Where("p.state IN ?", []string{string(record.Attended), string(record.AttendanceUnknown)}).
			Order("r.sort_on DESC, r.id DESC, SUBSTR(p.code, 1, 1), LENGTH(p.code), p.code").Find(&rows).Error
		if err != nil {
			return database.Error(err, "participations")
		}
		out, err = s.appearances(tx, actor, rows, a.Own)
		for i := range out {
			// Whom else somebody under the body's badge is of is not the body's to know.
			if out[i].True.OrganisationID != a.OrganisationID {
				out[i].TruePresenceID, out[i].True = "", record.Presence{}
			}
		}
		return err
	})
	return a, out, err
}

// AnswerCode is the text code of the words of an answer: of equal words the same,
// and no check of a guess without the key, since a body's own people behind
// another badge may stand in them. It fails as LogAnswer does.
func (s *Store) AnswerCode(ctx context.Context, actor record.Actor, a record.Answer, words []byte) (string, error) {
	var code string
	err := s.act(ctx, actor, record.ReadRound, in(a.SeriesID), func(*gorm.DB) error {
		if !actor.May(answering(a), a.SeriesID) {
			return refuse(answering(a))
		}
		code = published.TextCode(hex.EncodeToString(s.ring.MAC(seal.Wording, []byte("answer"), words)))
		return nil
	})
	return code, err
}

// heirs is the query for a body, those that came before it, and all below these:
// whose people are its own.
const heirs = `WITH RECURSIVE
before(id) AS (SELECT CAST(? AS TEXT) UNION SELECT p.predecessor_id FROM predecessors p JOIN before ON p.organisation_id = before.id),
tree(id) AS (SELECT id FROM before UNION SELECT o.id FROM organisations o JOIN tree ON o.parent_id = tree.id)
SELECT id FROM tree`

// peopleOf restricts a query over participations p to those of the body of an
// answer.
func (s *Store) peopleOf(tx, q *gorm.DB, actor record.Actor, a record.Answer) (*gorm.DB, error) {
	const under = "p.presence_id IN (SELECT id FROM presences WHERE length(sealed) = 0 AND organisation_id IN (" + heirs + "))"
	if !a.Own {
		return q.Where(under, a.OrganisationID), nil
	}
	all, err := s.behind(tx, actor)
	if err != nil {
		return nil, err
	}
	presences := []string{}
	for _, h := range all {
		if h.Presence.OrganisationID == a.OrganisationID {
			presences = append(presences, h.Presence.ID)
		}
	}
	truly, err := s.participationsBehind(tx, actor, presences)
	if err != nil {
		return nil, err
	}
	among, list, err := database.In(tx, "p.id", truly)
	return q.Where("("+under+" OR "+among+")", a.OrganisationID, list), err
}

// Answers lists what was answered about the series that the actor may read,
// newest first, and counts it. Page counts from 1. That a body was told about its
// own people is told to those who may tell it.
func (s *Store) Answers(ctx context.Context, actor record.Actor, page, perPage int) ([]record.Answer, int, error) {
	var out []record.Answer
	var total int64
	err := s.act(ctx, actor, record.ReadAnswers, house(), func(tx *gorm.DB) error {
		q := visible(tx.Model(&answerRow{}), actor, record.ReadAnswers, "series_id")
		if all, ids := actor.SeriesFor(record.AnswerOwn); !all {
			q = q.Where("(own = 0 OR series_id IN ?)", append(ids, ""))
		}
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
