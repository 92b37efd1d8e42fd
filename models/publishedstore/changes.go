package publishedstore

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"track15/models/database"
	"track15/models/published"
)

// Changes returns the newest n changes of rounds and outputs, those of the
// latest release first, then by kind and slug. What left with a notice is a
// change without a title.
func (e *Edition) Changes(ctx context.Context, n int) ([]ChangeEntry, error) {
	type row struct {
		Number  int64
		Kind    published.Kind
		Slug    string
		Version int
		Day     string
		Change  Change
		Note    string
	}
	var rows, left []row
	// Conditions are put so that SQLite walks the index of the order and stops early.
	err := e.db(ctx).Raw(`SELECT number, kind, slug, version, day, change, note FROM versions v
		WHERE kind <> 'series' AND kind <> 'organisation'
		AND EXISTS (SELECT 1 FROM documents d WHERE d.kind = v.kind AND d.slug = v.slug)
		ORDER BY number DESC, kind, slug, version LIMIT ?`, n).Scan(&rows).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	err = e.db(ctx).Raw(`SELECT number, kind, slug, version, day, reason AS note FROM notices
		WHERE kind <> 'series' AND kind <> 'organisation' AND kind <> 'observation' ORDER BY number DESC, kind, slug LIMIT ?`, n).Scan(&left).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	for i := range left {
		left[i].Change = ChangeWithdrawn
	}
	rows = append(rows, left...)
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.Number, a.Number), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Slug, b.Slug))
	})
	rows = rows[:min(n, len(rows))]
	slugs := map[published.Kind][]string{}
	for _, r := range rows {
		slugs[r.Kind] = append(slugs[r.Kind], r.Slug)
	}
	rounds, err := documents[published.Round](ctx, e, published.KindRound, slugs[published.KindRound])
	if err != nil {
		return nil, err
	}
	outputs, err := documents[published.Output](ctx, e, published.KindOutput, slugs[published.KindOutput])
	if err != nil {
		return nil, err
	}
	all := make([]ChangeEntry, len(rows))
	for i, r := range rows {
		c := ChangeEntry{Kind: r.Kind, Slug: r.Slug, Version: r.Version, Change: r.Change, Note: r.Note, Number: r.Number, Day: r.Day}
		if d, public := rounds[r.Slug]; public && r.Kind == published.KindRound {
			c.Title, c.Series = d.of.Title, d.of.Series
		}
		if d, public := outputs[r.Slug]; public && r.Kind == published.KindOutput {
			c.Title, c.Series = d.of.Title, d.of.Series
			if d.of.Round != nil {
				c.Round = d.of.Round.Slug
			}
		}
		all[i] = c
	}
	return all, nil
}

// Addresses yields every page of its own for the sitemap: series, organisations,
// topics, rounds, observations, each by slug; or one error and ends. Day is ""
// where the page follows from several documents.
func (e *Edition) Addresses(ctx context.Context) iter.Seq2[Address, error] {
	return func(yield func(Address, error) bool) {
		for _, query := range []string{
			"SELECT kind, slug, day FROM documents WHERE kind = 'series' ORDER BY slug",
			"SELECT 'organisation', slug, '' FROM organisations ORDER BY slug",
			"SELECT 'topic', value, '' FROM facets WHERE facet = 'topic' ORDER BY value",
			"SELECT kind, slug, day FROM documents WHERE kind = 'round' ORDER BY slug",
			`SELECT 'observation', o.slug, d.day FROM observations o CROSS JOIN documents d
				WHERE d.kind = 'output' AND d.slug = o.output ORDER BY o.slug`,
		} {
			if !e.addresses(ctx, query, yield) {
				return
			}
		}
	}
}

// addresses yields the rows of one query; it returns false when there is to be
// no more.
func (e *Edition) addresses(ctx context.Context, query string, yield func(Address, error) bool) bool {
	rows, err := e.db(ctx).Raw(query).Rows()
	if err != nil {
		yield(Address{}, database.Error(err, "published store"))
		return false
	}
	defer rows.Close()
	for rows.Next() {
		var a Address
		if err := rows.Scan(&a.Kind, &a.Slug, &a.Day); err != nil {
			yield(Address{}, database.Error(err, "published store"))
			return false
		}
		if !yield(a, nil) {
			return false
		}
	}
	if err := rows.Err(); err != nil {
		yield(Address{}, database.Error(err, "published store"))
		return false
	}
	return true
}
