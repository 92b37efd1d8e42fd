package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// rules: GET /rounds/:id/rules
func (d *Desk) rules(c echo.Context) error {
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.ReadDisclosed, r.SeriesID) {
		return errNothing
	}
	f := views.Form{Action: c.Request().URL.Path, Values: rulesValues(r.Rules)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(r.Version, 10))
	return d.rulesPage(c, http.StatusOK, r, head, f)
}

func (d *Desk) rulesPage(c echo.Context, status int, r record.Round, head views.RoundHead, f views.Form) error {
	actor := d.actor(c)
	p := views.RulesPage{
		Head: head, Form: f, Rules: r.Rules, CanEdit: actor.May(record.EditRound, r.SeriesID), Parts: actor.May(record.ReadRound, r.SeriesID),
	}
	if p.Parts {
		all, err := d.Record.RoundRules(c.Request().Context(), actor, r.ID)
		if err != nil {
			return err
		}
		series, err := d.Record.Series(c.Request().Context(), actor, r.SeriesID)
		if err != nil {
			return err
		}
		p.Consents = consents(all, series)
		p.Changes = ruleRows(all.Book)
		p.ReadOuts, p.Agreed = d.readOutCards(all, series)
	}
	return d.show(c, status, views.Rules(d.frame(c, roundFrame), p))
}

// consents asks every side once the rules were read out. A series without sides
// answers as one.
func consents(all recordstore.RoundRules, series record.Series) views.Consents {
	switch {
	case len(all.ReadOuts) == 0:
		return views.Consents{}
	case len(series.Sides) == 0:
		return views.Consents{Sides: []record.Side{{Name: "All parties"}}}
	}
	return views.Consents{Sides: series.Sides}
}

// consentOf reads what the sides answered.
func consentOf(v url.Values) record.Consent {
	consent := record.Consent{}
	for name := range v {
		if side, ok := strings.CutPrefix(name, views.ConsentField("")); ok {
			consent[side] = v.Get(name)
		}
	}
	return consent
}

// saveRules: POST /rounds/:id/rules
func (d *Desk) saveRules(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	r, head, err := d.openRound(c, "rules")
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.rulesPage(c, http.StatusUnprocessableEntity, r, head, f)
	}
	err = d.Record.LoosenRules(c.Request().Context(), d.actor(c), r.ID, version(f), rulesOf(f), consentOf(f.Values))
	if fault.KindOf(err) == fault.Conflict {
		return d.conflict(c, f, rulesValues(r.Rules), r.Version, merging{
			title: "Ground rules", back: views.RoundPath(r.ID, "rules"), label: ruleLabel, words: permissionNames(),
			public: func(field string) bool { return false },
		})
	}
	return answered(c, f, err, views.RoundPath(r.ID, "rules"), "saved", func(f views.Form) error {
		return d.rulesPage(c, http.StatusUnprocessableEntity, r, head, f)
	})
}

// rulesValues writes ground rules as their form shows them.
func rulesValues(g record.GroundRules) url.Values {
	v := vectorValues(g)
	v.Set("text", g.Text)
	if g.TextPublic {
		v.Set("text_public", "1")
	}
	for _, a := range record.Aspects {
		if g.Cleared[a] != "" {
			v.Set(views.ClearedField(a), g.Cleared[a])
		}
	}
	return v
}

// vectorValues writes a preset, its permissions and the embargo.
func vectorValues(g record.GroundRules) url.Values {
	v := url.Values{"preset": {record.PresetOf(g.Preset).Key}, "embargo_until": {string(g.EmbargoUntil)}}
	for _, a := range record.Aspects {
		v.Set(views.RuleField(a), string(g.Vector[a]))
	}
	return v
}

// rulesOf reads what rulesValues writes. Who chooses another preset and touches
// no single permission gets the preset's permissions; who touches one gets what
// stands in the form.
func rulesOf(f views.Form) record.GroundRules {
	v := f.Values
	g := record.GroundRules{
		Preset: v.Get("preset"), Vector: map[record.Aspect]record.Permission{}, Text: v.Get("text"), TextPublic: v.Get("text_public") != "",
		Cleared: map[record.Aspect]string{}, EmbargoUntil: record.Date(v.Get("embargo_until")),
	}
	touched := false
	for _, a := range record.Aspects {
		name := views.RuleField(a)
		if p := record.Permission(v.Get(name)); p != record.Never {
			g.Vector[a] = p
		}
		if basis := v.Get(views.ClearedField(a)); basis != "" {
			g.Cleared[a] = basis
		}
		touched = touched || views.Digest(v[name]) != v.Get("was."+name)
	}
	if another := views.Digest(v["preset"]) != v.Get("was.preset"); another && !touched {
		g.Vector = record.PresetOf(g.Preset).Vector
	}
	return g
}

// ruleLabel is what people call a field of the rules.
func ruleLabel(field string) string {
	for _, a := range record.Aspects {
		switch field {
		case views.RuleField(a):
			return record.WordsOf[a].Name
		case views.ClearedField(a):
			return record.WordsOf[a].Name + ", cleared by"
		}
	}
	if strings.HasPrefix(field, views.ConsentField("")) {
		return "What a side answered"
	}
	if name, ok := ruleLabels[field]; ok {
		return name
	}
	return fieldLabel(field)
}

var ruleLabels = map[string]string{
	"embargo_until": "Embargo ends on", "session": "Applies to", "from": "From", "until": "Until", "asked_by": "Asked by",
	"objections": "Objections", "late": "Late arrivals",
}

// permissionNames are the words for permissions and presets.
func permissionNames() map[string]string {
	names := map[string]string{}
	for p, w := range views.PermissionWords {
		names[string(p)] = w
	}
	for _, p := range record.Presets {
		names[p.Key] = p.Name
	}
	return names
}

// ruleRows writes the rules of parts of a round as a list shows them.
func ruleRows(b record.RuleBook) (rows []views.RuleRow) {
	for _, change := range b.Changes {
		row := views.RuleRow{
			ID: change.ID, Where: "The round", From: views.Moment(change.From), Until: views.Moment(change.Until),
			Name: views.RulesName(change.Rules), Differs: views.Difference(change.Rules, b.Rules), AskedBy: change.AskedBy,
		}
		if i := slices.IndexFunc(b.Sessions, func(s record.Session) bool { return s.ID == change.SessionID }); i >= 0 {
			row.Where = sessionName(b.Sessions[i])
		}
		if row.From == "" {
			row.From = "Its start"
		}
		if row.Until == "" {
			row.Until = "Its end"
		}
		rows = append(rows, row)
	}
	return rows
}

// sessionName is what the house calls a session: "Session 2, contact points".
func sessionName(s record.Session) string {
	name := "Session " + strconv.FormatInt(s.Position, 10)
	if s.Title != "" {
		name += ", " + s.Title
	}
	return name
}
