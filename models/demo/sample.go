package demo

import "track15/models/record"

// The invented house of the demonstration: one series between three invented
// countries, whose codes ISO 3166 leaves to everybody. All of it is marked
// Sample. Identifiers here are names for this file; the store gives others.

const (
	kasmere = "XA"
	norlund = "XB"
	vestria = "XC"
)

// sampleBodies are the invented organisations and one category. The
// directorate, the command and the union are never disclosed.
var sampleBodies = []record.Organisation{
	{
		ID: "forum", Name: "Kasmere Policy Forum", Acronym: "KPF", Kind: record.ThinkTank, Country: kasmere,
		Native: []record.Name{{Text: "Forum Polityk Kasmeris", Lang: "art-x-kasmere"}},
	},
	{ID: "harbour", Name: "Harbour Institute", Kind: record.ThinkTank, Country: norlund, Aliases: []string{"Havneinstituttet"}},
	{ID: "centre", Name: "Vestrian Centre for Strategic Study", Acronym: "VCSS", Kind: record.ThinkTank, Country: vestria},
	{ID: "ministry-kasmere", Name: "Ministry of Foreign Affairs, Kasmere", Acronym: "MFA", Kind: record.Ministry, Country: kasmere},
	{
		ID: "ministry-norlund", Name: "Ministry of Foreign Affairs, Norlund", Acronym: "MFA", Kind: record.Ministry, Country: norlund,
		Native: []record.Name{{Text: "Utenlandsstyret", Lang: "art-x-norlund"}}, Aliases: []string{"MFA Norlund"},
	},
	{ID: "ministry-vestria", Name: "Ministry of Communications, Vestria", Acronym: "MoC", Kind: record.Ministry, Country: vestria},
	{ID: "response", Name: "National Computer Response Centre, Kasmere", Acronym: "NCRC", Kind: record.CERT, Country: kasmere, ParentID: "interior"},
	{ID: "interior", Name: "Ministry of the Interior, Kasmere", Kind: record.Ministry, Country: kasmere},
	{ID: "team", Name: "Norlund Incident Team", Acronym: "NIT", Kind: record.CERT, Country: norlund, Aliases: []string{"NorIT"}},
	{ID: "university", Name: "University of Port Anselm", Kind: record.University, Country: kasmere},
	{ID: "services", Name: "security services (Kasmere)", Kind: record.Category, Country: kasmere, AtLeastThree: true},
	{ID: "directorate", Name: "Directorate for Signals Protection, Kasmere", Acronym: "DSP", Kind: record.SecurityService, Country: kasmere},
	{ID: "command", Name: "Norlund Network Command", Acronym: "NNC", Kind: record.Military, Country: norlund},
	{ID: "union", Name: "Union of Vestrian Carriers", Kind: record.Company, Country: vestria},
}

// sampleSeries is the invented dialogue.
var sampleSeries = record.Series{
	ID:         "norms",
	Name:       "Kasmere Digital Norms Dialogue",
	OtherNames: []string{"Port Anselm Dialogue"},
	Track:      "1.5",
	Conveners:  []record.Convening{{OrganisationID: "forum"}, {OrganisationID: "harbour"}},
	Sides: []record.Side{
		{ID: "kasmere", Name: "Kasmere", Country: kasmere},
		{ID: "norlund", Name: "Norlund", Country: norlund},
		{ID: "vestria", Name: "Vestria", Country: vestria},
	},
}

// preset is a round's ground rules: a preset whose aspects under clearance were
// cleared by letter, all of them or those listed.
func preset(key, readOut string, cleared ...record.Aspect) record.GroundRules {
	p := record.PresetOf(key)
	g := record.GroundRules{Preset: p.Key, Vector: p.Vector, Text: readOut, Cleared: map[record.Aspect]string{}}
	for _, a := range cleared {
		g.Cleared[a] = "Letters of both conveners"
	}
	return g
}

// conveners are the presences of the two conveners, which every round has.
func conveners(others ...record.Presence) []record.Presence {
	return append([]record.Presence{
		{OrganisationID: "forum", SideID: "kasmere", Track: "2", Role: record.Convener, Label: record.Exact},
		{OrganisationID: "harbour", SideID: "norlund", Track: "2", Role: record.Convener, Label: record.Exact},
	}, others...)
}

// official and expert are presences disclosed by name.
func official(body, side string) record.Presence {
	return record.Presence{OrganisationID: body, SideID: side, Track: "1", Label: record.Exact}
}

func expert(body, side string) record.Presence {
	return record.Presence{OrganisationID: body, SideID: side, Track: "2", Label: record.Exact}
}

// withheld is a presence that stays in the record.
func withheld(body, side, track string) record.Presence {
	return record.Presence{OrganisationID: body, SideID: side, Track: track}
}
