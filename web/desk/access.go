package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

var accessFrame = views.Frame{Title: "Roles", What: "Who may do what in a series. Its coordinators, directors and administrators see this page", Section: views.Series}

// roleDoes says in a few words what a role is for.
var roleDoes = map[record.RoleName]string{
	record.Coordinator:    "Keeps the record and the drafts; signs",
	record.Rapporteur:     "Takes notes of own sessions",
	record.Editor:         "Writes drafts, sees what is disclosed",
	record.Director:       "Reads everything, gives roles, signs second",
	record.DeskOfficer:    "Reads facts and people; no drafts, no release",
	record.RecordsOfficer: "Reads dates, for files and retention",
	record.Auditor:        "Reads the log, never contents",
	record.Administrator:  "Keeps accounts, reads nothing of the record",
}

// opened says what grants open of a series, in the order of
// views.AccessColumns. It asks the table of rights and nothing else.
func opened(seriesID string, grants ...record.Grant) []string {
	who := record.Actor{ID: "somebody", Grants: grants}
	may := func(act record.Act) bool { return who.May(act, seriesID) }
	first := func(words ...string) string {
		i := slices.IndexFunc(words, func(s string) bool { return s != "" })
		if i < 0 {
			return ""
		}
		return words[i]
	}
	when := func(yes bool, words string) string {
		if yes {
			return words
		}
		return ""
	}
	return []string{
		first(when(may(record.ReadRound), "Yes"), when(may(record.ReadDisclosed), "As disclosed"), when(may(record.ReadDates), "Dates only")),
		first(when(may(record.ReadRound), "Yes")),
		first(when(may(record.ReadTrue), "Yes")),
		first(when(may(record.ReadDraft), "Yes")),
		first(when(may(record.Countersign), "Signs second"), when(may(record.Sign), "Signs"), when(may(record.ReadRelease), "Yes")),
	}
}

// seriesAccess: GET /series/:id/access
func (d *Desk) seriesAccess(c echo.Context) error {
	return d.accessPage(c, http.StatusOK, nil, views.Form{})
}

// accessPage shows the roles of a series. form is the refused form that gives a
// role, nil for an untouched one; end the one that ends a role.
func (d *Desk) accessPage(c echo.Context, status int, form *views.Form, end views.Form) error {
	ctx, actor, id := c.Request().Context(), d.actor(c), seriesParam(c)
	all, err := d.Record.Grants(ctx, actor, recordstore.GrantFilter{SeriesID: id})
	if err != nil {
		return err
	}
	p := views.AccessPage{SeriesID: id, End: end}
	if actor.May(record.ReadSeries, id) {
		s, err := d.Record.Series(ctx, actor, id)
		if err != nil {
			return err
		}
		p.Series, p.Sample = s.Name, s.Sample
	}
	people := map[string]bool{}
	var change *record.GrantEntry
	for _, g := range all {
		row := d.roleRow(c, id, g)
		switch {
		case g.State == record.GrantProposed:
			decides := actor.May(record.GiveGrant, g.SeriesID)
			p.Asked = append(p.Asked, views.AskedRole{RoleRow: row, By: g.ProposedBy.Name, CanDecide: decides, Own: g.AccountID == actor.ID})
		case g.Holds(d.Clock()):
			people[g.AccountID] = true
			p.Rows = append(p.Rows, row)
			if g.ID == c.QueryParam("change") && row.CanChange {
				change = &g
			}
		case g.Lapsed(d.Clock()):
			p.Rows = append(p.Rows, row)
		}
	}
	held := len(slices.DeleteFunc(slices.Clone(p.Rows), func(r views.RoleRow) bool { return r.Over }))
	if p.Doings, err = d.doneLately(c, id, ""); err != nil {
		return err
	}
	p.Count = counted(held, "role", "roles") + ", " + strings.ToLower(counted(len(people), "person", "people"))
	d.grantForm(c, &p, form, change)
	if p.Series != "" {
		if err := d.countOpeners(c, id); err != nil {
			return err
		}
	}
	return d.show(c, status, views.Access(d.frame(c, accessFrame), p))
}

// grantForm prepares the form that gives or proposes a role.
func (d *Desk) grantForm(c echo.Context, p *views.AccessPage, form *views.Form, change *record.GrantEntry) {
	actor := d.actor(c)
	switch {
	case actor.May(record.GiveGrant, p.SeriesID):
		p.Verb = "Give"
	case actor.May(record.ProposeGrant, p.SeriesID):
		p.Verb = "Propose"
	default:
		return
	}
	p.Reaches = []views.Option{{Words: "In this series"}}
	everywhere := actor.May(record.GiveGrant, record.AllSeries) || actor.May(record.ProposeGrant, record.AllSeries)
	if everywhere {
		p.Reaches = append(p.Reaches, views.Option{Value: record.AllSeries, Words: "In all series, also those to come"})
	}
	for _, r := range record.RoleNames {
		if r != record.Administrator || everywhere {
			p.Roles = append(p.Roles, views.Option{Value: string(r), Words: capital(r), Says: roleDoes[r]})
		}
	}
	if form != nil {
		p.Form = *form
		return
	}
	values := url.Values{"id": {recordstore.NewID()}, "role": {string(record.DeskOfficer)}}
	if change != nil {
		values.Set("email", change.Email)
		values.Set("role", string(change.Role))
		values.Set("until", string(change.Until))
		values.Set("reason", change.Reason)
		if change.SeriesID == record.AllSeries {
			values.Set("reach", record.AllSeries)
		}
	}
	p.Form = views.Form{Action: views.AccessPath(p.SeriesID) + "/" + strings.ToLower(p.Verb), Values: values}
}

