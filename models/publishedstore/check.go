package publishedstore

import (
	"iter"

	"track15/models/fault"
	"track15/models/published"
)

type key struct {
	kind published.Kind
	slug string
}

// check refuses an envelope that contradicts itself. What each document holds
// is checked when it is decoded.
func check(e published.Envelope) error {
	seen := make(map[key]bool, len(e.Put)+len(e.Drop))
	once := func(kind published.Kind, slug string) error {
		k := key{kind, slug}
		switch {
		case !isDocument(kind):
			return fault.Errorf(fault.Invalid, "a release holds series, organisations, rounds and outputs only")
		case !IsSlug(slug):
			return fault.Errorf(fault.Invalid, "a slug is made of lower case letters, digits and hyphens")
		case seen[k]:
			return fault.Errorf(fault.Invalid, "a release names each document once")
		}
		seen[k] = true
		return nil
	}
	for _, d := range e.Drop {
		if err := once(d.Kind, d.Slug); err != nil {
			return err
		}
		switch d.Notice {
		case published.NoticeNone, published.NoticeSuspended, published.NoticeWithdrawn:
		default:
			return fault.Errorf(fault.Invalid, "a notice says suspended or withdrawn")
		}
	}
	for _, d := range e.Put {
		if err := once(d.Kind, d.Slug); err != nil {
			return err
		}
	}
	return nil
}

func isDocument(kind published.Kind) bool {
	for _, k := range published.Kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// A content is one decoded document: exactly one field is set.
type content struct {
	series       *published.Series
	organisation *published.Organisation
	round        *published.Round
	output       *published.Output
}

// decode reads a document strictly and refuses one that says of itself
// something else than its envelope, or names an address of the wrong form.
func decode(d published.Document) (content, published.Head, error) {
	var c content
	var head published.Head
	var err error
	switch d.Kind {
	case published.KindSeries:
		c.series = new(published.Series)
		err = d.Decode(c.series)
		head = c.series.Head
	case published.KindOrganisation:
		c.organisation = new(published.Organisation)
		err = d.Decode(c.organisation)
		head = c.organisation.Head
	case published.KindRound:
		c.round = new(published.Round)
		err = d.Decode(c.round)
		head = c.round.Head
	case published.KindOutput:
		c.output = new(published.Output)
		err = d.Decode(c.output)
		head = c.output.Head
	}
	if err != nil {
		// The decoder's words quote the document.
		return content{}, head, fault.Errorf(fault.Invalid, "a %s document has not the form of one", d.Kind)
	}
	if head.Kind != d.Kind || head.Slug != d.Slug {
		return content{}, head, fault.Errorf(fault.Invalid, "a document bears another name than its envelope")
	}
	for slug := range c.slugs() {
		if !IsSlug(slug) {
			return content{}, head, fault.Errorf(fault.Invalid, "a %s document names a malformed slug", d.Kind)
		}
	}
	return c, head, nil
}

// slugs yields every address a document names, besides its own.
func (c content) slugs() iter.Seq[string] {
	return func(yield func(string) bool) {
		var all []string
		switch {
		case c.series != nil:
			all = appendBodies(all, c.series.Conveners)
		case c.organisation != nil:
			if p := c.organisation.Parent; p != nil {
				all = append(all, p.Slug)
			}
			for _, p := range c.organisation.Predecessors {
				all = append(all, p.Slug)
			}
		case c.round != nil:
			all = append(all, c.round.Series.Slug)
			for b := range bodies(*c.round) {
				if b.Body.Slug != "" {
					all = append(all, b.Body.Slug)
				}
			}
			for _, t := range c.round.Topics {
				all = append(all, t.Slug)
			}
		case c.output != nil:
			all = append(all, c.output.Series.Slug)
			if r := c.output.Round; r != nil {
				all = append(all, r.Slug)
			}
			for _, o := range c.output.Observations {
				all = append(all, o.Slug)
			}
		}
		for _, s := range all {
			if !yield(s) {
				return
			}
		}
	}
}

func appendBodies(all []string, bodies []published.Body) []string {
	for _, b := range bodies {
		if b.Slug != "" {
			all = append(all, b.Slug)
		}
	}
	return all
}
