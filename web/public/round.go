package public

import (
	"net/http"

	"track15/models/published"
	"track15/models/published/cite"
	"track15/models/publishedstore"
	"track15/views/layout"
	views "track15/views/public"
)

// round is one round, or the notice that it left.
func (s *site) round(v visit) (publishedstore.Page, error) {
	r, err := v.Round(v.ctx, v.slug)
	if err != nil {
		return v.orGone(s, published.KindRound, "Round", err)
	}
	p := views.RoundPage{
		Round: r.Round, Release: release(r.Release), Texts: texts(r.Outputs), Contact: s.contact(),
		Cite: cite.Work{
			Slug: v.slug, Type: cite.Entry, Title: r.Round.Title, Outlet: s.look.Name, Reference: v.slug, URL: s.base + v.address,
		},
	}
	return v.html(http.StatusOK, views.Round(layout.Frame{Site: s.look, Title: r.Round.Title, Section: layout.Rounds, Path: v.address}, p))
}

func (s *site) contact() views.Contact {
	return views.Contact{Text: s.look.ContactText, Href: s.look.ContactHref}
}

func texts(outputs []publishedstore.OutputEntry) []views.Text {
	var all []views.Text
	for _, o := range outputs {
		all = append(all, views.Text{Output: o.Output, Release: release(o.Release)})
	}
	return all
}

// changes are the words for how a version came about.
var changes = map[publishedstore.Change]string{
	publishedstore.ChangeReleased: "First release", publishedstore.ChangeRedacted: "Corrected",
	publishedstore.ChangeAmended: "Corrected", publishedstore.ChangeRestored: "Restored",
}

func release(r publishedstore.Released) views.Release {
	out := views.Release{Version: r.Version.Version, Day: r.Day}
	for _, h := range r.History {
		out.History = append(out.History, views.Version{
			Version: h.Version, Day: h.Day, Word: changes[h.Change], Note: h.Note,
			Redacted: h.Change == publishedstore.ChangeRedacted, Amended: h.Change == publishedstore.ChangeAmended,
		})
	}
	return out
}

// series is a standing dialogue with its newest rounds.
func (s *site) series(v visit) (publishedstore.Page, error) {
	r, err := v.Series(v.ctx, v.slug)
	if err != nil {
		return publishedstore.Page{}, err
	}
	p := views.SeriesPage{
		Series: r.Series, Release: release(r.Release), Rounds: r.Rounds, Newest: entries(r.Newest), Texts: texts(r.Outputs), Contact: s.contact(),
	}
	return v.html(http.StatusOK, views.Series(layout.Frame{Site: s.look, Title: r.Series.Name, Section: layout.Rounds, Path: v.address}, p))
}

// topic is a topic with its newest rounds.
func (s *site) topic(v visit) (publishedstore.Page, error) {
	r, err := v.Topic(v.ctx, v.slug)
	if err != nil {
		return publishedstore.Page{}, err
	}
	p := views.TopicPage{Topic: r.Topic, Rounds: r.Rounds, Newest: entries(r.Newest)}
	return v.html(http.StatusOK, views.Topic(layout.Frame{Site: s.look, Title: r.Topic.Name, Section: layout.Rounds, Path: v.address}, p))
}
