package release

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

// An Effect is what a release changes on one of the public's lists: only what
// differs. Path is the list's address.
type Effect struct {
	Name, Path string
	Rows       []EffectRow
}

// An EffectRow is one line of a list. Added has Is, Removed has Was, Altered
// both; they are words in which the list shows the line, or a count.
type EffectRow struct {
	Change Change
	What   string
	Was    string
	Is     string
}

// Effects compares the public's lists before and after: rounds, choices beside
// them, organisations, series, topics, observations, feed, site map. A list that
// stays as it is is left out. It reads the addresses of everything public; else
// its cost goes by what the release changes.
func (p Preview) Effects(ctx context.Context) (all []Effect, err error) {
	err = p.compare(ctx, func(c *comparison) error {
		for _, step := range []struct {
			name, path string
			rows       func() ([]EffectRow, error)
		}{
			{"Rounds", "/rounds", c.rounds},
			{"Choices beside the rounds", "/rounds", c.choices},
			{"Organisations", "/organisations", c.organisations},
			{"Series", "", c.series},
			{"Observations", "/observations", c.observations},
			{"Feed", "/feed.atom", c.feed},
			{"Site map", "/sitemap.xml", c.sitemap},
		} {
			rows, err := step.rows()
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				all = append(all, Effect{step.name, step.path, rows})
			}
		}
		return nil
	})
	return all, err
}

// compare opens both states for fn.
func (p Preview) compare(ctx context.Context, fn func(*comparison) error) error {
	was, err := p.Before.Edition(ctx)
	if err != nil {
		return err
	}
	defer was.Close()
	is, err := p.After.Edition(ctx)
	if err != nil {
		return err
	}
	defer is.Close()
	return fn(newComparison(ctx, was, is, p.Envelope))
}

// A comparison reads two states.
type comparison struct {
	ctx     context.Context
	was, is *publishedstore.Edition
	put     map[published.Kind][]string // slugs that the release puts or drops
}

func newComparison(ctx context.Context, was, is *publishedstore.Edition, e published.Envelope) *comparison {
	c := &comparison{ctx: ctx, was: was, is: is, put: map[published.Kind][]string{}}
	for _, d := range e.Put {
		c.put[d.Kind] = append(c.put[d.Kind], d.Slug)
	}
	for _, d := range e.Drop {
		c.put[d.Kind] = append(c.put[d.Kind], d.Slug)
	}
	return c
}

// changed makes the row of what stood and stands, none if they are equal.
func changed(what, was, is string) []EffectRow {
	switch {
	case was == is:
		return nil
	case was == "":
		return []EffectRow{{Added, what, "", is}}
	case is == "":
		return []EffectRow{{Removed, what, was, ""}}
	}
	return []EffectRow{{Altered, what, was, is}}
}

// absent lets what is not public be nothing.
func absent(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// both reads one thing in both states.
func both[T any](c *comparison, read func(*publishedstore.Edition) (T, error)) (was, is T, err error) {
	if was, err = read(c.was); absent(err) != nil {
		return was, is, err
	}
	is, err = read(c.is)
	return was, is, absent(err)
}

// rounds are the lines of the rounds that the release puts or takes away, or
// whose texts it does.
func (c *comparison) rounds() ([]EffectRow, error) {
	was, is, err := both(c, func(e *publishedstore.Edition) (publishedstore.RoundList, error) {
		return e.Rounds(c.ctx, publishedstore.RoundFilter{PerPage: 1})
	})
	if err != nil {
		return nil, err
	}
	rows := changed("Number of rounds", strconv.Itoa(was.Total), strconv.Itoa(is.Total))
	slugs, err := c.roundsTouched()
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		was, is, err := both(c, func(e *publishedstore.Edition) (string, error) {
			r, err := e.Round(c.ctx, slug)
			return roundLine(r), err
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, changed("Round", was, is)...)
	}
	return rows, nil
}

// roundsTouched are the slugs of rounds whose line may change, sorted.
func (c *comparison) roundsTouched() ([]string, error) {
	slugs := map[string]bool{}
	for _, slug := range c.put[published.KindRound] {
		slugs[slug] = true
	}
	for _, e := range []*publishedstore.Edition{c.was, c.is} {
		for _, slug := range c.put[published.KindOutput] {
			out, err := e.Output(c.ctx, slug)
			if absent(err) != nil {
				return nil, err
			}
			if out.Round != nil {
				slugs[out.Round.Slug] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(slugs)), nil
}

// roundLine is a round as lists show it, "" for none.
func roundLine(p publishedstore.RoundPage) string {
	r := p.Round
	if r.Slug == "" {
		return ""
	}
	observations := 0
	for _, o := range p.Outputs {
		observations += len(o.Output.Observations)
	}
	line := r.Title
	for _, more := range []string{r.State, span(r.Dates), place(r.City, r.Country)} {
		if more != "" {
			line += " · " + more
		}
	}
	if n := len(p.Outputs); n > 0 {
		line += fmt.Sprintf(" · texts: %d, observations: %d", n, observations)
	}
	return line
}

// choiceWords are the words for groups of choices.
var choiceWords = map[string]string{
	publishedstore.FacetAgency: "Organisation", publishedstore.FacetSeries: "Series", publishedstore.FacetCountry: "Country",
	publishedstore.FacetTopic: "Topic", publishedstore.FacetYear: "Year",
}

// choices are the counts beside the list of all rounds.
func (c *comparison) choices() ([]EffectRow, error) {
	was, is, err := both(c, func(e *publishedstore.Edition) (map[[2]string]publishedstore.FacetValue, error) { return c.facets(e) })
	if err != nil {
		return nil, err
	}
	all := maps.Clone(was)
	maps.Copy(all, is)
	keys := slices.SortedFunc(maps.Keys(all), func(a, b [2]string) int {
		return cmp.Or(slices.Index(publishedstore.Facets, a[0])-slices.Index(publishedstore.Facets, b[0]), cmp.Compare(all[a].Name, all[b].Name), cmp.Compare(a[1], b[1]))
	})
	var rows []EffectRow
	for _, k := range keys {
		words := func(v publishedstore.FacetValue, there bool) string {
			if !there {
				return ""
			}
			return strconv.Itoa(v.Count)
		}
		old, had := was[k]
		fresh, has := is[k]
		rows = append(rows, changed(choiceWords[k[0]]+": "+all[k].Name, words(old, had), words(fresh, has))...)
		if had && has && old.Name != fresh.Name {
			rows = append(rows, changed("Name of a choice", old.Name, fresh.Name)...)
		}
	}
	return rows, nil
}

func (c *comparison) facets(e *publishedstore.Edition) (map[[2]string]publishedstore.FacetValue, error) {
	list, err := e.Rounds(c.ctx, publishedstore.RoundFilter{PerPage: 1})
	all := map[[2]string]publishedstore.FacetValue{}
	for _, f := range list.Facets {
		for _, v := range f.Values {
			all[[2]string{f.Group, v.Value}] = v
		}
	}
	return all, err
}
