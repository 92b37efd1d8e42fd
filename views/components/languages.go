package components

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Language is the English name of a language given by its BCP-47 tag; of one that
// nobody knows it is the tag.
func Language(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Tags().Name(t); name != "" {
		return name
	}
	return tag
}

// LanguageItself is what a language calls itself.
func LanguageItself(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(t); name != "" {
		return UpperFirst(name)
	}
	return tag
}
