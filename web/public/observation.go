package public

import (
	"net/http"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/published/cite"
	"track15/models/publishedstore"
	"track15/views/layout"
	views "track15/views/public"
)

// observations lists released observations of the rounds that the filter
// selects.
func (s *site) observations(v visit) (publishedstore.Page, error) {
	f := v.query.filter()
	if err := v.allKnown(f); err != nil {
		return publishedstore.Page{}, err
	}
	list, err := v.Observations(v.ctx, selection(f))
	if err != nil {
		return publishedstore.Page{}, err
	}
	if err := within(v.query.page(), list.Pages); err != nil {
		return publishedstore.Page{}, err
	}
	p := views.ObservationsPage{
		Filter: f, Total: list.Total, First: first(list.Page, perPage, list.Observations), Page: list.Page, Pages: list.Pages,
	}
	if f.Applied() > 0 {
		named, err := v.Rounds(v.ctx, selection(f.At(0)))
		if err != nil {
			return publishedstore.Page{}, err
		}
		names := map[string]string{}
		for _, group := range groups {
			for _, c := range facetOf(named, group) {
				names[group+c.Value] = c.Name
			}
		}
		p.Applied = applied(f, "/observations", names)
	}
	for _, o := range list.Observations {
		p.Observations = append(p.Observations, views.Observed{Observation: o.Observation, Output: o.Output, Round: o.Round})
	}
	frame := layout.Frame{Site: s.look, Title: "Observations", Section: layout.Observations, Here: true, Path: v.address}
	return v.html(http.StatusOK, views.Observations(frame, p))
}

// observation is one observation, or the notice that it left.
func (s *site) observation(v visit) (publishedstore.Page, error) {
	o, err := v.Observation(v.ctx, v.slug)
	if err != nil {
		return v.orGone(s, publishedstore.KindObservation, "Observation", err)
	}
	p := views.ObservationPage{
		Observation: o.Observation, Output: o.Output, Round: o.Round, Release: release(o.Release),
		Cite: s.citeObservation(v, o), Contact: s.contact(),
	}
	if n := len(p.Release.History); n > 1 && p.Release.History[n-1].Amended {
		before, err := v.before(o)
		if err != nil {
			return publishedstore.Page{}, err
		}
		if before != "" && before != o.Observation.Text {
			p.Release.History[n-1].Change = compare(before, o.Observation.Text)
		}
	}
	title := views.ObservationTitle(o.Observation)
	return v.html(http.StatusOK, views.Observation(layout.Frame{Site: s.look, Title: title, Section: layout.Observations, Path: v.address}, p))
}

// before is what an amended observation said in the version before, "" if it
// did not stand in it or is no longer readable.
func (v visit) before(o publishedstore.ObservationPage) (string, error) {
	d, err := v.Earlier(v.ctx, published.KindOutput, o.Output.Slug, o.Release.Version.Version-1)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	var earlier published.Output
	if err == nil {
		err = d.Decode(&earlier)
	}
	if err != nil {
		return "", err
	}
	for _, e := range earlier.Observations {
		if e.Slug == o.Observation.Slug {
			return e.Text, nil
		}
	}
	return "", nil
}

// citeObservation cites the account that is paraphrased, or the version of the
// house's own text.
func (s *site) citeObservation(v visit, o publishedstore.ObservationPage) cite.Work {
	out := o.Output
	if out.External() {
		return cite.Work{
			Slug: out.Slug, Type: cite.Account, Authors: out.Authors, Title: out.Title, Outlet: out.Outlet, Date: out.Date, URL: out.URL,
		}
	}
	w := cite.Work{
		Slug: v.slug, Type: cite.Own, Authors: out.Authors, Title: views.ObservationTitle(o.Observation),
		Outlet: out.Series.Name, Date: o.Day, Version: o.Version, URL: s.base + v.address,
	}
	if len(w.Authors) == 0 && o.Round != nil {
		for _, b := range o.Round.Conveners {
			w.Authors = append(w.Authors, published.Author{Literal: b.Name})
		}
	}
	return w
}
