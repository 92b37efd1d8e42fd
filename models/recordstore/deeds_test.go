package recordstore_test

import (
	"slices"

	"track15/models/record"
	"track15/models/recordstore"
)

// deeds are the methods that the walk reaches.
var deeds = map[string]deed{
	"Series": {act: record.ReadSeries, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error { return dropped(w.store.Series(w.t.Context(), a, id)) })},
	"SeriesHistory": {act: record.ReadSeries, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.SeriesHistory(w.t.Context(), a, id))
	})},
	"Openers": {act: record.ReadSeries, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Openers(w.t.Context(), a, id, record.ReadRound))
	})},
	"DoneSince": {act: record.ReadAudit, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.DoneSince(w.t.Context(), a, id, "", 0))
	})},
	"Retention": {act: record.ReadRetention, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Retention(w.t.Context(), a, id))
	})},
	"Round": {act: record.ReadDates, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error { return dropped(w.store.Round(w.t.Context(), a, id)) })},
	"RoundRules": {act: record.ReadRound, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.RoundRules(w.t.Context(), a, id))
	})},
	"RoundHistory": {act: record.ReadRound, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.RoundHistory(w.t.Context(), a, id))
	})},
	"NamesOf": {act: record.ReadDates, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error { return dropped(w.store.NamesOf(w.t.Context(), a, id)) })},
	"Participations": {act: record.ReadRound, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Participations(w.t.Context(), a, id))
	})},
	"Sessions": {act: record.ReadRound, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Sessions(w.t.Context(), a, id))
	})},
	"Notes":  {act: record.ReadNotes, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error { return dropped(w.store.Notes(w.t.Context(), a, id)) })},
	"Kept":   {act: record.ReadRetention, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error { return dropped(w.store.Kept(w.t.Context(), a, id)) })},
	"Output": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error { return dropped(w.store.Output(w.t.Context(), a, id)) })},
	"Drafts": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error { return dropped(w.store.Drafts(w.t.Context(), a, id)) })},
	"Rested": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error { return dropped(w.store.Rested(w.t.Context(), a, id)) })},
	"NotesTaken": {act: record.ReadNotes, reads: true, make: reading("round", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.NotesTaken(w.t.Context(), a, id))
	})},
	"Bases":   {act: record.ReadNotes, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error { return dropped(w.store.Bases(w.t.Context(), a, id)) })},
	"Sitting": {act: record.KnowSitting, reads: true, make: reading("session", func(w *world, a record.Actor, id string) error { return dropped(w.store.Sitting(w.t.Context(), a, id)) })},
	"SpeakerNames": {act: record.KnowSitting, reads: true, make: reading("session", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.SpeakerNames(w.t.Context(), a, id))
	})},
	"NotesOf": {act: record.ReadSitting, reads: true, make: reading("session", func(w *world, a record.Actor, id string) error { return dropped(w.store.NotesOf(w.t.Context(), a, id)) })},
	"NotesSince": {act: record.ReadSitting, reads: true, make: reading("session", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.NotesSince(w.t.Context(), a, id, 0))
	})},
	"LineKey": {act: record.TakeNotes, reads: true, make: reading("session", func(w *world, a record.Actor, id string) error { return dropped(w.store.LineKey(w.t.Context(), a, id)) })},
	"Intervention": {act: record.ReadSitting, reads: true, make: func(w *world, on target) func(record.Actor, string) error {
		session, id := on.id("session"), on.id("note")
		return func(a record.Actor, _ string) error {
			return dropped(w.store.Intervention(w.t.Context(), a, session, id))
		}
	}},
	"Intake": {act: record.EditRound, reads: true, make: reading("intake", func(w *world, a record.Actor, id string) error { return dropped(w.store.Intake(w.t.Context(), a, id)) })},
	"IntakeSource": {act: record.EditRound, reads: true, make: reading("intake", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.IntakeSource(w.t.Context(), a, id))
	})},
	"KnownRows": {act: record.EditRound, reads: true, make: reading("intake", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.KnownRows(w.t.Context(), a, id, nil))
	})},
	"AnswerCode": {act: record.MakeAnswer, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.AnswerCode(w.t.Context(), a, record.Answer{SeriesID: id}, nil))
	})},
	"Answered": {act: record.MakeAnswer, reads: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		_, _, err := w.store.Answered(w.t.Context(), a, record.Answer{SeriesID: id, Recipient: "Somebody", Rows: "kind", AtLeast: 3})
		return err
	})},

	"AddPerson": {act: record.EditDirectory, make: func(w *world, on target) func(record.Actor, string) error {
		p := record.Person{ID: recordstore.NewID(), Family: "Added"}
		return func(a record.Actor, word string) error {
			p := p
			p.Aliases = []string{word}
			return dropped(w.store.AddPerson(w.t.Context(), a, p))
		}
	}},
	"EditPerson": {act: record.EditDirectory, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		p, _ := w.store.Person(w.t.Context(), operator, on.id("person"))
		return func(a record.Actor, word string) error {
			p := p
			p.Aliases = []string{word}
			return dropped(w.store.EditPerson(w.t.Context(), a, p))
		}
	}},
	"AddOrganisation": {act: record.EditDirectory, make: func(w *world, on target) func(record.Actor, string) error {
		o := record.Organisation{ID: recordstore.NewID(), Name: "Added", Kind: record.Agency}
		return func(a record.Actor, word string) error {
			o := o
			o.Aliases = []string{word}
			return dropped(w.store.AddOrganisation(w.t.Context(), a, o))
		}
	}},
	"EditOrganisation": {act: record.EditDirectory, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		o, _ := w.store.Organisation(w.t.Context(), operator, on.id("body"))
		return func(a record.Actor, word string) error {
			o := o
			o.Aliases, o.Identifiers = []string{word}, []record.Identifier{{Scheme: "ROR", Value: word}}
			return dropped(w.store.EditOrganisation(w.t.Context(), a, o))
		}
	}},
	"Person": {act: record.ReadDirectory, reads: true, make: reading("person", func(w *world, a record.Actor, id string) error { return dropped(w.store.Person(w.t.Context(), a, id)) })},
	"PersonHistory": {act: record.ReadDirectory, reads: true, make: reading("person", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.PersonHistory(w.t.Context(), a, id))
	})},
	"Organisation": {act: record.ReadDirectory, reads: true, make: reading("body", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Organisation(w.t.Context(), a, id))
	})},
	"OrganisationHistory": {act: record.ReadDirectory, reads: true, make: reading("body", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.OrganisationHistory(w.t.Context(), a, id))
	})},
	"Successors": {act: record.ReadDirectory, reads: true, make: reading("body", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Successors(w.t.Context(), a, id))
	})},

	"EditSeries": {act: record.EditSeries, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		s, _ := w.store.Series(w.t.Context(), operator, on.id("series"))
		s.ID = on.id("series")
		return func(a record.Actor, word string) error {
			s := s
			s.OtherNames, s.Funders = []string{word}, []record.Funding{{OrganisationID: w.institute.ID, Acknowledgement: word}}
			return dropped(w.store.EditSeries(w.t.Context(), a, s))
		}
	}},
	"LogRound": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		r := record.Round{ID: recordstore.NewID(), SeriesID: on.id("series"), State: record.Held}
		return func(a record.Actor, word string) error {
			r := r
			r.City = word
			return dropped(w.store.LogRound(w.t.Context(), a, r))
		}
	}},
	"CopyRound": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		from, r := on.id("round"), record.Round{ID: recordstore.NewID(), State: record.Scheduled}
		return func(a record.Actor, word string) error {
			r := r
			r.City = word
			return dropped(w.store.CopyRound(w.t.Context(), a, from, r))
		}
	}},
	"EditRound": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		r, _ := w.store.Round(w.t.Context(), operator, on.id("round"))
		r.ID = on.id("round")
		return func(a record.Actor, word string) error {
			r := r
			r.City = word
			return dropped(w.store.EditRound(w.t.Context(), a, r))
		}
	}},
	"EditRules": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		id := on.id("round")
		version := w.version(id)
		return func(a record.Actor, word string) error {
			return w.store.EditRules(w.t.Context(), a, id, version, record.GroundRules{Text: word})
		}
	}},
	"LoosenRules": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		id := on.id("round")
		version := w.version(id)
		return func(a record.Actor, word string) error {
			return w.store.LoosenRules(w.t.Context(), a, id, version, record.GroundRules{Text: word + " again"}, w.agreed())
		}
	}},
	"AddRuleChange": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		c := record.RuleChange{ID: recordstore.NewID(), RoundID: on.id("round"), SessionID: on.id("session")}
		return func(a record.Actor, word string) error {
			c := c
			c.AskedBy = word
			return dropped(w.store.AddRuleChange(w.t.Context(), a, c, nil))
		}
	}},
	"EditRuleChange": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		c := record.RuleChange{ID: on.id("change"), RoundID: on.id("round"), From: "2017-01-11T12:00", Version: 1}
		return func(a record.Actor, word string) error {
			c := c
			c.AskedBy = word
			return dropped(w.store.EditRuleChange(w.t.Context(), a, c, w.agreed()))
		}
	}},
	"RemoveRuleChange": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("change")
		return func(a record.Actor, _ string) error {
			return w.store.RemoveRuleChange(w.t.Context(), a, round, id, 2, w.agreed())
		}
	}},
	"AddReadOut": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.ReadOut{ID: recordstore.NewID(), RoundID: on.id("round"), At: "2017-01-11T09:40", By: "A chair"}
		rules, _ := w.store.RoundRules(w.t.Context(), operator, x.RoundID)
		x.Code = rules.Code
		return func(a record.Actor, word string) error {
			x := x
			x.Late = word
			return dropped(w.store.AddReadOut(w.t.Context(), a, x))
		}
	}},
	"EditReadOut": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.ReadOut{ID: on.id("read-out"), RoundID: on.id("round"), Version: 1}
		return func(a record.Actor, word string) error {
			x := x
			x.Late = word
			return dropped(w.store.EditReadOut(w.t.Context(), a, x))
		}
	}},
	"AddPresence": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		id, p := on.id("round"), record.Presence{ID: recordstore.NewID(), SideID: on.id("side")}
		version := w.version(id)
		return func(a record.Actor, word string) error {
			p := p
			p.Words = word
			return dropped(w.store.AddPresence(w.t.Context(), a, id, version, p))
		}
	}},
	"EditPresence": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		id, p := on.id("round"), record.Presence{ID: on.id("presence")}
		version := w.version(id)
		return func(a record.Actor, word string) error {
			p := p
			p.Words = word
			return dropped(w.store.EditPresence(w.t.Context(), a, id, version, p))
		}
	}},
	"RemovePresence": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("presence")
		version := w.version(round)
		return func(a record.Actor, _ string) error {
			return w.store.RemovePresence(w.t.Context(), a, round, id, version)
		}
	}},
	"AddParticipation": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		p := record.Participation{ID: recordstore.NewID(), RoundID: on.id("round"), PresenceID: on.id("badge"), SessionIDs: []string{on.id("session")}, SideID: on.id("side")}
		return func(a record.Actor, word string) error {
			p := p
			p.Post = word
			return dropped(w.store.AddParticipation(w.t.Context(), a, p))
		}
	}},
	"Enter": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, p := on.id("round"), record.Participation{ID: recordstore.NewID()}
		e := recordstore.Entrant{Participation: p, Person: record.Person{ID: recordstore.NewID(), Family: "Entered"}, Badge: record.Presence{ID: on.id("badge")}}
		return func(a record.Actor, word string) error {
			e := e
			e.Participation.Post = word
			return dropped(w.store.Enter(w.t.Context(), a, round, []recordstore.Entrant{e}))
		}
	}},
	"EditParticipation": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		p := record.Participation{ID: on.id("participant"), RoundID: on.id("round"), PresenceID: on.id("badge"), Version: 1}
		return func(a record.Actor, word string) error {
			p := p
			p.Post = word
			return dropped(w.store.EditParticipation(w.t.Context(), a, recordstore.Entrant{Participation: p}))
		}
	}},
	"SetClearances": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("participant")
		return func(a record.Actor, word string) error {
			return w.store.SetClearances(w.t.Context(), a, round, []string{id}, recordstore.ClearName, record.Clearance{State: record.ClearanceRequested, Basis: word})
		}
	}},
	"RemoveParticipation": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("free participant")
		version := int64(1)
		all, _ := w.store.Participations(w.t.Context(), operator, round)
		if i := slices.IndexFunc(all, func(p record.Participation) bool { return p.ID == id }); i >= 0 {
			version = all[i].Version
		}
		return func(a record.Actor, _ string) error {
			return w.store.RemoveParticipation(w.t.Context(), a, round, id, version)
		}
	}},
	"AddSession": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.Session{ID: recordstore.NewID(), RoundID: on.id("round"), ChairIDs: []string{on.id("participant")}}
		return func(a record.Actor, word string) error {
			x := x
			x.Title = word
			return dropped(w.store.AddSession(w.t.Context(), a, x))
		}
	}},
	"EditSession": {act: record.EditRound, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.Session{ID: on.id("session"), RoundID: on.id("round"), Position: 1, PresenterIDs: []string{on.id("participant")}, Version: 1}
		return func(a record.Actor, word string) error {
			x := x
			x.Title = word
			return dropped(w.store.EditSession(w.t.Context(), a, x))
		}
	}},
	"RemoveSession": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("empty session")
		return func(a record.Actor, _ string) error { return w.store.RemoveSession(w.t.Context(), a, round, id, 1) }
	}},
	"AddOutput": {act: record.EditDraft, make: func(w *world, on target) func(record.Actor, string) error {
		o := record.Output{ID: recordstore.NewID(), SeriesID: on.id("series"), RoundID: on.id("round"), Kind: record.Summary}
		return func(a record.Actor, word string) error {
			o := o
			o.Draft = record.Draft{Title: word, Lang: "en"}
			return dropped(w.store.AddOutput(w.t.Context(), a, o))
		}
	}},
	"SaveDraft": {act: record.EditDraft, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		id := on.id("text")
		o, _ := w.store.Output(w.t.Context(), operator, id)
		return func(a record.Actor, word string) error {
			return dropped(w.store.SaveDraft(w.t.Context(), a, id, o.Draft.Number, record.Draft{Title: word, Lang: "en"}))
		}
	}},
	"RestoreDraft": {act: record.EditDraft, before: (*world).rewritten, make: func(w *world, on target) func(record.Actor, string) error {
		id := on.id("text")
		o, _ := w.store.Output(w.t.Context(), operator, id)
		return func(a record.Actor, _ string) error {
			return dropped(w.store.RestoreDraft(w.t.Context(), a, id, o.Draft.Number, 1))
		}
	}},
	"Comments": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.Comments(w.t.Context(), a, id))
	})},
	"OpenComments": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.OpenComments(w.t.Context(), a, id))
	})},
	"AddComment": {act: record.Suggest, make: func(w *world, on target) func(record.Actor, string) error {
		text, c := on.id("text"), record.Comment{ID: recordstore.NewID(), Draft: 1}
		return func(a record.Actor, word string) error {
			c := c
			c.Says = word
			return dropped(w.store.AddComment(w.t.Context(), a, text, c))
		}
	}},
	"AcceptSuggestion": {act: record.EditDraft, make: func(w *world, on target) func(record.Actor, string) error {
		text, id := on.id("text"), on.id("suggestion")
		return func(a record.Actor, _ string) error {
			return dropped(w.store.AcceptSuggestion(w.t.Context(), a, text, id))
		}
	}},
	"DeclineSuggestion": {act: record.Decline, make: func(w *world, on target) func(record.Actor, string) error {
		text, id := on.id("text"), on.id("other suggestion")
		return func(a record.Actor, _ string) error { return w.store.DeclineSuggestion(w.t.Context(), a, text, id) }
	}},
	"ResolveComment": {act: record.SettleComment, make: func(w *world, on target) func(record.Actor, string) error {
		text, id := on.id("text"), on.id("comment")
		return func(a record.Actor, _ string) error {
			return w.store.ResolveComment(w.t.Context(), a, text, id, true)
		}
	}},
	"Observe": {act: record.ReadNotes, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		id, note := on.id("text"), on.id("note")
		o, _ := w.store.Output(w.t.Context(), operator, id)
		first, other := recordstore.NewID(), recordstore.NewID()
		return func(a record.Actor, word string) error {
			x := record.Observation{ID: first, Text: word}
			if word != "one" {
				x.ID = other
			}
			return dropped(w.store.Observe(w.t.Context(), a, id, o.Draft.Number, x, recordstore.Basis{NoteIDs: []string{note}}))
		}
	}},
	"TakeDown": {act: record.TakeNotes, make: func(w *world, on target) func(record.Actor, string) error {
		id, session := recordstore.NewID(), on.id("session")
		return func(a record.Actor, word string) error {
			return dropped(w.store.TakeDown(w.t.Context(), a, session, sentAt, []recordstore.Line{{ID: id, Typed: record.Typed{Text: word}}}))
		}
	}},
	"TakeIn": {act: record.TakeNotes, make: func(w *world, on target) func(record.Actor, string) error {
		id, session := recordstore.NewID(), on.id("session")
		return func(a record.Actor, word string) error {
			return w.store.TakeIn(w.t.Context(), a, session, []recordstore.Line{{ID: id, Typed: record.Typed{Text: word}}})
		}
	}},
	"EditIntervention": {act: record.TakeNotes, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
		x, _ := w.store.Intervention(w.t.Context(), operator, on.id("session"), on.id("note"))
		x.SessionID, x.ID = on.id("session"), on.id("note")
		return func(a record.Actor, word string) error {
			x := x
			x.Text = word
			return dropped(w.store.EditIntervention(w.t.Context(), a, x))
		}
	}},
	"RemoveIntervention": {act: record.TakeNotes, make: func(w *world, on target) func(record.Actor, string) error {
		session, id := on.id("session"), on.id("other note")
		return func(a record.Actor, _ string) error {
			return w.store.RemoveIntervention(w.t.Context(), a, session, id, 1)
		}
	}},
	"AssignNotes": {act: record.AssignNotes, make: func(w *world, on target) func(record.Actor, string) error {
		session, who := on.id("empty session"), w.as("rapporteur").ID
		return func(a record.Actor, _ string) error {
			return w.store.AssignNotes(w.t.Context(), a, session, []record.Taker{{AccountID: who}})
		}
	}},
	"SealNotes": {act: record.TakeNotes, make: reading("session", func(w *world, a record.Actor, id string) error { return w.store.SealNotes(w.t.Context(), a, id) })},
	"SetRetention": {act: record.SetRetention, make: reading("series", func(w *world, a record.Actor, id string) error {
		return w.store.SetRetention(w.t.Context(), a, record.Retention{SeriesID: id, Rule: record.AfterRound, Days: 30})
	})},
	"HoldNotes": {act: record.HoldNotes, make: func(w *world, on target) func(record.Actor, string) error {
		h := record.Hold{ID: recordstore.NewID(), RoundID: on.id("round")}
		return func(a record.Actor, word string) error {
			h := h
			h.Reason = word
			return dropped(w.store.HoldNotes(w.t.Context(), a, h))
		}
	}},
	"EndHold": {act: record.EndHold, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("hold")
		return func(a record.Actor, word string) error { return w.store.EndHold(w.t.Context(), a, round, id, word) }
	}},
	"ProposeDestruction": {act: record.Propose, before: (*world).unheld, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.Destruction{ID: recordstore.NewID(), RoundID: on.id("round")}
		return func(a record.Actor, word string) error {
			x := x
			x.Reason = word
			return dropped(w.store.ProposeDestruction(w.t.Context(), a, x))
		}
	}},
	"ConfirmDestruction": {act: record.Confirm, before: (*world).proposed, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("destruction")
		kept, _ := w.store.Kept(w.t.Context(), operator, round)
		return func(a record.Actor, _ string) error {
			return w.store.ConfirmDestruction(w.t.Context(), a, round, id, kept.Reference)
		}
	}},
	"RefuseDestruction": {act: record.ReadRetention, before: (*world).proposed, make: func(w *world, on target) func(record.Actor, string) error {
		round, id := on.id("round"), on.id("destruction")
		return func(a record.Actor, _ string) error { return w.store.RefuseDestruction(w.t.Context(), a, round, id) }
	}},
	"StartIntake": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		in := recordstore.Intake{ID: recordstore.NewID(), SeriesID: on.id("series"), RoundID: on.id("round"), Kind: "participants"}
		return func(a record.Actor, word string) error {
			in := in
			in.Title = word
			return dropped(w.store.StartIntake(w.t.Context(), a, in))
		}
	}},
	"SaveIntake": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		in, _ := w.store.Intake(w.t.Context(), w.as("coordinator"), on.id("intake"))
		in.ID = on.id("intake")
		return func(a record.Actor, word string) error {
			in := in
			in.Work = []byte(word)
			return dropped(w.store.SaveIntake(w.t.Context(), a, in))
		}
	}},
	"ApplyIntake": {act: record.EditRound, make: func(w *world, on target) func(record.Actor, string) error {
		in, _ := w.store.Intake(w.t.Context(), w.as("coordinator"), on.id("intake"))
		id := on.id("intake")
		return func(a record.Actor, _ string) error {
			return dropped(w.store.ApplyIntake(w.t.Context(), a, id, in.Version, recordstore.Plan{}))
		}
	}},
	"UndoIntake": {act: record.EditRound, make: reading("intake", func(w *world, a record.Actor, id string) error {
		return dropped(w.store.UndoIntake(w.t.Context(), a, id))
	})},
	"DropIntake": {act: record.EditRound, make: reading("other intake", func(w *world, a record.Actor, id string) error { return w.store.DropIntake(w.t.Context(), a, id) })},
	"NoteExport": {act: record.Export, logs: true, make: reading("series", func(w *world, a record.Actor, id string) error {
		return w.store.NoteExport(w.t.Context(), a, []string{id})
	})},
	"NotePaper": {act: record.MakePaper, logs: true, make: reading("round", func(w *world, a record.Actor, id string) error { return w.store.NotePaper(w.t.Context(), a, id) })},
	"LogAnswer": {act: record.MakeAnswer, make: func(w *world, on target) func(record.Actor, string) error {
		x := record.Answer{ID: recordstore.NewID(), SeriesID: on.id("series"), Rows: "kind", AtLeast: 3}
		return func(a record.Actor, word string) error {
			x := x
			x.Recipient = word
			return dropped(w.store.LogAnswer(w.t.Context(), a, x))
		}
	}},
}
