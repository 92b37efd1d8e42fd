package recordstore

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/disclosure"
	"track15/models/interchange"
	"track15/models/published"
	"track15/models/record"
)

// Compared is what drafts are compared with.
type Compared struct {
	disclosure.Record
	AsOf string // the day on which embargoes are judged
}

// Compared returns what drafts are compared with, under the ids of files: the notes
// unsealed, the people, bodies and rounds of the series in which the actor may
// compare, what was published or cleared, and the exceptions. Embargoes are judged
// on a day, as 2026-04-01; "" is the record's own, or today. All of it stands in
// memory, and must stay there.
//
// It fails with Forbidden if the actor has the right nowhere, and with
// Unavailable if the notes of a round cannot be opened: a check that left them out
// would not be one.
func (s *Store) Compared(ctx context.Context, actor record.Actor, asOf string) (c Compared, err error) {
	err = s.act(ctx, actor, record.Compare, wherever(actor, record.Compare), func(tx *gorm.DB) error {
		c, err = s.compared(tx, actor, asOf, false)
		return err
	})
	return c, err
}

// Reveal notes that the actor was told what findings rest on. It fails with
// Forbidden unless they may know it in every series in which they compare.
func (s *Store) Reveal(ctx context.Context, actor record.Actor) error {
	return s.act(ctx, actor, record.Reveal, wherever(actor, record.Compare), func(*gorm.DB) error { return nil })
}

// compared reads what drafts are compared with, under the ids of files or the
// record's own.
func (s *Store) compared(tx *gorm.DB, actor record.Actor, asOf string, own bool) (Compared, error) {
	x := &exporting{store: s, actor: actor, act: record.Compare, tx: tx, everything: true, own: own}
	if err := inOrder(x.read, x.rounds, x.participations, x.notes, x.known, x.directory, x.released); err != nil {
		return Compared{}, err
	}
	x.leaveOutStrangers()
	if asOf == "" {
		asOf = x.out.AsOf
	}
	c := Compared{disclosure.From(x.out, asOf), asOf}
	x.underRules(&c.Record)
	return c, nil
}

// released adds what the public reads of rounds and texts: it may be said again.
func (x *exporting) released() error {
	var states []releaseStateRow
	if err := x.tx.Where("kind IN ? AND present = 1", []string{kindRound, kindOutput}).Find(&states).Error; err != nil {
		return database.Error(err, "release")
	}
	docs, err := publicDocuments(x.tx, states)
	if err != nil {
		return err
	}
	x.shown = map[string]published.Round{}
	for _, d := range docs {
		if d.Kind == kindRound {
			var r published.Round
			if err := (published.Document{Kind: published.KindRound, Slug: d.Slug, Body: d.Body}).Decode(&r); err != nil {
				return err
			}
			x.shown[d.ObjectID] = r
		}
		texts, err := published.Texts(d.Body)
		if err != nil {
			return err
		}
		for _, text := range texts {
			x.out.Published = append(x.out.Published, interchange.Text{ID: d.Slug, Text: text})
		}
	}
	return nil
}

// leaveOutStrangers takes out the desk's own people and bodies that no round has:
// the directory alone discloses nothing. Those of a file are as the file says.
func (x *exporting) leaveOutStrangers() {
	there := map[string]bool{}
	for _, p := range x.presences {
		there[p.OrganisationID] = true
	}
	for _, p := range x.participants {
		there[p.PersonID] = true
	}
	ids := map[string]bool{} // as in the file, of those that no round has
	for id := range x.organisations {
		if _, came := x.rows[xOrganisations][id]; !came && !there[id] {
			ids[x.id(xOrganisations, id)] = true
		}
	}
	for id := range x.people {
		if _, came := x.rows[xPeople][id]; !came && !there[id] {
			ids[x.id(xPeople, id)] = true
		}
	}
	x.out.Organisations = slices.DeleteFunc(x.out.Organisations, func(o interchange.Organisation) bool { return ids[o.ID] })
	x.out.People = slices.DeleteFunc(x.out.People, func(p interchange.Person) bool { return ids[p.ID] })
}

