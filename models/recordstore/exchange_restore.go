package recordstore

import (
	"bytes"
	"strconv"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
)

// lookAtDesk decides whether the desk tables of the file are taken: by a record
// that holds nothing. Else they came before, or say what the record says, or are
// left out.
func (x *exchange) lookAtDesk() error {
	if len(x.file.Desk) == 0 {
		return nil
	}
	mac, err := x.store.mac(xDesk, x.file.Desk)
	if err != nil {
		return err
	}
	row := exchangeRow{xDesk, xDesk, xDesk, 1, mac, 1, list[kept]{}}
	var series int64
	if err := x.tx.Model(&seriesRow{}).Count(&series).Error; err != nil {
		return database.Error(err, "record")
	}
	if x.restoring = x.empty && series == 0; x.restoring {
		x.after = append(x.after, func(tx *gorm.DB) error { return database.Error(tx.Create(&row).Error, "exchange") })
		return x.readOwn()
	}
	known, err := exchanged(x.tx, xDesk, []string{xDesk})
	if err != nil {
		return err
	}
	if known[xDesk].MAC != mac {
		now := &exporting{store: x.store, tx: x.tx, everything: true, actor: x.actor, act: record.ExportRecord}
		if err := now.all(); err != nil {
			return err
		}
		is, err := x.store.mac(xDesk, now.out.Desk)
		if err != nil {
			return err
		}
		if is != mac {
			x.report.LeftOut++
			return nil
		}
	}
	x.report.Unchanged++
	return nil
}

// readOwn reads which ids the entries had in the record that was exported.
func (x *exchange) readOwn() error {
	rows, err := undesked[ownRow](x.file, xOwn)
	if err != nil {
		return err
	}
	x.own = map[string]map[string]string{}
	for i, r := range rows {
		if !isID(r.Own) {
			return tableFault(x.file, xOwn, i, &fault.Error{Kind: fault.Invalid, Field: "own", Text: "This is no id of a record."})
		}
		if x.own[r.Kind] == nil {
			x.own[r.Kind] = map[string]string{}
		}
		x.own[r.Kind][r.ID] = r.Own
	}
	return nil
}

// newID is the id of a new entry: the one that it had where it was exported, or
// its own.
func (x *exchange) newID(kind, external string) string {
	if x.restoring {
		if own := x.own[kind][external]; own != "" {
			return own
		}
		if isID(external) {
			return external
		}
	}
	return x.store.newID()
}

// tableFault says where in the desk tables an error is.
func tableFault(file interchange.Record, table string, i int, err error) error {
	for t, one := range file.Desk {
		if one.Table != table {
			continue
		}
		if i < len(one.Rows) {
			return pointers(xDesk+"/"+strconv.Itoa(t)+"/rows", i, err, nil)
		}
		i -= len(one.Rows)
	}
	return err
}

// planDesk puts the entries of the desk tables in the place of what the format
// says of them, and the rest behind. Each is held to the rules of the desk once
// all of them are stored.
func (x *exchange) planDesk() error {
	if !x.restoring {
		return nil
	}
	versions := map[string]int64{}
	x.series.new, x.organisations.new, x.people.new, x.rounds.new = nil, nil, nil, nil
	x.participations.new, x.presences, x.objects = nil, nil, nil
	x.codes, x.seriesOfRound = map[string]int64{}, map[string]string{}
	return inOrder(
		func() error {
			return restore(x, "series", seriesRow.series, func(s record.Series) {
				x.series.new, x.objects, versions[s.ID] = append(x.series.new, s), append(x.objects, s.ID), s.Version
			}, func(tx *gorm.DB, s record.Series) error { return checkSeries(tx, s) })
		},
		func() error {
			return restore(x, "organisations", organisationRow.organisation, func(o record.Organisation) {
				x.organisations.new, x.objects, versions[o.ID] = append(x.organisations.new, o), append(x.objects, o.ID), o.Version
				x.after = append(x.after, func(tx *gorm.DB) error { return insertRows(tx, predecessorRows(o)) })
			}, checkOrganisation)
		},
		func() error {
			return restore(x, "people", personRow.person, func(p record.Person) {
				x.people.new, x.objects, versions[p.ID] = append(x.people.new, p), append(x.objects, p.ID), p.Version
			}, func(_ *gorm.DB, p record.Person) error { return p.Check() })
		},
		func() error {
			return restore(x, "rounds", roundRow.round, func(r record.Round) {
				x.rounds.new, x.objects, versions[r.ID] = append(x.rounds.new, r), append(x.objects, r.ID), r.Version
				x.seriesOfRound[r.ID] = r.SeriesID
			}, func(tx *gorm.DB, r record.Round) error {
				if err := checkRound(tx, r); err != nil {
					return err
				}
				return r.Rules.Check()
			})
		},
		x.planDeskPresences,
		func() error { return x.planDeskParticipations(versions) },
		x.planDeskRules,
		x.planDeskTexts,
		x.planDeskNotes,
		func() error {
			for i := range x.ids {
				if v := versions[x.ids[i].ObjectID]; v > 0 {
					x.ids[i].Version = v
				}
			}
			return nil
		},
	)
}

