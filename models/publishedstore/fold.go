package publishedstore

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
	"track15/models/published"
)

// chunk is how many rows one statement reads or writes.
const chunk = 500

// A folding applies one envelope in one transaction.
//
// First everything that leaves or is replaced gives up its rows, numbers and
// bits; then what comes takes the lowest free numbers; last, whatever is summed
// up over several documents (names of choices, organisations, counts) is made
// again where it was touched. So the result follows from the documents and the
// order in which they came.
type folding struct {
	ctx    context.Context
	tx     *gorm.DB
	number int64
	day    string

	rounds, entries *allocator
	facets          changes[facetKey]
	terms           changes[string]
	organisations   map[string]bool // whose row must be made again
	recount         map[string]bool // rounds whose observations must be counted again
	redate          map[string]string
	stems           stems
}

// foldIn applies an envelope that check found sound, as number and day.
func foldIn(ctx context.Context, tx *gorm.DB, e published.Envelope, day string) error {
	f := &folding{
		ctx: ctx, tx: tx.WithContext(ctx), number: e.Number, day: day,
		facets: changes[facetKey]{}, terms: changes[string]{},
		organisations: map[string]bool{}, recount: map[string]bool{}, redate: map[string]string{},
		stems: stems{},
	}
	put := slices.Clone(e.Put)
	slices.SortStableFunc(put, func(a, b published.Document) int {
		return cmp.Compare(slices.Index(published.Kinds, a.Kind), slices.Index(published.Kinds, b.Kind))
	})
	steps := []func() error{
		f.begin,
		func() error { return f.drop(e.Drop) },
		func() error { return f.put(put) },
		f.summarise,
		f.end,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return database.Error(err, "release document")
		}
	}
	return nil
}

// begin reads which numbers are taken.
func (f *folding) begin() error {
	for _, s := range []struct {
		space string
		into  **allocator
	}{{"rounds", &f.rounds}, {"entries", &f.entries}} {
		var rows []ordinalsRow
		if err := f.tx.Where("space = ?", s.space).Find(&rows).Error; err != nil {
			return err
		}
		var taken []byte
		for _, r := range rows {
			taken = r.Taken
		}
		var err error
		if *s.into, err = newAllocator(taken); err != nil {
			return err
		}
	}
	return nil
}

// end writes which numbers are taken, and the new state's number.
func (f *folding) end() error {
	for space, a := range map[string]*allocator{"rounds": f.rounds, "entries": f.entries} {
		taken, err := encodeBitmap(a.taken)
		if err != nil {
			return err
		}
		if err := save(f.tx, []ordinalsRow{{space, taken}}); err != nil {
			return err
		}
	}
	return f.tx.Model(&editionRow{}).Where("name = 'current'").
		Updates(map[string]any{"number": f.number, "day": f.day, "form": form}).Error
}

// save inserts rows, or replaces those with the same key.
func save[T keyed](tx *gorm.DB, rows []T) error {
	for part := range slices.Chunk(rows, chunk) {
		var on []clause.Column
		for _, name := range part[0].key() {
			on = append(on, clause.Column{Name: name})
		}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true, Columns: on}).Create(&part).Error; err != nil {
			return err
		}
	}
	return nil
}

// insert inserts rows whose keys must be new.
func insert[T any](tx *gorm.DB, rows []T) error {
	for part := range slices.Chunk(rows, chunk) {
		if err := tx.Create(&part).Error; err != nil {
			return err
		}
	}
	return nil
}

