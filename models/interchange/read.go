package interchange

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"track15/models/fault"
)

// Read reads a file. Whatever the format does not know is an error: a field, a
// value, a name twice, null where it has no meaning, an id twice in its kind,
// an id that nothing has.
//
// Errors are Invalid; their field is the JSON pointer of what is wrong, and
// their text says the rule, not the value. Reading ends at the first that
// breaks the form; of ids up to 20 are named.
func Read(b []byte) (Record, error) {
	r := &reader{dec: jsontext.NewDecoder(bytes.NewReader(b))}
	var out Record
	r.record(&out)
	if r.err != nil {
		return Record{}, r.err
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return Record{}, wrong("", "Something follows the end of the record.")
	}
	return out, out.check()
}

func wrong(pointer, rule string) error {
	return &fault.Error{Kind: fault.Invalid, Field: pointer, Text: rule}
}

// A reader reads values from their tokens. After its first error every method
// does nothing.
type reader struct {
	dec *jsontext.Decoder
	err error
}

// fail keeps the first error, at the value that was read last.
func (r *reader) fail(rule string) { r.failAt(string(r.dec.StackPointer()), rule) }

func (r *reader) failAt(pointer, rule string) {
	if r.err == nil {
		r.err = wrong(pointer, rule)
	}
}

// token reads the next token. What breaks JSON itself is told by its place.
func (r *reader) token() jsontext.Token {
	if r.err != nil {
		return jsontext.Token{}
	}
	t, err := r.dec.ReadToken()
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return t
	case errors.Is(err, jsontext.ErrDuplicateName):
		rule, at := "The same field stands here twice.", string(r.dec.StackPointer())
		if errors.As(err, &syntax) {
			at = string(syntax.JSONPointer)
		}
		r.failAt(at, rule)
	case errors.As(err, &syntax):
		r.failAt(string(syntax.JSONPointer), "This is no JSON, at byte "+strconv.FormatInt(syntax.ByteOffset, 10)+".")
	default:
		r.fail("The file ends too early.")
	}
	return jsontext.Token{}
}

// object reads an object. field reads the value of a name and reports whether
// it knows the name.
func (r *reader) object(required []string, field func(name string) bool) {
	if r.token().Kind() != '{' {
		r.fail("Expected an object.")
		return
	}
	at := string(r.dec.StackPointer())
	var seen uint32
	for r.err == nil && r.dec.PeekKind() != '}' {
		name := r.token().String()
		if r.err != nil {
			return
		}
		if i := slices.Index(required, name); i >= 0 {
			seen |= 1 << i
		}
		if !field(name) {
			r.fail("The format knows no such field.")
		}
	}
	r.token()
	for i, name := range required {
		if seen&(1<<i) == 0 {
			r.failAt(at+"/"+name, "This field is required.")
		}
	}
}

// list reads an array.
func list[T any](r *reader, item func(*T)) []T {
	all := []T{}
	if r.token().Kind() != '[' {
		r.fail("Expected a list.")
		return all
	}
	for r.err == nil && r.dec.PeekKind() != ']' {
		all = append(all, *new(T))
		item(&all[len(all)-1])
	}
	r.token()
	return all
}

// null reads null, if that comes next.
func (r *reader) null() bool {
	if r.err != nil || r.dec.PeekKind() != 'n' {
		return false
	}
	r.token()
	return true
}

func (r *reader) string() string {
	t := r.token()
	if r.err != nil {
		return ""
	}
	if t.Kind() != '"' {
		r.fail("Expected a text in quotes.")
		return ""
	}
	return t.String()
}

// text is a string that says something.
func (r *reader) text() string {
	s := r.string()
	if s == "" {
		r.fail("This must not be empty.")
	}
	return s
}

func (r *reader) strings() []string { return list(r, func(s *string) { *s = r.text() }) }

func (r *reader) enum(values ...string) string {
	s := r.string()
	if !slices.Contains(values, s) {
		r.fail("The format knows no such value.")
	}
	return s
}

func (r *reader) match(re *regexp.Regexp, rule string) string {
	s := r.string()
	if !re.MatchString(s) {
		r.fail(rule)
	}
	return s
}

var (
	idForm      = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	countryForm = regexp.MustCompile(`^([A-Z]{2})?$`)
)

func (r *reader) id() string {
	return r.match(idForm, "An id has at most 64 small letters, digits, dots, hyphens and underscores, and begins with a letter or digit.")
}

func (r *reader) country() string {
	return r.match(countryForm, "A country is two capital letters, or empty.")
}

// date is a day of the calendar.
func (r *reader) date() string {
	s := r.string()
	if !isDate(s, time.DateOnly) {
		r.fail("Expected a date such as 2017-01-11.")
	}
	return s
}

// cutDate is a date cut to its precision.
func (r *reader) cutDate() string {
	s := r.string()
	if !isDate(s, "2006") && !isDate(s, "2006-01") && !isDate(s, time.DateOnly) {
		r.fail("Expected a date such as 2017, 2017-01 or 2017-01-11.")
	}
	return s
}

func isDate(s, layout string) bool {
	t, err := time.Parse(layout, s)
	return err == nil && len(s) == len(layout) && t.Year() > 0
}

// integer is a whole number of at least least. 3.0 is one.
func (r *reader) integer(least int64) *int64 {
	t := r.token()
	if r.err != nil {
		return nil
	}
	rule := "Expected a whole number, " + strconv.FormatInt(least, 10) + " or more."
	if t.Kind() != '0' {
		r.fail(rule)
		return nil
	}
	f := t.Float()
	n := int64(f)
	if float64(n) != f || n < least || f > 1<<53 {
		r.fail(rule)
		return nil
	}
	return &n
}

// orNull reads a value that may be null.
func orNull[T any](r *reader, read func() T) *T {
	if r.null() {
		return nil
	}
	v := read()
	return &v
}

// row reads an object whole. Its fields are the record's to read.
func (r *reader) row(v *jsontext.Value) {
	if r.err != nil {
		return
	}
	if r.dec.PeekKind() != '{' {
		r.token()
		r.fail("Expected an object.")
		return
	}
	at := string(r.dec.StackPointer())
	raw, err := r.dec.ReadValue()
	if err != nil {
		r.failAt(at, "This is no JSON, or the same field stands twice in an object.")
		return
	}
	*v = raw.Clone()
	if err := v.Compact(); err != nil {
		r.failAt(at, "This is no JSON.")
	}
}
