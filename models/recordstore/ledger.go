package recordstore

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/seal"
)

type askingRow struct {
	ID       string
	OutputID string
	RoundID  string
	Due      string
	Answered int64
	Version  int64
	Sealed   []byte
}

func (askingRow) TableName() string { return "clearance_askings" }

type needRow struct {
	ID       string
	OutputID string
	RoundID  string
	Sealed   []byte
}

func (needRow) TableName() string { return "clearance_needs" }

// A Ledger is a text with everybody whose clearance it needs or was asked for.
type Ledger struct {
	Output  record.Output
	Code    string // text code of the whole text as it is
	Lines   []record.LedgerLine
	Askings []record.Asking    // all, the newest first
	Others  []record.Candidate // parties that are not in Lines and can be added

	candidates []record.Candidate
}

// namesOf are the names by which a text may name a party.
func (l Ledger) namesOf(p record.Party) []string {
	for _, c := range l.candidates {
		if c.Party == p {
			return slices.Concat(c.Names, c.Acronyms, c.Short)
		}
	}
	return nil
}

// Ledger reads the ledger of a text as it is now.
func (s *Store) Ledger(ctx context.Context, actor record.Actor, outputID string) (Ledger, error) {
	var out Ledger
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		out, err = s.ledger(tx, o)
		return err
	})
	return out, err
}

// Uncleared reports whether a clearance is missing for a text as it is now, or
// nobody asked about this version yet: that it is, not whose or why. For those who
// may read the text only, each edit is uncleared until somebody who may read
// clearances has dealt with it, so that no name they try tells who was there.
func (s *Store) Uncleared(ctx context.Context, actor record.Actor, outputID string) (bool, error) {
	missing := true
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		l, err := s.ledger(tx, o)
		if fault.KindOf(err) == fault.Unavailable {
			return nil // a keyset is not there: whoever may read the text still does
		}
		missing = !l.metFor(actor)
		return err
	})
	return missing, err
}

// ledger computes the ledger of a text whose Draft may be any version of it.
func (s *Store) ledger(tx *gorm.DB, o record.Output) (Ledger, error) {
	b := record.LedgerBook{Kind: o.Kind, Public: o.AsImported(), External: o.External, Draft: o.Draft, Today: record.Date(s.today())}
	if b.Public {
		return Ledger{Output: o, Code: s.wordsCode(o.Draft.Whole())}, nil
	}
	var err error
	if b.Candidates, b.Rules, err = s.candidates(tx, o); err != nil {
		return Ledger{}, err
	}
	if b.Askings, err = s.askingsOf(tx, o); err != nil {
		return Ledger{}, err
	}
	if b.Changes, err = s.needsOf(tx, o); err != nil {
		return Ledger{}, err
	}
	out := Ledger{Output: o, Code: s.wordsCode(o.Draft.Whole()), Lines: b.Ledger(), Askings: slices.Clone(b.Askings), candidates: b.Candidates}
	for _, c := range b.Candidates {
		if !slices.ContainsFunc(out.Lines, func(l record.LedgerLine) bool { return l.Party == c.Party }) {
			out.Others = append(out.Others, c)
		}
	}
	slices.Reverse(out.Askings)
	return out, nil
}

// wordsCode is the text code of words that are not public yet: of equal words
// the same, and no check of a guess without the key.
func (s *Store) wordsCode(words record.Shown) string {
	return published.TextCode(hex.EncodeToString(s.ring.MAC(seal.Wording, words.Bytes())))
}

