package interchange

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Append appends the record as a file to b. Equal records make equal bytes:
// fields in the order of the types, one space of indentation, a line feed at
// the end.
func (r Record) Append(b []byte) ([]byte, error) {
	r.Format, r.Version = Format, Version
	out, err := json.Marshal(r, jsontext.WithIndent(" "), jsontext.EscapeForHTML(false))
	if err != nil {
		return b, err
	}
	return append(append(b, out...), '\n'), nil
}
