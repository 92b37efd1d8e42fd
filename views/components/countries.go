package components

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// called are the names that differ from the table's: shorter, or as the place
// calls itself.
var called = map[string]string{"HK": "Hong Kong", "MO": "Macau", "PS": "Palestine", "MM": "Myanmar"}

// Country is the English name of the country with that ISO 3166 code. It is ""
// for a code that names none, among them those that everybody may use as they
// like (XA to XZ), which stand for invented countries here.
func Country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil || r.IsPrivateUse() || r.String() != code || len(code) != 2 {
		return ""
	}
	if name := called[code]; name != "" {
		return name
	}
	return display.English.Regions().Name(r)
}
