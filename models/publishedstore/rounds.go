package publishedstore

import (
	"context"
	"iter"
	"slices"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
)

// page returns the number of a page from 1, its length and how many there are.
func pageOf(page, perPage, standard, total int) (number, length, pages int) {
	if perPage <= 0 {
		perPage = standard
	}
	return max(page, 1), perPage, max((total+perPage-1)/perPage, 1)
}

// Rounds returns a page of the rounds that f selects, with the choices around
// them.
func (e *Edition) Rounds(ctx context.Context, f RoundFilter) (RoundList, error) {
	x, err := e.index(ctx)
	if err != nil {
		return RoundList{}, err
	}
	s := x.choose(f)
	set := s.but(-1, x)
	l := RoundList{Total: int(set.GetCardinality()), Facets: x.counted(f, s)}
	var length int
	l.Page, length, l.Pages = pageOf(f.Page, f.PerPage, 25, l.Total)
	if l.Page > l.Pages {
		return l, nil
	}
	var ordinals []uint32
	skip := (l.Page - 1) * length
	for r := range x.in(f.Order, set) {
		if skip--; skip >= 0 {
			continue
		}
		ordinals = append(ordinals, r.ordinal)
		if len(ordinals) == length {
			break
		}
	}
	l.Rounds, err = e.roundEntries(ctx, ordinals)
	return l, err
}

// EachRound yields every round that f selects in its order, whatever its Page,
// or one error and ends. It reads some hundred rounds at a time.
func (e *Edition) EachRound(ctx context.Context, f RoundFilter) iter.Seq2[RoundEntry, error] {
	return func(yield func(RoundEntry, error) bool) {
		x, err := e.index(ctx)
		if err != nil {
			yield(RoundEntry{}, err)
			return
		}
		var ordinals []uint32
		flush := func() bool {
			entries, err := e.roundEntries(ctx, ordinals)
			ordinals = ordinals[:0]
			if err != nil {
				yield(RoundEntry{}, err)
				return false
			}
			for _, r := range entries {
				if !yield(r, nil) {
					return false
				}
			}
			return true
		}
		for r := range x.in(f.Order, x.choose(f).but(-1, x)) {
			if ordinals = append(ordinals, r.ordinal); len(ordinals) == chunk && !flush() {
				return
			}
		}
		flush()
	}
}

// newest returns the newest rounds with a value of a facet, at most 50, and how
// many there are.
func (e *Edition) newest(ctx context.Context, facet, value string) ([]RoundEntry, int, error) {
	x, err := e.index(ctx)
	if err != nil {
		return nil, 0, err
	}
	set := x.union(facet, []string{value})
	var ordinals []uint32
	for r := range x.in(Newest, set) {
		if ordinals = append(ordinals, r.ordinal); len(ordinals) == 50 {
			break
		}
	}
	entries, err := e.roundEntries(ctx, ordinals)
	return entries, int(set.GetCardinality()), err
}

// roundEntries reads rounds by ordinal, in the order given.
func (e *Edition) roundEntries(ctx context.Context, ordinals []uint32) ([]RoundEntry, error) {
	if len(ordinals) == 0 {
		return nil, nil
	}
	rows, err := findAll[roundRow](e.db(ctx), "ordinal IN ?", ordinals)
	if err != nil {
		return nil, database.Error(err, "round")
	}
	slugs := make([]string, len(rows))
	for i, row := range rows {
		slugs[i] = row.Slug
	}
	docs, err := documents[published.Round](ctx, e, published.KindRound, slugs)
	if err != nil {
		return nil, err
	}
	place := make(map[uint32]int, len(ordinals))
	for i, o := range ordinals {
		place[o] = i
	}
	entries := make([]RoundEntry, len(ordinals))
	bySlug := make(map[string]*RoundEntry, len(rows))
	for _, row := range rows {
		d := docs[row.Slug]
		entry := &entries[place[row.Ordinal]]
		*entry = RoundEntry{Round: d.of, Version: d.Version, Day: d.Day, Observations: row.Observations}
		bySlug[row.Slug] = entry
	}
	var counts []struct {
		Round   string
		Account int
		N       int
	}
	err = e.db(ctx).Raw("SELECT round, account, count(*) AS n FROM outputs WHERE round IN ? GROUP BY round, account", slugs).
		Scan(&counts).Error
	if err != nil {
		return nil, database.Error(err, "round")
	}
	for _, c := range counts {
		if c.Account == 1 {
			bySlug[c.Round].Accounts = c.N
		} else {
			bySlug[c.Round].Outputs = c.N
		}
	}
	return entries, nil
}

// unreadable is for a document that Apply would have refused.
func unreadable(d documentRow) error {
	return fault.Errorf(fault.Internal, "a stored %s document has not the form of one", d.Kind)
}

// Round returns everything released about one round, or NotFound.
func (e *Edition) Round(ctx context.Context, slug string) (RoundPage, error) {
	var p RoundPage
	var err error
	if p.Release, err = e.document(ctx, published.KindRound, slug, &p.Round); err != nil {
		return RoundPage{}, err
	}
	var s published.Series
	switch _, err := e.document(ctx, published.KindSeries, p.Round.Series.Slug, &s); fault.KindOf(err) {
	case fault.NotFound:
	default:
		if err != nil {
			return RoundPage{}, err
		}
		p.Series = &s
	}
	p.Outputs, err = e.outputs(ctx, "round = ?", slug)
	return p, err
}

