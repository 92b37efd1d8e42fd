package desk

import (
	"context"

	"track15/models/record"
)

// mayConclude are the sentences of the rules, for who may read what they rest on.
var mayConclude = map[record.Inference]func(record.Warning) string{
	record.HiddenBetween: func(w record.Warning) string {
		return "A round that is not public lies between two that stand next to each other: " + w.What + ", " + span(w.When, "") + ". Dates and numbers show the gap."
	},
	record.HiddenNear: func(w record.Warning) string {
		return "A round that is not announced is within a week of today: " + w.What + ", " + span(w.When, "") + ". What appears now may point at it."
	},
	record.FewBodies: func(w record.Warning) string {
		return "In all public rounds of the series this category stands for one body or two: " + w.What + "."
	},
	record.BodyTrace: func(w record.Warning) string {
		return "A body stands by its name in one public round of the series and not in another: " + w.What + ". Who compares the two may guess."
	},
	record.AuthorTrace: func(w record.Warning) string {
		return "An author took part, and nobody cleared that this is said: " + w.What + "."
	},
}

// conclusions are what a reader may conclude from a release, in sentences.
// Somebody who may not read what they rest on is told the same of every release.
// weigh says whether there is anything to weigh for this person.
func (d *Desk) conclusions(ctx context.Context, actor record.Actor, r record.Release) (all []string, weigh bool, err error) {
	if !mayAll(actor, record.ReadRound, r.SeriesIDs) {
		return []string{"Whether a reader may conclude something that is not public, a coordinator or director is told."}, false, nil
	}
	warnings, err := d.Release.Warnings(ctx, actor, r.ID)
	for _, w := range warnings {
		all = append(all, mayConclude[w.Rule](w))
	}
	return all, len(all) > 0, err
}
