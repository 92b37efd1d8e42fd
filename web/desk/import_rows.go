package desk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/intake"
	"track15/models/names"
	"track15/models/recordstore"
	"track15/models/sheet"
	views "track15/views/desk"
)

// groupsAtOnce is how many names a page asks about.
const groupsAtOnce = 50

func (d *Desk) importColumns(c echo.Context, t recordstore.Intake, w work) error {
	var s sheet.Sheet
	if err := json.Unmarshal(t.Rows, &s); err != nil {
		return err
	}
	head, err := d.importHead(c, t)
	if err != nil {
		return err
	}
	p := views.ImportColumnsPage{Head: head, Heading: w.Mapping.Heading, Fields: after("Leave it out", optionsOf(intake.Fields(intake.Kind(t.Kind)), capital))}
	for i, column := range w.Mapping.Columns {
		out := views.ImportColumn{Number: i, Heading: column.Heading, Field: string(column.Field), Dates: string(column.Dates), Names: string(column.Names)}
		if out.Heading == "" {
			out.Heading = "Column " + sheet.ColumnName(i+1)
		}
		switch column.Ask {
		case intake.AskDates:
			out.Asks = "Is 4/5 in April or in May?"
		case intake.AskField:
			out.Asks = "What does this column hold?"
		}
		for _, row := range s.Rows[min(w.Mapping.Heading, len(s.Rows)):] {
			if i < len(row) && row[i] != "" && len(out.Samples) < 3 && !slices.Contains(out.Samples, views.Shown(row[i])) {
				out.Samples = append(out.Samples, views.Shown(row[i]))
			}
		}
		p.Columns = append(p.Columns, out)
	}
	return d.show(c, http.StatusOK, views.ImportColumns(d.frame(c, importFrame), p))
}

// saveColumns: POST /import/:id/columns
func (d *Desk) saveColumns(c echo.Context) error {
	return d.changeImport(c, func(f views.Form, _ *recordstore.Intake, w *work) error {
		if n, err := strconv.Atoi(strings.TrimSpace(f.Values.Get("heading"))); err == nil && n >= 0 {
			w.Mapping.Heading = n
		}
		for i := range w.Mapping.Columns {
			n, column := "."+strconv.Itoa(i), &w.Mapping.Columns[i]
			column.Field, column.Ask = intake.Field(f.Values.Get("field"+n)), ""
			column.Dates, column.Names = intake.DateOrder(f.Values.Get("dates"+n)), names.Order(f.Values.Get("names"+n))
		}
		w.Mapped = true
		return nil
	}, "rows")
}

// importRows: GET /import/:id/rows
func (d *Desk) importRows(c echo.Context) error {
	t, w, err := d.openImport(c)
	if err != nil {
		return err
	}
	if t.State != recordstore.IntakeOpen || len(t.Rows) == 0 {
		return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, ""))
	}
	n, err := page(c)
	if err != nil {
		return err
	}
	reading, _, err := d.reading(c, t, w)
	if err != nil {
		return err
	}
	head, err := d.importHead(c, t)
	if err != nil {
		return err
	}
	p := views.ImportRowsPage{Head: head, Show: c.QueryParam("show"), AllSure: w.Decisions.AllSure, Counts: map[string]int{}}
	known, err := d.knownRows(c, t, reading)
	if err != nil {
		return err
	}
	for _, row := range reading.Rows {
		p.Counts[string(stateOf(row, known))]++
	}
	p.Counts["all"], p.Good = len(reading.Rows), p.Counts["good"]
	p.Aside = p.Counts["all"] - p.Good - p.Counts["here"]
	if p.Show == "" {
		if p.Show = "all"; p.Counts["needs"] > 0 {
			p.Show = "needs"
		}
	}
	shown := slices.DeleteFunc(slices.Clone(reading.Rows), func(row intake.Row) bool {
		return p.Show != "all" && string(stateOf(row, known)) != p.Show
	})
	total := len(shown)
	if n > pages(total, perPage) {
		return errNothing
	}
	shown = shown[min((n-1)*perPage, total):min(n*perPage, total)]
	columns := columnsShown(w.Mapping)
	for _, i := range columns {
		p.Columns = append(p.Columns, columnWords(w.Mapping.Columns[i], i))
	}
	for _, row := range shown {
		p.Rows = append(p.Rows, importedRow(row, columns, stateOf(row, known)))
	}
	p.Pager = d.pager(c, n, perPage, len(shown), total, "rows")
	askGroups(&p, reading)
	return d.show(c, http.StatusOK, views.ImportRows(d.frame(c, importFrame), p))
}

// knownRows are the digests of rows that went in before.
func (d *Desk) knownRows(c echo.Context, t recordstore.Intake, reading intake.Reading) (map[string]bool, error) {
	digests := make([]string, len(reading.Rows))
	for i, row := range reading.Rows {
		digests[i] = row.Digest
	}
	return d.Record.KnownRows(c.Request().Context(), d.actor(c), t.ID, digests)
}

// stateOf is what is to be done about a row, if it did not go in before.
func stateOf(row intake.Row, known map[string]bool) intake.RowState {
	if known[row.Digest] {
		return intake.Here
	}
	return row.State()
}

// columnsShown are the columns that hold something.
func columnsShown(m intake.Mapping) (out []int) {
	for i, column := range m.Columns {
		if column.Field != "" {
			out = append(out, i)
		}
	}
	return out
}

func columnWords(column intake.Column, i int) string {
	if column.Heading != "" {
		return column.Heading
	}
	return "Column " + sheet.ColumnName(i+1)
}