// candidates are all whom a text may concern, and the rules of its round.
func (s *Store) candidates(tx *gorm.DB, o record.Output) (out []record.Candidate, rules record.GroundRules, err error) {
	series, err := seriesByID(tx, o.SeriesID)
	if err != nil {
		return nil, rules, err
	}
	for _, side := range series.Sides {
		out = append(out, record.Candidate{Party: record.Party{Kind: record.PartySide, ID: side.ID}, Name: side.Name})
	}
	bodies := series.ConvenerIDs()
	about := []string{o.RoundID}
	if o.RoundID == "" { // everybody of the series, under rules that let nothing out
		if err := tx.Model(&roundRow{}).Where("series_id = ?", o.SeriesID).Order("sort_on, id").Pluck("id", &about).Error; err != nil {
			return nil, rules, database.Error(err, "rounds")
		}
	}
	var people []string
	for _, id := range about {
		r, err := s.roundByID(tx, id)
		if err != nil {
			return nil, rules, err
		}
		for _, p := range r.Presences {
			bodies = append(bodies, p.OrganisationID, p.AttendsThroughID)
		}
		all, err := s.participationsOf(tx, o.SeriesID, id, false)
		if err != nil {
			return nil, rules, err
		}
		for _, p := range all {
			people = append(people, p.PersonID)
		}
	}
	if o.RoundID != "" {
		book, err := ruleBook(tx, o.RoundID)
		if err != nil {
			return nil, rules, err
		}
		if rules = book.Rules; len(book.Changes) > 0 {
			rules = book.Strictest() // a text does not say in which part a thing was said
		}
		rules = rules.Lifted(time.UnixMicro(s.now()))
	}
	for _, f := range series.Funders {
		bodies = append(bodies, f.OrganisationID)
	}
	known, err := organisationsByID(tx, bodies)
	if err != nil {
		return nil, rules, err
	}
	seen := map[string]bool{"": true}
	for _, id := range bodies {
		body, ok := known[id]
		if !ok || seen[id] || body.Kind == record.Category || slices.ContainsFunc(series.Funders, func(f record.Funding) bool { return f.OrganisationID == id }) {
			continue
		}
		seen[id] = true
		out = append(out, ofBody(record.PartyBody, body))
	}
	for _, f := range series.Funders {
		if body, ok := known[f.OrganisationID]; ok && !seen[body.ID] {
			seen[body.ID] = true
			c := ofBody(record.PartyFunder, body)
			c.Thanks = f.Acknowledgement
			out = append(out, c)
		}
	}
	persons, err := peopleByID(tx, people)
	if err != nil {
		return nil, rules, err
	}
	for _, id := range people {
		if p, ok := persons[id]; ok && !seen[id] {
			seen[id] = true
			out = append(out, ofPerson(p))
		}
	}
	return out, rules, nil
}

func ofBody(kind record.PartyKind, o record.Organisation) record.Candidate {
	c := record.Candidate{Party: record.Party{Kind: kind, ID: o.ID}, Name: o.Name, Names: append([]string{o.Name}, o.Aliases...)}
	for _, n := range o.Native {
		c.Names = append(c.Names, n.Text)
	}
	if o.Acronym != "" {
		c.Acronyms = []string{o.Acronym}
	}
	return c
}

// titles are words before a family name that make it name somebody.
var titles = []string{
	"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Dr", "Dr.", "Prof", "Prof.", "Professor", "Ambassador", "Amb", "Amb.",
	"Minister", "General", "Gen", "Gen.", "Admiral", "Colonel", "Director", "Sir", "Lady", "Lord",
}

func ofPerson(p record.Person) record.Candidate {
	c := record.Candidate{Party: record.Party{Kind: record.PartyPerson, ID: p.ID}, Name: p.Name(), Names: slices.Clone(p.Aliases)}
	for _, n := range p.Native {
		c.Names = append(c.Names, n.Text)
	}
	if p.Given == "" {
		c.Names = append(c.Names, p.Family)
		return c
	}
	c.Names = append(c.Names, p.Given+" "+p.Family, p.Family+" "+p.Given, p.Family+", "+p.Given)
	for _, title := range append(slices.Clone(titles), p.Honorific) {
		if title != "" {
			c.Names = append(c.Names, title+" "+p.Family)
		}
	}
	c.Short = []string{p.Family}
	return c
}

// askingsOf are all askings of a text, the oldest first.
func (s *Store) askingsOf(tx *gorm.DB, o record.Output) ([]record.Asking, error) {
	var rows []askingRow
	if err := tx.Where("output_id = ?", o.ID).Order("id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "clearances")
	}
	out := make([]record.Asking, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = s.asking(o, row); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b record.Asking) int { return int(a.AskedAt - b.AskedAt) })
	return out, nil
}

