package desk

import (
	"strconv"
	"strings"

	"track15/models/published"
	"track15/views/components"
)

// PlaceWords is a place in one line.
func PlaceWords(city, country string) string {
	var all []string
	if city != "" {
		all = append(all, city)
	}
	if country != "" {
		all = append(all, components.Country(country))
	}
	return strings.Join(all, ", ")
}

func bodyNames(all []published.Body) string {
	names := make([]string, len(all))
	for i, b := range all {
		names[i] = b.Name
	}
	return strings.Join(names, ", ")
}

func refNames(all []published.Ref) string {
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.Name
	}
	return strings.Join(names, "; ")
}

func authorName(a published.Author) string {
	if a.Literal != "" {
		return a.Literal
	}
	return strings.TrimSpace(a.Given + " " + a.Family)
}

func observationHeading(o published.Observation) string {
	s := "Observation " + strconv.Itoa(o.Number)
	if o.Heading != "" {
		s += ". " + o.Heading
	}
	return s
}
