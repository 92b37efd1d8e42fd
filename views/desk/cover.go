package desk

import (
	"github.com/a-h/templ"

	"track15/views/layout"
)

// coverFrame is the bare document around a covered screen: its title tells
// nothing about the page that it covers.
func coverFrame(f Frame) templ.Component {
	f.Title, f.Name = "Covered", ""
	return layout.Document(f.sheet())
}
