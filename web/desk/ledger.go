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
	"track15/views/components"
	views "track15/views/desk"
)

var clearanceFrame = views.Frame{Title: "Clearance", What: "Whose clearance a text needs, and how each stands", Section: views.Texts}

// ledger: GET /drafts/:id/clearance
func (d *Desk) ledger(c echo.Context) error {
	return d.ledgerPage(c, http.StatusOK, views.Form{Values: url.Values{}}, views.Form{Values: url.Values{}})
}

// ledgerPage shows the ledger of a text with the forms that were refused.
func (d *Desk) ledgerPage(c echo.Context, status int, ask, change views.Form) error {
	l, err := d.Record.Ledger(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	saved, err := d.saved(c, l.Output.Draft, map[string]string{})
	if err != nil {
		return err
	}
	p := views.LedgerPage{
		ID: l.Output.ID, Title: l.Output.Draft.Title, Kind: capital(l.Output.Kind), Sample: l.Output.Sample,
		Saved: saved, Code: l.Code, Ask: ask, Change: change,
		Needs: optionsOf([]record.Need{record.NeedConsent, record.NeedSight, record.NeedNothing}, func(n record.Need) string { return needWords[n] }),
	}
	fresh := !p.Ask.Values.Has("version")
	if fresh {
		p.Ask.Values.Set("version", strconv.FormatInt(l.Output.Draft.Number, 10))
		p.Ask.Values.Set("on", d.today())
	}
	for _, line := range l.Lines {
		row := d.ledgerRow(l.Output.ID, line)
		row.Chosen = slices.Contains(ask.Values["party"], row.Value) ||
			fresh && !line.Met() && line.Need != record.NeedNothing && (line.Asking == nil || !line.Asking.Shown.Same(line.Now))
		p.Rows = append(p.Rows, row)
		if !line.Met() {
			p.Missing++
		}
		p.Parties = append(p.Parties, views.Option{Value: row.Value, Words: line.Name})
	}
	for _, other := range l.Others {
		p.Parties = append(p.Parties, views.Option{Value: partyValue(other.Party), Words: other.Name})
	}
	return d.show(c, status, views.Ledger(d.frame(c, clearanceFrame), p))
}

// needWords say what a need asks of a party.
var needWords = map[record.Need]string{
	record.NeedConsent: "It clears its words", record.NeedSight: "It is shown the text, and has no veto", record.NeedNothing: "Nothing",
}

// partyWords say what a party is.
var partyWords = map[record.PartyKind]string{
	record.PartySide: "Side", record.PartyBody: "Named body", record.PartyPerson: "Named person", record.PartyFunder: "Funder",
}

func partyValue(p record.Party) string { return string(p.Kind) + " " + p.ID }

func partyOf(value string) record.Party {
	kind, id, _ := strings.Cut(value, " ")
	return record.Party{Kind: record.PartyKind(kind), ID: id}
}

func (d *Desk) ledgerRow(outputID string, l record.LedgerLine) views.LedgerRow {
	row := views.LedgerRow{
		Value: partyValue(l.Party), Name: l.Name, Kind: partyWords[l.Party.Kind], Why: l.Why,
		Stand: l.Stand, Because: l.Because, Met: l.Met(),
	}
	if l.Change != nil {
		row.Why = needWords[l.Change.Need] + ", says " + l.Change.By + ": " + sentence(l.Change.Reason)
	}
	if a := l.Asking; a != nil {
		row.Path = "/drafts/" + outputID + "/clearance/" + a.ID
		row.Shown, row.Code = shownWords(*a), a.Code
		row.AskedOn, row.Due, row.Answer = components.Date(string(a.On)), "No day", "No answer"
		if a.Due != "" {
			row.Due = components.Date(string(a.Due))
		}
		if a.Reply.State != record.NoReply {
			row.Answer = answerWords(a.Reply)
		}
	}
	return row
}

func shownWords(a record.Asking) string {
	what := "Whole text"
	if !a.Shown.Whole {
		places := make([]string, len(a.Shown.Passages))
		for i, p := range a.Shown.Passages {
			places[i] = strings.ToLower(p.Place)
		}
		what = components.UpperFirst(strings.Join(places, ", "))
	}
	return what + ", version " + strconv.FormatInt(a.Draft, 10)
}

func answerWords(r record.Reply) string {
	return capital(r.State) + ", " + components.Date(string(r.On)) + ", by " + string(r.Channel)
}

// askClearance: POST /drafts/:id/clearance
func (d *Desk) askClearance(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	again := func(f views.Form) error {
		return d.ledgerPage(c, http.StatusUnprocessableEntity, f, views.Form{Values: url.Values{}})
	}
	if len(f.Faults) > 0 {
		return again(f)
	}
	ask := recordstore.Ask{
		Draft: version(f), On: record.Date(f.Get("on")), Due: record.Date(f.Get("due")), Silence: f.Get("silence"),
	}
	for _, value := range f.Values["party"] {
		ask.Parties = append(ask.Parties, partyOf(value))
	}
	id := c.Param("id")
	err = d.Record.AskClearance(c.Request().Context(), d.actor(c), id, ask)
	if fault.KindOf(err) == fault.Conflict {
		f.Faults = append(f.Faults, views.Fault{Text: "Somebody saved a new version of the text. Below stands what it needs now."})
		f.Values.Del("version")
		return d.ledgerPage(c, http.StatusConflict, f, views.Form{Values: url.Values{}})
	}
	return answered(c, f, err, "/drafts/"+id+"/clearance", "saved", again)
}

// changeNeed: POST /drafts/:id/clearance/need
func (d *Desk) changeNeed(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	again := func(f views.Form) error {
		return d.ledgerPage(c, http.StatusUnprocessableEntity, views.Form{Values: url.Values{}}, f)
	}
	if len(f.Faults) > 0 {
		return again(f)
	}
	id := c.Param("id")
	err = d.Record.ChangeNeed(c.Request().Context(), d.actor(c), id, record.NeedChange{
		Party: partyOf(f.Get("changed")), Need: record.Need(f.Get("need")), Reason: f.Get("reason"),
	})
	return answered(c, f, err, "/drafts/"+id+"/clearance", "saved", again)
}

// asking: GET /drafts/:id/clearance/:asking
func (d *Desk) asking(c echo.Context) error {
	return d.askingPage(c, http.StatusOK, views.Form{Values: url.Values{}})
}

func (d *Desk) askingPage(c echo.Context, status int, f views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	l, err := d.Record.Ledger(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(l.Askings, func(a record.Asking) bool { return a.ID == c.Param("asking") })
	if i < 0 {
		return errNothing
	}
	a := l.Askings[i]
	p := views.AskingPage{
		ID: l.Output.ID, Title: l.Output.Draft.Title, Path: "/drafts/" + l.Output.ID + "/clearance/" + a.ID, Form: f,
		Sheet:    views.ClearanceSheet{House: d.House, Party: partyName(l, a.Party), Asking: a},
		States:   after("Choose", optionsOf(record.ReplyStates, capital)),
		Channels: after("Choose", optionsOf(record.Channels, capital)),
		Evidence: len(a.Holds().Content) > 0, Came: a.Received.Name,
		ToTake: actor.May(record.TakeOver, l.Output.SeriesID) && l.Output.Draft.ToTake(a, l.Output.External),
	}
	if p.Link, err = d.linkSection(c, l.Output.ID, a); err != nil {
		return err
	}
	if !f.Values.Has("version") {
		f.Values.Set("version", strconv.FormatInt(a.Version, 10))
		f.Values.Set("on", d.today())
		for n, s := range a.Shown.Passages {
			f.Values.Set(wordingField(n), s.Text)
		}
	}
	for n, s := range a.Shown.Passages {
		p.Wording = append(p.Wording, views.WordingRow{Place: s.Place, Field: wordingField(n)})
	}
	names := map[string]string{}
	for _, r := range append(slices.Clone(a.Earlier), a.Reply) {
		if r.State == record.NoReply {
			continue
		}
		p.Says = append(p.Says, answerWords(r)+". "+sentence(r.Said))
	}
	if slices.Contains([]record.ReplyState{record.Granted, record.GrantedWithChanges, record.Revoked}, a.Reply.State) {
		resting, err := d.Record.ReleasesOn(ctx, actor, l.Output.ID, a.ID)
		if err != nil {
			return err
		}
		for _, r := range resting {
			p.Resting = append(p.Resting, components.Crumb{Name: r.Title + ", " + string(r.State), Path: views.ReleasePath(r.ID)})
		}
	}
	if a.RecordedBy != "" {
		name, err := d.nameOf(c, a.RecordedBy, names)
		if err != nil {
			return err
		}
		p.Says = append(p.Says, "Recorded by "+name+", "+d.when(a.Recorded)+".")
	}
	frame := d.frame(c, clearanceFrame)
	frame.Sheet = true
	return d.show(c, status, views.Asking(frame, p))
}

func wordingField(n int) string { return "wording." + strconv.Itoa(n) }

// partyName is what the ledger calls a party.
func partyName(l recordstore.Ledger, p record.Party) string {
	for _, line := range l.Lines {
		if line.Party == p {
			return line.Name
		}
	}
	for _, other := range l.Others {
		if other.Party == p {
			return other.Name
		}
	}
	return partyWords[p.Kind]
}

// recordAnswer: POST /drafts/:id/clearance/:asking
func (d *Desk) recordAnswer(c echo.Context) error {
	id, askingID := c.Param("id"), c.Param("asking")
	a, err := d.Record.Asking(c.Request().Context(), d.actor(c), id, askingID)
	if err != nil {
		return err
	}
	f, name, file, err := readUpload(c)
	if err != nil {
		return err
	}
	again := func(f views.Form) error { return d.askingPage(c, http.StatusUnprocessableEntity, f) }
	if given := digits(f.Get("code")); given != "" && given != digits(a.Code) {
		f.Faults = append(f.Faults, views.Fault{Field: "code", Text: "This is not the text code of the sheet. They may have answered about other words."})
		return again(f)
	}
	r := record.Reply{
		State: record.ReplyState(f.Get("answer")), On: record.Date(f.Get("on")), Channel: record.Channel(f.Get("channel")), Said: f.Get("said"),
	}
	r.Evidence = evidenceOf(f, name, file)
	var wording []string
	for n := range a.Shown.Passages {
		wording = append(wording, f.Get(wordingField(n)))
	}
	err = d.Record.RecordReply(c.Request().Context(), d.actor(c), id, askingID, version(f), r, wording)
	if fault.KindOf(err) == fault.Conflict {
		f.Faults = append(f.Faults, views.Fault{Text: "Somebody recorded an answer of this party meanwhile. It stands below; what you entered is kept in the form."})
		f.Values.Set("version", strconv.FormatInt(a.Version, 10))
		return d.askingPage(c, http.StatusConflict, f)
	}
	return answered(c, f, err, "/drafts/"+id+"/clearance", "saved", again)
}

// digits are the digits of a code, however it was spaced.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// evidence: GET /drafts/:id/clearance/:asking/evidence
func (d *Desk) evidence(c echo.Context) error {
	a, err := d.Record.Asking(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking"))
	if err != nil {
		return err
	}
	held := a.Holds()
	if len(held.Content) == 0 {
		return errNothing
	}
	// Never shown in the page's own origin: it came from outside.
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="evidence"`)
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, held.Content)
}

// releaseClearances are the answers on which the texts of a release rest, for who
// may read clearances.
func (d *Desk) releaseClearances(c echo.Context, r record.Release, p *views.ReleasePage) error {
	all, err := d.Record.ReleaseClearances(c.Request().Context(), d.actor(c), r.ID)
	for _, t := range all {
		out := views.ClearedText{Title: t.Title}
		for _, l := range t.Lines {
			if l.Need != record.NeedNothing {
				out.Rows = append(out.Rows, d.ledgerRow(t.OutputID, l))
			}
		}
		if len(out.Rows) > 0 {
			p.Cleared = append(p.Cleared, out)
		}
	}
	return err
}

// dueClearances are the texts of which parties were asked and did not answer.
func (d *Desk) dueClearances(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Clearances of texts"}
	if !d.actor(c).MayAnywhere(record.ReadClearance) {
		return q, nil
	}
	all, err := d.Record.DueClearances(c.Request().Context(), d.actor(c))
	if err != nil {
		return q, err
	}
	for _, due := range all {
		says := "No answer yet: " + strings.Join(due.Names, ", ")
		if due.Due != "" {
			says = "Due " + dayWords(due.Due.First()) + ": " + strings.Join(due.Names, ", ")
		}
		q.Tasks = append(q.Tasks, views.Task{
			Mark: views.InReview, State: "Asked", Title: due.Output.Draft.Title, Path: "/drafts/" + due.Output.ID + "/clearance",
			Action: "Open", Sample: due.Output.Sample, Says: says,
		})
	}
	return cut(q, "/outputs"), nil
}
