package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/views/components"
	views "track15/views/desk"
)

var keptFrame = views.Frame{Title: "Retention", What: "Which notes are kept, until when, and what became of the others", Section: views.Retention}

// kept: GET /kept
func (d *Desk) kept(c echo.Context) error {
	all, err := d.Record.KeptRounds(c.Request().Context(), d.actor(c))
	if err != nil {
		return err
	}
	p := views.KeptPage{}
	for _, k := range all {
		p.Rows = append(p.Rows, d.keptRow(k))
	}
	f := keptFrame
	f.Here = true
	return d.show(c, http.StatusOK, views.KeptRounds(d.frame(c, f), p))
}

func (d *Desk) keptRow(k recordstore.Kept) views.KeptRow {
	row := views.KeptRow{ID: k.RoundID, Reference: k.Reference, Held: components.Date(string(k.Opens)), Notes: k.Notes, Sessions: k.Sessions, Drafts: k.Drafts, Evidence: k.Evidence}
	switch today := d.Clock().UTC().Format(time.DateOnly); {
	case k.Due == "":
		row.Due = retentionWords[k.Retention.Rule]
	case string(k.Due) <= today:
		row.Due, row.Overdue = "Due since "+components.Date(string(k.Due)), true
	default:
		row.Due = "Due " + components.Date(string(k.Due))
	}
	for _, h := range k.Holds {
		if h.Holds(d.Clock()) {
			row.State = "Held"
		}
	}
	for _, x := range k.Destructions {
		switch x.State {
		case record.DestructionProposed:
			row.State = "Destruction proposed"
		case record.DestructionConfirmed:
			row.State = "Being destroyed"
		case record.DestructionDone:
			row.State = "Destroyed"
		}
	}
	return row
}

// retentionWords say what a rule means for notes that are not due on a day.
var retentionWords = map[record.RetentionRule]string{
	record.RetentionUndecided: "Nobody decided yet", record.AfterRound: "Not due: the round has no last day",
	record.AfterRelease: "Not due: nothing is released yet", record.KeepForever: "Kept",
}

// keptRound: GET /kept/:id
func (d *Desk) keptRound(c echo.Context) error {
	return d.keptPage(c, http.StatusOK, views.Form{Values: url.Values{}})
}

// keptPage shows what is kept of a round; f is the form that was refused.
func (d *Desk) keptPage(c echo.Context, status int, f views.Form) error {
	actor := d.actor(c)
	k, err := d.Record.Kept(c.Request().Context(), actor, c.Param("id"))
	if err != nil {
		return err
	}
	series := k.Retention.SeriesID
	if f.Values.Get("id") == "" {
		f.Values.Set("id", recordstore.NewID())
	}
	p := views.KeptRoundPage{
		Row: d.keptRow(k), Form: f, Retention: k.Retention, SeriesID: series,
		CanSet: actor.May(record.SetRetention, series), CanHold: actor.May(record.HoldNotes, series), CanEnd: actor.May(record.EndHold, series),
		CanPropose: actor.May(record.Propose, series), Rules: optionsOf(record.RetentionRules, func(r record.RetentionRule) string { return ruleWords[r] }),
	}
	for _, h := range k.Holds {
		says := "Since " + d.day(h.SetAt) + ", by " + h.SetBy.Name + ": " + sentence(h.Reason)
		if h.EndedAt != 0 {
			says += " Ended " + d.day(h.EndedAt) + " by " + h.EndedBy.Name + ": " + sentence(h.EndedWhy)
		} else if h.Until != "" {
			says += " Until " + components.Date(string(h.Until)) + "."
		}
		p.Holds = append(p.Holds, views.HoldRow{ID: h.ID, Says: says, Open: h.Holds(d.Clock())})
	}
	open := false
	for _, x := range k.Destructions {
		row := views.DestructionRow{ID: x.ID, State: capital(x.State), Says: "Proposed " + d.day(x.ProposedAt) + " by " + x.ProposedBy.Name + ": " + sentence(x.Reason)}
		switch x.State {
		case record.DestructionProposed:
			open = true
			row.CanConfirm = actor.May(record.Confirm, series) && x.ProposedBy.ID != actor.ID
			row.CanRefuse = row.CanConfirm || x.ProposedBy.ID == actor.ID
		case record.DestructionDone, record.DestructionConfirmed:
			row.Says += " Confirmed " + d.day(x.AnsweredAt) + " by " + x.AnsweredBy.Name + "."
			row.Done = x.State == record.DestructionDone
			open = true
		case record.DestructionRefused:
			row.Says += " Refused " + d.day(x.AnsweredAt) + " by " + x.AnsweredBy.Name + "."
		}
		p.Destructions = append(p.Destructions, row)
	}
	p.CanPropose = p.CanPropose && !open && k.Notes+k.Drafts > 0
	return d.show(c, status, views.KeptRound(d.frame(c, keptFrame), p))
}

var ruleWords = map[record.RetentionRule]string{
	record.RetentionUndecided: "Not decided", record.AfterRound: "Some days after the round", record.AfterRelease: "Some days after the last release",
	record.KeepForever: "Never",
}

