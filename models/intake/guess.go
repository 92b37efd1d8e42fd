package intake

import (
	"slices"
	"strings"

	"track15/models/names"
	"track15/models/record"
	"track15/models/sheet"
)

// headRows is within how many rows the headings are looked for.
const headRows = 40

// sampleRows is how many rows are looked at to tell what a column holds.
const sampleRows = 500

// Guess finds the headings of a table and says what its columns are: by what they
// are called, and where that says nothing by what they hold. A table without
// headings has Heading 0.
func Guess(kind Kind, s sheet.Sheet) Mapping {
	var m Mapping
	best := 0
	for i, row := range s.Rows[:min(len(s.Rows), headRows)] {
		score, cells := 0, 0
		for _, cell := range row {
			if strings.TrimSpace(cell) == "" {
				continue
			}
			cells++
			if len(cell) > 80 {
				score -= 2
				continue
			}
			_, sure := fieldOf(kind, cell)
			score += 2 * sure
		}
		// A heading of one word may be a title of the whole table.
		if cells == 1 && len(s.Rows) > i+1 && filled(s.Rows[i+1]) > 1 {
			continue
		}
		if score > best && score >= cells {
			best, m.Heading = score, i+1
		}
	}
	width := 0
	for _, row := range s.Rows[min(m.Heading, len(s.Rows)):] {
		width = max(width, len(row))
	}
	var head []string
	if m.Heading > 0 {
		head = s.Rows[m.Heading-1]
		width = max(width, len(head))
	}
	m.Columns = make([]Column, width)
	m.byHeading(kind, head)
	body := s.Rows[min(m.Heading, len(s.Rows)):]
	body = body[:min(len(body), sampleRows)]
	m.byContents(kind, body)
	for i := range m.Columns {
		m.Columns[i] = m.Columns[i].Looked(s, m, i)
	}
	return m
}

