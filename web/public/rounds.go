package public

import (
	"net/http"
	"strconv"

	"track15/models/publishedstore"
	"track15/views/components"
	"track15/views/layout"
	views "track15/views/public"
)

// filter is what the request asked of a list of rounds.
func (q query) filter() views.Filter {
	return views.Filter{
		Agency: q[agency.name], Series: q[series.name], Country: q[country.name], Topic: q[topic.name],
		Since: q.number(since.name), Until: q.number(until.name), Order: q.one(order.name), Page: q.number(page.name),
	}
}

// orders are the orders of a list by their parameter; the zero one is newest.
var orders = map[string]publishedstore.Order{
	"oldest": publishedstore.Oldest, "observations": publishedstore.MostObservations,
}

func selection(f views.Filter) publishedstore.RoundFilter {
	return publishedstore.RoundFilter{
		Agency: f.Agency, Series: f.Series, Country: f.Country, Topic: f.Topic,
		Since: f.Since, Until: f.Until, Order: orders[f.Order], Page: f.Page,
	}
}

// allKnown holds that every choice of a filter is released somewhere.
func (v visit) allKnown(f views.Filter) error {
	for _, group := range groups {
		if err := v.known(group, f.Values(group)); err != nil {
			return err
		}
	}
	return nil
}

// groups are the facets a reader chooses from; years are typed.
var groups = []string{views.GroupAgency, views.GroupSeries, views.GroupCountry, views.GroupTopic}

// home is the register's front page: every round.
func (s *site) home(v visit) (publishedstore.Page, error) {
	return s.list(v, layout.Frame{Title: "Rounds", Section: layout.Rounds}, true)
}

// rounds is the list of rounds that the filter selects.
func (s *site) rounds(v visit) (publishedstore.Page, error) {
	return s.list(v, layout.Frame{Title: "Rounds", Section: layout.Rounds, Here: true}, false)
}

func (s *site) list(v visit, frame layout.Frame, home bool) (publishedstore.Page, error) {
	f := v.query.filter()
	if err := v.allKnown(f); err != nil {
		return publishedstore.Page{}, err
	}
	list, err := v.Rounds(v.ctx, selection(f))
	if err != nil {
		return publishedstore.Page{}, err
	}
	if err := within(v.query.page(), list.Pages); err != nil {
		return publishedstore.Page{}, err
	}
	all, err := v.Rounds(v.ctx, publishedstore.RoundFilter{PerPage: 1})
	if err != nil {
		return publishedstore.Page{}, err
	}
	t, err := v.Timeline(v.ctx, selection(f))
	if err != nil {
		return publishedstore.Page{}, err
	}
	p := views.RoundsPage{
		Home: home, Filter: f, Timeline: timeline(t), All: all.Total, Series: len(facetOf(all, views.GroupSeries)),
		Entries: entries(list.Rounds), Total: list.Total, First: first(list.Page, perPage, list.Rounds), Page: list.Page, Pages: list.Pages,
	}
	names := map[string]string{}
	for _, group := range groups {
		values := facetOf(list, group)
		for _, c := range values {
			names[group+c.Value] = c.Name
		}
		p.Facets = append(p.Facets, views.Facet{Group: group, Values: values})
	}
	p.Applied = applied(f, "/rounds", names)
	if list.Total == 0 {
		if p.Removals, err = v.removals(f, names); err != nil {
			return publishedstore.Page{}, err
		}
	}
	frame.Site, frame.Path = s.look, v.address
	return v.html(http.StatusOK, views.Rounds(frame, p))
}

// perPage is how many rounds the store puts on a page of a list.
const perPage = 25

// first is the number of the first row shown on a page, 0 without rows.
func first[T any](page, per int, rows []T) int {
	if len(rows) == 0 {
		return 0
	}
	return (page-1)*per + 1
}

// facetOf is the choices of one group.
func facetOf(list publishedstore.RoundList, group string) []views.FacetValue {
	var values []views.FacetValue
	for _, f := range list.Facets {
		if f.Group != group {
			continue
		}
		for _, c := range f.Values {
			values = append(values, views.FacetValue{Value: c.Value, Name: choiceName(group, c), Count: c.Count, Chosen: c.Chosen})
		}
	}
	return values
}

// choiceName is what a reader calls a choice: a country by its own name, also
// where a side called itself otherwise.
func choiceName(group string, c publishedstore.FacetValue) string {
	if group == views.GroupCountry {
		if name := components.Country(c.Value); name != "" {
			return name
		}
	}
	return c.Name
}

// labels of groups in front of a choice.
var labels = map[string]string{
	views.GroupAgency: "Organisation", views.GroupSeries: "Series", views.GroupCountry: "Country", views.GroupTopic: "Topic",
}

// applied lists what narrows a list, each with the address without it.
func applied(f views.Filter, path string, names map[string]string) []views.Applied {
	var all []views.Applied
	for _, group := range groups {
		for _, value := range f.Values(group) {
			all = append(all, views.Applied{Name: labels[group] + ": " + nameOr(names[group+value], value), Path: f.Without(group, value).Path(path)})
		}
	}
	if f.Since != 0 {
		without := f.At(0)
		without.Since = 0
		all = append(all, views.Applied{Name: "Since " + strconv.Itoa(f.Since), Path: without.Path(path)})
	}
	if f.Until != 0 {
		without := f.At(0)
		without.Until = 0
		all = append(all, views.Applied{Name: "Until " + strconv.Itoa(f.Until), Path: without.Path(path)})
	}
	return all
}

func nameOr(name, slug string) string {
	if name == "" {
		return slug
	}
	return name
}

// removals counts, where nothing matches, what comes back without each filter.
func (v visit) removals(f views.Filter, names map[string]string) ([]views.Removal, error) {
	var all []views.Removal
	add := func(name string, without views.Filter) error {
		list, err := v.Rounds(v.ctx, selection(without))
		if err == nil {
			all = append(all, views.Removal{Name: name, Path: without.Path("/rounds"), Rounds: list.Total})
		}
		return err
	}
	for _, group := range groups {
		for _, value := range f.Values(group) {
			if err := add(nameOr(names[group+value], value), f.Without(group, value)); err != nil {
				return nil, err
			}
		}
	}
	if f.Since != 0 {
		without := f.At(0)
		without.Since = 0
		if err := add("since "+strconv.Itoa(f.Since), without); err != nil {
			return nil, err
		}
	}
	if f.Until != 0 {
		without := f.At(0)
		without.Until = 0
		if err := add("until "+strconv.Itoa(f.Until), without); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func timeline(t publishedstore.Timeline) views.Timeline {
	out := views.Timeline{First: t.First, Last: t.Last, More: t.More}
	for _, r := range t.Rows {
		row := views.TimelineRow{Series: r.Series, Sample: r.Sample, Chosen: r.Chosen}
		for _, c := range r.Cells {
			cell := views.TimelineCell{Year: c.Year, Count: c.Count}
			for _, m := range c.Rounds {
				cell.Rounds = append(cell.Rounds, views.TimelineRound(m))
			}
			row.Cells = append(row.Cells, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func entries(rounds []publishedstore.RoundEntry) []views.Entry {
	var all []views.Entry
	for _, r := range rounds {
		all = append(all, views.Entry{Round: r.Round, Observations: r.Observations, Accounts: r.Accounts, Outputs: r.Outputs})
	}
	return all
}
