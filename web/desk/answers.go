package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/answers"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

var answerFrame = views.Frame{Title: "Answer", What: "An answer to somebody outside", Section: views.Answers}

// answers: GET /answers
func (d *Desk) answers(c echo.Context) error {
	n, err := page(c)
	if err != nil {
		return err
	}
	rows, total, err := d.Record.Answers(c.Request().Context(), d.actor(c), n, perPage)
	if err != nil {
		return err
	}
	if n > pages(total, perPage) {
		return errNothing
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	p := views.AnswersPage{CanMake: d.actor(c).MayAnywhere(record.MakeAnswer), Pager: d.pager(c, n, perPage, len(rows), total, "answers")}
	for _, a := range rows {
		by, err := d.Record.AccountByID(c.Request().Context(), a.MadeBy)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, views.AnswerRow{Answer: a, Series: series[a.SeriesID].Name, By: by.Name, At: d.when(a.MadeAt)})
	}
	f := answerFrame
	f.Title, f.Here = "Answers", true
	return d.show(c, http.StatusOK, views.AnswerList(d.frame(c, f), p))
}

// newAnswer: GET /answers/new
func (d *Desk) newAnswer(c echo.Context) error {
	f := views.Form{Action: "/answers/new", Values: url.Values{
		"id": {recordstore.NewID()}, "about": {aboutNumbers}, "rows": {string(answers.ByKind)}, "columns": {string(answers.ByYear)},
		"at_least": {strconv.Itoa(answers.Smallest)}, "watermark": {"1"}, "column": {"round", "dates", "post", "badge", "label"},
	}}
	return d.answerForm(c, http.StatusOK, f, whosePeople, nil)
}

// whosePeople is the field that names the body of a list.
var whosePeople = views.Picker{Field: views.Field{Name: "organisation", Label: "Whose people", Hint: "For a list of people."}}

const (
	aboutNumbers = "numbers"
	aboutPeople  = "people"
	aboutOwn     = "own"
)

// makeAnswer: POST /answers/new shows the answer beside its form, and with
// "log" writes it down first. No address holds any of it.
func (d *Desk) makeAnswer(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	a := record.Answer{
		ID: f.Values.Get("id"), SeriesID: f.Values.Get("series"), Recipient: f.Values.Get("recipient"), Asked: f.Values.Get("asked"),
		Since: yearAsked(&f, "since"), Until: yearAsked(&f, "until"), HiddenToo: f.Values.Get("hidden_too") != "",
	}
	body := whosePeople
	about := f.Values.Get("about")
	if about == aboutPeople || about == aboutOwn {
		a.Own = about == aboutOwn
		a.Columns = strings.Join(f.Values["column"], ",")
		if body, a.OrganisationID, err = d.pick(c, &f, body); err != nil {
			return err
		}
		if a.OrganisationID == "" && len(f.Faults) == 0 {
			f.Faults = append(f.Faults, views.Fault{Field: "organisation", Text: "Choose whose people it is about."})
		}
	} else {
		a.Rows, a.Columns = f.Values.Get("rows"), f.Values.Get("columns")
		a.AtLeast, _ = strconv.Atoi(f.Values.Get("at_least"))
	}
	if faults, ok := refused(a.Normal().Check()); ok {
		f.Faults = append(f.Faults, faults...)
	}
	if len(f.Faults) > 0 {
		return d.answerForm(c, http.StatusUnprocessableEntity, f, body, nil)
	}
	a, sheet, err := d.answerSheet(c, a)
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.answerForm(c, http.StatusUnprocessableEntity, f, body, nil)
	}
	if err != nil {
		return err
	}
	sheet.Watermark = f.Values.Get("watermark") != ""
	if f.Values.Get("as") == "log" {
		a.Code = sheet.Code
		if a, err = d.Record.LogAnswer(c.Request().Context(), d.actor(c), a); err != nil {
			if faults, ok := refused(err); ok {
				f.Faults = faults
				return d.answerForm(c, http.StatusUnprocessableEntity, f, body, nil)
			}
			return err
		}
		sheet.Logged = true
	}
	return d.answerForm(c, http.StatusOK, f, body, sheet)
}

func (d *Desk) answerForm(c echo.Context, status int, f views.Form, body views.Picker, sheet *views.AnswerSheet) error {
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	for id := range series {
		if !d.actor(c).May(record.MakeAnswer, id) {
			delete(series, id)
		}
	}
	p := views.AnswerPage{
		Form: f, Body: body, Sheet: sheet,
		Series: after("Choose a series", seriesOptions(series)),
		About:  []views.Option{{Value: aboutNumbers, Words: "Numbers"}, {Value: aboutPeople, Words: "People under a body’s badge"}},
		Least:  []views.Option{{Value: "3", Words: "Fewer than 3"}, {Value: "5", Words: "Fewer than 5"}},
	}
	if d.actor(c).MayAnywhere(record.AnswerOwn) {
		p.OwnToo, p.Body.Hint = true, "For a list of people. A body is told of its own also where they wore another badge."
		p.About = append(p.About, views.Option{Value: aboutOwn, Words: "For a body: its own people"})
	}
	p.Shown = slices.Clone(views.AnswerColumns)
	for i := range p.Shown {
		p.Shown[i].Chosen = slices.Contains(f.Values["column"], p.Shown[i].Key)
	}
	p.Rows = optionsOf(answers.Dimensions, func(dim answers.Dimension) string { return dimensionWords[dim] })
	p.Columns = after("Nothing else", p.Rows)
	frame := answerFrame
	frame.Sheet = sheet != nil
	return d.show(c, status, views.MakeAnswer(d.frame(c, frame), p))
}

