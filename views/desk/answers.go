package desk

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// total writes a sum, and nothing for one that is not given.
func total(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func firstUpper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
