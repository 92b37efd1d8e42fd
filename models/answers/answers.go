// Package answers counts who took part, so that nobody can be recognised in
// the numbers.
//
// A cell that stands for one or two people says "fewer than 3". Totals stand
// only over cells that say their number: what is left out can be computed from
// nothing in the same table.
package answers

import (
	"cmp"
	"slices"
	"strconv"

	"track15/models/fault"
	"track15/models/record"
)

// A Fact is one participation, as it is counted. It holds what may be told to
// the recipient and nothing else: Body is the name as disclosed.
type Fact struct {
	PersonID string // "" for somebody who is not recorded, who counts as one person
	Year     int    // 0 where it is not known
	Kind     record.OrgKind
	Side     string // the side's name, "" where it is not stated
	Capacity record.Capacity
	Body     string // "" where no form is disclosed
}

// A Dimension is by what people are counted.
type Dimension string

const (
	ByKind     Dimension = "kind"
	ByYear     Dimension = "year"
	BySide     Dimension = "side"
	ByCapacity Dimension = "capacity"
	ByBody     Dimension = "body"
)

// Dimensions lists them in the order in which a form offers them.
var Dimensions = []Dimension{ByKind, ByYear, BySide, ByCapacity, ByBody}

// Smallest is the least number of people that a cell says; an answer may ask
// for a higher one.
const Smallest = 3

// A Question says by what to count. Columns may be "" for one column.
// AtLeast is the least number that a cell says, Smallest or more.
type Question struct {
	Rows    Dimension
	Columns Dimension
	AtLeast int
}

// Check returns what is wrong with the question.
func (q Question) Check() error {
	switch {
	case !slices.Contains(Dimensions, q.Rows):
		return fault.Field("rows", "Choose by what to count.")
	case q.Columns != "" && !slices.Contains(Dimensions, q.Columns):
		return fault.Field("columns", "Choose by what to count.")
	case q.Columns == q.Rows:
		return fault.Field("columns", "Choose something else than for the rows.")
	case q.AtLeast < Smallest:
		return fault.Field("at_least", "A number below %d could be recognised.", Smallest)
	}
	return nil
}

// A Cell is a number of people. Few stands for a number from 1 to less than
// the least that is said; N is then 0.
type Cell struct {
	N   int  `json:"n,omitempty"`
	Few bool `json:"few,omitempty"`
}

// A Row is one line of a table. Total is nil where it would undo a cell.
type Row struct {
	Name  string `json:"name"`
	Cells []Cell `json:"cells"`
	Total *int   `json:"total,omitempty"`
}

// A Table is the answer in numbers. Columns and Rows are in the order of the
// dimension; ColumnTotals has an entry a column, nil where it would undo a
// cell.
type Table struct {
	Columns      []string `json:"columns"`
	Rows         []Row    `json:"rows"`
	ColumnTotals []*int   `json:"column_totals"`
	AtLeast      int      `json:"at_least"`
}

// Count counts each person once a year in each cell. It fails with Invalid if
// the question is none.
//
// Time is linear in the facts, but for sorting the names.
func Count(facts []Fact, q Question) (Table, error) {
	if err := q.Check(); err != nil {
		return Table{}, err
	}
	type seen struct {
		row, column, person string
		year                int
	}
	counted := map[seen]bool{}
	rows, columns := axis{}, axis{}
	n := map[[2]string]int{}
	for i, f := range facts {
		row, column := rows.of(f, q.Rows), columns.of(f, q.Columns)
		person := f.PersonID
		if person == "" {
			person = "not recorded " + strconv.Itoa(i)
		}
		if one := (seen{row, column, person, f.Year}); !counted[one] {
			counted[one] = true
			n[[2]string{row, column}]++
		}
	}
	t := Table{Columns: columns.sorted(), AtLeast: q.AtLeast}
	t.ColumnTotals = make([]*int, len(t.Columns))
	few := make([]bool, len(t.Columns))
	sums := make([]int, len(t.Columns))
	for _, name := range rows.sorted() {
		row := Row{Name: name}
		sum, open := 0, true
		for c, column := range t.Columns {
			people := n[[2]string{name, column}]
			cell := Cell{N: people}
			if people > 0 && people < q.AtLeast {
				cell, open, few[c] = Cell{Few: true}, false, true
			}
			row.Cells = append(row.Cells, cell)
			sum, sums[c] = sum+people, sums[c]+people
		}
		if open {
			row.Total = &sum
		}
		t.Rows = append(t.Rows, row)
	}
	for c := range t.Columns {
		if !few[c] {
			t.ColumnTotals[c] = &sums[c]
		}
	}
	return t, nil
}

// An axis is the values of one dimension that were met, each with its place in
// the order of the dimension.
type axis map[string]int

func (a axis) of(f Fact, d Dimension) string {
	name, place := "", 0
	switch d {
	case ByKind:
		name, place = string(f.Kind), slices.Index(record.OrgKinds, f.Kind)
	case ByYear:
		name, place = strconv.Itoa(f.Year), f.Year
		if f.Year == 0 {
			name = ""
		}
	case BySide:
		name = f.Side
	case ByCapacity:
		name, place = string(f.Capacity), slices.Index(record.Capacities, f.Capacity)
	case ByBody:
		name = f.Body
	default:
		a["People"] = 0
		return "People"
	}
	if name == "" {
		name, place = NotStated, 1<<30
	}
	a[name] = place
	return name
}

// NotStated is the row or column of what nobody recorded or what is not
// disclosed.
const NotStated = "Not stated"

func (a axis) sorted() []string {
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(cmp.Compare(a[x], a[y]), cmp.Compare(x, y))
	})
	return names
}
