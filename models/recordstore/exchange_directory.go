package recordstore

import (
	"reflect"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/interchange"
	"track15/models/record"
)

// Fields of the record under the names of a file.
var (
	seriesFields       = map[string]string{"other_names": "aliases"}
	organisationFields = map[string]string{"acronym": "acronyms", "native": "native_names"}
	personFields       = map[string]string{"family": "name/family", "given": "name/given", "native": "native_names"}
)

func (x *exchange) planSeries() error {
	all := x.file.Series
	var err error
	if x.series, err = begin[record.Series](x, xSeries, "series", externalIDs(all, func(e interchange.Series) string { return e.ID })); err != nil {
		return err
	}
	for i, e := range all {
		s := record.Series{Name: e.Name, OtherNames: e.Aliases, Version: 1}.Normal()
		if err := s.Check(); err != nil {
			return pointers(xSeries, i, err, seriesFields)
		}
		c, row, err := see(x, &x.series, xSeries, e.ID, kept{Disclosure: e.Disclosure}, e)
		if err != nil {
			return err
		}
		switch c {
		case added:
			s.ID = row.ObjectID
			x.series.new = append(x.series.new, s)
			x.objects = append(x.objects, s.ID)
		case altered:
			if err := x.mergeSeries(row, s, e.Disclosure); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *exchange) mergeSeries(row exchangeRow, s record.Series, disclosure string) error {
	was, err := seriesByID(x.tx, row.ObjectID)
	if err != nil {
		return err
	}
	now := was
	if row.Version == was.Version && s.Name != was.Name {
		now.Name, now.OtherNames = s.Name, union(now.OtherNames, []string{was.Name}, equal)
	}
	now.OtherNames = union(now.OtherNames, without(s.OtherNames, now.Name), equal)
	k := row.Kept.V
	if disclosure == "restricted" {
		k.Disclosure = disclosure
	}
	changed := !reflect.DeepEqual(was, now)
	if changed {
		now.Version++
		x.objects = append(x.objects, now.ID)
		x.after = append(x.after, func(tx *gorm.DB) error {
			if err := remember[seriesRow](tx, now.ID); err != nil {
				return err
			}
			r := toSeriesRow(now)
			return database.Error(tx.Select("*").Where("id = ?", r.ID).Updates(&r).Error, "series")
		})
	}
	x.settle(row, k, row.Version == was.Version, now.Version, changed)
	return nil
}

// settle keeps the line of an entry that was here. untouched says that nobody
// changed the entry at the desk since it came.
func (x *exchange) settle(row exchangeRow, k kept, untouched bool, version int64, changed bool) {
	changed = changed || row.Position > 0 && !reflect.DeepEqual(row.Kept.V, k)
	row.Kept.V = k
	if untouched {
		row.Version = version
	}
	x.keep(row, changed)
}

func without(all []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == one })
}

func (x *exchange) planOrganisations() error {
	all := x.file.Organisations
	var err error
	if x.organisations, err = begin[record.Organisation](x, xOrganisations, "organisations", externalIDs(all, func(e interchange.Organisation) string { return e.ID })); err != nil {
		return err
	}
	for i, e := range all {
		o, k := organisationOf(e)
		if err := o.Check(); err != nil {
			return pointers(xOrganisations, i, err, organisationFields)
		}
		c, row, err := see(x, &x.organisations, xOrganisations, e.ID, k, e)
		if err != nil {
			return err
		}
		switch c {
		case added:
			o.ID = row.ObjectID
			x.organisations.new = append(x.organisations.new, o)
			x.objects = append(x.objects, o.ID)
		case altered:
			if row, err = x.mergeOrganisation(row, o, k); err != nil {
				return err
			}
		}
		x.disclosure[e.ID] = row.Kept.V.Disclosure
	}
	return nil
}

// organisationOf is a body of a file as the record has it, and what the record
// has no place for. All acronyms but the first are aliases.
func organisationOf(e interchange.Organisation) (record.Organisation, kept) {
	o := record.Organisation{Name: e.Name, Aliases: slices.Clone(e.Aliases), Native: nativeOf(e.NativeNames), Kind: kindOf(e.Kind), Country: e.Country, Version: 1}
	k := kept{Disclosure: e.Disclosure, Kind: e.Kind, NoKind: e.Kind == ""}
	if len(e.Acronyms) > 0 {
		o.Acronym = e.Acronyms[0]
		o.Aliases = append(o.Aliases, e.Acronyms[1:]...)
	}
	o = o.Normal()
	if len(e.Acronyms) > 1 {
		k.Acronyms = record.Organisation{Aliases: e.Acronyms[1:]}.Normal().Aliases
	}
	return o, k
}

// nativeOf are names of a file; one whose language is no tag is of an unknown
// one.
func nativeOf(all []interchange.Name) []record.Name {
	var out []record.Name
	for _, n := range all {
		if n.Lang == "" || record.CheckLanguage("", n.Lang) != nil {
			n.Lang = "und"
		}
		out = append(out, record.Name{Text: n.Text, Lang: n.Lang})
	}
	return out
}

