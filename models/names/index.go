package names

import (
	"cmp"
	"slices"
)

// A Hit is an entry of an index that may be the name asked for: At is its place
// in the order in which entries were added, from 0.
type Hit struct {
	At       int
	Likeness Likeness
}

// An index finds entries by their keys.
type index[T any] struct {
	entries []T
	by      map[string][]int
}

func (x *index[T]) add(entry T, keys []string) {
	if x.by == nil {
		x.by = map[string][]int{}
	}
	for _, k := range keys {
		x.by[k] = append(x.by[k], len(x.entries))
	}
	x.entries = append(x.entries, entry)
}

// common is how many entries share a key that says nothing any more: a word of
// every second name. Without it a table of 100,000 bodies of one ministry would be
// compared each with each.
const common = 200

// telling are the keys under which an entry is sought: those that few share, or
// else the one that the fewest share.
func (x *index[T]) telling(keys []string) []string {
	few := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return len(x.by[k]) > common })
	if len(few) > 0 || len(keys) == 0 {
		return few
	}
	return []string{slices.MinFunc(keys, func(a, b string) int { return cmp.Compare(len(x.by[a]), len(x.by[b])) })}
}

// like returns the entries that are alike, the likeliest first, then in order.
func (x *index[T]) like(entry T, keys []string, alike func(a, b T) Likeness) []Hit {
	var hits []Hit
	seen := map[int]bool{}
	for _, k := range x.telling(keys) {
		for _, at := range x.by[k] {
			if seen[at] {
				continue
			}
			seen[at] = true
			if l := alike(entry, x.entries[at]); l != None {
				hits = append(hits, Hit{at, l})
			}
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(a.At, b.At))
	})
	return hits
}

// A PersonIndex finds people by any name. The zero value is empty.
type PersonIndex struct{ x index[written] }

// Add adds a name.
func (i *PersonIndex) Add(p Person) {
	w := write(p)
	i.x.add(w, w.keys())
}

// Like returns the entries that may be the person, the likeliest first.
func (i *PersonIndex) Like(p Person) []Hit {
	w := write(p)
	return i.x.like(w, w.keys(), likely)
}

// A BodyIndex finds bodies by any name or acronym. The zero value is empty.
type BodyIndex struct{ x index[body] }

// Add adds a body.
func (i *BodyIndex) Add(b Body) {
	w := writeBody(b)
	i.x.add(w, w.keys())
}

// Like returns the entries that may be the body, the likeliest first.
func (i *BodyIndex) Like(b Body) []Hit {
	w := writeBody(b)
	return i.x.like(w, w.keys(), likelyBodies)
}
