package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"track15/models/intake"
	"track15/models/recordstore"
	"track15/models/sheet"
	views "track15/views/desk"
)

// groupsAtOnce is how many names a page asks about.
const groupsAtOnce = 50

// wrongAtOnce is how many rows that need a person are named above all others.
const wrongAtOnce = 10

// sureAtOnce is how many of the names that are sure a page shows.
const sureAtOnce = 200

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
	head.Read = readAs(len(reading.Rows), w.Encoding)
	p := views.ImportRowsPage{Head: head, Again: "/import?" + url.Values{"kind": {t.Kind}, "series": {t.SeriesID}}.Encode(), Show: c.QueryParam("show"), AllSure: w.Decisions.AllSure, Counts: map[string]int{}}
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
		out := importedRow(row, columns, stateOf(row, known))
		if p.Rows = append(p.Rows, out); out.Needs && len(p.Wrong) < wrongAtOnce {
			p.Wrong = append(p.Wrong, wrongIn(row))
		}
	}
	p.Pager = d.pager(c, n, perPage, len(shown), total, "rows")
	askGroups(&p, reading, known)
	return d.show(c, http.StatusOK, views.ImportRows(d.frame(c, importFrame), p))
}

// wrongIn is a row with the first thing that is wrong with it.
func wrongIn(row intake.Row) views.Fact {
	out := views.Fact{Label: strconv.Itoa(row.Number)}
	for _, problem := range row.Problems {
		if !problem.Note {
			out.Value = problem.Text
			break
		}
	}
	return out
}

// knownRows are the digests of rows that went in before, with the ids of their
// entries.
func (d *Desk) knownRows(c echo.Context, t recordstore.Intake, reading intake.Reading) (map[string]string, error) {
	digests := make([]string, len(reading.Rows))
	for i, row := range reading.Rows {
		digests[i] = row.Digest
	}
	return d.Record.KnownRows(c.Request().Context(), d.actor(c), t.ID, digests)
}

// stateOf is what is to be done about a row, if it did not go in before.
func stateOf(row intake.Row, known map[string]string) intake.RowState {
	if known[row.Digest] != "" {
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
	out := views.ImportedRow{Number: row.Number, Needs: state == intake.Needs, Skip: state == intake.Skipped, Here: state == intake.Here}
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
				cell.Value = seen(cell.Value)
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

// seen is a cell as the field in which it is put right begins: without what
// cannot be seen and would turn round what can, and on one line.
func seen(cell string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, cell)
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
// those that are sure. Nobody is asked about rows that do not go in.
func askGroups(p *views.ImportRowsPage, reading intake.Reading, known map[string]string) {
	goes := map[int]bool{}
	for _, row := range reading.Rows {
		state := stateOf(row, known)
		goes[row.Number] = state == intake.Good || state == intake.Needs
	}
	for _, g := range reading.Groups {
		if len(g.Candidates) == 0 || !slices.ContainsFunc(g.Rows, func(n int) bool { return goes[n] }) {
			continue
		}
		if g.Sure {
			if p.Sure++; len(p.SureNames) < sureAtOnce {
				p.SureNames = append(p.SureNames, views.Fact{Label: strings.Join(g.Names, " · "), Value: sameAs(candidateOf(g))})
			}
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
		o := views.Option{Value: "id:" + cand.ID, Words: sameAs(cand)}
		if cand.ID == "" {
			o.Value = "group:" + cand.Group
		}
		out.Options = append(out.Options, o)
	}
	out.Options = append(out.Options, views.Option{Value: "new", Words: "New"}, views.Option{Value: "later", Words: "New, to be looked at later"})
	for i, o := range out.Options {
		if decision, ok := decisionOf(o.Value); ok && decision == g.Suggested {
			out.Options[i].Words += " (proposed)"
		}
	}
	return out
}

// candidateOf is the entry that is proposed for a name.
func candidateOf(g intake.Group) intake.Candidate {
	for _, cand := range g.Candidates {
		if cand.ID == g.Suggested.ID && cand.Group == g.Suggested.Group {
			return cand
		}
	}
	return intake.Candidate{}
}

func sameAs(cand intake.Candidate) string {
	if cand.ID == "" {
		return "The same as " + cand.Name + " in this table"
	}
	return "The same as " + cand.Name + " in the directory"
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