// restore reads a table, gives each entry to take, and has it checked when all is
// stored.
func restore[R, T any](x *exchange, table string, of func(R) T, take func(T), check func(tx *gorm.DB, v T) error) error {
	rows, err := undesked[R](x.file, table)
	if err != nil {
		return err
	}
	for i, row := range rows {
		v := of(row)
		take(v)
		x.checks = append(x.checks, func(tx *gorm.DB) error {
			if err := check(tx, v); err != nil {
				return tableFault(x.file, table, i, err)
			}
			return nil
		})
	}
	return nil
}

// keepAs restores a table whose entries are stored as rows.
func keepAs[R any](x *exchange, table string, change func(*R), check func(tx *gorm.DB, r R) error) error {
	var rows []R
	err := restore(x, table, func(r R) R { return r }, func(r R) {
		change(&r)
		rows = append(rows, r)
	}, check)
	x.after = append(x.after, func(tx *gorm.DB) error { return insertRows(tx, rows) })
	return err
}

func (x *exchange) planDeskPresences() error {
	return restore(x, "presences", func(r presenceRow) presenceRow { return r }, func(r presenceRow) {
		x.presences = append(x.presences, placed{r.RoundID, r.Position, r.clear()})
	}, func(tx *gorm.DB, r presenceRow) error {
		round, err := roundFacts(tx, r.RoundID)
		if err != nil {
			return err
		}
		return holdPresences(tx, x.actor, round, []record.Presence{r.clear()})
	})
}

func (x *exchange) planDeskParticipations(versions map[string]int64) error {
	behind, err := undesked[behindRow](x.file, xBehind)
	if err != nil {
		return err
	}
	truth := map[string]string{}
	for _, b := range behind {
		truth[b.ParticipationID] = b.PresenceID
	}
	of := func(r participationRow) record.Participation {
		p, _ := x.store.participation("", r, false) // nothing in it is sealed
		p.TruePresenceID = truth[p.ID]
		return p
	}
	byRound := map[string][]record.Participation{}
	err = restore(x, "participations", of, func(p record.Participation) {
		x.participations.new, versions[p.ID] = append(x.participations.new, attending{x.seriesOfRound[p.RoundID], p}), p.Version
		byRound[p.RoundID] = append(byRound[p.RoundID], p)
	}, func(tx *gorm.DB, p record.Participation) error {
		all := byRound[p.RoundID]
		if all == nil {
			return nil
		}
		byRound[p.RoundID] = nil // a round at once
		r, err := x.store.roundByID(tx, p.RoundID)
		if err != nil {
			return err
		}
		return x.store.checkParticipations(tx, r, all)
	})
	if err != nil {
		return err
	}
	return keepAs(x, "participation_codes", func(*codeRow) {}, func(*gorm.DB, codeRow) error { return nil })
}

func (x *exchange) planDeskRules() error {
	by := x.actor.ID
	return inOrder(
		func() error {
			return keepAs(x, "round_sessions", func(*roundSessionRow) {}, func(tx *gorm.DB, r roundSessionRow) error {
				return x.store.checkSession(tx, r.session())
			})
		},
		func() error {
			return keepAs(x, "rule_changes", func(*ruleChangeRow) {}, func(tx *gorm.DB, r ruleChangeRow) error {
				return checkRuleChange(tx, r.change())
			})
		},
		func() error {
			return keepAs(x, "rule_cards", func(*ruleCardRow) {}, func(*gorm.DB, ruleCardRow) error { return nil })
		},
		func() error {
			return keepAs(x, "read_outs", func(r *readOutRow) { r.RecordedBy = by }, func(_ *gorm.DB, r readOutRow) error {
				return r.readOut().Check()
			})
		},
		func() error {
			return keepAs(x, "rule_loosenings", func(r *looseningRow) { r.RecordedBy = by }, func(_ *gorm.DB, r looseningRow) error {
				return r.Consent.V.Check()
			})
		},
		func() error {
			return keepAs(x, "retentions", func(r *retentionRow) { r.SetBy = by }, func(_ *gorm.DB, r retentionRow) error {
				return record.Retention{SeriesID: r.SeriesID, Rule: record.RetentionRule(r.Rule), Days: int(r.Days)}.Check()
			})
		},
		func() error {
			return keepAs(x, "holds", func(r *holdRow) {
				if r.SetBy = by; r.EndedAt > 0 {
					r.EndedBy = by
				}
			}, func(_ *gorm.DB, r holdRow) error { return record.CheckText("reason", r.Reason) })
		},
		func() error {
			return keepAs(x, "imports", func(*importRow) {}, func(*gorm.DB, importRow) error { return nil })
		},
	)
}

