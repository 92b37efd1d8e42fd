package release

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"track15/models/published"
	"track15/models/publishedstore"
)

// organisations are the lines of bodies and categories that the release touches.
func (c *comparison) organisations() ([]EffectRow, error) {
	was, is, err := both(c, func(e *publishedstore.Edition) (publishedstore.OrganisationList, error) {
		return e.Organisations(c.ctx, publishedstore.OrganisationFilter{PerPage: 1})
	})
	if err != nil {
		return nil, err
	}
	rows := changed("Number of organisations", strconv.Itoa(was.Total), strconv.Itoa(is.Total))
	slugs, err := c.touched(published.KindOrganisation, publishedstore.FacetAgency)
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		was, is, err := both(c, func(e *publishedstore.Edition) (string, error) {
			o, err := e.Organisation(c.ctx, slug)
			return organisationLine(o), err
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, changed("Organisation", was, is)...)
	}
	return rows, nil
}

// touched are the slugs that a release puts or takes away of a kind, and those
// of choices whose count it changes, sorted.
func (c *comparison) touched(kind published.Kind, facet string) ([]string, error) {
	slugs := map[string]bool{}
	for _, slug := range c.put[kind] {
		slugs[slug] = true
	}
	was, is, err := both(c, c.facets)
	if err != nil {
		return nil, err
	}
	for _, all := range []map[[2]string]publishedstore.FacetValue{was, is} {
		for k := range all {
			if k[0] == facet && was[k] != is[k] {
				slugs[k[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(slugs)), nil
}

// organisationLine is what a body's own page begins with, "" for none.
func organisationLine(p publishedstore.OrganisationPage) string {
	o := p.Organisation
	if o.Slug == "" {
		return ""
	}
	line := o.Name
	if o.Acronym != "" {
		line += " (" + o.Acronym + ")"
	}
	if len(o.OtherNames) > 0 {
		line += " · also " + strings.Join(o.OtherNames, ", ")
	}
	if o.Parent != nil {
		line += " · part of " + o.Parent.Name
	}
	for _, b := range o.Predecessors {
		line += " · came after " + b.Name
	}
	return line + " · rounds: " + strconv.Itoa(p.Rounds)
}

// series are the standing dialogues with a page.
func (c *comparison) series() ([]EffectRow, error) {
	slugs, err := c.touched(published.KindSeries, publishedstore.FacetSeries)
	if err != nil {
		return nil, err
	}
	var rows []EffectRow
	for _, slug := range slugs {
		was, is, err := both(c, func(e *publishedstore.Edition) (string, error) {
			s, err := e.Series(c.ctx, slug)
			if s.Series.Slug == "" {
				return "", err
			}
			line := s.Series.Name
			for _, b := range s.Series.Conveners {
				line += " · " + b.Name
			}
			return line + " · rounds: " + strconv.Itoa(s.Rounds), err
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, changed("Series", was, is)...)
	}
	return rows, nil
}

// observations are those of the texts that the release puts or takes away.
func (c *comparison) observations() ([]EffectRow, error) {
	was, is, err := both(c, func(e *publishedstore.Edition) (publishedstore.ObservationList, error) {
		return e.Observations(c.ctx, publishedstore.RoundFilter{PerPage: 1})
	})
	if err != nil {
		return nil, err
	}
	rows := changed("Number of observations", strconv.Itoa(was.Total), strconv.Itoa(is.Total))
	for _, slug := range slices.Sorted(slices.Values(c.put[published.KindOutput])) {
		was, is, err := both(c, func(e *publishedstore.Edition) (published.Output, error) { return e.Output(c.ctx, slug) })
		if err != nil {
			return nil, err
		}
		old, fresh := bySlug(was), bySlug(is)
		all := maps.Clone(old)
		maps.Copy(all, fresh)
		for _, of := range slices.Sorted(maps.Keys(all)) {
			rows = append(rows, changed("Observation", old[of], fresh[of])...)
		}
	}
	return rows, nil
}

// bySlug are the words of a text's observations.
func bySlug(o published.Output) map[string]string {
	all := map[string]string{}
	for _, ob := range o.Observations {
		all[ob.Slug] = ob.Text
		if ob.Heading != "" {
			all[ob.Slug] = ob.Heading + ". " + ob.Text
		}
	}
	return all
}

// feedLength is how many changes the public's feed names.
const feedLength = 50

// feed are the entries of the feed.
func (c *comparison) feed() ([]EffectRow, error) {
	was, is, err := both(c, func(e *publishedstore.Edition) ([]publishedstore.ChangeEntry, error) {
		return e.Changes(c.ctx, feedLength)
	})
	if err != nil {
		return nil, err
	}
	var rows []EffectRow
	for _, e := range is {
		if !slices.Contains(was, e) {
			rows = append(rows, EffectRow{Added, "Entry", "", feedLine(e)})
		}
	}
	for _, e := range was {
		if !slices.Contains(is, e) {
			rows = append(rows, EffectRow{Removed, "Entry", feedLine(e), ""})
		}
	}
	return rows, nil
}

func feedLine(e publishedstore.ChangeEntry) string {
	line := string(e.Change) + ": " + cmp.Or(e.Title, e.Slug) + " · " + e.Day
	if e.Note != "" {
		line += " · " + e.Note
	}
	return line
}

// sitemap are the addresses of pages.
func (c *comparison) sitemap() ([]EffectRow, error) {
	was, stopWas := iter.Pull2(c.was.Addresses(c.ctx))
	defer stopWas()
	is, stopIs := iter.Pull2(c.is.Addresses(c.ctx))
	defer stopIs()
	var rows []EffectRow
	old, errOld, had := was()
	fresh, errFresh, has := is()
	for had || has {
		if err := cmp.Or(errOld, errFresh); err != nil {
			return nil, err
		}
		order := compareAddresses(old, fresh)
		if !had {
			order = 1
		} else if !has {
			order = -1
		}
		switch {
		case order < 0:
			rows = append(rows, changed("Address", addressLine(old), "")...)
		case order > 0:
			rows = append(rows, changed("Address", "", addressLine(fresh))...)
		default:
			rows = append(rows, changed("Address", addressLine(old), addressLine(fresh))...)
		}
		if order <= 0 {
			old, errOld, had = was()
		}
		if order >= 0 {
			fresh, errFresh, has = is()
		}
	}
	return rows, nil
}

// addressKinds are the kinds of pages in the order of the site map.
var addressKinds = []published.Kind{published.KindSeries, published.KindOrganisation, publishedstore.KindTopic, published.KindRound, publishedstore.KindObservation}

func compareAddresses(a, b publishedstore.Address) int {
	return cmp.Or(slices.Index(addressKinds, a.Kind)-slices.Index(addressKinds, b.Kind), cmp.Compare(a.Slug, b.Slug))
}

func addressLine(a publishedstore.Address) string {
	line := string(a.Kind) + " " + a.Slug
	if a.Day != "" {
		line += " · " + a.Day
	}
	return line
}
