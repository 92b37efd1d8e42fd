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

var commentsFrame = views.Frame{Title: "Suggestions and comments", What: "What is said of a text", Section: views.Texts}

// comments: GET /drafts/:id/comments
func (d *Desk) comments(c echo.Context) error {
	return d.commentsPage(c, http.StatusOK, views.Form{Values: url.Values{}})
}

// commentsPage shows what was said of a text, with the form that was refused.
func (d *Desk) commentsPage(c echo.Context, status int, refused views.Form) error {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	o, err := d.Record.Output(ctx, actor, id)
	if err != nil {
		return err
	}
	all, err := d.Record.Comments(ctx, actor, id)
	if err != nil {
		return err
	}
	names := map[string]string{}
	p := views.CommentsPage{Output: o, Refused: refused, CanSuggest: actor.May(record.Suggest, o.SeriesID)}
	if p.Saved, err = d.saved(c, o.Draft, names); err != nil {
		return err
	}
	p.Whole = commentPart(o.Draft, record.Part{}, refused)
	under := map[string]*views.CommentPart{"": &p.Whole}
	parts := o.Draft.Parts()
	p.Parts = make([]views.CommentPart, len(parts))
	for i, part := range parts {
		p.Parts[i] = commentPart(o.Draft, part, refused)
		under[part.Key] = &p.Parts[i]
	}
	for _, x := range all {
		row, err := d.commentRow(c, o, x, names)
		if err != nil {
			return err
		}
		key, _ := o.Draft.Where(x)
		switch {
		case x.State != record.CommentOpen:
			p.Settled = append(p.Settled, row)
			continue
		case row.Gone:
			p.Gone = append(p.Gone, row)
		default:
			under[key].Rows = append(under[key].Rows, row)
		}
		p.Open++
	}
	return d.show(c, status, views.Comments(d.frame(c, commentsFrame), p))
}

// commentPart is a passage with its form: the one that was refused, if it was of
// this passage.
func commentPart(now record.Draft, part record.Part, refused views.Form) views.CommentPart {
	p := views.CommentPart{Key: part.Key, Name: part.Name, Text: part.Text, Form: refused}
	if !refused.Values.Has("part") || refused.Get("part") != part.Key {
		p.Form = views.Form{Values: url.Values{
			"id": {recordstore.NewID()}, "version": {strconv.FormatInt(now.Number, 10)}, views.WordsField(part.Key): {part.Text},
		}}
	}
	return p
}

// commentRow is a comment as the page of a text shows it.
func (d *Desk) commentRow(c echo.Context, o record.Output, x record.Comment, names map[string]string) (views.CommentRow, error) {
	actor := d.actor(c)
	who, err := d.nameOf(c, x.By, names)
	if err != nil {
		return views.CommentRow{}, err
	}
	row := views.CommentRow{
		ID: x.ID, Place: partName(x.Key) + " of version " + strconv.FormatInt(x.Draft, 10), Who: who, When: d.when(x.At),
		Suggests: x.Suggests, Says: x.Says,
	}
	open := x.State == record.CommentOpen
	_, there := o.Draft.Where(x)
	row.Gone = open && x.Key != "" && !there
	switch {
	case x.Suggests:
		row.Words = views.Differences(x.Was, x.Words)
		row.CanDecline = open && actor.May(record.Decline, o.SeriesID)
		row.CanAccept = open && there && actor.May(record.EditDraft, o.SeriesID)
	default:
		settles := actor.May(record.SettleComment, o.SeriesID)
		row.CanResolve, row.CanReopen = open && settles, !open && settles
		if row.Gone || !open {
			row.Was = x.Was
		}
	}
	if open {
		return row, nil
	}
	by, err := d.nameOf(c, x.SettledBy, names)
	row.Settled = capital(x.State) + " by " + by + ", " + d.when(x.SettledAt)
	if x.Became > 0 {
		row.Settled += ", as version " + strconv.FormatInt(x.Became, 10)
	}
	return row, err
}

// partName is what people call a passage of an older version.
func partName(key string) string {
	kind, n, _ := strings.Cut(key, ".")
	switch kind {
	case "title":
		return "Title"
	case "paragraph":
		return "Paragraph " + n
	case "heading":
		return "Heading of an observation"
	case "observation":
		return "Observation"
	}
	return "The text as a whole"
}

// addComment: POST /drafts/:id/comments
func (d *Desk) addComment(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	again := func(f views.Form) error { return d.commentsPage(c, http.StatusUnprocessableEntity, f) }
	if len(f.Faults) > 0 {
		return again(f)
	}
	key, id := f.Values.Get("part"), c.Param("id")
	words := views.WordsField(key)
	_, err = d.Record.AddComment(c.Request().Context(), d.actor(c), id, record.Comment{
		ID: f.Values.Get("id"), Draft: version(f), Key: key, Suggests: f.Values.Has(words), Words: f.Values.Get(words),
		Says: f.Values.Get(views.SaysField(key)),
	})
	if faults, ok := refused(err); ok {
		for i, fault := range faults {
			switch fault.Field {
			case "words":
				faults[i].Field = words
			case "says":
				faults[i].Field = views.SaysField(key)
			}
		}
		f.Faults = faults
		return again(f)
	}
	if err != nil {
		return err
	}
	return done(c, "/drafts/"+id+"/comments", "added")
}

// acceptSuggestion: POST /drafts/:id/comments/:comment/accept
func (d *Desk) acceptSuggestion(c echo.Context) error {
	_, err := d.Record.AcceptSuggestion(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("comment"))
	return d.settled(c, err, "accepted")
}

// declineSuggestion: POST /drafts/:id/comments/:comment/decline
func (d *Desk) declineSuggestion(c echo.Context) error {
	return d.settled(c, d.Record.DeclineSuggestion(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("comment")), "declined")
}

// resolveComment: POST /drafts/:id/comments/:comment/resolve
func (d *Desk) resolveComment(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Record.ResolveComment(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("comment"), f.Get("resolved") != "")
	return d.settled(c, err, "saved")
}

// settled leads back to what was said of a text, or says what stood in the way.
func (d *Desk) settled(c echo.Context, err error, what string) error {
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.Invalid {
		f := views.Form{Values: url.Values{}, Faults: []views.Fault{{Text: fault.All(err)[0].Text}}}
		return d.commentsPage(c, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return done(c, "/drafts/"+c.Param("id")+"/comments", what)
}

// discussedTexts are the texts on which a comment or a suggestion is open.
func (d *Desk) discussedTexts(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Suggestions and comments"}
	if !d.actor(c).MayAnywhere(record.ReadDraft) {
		return q, nil
	}
	all, total, err := d.Record.Outputs(c.Request().Context(), d.actor(c), recordstore.OutputFilter{Discussed: true, Page: 1, PerPage: waitingMost})
	if err != nil {
		return q, err
	}
	for _, o := range all {
		n, err := d.Record.OpenComments(c.Request().Context(), d.actor(c), o.ID)
		if err != nil {
			return q, err
		}
		q.Tasks = append(q.Tasks, views.Task{
			Mark: views.InReview, State: "Open", Title: o.Draft.Title, Path: "/drafts/" + o.ID + "/comments", Action: "Answer", Sample: o.Sample,
			Says: counted(n, "suggestion or comment", "suggestions or comments") + " that nobody has settled",
		})
	}
	if q.Total = total; total > waitingMost {
		q.More = "/outputs"
	}
	return q, nil
}
