package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// CopyRound logs a round with the bodies, people and sessions of another round
// of the same series, and returns it with its ID, Sequence and Version set. Its
// facts are r's. Confidentiality may rise, never fall:
//
//   - its rules are the strictest that held at any time of the other round,
//     without what was cleared, the end of an embargo and the text read out;
//   - presences keep their labels, but those of a round from public sources are
//     withheld: what stands in public is said of that round alone;
//   - who declined is left out; of the others neither how far they came nor which
//     sessions they attended nor any clearance is copied;
//   - sessions come without their day, with those of their chairs and presenters
//     who are copied;
//   - true affiliations are copied by those who may edit them. Others leave them
//     out, and people stand under their badge.
func (s *Store) CopyRound(ctx context.Context, actor record.Actor, fromID string, r record.Round) (record.Round, error) {
	r = r.Normal()
	if err := s.identify(&r.ID); err != nil {
		return r, err
	}
	at := func(tx *gorm.DB) (scope, error) {
		sc, err := ofRound(fromID)(tx)
		sc.objects = []string{r.ID}
		return sc, err
	}
	err := s.act(ctx, actor, record.EditRound, at, func(tx *gorm.DB) error {
		from, err := s.roundByID(tx, fromID)
		if err != nil {
			return err
		}
		if !actor.May(record.ReadRound, from.SeriesID) {
			return refuse(record.ReadRound)
		}
		was, sent, err := again(tx, r.ID, actor, func() (record.Round, error) { return s.roundByID(tx, r.ID) })
		if err != nil {
			return err
		}
		r.SeriesID, r.Version, r.Compiled, r.Sample, r.Sources, r.SlugWish = from.SeriesID, 1, false, from.Sample, nil, ""
		if sent {
			same := r
			same.Version, same.Sequence, same.Rules, same.Presences = was.Version, was.Sequence, was.Rules, was.Presences
			return once(was, &r, same)
		}
		book, err := ruleBook(tx, fromID)
		if err != nil {
			return err
		}
		r.Rules = copiedRules(book.Strictest())
		if err := insertRound(tx, &r); err != nil {
			return err
		}
		return s.copyParts(tx, actor, from, &r)
	})
	return r, err
}

// copiedRules are rules for another round: no stricter permission is lost, and
// nothing is kept that opened an aspect of the first.
func copiedRules(g record.GroundRules) record.GroundRules {
	g.Cleared, g.EmbargoUntil, g.Text, g.TextPublic = nil, "", "", false
	return g.Normal()
}

// copyParts copies presences, participants and sessions to a round that has
// none.
func (s *Store) copyParts(tx *gorm.DB, actor record.Actor, from record.Round, to *record.Round) error {
	truly := actor.May(record.EditTrue, from.SeriesID)
	fresh := map[string]string{"": ""}
	to.Presences = nil
	for _, p := range from.Presences {
		if p.AttendsThroughID != "" && !truly {
			continue
		}
		id := s.newID()
		fresh[p.ID] = id
		p.ID, p.Disclosed = id, ""
		if from.Compiled {
			p.Label, p.CategoryID = record.Withheld, ""
		}
		to.Presences = append(to.Presences, p)
	}
	if err := s.insertPresences(tx, *to, 0, to.Presences); err != nil {
		return err
	}
	people, err := s.copyParticipations(tx, actor, from, *to, fresh)
	if err != nil {
		return err
	}
	return s.copySessions(tx, from.ID, to.ID, people)
}

// copyParticipations copies who takes part, with the presences that fresh names,
// and returns the ids of the copies by those of the originals.
func (s *Store) copyParticipations(tx *gorm.DB, actor record.Actor, from, to record.Round, fresh map[string]string) (map[string]string, error) {
	was, err := s.participationsOf(tx, from.SeriesID, from.ID, true)
	if err != nil {
		return nil, err
	}
	people := map[string]string{}
	var all []record.Participation
	for _, p := range was {
		if p.State == record.Declined {
			continue
		}
		people[p.ID] = s.newID()
		all = append(all, record.Participation{
			ID: people[p.ID], RoundID: to.ID, PersonID: p.PersonID, PresenceID: fresh[p.PresenceID], TruePresenceID: fresh[p.TruePresenceID],
			SideID: p.SideID, Capacity: p.Capacity, Post: p.Post, Head: p.Head, Version: 1,
		})
	}
	_, err = s.addParticipations(tx, actor, to, all)
	return people, err
}

// copySessions copies the sessions of a round; people are the copies of those who
// took part, by the ids of the originals.
func (s *Store) copySessions(tx *gorm.DB, fromID, toID string, people map[string]string) error {
	copied := func(ids []string) (out []string) {
		for _, id := range ids {
			if p := people[id]; p != "" {
				out = append(out, p)
			}
		}
		return out
	}
	was, err := sessionsOf(tx, fromID)
	if err != nil {
		return err
	}
	var rows []roundSessionRow
	for _, x := range was {
		rows = append(rows, toRoundSessionRow(record.Session{
			ID: s.newID(), RoundID: toID, Position: x.Position, Title: x.Title, Starts: x.Starts, Ends: x.Ends, Questions: x.Questions,
			ChairIDs: copied(x.ChairIDs), PresenterIDs: copied(x.PresenterIDs), Version: 1,
		}))
	}
	return database.Error(database.Insert(tx, rows), "session")
}
