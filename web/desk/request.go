package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	views "track15/views/desk"
	"track15/web/respond"
)

// errNothing is what does not exist, or what the person may not know to exist.
var errNothing = fault.Errorf(fault.NotFound, "there is no such page")

// ids are the identifiers of the record in addresses.
var ids = regexp.MustCompile(`^[a-z2-7]{26}$`)

// idParams are the parameters of addresses that are identifiers.
var idParams = []string{"id", "presence", "participation", "session", "change", "readout", "line", "hold", "destruction", "comment", "asking", "copy"}

// wellFormed holds that an address can name something before anything is
// looked up.
func wellFormed(c echo.Context) error {
	for i, name := range c.ParamNames() {
		if slices.Contains(idParams, name) && !ids.MatchString(c.ParamValues()[i]) {
			return errNothing
		}
	}
	if q := c.QueryParams(); !isText(q) {
		return fault.Errorf(fault.Invalid, "The address holds something that is no text.")
	}
	return nil
}

// isText reports whether all values are text that both databases take.
func isText(values url.Values) bool {
	for name, all := range values {
		for _, v := range append(all, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return false
			}
		}
	}
	return true
}

// actor is who comes, with their rights as they are now.
func (d *Desk) actor(c echo.Context) record.Actor {
	a, _ := d.session.Account(c)
	return a.Actor()
}

// frame fills what every page says of the person and the house.
func (d *Desk) frame(c echo.Context, f views.Frame) views.Frame {
	if a, ok := d.session.Account(c); ok {
		actor := a.Actor()
		f.Name = a.Name
		if f.Name == "" {
			f.Name = a.Email
		}
		f.QuietKeys = a.QuietKeys
		f.Find = actor.MayAnywhere(record.ReadDirectory) || actor.MayAnywhere(record.ReadDates)
		f.Open = map[views.Section]bool{
			views.Waiting:       true,
			views.Rounds:        actor.MayAnywhere(record.ReadDates),
			views.Appearing:     actor.MayAnywhere(record.ReadRound),
			views.Series:        actor.MayAnywhere(record.ReadSeries),
			views.Organisations: actor.MayAnywhere(record.ReadDirectory),
			views.People:        actor.MayAnywhere(record.ReadDirectory),
			views.Texts:         actor.MayAnywhere(record.ReadDraft),
			views.Releases:      actor.MayAnywhere(record.ReadRelease),
			views.Answers:       actor.MayAnywhere(record.ReadAnswers),
			views.Import:        actor.MayAnywhere(record.EditRound),
			views.Retention:     actor.MayAnywhere(record.ReadRetention),
			views.Audit:         actor.MayAnywhere(record.ReadAudit),
			views.AccountList:   actor.MayAnywhere(record.ReadAccounts),
		}
	}
	if n, counts := c.Get(openers).(int); counts {
		f.What += ". " + counted(n, "person", "people") + " can open this page"
	}
	f.Demonstration = d.Demonstration
	f.Path = "/"
	if c.Request().Method == http.MethodGet {
		f.Path = c.Request().URL.RequestURI()
	}
	f.Done = doneWords[c.QueryParam("done")]
	return f
}

// doneWords say what a person just did, on the page that follows.
var doneWords = map[string]string{
	"saved": "Saved", "added": "Added", "removed": "Removed", "prepared": "Frozen. Nothing is public yet",
	"signed": "Signed", "countersigned": "Signed by both", "cancelled": "Called off", "returned": "Returned with your reason", "suspended": "Suspended", "sealed": "Sealed", "taken": "Taken down and sealed", "proposed": "Proposed. Nothing is destroyed yet", "destroyed": "Destroyed",
	"held": "Held", "lifted": "The hold is lifted", "forward": "Brought forward", "happened": "Noted. It goes out as soon as it is signed twice", "cited": "Noted as a text of others",
	"accepted": "Accepted, as your edit", "declined": "Declined", "restored": "Restored as a new version",
}

// done leads on to a page that says what was done.
func done(c echo.Context, path, what string) error {
	return c.Redirect(http.StatusSeeOther, path+"?done="+what)
}

// show answers with a page.
func (d *Desk) show(c echo.Context, status int, page templ.Component) error {
	return respond.Page(c, status, page)
}

// when writes an instant, microseconds since 1970, as people read it.
func (d *Desk) when(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format("2 January 2006, 15:04 UTC")
}

// day writes the day of an instant.
func (d *Desk) day(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format("2 January 2006")
}

