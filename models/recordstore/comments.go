package recordstore

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type commentRow struct {
	ID       string
	OutputID string
	RoundID  string
	Settled  int64
	Sealed   []byte
}

func (commentRow) TableName() string { return "draft_comments" }

func (s *Store) toCommentRow(o record.Output, c record.Comment) (commentRow, error) {
	row := commentRow{ID: c.ID, OutputID: o.ID, RoundID: o.RoundID, Settled: flag(c.State != record.CommentOpen)}
	var err error
	row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, c)
	return row, err
}

func (s *Store) comment(o record.Output, row commentRow) (record.Comment, error) {
	var c record.Comment
	err := s.unsealOfText(o, row.TableName(), row.ID, row.Sealed, &c)
	return c, err
}

// Comments are all comments on a text and all suggestions for it, the oldest
// first.
func (s *Store) Comments(ctx context.Context, actor record.Actor, outputID string) ([]record.Comment, error) {
	var out []record.Comment
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		var rows []commentRow
		if err := tx.Where("output_id = ?", o.ID).Find(&rows).Error; err != nil {
			return database.Error(err, "comments")
		}
		for _, row := range rows {
			c, err := s.comment(o, row)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		slices.SortFunc(out, func(a, b record.Comment) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
		return nil
	})
	return out, err
}

// OpenComments counts the comments and suggestions that nobody has settled.
func (s *Store) OpenComments(ctx context.Context, actor record.Actor, outputID string) (int, error) {
	var n int64
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		return database.Error(tx.Model(&commentRow{}).Where("output_id = ? AND settled = 0", outputID).Count(&n).Error, "comments")
	})
	return int(n), err
}

// AddComment adds a comment on a version of a text, or a suggestion for it, and
// returns it as it is stored. Of c it takes ID, Draft, Key, Suggests, Words and
// Says. It edits nothing: whoever suggests has not contributed to the text.
//
// It fails with NotFound if the text has no such version, with Invalid if the
// version has no such passage or could not read so. A version that is not the
// newest is no fault.
func (s *Store) AddComment(ctx context.Context, actor record.Actor, outputID string, c record.Comment) (record.Comment, error) {
	if err := s.identify(&c.ID); err != nil {
		return c, err
	}
	err := s.act(ctx, actor, record.Suggest, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		d, err := s.draftByNumber(tx, o, c.Draft)
		if err != nil {
			return err
		}
		part, there := d.Part(c.Key)
		if c.Key != "" && !there {
			return damaged()
		}
		c = record.Comment{
			ID: c.ID, Draft: c.Draft, Key: c.Key, Was: part.Text, Suggests: c.Suggests, Words: c.Words, Says: c.Says,
			By: actor.ID, At: s.now(),
		}.Normal()
		if c, err = s.sentBefore(tx, o, c); err != nil {
			return err
		}
		if err := c.Check(); err != nil {
			return err
		}
		if c.Suggests {
			if _, err := d.Taking(c, o.External); err != nil {
				return err
			}
		}
		row, err := s.toCommentRow(o, c)
		if err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "comment")
	})
	return c, err
}

// sentBefore returns errUnchanged and the stored comment if the actor sent c
// before, in a form that says the same; else c.
func (s *Store) sentBefore(tx *gorm.DB, o record.Output, c record.Comment) (record.Comment, error) {
	var rows []commentRow
	if err := tx.Where("id = ?", c.ID).Find(&rows).Error; err != nil || len(rows) == 0 {
		return c, database.Error(err, "comment")
	}
	if rows[0].OutputID != o.ID {
		return c, fault.Errorf(fault.Conflict, "The form is damaged. Open it again.")
	}
	was, err := s.comment(o, rows[0])
	if err != nil {
		return c, err
	}
	same := c
	same.At, same.State, same.SettledBy, same.SettledAt, same.Became = was.At, was.State, was.SettledBy, was.SettledAt, was.Became
	return c, once(was, &c, same)
}

// AcceptSuggestion saves the next version of a text, with the words of a
// suggestion, and returns it. The edit is the actor's. Of a version that somebody
// saved meanwhile it changes the same words.
//
// It fails with Conflict if these are not there any more, or if the suggestion
// was declined.
func (s *Store) AcceptSuggestion(ctx context.Context, actor record.Actor, outputID, id string) (record.Draft, error) {
	var d record.Draft
	err := s.settle(ctx, actor, record.EditDraft, outputID, id, func(tx *gorm.DB, o record.Output, c *record.Comment) error {
		switch {
		case !c.Suggests:
			return nothing()
		case c.State == record.SuggestionAccepted:
			d = o.Draft
			return errUnchanged
		case c.State != record.CommentOpen:
			return fault.Errorf(fault.Conflict, "Somebody declined this suggestion.")
		}
		var err error
		if d, err = o.Draft.Taking(*c, o.External); err != nil {
			return err
		}
		c.State, c.Became = record.SuggestionAccepted, o.Draft.Number+1
		return s.nextDraft(tx, actor, o, &d)
	})
	return d, err
}

// DeclineSuggestion settles a suggestion without taking its words.
//
// It fails with Conflict if it was accepted.
func (s *Store) DeclineSuggestion(ctx context.Context, actor record.Actor, outputID, id string) error {
	return s.settle(ctx, actor, record.Decline, outputID, id, func(_ *gorm.DB, _ record.Output, c *record.Comment) error {
		switch {
		case !c.Suggests:
			return nothing()
		case c.State == record.SuggestionDeclined:
			return errUnchanged
		case c.State != record.CommentOpen:
			return fault.Errorf(fault.Conflict, "Somebody accepted this suggestion.")
		}
		c.State = record.SuggestionDeclined
		return nil
	})
}

// ResolveComment settles a comment that suggests nothing, or opens it again.
func (s *Store) ResolveComment(ctx context.Context, actor record.Actor, outputID, id string, resolved bool) error {
	return s.settle(ctx, actor, record.SettleComment, outputID, id, func(_ *gorm.DB, _ record.Output, c *record.Comment) error {
		if c.Suggests {
			return nothing()
		}
		if resolved == (c.State == record.CommentResolved) {
			return errUnchanged
		}
		if c.State = record.CommentOpen; resolved {
			c.State = record.CommentResolved
		}
		return nil
	})
}

// settle is an act on one comment: do changes its state.
func (s *Store) settle(
	ctx context.Context, actor record.Actor, act record.Act, outputID, id string,
	do func(tx *gorm.DB, o record.Output, c *record.Comment) error,
) error {
	return s.act(ctx, actor, act, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		var row commentRow
		if err := tx.Where("id = ? AND output_id = ?", id, outputID).Take(&row).Error; err != nil {
			return database.Error(err, "comment")
		}
		c, err := s.comment(o, row)
		if err != nil {
			return err
		}
		if err := do(tx, o, &c); err != nil {
			return err
		}
		if c.SettledBy, c.SettledAt = "", 0; c.State != record.CommentOpen {
			c.SettledBy, c.SettledAt = actor.ID, s.now()
		}
		if row, err = s.toCommentRow(o, c); err != nil {
			return err
		}
		return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "comment")
	})
}
