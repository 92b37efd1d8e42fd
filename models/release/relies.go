package release

import (
	"slices"

	"track15/models/published"
	"track15/models/record"
)

// relied is what the document of a round says that ground rules decide on, in the
// order of a card. A round as it was compiled from public sources relies on none.
func relied(r record.Round, doc published.Round) []record.Aspect {
	if r.AsImported() {
		return nil
	}
	lines := slices.Clone(doc.Others)
	for _, side := range doc.Sides {
		lines = append(lines, side.Lines...)
	}
	leads := func(l published.Line) bool {
		return l.Role == string(record.Convener) || l.Role == string(record.Host)
	}
	says := map[record.Aspect]bool{
		record.AspectExistence:    true,
		record.AspectOrdinal:      doc.Label != "",
		record.AspectDates:        doc.Dates != published.Dates{},
		record.AspectCity:         doc.City != "" || doc.Country != "",
		record.AspectConveners:    len(doc.Conveners) > 0 || slices.ContainsFunc(lines, leads),
		record.AspectOrganisation: len(lines) > 0,
		record.AspectHeadcount:    doc.Headcount != "",
		record.AspectTopics:       len(doc.Topics) > 0,
		record.AspectUnattributed: doc.Summary != "",
	}
	return slices.DeleteFunc(slices.Clone(record.PublicAspects), func(a record.Aspect) bool { return !says[a] })
}

// says reports whether a text says something of what was said in its round.
func says(doc published.Output) bool { return doc.Body != "" || len(doc.Observations) > 0 }
