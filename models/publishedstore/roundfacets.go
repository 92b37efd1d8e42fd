package publishedstore

import (
	"iter"
	"strconv"

	"track15/models/published"
)

type facetKey struct{ facet, value string }

// bodies yields every line of a round that names somebody, conveners as lines
// of the form body.
func bodies(r published.Round) iter.Seq[published.Line] {
	return func(yield func(published.Line) bool) {
		for _, b := range r.Conveners {
			if !yield(published.Line{Form: published.FormBody, Body: b}) {
				return
			}
		}
		for _, s := range r.Sides {
			for _, l := range s.Lines {
				if !yield(l) {
					return
				}
			}
		}
		for _, l := range r.Others {
			if !yield(l) {
				return
			}
		}
	}
}

// memberships returns the choices under which a round is found, each once.
func memberships(r published.Round) []facetKey {
	var all []facetKey
	seen := map[facetKey]bool{}
	add := func(facet, value string) {
		k := facetKey{facet, value}
		if value != "" && !seen[k] {
			seen[k] = true
			all = append(all, k)
		}
	}
	for l := range bodies(r) {
		add(FacetAgency, l.Body.Slug)
	}
	add(FacetSeries, r.Series.Slug)
	for _, s := range r.Sides {
		add(FacetCountry, s.Country)
	}
	for _, t := range r.Topics {
		add(FacetTopic, t.Slug)
	}
	if y := yearOf(r); y > 0 {
		add(FacetYear, strconv.Itoa(y))
	}
	return all
}

// nameIn returns what a round calls a choice.
func nameIn(r published.Round, k facetKey) string {
	switch k.facet {
	case FacetAgency:
		return organisationIn(r, k.value).Name
	case FacetSeries:
		return r.Series.Name
	case FacetCountry:
		for _, s := range r.Sides {
			if s.Country == k.value {
				return s.Name
			}
		}
	case FacetTopic:
		for _, t := range r.Topics {
			if t.Slug == k.value {
				return t.Name
			}
		}
	}
	return k.value
}

// organisationIn returns what a round says of a body or category.
func organisationIn(r published.Round, slug string) published.Organisation {
	o := published.Organisation{Head: published.Head{Kind: published.KindOrganisation, Slug: slug}}
	for l := range bodies(r) {
		if l.Body.Slug != slug {
			continue
		}
		o.Name, o.Acronym, o.Native = l.Body.Name, l.Body.Acronym, l.Body.Native
		o.Category = l.Form == published.FormCategory
		o.Sample, o.Compiled = r.Sample, r.Compiled
		break
	}
	return o
}

// openedKey is what a round is sorted by: its first day, else its last, else
// the later, else the earlier bound; "" if none is public.
func openedKey(r published.Round) string {
	for _, d := range []string{r.Dates.Opens, r.Dates.Closes, r.Dates.NotAfter, r.Dates.NotBefore} {
		if d != "" {
			return d
		}
	}
	return ""
}

// Choices are the values of a facet under which a round is found.
func Choices(r published.Round, facet string) []string {
	var all []string
	for _, k := range memberships(r) {
		if k.facet == facet {
			all = append(all, k.value)
		}
	}
	return all
}
