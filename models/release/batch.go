package release

import (
	"encoding/hex"
	"io"
	"maps"
	"slices"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
)

// A batch makes the documents of one release, in the transaction that freezes
// it: rounds with their texts a few hundred at a time, and at the end the
// series and organisations that they name. What stands in public unchanged is
// left out.
type batch struct {
	f      *recordstore.Freezing
	random io.Reader
	hash   published.BatchHasher
	writer writer

	series  map[string]record.Series // by id
	named   map[string]bool          // ids of organisations that the batch names
	before  map[string]int           // slugs of organisations: how many rounds that the batch replaces name them now
	changed bool                     // a round or text that was public before is in it
	given   map[published.Kind]map[string]bool
}

func newBatch(f *recordstore.Freezing, random io.Reader) *batch {
	b := &batch{
		f: f, random: random, hash: published.NewBatchHasher(),
		series: map[string]record.Series{}, named: map[string]bool{}, before: map[string]int{},
		given: map[published.Kind]map[string]bool{},
	}
	b.writer = writer{directory: directory{}, slugs: map[string]string{}, numbers: map[string]int{}}
	return b
}

// rounds adds rounds, each with those of its texts that are released with it.
func (b *batch) rounds(entries []record.RoundEntry) error {
	if err := b.read(entries); err != nil {
		return err
	}
	if err := b.name(entries); err != nil {
		return err
	}
	var docs []made
	for _, e := range entries {
		s := b.series[e.Round.SeriesID]
		doc, err := b.writer.round(e.Round, s)
		if err != nil {
			return err
		}
		docs = append(docs, made{doc: doc, objectID: e.Round.ID, within: doc.Series.Slug, under: e.Round.ID, relies: relied(e.Round, doc)})
		b.f.Subjects(e.Round.ID, s.ID)
		for _, o := range e.Outputs {
			m, err := b.text(o, &e.Round, s)
			if err != nil {
				return err
			}
			docs = append(docs, m)
		}
	}
	return b.put(docs)
}

// text makes the document of an output; r is nil for one about the series.
func (b *batch) text(o record.Output, r *record.Round, s record.Series) (made, error) {
	if r != nil && !o.AsImported() {
		// A session may be closed where its round is not.
		allowed, err := b.f.MaySay(o)
		if err != nil {
			return made{}, err
		}
		if !allowed {
			said := *r
			said.Rules.Vector = maps.Clone(r.Rules.Vector)
			delete(said.Rules.Vector, record.AspectUnattributed)
			r = &said
		}
	}
	doc, err := b.writer.output(o, r, s)
	if err != nil {
		return made{}, err
	}
	m := made{doc: doc, objectID: o.ID, within: doc.Series.Slug, withinSeries: true}
	if doc.Round != nil {
		m.within, m.withinSeries = doc.Round.Slug, false
	}
	if r != nil && !o.AsImported() && says(doc) {
		m.under, m.relies = r.ID, []record.Aspect{record.AspectUnattributed}
	}
	for _, ob := range o.Draft.Observations {
		if clean(ob.Text) != "" {
			m.observations = append(m.observations, record.FrozenObservation{ObjectID: ob.ID, Slug: b.writer.slugs[ob.ID], Number: b.writer.numbers[ob.ID]})
		}
	}
	b.f.Subjects(o.ID)
	return m, nil
}

// read reads the series of rounds, and the organisations that stand in either,
// with all above and before them.
func (b *batch) read(entries []record.RoundEntry) error {
	var ids []string
	for _, e := range entries {
		if err := b.readSeries(e.Round.SeriesID, &ids); err != nil {
			return err
		}
		for _, p := range e.Round.Presences {
			ids = append(ids, p.OrganisationID, p.CategoryID)
		}
	}
	return b.readOrganisations(ids)
}

