package release

import (
	"context"

	"track15/models/record"
)

// Sign puts the first signature under a frozen release: the person asks for
// it, and says when it may become public. They prove with their password that it
// is them.
//
// It fails with Forbidden if the password is wrong, with Conflict if the
// release is not frozen any more, with Invalid if the timing decides nothing.
func (s *Service) Sign(ctx context.Context, actor record.Actor, id, password string, when record.Timing) error {
	if err := s.record.Reauthenticate(ctx, actor, password); err != nil {
		return err
	}
	return s.record.SignRelease(ctx, actor, id, when, s.seal)
}

// Countersign puts the second signature under a release and hands it to
// delivery. Both are one transaction: once it returns nil, the release becomes
// public.
//
// It fails with Forbidden if the password is wrong, or actor signed first or
// contributed to the release; with Conflict if the release is not signed, or
// something that it puts was released, corrected or taken away since it was
// frozen.
func (s *Service) Countersign(ctx context.Context, actor record.Actor, id, password string) error {
	if err := s.record.Reauthenticate(ctx, actor, password); err != nil {
		return err
	}
	if err := s.record.CountersignRelease(ctx, actor, id, s.seal); err != nil {
		return err
	}
	s.afterStep(StepCountersigned)
	s.nudge()
	return nil
}

// Cancel ends a release that nobody countersigned. The reason stays in the
// record.
func (s *Service) Cancel(ctx context.Context, actor record.Actor, id, reason string) error {
	return s.record.CancelRelease(ctx, actor, id, reason)
}

// Ask notes whom actor, who is to sign first, asks to sign second; "" for nobody by
// name.
//
// It fails with Invalid if that account could not.
func (s *Service) Ask(ctx context.Context, actor record.Actor, id, accountID string) error {
	return s.record.AskSecond(ctx, actor, id, accountID)
}

// Return sends a release back to who signed first, with what has to be put right.
//
// It fails with Invalid without a reason.
func (s *Service) Return(ctx context.Context, actor record.Actor, id, reason string) error {
	return s.record.ReturnRelease(ctx, actor, id, reason)
}

// Bars says whether a person may put the second signature.
type Bars struct {
	Barred bool
	// Sentence says why: the act and its day. "" if nothing bars.
	Sentence string
	// Could are the names of those who may countersign, sorted.
	Could []string
	// Able are the same with their accounts.
	Able []record.Signatory
}

// edited says in words what an edit was about.
var edited = map[record.Act]string{
	record.EditDirectory: "an organisation", record.EditSeries: "a series", record.EditRound: "a round",
	record.EditTrue: "a true affiliation", record.EditDraft: "a draft",
}

// Bars says why actor may not countersign a release, and who may. It says
// nothing of its state.
func (s *Service) Bars(ctx context.Context, actor record.Actor, id string) (Bars, error) {
	bar, barred, could, err := s.record.ReleaseBar(ctx, actor, id)
	if err != nil {
		return Bars{}, err
	}
	b := Bars{Barred: barred, Able: could}
	for _, c := range could {
		b.Could = append(b.Could, c.Name)
	}
	switch {
	case !barred:
	case bar.Act == string(record.Sign):
		b.Sentence = "You signed first, on " + day(bar.At) + "."
	case bar.Act == string(record.ImportHistoric):
		b.Sentence = "You imported some of this, on " + day(bar.At) + "."
	case bar.Act == "write the note":
		b.Sentence = "You wrote words of this release, on " + day(bar.At) + "."
	case bar.Act == string(record.EditClearance):
		b.Sentence = "You asked for or recorded a clearance on which this release rests, on " + day(bar.At) + "."
	default:
		b.Sentence = "You edited " + edited[record.Act(bar.Act)] + " that enters this release, on " + day(bar.At) + "."
	}
	return b, nil
}
