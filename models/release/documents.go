package release

import (
	"slices"
	"strings"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
)

// A writer turns record values into release documents. It is the one place
// that decides what is public: whatever is shown, mailed or exported is made
// of these documents.
//
// What it writes depends on nothing but the values a document shows and the
// slugs: not on order in the record, ids, or anything withheld.
type writer struct {
	directory directory
	// slugs maps ids of series, organisations, rounds, outputs and
	// observations to their public addresses.
	slugs map[string]string
	// numbers maps ids of observations to their number, as released.
	numbers map[string]int
	// public reports whether the organisation with the id is named in public
	// already, or will be by the same batch.
	public func(organisationID string) bool
}

// body returns an organisation as a document names it.
func (w writer) body(id string) published.Body {
	o := w.directory[id]
	return published.Body{Slug: w.slugs[id], Name: clean(o.Name), Acronym: clean(o.Acronym), Native: native(o)}
}

// bodies is body for several.
func (w writer) bodies(ids []string) []published.Body {
	var all []published.Body
	for _, id := range ids {
		all = append(all, w.body(id))
	}
	return all
}

func native(o record.Organisation) []published.Name {
	var all []published.Name
	for _, n := range o.Native {
		if text := clean(n.Text); text != "" {
			all = append(all, published.Name{Text: text, Lang: clean(n.Lang)})
		}
	}
	return all
}

// sources returns where an entry compiled from public sources was public
// before. Other entries show none: an address can say what the entry withholds.
func sources(compiled bool, from []record.Source) []published.Source {
	if !compiled {
		return nil
	}
	var all []published.Source
	for _, s := range from {
		if url := clean(s.URL); url != "" {
			all = append(all, published.Source{URL: url, Fields: cleanAll(s.Fields)})
		}
	}
	return all
}

// series returns the document of a series. It names those of its conveners
// that a public round names.
func (w writer) series(s record.Series) published.Series {
	doc := published.Series{
		Head:       published.Head{Kind: published.KindSeries, Slug: w.slugs[s.ID], Compiled: s.Compiled, Sample: s.Sample, Sources: sources(s.Compiled, s.Sources)},
		Name:       clean(s.Name),
		OtherNames: cleanAll(s.OtherNames),
		Track:      clean(s.Track),
	}
	for _, side := range s.Sides {
		doc.Parties = append(doc.Parties, published.Party{Name: clean(side.Name), Country: clean(side.Country)})
	}
	doc.Conveners = w.bodies(w.openConveners(s))
	return doc
}

// openConveners returns the ids of a series' conveners that are public.
func (w writer) openConveners(s record.Series) []string {
	set := map[string]bool{}
	for _, id := range s.ConvenerIDs() {
		if o, known := w.directory[id]; known && o.Kind != record.Category && w.public(id) {
			set[id] = true
		}
	}
	return w.directory.byName(set)
}

// organisation returns the document of a body or category. It names the parent
// and the predecessors only if those are public too.
func (w writer) organisation(o record.Organisation) published.Organisation {
	doc := published.Organisation{
		Head:       published.Head{Kind: published.KindOrganisation, Slug: w.slugs[o.ID], Compiled: o.Compiled, Sample: o.Sample, Sources: sources(o.Compiled, o.Sources)},
		Name:       clean(o.Name),
		Acronym:    clean(o.Acronym),
		Native:     native(o),
		OtherNames: cleanAll(o.Aliases),
		Country:    clean(o.Country),
		Category:   o.Kind == record.Category,
	}
	if !doc.Category {
		doc.OrgKind = string(o.Kind)
	}
	if w.openParent(o) {
		doc.Parent = &published.Ref{Slug: w.slugs[o.ParentID], Name: clean(w.directory[o.ParentID].Name)}
	}
	for _, id := range w.openPredecessors(o) {
		doc.Predecessors = append(doc.Predecessors, published.Ref{Slug: w.slugs[id], Name: clean(w.directory[id].Name)})
	}
	for _, n := range o.Identifiers {
		if n.Public() {
			doc.Identifiers = append(doc.Identifiers, published.Identifier{Scheme: clean(n.Scheme), Value: clean(n.Value)})
		}
	}
	return doc
}

func (w writer) openParent(o record.Organisation) bool {
	_, known := w.directory[o.ParentID]
	return known && o.ParentID != o.ID && w.public(o.ParentID) && w.slugs[o.ParentID] != ""
}

// openPredecessors returns the ids of the bodies before one that are public.
func (w writer) openPredecessors(o record.Organisation) []string {
	set := map[string]bool{}
	for _, id := range o.PredecessorIDs() {
		if _, known := w.directory[id]; known && id != o.ID && w.public(id) && w.slugs[id] != "" {
			set[id] = true
		}
	}
	return w.directory.byName(set)
}

