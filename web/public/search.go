package public

import (
	"net/http"
	"strings"

	"track15/models/published"
	"track15/models/publishedstore"
	"track15/views/layout"
	views "track15/views/public"
)

// hitsPerPage is how many hits the store puts on a page.
const hitsPerPage = 20

// search finds words, names and references in what is released.
func (s *site) search(v visit) (publishedstore.Page, error) {
	q := v.query.one(question.name)
	p := views.SearchPage{Query: q, Page: 1, Pages: 1}
	frame := layout.Frame{Site: s.look, Title: "Search", Query: q}
	if q == "" {
		return v.html(http.StatusOK, views.Search(frame, p))
	}
	found, err := v.Search(v.ctx, q, v.query.page())
	if err != nil {
		return publishedstore.Page{}, err
	}
	if err := within(v.query.page(), found.Pages); err != nil {
		return publishedstore.Page{}, err
	}
	p.Total, p.Page, p.Pages, p.First = found.Total, found.Page, found.Pages, first(found.Page, hitsPerPage, found.Hits)
	for _, h := range found.Hits {
		hit := views.Hit{Word: views.HitWords[h.Kind], Path: pathOf(h.Kind, h.Slug, h.Round), Title: spans(h.Title), Text: spans(h.Text), Lang: h.Lang}
		if h.Round != nil {
			hit.Where = h.Round.Name
		}
		p.Hits = append(p.Hits, hit)
	}
	frame.Title = "Search: " + q
	return v.html(http.StatusOK, views.Search(frame, p))
}

// pathOf is the address of what is found or changed. A text stands on the page
// of its round.
func pathOf(kind published.Kind, slug string, round *published.Ref) string {
	switch kind {
	case published.KindRound:
		return views.RoundPath(slug)
	case published.KindOrganisation:
		return views.OrganisationPath(slug)
	case published.KindSeries:
		return views.SeriesPath(slug)
	case publishedstore.KindObservation:
		return views.ObservationPath(slug)
	case publishedstore.KindTopic:
		return views.TopicPath(slug)
	}
	if round != nil {
		return views.RoundPath(round.Slug) + "#text-" + slug
	}
	return "/search?q=" + strings.TrimSpace(slug)
}

func spans(all []publishedstore.Span) []views.Span {
	var out []views.Span
	for _, s := range all {
		out = append(out, views.Span(s))
	}
	return out
}
