// Package demo fills empty stores with what the demonstration shows: public
// rounds compiled from public pages, and one invented series, marked Sample.
// Nothing invented is attached to a real body, person or round.
package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"track15/models/fault"
	"track15/models/historic"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// Options say what to fill.
type Options struct {
	Record  *recordstore.Store
	Release *release.Service
	// Archive is shown instead of the built-in one if it is not nil.
	Archive *historic.Archive
	// Progress is called now and then with the rounds done and to do. It may
	// be nil.
	Progress func(done, total int)
}

// A Person is an account of the demonstration, with the password it was given.
type Person struct {
	record.Account
	Role     record.RoleName
	Password string
}

// Fill makes two accounts, imports the archive and the invented series,
// releases them under both signatures, and delivers. A round stays that waits
// for its second signature, and one that is only a draft.
//
// It refuses stores that hold anything.
func Fill(ctx context.Context, o Options) ([]Person, error) {
	operator := record.Operator("demonstration")
	series, err := o.Record.AllSeries(ctx, operator)
	if err != nil {
		return nil, err
	}
	accounts, err := o.Record.Accounts(ctx, operator)
	if err != nil {
		return nil, err
	}
	if len(series) > 0 || len(accounts) > 0 {
		return nil, fault.Errorf(fault.Forbidden, "the demonstration starts only in an empty record")
	}
	f := &filler{Options: o}
	if f.first, err = f.person(ctx, operator, "pia@demo.example", "Pia Solvang", record.Coordinator); err != nil {
		return nil, err
	}
	if f.second, err = f.person(ctx, operator, "ilse@demo.example", "Ilse Marrin", record.Director); err != nil {
		return nil, err
	}
	if err := f.archive(ctx, operator); err != nil {
		return nil, fmt.Errorf("the archive: %w", err)
	}
	if err := f.sample(ctx); err != nil {
		return nil, fmt.Errorf("the sample: %w", err)
	}
	return []Person{f.first, f.second}, nil
}

// A filler is one run of Fill.
type filler struct {
	Options
	first, second Person
	bodies        map[string]string // ids of the invented bodies, by their names here
	sides         map[string]string
	series        record.Series
}

func (f *filler) person(ctx context.Context, operator record.Actor, email, name string, role record.RoleName) (Person, error) {
	p := Person{Role: role, Password: rand.Text()}
	var err error
	p.Account, err = f.Record.AddAccount(ctx, operator, record.Account{
		Email: email, Name: name, Grants: []record.Grant{{Role: role, SeriesID: record.AllSeries}},
	}, p.Password)
	return p, err
}

// archive imports the public rounds as one release and releases it.
func (f *filler) archive(ctx context.Context, operator record.Actor) error {
	in := recordstore.Import{}
	a := f.Archive
	if a == nil {
		var err error
		if a, err = archive(); err != nil {
			return err
		}
		in.Rounds = withObservation(a.Rounds())
	} else {
		in.Rounds = a.Rounds()
	}
	in.Series, in.Organisations = a.Series, a.Organisations
	rel, _, err := f.Release.Import(ctx, operator, in, func(done int) {
		if f.Progress != nil {
			f.Progress(done, a.RoundCount)
		}
	})
	if err != nil || rel.ID == "" {
		return err
	}
	return f.publish(ctx, rel.ID)
}

// publish signs as the one, countersigns as the other, and delivers.
func (f *filler) publish(ctx context.Context, releaseID string) error {
	if err := f.Release.Sign(ctx, f.first.Actor(), releaseID, f.first.Password, record.Immediate); err != nil {
		return err
	}
	if err := f.Release.Countersign(ctx, f.second.Actor(), releaseID, f.second.Password); err != nil {
		return err
	}
	_, err := f.Release.Deliver(ctx)
	return err
}

// sample logs the invented series as the first person, and releases it round
// by round, as a house does.
func (f *filler) sample(ctx context.Context) error {
	if err := f.directory(ctx); err != nil {
		return err
	}
	var withdrawn, corrected record.Output
	for _, r := range sampleReleased {
		logged, outputs, err := f.log(ctx, r)
		if err != nil {
			return err
		}
		if err := f.release(ctx, logged.ID, ids(outputs), "", false); err != nil {
			return fmt.Errorf("%s: %w", r.OrdinalLabel, err)
		}
		switch r.OrdinalLabel {
		case withdrawnRound:
			withdrawn = outputs[0]
		case correctedRound:
			corrected = outputs[0]
		}
	}
	if err := f.correct(ctx, corrected); err != nil {
		return fmt.Errorf("the correction: %w", err)
	}
	if err := f.withdraw(ctx, withdrawn); err != nil {
		return fmt.Errorf("the withdrawal: %w", err)
	}
	waiting, outputs, err := f.log(ctx, samplePending)
	if err != nil {
		return err
	}
	if err := f.clear(ctx, ids(outputs)); err != nil {
		return fmt.Errorf("clearances: %w", err)
	}
	rel, err := f.Release.PrepareRound(ctx, f.first.Actor(), release.PrepareRequest{RoundID: waiting.ID, OutputIDs: ids(outputs)})
	if err != nil {
		return err
	}
	if err := f.Release.Sign(ctx, f.first.Actor(), rel.ID, f.first.Password, record.Immediate); err != nil {
		return err
	}
	_, _, err = f.log(ctx, sampleDraft)
	return err
}

