package release

import (
	"bytes"
	"maps"
	"slices"
)

// finish adds the organisations and series, and sets the hash. It may be
// called once, at the end.
func (b *batch) finish() error {
	bodies, err := b.readPublic()
	if err != nil {
		return err
	}
	var docs []made
	for _, id := range b.writer.directory.byName(bodies) {
		o := b.writer.directory[id]
		docs = append(docs, made{doc: b.writer.organisation(o), objectID: id})
		b.f.Subjects(b.writer.openPredecessors(o)...)
		if b.writer.openParent(o) {
			b.f.Subjects(o.ParentID)
		}
	}
	var ids []string
	for id := range b.series {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y string) int {
		return bytes.Compare([]byte(b.writer.slugs[x]), []byte(b.writer.slugs[y]))
	})
	for _, id := range ids {
		docs = append(docs, made{doc: b.writer.series(b.series[id]), objectID: id})
		b.f.Subjects(b.writer.openConveners(b.series[id])...)
	}
	for part := range slices.Chunk(docs, 500) {
		if err := b.put(part); err != nil {
			return err
		}
	}
	b.f.Release.Hash = b.hash.Sum()
	return nil
}

// readPublic finds out which organisations are public when the batch is: those
// that it names, and those that a round outside it does. It returns the ids of
// those to document: what the batch names, and the public bodies that came
// after one that was not public before.
func (b *batch) readPublic() (map[string]bool, error) {
	after, err := b.f.Successors(slices.Sorted(maps.Keys(b.named)))
	if err != nil {
		return nil, err
	}
	if err := b.readOrganisations(slices.Concat(slices.Collect(maps.Values(after))...)); err != nil {
		return nil, err
	}
	var ids, slugs []string
	for id := range b.writer.directory {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	have, err := b.f.Slugs(ids)
	if err != nil {
		return nil, err
	}
	for id, slug := range have {
		b.writer.slugs[id] = slug
		slugs = append(slugs, slug)
	}
	disclosed, err := b.f.Disclosed(slugs)
	if err != nil {
		return nil, err
	}
	b.writer.public = func(id string) bool {
		slug := b.writer.slugs[id]
		return b.named[id] || disclosed[slug]-b.before[slug] > 0
	}
	bodies := maps.Clone(b.named)
	for id := range b.named {
		for _, next := range after[id] {
			if disclosed[b.writer.slugs[id]] == 0 && b.writer.public(next) && !bodies[next] {
				bodies[next] = true
				b.f.Subjects(next)
			}
		}
	}
	return bodies, nil
}
