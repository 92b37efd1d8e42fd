package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// A Table is what is written: a heading and rows of as many cells; a shorter row
// ends in empty cells. Read gives the same table back from each of the three
// forms, as long as it is within the limits.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Table returns the sheet as a table whose heading is the first row.
func (s Sheet) Table() Table {
	if len(s.Rows) == 0 {
		return Table{}
	}
	t := Table{Columns: s.Rows[0]}
	for _, row := range s.Rows[1:] {
		full := make([]string, max(len(row), len(t.Columns)))
		copy(full, row)
		t.Rows = append(t.Rows, full)
	}
	return t
}

// lines are the heading and the rows, each as long as the heading.
func (t Table) lines(yield func([]string) bool) {
	full := make([]string, len(t.Columns))
	for i := -1; i < len(t.Rows); i++ {
		row := t.Columns
		if i >= 0 {
			row = t.Rows[i]
		}
		clear(full)
		copy(full, row)
		for j, cell := range full {
			full[j] = strings.ToValidUTF8(cell, "\ufffd")
		}
		if !yield(full) {
			return
		}
	}
}

// WriteCSV writes the table as CSV in UTF-8, with a byte order mark, without
// which spreadsheet programs take it for something else.
//
// A cell that a program would take for a formula gets an apostrophe in front,
// and so does one that begins with an apostrophe, so that Read can take it away
// again. As some programs divide lines at semicolons or tabs whatever the quotes
// say, the same is done after each of these and after each line end.
func WriteCSV(w io.Writer, t Table) error {
	b := bufio.NewWriter(w)
	b.WriteString("\ufeff")
	for row := range t.lines {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			cell = safe(cell)
			// A lone empty cell is quoted, as an empty line is no row.
			if cell == "" && len(row) == 1 || strings.ContainsAny(cell, "\",;\t\r\n|") || strings.TrimSpace(cell) != cell {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString("\r\n")
	}
	return b.Flush()
}

// WriteJSON writes the table as a list of objects, one a row, each a member a
// column, in order. A table without rows loses its heading.
func WriteJSON(w io.Writer, t Table) error {
	b := bufio.NewWriter(w)
	var columns []string
	before := "[\n{"
	for row := range t.lines {
		if columns == nil {
			columns = append([]string{}, row...)
			continue
		}
		b.WriteString(before)
		before = ",\n{"
		for i, cell := range row {
			if i > 0 {
				b.WriteString(",")
			}
			b.Write(quoted(columns[i]))
			b.WriteString(":")
			b.Write(quoted(cell))
		}
		b.WriteString("}")
	}
	if len(t.Rows) == 0 {
		b.WriteString("[")
	}
	b.WriteString("\n]\n")
	return b.Flush()
}

func quoted(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return []byte(`""`)
	}
	return bytes.TrimSpace(b.Bytes())
}

// triggers are the characters that make a program compute a cell that begins
// with one, also in their wide forms; the apostrophe is what stands before them.
const triggers = "=+-@\t\r\n＝＋－＠'"

// dividers are the characters after which a program may begin another cell.
const dividers = ";\t\r\n"

// safe puts an apostrophe before whatever a program might compute.
func safe(s string) string {
	if !strings.ContainsAny(s, triggers) {
		return s
	}
	var b strings.Builder
	begins := true
	for _, r := range s {
		if begins && strings.ContainsRune(triggers, r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		begins = strings.ContainsRune(dividers, r)
	}
	return b.String()
}

// plain undoes safe.
func plain(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	var b strings.Builder
	begins := true
	for i, r := range s {
		if begins && r == '\'' {
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if i+1 < len(s) && strings.ContainsRune(triggers, next) {
				// What follows is no beginning: "''=" is an apostrophe and a sign.
				begins = false
				continue
			}
		}
		b.WriteRune(r)
		begins = strings.ContainsRune(dividers, r)
	}
	return b.String()
}
