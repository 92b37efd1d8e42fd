package release_test

import (
	"testing"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/release"
)

// A text that fell with its suspended round does not come back with it once a
// side has revoked: nor when it is signed, nor when it would be delivered.
func TestWhatWasRevokedDoesNotComeBackWithItsRound(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r, o := w.agreed()
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		must(w.service.Suspend(ctx, w.ann, published.KindRound, "kasmere-dialogue-1st-round", password))(w.T)
		w.deliver(1)
		back := must(w.service.PrepareRestoration(ctx, w.ann, published.KindRound, "kasmere-dialogue-1st-round"))(w.T)
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Revoked)
		fails(w.T, fault.Conflict, w.service.Sign(ctx, w.ann, back.ID, password, record.Immediate))
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Granted)
		w.sign(back.ID)
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Revoked)
		fails(w.T, fault.Conflict, w.service.Countersign(ctx, w.bob, back.ID, password))
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Granted)
		if err := w.service.Countersign(ctx, w.bob, back.ID, password); err != nil {
			w.Fatal(err)
		}
		w.reply(operator, o.ID, w.sides(o.ID)[0], record.Revoked)
		w.deliver(0)
		if got := w.state(back.ID); got.State != record.CalledOff {
			w.Errorf("the return is %s", got.State)
		}
		w.holds()
	})
}

// Who wrote words that were signed but never delivered still contributed to them
// when they go out with a later release.
func TestWhatWasCalledOffBarsItsWriter(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r, o := w.agreed()
		d := o.Draft
		d.Body = "Both sides agree, says Bob."
		must(w.store.SaveDraft(ctx, w.bob, o.ID, d.Number, d))(w.T)
		dan := w.person("Dan", record.Director)
		first := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		w.sign(first.ID)
		if err := w.service.Countersign(ctx, dan, first.ID, password); err != nil {
			w.Fatal(err)
		}
		second := must(w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}))(w.T)
		for _, a := range w.sides(o.ID) {
			w.reply(operator, o.ID, a, record.Revoked)
		}
		w.deliver(0)
		for _, a := range w.sides(o.ID) {
			w.reply(operator, o.ID, a, record.Granted)
		}
		w.sign(second.ID)
		fails(w.T, fault.Forbidden, w.service.Countersign(ctx, w.bob, second.ID, password))
		w.deliver(0)
	})
}
