package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"track15/models/fault"
	"track15/models/names"
	"track15/models/record"
	"track15/models/sheet"
)

// Read reads the rows of a table under a mapping. Decisions change cells, set
// rows aside and say what groups are. Costs about 0.1 ms a row.
func Read(kind Kind, s sheet.Sheet, m Mapping, d Decisions, known Known) Reading {
	r := &reader{kind: kind, mapping: m, known: known, groups: newGrouping(d)}
	notes := map[[2]int]sheet.NoteKind{}
	for _, n := range s.Notes {
		notes[[2]int{n.Row, n.Column}] = n.Kind
	}
	edits := map[int][]Edit{}
	for _, e := range d.Cells {
		edits[e.Row] = append(edits[e.Row], e)
	}
	r.seriesWritten(s)
	reading := Reading{Kind: kind, Mapping: m}
	for i := m.Heading; i < len(s.Rows); i++ {
		if filled(s.Rows[i]) == 0 {
			continue
		}
		row := Row{Number: i + 1, Cells: make([]string, len(m.Columns)), Skip: slices.Contains(d.Skip, i+1)}
		copy(row.Cells, s.Rows[i])
		for _, e := range edits[i+1] {
			if e.Column >= 0 && e.Column < len(row.Cells) {
				row.Cells[e.Column] = e.Value
			}
		}
		r.row(&row, notes)
		reading.Rows = append(reading.Rows, row)
	}
	reading.Groups = r.groups.finish(known)
	return reading
}

type reader struct {
	kind    Kind
	mapping Mapping
	known   Known
	groups  *grouping
	// oneSeries says that all rows name one series, whatever it is called.
	oneSeries bool
	texts     map[string]string // ids of known texts by what they are known by; nil before any is asked for

	now *Row // the row that is read
}

// seriesWritten finds whether the table names one series only.
func (r *reader) seriesWritten(s sheet.Sheet) {
	at, first := r.mapping.column(SeriesName), ""
	r.oneSeries = true
	for i := r.mapping.Heading; at >= 0 && i < len(s.Rows); i++ {
		if at < len(s.Rows[i]) {
			name := record.Fold(s.Rows[i][at])
			if name != "" && first != "" && name != first {
				r.oneSeries = false
				return
			}
			if name != "" {
				first = name
			}
		}
	}
}

// hidden are characters that copying leaves behind and that say nothing.
var hidden = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u00ad", "", "\u200b", "", "\u200e", "", "\u200f", "", "\u2060", "", "\ufeff", "", "\r\n", "\n", "\r", "\n")

func clean(s string) string { return strings.TrimSpace(norm.NFC.String(hidden.Replace(s))) }

func (r *reader) row(row *Row, notes map[[2]int]sheet.NoteKind) {
	r.now = row
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\x00", r.kind)
	var said []string
	for i, c := range r.mapping.Columns {
		row.Cells[i] = clean(row.Cells[i])
		if c.Field == NoField || row.Cells[i] == "" && notes[[2]int{row.Number, i + 1}] != sheet.Faulty {
			continue
		}
		said = append(said, fmt.Sprintf("%s\x00%s\x00", c.Field, row.Cells[i]))
		switch notes[[2]int{row.Number, i + 1}] {
		case sheet.Formula:
			r.note(i, "A formula made this value. It is taken as it was saved.")
		case sheet.Merged:
			r.note(i, "This cell is merged with others. Only this row has its value.")
		case sheet.Faulty:
			r.note(i, "The cell held an error of a formula. It is read as empty.")
		}
		check := record.CheckLine
		if c.Field == Summary || len(parts(row.Cells[i])) > 1 {
			check = record.CheckText
		} else {
			row.Cells[i] = strings.Join(strings.Fields(row.Cells[i]), " ")
		}
		if err := check("", row.Cells[i]); err != nil {
			r.say(i, "%s", err)
		}
	}
	slices.Sort(said)
	for _, s := range said {
		hash.Write([]byte(s))
	}
	row.Digest = hex.EncodeToString(hash.Sum(nil))
	switch r.kind {
	case Participants:
		r.participant()
	case Organisations:
		r.organisation()
	case Rounds:
		r.round()
	case Outputs:
		r.output()
	}
}

// cell is the value of the field, "" if no column has it, and the column.
func (r *reader) cell(f Field) (string, int) {
	i := r.mapping.column(f)
	if i < 0 {
		return "", -1
	}
	return r.now.Cells[i], i
}

func (r *reader) problem(column int, p Problem) {
	p.Column = column
	if column >= 0 {
		p.Field = r.mapping.Columns[column].Field
	}
	r.now.Problems = append(r.now.Problems, p)
}

func (r *reader) say(column int, format string, args ...any) {
	r.problem(column, Problem{Text: fmt.Sprintf(format, args...)})
}

func (r *reader) note(column int, format string, args ...any) {
	r.problem(column, Problem{Text: fmt.Sprintf(format, args...), Note: true})
}