// underRules adds what a file has no place for: what of a round is public now, to whom
// the rules of a round let words be ascribed, whether they let names be said, and at
// which rounds a body is disclosed as what it is.
func (x *exporting) underRules(r *disclosure.Record) {
	names, bodies, words := map[string]bool{}, map[string]bool{}, map[string]bool{}
	at := map[string]int{}
	for i, rd := range r.Rounds {
		at[rd.ID] = i
	}
	for _, row := range x.roundRows {
		id, rules := x.id(xRounds, row.ID), row.round().Rules
		names[id], bodies[id], words[id] = rules.Allows(record.AspectNames), rules.Allows(record.AspectOrganisation), rules.Allows(record.AspectByPerson)
		if i, ok := at[id]; ok {
			if doc, public := x.shown[row.ID]; public {
				hidden := &r.Rounds[i].Hidden
				hidden.Existence = false
				hidden.Dates = hidden.Dates && doc.Dates == (published.Dates{})
				hidden.City = hidden.City && doc.City == ""
			}
			r.Rounds[i].May = disclosure.Ascribed{Side: rules.Allows(record.AspectBySide), Body: rules.Allows(record.AspectByBody), Person: rules.Allows(record.AspectByPerson)}
		}
	}
	for i := range r.People {
		for n, in := range r.People[i].Presences {
			r.People[i].Presences[n].NameCleared = in.NameCleared || names[in.Round]
			r.People[i].Presences[n].WordsCleared = in.WordsCleared || words[in.Round]
		}
	}
	open := map[string][]string{}
	for of, presences := range x.of {
		round := x.id(xRounds, of)
		for _, p := range presences {
			if id := x.id(xOrganisations, p.OrganisationID); p.Label == record.Exact && p.AttendsThroughID == "" && bodies[round] {
				open[id] = append(open[id], round)
			}
		}
	}
	for i := range r.Bodies {
		r.Bodies[i].Open = open[r.Bodies[i].ID]
		slices.Sort(r.Bodies[i].Open)
	}
}

// A comparer keeps indexes of the record in memory, by the series that they hold.
type comparer struct {
	mu   sync.Mutex
	kept map[string]*indexed
}

// forget lets all indexes go.
func (c *comparer) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
}

// An indexed is an index, and the number of the last entry that it has seen.
type indexed struct {
	index  *disclosure.Index
	change int64
	asOf   string
}

// unlike are the acts after which a draft is compared with the same record as
// before. All others make an index be built anew.
var unlike = []record.Act{
	record.SignIn, record.SignInRefused, record.SignOut, record.EditSelf, record.ManageAccounts, record.ProposeGrant, record.GiveGrant, record.RevokeGrant,
	record.Export, record.ExportRecord, record.MakePaper, record.MakeAnswer, record.AnswerOwn, record.Reveal, record.Settle, record.EditDraft, record.Suggest,
	record.SettleComment, record.Decline, record.PrepareRelease, record.Sign, record.Countersign, record.AskSecond, record.ReturnRelease, record.EnterSignature,
	record.HoldRelease, record.LiftHold, record.ReadNotes, record.ReadSitting, record.KeepTime, record.OpenLink, record.ChaseCopies, record.LogRequest, record.AnswerRequest,
}

// index returns an index of what an actor compares with, as the record is in the
// transaction. It is built if something was changed since.
func (s *Store) index(tx *gorm.DB, actor record.Actor) (*disclosure.Index, error) {
	everything, series := actor.SeriesFor(record.Compare)
	if !everything && len(series) == 0 {
		return nil, refuse(record.Compare)
	}
	s.comparer.mu.Lock()
	defer s.comparer.mu.Unlock()
	key := strings.Join(series, " ") // "" is everything
	last, err := lastEntry(tx)
	if err != nil {
		return nil, err
	}
	if kept := s.comparer.kept[key]; kept != nil && kept.asOf == s.today() && kept.change <= last.Number {
		fresh, err := unchangedSince(tx, kept.change)
		if err != nil {
			return nil, err
		}
		if fresh {
			kept.change = last.Number
			return kept.index, nil
		}
	}
	c, err := s.compared(tx, actor, s.today(), true)
	if err != nil {
		return nil, err
	}
	if s.comparer.kept == nil {
		s.comparer.kept = map[string]*indexed{}
	}
	made := &indexed{disclosure.New(c.Record), last.Number, s.today()}
	s.comparer.kept[key] = made
	return made.index, nil
}

// unchangedSince reports whether all acts after an entry are such that a draft is
// compared with the same record.
func unchangedSince(tx *gorm.DB, number int64) (bool, error) {
	var rows []auditRow
	if err := tx.Where("number > ?", number).Find(&rows).Error; err != nil {
		return false, database.Error(err, "audit entry")
	}
	for _, row := range rows {
		var e entry
		if err := json.Unmarshal(row.Bytes, &e); err != nil {
			return false, err
		}
		if !slices.Contains(unlike, e.Act) {
			return false, nil
		}
	}
	return true, nil
}
