package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// Kept is what is kept of a round that could be destroyed, and what was said
// about that.
type Kept struct {
	RoundID      string
	Reference    string // how the round is called where something final is done
	Opens        record.Date
	Notes        int
	Sessions     int
	Drafts       int // versions that were not released
	Evidence     int // clearances and decisions on them, comments, bases of observations
	Retention    record.Retention
	Due          record.Date // "" for not due on a day
	Holds        []record.Hold
	Destructions []record.Destruction // oldest first
}

// Kept reads what is kept of a round.
func (s *Store) Kept(ctx context.Context, actor record.Actor, roundID string) (Kept, error) {
	var out Kept
	err := s.act(ctx, actor, record.ReadRetention, ofRound(roundID), func(tx *gorm.DB) error {
		all, err := keptOf(tx, tx.Where("id = ?", roundID))
		if err == nil && len(all) == 0 {
			err = nothing()
		}
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out, err
}

// KeptRounds lists the rounds of which notes are kept or were destroyed, the
// latest first. It costs fourteen queries, however many they are.
func (s *Store) KeptRounds(ctx context.Context, actor record.Actor) ([]Kept, error) {
	return s.keptRounds(ctx, actor, "1 = 1")
}

// KeptToDecide is KeptRounds without those that can be neither due nor proposed:
// of series in which nothing becomes due on a day, and without an open proposal.
func (s *Store) KeptToDecide(ctx context.Context, actor record.Actor) ([]Kept, error) {
	return s.keptRounds(ctx, actor, `(series_id IN (SELECT series_id FROM retentions WHERE rule IN ?)
		OR id IN (SELECT round_id FROM destructions WHERE state = ?))`,
		[]string{string(record.AfterRound), string(record.AfterRelease)}, string(record.DestructionProposed))
}

func (s *Store) keptRounds(ctx context.Context, actor record.Actor, which string, of ...any) ([]Kept, error) {
	var out []Kept
	err := s.act(ctx, actor, record.ReadRetention, house(), func(tx *gorm.DB) error {
		var err error
		out, err = keptOf(tx, visible(tx, actor, record.ReadRetention, "series_id").
			Where("(id IN (SELECT round_id FROM notes) OR id IN (SELECT round_id FROM destructions))").Where(which, of...).
			Order("opens DESC, id"))
		return err
	})
	return out, err
}

// keptOf reads what is kept of the rounds of a query, in its order.
func keptOf(tx, which *gorm.DB) ([]Kept, error) {
	var rounds []roundRow
	if err := which.Find(&rounds).Error; err != nil || len(rounds) == 0 {
		return nil, database.Error(err, "rounds")
	}
	ids := make([]string, len(rounds))
	for i, r := range rounds {
		ids[i] = r.ID
	}
	left, err := leftBy(tx, ids)
	if err != nil {
		return nil, err
	}
	references, err := referencesOf(tx, ids)
	if err != nil {
		return nil, err
	}
	rules, err := retentionsOf(tx)
	if err != nil {
		return nil, err
	}
	released, err := releasedLast(tx, ids)
	if err != nil {
		return nil, err
	}
	holds, err := holdsBy(tx, ids)
	if err != nil {
		return nil, err
	}
	destructions, err := destructionsOf(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Kept, len(rounds))
	for i, r := range rounds {
		c := left[r.ID]
		k := Kept{
			RoundID: r.ID, Reference: references[r.ID], Opens: record.Date(r.Opens), Notes: c.Notes, Sessions: c.Sessions, Drafts: c.Drafts,
			Evidence: c.Clearances + c.Decisions + c.Comments + c.Bases, Retention: rules[r.SeriesID], Holds: holds[r.ID], Destructions: destructions[r.ID],
		}
		k.Retention.SeriesID = r.SeriesID
		last := r.Closes
		if last == "" {
			last = r.Opens
		}
		if k.Notes > 0 {
			k.Due = k.Retention.Due(record.Date(last), released[r.ID])
		}
		out[i] = k
	}
	return out, nil
}

// releasedLast is when something of each round was last released, in
// microseconds; rounds of which nothing was are absent.
func releasedLast(tx *gorm.DB, roundIDs []string) (map[string]int64, error) {
	in, list, err := database.In(tx, "id", roundIDs)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID string
		At int64
	}
	err = tx.Raw(`SELECT o.id, MAX(r.numbered_at) AS at FROM
			(SELECT id, id AS object_id FROM rounds WHERE `+in+` UNION ALL SELECT round_id, id FROM outputs WHERE round_`+in+`) o
		JOIN release_documents d ON d.object_id = o.object_id JOIN releases r ON r.id = d.release_id
		WHERE r.number > 0 GROUP BY o.id`, list, list).Scan(&rows).Error
	out := map[string]int64{}
	for _, row := range rows {
		out[row.ID] = row.At
	}
	return out, database.Error(err, "releases")
}

// destructionsOf are the proposals about the notes of rounds, by round, the
// oldest first.
func destructionsOf(tx *gorm.DB, roundIDs []string) (map[string][]record.Destruction, error) {
	in, list, err := database.In(tx, "round_id", roundIDs)
	if err != nil {
		return nil, err
	}
	var rows []destructionRow
	if err := tx.Where(in, list).Order("proposed_at, id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "destructions")
	}
	out := map[string][]record.Destruction{}
	for _, r := range rows {
		out[r.RoundID] = append(out[r.RoundID], r.destruction())
	}
	return out, nil
}

// leftOf counts what destroying the notes of a round destroys.
func leftOf(tx *gorm.DB, roundID string) (record.Certificate, error) {
	all, err := leftBy(tx, []string{roundID})
	return all[roundID], err
}

// leftBy is leftOf for many rounds, by round.
func leftBy(tx *gorm.DB, roundIDs []string) (map[string]record.Certificate, error) {
	in, list, err := database.In(tx, "round_id", roundIDs)
	if err != nil {
		return nil, err
	}
	out := map[string]record.Certificate{}
	for _, count := range []struct {
		query string
		of    func(c *record.Certificate, n, sessions int)
	}{
		{
			"SELECT round_id, COUNT(*) AS n, COUNT(DISTINCT NULLIF(session_id, '')) AS sessions FROM notes WHERE " + in + " GROUP BY round_id",
			func(c *record.Certificate, n, sessions int) { c.Notes, c.Sessions = n, sessions },
		},
		{
			"SELECT round_id, COUNT(DISTINCT object_id) AS n FROM history WHERE kind = 'notes' AND object_id NOT IN (SELECT id FROM notes) AND " + in + " GROUP BY round_id",
			func(c *record.Certificate, n, _ int) { c.Notes += n },
		},
		{
			"SELECT o.round_id, COUNT(*) AS n FROM drafts JOIN outputs o ON o.id = drafts.output_id WHERE " + unreleasedDraft + " AND o." + in + " GROUP BY o.round_id",
			func(c *record.Certificate, n, _ int) { c.Drafts = n },
		},
		{countOf("clearance_askings", in), func(c *record.Certificate, n, _ int) { c.Clearances = n }},
		{countOf("withdrawal_reasons", in), func(c *record.Certificate, n, _ int) { c.Clearances += n }},
		{countOf("clearance_needs", in), func(c *record.Certificate, n, _ int) { c.Decisions = n }},
		{countOf("draft_comments", in), func(c *record.Certificate, n, _ int) { c.Comments = n }},
		{countOf("bases", in), func(c *record.Certificate, n, _ int) { c.Bases = n }},
	} {
		var rows []struct {
			RoundID     string
			N, Sessions int
		}
		if err := tx.Raw(count.query, list).Scan(&rows).Error; err != nil {
			return nil, database.Error(err, "notes")
		}
		for _, row := range rows {
			c := out[row.RoundID]
			count.of(&c, row.N, row.Sessions)
			out[row.RoundID] = c
		}
	}
	return out, nil
}

// countOf is the query that counts the rows of a table by round.
func countOf(table, where string) string {
	return "SELECT round_id, COUNT(*) AS n FROM " + table + " WHERE " + where + " GROUP BY round_id"
}

// referenceOf is how a round is called where something final is done to it: its
// public address, or the first eight characters of its id.
func referenceOf(tx *gorm.DB, roundID string) (string, error) {
	all, err := referencesOf(tx, []string{roundID})
	return all[roundID], err
}

// referencesOf is referenceOf for many rounds, by round.
func referencesOf(tx *gorm.DB, roundIDs []string) (map[string]string, error) {
	in, list, err := database.In(tx, "object_id", roundIDs)
	if err != nil {
		return nil, err
	}
	var rows []releaseSlugRow
	if err := tx.Where("kind = ?", kindRound).Where(in, list).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "address")
	}
	out := make(map[string]string, len(roundIDs))
	for _, id := range roundIDs {
		out[id] = id[:8]
	}
	for _, row := range rows {
		out[row.ObjectID] = row.Slug
	}
	return out, nil
}

// unreleasedDraft is the condition on drafts that no release was made of which
// reached the public.
const unreleasedDraft = `NOT EXISTS (SELECT 1 FROM release_drafts d JOIN releases r ON r.id = d.release_id
	WHERE d.output_id = drafts.output_id AND d.number = drafts.number AND r.number > 0)`
