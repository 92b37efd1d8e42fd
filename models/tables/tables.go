// Package tables writes lists of the record as tables that an import reads
// back: every column is one that intake knows, and what stands in a cell is read
// as what it was.
//
// A true affiliation is in no table, whoever may read it: a table leaves the
// record. What somebody may not read is empty in what they are given here, and
// so is its cell. A list in one cell is divided by semicolons; a name in a list
// that holds one comes back as two, and one that begins with a dash without it.
package tables

import (
	"slices"
	"strings"

	"track15/models/intake"
	"track15/models/record"
	"track15/models/sheet"
)

// Names are what entries are called, by ID. What is missing is left empty.
type Names struct {
	Series map[string]string
	Sides  map[string]string
	Bodies map[string]string
}

// A Participant is somebody at a round. Person is the zero one where nobody is
// recorded, Badge the presence whose badge was worn.
type Participant struct {
	record.Participation
	Person record.Person
	Round  record.Round
	Badge  record.Presence
}

// A Presence is a body at a round.
type Presence struct {
	record.Presence
	Round record.Round
}

// An Output is a text, with the zero Round if it is about a series.
type Output struct {
	record.Output
	Round record.Round
}

// roleHeading is what the role of a body is called beside the capacity of a
// person, which tables call a role too.
const roleHeading = "role of organisation"

// A column is one field of all rows.
type column[T any] struct {
	field intake.Field
	cell  func(T) string
}

