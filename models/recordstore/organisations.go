package recordstore

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type organisationRow struct {
	ID           string
	Name         string
	SortKey      string
	Acronym      string
	Native       list[[]record.Name]
	Aliases      list[[]string]
	Kind         string
	Country      string
	ParentID     string
	AtLeastThree int64
	Predecessors list[[]record.Succession]
	Identifiers  list[[]record.Identifier]
	Confusables  list[[]string]
	Sources      list[[]record.Source]
	Compiled     int64
	Sample       int64
	SlugWish     string
	Version      int64
}

func (organisationRow) TableName() string { return "organisations" }

type nameRow struct {
	OrganisationID string
	Folded         string
	Alias          int64 // 1: known to those who read the directory only
}

func (nameRow) TableName() string { return "organisation_names" }

type predecessorRow struct {
	OrganisationID string
	PredecessorID  string
}

func (predecessorRow) TableName() string { return "predecessors" }

func predecessorRows(o record.Organisation) []predecessorRow {
	var rows []predecessorRow
	for _, id := range o.PredecessorIDs() {
		rows = append(rows, predecessorRow{o.ID, id})
	}
	return rows
}

func toOrganisationRow(o record.Organisation) organisationRow {
	return organisationRow{
		ID: o.ID, Name: o.Name, SortKey: key(o.Name), Acronym: o.Acronym, Native: list[[]record.Name]{o.Native},
		Aliases: list[[]string]{o.Aliases}, Kind: string(o.Kind), Country: o.Country, ParentID: o.ParentID,
		AtLeastThree: flag(o.AtLeastThree), Sources: list[[]record.Source]{o.Sources}, Compiled: flag(o.Compiled),
		Sample: flag(o.Sample), SlugWish: o.SlugWish, Version: o.Version,
		Predecessors: list[[]record.Succession]{o.Predecessors}, Identifiers: list[[]record.Identifier]{o.Identifiers},
		Confusables: list[[]string]{o.ConfusableIDs},
	}
}

func (r organisationRow) organisation() record.Organisation {
	return record.Organisation{
		ID: r.ID, Name: r.Name, Acronym: r.Acronym, Native: r.Native.V, Aliases: r.Aliases.V, Kind: record.OrgKind(r.Kind),
		Country: r.Country, ParentID: r.ParentID, AtLeastThree: r.AtLeastThree != 0, Sources: r.Sources.V,
		Compiled: r.Compiled != 0, Sample: r.Sample != 0, SlugWish: r.SlugWish, Version: r.Version,
		Predecessors: r.Predecessors.V, Identifiers: r.Identifiers.V, ConfusableIDs: r.Confusables.V,
	}
}

// nameRows are all names of an organisation, folded, each once.
func nameRows(o record.Organisation) []nameRow {
	var rows []nameRow
	seen := map[string]bool{"": true}
	add := func(name string, alias int64) {
		if f := key(name); !seen[f] {
			seen[f] = true
			rows = append(rows, nameRow{o.ID, f, alias})
		}
	}
	add(o.Name, 0)
	add(o.Acronym, 0)
	for _, n := range o.Native {
		add(n.Text, 0)
	}
	for _, a := range o.Aliases {
		add(a, 1)
	}
	return rows
}

// key is the folded form of a name as an index holds it: folding makes some
// letters eleven times as long, and PostgreSQL indexes no more than 2,700 bytes.
func key(name string) string {
	const most = 1000
	f := record.Fold(name)
	if len(f) <= most {
		return f
	}
	return strings.ToValidUTF8(f[:most], "")
}

// AddOrganisation adds an entry to the directory and returns it with its ID and
// Version set.
func (s *Store) AddOrganisation(ctx context.Context, actor record.Actor, o record.Organisation) (record.Organisation, error) {
	o = o.Normal()
	if err := s.identify(&o.ID); err != nil {
		return o, err
	}
	o.Version = 1
	err := s.act(ctx, actor, record.EditDirectory, house(o.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, o.ID, actor, func() (record.Organisation, error) { return organisationByID(tx, o.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := o
			same.Version = was.Version
			return once(was, &o, same)
		}
		if err := checkOrganisation(tx, o); err != nil {
			return err
		}
		row := toOrganisationRow(o)
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "organisation")
		}
		return keepNames(tx, o)
	})
	return o, err
}

// EditOrganisation replaces an entry of the directory. It fails with Conflict if
// o.Version is not the stored one, unless nothing would change.
func (s *Store) EditOrganisation(ctx context.Context, actor record.Actor, o record.Organisation) (record.Organisation, error) {
	o = o.Normal()
	err := s.act(ctx, actor, record.EditDirectory, house(o.ID), func(tx *gorm.DB) error {
		was, err := organisationByID(tx, o.ID)
		if err != nil {
			return err
		}
		o.Compiled, o.Sample, o.SlugWish = was.Compiled, was.Sample, was.SlugWish
		if err := moved(was, &o, func(o *record.Organisation) *int64 { return &o.Version }); err != nil {
			return err
		}
		if err := checkOrganisation(tx, o); err != nil {
			return err
		}
		row := toOrganisationRow(o)
		if err := remember[organisationRow](tx, row.ID); err != nil {
			return err
		}
		if err := tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error; err != nil {
			return database.Error(err, "organisation")
		}
		return keepNames(tx, o)
	})
	return o, err
}