// document reads a document and its history, or NotFound.
func (e *Edition) document(ctx context.Context, kind published.Kind, slug string, into any) (Released, error) {
	var row documentRow
	if err := e.db(ctx).Where("kind = ? AND slug = ?", kind, slug).Take(&row).Error; err != nil {
		return Released{}, database.Error(err, string(kind))
	}
	if err := row.document().Decode(into); err != nil {
		return Released{}, unreadable(row)
	}
	histories, err := e.histories(ctx, kind, []string{slug})
	return histories[slug], err
}

// histories reads the versions of documents of a kind that are public now.
func (e *Edition) histories(ctx context.Context, kind published.Kind, slugs []string) (map[string]Released, error) {
	var rows []struct {
		Slug  string
		Texts int
		Version
	}
	err := e.db(ctx).Raw(`SELECT slug, version, number, day, change, note, hash, count(body) AS texts
		FROM versions WHERE kind = ? AND slug IN ?
		GROUP BY slug, version, number, day, change, note, hash ORDER BY slug, version`, kind, slugs).Scan(&rows).Error
	if err != nil {
		return nil, database.Error(err, string(kind))
	}
	all := map[string]Released{}
	for _, row := range rows {
		r := all[row.Slug]
		row.Readable = row.Texts > 0
		r.History = append(r.History, row.Version)
		all[row.Slug] = r
	}
	for slug, r := range all {
		last := &r.History[len(r.History)-1]
		last.Readable = true
		r.Version = *last
		all[slug] = r
	}
	return all, nil
}

// outputs reads texts with their histories, by date, undated ones last.
func (e *Edition) outputs(ctx context.Context, condition string, args ...any) ([]OutputEntry, error) {
	var rows []outputRow
	err := e.db(ctx).Where(condition, args...).
		Order("CASE WHEN dated = '' THEN 1 ELSE 0 END, dated, slug").Find(&rows).Error
	if err != nil {
		return nil, database.Error(err, "output")
	}
	if len(rows) == 0 {
		return nil, nil
	}
	slugs := make([]string, len(rows))
	for i, row := range rows {
		slugs[i] = row.Slug
	}
	texts, err := documents[published.Output](ctx, e, published.KindOutput, slugs)
	if err != nil {
		return nil, err
	}
	histories, err := e.histories(ctx, published.KindOutput, slugs)
	if err != nil {
		return nil, err
	}
	all := make([]OutputEntry, len(rows))
	for i, slug := range slugs {
		all[i] = OutputEntry{texts[slug].of, histories[slug]}
	}
	return all, nil
}

// Output returns one text, without its history.
func (e *Edition) Output(ctx context.Context, slug string) (published.Output, error) {
	var o published.Output
	_, err := e.document(ctx, published.KindOutput, slug, &o)
	return o, err
}

// Series returns a series with its rounds, or NotFound.
func (e *Edition) Series(ctx context.Context, slug string) (SeriesPage, error) {
	var p SeriesPage
	var err error
	if p.Release, err = e.document(ctx, published.KindSeries, slug, &p.Series); err != nil {
		return SeriesPage{}, err
	}
	if p.Newest, p.Rounds, err = e.newest(ctx, FacetSeries, slug); err != nil {
		return SeriesPage{}, err
	}
	p.Outputs, err = e.outputs(ctx, "round = '' AND series = ?", slug)
	return p, err
}

// Topic returns a topic with its rounds, or NotFound.
func (e *Edition) Topic(ctx context.Context, slug string) (TopicPage, error) {
	x, err := e.index(ctx)
	if err != nil {
		return TopicPage{}, err
	}
	c := x.facets[FacetTopic][slug]
	if c == nil {
		return TopicPage{}, fault.Errorf(fault.NotFound, "there is no such topic")
	}
	p := TopicPage{Topic: published.Ref{Slug: slug, Name: c.name}}
	p.Newest, p.Rounds, err = e.newest(ctx, FacetTopic, slug)
	return p, err
}

// Notice returns what stands at the address of a round, output or observation
// that left, or NotFound.
func (e *Edition) Notice(ctx context.Context, kind published.Kind, slug string) (Tombstone, error) {
	if !slices.Contains([]published.Kind{published.KindRound, published.KindOutput, KindObservation}, kind) {
		return Tombstone{}, fault.Errorf(fault.NotFound, "there is no such notice")
	}
	var n noticeRow
	if err := e.db(ctx).Where("kind = ? AND slug = ?", kind, slug).Take(&n).Error; err != nil {
		return Tombstone{}, database.Error(err, "notice")
	}
	return Tombstone{n.Kind, n.Slug, n.Notice, n.Reason, n.Day}, nil
}

// Earlier returns the words of an earlier version that amendments left
// readable, or NotFound.
func (e *Edition) Earlier(ctx context.Context, kind published.Kind, slug string, version int) (published.Document, error) {
	var row versionRow
	err := e.db(ctx).Where("kind = ? AND slug = ? AND version = ? AND body IS NOT NULL", kind, slug, version).Take(&row).Error
	if err != nil {
		return published.Document{}, database.Error(err, "version")
	}
	return published.Document{Kind: kind, Slug: slug, Body: row.Body}, nil
}
