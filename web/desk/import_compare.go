package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/intake"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/sheet"
	"track15/models/tables"
	views "track15/views/desk"
)

// compareRow: GET /import/:id/rows/:row shows a row beside the entry that the
// record has of it, as far as the person may read that.
func (d *Desk) compareRow(c echo.Context) error {
	t, w, err := d.openImport(c)
	if err != nil {
		return err
	}
	if t.State != recordstore.IntakeOpen || len(t.Rows) == 0 {
		return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, ""))
	}
	reading, _, err := d.reading(c, t, w)
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(c.Param("row"))
	at := slices.IndexFunc(reading.Rows, func(row intake.Row) bool { return row.Number == number })
	if at < 0 {
		return errNothing
	}
	row := reading.Rows[at]
	known, err := d.knownRows(c, t, intake.Reading{Rows: reading.Rows[at : at+1]})
	if err != nil {
		return err
	}
	if stateOf(row, known) != intake.Here {
		return errNothing
	}
	head, err := d.importHead(c, t)
	if err != nil {
		return err
	}
	p := views.ImportComparePage{Head: head, Number: row.Number}
	read, stands, path, err := d.beside(c, intake.Kind(t.Kind), row, known[row.Digest])
	if fault.KindOf(err) == fault.NotFound {
		return d.show(c, http.StatusOK, views.ImportCompare(d.frame(c, importFrame), p)) // removed since, or not theirs to read
	}
	if err != nil {
		return err
	}
	p.Entry = path
	for _, i := range columnsShown(w.Mapping) {
		column := w.Mapping.Columns[i]
		entry, is := tables.Cell(stands, 0, column.Field)
		if !is {
			continue // what no table says of an entry: a true affiliation
		}
		meant, _ := tables.Cell(read, 0, column.Field)
		differ := !oneValue(row.Cells[i], entry) && !oneValue(meant, entry)
		switch column.Field {
		case intake.SeriesName, intake.RoundName:
			differ = false // by these the row was found to be the entry
		case intake.Rules:
			entry = record.PresetOf(entry).Name
		}
		p.Cells = append(p.Cells, views.TwoCells{
			Column: columnWords(column, i), Row: views.Shown(row.Cells[i]), Entry: entry, Differ: differ,
		})
	}
	return d.show(c, http.StatusOK, views.ImportCompare(d.frame(c, importFrame), p))
}

// oneValue reports whether two cells say one thing: lists in any order, in any
// spelling of case and accents.
func oneValue(a, b string) bool {
	parts := func(s string) []string {
		all := strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '\n' })
		for i := range all {
			all[i] = record.Fold(all[i])
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(parts(a), parts(b))
}

// beside writes what was read from a row, and the entry that the record has of
// it, as tables of one row. path is the entry's page. It fails with NotFound
// where the person cannot read the entry.
func (d *Desk) beside(c echo.Context, kind intake.Kind, row intake.Row, objectID string) (read, stands sheet.Table, path string, err error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	n := tables.Names{Series: map[string]string{}, Sides: map[string]string{}, Bodies: map[string]string{}}
	written := func(name string) string { n.Bodies[name] = name; return name } // a name stands for itself
	switch {
	case kind == intake.Rounds && row.Round != nil:
		if objectID == "" {
			objectID = row.RoundID
		}
		r, err := d.Record.Round(ctx, actor, objectID)
		if err != nil {
			return read, stands, "", err
		}
		if n, err = d.tableNames(c, r.Presences); err != nil {
			return read, stands, "", err
		}
		var there []record.Presence
		for _, m := range row.Round.Bodies {
			there = append(there, record.Presence{OrganisationID: written(m.Name), Role: m.Role})
		}
		return tables.Rounds([]record.Round{row.Round.Round}, map[string][]record.Presence{"": there}, n),
			tables.Rounds([]record.Round{r}, map[string][]record.Presence{r.ID: r.Presences}, n), views.RoundPath(r.ID, ""), nil
	case kind == intake.Outputs && row.Output != nil:
		if objectID == "" {
			objectID = row.TextID
		}
		o, err := d.Record.Output(ctx, actor, objectID)
		if err != nil {
			return read, stands, "", err
		}
		about := record.Round{}
		if o.RoundID != "" {
			if about, err = d.Record.Round(ctx, actor, o.RoundID); err != nil {
				return read, stands, "", err
			}
		}
		n, err := d.tableNames(c, nil)
		return tables.Outputs([]tables.Output{{Output: row.Output.Output}}, n), tables.Outputs([]tables.Output{{Output: o, Round: about}}, n), "/drafts/" + o.ID, err
	case kind == intake.Organisations && row.Organisation != nil:
		all, err := d.Record.OrganisationsByID(ctx, actor, []string{objectID})
		o, is := all[objectID]
		if err != nil || !is {
			return read, stands, "", orNothing(err)
		}
		above, err := d.bodies(c, slices.DeleteFunc([]string{o.ParentID}, func(id string) bool { return id == "" }))
		if err != nil {
			return read, stands, "", err
		}
		n.Bodies[o.ParentID] = above[o.ParentID].Name
		mine := row.Organisation.Organisation
		mine.ParentID = written(row.Organisation.Parent)
		return tables.Organisations([]record.Organisation{mine}, n), tables.Organisations([]record.Organisation{o}, n), "/organisations/" + o.ID, nil
	case kind == intake.Participants && row.Participant != nil:
		return d.besideParticipant(c, row, objectID, written, n)
	}
	return read, stands, "", errNothing
}

func (d *Desk) besideParticipant(c echo.Context, row intake.Row, id string, written func(string) string, n tables.Names) (read, stands sheet.Table, path string, err error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	all, _, err := d.Record.Appearances(ctx, actor, recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{HiddenToo: true}, PerPage: 0})
	at := slices.IndexFunc(all, func(a recordstore.Appearance) bool { return a.ID == id })
	if err != nil || at < 0 {
		return read, stands, "", orNothing(err)
	}
	a, e := all[at], row.Participant
	people, err := d.Record.PeopleByID(ctx, actor, []string{a.PersonID})
	if err != nil {
		return read, stands, "", err
	}
	names, err := d.tableNames(c, []record.Presence{a.Badge})
	if err != nil {
		return read, stands, "", err
	}
	mine := tables.Participant{
		Participation: e.Participation, Person: e.Person,
		Round: record.Round{OrdinalLabel: e.Round.Label, InternalTitle: e.Round.Title, Opens: e.Round.Opens, Closes: e.Round.Closes, City: e.Round.City},
		Badge: record.Presence{OrganisationID: written(e.Badge), Track: e.Track, Role: e.Role},
	}
	n.Sides = names.Sides
	return tables.Participants([]tables.Participant{mine}, n),
		tables.Participants([]tables.Participant{{Participation: a.Participation, Person: people[a.PersonID], Round: a.Round, Badge: a.Badge}}, names),
		views.RoundPath(a.Round.ID, "participants/"+a.ID), nil
}

// orNothing is err, or that there is no such entry.
func orNothing(err error) error {
	if err == nil {
		return errNothing
	}
	return err
}
