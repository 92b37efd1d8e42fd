package release_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"track15/models/published"
	"track15/models/record"
)

// contributed reports whether somebody wrote what is new in a release, or
// recorded a clearance on which it rests.
func (p *play) contributed(who string, r *played) bool {
	for _, d := range r.Put {
		if r.Kind == record.Restoration {
			continue // it says what two people signed before
		}
		for _, e := range p.edits[d.ObjectID] {
			if e.who == who && e.at > r.since[d.ObjectID] && e.at <= r.frozen {
				return true
			}
		}
	}
	for _, side := range p.series.Sides {
		if r.words != "" && p.grants[side.ID][r.words].who == who {
			return true
		}
	}
	return false
}

// wrong ends the play. It says so in the test's own log too: rapid plays what
// failed again, and what an earlier play left may make that end otherwise.
func (p *play) wrong(rt *rapid.T, format string, args ...any) {
	p.Logf(format, args...)
	rt.Fatalf(format, args...)
}

// look holds what is public to what the test knows.
func (p *play) look(rt *rapid.T) {
	var came []*played
	for _, r := range p.releases {
		if now := p.state(r.ID); now.State == record.Released && !r.delivered {
			r.Release.Number, r.delivered = now.Number, true
			came = append(came, r)
			p.tally["deliver "+string(r.Kind)]++
			switch {
			case !r.countersigned:
				p.wrong(rt, "a %s was delivered that nobody countersigned", r.Kind)
			case r.held || r.waits || r.due > p.now.UnixMicro():
				p.wrong(rt, "a %s was delivered that waits", r.Kind)
			case r.words != "" && !p.cleared(r.words):
				p.wrong(rt, "a text was delivered that is not cleared")
			}
		}
	}
	slices.SortFunc(came, func(a, b *played) int { return cmp.Compare(a.Number, b.Number) })
	for _, r := range came {
		for _, d := range r.Put {
			p.gone[d.Kind+"/"+d.Slug] = false
		}
		for _, d := range r.Drop {
			p.gone[d.Kind+"/"+d.Slug] = true
		}
	}
	round, text := "round/"+p.about, "output/"+p.slug
	all := map[string]string{}
	for key := range p.public() {
		kind, slug, _ := strings.Cut(key, "/")
		body, there := must(p.writer.Bodies(p.Context(), published.Kind(kind), []string{slug}))(p.T)[slug]
		if !there {
			p.wrong(rt, "the log says that %s is public", key)
		}
		all[key] = string(body)
		doc := published.Document{Kind: published.Kind(kind), Slug: slug, Body: body}
		if by, ok := p.signed[doc.Hash()]; !ok || by.first == by.second {
			p.wrong(rt, "%s is public and two people did not sign it", key)
		}
		if p.gone[key] || key == text && p.gone[round] {
			p.wrong(rt, "%s is public and was taken away", key)
		}
	}
	if body, there := all[text]; there && body != p.before[text] {
		said := wordsPut(record.FrozenDocument{Slug: p.slug, Body: []byte(body)})
		if !p.cleared(said) {
			p.wrong(rt, "the text became public, and its clearance does not stand")
		}
	}
	p.before = maps.Clone(all)
}

// cleared reports whether both sides' consent to words stands.
func (p *play) cleared(about string) bool {
	for _, side := range p.series.Sides {
		if g, ok := p.grants[side.ID][about]; !ok || p.revoked[side.ID] > g.at {
			return false
		}
	}
	return true
}
