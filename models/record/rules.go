package record

import (
	"maps"
	"slices"
	"time"
)

// A Permission says whether an aspect of a round may become public. Its zero
// value is Never.
type Permission string

const (
	Never         Permission = ""
	WithClearance Permission = "with_clearance"
	AfterEmbargo  Permission = "after_embargo"
	Free          Permission = "free"
)

// Permissions lists the permissions from closed to open.
var Permissions = []Permission{Never, WithClearance, AfterEmbargo, Free}

// An Aspect is one thing about a round that ground rules decide on.
type Aspect string

const (
	AspectExistence    Aspect = "existence"
	AspectOrdinal      Aspect = "ordinal"
	AspectDates        Aspect = "dates"
	AspectCity         Aspect = "city"
	AspectVenue        Aspect = "venue"
	AspectConveners    Aspect = "conveners"
	AspectOrganisation Aspect = "organisations"
	AspectHeads        Aspect = "delegation heads"
	AspectNames        Aspect = "participant names"
	AspectHeadcount    Aspect = "headcount"
	AspectTopics       Aspect = "topics"
	AspectPresenters   Aspect = "presenters by session"
	AspectUnattributed Aspect = "content unattributed"
	AspectBySide       Aspect = "content by side"
	AspectByBody       Aspect = "content by body"
	AspectByPerson     Aspect = "content by person"
	AspectQuotations   Aspect = "quotations"
	AspectDocuments    Aspect = "documents"
)

// Aspects lists the aspects in the order in which a card reads them out.
var Aspects = []Aspect{
	AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectVenue, AspectConveners,
	AspectOrganisation, AspectHeads, AspectNames, AspectHeadcount, AspectTopics, AspectPresenters,
	AspectUnattributed, AspectBySide, AspectByBody, AspectByPerson, AspectQuotations, AspectDocuments,
}

// GroundRules are a vector, not a label: a permission for each aspect. The zero
// value is closed.
type GroundRules struct {
	Preset string                // the preset they started from, "" for closed
	Vector map[Aspect]Permission // what is not in it is never
	Text   string                // as read out
	// TextPublic says that the text read out may itself be released.
	TextPublic bool
	// Cleared holds, for an aspect under WithClearance, on what basis the
	// parties cleared it for this round. Its words stay in the record.
	Cleared map[Aspect]string
	// EmbargoUntil is the first day, at the round's place, on which what is
	// under AfterEmbargo may be said. "" means that no day was agreed: never.
	EmbargoUntil Date
}

// Allows reports whether the aspect may become public now: it is free, or its
// clearance is recorded. What waits for an embargo may not; Lifted says what it
// no longer holds back.
func (g GroundRules) Allows(a Aspect) bool {
	switch g.Vector[a] {
	case Free:
		return true
	case WithClearance:
		return g.Cleared[a] != ""
	}
	return false
}

// Lifted returns the rules as they are at an instant: what waited for an
// embargo is free once the day has begun everywhere on Earth, since the rules
// know no time zone.
func (g GroundRules) Lifted(now time.Time) GroundRules {
	if g.EmbargoUntil.Precision() != Day || now.Before(g.EmbargoUntil.First().Add(12*time.Hour)) {
		return g
	}
	g.Vector = maps.Clone(g.Vector)
	for a, p := range g.Vector {
		if p == AfterEmbargo {
			g.Vector[a] = Free
		}
	}
	return g
}

// A Preset is a well-known set of ground rules. Name is what people call it.
type Preset struct {
	Key    string
	Name   string
	Says   string // one sentence, which may be released with the name
	Vector map[Aspect]Permission
}

// Presets lists the presets from closed to open. Editing a vector keeps the
// preset's name as where it started.
var Presets = []Preset{
	{"closed", "Closed", "Nothing about this round may be made public.", nil},
	{
		"details_forfeited", "Details forfeited",
		"In return for candour, participants gave up the right to publicise details of the discussion.",
		vector(WithClearance, AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners, AspectOrganisation, AspectTopics, AspectUnattributed),
	},
	{
		"chatham_house", "Chatham House Rule",
		"Participants may use what they heard. They may not reveal who said it, who was there, or for whom they came.",
		merge(
			vector(Free, AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners, AspectTopics, AspectUnattributed),
			vector(WithClearance, AspectOrganisation, AspectNames, AspectHeadcount, AspectDocuments),
		),
	},
	{
		"off_record_with_summary", "Off the record, with a summary",
		"The discussion is off the record. The conveners publish a summary that attributes nothing.",
		merge(
			vector(Free, AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners, AspectTopics),
			vector(WithClearance, AspectOrganisation, AspectUnattributed, AspectHeadcount),
		),
	},
	{
		"joint_statement", "Joint statement only",
		"Only the text that all sides agreed on is public.",
		merge(
			vector(Free, AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners),
			vector(WithClearance, AspectOrganisation, AspectTopics, AspectUnattributed, AspectBySide, AspectDocuments),
		),
	},
	{
		"background", "Background",
		"What was said may be used and given to a side, not to a body or a person.",
		merge(
			vector(Free, AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectConveners, AspectOrganisation, AspectTopics, AspectUnattributed, AspectBySide),
			vector(WithClearance, AspectNames, AspectHeadcount, AspectByBody, AspectQuotations, AspectDocuments),
		),
	},
	{
		"on_record", "On the record",
		"Everything said may be used and attributed.",
		merge(vector(Free, Aspects...), vector(WithClearance, AspectVenue)),
	},
}

// PresetOf returns the preset with the key, the closed one for any other key.
func PresetOf(key string) Preset {
	i := slices.IndexFunc(Presets, func(p Preset) bool { return p.Key == key })
	return Presets[max(i, 0)]
}

func vector(p Permission, aspects ...Aspect) map[Aspect]Permission {
	v := make(map[Aspect]Permission, len(aspects))
	for _, a := range aspects {
		v[a] = p
	}
	return v
}

func merge(vs ...map[Aspect]Permission) map[Aspect]Permission {
	all := map[Aspect]Permission{}
	for _, v := range vs {
		for a, p := range v {
			all[a] = p
		}
	}
	return all
}
