package release

import (
	"context"
	"fmt"
	"slices"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// elsewhereChunk is how many rounds of an import are read at a time.
const elsewhereChunk = 200

// Why something that an import marked as public is not in its release.
const (
	leftGone     = "It is not marked as public elsewhere any more."
	leftRules    = "The ground rules do not allow it to become public that this round took place."
	leftState    = "A round can be released once it is scheduled."
	leftReleased = "It stands in another release."
	leftRound    = "Its round is not public."
	leftSeries   = "Its series is not public."
)

// PrepareImported freezes one release of what an import from a table brought
// that is public elsewhere: rounds that name where, with the texts about them
// that do, and texts about rounds and series that are public here. It is read
// as one list and signed by two people; asking twice makes one release.
//
// The ground rules hold for what somebody edited since, or where the table
// names a rule. What they hold back, what stands in another release, and texts
// whose round is not public are left out: the import says which, and why.
//
// It fails with Conflict if nothing is left; for other errors see
// recordstore.FreezeIntake. Rounds are held in memory a few hundred at a time.
func (s *Service) PrepareImported(ctx context.Context, actor record.Actor, importID string) (record.Release, error) {
	return s.record.FreezeIntake(ctx, actor, importID, func(f *recordstore.Freezing, rounds, texts []string) ([]recordstore.Aside, error) {
		e := &elsewhere{batch: newBatch(f, s), service: s, went: map[string]bool{}}
		if err := e.fill(rounds, texts); err != nil {
			return nil, err
		}
		f.Release.Import = true
		f.Release.Title = "Compiled from public sources: " + counted(e.nRounds, "round") + ", " + counted(e.nTexts, "text")
		return e.left, e.batch.finish()
	})
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// An elsewhere collects what is public elsewhere into one batch.
type elsewhere struct {
	batch           *batch
	service         *Service
	went            map[string]bool // ids of rounds and texts in the batch
	left            []recordstore.Aside
	nRounds, nTexts int
}

func (e *elsewhere) leave(kind, id, why string) {
	e.left = append(e.left, recordstore.Aside{Kind: kind, ID: id, Why: why})
}

func (e *elsewhere) fill(rounds, texts []string) error {
	single, err := e.texts(texts)
	if err != nil {
		return err
	}
	all := slices.Clone(rounds)
	for _, o := range single {
		if o.RoundID != "" && !slices.Contains(all, o.RoundID) {
			all = append(all, o.RoundID)
		}
	}
	for part := range slices.Chunk(all, elsewhereChunk) {
		if err := e.rounds(part, func(id string) bool { return slices.Contains(rounds, id) }); err != nil {
			return err
		}
	}
	for _, o := range single {
		if e.went[o.ID] {
			continue
		}
		if err := e.single(o); err != nil {
			return err
		}
	}
	if e.nRounds+e.nTexts == 0 {
		why := ""
		if len(e.left) > 0 {
			why = " " + e.left[0].Why
		}
		return fault.Errorf(fault.Conflict, "Nothing of this import can become public now.%s", why)
	}
	return nil
}

// texts reads those of the texts that may be released as public elsewhere.
func (e *elsewhere) texts(ids []string) ([]record.Output, error) {
	in, err := e.batch.f.InRelease(ids)
	if err != nil {
		return nil, err
	}
	var all []record.Output
	for _, id := range ids {
		o, err := e.batch.f.Output(id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
		case err != nil:
			return nil, err
		case !saysWhere(o):
			e.leave("text", id, leftGone)
		case in[id]:
			e.leave("text", id, leftReleased)
		default:
			all = append(all, o)
		}
	}
	return all, nil
}

// saysWhere reports whether a text names the address at which it is public.
func saysWhere(o record.Output) bool { return o.Compiled && clean(o.Draft.URL) != "" }

// rounds adds those of the rounds that may be released as public elsewhere,
// with the texts about them that may. asked says of which rounds the import
// itself says so; for others nothing is noted.
func (e *elsewhere) rounds(ids []string, asked func(id string) bool) error {
	f := e.batch.f
	in, err := f.InRelease(ids)
	if err != nil {
		return err
	}
	var entries []record.RoundEntry
	for _, id := range ids {
		r, err := f.Round(id)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		r.Rules = r.Rules.Lifted(e.service.clock())
		if why := barred(r, in[id]); why == "" {
			entries = append(entries, record.RoundEntry{Round: r})
		} else if asked(id) {
			e.leave("round", id, why)
		}
	}
	if err := e.withTexts(entries); err != nil {
		return err
	}
	return e.batch.rounds(entries)
}

// barred says why a round is not released as public elsewhere, "" if it is.
func barred(r record.Round, released bool) string {
	switch kind := fault.KindOf(releasable(r)); {
	case released:
		return leftReleased
	case len(sources(r.Compiled, r.Sources)) == 0:
		return leftGone
	case kind == fault.Forbidden:
		return leftRules
	case kind == fault.Invalid:
		return leftState
	}
	return ""
}

// withTexts gives rounds their texts, and counts both.
func (e *elsewhere) withTexts(entries []record.RoundEntry) error {
	var ids, texts []string
	for _, entry := range entries {
		ids = append(ids, entry.Round.ID)
	}
	about, err := e.batch.f.CompiledTexts(ids)
	if err != nil {
		return err
	}
	for _, all := range about {
		for _, o := range all {
			texts = append(texts, o.ID)
		}
	}
	in, err := e.batch.f.InRelease(texts)
	if err != nil {
		return err
	}
	for i := range entries {
		entry := &entries[i]
		for _, o := range about[entry.Round.ID] {
			if saysWhere(o) && !in[o.ID] {
				entry.Outputs = append(entry.Outputs, o)
				e.went[o.ID] = true
			}
		}
		e.nRounds, e.nTexts = e.nRounds+1, e.nTexts+len(entry.Outputs)
	}
	return nil
}

// single adds a text without its round: it names the round and its series as
// they are public.
func (e *elsewhere) single(o record.Output) error {
	b := e.batch
	_, with := b.series[o.SeriesID]
	if o.RoundID == "" && with { // the series becomes public with this batch
		e.nTexts++
		return b.texts([]record.Output{o})
	}
	id, kind, why := o.SeriesID, published.KindSeries, leftSeries
	if o.RoundID != "" {
		id, kind, why = o.RoundID, published.KindRound, leftRound
	}
	about, err := e.public(kind, id)
	if err != nil {
		return err
	}
	if about == nil {
		e.leave("text", o.ID, why)
		return nil
	}
	s, err := b.f.Series(o.SeriesID)
	if err != nil {
		return err
	}
	var r *record.Round
	series := published.Ref{}
	switch doc := about.(type) {
	case published.Series:
		series = published.Ref{Slug: doc.Slug, Name: doc.Name}
	case published.Round:
		whole, err := b.f.Round(id)
		if err != nil {
			return err
		}
		whole.Rules = whole.Rules.Lifted(e.service.clock())
		r, series = &whole, doc.Series
	}
	b.writer.slugs[id], b.writer.slugs[s.ID] = headOf(about).Slug, series.Slug
	if err := b.nameOutputs([]record.Output{o}); err != nil {
		return err
	}
	m, err := b.text(o, r, s)
	if err != nil {
		return err
	}
	out := m.doc.(published.Output)
	out.Series = series
	if r != nil {
		out.Round.Name = titleOf(about)
	}
	m.doc = out
	e.nTexts++
	return b.put([]made{m})
}

// public is the document of a round or series as the public reads it now, nil
// if it does not.
func (e *elsewhere) public(kind published.Kind, id string) (any, error) {
	slugs, err := e.batch.f.Slugs([]string{id})
	if err != nil || slugs[id] == "" {
		return nil, err
	}
	old, doc, err := standing(e.batch.f, kind, slugs[id])
	if fault.KindOf(err) == fault.NotFound || err == nil && (!old.Present || old.Notice != "") {
		return nil, nil
	}
	return doc, err
}
