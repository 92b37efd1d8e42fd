package release

import (
	"context"
	"maps"
	"slices"

	"track15/models/published"
	"track15/models/publishedstore"
)

// A PublicPage is an address of the public side that a release may change.
type PublicPage struct {
	Path string // "/rounds/kasmere-1"
	// Own says that it is the page of something that the release puts or takes
	// away; the others are lists on which that stands.
	Own bool
}

// Pages are the addresses whose pages the release may change, its own first, in
// a fixed order: of lists the first page, without a filter. A page of
// them may well stay as it is.
func (p Preview) Pages(ctx context.Context) ([]PublicPage, error) {
	pages := pageList{}
	err := p.compare(ctx, func(c *comparison) error {
		rounds, err := c.roundsTouched()
		if err != nil {
			return err
		}
		for _, slug := range rounds {
			pages.own("/rounds/", slug)
		}
		if err := c.observationPages(&pages); err != nil {
			return err
		}
		for _, kind := range []struct {
			kind         published.Kind
			facet, under string
		}{
			{published.KindSeries, publishedstore.FacetSeries, "/series/"},
			{published.KindOrganisation, publishedstore.FacetAgency, "/organisations/"},
			{publishedstore.KindTopic, publishedstore.FacetTopic, "/topics/"},
		} {
			for _, slug := range slices.Sorted(slices.Values(c.put[kind.kind])) {
				pages.own(kind.under, slug)
			}
			named, err := c.namedBy(rounds, kind.facet)
			if err != nil {
				return err
			}
			for _, slug := range named {
				pages.list(kind.under, slug)
			}
		}
		for _, path := range []string{"/", "/rounds", "/organisations", "/observations"} {
			pages.list(path, "")
		}
		return nil
	})
	return append(pages.mine, pages.lists...), err
}

// A pageList collects pages, each once.
type pageList struct {
	mine, lists []PublicPage
	seen        map[string]bool
}

func (l *pageList) own(under, slug string) {
	if l.fresh(under + slug) {
		l.mine = append(l.mine, PublicPage{under + slug, true})
	}
}

func (l *pageList) list(under, slug string) {
	if l.fresh(under + slug) {
		l.lists = append(l.lists, PublicPage{under + slug, false})
	}
}

func (l *pageList) fresh(path string) bool {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	was := l.seen[path]
	l.seen[path] = true
	return !was
}

// observationPages adds the pages of observations in texts that the release puts
// or takes away.
func (c *comparison) observationPages(pages *pageList) error {
	for _, slug := range slices.Sorted(slices.Values(c.put[published.KindOutput])) {
		was, is, err := both(c, func(e *publishedstore.Edition) (published.Output, error) { return e.Output(c.ctx, slug) })
		if err != nil {
			return err
		}
		for _, o := range append(was.Observations, is.Observations...) {
			pages.own("/observations/", o.Slug)
		}
		for _, o := range []published.Output{was, is} {
			if o.Series.Slug != "" {
				pages.list("/series/", o.Series.Slug)
			}
		}
	}
	return nil
}

// namedBy are the choices of a group under which rounds stand, before or after,
// and all whose count changes, sorted.
func (c *comparison) namedBy(rounds []string, facet string) ([]string, error) {
	slugs := map[string]bool{}
	for _, slug := range rounds {
		was, is, err := both(c, func(e *publishedstore.Edition) (publishedstore.RoundPage, error) { return e.Round(c.ctx, slug) })
		if err != nil {
			return nil, err
		}
		for _, r := range []published.Round{was.Round, is.Round} {
			for _, v := range publishedstore.Choices(r, facet) {
				slugs[v] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(slugs)), nil
}
