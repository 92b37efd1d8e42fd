package desk

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// Of what is sought, so many of a kind are read, and so many shown.
const (
	foundMost  = 100
	foundShown = 12
)

// seek: POST /find seals the words and leads to what they find.
func (d *Desk) seek(c echo.Context) error { return d.find(c, "/find") }

// findAnything: GET /find
func (d *Desk) findAnything(c echo.Context) error {
	words, known := d.words.open(c.QueryParam("find"))
	if !known {
		return c.Redirect(http.StatusSeeOther, "/find")
	}
	p := views.FindPage{Words: words}
	if words != "" {
		for _, look := range []func(echo.Context, string) (views.FoundGroup, error){d.foundPeople, d.foundOrganisations, d.foundRounds, d.foundTexts} {
			g, err := look(c, words)
			if err != nil {
				return err
			}
			if g.Total > 0 {
				p.Groups = append(p.Groups, g)
			}
		}
	}
	f := d.frame(c, views.Frame{Title: "Find", What: "What you can open, by any of its names"})
	if words != "" {
		var err error
		if f.Missed, err = d.missed(c); err != nil {
			return err
		}
	}
	return d.show(c, http.StatusOK, views.Find(f, p))
}

// missed says why a search for rounds looked through something in vain.
func (d *Desk) missed(c echo.Context) ([]string, error) {
	if !d.actor(c).MayAnywhere(record.ReadTrue) {
		return nil, nil
	}
	return d.Record.Unsearched(c.Request().Context(), d.actor(c))
}

// group makes a group of what was found: what is called exactly so comes first.
// list is the page where the rest stands.
func (d *Desk) group(kind, list, words string, all []views.Found, exact func(i int) bool, total int) views.FoundGroup {
	g := views.FoundGroup{Kind: kind, Total: total}
	for i, x := range all {
		if exact(i) {
			g.All = append(g.All, x)
		}
	}
	for i, x := range all {
		if !exact(i) {
			g.All = append(g.All, x)
		}
	}
	if len(g.All) > foundShown {
		g.All = g.All[:foundShown]
	}
	if list != "" && total > len(g.All) {
		g.More = list + "?" + url.Values{"find": {d.words.seal(words)}}.Encode()
	}
	return g
}

func (d *Desk) foundPeople(c echo.Context, words string) (views.FoundGroup, error) {
	if !d.actor(c).MayAnywhere(record.ReadDirectory) {
		return views.FoundGroup{}, nil
	}
	people, total, err := d.Record.People(c.Request().Context(), d.actor(c), recordstore.PersonFilter{Query: words, PerPage: foundMost})
	var all []views.Found
	for _, p := range people {
		all = append(all, views.Found{Name: p.Name(), Path: "/people/" + p.ID, Says: pickedPerson(p).Beside, Sample: p.Sample})
	}
	key := record.Fold(words)
	return d.group("People", "/people", words, all, func(i int) bool {
		return isPersonCalled(people[i], words) || record.Fold(people[i].Family) == key
	}, total), err
}

func (d *Desk) foundOrganisations(c echo.Context, words string) (views.FoundGroup, error) {
	if !d.actor(c).MayAnywhere(record.ReadDirectory) {
		return views.FoundGroup{}, nil
	}
	bodies, total, err := d.Record.Organisations(c.Request().Context(), d.actor(c), recordstore.OrganisationFilter{Query: words, PerPage: foundMost})
	var all []views.Found
	for _, o := range bodies {
		all = append(all, views.Found{Name: o.Name, Path: "/organisations/" + o.ID, Says: picked(o).Beside, Sample: o.Sample})
	}
	return d.group("Organisations", "/organisations", words, all, func(i int) bool { return isCalled(bodies[i], words) }, total), err
}

func (d *Desk) foundRounds(c echo.Context, words string) (views.FoundGroup, error) {
	series, err := d.seriesByID(c)
	if err != nil {
		return views.FoundGroup{}, err
	}
	rounds, total, err := d.Record.Rounds(c.Request().Context(), d.actor(c), recordstore.RoundFilter{Query: words, PerPage: foundMost})
	var all []views.Found
	for _, r := range rounds {
		says := strings.Trim(series[r.SeriesID].Name+", "+dates(r), ", ")
		all = append(all, views.Found{Name: roundName(r), Path: views.RoundPath(r.ID, ""), Says: says, Sample: r.Sample})
	}
	key := record.Fold(words)
	return d.group("Rounds", "/rounds", words, all, func(i int) bool { return record.Fold(roundName(rounds[i])) == key }, total), err
}

func (d *Desk) foundTexts(c echo.Context, words string) (views.FoundGroup, error) {
	if !d.actor(c).MayAnywhere(record.ReadDraft) {
		return views.FoundGroup{}, nil
	}
	texts, total, err := d.Record.Outputs(c.Request().Context(), d.actor(c), recordstore.OutputFilter{Query: words, PerPage: foundMost})
	var all []views.Found
	for _, o := range texts {
		all = append(all, views.Found{Name: o.Draft.Title, Path: "/drafts/" + o.ID, Says: capital(o.Kind), Sample: o.Sample})
	}
	key := record.Fold(words)
	return d.group("Texts", "/outputs", words, all, func(i int) bool { return record.Fold(texts[i].Draft.Title) == key }, total), err
}
