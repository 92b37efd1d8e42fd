// Package public holds the pages anyone can read, each beside its struct.
package public

import (
	"net/url"
	"slices"
	"strconv"
)

// A Filter is what a list of rounds was asked for. Its zero value asks for
// every round, newest first. Values of one group mean OR, groups mean AND.
type Filter struct {
	Agency, Series, Country, Topic []string
	Since, Until                   int    // years; 0 is open
	Order                          string // "" newest, "oldest", "observations"
	Page                           int    // from 1; 0 is 1
}

// Groups of a filter, as their parameters are called.
const (
	GroupAgency  = "agency"
	GroupSeries  = "series"
	GroupCountry = "country"
	GroupTopic   = "topic"
)

// GroupLabels says what a reader calls the groups.
var GroupLabels = map[string]string{
	GroupAgency: "Agency or organisation", GroupSeries: "Series", GroupCountry: "Country of a side", GroupTopic: "Topic",
}

func (f *Filter) group(name string) *[]string {
	switch name {
	case GroupAgency:
		return &f.Agency
	case GroupSeries:
		return &f.Series
	case GroupCountry:
		return &f.Country
	}
	return &f.Topic
}

// Values are the chosen values of a group.
func (f Filter) Values(group string) []string { return *f.group(group) }

// Without is the filter without one value of a group, on its first page. The
// order and everything else stays.
func (f Filter) Without(group, value string) Filter {
	g := f.group(group)
	*g = slices.DeleteFunc(slices.Clone(*g), func(v string) bool { return v == value })
	f.Page = 0
	return f
}

// Cleared keeps nothing but the order.
func (f Filter) Cleared() Filter { return Filter{Order: f.Order} }

// Applied counts the choices that narrow the list.
func (f Filter) Applied() int {
	n := len(f.Agency) + len(f.Series) + len(f.Country) + len(f.Topic)
	if f.Since != 0 {
		n++
	}
	if f.Until != 0 {
		n++
	}
	return n
}

// At is the filter on another page.
func (f Filter) At(page int) Filter {
	f.Page = page
	return f
}

// Path is the one address of the filter under path: parameters in a fixed
// order, values sorted, defaults left out.
func (f Filter) Path(path string) string {
	q := ""
	add := func(name, value string) {
		sep := "&"
		if q == "" {
			sep = "?"
		}
		q += sep + name + "=" + url.QueryEscape(value)
	}
	for _, g := range []string{GroupAgency, GroupSeries, GroupCountry, GroupTopic} {
		for _, v := range slices.Sorted(slices.Values(f.Values(g))) {
			add(g, v)
		}
	}
	if f.Since != 0 {
		add("since", strconv.Itoa(f.Since))
	}
	if f.Until != 0 {
		add("until", strconv.Itoa(f.Until))
	}
	if f.Order != "" {
		add("order", f.Order)
	}
	if f.Page > 1 {
		add("page", strconv.Itoa(f.Page))
	}
	return path + q
}

// RoundPath is the address of a round's page.
func RoundPath(slug string) string { return "/rounds/" + slug }

// OrganisationPath is the address of an organisation's or category's page.
func OrganisationPath(slug string) string { return "/organisations/" + slug }

// ObservationPath is the address of an observation's page.
func ObservationPath(slug string) string { return "/observations/" + slug }

// SeriesPath is the address of a series' page.
func SeriesPath(slug string) string { return "/series/" + slug }

// TopicPath is the address of a topic's page.
func TopicPath(slug string) string { return "/topics/" + slug }
