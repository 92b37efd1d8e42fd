package answers_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"track15/models/answers"
	"track15/models/fault"
	"track15/models/record"
)

func TestSmallNumbersAreNotSaid(t *testing.T) {
	var facts []answers.Fact
	add := func(n int, kind record.OrgKind, year int) {
		for i := range n {
			facts = append(facts, answers.Fact{PersonID: string(kind) + string(rune('a'+i)), Year: year, Kind: kind})
		}
	}
	add(4, record.Ministry, 2021)
	add(2, record.Military, 2021)
	add(3, record.Military, 2022)
	add(5, record.ThinkTank, 2022)
	add(5, record.ThinkTank, 2022) // the same people at a second round of the year
	got, err := answers.Count(facts, answers.Question{Rows: answers.ByKind, Columns: answers.ByYear, AtLeast: answers.Smallest})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Columns, []string{"2021", "2022"}) {
		t.Fatalf("columns %q", got.Columns)
	}
	ministry, military, tanks := got.Rows[0], got.Rows[1], got.Rows[2]
	if ministry.Cells[0].N != 4 || ministry.Cells[1] != (answers.Cell{}) || *ministry.Total != 4 {
		t.Errorf("ministries %+v", ministry)
	}
	if !military.Cells[0].Few || military.Cells[0].N != 0 || military.Cells[1].N != 3 || military.Total != nil {
		t.Errorf("military %+v", military)
	}
	if tanks.Cells[1].N != 5 {
		t.Errorf("each person counts once a year: %+v", tanks)
	}
	if got.ColumnTotals[0] != nil || *got.ColumnTotals[1] != 8 {
		t.Errorf("totals %v", got.ColumnTotals)
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	for _, q := range []answers.Question{
		{},
		{Rows: answers.ByKind, AtLeast: 2},
		{Rows: "names", AtLeast: 3},
		{Rows: answers.ByKind, Columns: "names", AtLeast: 3},
		{Rows: answers.ByKind, Columns: answers.ByKind, AtLeast: 3},
	} {
		if _, err := answers.Count(nil, q); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, ok := errors.AsType[*fault.Error](answers.Question{}.Check()); !ok {
		t.Error("no field is named")
	}
}

// Whatever the facts: a number below the least never stands in the table, and
// for each cell that is not said, every number it may have is consistent with
// all that is.
func TestNothingUndoesASmallNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) answers.Fact {
			return answers.Fact{
				PersonID: rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e"}).Draw(t, "person"),
				Year:     rapid.IntRange(0, 2).Draw(t, "year"),
				Kind:     rapid.SampledFrom(record.OrgKinds[:3]).Draw(t, "kind"),
				Side:     rapid.SampledFrom([]string{"", "Kasmere", "Norlund"}).Draw(t, "side"),
			}
		}), 0, 40).Draw(t, "facts")
		q := answers.Question{
			Rows:    rapid.SampledFrom(answers.Dimensions).Draw(t, "rows"),
			Columns: rapid.SampledFrom(append([]answers.Dimension{""}, answers.Dimensions...)).Draw(t, "columns"),
			AtLeast: rapid.IntRange(answers.Smallest, 5).Draw(t, "least"),
		}
		if q.Rows == q.Columns {
			q.Columns = ""
		}
		table, err := answers.Count(facts, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Columns) {
				t.Fatalf("row %+v has not %d cells", row, len(table.Columns))
			}
			for c, cell := range row.Cells {
				if cell.N > 0 && cell.N < q.AtLeast {
					t.Fatalf("a cell says %d", cell.N)
				}
				// A cell that is not said stands in no sum that is: any number
				// may stand for it.
				if cell.Few && (cell.N != 0 || row.Total != nil || table.ColumnTotals[c] != nil) {
					t.Fatalf("a total undoes a cell: %+v", table)
				}
			}
		}
	})
}
