package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"track15/models/sheet"
)

var forms = []struct {
	name  string
	write func(io.Writer, sheet.Table) error
}{{"x.csv", sheet.WriteCSV}, {"x.xlsx", sheet.WriteXLSX}, {"x.json", sheet.WriteJSON}}

// Whatever a table holds, the three forms give it back.
func TestRoundTrip(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "Lin Ruochuan", "林若川", "=1+1", "'", "''", "=", "+", "-", "@", "＝", "\t", "\r", "\n", "\r\n", ";", ",", "\"", " ", "_x000D_", "_x005F_", "_xZ", "\x01", "\u202e", "|", "<&>", "2018-06-14", "007", "ü", "🙂", "[{",
		}), 0, 6).Draw(t, "parts")
		return strings.Join(parts, "")
	})
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		table := sheet.Table{}
		for i := range columns {
			table.Columns = append(table.Columns, fmt.Sprint("c", i, cell.Draw(t, "column")))
		}
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := []string{fmt.Sprint(i, cell.Draw(t, "cell"))}
			for range columns - 1 {
				row = append(row, cell.Draw(t, "cell"))
			}
			table.Rows = append(table.Rows, row)
		}
		for _, form := range forms {
			var b bytes.Buffer
			if err := form.write(&b, table); err != nil {
				t.Fatal(err)
			}
			f, err := sheet.Read(form.name, b.Bytes(), sheet.Options{})
			if err != nil {
				t.Fatalf("%s: %v", form.name, err)
			}
			if d := cmp.Diff(table, f.Sheets[0].Table()); d != "" {
				t.Fatalf("%s: %s", form.name, d)
			}
		}
	})
}

// No cell of a CSV file begins with what a program computes, in whatever way the
// program divides the lines.
func TestNoFormulaLeavesTheHouse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"=", "+", "-", "@", "＝", "'", ";", "\t", "\n", "\"", ",", "cmd|' /C calc'!A0", "a"}), 0, 8).Draw(t, "cell"), "")
		var b bytes.Buffer
		if err := sheet.WriteCSV(&b, sheet.Table{Columns: []string{"a", "b"}, Rows: [][]string{{"x", cell}}}); err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(b.String(), "\ufeff")
		r := csv.NewReader(strings.NewReader(text))
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range rows[1] {
			dangerous(t, c)
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\t' || r == '\n' || r == '\r' }) {
			dangerous(t, part)
		}
	})
}

func dangerous(t *rapid.T, cell string) {
	if cell != "" && strings.ContainsRune("=+-@＝＋－＠\t\r", []rune(cell)[0]) {
		t.Fatalf("%q is computed", cell)
	}
}

// A spreadsheet program reads every cell as text, and the file says nothing
// about who wrote it, with what or when.
func TestWorkbookHoldsOnlyItsText(t *testing.T) {
	table := sheet.Table{Columns: []string{"Name", "Note"}, Rows: [][]string{{"=1+1", "-5"}, {"007", "a\nb"}}}
	var b, again bytes.Buffer
	for _, w := range []io.Writer{&b, &again} {
		if err := sheet.WriteXLSX(w, table); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("equal tables are different bytes")
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A1": "Name", "A2": "=1+1", "B2": "-5", "A3": "007", "B3": "a\nb"} {
		got, err := f.GetCellValue("Table", cell)
		formula, err2 := f.GetCellFormula("Table", cell)
		kind, err3 := f.GetCellType("Table", cell)
		if got != want || formula != "" || kind != excelize.CellTypeInlineString || err != nil || err2 != nil || err3 != nil {
			t.Errorf("%s: %q %q %v %v %v %v", cell, got, formula, kind, err, err2, err3)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "docProps") || !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("%s %v", f.Name, f.Modified)
		}
	}
}
