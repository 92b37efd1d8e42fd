package desk

import (
	"strconv"
	"strings"

	"track15/models/published"
	"track15/views/components"
)

// PlaceWords is a place in one line. A country that has no common name goes by
// the side that comes from it; one that nobody names is left out.
func PlaceWords(city, country string, sides map[string]string) string {
	name := components.Country(country)
	if name == "" {
		name = sides[country]
	}
	return strings.Trim(city+", "+name, ", ")
}

// SideNames are the names of sides by their country.
func SideNames(sides []published.Side) map[string]string {
	names := map[string]string{}
	for _, s := range sides {
		names[s.Country] = s.Name
	}
	return names
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