// readOrganisations reads organisations, with all above and before them.
func (b *batch) readOrganisations(ids []string) error {
	for len(ids) > 0 {
		ids = slices.DeleteFunc(ids, func(id string) bool {
			_, known := b.writer.directory[id]
			return known || id == ""
		})
		slices.Sort(ids)
		found, err := b.f.Organisations(slices.Compact(ids))
		if err != nil {
			return err
		}
		ids = nil
		for id, o := range found {
			b.writer.directory[id] = o
			ids = append(append(ids, o.ParentID), o.PredecessorIDs()...)
		}
	}
	return nil
}

func (b *batch) readSeries(id string, organisations *[]string) error {
	if _, known := b.series[id]; known {
		return nil
	}
	s, err := b.f.Series(id)
	if err != nil {
		return err
	}
	b.series[id] = s
	*organisations = append(*organisations, s.ConvenerIDs()...)
	return nil
}

// name gives public addresses to everything that the rounds will show.
func (b *batch) name(entries []record.RoundEntry) error {
	var all []name
	for _, e := range entries {
		s := b.series[e.Round.SeriesID]
		all = append(all, seriesName(s))
		for _, id := range b.writer.directory.discloses(e.Round, s) {
			if !b.named[id] {
				b.named[id] = true
				all = append(all, organisationName(b.writer.directory[id]))
			}
			b.f.Subjects(id)
		}
		b.f.Subjects(b.writer.directory.decides(e.Round)...)
	}
	if err := b.address(all); err != nil {
		return err
	}
	all = nil
	for _, e := range entries {
		all = append(all, roundName(e.Round, b.series[e.Round.SeriesID], b.writer.slugs[e.Round.SeriesID]))
	}
	if err := b.address(all); err != nil {
		return err
	}
	var outputs []record.Output
	for _, e := range entries {
		outputs = append(outputs, e.Outputs...)
	}
	return b.nameOutputs(outputs)
}

// nameOutputs gives addresses to texts and observations, and numbers to the
// latter: those that have one keep it, others get the next of their text.
func (b *batch) nameOutputs(outputs []record.Output) error {
	var all []name
	var ids []string
	for _, o := range outputs {
		all = append(all, outputName(o, b.about(o)))
		ids = append(ids, o.ID)
	}
	if err := b.address(all); err != nil {
		return err
	}
	released, err := b.f.Observations(ids)
	if err != nil {
		return err
	}
	all = nil
	for _, o := range outputs {
		last := 0
		for _, r := range released[o.ID] {
			b.writer.numbers[r.ObjectID], b.writer.slugs[r.ObjectID] = r.Number, r.Slug
			last = max(last, r.Number)
		}
		for _, ob := range o.Draft.Observations {
			if b.writer.numbers[ob.ID] > 0 || clean(ob.Text) == "" {
				continue
			}
			last++
			b.writer.numbers[ob.ID] = last
			all = append(all, observationName(ob, last, b.about(o), b.writer.slugs[o.ID]))
		}
	}
	return b.address(all)
}

// about is the address of the round a text is about, or of its series.
func (b *batch) about(o record.Output) string {
	if o.RoundID != "" {
		return b.writer.slugs[o.RoundID]
	}
	return b.writer.slugs[o.SeriesID]
}

// address gives each name its slug: the one it was released under, else the
// first candidate that neither a released object nor this batch has.
func (b *batch) address(all []name) error {
	all = slices.DeleteFunc(all, func(n name) bool { return b.writer.slugs[n.id] != "" })
	ids := make([]string, len(all))
	for i, n := range all {
		ids[i] = n.id
	}
	have, err := b.f.Slugs(ids)
	if err != nil {
		return err
	}
	first := map[published.Kind][]string{}
	for _, n := range all {
		if have[n.id] == "" {
			first[n.kind] = append(first[n.kind], n.words[0])
		}
	}
	taken := map[published.Kind]map[string]bool{}
	for kind, slugs := range first {
		if taken[kind], err = b.f.Taken(string(kind), slugs); err != nil {
			return err
		}
	}
	for _, n := range all {
		if slug := have[n.id]; slug != "" {
			b.writer.slugs[n.id] = slug
			continue
		}
		if b.writer.slugs[n.id] != "" {
			continue
		}
		slug, err := b.choose(n, taken[n.kind])
		if err != nil {
			return err
		}
		if !publishedstore.IsSlug(slug) {
			return fault.Errorf(fault.Invalid, "the address that was asked for has not the form of one")
		}
		if b.given[n.kind] == nil {
			b.given[n.kind] = map[string]bool{}
		}
		b.given[n.kind][slug] = true
		b.writer.slugs[n.id] = slug
	}
	return nil
}

