package record

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"track15/models/fault"
)

// Limits of what a person may enter, in bytes of UTF-8.
const (
	MaxLine = 500     // a name, a title, a city
	MaxText = 200_000 // a draft, the text of ground rules
)

// CheckLine holds that s is one line of at most MaxLine bytes that both
// databases store alike: well-formed UTF-8 without control, format,
// private-use or unassigned characters.
func CheckLine(field, s string) error {
	if strings.ContainsAny(s, "\n\r\t\u2028\u2029") {
		return fault.Field(field, "Enter this on one line.")
	}
	return check(field, s, MaxLine)
}

// CheckText is CheckLine for several lines of at most MaxText bytes; line
// feeds and tabs may stand in it.
func CheckText(field, s string) error { return check(field, s, MaxText) }

func check(field, s string, limit int) error {
	if len(s) > limit {
		return fault.Field(field, "This is too long: %d bytes of at most %d.", len(s), limit)
	}
	if !utf8.ValidString(s) {
		return fault.Field(field, "This holds bytes that are no text (not UTF-8).")
	}
	for _, r := range s {
		if r == '\n' || r == '\r' || r == '\t' {
			continue
		}
		if !assigned(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) {
			return fault.Field(field, "This holds a character that cannot be seen (%U). Enter it without.", r)
		}
	}
	return nil
}

// assigned reports whether Unicode gives the character a meaning.
func assigned(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}
