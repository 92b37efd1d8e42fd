package sheet

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"track15/models/fault"
)

// Paste reads a table that was pasted from a mail, a document or a spreadsheet:
// the largest table of the page, or else the text, divided by tabs or other
// separators. Either may be "".
//
// It fails with Invalid, under the field "paste", if there is nothing in it.
func Paste(page, text string) (Sheet, error) {
	if len(page)+len(text) > MaxFile {
		return Sheet{}, fault.Field("paste", "This is larger than %d MiB. Divide it.", MaxFile>>20)
	}
	s, err := tableOf(page)
	if err != nil || len(s.Rows) > 0 {
		return s, err
	}
	text = strings.TrimLeft(text, "\r\n")
	rows, err := parse(text, separator(text), false)
	if err != nil {
		// A quote in running text opens no cell.
		rows = nil
		for line := range strings.Lines(text) {
			rows = append(rows, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
		}
	}
	s = Sheet{Rows: trimmed(rows)}
	switch {
	case len(s.Rows) == 0:
		return Sheet{}, fault.Field("paste", "Paste a table or lines of text.")
	case len(s.Rows) > MaxRows:
		return Sheet{}, errRows
	}
	return s, nil
}

// tableOf reads the table with the most cells of a page; none is no rows.
func tableOf(page string) (Sheet, error) {
	var best Sheet
	if !strings.Contains(strings.ToLower(page), "<table") && !strings.Contains(strings.ToLower(page), "<tr") {
		return best, nil
	}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return best, fault.Field("paste", "This table cannot be read. Paste it as text.")
	}
	most, left := 0, newBudget()
	for n := range root.Descendants() {
		if n.DataAtom != atom.Table {
			continue
		}
		s, cells, err := readTable(n, left)
		if err != nil {
			return Sheet{}, err
		}
		if cells > most {
			best, most = s, cells
		}
	}
	best.Rows = trimmed(best.Rows)
	return best, nil
}

// readTable reads the rows of a table, without those of tables within it. A cell
// over several columns or rows has its value in the first of them.
func readTable(table *html.Node, left *budget) (Sheet, int, error) {
	var s Sheet
	cells := 0
	taken := map[int]int{} // by column: how many rows further it is taken
	for tr := range within(table, atom.Tr) {
		if len(s.Rows) >= MaxRows {
			return s, 0, errRows
		}
		var row []string
		hidden := unseen(tr)
		for td := tr.FirstChild; td != nil; td = td.NextSibling {
			if td.DataAtom != atom.Td && td.DataAtom != atom.Th {
				continue
			}
			for taken[len(row)] > 0 {
				taken[len(row)]--
				row = append(row, "")
			}
			value := textOf(td)
			if hidden || unseen(td) {
				value = ""
			}
			if err := left.take(value); err != nil {
				return s, 0, err
			}
			if value != "" {
				cells++
			}
			columns, rows := span(td, "colspan"), span(td, "rowspan")
			if len(row)+columns > MaxColumns {
				return s, 0, errColumns
			}
			if columns > 1 || rows > 1 {
				s.Notes = append(s.Notes, Note{len(s.Rows) + 1, len(row) + 1, Merged})
			}
			for i := range columns {
				if rows > 1 {
					taken[len(row)] = rows - 1
				}
				if i > 0 {
					value = ""
				}
				row = append(row, value)
			}
		}
		for column, n := range taken {
			if column >= len(row) && n > 0 {
				taken[column]--
			}
		}
		if hidden {
			s.HiddenRows = append(s.HiddenRows, len(s.Rows)+1)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, cells, nil
}

// within yields the elements of a kind under a table, in order, none of them in
// a table within it.
func within(table *html.Node, kind atom.Atom) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		var walk func(*html.Node) bool
		walk = func(n *html.Node) bool {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				switch c.DataAtom {
				case kind:
					if !yield(c) {
						return false
					}
				case atom.Thead, atom.Tbody, atom.Tfoot:
					if !walk(c) {
						return false
					}
				}
			}
			return true
		}
		walk(table)
	}
}

func span(n *html.Node, name string) int {
	for _, a := range n.Attr {
		if a.Key == name {
			if i, err := strconv.Atoi(strings.TrimSpace(a.Val)); err == nil && i > 0 {
				return min(i, 1000)
			}
		}
	}
	return 1
}

// unseen reports whether an element is not shown where it was copied.
func unseen(n *html.Node) bool {
	for _, a := range n.Attr {
		style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
		if a.Key == "hidden" || a.Key == "style" && (strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")) {
			return true
		}
	}
	return false
}

// textOf is the text of a cell: paragraphs and breaks are line ends, other space
// is one space.
func textOf(cell *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(strings.Map(func(r rune) rune {
				if strings.ContainsRune("\n\r\t\f\u00a0", r) {
					return ' '
				}
				return r
			}, n.Data))
		case n.Type == html.ElementNode && (unseen(n) || n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Table):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		switch n.DataAtom {
		case atom.Br, atom.P, atom.Div, atom.Li:
			b.WriteByte('\n')
		}
	}
	for c := cell.FirstChild; c != nil; c = c.NextSibling {
		walk(c)
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
