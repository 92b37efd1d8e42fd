package publishedstore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/published"
)

// summarise makes again what follows from several documents at once.
func (f *folding) summarise() error {
	for _, step := range []func() error{f.redateOutputs, f.countObservations, f.nameChoices, f.writeTerms} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// redateOutputs gives outputs and observations the day of their round.
func (f *folding) redateOutputs() error {
	for _, round := range sorted(f.redate) {
		opened := f.redate[round]
		for _, statement := range []string{
			"UPDATE observations SET opened = ? WHERE round = ?",
			"UPDATE entries SET opened = ? WHERE kind = 'output' AND slug IN (SELECT slug FROM outputs WHERE round = ?)",
			"UPDATE entries SET opened = ? WHERE kind = 'observation' AND slug IN (SELECT slug FROM observations WHERE round = ?)",
		} {
			if err := f.tx.Exec(statement, opened, round).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// countObservations sums up the observations of rounds whose outputs changed.
func (f *folding) countObservations() error {
	for part := range slices.Chunk(sorted(f.recount), chunk) {
		err := f.tx.Exec(`UPDATE rounds SET observations = (SELECT COALESCE(SUM(o.observations), 0)
			FROM outputs o WHERE o.round = rounds.slug) WHERE slug IN ?`, part).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// nameChoices writes the bitmaps that changed, with the names of their values,
// and the organisations and topics that follow from them.
//
// A value is called what its own document says, else what the round with the
// lowest ordinal says.
func (f *folding) nameChoices() error {
	for slug := range f.organisations {
		f.facets.of(facetKey{FacetAgency, slug})
	}
	keys := slices.SortedFunc(maps.Keys(f.facets), func(a, b facetKey) int {
		return cmp.Or(cmp.Compare(a.facet, b.facet), cmp.Compare(a.value, b.value))
	})
	for facet, values := range byFacet(keys) {
		for part := range slices.Chunk(values, chunk) {
			if err := f.nameSome(facet, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func byFacet(keys []facetKey) func(yield func(string, []string) bool) {
	return func(yield func(string, []string) bool) {
		for len(keys) > 0 {
			facet, n := keys[0].facet, 0
			var values []string
			for n < len(keys) && keys[n].facet == facet {
				values = append(values, keys[n].value)
				n++
			}
			if !yield(facet, values) {
				return
			}
			keys = keys[n:]
		}
	}
}

// nameSome does what nameChoices says for some values of one facet.
func (f *folding) nameSome(facet string, values []string) error {
	rows, err := findAll[facetRow](f.tx.Where("facet = ?", facet), "value IN ?", values)
	if err != nil {
		return err
	}
	old := map[string]facetRow{}
	for _, r := range rows {
		old[r.Value] = r
	}
	bitmaps := map[string]*roaring.Bitmap{}
	lowest := map[string]uint32{}
	for _, v := range values {
		b, err := f.facets.of(facetKey{facet, v}).apply(old[v].Rounds)
		if err != nil {
			return err
		}
		bitmaps[v] = b
		if !b.IsEmpty() {
			lowest[v] = b.Minimum()
		}
	}
	said, err := f.roundsAt(slices.Collect(maps.Values(lowest)))
	if err != nil {
		return err
	}
	names, err := f.names(facet, values, lowest, said)
	if err != nil {
		return err
	}
	var kept []facetRow
	var gone []string
	for _, v := range values {
		if bitmaps[v].IsEmpty() {
			gone = append(gone, v)
			continue
		}
		stored, err := encodeBitmap(bitmaps[v])
		if err != nil {
			return err
		}
		kept = append(kept, facetRow{facet, v, names[v], stored})
	}
	if facet == FacetTopic {
		if err := f.nameTopics(values, old, names); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		if err := f.tx.Where("facet = ? AND value IN ?", facet, gone).Delete(&facetRow{}).Error; err != nil {
			return err
		}
	}
	return save(f.tx, kept)
}

// roundsAt reads the rounds with the given ordinals.
func (f *folding) roundsAt(ordinals []uint32) (map[uint32]published.Round, error) {
	slices.Sort(ordinals)
	said := map[uint32]published.Round{}
	rows, err := findAll[roundRow](f.tx, "ordinal IN ?", slices.Compact(ordinals))
	if err != nil {
		return nil, err
	}
	keys := make([]key, len(rows))
	at := map[string]uint32{}
	for i, r := range rows {
		keys[i] = key{published.KindRound, r.Slug}
		at[r.Slug] = r.Ordinal
	}
	docs, err := f.present(keys)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		c, _, err := decode(d.document())
		if err != nil {
			return nil, err
		}
		said[at[d.Slug]] = *c.round
	}
	return said, nil
}

// names returns what values of a facet are called; of agencies it also writes
// the organisations. lowest holds, for each value that a round has, the lowest
// ordinal of such a round, said those rounds.
func (f *folding) names(facet string, values []string, lowest map[string]uint32, said map[uint32]published.Round) (map[string]string, error) {
	names := map[string]string{}
	for v, ordinal := range lowest {
		names[v] = nameIn(said[ordinal], facetKey{facet, v})
	}
	switch facet {
	case FacetAgency:
		derived := map[string]published.Organisation{}
		for v, ordinal := range lowest {
			derived[v] = organisationIn(said[ordinal], v)
		}
		return names, f.writeOrganisations(values, derived, names)
	case FacetSeries:
		keys := make([]key, len(values))
		for i, v := range values {
			keys[i] = key{published.KindSeries, v}
		}
		own, err := f.present(keys)
		if err != nil {
			return nil, err
		}
		for k, d := range own {
			c, _, err := decode(d.document())
			if err != nil {
				return nil, err
			}
			names[k.slug] = c.series.Name
		}
	}
	return names, nil
}

// nameTopics puts topics into search under their names, and takes out those
// that no round has any more.
func (f *folding) nameTopics(values []string, old map[string]facetRow, names map[string]string) error {
	var things []findable
	for _, v := range values {
		was, had := old[v]
		name, has := names[v]
		if had && has && was.Name == name {
			continue
		}
		if had {
			if err := f.forget(findTopic(published.Ref{Slug: v, Name: was.Name})); err != nil {
				return err
			}
		}
		if has {
			things = append(things, findTopic(published.Ref{Slug: v, Name: name}))
		}
	}
	return f.find(things, func(int) string { return first })
}

// writeOrganisations makes the rows of bodies and categories again: from their
// own documents, else from derived, what a round says; without either there is
// none. It sets names to what they are called.
func (f *folding) writeOrganisations(slugs []string, derived map[string]published.Organisation, names map[string]string) error {
	rows, err := findAll[organisationRow](f.tx, "slug IN ?", slugs)
	if err != nil {
		return err
	}
	old := map[string]organisationRow{}
	for _, r := range rows {
		old[r.Slug] = r
	}
	keys := make([]key, len(slugs))
	for i, s := range slugs {
		keys[i] = key{published.KindOrganisation, s}
	}
	own, err := f.present(keys)
	if err != nil {
		return err
	}
	var kept []organisationRow
	var things []findable
	var gone []string
	var successions []successionRow
	for _, slug := range slugs {
		d, has := own[key{published.KindOrganisation, slug}]
		row := organisationRow{Slug: slug, Own: 1}
		doc := d.document()
		if !has {
			o, said := derived[slug]
			if row.Own = 0; said {
				if doc, err = published.Encode(o); err != nil {
					return err
				}
				has = true
			}
		}
		if row.Entry = string(doc.Body); has && row.Entry == old[slug].Entry && row.Own == old[slug].Own {
			var c content
			if c, _, err = decode(doc); err != nil {
				return err
			}
			names[slug] = c.organisation.Name
			continue
		}
		if was, had := old[slug]; had {
			c, _, err := decode(published.Document{Kind: published.KindOrganisation, Slug: slug, Body: []byte(was.Entry)})
			if err != nil {
				return err
			}
			if err := f.forget(findOrganisation(*c.organisation)); err != nil {
				return err
			}
		}
		if !has {
			gone = append(gone, slug)
			continue
		}
		c, _, err := decode(doc)
		if err != nil {
			return err
		}
		row.SortKey = sortKey(c.organisation.Name)
		if c.organisation.Parent != nil {
			row.Parent = c.organisation.Parent.Slug
		}
		for _, p := range c.organisation.Predecessors {
			successions = append(successions, successionRow{slug, p.Slug})
		}
		names[slug] = c.organisation.Name
		kept, things = append(kept, row), append(things, findOrganisation(*c.organisation))
	}
	if len(gone) > 0 {
		if err := f.tx.Where("slug IN ?", gone).Delete(&organisationRow{}).Error; err != nil {
			return err
		}
	}
	if err := save(f.tx, kept); err != nil {
		return err
	}
	for _, row := range kept {
		gone = append(gone, row.Slug)
	}
	if err := f.writeSuccessions(gone, successions); err != nil {
		return err
	}
	return f.find(things, func(int) string { return first })
}

// writeSuccessions makes the predecessors of bodies whose rows changed again.
func (f *folding) writeSuccessions(changed []string, all []successionRow) error {
	if len(changed) > 0 {
		if err := f.tx.Where("slug IN ?", changed).Delete(&successionRow{}).Error; err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return f.tx.Create(all).Error
}

// writeTerms writes the bitmaps of the words that came or went.
func (f *folding) writeTerms() error {
	for part := range slices.Chunk(sorted(f.terms), chunk) {
		rows, err := findAll[termRow](f.tx, "term IN ?", part)
		if err != nil {
			return err
		}
		old := map[string][]byte{}
		for _, r := range rows {
			old[r.Term] = r.Entries
		}
		var kept []termRow
		var gone []string
		for _, t := range part {
			b, err := f.terms.of(t).apply(old[t])
			if err != nil {
				return err
			}
			if b.IsEmpty() {
				gone = append(gone, t)
				continue
			}
			stored, err := encodeBitmap(b)
			if err != nil {
				return err
			}
			kept = append(kept, termRow{t, stored})
		}
		if len(gone) > 0 {
			if err := f.tx.Where("term IN ?", gone).Delete(&termRow{}).Error; err != nil {
				return err
			}
		}
		if err := save(f.tx, kept); err != nil {
			return err
		}
	}
	return nil
}
