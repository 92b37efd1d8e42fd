package record_test

import (
	"slices"
	"testing"
	"time"

	"track15/models/record"
)

func TestWarnings(t *testing.T) {
	today := time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)
	round := func(name, opens string, shown, fresh bool, bodies ...record.AroundBody) record.Around {
		return record.Around{Name: name, Opens: record.Date(opens), State: record.Held, Shown: shown, Fresh: fresh, Bodies: bodies}
	}
	exact := func(id string) record.AroundBody {
		return record.AroundBody{OrganisationID: id, Name: id, Label: record.Exact}
	}
	behind := func(id string) record.AroundBody {
		return record.AroundBody{OrganisationID: id, Name: id, Label: record.ByCategory, CategoryID: "services", Category: "security services"}
	}
	cancelled := round("4th", "2024-05-01", false, false)
	cancelled.State = record.Cancelled
	for name, tt := range map[string]struct {
		s    record.Surrounding
		want []record.Inference
	}{
		"nothing": {record.Surrounding{Rounds: []record.Around{round("1st", "2023-05-01", true, false), round("2nd", "2024-05-01", true, true)}}, nil},
		"a hidden round between": {record.Surrounding{Rounds: []record.Around{
			round("3rd", "2025-05-01", true, true), round("1st", "2023-05-01", true, false), round("2nd", "2024-05-01", false, false),
		}}, []record.Inference{record.HiddenBetween}},
		"between two that others released": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, false), round("2nd", "2024-05-01", false, false), round("3rd", "2025-05-01", true, false), round("4th", "2026-01-01", true, true),
		}}, nil},
		"after the last one":     {record.Surrounding{Rounds: []record.Around{round("1st", "2023-05-01", true, true), round("2nd", "2024-05-01", false, false)}}, nil},
		"one that was cancelled": {record.Surrounding{Rounds: []record.Around{round("3rd", "2023-05-01", true, false), cancelled, round("5th", "2025-05-01", true, true)}}, nil},
		"an unannounced round next week": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, true), round("2nd", "2026-03-20", false, false),
		}}, []record.Inference{record.HiddenNear}},
		"an announced one":                     {record.Surrounding{Rounds: []record.Around{round("1st", "2023-05-01", true, true), round("2nd", "2026-03-20", true, false)}}, nil},
		"one in a month":                       {record.Surrounding{Rounds: []record.Around{round("1st", "2023-05-01", true, true), round("2nd", "2026-04-16", false, false)}}, nil},
		"one of which only the month is known": {record.Surrounding{Rounds: []record.Around{round("1st", "2023-05-01", true, true), round("2nd", "2026-03", false, false)}}, nil},
		"a category of two": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, true, behind("a"), behind("b"), behind("a")),
		}}, []record.Inference{record.FewBodies}},
		"a category of three over all rounds": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, true, behind("a"), behind("b")), round("2nd", "2024-05-01", true, false, behind("c")),
		}}, nil},
		"a body that stands by its name elsewhere": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, false, exact("a")), round("2nd", "2024-05-01", true, true, behind("a"), behind("b"), behind("c")),
		}}, []record.Inference{record.BodyTrace}},
		"a body that is named now and was not before": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, false, behind("a"), behind("b"), behind("c")), round("2nd", "2024-05-01", true, true, exact("a")),
		}}, []record.Inference{record.BodyTrace}},
		"a category of two in public, and a third that is hidden": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", true, true, behind("a"), behind("b")), round("2nd", "2024-05-01", false, false, behind("c")),
		}}, []record.Inference{record.FewBodies}},
		"in a round that is hidden": {record.Surrounding{Rounds: []record.Around{
			round("1st", "2023-05-01", false, false, exact("a")), round("2nd", "2024-05-01", true, true, behind("a"), behind("b"), behind("c")),
		}}, nil},
		"an author who took part": {record.Surrounding{Authors: []string{"Lindqvar, Arvo"}, Guests: []string{"Lindqvar, Arvo"}}, []record.Inference{record.AuthorTrace}},
		"an author who did not":   {record.Surrounding{Authors: []string{"Lindqvar, Arvo"}, Guests: []string{"Lindqvar, Ilse"}}, nil},
	} {
		tt.s.Today = today
		var got []record.Inference
		for _, w := range tt.s.Warnings() {
			got = append(got, w.Rule)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
