package sheet

import "strings"

// separators are what stands between the cells of a text file, the likelier
// first.
var separators = []byte{'\t', ';', ',', '|'}

// readText reads a file of text with any of the separators.
func readText(b []byte, encoding string) (File, error) {
	text, name, err := decode(b, encoding)
	if err != nil {
		return File{}, err
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return File{}, refuse("Line %d holds a byte that is no text. Save the table as .xlsx or .csv.", 1+strings.Count(text[:i], "\n"))
	}
	rows, err := parse(text, separator(text), true)
	if err != nil {
		return File{}, err
	}
	return File{Sheets: []Sheet{{Rows: trimmed(rows)}}, Encoding: name}, nil
}

// separator finds what stands between the cells: what divides most of the first
// rows into equally many, and before that what divides all of them so: lists in
// cells and lines in quoted cells seem to be divided by others.
func separator(text string) byte {
	head := text
	if len(head) > 64<<10 {
		head = head[:64<<10]
		head = head[:strings.LastIndexByte(head, '\n')+1]
	}
	best, most := byte(','), 0
	for _, sep := range separators {
		rows, err := parse(head, sep, false)
		if err != nil {
			continue
		}
		counts, filled := map[int]int{}, 0
		for _, row := range rows[:min(len(rows), 100)] {
			filled += min(len(row), 1)
			if len(row) > 1 {
				counts[len(row)]++
			}
		}
		for cells, n := range counts {
			// Rows that agree weigh more than rows that are long.
			score := n*n*10 + cells
			if n > 1 && n == filled {
				score += 1_000_000
			}
			if score > most {
				best, most = sep, score
			}
		}
	}
	return best
}

// parse divides text into rows and cells. A quoted cell may hold separators,
// line ends and doubled quotes; a quote elsewhere is a character like others. An
// empty line is an empty row, so that rows count as a spreadsheet counts them.
// plain undoes what WriteCSV did to cells.
//
// A quote that nobody closes is Invalid, and so is what is beyond the limits.
func parse(text string, sep byte, plain bool) ([][]string, error) {
	p := parser{text: text, sep: sep, plain: plain, left: newBudget()}
	for p.at < len(p.text) {
		if err := p.row(); err != nil {
			return nil, err
		}
	}
	return p.rows, nil
}

type parser struct {
	text  string
	sep   byte
	plain bool
	at    int
	rows  [][]string
	left  *budget
}

func (p *parser) row() error {
	var row []string
	if len(p.rows) >= MaxRows {
		return errRows
	}
	for {
		cell, err := p.cell()
		if err != nil {
			return err
		}
		if p.plain {
			cell = plain(cell)
		}
		if err := p.left.take(cell); err != nil {
			return err
		}
		if len(row) >= MaxColumns {
			return errColumns
		}
		row = append(row, cell)
		if p.at < len(p.text) && p.text[p.at] == p.sep {
			p.at++
			continue
		}
		p.end()
		if len(row) == 1 && row[0] == "" {
			row = nil
		}
		p.rows = append(p.rows, row)
		return nil
	}
}

// end goes over the end of a line, of any of the three kinds.
func (p *parser) end() {
	switch {
	case strings.HasPrefix(p.text[p.at:], "\r\n"):
		p.at += 2
	case p.at < len(p.text):
		p.at++
	}
}

func (p *parser) cell() (string, error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != p.sep && p.text[p.at] != '\n' && p.text[p.at] != '\r' {
		p.at++
	}
	return p.text[start:p.at], nil
}

// quoted reads a cell that begins with a quote. What follows the closing quote
// belongs to the cell too.
func (p *parser) quoted() (string, error) {
	from := len(p.rows) + 1
	var b strings.Builder
	for p.at++; ; p.at++ {
		n := strings.IndexByte(p.text[p.at:], '"')
		if n < 0 {
			return "", refuse("Row %d opens a quote that is never closed.", from)
		}
		b.WriteString(p.text[p.at : p.at+n])
		if p.at += n + 1; p.at >= len(p.text) || p.text[p.at] != '"' {
			break
		}
		b.WriteByte('"')
	}
	for p.at < len(p.text) && p.text[p.at] != p.sep && p.text[p.at] != '\n' && p.text[p.at] != '\r' {
		b.WriteByte(p.text[p.at])
		p.at++
	}
	return b.String(), nil
}