func (d *Desk) roleRow(c echo.Context, seriesID string, g record.GrantEntry) views.RoleRow {
	actor := d.actor(c)
	return views.RoleRow{
		ID: g.ID, Person: g.Name, Outside: g.Outside, Role: capital(g.Role), Does: roleDoes[g.Role],
		Opens: opened(seriesID, g.Grant), Why: g.Reason, Until: endOf(g), Over: g.Lapsed(d.Clock()), All: g.SeriesID == record.AllSeries,
		CanEnd:    actor.May(record.RevokeGrant, g.SeriesID) && !g.Lapsed(d.Clock()),
		CanChange: actor.May(record.GiveGrant, g.SeriesID) && g.AccountID != actor.ID,
	}
}

// endOf says until when a grant holds.
func endOf(g record.GrantEntry) string {
	if g.Until == "" {
		return "No end"
	}
	return g.Until.First().Format("2 Jan 2006")
}

// counted writes a number of things, as the start of a sentence.
func counted(n int, one, many string) string {
	words := []string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"}
	number := strconv.Itoa(n)
	if n < len(words) {
		number = words[n]
	}
	if n == 1 {
		return number + " " + one
	}
	return number + " " + many
}

// giveRole: POST /series/:id/access/give
func (d *Desk) giveRole(c echo.Context) error { return d.sendGrant(c, d.Record.GiveGrant) }

// proposeRole: POST /series/:id/access/propose
func (d *Desk) proposeRole(c echo.Context) error { return d.sendGrant(c, d.Record.ProposeGrant) }

func (d *Desk) sendGrant(c echo.Context, store grantStore) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	if len(f.Faults) > 0 {
		return d.accessPage(c, http.StatusUnprocessableEntity, &f, views.Form{})
	}
	g := record.GrantEntry{
		ID: f.Values.Get("id"), Email: f.Values.Get("email"), Reason: f.Values.Get("reason"),
		Grant: record.Grant{Role: record.RoleName(f.Values.Get("role")), SeriesID: id},
		Until: record.Date(f.Values.Get("until")),
	}
	if f.Values.Get("reach") == record.AllSeries {
		g.SeriesID = record.AllSeries
	}
	_, err = store(c.Request().Context(), d.actor(c), g)
	faults, ok := faultsOf(err)
	if !ok && fault.KindOf(err) == fault.Forbidden && d.actor(c).May(record.ReadGrants, id) {
		faults, ok = []views.Fault{{Text: sentence(err.Error())}}, true
	}
	if ok {
		f.Faults = faults
		return d.accessPage(c, http.StatusUnprocessableEntity, &f, views.Form{})
	}
	if err != nil {
		return err
	}
	return done(c, views.AccessPath(id), "saved")
}

// allowRole: POST /grants/:id/allow
func (d *Desk) allowRole(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	back := f.Values.Get("series")
	if !ids.MatchString(back) {
		return errNothing
	}
	if err := d.Record.AllowGrant(c.Request().Context(), d.actor(c), c.Param("id")); err != nil {
		return err
	}
	return done(c, views.AccessPath(back), "saved")
}

// endRole: POST /grants/:id/end
func (d *Desk) endRole(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	back, id := f.Values.Get("series"), c.Param("id")
	if !ids.MatchString(back) {
		return errNothing
	}
	err = d.Record.RevokeGrant(c.Request().Context(), d.actor(c), id, f.Values.Get("why"))
	if faults, ok := refused(err); ok {
		for i := range faults {
			faults[i].Field = "why-" + id
		}
		f.Faults = faults
		f.Values.Set("grant", id)
		c.Set(seriesShown, back)
		return d.accessPage(c, http.StatusUnprocessableEntity, nil, f)
	}
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.ReadGrants, back) { // they took the role from themselves
		return done(c, "/", "removed")
	}
	return done(c, views.AccessPath(back), "removed")
}

// seriesShown names the series of a page whose address names a grant.
const seriesShown = "series shown"

func seriesParam(c echo.Context) string {
	if id, ok := c.Get(seriesShown).(string); ok {
		return id
	}
	return c.Param("id")
}

