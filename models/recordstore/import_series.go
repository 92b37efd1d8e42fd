package recordstore

import (
	"slices"

	"track15/models/database"
	"track15/models/record"
)

// allSeries enters the series. One that the record has under the same slug or
// name is that one.
func (im *importer) allSeries(all []record.Imported[record.Series]) error {
	known, err := im.known("series", slugsOf(all, func(s record.Series) string { return s.ID }))
	if err != nil {
		return err
	}
	var rows []seriesRow
	if err := im.tx.Find(&rows).Error; err != nil {
		return database.Error(err, "series")
	}
	stored, ids := map[string]record.Series{}, []string{}
	bySlug, byName := map[string]string{}, map[string]string{}
	for _, r := range rows {
		stored[r.ID] = r.series()
		ids = append(ids, r.ID)
		byName[r.SortKey] = r.ID
		if r.SlugWish != "" {
			bySlug[r.SlugWish] = r.ID
		}
	}
	released, err := im.released(ids)
	if err != nil {
		return err
	}
	for _, line := range all {
		k, imported := known[line.Entry.ID]
		id := k.ObjectID
		if !imported {
			if id = bySlug[line.Entry.SlugWish]; id == "" {
				id = byName[record.Fold(line.Entry.Name)]
			}
		}
		var err error
		switch {
		case imported && k.Digest != line.Digest:
			err = im.refuse(line.Where, changedLine)
		case !imported && id != "" && !released[id]:
			err = im.refuse(line.Where, heldEntry)
		}
		if err != nil {
			return err
		}
		if id != "" {
			err = im.useSeries(line.Entry, stored[id])
		} else {
			err = im.enterSeries(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// useSeries takes a series that the record has. Its sides are the parties of
// the line by country or name.
func (im *importer) useSeries(line, stored record.Series) error {
	im.report.Known++
	s := importedSeries{Series: stored, sides: map[string]string{}}
	for _, party := range line.Sides {
		for _, side := range stored.Sides {
			if side.Name == party.Name || party.Country != "" && side.Country == party.Country {
				s.sides[party.ID] = side.ID
			}
		}
	}
	err := im.tx.Model(&roundRow{}).Select("id, slug_wish, ordinal_label, opens").
		Where("series_id = ? AND id NOT IN (?)", stored.ID, im.tx.Model(&importRow{}).Select("object_id").Where("kind = ?", "round")).
		Find(&s.held).Error
	im.series[line.ID] = s
	return database.Error(err, "rounds")
}

func (im *importer) enterSeries(line record.Imported[record.Series]) error {
	in := line.Entry.Normal()
	in.ID, in.Version = im.store.newID(), 1
	s := importedSeries{sides: map[string]string{}}
	for i, side := range in.Sides {
		in.Sides[i].ID = im.store.newID()
		s.sides[side.ID] = in.Sides[i].ID
	}
	for i, n := range in.Names {
		in.Names[i].SideID = s.sides[n.SideID]
	}
	for i, c := range in.Conveners {
		in.Conveners[i].OrganisationID = im.organisations[c.OrganisationID].ID
	}
	for i, g := range in.Funders {
		in.Funders[i].OrganisationID = im.organisations[g.OrganisationID].ID
	}
	if err := in.Check(); err != nil {
		return at(line.Where, err)
	}
	s.Series = in
	im.series[line.Entry.ID] = s
	im.report.Series++
	return inOrder(
		func() error { return insertRows(im.tx, []seriesRow{toSeriesRow(in)}) },
		func() error { return insertRows(im.tx, []importRow{{"series", line.Entry.ID, line.Digest, in.ID}}) },
	)
}

// seriesIDs are those of every series of the files, sorted.
func (im *importer) seriesIDs() []string {
	var ids []string
	for _, s := range im.series {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