// readForm reads what was sent: line ends as line feeds, everything else byte
// for byte, so that a form that is refused shows what was typed. What is no
// text is noted as a fault at its field.
func (d *Desk) readForm(c echo.Context) (views.Form, error) {
	r := c.Request()
	if kind, _, _ := strings.Cut(r.Header.Get(echo.HeaderContentType), ";"); kind != "" && kind != echo.MIMEApplicationForm {
		return views.Form{}, echo.ErrUnsupportedMediaType
	}
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return views.Form{}, echo.ErrStatusRequestEntityTooLarge
		}
		return views.Form{}, fault.Errorf(fault.Invalid, "The form cannot be read. Go back and send it again.")
	}
	f := views.Form{Action: r.URL.Path, Values: url.Values{}}
	for name, all := range r.PostForm {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return f, fault.Errorf(fault.Invalid, "The form cannot be read. Go back and send it again.")
		}
		for _, v := range all {
			v = strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n")
			f.Values.Add(name, v)
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				f.Faults = append(f.Faults, views.Fault{Field: name, Text: "This holds bytes that are no text. Enter it again."})
			}
		}
	}
	resolve(f.Values)
	return f, nil
}

// refused turns an error into what a form shows. ok is false for an error that
// is no matter of what was typed.
func refused(err error) (faults []views.Fault, ok bool) {
	for _, e := range fault.All(err) {
		if e.Kind != fault.Invalid && e.Field == "" {
			return nil, false
		}
		faults = append(faults, views.Fault{Field: e.Field, Text: e.Text})
	}
	return faults, len(faults) > 0
}

// answered leads on from a form that the store took, or shows it again with what
// is wrong.
func answered(c echo.Context, f views.Form, err error, path, what string, again func(views.Form) error) error {
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return again(f)
	}
	if err != nil {
		return err
	}
	return done(c, path, what)
}

// sent leads on from a form that was taken, or shows it again with what is wrong of
// it or was changed meanwhile.
func sent(c echo.Context, f views.Form, err error, path, what string, again func(echo.Context, int, views.Form) error) error {
	if err != nil {
		faults, ok := faultsOf(err)
		if !ok {
			return err
		}
		f.Faults = faults
	}
	if len(f.Faults) > 0 {
		return again(c, statusOf(err), f)
	}
	return done(c, path, what)
}

// today is the day, in UTC.
func (d *Desk) today() string { return d.Clock().UTC().Format("2006-01-02") }

// version is the number that a form carries of what it was made from.
func version(f views.Form) int64 {
	n, _ := strconv.ParseInt(f.Values.Get("version"), 10, 64)
	return n
}

// page is the number of a page in an address, 1 without one.
func page(c echo.Context) (int, error) {
	s := c.QueryParam("page")
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, errNothing
	}
	return n, nil
}

// shown is what a list says of itself: "1 to 25 of 80 rounds".
func shown(page, per, n, total int, what string) string {
	if total == 0 {
		return ""
	}
	from := (page-1)*per + 1
	return strconv.Itoa(from) + " to " + strconv.Itoa(from+n-1) + " of " + strconv.Itoa(total) + " " + what
}

// pages is how many pages a list of total entries has.
func pages(total, per int) int { return max(1, (total+per-1)/per) }

// lines splits a field of one entry a line.
func lines(s string) (all []string) {
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

// sources reads one source a line: an address, then the facts it supports.
func sources(s string) (all []record.Source) {
	for _, l := range lines(s) {
		src := record.Source{URL: l}
		if strings.Contains(l, "://") {
			at, facts, _ := strings.Cut(l, " ")
			src.URL = at
			for f := range strings.SplitSeq(facts, ",") {
				if f = strings.TrimSpace(f); f != "" {
					src.Fields = append(src.Fields, f)
				}
			}
		}
		all = append(all, src)
	}
	return all
}

// sourceLines writes sources as sources reads them.
func sourceLines(all []record.Source) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = strings.TrimSpace(s.URL + " " + strings.Join(s.Fields, ", "))
	}
	return strings.Join(out, "\n")
}

type (
	seriesStore       = func(context.Context, record.Actor, record.Series) (record.Series, error)
	organisationStore = func(context.Context, record.Actor, record.Organisation) (record.Organisation, error)
	grantStore        = func(context.Context, record.Actor, record.GrantEntry) (record.GrantEntry, error)
	roundStore        = func(context.Context, record.Actor, record.Round) (record.Round, error)
)
