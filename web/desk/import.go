package desk

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/intake"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/sheet"
	views "track15/views/desk"
	"track15/web/guard"
)

var importFrame = views.Frame{Title: "Import", What: "Nothing is saved until step 4", Section: views.Import}

// maxUpload is the size of the largest upload, in bytes: the largest file and
// the form around it.
const maxUpload = sheet.MaxFile + 1<<20

// limits holds every body to the size of the largest form, and that of an upload
// to that of the largest file.
func limits() echo.MiddlewareFunc {
	forms, uploads := guard.Body(maxBody), guard.Body(maxUpload)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		form, upload := forms(next), uploads(next)
		return func(c echo.Context) error {
			if isUpload(c) {
				return upload(c)
			}
			return form(c)
		}
	}
}

// tooLarge says what an upload may hold.
var tooLarge = "A file or a pasted table holds at most " + megabytes(sheet.MaxFile) + ". Divide it and send one part after the other; nothing was saved."

func isUpload(c echo.Context) bool {
	path := c.Request().URL.Path
	return path == "/import" || strings.HasSuffix(path, "/participants/paste") || strings.HasPrefix(path, "/sittings/") && strings.HasSuffix(path, "/text") ||
		strings.HasPrefix(path, "/drafts/") && strings.Contains(path, "/clearance/")
}

func megabytes(n int) string { return strconv.Itoa(n>>20) + " MB" }

// A work is what a person has said of a table so far.
type work struct {
	Mapping   intake.Mapping   `json:"mapping"`
	Decisions intake.Decisions `json:"decisions"`
	Mapped    bool             `json:"mapped"`             // somebody looked at the columns
	Encoding  string           `json:"encoding,omitempty"` // of a text file; "" for a workbook and what was pasted
}

// importKinds say what a row of a table is.
var importKinds = map[intake.Kind]string{
	intake.Participants: "Participants", intake.Organisations: "Organisations", intake.Rounds: "Rounds", intake.Outputs: "Texts about rounds",
}

// imports: GET /import
func (d *Desk) imports(c echo.Context) error {
	f := views.Form{Action: "/import", Values: url.Values{"id": {recordstore.NewID()}, "kind": {c.QueryParam("kind")}, "series": {c.QueryParam("series")}}}
	return d.importsPage(c, http.StatusOK, f)
}

// pastePage: GET /rounds/:id/participants/paste
func (d *Desk) pastePage(c echo.Context) error {
	return d.importsPage(c, http.StatusOK, views.Form{Action: c.Request().URL.Path, Values: url.Values{"id": {recordstore.NewID()}}})
}

func (d *Desk) importsPage(c echo.Context, status int, f views.Form) error {
	p := views.ImportsPage{Form: f}
	if c.Param("id") != "" {
		r, head, err := d.openRound(c, "participants")
		if err != nil {
			return err
		}
		if !d.actor(c).May(record.EditRound, r.SeriesID) {
			return errNothing
		}
		p.Round = &head
		return d.show(c, status, views.Imports(d.frame(c, importFrame), p))
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	all, err := d.Record.Intakes(c.Request().Context(), d.actor(c))
	if err != nil {
		return err
	}
	for _, t := range all {
		p.Rows = append(p.Rows, views.ImportRow{
			ID: t.ID, Title: t.Title, Kind: importKinds[intake.Kind(t.Kind)], Series: series[t.SeriesID].Name, State: capital(t.State), When: d.when(t.StartedAt),
		})
	}
	for id := range series {
		if !d.actor(c).May(record.EditRound, id) {
			delete(series, id)
		}
	}
	p.Series = after("Choose a series", seriesOptions(series))
	p.Encodings = after("Find out", optionsOf(sheet.Encodings, func(name string) string { return name }))
	p.Kinds = optionsOf(intake.Kinds, func(k intake.Kind) string { return importKinds[k] })
	fr := importFrame
	fr.Here = true
	return d.show(c, status, views.Imports(d.frame(c, fr), p))
}

// startImport: POST /import
func (d *Desk) startImport(c echo.Context) error { return d.takeTable(c, "") }

// pasteDelegation: POST /rounds/:id/participants/paste
func (d *Desk) pasteDelegation(c echo.Context) error {
	r, _, err := d.openRound(c, "participants")
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	return d.takeTable(c, r.SeriesID)
}

// takeTable reads a table and keeps it as an import of its own. seriesID is that
// of the round of the address, "" without one.
func (d *Desk) takeTable(c echo.Context, seriesID string) error {
	f, name, file, err := readUpload(c)
	if err != nil {
		return err
	}
	t := recordstore.Intake{ID: f.Values.Get("id"), SeriesID: f.Values.Get("series"), RoundID: c.Param("id"), Kind: f.Values.Get("kind"), Title: name, Source: file}
	if seriesID != "" {
		t.SeriesID, t.Kind = seriesID, string(intake.Participants)
	}
	if t.Title == "" {
		t.Title = "Pasted table"
	}
	var read sheet.File
	switch {
	case !slices.Contains(intake.Kinds, intake.Kind(t.Kind)):
		err = fault.Field("kind", "Choose what a row is.")
	case t.SeriesID == "":
		err = fault.Field("series", "Choose a series.")
	case len(file) > 0:
		read, err = sheet.Read(name, file, sheet.Options{Encoding: f.Values.Get("encoding")})
	default:
		var pasted sheet.Sheet
		pasted, err = sheet.Paste(f.Values.Get("page"), f.Values.Get("paste"))
		read.Sheets = []sheet.Sheet{pasted}
	}
	if err == nil && len(read.Sheets) == 1 && !read.Sheets[0].Hidden {
		err = putSheet(&t, read, read.Sheets[0])
	}
	if err == nil {
		t, err = d.Record.StartIntake(c.Request().Context(), d.actor(c), t)
	}
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.importsPage(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, ""))
}

