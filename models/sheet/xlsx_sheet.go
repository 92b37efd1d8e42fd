package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxNotes is how many cells of a sheet are noted.
const maxNotes = 100_000

// sheet reads one worksheet.
func (w *workbook) sheet(part string, s *Sheet) error {
	at := place{columns: map[int]bool{}}
	err := w.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "col":
			return at.hide(s, e)
		case "row":
			return at.beginRow(s, e)
		case "c":
			return w.cell(d, e, &at, s)
		case "mergeCell":
			first, rest, several := strings.Cut(attr(e, "ref"), ":")
			if row, column, ok := coordinates(first); ok && several && rest != first && len(s.Notes) < maxNotes {
				s.Notes = append(s.Notes, Note{row, column, Merged})
			}
		}
		return nil
	})
	s.Rows = trimmed(s.Rows)
	s.Notes = slices.DeleteFunc(s.Notes, func(n Note) bool { return n.Row > len(s.Rows) })
	return err
}

// A place is where in a sheet the reader stands.
type place struct {
	row, column int // counted from 1
	hiddenRow   bool
	columns     map[int]bool // the hidden ones
}

func (at *place) hide(s *Sheet, e xml.StartElement) error {
	if !isTrue(attr(e, "hidden")) && !isZero(attr(e, "width")) {
		return nil
	}
	first, err := strconv.Atoi(attr(e, "min"))
	last, err2 := strconv.Atoi(attr(e, "max"))
	if err != nil || err2 != nil {
		return errWorkbook
	}
	// A sheet's unused columns are often hidden up to the last there can be.
	for c := max(first, 1); c <= min(last, MaxColumns); c++ {
		at.columns[c] = true
	}
	return nil
}

func (at *place) beginRow(s *Sheet, e xml.StartElement) error {
	at.row++
	at.column = 0
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < 1 {
			return errWorkbook
		}
		at.row = n
	}
	at.hiddenRow = isTrue(attr(e, "hidden")) || isZero(attr(e, "ht"))
	return nil
}

// cell reads one cell with its value.
func (w *workbook) cell(d *xml.Decoder, e xml.StartElement, at *place, s *Sheet) error {
	at.column++
	if r := attr(e, "r"); r != "" {
		row, column, ok := coordinates(r)
		if !ok || row != at.row {
			return errWorkbook
		}
		at.column = column
	}
	row, column := at.row, at.column
	value, formula, faulty, err := w.value(d, e)
	if err != nil {
		return err
	}
	if value == "" && !formula && !faulty {
		return w.left.take("")
	}
	hiddenColumn := at.columns[column]
	switch {
	case at.hiddenRow && (len(s.HiddenRows) == 0 || s.HiddenRows[len(s.HiddenRows)-1] != row):
		s.HiddenRows = append(s.HiddenRows, row)
	case hiddenColumn:
		if i, there := slices.BinarySearch(s.HiddenColumns, column); !there {
			s.HiddenColumns = slices.Insert(s.HiddenColumns, i, column)
		}
	}
	if (at.hiddenRow || hiddenColumn) && !w.options.Hidden {
		return w.left.take("")
	}
	if err := w.left.take(value); err != nil {
		return err
	}
	if len(s.Notes) < maxNotes {
		if formula {
			s.Notes = append(s.Notes, Note{row, column, Formula})
		}
		if faulty {
			s.Notes = append(s.Notes, Note{row, column, Faulty})
		}
	}
	return s.put(row, column, value)
}

// put sets a cell, and makes the rows and cells before it.
func (s *Sheet) put(row, column int, value string) error {
	if value == "" {
		return nil
	}
	if row > MaxRows {
		return errRows
	}
	if column > MaxColumns {
		return errColumns
	}
	for len(s.Rows) < row {
		s.Rows = append(s.Rows, nil)
	}
	cells := s.Rows[row-1]
	for len(cells) < column {
		cells = append(cells, "")
	}
	cells[column-1] = value
	s.Rows[row-1] = cells
	return nil
}

// value reads what is in a cell: its value as text, whether a formula made it,
// whether it is an error.
func (w *workbook) value(d *xml.Decoder, e xml.StartElement) (value string, formula, faulty bool, err error) {
	kind, style := attr(e, "t"), attr(e, "s")
	var raw string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) || err != nil {
			return "", false, false, errWorkbook
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				raw, err = plainText(d, "v")
			case "is":
				raw, err = richText(d, "is")
				kind = "inlineStr"
			case "f":
				formula = true
				_, err = plainText(d, "f")
			}
			if err != nil {
				return "", false, false, err
			}
		case xml.EndElement:
			if t.Name.Local != "c" {
				continue
			}
			switch kind {
			case "s":
				i, err := strconv.Atoi(strings.TrimSpace(raw))
				if raw == "" {
					return "", formula, false, nil
				}
				if err != nil || i < 0 || i >= len(w.strings) {
					return "", false, false, errWorkbook
				}
				return w.strings[i], formula, false, nil
			case "inlineStr":
				return raw, formula, false, nil
			case "str":
				return unescape(raw), formula, false, nil
			case "b":
				return map[string]string{"1": "yes", "0": "no"}[raw], formula, false, nil
			case "e":
				return "", formula, true, nil
			case "d":
				return strings.TrimSuffix(strings.Replace(raw, "T", " ", 1), " 00:00:00"), formula, false, nil
			}
			return w.number(raw, style), formula, false, nil
		}
	}
}

// number writes a number as its format means it: a date as ISO, cut to what the
// format shows of it, everything else as a plain number.
func (w *workbook) number(raw, style string) string {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return raw
	}
	f := number
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.formats) {
		f = w.formats[i]
	}
	if f != number {
		if date, ok := serial(n, f, w.early); ok {
			return date
		}
	}
	// Fifteen digits are what a spreadsheet keeps: 0.1+0.2 is 0.3.
	n, err = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return raw
	}
	if math.Abs(n) >= 1e21 {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// coordinates reads a cell's name, "B7".
func coordinates(name string) (row, column int, ok bool) {
	i := 0
	for ; i < len(name) && name[i]|0x20 >= 'a' && name[i]|0x20 <= 'z'; i++ {
		if column = column*26 + int(name[i]|0x20-'a'+1); column > 1<<20 {
			return 0, 0, false
		}
	}
	row, err := strconv.Atoi(name[i:])
	return row, column, err == nil && i > 0 && row > 0
}

func isZero(s string) bool {
	n, err := strconv.ParseFloat(s, 64)
	return err == nil && n == 0
}