// publicStates says how a round's state reads in public. A state that is not
// in it cannot be released.
var publicStates = map[record.RoundState]string{
	record.Scheduled: "announced",
	record.Held:      "held",
	record.Closed:    "held",
	record.Postponed: "postponed",
	record.Cancelled: "cancelled",
}

// releasable fails unless the ground rules let anybody know of the round.
func releasable(r record.Round) error {
	if !gate(r)(record.AspectExistence) {
		return fault.Errorf(fault.Forbidden, "the ground rules do not allow it to become public that this round took place")
	}
	if publicStates[r.State] == "" {
		return fault.Errorf(fault.Invalid, "a round can be released once it is scheduled")
	}
	return nil
}

// round returns the document of a round. It fails if nobody may know of it.
func (w writer) round(r record.Round, s record.Series) (published.Round, error) {
	if err := releasable(r); err != nil {
		return published.Round{}, err
	}
	allows := gate(r)
	doc := published.Round{
		Head:      published.Head{Kind: published.KindRound, Slug: w.slugs[r.ID], Compiled: r.Compiled, Sample: r.Sample, Sources: sources(r.Compiled, r.Sources)},
		Series:    published.Ref{Slug: w.slugs[s.ID], Name: clean(s.Name)},
		Title:     roundTitle(r, s),
		Track:     clean(r.Track),
		State:     publicStates[r.State],
		Format:    clean(r.Format),
		Conveners: w.bodies(w.directory.conveners(r, s)),
		Rules:     rules(r),
	}
	doc.Label = ordinal(r, s)
	if allows(record.AspectHeadcount) {
		doc.Headcount = r.HeadRange()
	}
	if allows(record.AspectDates) {
		doc.Dates = published.Dates{Opens: date(r.Opens), Closes: date(r.Closes), NotBefore: date(r.NotBefore), NotAfter: date(r.NotAfter)}
	}
	if allows(record.AspectCity) {
		doc.City, doc.Country = clean(r.City), clean(r.Country)
	}
	if allows(record.AspectTopics) {
		doc.Topics = topics(r.Topics)
	}
	if allows(record.AspectUnattributed) {
		doc.Summary = clean(r.Summary)
	}
	w.table(&doc, r, s)
	return doc, nil
}

// table fills in the two-sided table.
func (w writer) table(doc *published.Round, r record.Round, s record.Series) {
	open := w.directory.openSides(r, s)
	column := map[string]int{}
	for _, side := range s.Sides {
		if open[side.ID] {
			column[side.ID] = len(doc.Sides)
			doc.Sides = append(doc.Sides, published.Side{Name: clean(side.Name), Country: clean(side.Country)})
		}
	}
	for _, st := range w.directory.seats(r) {
		line := published.Line{Form: st.form, Track: st.track, Role: string(st.role)}
		if st.organisation != "" {
			line.Body = w.body(st.organisation)
		} else {
			line.Body = published.Body{Name: st.words}
		}
		if i, ok := column[st.side]; ok {
			doc.Sides[i].Lines = append(doc.Sides[i].Lines, line)
		} else {
			doc.Others = append(doc.Others, line)
		}
	}
}

// roundTitle is made of released words: the series with the number the
// conveners agreed to say, else with its date, else alone.
func roundTitle(r record.Round, s record.Series) string {
	title := clean(s.Name)
	if more := roundWords(r, s); more != "" {
		title += ", " + more
	}
	return title
}

// roundWords is what a title says beside the series: label, date or nothing.
func roundWords(r record.Round, s record.Series) string {
	if label := ordinal(r, s); label != "" {
		return label
	}
	if gate(r)(record.AspectDates) {
		return dateWords(r.Opens)
	}
	return ""
}

// ordinal is the number that a round goes by, "" where the rules withhold it or
// the conveners agreed to say none.
func ordinal(r record.Round, s record.Series) string {
	if s.Ordinals == record.OrdinalsNever || !gate(r)(record.AspectOrdinal) {
		return ""
	}
	return clean(r.OrdinalLabel)
}

func date(d record.Date) string {
	if d.Precision() == record.Unknown {
		return ""
	}
	return string(d)
}

// topics returns the topics with their slugs, each slug once.
func topics(names []string) []published.Ref {
	var all []published.Ref
	for _, name := range cleanAll(names) {
		slug := slugOr("topic", name)
		if !slices.ContainsFunc(all, func(r published.Ref) bool { return r.Slug == slug }) {
			all = append(all, published.Ref{Slug: slug, Name: name})
		}
	}
	return all
}

