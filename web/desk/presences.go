package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// presences: GET /rounds/:id/organisations
func (d *Desk) presences(c echo.Context) error {
	r, head, err := d.openRound(c, "organisations")
	if err != nil {
		return err
	}
	actor := d.actor(c)
	if !actor.May(record.ReadDisclosed, r.SeriesID) {
		return errNothing
	}
	sides, err := d.sideNames(c, r.SeriesID)
	if err != nil {
		return err
	}
	bodies, err := d.Record.NamesOf(c.Request().Context(), actor, r.ID)
	if err != nil {
		return err
	}
	p := views.PresencesPage{Head: head, CanEdit: actor.May(record.EditRound, r.SeriesID)}
	if p.Panel, err = d.panel(c, r); err != nil {
		return err
	}
	mayTrue := actor.May(record.ReadTrue, r.SeriesID)
	for _, pr := range r.Presences {
		row := views.PresenceRow{
			ID: pr.ID, MayTrue: mayTrue, Side: sides[pr.SideID], Track: pr.Track, Role: views.RoleWords[pr.Role],
			Label: views.LabelWords[pr.Label], Shown: publicForm(pr, bodies, sides),
		}
		switch o := bodies[pr.OrganisationID]; {
		case pr.AttendsThroughID != "":
			row.Body, row.Native, row.True = bodies[pr.AttendsThroughID].Name, bodies[pr.AttendsThroughID].Native, bodyName(pr, bodies)
		case pr.OrganisationID != "":
			row.Body, row.Native = o.Name, o.Native
		case pr.Words != "":
			row.Body = pr.Words
		default:
			row.Body = row.Shown
		}
		p.Rows = append(p.Rows, row)
	}
	return d.show(c, http.StatusOK, views.Presences(d.frame(c, roundFrame), p))
}

// bodyName is what people call a presence: its body, or the words for none.
func bodyName(p record.Presence, bodies map[string]record.Organisation) string {
	if p.OrganisationID == "" {
		return p.Words
	}
	return bodies[p.OrganisationID].Name
}

// publicForm is how a presence would stand in public: "" for nothing.
func publicForm(p record.Presence, bodies map[string]record.Organisation, sides map[string]string) string {
	switch p.Label {
	case record.Exact:
		return bodyName(p, bodies)
	case record.ByParent:
		return bodies[bodies[p.OrganisationID].ParentID].Name
	case record.ByCategory:
		if p.CategoryID == "" {
			return bodies[p.OrganisationID].Name
		}
		return bodies[p.CategoryID].Name
	case record.BySide:
		return sides[p.SideID]
	}
	return ""
}

// sideNames returns the names of a series' sides by id.
func (d *Desk) sideNames(c echo.Context, seriesID string) (map[string]string, error) {
	s, err := d.Record.Series(c.Request().Context(), d.actor(c), seriesID)
	return sidesOf(s), err
}

func sidesOf(s record.Series) map[string]string {
	names := map[string]string{}
	for _, side := range s.Sides {
		names[side.ID] = side.Name
	}
	return names
}

// newPresence: GET /rounds/:id/organisations/new
func (d *Desk) newPresence(c echo.Context) error {
	r, head, err := d.openRound(c, "organisations")
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	f := views.Form{Action: c.Request().URL.Path, Values: presenceValues(record.Presence{})}
	f.Values.Set("id", recordstore.NewID())
	f.Values.Set("version", strconv.FormatInt(r.Version, 10))
	return d.presenceForm(c, http.StatusOK, r, head, f, pickers{bodyPicker, badgePicker})
}

// editPresence: GET /rounds/:id/organisations/:presence
func (d *Desk) editPresence(c echo.Context) error {
	r, head, err := d.openRound(c, "organisations")
	if err != nil {
		return err
	}
	pr, ok := presenceOf(r, c.Param("presence"))
	if !ok || !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	f := views.Form{Action: c.Request().URL.Path, Values: presenceValues(pr)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(r.Version, 10))
	picks, _, _, err := d.pickBoth(c, &f)
	if err != nil {
		return err
	}
	return d.presenceForm(c, http.StatusOK, r, head, f, picks)
}

func presenceOf(r record.Round, id string) (record.Presence, bool) {
	i := slices.IndexFunc(r.Presences, func(p record.Presence) bool { return p.ID == id })
	if i < 0 {
		return record.Presence{}, false
	}
	return r.Presences[i], true
}

// pickers are the two fields of a presence that name an organisation.
type pickers struct{ body, badge views.Picker }

var (
	bodyPicker = views.Picker{
		Field: views.Field{Name: "organisation", Label: "Organisation", Hint: "Where somebody attended through another body: the true body. It never leaves the record then.", Class: "field--l"},
		None:  "No body",
	}
	badgePicker = views.Picker{
		Field: views.Field{Name: "attends_through", Label: "Attended through", Hint: "The body whose badge was worn, if it is another one", Class: "field--l"},
		None:  "Through nobody",
	}
)

func (d *Desk) pickBoth(c echo.Context, f *views.Form) (p pickers, body, badge string, err error) {
	if p.body, body, err = d.pick(c, f, bodyPicker); err != nil {
		return p, "", "", err
	}
	p.badge, badge, err = d.pick(c, f, badgePicker)
	return p, body, badge, err
}

