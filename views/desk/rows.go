package desk

import "strings"

// Rows are a part of a form that repeats: rows of one kind, each with fields of
// its own. The list of a kind names its rows; the value of a field stands under
// "kind.row.field".
type Rows struct {
	Kind   string
	Field  string // the field of the record under which something is wrong
	Legend string
	Hint   string
	More   string // words of the button for one more row, "" for none
	Parts  []Part
	// Named are what rows are called that stand for something, such as a side.
	Named map[string]string
}

// A Part is one field of each row.
type Part struct {
	Field
	Options []Option // not nil for a choice
	Area    bool     // several lines
}

// of is the part in one row. Fields of a row that has a name are told apart by
// it.
func (p Part) of(r Rows, row string) Field {
	a := p.Field
	a.Name = r.Kind + "." + row + "." + p.Name
	if name := r.Named[row]; name != "" {
		a.Label = name + ": " + strings.ToLower(a.Label[:1]) + a.Label[1:]
	}
	return a
}

// Several is a part of a form that names several bodies: those that stand in
// it, each with a box to keep it and perhaps fields of its own, and a field for
// one more.
type Several struct {
	Rows
	Chosen []Picked
	Picker Picker
}

// filled reports whether one of the fields or lists says something, or is
// wrong, so that a part of a form that is folded away is not overlooked.
func filled(f Form, names ...string) bool {
	for _, name := range names {
		if strings.TrimSpace(strings.Join(f.Values[name], "")) != "" || f.Fault(name) != "" || rowsFilled(f, name) {
			return true
		}
	}
	return false
}

// rowsFilled is filled for the fields of rows, not for their list.
func rowsFilled(f Form, kind string) bool {
	for name, all := range f.Values {
		if strings.HasPrefix(name, kind+".") && (strings.TrimSpace(strings.Join(all, "")) != "" || f.Fault(name) != "") {
			return true
		}
	}
	return false
}
