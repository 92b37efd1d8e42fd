package recordstore

import (
	"reflect"

	"track15/models/database"
	"track15/models/interchange"
)

const (
	rewritten    = "The record has other words under this id. What was said or published is not rewritten: give the other words an id of their own."
	anotherPlace = "The record has this id elsewhere. Give the other entry an id of its own."
)

// planNotes seals the notes that are new, and the phrases of them that their
// speakers released.
func (x *exchange) planNotes() error {
	var err error
	if x.notes, err = begin[noteRow](x, xNotes, "notes", externalIDs(x.file.Notes, func(e interchange.Note) string { return e.ID })); err != nil {
		return err
	}
	roundOf := map[string]string{}
	for i, e := range x.file.Notes {
		n := saying{Session: e.Session, TakenOn: e.TakenOn, Language: e.Language, Text: e.Text}
		if e.Speaker != nil {
			n.Speaker = x.people.id(*e.Speaker)
		}
		c, row, err := see(x, &x.notes, xNotes, e.ID, kept{}, e)
		if err != nil {
			return err
		}
		new := noteRow{ID: row.ObjectID, RoundID: x.rounds.id(e.Round), Version: 1}
		roundOf[e.ID] = new.RoundID
		switch c {
		case added:
			if new.Sealed, err = x.store.sealOfRound(new.RoundID, "notes", new.ID, n); err != nil {
				return err
			}
			x.notes.new = append(x.notes.new, new)
		case altered:
			var was noteRow
			if err := x.tx.Where("id = ?", row.ObjectID).Take(&was).Error; err != nil {
				return database.Error(err, "note")
			}
			if was.RoundID != new.RoundID {
				return clash(xNotes, i, "round", anotherPlace)
			}
			var said saying
			if err := x.store.unsealOfRound(was.RoundID, "notes", was.ID, was.Sealed, &said); err != nil {
				return err
			}
			if !reflect.DeepEqual(said.inFile(), n) {
				return clash(xNotes, i, "text", rewritten)
			}
			x.keep(row, false)
		}
	}
	return x.planPhrases(roundOf)
}

// inFile is what a file says of an intervention; the rest is the desk's.
func (n saying) inFile() saying {
	return saying{Session: n.Session, Speaker: n.Speaker, TakenOn: n.TakenOn, Language: n.Language, Text: n.Text}
}

func (x *exchange) planPhrases(roundOf map[string]string) error {
	var err error
	if x.phrases, err = begin[phraseRow](x, xPhrases, "phrase_clearances", externalIDs(x.file.PhraseClearances, func(e interchange.PhraseClearance) string { return e.ID })); err != nil {
		return err
	}
	for i, e := range x.file.PhraseClearances {
		if _, here := x.phrases.rows[e.ID]; !here && !x.notes.fresh[e.Note] {
			x.report.LeftOut++
			continue
		}
		q := phrase{Quote: e.Quote, ClearedOn: e.ClearedOn, Basis: e.Basis}
		c, row, err := see(x, &x.phrases, xPhrases, e.ID, kept{}, e)
		if err != nil {
			return err
		}
		new := phraseRow{ID: row.ObjectID, NoteID: x.notes.id(e.Note), RoundID: roundOf[e.Note]}
		switch c {
		case added:
			if new.Sealed, err = x.store.sealOfRound(new.RoundID, "phrase_clearances", new.ID, q); err != nil {
				return err
			}
			x.phrases.new = append(x.phrases.new, new)
		case altered:
			var was phraseRow
			if err := x.tx.Where("id = ?", row.ObjectID).Take(&was).Error; err != nil {
				return database.Error(err, "phrase")
			}
			if was.NoteID != new.NoteID {
				return clash(xPhrases, i, "note", anotherPlace)
			}
			var released phrase
			if err := x.store.unsealOfRound(was.RoundID, "phrase_clearances", was.ID, was.Sealed, &released); err != nil {
				return err
			}
			if released != q {
				return clash(xPhrases, i, "quote", rewritten)
			}
			x.keep(row, false)
		}
	}
	return nil
}

// planKnown takes the texts that anyone can read, and the exceptions of the
// check. One that concerns what was here is left out: it would make that known.
func (x *exchange) planKnown() error {
	texts := func(kind string, own bool, all []interchange.Text) error {
		l, err := begin[knownTextRow](x, kind, "known_texts", externalIDs(all, func(e interchange.Text) string { return e.ID }))
		if err != nil {
			return err
		}
		for i, e := range all {
			_, here := l.rows[e.ID]
			if !here && !x.empty && (e.Round == "" || !x.rounds.fresh[e.Round]) {
				x.report.LeftOut++
				continue
			}
			c, row, err := see(x, &l, kind, e.ID, kept{}, e)
			if err != nil {
				return err
			}
			t := knownTextRow{row.ObjectID, flag(own), x.rounds.id(e.Round), e.Title, e.PublishedOn, e.Text}
			switch c {
			case added:
				x.known = append(x.known, t)
			case altered:
				var was knownTextRow
				if err := x.tx.Where("id = ?", row.ObjectID).Take(&was).Error; err != nil {
					return database.Error(err, "text")
				}
				if was != t {
					return clash(kind, i, "text", rewritten)
				}
				x.keep(row, false)
			}
		}
		return nil
	}
	return inOrder(
		func() error { return texts(xPublished, true, x.file.Published) },
		func() error { return texts(xSources, false, x.file.PublicSources) },
		x.planAllowed,
	)
}

func (x *exchange) planAllowed() error {
	l, err := begin[allowedRow](x, xAllowed, "allow_list", externalIDs(x.file.AllowList, func(e interchange.Allowed) string { return e.ID }))
	if err != nil {
		return err
	}
	for i, e := range x.file.AllowList {
		if _, here := l.rows[e.ID]; !here && !x.empty {
			x.report.LeftOut++
			continue
		}
		c, row, err := see(x, &l, xAllowed, e.ID, kept{}, e)
		if err != nil {
			return err
		}
		a := allowedRow{row.ObjectID, e.Kind, e.Value, e.Scope, e.Reason}
		switch c {
		case added:
			x.allowed = append(x.allowed, a)
		case altered:
			var was allowedRow
			if err := x.tx.Where("id = ?", row.ObjectID).Take(&was).Error; err != nil {
				return database.Error(err, "exception")
			}
			if was != a {
				return clash(xAllowed, i, "value", rewritten)
			}
			x.keep(row, false)
		}
	}
	return nil
}
