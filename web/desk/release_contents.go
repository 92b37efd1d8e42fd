package desk

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
	views "track15/views/desk"
)

// releaseContents fills in what the release puts and takes away.
func (d *Desk) releaseContents(c echo.Context, r record.Release, p *views.ReleasePage) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	for _, doc := range r.Put {
		l := listed(doc)
		p.Sample = p.Sample || l.sample
		p.Compiled = p.Compiled || l.compiled
		if r.Import {
			p.Listed = append(p.Listed, l.ListedDocument)
		}
	}
	if r.Import {
		p.ListedMore = r.Documents - len(p.Listed)
		return nil
	}
	rows, err := d.Release.Compare(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	if rows, err = d.withCountries(ctx, actor, rows, r.SeriesIDs); err != nil {
		return err
	}
	for _, drop := range r.Drop {
		p.Leaves = append(p.Leaves, leaving(drop, rows))
	}
	p.Documents = compared(rows)
	falling, err := d.Record.FallingWith(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p.Falls = falls(falling, r.Drop)
	return d.releaseReason(c, r, p)
}

// releaseReason says who cleared the sentence that becomes public, as far as this
// person may know.
func (d *Desk) releaseReason(c echo.Context, r record.Release, p *views.ReleasePage) error {
	if !slices.ContainsFunc(r.Drop, func(drop record.FrozenDrop) bool { return drop.Reason != "" }) {
		return nil
	}
	p.Reason = &views.ReasonCleared{}
	if !mayAll(d.actor(c), record.ReadClearance, r.SeriesIDs) {
		return nil
	}
	cleared, err := d.Record.ReasonCleared(c.Request().Context(), d.actor(c), r.ID)
	if fault.KindOf(err) == fault.Unavailable {
		return nil // the keys of the round are not there: the release can be read still
	}
	p.Reason.By, p.Reason.How = cleared.By, cleared.How
	return err
}

// compared groups rows by their document. What leaves as a whole stands
// elsewhere.
func compared(rows []release.Row) []views.Compared {
	var all []views.Compared
	last := ""
	for _, row := range rows {
		if isDrop(row) {
			continue
		}
		if of := string(row.Kind) + "/" + row.Slug; len(all) == 0 || of != last {
			all = append(all, views.Compared{Title: kindWords[string(row.Kind)] + ": " + row.Document})
			last = of
		}
		group := &all[len(all)-1]
		group.Rows = append(group.Rows, compareRow(row))
	}
	return all
}

// withCountries writes the names of countries where rows have their codes.
func (d *Desk) withCountries(ctx context.Context, actor record.Actor, rows []release.Row, series []string) ([]release.Row, error) {
	sides := map[string]string{}
	for _, id := range series {
		s, err := d.Record.Series(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		for _, side := range s.Sides {
			sides[side.Country] = side.Name
		}
	}
	named := func(s string) string {
		city, code, _ := strings.Cut(s, ", ")
		if code == "" && len(city) == 2 {
			city, code = "", city
		}
		return views.PlaceWords(city, code, sides)
	}
	for i, row := range rows {
		if row.Field == "Place" || row.Field == "Country" {
			rows[i].Record, rows[i].Public, rows[i].Was = named(row.Record), named(row.Public), named(row.Was)
		}
	}
	return rows, nil
}

// isDrop reports whether a row is about a document that the release takes away.
func isDrop(row release.Row) bool { return row.Field == "Notice" && row.Change == release.Removed }

// changes are the states of a field, as the page shows them.
var changes = map[release.Change]views.RowState{
	release.Altered: views.Changed, release.Added: views.New, release.Removed: views.Gone,
	release.Kept: views.AsReleased, release.Internal: views.NotPublic,
}

func compareRow(row release.Row) views.CompareRow {
	v := views.CompareRow{Name: rowName(row), Field: row.Field, Record: row.Record, State: changes[row.Change]}
	switch v.State {
	case views.NotPublic:
	case views.New, views.AsReleased:
		v.Public = []views.Piece{{Text: row.Public}}
	default:
		v.Public = views.Differences(row.Was, row.Public)
	}
	return v
}

// rowName tells a field from all others of a release.
func rowName(row release.Row) string {
	return string(row.Kind) + "." + row.Slug + "." + strings.ReplaceAll(strings.ToLower(row.Field), " ", "-")
}

// kindWords are the words for kinds of documents.
var kindWords = map[string]string{
	string(published.KindSeries): "Series", string(published.KindOrganisation): "Organisation",
	string(published.KindRound): "Round", string(published.KindOutput): "Text",
}

func leaving(drop record.FrozenDrop, rows []release.Row) views.Leaving {
	l := views.Leaving{Kind: kindWords[drop.Kind], Title: drop.Slug, Reason: drop.Reason, Notice: "Nothing, as if it had never been released"}
	for _, row := range rows {
		if isDrop(row) && string(row.Kind) == drop.Kind && row.Slug == drop.Slug {
			l.Title = row.Document
		}
	}
	switch published.Notice(drop.Notice) {
	case published.NoticeSuspended:
		l.Notice = "A notice that it is not available for the time being"
	case published.NoticeWithdrawn:
		l.Notice = "A notice that it was withdrawn by the conveners"
	}
	return l
}

// A listedDocument is a document by what a list shows of it.
type listedDocument struct {
	views.ListedDocument
	sample, compiled bool
}

func listed(d record.FrozenDocument) listedDocument {
	doc := decode(d)
	l := listedDocument{ListedDocument: views.ListedDocument{Kind: kindWords[d.Kind], Title: doc.title()}}
	h := doc.head()
	l.sample, l.compiled = h.Sample, h.Compiled
	if len(h.Sources) > 0 {
		l.Source = h.Sources[0].URL
	}
	return l
}
