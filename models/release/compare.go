package release

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"track15/models/published"
	"track15/models/record"
)

// A Change says what a release does to one field of a document.
type Change string

const (
	Added    Change = "new"         // was not public before
	Altered  Change = "changed"     // reads otherwise than what is public
	Kept     Change = "as released" // reads as what is public
	Removed  Change = "removed"     // was public and is not any more
	Internal Change = "not public"  // stays in the record
)

// A Row compares one field: what the record holds, as far as the reader may
// read it, what the release makes public, and what is public now.
type Row struct {
	Kind     published.Kind
	Slug     string
	Document string // what the document is called in public
	Field    string // in words: "Dates"
	Record   string
	Public   string // "" if nothing of it becomes public
	Was      string
	Change   Change
}

// A field is one field of a document in words; several lines stand for a list.
type field struct{ label, text string }

// Compare sets what a release makes public beside the record as it is now and
// beside what is public now, field by field, for its first 500 documents. Rows
// of what stays in the record follow those of the round they belong to; they
// hold only what actor may read.
func (s *Service) Compare(ctx context.Context, actor record.Actor, id string) ([]Row, error) {
	r, err := s.record.Release(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	before, err := s.record.PublicBefore(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, d := range r.Put {
		doc, err := decode(d)
		if err != nil {
			return nil, err
		}
		var was []field
		if old, ok := before[d.Kind+"/"+d.Slug]; ok && old.Present {
			oldDoc, err := decode(old.FrozenDocument)
			if err != nil {
				return nil, err
			}
			was = fieldsOf(oldDoc)
		}
		held, internal := s.held(ctx, actor, d)
		rows = append(rows, compare(doc, was, held, internal)...)
	}
	for _, d := range r.Drop {
		old := before[d.Kind+"/"+d.Slug]
		doc, err := decode(old.FrozenDocument)
		if err != nil {
			return nil, err
		}
		public := d.Reason
		rows = append(rows, Row{
			Kind: published.Kind(d.Kind), Slug: d.Slug, Document: titleOf(doc), Field: "Notice",
			Public: public, Was: old.Notice, Change: Removed,
		})
	}
	return rows, nil
}

// compare returns the rows of one document.
func compare(doc any, was, held, internal []field) []Row {
	h := headOf(doc)
	row := func(label string) Row {
		return Row{Kind: h.Kind, Slug: h.Slug, Document: titleOf(doc), Field: label, Record: textOf(held, label)}
	}
	var rows []Row
	now := fieldsOf(doc)
	for _, f := range now {
		r := row(f.label)
		r.Public, r.Was = f.text, textOf(was, f.label)
		switch {
		case r.Public == r.Was:
			r.Change = Kept
		case r.Was == "":
			r.Change = Added
		default:
			r.Change = Altered
		}
		rows = append(rows, r)
	}
	for _, f := range was {
		if textOf(now, f.label) == "" {
			r := row(f.label)
			r.Was, r.Change = f.text, Removed
			rows = append(rows, r)
		}
	}
	for _, f := range held {
		if textOf(now, f.label) == "" && textOf(was, f.label) == "" {
			r := row(f.label)
			r.Change = Internal
			rows = append(rows, r)
		}
	}
	for _, f := range internal {
		r := row(f.label)
		r.Record, r.Change = f.text, Internal
		rows = append(rows, r)
	}
	return rows
}

func textOf(all []field, label string) string {
	for _, f := range all {
		if f.label == label {
			return f.text
		}
	}
	return ""
}

// Labels of fields that a document and the record both have.
const (
	labelTitle         = "Title"
	labelName          = "Name"
	labelOrdinal       = "Label"
	labelState         = "State"
	labelDates         = "Dates"
	labelPlace         = "Place"
	labelTrack         = "Track"
	labelFormat        = "Format"
	labelConveners     = "Conveners"
	labelSides         = "Sides"
	labelOrganisations = "Organisations"
	labelHeadcount     = "Participants"
	labelTopics        = "Topics"
	labelRules         = "Ground rules"
	labelSummary       = "Summary"
	labelText          = "Text"
	labelAuthors       = "Authors"
	labelOutlet        = "Outlet"
	labelThanks        = "Acknowledgements"
	labelDate          = "Date"
	labelAddress       = "Address"
	labelOtherNames    = "Other names"
	labelNative        = "Native names"
	labelAcronym       = "Acronym"
	labelKind          = "Kind"
	labelCountry       = "Country"
	labelParent        = "Parent"
	labelBefore        = "Came after"
	labelNumbers       = "Numbers in registers"
	labelLang          = "Language"
	labelSources       = "Sources"
	labelNote          = "Note of change"
)

// fieldsOf returns everything that a document says, in the order in which it
// is compared.
func fieldsOf(doc any) []field {
	var all []field
	add := func(label string, lines ...string) {
		if text := strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n"); text != "" {
			all = append(all, field{label, text})
		}
	}
	h := headOf(doc)
	switch doc := doc.(type) {
	case published.Series:
		add(labelName, doc.Name)
		add(labelOtherNames, doc.OtherNames...)
		add(labelTrack, doc.Track)
		var parties []string
		for _, p := range doc.Parties {
			parties = append(parties, p.Name)
		}
		add(labelSides, parties...)
		add(labelConveners, bodyNames(doc.Conveners)...)
	case published.Organisation:
		add(labelName, doc.Name)
		add(labelAcronym, doc.Acronym)
		add(labelNative, nameTexts(doc.Native)...)
		add(labelOtherNames, doc.OtherNames...)
		add(labelKind, doc.OrgKind)
		add(labelCountry, doc.Country)
		if doc.Parent != nil {
			add(labelParent, doc.Parent.Name)
		}
		var before, numbers []string
		for _, p := range doc.Predecessors {
			before = append(before, p.Name)
		}
		for _, n := range doc.Identifiers {
			numbers = append(numbers, n.Scheme+" "+n.Value)
		}
		add(labelBefore, before...)
		add(labelNumbers, numbers...)
	case published.Round:
		add(labelTitle, doc.Title)
		add(labelOrdinal, doc.Label)
		add(labelState, doc.State)
		add(labelDates, span(doc.Dates))
		add(labelPlace, place(doc.City, doc.Country))
		add(labelTrack, doc.Track)
		add(labelFormat, doc.Format)
		add(labelConveners, bodyNames(doc.Conveners)...)
		add(labelOrganisations, tableLines(doc)...)
		add(labelHeadcount, doc.Headcount)
		var topics []string
		for _, t := range doc.Topics {
			topics = append(topics, t.Name)
		}
		add(labelTopics, topics...)
		if doc.Rules != nil {
			add(labelRules, doc.Rules.Name, doc.Rules.Text)
		}
		add(labelSummary, doc.Summary)
	case published.Output:
		add(labelTitle, doc.Title)
		add(labelKind, doc.OutputKind)
		add(labelLang, doc.Lang)
		add(labelAuthors, authorNames(doc.Authors)...)
		add(labelOutlet, doc.Outlet)
		add(labelDate, doc.Date)
		add(labelAddress, doc.URL)
		add(labelText, doc.Body)
		for _, o := range doc.Observations {
			add("Observation "+strconv.Itoa(o.Number), o.Heading, o.Text, o.Account)
		}
		add(labelThanks, doc.Acknowledgements)
		for _, t := range doc.Translations {
			add(record.InLanguage(labelTitle, t.Lang), t.Title)
			add(record.InLanguage(labelText, t.Lang), t.Body)
			for _, o := range doc.Observations {
				for _, w := range t.Observations {
					if w.Slug == o.Slug {
						add(record.InLanguage("Observation "+strconv.Itoa(o.Number), t.Lang), w.Heading, w.Text)
					}
				}
			}
		}
	}
	var sources []string
	for _, src := range h.Sources {
		sources = append(sources, src.URL)
	}
	add(labelSources, sources...)
	if h.Correction != nil {
		add(labelNote, h.Correction.Note)
	}
	return all
}

func bodyNames(all []published.Body) []string {
	var names []string
	for _, b := range all {
		names = append(names, b.Name)
	}
	return names
}

func nameTexts(all []published.Name) []string {
	var texts []string
	for _, n := range all {
		texts = append(texts, n.Text)
	}
	return texts
}

func authorNames(all []published.Author) []string {
	var names []string
	for _, a := range all {
		names = append(names, record.Author(a).Words())
	}
	return names
}

// tableLines are the lines of a two-sided table, each with its side.
func tableLines(r published.Round) []string {
	var lines []string
	for _, side := range r.Sides {
		if len(side.Lines) == 0 {
			lines = append(lines, side.Name)
		}
		for _, l := range side.Lines {
			lines = append(lines, side.Name+": "+lineWords(l))
		}
	}
	for _, l := range r.Others {
		lines = append(lines, lineWords(l))
	}
	return lines
}

func lineWords(l published.Line) string {
	words := l.Body.Name
	if l.Track != "" {
		words += ", Track " + l.Track
	}
	if l.Role != "" {
		words += ", " + l.Role
	}
	return words
}

// span says dates in one line.
func span(d published.Dates) string {
	var words []string
	for _, p := range []struct{ before, date string }{{"", d.Opens}, {"to ", d.Closes}, {"not before ", d.NotBefore}, {"not after ", d.NotAfter}} {
		if p.date != "" {
			words = append(words, p.before+dateWords(record.Date(p.date)))
		}
	}
	return strings.Join(words, " ")
}

func place(city, country string) string {
	return strings.Trim(city+", "+country, ", ")
}