func importedRow(row intake.Row, columns []int, state intake.RowState) views.ImportedRow {
	out := views.ImportedRow{Number: row.Number, Needs: state == intake.Needs, Skip: state == intake.Skipped, Does: "Add"}
	if state == intake.Here {
		out.Does = "Already here"
	}
	for _, i := range columns {
		cell := views.ImportedCell{Column: i}
		if i < len(row.Cells) {
			cell.Value = views.Shown(row.Cells[i])
		}
		for _, problem := range row.Problems {
			switch {
			case problem.Column != i:
			case problem.Note:
				cell.Note = strings.TrimSpace(cell.Note + " " + problem.Text)
			case out.Needs:
				cell.Error = strings.TrimSpace(cell.Error + " " + problem.Text)
				cell.Choices = cellChoices(problem.Choices, cell.Value)
			}
		}
		out.Cells = append(out.Cells, cell)
	}
	for _, problem := range row.Problems {
		if !slices.Contains(columns, problem.Column) && !problem.Note {
			out.Whole = append(out.Whole, problem.Text)
		}
	}
	return out
}

func cellChoices(choices []string, value string) (out []views.Option) {
	if len(choices) == 0 {
		return nil
	}
	out = append(out, views.Option{Value: value, Words: "Choose"})
	for _, s := range choices {
		out = append(out, views.Option{Value: s, Words: s})
	}
	return out
}

// askGroups puts those names on the page about which nobody decided, and counts
// those that are sure.
func askGroups(p *views.ImportRowsPage, reading intake.Reading) {
	for _, g := range reading.Groups {
		if len(g.Candidates) == 0 {
			continue
		}
		if g.Sure {
			p.Sure++
		}
		if g.Decided.What != intake.Undecided {
			continue
		}
		p.Waits++
		if g.Sure {
			continue
		}
		if len(p.Groups) == groupsAtOnce {
			p.More++
			continue
		}
		p.Groups = append(p.Groups, importGroup(g))
	}
}

func importGroup(g intake.Group) views.ImportGroup {
	out := views.ImportGroup{ID: g.ID, What: string(g.Kind), Names: strings.Join(g.Names, " · "), Options: []views.Option{{Words: "Choose"}}}
	var rows []string
	for i, n := range g.Rows {
		if i == 3 {
			rows = append(rows, "and "+strconv.Itoa(len(g.Rows)-3)+" more")
			break
		}
		rows = append(rows, strconv.Itoa(n))
	}
	out.Rows = strings.Join(rows, ", ")
	for _, cand := range g.Candidates {
		o := views.Option{Value: "id:" + cand.ID, Words: "The same as " + cand.Name + " in the directory"}
		if cand.ID == "" {
			o = views.Option{Value: "group:" + cand.Group, Words: "The same as " + cand.Name + " in this table"}
		}
		out.Options = append(out.Options, o)
	}
	out.Options = append(out.Options, views.Option{Value: "new", Words: "New"}, views.Option{Value: "later", Words: "New, to be looked at later"})
	return out
}

// decisionOf reads what importGroup offers.
func decisionOf(value string) (intake.Decision, bool) {
	switch kind, id, _ := strings.Cut(value, ":"); kind {
	case "id":
		return intake.Decision{What: intake.SameAs, ID: id}, true
	case "group":
		return intake.Decision{What: intake.SameAs, Group: id}, true
	case "new":
		return intake.Decision{What: intake.AsNew}, true
	case "later":
		return intake.Decision{What: intake.Later}, true
	}
	return intake.Decision{}, false
}

// saveRows: POST /import/:id/rows
func (d *Desk) saveRows(c echo.Context) error {
	return d.changeImport(c, func(f views.Form, t *recordstore.Intake, w *work) error {
		reading, _, err := d.reading(c, *t, *w)
		if err != nil {
			return err
		}
		decide(f, reading, &w.Decisions)
		return nil
	}, "rows")
}

// decide takes over what a person said about rows and names.
func decide(f views.Form, reading intake.Reading, all *intake.Decisions) {
	if all.Groups == nil {
		all.Groups = map[string]intake.Decision{}
	}
	all.AllSure = f.Values.Get("all_sure") != ""
	for _, g := range reading.Groups {
		if decision, ok := decisionOf(f.Values.Get("group." + g.ID)); ok {
			all.Groups[g.ID] = decision
			continue
		}
		if g.Decided.What != intake.Undecided || g.Sure || len(g.Candidates) == 0 {
			continue
		}
		switch f.Values.Get("rest") {
		case "suggested":
			if all.Groups[g.ID] = g.Suggested; g.Suggested.What == intake.Undecided {
				all.Groups[g.ID] = intake.Decision{What: intake.Later}
			}
		case "new", "later":
			all.Groups[g.ID], _ = decisionOf(f.Values.Get("rest"))
		}
	}
	seen, skip := f.Values["seen"], f.Values["skip"]
	for _, row := range reading.Rows {
		n := strconv.Itoa(row.Number)
		if slices.Contains(seen, n) {
			all.Skip = slices.DeleteFunc(all.Skip, func(other int) bool { return other == row.Number })
		}
		if slices.Contains(skip, n) || f.Values.Get("rows_aside") != "" && row.State() == intake.Needs {
			all.Skip = append(all.Skip, row.Number)
		}
		for i, cell := range row.Cells {
			sent := f.Values["cell."+n+"."+strconv.Itoa(i)]
			if len(sent) == 1 && sent[0] != views.Shown(cell) {
				all.Cells = append(all.Cells, intake.Edit{Row: row.Number, Column: i, Value: sent[0]})
			}
		}
	}
	slices.Sort(all.Skip)
	all.Skip = slices.Compact(all.Skip)
}