func filled(row []string) int {
	n := 0
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// byHeading gives each field to the column whose heading says it best.
func (m *Mapping) byHeading(kind Kind, head []string) {
	sure := make([]int, len(m.Columns))
	for i, h := range head {
		m.Columns[i].Heading = strings.Join(strings.Fields(h), " ")
		f, n := fieldOf(kind, h)
		if n == 0 {
			continue
		}
		j := slices.IndexFunc(m.Columns, func(c Column) bool { return c.Field == f })
		switch {
		case j < 0:
			m.Columns[i].Field, sure[i] = f, n
		case n > sure[j]:
			m.Columns[j].Field, m.Columns[i].Field, sure[i] = NoField, f, n
		}
	}
	// "Name" beside a given name is the family name.
	if m.column(Given) >= 0 && m.column(Family) < 0 {
		if i := m.column(Name); i >= 0 {
			m.Columns[i].Field = Family
		}
	}
	// "Nom" alone is the whole name.
	if kind == Participants && m.column(Family) >= 0 && m.column(Given) < 0 && m.column(Name) < 0 {
		m.Columns[m.column(Family)].Field = Name
	}
}

// column is the place of the field, -1 if no column has it.
func (m Mapping) column(f Field) int {
	return slices.IndexFunc(m.Columns, func(c Column) bool { return c.Field == f })
}

// byContents finds what columns hold that their headings do not tell. Only what
// the table cannot do without is guessed in this way; columns that would be the
// next best guess are to be asked about.
func (m *Mapping) byContents(kind Kind, rows [][]string) {
	want := map[Kind][]struct {
		field Field
		is    func(string) bool
	}{
		Participants:  {{Name, looksLikeName}, {BodyName, looksLikeBody}, {Country, looksLikeCountry}},
		Organisations: {{Name, looksLikeBody}, {Country, looksLikeCountry}},
		Rounds:        {{Opens, looksLikeDate}, {Rules, func(s string) bool { return presetOf(s) != "" }}, {Bodies, func(s string) bool { return len(parts(s)) > 1 && looksLikeBody(parts(s)[0]) }}, {Country, looksLikeCountry}},
		Outputs:       {{Address, looksLikeAddress}, {Published, looksLikeDate}, {Title, func(s string) bool { return len(strings.Fields(s)) > 3 }}},
	}[kind]
	for _, w := range want {
		if m.column(w.field) >= 0 || w.field == Name && (m.column(Family) >= 0) {
			continue
		}
		best, most := -1, 0
		for i, c := range m.Columns {
			if c.Field != NoField {
				continue
			}
			is, all := 0, 0
			for _, row := range rows {
				if i < len(row) && strings.TrimSpace(row[i]) != "" {
					all++
					if w.is(strings.TrimSpace(row[i])) {
						is++
					}
				}
			}
			if is > most && is*10 >= all*6 {
				best, most = i, is
			}
		}
		if best >= 0 {
			m.Columns[best].Field = w.field
			if m.Columns[best].Heading != "" {
				m.Columns[best].Ask = AskField
			}
		}
	}
}

func looksLikeName(s string) bool {
	words := strings.Fields(s)
	if len(words) == 1 {
		return names.Parse(s, names.AnyOrder).Given != ""
	}
	return len(words) <= 6 && !strings.ContainsAny(s, "0123456789@/:;") && !looksLikeBody(s) && !looksLikeCountry(s)
}

var bodyWords = strings.Fields("institut univers minist centre center council academ committee commission agency department office school college foundation associat society bureau corporation bank group command service universid centro fundaci институт универ минист центр академ совет 大学 研究 部 院 中心 学会 公司 局")

func looksLikeBody(s string) bool {
	key := record.Fold(s)
	return slices.ContainsFunc(bodyWords, func(w string) bool { return strings.Contains(key, record.Fold(w)) })
}

func looksLikeCountry(s string) bool {
	_, ok := countries().of(s)
	return ok
}

func looksLikeDate(s string) bool {
	sp, ok := readSpan(s, AnyDates)
	return ok && sp.from != ""
}

func looksLikeAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.")
}

// Looked returns the column with what its cells tell: in which order dates and
// names are written, and whether a person must say so. It is called again when
// somebody changes the column's field.
func (c Column) Looked(s sheet.Sheet, m Mapping, at int) Column {
	c.Dates, c.Names = AnyDates, names.AnyOrder
	if c.Ask == AskDates {
		c.Ask = ""
	}
	if !c.Field.dated() && c.Field != Name {
		return c
	}
	var dayFirst, monthFirst, open, familyFirst, givenFirst, all int
	for _, row := range s.Rows[min(m.Heading, len(s.Rows)):] {
		if at >= len(row) || strings.TrimSpace(row[at]) == "" {
			continue
		}
		all++
		if c.Field == Name {
			if p := names.Parse(row[at], names.AnyOrder); p.Sure && !strings.Contains(row[at], ",") {
				if words := strings.Fields(row[at]); p.Given != "" && strings.EqualFold(words[0], strings.Fields(p.Family)[0]) {
					familyFirst++
				} else if p.Given != "" {
					givenFirst++
				}
			}
			continue
		}
		d, mo, o := evidence(row[at])
		dayFirst, monthFirst, open = dayFirst+count(d), monthFirst+count(mo), open+count(o)
	}
	switch {
	case dayFirst > 0 && monthFirst == 0:
		c.Dates = DayFirst
	case monthFirst > 0 && dayFirst == 0:
		c.Dates = MonthFirst
	case open > 0:
		c.Ask = AskDates
	}
	// Only most of a column tells about the rest of it.
	switch {
	case familyFirst*2 > all && familyFirst > 9*givenFirst:
		c.Names = names.FamilyFirst
	case givenFirst*2 > all && givenFirst > 9*familyFirst:
		c.Names = names.GivenFirst
	}
	return c
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
