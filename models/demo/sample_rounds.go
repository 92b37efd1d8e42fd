package demo

import "track15/models/record"

// A sampleRound is an invented round and the house's texts about it.
type sampleRound struct {
	record.Round
	outputs []record.Output
}

func ownText(kind record.OutputKind, title, body string, observations ...record.Observation) record.Output {
	return record.Output{Kind: kind, Draft: record.Draft{Title: title, Lang: "en", Body: body, Observations: observations}}
}

// inChinese adds to a text its title and body in Chinese; the words of its
// observations stand with them.
func inChinese(o record.Output, title, body string) record.Output {
	o.Draft.Translations = []record.Translation{{Lang: "zh-Hans", Title: title, Body: body}}
	return o
}

func thanking(words string, o record.Output) record.Output {
	o.Draft.Acknowledgements = words
	return o
}

// sampleReleased are the rounds that the demonstration releases, the oldest
// first.
var sampleReleased = []sampleRound{
	{
		Round: record.Round{
			OrdinalLabel: "Round 1", InternalTitle: "Getting to know each other", State: record.Closed,
			Opens: "2019-03-12", Closes: "2019-03-13", City: "Port Anselm", Country: kasmere, Venue: "Hotel Meridian, garden room",
			Format: "in person", Track: "1.5", Topics: []string{"Cyber security"},
			Rules:     preset("chatham_house", "The Chatham House Rule applies to all of the meeting.", record.AspectOrganisation),
			Presences: conveners(official("ministry-kasmere", "kasmere"), official("ministry-norlund", "norlund"), expert("university", "kasmere")),
		},
		outputs: []record.Output{ownText(
			record.Summary, "An opening round",
			"Participants compared the words each side uses for the same incidents, and found fewer differences than they had expected.\n\nThey agreed to meet again and to begin with practical questions.",
			record.Observation{Heading: "A shared list of words", Text: "A short list of words that both sides understand alike would prevent more misunderstandings than a long list of rules."},
		)},
	},
	{
		Round: record.Round{
			OrdinalLabel: "Round 2", InternalTitle: "Terms, online, replaces the postponed meeting", State: record.Closed,
			Opens: "2021-11-09", Format: "virtual", Track: "1.5", Topics: []string{"Cyber security", "State responsibility"},
			Rules:     preset("chatham_house", "The Chatham House Rule applies. Nobody records.", record.AspectOrganisation),
			Presences: conveners(official("ministry-norlund", "norlund"), withheld("command", "norlund", "1")),
		},
		outputs: []record.Output{ownText(
			record.KeyFindings, "Terms used for state responsibility",
			"Four terms were discussed. For two of them a common reading was found.",
			record.Observation{Heading: "Two terms, one reading", Text: "Due care and best effort were read alike on both sides."},
		)},
	},
	{
		Round: record.Round{
			OrdinalLabel: "Round 3", InternalTitle: "Hospitals", State: record.Closed,
			Opens: "2022-10-04", Closes: "2022-10-06", City: "Lindholm", Country: norlund, Venue: "Old signal station",
			Format: "in person", Track: "1.5", Topics: []string{"Cyber security", "Hospitals"},
			Rules: preset("chatham_house", "The Chatham House Rule applies.", record.AspectOrganisation),
			Presences: conveners(
				official("ministry-kasmere", "kasmere"), official("ministry-norlund", "norlund"), official("team", "norlund"),
				record.Presence{OrganisationID: "response", SideID: "kasmere", Track: "1", Label: record.ByParent},
				expert("university", "kasmere"),
			),
		},
		outputs: []record.Output{ownText(
			record.Summary, "Protecting hospital networks",
			"The round asked how a hospital network can be told from others, and by whom.",
			record.Observation{Heading: "At any time", Text: "Both sides agreed that hospital networks should be left alone at any time, and not only in a crisis."},
			record.Observation{Heading: "Telling one from another", Text: "Participants expect to return to how a hospital network can be told from others."},
			record.Observation{Text: "A public list of protected networks was thought to help those who would attack them as much as those who would not."},
		)},
	},
	{
		Round: record.Round{
			OrdinalLabel: "Round 4", InternalTitle: "Contact points, online", State: record.Closed,
			Opens: "2024-05-21", Format: "virtual", Track: "1.5", Topics: []string{"Cyber security", "Contact points"},
			Rules: preset("chatham_house", "The Chatham House Rule applies.", record.AspectOrganisation),
			Presences: conveners(
				official("response", "kasmere"), official("team", "norlund"), official("ministry-vestria", "vestria"), expert("centre", "vestria"),
				withheld("union", "vestria", "2"),
			),
		},
		outputs: []record.Output{thanking("We thank the duty officers who let us call them.", inChinese(ownText(
			record.Summary, "Emergency contact points between response teams",
			"Response teams told how they reach each other at night, and how often nobody answers.",
			record.Observation{
				Heading: "A number that answers", Text: "A contact point is worth as much as the person who answers at four in the morning.",
				Translations: []record.Words{{Lang: "zh-Hans", Heading: "有人接听的号码", Text: "联络点的价值，取决于凌晨四点接电话的那个人。"}},
			},
			record.Observation{
				Heading: "Tests", Text: "Calling each other twice a year, without a reason, was held to be the cheapest measure of all.",
				Translations: []record.Words{{Lang: "zh-Hans", Heading: "演练", Text: "与会者认为，每年无事互拨两次电话，是成本最低的措施。"}},
			},
		), "应急响应团队之间的紧急联络点", "各应急响应团队介绍了夜间如何相互联络，以及无人接听的情况有多常见。"))},
	},
	{
		Round: record.Round{
			OrdinalLabel: "Round 5", InternalTitle: "Vulnerabilities, with the quiet delegation", State: record.Closed,
			Opens: "2025-09-17", Closes: "2025-09-18", City: "Port Anselm", Country: kasmere, Venue: "Old customs house, upper room",
			Format: "in person", Track: "1.5", Topics: []string{"Cyber security", "Vulnerabilities"},
			Rules: preset("chatham_house", "The Chatham House Rule applies. Session 3 is closed.", record.AspectOrganisation),
			Presences: conveners(
				official("response", "kasmere"), official("ministry-norlund", "norlund"), official("team", "norlund"), official("ministry-vestria", "vestria"),
				expert("centre", "vestria"),
				record.Presence{OrganisationID: "directorate", AttendsThroughID: "university", SideID: "kasmere", Track: "1", Label: record.ByCategory, CategoryID: "services"},
				expert("university", "kasmere"),
				record.Presence{Words: "independent researchers", SideID: "vestria", Label: record.Exact},
				withheld("command", "norlund", "1"),
			),
		},
		outputs: []record.Output{ownText(
			record.Summary, "Notification of vulnerabilities across borders",
			"The round followed one invented vulnerability from the day somebody finds it to the day a patch is in place, and asked at each step whom to tell abroad.\n\nIt found the first week to be the hardest.",
			record.Observation{Heading: "The first week", Text: "Most of the harm is done, or prevented, in the first week after a finding is told to anybody."},
			record.Observation{Heading: "Makers first", Text: "One view held that the maker is told before any government, and another that both are told on the same day."},
			record.Observation{Heading: "A form with five lines", Text: "A notification needs no more than five lines; anything longer waits for a clearance."},
			record.Observation{Text: "Thanking those who notify was named as the measure that costs least and is forgotten most."},
		)},
	},
}

