package public

import (
	"net/http"
	"strings"

	"track15/models/published"
	"track15/models/publishedstore"
	"track15/views/layout"
	views "track15/views/public"
)

// organisationsPerPage is how many rows the list has.
const organisationsPerPage = 100

// organisations lists the bodies and categories that released rounds disclose.
func (s *site) organisations(v visit) (publishedstore.Page, error) {
	list, err := v.Organisations(v.ctx, publishedstore.OrganisationFilter{Page: v.query.page(), PerPage: organisationsPerPage})
	if err != nil {
		return publishedstore.Page{}, err
	}
	if err := within(v.query.page(), list.Pages); err != nil {
		return publishedstore.Page{}, err
	}
	p := views.OrganisationsPage{
		Total: list.Total, First: first(list.Page, organisationsPerPage, list.Organisations), Page: list.Page, Pages: list.Pages,
	}
	for _, o := range list.Organisations {
		p.Organisations = append(p.Organisations, views.Listed{Organisation: o.Organisation, Rounds: o.Rounds})
	}
	frame := layout.Frame{Site: s.look, Title: "Organisations", Section: layout.Organisations, Here: true, Path: v.address}
	return v.html(http.StatusOK, views.Organisations(frame, p))
}

// organisation is a body or category, and where it took part.
func (s *site) organisation(v visit) (publishedstore.Page, error) {
	o, err := v.Organisation(v.ctx, v.slug)
	if err != nil {
		return publishedstore.Page{}, err
	}
	p := views.OrganisationPage{
		Organisation: o.Organisation, Release: release(o.Release), Children: o.Children, After: o.After, Rounds: o.Rounds,
		Bars: bars(o.Years), Newest: entries(o.Newest), Contact: s.contact(),
	}
	if len(o.Line) <= maxValues {
		p.Line, p.LineRounds = o.Line, o.LineRounds
	}
	for i, e := range p.Newest {
		p.Newest[i].Standing, p.Newest[i].Track = standing(e.Round, v.slug)
	}
	frame := layout.Frame{Site: s.look, Title: o.Organisation.Name, Section: layout.Organisations, Path: v.address}
	return v.html(http.StatusOK, views.Organisation(frame, p))
}

// bars makes a chart of every year between the first and the last.
func bars(years []publishedstore.YearCount) []views.Bar {
	var all []views.Bar
	for _, y := range years {
		for len(all) > 0 && all[len(all)-1].Year+1 < y.Year {
			all = append(all, views.Bar{Year: all[len(all)-1].Year + 1})
		}
		all = append(all, views.Bar{Year: y.Year, Rounds: y.Rounds})
	}
	return all
}

// standing says how an organisation took part in a round, as the round's own
// table does. A category has its side and nothing else.
func standing(r published.Round, slug string) (words, track string) {
	for _, side := range r.Sides {
		if words, track, ok := standingAmong(side.Lines, slug, side.Name); ok {
			return words, track
		}
	}
	words, track, ok := standingAmong(r.Others, slug, "")
	if ok {
		return words, track
	}
	for _, b := range r.Conveners {
		if b.Slug == slug {
			return "Convener", ""
		}
	}
	return "", ""
}

func standingAmong(lines []published.Line, slug, side string) (words, track string, ok bool) {
	for _, l := range lines {
		if l.Body.Slug != slug {
			continue
		}
		if l.Form == published.FormCategory {
			return join("Named by category", side), "", true
		}
		return join(capacities[l.Track], roles[l.Role], side), l.Track, true
	}
	return "", "", false
}

var (
	capacities = map[string]string{"1": "Serving officials, in their personal capacity", "2": "Non-government"}
	roles      = map[string]string{"convener": "Convener", "host": "Host", "supporter": "Supporter"}
)

// join puts what is said into one line.
func join(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}
