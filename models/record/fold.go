package record

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the key under which a name is sought and found, in any script:
// without case, without the marks above and below letters, with one space
// between words. Wide and narrow forms, ligatures and circled letters are
// their plain ones.
//
// Marks that make another letter, as in Japanese and in the scripts of India,
// stay.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x0300 && r <= 0x036f || r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	// Folding turns Cherokee's small letters into capitals and back again.
	s = strings.ToLower(cases.Fold().String(s))
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}
