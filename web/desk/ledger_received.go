package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/replies"
	views "track15/views/desk"
)

// evidenceOf is what a form attaches to an answer: a file, or else what was
// pasted.
func evidenceOf(f views.Form, name string, file []byte) record.Evidence {
	switch pasted := f.Values.Get("pasted"); {
	case len(file) > 0:
		return record.Evidence{Name: name, Type: http.DetectContentType(file), Content: file}
	case strings.TrimSpace(pasted) != "":
		return record.Evidence{Name: "pasted.txt", Type: "text/plain; charset=utf-8", Content: []byte(pasted)}
	}
	return record.Evidence{}
}

// compareReceived: GET /drafts/:id/clearance/:asking/compare compares the file
// that is kept.
func (d *Desk) compareReceived(c echo.Context) error {
	a, err := d.Record.Asking(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking"))
	if err != nil {
		return err
	}
	if len(a.Holds().Content) == 0 {
		return errNothing
	}
	return d.receivedPage(c, http.StatusOK, views.Form{Values: url.Values{}}, a)
}

// received: POST /drafts/:id/clearance/:asking/compare keeps the file of the form
// of an answer, and compares it. What was typed goes with the page that follows.
func (d *Desk) received(c echo.Context) error {
	ctx, actor, id, askingID := c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking")
	a, err := d.Record.Asking(ctx, actor, id, askingID)
	if err != nil {
		return err
	}
	f, name, file, err := readUpload(c)
	if err != nil {
		return err
	}
	again := func(status int, says ...views.Fault) error {
		f.Faults = says
		return d.askingPage(c, status, f)
	}
	e := evidenceOf(f, name, file)
	if len(e.Content) == 0 {
		if e = a.Holds(); len(e.Content) == 0 {
			return again(http.StatusUnprocessableEntity, views.Fault{Field: "file", Text: "Choose the file that came, or paste the answer."})
		}
	}
	kept, err := d.Record.KeepReceived(ctx, actor, id, askingID, version(f), e)
	if fault.KindOf(err) == fault.Conflict {
		f.Values.Set("version", strconv.FormatInt(a.Version, 10))
		return again(http.StatusConflict, views.Fault{Text: "Somebody recorded an answer of this party meanwhile. It stands below; what you entered is kept in the form. Choose the file again."})
	}
	if faults, ok := refused(err); ok {
		return again(http.StatusUnprocessableEntity, faults...)
	}
	if err != nil {
		return err
	}
	f.Values.Set("version", strconv.FormatInt(kept.Version, 10))
	f.Values.Del("pasted") // it is kept now
	return d.receivedPage(c, http.StatusOK, f, kept)
}

// receivedPage shows what became of the words that a party was shown. The form
// holds what was typed of the answer, and the choices.
func (d *Desk) receivedPage(c echo.Context, status int, f views.Form, a record.Asking) error {
	l, err := d.Record.Ledger(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	p := views.ReceivedPage{
		ID: l.Output.ID, Title: l.Output.Draft.Title, Path: "/drafts/" + l.Output.ID + "/clearance/" + a.ID,
		Party: partyName(l, a.Party), File: a.Holds().Name,
	}
	if !f.Values.Has("version") {
		f.Values.Set("version", strconv.FormatInt(a.Version, 10))
	}
	cmp, answer, says := comparedAnswer(a)
	p.Read, p.Says = cmp != nil, says
	if cmp != nil {
		p.Around, p.Comments = cmp.Around, cmp.Comments
		for n, ch := range cmp.Changes {
			field := views.ChangeField(n)
			if !ch.Whole && !f.Values.Has(field) && len(f.Faults) == 0 {
				f.Values.Set(field, "take")
			}
			p.Rows = append(p.Rows, views.ChangeRow{Field: field, Place: ch.Place, Before: ch.Before, Old: ch.Old, New: ch.New, After: ch.After, Whole: ch.Whole})
		}
	} else {
		for _, s := range answer.Sources {
			p.Around, p.Comments = append(p.Around, s.Paragraphs...), append(p.Comments, s.Comments...)
		}
	}
	p.Count = counted(len(p.Rows), "change", "changes")
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if !strings.HasPrefix(name, "change.") {
			for _, v := range f.Values[name] {
				p.Carried = append(p.Carried, views.Option{Value: name, Words: v})
			}
		}
	}
	p.Form = f
	return d.show(c, status, views.Received(d.frame(c, clearanceFrame), p))
}

// comparedAnswer compares the file that an asking holds; nil for one that is evidence
// only, with what is to be said of it.
func comparedAnswer(a record.Asking) (*replies.Comparison, replies.Answer, string) {
	const entered = " Enter any changes by hand."
	answer, err := replies.Read(a.Holds().Content)
	if err != nil {
		return nil, answer, "It cannot be read and is evidence only." + entered
	}
	cmp, ok, err := replies.Compare(a.Shown, answer)
	switch {
	case err != nil:
		return nil, answer, "It is too long to be compared and is evidence only." + entered
	case ok:
		says := "Compared are its words."
		if cmp.Word {
			says = "Compared is the Word file, with what was inserted in it and without what was deleted."
		}
		if cmp.Others > 0 {
			says += " " + counted(cmp.Others, "other text", "other texts") + " in it not compared."
		}
		return &cmp, answer, says + unread(answer)
	case len(answer.Sources) > 0:
		return nil, answer, "None of the passages that were sent stands in it: it is evidence only." + unread(answer) + entered
	}
	return nil, answer, "Its words are not read: it is evidence only." + unread(answer) + entered
}

// unread says which files in an answer nobody read.
func unread(a replies.Answer) string {
	if len(a.Unread) == 0 {
		return ""
	}
	kinds := slices.Clone(a.Unread)
	slices.Sort(kinds)
	return " Not read: " + strings.Join(slices.Compact(kinds), ", ") + "."
}

// takeWording: POST /drafts/:id/clearance/:asking/wording leads back to the form
// of the answer, with the changes that were taken over.
func (d *Desk) takeWording(c echo.Context) error {
	a, err := d.Record.Asking(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking"))
	if err != nil {
		return err
	}
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if version(f) != a.Version {
		f.Faults = append(f.Faults, views.Fault{Text: "Somebody recorded something of this party meanwhile. Look at what came again."})
		f.Values.Set("version", strconv.FormatInt(a.Version, 10))
		return d.receivedPage(c, http.StatusConflict, f, a)
	}
	cmp, answer, _ := comparedAnswer(a)
	f.Action = "/drafts/" + c.Param("id") + "/clearance/" + a.ID
	taken := map[int]bool{}
	if cmp != nil {
		for n := range cmp.Changes {
			switch f.Values.Get(views.ChangeField(n)) {
			case "take":
				taken[n] = true
			case "leave":
			default:
				f.Faults = append(f.Faults, views.Fault{Field: views.ChangeField(n), Text: "Say whether this change is taken over."})
			}
		}
		if len(f.Faults) > 0 {
			return d.receivedPage(c, http.StatusUnprocessableEntity, f, a)
		}
		for n, words := range cmp.Wording(func(n int) bool { return taken[n] }) {
			f.Values.Set(wordingField(n), words)
		}
		switch {
		case len(taken) > 0:
			f.Values.Set("answer", string(record.GrantedWithChanges))
		case f.Values.Get("answer") == "" && len(cmp.Changes) == 0:
			f.Values.Set("answer", string(record.Granted))
		}
	}
	for n, s := range a.Shown.Passages {
		if !f.Values.Has(wordingField(n)) {
			f.Values.Set(wordingField(n), s.Text)
		}
	}
	today := d.today()
	if on := f.Values.Get("on"); answer.Sent >= string(a.On) && answer.Sent <= today && (on == "" || on == today) {
		f.Values.Set("on", answer.Sent)
	} else if on == "" {
		f.Values.Set("on", today)
	}
	if answer.Sent != "" && f.Values.Get("channel") == "" {
		f.Values.Set("channel", string(record.Channels[0]))
	}
	return d.askingPage(c, http.StatusOK, f)
}

// takeOver: POST /drafts/:id/clearance/:asking/take
func (d *Desk) takeOver(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	_, err = d.Record.TakeOver(c.Request().Context(), d.actor(c), id, c.Param("asking"))
	if e := fault.All(err); fault.KindOf(err) == fault.Conflict && len(e) > 0 {
		f = views.Form{Values: url.Values{}, Faults: []views.Fault{{Text: e[0].Text}}}
		return d.askingPage(c, http.StatusConflict, f)
	}
	return answered(c, f, err, "/drafts/"+id+"/clearance", "accepted", func(f views.Form) error {
		return d.askingPage(c, http.StatusUnprocessableEntity, f)
	})
}
