// Package fault names what can go wrong, in kinds that every audience answers alike.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what went wrong, for whoever has to answer: web/respond turns it
// into a status, the command line into an exit code.
//
// The zero value is Internal: an error nobody classified is never shown.
type Kind int

const (
	Internal    Kind = iota // ours; the text stays inside
	Invalid                 // the input breaks a rule; the text says which
	NotFound                // it does not exist, or the actor may not know that it does
	Forbidden               // a rule forbids it to this actor
	Conflict                // somebody else changed it first
	Unavailable             // a part that is needed does not answer
)

// An Error is a kind with a sentence that names the rule, never the
// participant or the value that broke it.
//
// Field is the form field or the command's argument at fault, "" if none.
type Error struct {
	Kind  Kind
	Field string
	Text  string
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Text }

// Errorf makes an error of a kind. Its text is shown to the person who asked.
func Errorf(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// Field makes an Invalid error about one field of a form, a file or a command.
func Field(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of err: Internal for one that carries none, and for
// several joined errors the kind of the first that carries one.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// All returns the classified errors in err, in order, those joined by
// errors.Join one by one.
func All(err error) []*Error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return []*Error{e}
	}
	switch u := err.(type) {
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, e := range u.Unwrap() {
			all = append(all, All(e)...)
		}
		return all
	case interface{ Unwrap() error }:
		return All(u.Unwrap())
	}
	return nil
}
