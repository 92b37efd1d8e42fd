package record

import (
	"cmp"
	"slices"
	"time"
)

// An Inference is a rule by which a reader may conclude something that is not
// public from what is.
type Inference string

const (
	// HiddenBetween: a round that nobody may know of lies between two that stand
	// next to each other in public. Dates and numbers show a gap.
	HiddenBetween Inference = "hidden round between"
	// HiddenNear: something is released within days of a round that is not
	// announced. Who watches what appears and when may ask why now.
	HiddenNear Inference = "unannounced round near"
	// FewBodies: in all public rounds of the series a category stands for fewer than
	// three bodies of the record.
	FewBodies Inference = "category of few"
	// BodyTrace: a body stands by its name in one public round of the series and
	// behind a category, a side or nothing in another, and one of the two is new.
	// Who compares both may guess.
	BodyTrace Inference = "trace of a body"
	// AuthorTrace: an author of a text took part, and nobody cleared that this is
	// said.
	AuthorTrace Inference = "trace of an author"
)

// Inferences lists the rules in the order in which a page names them.
var Inferences = []Inference{HiddenBetween, HiddenNear, FewBodies, BodyTrace, AuthorTrace}

// A Warning is one thing that a reader may conclude.
type Warning struct {
	Rule Inference
	What string // the round, body, category or person that it is about
	When Date   // of the round, if it is about one
}

// A Surrounding is what a release stands among: the rounds of its series, as
// they are and as the public will read them.
type Surrounding struct {
	Today  time.Time
	Rounds []Around
	// Authors are those of the released texts, as "Family, Given"; Guests are the
	// people at the released rounds who did not clear their name, in the same form.
	Authors, Guests []string
}

// An Around is one round of it.
type Around struct {
	Name   string
	Opens  Date
	State  RoundState
	Shown  bool // the public reads it now, or will by the release
	Fresh  bool // the release puts it, or a text about it
	Bodies []AroundBody
}

// An AroundBody is a body at a round, with how the public reads of it.
type AroundBody struct {
	OrganisationID string
	Name           string
	Label          DisclosureLabel
	CategoryID     string
	Category       string // its name
}

// fewBodies is how many bodies a category must stand for.
const fewBodies = 3

// nearDays is how far from a hidden round something released is near.
const nearDays = 7 * 24 * time.Hour

// Warnings are what a reader may conclude from a release, by rule, each once.
// The rules are few and each can be explained in a sentence; that none fires does
// not mean that nothing can be concluded.
func (s Surrounding) Warnings() []Warning {
	var all []Warning
	add := func(w Warning) {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	s.hidden(add)
	for _, r := range s.Rounds {
		if !r.Fresh {
			continue
		}
		for _, b := range r.Bodies {
			if b.Label == ByCategory && s.behind(b.CategoryID) < fewBodies {
				add(Warning{Rule: FewBodies, What: b.Category})
			}
			if s.stands(b.OrganisationID, b.Label != Exact) {
				add(Warning{Rule: BodyTrace, What: b.Name})
			}
		}
	}
	for _, author := range s.Authors {
		if slices.Contains(s.Guests, author) {
			add(Warning{Rule: AuthorTrace, What: author})
		}
	}
	slices.SortStableFunc(all, func(a, b Warning) int {
		return cmp.Or(slices.Index(Inferences, a.Rule)-slices.Index(Inferences, b.Rule), cmp.Compare(a.What, b.What))
	})
	return all
}

// hidden finds the rounds that nobody may know of.
func (s Surrounding) hidden(add func(Warning)) {
	byDay := slices.SortedFunc(slices.Values(s.Rounds), func(a, b Around) int { return a.Opens.First().Compare(b.Opens.First()) })
	for i, r := range byDay {
		if r.Shown || r.Opens == "" || r.State == Proposed || r.State == Cancelled || r.State == Postponed {
			continue
		}
		before := slices.IndexFunc(backwards(byDay[:i]), func(o Around) bool { return o.Shown && o.Opens != "" })
		after := slices.IndexFunc(byDay[i+1:], func(o Around) bool { return o.Shown && o.Opens != "" })
		if before >= 0 && after >= 0 && (backwards(byDay[:i])[before].Fresh || byDay[i+1:][after].Fresh) {
			add(Warning{HiddenBetween, r.Name, r.Opens})
		}
		if away := s.Today.Sub(r.Opens.First()).Abs(); r.Opens.Precision() == Day && away <= nearDays && slices.ContainsFunc(s.Rounds, func(o Around) bool { return o.Fresh }) {
			add(Warning{HiddenNear, r.Name, r.Opens})
		}
	}
}

func backwards(all []Around) []Around {
	out := slices.Clone(all)
	slices.Reverse(out)
	return out
}

// behind counts the bodies that a category stands for, over all public rounds.
func (s Surrounding) behind(category string) int {
	bodies := map[string]bool{}
	for _, r := range s.Rounds {
		for _, b := range r.Bodies {
			if r.Shown && b.CategoryID == category && b.OrganisationID != "" {
				bodies[b.OrganisationID] = true
			}
		}
	}
	return len(bodies)
}

// stands reports whether a body stands in a round that is public by its name, or
// otherwise.
func (s Surrounding) stands(body string, named bool) bool {
	return body != "" && slices.ContainsFunc(s.Rounds, func(r Around) bool {
		return r.Shown && slices.ContainsFunc(r.Bodies, func(b AroundBody) bool { return b.OrganisationID == body && (b.Label == Exact) == named })
	})
}
