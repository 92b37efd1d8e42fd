package recordstore

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/names"
	"track15/models/record"
)

type personRow struct {
	ID          string
	Given       string
	Family      string
	FamilyFirst int64
	SortKey     string
	Honorific   string
	Native      list[[]record.Name]
	Aliases     list[[]string]
	Country     string
	Sample      int64
	Version     int64
}

func (personRow) TableName() string { return "people" }

type personNameRow struct {
	PersonID string
	Folded   string
}

func (personNameRow) TableName() string { return "person_names" }

func toPersonRow(p record.Person) personRow {
	return personRow{
		p.ID, p.Given, p.Family, flag(p.FamilyFirst), key(p.Family + " " + p.Given), p.Honorific,
		list[[]record.Name]{p.Native},
		list[[]string]{p.Aliases},
		p.Country, flag(p.Sample), p.Version,
	}
}

func (r personRow) person() record.Person {
	return record.Person{
		ID: r.ID, Given: r.Given, Family: r.Family, FamilyFirst: r.FamilyFirst != 0, Honorific: r.Honorific,
		Native: r.Native.V, Aliases: r.Aliases.V, Country: r.Country, Sample: r.Sample != 0, Version: r.Version,
	}
}

// personNames are all names of a person, folded, each once: the name also in the
// other order.
func personNames(p record.Person) []personNameRow {
	all := append([]string{p.Given + " " + p.Family, p.Family + " " + p.Given}, p.Aliases...)
	for _, n := range p.Native {
		all = append(all, n.Text)
	}
	var rows []personNameRow
	seen := map[string]bool{"": true}
	for _, name := range all {
		if f := key(name); !seen[f] {
			seen[f] = true
			rows = append(rows, personNameRow{p.ID, f})
		}
	}
	return rows
}

type personSoundRow struct {
	Sound    string
	PersonID string
}

func (personSoundRow) TableName() string { return "person_sounds" }

// personSounds are the words of all names of a person, as they sound.
func personSounds(p record.Person) []personSoundRow {
	called := names.Person{Given: p.Given, Family: p.Family, Aliases: p.Aliases}
	for _, n := range p.Native {
		called.Native = append(called.Native, n.Text)
	}
	sounds := names.Sounds(called)
	rows := make([]personSoundRow, len(sounds))
	for i, sound := range sounds {
		rows[i] = personSoundRow{sound, p.ID}
	}
	return rows
}

// AddPerson adds a person to the directory and returns them with their ID and
// Version set.
func (s *Store) AddPerson(ctx context.Context, actor record.Actor, p record.Person) (record.Person, error) {
	p = p.Normal()
	if err := s.identify(&p.ID); err != nil {
		return p, err
	}
	p.Version = 1
	err := s.act(ctx, actor, record.EditDirectory, house(p.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, p.ID, actor, func() (record.Person, error) { return personByID(tx, p.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := p
			same.Version = was.Version
			return once(was, &p, same)
		}
		if err := p.Check(); err != nil {
			return err
		}
		return insertPeople(tx, []record.Person{p})
	})
	return p, err
}

// EditPerson replaces an entry of the directory. It fails with Conflict if
// p.Version is not the stored one, unless nothing would change.
func (s *Store) EditPerson(ctx context.Context, actor record.Actor, p record.Person) (record.Person, error) {
	p = p.Normal()
	err := s.act(ctx, actor, record.EditDirectory, house(p.ID), func(tx *gorm.DB) error {
		was, err := personByID(tx, p.ID)
		if err != nil {
			return err
		}
		p.Sample = was.Sample
		if err := moved(was, &p, func(p *record.Person) *int64 { return &p.Version }); err != nil {
			return err
		}
		if err := p.Check(); err != nil {
			return err
		}
		row := toPersonRow(p)
		if err := remember[personRow](tx, row.ID); err != nil {
			return err
		}
		if err := tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error; err != nil {
			return database.Error(err, "person")
		}
		return renamePerson(tx, p)
	})
	return p, err
}

// Person returns one entry of the directory.
func (s *Store) Person(ctx context.Context, actor record.Actor, id string) (record.Person, error) {
	var p record.Person
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		var err error
		p, err = personByID(tx, id)
		return err
	})
	return p, err
}

