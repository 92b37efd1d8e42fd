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

var (
	personPicker = views.Picker{
		Field: views.Field{Name: "person", Label: "Person", Hint: "Whoever is in the directory already", Class: "field--l"},
		None:  "Somebody who is not recorded",
	}
	otherBadgePicker = views.Picker{
		Field: views.Field{Name: "badge_body", Label: "Or a badge of another body", Hint: "It joins the organisations of the round, withheld.", Class: "field--l"},
		None:  "No other body",
	}
	otherTruePicker = views.Picker{
		Field: views.Field{Name: "true_body", Label: "Or another true affiliation", Hint: "Sealed, and withheld.", Class: "field--l"},
		None:  "No other body",
	}
)

// participantPickers are the fields of the form that name an entry of a
// directory.
type participantPickers struct{ person, badge, truth views.Picker }

var noWords = participantPickers{personPicker, otherBadgePicker, otherTruePicker}

// newParticipant: GET /rounds/:id/participants/new
func (d *Desk) newParticipant(c echo.Context) error {
	g, err := d.gatheringOf(c, "participants", record.EditRound)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: participantValues(record.Participation{})}
	f.Values.Set("id", recordstore.NewID())
	return d.participantForm(c, http.StatusOK, g, f, noWords)
}

// editParticipant: GET /rounds/:id/participants/:participation
func (d *Desk) editParticipant(c echo.Context) error {
	g, was, err := d.participationOf(c)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: participantValues(was)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(was.Version, 10))
	picks := noWords
	if picks.person, _, err = pickFrom(d.peopleListing(c), &f, personPicker); err != nil {
		return err
	}
	return d.participantForm(c, http.StatusOK, g, f, picks)
}

// participationOf reads the participation of the address, for editing.
func (d *Desk) participationOf(c echo.Context) (gathering, record.Participation, error) {
	g, err := d.gatheringOf(c, "participants", record.EditRound)
	for _, p := range g.all {
		if p.ID == c.Param("participation") {
			return g, p, err
		}
	}
	if err == nil {
		err = errNothing
	}
	return g, record.Participation{}, err
}

func (d *Desk) participantForm(c echo.Context, status int, g gathering, f views.Form, picks participantPickers) error {
	p := views.ParticipantPage{Head: g.head, Form: f, New: c.Param("participation") == "", Person: picks.person, Version: f.Values.Get("version")}
	p.Person.Directory = false // somebody new is entered in place
	editTrue := d.actor(c).May(record.EditTrue, g.round.SeriesID)
	p.Badges = []views.Option{{Words: "Not recorded"}}
	for _, pr := range g.round.Presences {
		if name := g.bodyName(pr); name != "" && pr.AttendsThroughID == "" {
			p.Badges = append(p.Badges, views.Option{Value: pr.ID, Words: beside(name, g.sides[pr.SideID])})
		}
	}
	if editTrue {
		p.Trues = []views.Option{{Words: "Same as the badge"}}
		for _, pr := range g.round.Presences {
			if pr.AttendsThroughID != "" {
				p.Trues = append(p.Trues, views.Option{Value: pr.ID, Words: g.bodyName(pr) + ", behind " + g.bodies[pr.AttendsThroughID].Name})
			}
		}
	}
	p.OtherBadge = picks.badge
	if editTrue {
		p.OtherTrue = &picks.truth
	}
	for _, a := range g.all {
		if a.ID == c.Param("participation") {
			p.Code = a.Code
		}
	}
	s, err := d.Record.Series(c.Request().Context(), d.actor(c), g.round.SeriesID)
	if err != nil {
		return err
	}
	p.Sides = []views.Option{{Words: "As the badge"}}
	for _, side := range s.Sides {
		p.Sides = append(p.Sides, views.Option{Value: side.ID, Words: side.Name})
	}
	p.Capacities, p.States = optionsOf(record.Capacities, views.CapacityWords), optionsOf(record.Attendances, views.AttendanceWords)
	p.Clearances = optionsOf(record.ClearanceStates, views.ClearanceWords)
	for _, x := range g.sessions {
		p.Sessions = append(p.Sessions, views.Option{Value: x.ID, Words: x.Title})
	}
	return d.show(c, status, views.ParticipantForm(d.frame(c, roundFrame), p))
}

// addParticipant: POST /rounds/:id/participants/new
func (d *Desk) addParticipant(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	g, err := d.gatheringOf(c, "participants", record.EditRound)
	if err != nil {
		return err
	}
	picks, e, err := d.entrant(c, &f, g, record.Participation{})
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.participantForm(c, http.StatusUnprocessableEntity, g, f, picks)
	}
	_, err = d.Record.Enter(c.Request().Context(), d.actor(c), g.round.ID, []recordstore.Entrant{e})
	return answered(c, f, err, views.RoundPath(g.round.ID, "participants"), "added", func(f views.Form) error {
		return d.participantForm(c, http.StatusUnprocessableEntity, g, f, picks)
	})
}