func (x *exchange) planDeskTexts() error {
	drafts, err := undesked[draftRow](x.file, "drafts")
	if err != nil {
		return err
	}
	of := map[string][]record.Draft{}
	for _, r := range drafts {
		d, err := x.store.draft(outputRow{}, r)
		if err != nil {
			return err
		}
		d.AuthorID = x.actor.ID
		of[r.OutputID] = append(of[r.OutputID], d)
	}
	return restore(x, "outputs", func(r outputRow) record.Output { return r.output(record.Draft{}) }, func(o record.Output) {
		o.CreatedBy = x.actor.ID
		x.objects = append(x.objects, o.ID)
		x.after = append(x.after, func(tx *gorm.DB) error {
			row := toOutputRow(o)
			if err := tx.Create(&row).Error; err != nil {
				return database.Error(err, "text")
			}
			for _, d := range of[o.ID] {
				if err := x.store.storeDraft(tx, o, d); err != nil {
					return err
				}
			}
			return nil
		})
	}, func(tx *gorm.DB, o record.Output) error {
		o, err := x.store.outputByID(tx, o.ID) // fails without a version
		if err != nil {
			return err
		}
		return o.Check()
	})
}

// planDeskNotes seals with each note what the format has no place for, and what
// observations rest on.
func (x *exchange) planDeskNotes() error {
	rows, err := undesked[remarkRow](x.file, xRemarks)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, n := range x.notes.new {
		at[n.ID] = i
	}
	for i, r := range rows {
		n, here := at[r.ID]
		if !here {
			return tableFault(x.file, xRemarks, i, &fault.Error{Kind: fault.Invalid, Field: "id", Text: "The file has no note with this id."})
		}
		row := &x.notes.new[n]
		var said saying
		if err := x.store.unsealOfRound(row.RoundID, "notes", row.ID, row.Sealed, &said); err != nil {
			return err
		}
		said.Said, said.Kind, said.Code, said.By, said.Attribution = r.Said, r.Kind, r.Code, r.By, r.Attribution
		if row.Sealed, err = x.store.sealOfRound(row.RoundID, "notes", row.ID, said); err != nil {
			return err
		}
		row.SessionID, row.Position, row.Version = r.SessionID, r.Position, r.Version
		if r.SessionID != "" {
			row.TakerID = x.actor.ID
		}
	}
	err = keepAs(x, "sealed_notes", func(r *sealedNoteRow) { r.SealedBy = x.actor.ID }, func(tx *gorm.DB, r sealedNoteRow) error {
		_, err := sessionByID(tx, r.RoundID, r.SessionID)
		return err
	})
	if err != nil {
		return err
	}
	return restore(x, xRests, func(r restsRow) restsRow { return r }, func(r restsRow) {
		x.after = append(x.after, func(tx *gorm.DB) error {
			sealed, err := x.store.sealOfRound(r.RoundID, "bases", r.ObservationID, Basis{r.Notes.V, record.Attribution(r.Attribution)})
			if err != nil {
				return err
			}
			return database.Error(tx.Create(&basisRow{r.ObservationID, r.OutputID, r.RoundID, sealed}).Error, "basis")
		})
	}, func(*gorm.DB, restsRow) error { return nil })
}

// compare holds what was restored to the rules of the desk, and the desk tables to
// the rest of the file: they may add to it, not say otherwise.
func (x *exchange) compare() error {
	if !x.restoring {
		return nil
	}
	for _, check := range x.checks {
		if err := check(x.tx); err != nil {
			return err
		}
	}
	now := &exporting{store: x.store, tx: x.tx, everything: true, actor: x.actor, act: record.ExportRecord}
	if err := now.all(); err != nil {
		return err
	}
	var files [2][]byte
	for i, r := range []interchange.Record{x.file, now.out} {
		r.Desk = nil
		var err error
		if files[i], err = r.Append(nil); err != nil {
			return err
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		return &fault.Error{Kind: fault.Invalid, Field: "/" + xDesk, Text: "The desk tables say something else than the rest of the file. Take them out to import the rest."}
	}
	return nil
}