// roundAccess: GET /rounds/:id/access
func (d *Desk) roundAccess(c echo.Context) error {
	r, head, err := d.openRound(c, "access")
	if err != nil {
		return err
	}
	readers, err := d.readers(c, r.SeriesID)
	if err != nil {
		return err
	}
	p := views.RoundAccessPage{Head: head, Readers: readers, Count: counted(len(readers), "person can read this round", "people can read this round")}
	if p.Doings, err = d.doneLately(c, r.SeriesID, r.ID); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.RoundAccess(d.frame(c, roundFrame), p))
}

// lookBack is how far back a page says who did something.
const lookBack = 30 * 24 * time.Hour

// doneLately says who did something to a series, or to one of its rounds, in the
// last 30 days: nothing to who may not read the log of the series.
func (d *Desk) doneLately(c echo.Context, seriesID, roundID string) (*views.Doings, error) {
	if !d.actor(c).May(record.ReadAudit, seriesID) {
		return nil, nil
	}
	all, err := d.Record.DoneSince(c.Request().Context(), d.actor(c), seriesID, roundID, d.Clock().Add(-lookBack).UnixMicro())
	if err != nil {
		return nil, err
	}
	shown := &views.Doings{}
	for _, x := range all {
		shown.All = append(shown.All, views.Doing{Who: x.Who, Acts: strings.ToLower(counted(x.Acts, "act", "acts")), Last: d.day(x.Last)})
	}
	return shown, nil
}

// openers is the key under which the number of people who can open a page waits
// for its frame.
const openers = "openers"

// countOpeners counts who can open this page of a series, for its band.
func (d *Desk) countOpeners(c echo.Context, seriesID string) error {
	act, _ := c.Get(neededHere).(need)
	n, err := d.Record.Openers(c.Request().Context(), d.actor(c), seriesID, act)
	c.Set(openers, n)
	return err
}

// readers are the people who can open rounds of a series, by name, each with
// all that their roles open together.
func (d *Desk) readers(c echo.Context, seriesID string) ([]views.Reader, error) {
	all, err := d.Record.Grants(c.Request().Context(), d.actor(c), recordstore.GrantFilter{SeriesID: seriesID, State: record.GrantGiven})
	if err != nil {
		return nil, err
	}
	held := map[string][]record.GrantEntry{}
	var order []string
	for _, g := range all {
		if g.Holds(d.Clock()) {
			if held[g.AccountID] == nil {
				order = append(order, g.AccountID)
			}
			held[g.AccountID] = append(held[g.AccountID], g)
		}
	}
	var readers []views.Reader
	for _, id := range order {
		var grants []record.Grant
		var roles, ends []string
		for _, g := range held[id] {
			grants = append(grants, g.Grant)
			roles = append(roles, string(g.Role))
			ends = append(ends, endOf(g))
		}
		if !(record.Actor{ID: id, Grants: grants}).May(record.ReadDates, seriesID) {
			continue
		}
		first := held[id][0]
		readers = append(readers, views.Reader{
			Name: first.Name, Outside: first.Outside, Roles: capital(strings.Join(slices.Compact(roles), ", ")),
			Opens: opened(seriesID, grants...), Until: strings.Join(slices.Compact(ends), ", "),
		})
	}
	return readers, nil
}

// accounts: GET /accounts
func (d *Desk) accounts(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	all, err := d.Record.Accounts(ctx, actor)
	if err != nil {
		return err
	}
	names := map[string]record.Series{}
	if actor.MayAnywhere(record.ReadSeries) {
		if names, err = d.seriesByID(c); err != nil {
			return err
		}
	}
	var rows []views.AccountRow
	for _, a := range all {
		row := views.AccountRow{ID: a.ID, Name: a.Name, Email: a.Email, Outside: a.Outside, Disabled: a.Disabled, Own: a.ID == actor.ID}
		for _, g := range a.Grants {
			row.Roles = append(row.Roles, accountRole(actor, g, names))
		}
		rows = append(rows, row)
	}
	return d.show(c, http.StatusOK, views.Accounts(d.frame(c, views.Frame{Title: "Accounts", What: "Who may sign in", Section: views.AccountList, Here: true}), rows))
}

// accountRole writes a role. A series that the person may not read goes by the
// first letters of its reference.
func accountRole(actor record.Actor, g record.Grant, names map[string]record.Series) views.AccountRole {
	r := views.AccountRole{Words: capital(g.Role)}
	if g.SeriesID == record.AllSeries {
		r.Words += ", all series"
		return r
	}
	name := names[g.SeriesID].Name
	if name == "" {
		name = "series " + g.SeriesID[:4]
	}
	r.Words += ", " + name
	if actor.May(record.ReadGrants, g.SeriesID) {
		r.Path = views.AccessPath(g.SeriesID)
	}
	return r
}

// setAccount: POST /accounts/:id
func (d *Desk) setAccount(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if err := d.Record.SetDisabled(c.Request().Context(), d.actor(c), c.Param("id"), f.Values.Get("open") == ""); err != nil {
		return err
	}
	return done(c, "/accounts", "saved")
}
