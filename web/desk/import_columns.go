package desk

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/intake"
	"track15/models/names"
	"track15/models/recordstore"
	"track15/models/sheet"
	views "track15/views/desk"
)

func (d *Desk) importSheets(c echo.Context, t recordstore.Intake) error {
	whole, err := d.Record.IntakeSource(c.Request().Context(), d.actor(c), t.ID)
	if err != nil {
		return err
	}
	read, err := sheet.Read(whole.Title, whole.Source, sheet.Options{})
	if err != nil {
		return err
	}
	p := views.ImportSheetsPage{}
	for _, s := range read.Sheets {
		o := views.Option{Value: s.Name, Words: s.Name, Says: counted(len(s.Rows), "row", "rows")}
		switch {
		case s.Hidden:
			o.Says = "hidden in the file, not read"
		case p.First == "":
			p.First = s.Name
		}
		p.Sheets = append(p.Sheets, o)
	}
	if p.Head, err = d.importHead(c, t); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.ImportSheets(d.frame(c, importFrame), p))
}

// chooseSheet: POST /import/:id/sheet reads the file again: another sheet of it,
// with what is hidden there, or in another encoding. What was said of the rows
// before is forgotten.
func (d *Desk) chooseSheet(c echo.Context) error {
	return d.changeImport(c, func(f views.Form, t *recordstore.Intake, _ *work) error {
		whole, err := d.Record.IntakeSource(c.Request().Context(), d.actor(c), t.ID)
		if err != nil {
			return err
		}
		read, err := sheet.Read(whole.Title, whole.Source, sheet.Options{
			Sheet: f.Values.Get("sheet"), Hidden: f.Values.Get("hidden") != "", Encoding: f.Values.Get("encoding"),
		})
		if err != nil {
			return err
		}
		for _, s := range read.Sheets {
			if s.Name == f.Values.Get("sheet") && s.Rows != nil {
				return putSheet(t, read, s)
			}
		}
		return fault.Errorf(fault.Invalid, "The sheet is empty. Choose another one.")
	}, "")
}

func (d *Desk) importColumns(c echo.Context, t recordstore.Intake, w work) error {
	var s sheet.Sheet
	if err := json.Unmarshal(t.Rows, &s); err != nil {
		return err
	}
	head, err := d.importHead(c, t)
	if err != nil {
		return err
	}
	head.Read = readAs(len(s.Rows), w.Encoding)
	p := views.ImportColumnsPage{
		Head: head, Sheet: s.Name, Encoding: w.Encoding, Again: w.Encoding != "" || s.Name != "", Notes: sheetNotes(s), Hidden: hiddenIn(s),
		Heading: w.Mapping.Heading, Fields: after("Leave it out", optionsOf(intake.Fields(intake.Kind(t.Kind)), capital)),
	}
	if w.Encoding != "" {
		p.Encodings = optionsOf(sheet.Encodings, func(name string) string { return name })
	}
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

// readAs says what a table is: "5,000 rows, read as UTF-8."
func readAs(rows int, encoding string) string {
	words := counted(rows, "row", "rows")
	if encoding != "" {
		words += ", read as " + encoding
	}
	return words + "."
}

// hiddenIn says what a sheet hides and was left out, "" if that is nothing.
func hiddenIn(s sheet.Sheet) string {
	at := func(row, column int) bool {
		return row <= len(s.Rows) && column <= len(s.Rows[row-1]) && s.Rows[row-1][column-1] != ""
	}
	for row := range s.Rows {
		for _, column := range s.HiddenColumns {
			if at(row+1, column) {
				return ""
			}
		}
	}
	for _, row := range s.HiddenRows {
		if row <= len(s.Rows) && len(s.Rows[row-1]) > 0 {
			return ""
		}
	}
	var what []string
	if n := len(s.HiddenRows); n > 0 {
		what = append(what, counted(n, "row", "rows"))
	}
	for _, column := range s.HiddenColumns {
		what = append(what, "column "+sheet.ColumnName(column))
	}
	if len(what) == 0 {
		return ""
	}
	return "Hidden in the sheet and not read: " + strings.Join(what, ", ") + "."
}

// sheetNotes count the cells of which their values do not tell all.
func sheetNotes(s sheet.Sheet) (out []string) {
	counts := map[sheet.NoteKind]int{}
	for _, n := range s.Notes {
		counts[n.Kind]++
	}
	for _, kind := range []struct {
		kind sheet.NoteKind
		says string
	}{
		{sheet.Formula, "made by a formula: taken as it was saved."},
		{sheet.Merged, "merged with others: only the first row or column has the value."},
		{sheet.Faulty, "with an error of a formula: read as empty."},
	} {
		if n := counts[kind.kind]; n > 0 {
			out = append(out, counted(n, "cell", "cells")+" "+kind.says)
		}
	}
	return out
}
