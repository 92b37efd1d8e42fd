package recordstore_test

import (
	"slices"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// The register finds what it is asked for, and for nobody what is not theirs.
func TestRegisterOfTexts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, editor := t.Context(), w.as("editor")
		add := func(actor record.Actor, o record.Output) string { return must(w.store.AddOutput(ctx, actor, o))(t).ID }
		piece := add(editor, record.Output{SeriesID: w.lake.ID, Kind: record.Commentary, External: true, Draft: record.Draft{
			Title: "Horns heard", Date: "2019-05", URL: "https://journal.example.org/horns", Citation: "Horns heard. Journal, 2019.",
		}})
		late := add(editor, record.Output{SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.Commentary, External: true, Draft: record.Draft{Title: "A year on", Date: "2018"}})
		foreign := add(w.as("other"), record.Output{SeriesID: w.hill.ID, RoundID: w.foreign.ID, Kind: record.Commentary, External: true, Draft: record.Draft{Title: "Horns on the hill", Date: "2019"}})
		undated := add(editor, record.Output{SeriesID: w.lake.ID, Kind: record.Announcement, Draft: record.Draft{Title: "We begin"}})
		type filter = recordstore.OutputFilter
		for what, tt := range map[string]struct {
			f    filter
			want []string
		}{
			"all":               {filter{}, []string{w.text.ID, piece, late, undated}},
			"ours":              {filter{Ours: true}, []string{w.text.ID, undated}},
			"others'":           {filter{Others: true}, []string{piece, late}},
			"both":              {filter{Ours: true, Others: true}, []string{w.text.ID, piece, late, undated}},
			"kind":              {filter{Kind: record.Commentary}, []string{piece, late}},
			"no such kind":      {filter{Kind: "letter"}, nil},
			"another's series":  {filter{SeriesID: w.hill.ID}, nil},
			"another's round":   {filter{RoundID: w.foreign.ID}, nil},
			"round":             {filter{RoundID: w.round.ID}, []string{w.text.ID, late}},
			"its date":          {filter{Since: 2019, Until: 2019}, []string{piece}},
			"its own date":      {filter{Since: 2018}, []string{piece, late}},
			"that of its round": {filter{Until: 2017}, []string{w.text.ID}},
			"one year":          {filter{Since: 2018, Until: 2018}, []string{late}},
			"title":             {filter{Query: "HORNS"}, []string{w.text.ID, piece}},
			"title and whose":   {filter{Query: "horns", Others: true}, []string{piece}},
			"not released":      {filter{Standing: record.Unreleased, Ours: true}, []string{w.text.ID, undated}},
			"public":            {filter{Standing: record.InPublic}, nil},
			"no such standing":  {filter{Standing: "lost"}, nil},
		} {
			all, n, err := w.store.Outputs(ctx, editor, tt.f)
			var got []string
			for _, o := range all {
				got = append(got, o.ID)
				if o.Standing != record.Unreleased {
					t.Errorf("%s: a text stands as %q", what, o.Standing)
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if err != nil || n != len(got) || !slices.Equal(got, tt.want) {
				t.Errorf("%s: %v (%d), %v; want %v", what, got, n, err, tt.want)
			}
			if slices.Contains(got, foreign) {
				t.Errorf("%s finds a text of another series", what)
			}
		}
		if all, n, err := w.store.Outputs(ctx, editor, filter{PerPage: 3, Page: 2}); err != nil || n != 4 || len(all) != 1 {
			t.Errorf("the second page: %d of %d, %v", len(all), n, err)
		}
		_, _, err := w.store.Outputs(ctx, editor, filter{Kind: "a\nb"})
		wantKind(t, "a kind of two lines", err, fault.Invalid)
	})
}
