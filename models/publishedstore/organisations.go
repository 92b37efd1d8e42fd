package publishedstore

import (
	"context"
	"slices"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
)

// Organisations returns a page of bodies and categories, by name.
func (e *Edition) Organisations(ctx context.Context, f OrganisationFilter) (OrganisationList, error) {
	var total int64
	if err := e.db(ctx).Model(&organisationRow{}).Count(&total).Error; err != nil {
		return OrganisationList{}, database.Error(err, "organisation")
	}
	l := OrganisationList{Total: int(total)}
	var length int
	l.Page, length, l.Pages = pageOf(f.Page, f.PerPage, 100, l.Total)
	if l.Page > l.Pages {
		return l, nil
	}
	var rows []organisationRow
	err := e.db(ctx).Order("sort_key, slug").Offset((l.Page - 1) * length).Limit(length).Find(&rows).Error
	if err != nil {
		return OrganisationList{}, database.Error(err, "organisation")
	}
	for _, row := range rows {
		entry, err := e.organisationEntry(ctx, row)
		if err != nil {
			return OrganisationList{}, err
		}
		l.Organisations = append(l.Organisations, entry)
	}
	return l, nil
}

func (r organisationRow) document() published.Document {
	return published.Document{Kind: published.KindOrganisation, Slug: r.Slug, Body: []byte(r.Entry)}
}

func (e *Edition) organisationEntry(ctx context.Context, row organisationRow) (OrganisationEntry, error) {
	x, err := e.index(ctx)
	if err != nil {
		return OrganisationEntry{}, err
	}
	entry := OrganisationEntry{Own: row.Own == 1}
	if err := row.document().Decode(&entry.Organisation); err != nil {
		return OrganisationEntry{}, fault.Errorf(fault.Internal, "a stored organisation has not the form of one")
	}
	if c := x.facets[FacetAgency][row.Slug]; c != nil {
		entry.Rounds = int(c.rounds.GetCardinality())
	}
	return entry, nil
}

// Organisation returns a body or category with where it took part, or NotFound.
func (e *Edition) Organisation(ctx context.Context, slug string) (OrganisationPage, error) {
	var row organisationRow
	if err := e.db(ctx).Where("slug = ?", slug).Take(&row).Error; err != nil {
		return OrganisationPage{}, database.Error(err, "organisation")
	}
	var p OrganisationPage
	var err error
	if p.OrganisationEntry, err = e.organisationEntry(ctx, row); err != nil {
		return OrganisationPage{}, err
	}
	if p.Own {
		histories, err := e.histories(ctx, published.KindOrganisation, []string{slug})
		if err != nil {
			return OrganisationPage{}, err
		}
		p.Release = histories[slug]
	}
	if p.Children, err = e.organisationsWhere(ctx, "parent = ?", slug); err != nil {
		return OrganisationPage{}, err
	}
	if p.After, err = e.organisationsWhere(ctx, "slug IN (SELECT slug FROM successions WHERE predecessor = ?)", slug); err != nil {
		return OrganisationPage{}, err
	}
	x, err := e.index(ctx)
	if err != nil {
		return OrganisationPage{}, err
	}
	if len(p.After)+len(p.Organisation.Predecessors) > 0 {
		if p.Line, p.LineRounds, err = e.line(ctx, x, slug); err != nil {
			return OrganisationPage{}, err
		}
	}
	if c := x.facets[FacetAgency][slug]; c != nil {
		p.Years = x.perYear(c.rounds)
	}
	p.Newest, _, err = e.newest(ctx, FacetAgency, slug)
	return p, err
}

// line finds the bodies before and after one that rounds name, and counts the
// rounds of all of them. One query.
func (e *Edition) line(ctx context.Context, x *index, slug string) (line []string, rounds int, err error) {
	var all []string
	err = e.db(ctx).Raw(`WITH RECURSIVE
		before(slug) AS (SELECT CAST(? AS TEXT) UNION SELECT s.predecessor FROM successions s JOIN before b ON s.slug = b.slug),
		after(slug) AS (SELECT CAST(? AS TEXT) UNION SELECT s.slug FROM successions s JOIN after a ON s.predecessor = a.slug)
		SELECT slug FROM before UNION SELECT slug FROM after`, slug, slug).Scan(&all).Error
	if err != nil {
		return nil, 0, database.Error(err, "organisation")
	}
	for _, s := range all {
		if x.facets[FacetAgency][s] != nil {
			line = append(line, s)
		}
	}
	if len(line) < 2 {
		return nil, 0, nil
	}
	slices.Sort(line)
	return line, int(x.union(FacetAgency, line).GetCardinality()), nil
}

// organisationsWhere names the organisations of a condition, by name.
func (e *Edition) organisationsWhere(ctx context.Context, condition, slug string) ([]published.Ref, error) {
	var rows []organisationRow
	if err := e.db(ctx).Where(condition, slug).Order("sort_key, slug").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "organisation")
	}
	var all []published.Ref
	for _, row := range rows {
		var o published.Organisation
		if err := row.document().Decode(&o); err != nil {
			return nil, fault.Errorf(fault.Internal, "a stored organisation has not the form of one")
		}
		all = append(all, published.Ref{Slug: o.Slug, Name: o.Name})
	}
	return all, nil
}

// perYear counts a set of rounds by year, earliest first, years without any left out.
func (x *index) perYear(set *roaring.Bitmap) []YearCount {
	var counts []YearCount
	for _, y := range x.years() {
		if n := x.facets[FacetYear][strconv.Itoa(y)].rounds.AndCardinality(set); n > 0 {
			counts = append(counts, YearCount{y, int(n)})
		}
	}
	return counts
}
