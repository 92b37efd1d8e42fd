package release

import (
	"strconv"
	"strings"

	"track15/models/published"
	"track15/models/record"
)

// A name is what asks for a slug: an object of the record and the released
// words from which its slug is made, the preferred first.
type name struct {
	kind  published.Kind
	id    string
	words []string // forms of slugs already
}

// kindObservation is under which an observation's slug is kept. It is no kind
// of document.
const kindObservation published.Kind = "observation"

// candidates yields the slugs to try for a name, without end: its words in
// order, then the first with -2, -3 … .
func (n name) candidates(yield func(string) bool) {
	for _, w := range n.words {
		if w != "" && !yield(w) {
			return
		}
	}
	for i := 2; ; i++ {
		if !yield(n.words[0] + "-" + strconv.Itoa(i)) {
			return
		}
	}
}

func seriesName(s record.Series) name {
	return name{published.KindSeries, s.ID, wished(s.SlugWish, slugOr("series", clean(s.Name)))}
}

// organisationName tries the name, then the name with the country: ministries
// of several states are called alike.
func organisationName(o record.Organisation) name {
	slug := slugOr("body", clean(o.Name))
	words := wished(o.SlugWish, slug)
	if country := slugify(o.Country); country != "" {
		words = append(words, slug+"-"+country)
	}
	return name{published.KindOrganisation, o.ID, words}
}

func roundName(r record.Round, s record.Series, seriesSlug string) name {
	words := slugify(roundWords(r, s))
	if words == "" {
		words = "round"
	}
	return name{published.KindRound, r.ID, wished(r.SlugWish, join(seriesSlug, words))}
}

// outputName is made of the address of what the text is about, with its kind;
// of a text that others published with its title, so that several differ.
func outputName(o record.Output, about string) name {
	words := slugify(string(o.Kind))
	if o.External {
		words = slugify(clean(o.Draft.Title))
	}
	if words == "" {
		words = slugOr("text", clean(o.Draft.Title))
	}
	return name{published.KindOutput, o.ID, wished(o.SlugWish, join(about, words))}
}

// observationName counts within its output. Where a round has several outputs
// with observations, the later ones go by their output.
func observationName(ob record.Observation, number int, about, output string) name {
	n := "-observation-" + strconv.Itoa(number)
	return name{kindObservation, ob.ID, []string{about + n, output + n}}
}

// wished puts the slug an import asked for before the one made of words.
func wished(wish, made string) []string {
	if wish = strings.ToLower(wish); wish != "" {
		return []string{wish}
	}
	return []string{made}
}

// maxSlug bounds a slug made of another and words, in bytes; a number fits
// behind it within what the published store takes.
const maxSlug = 170

// join puts words behind a slug, cut between words.
func join(slug, words string) string {
	s := slug + "-" + words
	if len(s) <= maxSlug {
		return s
	}
	return strings.TrimSuffix(s[:max(strings.LastIndexByte(s[:maxSlug], '-'), 1)], "-")
}