// samplePending is the round that waits for its second signature, so that
// whoever tries the demonstration finds something to do.
var samplePending = sampleRound{
	Round: record.Round{
		OrdinalLabel: "Round 6", InternalTitle: "Duty officers", State: record.Held,
		Opens: "2026-03-25", Closes: "2026-03-26", City: "Port Anselm", Country: kasmere, Venue: "Old customs house, upper room",
		Format: "in person", Track: "1.5", Topics: []string{"Cyber security", "Contact points"},
		Rules: preset("chatham_house", "The Chatham House Rule applies. Notes are kept by code, not by name.", record.AspectOrganisation),
		Presences: conveners(
			official("response", "kasmere"), official("team", "norlund"),
			record.Presence{OrganisationID: "interior", SideID: "kasmere", Track: "1", Label: record.BySide},
			record.Presence{OrganisationID: "directorate", AttendsThroughID: "forum", SideID: "kasmere", Track: "1", Label: record.ByCategory, CategoryID: "services"},
		),
	},
	outputs: []record.Output{ownText(
		record.Summary, "A card in two languages",
		"Participants discussed how a duty officer is reached at night. A card was proposed that a duty officer can use at any hour.",
		record.Observation{Heading: "No crest", Text: "One view held that the card should carry no crest."},
		record.Observation{Text: "It was also said that a card is no substitute for an agreed procedure."},
	)},
}

// sampleDraft is the round whose text is still being written, and says too much: the
// check underlines it. Nothing of it is prepared for release.
var sampleDraft = sampleRound{
	Round: record.Round{
		InternalTitle: "Round 7, if the ferry runs", State: record.Scheduled,
		NotBefore: "2027-02", NotAfter: "2027-04", City: "Lindholm", Country: norlund, Venue: "Old signal station",
		Format: "in person", Track: "1.5", Topics: []string{"Evidence"},
		Rules:     preset("closed", ""),
		Presences: conveners(withheld("command", "norlund", "1")),
	},
	outputs: []record.Output{ownText(
		record.Announcement, "A seventh round in spring",
		"The conveners plan a seventh round for the spring of 2027. The Norlund Network Command would like to meet in the Old signal station again.",
	)},
}

// One text is withdrawn after its release. Another is corrected, because its
// first version claimed too much.
const (
	withdrawnRound   = "Round 2"
	correctedRound   = "Round 3"
	correctedHeading = "At any time"
	correctedText    = "One view held that hospital networks should be left alone at any time, and not only in a crisis."
	correctionNote   = "Version 1 presented this as agreed by both sides. One view held it; the text now says so."
)
