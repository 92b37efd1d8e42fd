package publishedstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/database"
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
	var marks []uint32
	for _, slug := range series {
		c := x.facets[FacetSeries][slug]
		row := TimelineRow{Series: published.Ref{Slug: slug, Name: c.name}, Chosen: set.Intersects(c.rounds)}
		for _, y := range years {
			in := roaring.And(c.rounds, x.facets[FacetYear][strconv.Itoa(y)].rounds)
			if in.IsEmpty() {
				continue
			}
			cell := TimelineCell{Year: y, Count: int(in.GetCardinality())}
			for r := range x.in(Oldest, in) {
				cell.Rounds = append(cell.Rounds, TimelineRound{Observed: r.observations > 0, Chosen: set.Contains(r.ordinal)})
				marks = append(marks, r.ordinal)
				if len(cell.Rounds) == maxMarks {
					break
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, e.nameTimeline(ctx, &t, marks)
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

// nameTimeline fills in the rounds' names, in the order of their marks, and
// which series are samples.
func (e *Edition) nameTimeline(ctx context.Context, t *Timeline, marks []uint32) error {
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
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			for k := range t.Rows[i].Cells[j].Rounds {
				t.Rows[i].Cells[j].Rounds[k].Round = named[marks[0]]
				marks = marks[1:]
			}
		}
	}
	slugs := make([]string, len(t.Rows))
	for i, r := range t.Rows {
		slugs[i] = r.Series.Slug
	}
	if len(slugs) == 0 {
		return nil
	}
	var rows []documentRow
	if err := e.db(ctx).Where("kind = ? AND slug IN ?", published.KindSeries, slugs).Find(&rows).Error; err != nil {
		return database.Error(err, "series")
	}
	for _, row := range rows {
		var s published.Series
		if err := row.document().Decode(&s); err != nil {
			return unreadable(row)
		}
		t.Rows[slices.Index(slugs, row.Slug)].Sample = s.Sample
	}
	return nil
}
