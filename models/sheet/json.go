package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

var errJSON = refuse("The file is no list of rows as this program writes it: [{\"column\": \"text\"}].")

// readJSON reads a list of objects as rows: the members' names of the first are
// the heading, and every object has the same in the same order.
func readJSON(b []byte) (File, error) {
	text, encoding, err := decode(b, "UTF-8")
	if err != nil {
		return File{}, err
	}
	r := jsonReader{d: json.NewDecoder(bytes.NewReader([]byte(text))), left: newBudget()}
	r.d.UseNumber()
	if err := r.read(); err != nil {
		return File{}, err
	}
	return File{Sheets: []Sheet{{Rows: trimmed(r.rows)}}, Encoding: encoding}, nil
}

type jsonReader struct {
	d    *json.Decoder
	rows [][]string
	left *budget
}

func (r *jsonReader) read() error {
	if !r.next(json.Delim('[')) {
		return errJSON
	}
	for r.d.More() {
		if len(r.rows) >= MaxRows {
			return errRows
		}
		if err := r.object(); err != nil {
			return err
		}
	}
	if !r.next(json.Delim(']')) {
		return errJSON
	}
	if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
		return errJSON
	}
	return nil
}

func (r *jsonReader) next(want json.Delim) bool {
	t, err := r.d.Token()
	return err == nil && t == want
}

func (r *jsonReader) object() error {
	if !r.next(json.Delim('{')) {
		return errJSON
	}
	var names, cells []string
	for r.d.More() {
		name, err := r.d.Token()
		if err != nil {
			return errJSON
		}
		value, err := r.d.Token()
		if err != nil {
			return errJSON
		}
		var cell string
		switch v := value.(type) {
		case string:
			cell = v
		case json.Number:
			cell = v.String()
		case bool:
			cell = map[bool]string{true: "yes", false: "no"}[v]
		case nil:
		default:
			return errJSON
		}
		if err := r.left.take(cell); err != nil {
			return err
		}
		if len(cells) >= MaxColumns {
			return errColumns
		}
		names, cells = append(names, name.(string)), append(cells, cell)
	}
	if !r.next(json.Delim('}')) {
		return errJSON
	}
	if r.rows == nil {
		r.rows = append(r.rows, names)
	}
	heading := r.rows[0]
	if len(names) != len(heading) {
		return refuse("Row %d has other columns than the first.", len(r.rows))
	}
	for i, name := range names {
		if name != heading[i] {
			return refuse("Row %d has other columns than the first.", len(r.rows))
		}
	}
	r.rows = append(r.rows, cells)
	return nil
}
