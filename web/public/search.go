package public

import (
	"net/http"

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
		hit := views.Hit{Word: views.HitWords[h.Kind], Path: hitPath(h), Title: spans(h.Title), Text: spans(h.Text), Sample: h.Sample, Lang: h.Lang, Where: h.Series.Name}
		if h.Round != nil {
			hit.Where = h.Round.Name
		}
		p.Hits = append(p.Hits, hit)
	}
	frame.Title = "Search: " + q
	return v.html(http.StatusOK, views.Search(frame, p))
}

// hitPath is where a hit can be read. A text stands on the page of its round,
// or of its series.
func hitPath(h publishedstore.Hit) string {
	switch {
	case h.Kind != published.KindOutput:
		return pathOf(h.Kind, h.Slug)
	case h.Round != nil:
		return textPath(views.RoundPath(h.Round.Slug), h.Slug)
	}
	return textPath(views.SeriesPath(h.Series.Slug), h.Slug)
}

// textPath is where a text stands on a page.
func textPath(page, slug string) string { return page + "#text-" + slug }

// pathOf is the address of what has a page of its own.
func pathOf(kind published.Kind, slug string) string {
	switch kind {
	case published.KindOrganisation:
		return views.OrganisationPath(slug)
	case published.KindSeries:
		return views.SeriesPath(slug)
	case publishedstore.KindObservation:
		return views.ObservationPath(slug)
	case publishedstore.KindTopic:
		return views.TopicPath(slug)
	}
	return views.RoundPath(slug)
}

func spans(all []publishedstore.Span) []views.Span {
	var out []views.Span
	for _, s := range all {
		out = append(out, views.Span(s))
	}
	return out
}