func (x *exchange) mergeOrganisation(row exchangeRow, o record.Organisation, k kept) (exchangeRow, error) {
	was, err := organisationByID(x.tx, row.ObjectID)
	if err != nil {
		return row, err
	}
	now, untouched := was, row.Version == was.Version
	more := append([]string{}, o.Aliases...)
	old := row.Kept.V
	if untouched {
		if o.Name != was.Name {
			more = append(more, was.Name)
		}
		now.Name, now.Country, now.Kind, old.Kind, old.NoKind = o.Name, o.Country, o.Kind, k.Kind, k.NoKind
	}
	switch {
	case now.Acronym == "":
		now.Acronym = o.Acronym
	case o.Acronym != "" && o.Acronym != now.Acronym:
		more, k.Acronyms = append(more, o.Acronym), append(k.Acronyms, o.Acronym)
	}
	now.Aliases = union(now.Aliases, without(more, now.Name), equal)
	now.Native = union(now.Native, o.Native, equal)
	old.Acronyms = union(old.Acronyms, k.Acronyms, equal)
	if row.Position == 0 || k.Disclosure == interchange.Undisclosed {
		old.Disclosure = k.Disclosure
	}
	changed := !reflect.DeepEqual(was, now)
	if changed {
		now.Version++
		x.objects = append(x.objects, now.ID)
		x.after = append(x.after, func(tx *gorm.DB) error {
			if err := remember[organisationRow](tx, now.ID); err != nil {
				return err
			}
			r := toOrganisationRow(now)
			if err := tx.Select("*").Where("id = ?", r.ID).Updates(&r).Error; err != nil {
				return database.Error(err, "organisation")
			}
			if err := tx.Where("organisation_id = ?", now.ID).Delete(&nameRow{}).Error; err != nil {
				return database.Error(err, "name")
			}
			return insertRows(tx, nameRows(now))
		})
	}
	x.settle(row, old, untouched, now.Version, changed)
	row.Kept.V = old
	return row, nil
}

func (x *exchange) planPeople() error {
	all := x.file.People
	var err error
	if x.people, err = begin[record.Person](x, xPeople, "people", externalIDs(all, func(e interchange.Person) string { return e.ID })); err != nil {
		return err
	}
	for i, e := range all {
		p := record.Person{
			Given: e.Name.Given, Family: e.Name.Family, FamilyFirst: e.Name.Order == interchange.FamilyGiven,
			Native: nativeOf(e.NativeNames), Aliases: e.Aliases, Country: e.Country, Version: 1,
		}.Normal()
		if err := p.Check(); err != nil {
			return pointers(xPeople, i, err, personFields)
		}
		var k kept
		if e.Name.Full != p.Name() {
			if err := record.CheckLine("name/full", e.Name.Full); err != nil {
				return pointers(xPeople, i, err, nil)
			}
			k.Full = e.Name.Full
		}
		c, row, err := see(x, &x.people, xPeople, e.ID, k, e)
		if err != nil {
			return err
		}
		switch c {
		case added:
			p.ID = row.ObjectID
			x.people.new = append(x.people.new, p)
			x.objects = append(x.objects, p.ID)
		case altered:
			if err := x.mergePerson(row, p, k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *exchange) mergePerson(row exchangeRow, p record.Person, k kept) error {
	was, err := personByID(x.tx, row.ObjectID)
	if err != nil {
		return err
	}
	now, untouched, old := was, row.Version == was.Version, row.Kept.V
	if untouched {
		now.Given, now.Family, now.FamilyFirst, now.Country = p.Given, p.Family, p.FamilyFirst, p.Country
		if now.Name() != was.Name() {
			now.Aliases = union(now.Aliases, []string{was.Name()}, equal)
		}
		old.Full = k.Full
	}
	now.Aliases = union(now.Aliases, p.Aliases, equal)
	now.Native = union(now.Native, p.Native, equal)
	changed := !reflect.DeepEqual(was, now)
	if changed {
		now.Version++
		x.objects = append(x.objects, now.ID)
		x.after = append(x.after, func(tx *gorm.DB) error {
			if err := remember[personRow](tx, now.ID); err != nil {
				return err
			}
			r := toPersonRow(now)
			if err := tx.Select("*").Where("id = ?", r.ID).Updates(&r).Error; err != nil {
				return database.Error(err, "person")
			}
			return renamePerson(tx, now)
		})
	}
	x.settle(row, old, untouched, now.Version, changed)
	return nil
}

// writeDirectory stores the series, bodies and people that are new.
func (x *exchange) writeDirectory() error {
	var series []seriesRow
	for _, s := range x.series.new {
		series = append(series, toSeriesRow(s))
	}
	var bodies []organisationRow
	var names []nameRow
	for _, o := range x.organisations.new {
		bodies, names = append(bodies, toOrganisationRow(o)), append(names, nameRows(o)...)
	}
	return inOrder(
		func() error { return insertRows(x.tx, series) },
		func() error { return insertRows(x.tx, bodies) },
		func() error { return insertRows(x.tx, names) },
		func() error { return insertPeople(x.tx, x.people.new) },
	)
}
