package publishedstore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/database"
)

// An index is what lists of one state need in memory: the choices with their
// rounds, and all rounds in order. 100,000 rounds take a few megabytes.
type index struct {
	orders map[Order]sequence
	all    *roaring.Bitmap
	seen   *roaring.Bitmap // rounds with observations
	facets map[string]map[string]*choice

	mu   sync.Mutex
	rows map[string]*seriesRow // of the timeline, by series; held by mu
}

// A sequence is all rounds in one order, and the place of each by its ordinal.
type sequence struct {
	rounds []ranked
	place  []uint32
}

func newSequence(rounds []ranked) sequence {
	s := sequence{rounds: rounds}
	for i, r := range rounds {
		if n := int(r.ordinal) + 1 - len(s.place); n > 0 {
			s.place = append(s.place, make([]uint32, n)...)
		}
		s.place[r.ordinal] = uint32(i)
	}
	return s
}

type ranked struct {
	ordinal      uint32
	observations int
}

type choice struct {
	name, sortKey string
	rounds        *roaring.Bitmap
}

// A lazyIndex reads the index when the first list is asked for.
type lazyIndex struct {
	mu   sync.Mutex
	read *index
}

func (e *Edition) index(ctx context.Context) (*index, error) {
	l := &e.state.index
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.read == nil {
		x, err := e.readIndex(ctx)
		if err != nil {
			return nil, database.Error(err, "published store")
		}
		l.read = x
	}
	return l.read, nil
}

func (e *Edition) readIndex(ctx context.Context) (*index, error) {
	x := &index{all: roaring.New(), seen: roaring.New(), facets: map[string]map[string]*choice{}, rows: map[string]*seriesRow{}}
	rows, err := e.db(ctx).Raw("SELECT opened, ordinal, observations FROM rounds ORDER BY opened DESC, slug").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var newest, undated []ranked
	for rows.Next() {
		var opened string
		var r ranked
		if err := rows.Scan(&opened, &r.ordinal, &r.observations); err != nil {
			return nil, err
		}
		if opened != "" {
			newest = append(newest, r)
		} else {
			undated = append(undated, r)
		}
		x.all.Add(r.ordinal)
		if r.observations > 0 {
			x.seen.Add(r.ordinal)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// A round without a date stands last in every order by date.
	oldest := slices.Clone(newest)
	slices.Reverse(oldest)
	oldest, newest = append(oldest, undated...), append(newest, undated...)
	most := slices.Clone(newest)
	slices.SortStableFunc(most, func(a, b ranked) int { return cmp.Compare(b.observations, a.observations) })
	x.orders = map[Order]sequence{Newest: newSequence(newest), Oldest: newSequence(oldest), MostObservations: newSequence(most)}
	var facets []facetRow
	if err := e.db(ctx).Find(&facets).Error; err != nil {
		return nil, err
	}
	for _, f := range facets {
		b, err := decodeBitmap(f.Rounds)
		if err != nil {
			return nil, err
		}
		if x.facets[f.Facet] == nil {
			x.facets[f.Facet] = map[string]*choice{}
		}
		x.facets[f.Facet][f.Value] = &choice{f.Name, sortKey(f.Name), b}
	}
	return x, nil
}

// in yields the rounds of a set in an order. It looks at every round only if
// the set holds many of them.
func (x *index) in(o Order, set *roaring.Bitmap) iter.Seq[ranked] {
	s, known := x.orders[o]
	if !known {
		s = x.orders[Newest]
	}
	if n := int(set.GetCardinality()); n*16 < len(s.rounds) {
		places := make([]uint32, 0, n)
		for ordinal := range roaring.Values(set) {
			places = append(places, s.place[ordinal])
		}
		slices.Sort(places)
		return func(yield func(ranked) bool) {
			for _, p := range places {
				if !yield(s.rounds[p]) {
					return
				}
			}
		}
	}
	return func(yield func(ranked) bool) {
		for _, r := range s.rounds {
			if set.Contains(r.ordinal) && !yield(r) {
				return
			}
		}
	}
}

// A selection is what a filter chooses: one set of rounds a group, nil for a
// group without a choice.
type selection [5]*roaring.Bitmap // in the order of Facets

// choose reads a filter. A value that no round has selects nothing.
func (x *index) choose(f RoundFilter) selection {
	var s selection
	for i, values := range [][]string{f.Agency, f.Series, f.Country, f.Topic} {
		if len(values) > 0 {
			s[i] = x.union(Facets[i], values)
		}
	}
	if f.Since > 0 || f.Until > 0 {
		var years []string
		for value := range x.facets[FacetYear] {
			if y, err := strconv.Atoi(value); err == nil && y >= f.Since && (f.Until == 0 || y <= f.Until) {
				years = append(years, value)
			}
		}
		s[4] = x.union(FacetYear, years)
	}
	return s
}

func (x *index) union(facet string, values []string) *roaring.Bitmap {
	var sets []*roaring.Bitmap
	for _, v := range values {
		if c := x.facets[facet][v]; c != nil {
			sets = append(sets, c.rounds)
		}
	}
	return roaring.FastOr(sets...)
}

// but returns the rounds that all groups choose but one; without is -1 for all
// groups. It is x.all if they choose nothing.
func (s selection) but(without int, x *index) *roaring.Bitmap {
	var sets []*roaring.Bitmap
	for i, b := range s {
		if b != nil && i != without {
			sets = append(sets, b)
		}
	}
	if len(sets) == 0 {
		return x.all
	}
	return roaring.FastAnd(sets...)
}

// counted returns the facets for a filter: each group as if nothing were chosen
// in it.
func (x *index) counted(f RoundFilter, s selection) []Facet {
	chosen := map[facetKey]bool{}
	for i, values := range [][]string{f.Agency, f.Series, f.Country, f.Topic} {
		for _, v := range values {
			chosen[facetKey{Facets[i], v}] = true
		}
	}
	var all []Facet
	for i, group := range Facets {
		base := s.but(i, x)
		facet := Facet{Group: group}
		keys := map[string]string{}
		for value, c := range x.facets[group] {
			v := FacetValue{Value: value, Name: c.name, Chosen: chosen[facetKey{group, value}]}
			if y, err := strconv.Atoi(value); group == FacetYear && err == nil && s[i] != nil {
				v.Chosen = y >= f.Since && (f.Until == 0 || y <= f.Until)
			}
			if base == x.all {
				v.Count = int(c.rounds.GetCardinality())
			} else {
				v.Count = int(base.AndCardinality(c.rounds))
			}
			if v.Count == 0 && !v.Chosen {
				continue
			}
			keys[value] = c.sortKey
			facet.Values = append(facet.Values, v)
		}
		slices.SortFunc(facet.Values, func(a, b FacetValue) int {
			if group == FacetYear {
				return cmp.Compare(b.Value, a.Value)
			}
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(keys[a.Value], keys[b.Value]), cmp.Compare(a.Value, b.Value))
		})
		all = append(all, facet)
	}
	return all
}

// Known tells whether a released round has the value in the facet: an agency's,
// series' or topic's slug, a country's code, a year.
func (e *Edition) Known(ctx context.Context, facet, value string) (bool, error) {
	x, err := e.index(ctx)
	if err != nil {
		return false, err
	}
	return x.facets[facet][value] != nil, nil
}