// asking is the one way of an asking out of the database.
func (s *Store) asking(o record.Output, row askingRow) (record.Asking, error) {
	a := record.Asking{ID: row.ID, OutputID: row.OutputID, Version: row.Version}
	err := s.unsealOfText(o, row.TableName(), row.ID, row.Sealed, &a)
	return a, err
}

// toAskingRow is the one way of an asking into the database.
func (s *Store) toAskingRow(o record.Output, a record.Asking) (askingRow, error) {
	row := askingRow{ID: a.ID, OutputID: o.ID, RoundID: o.RoundID, Due: string(a.Due), Answered: flag(a.Reply.State != record.NoReply), Version: a.Version}
	var err error
	row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, a)
	return row, err
}

func (s *Store) needsOf(tx *gorm.DB, o record.Output) ([]record.NeedChange, error) {
	var rows []needRow
	if err := tx.Where("output_id = ?", o.ID).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "clearances")
	}
	out := make([]record.NeedChange, len(rows))
	for i, row := range rows {
		if err := s.unsealOfText(o, row.TableName(), row.ID, row.Sealed, &out[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b record.NeedChange) int { return int(a.At - b.At) })
	return out, nil
}

// sealOfText seals what belongs to a text, under the keyset of its round or else
// of its series.
func (s *Store) sealOfText(o record.Output, table, id string, v any) ([]byte, error) {
	if o.RoundID == "" {
		return s.seal(o.SeriesID, table, id, v)
	}
	return s.sealOfRound(o.RoundID, table, id, v)
}

// unsealOfText opens what sealOfText made.
func (s *Store) unsealOfText(o record.Output, table, id string, sealed []byte, v any) error {
	if o.RoundID == "" {
		return s.unseal(o.SeriesID, table, id, sealed, v)
	}
	return s.unsealOfRound(o.RoundID, table, id, sealed, v)
}

// An Ask is what is asked of parties of a text. The words are those that each
// would be shown of the version Draft.
type Ask struct {
	Draft   int64 // the version that the asker saw
	Parties []record.Party
	On, Due record.Date
	Silence string // the basis on which no answer counts as a yes, "" for none
}

// check holds an asking to the rules of the field; today is the day it is recorded.
func (a Ask) check(today record.Date) error {
	var silence error
	if a.Silence != "" && a.Due == "" {
		silence = fault.Field("due", "Enter the day after which silence counts.")
	}
	if a.On.Precision() != record.Day || a.On > today {
		return fault.Field("on", "Enter the day on which they were asked, today or before.")
	}
	if a.Silence != "" && a.Due != "" && a.Due < today {
		return fault.Field("due", "Silence counts from a day on that is still to come.")
	}
	if a.Due != "" && (a.Due.Precision() != record.Day || a.Due < a.On) {
		return fault.Field("due", "Enter a day that is not before you ask, or none.")
	}
	if len(a.Parties) == 0 {
		return fault.Field("party", "Choose whom you ask.")
	}
	if silence != nil {
		return silence
	}
	return record.CheckLine("silence", a.Silence)
}

// AskClearance writes down that parties are shown their words of a text and
// asked to clear them. Who was asked about these words and has not answered is
// not asked twice.
//
// It fails with Conflict if the version is not the newest, with Invalid for a
// party that the text does not concern.
func (s *Store) AskClearance(ctx context.Context, actor record.Actor, outputID string, ask Ask) error {
	if err := ask.check(record.Date(s.today())); err != nil {
		return err
	}
	ask.Silence = strings.TrimSpace(ask.Silence)
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if o.Draft.Number != ask.Draft {
			return fault.Errorf(fault.Conflict, "Somebody saved a new version of the text. Look at it before you ask.")
		}
		l, err := s.ledger(tx, o)
		if err != nil {
			return err
		}
		asked := 0
		for _, party := range ask.Parties {
			i := slices.IndexFunc(l.Lines, func(l record.LedgerLine) bool { return l.Party == party && l.Need != record.NeedNothing })
			if i < 0 {
				return fault.Field("party", "Choose parties of this ledger.")
			}
			line := l.Lines[i]
			if slices.ContainsFunc(l.Askings, func(a record.Asking) bool {
				return a.Party == party && a.Reply.State == record.NoReply && a.Shown.Same(line.Now) && a.Due == ask.Due && a.Silence == ask.Silence
			}) {
				continue
			}
			row, err := s.toAskingRow(o, record.Asking{
				ID: s.newID(), Party: party, Name: line.Name, Names: l.namesOf(party), Draft: o.Draft.Number, Shown: line.Now, Code: s.wordsCode(line.Now),
				On: ask.On, Due: ask.Due, Silence: ask.Silence, AskedBy: actor.ID, AskedAt: s.now(), Version: 1,
			})
			if err != nil {
				return err
			}
			if err := tx.Create(&row).Error; err != nil {
				return database.Error(err, "clearance")
			}
			asked++
		}
		if asked == 0 {
			return errUnchanged
		}
		return nil
	})
}

