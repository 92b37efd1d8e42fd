package public

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/gorilla/feeds"

	"track15/models/published"
	"track15/models/publishedstore"
	views "track15/views/public"
)

// feedLength is how many changes the feed names.
const feedLength = 50

// feed is the Atom feed of releases. Its times are days: the hour of a release
// is nobody's business.
func (s *site) feed(v visit) (publishedstore.Page, error) {
	changes, err := v.Changes(v.ctx, feedLength)
	if err != nil {
		return publishedstore.Page{}, err
	}
	f := &feeds.AtomFeed{
		Xmlns: "http://www.w3.org/2005/Atom", Title: "Releases · " + s.look.Name, Id: s.base + "/feed.atom",
		Updated: midnight(lastDay(changes)), Link: &feeds.AtomLink{Href: s.base + "/feed.atom", Rel: "self"},
		Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: s.look.Name}},
	}
	for _, c := range changes {
		f.Entries = append(f.Entries, s.feedEntry(c))
	}
	body, err := feeds.ToXML(f)
	if err != nil {
		return publishedstore.Page{}, err
	}
	return publishedstore.Page{Status: http.StatusOK, Type: "application/atom+xml; charset=utf-8", Body: []byte(body)}, nil
}

// lastDay is that of the newest entry, "" without one. The day of the edition
// would tell of a release that left nothing in the feed.
func lastDay(changes []publishedstore.ChangeEntry) string {
	if len(changes) == 0 {
		return ""
	}
	return changes[0].Day
}

// midnight is the day as the feed's instant; before the first release there is
// none, and the feed's own form wants one.
func midnight(day string) string {
	if day == "" {
		day = "1970-01-01"
	}
	return day + "T00:00:00Z"
}

func (s *site) feedEntry(c publishedstore.ChangeEntry) *feeds.AtomEntry {
	word := map[publishedstore.Change]string{
		publishedstore.ChangeReleased: "Released", publishedstore.ChangeRedacted: "Corrected", publishedstore.ChangeAmended: "Corrected",
		publishedstore.ChangeRestored: "Restored", publishedstore.ChangeWithdrawn: "Withdrawn",
	}[c.Change]
	title := word + ": " + c.Title
	if c.Title == "" {
		title = word + ": " + c.Slug
	}
	e := &feeds.AtomEntry{
		Title: title, Id: entryID(s.host, c), Updated: midnight(c.Day),
		Links: []feeds.AtomLink{{Href: s.base + changePath(c), Rel: "alternate"}},
	}
	if c.Note != "" {
		e.Summary = &feeds.AtomSummary{Content: c.Note, Type: "text"}
	}
	return e
}

// entryID names a change for good, by the document's own version: the numbers of
// releases have gaps where one left nothing in the feed.
func entryID(host string, c publishedstore.ChangeEntry) string {
	id := fmt.Sprintf("tag:%s,%s:%s/%s/%d", host, c.Day, c.Kind, c.Slug, c.Version)
	if c.Change == publishedstore.ChangeWithdrawn {
		id += "/withdrawn"
	}
	return id
}

// changePath is where a change can be read.
func changePath(c publishedstore.ChangeEntry) string {
	switch {
	case c.Kind != published.KindOutput:
		return pathOf(c.Kind, c.Slug)
	case c.Round != "":
		return textPath(views.RoundPath(c.Round), c.Slug)
	case c.Series.Slug != "":
		return textPath(views.SeriesPath(c.Series.Slug), c.Slug)
	}
	return "/rounds" // of a text that left, nothing says where it stood
}

// sitemapLength is how many addresses one site map may hold by its protocol.
const sitemapLength = 50_000

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap lists exactly the pages that are released. Beyond what one file may
// hold, it is an index of pages.
func (s *site) sitemap(v visit) (publishedstore.Page, error) {
	all := []sitemapURL{{Loc: s.base + "/rounds"}, {Loc: s.base + "/organisations"}, {Loc: s.base + "/observations"}}
	for a, err := range v.Addresses(v.ctx) {
		if err != nil {
			return publishedstore.Page{}, err
		}
		all = append(all, sitemapURL{s.base + pathOf(a.Kind, a.Slug), a.Day})
	}
	parts := (len(all) + sitemapLength - 1) / sitemapLength
	asked := v.query.number(part.name)
	if asked > parts {
		return publishedstore.Page{}, errNothing
	}
	if asked == 0 && parts > 1 {
		return s.sitemapIndex(parts)
	}
	from := (max(asked, 1) - 1) * sitemapLength
	return xmlPage(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{URLs: all[from:min(from+sitemapLength, len(all))]})
}

// sitemapIndex names the parts of a register that is too long for one map.
func (s *site) sitemapIndex(parts int) (publishedstore.Page, error) {
	maps := make([]sitemapURL, parts)
	for i := range maps {
		maps[i].Loc = fmt.Sprintf("%s/sitemap.xml?part=%d", s.base, i+1)
	}
	return xmlPage(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []sitemapURL `xml:"sitemap"`
	}{Maps: maps})
}

func xmlPage(v any) (publishedstore.Page, error) {
	body, err := xml.Marshal(v)
	if err != nil {
		return publishedstore.Page{}, err
	}
	return publishedstore.Page{Status: http.StatusOK, Type: "application/xml; charset=utf-8", Body: append([]byte(xml.Header), body...)}, nil
}
