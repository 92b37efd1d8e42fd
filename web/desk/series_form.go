package desk

import (
	"net/url"
	"strconv"
	"strings"

	"track15/models/record"
	views "track15/views/desk"
)

// ordinalWords are what a form and a page call the policies.
var ordinalWords = map[record.OrdinalPolicy]string{
	record.OrdinalsByRound:     "Decided round by round, under the ground rules",
	record.OrdinalsByAgreement: "Said by agreement: both sides say the same",
	record.OrdinalsBySide:      "Each side counts its own",
	record.OrdinalsNever:       "Never said: no document holds it",
}

func ordinalOptions() []views.Option {
	return optionsOf(record.OrdinalPolicies, func(o record.OrdinalPolicy) string { return ordinalWords[o] })
}

const dateHint = "2009, 2009-05 or 2009-05-12"

var (
	sideRows = views.Rows{
		Kind: "side", Field: "sides", Legend: "Sides, in the order of the record", More: "One more side",
		Parts: []views.Part{
			{Field: views.Field{Name: "name", Label: "Name", Public: true}},
			part("country", "Country", "Two letters, if it is one"),
		},
	}
	nameRows = views.Rows{
		Kind: "name_row", Field: "names", Legend: "What the sides call the series", More: "One more name",
		Hint: "For papers that a side reads. A side stands in the list once the series is saved.",
	}
	convenerRows = bodyRows("convener", "conveners", "Conveners",
		"Without dates: from the first round to the last. The dates never leave the record.", "One more convener",
		part("from", "From", dateHint), part("to", "To", "If it no longer does"))
	funderRows = bodyRows("funder", "funders", "Funders", "", "One more funder",
		views.Part{Field: views.Field{Name: "acknowledgement", Label: "Acknowledgement", Hint: "In the words the funder asked for"}, Area: true},
		part("from", "From", dateHint), part("to", "To", "If it no longer pays"))
)

// namesOf are the rows of a series' names, with the sides that are stored.
func namesOf(f views.Form) views.Rows {
	r := nameRows
	sides := []views.Option{{Words: "No side in particular"}}
	for _, id := range f.Rows("side") {
		if stored(id) != "" {
			sides = append(sides, views.Option{Value: id, Words: f.Get("side." + id + ".name")})
		}
	}
	r.Parts = []views.Part{
		{Field: views.Field{Name: "side", Label: "Side"}, Options: sides},
		part("lang", "Language", "Its tag: zh-Hans, ru, fr"),
		part("text", "Name", ""),
	}
	return r
}

// seriesValues writes a series as its form shows it.
func seriesValues(s record.Series) url.Values {
	v := url.Values{
		"name": {s.Name}, "other_names": {strings.Join(s.OtherNames, "\n")}, "track": {s.Track}, "sources": {sourceLines(s.Sources)},
		"convener": s.ConvenerIDs(), "ordinals": {string(s.Ordinals)},
	}
	for _, c := range s.Conveners {
		v.Set("convener."+c.OrganisationID+".from", string(c.From))
		v.Set("convener."+c.OrganisationID+".to", string(c.To))
	}
	for _, side := range s.Sides {
		id := side.ID
		if id == "" {
			id = newRow()
		}
		v.Add("side", id)
		v.Set("side."+id+".name", side.Name)
		v.Set("side."+id+".country", side.Country)
	}
	for i, n := range s.Names {
		at := addRow(v, "name_row", i)
		v.Set(at+"side", n.SideID)
		v.Set(at+"lang", n.Lang)
		v.Set(at+"text", n.Text)
	}
	for _, g := range s.Funders {
		v.Add("funder", g.OrganisationID)
		at := "funder." + g.OrganisationID + "."
		v.Set(at+"acknowledgement", g.Acknowledgement)
		v.Set(at+"from", string(g.From))
		v.Set(at+"to", string(g.To))
	}
	return v
}

// seriesOf reads what seriesValues writes. A side without a name or a country
// is left out.
func seriesOf(f views.Form) record.Series {
	v := f.Values
	s := record.Series{
		Name: v.Get("name"), OtherNames: lines(v.Get("other_names")), Track: v.Get("track"), Sources: sources(v.Get("sources")),
		Ordinals: record.OrdinalPolicy(v.Get("ordinals")),
	}
	for _, id := range f.Rows("side") {
		side := record.Side{ID: stored(id), Name: v.Get("side." + id + ".name"), Country: v.Get("side." + id + ".country")}
		if strings.TrimSpace(side.Name+side.Country) != "" {
			s.Sides = append(s.Sides, side)
		}
	}
	for _, id := range f.Rows("name_row") {
		at := "name_row." + id + "."
		s.Names = append(s.Names, record.SeriesName{SideID: v.Get(at + "side"), Lang: v.Get(at + "lang"), Text: v.Get(at + "text")})
	}
	for _, id := range f.Rows("convener") {
		at := "convener." + id + "."
		s.Conveners = append(s.Conveners, record.Convening{OrganisationID: id, From: record.Date(v.Get(at + "from")), To: record.Date(v.Get(at + "to"))})
	}
	for _, id := range f.Rows("funder") {
		at := "funder." + id + "."
		s.Funders = append(s.Funders, record.Funding{
			OrganisationID: id, Acknowledgement: v.Get(at + "acknowledgement"), From: record.Date(v.Get(at + "from")), To: record.Date(v.Get(at + "to")),
		})
	}
	return s
}

// addRow adds a row that has no identifier of its own to its list, the i-th,
// and returns what the names of its fields begin with.
func addRow(v url.Values, kind string, i int) string {
	id := "n" + strconv.Itoa(i+1)
	v.Add(kind, id)
	return kind + "." + id + "."
}