// findAll reads the rows whose column is one of values.
func findAll[T any, V any](tx *gorm.DB, condition string, values []V) ([]T, error) {
	tx = tx.Session(&gorm.Session{}) // conditions of one chunk must not stay for the next
	var all []T
	for part := range slices.Chunk(values, chunk) {
		var rows []T
		if err := tx.Where(condition, part).Find(&rows).Error; err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// rowsAt reads the rows of one table at keys.
func rowsAt[T any](f *folding, keys []key, slug func(T) string) (map[key]T, error) {
	found := map[key]T{}
	for kind, slugs := range byKind(keys) {
		rows, err := findAll[T](f.tx.Where("kind = ?", kind), "slug IN ?", slugs)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[key{kind, slug(r)}] = r
		}
	}
	return found, nil
}

// present reads the documents among keys that are public, with their bytes.
func (f *folding) present(keys []key) (map[key]documentRow, error) {
	return rowsAt(f, keys, func(r documentRow) string { return r.Slug })
}

// noticed reads the notices at the addresses of keys.
func (f *folding) noticed(keys []key) (map[key]noticeRow, error) {
	return rowsAt(f, keys, func(r noticeRow) string { return r.Slug })
}

// byKind sorts keys into their kinds.
func byKind(keys []key) map[published.Kind][]string {
	m := map[published.Kind][]string{}
	for _, k := range keys {
		m[k.kind] = append(m[k.kind], k.slug)
	}
	return m
}

// drop takes documents away, chunk by chunk.
func (f *folding) drop(drops []published.Drop) error {
	for part := range slices.Chunk(drops, chunk) {
		keys := make([]key, len(part))
		for i, d := range part {
			keys[i] = key{d.Kind, d.Slug}
		}
		present, err := f.present(keys)
		if err != nil {
			return err
		}
		noticed, err := f.noticed(keys)
		if err != nil {
			return err
		}
		for i, d := range part {
			old, was := present[keys[i]]
			notice, had := noticed[keys[i]]
			if err := f.dropOne(d, old, was, notice, had); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropOne takes one document away. What was never public leaves no notice:
// it would announce something.
func (f *folding) dropOne(d published.Drop, old documentRow, was bool, notice noticeRow, had bool) error {
	if !was && !had {
		return nil
	}
	left := noticeRow{
		Kind: d.Kind, Slug: d.Slug, Notice: d.Notice, Reason: d.Reason,
		Number: f.number, Day: f.day, Version: notice.Version,
	}
	observations := []noticeRow{}
	if was {
		c, err := f.retract(old)
		if err != nil {
			return err
		}
		if err := f.tx.Where("kind = ? AND slug = ?", d.Kind, d.Slug).Delete(&documentRow{}).Error; err != nil {
			return err
		}
		left.Version = old.Version
		if c.output != nil {
			for _, o := range c.output.Observations {
				n := left
				n.Kind, n.Slug, n.Version, n.Output = KindObservation, o.Slug, 0, d.Slug
				observations = append(observations, n)
			}
		}
	}
	if d.Notice == published.NoticeNone {
		if err := f.forgetNotice(d.Kind, d.Slug); err != nil {
			return err
		}
		return f.tx.Where("kind = ? AND slug = ?", d.Kind, d.Slug).Delete(&versionRow{}).Error
	}
	if had && d.Kind == published.KindOutput {
		err := f.tx.Model(&noticeRow{}).Where("kind = ? AND output = ?", KindObservation, d.Slug).
			Updates(map[string]any{"notice": d.Notice, "reason": d.Reason, "number": f.number, "day": f.day}).Error
		if err != nil {
			return err
		}
	}
	if err := save(f.tx, append(observations, left)); err != nil {
		return err
	}
	return f.blank(d.Kind, d.Slug, left.Version)
}

// forgetNotice removes the notice of a document and those of its observations.
func (f *folding) forgetNotice(kind published.Kind, slug string) error {
	err := f.tx.Where("kind = ? AND slug = ?", kind, slug).Delete(&noticeRow{}).Error
	if err == nil && kind == published.KindOutput {
		err = f.tx.Where("kind = ? AND output = ?", KindObservation, slug).Delete(&noticeRow{}).Error
	}
	return err
}

// blank takes text, note and hash from the versions of a document up to last.
func (f *folding) blank(kind published.Kind, slug string, last int) error {
	return f.tx.Model(&versionRow{}).Where("kind = ? AND slug = ? AND version <= ?", kind, slug, last).
		Updates(map[string]any{"body": nil, "note": "", "hash": ""}).Error
}

// An earlier is what a put replaces: version is the last one, 0 if there is none.
type earlier struct {
	version  int
	replaced bool // it is public now
	noticed  bool // it left with a notice
}

// put brings documents, in the order of published.Kinds.
func (f *folding) put(docs []published.Document) error {
	before := map[key]earlier{}
	same := map[key]bool{}
	for part := range slices.Chunk(docs, chunk) {
		keys := make([]key, len(part))
		for i, d := range part {
			keys[i] = key{d.Kind, d.Slug}
		}
		present, err := f.present(keys)
		if err != nil {
			return err
		}
		noticed, err := f.noticed(keys)
		if err != nil {
			return err
		}
		for i, d := range part {
			if old, was := present[keys[i]]; was {
				if old.Hash == d.Hash() {
					same[keys[i]] = true
					continue
				}
				if _, err := f.retract(old); err != nil {
					return err
				}
				before[keys[i]] = earlier{version: old.Version, replaced: true}
			} else if n, had := noticed[keys[i]]; had {
				before[keys[i]] = earlier{version: n.Version, noticed: true}
			}
		}
	}
	docs = slices.DeleteFunc(docs, func(d published.Document) bool { return same[key{d.Kind, d.Slug}] })
	for _, kind := range published.Kinds {
		of := slices.DeleteFunc(slices.Clone(docs), func(d published.Document) bool { return d.Kind != kind })
		for part := range slices.Chunk(of, chunk) {
			if err := f.putPart(part, before); err != nil {
				return err
			}
		}
	}
	return nil
}

// putPart brings documents of one kind.
func (f *folding) putPart(part []published.Document, before map[key]earlier) error {
	var contents []content
	var documents []documentRow
	var versions []versionRow
	for _, d := range part {
		c, head, err := decode(d)
		if err != nil {
			return err
		}
		was := before[key{d.Kind, d.Slug}]
		v := versionRow{
			Kind: d.Kind, Slug: d.Slug, Version: was.version + 1,
			Number: f.number, Day: f.day, Change: ChangeReleased, Hash: d.Hash(),
		}
		if head.Correction != nil {
			v.Note = head.Correction.Note
		}
		switch {
		case was.noticed:
			v.Change = ChangeRestored
			err = f.forgetNotice(d.Kind, d.Slug)
		case was.replaced && head.Correction != nil && head.Correction.Amendment:
			v.Change = ChangeAmended
			err = f.keep(d.Kind, d.Slug, was.version)
		case was.replaced:
			v.Change = ChangeRedacted
			err = f.blank(d.Kind, d.Slug, was.version)
		}
		if err != nil {
			return err
		}
		contents = append(contents, c)
		versions = append(versions, v)
		documents = append(documents, documentRow{
			Kind: d.Kind, Slug: d.Slug, Version: v.Version, Number: v.Number, Day: v.Day, Hash: v.Hash, Body: d.Body,
		})
	}
	if err := save(f.tx, documents); err != nil {
		return err
	}
	if err := insert(f.tx, versions); err != nil {
		return err
	}
	return f.bring(part[0].Kind, contents)
}

// keep moves the text that an amendment replaces to its version.
func (f *folding) keep(kind published.Kind, slug string, version int) error {
	return f.tx.Exec(`UPDATE versions SET body = (SELECT body FROM documents WHERE kind = ? AND slug = ?)
		WHERE kind = ? AND slug = ? AND version = ?`, kind, slug, kind, slug, version).Error
}

// sorted returns the keys of a set in order, so that equal sets are worked
// through alike.
func sorted[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }
