package components

import (
	"unicode"
	"unicode/utf8"
)

// UpperFirst begins a line or a sentence: the first letter becomes a capital,
// the rest stays as it was released.
func UpperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
