// Package historic reads rounds that are already public elsewhere: three files
// of JSON lines, series.jsonl, organisations.jsonl and rounds.jsonl, each fact
// with the address where it stands. It turns them into entries of the record.
//
// It is strict. A field the format does not have, a reference to nothing, a
// missing source, a date no calendar has: each is an error that names file,
// line and field, never the value. Working remarks (note, test_quirks,
// headcount) are read and left behind.
package historic

import (
	"errors"
	"io/fs"
	"iter"
	"regexp"

	"track15/models/fault"
	"track15/models/record"
)

// The files of an archive.
const (
	SeriesFile        = "series.jsonl"
	OrganisationsFile = "organisations.jsonl"
	RoundsFile        = "rounds.jsonl"
)

// maxErrors is how many errors Open collects before it gives up.
const maxErrors = 20

// An Archive is a directory of JSON lines whose every line was read and
// checked. Identifiers in it are the files' own, also as the slugs its entries
// wish for; a side's identifier is its party as the series writes it.
//
// Series and Organisations are held in memory, rounds are not.
type Archive struct {
	Series        []record.Imported[record.Series]
	Organisations []record.Imported[record.Organisation]
	RoundCount    int

	fsys   fs.FS
	series map[string]record.Series
	kinds  map[string]record.OrgKind // by organisation
}

// Open reads and checks the three files in fsys. It takes one pass over each
// and keeps no round.
//
// Its errors are Invalid, joined, at most 20 of them; the Field of each is
// "rounds.jsonl:12: outputs[0].url".
func Open(fsys fs.FS) (*Archive, error) {
	a := &Archive{fsys: fsys, series: map[string]record.Series{}, kinds: map[string]record.OrgKind{}}
	var p problems
	organisations := a.readOrganisations(&p)
	a.readSeries(&p)
	for _, l := range organisations {
		p.add(a.checkParent(l, organisations))
	}
	if p.full() {
		return nil, p.err()
	}
	seen := map[string]bool{}
	for l, err := range lines[roundLine](fsys, RoundsFile) {
		if p.add(err); err == nil {
			a.RoundCount++
			p.add(unique(l, l.value.ID, seen))
			_, err := a.round(l)
			p.add(err)
		}
		if p.full() {
			break
		}
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return a, nil
}

// Rounds reads the rounds again, in the file's order, each with its outputs. A
// file that changed since Open fails like there.
func (a *Archive) Rounds() iter.Seq2[record.Imported[record.RoundEntry], error] {
	return func(yield func(record.Imported[record.RoundEntry], error) bool) {
		for l, err := range lines[roundLine](a.fsys, RoundsFile) {
			var e record.RoundEntry
			if err == nil {
				e, err = a.round(l)
			}
			if !yield(imported(l, e), err) || err != nil {
				return
			}
		}
	}
}

func imported[T, E any](l line[T], e E) record.Imported[E] {
	return record.Imported[E]{Entry: e, Where: l.where(), Digest: l.digest}
}

func (a *Archive) readOrganisations(p *problems) map[string]line[organisationLine] {
	all := map[string]line[organisationLine]{}
	seen := map[string]bool{}
	for l, err := range lines[organisationLine](a.fsys, OrganisationsFile) {
		if p.add(err); err == nil {
			p.add(unique(l, l.value.ID, seen))
			o, err := organisation(l)
			p.add(err)
			a.Organisations = append(a.Organisations, imported(l, o))
			a.kinds[o.ID], all[o.ID] = o.Kind, l
		}
		if p.full() {
			break
		}
	}
	return all
}

func (a *Archive) readSeries(p *problems) {
	seen := map[string]bool{}
	for l, err := range lines[seriesLine](a.fsys, SeriesFile) {
		if p.add(err); err == nil {
			p.add(unique(l, l.value.ID, seen))
			s, err := a.oneSeries(l)
			p.add(err)
			a.Series = append(a.Series, imported(l, s))
			a.series[s.ID] = s
		}
		if p.full() {
			break
		}
	}
}

// checkParent holds that the parent exists and that no body is its own
// forebear.
func (a *Archive) checkParent(l line[organisationLine], all map[string]line[organisationLine]) error {
	if parent := l.value.Parent; parent != "" {
		if _, known := all[parent]; !known {
			return l.fail("parent", "No line of %s has this id.", OrganisationsFile)
		}
	}
	for i, other := range l.value.ConfusableWith {
		if _, known := all[string(other)]; !known {
			return l.fail(item("confusable_with", i), "No line of %s has this id.", OrganisationsFile)
		}
	}
	up := l.value.Parent
	for range len(all) {
		if up == "" {
			return nil
		}
		if up == l.value.ID {
			return l.fail("parent", "A body cannot stand above itself.")
		}
		up = all[up].value.Parent
	}
	return nil
}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// unique holds that an id is one, and no other line's.
func unique[T any](l line[T], id string, seen map[string]bool) error {
	switch {
	case id == "":
		return l.fail("id", "Enter an id.")
	case !slug.MatchString(id):
		return l.fail("id", "Enter at most 64 small letters, digits and hyphens, a letter or digit first.")
	case seen[id]:
		return l.fail("id", "An earlier line of this file has this id.")
	}
	seen[id] = true
	return nil
}

// problems collects errors until there are enough of them.
type problems struct{ all []error }

func (p *problems) add(err error) {
	for _, e := range fault.All(err) {
		p.all = append(p.all, e)
	}
}

func (p *problems) full() bool { return len(p.all) >= maxErrors }

func (p *problems) err() error { return errors.Join(p.all...) }
