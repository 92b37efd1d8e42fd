package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// card: GET /rounds/:id/rules/card
func (d *Desk) card(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	all, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return err
	}
	f := d.frame(c, views.Frame{
		Title: "Card to read out", What: "The sheet itself carries no name and no marking. It may lie on the table.", Section: views.Rounds, Sheet: true,
	})
	return d.show(c, http.StatusOK, views.Card(f, views.CardPage{
		ID: r.ID, Title: head.Title, House: d.House, Card: all.Book.Card(), Number: all.Number, Code: all.Code,
		CanEdit: d.actor(c).May(record.EditRound, r.SeriesID),
	}))
}

// newReadOut: GET /rounds/:id/rules/read-outs/new
func (d *Desk) newReadOut(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	all, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: url.Values{"id": {recordstore.NewID()}, "code": {all.Code}}}
	return d.readOutPage(c, http.StatusOK, r, head, f)
}

// editReadOut: GET /rounds/:id/rules/read-outs/:readout
func (d *Desk) editReadOut(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	x, _, err := d.readOut(c, r)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: readOutValues(x)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(x.Version, 10))
	return d.readOutPage(c, http.StatusOK, r, head, f)
}

// readOut finds the read-out that an address names, none if it names none.
func (d *Desk) readOut(c echo.Context, r record.Round) (record.ReadOut, recordstore.RoundRules, error) {
	all, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), r.ID)
	if err != nil || c.Param("readout") == "" {
		return record.ReadOut{}, all, err
	}
	for _, x := range all.ReadOuts {
		if x.ID == c.Param("readout") {
			return x, all, nil
		}
	}
	return record.ReadOut{}, all, errNothing
}

func (d *Desk) readOutPage(c echo.Context, status int, r record.Round, head views.RoundHead, f views.Form) error {
	if !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	x, all, err := d.readOut(c, r)
	if err != nil {
		return err
	}
	p := views.ReadOutPage{Head: head, Form: f, Number: all.Number, Code: all.Code}
	if x.ID != "" {
		p.Number, p.Code, p.Kept = x.Number, x.Code, true
	}
	return d.show(c, status, views.ReadOut(d.frame(c, roundFrame), p))
}

// addReadOut: POST /rounds/:id/rules/read-outs/new
func (d *Desk) addReadOut(c echo.Context) error {
	return d.sendReadOut(c, func(r record.Round, v url.Values) error {
		_, err := d.Record.AddReadOut(c.Request().Context(), d.actor(c), record.ReadOut{
			ID: v.Get("id"), RoundID: r.ID, At: v.Get("at"), By: v.Get("by"), Code: v.Get("code"), Objections: v.Get("objections"), Late: v.Get("late"),
		})
		return err
	})
}

// saveReadOut: POST /rounds/:id/rules/read-outs/:readout
func (d *Desk) saveReadOut(c echo.Context) error {
	return d.sendReadOut(c, func(r record.Round, v url.Values) error {
		_, err := d.Record.EditReadOut(c.Request().Context(), d.actor(c), record.ReadOut{
			ID: c.Param("readout"), RoundID: r.ID, Objections: v.Get("objections"), Late: v.Get("late"), Version: version(views.Form{Values: v}),
		})
		return err
	})
}

func (d *Desk) sendReadOut(c echo.Context, send func(record.Round, url.Values) error) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.readOutPage(c, http.StatusUnprocessableEntity, r, head, f)
	}
	err = send(r, f.Values)
	if fault.KindOf(err) == fault.Conflict && c.Param("readout") != "" {
		now, _, err := d.readOut(c, r)
		if err != nil {
			return err
		}
		return d.conflict(c, f, readOutValues(now), now.Version, merging{
			title: "Read-out", back: views.RoundPath(r.ID, "rules"), label: ruleLabel, public: func(string) bool { return false },
		})
	}
	return answered(c, f, err, views.RoundPath(r.ID, "rules"), "saved", func(f views.Form) error {
		return d.readOutPage(c, http.StatusUnprocessableEntity, r, head, f)
	})
}

// readOutValues writes what may still change of a read-out.
func readOutValues(x record.ReadOut) url.Values {
	return url.Values{"objections": {x.Objections}, "late": {x.Late}}
}

// readOutCards writes read-outs and what was loosened since, with the names of
// those who recorded them.
func (d *Desk) readOutCards(all recordstore.RoundRules, series record.Series) (reads []views.ReadOutCard, agreed []views.ConsentLine) {
	for _, x := range all.ReadOuts {
		reads = append(reads, views.ReadOutCard{
			ID: x.ID, At: views.Moment(x.At), By: x.By, Card: "Card, version " + strconv.FormatInt(x.Number, 10), Code: x.Code,
			Objections: x.Objections, Late: x.Late, Recorded: x.Recorder + ", " + d.when(x.RecordedAt),
		})
	}
	for _, l := range all.Loosenings {
		line := views.ConsentLine{Recorded: l.Recorder + ", " + d.when(l.RecordedAt)}
		var aspects []string
		for _, a := range l.Aspects {
			aspects = append(aspects, strings.ToLower(record.WordsOf[a].Name))
		}
		line.Aspects = strings.Join(aspects, ", ")
		for _, side := range consents(all, series).Sides {
			line.Answers = append(line.Answers, views.Fact{Label: side.Name, Value: l.Consent[side.ID]})
		}
		agreed = append(agreed, line)
	}
	return reads, agreed
}
