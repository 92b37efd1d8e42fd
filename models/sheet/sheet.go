// Package sheet reads tables as people have them, from a CSV or XLSX file or
// pasted from a mail, and writes tables that no spreadsheet program mistakes for
// commands. Everything happens in memory: confidential rows never touch a
// temporary file.
//
// What a spreadsheet hides is named and not read until somebody chooses it. A
// formula is never computed: the value that was stored with it is taken, and the
// cell is noted.
package sheet

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"track15/models/fault"
)

// Limits of what is read. What is larger is refused as Invalid.
const (
	MaxFile    = 32 << 20  // bytes of a file
	MaxUnpack  = 256 << 20 // bytes of all parts of a workbook, unpacked
	MaxRows    = 200_000   // rows of a sheet, the empty ones above the last included
	MaxColumns = 500       // columns of a sheet
	MaxCells   = 4_000_000 // cells of a file, the empty ones that it lists included
	MaxText    = 64 << 20  // bytes of all cells of a file
	MaxSheets  = 500
)

// A File is what was read.
type File struct {
	Sheets   []Sheet
	Encoding string // of a text file: one of Encodings; "" for a workbook
}

// A Sheet is one table as the spreadsheet shows it: Rows[0] is its row 1, and
// Rows[0][0] its cell A1. Rows have as many cells as they need; empty rows at
// the end are left out.
//
// Rows is nil for a sheet that is only named: a hidden one that nobody chose, or
// any other than the chosen one. Hidden rows and columns that nobody asked for
// stand as empty cells.
type Sheet struct {
	Name          string // "" for text and pasted tables
	Hidden        bool
	Rows          [][]string
	HiddenRows    []int // counted from 1, in order
	HiddenColumns []int // counted from 1, in order
	Notes         []Note
}

// A Note is something about a cell that its value does not tell.
type Note struct {
	Row, Column int // counted from 1
	Kind        NoteKind
}

// NoteKind says what is to be known about a cell.
type NoteKind string

const (
	Formula NoteKind = "formula" // the value was computed, by whoever saved the file
	Merged  NoteKind = "merged"  // the first of several cells that are one
	Faulty  NoteKind = "faulty"  // it held an error such as #REF!, and is read as empty
)

// Cell returns the cell's name, such as B7.
func (n Note) Cell() string { return ColumnName(n.Column) + strconv.Itoa(n.Row) }

// ColumnName returns the letters of a column that is counted from 1: A, Z, AA.
// It is "" for what is no column.
func ColumnName(n int) string {
	var letters []byte
	for ; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return string(letters)
}

// Options say what of a file is read. The zero value reads what is visible.
type Options struct {
	Sheet    string // read only the sheet of this name, even if it is hidden
	Hidden   bool   // read hidden rows and columns too
	Encoding string // of a text file: one of Encodings, "" to find out
}

// Read reads a CSV, TSV, JSON or XLSX file. What it is shows in its bytes; only
// JSON is told by the name's ending.
//
// It fails with Invalid, under the field "file", for what it cannot read or what
// is beyond the limits, and under "sheet" if no sheet has the chosen name.
func Read(name string, b []byte, o Options) (File, error) {
	if len(b) > MaxFile {
		return File{}, refuse("The file is larger than %d MiB. Divide it.", MaxFile>>20)
	}
	var f File
	var err error
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		f, err = readWorkbook(b, o)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		err = refuse("This is an old Excel file or one with a password. Save it as .xlsx without a password.")
	case bytes.HasPrefix(b, []byte("%PDF")):
		err = refuse("This is a PDF. Copy its table and paste it.")
	case strings.EqualFold(path.Ext(name), ".json"):
		f, err = readJSON(b)
	default:
		f, err = readText(b, o.Encoding)
	}
	if err != nil {
		return File{}, err
	}
	if o.Sheet != "" && !slices.ContainsFunc(f.Sheets, func(s Sheet) bool { return s.Name == o.Sheet }) {
		return File{}, fault.Field("sheet", "The file has no sheet of this name.")
	}
	return f, nil
}

// refuse is an Invalid error about the file.
func refuse(format string, args ...any) error { return fault.Field("file", format, args...) }

// A budget is what may still be read of a file.
type budget struct{ cells, text int }

func newBudget() *budget { return &budget{MaxCells, MaxText} }

// take counts one cell.
func (b *budget) take(value string) error {
	b.cells--
	b.text -= len(value)
	switch {
	case b.cells < 0:
		return refuse("The file has more than %d cells. Divide it.", MaxCells)
	case b.text < 0:
		return refuse("The file holds more than %d MiB of text. Divide it.", MaxText>>20)
	}
	return nil
}

var (
	errRows    = refuse("A sheet has more than %d rows. Divide it.", MaxRows)
	errColumns = refuse("A sheet has more than %d columns. Leave out those that are not needed.", MaxColumns)
)

// trimmed leaves out empty cells at the end of rows, and empty rows at the end.
func trimmed(rows [][]string) [][]string {
	for i, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		rows[i] = row
	}
	for len(rows) > 0 && len(rows[len(rows)-1]) == 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}