var dimensionWords = map[answers.Dimension]string{
	answers.ByKind: "Kind of body", answers.ByYear: "Year", answers.BySide: "Side", answers.ByCapacity: "Capacity",
	answers.ByBody: "Organisation, as disclosed",
}

// answerSheet counts or lists what the answer asks for, of what may be told, and
// returns the answer as it is addressed.
func (d *Desk) answerSheet(c echo.Context, a record.Answer) (record.Answer, *views.AnswerSheet, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.May(record.MakeAnswer, a.SeriesID) {
		return a, nil, fault.Field("series", "Choose a series.")
	}
	a, all, err := d.Record.Answered(ctx, actor, a)
	if err != nil {
		return a, nil, err
	}
	series, err := d.Record.Series(ctx, actor, a.SeriesID)
	if err != nil {
		return a, nil, err
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.Badge.OrganisationID, p.True.OrganisationID)
	}
	bodies, err := d.Record.OrganisationsByID(ctx, actor, ids)
	if err != nil {
		return a, nil, err
	}
	sides := sidesOf(series)
	s := &views.AnswerSheet{House: d.House, Recipient: a.Recipient, Asked: a.Asked, Series: series.Name, Day: d.day(d.Clock().UnixMicro())}
	s.Years = years(a.Since, a.Until)
	if a.OrganisationID == "" {
		q := answers.Question{Rows: answers.Dimension(a.Rows), Columns: answers.Dimension(a.Columns), AtLeast: a.AtLeast}
		table, err := answers.Count(facts(all, bodies, sides), q)
		if err != nil {
			return a, nil, err
		}
		s.Table, s.RowHead, s.Title = &table, dimensionWords[q.Rows], "Participants by "+strings.ToLower(dimensionWords[q.Rows])
	} else {
		if err := d.listPeople(c, s, a, all, bodies, sides); err != nil {
			return a, nil, err
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return a, nil, err
	}
	s.Code, err = d.Record.AnswerCode(ctx, actor, a, text)
	return a, s, err
}

// facts are the appearances as they may be told: under the badge, and a body by
// its name only where its label shows it. Security services that are not shown
// are not counted.
func facts(all []recordstore.Appearance, bodies map[string]record.Organisation, sides map[string]string) (out []answers.Fact) {
	for _, p := range all {
		body := bodies[p.Badge.OrganisationID]
		f := answers.Fact{PersonID: p.PersonID, Kind: body.Kind, Side: sides[p.SideID], Capacity: p.Capacity}
		if p.Badge.Label == record.Exact {
			f.Body = body.Name
		} else if body.Kind == record.SecurityService || body.Kind == record.Category {
			continue
		}
		f.Year = opensIn(p.Round)
		out = append(out, f)
	}
	return out
}

// opensIn is the year of a round, 0 where it is not known.
func opensIn(r record.Round) int {
	for _, day := range []record.Date{r.Opens, r.Closes} {
		if day.Precision() != record.Unknown {
			return day.First().Year()
		}
	}
	return 0
}

func (d *Desk) listPeople(c echo.Context, s *views.AnswerSheet, a record.Answer, all []recordstore.Appearance, bodies map[string]record.Organisation, sides map[string]string) error {
	var ids []string
	for _, p := range all {
		ids = append(ids, p.PersonID)
	}
	people, err := d.Record.PeopleByID(c.Request().Context(), d.actor(c), ids)
	if err != nil {
		return err
	}
	s.Title, s.People = "Who took part, when and under which label", []views.AnswerPerson{}
	s.Own = a.Own
	chosen := strings.Split(a.Columns, ",")
	for _, col := range views.AnswerColumns {
		if slices.Contains(chosen, col.Key) {
			s.Columns = append(s.Columns, col)
		}
	}
	for _, p := range all {
		row := views.AnswerPerson{
			Name: "Not recorded", Round: p.Round.OrdinalLabel, Dates: dates(p.Round), Side: sides[p.SideID],
			Post: p.Post, Badge: bodies[p.Badge.OrganisationID].Name, Label: labelWords[p.Badge.Label],
		}
		if p.TruePresenceID != "" && slices.Contains(chosen, "label") {
			row.Behind = labelWords[p.True.Label]
		}
		if person, known := people[p.PersonID]; known {
			row.Name = person.Name()
		}
		row = row.Only(chosen)
		s.People = append(s.People, row)
	}
	return nil
}

// labelWords say in which form a body may be public.
var labelWords = map[record.DisclosureLabel]string{
	record.Withheld: "withheld", record.BySide: "side only", record.ByCategory: "category", record.ByParent: "parent body", record.Exact: "by name",
}

func years(since, until int) string {
	switch {
	case since > 0 && until > 0:
		return strconv.Itoa(since) + " to " + strconv.Itoa(until)
	case since > 0:
		return "since " + strconv.Itoa(since)
	case until > 0:
		return "until " + strconv.Itoa(until)
	}
	return "all"
}
