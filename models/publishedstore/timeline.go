package publishedstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
)

// Limits of a timeline.
const (
	maxRows  = 12
	maxMarks = 4
)

// Timeline returns the twelve series with the most rounds, those that f selects
// before the others. Only rounds whose year is public have a mark.
func (e *Edition) Timeline(ctx context.Context, f RoundFilter) (Timeline, error) {
	x, err := e.index(ctx)
	if err != nil {
		return Timeline{}, err
	}
	set := x.choose(f).but(-1, x)
	years := x.years()
	dated := roaring.New()
	for _, y := range years {
		dated.Or(x.facets[FacetYear][strconv.Itoa(y)].rounds)
	}
	var t Timeline
	if len(years) > 0 {
		t.First, t.Last = years[0], years[len(years)-1]
	}
	series := x.timelineSeries(set, dated)
	if len(series) > maxRows {
		t.More = len(series) - maxRows
		series = series[:maxRows]
	}
	for _, slug := range series {
		c := x.facets[FacetSeries][slug]
		kept, err := e.seriesRow(ctx, x, slug, years)
		if err != nil {
			return Timeline{}, err
		}
		row := TimelineRow{
			Series: published.Ref{Slug: slug, Name: c.name}, Sample: kept.sample,
			Chosen: set.Intersects(c.rounds), Cells: slices.Clone(kept.cells),
		}
		for i := range row.Cells {
			marks := slices.Clone(row.Cells[i].Rounds)
			for j := range marks {
				marks[j].Chosen = set.Contains(kept.ordinals[i][j])
			}
			row.Cells[i].Rounds = marks
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// A seriesRow is what no filter changes in the row of a series: its marks by
// year, with their ordinals.
type seriesRow struct {
	cells    []TimelineCell
	ordinals [][]uint32
	sample   bool
}

// seriesRow returns the row of a series, read when it is first shown and kept
// as long as the index.
func (e *Edition) seriesRow(ctx context.Context, x *index, slug string, years []int) (*seriesRow, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if row := x.rows[slug]; row != nil {
		return row, nil
	}
	row := &seriesRow{}
	var marks []uint32
	for _, y := range years {
		in := roaring.And(x.facets[FacetSeries][slug].rounds, x.facets[FacetYear][strconv.Itoa(y)].rounds)
		if in.IsEmpty() {
			continue
		}
		cell := TimelineCell{Year: y, Count: int(in.GetCardinality())}
		var ordinals []uint32
		for r := range x.in(Oldest, in) {
			cell.Rounds = append(cell.Rounds, TimelineRound{Observed: r.observations > 0})
			if ordinals = append(ordinals, r.ordinal); len(ordinals) == maxMarks {
				break
			}
		}
		row.cells, row.ordinals = append(row.cells, cell), append(row.ordinals, ordinals)
		marks = append(marks, ordinals...)
	}
	if err := e.nameMarks(ctx, row, marks); err != nil {
		return nil, err
	}
	var s published.Series
	switch _, err := e.document(ctx, published.KindSeries, slug, &s); fault.KindOf(err) {
	case fault.NotFound:
	default:
		if err != nil {
			return nil, err
		}
		row.sample = s.Sample
	}
	x.rows[slug] = row
	return row, nil
}

// years returns the years that rounds have, earliest first.
func (x *index) years() []int {
	var years []int
	for value := range x.facets[FacetYear] {
		if y, err := strconv.Atoi(value); err == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
}

// timelineSeries returns the series with dated rounds: those with most rounds
// in set first, then those with most rounds, then by name.
func (x *index) timelineSeries(set, dated *roaring.Bitmap) []string {
	type weighed struct {
		slug        string
		chosen, all uint64
	}
	var series []weighed
	for slug, c := range x.facets[FacetSeries] {
		if n := dated.AndCardinality(c.rounds); n > 0 {
			series = append(series, weighed{slug, set.AndCardinality(c.rounds), n})
		}
	}
	name := func(w weighed) string { return x.facets[FacetSeries][w.slug].sortKey }
	slices.SortFunc(series, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.chosen, a.chosen), cmp.Compare(b.all, a.all), cmp.Compare(name(a), name(b)), cmp.Compare(a.slug, b.slug))
	})
	slugs := make([]string, len(series))
	for i, w := range series {
		slugs[i] = w.slug
	}
	return slugs
}

// nameMarks fills in the rounds' names, in the order of their marks.
func (e *Edition) nameMarks(ctx context.Context, row *seriesRow, marks []uint32) error {
	named := map[uint32]published.Ref{}
	for part := range slices.Chunk(marks, chunk) {
		var rows []struct {
			Ordinal     uint32
			Slug, Title string
		}
		err := e.db(ctx).Raw("SELECT ordinal, slug, title FROM rounds WHERE ordinal IN ?", part).Scan(&rows).Error
		if err != nil {
			return database.Error(err, "round")
		}
		for _, r := range rows {
			named[r.Ordinal] = published.Ref{Slug: r.Slug, Name: r.Title}
		}
	}
	for i, ordinals := range row.ordinals {
		for j, ordinal := range ordinals {
			row.cells[i].Rounds[j].Round = named[ordinal]
		}
	}
	return nil
}