func table[T any](rows []T, columns ...column[T]) sheet.Table {
	var t sheet.Table
	for _, c := range columns {
		heading := string(c.field)
		if c.field == intake.Role {
			heading = roleHeading
		}
		t.Columns = append(t.Columns, heading)
	}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(row)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// Cell is what stands in the n-th row of a table of this package under a field;
// ok is false if the table has no such column.
func Cell(t sheet.Table, n int, f intake.Field) (cell string, ok bool) {
	heading := string(f)
	if f == intake.Role {
		heading = roleHeading
	}
	i := slices.Index(t.Columns, heading)
	if i < 0 {
		return "", false
	}
	return t.Rows[n][i], true
}

// Rounds is the table of rounds with the bodies that were there: presences by
// the round's ID. A rule that is no preset is left empty, which an import reads
// as closed.
func Rounds(rounds []record.Round, presences map[string][]record.Presence, n Names) sheet.Table {
	type r = record.Round
	bodies := func(role record.Role) func(r) string {
		return func(x r) string {
			var all []string
			for _, p := range presences[x.ID] {
				name := n.Bodies[p.OrganisationID]
				if p.Role != role || p.AttendsThroughID != "" || name == "" {
					continue
				}
				if side := n.Sides[p.SideID]; side != "" {
					name += " (" + side + ")"
				}
				if !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
			return joined(all)
		}
	}
	columns := []column[r]{
		{intake.SeriesName, func(x r) string { return n.Series[x.SeriesID] }},
		{intake.RoundName, called},
		{intake.Said, func(x r) string { return x.OrdinalLabel }},
		{intake.Title, func(x r) string { return x.InternalTitle }},
		{intake.Opens, func(x r) string { return string(x.Opens) }},
		{intake.Closes, func(x r) string { return string(x.Closes) }},
		{intake.City, func(x r) string { return x.City }},
		{intake.Country, func(x r) string { return x.Country }},
		{intake.Venue, func(x r) string { return x.Venue }},
		{intake.Format, func(x r) string { return x.Format }},
		{intake.Track, func(x r) string { return x.Track }},
		{intake.State, func(x r) string { return string(x.State) }},
		{intake.Topics, func(x r) string { return joined(x.Topics) }},
		{intake.Rules, preset},
		{intake.Conveners, bodies(record.Convener)},
		{intake.Hosts, bodies(record.Host)},
		{intake.Bodies, bodies(record.Participant)},
		{intake.Summary, func(x r) string { return x.Summary }},
	}
	return table(rounds, columns...)
}

// called is what a round is called among those of its series.
func called(r record.Round) string {
	if r.OrdinalLabel != "" {
		return r.OrdinalLabel
	}
	return r.InternalTitle
}

func preset(r record.Round) string {
	p := record.PresetOf(r.Rules.Preset)
	if len(r.Rules.Vector) != len(p.Vector) {
		return ""
	}
	for aspect, permission := range p.Vector {
		if r.Rules.Vector[aspect] != permission {
			return ""
		}
	}
	return p.Key
}

// Organisations is the table of bodies. Categories are none: the house keeps
// them by hand.
func Organisations(all []record.Organisation, n Names) sheet.Table {
	type o = record.Organisation
	all = slices.DeleteFunc(slices.Clone(all), func(x o) bool { return x.Kind == record.Category })
	return table(all,
		column[o]{intake.Name, func(x o) string { return x.Name }},
		column[o]{intake.Acronym, func(x o) string { return x.Acronym }},
		column[o]{intake.Native, func(x o) string { return native(x.Native) }},
		column[o]{intake.Aliases, func(x o) string { return joined(x.Aliases) }},
		column[o]{intake.BodyKind, func(x o) string { return string(x.Kind) }},
		column[o]{intake.Country, func(x o) string { return x.Country }},
		column[o]{intake.Parent, func(x o) string { return n.Bodies[x.ParentID] }},
		column[o]{intake.Address, func(x o) string {
			var all []string
			for _, s := range x.Sources {
				all = append(all, s.URL)
			}
			return joined(all)
		}},
	)
}

// People is the table of people. An import of participants reads it.
func People(all []record.Person) sheet.Table {
	return table(all, person(func(p record.Person) record.Person { return p })...)
}

func person[T any](of func(T) record.Person) []column[T] {
	cell := func(f intake.Field, say func(record.Person) string) column[T] {
		return column[T]{f, func(row T) string { return say(of(row)) }}
	}
	return []column[T]{
		cell(intake.Family, func(p record.Person) string { return p.Family }),
		cell(intake.Given, func(p record.Person) string { return p.Given }),
		cell(intake.FamilyFirst, func(p record.Person) string {
			if p.Family == "" {
				return ""
			}
			return yes(p.FamilyFirst)
		}),
		cell(intake.Honorific, func(p record.Person) string { return p.Honorific }),
		cell(intake.Native, func(p record.Person) string { return native(p.Native) }),
		cell(intake.Aliases, func(p record.Person) string { return joined(p.Aliases) }),
		cell(intake.Country, func(p record.Person) string { return p.Country }),
	}
}

// round says at which round something was.
func round[T any](n Names, of func(T) record.Round) []column[T] {
	cell := func(f intake.Field, say func(record.Round) string) column[T] {
		return column[T]{f, func(row T) string { return say(of(row)) }}
	}
	return []column[T]{
		cell(intake.SeriesName, func(r record.Round) string { return n.Series[r.SeriesID] }),
		cell(intake.RoundName, called),
		cell(intake.Opens, func(r record.Round) string { return string(r.Opens) }),
	}
}

// Participants is the table of who took part.
func Participants(all []Participant, n Names) sheet.Table {
	type p = Participant
	columns := person(func(x p) record.Person { return x.Person })
	columns = append(columns,
		column[p]{intake.BodyName, func(x p) string { return body(x.Badge, n) }},
		column[p]{intake.Post, func(x p) string { return x.Post }},
		column[p]{intake.Side, func(x p) string { return n.Sides[x.SideID] }},
		column[p]{intake.Track, func(x p) string { return x.Badge.Track }},
		column[p]{intake.Role, func(x p) string { return string(x.Badge.Role) }},
		column[p]{intake.Capacity, func(x p) string { return string(x.Capacity) }},
		column[p]{intake.Head, func(x p) string { return yes(x.Head) }},
		column[p]{intake.Attendance, func(x p) string { return string(x.State) }},
	)
	columns = append(columns, round(n, func(x p) record.Round { return x.Round })...)
	columns = append(columns,
		column[p]{intake.Closes, func(x p) string { return string(x.Round.Closes) }},
		column[p]{intake.City, func(x p) string { return x.Round.City }},
	)
	return table(all, columns...)
}

// Presences is the table of bodies at rounds. Those behind another's badge are
// not in it; the badge is, if it was entered.
func Presences(all []Presence, n Names) sheet.Table {
	type p = Presence
	all = slices.DeleteFunc(slices.Clone(all), func(x p) bool { return x.AttendsThroughID != "" })
	columns := append(round(n, func(x p) record.Round { return x.Round }),
		column[p]{intake.BodyName, func(x p) string { return body(x.Presence, n) }},
		column[p]{intake.Side, func(x p) string { return n.Sides[x.SideID] }},
		column[p]{intake.Track, func(x p) string { return x.Track }},
		column[p]{intake.Role, func(x p) string { return string(x.Role) }},
		column[p]{"label", func(x p) string {
			if x.Label == record.Withheld {
				return "withheld"
			}
			return string(x.Label)
		}},
	)
	return table(all, columns...)
}

// Outputs is the table of texts, as citations: what the house writes itself is
// named, its words are not in it.
func Outputs(all []Output, n Names) sheet.Table {
	type o = Output
	columns := []column[o]{
		{intake.Title, func(x o) string { return x.Draft.Title }},
		{intake.OutputKind, func(x o) string { return string(x.Kind) }},
		{intake.Authors, func(x o) string { return authors(x.Draft.Authors) }},
		{intake.Outlet, func(x o) string { return x.Draft.Outlet }},
		{intake.Published, func(x o) string { return string(x.Draft.Date) }},
		{intake.Address, func(x o) string { return x.Draft.URL }},
		{intake.Language, func(x o) string { return x.Draft.Lang }},
	}
	about := func(x o) record.Round {
		r := x.Round
		r.SeriesID = x.SeriesID
		return r
	}
	return table(all, append(columns, round(n, about)...)...)
}

// authors writes names so that they are divided where they are: with the family
// name first, but for those of which that would make two.
func authors(all []record.Author) string {
	var out []string
	for _, a := range all {
		switch {
		case a.Literal != "":
			out = append(out, a.Literal)
		case strings.Contains(a.Family, " ") && strings.Contains(a.Given, " "):
			out = append(out, a.Given+" "+a.Family)
		case a.Given == "":
			out = append(out, a.Family)
		default:
			out = append(out, a.Family+", "+a.Given)
		}
	}
	return joined(out)
}

func body(p record.Presence, n Names) string {
	switch {
	case p.AttendsThroughID != "":
		return n.Bodies[p.AttendsThroughID]
	case p.OrganisationID == "":
		return p.Words
	}
	return n.Bodies[p.OrganisationID]
}

// native writes names with their languages, "林若川 [zh-Hans]".
func native(all []record.Name) string {
	var out []string
	for _, n := range all {
		out = append(out, n.Text+" ["+n.Lang+"]")
	}
	return joined(out)
}

func joined(all []string) string { return strings.Join(all, "; ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