// rules returns the ground rules as far as they are public: the preset by its
// name, and the text read out if that is. Rules that start from no preset have
// no name to go by.
func rules(r record.Round) *published.Rules {
	var text string
	if r.Rules.TextPublic {
		text = clean(r.Rules.Text)
	}
	preset := record.PresetOf(r.Rules.Preset)
	switch {
	case preset.Vector != nil:
		return &published.Rules{Preset: preset.Key, Name: preset.Name, Text: text}
	case text == "":
		return nil
	case r.Compiled:
		return &published.Rules{Name: "As published", Text: text}
	}
	return &published.Rules{Name: "As read out", Text: text}
}

// output returns the document of a text. about is its round's document, nil for
// a text about the series.
//
// It fails if the ground rules let nothing of the content become public: r is
// the round, nil for a text about the series.
func (w writer) output(o record.Output, r *record.Round, s record.Series) (published.Output, error) {
	d := o.Draft
	doc := published.Output{
		Head:       published.Head{Kind: published.KindOutput, Slug: w.slugs[o.ID], Compiled: o.Compiled, Sample: o.Sample},
		OutputKind: string(o.Kind),
		Title:      clean(d.Title),
		Lang:       clean(d.Lang),
		Series:     published.Ref{Slug: w.slugs[s.ID], Name: clean(s.Name)},
		Outlet:     clean(d.Outlet),
		Date:       date(d.Date),
		URL:        clean(d.URL),
	}
	if doc.Title == "" {
		return published.Output{}, fault.Errorf(fault.Invalid, "a text needs a title to be released")
	}
	if !o.External {
		doc.Body = clean(d.Body)
	}
	from := s.Sources
	if r != nil {
		doc.Round = &published.Ref{Slug: w.slugs[r.ID], Name: roundTitle(*r, s)}
		from = r.Sources
		if (doc.Body != "" || len(d.Observations) > 0) && !o.AsImported() && !r.Rules.Allows(record.AspectUnattributed) {
			return published.Output{}, fault.Errorf(fault.Forbidden, "the ground rules do not allow what was said to become public")
		}
	}
	if doc.URL != "" {
		from = []record.Source{{URL: doc.URL}}
	}
	doc.Sources = sources(o.Compiled, from)
	for _, a := range d.Authors {
		author := published.Author{Family: clean(a.Family), Given: clean(a.Given), Literal: clean(a.Literal), ORCID: clean(a.ORCID)}
		if author != (published.Author{}) {
			doc.Authors = append(doc.Authors, author)
		}
	}
	for _, ob := range d.Observations {
		if text := clean(ob.Text); text != "" {
			doc.Observations = append(doc.Observations, published.Observation{
				Slug: w.slugs[ob.ID], Number: w.numbers[ob.ID], Heading: clean(ob.Heading), Text: text, Account: clean(ob.Account),
			})
		}
	}
	if o.External {
		return doc, nil
	}
	doc.Acknowledgements = clean(d.Acknowledgements)
	var err error
	doc.Translations, err = w.translations(d)
	return doc, err
}

// translations are a text in its other languages. It fails unless each says all
// that the text says in its own.
func (w writer) translations(d record.Draft) ([]published.Translation, error) {
	if langs := d.Untranslated(); len(langs) > 0 {
		return nil, fault.Errorf(fault.Invalid, "a text goes out whole in each of its languages: %s lacks something, or has something that the text does not", langs[0])
	}
	var all []published.Translation
	for _, t := range d.Translations {
		doc := published.Translation{Lang: clean(t.Lang), Title: clean(t.Title), Body: clean(t.Body)}
		for _, ob := range d.Observations {
			if words, said := ob.In(t.Lang); said && clean(ob.Text) != "" {
				doc.Observations = append(doc.Observations, published.Words{Slug: w.slugs[ob.ID], Heading: clean(words.Heading), Text: clean(words.Text)})
			}
		}
		all = append(all, doc)
	}
	return all, nil
}

// names returns the slugs of the organisations that a document names besides
// itself, each once, sorted.
func names(doc any) []string {
	var all []string
	add := func(bodies ...published.Body) {
		for _, b := range bodies {
			if b.Slug != "" {
				all = append(all, b.Slug)
			}
		}
	}
	switch doc := doc.(type) {
	case published.Series:
		add(doc.Conveners...)
	case published.Organisation:
		if doc.Parent != nil {
			all = append(all, doc.Parent.Slug)
		}
		for _, p := range doc.Predecessors {
			all = append(all, p.Slug)
		}
	case published.Round:
		add(doc.Conveners...)
		for _, s := range doc.Sides {
			for _, l := range s.Lines {
				add(l.Body)
			}
		}
		for _, l := range doc.Others {
			add(l.Body)
		}
	}
	slices.SortFunc(all, strings.Compare)
	return slices.Compact(all)
}
