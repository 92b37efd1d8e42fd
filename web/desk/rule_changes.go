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

// newRuleChange: GET /rounds/:id/rules/changes/new
func (d *Desk) newRuleChange(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: ruleChangeValues(record.RuleChange{Rules: r.Rules})}
	f.Remember()
	f.Values.Set("id", recordstore.NewID())
	return d.ruleChangePage(c, http.StatusOK, r, head, f)
}

// editRuleChange: GET /rounds/:id/rules/changes/:change
func (d *Desk) editRuleChange(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	change, err := d.ruleChange(c, r)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: ruleChangeValues(change)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(change.Version, 10))
	return d.ruleChangePage(c, http.StatusOK, r, head, f)
}

// ruleChange finds the change that an address names.
func (d *Desk) ruleChange(c echo.Context, r record.Round) (record.RuleChange, error) {
	all, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return record.RuleChange{}, err
	}
	for _, change := range all.Book.Changes {
		if change.ID == c.Param("change") {
			return change, nil
		}
	}
	return record.RuleChange{}, errNothing
}

func (d *Desk) ruleChangePage(c echo.Context, status int, r record.Round, head views.RoundHead, f views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	all, err := d.Record.RoundRules(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	series, err := d.Record.Series(ctx, actor, r.SeriesID)
	if err != nil {
		return err
	}
	p := views.RuleChangePage{
		Head: head, Form: f, Stored: all.Book.Rules, Consents: consents(all, series),
		Sessions: []views.Option{{Words: "The whole round, from a time on"}},
	}
	for _, s := range all.Book.Sessions {
		p.Sessions = append(p.Sessions, views.Option{Value: s.ID, Words: sessionName(s)})
	}
	if id := c.Param("change"); id != "" {
		p.Form.Action = views.RoundPath(r.ID, "rules/changes/"+id)
		p.Remove = p.Form.Action + "/remove"
		for _, change := range all.Book.Changes {
			if change.ID == id {
				p.Stored = change.Rules
			}
		}
	}
	return d.show(c, status, views.RuleChange(d.frame(c, roundFrame), p))
}

// addRuleChange: POST /rounds/:id/rules/changes/new
func (d *Desk) addRuleChange(c echo.Context) error {
	return d.sendRuleChange(c, func(r record.Round, f views.Form) error {
		change := ruleChangeFrom(f, record.RuleChange{RoundID: r.ID, ID: f.Values.Get("id")})
		_, err := d.Record.AddRuleChange(c.Request().Context(), d.actor(c), change, consentOf(f.Values))
		return err
	})
}

// saveRuleChange: POST /rounds/:id/rules/changes/:change
func (d *Desk) saveRuleChange(c echo.Context) error {
	return d.sendRuleChange(c, func(r record.Round, f views.Form) error {
		change := ruleChangeFrom(f, record.RuleChange{RoundID: r.ID, ID: c.Param("change"), Version: version(f)})
		_, err := d.Record.EditRuleChange(c.Request().Context(), d.actor(c), change, consentOf(f.Values))
		return err
	})
}

// removeRuleChange: POST /rounds/:id/rules/changes/:change/remove
func (d *Desk) removeRuleChange(c echo.Context) error {
	return d.sendRuleChange(c, func(r record.Round, f views.Form) error {
		return d.Record.RemoveRuleChange(c.Request().Context(), d.actor(c), r.ID, c.Param("change"), version(f), consentOf(f.Values))
	})
}

// sendRuleChange answers a form of rules for a part of a round.
func (d *Desk) sendRuleChange(c echo.Context, send func(record.Round, views.Form) error) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.ruleChangePage(c, http.StatusUnprocessableEntity, r, head, f)
	}
	err = send(r, f)
	if fault.KindOf(err) == fault.Conflict && c.Param("change") != "" {
		return d.ruleChangeConflict(c, r, f)
	}
	return answered(c, f, err, views.RoundPath(r.ID, "rules"), "saved", func(f views.Form) error {
		return d.ruleChangePage(c, http.StatusUnprocessableEntity, r, head, f)
	})
}

func (d *Desk) ruleChangeConflict(c echo.Context, r record.Round, f views.Form) error {
	now, err := d.ruleChange(c, r)
	if err != nil {
		return err
	}
	all, err := d.Record.Sessions(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return err
	}
	words := permissionNames()
	for _, s := range all {
		words[s.ID] = sessionName(s)
	}
	f.Action = views.RoundPath(r.ID, "rules/changes/"+now.ID)
	return d.conflict(c, f, ruleChangeValues(now), now.Version, merging{
		title: "Rules for a part of the round", back: views.RoundPath(r.ID, "rules"), label: ruleLabel, words: words,
		public: func(string) bool { return false },
	})
}

// ruleChangeValues writes rules for a part of a round as their form shows them.
func ruleChangeValues(c record.RuleChange) url.Values {
	v := vectorValues(c.Rules)
	for name, value := range map[string]string{"session": c.SessionID, "from": spaced(c.From), "until": spaced(c.Until), "asked_by": c.AskedBy} {
		v.Set(name, value)
	}
	return v
}

// spaced writes a moment as a form shows it: 2026-03-25 11:45.
func spaced(moment string) string { return strings.Replace(moment, "T", " ", 1) }

// ruleChangeFrom reads what ruleChangeValues writes.
func ruleChangeFrom(f views.Form, c record.RuleChange) record.RuleChange {
	v := f.Values
	c.SessionID, c.From, c.Until, c.AskedBy, c.Rules = v.Get("session"), v.Get("from"), v.Get("until"), v.Get("asked_by"), rulesOf(f)
	return c
}