// entrant reads the form of somebody new at a round: a person of the directory
// or one to be added, a badge of the round or of another body, and a true
// affiliation behind it. was is the stored participation, zero for a new one: its
// badge and true affiliation give way to another body.
func (d *Desk) entrant(c echo.Context, f *views.Form, g gathering, was record.Participation) (picks participantPickers, e recordstore.Entrant, err error) {
	var person, badge, truth string
	fresh := personFrom(*f)
	if picks.person, person, err = pickFrom(d.peopleListing(c), f, personPicker); err != nil {
		return picks, e, err
	}
	if picks.badge, badge, err = d.pick(c, f, otherBadgePicker); err != nil {
		return picks, e, err
	}
	if picks.truth, truth, err = d.pick(c, f, otherTruePicker); err != nil {
		return picks, e, err
	}
	v := f.Values
	e.Participation = participantFrom(*f, g)
	e.Participation.ID, e.Participation.PersonID = v.Get("id"), person
	if fresh.Family+fresh.Given != "" {
		if person != "" {
			f.Faults = append(f.Faults, views.Fault{Field: "person", Text: "Choose a person or enter somebody new, not both."})
		}
		fresh.Sample = g.round.Sample
		e.Person = fresh
	}
	if badge != "" {
		if e.Participation.PresenceID != was.PresenceID {
			f.Faults = append(f.Faults, views.Fault{Field: "presence", Text: "Choose a badge or another body, not both."})
		}
		e.Participation.PresenceID = ""
		e.Badge = record.Presence{OrganisationID: badge, SideID: e.Participation.SideID}
	}
	words := strings.TrimSpace(v.Get("true_words"))
	if truth != "" || words != "" {
		if e.Participation.TruePresenceID != was.TruePresenceID || truth != "" && words != "" {
			f.Faults = append(f.Faults, views.Fault{Field: "true_presence", Text: "Choose one true affiliation."})
		}
		e.Participation.TruePresenceID = ""
		e.True = &record.Presence{OrganisationID: truth, Words: words, SideID: e.Participation.SideID}
	}
	return picks, e, nil
}

// saveParticipant: POST /rounds/:id/participants/:participation
func (d *Desk) saveParticipant(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	g, was, err := d.participationOf(c)
	if err != nil {
		return err
	}
	picks, e, err := d.entrant(c, &f, g, was)
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.participantForm(c, http.StatusUnprocessableEntity, g, f, picks)
	}
	e.Participation.ID, e.Participation.Version = was.ID, version(f)
	_, err = d.Record.EditParticipation(c.Request().Context(), d.actor(c), e)
	if fault.KindOf(err) == fault.Conflict {
		return d.participantConflict(c, g, was, f)
	}
	return answered(c, f, err, views.RoundPath(g.round.ID, "participants"), "saved", func(f views.Form) error {
		return d.participantForm(c, http.StatusUnprocessableEntity, g, f, picks)
	})
}

func (d *Desk) participantConflict(c echo.Context, g gathering, now record.Participation, f views.Form) error {
	known, err := d.Record.PeopleByID(c.Request().Context(), d.actor(c), []string{now.PersonID, f.Values.Get("person_id")})
	if err != nil {
		return err
	}
	words := map[string]string{}
	for id, p := range known {
		words[id] = p.Name()
	}
	for id, name := range g.sides {
		words[id] = name
	}
	for _, pr := range g.round.Presences {
		words[pr.ID] = g.bodyName(pr)
	}
	for _, s := range g.sessions {
		words[s.ID] = s.Title
	}
	chosen, err := d.bodies(c, []string{f.Values.Get("badge_body_id"), f.Values.Get("true_body_id")})
	if err != nil {
		return err
	}
	for id, o := range chosen {
		words[id] = o.Name
	}
	for _, name := range []string{"person", "badge_body", "true_body"} {
		forget(f.Values, name)
	}
	return d.conflict(c, f, participantValues(now), now.Version, merging{
		title: "Participant", back: views.RoundPath(g.round.ID, "participants"), label: fieldLabel, words: words,
		public: func(string) bool { return false },
	})
}

// removeParticipant: POST /rounds/:id/participants/:participation/remove
func (d *Desk) removeParticipant(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Record.RemoveParticipation(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("participation"), version(f))
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(c.Param("id"), "participants"), "removed")
}

// participantValues writes a participation as its form shows it.
func participantValues(p record.Participation) url.Values {
	v := url.Values{
		"person_id": {p.PersonID}, "presence": {p.PresenceID}, "true_presence": {p.TruePresenceID}, "side": {p.SideID},
		"capacity": {string(p.Capacity)}, "post": {p.Post}, "state": {string(p.State)}, "session": p.SessionIDs,
		"badge_body_id": {""}, "true_body_id": {""}, "true_words": {""},
	}
	if p.Head {
		v.Set("head", "1")
	}
	for name, k := range map[string]record.Clearance{"name_clearance": p.Name, "affiliation_clearance": p.Affiliation, "attribution_clearance": p.Attribution} {
		v.Set(name, string(k.State))
		v.Set(name+".basis", k.Basis)
		v.Set(name+".on", string(k.On))
	}
	return v
}

// participantFrom reads what participantValues writes, but for the person. Who
// sits on no side sits on that of the badge.
func participantFrom(f views.Form, g gathering) record.Participation {
	v := f.Values
	cleared := func(name string) record.Clearance {
		return record.Clearance{State: record.ClearanceState(v.Get(name)), Basis: v.Get(name + ".basis"), On: record.Date(v.Get(name + ".on"))}
	}
	p := record.Participation{
		RoundID: g.round.ID, PresenceID: v.Get("presence"), TruePresenceID: v.Get("true_presence"), SideID: v.Get("side"),
		Capacity: record.Capacity(v.Get("capacity")), Post: v.Get("post"), Head: v.Get("head") != "",
		State: record.Attendance(v.Get("state")), SessionIDs: f.Rows("session"),
		Name: cleared("name_clearance"), Affiliation: cleared("affiliation_clearance"), Attribution: cleared("attribution_clearance"),
	}
	if p.SideID == "" {
		p.SideID = g.presence(p.PresenceID).SideID
	}
	return p
}