// release prepares a round with its texts and publishes it.
func (f *filler) release(ctx context.Context, roundID string, outputs []string, note string, amendment bool) error {
	if err := f.clear(ctx, outputs); err != nil {
		return fmt.Errorf("clearances: %w", err)
	}
	rel, err := f.Release.PrepareRound(ctx, f.first.Actor(), release.PrepareRequest{RoundID: roundID, OutputIDs: outputs, Note: note, Amendment: amendment})
	if err != nil {
		return err
	}
	return f.publish(ctx, rel.ID)
}

// directory enters the invented bodies and the series.
func (f *filler) directory(ctx context.Context) error {
	f.bodies = map[string]string{}
	// Those above come first.
	for _, top := range []bool{true, false} {
		for _, b := range sampleBodies {
			if (b.ParentID == "") != top {
				continue
			}
			name := b.ID
			b.ID, b.ParentID, b.Sample = "", f.bodies[b.ParentID], true
			added, err := f.Record.AddOrganisation(ctx, f.first.Actor(), b)
			if err != nil {
				return fmt.Errorf("%s: %w", b.Name, err)
			}
			f.bodies[name] = added.ID
		}
	}
	s := sampleSeries
	s.ID, s.Sample = "", true
	s.Conveners, s.Sides = nil, nil
	for _, side := range sampleSeries.Sides {
		side.ID = ""
		s.Sides = append(s.Sides, side)
	}
	for _, c := range sampleSeries.Conveners {
		c.OrganisationID = f.bodies[c.OrganisationID]
		s.Conveners = append(s.Conveners, c)
	}
	var err error
	if f.series, err = f.Record.AddSeries(ctx, f.first.Actor(), s); err != nil {
		return err
	}
	f.sides = map[string]string{}
	for i, side := range f.series.Sides {
		f.sides[sampleSeries.Sides[i].ID] = side.ID
	}
	return nil
}

// log enters a round with its ground rules, presences and texts.
func (f *filler) log(ctx context.Context, r sampleRound) (record.Round, []record.Output, error) {
	actor := f.first.Actor()
	facts := r.Round
	facts.SeriesID, facts.Sample = f.series.ID, true
	facts.Presences = slices.Clone(r.Presences)
	for i := range facts.Presences {
		p := &facts.Presences[i]
		p.OrganisationID, p.AttendsThroughID, p.CategoryID = f.bodies[p.OrganisationID], f.bodies[p.AttendsThroughID], f.bodies[p.CategoryID]
		p.SideID = f.sides[p.SideID]
	}
	logged, err := f.Record.LogRound(ctx, actor, facts)
	if err != nil {
		return record.Round{}, nil, err
	}
	if err := f.Record.EditRules(ctx, actor, logged.ID, logged.Version, r.Rules); err != nil {
		return record.Round{}, nil, fmt.Errorf("ground rules: %w", err)
	}
	var outputs []record.Output
	for _, out := range r.outputs {
		out.SeriesID, out.RoundID, out.Sample = f.series.ID, logged.ID, true
		added, err := f.Record.AddOutput(ctx, actor, out)
		if err != nil {
			return record.Round{}, nil, fmt.Errorf("a text: %w", err)
		}
		outputs = append(outputs, added)
	}
	return logged, outputs, nil
}

// correct replaces a sentence that claimed too much, and keeps the version
// before readable.
func (f *filler) correct(ctx context.Context, out record.Output) error {
	d := out.Draft
	for i := range d.Observations {
		if d.Observations[i].Heading == correctedHeading {
			d.Observations[i].Text = correctedText
		}
	}
	if _, err := f.Record.SaveDraft(ctx, f.first.Actor(), out.ID, d.Number, d); err != nil {
		return err
	}
	return f.release(ctx, out.RoundID, []string{out.ID}, correctionNote, true)
}

// withdraw takes a text away for good.
func (f *filler) withdraw(ctx context.Context, out record.Output) error {
	public, err := f.Release.Released(ctx, f.first.Actor(), out.RoundID)
	if err != nil {
		return err
	}
	for _, d := range public {
		if d.Kind != string(published.KindOutput) {
			continue
		}
		rel, err := f.Release.PrepareWithdrawal(ctx, f.first.Actor(), published.KindOutput, d.Slug, record.Withdrawing{Way: record.WithNotice})
		if err != nil {
			return err
		}
		return f.publish(ctx, rel.ID)
	}
	return fault.Errorf(fault.NotFound, "there is no text to withdraw")
}

func ids(outputs []record.Output) []string {
	var all []string
	for _, o := range outputs {
		all = append(all, o.ID)
	}
	return all
}
