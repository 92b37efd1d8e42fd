package recordstore

import (
	"slices"

	"track15/models/database"
	"track15/models/record"
)

// directory enters the bodies. One that the record has under the same slug, or
// the same name and country, is that one.
func (im *importer) directory(all []record.Imported[record.Organisation]) error {
	known, err := im.known("organisation", slugsOf(all, func(o record.Organisation) string { return o.ID }))
	if err != nil {
		return err
	}
	held, err := im.heldOrganisations()
	if err != nil {
		return err
	}
	var fresh []record.Imported[record.Organisation]
	for _, line := range all {
		o := line.Entry
		var id string
		if k, ok := known[o.ID]; ok {
			if k.Digest != line.Digest {
				if err := im.refuse(line.Where, changedLine); err != nil {
					return err
				}
			}
			id = k.ObjectID
		} else if h, ok := held.find(o); ok {
			if !h.released {
				if err := im.refuse(line.Where, heldEntry); err != nil {
					return err
				}
			}
			id = h.id
		}
		if id != "" {
			im.report.Known++
			im.organisations[o.ID] = record.Organisation{ID: id}
			continue
		}
		im.organisations[o.ID] = record.Organisation{ID: im.store.newID()}
		fresh = append(fresh, line)
	}
	if err := im.readKnown(); err != nil {
		return err
	}
	return im.enterOrganisations(fresh)
}

// readKnown reads the bodies that the record has.
func (im *importer) readKnown() error {
	var ids []string
	for _, o := range im.organisations {
		ids = append(ids, o.ID)
	}
	slices.Sort(ids)
	stored, err := organisationsByID(im.tx, ids)
	if err != nil {
		return err
	}
	for slug, o := range im.organisations {
		if whole, ok := stored[o.ID]; ok {
			im.organisations[slug], im.byID[o.ID] = whole, whole
		}
	}
	return nil
}

func (im *importer) enterOrganisations(fresh []record.Imported[record.Organisation]) error {
	var rows []organisationRow
	var names []nameRow
	var before []predecessorRow
	var lines []importRow
	for _, line := range fresh {
		o := line.Entry.Normal()
		o.ID, o.Version = im.organisations[line.Entry.ID].ID, 1
		if o.ParentID != "" {
			o.ParentID = im.organisations[o.ParentID].ID
		}
		for i, p := range o.Predecessors {
			o.Predecessors[i].OrganisationID = im.organisations[p.OrganisationID].ID
		}
		if err := o.Check(); err != nil {
			return at(line.Where, err)
		}
		im.organisations[line.Entry.ID], im.byID[o.ID] = o, o
		rows = append(rows, toOrganisationRow(o))
		names = append(names, nameRows(o)...)
		before = append(before, predecessorRows(o)...)
		lines = append(lines, importRow{"organisation", line.Entry.ID, line.Digest, o.ID})
		im.report.Organisations++
	}
	return inOrder(
		func() error { return insertRows(im.tx, rows) },
		func() error { return insertRows(im.tx, names) },
		func() error { return insertRows(im.tx, before) },
		func() error { return insertRows(im.tx, lines) },
	)
}

// heldOrganisations indexes the directory as it was before the import.
type heldOrganisations map[string]heldEntryOf

type heldEntryOf struct {
	id       string
	released bool
}

func (h heldOrganisations) find(o record.Organisation) (heldEntryOf, bool) {
	if e, ok := h["slug "+o.SlugWish]; ok {
		return e, true
	}
	e, ok := h["name "+o.Country+" "+record.Fold(o.Name)]
	return e, ok
}

func (im *importer) heldOrganisations() (heldOrganisations, error) {
	var rows []struct{ ID, SlugWish, SortKey, Country string }
	if err := im.tx.Model(&organisationRow{}).Select("id, slug_wish, sort_key, country").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "organisations")
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	released, err := im.released(ids)
	held := heldOrganisations{}
	for _, r := range rows {
		e := heldEntryOf{r.ID, released[r.ID]}
		if r.SlugWish != "" {
			held["slug "+r.SlugWish] = e
		}
		held["name "+r.Country+" "+r.SortKey] = e
	}
	return held, err
}
