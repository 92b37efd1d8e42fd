package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"track15/models/sheet"
)

// workbook is a file as a spreadsheet program writes it, with all that hides.
func workbook(t testing.TB) []byte {
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	style := func(code string) int {
		n, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		must(err)
		return n
	}
	builtIn := func(id int) int {
		n, err := f.NewStyle(&excelize.Style{NumFmt: id})
		must(err)
		return n
	}
	must(f.SetSheetName("Sheet1", "People"))
	must(f.SetSheetRow("People", "A1", &[]any{"Name", "From", "Count", "Secret", "Sum"}))
	must(f.SetSheetRow("People", "A3", &[]any{"Lin Ruochuan", 43265, 0.1 + 0.2, "column-canary", true}))
	must(f.SetSheetRow("People", "A4", &[]any{"row-canary", 43265}))
	must(f.SetSheetRow("People", "A5", &[]any{"Ann", 43265, 12, "column-canary"}))
	must(f.SetCellFormula("People", "E5", "=1+1"))
	must(f.SetSheetRow("People", "A6", &[]any{"Bob", 43265.5}))
	must(f.SetCellStyle("People", "B3", "B3", builtIn(14)))
	must(f.SetCellStyle("People", "B5", "B5", style("mmmm yyyy")))
	must(f.SetCellStyle("People", "B6", "B6", builtIn(22)))
	must(f.SetRowVisible("People", 4, false))
	must(f.SetColVisible("People", "D", false))
	must(f.MergeCell("People", "A8", "B9"))
	must(f.SetCellStr("People", "A8", "two rows"))
	must(f.SetCellRichText("People", "A7", []excelize.RichTextRun{{Text: "rich "}, {Text: "text", Font: &excelize.Font{Bold: true}}}))
	for _, name := range []string{"Hidden", "Deep"} {
		_, err := f.NewSheet(name)
		must(err)
		must(f.SetCellStr(name, "A1", "sheet-canary"))
		must(f.SetSheetVisible(name, false, name == "Deep"))
	}
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

func TestReadWorkbook(t *testing.T) {
	b := workbook(t)
	f, err := sheet.Read("x.xlsx", b, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []sheet.Sheet{
		{
			Name: "People",
			Rows: [][]string{
				{"Name", "From", "Count", "", "Sum"},
				nil,
				{"Lin Ruochuan", "2018-06-14", "0.3", "", "yes"},
				nil,
				{"Ann", "2018-06", "12"},
				{"Bob", "2018-06-14 12:00"},
				{"rich text"},
				{"two rows"},
			},
			HiddenRows: []int{4}, HiddenColumns: []int{4},
			Notes: []sheet.Note{{5, 5, sheet.Formula}, {8, 1, sheet.Merged}},
		},
		{Name: "Hidden", Hidden: true},
		{Name: "Deep", Hidden: true},
	}
	empty := cmp.Transformer("row", func(r []string) string { return fmt.Sprintf("%q", r) })
	if d := cmp.Diff(want, f.Sheets, empty); d != "" {
		t.Error(d)
	}
	if strings.Contains(fmt.Sprint(f), "canary") {
		t.Error("what is hidden was read")
	}
	if c := f.Sheets[0].Notes[0].Cell(); c != "E5" {
		t.Error(c)
	}

	f, err = sheet.Read("x.xlsx", b, sheet.Options{Sheet: "Deep"})
	if err != nil || len(f.Sheets) != 3 || f.Sheets[0].Rows != nil || f.Sheets[2].Rows[0][0] != "sheet-canary" {
		t.Errorf("%v %v", f, err)
	}
	f, err = sheet.Read("x.xlsx", b, sheet.Options{Hidden: true})
	if err != nil || f.Sheets[0].Rows[3][0] != "row-canary" || f.Sheets[0].Rows[4][3] != "column-canary" || f.Sheets[1].Rows != nil {
		t.Errorf("%v %v", f, err)
	}
	_, err = sheet.Read("x.xlsx", b, sheet.Options{Sheet: "Nobody"})
	refused(t, err, "sheet")
}

func TestFormulaIsNeverComputed(t *testing.T) {
	b := changed(t, workbook(t), "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, "<f>=1+1</f>", "<f>WEBSERVICE(\"http://example.org\")</f><v>7</v>", 1)
	})
	f, err := sheet.Read("x.xlsx", b, sheet.Options{})
	if err != nil || f.Sheets[0].Rows[4][4] != "7" || !slices.Contains(f.Sheets[0].Notes, sheet.Note{Row: 5, Column: 5, Kind: sheet.Formula}) {
		t.Errorf("%v %v", f, err)
	}
}

func TestNumbersAsTheirFormatMeansThem(t *testing.T) {
	f := excelize.NewFile()
	cases := []struct {
		code  string
		value float64
		want  string
	}{
		{"General", 2017, "2017"},
		{"0.00", 2017, "2017"},
		{"yyyy", 43101, "2018"},
		{"mmm-yy", 43101, "2018-01"},
		{"[$-409]mmmm\\ yyyy;@", 43101, "2018-01"},
		{"dd.mm.yyyy", 43265, "2018-06-14"},
		{"yyyy\"年\"m\"月\"d\"日\"", 43265, "2018-06-14"},
		{"yyyy\"年\"m\"月\"", 43265, "2018-06"},
		{"hh:mm", 0.25, "06:00"},
		{"[h]:mm:ss", 0.25, "06:00"},
		{"dd/mm/yyyy hh:mm", 43265.75, "2018-06-14 18:00"},
		{"0 \"days\"", 43265, "43265"},
		{"[Red]0", 3, "3"},
		{"m/d/yy", 59, "1900-02-28"},
		{"m/d/yy", 60, "60"},
		{"m/d/yy", 61, "1900-03-01"},
		{"m/d/yy", -1, "-1"},
		{"m/d/yy", 3e6, "3000000"},
		{"General", 1e15, "1000000000000000"},
		{"d. mmm", 43265, "2018-06-14"},
	}
	for i, c := range cases {
		cell := fmt.Sprintf("A%d", i+1)
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.code})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFloat("Sheet1", cell, c.value, -1, 64); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	file, err := sheet.Read("x.xlsx", b.Bytes(), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if got := file.Sheets[0].Rows[i][0]; got != c.want {
			t.Errorf("%v as %s: %s, not %s", c.value, c.code, got, c.want)
		}
	}
	early := changed(t, b.Bytes(), "xl/workbook.xml", func(s string) string {
		return strings.Replace(s, "<workbookPr", `<workbookPr date1904="1"`, 1)
	})
	file, err = sheet.Read("x.xlsx", early, sheet.Options{})
	if err != nil || file.Sheets[0].Rows[5][0] != "2022-06-15" {
		t.Errorf("%v %v", file.Sheets, err)
	}
}

