package desk

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"track15/models/record"
)

// untold are the fields of an entry that say nothing about it: ids of itself and
// of where it stands, the count of edits, and what an act says anyway.
var untold = []string{"ID", "RoundID", "SeriesID", "Version", "Presences", "RecordedBy", "Recorder", "RecordedAt", "Card"}

// A fieldText is one field of an entry in words.
type fieldText struct{ label, text string }

// told are the fields of an entry in words, in the order of its type, without
// those that are empty. names says of ids what they are called.
func told(v any, names map[string]string) []fieldText {
	var out []fieldText
	if v == nil {
		return nil
	}
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if slices.Contains(untold, field.Name) {
			continue
		}
		if text := inWords(value.Field(i), names, "\n"); text != "" {
			out = append(out, fieldText{placeName(field.Name), text})
		}
	}
	return out
}

// placeName makes words of the name of a field: "AttendsThroughID" is "Attends
// through".
func placeName(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "IDs"), "ID")
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteRune(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// inWords is a value as a page says it: of a list each entry on a line of its
// own, of what stands inside one its parts in a row.
func inWords(v reflect.Value, names map[string]string, between string) string {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); isReference(s) {
			if name := names[s]; name != "" {
				return name
			}
			return "an entry that is not here any more"
		}
		if v.Type().PkgPath() != "" { // a word of a closed list
			return strings.ReplaceAll(v.String(), "_", " ")
		}
		return v.String()
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
	case reflect.Int, reflect.Int64:
		if v.Int() != 0 {
			return strconv.FormatInt(v.Int(), 10)
		}
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			if s := inWords(v.Index(i), names, ", "); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, between)
	case reflect.Map:
		var parts []string
		for _, key := range v.MapKeys() {
			if s := inWords(v.MapIndex(key), names, ", "); s != "" {
				parts = append(parts, fmt.Sprintf("%s: %s", inWords(key, names, ", "), s))
			}
		}
		slices.Sort(parts)
		return strings.Join(parts, between)
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "ID" {
				continue
			}
			if s := inWords(v.Field(i), names, between); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, between)
	}
	return ""
}

// isReference reports whether a value is the id of an entry and no words.
func isReference(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// references collects the ids that values point to.
func references(v reflect.Value, found map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		if isReference(v.String()) {
			found[v.String()] = true
		}
	case reflect.Slice:
		for i := range v.Len() {
			references(v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			references(key, found)
			references(v.MapIndex(key), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			references(v.Field(i), found)
		}
	}
}

// entryName is what a page calls an entry: its kind, and its name where it has
// one.
func entryName(v any, names map[string]string) string {
	with := func(kind, name string) string {
		if name == "" {
			return kind
		}
		return kind + ": " + name
	}
	switch v := v.(type) {
	case record.Series:
		return with("Series", v.Name)
	case record.Organisation:
		return with("Organisation", v.Name)
	case record.Person:
		return with("Person", v.Name())
	case record.Round:
		return "Round"
	case record.Presence:
		return with("Organisation at the round", presenceName(v, names))
	case record.Participation:
		return with("Participant "+v.Code, names[v.PersonID])
	case record.Session:
		return with("Session", v.Title)
	case record.RuleChange:
		return "Ground rules of a part"
	case record.ReadOut:
		return with("Read out", v.At)
	}
	return ""
}

// presenceName is the name of what is present: the body, words, or the form in
// which it may be known.
func presenceName(p record.Presence, names map[string]string) string {
	for _, s := range []string{names[p.OrganisationID], p.Words, names[p.CategoryID], names[p.SideID]} {
		if s != "" {
			return s
		}
	}
	return ""
}

// nameEntries adds to names what the entries of a history are called, of which
// others speak by id: presences, participations and sessions.
func nameEntries(all []any, names map[string]string) {
	parts := map[string]string{}
	for _, v := range all {
		switch v := v.(type) {
		case record.Presence:
			parts[v.ID] = presenceName(v, names)
		case record.Participation:
			parts[v.ID] = strings.TrimSpace(v.Code + " " + names[v.PersonID])
		case record.Session:
			parts[v.ID] = v.Title
		case record.Series:
			for _, side := range v.Sides {
				parts[side.ID] = side.Name
			}
		}
	}
	maps.Copy(names, parts)
}