// putSheet makes a sheet of a file the table of an import, with a guess at its
// columns.
func putSheet(t *recordstore.Intake, of sheet.File, s sheet.Sheet) error {
	var err error
	if t.Rows, err = json.Marshal(s); err != nil {
		return err
	}
	t.Work, err = json.Marshal(work{Mapping: intake.Guess(intake.Kind(t.Kind), s), Encoding: of.Encoding})
	return err
}

// readUpload reads a form with a file, all in memory.
func readUpload(c echo.Context) (f views.Form, name string, file []byte, err error) {
	r := c.Request()
	f = views.Form{Action: r.URL.Path, Values: url.Values{}}
	if kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); err != nil || kind != echo.MIMEMultipartForm {
		return f, "", nil, echo.ErrUnsupportedMediaType
	}
	// Nothing is larger than what is kept in memory, so nothing is written to a
	// temporary file.
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return f, "", nil, echo.ErrStatusRequestEntityTooLarge
		}
		return f, "", nil, fault.Errorf(fault.Invalid, "The form cannot be read. Go back and send it again.")
	}
	if !isText(r.MultipartForm.Value) {
		return f, "", nil, fault.Errorf(fault.Invalid, "The form cannot be read. Go back and send it again.")
	}
	f.Values = r.MultipartForm.Value
	for _, h := range r.MultipartForm.File["file"] {
		opened, err := h.Open()
		if err != nil {
			return f, "", nil, err
		}
		if file, err = io.ReadAll(opened); err != nil {
			return f, "", nil, err
		}
		name = views.Shown(h.Filename)
	}
	return f, name, file, nil
}

// importStep: GET /import/:id shows the step at which an import is.
func (d *Desk) importStep(c echo.Context) error {
	t, w, err := d.openImport(c)
	switch {
	case err != nil:
		return err
	case t.State != recordstore.IntakeOpen:
		return d.importDone(c, http.StatusOK, t, views.Form{})
	case len(t.Rows) == 0:
		return d.importSheets(c, t)
	case !w.Mapped || c.QueryParam("step") == "columns":
		return d.importColumns(c, t, w)
	}
	return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, "rows"))
}

func (d *Desk) openImport(c echo.Context) (recordstore.Intake, work, error) {
	var w work
	t, err := d.Record.Intake(c.Request().Context(), d.actor(c), c.Param("id"))
	if err == nil && len(t.Work) > 0 {
		err = json.Unmarshal(t.Work, &w)
	}
	return t, w, err
}

func (d *Desk) importHead(c echo.Context, t recordstore.Intake) (views.ImportHead, error) {
	series, err := d.seriesByID(c)
	h := views.ImportHead{ID: t.ID, Version: t.Version, Title: "Import " + strings.ToLower(importKinds[intake.Kind(t.Kind)])}
	h.Says = t.Title + ", into " + series[t.SeriesID].Name + ". Imported rows start as confidential."
	return h, err
}