// changed writes a part of a workbook anew.
func changed(t testing.TB, b []byte, part string, with func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			body = []byte(with(string(body)))
		}
		p, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBombsAreRefused(t *testing.T) {
	const sheet1 = "xl/worksheets/sheet1.xml"
	data := func(rows string) func(string) string {
		return func(string) string {
			return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
		}
	}
	for name, tt := range map[string]struct {
		part string
		with func(string) string
		word string
	}{
		"empty cells":      {sheet1, data("<row>" + strings.Repeat("<c/>", sheet.MaxCells+1) + "</row>"), "cells"},
		"a far row":        {sheet1, data(`<row r="1048576"><c t="str"><v>x</v></c></row>`), "rows"},
		"a far column":     {sheet1, data(`<row r="1"><c r="XFD1" t="str"><v>x</v></c></row>`), "columns"},
		"a wrong cell":     {sheet1, data(`<row r="1"><c r="A9" t="str"><v>x</v></c></row>`), "workbook"},
		"one long text":    {"xl/sharedStrings.xml", func(string) string { return "<sst><si><t>" + strings.Repeat("x", sheet.MaxText+1) + "</t></si></sst>" }, "text"},
		"a missing string": {sheet1, data(`<row r="1"><c r="A1" t="s"><v>999999</v></c></row>`), "workbook"},
		"an entity":        {sheet1, data(`<row r="1"><c r="A1" t="str"><v>&lol;</v></c></row>`), "workbook"},
		"cut":              {sheet1, func(s string) string { return s[:len(s)/2] }, "workbook"},
		"no sheets":        {"xl/workbook.xml", func(string) string { return "<workbook/>" }, "workbook"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sheet.Read("x.xlsx", changed(t, workbook(t), tt.part, tt.with), sheet.Options{})
			refused(t, err, "file", tt.word)
		})
	}
	t.Run("packed zeros", func(t *testing.T) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		// The archive says how much a part unpacks to, which its reader holds it to.
		for i := range 4 {
			if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Deflate, UncompressedSize64: sheet.MaxUnpack / 3}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := sheet.Read("x.xlsx", b.Bytes(), sheet.Options{})
		refused(t, err, "file", "unpacks")
	})
	t.Run("many parts", func(t *testing.T) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := range 6000 {
			if _, err := w.Create(fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := sheet.Read("x.xlsx", b.Bytes(), sheet.Options{})
		refused(t, err, "file", "workbook")
	})
}

// Large files are read and written without a file beside them.
func TestNothingIsWrittenAside(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var table sheet.Table
	table.Columns = []string{"Name", "Body", "From", "Post", "City"}
	for i := range 100_000 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("Person %d", i), "Harbour Institute", "2018-06-14", "Head of unit", "Oslo"})
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, table); err != nil {
		t.Fatal(err)
	}
	f, err := sheet.Read("x.xlsx", b.Bytes(), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(table, f.Sheets[0].Table()); d != "" {
		t.Error("not the same")
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

func BenchmarkReadWorkbook(b *testing.B) {
	var table sheet.Table
	table.Columns = make([]string, 10)
	for i := range table.Columns {
		table.Columns[i] = fmt.Sprint("Column ", i)
	}
	for i := range 20_000 {
		row := make([]string, 10)
		for j := range row {
			row[j] = fmt.Sprint("cell ", i, " ", j, time.Duration(i))
		}
		table.Rows = append(table.Rows, row)
	}
	var file bytes.Buffer
	if err := sheet.WriteXLSX(&file, table); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := sheet.Read("x.xlsx", file.Bytes(), sheet.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
