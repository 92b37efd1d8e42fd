package release_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// A play is one sequence of what several people do to one round and its text,
// with what the test itself keeps of it: it never asks the program who wrote,
// cleared or signed what.
type play struct {
	*world
	cast    []record.Actor
	signers []record.Actor // those of them who may sign
	tally   map[string]int // how often each act came through, over all plays
	signed  map[string]approval

	round, text string // ids
	slug, about string // of the text, of the round
	seq         int
	versions    map[int64]string // words of the text, by version
	edits       map[string][]edit
	grants      map[string]map[string]grant // by side and words
	revoked     map[string]int              // by side: when last
	releases    []*played
	gone        map[string]bool   // what a delivered release took away
	before      map[string]string // the bytes of both that were public at the last look
}

type edit struct {
	who string
	at  int
}

// A grant is a clearance as somebody recorded it.
type grant edit

// An approval is who signed bytes.
type approval struct{ first, second string }

// A played release is what the test knows of one.
type played struct {
	record.Release
	frozen        int
	since         map[string]int // by object: when what is public of it was frozen
	words         string         // of the text in it, "" for none
	signer        string
	countersigned bool
	delivered     bool
	held, waits   bool
	due           int64
}

// open starts a play upon a world that others played in before.
func (p *play) open(step *string) {
	p.close()
	p.world.open(func(at string) {
		if *step == at {
			*step = ""
			panic(errCrash)
		}
	})
}

var errCrash = errors.New("the process ends here")

// done reports whether an act came through. A refusal is no fault of the test's;
// anything else is.
func (p *play) done(rt *rapid.T, act string, err error) bool {
	if err == nil {
		p.seq++
		p.tally[act]++
		return true
	}
	if kind := fault.KindOf(err); !slices.Contains([]fault.Kind{fault.Forbidden, fault.Conflict, fault.Invalid, fault.NotFound}, kind) {
		p.wrong(rt, "%s: %v", act, err)
	}
	return false
}

func (p *play) anybody(rt *rapid.T) record.Actor { return rapid.SampledFrom(p.cast).Draw(rt, "who") }

func (p *play) any(rt *rapid.T, which func(*played) bool) *played {
	var some []*played
	for _, r := range p.releases {
		if which(r) {
			some = append(some, r)
		}
	}
	if len(some) == 0 {
		rt.Skip("none")
	}
	return rapid.SampledFrom(some).Draw(rt, "release")
}

func (p *play) draft() record.Draft {
	return must(p.store.Output(p.Context(), operator, p.text))(p.T).Draft
}

func words(d record.Draft) string { return d.Title + "|" + d.Body }

// wrote notes that somebody saved a version of the text.
func (p *play) wrote(who record.Actor) {
	d := p.draft()
	p.versions[d.Number] = words(d)
	p.edits[p.text] = append(p.edits[p.text], edit{who.ID, p.seq})
}

// write changes the text or the round.
func (p *play) write(rt *rapid.T) {
	rapid.SampledFrom([]func(*rapid.T){p.edit, p.editRound, p.suggest}).Draw(rt, "what")(rt)
}

func (p *play) edit(rt *rapid.T) {
	who, d := p.anybody(rt), p.draft()
	d.Body = fmt.Sprintf("Words %d of %s.", p.seq, who.Name)
	_, err := p.store.SaveDraft(p.Context(), who, p.text, d.Number, d)
	if p.done(rt, "edit", err) {
		p.wrote(who)
	}
}

func (p *play) editRound(rt *rapid.T) {
	who, r := p.anybody(rt), p.read(p.round)
	r.City = fmt.Sprintf("Port %d", p.seq)
	_, err := p.store.EditRound(p.Context(), who, r)
	if p.done(rt, "edit the round", err) {
		p.edits[p.round] = append(p.edits[p.round], edit{who.ID, p.seq})
	}
}

// suggest has one person suggest and another accept.
func (p *play) suggest(rt *rapid.T) {
	who, accepts, d := p.anybody(rt), p.anybody(rt), p.draft()
	c, err := p.store.AddComment(p.Context(), who, p.text, record.Comment{Draft: d.Number, Key: "title", Suggests: true, Words: fmt.Sprintf("Title %d", p.seq)})
	if !p.done(rt, "suggest", err) {
		return
	}
	_, err = p.store.AcceptSuggestion(p.Context(), accepts, p.text, c.ID)
	if p.done(rt, "accept", err) {
		p.wrote(accepts)
	}
}

// clear has somebody ask the sides and record that they agree.
func (p *play) clear(rt *rapid.T) {
	p.clears(rt, rapid.SampledFrom(append([]record.Actor{operator}, p.cast...)).Draw(rt, "who records"))
}

