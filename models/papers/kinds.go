package papers

import (
	"strings"

	"track15/models/record"
)

func (m Material) delegations(to Recipient) (all []Section) {
	names, of := m.bySide()
	for _, name := range names {
		s := Section{Heading: sideName(name), Columns: []string{"Name", "Organisation"}}
		posts := to == OwnSide || to == Counterpart
		if posts {
			s.Columns = append(s.Columns, "Post")
		}
		if to == OwnSide {
			s.Columns = append(s.Columns, "Capacity")
		}
		for _, g := range of[name] {
			body := g.Body
			if g.Head {
				body = strings.TrimPrefix(body+", head of delegation", ", ")
			}
			row := []Cell{g.called(), {Text: body}}
			if posts {
				row = append(row, Cell{Text: g.Post})
			}
			if to == OwnSide {
				row = append(row, Cell{Text: string(g.Capacity)})
			}
			s.Rows = append(s.Rows, row)
		}
		all = append(all, s)
	}
	return all
}

func (m Material) agenda(to Recipient) (all []Section) {
	if len(m.Topics) > 0 {
		all = append(all, Section{Heading: "Topics", Lines: m.Topics})
	}
	day := record.Date("")
	for i, s := range m.Agenda {
		if i == 0 || s.On != day {
			day = s.On
			all = append(all, Section{Heading: longDay(day), Columns: []string{"Time", "Session"}})
			if to != Host {
				all[len(all)-1].Columns = append(all[len(all)-1].Columns, "Chair", "Presenters")
			}
		}
		at := &all[len(all)-1]
		when := s.Starts
		if s.Ends != "" {
			when = strings.TrimPrefix(when+"–"+s.Ends, "–")
		}
		row := []Cell{{Text: when}, {Text: strings.Join(append([]string{s.Title}, s.Questions...), "\n")}}
		if to != Host {
			row = append(row, Cell{Text: namesOf(s.Chairs)}, Cell{Text: namesOf(s.Presenters)})
		}
		at.Rows = append(at.Rows, row)
	}
	return all
}

func (m Material) attendance() (all []Section) {
	names, of := m.bySide()
	for _, name := range names {
		s := Section{Heading: sideName(name), Columns: []string{"Name", "Organisation", "Signature"}}
		for _, g := range of[name] {
			s.Rows = append(s.Rows, []Cell{g.called(), {Text: g.Body}, {}})
		}
		all = append(all, s)
	}
	return all
}

func (m Material) plates() (all []Plate) {
	names, of := m.bySide()
	for _, name := range names {
		for _, g := range of[name] {
			all = append(all, Plate{Name: g.Name, Native: g.Native, Body: g.Body})
		}
	}
	return all
}

func (m Material) invitation() []Section {
	lines := []string{
		m.House + " has the honour to invite you to take part in " + m.title() + ".",
		"You are invited in your personal capacity. The ground rules of the round will be read out at its opening; until then, please treat this invitation as confidential.",
		"Please tell us by return whether you can come, under which name and post you wish to be listed, and whether your name may be given.",
	}
	all := []Section{{Lines: lines}}
	if len(m.Topics) > 0 {
		all = append(all, Section{Heading: "Topics", Lines: m.Topics})
	}
	return all
}

func namesOf(all []Guest) string {
	names := make([]string, len(all))
	for i, g := range all {
		names[i] = g.Name
	}
	return strings.Join(names, ", ")
}

// longDay writes a day as it stands over an agenda.
func longDay(d record.Date) string {
	if d.Precision() != record.Day {
		return strings.TrimSpace("Sessions " + string(d))
	}
	return d.First().Format("Monday 2 January 2006")
}