func (d *Desk) presenceForm(c echo.Context, status int, r record.Round, head views.RoundHead, f views.Form, picks pickers) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	p := views.PresencePage{Head: head, Form: f, New: c.Param("presence") == "", Organisation: picks.body}
	if actor.May(record.EditTrue, r.SeriesID) {
		p.Badge = &picks.badge
	}
	s, err := d.Record.Series(ctx, actor, r.SeriesID)
	if err != nil {
		return err
	}
	p.Sides = []views.Option{{Words: "Not stated"}}
	for _, side := range s.Sides {
		p.Sides = append(p.Sides, views.Option{Value: side.ID, Words: side.Name})
	}
	for _, t := range []string{"", "1", "2"} {
		p.Tracks = append(p.Tracks, views.Option{Value: t, Words: views.TrackWords[t]})
	}
	p.Roles = optionsOf(record.Roles, func(r record.Role) string { return views.RoleWords[r] })
	for _, l := range record.DisclosureLabels {
		p.Labels = append(p.Labels, views.Option{Value: string(l), Words: views.LabelWords[l], Says: labelSays[l]})
	}
	categories, _, err := d.Record.Organisations(ctx, actor, recordstore.OrganisationFilter{Kind: record.Category})
	if err != nil {
		return err
	}
	p.Categories = []views.Option{{Words: "None"}}
	for _, o := range categories {
		if o.AtLeastThree {
			p.Categories = append(p.Categories, views.Option{Value: o.ID, Words: o.Name})
		}
	}
	return d.show(c, status, views.PresenceForm(d.frame(c, roundFrame), p))
}

// labelSays explains the labels where one is chosen.
var labelSays = map[record.DisclosureLabel]string{
	record.Withheld:   "Nothing of it becomes public, not even that somebody was there.",
	record.BySide:     "Only that somebody of this side took part.",
	record.ByCategory: "A category of bodies of one side. It stands once, without track, role or number.",
	record.ByParent:   "The body above it in the directory.",
	record.Exact:      "The body by its own name, or the words as they are.",
}

// addPresence: POST /rounds/:id/organisations/new
func (d *Desk) addPresence(c echo.Context) error { return d.sendPresence(c) }

// savePresence: POST /rounds/:id/organisations/:presence
func (d *Desk) savePresence(c echo.Context) error { return d.sendPresence(c) }

func (d *Desk) sendPresence(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	r, head, err := d.openRound(c, "organisations")
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	picks, body, badge, err := d.pickBoth(c, &f)
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.presenceForm(c, http.StatusUnprocessableEntity, r, head, f, picks)
	}
	was, isNew := record.Presence{}, c.Param("presence") == ""
	if !isNew {
		if was, _ = presenceOf(r, c.Param("presence")); was.ID == "" {
			return errNothing
		}
	}
	p := presenceFrom(f, was)
	p.OrganisationID, p.AttendsThroughID = body, badge
	ctx, actor := c.Request().Context(), d.actor(c)
	if isNew {
		p.ID = f.Values.Get("id")
		_, err = d.Record.AddPresence(ctx, actor, r.ID, version(f), p)
		// Another person's change of the round is no contradiction to one more
		// organisation.
		if fault.KindOf(err) == fault.Conflict {
			_, err = d.Record.AddPresence(ctx, actor, r.ID, r.Version, p)
		}
	} else {
		_, err = d.Record.EditPresence(ctx, actor, r.ID, version(f), p)
	}
	if fault.KindOf(err) == fault.Conflict {
		return d.presenceConflict(c, r, was, f)
	}
	return answered(c, f, err, views.RoundPath(r.ID, "organisations"), "saved", func(f views.Form) error {
		return d.presenceForm(c, http.StatusUnprocessableEntity, r, head, f, picks)
	})
}

func (d *Desk) presenceConflict(c echo.Context, r record.Round, now record.Presence, f views.Form) error {
	words, err := d.sideNames(c, r.SeriesID)
	if err != nil {
		return err
	}
	v := f.Values
	bodies, err := d.bodies(c, []string{
		now.OrganisationID, now.AttendsThroughID, now.CategoryID, v.Get("organisation_id"), v.Get("attends_through_id"), v.Get("category"),
	})
	if err != nil {
		return err
	}
	for id, o := range bodies {
		words[id] = o.Name
	}
	forget(v, "organisation")
	forget(v, "attends_through")
	return d.conflict(c, f, presenceValues(now), r.Version, merging{
		title: "Organisation at the round", back: views.RoundPath(r.ID, "organisations"), label: fieldLabel, words: words,
		public: func(string) bool { return false },
	})
}

// removePresence: POST /rounds/:id/organisations/:presence/remove
func (d *Desk) removePresence(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Record.RemovePresence(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("presence"), version(f))
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(c.Param("id"), "organisations"), "removed")
}

// presenceValues writes a presence as its form shows it.
func presenceValues(p record.Presence) url.Values {
	return url.Values{
		"organisation_id": {p.OrganisationID}, "words": {p.Words}, "side": {p.SideID}, "track": {p.Track}, "role": {string(p.Role)},
		"label": {string(p.Label)}, "category": {p.CategoryID}, "attends_through_id": {p.AttendsThroughID},
	}
}

// presenceFrom reads what presenceValues writes, but for the organisations.
// What the form does not hold stays as it was.
func presenceFrom(f views.Form, was record.Presence) record.Presence {
	v := f.Values
	return record.Presence{
		ID: was.ID, Words: v.Get("words"), SideID: v.Get("side"), Track: v.Get("track"), Role: record.Role(v.Get("role")),
		Label: record.DisclosureLabel(v.Get("label")), CategoryID: v.Get("category"), Disclosed: was.Disclosed,
	}
}
