package recordstore

import (
	"errors"
	"iter"
	"slices"

	"track15/models/record"
)

// rounds enters the rounds with their presences and texts, and calls put with
// those that are new, in chunks.
func (im *importer) rounds(all iter.Seq2[record.Imported[record.RoundEntry], error], put func([]record.RoundEntry) error) error {
	var chunk []record.Imported[record.RoundEntry]
	for line, err := range all {
		if err != nil {
			return err
		}
		if chunk = append(chunk, line); len(chunk) < importChunk {
			continue
		}
		if err := im.chunk(chunk, put); err != nil {
			return err
		}
		chunk = chunk[:0]
	}
	if err := im.chunk(chunk, put); err != nil {
		return err
	}
	return errors.Join(im.refused...)
}

func (im *importer) chunk(lines []record.Imported[record.RoundEntry], put func([]record.RoundEntry) error) error {
	known, err := im.known("round", slugsOf(lines, func(e record.RoundEntry) string { return e.Round.ID }))
	if err != nil {
		return err
	}
	var fresh []record.RoundEntry
	var imports []importRow
	for _, line := range lines {
		k, imported := known[line.Entry.Round.ID]
		if imported && k.Digest != line.Digest {
			if err := im.refuse(line.Where, changedLine); err != nil {
				return err
			}
		}
		if !imported {
			var err error
			if imported, err = im.held(line); err != nil {
				return err
			}
		}
		if imported {
			im.report.Known++
			continue
		}
		e, err := im.entry(line.Entry)
		if err != nil {
			return at(line.Where, err)
		}
		fresh = append(fresh, e)
		imports = append(imports, importRow{"round", line.Entry.Round.ID, line.Digest, e.Round.ID})
	}
	// After a refusal the lines that follow are only read.
	if len(im.refused) > 0 || len(fresh) == 0 {
		return nil
	}
	return inOrder(
		func() error { return im.insertEntries(fresh) },
		func() error { return insertRows(im.tx, imports) },
		func() error { return put(fresh) },
	)
}

// held reports whether the record had the round before the import, by its
// slug, by its label within the series or by its first day, and refuses the
// line if that round was not released.
func (im *importer) held(line record.Imported[record.RoundEntry]) (bool, error) {
	r := line.Entry.Round
	i := slices.IndexFunc(im.series[r.SeriesID].held, func(h heldRound) bool {
		return h.SlugWish != "" && h.SlugWish == r.SlugWish ||
			h.OrdinalLabel != "" && record.Fold(h.OrdinalLabel) == record.Fold(r.OrdinalLabel) ||
			h.Opens != "" && r.Opens.Precision() == record.Day && h.Opens == string(r.Opens)
	})
	if i < 0 {
		return false, nil
	}
	id := im.series[r.SeriesID].held[i].ID
	released, err := im.released([]string{id})
	if err == nil && !released[id] {
		err = im.refuse(line.Where, heldEntry)
	}
	return true, err
}

// entry gives an entry the identifiers of the record, and checks it.
func (im *importer) entry(e record.RoundEntry) (record.RoundEntry, error) {
	series := im.series[e.Round.SeriesID]
	r := e.Round.Normal()
	r.ID, r.SeriesID, r.Version = im.store.newID(), series.ID, 1
	r.Rules = r.Rules.Normal()
	problems := []error{r.Check(), r.Rules.Check()}
	r.Presences = make([]record.Presence, len(e.Round.Presences))
	find := func(id string) (record.Organisation, bool) { o, ok := im.byID[id]; return o, ok }
	for i, p := range e.Round.Presences {
		p = p.Normal()
		p.ID, p.SideID = im.store.newID(), series.sides[p.SideID]
		p.OrganisationID, p.CategoryID = im.organisations[p.OrganisationID].ID, im.organisations[p.CategoryID].ID
		problems = append(problems, p.Check(find))
		r.Presences[i] = p
	}
	out := record.RoundEntry{Round: r}
	for _, o := range e.Outputs {
		o = o.Normal()
		o.ID, o.SeriesID, o.RoundID, o.CreatedBy = im.store.newID(), series.ID, r.ID, im.actor.ID
		im.store.date(im.actor, &o.Draft, 1)
		problems = append(problems, o.Check())
		out.Outputs = append(out.Outputs, o)
	}
	return out, errors.Join(problems...)
}

// insertEntries stores rounds with all that belongs to them.
func (im *importer) insertEntries(all []record.RoundEntry) error {
	var rounds []roundRow
	var presences []presenceRow
	var outputs []outputRow
	var drafts []draftRow
	for _, e := range all {
		rounds = append(rounds, toRoundRow(e.Round))
		for i, p := range e.Round.Presences {
			row, err := im.store.toPresenceRow(e.Round.SeriesID, e.Round.ID, int64(i+1), p)
			if err != nil {
				return err
			}
			presences = append(presences, row)
		}
		for _, o := range e.Outputs {
			outputs = append(outputs, toOutputRow(o))
			draft, err := im.store.toDraftRow(o, o.Draft)
			if err != nil {
				return err
			}
			drafts = append(drafts, draft)
		}
		im.report.Rounds++
		im.report.Outputs += len(e.Outputs)
	}
	return inOrder(
		func() error { return insertRows(im.tx, rounds) },
		func() error { return insertRows(im.tx, presences) },
		func() error { return insertRows(im.tx, outputs) },
		func() error { return insertRows(im.tx, drafts) },
	)
}
