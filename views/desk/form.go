package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A Form is what stands in a form: what was typed, byte for byte, and what is
// wrong with it. Names of values are the names of the record's fields in snake
// case; several rows of one kind are named by their ids, "side.ID.name", and
// the ids listed in order under the kind, "side".
//
// Hidden values begin with "was.": the digest of each value as the form was
// made, so that two people's changes can be told apart.
type Form struct {
	Action string
	Values url.Values
	Faults []Fault
}

// A Fault says what is wrong with a field, "" for the form as a whole.
type Fault struct {
	Field string
	Text  string
}

// Remember notes every value as that from which a person starts.
func (f *Form) Remember() {
	for _, name := range slices.Collect(maps.Keys(f.Values)) {
		if !strings.HasPrefix(name, "was.") {
			f.Values.Set("was."+name, Digest(f.Values[name]))
		}
	}
}

// Digest is how a form remembers a value it was made with.
func Digest(values []string) string {
	text := strings.Join(values, "\x00")
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// Get returns a value as text that a page can show: what is no text is shown as
// the sign for it.
func (f Form) Get(name string) string {
	return Shown(f.Values.Get(name))
}

// Shown makes a text of bytes that a page can show.
func Shown(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Fault returns what is wrong with a field, "" for nothing.
func (f Form) Fault(field string) string {
	var all []string
	for _, e := range f.Faults {
		if e.Field == field {
			all = append(all, e.Text)
		}
	}
	return strings.Join(all, " ")
}

// Rows returns the ids of the rows of a kind, in order.
func (f Form) Rows(kind string) []string {
	var ids []string
	for _, id := range f.Values[kind] {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// hidden returns the names of the values that a page carries unseen, in order.
func (f Form) hidden() []string {
	var names []string
	for name := range f.Values {
		if strings.HasPrefix(name, "was.") || name == "id" || name == "version" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// An Option is one answer of a field that offers several.
type Option struct {
	Value string
	Words string
	Says  string // a line of explanation, "" for none
}

// A Field says how a field of a form looks.
type Field struct {
	Name   string
	Label  string
	Hint   string
	Class  string // width: field--xs, field--s, field--m, field--l
	Public bool   // its words become public: set in serif
	Type   string // "" for text
	Rows   int    // of an area
	Tight  bool   // low, in a row of filters
}

func (a Field) id() string { return "f-" + a.Name }

// described returns the ids of the hint and the message, for screen readers.
func (a Field) described(f Form) string {
	var ids []string
	if a.Hint != "" {
		ids = append(ids, a.id()+"-hint")
	}
	if f.Fault(a.Name) != "" {
		ids = append(ids, a.id()+"-error")
	}
	return strings.Join(ids, " ")
}

func (a Field) kind() string {
	if a.Type == "" {
		return "text"
	}
	return a.Type
}