func (p *play) clears(rt *rapid.T, who record.Actor) {
	ask := recordstore.Ask{Draft: p.draft().Number, On: "2026-03-13"}
	for _, side := range p.series.Sides {
		ask.Parties = append(ask.Parties, record.Party{Kind: record.PartySide, ID: side.ID})
	}
	if !p.done(rt, "ask", p.store.AskClearance(p.Context(), who, p.text, ask)) {
		return
	}
	for _, a := range p.sides(p.text) {
		if a.Draft == ask.Draft && a.Reply.State != record.Granted {
			p.answers(rt, who, a, record.Granted)
		}
	}
}

// answers records what a side says to an asking.
func (p *play) answers(rt *rapid.T, who record.Actor, a record.Asking, state record.ReplyState) {
	err := p.store.RecordReply(p.Context(), who, p.text, a.ID, a.Version, record.Reply{State: state, On: "2026-03-13", Channel: "call", Said: "So."}, nil)
	if !p.done(rt, string(state), err) {
		return
	}
	side, about := a.Party.ID, p.versions[a.Draft]
	if p.grants[side] == nil {
		p.grants[side] = map[string]grant{}
	}
	if state == record.Granted {
		p.grants[side][about] = grant{who.ID, p.seq}
		return
	}
	delete(p.grants[side], about)
	p.revoked[side] = p.seq
}

func (p *play) revoke(rt *rapid.T) {
	all := p.sides(p.text)
	all = slices.DeleteFunc(all, func(a record.Asking) bool { return a.Reply.State != record.Granted })
	if len(all) == 0 {
		rt.Skip("none")
	}
	p.answers(rt, rapid.SampledFrom([]record.Actor{operator, p.ann}).Draw(rt, "who records"), rapid.SampledFrom(all).Draw(rt, "answer"), record.Revoked)
}

func (p *play) prepare(rt *rapid.T) {
	p.prepares(rt, p.anybody(rt), rapid.Bool().Draw(rt, "with the text"))
}

func (p *play) prepares(rt *rapid.T, who record.Actor, withText bool) {
	q := release.PrepareRequest{RoundID: p.round}
	if withText {
		q.OutputIDs = []string{p.text}
	}
	r, err := p.service.PrepareRound(p.Context(), who, q)
	p.froze(rt, "prepare", r, err)
}

func (p *play) withdraw(rt *rapid.T) {
	kind, slug := p.target(rt)
	way := rapid.SampledFrom([]record.Withdrawing{withNotice, silently}).Draw(rt, "way")
	r, err := p.service.PrepareWithdrawal(p.Context(), p.ann, kind, slug, way)
	if p.froze(rt, "withdraw", r, err); err == nil && rapid.Bool().Draw(rt, "at once") {
		p.through(rt)
	}
}

// bringBack has what was taken away restored.
func (p *play) bringBack(rt *rapid.T) {
	kind, slug := p.target(rt)
	r, err := p.service.PrepareRestoration(p.Context(), p.ann, kind, slug)
	if p.froze(rt, "restore", r, err); err == nil && rapid.Bool().Draw(rt, "at once") {
		p.through(rt)
		p.deliver(rt)
	}
}

func (p *play) target(rt *rapid.T) (published.Kind, string) {
	if rapid.Bool().Draw(rt, "the round") {
		return published.KindRound, p.about
	}
	return published.KindOutput, p.slug
}

// froze notes a release, what it says, and since when edits are new in it.
func (p *play) froze(rt *rapid.T, act string, made record.Release, err error) {
	if !p.done(rt, act, err) {
		return
	}
	r := &played{Release: made, frozen: p.seq, since: map[string]int{}}
	for _, d := range made.Put {
		for _, old := range p.releases {
			if old.delivered && slices.ContainsFunc(old.Put, func(o record.FrozenDocument) bool { return o.ObjectID == d.ObjectID }) {
				r.since[d.ObjectID] = max(r.since[d.ObjectID], old.frozen)
			}
		}
		if d.ObjectID == p.text {
			r.words = wordsPut(d)
		}
	}
	p.releases = append(p.releases, r)
}

// wordsPut are the words of a document of the text.
func wordsPut(d record.FrozenDocument) string {
	var out published.Output
	doc := published.Document{Kind: published.KindOutput, Slug: d.Slug, Body: d.Body}
	if err := doc.Decode(&out); err != nil {
		return err.Error()
	}
	return out.Title + "|" + out.Body
}

func (p *play) sign(rt *rapid.T) {
	r, who := p.any(rt, func(r *played) bool { return r.signer == "" }), p.anybody(rt)
	p.signs(rt, who, r, rapid.SampledFrom([]record.Timing{
		record.Immediate, record.Immediate,
		{Choice: record.AfterEvent, Event: "They publish."},
		{Choice: record.AtInstant, Due: p.now.Add(48 * time.Hour).UnixMicro(), Zone: "UTC"},
	}).Draw(rt, "when"))
}

