package desk

import (
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// A position in UTF-16 units cuts a text where the position in bytes does.
func TestPositionsOfTheEditor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "after")
		s := before + after
		units := utf16.Encode([]rune(s))
		at := utf16At(s, len(before))
		if got := string(utf16.Decode(units[:at])); got != before {
			t.Fatalf("%d units of %q are %q", at, s, got)
		}
	})
}