// choose returns the first free candidate; taken says which first ones are not.
func (b *batch) choose(n name, taken map[string]bool) (string, error) {
	for slug := range n.candidates {
		if b.given[n.kind][slug] {
			continue
		}
		if slug == n.words[0] {
			if taken[slug] {
				continue
			}
			return slug, nil
		}
		more, err := b.f.Taken(string(n.kind), []string{slug})
		if err != nil {
			return "", err
		}
		if !more[slug] {
			return slug, nil
		}
	}
	panic("unreachable: candidates do not end")
}

// A made document waits to be frozen.
type made struct {
	doc          any // a published.Series, Organisation, Round or Output, without nonce
	objectID     string
	within       string
	withinSeries bool
	observations []record.FrozenObservation
	under        string          // the round whose ground rules let it out, "" for none
	relies       []record.Aspect // what of them it relies on
}

// put freezes those of the documents that say something new.
func (b *batch) put(docs []made) error {
	slugs := map[published.Kind][]string{}
	for _, m := range docs {
		h := headOf(m.doc)
		slugs[h.Kind] = append(slugs[h.Kind], h.Slug)
	}
	standing := map[published.Kind]map[string]record.PublicDocument{}
	for kind, of := range slugs {
		var err error
		if standing[kind], err = b.f.Standing(string(kind), of); err != nil {
			return err
		}
	}
	var frozen []record.FrozenDocument
	for _, m := range docs {
		h := headOf(m.doc)
		old, was := standing[h.Kind][h.Slug]
		text := h.Kind == published.KindRound || h.Kind == published.KindOutput
		if h.Kind == published.KindRound && old.Present {
			for _, slug := range old.Names {
				b.before[slug]++
			}
		}
		if was {
			same, err := sameWords(m.doc, old)
			if err != nil {
				return err
			}
			if same {
				continue
			}
			silent := old.Notice == record.Silent // to the public it was never there
			b.changed = b.changed || text && !silent
			if old.Present || text && !silent {
				h.Correction = &published.Correction{Note: b.f.Release.Note, Amendment: b.f.Release.Amendment}
			}
		}
		d, err := b.freeze(m, h)
		if err != nil {
			return err
		}
		frozen = append(frozen, d)
		if h.Kind == published.KindRound {
			b.f.Relies(m.under, "", m.relies...)
		} else {
			b.f.Relies(m.under, m.objectID, m.relies...)
		}
	}
	return b.f.Put(frozen...)
}

// freeze gives a document its random bits and makes its bytes.
func (b *batch) freeze(m made, h published.Head) (record.FrozenDocument, error) {
	var random [16]byte
	if _, err := io.ReadFull(b.random, random[:]); err != nil {
		return record.FrozenDocument{}, err
	}
	h.Nonce = hex.EncodeToString(random[:])
	doc, err := published.Encode(withHead(m.doc, h))
	if err != nil {
		return record.FrozenDocument{}, err
	}
	hash := doc.Hash()
	b.hash.Put(doc.Kind, doc.Slug, hash)
	return record.FrozenDocument{
		Kind: string(doc.Kind), Slug: doc.Slug, Hash: hash, Body: doc.Body, ObjectID: m.objectID,
		Within: m.within, WithinSeries: m.withinSeries, Names: names(m.doc), Observations: m.observations,
	}, nil
}

// texts adds texts about series.
func (b *batch) texts(outputs []record.Output) error {
	if err := b.nameOutputs(outputs); err != nil {
		return err
	}
	var docs []made
	for _, o := range outputs {
		m, err := b.text(o, nil, b.series[o.SeriesID])
		if err != nil {
			return err
		}
		docs = append(docs, m)
	}
	return b.put(docs)
}