func (p *play) signs(rt *rapid.T, who record.Actor, r *played, when record.Timing) {
	if p.done(rt, "sign", p.service.Sign(p.Context(), who, r.ID, password, when)) {
		r.signer, r.waits, r.due = who.ID, when.Choice == record.AfterEvent, when.Due
	}
}

func (p *play) countersign(rt *rapid.T) {
	p.countersigns(rt, p.anybody(rt), p.any(rt, func(r *played) bool { return r.signer != "" && !r.countersigned }))
}

func (p *play) countersigns(rt *rapid.T, who record.Actor, r *played) {
	if !p.done(rt, "countersign", p.service.Countersign(p.Context(), who, r.ID, password)) {
		return
	}
	switch {
	case who.ID == r.signer:
		p.wrong(rt, "%s signed twice", who.Name)
	case p.contributed(who.ID, r):
		p.wrong(rt, "%s signed second what they contributed to", who.Name)
	case r.words != "" && !p.cleared(r.words):
		p.wrong(rt, "signed second without a clearance")
	}
	r.countersigned = true
	approve(p.signed, r.Put, approval{r.signer, who.ID})
}

// through has the newest release signed by the first two who may.
func (p *play) through(rt *rapid.T) {
	if len(p.releases) == 0 {
		rt.Skip("none")
	}
	r := p.releases[len(p.releases)-1]
	if r.signer == "" {
		p.signs(rt, rapid.SampledFrom(p.signers).Draw(rt, "first"), r, record.Immediate)
	}
	for _, who := range rapid.Permutation(p.signers).Draw(rt, "second") {
		if r.signer != "" && !r.countersigned {
			p.countersigns(rt, who, r)
		}
	}
}

// wait holds, lets go or brings forward what waits.
func (p *play) wait(rt *rapid.T) {
	rapid.SampledFrom([]func(*rapid.T){p.hold, p.lift, p.happen, p.forward}).Draw(rt, "how")(rt)
}

func (p *play) hold(rt *rapid.T) {
	r := p.any(rt, func(r *played) bool { return r.signer != "" && !r.delivered })
	if p.done(rt, "hold", p.service.Hold(p.Context(), p.anybody(rt), r.ID, "Wait.")) {
		r.held = true
	}
}

func (p *play) lift(rt *rapid.T) {
	r := p.any(rt, func(r *played) bool { return r.held })
	if p.done(rt, "lift", p.service.Lift(p.Context(), p.anybody(rt), r.ID)) {
		r.held = false
	}
}

func (p *play) happen(rt *rapid.T) {
	r := p.any(rt, func(r *played) bool { return r.waits })
	if p.done(rt, "happen", p.service.Happened(p.Context(), p.anybody(rt), r.ID, "They did.")) {
		r.waits = false
	}
}

func (p *play) forward(rt *rapid.T) {
	r := p.any(rt, func(r *played) bool { return r.waits || r.due > 0 })
	if p.done(rt, "bring forward", p.service.BringForward(p.Context(), p.anybody(rt), r.ID, "Now.", password)) {
		r.waits, r.due = false, 0
	}
}

func (p *play) suspend(rt *rapid.T) {
	kind, slug := p.target(rt)
	r, err := p.service.Suspend(p.Context(), p.anybody(rt), kind, slug, password)
	if p.done(rt, "suspend", err) {
		p.releases = append(p.releases, &played{Release: r, frozen: p.seq, signer: "one", countersigned: true})
	}
}

func (p *play) pass(*rapid.T) { p.now = p.now.Add(36 * time.Hour) }

// deliver delivers, and looks at what is public then.
func (p *play) deliver(rt *rapid.T) {
	if _, err := p.service.Deliver(p.Context()); err != nil {
		p.wrong(rt, "deliver: %v", err)
	}
	p.look(rt)
}

// crash ends the process at a step of a delivery, if there is one, and begins
// the next.
func (p *play) crash(rt *rapid.T, step *string) {
	*step = rapid.SampledFrom([]string{
		release.StepClaimed, publishedstore.StepCommitted, publishedstore.StepNamed, publishedstore.StepPointed, release.StepApplied, release.StepDelivered,
	}).Draw(rt, "step")
	func() {
		defer func() {
			if r := recover(); r != nil && r != errCrash {
				panic(r)
			}
		}()
		if _, err := p.service.Deliver(p.Context()); err != nil {
			p.wrong(rt, "deliver: %v", err)
		}
	}()
	if *step == "" {
		p.tally["crash"]++
	}
	*step = ""
	p.open(step)
	p.deliver(rt)
}

// publish has the text cleared, prepared, signed and delivered without a stop.
func (p *play) publish(rt *rapid.T) {
	p.clears(rt, operator)
	p.prepares(rt, p.ann, true)
	p.through(rt)
	p.deliver(rt)
}