// A PersonFilter selects people of the directory. Its zero value means all of
// them. Query is found in any name, in any script and either order, also as it
// sounds in another script or romanisation. Page counts from 1; PerPage 0 means
// no limit.
type PersonFilter struct {
	Query         string
	Country       string
	Page, PerPage int
}

// People lists people of the directory by family name, and counts them.
func (s *Store) People(ctx context.Context, actor record.Actor, f PersonFilter) ([]record.Person, int, error) {
	var out []record.Person
	var total int64
	if err := errors.Join(record.CheckLine("query", f.Query), record.CheckLine("country", f.Country)); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		q := tx.Model(&personRow{})
		if f.Country != "" {
			q = q.Where("country = ?", f.Country)
		}
		if f.Query != "" {
			q = called(q, f.Query)
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "people")
		}
		var rows []personRow
		err := paged(q, f.Page, f.PerPage).Order("sort_key, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.person())
		}
		return database.Error(err, "people")
	})
	return out, int(total), err
}

// PeopleByID returns the people with the ids, by id; ids without an entry are
// left out.
func (s *Store) PeopleByID(ctx context.Context, actor record.Actor, ids []string) (map[string]record.Person, error) {
	var out map[string]record.Person
	err := s.act(ctx, actor, record.ReadDirectory, house(), func(tx *gorm.DB) error {
		var err error
		out, err = peopleByID(tx, ids)
		return err
	})
	return out, err
}

// called restricts a query over people to those with a name that holds the
// words, or sounds like them.
func called(q *gorm.DB, words string) *gorm.DB {
	either, args := []string{`id IN (SELECT person_id FROM person_names WHERE folded LIKE ? ESCAPE '\')`}, []any{like(words)}
	for _, way := range names.SoundsSought(words) {
		either = append(either, "id IN (SELECT person_id FROM person_sounds WHERE sound IN ? GROUP BY person_id HAVING COUNT(*) = ?)")
		args = append(args, way, len(way))
	}
	return q.Where("("+strings.Join(either, " OR ")+")", args...)
}

// renamePerson stores the names of a person instead of those before.
func renamePerson(tx *gorm.DB, p record.Person) error {
	for _, old := range []any{&personNameRow{}, &personSoundRow{}} {
		if err := tx.Where("person_id = ?", p.ID).Delete(old).Error; err != nil {
			return database.Error(err, "name")
		}
	}
	if err := database.Insert(tx, personNames(p)); err != nil {
		return database.Error(err, "name")
	}
	return database.Error(database.Insert(tx, personSounds(p)), "name")
}

// soundOut is the chore of storing how the names sound of people who were
// entered by an older program.
const soundOut = "sound out names"

// soundOutOlder does it.
func (s *Store) soundOutOlder(ctx context.Context) error {
	return s.chore(ctx, soundOut, nil, func(tx *gorm.DB) error {
		var people []personRow
		if err := tx.Where("id NOT IN (SELECT person_id FROM person_sounds)").Find(&people).Error; err != nil {
			return database.Error(err, "people")
		}
		var sounds []personSoundRow
		for _, row := range people {
			sounds = append(sounds, personSounds(row.person())...)
		}
		return database.Error(database.Insert(tx, sounds), "name")
	})
}

// insertPeople stores new people with their names.
func insertPeople(tx *gorm.DB, people []record.Person) error {
	var rows []personRow
	var called []personNameRow
	var sounds []personSoundRow
	for _, p := range people {
		rows, called, sounds = append(rows, toPersonRow(p)), append(called, personNames(p)...), append(sounds, personSounds(p)...)
	}
	if err := database.Insert(tx, rows); err != nil {
		return database.Error(err, "person")
	}
	if err := database.Insert(tx, called); err != nil {
		return database.Error(err, "name")
	}
	return database.Error(database.Insert(tx, sounds), "name")
}

func personByID(tx *gorm.DB, id string) (record.Person, error) {
	var row personRow
	if !isID(id) {
		return record.Person{}, nothing()
	}
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.person(), database.Error(err, "person")
}

func peopleByID(tx *gorm.DB, ids []string) (map[string]record.Person, error) {
	out := make(map[string]record.Person, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isID(id) })
	for part := range slices.Chunk(ids, 1000) {
		var rows []personRow
		if err := tx.Where("id IN ?", part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "people")
		}
		for _, row := range rows {
			out[row.ID] = row.person()
		}
	}
	return out, nil
}