// changeImport reads what a step sent and keeps what fn makes of it.
func (d *Desk) changeImport(c echo.Context, fn func(f views.Form, t *recordstore.Intake, w *work) error, to string) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	t, w, err := d.openImport(c)
	if err != nil {
		return err
	}
	if t.State != recordstore.IntakeOpen {
		return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, ""))
	}
	rows := t.Rows
	t.Version = version(f)
	if err := fn(f, &t, &w); err != nil {
		return err
	}
	if string(t.Rows) == string(rows) {
		t.Rows = nil // as they were
		if t.Work, err = json.Marshal(w); err != nil {
			return err
		}
	}
	if _, err := d.Record.SaveIntake(c.Request().Context(), d.actor(c), t); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, to))
}

// dropImport: POST /import/:id/drop
func (d *Desk) dropImport(c echo.Context) error {
	if err := d.Record.DropIntake(c.Request().Context(), d.actor(c), c.Param("id")); err != nil {
		return err
	}
	return done(c, "/import", "removed")
}

// applyImport: POST /import/:id/apply
func (d *Desk) applyImport(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	t, w, err := d.openImport(c)
	if err != nil {
		return err
	}
	if t.State == recordstore.IntakeOpen {
		reading, known, err := d.reading(c, t, w)
		if err != nil {
			return err
		}
		before, err := d.knownRows(c, t, reading)
		if err != nil {
			return err
		}
		if _, err := d.Record.ApplyIntake(c.Request().Context(), d.actor(c), t.ID, version(f), planOf(reading, known, before)); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, views.ImportPath(t.ID, ""))
}

// undoImport: POST /import/:id/undo
func (d *Desk) undoImport(c echo.Context) error {
	if _, err := d.Record.UndoIntake(c.Request().Context(), d.actor(c), c.Param("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.ImportPath(c.Param("id"), ""))
}

// importAside: GET /import/:id/aside.csv
func (d *Desk) importAside(c echo.Context) error {
	t, _, err := d.openImport(c)
	if err != nil {
		return err
	}
	var s sheet.Sheet
	if err := json.Unmarshal(t.Rows, &s); err != nil || t.State == recordstore.IntakeOpen {
		return errNothing
	}
	var out sheet.Table
	width := 0
	for _, a := range t.Result.Aside {
		if a.Row >= 1 && a.Row <= len(s.Rows) {
			width = max(width, len(s.Rows[a.Row-1]))
		}
	}
	for i := range width {
		out.Columns = append(out.Columns, sheet.ColumnName(i+1))
	}
	out.Columns = append(out.Columns, "Why it was set aside")
	for _, a := range t.Result.Aside {
		if a.Row < 1 || a.Row > len(s.Rows) {
			continue
		}
		row := append(slices.Clone(s.Rows[a.Row-1]), make([]string, width-len(s.Rows[a.Row-1]))...)
		out.Rows = append(out.Rows, append(row, a.Why))
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="set-aside.csv"`)
	return sheet.WriteCSV(c.Response(), out)
}

// reading reads the table of an import against what the person may read.
func (d *Desk) reading(c echo.Context, t recordstore.Intake, w work) (intake.Reading, intake.Known, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	known := intake.Known{RoundID: t.RoundID}
	var s sheet.Sheet
	err := json.Unmarshal(t.Rows, &s)
	if err != nil {
		return intake.Reading{}, known, err
	}
	if known.Series, err = d.Record.Series(ctx, actor, t.SeriesID); err != nil {
		return intake.Reading{}, known, err
	}
	if known.Rounds, _, err = d.Record.Rounds(ctx, actor, recordstore.RoundFilter{SeriesID: t.SeriesID}); err != nil {
		return intake.Reading{}, known, err
	}
	if intake.Kind(t.Kind) == intake.Outputs && actor.May(record.ReadDraft, t.SeriesID) {
		if known.Texts, _, err = d.Record.Outputs(ctx, actor, recordstore.OutputFilter{SeriesID: t.SeriesID}); err != nil {
			return intake.Reading{}, known, err
		}
	}
	if actor.MayAnywhere(record.ReadDirectory) {
		if known.People, _, err = d.Record.People(ctx, actor, recordstore.PersonFilter{}); err != nil {
			return intake.Reading{}, known, err
		}
		if known.Organisations, _, err = d.Record.Organisations(ctx, actor, recordstore.OrganisationFilter{}); err != nil {
			return intake.Reading{}, known, err
		}
	}
	return intake.Read(intake.Kind(t.Kind), s, w.Mapping, w.Decisions, known), known, nil
}