// RecordReply writes down what a party answered. Wording is needed for
// GrantedWithChanges only: the words of each passage shown, in order.
//
// It fails with Conflict if version is not the stored one, unless the stored
// reply is the same.
func (s *Store) RecordReply(ctx context.Context, actor record.Actor, outputID, askingID string, version int64, r record.Reply, wording []string) error {
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		if r.Wording, err = a.Shown.Reworded(r.State, wording); err != nil {
			return err
		}
		r = r.Normal()
		if len(r.Evidence.Content) == 0 && r.State == a.Reply.State {
			r.Evidence = a.Reply.Evidence
		}
		if a.Reply.Same(r) {
			return errUnchanged
		}
		if a.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody recorded an answer of this party meanwhile.")
		}
		if err := r.Check(a.On, record.Date(s.today())); err != nil {
			return err
		}
		if a.Reply.State != record.NoReply {
			a.Earlier = append(a.Earlier, a.Reply)
		}
		a.Reply, a.RecordedBy, a.Recorded, a.Version = r, actor.ID, s.now(), version+1
		row, err := s.toAskingRow(o, a)
		if err != nil {
			return err
		}
		return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "clearance")
	})
}

// ChangeNeed writes down what a person decided about the need of a party, with
// their reason.
func (s *Store) ChangeNeed(ctx context.Context, actor record.Actor, outputID string, c record.NeedChange) error {
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" {
		return fault.Field("reason", "Say why.")
	}
	if err := record.CheckLine("reason", c.Reason); err != nil {
		return err
	}
	if !slices.Contains([]record.Need{record.NeedConsent, record.NeedSight, record.NeedNothing}, c.Need) {
		return fault.Field("need", "Choose what is needed.")
	}
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		candidates, _, err := s.candidates(tx, o)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(candidates, func(k record.Candidate) bool { return k.Party == c.Party }) {
			return fault.Field("party", "Choose somebody whom this text may concern.")
		}
		before, err := s.needsOf(tx, o)
		if err != nil {
			return err
		}
		for _, b := range slices.Backward(before) {
			if b.Party == c.Party {
				if b.Need == c.Need && b.Reason == c.Reason {
					return errUnchanged
				}
				break
			}
		}
		c.By, c.ByID, c.At = actor.Name, actor.ID, s.now()
		row := needRow{ID: s.newID(), OutputID: o.ID, RoundID: o.RoundID}
		if row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, c); err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "clearance")
	})
}

// Asking reads one asking with its evidence.
func (s *Store) Asking(ctx context.Context, actor record.Actor, outputID, askingID string) (record.Asking, error) {
	var a record.Asking
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		var err error
		_, a, err = s.askingByID(tx, outputID, askingID)
		return err
	})
	return a, err
}

func (s *Store) askingByID(tx *gorm.DB, outputID, id string) (record.Output, record.Asking, error) {
	o, err := s.outputByID(tx, outputID)
	if err != nil {
		return o, record.Asking{}, err
	}
	var row askingRow
	if err := tx.Where("id = ? AND output_id = ?", id, outputID).Take(&row).Error; err != nil {
		return o, record.Asking{}, database.Error(err, "clearance")
	}
	a, err := s.asking(o, row)
	return o, a, err
}
