package publishedstore

import (
	"slices"

	"track15/models/published"
)

// retract takes away every row that follows from a document that is public,
// but not the document, its versions and its notices. It returns what it held.
func (f *folding) retract(old documentRow) (content, error) {
	c, _, err := decode(old.document())
	if err != nil {
		return content{}, err
	}
	switch {
	case c.series != nil:
		f.facets.of(facetKey{FacetSeries, old.Slug})
		err = f.forget(findSeries(*c.series))
	case c.organisation != nil:
		f.organisations[old.Slug] = true
	case c.round != nil:
		err = f.retractRound(*c.round)
	case c.output != nil:
		err = f.retractOutput(*c.output)
	}
	return c, err
}

func (f *folding) retractRound(r published.Round) error {
	var row roundRow
	if err := f.tx.Where("slug = ?", r.Slug).Take(&row).Error; err != nil {
		return err
	}
	if err := f.tx.Where("slug = ?", r.Slug).Delete(&roundRow{}).Error; err != nil {
		return err
	}
	f.rounds.free(row.Ordinal)
	for _, k := range memberships(r) {
		f.facets.of(k).remove.Add(row.Ordinal)
	}
	return f.forget(findRound(r))
}

func (f *folding) retractOutput(o published.Output) error {
	if err := f.tx.Where("slug = ?", o.Slug).Delete(&outputRow{}).Error; err != nil {
		return err
	}
	if err := f.tx.Where("output = ?", o.Slug).Delete(&observationRow{}).Error; err != nil {
		return err
	}
	if o.Round != nil {
		f.recount[o.Round.Slug] = true
	}
	for _, ob := range o.Observations {
		if err := f.forget(findObservation(o, ob)); err != nil {
			return err
		}
	}
	return f.forget(findOutput(o))
}

// forget takes a thing out of search.
func (f *folding) forget(t findable) error {
	var row entryRow
	if err := f.tx.Where("kind = ? AND slug = ?", t.kind, t.slug).Take(&row).Error; err != nil {
		return err
	}
	if err := f.tx.Where("id = ?", row.ID).Delete(&entryRow{}).Error; err != nil {
		return err
	}
	f.entries.free(row.ID)
	for term := range t.terms(f.stems) {
		f.terms.of(term).remove.Add(row.ID)
	}
	return nil
}

// first is the sorting key of names, which stand before everything dated.
const first = "~"

// find puts things into search; opened is what each is sorted by.
func (f *folding) find(things []findable, opened func(i int) string) error {
	rows := make([]entryRow, len(things))
	for i, t := range things {
		rows[i] = entryRow{f.entries.next(), t.kind, t.slug, opened(i)}
		for term := range t.terms(f.stems) {
			f.terms.of(term).add.Add(rows[i].ID)
		}
	}
	return insert(f.tx, rows)
}

// bring makes the rows that follow from documents of one kind.
func (f *folding) bring(kind published.Kind, part []content) error {
	switch kind {
	case published.KindSeries:
		things := make([]findable, len(part))
		for i, c := range part {
			things[i] = findSeries(*c.series)
			f.facets.of(facetKey{FacetSeries, c.series.Slug})
		}
		return f.find(things, func(int) string { return first })
	case published.KindOrganisation:
		for _, c := range part {
			f.organisations[c.organisation.Slug] = true
		}
		return nil
	case published.KindRound:
		return f.bringRounds(part)
	default:
		return f.bringOutputs(part)
	}
}

func (f *folding) bringRounds(part []content) error {
	rows := make([]roundRow, len(part))
	things := make([]findable, len(part))
	slugs := make([]string, len(part))
	for i, c := range part {
		r := *c.round
		rows[i] = roundRow{
			Slug: r.Slug, Ordinal: f.rounds.next(), Opened: openedKey(r), Series: r.Series.Slug, Year: yearOf(r), Title: r.Title,
		}
		for _, k := range memberships(r) {
			f.facets.of(k).add.Add(rows[i].Ordinal)
		}
		things[i], slugs[i] = findRound(r), r.Slug
	}
	if err := insert(f.tx, rows); err != nil {
		return err
	}
	outputs, err := findAll[outputRow](f.tx, "round IN ?", slugs)
	if err != nil {
		return err
	}
	for _, o := range outputs {
		f.recount[o.Round] = true
		f.redate[o.Round] = rows[slices.Index(slugs, o.Round)].Opened
	}
	return f.find(things, func(i int) string { return rows[i].Opened })
}

func (f *folding) bringOutputs(part []content) error {
	var slugs []string
	for _, c := range part {
		if r := c.output.Round; r != nil {
			slugs = append(slugs, r.Slug)
		}
	}
	rounds, err := findAll[roundRow](f.tx, "slug IN ?", slugs)
	if err != nil {
		return err
	}
	opened := map[string]string{}
	for _, r := range rounds {
		opened[r.Slug] = r.Opened
	}
	var rows []outputRow
	var observations []observationRow
	var things []findable
	var sorted []string // by what each of things is sorted
	for _, c := range part {
		o := *c.output
		row := outputRow{
			Slug: o.Slug, Series: o.Series.Slug, Dated: o.Date,
			Observations: len(o.Observations), Account: account(o),
		}
		at := o.Date
		if o.Round != nil {
			row.Round = o.Round.Slug
			f.recount[row.Round] = true
			if day, public := opened[row.Round]; public {
				at = day
			}
		}
		rows = append(rows, row)
		things, sorted = append(things, findOutput(o)), append(sorted, at)
		for _, ob := range o.Observations {
			observations = append(observations, observationRow{ob.Slug, o.Slug, ob.Number, row.Round, at})
			things, sorted = append(things, findObservation(o, ob)), append(sorted, at)
		}
	}
	if err := insert(f.tx, rows); err != nil {
		return err
	}
	if err := insert(f.tx, observations); err != nil {
		return err
	}
	return f.find(things, func(i int) string { return sorted[i] })
}

// account is 1 for a text that others published.
func account(o published.Output) int {
	if o.External() {
		return 1
	}
	return 0
}