// keptForm is the form of an act on what is kept of a round.
func (d *Desk) keptForm(c echo.Context, do func(v url.Values) error, what string) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = do(f.Values)
	delete(f.Values, "password")
	if err != nil {
		var again bool
		if f.Faults, again = faultsOf(err); again {
			return d.keptPage(c, http.StatusUnprocessableEntity, f)
		}
		return err
	}
	return done(c, "/kept/"+c.Param("id"), what)
}

// setRetention: POST /kept/:id/retention
func (d *Desk) setRetention(c echo.Context) error {
	return d.keptForm(c, func(v url.Values) error {
		k, err := d.Record.Kept(c.Request().Context(), d.actor(c), c.Param("id"))
		if err != nil {
			return err
		}
		days, err := strconv.Atoi(v.Get("days"))
		if err != nil && v.Get("days") != "" {
			return fault.Field("days", "Enter a number of days.")
		}
		return d.Record.SetRetention(c.Request().Context(), d.actor(c), record.Retention{
			SeriesID: k.Retention.SeriesID, Rule: record.RetentionRule(v.Get("rule")), Days: days,
		})
	}, "saved")
}

// hold: POST /kept/:id/hold
func (d *Desk) hold(c echo.Context) error {
	return d.keptForm(c, func(v url.Values) error {
		_, err := d.Record.HoldNotes(c.Request().Context(), d.actor(c), record.Hold{
			ID: v.Get("id"), RoundID: c.Param("id"), Reason: v.Get("reason"), Until: record.Date(v.Get("until")),
		})
		return err
	}, "saved")
}

// endHold: POST /kept/:id/hold/:hold
func (d *Desk) endHold(c echo.Context) error {
	return d.keptForm(c, func(v url.Values) error {
		return d.Record.EndHold(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("hold"), v.Get("why"))
	}, "saved")
}

// proposeDestruction: POST /kept/:id/destroy
func (d *Desk) proposeDestruction(c echo.Context) error {
	return d.keptForm(c, func(v url.Values) error {
		_, err := d.Record.ProposeDestruction(c.Request().Context(), d.actor(c), record.Destruction{ID: v.Get("id"), RoundID: c.Param("id"), Reason: v.Get("because")})
		return err
	}, "proposed")
}

// refuseDestruction: POST /kept/:id/destroy/:destruction/refuse
func (d *Desk) refuseDestruction(c echo.Context) error {
	return d.keptForm(c, func(url.Values) error {
		return d.Record.RefuseDestruction(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("destruction"))
	}, "saved")
}

// confirmDestruction: POST /kept/:id/destroy/:destruction, with the person's own
// password and the reference of the round, typed. What it confirms is carried
// out at once.
func (d *Desk) confirmDestruction(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	return d.keptForm(c, func(v url.Values) error {
		if err := d.Record.Reauthenticate(ctx, actor, v.Get("password")); err != nil {
			return err
		}
		if err := d.Record.ConfirmDestruction(ctx, actor, c.Param("id"), c.Param("destruction"), v.Get("reference")); err != nil {
			return err
		}
		if _, err := d.Record.FinishDestructions(ctx, record.Worker()); err != nil {
			return d.unfinished(c, err)
		}
		return nil
	}, "destroyed")
}

// unfinished is the error of destructions that could not be ended, if the one
// that was confirmed is among them: that of another round stays with it.
func (d *Desk) unfinished(c echo.Context, err error) error {
	k, e := d.Record.Kept(c.Request().Context(), d.actor(c), c.Param("id"))
	if e != nil {
		return e
	}
	for _, x := range k.Destructions {
		if x.ID == c.Param("destruction") && x.State == record.DestructionDone {
			d.Logger.Error("notes that two people decided to destroy are not destroyed", "err", err)
			return nil
		}
	}
	return err
}

// certificate: GET /kept/:id/destroy/:destruction
func (d *Desk) certificate(c echo.Context) error {
	signed, err := d.certificateOf(c)
	if err != nil {
		return err
	}
	var s record.SignedCertificate
	if err := json.Unmarshal([]byte(signed), &s); err != nil {
		return err
	}
	p := views.CertificatePage{RoundID: c.Param("id"), File: c.Request().URL.Path + "/certificate.json", House: d.House, Signature: s.Signature, PublicKey: s.PublicKey}
	if err := json.Unmarshal(s.Certificate, &p.Certificate); err != nil {
		return err
	}
	f := keptFrame
	f.Sheet = true
	return d.show(c, http.StatusOK, views.Certificate(d.frame(c, f), p))
}

// certificateFile: GET /kept/:id/destroy/:destruction/certificate.json
func (d *Desk) certificateFile(c echo.Context) error {
	signed, err := d.certificateOf(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="certificate.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, []byte(signed))
}

func (d *Desk) certificateOf(c echo.Context) (string, error) {
	k, err := d.Record.Kept(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return "", err
	}
	for _, x := range k.Destructions {
		if x.ID == c.Param("destruction") && x.Certificate != "" {
			return x.Certificate, nil
		}
	}
	return "", errNothing
}
