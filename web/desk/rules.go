package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
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
	p := views.RulesPage{Head: head, Form: f, Rules: r.Rules, CanEdit: d.actor(c).May(record.EditRound, r.SeriesID)}
	return d.show(c, status, views.Rules(d.frame(c, roundFrame), p))
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
	err = d.Record.EditRules(c.Request().Context(), d.actor(c), r.ID, version(f), rulesOf(f))
	if fault.KindOf(err) == fault.Conflict {
		return d.conflict(c, f, rulesValues(r.Rules), r.Version, merging{
			title: "Ground rules", back: views.RoundPath(r.ID, "rules"), label: ruleLabel, words: permissionNames(),
			public: func(field string) bool { return false },
		})
	}
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.rulesPage(c, http.StatusUnprocessableEntity, r, head, f)
	}
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(r.ID, "rules"), "saved")
}

// rulesValues writes ground rules as their form shows them.
func rulesValues(g record.GroundRules) url.Values {
	v := url.Values{"preset": {record.PresetOf(g.Preset).Key}, "text": {g.Text}}
	if g.TextPublic {
		v.Set("text_public", "1")
	}
	for _, a := range record.Aspects {
		v.Set(views.RuleField(a), string(g.Vector[a]))
		if g.Cleared[a] != "" {
			v.Set(views.ClearedField(a), g.Cleared[a])
		}
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
		Cleared: map[record.Aspect]string{},
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
			return views.WordsOf[a].Name
		case views.ClearedField(a):
			return views.WordsOf[a].Name + ", cleared by"
		}
	}
	return fieldLabel(field)
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
