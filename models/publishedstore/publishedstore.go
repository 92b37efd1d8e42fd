// Package publishedstore holds what was released: its writer folds the release
// log into tables, its reader answers the public from them. It is the only SQL
// over the published store and knows nothing of the record.
//
// Everything in the store follows from the envelopes that were applied, in
// their order, and from nothing else: no clock, no counter of rows, no chance.
// Folding the same envelopes again gives the same Digest, on SQLite and on
// PostgreSQL alike.
package publishedstore

import (
	"regexp"
	"strconv"

	"track15/models/published"
)

// KindObservation is what Notice and a Hit call an observation. It is no kind
// of document: an observation lies in its output.
const KindObservation published.Kind = "observation"

// KindTopic is what a Hit and an Address call a topic, which lies in rounds.
const KindTopic published.Kind = "topic"

// slugForm is the form of every released address.
var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// maxSlug bounds a slug, in bytes.
const maxSlug = 200

// IsSlug tells whether s has the form of a slug: a lower case ASCII letter or
// digit, then letters, digits and hyphens, at most 200 bytes.
func IsSlug(s string) bool { return len(s) <= maxSlug && slugForm.MatchString(s) }

// yearOf returns the year a round is found under, 0 if none is public.
func yearOf(r published.Round) int {
	for _, d := range []string{r.Dates.Opens, r.Dates.Closes, r.Dates.NotAfter, r.Dates.NotBefore} {
		if len(d) < 4 {
			continue
		}
		if y, err := strconv.Atoi(d[:4]); err == nil && y > 0 {
			return y
		}
	}
	return 0
}
