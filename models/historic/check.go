package historic

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"track15/models/record"
)

// A checker collects the errors of one line, each under its field.
type checker[T any] struct {
	line line[T]
	errs []error
}

func (c *checker[T]) fail(field, format string, args ...any) {
	c.errs = append(c.errs, c.line.fail(field, format, args...))
}

func (c *checker[T]) err() error { return errors.Join(c.errs...) }

// text checks one line of text, which may be empty.
func (c *checker[T]) text(field, s string) string {
	if err := record.CheckLine(field, s); err != nil {
		c.fail(field, "%s", err)
		return ""
	}
	return s
}

// passage checks text of several lines.
func (c *checker[T]) passage(field, s string) string {
	if err := record.CheckText(field, s); err != nil {
		c.fail(field, "%s", err)
		return ""
	}
	return s
}

// required checks one line of text that must be there.
func (c *checker[T]) required(field, s, sentence string) string {
	if s == "" {
		c.fail(field, "%s", sentence)
	}
	return c.text(field, s)
}

// texts checks a list of lines; none of them may be empty.
func (c *checker[T]) texts(field string, all []text) []string {
	var out []string
	for i, t := range all {
		out = append(out, c.required(item(field, i), string(t), "Enter text, or leave this out."))
	}
	return out
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

func (c *checker[T]) country(field, s string) string {
	if s != "" && !countryCode.MatchString(s) {
		c.fail(field, "Enter a country as two capital letters (ISO 3166).")
	}
	return s
}

func (c *checker[T]) date(field, s string) record.Date {
	d, err := record.ParseDate(field, s)
	if err != nil {
		c.fail(field, "%s", err)
	}
	return d
}

func (c *checker[T]) span(field string, from, to record.Date) {
	if err := record.CheckSpan(field, from, to); err != nil {
		c.fail(field, "The end is before the start.")
	}
}

// address checks a web address, which may be empty.
func (c *checker[T]) address(field, s string) string {
	if s == "" {
		return ""
	}
	if u, err := url.Parse(s); err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" || u.User != nil {
		c.fail(field, "Enter an address that begins with https:// or http://.")
		return ""
	}
	return c.text(field, s)
}

// source checks where a fact stands: a web address, or words such as "general
// knowledge".
func (c *checker[T]) source(s text) string {
	return c.required("source", string(s), "Enter where this is public.")
}

// reference holds that another line has the id.
func (c *checker[T]) reference(field, id, file string, known bool) {
	if !known {
		c.fail(field, "No line of %s has this id.", file)
	}
}

func item(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