// keepNames stores under what names and after whom an organisation is found.
func keepNames(tx *gorm.DB, o record.Organisation) error {
	for _, row := range []any{&nameRow{}, &predecessorRow{}} {
		if err := tx.Where("organisation_id = ?", o.ID).Delete(row).Error; err != nil {
			return database.Error(err, "name")
		}
	}
	if err := tx.Create(nameRows(o)).Error; err != nil {
		return database.Error(err, "name")
	}
	if len(o.Predecessors) == 0 {
		return nil
	}
	return database.Error(tx.Create(predecessorRows(o)).Error, "predecessor")
}

// Organisation returns one entry of the directory.
func (s *Store) Organisation(ctx context.Context, actor record.Actor, id string) (record.Organisation, error) {
	var o record.Organisation
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		var err error
		o, err = organisationByID(tx, id)
		return err
	})
	return o, err
}

// Successors returns the bodies that came after one, by name.
func (s *Store) Successors(ctx context.Context, actor record.Actor, id string) ([]record.Organisation, error) {
	var out []record.Organisation
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		var rows []organisationRow
		err := tx.Where("id IN (SELECT organisation_id FROM predecessors WHERE predecessor_id = ?)", id).Order("sort_key, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.organisation())
		}
		return database.Error(err, "organisations")
	})
	return out, err
}

// An OrganisationFilter selects entries of the directory. Its zero value means
// all of them, the first page. Query is found in any name, in any script.
// Page counts from 1; PerPage 0 means no limit.
type OrganisationFilter struct {
	Query         string
	Kind          record.OrgKind
	Country       string
	Page, PerPage int
}

// Organisations lists entries of the directory by name, and counts them.
func (s *Store) Organisations(ctx context.Context, actor record.Actor, f OrganisationFilter) ([]record.Organisation, int, error) {
	var out []record.Organisation
	var total int64
	if err := errors.Join(record.CheckLine("query", f.Query), record.CheckLine("kind", string(f.Kind)), record.CheckLine("country", f.Country)); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		q := tx.Model(&organisationRow{})
		if f.Kind != "" {
			q = q.Where("kind = ?", string(f.Kind))
		}
		if f.Country != "" {
			q = q.Where("country = ?", f.Country)
		}
		if f.Query != "" {
			q = q.Where("id IN ("+named.all+")", like(f.Query))
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "organisations")
		}
		var rows []organisationRow
		err := paged(q, f.Page, f.PerPage).Order("sort_key, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.organisation())
		}
		return database.Error(err, "organisations")
	})
	return out, int(total), err
}

// OrganisationsByID returns the entries of the directory with the ids, by id;
// ids without an entry are left out.
func (s *Store) OrganisationsByID(ctx context.Context, actor record.Actor, ids []string) (map[string]record.Organisation, error) {
	var out map[string]record.Organisation
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		var err error
		out, err = organisationsByID(tx, ids)
		return err
	})
	return out, err
}

// like is a pattern for the words of a query, folded, anywhere in a key.
func like(query string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(record.Fold(query)) + "%"
}

// paged limits a list to a page; perPage 0 does not.
func paged(q *gorm.DB, page, perPage int) *gorm.DB {
	if perPage <= 0 {
		return q
	}
	return q.Limit(perPage).Offset((max(page, 1) - 1) * perPage)
}

func checkOrganisation(tx *gorm.DB, o record.Organisation) error {
	if err := o.Check(); err != nil {
		return err
	}
	// A body above itself, however far up, would have no top.
	for id, seen := o.ParentID, map[string]bool{o.ID: true}; id != ""; {
		if seen[id] {
			return fault.Field("parent", "A body cannot stand above itself.")
		}
		seen[id] = true
		up, err := organisationByID(tx, id)
		if err != nil {
			return fault.Field("parent", "Choose a body from the directory.")
		}
		id = up.ParentID
	}
	if err := areBodies(tx, "confusables", o.ConfusableIDs); err != nil {
		return err
	}
	return checkPredecessors(tx, o)
}

// checkPredecessors holds that the bodies before this one are bodies, and that
// none of them comes after it, however far back: a line of predecessors that
// meets itself would have no beginning.
func checkPredecessors(tx *gorm.DB, o record.Organisation) error {
	if err := areBodies(tx, "predecessors", o.PredecessorIDs()); err != nil {
		return err
	}
	seen := map[string]bool{}
	for ids := o.PredecessorIDs(); len(ids) > 0; {
		before, err := organisationsByID(tx, ids)
		if err != nil {
			return err
		}
		ids = nil
		for id, b := range before {
			if seen[id] {
				continue
			}
			seen[id] = true
			ids = append(ids, b.PredecessorIDs()...)
		}
		if seen[o.ID] {
			return fault.Field("predecessors", "A body does not come after itself.")
		}
	}
	return nil
}

func organisationByID(tx *gorm.DB, id string) (record.Organisation, error) {
	var row organisationRow
	if !isID(id) {
		return record.Organisation{}, nothing()
	}
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.organisation(), database.Error(err, "organisation")
}

func organisationsByID(tx *gorm.DB, ids []string) (map[string]record.Organisation, error) {
	out := make(map[string]record.Organisation, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isID(id) })
	for len(ids) > 0 {
		n := min(len(ids), 1000)
		var rows []organisationRow
		if err := tx.Where("id IN ?", ids[:n]).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "organisations")
		}
		for _, row := range rows {
			out[row.ID] = row.organisation()
		}
		ids = ids[n:]
	}
	return out, nil
}
