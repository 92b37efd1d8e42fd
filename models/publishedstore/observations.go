package publishedstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
)

// Observations returns a page of observations, those of the newest rounds
// first, then by output and number; f.Order is not looked at, PerPage is 25 if
// 0. With a choice in f only observations of rounds are in it; those about a
// series as a whole stand in the list without one.
func (e *Edition) Observations(ctx context.Context, f RoundFilter) (ObservationList, error) {
	x, err := e.index(ctx)
	if err != nil {
		return ObservationList{}, err
	}
	s := x.choose(f)
	if s == (selection{}) {
		return e.allObservations(ctx, f)
	}
	set := s.but(-1, x)
	var l ObservationList
	for r := range x.in(Newest, set) {
		l.Total += r.observations
	}
	var length int
	l.Page, length, l.Pages = pageOf(f.Page, f.PerPage, 25, l.Total)
	if l.Page > l.Pages {
		return l, nil
	}
	from, to := (l.Page-1)*length, l.Page*length
	var ordinals []uint32
	skipped, seen := 0, 0
	for r := range x.in(Newest, set) {
		if r.observations > 0 && seen+r.observations > from {
			ordinals = append(ordinals, r.ordinal)
		} else {
			skipped += r.observations
		}
		if seen += r.observations; seen >= to {
			break
		}
	}
	if len(ordinals) == 0 {
		return l, nil
	}
	rounds, err := findAll[roundRow](e.db(ctx), "ordinal IN ?", ordinals)
	if err != nil {
		return ObservationList{}, database.Error(err, "round")
	}
	slugs := make([]string, len(rounds))
	for i, r := range rounds {
		slugs[i] = r.Slug
	}
	l.Observations, err = e.observations(ctx, e.db(ctx).Where("round IN ?", slugs).
		Offset(from-skipped).Limit(length))
	return l, err
}

func (e *Edition) allObservations(ctx context.Context, f RoundFilter) (ObservationList, error) {
	var total int64
	if err := e.db(ctx).Model(&observationRow{}).Count(&total).Error; err != nil {
		return ObservationList{}, database.Error(err, "observation")
	}
	l := ObservationList{Total: int(total)}
	var length int
	l.Page, length, l.Pages = pageOf(f.Page, f.PerPage, 25, l.Total)
	if l.Page > l.Pages {
		return l, nil
	}
	var err error
	l.Observations, err = e.observations(ctx, e.db(ctx).Offset((l.Page-1)*length).Limit(length))
	return l, err
}

// observations reads the observations that query selects, in the order of lists.
func (e *Edition) observations(ctx context.Context, query *gorm.DB) ([]ObservationEntry, error) {
	var rows []observationRow
	if err := query.Order("opened DESC, round, output, number, slug").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "observation")
	}
	var outputs, rounds []string
	for _, r := range rows {
		outputs = append(outputs, r.Output)
		if r.Round != "" {
			rounds = append(rounds, r.Round)
		}
	}
	texts, err := documents[published.Output](ctx, e, published.KindOutput, outputs)
	if err != nil {
		return nil, err
	}
	meetings, err := documents[published.Round](ctx, e, published.KindRound, rounds)
	if err != nil {
		return nil, err
	}
	all := make([]ObservationEntry, len(rows))
	for i, r := range rows {
		text := texts[r.Output]
		all[i] = ObservationEntry{Output: text.of, Version: text.Version, Day: text.Day}
		for _, o := range text.of.Observations {
			if o.Slug == r.Slug {
				all[i].Observation = o
			}
		}
		if m, public := meetings[r.Round]; public {
			all[i].Round = &m.of
		}
	}
	return all, nil
}

// A decoded is a document as its type, with its row.
type decoded[T any] struct {
	documentRow
	of T
}

// documents reads documents of one kind by slug; those that are not public are
// absent.
func documents[T any](ctx context.Context, e *Edition, kind published.Kind, slugs []string) (map[string]decoded[T], error) {
	rows, err := findAll[documentRow](e.db(ctx).Where("kind = ?", kind), "slug IN ?", unique(slugs))
	if err != nil {
		return nil, database.Error(err, string(kind))
	}
	all := make(map[string]decoded[T], len(rows))
	for _, row := range rows {
		d := decoded[T]{documentRow: row}
		if err := row.document().Decode(&d.of); err != nil {
			return nil, unreadable(row)
		}
		all[row.Slug] = d
	}
	return all, nil
}

// Observation returns one observation with where it stands, or NotFound.
func (e *Edition) Observation(ctx context.Context, slug string) (ObservationPage, error) {
	found, err := e.observations(ctx, e.db(ctx).Where("slug = ?", slug))
	if err != nil {
		return ObservationPage{}, err
	}
	if len(found) == 0 {
		return ObservationPage{}, fault.Errorf(fault.NotFound, "there is no such observation")
	}
	p := ObservationPage{ObservationEntry: found[0]}
	histories, err := e.histories(ctx, published.KindOutput, []string{p.Output.Slug})
	p.Release = histories[p.Output.Slug]
	return p, err
}
