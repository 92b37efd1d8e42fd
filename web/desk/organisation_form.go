package desk

import (
	"net/url"
	"strings"

	"track15/models/record"
	views "track15/views/desk"
)

var (
	parentPicker = views.Picker{
		Field: views.Field{Name: "parent", Label: "Part of", Hint: "The body above it; of a category, the broader category", Class: "field--l"},
		None:  "No body above it",
	}
	nativeRows = views.Rows{
		Kind: "native", Field: "native", Legend: "Names in other languages and scripts", More: "One more name",
		Parts: []views.Part{part("text", "Name", ""), part("lang", "Language", "Its tag: zh-Hans, ru, fr")},
	}
	predecessorRows = bodyRows("predecessor", "predecessors", "Bodies before it",
		"Whoever looks for this body finds the rounds of those before it too.", "One more body before it",
		part("on", "Taken over on", dateHint))
	identifierRows = views.Rows{
		Kind: "identifier", Field: "identifiers", Legend: "Numbers in registers", More: "One more number",
		Parts: []views.Part{
			part("scheme", "Register", strings.Join(record.IdentifierSchemes, ", ")+" can become public; any other stays in the record"),
			{Field: views.Field{Name: "value", Label: "Number", Public: true}},
		},
	}
	confusableRows = bodyRows("confusable", "confusables", "Not to be confused with",
		"Bodies with a name or an acronym like this one’s. It never leaves the record.", "One more look-alike")
)

// organisationValues writes an organisation as its form shows it.
func organisationValues(o record.Organisation) url.Values {
	v := url.Values{
		"name": {o.Name}, "acronym": {o.Acronym}, "aliases": {strings.Join(o.Aliases, "\n")}, "kind": {string(o.Kind)},
		"country": {o.Country}, "parent_id": {o.ParentID}, "sources": {sourceLines(o.Sources)},
		"predecessor": o.PredecessorIDs(), "confusable": o.ConfusableIDs,
	}
	if o.AtLeastThree {
		v.Set("at_least_three", "1")
	}
	for i, n := range o.Native {
		at := addRow(v, "native", i)
		v.Set(at+"text", n.Text)
		v.Set(at+"lang", n.Lang)
	}
	for _, p := range o.Predecessors {
		v.Set("predecessor."+p.OrganisationID+".on", string(p.On))
	}
	for i, n := range o.Identifiers {
		at := addRow(v, "identifier", i)
		v.Set(at+"scheme", n.Scheme)
		v.Set(at+"value", n.Value)
	}
	return v
}

// organisationOf reads what organisationValues writes, but for the parent. A
// name without text and language is left out.
func organisationOf(f views.Form) record.Organisation {
	v := f.Values
	o := record.Organisation{
		Name: v.Get("name"), Acronym: v.Get("acronym"), Aliases: lines(v.Get("aliases")), Kind: record.OrgKind(v.Get("kind")),
		Country: v.Get("country"), AtLeastThree: v.Get("at_least_three") != "", Sources: sources(v.Get("sources")),
		ConfusableIDs: f.Rows("confusable"),
	}
	for _, id := range f.Rows("native") {
		n := record.Name{Text: v.Get("native." + id + ".text"), Lang: v.Get("native." + id + ".lang")}
		if strings.TrimSpace(n.Text+n.Lang) != "" {
			o.Native = append(o.Native, n)
		}
	}
	for _, id := range f.Rows("predecessor") {
		o.Predecessors = append(o.Predecessors, record.Succession{OrganisationID: id, On: record.Date(v.Get("predecessor." + id + ".on"))})
	}
	for _, id := range f.Rows("identifier") {
		o.Identifiers = append(o.Identifiers, record.Identifier{Scheme: v.Get("identifier." + id + ".scheme"), Value: v.Get("identifier." + id + ".value")})
	}
	return o
}