// word reads a cell as one of a vocabulary. What is none of it is left out, and
// noted.
func (r *reader) word(f Field, v vocabulary, what string) string {
	cell, at := r.cell(f)
	if cell == "" {
		return ""
	}
	meaning, known := v.of(cell)
	if !known {
		r.note(at, "This is no %s that is known. It is left out.", what)
	}
	return meaning
}

func (r *reader) country() string {
	return r.word(Country, countries(), "country")
}

// when reads the dates of two columns, or of one that holds both.
func (r *reader) when(from, to Field) (opens, closes record.Date) {
	opens, closes, at := r.dates(from)
	later, last, toAt := r.dates(to)
	if last != "" {
		later = last
	}
	if later != "" {
		closes = later
	}
	if closes != "" && opens == "" && at >= 0 {
		opens, closes = closes, ""
	}
	if err := record.CheckSpan("", opens, closes); err != nil {
		r.say(max(toAt, at), "The end is before the start.")
		closes = ""
	}
	if closes == opens {
		closes = ""
	}
	return opens, closes
}

func (r *reader) dates(f Field) (record.Date, record.Date, int) {
	cell, at := r.cell(f)
	if cell == "" {
		return "", "", at
	}
	sp, ok := readSpan(cell, r.mapping.Columns[at].Dates)
	switch {
	case !ok:
		r.say(at, "This is no date that can be read. Enter it as 2017-01-11, 2017-01 or 2017.")
		return "", "", at
	case sp.otherwise != nil:
		r.problem(at, Problem{Text: "This date can be meant in two ways. Choose one.", Choices: []string{sp.written(), sp.otherwise.written()}})
		return "", "", at
	}
	return sp.from, sp.to, at
}

// written is the span as it is read again.
func (s span) written() string {
	if s.to == "" {
		return string(s.from)
	}
	return string(s.from) + " – " + string(s.to)
}

// reference reads which round a row is about and finds it among the known ones.
func (r *reader) reference(from, to Field) RoundRef {
	var ref RoundRef
	var at int
	ref.Series, at = r.cell(SeriesName)
	if ref.Series != "" && !r.oneSeries && !r.ours(ref.Series) {
		r.say(at, "This row is of another series than the one chosen. Skip it, or change it.")
	}
	cell, at := r.cell(RoundName)
	if ref.Label = label(cell); ref.Label == "" {
		ref.Title = cell
	}
	if from != NoField {
		ref.Opens, ref.Closes = r.when(from, to)
	}
	ref.City, _ = r.cell(City)
	if r.known.RoundID != "" {
		r.now.RoundID = r.known.RoundID
		return ref
	}
	found := r.matching(ref)
	switch len(found) {
	case 0:
	case 1:
		r.now.RoundID = found[0].ID
	default:
		p := Problem{Text: "Several rounds fit. Say which by its date."}
		for _, k := range found[:min(len(found), 20)] {
			p.Choices = append(p.Choices, string(k.Opens))
		}
		r.problem(at, p)
	}
	return ref
}

// ours reports whether the words name the series of the import.
func (r *reader) ours(name string) bool {
	s := r.known.Series
	all := append([]string{s.Name}, s.OtherNames...)
	for _, n := range s.Names {
		all = append(all, n.Text)
	}
	return slices.ContainsFunc(all, func(n string) bool { return record.Fold(n) == record.Fold(name) })
}

// matching are the known rounds that a reference can mean: those of its number
// or title, if it gives one, and of its dates.
func (r *reader) matching(ref RoundRef) []record.Round {
	if ref.Key() == "" {
		return nil
	}
	var found []record.Round
	for _, k := range r.known.Rounds {
		named := false
		if ref.Label != "" {
			if k.OrdinalLabel != "" && number(k.OrdinalLabel) != number(ref.Label) {
				continue
			}
			named = k.OrdinalLabel != ""
		}
		if ref.Title != "" {
			if k.InternalTitle != "" && record.Fold(k.InternalTitle) != record.Fold(ref.Title) && number(ref.Title) != number(k.OrdinalLabel) {
				continue
			}
			named = named || k.InternalTitle != "" || number(ref.Title) == number(k.OrdinalLabel)
		}
		switch {
		case ref.Opens != "" && k.Opens != "" && (k.Opens.Last().Before(ref.Opens.First()) || ref.Opens.Last().Before(k.Opens.First())):
		case named, ref.Opens.Precision() >= record.Month && k.Opens.Precision() >= record.Month:
			found = append(found, k)
		}
	}
	return found
}

// name reads a person's name from one column or two.
func (r *reader) name() record.Person {
	var p record.Person
	whole, at := r.cell(Name)
	parsed := names.Parsed{}
	if whole != "" {
		parsed = names.Parse(whole, r.mapping.Columns[at].Names)
	}
	family, familyAt := r.cell(Family)
	given, _ := r.cell(Given)
	if family != "" || given != "" {
		at = max(familyAt, at)
		q := names.Parse(strings.TrimSpace(family)+", "+strings.TrimSpace(given), names.AnyOrder)
		if family == "" || given == "" {
			q = names.Parse(family+given, names.FamilyFirst)
		}
		parsed.Given, parsed.Family, parsed.FamilyFirst = q.Given, q.Family, q.FamilyFirst
		if order := r.word(FamilyFirst, yes, "yes or no"); order != "" {
			q = names.Parsed{}
			parsed.Given, parsed.Family, parsed.FamilyFirst = given, family, order == "yes"
		}
		parsed.Honorific = strings.TrimSpace(parsed.Honorific + " " + q.Honorific)
		parsed.Native, parsed.Also = append(parsed.Native, q.Native...), append(parsed.Also, q.Also...)
	}
	p.Given, p.Family, p.FamilyFirst, p.Honorific, p.Aliases = parsed.Given, parsed.Family, parsed.FamilyFirst, parsed.Honorific, parsed.Also
	if h, _ := r.cell(Honorific); h != "" && !strings.Contains(p.Honorific, h) {
		p.Honorific = strings.TrimSpace(h + " " + p.Honorific)
	}
	p.Country = r.country()
	native, _ := r.cell(Native)
	for _, n := range append(parsed.Native, parts(native)...) {
		p.Native = append(p.Native, nativeName(n, p.Country))
	}
	aliases, _ := r.cell(Aliases)
	p.Aliases = append(p.Aliases, parts(aliases)...)
	if p.Family == "" && p.Given == "" {
		if len(p.Native) > 0 {
			q := names.Parse(p.Native[0].Text, names.AnyOrder)
			p.Given, p.Family, p.FamilyFirst, p.Native = q.Given, q.Family, q.FamilyFirst, p.Native[1:]
		} else {
			r.say(at, "Enter a name.")
		}
	}
	return p.Normal()
}

func (r *reader) participant() {
	e := &Participant{Person: r.name()}
	r.now.Participant = e
	if r.known.RoundID != "" {
		r.now.RoundID = r.known.RoundID
	} else {
		e.Round = r.reference(Opens, Closes)
		if e.Round.Key() == "" {
			at := max(r.mapping.column(RoundName), r.mapping.column(Opens))
			r.say(at, "Enter at which round this was: its number, its name or its date.")
		}
	}
	e.Participation.Post, _ = r.cell(Post)
	e.Participation.Capacity = record.Capacity(r.word(Capacity, capacities, "capacity"))
	e.Participation.State = record.Attendance(r.word(Attendance, attendances, "word for coming or not"))
	e.Participation.Head = r.word(Head, yes, "yes or no") == "yes"
	e.Track = r.word(Track, tracks, "track of a person")
	e.Role = record.Role(r.word(Role, roles, "role of a body"))
	e.Participation.SideID = r.side()
	e.Badge = r.body(BodyName)
	e.ActingFor = r.body(ActingFor)
	if e.ActingFor != "" && e.Badge == "" {
		_, at := r.cell(ActingFor)
		r.say(at, "Enter the body whose badge was worn: a true affiliation stands behind one.")
	}
	if record.Fold(e.ActingFor) == record.Fold(e.Badge) {
		e.ActingFor = ""
	}
	if e.Person.Family != "" {
		e.PersonGroup = r.groups.person(r.now.Number, e.Person)
	}
	e.BadgeGroup = r.groups.body(r.now.Number, e.Badge, "")
	e.ActingForGroup = r.groups.body(r.now.Number, e.ActingFor, "")
}

// body is the body that a cell names, "" for the words for none.
func (r *reader) body(f Field) string {
	cell, _ := r.cell(f)
	if meaning, _ := nobody.of(cell); meaning == "none" {
		return ""
	}
	return cell
}

// side finds the side that a cell names: by its name, its country, or its place.
func (r *reader) side() string {
	cell, at := r.cell(Side)
	if cell == "" {
		return ""
	}
	if id := sideOf(r.known.Series.Sides, cell); id != "" {
		return id
	}
	r.note(at, "The series has no side of this name. It is left out.")
	return ""
}

func sideOf(sides []record.Side, cell string) string {
	code, isCountry := countries().of(cell)
	for _, s := range sides {
		if record.Fold(s.Name) == record.Fold(cell) {
			return s.ID
		}
		if other, ok := countries().of(s.Name); isCountry && (s.Country == code || ok && other == code) {
			return s.ID
		}
	}
	return ""
}

// refused turns what the record says about an entry into problems.
func (r *reader) refused(err error, columns map[string]Field) {
	for _, e := range fault.All(err) {
		at := -1
		if f, ok := columns[e.Field]; ok {
			at = r.mapping.column(f)
		}
		// What a cell as a whole was told already is not said twice.
		if !slices.ContainsFunc(r.now.Problems, func(p Problem) bool { return !p.Note && p.Column == at }) {
			r.say(at, "%s", e.Text)
		}
	}
}
