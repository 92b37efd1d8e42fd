// Package desk serves the confidential record to those who keep it: every
// route with the right it needs, one file a subject.
//
// What a person may not read does not exist for them: the answer is the same
// 404. No name of a participant or body, and no venue, stands in an address or
// in the title of a page.
package desk

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/web/guard"
	"track15/web/public"
	"track15/web/respond"
)

// maxBody is the size of the largest form, in bytes: a draft of the longest
// text that is accepted, percent-encoded, and as much again for its
// observations.
const maxBody = 4 << 20

// Options are what the desk stands on.
type Options struct {
	Record  *recordstore.Store
	Release *release.Service
	House   string   // name of the house
	Hosts   []string // host names the desk answers to; any other is 421
	// Demonstration says on every page that samples are invented.
	Demonstration bool
	Logger        *slog.Logger
	Clock         func() time.Time
	PublicURL     string // address of the public site, without a final slash; "" if it is not known
	// LinkURL is where one-time links lead, without a final slash; "" for no links.
	LinkURL string
	// Public is how the public site is set up, for previews of it. Its address
	// is PublicURL if it says none.
	Public public.Options
}

// A Desk answers the staff.
type Desk struct {
	Options
	session  *guard.Session[record.Account]
	attempts *guard.Attempts
	words    *words
}

// A need is what a route asks of whoever comes: an act that they may do in some
// series, or one of the two below.
type need = record.Act

const (
	anyone   need = "anyone"    // also before the sign-in
	signedIn need = "signed in" // any account
)

// neededHere is the key of what the route of a request asks of whoever comes.
const neededHere = "needed here"

// A route is one line of the desk: what it answers, and to whom.
type route struct {
	method string
	path   string
	need   need
	answer func(*Desk, echo.Context) error
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole desk.
var routes = []route{
	{get, "/sign-in", anyone, (*Desk).signInPage},
	{post, "/sign-in", anyone, (*Desk).signIn},
	{post, "/sign-out", signedIn, (*Desk).signOut},
	{get, "/cover", signedIn, (*Desk).coverPage},
	{post, "/cover", signedIn, (*Desk).cover},
	{post, "/uncover", signedIn, (*Desk).uncover},
	{get, "/", signedIn, (*Desk).dashboard},
	{get, "/shortcuts", signedIn, (*Desk).shortcuts},
	{post, "/shortcuts", signedIn, (*Desk).setShortcuts},
	{get, "/release-codes", signedIn, (*Desk).releaseCodes},
	{post, "/release-codes", signedIn, (*Desk).makeReleaseCodes},
	{post, "/release-codes/end", signedIn, (*Desk).endReleaseCodes},
	{get, "/find", record.ReadDates, (*Desk).findAnything},
	{post, "/find", record.ReadDates, (*Desk).seek},

	{get, "/rounds", record.ReadDates, (*Desk).rounds},
	{post, "/rounds", record.ReadDates, (*Desk).findRounds},
	{post, "/rounds/download", record.Export, (*Desk).rounds},
	{get, "/rounds/new", record.EditRound, (*Desk).newRound},
	{post, "/rounds/new", record.EditRound, (*Desk).logRound},
	{get, "/rounds/:id", record.ReadDates, (*Desk).round},
	{get, "/rounds/:id/edit", record.EditRound, (*Desk).editRound},
	{post, "/rounds/:id/edit", record.EditRound, (*Desk).saveRound},
	{get, "/rounds/:id/rules", record.ReadDisclosed, (*Desk).rules},
	{post, "/rounds/:id/rules", record.EditRound, (*Desk).saveRules},
	{get, "/rounds/:id/rules/card", record.ReadRound, (*Desk).card},
	{get, "/rounds/:id/rules/changes/new", record.EditRound, (*Desk).newRuleChange},
	{post, "/rounds/:id/rules/changes/new", record.EditRound, (*Desk).addRuleChange},
	{get, "/rounds/:id/rules/changes/:change", record.EditRound, (*Desk).editRuleChange},
	{post, "/rounds/:id/rules/changes/:change", record.EditRound, (*Desk).saveRuleChange},
	{post, "/rounds/:id/rules/changes/:change/remove", record.EditRound, (*Desk).removeRuleChange},
	{get, "/rounds/:id/rules/read-outs/new", record.EditRound, (*Desk).newReadOut},
	{post, "/rounds/:id/rules/read-outs/new", record.EditRound, (*Desk).addReadOut},
	{get, "/rounds/:id/rules/read-outs/:readout", record.EditRound, (*Desk).editReadOut},
	{post, "/rounds/:id/rules/read-outs/:readout", record.EditRound, (*Desk).saveReadOut},
	{get, "/rounds/:id/copy", record.EditRound, (*Desk).copyRound},
	{post, "/rounds/:id/copy", record.EditRound, (*Desk).saveCopy},
	{get, "/rounds/:id/participants/clear", record.EditRound, (*Desk).clearances},
	{post, "/rounds/:id/participants/clear", record.EditRound, (*Desk).setClearances},
	{get, "/rounds/:id/organisations", record.ReadDisclosed, (*Desk).presences},
	{get, "/rounds/:id/organisations/new", record.EditRound, (*Desk).newPresence},
	{post, "/rounds/:id/organisations/new", record.EditRound, (*Desk).addPresence},
	{get, "/rounds/:id/organisations/:presence", record.EditRound, (*Desk).editPresence},
	{post, "/rounds/:id/organisations/:presence", record.EditRound, (*Desk).savePresence},
	{post, "/rounds/:id/organisations/:presence/remove", record.EditRound, (*Desk).removePresence},
	{get, "/rounds/:id/participants", record.ReadRound, (*Desk).participants},
	{get, "/rounds/:id/participants/new", record.EditRound, (*Desk).newParticipant},
	{post, "/rounds/:id/participants/new", record.EditRound, (*Desk).addParticipant},
	{get, "/rounds/:id/participants/:participation", record.EditRound, (*Desk).editParticipant},
	{post, "/rounds/:id/participants/:participation", record.EditRound, (*Desk).saveParticipant},
	{post, "/rounds/:id/participants/:participation/remove", record.EditRound, (*Desk).removeParticipant},
	{get, "/rounds/:id/sessions", record.ReadRound, (*Desk).sessions},
	{get, "/rounds/:id/sessions/new", record.EditRound, (*Desk).newSession},
	{post, "/rounds/:id/sessions/new", record.EditRound, (*Desk).addSession},
	{get, "/rounds/:id/sessions/:session", record.EditRound, (*Desk).editSession},
	{post, "/rounds/:id/sessions/:session", record.EditRound, (*Desk).saveSession},
	{post, "/rounds/:id/sessions/:session/remove", record.EditRound, (*Desk).removeSession},
	{get, "/rounds/:id/notes", record.ReadNotes, (*Desk).roundNotes},
	{post, "/rounds/:id/notes", record.ReadNotes, (*Desk).findNotes},
	{get, "/rounds/:id/observe", record.ReadNotes, (*Desk).observe},
	{post, "/rounds/:id/observe", record.ReadNotes, (*Desk).addObservation},
	{get, "/sittings/:session", record.KnowSitting, (*Desk).sitting},
	{post, "/sittings/:session", record.TakeNotes, (*Desk).logLine},
	{get, "/sittings/:session/lines", record.KnowSitting, (*Desk).newLines},
	{post, "/sittings/:session/lines", record.TakeNotes, (*Desk).logLines},
	{get, "/sittings/:session/key", record.TakeNotes, (*Desk).lineKey},
	{get, "/sittings/:session/codes", record.KnowSitting, (*Desk).codes},
	{post, "/sittings/:session/text", record.TakeNotes, (*Desk).takeText},
	{post, "/sittings/:session/takers", record.AssignNotes, (*Desk).assignNotes},
	{post, "/sittings/:session/seal", record.TakeNotes, (*Desk).sealNotes},
	{get, "/sittings/:session/lines/:line", record.TakeNotes, (*Desk).editLine},
	{post, "/sittings/:session/lines/:line", record.TakeNotes, (*Desk).saveLine},
	{post, "/sittings/:session/lines/:line/remove", record.TakeNotes, (*Desk).removeLine},
	{get, "/rounds/:id/courtesy", record.Compare, (*Desk).courtesy},
	{post, "/rounds/:id/courtesy", record.Compare, (*Desk).checkArticle},
	{get, "/rounds/:id/drafts", record.ReadDraft, (*Desk).roundDrafts},
	{get, "/rounds/:id/drafts/new", record.EditDraft, (*Desk).newDraft},
	{post, "/rounds/:id/drafts/new", record.EditDraft, (*Desk).addDraft},
	{get, "/rounds/:id/release", record.ReadRelease, (*Desk).roundRelease},
	{post, "/rounds/:id/release", record.PrepareRelease, (*Desk).prepareRound},
	{get, "/rounds/:id/history", record.ReadRound, (*Desk).roundHistory},
	{get, "/rounds/:id/papers", record.MakePaper, (*Desk).papers},
	{post, "/rounds/:id/papers", record.MakePaper, (*Desk).makePaper},

	{get, "/appearances", record.ReadRound, (*Desk).appearances},
	{post, "/appearances", record.ReadRound, (*Desk).findAppearances},
	{post, "/appearances/download", record.Export, (*Desk).appearances},
	{get, "/presences", record.ReadRound, (*Desk).presencesAnywhere},
	{post, "/presences", record.ReadRound, (*Desk).findPresences},
	{post, "/presences/download", record.Export, (*Desk).presencesAnywhere},
	{get, "/rounds/:id/participants/paste", record.EditRound, (*Desk).pastePage},
	{post, "/rounds/:id/participants/paste", record.EditRound, (*Desk).pasteDelegation},

	{get, "/import", record.EditRound, (*Desk).imports},
	{post, "/import", record.EditRound, (*Desk).startImport},
	{get, "/import/:id", record.EditRound, (*Desk).importStep},
	{post, "/import/:id/sheet", record.EditRound, (*Desk).chooseSheet},
	{post, "/import/:id/columns", record.EditRound, (*Desk).saveColumns},
	{get, "/import/:id/rows", record.EditRound, (*Desk).importRows},
	{post, "/import/:id/rows", record.EditRound, (*Desk).saveRows},
	{get, "/import/:id/rows/:row", record.EditRound, (*Desk).compareRow},
	{post, "/import/:id/apply", record.EditRound, (*Desk).applyImport},
	{post, "/import/:id/undo", record.EditRound, (*Desk).undoImport},
	{post, "/import/:id/release", record.PrepareRelease, (*Desk).prepareImported},
	{post, "/import/:id/drop", record.EditRound, (*Desk).dropImport},
	{get, "/import/:id/aside.csv", record.EditRound, (*Desk).importAside},

	{get, "/series", record.ReadSeries, (*Desk).allSeries},
	{get, "/series/new", record.EditSeries, (*Desk).newSeries},
	{post, "/series/new", record.EditSeries, (*Desk).addSeries},
	{get, "/series/:id", record.ReadSeries, (*Desk).series},
	{get, "/series/:id/drafts/new", record.EditDraft, (*Desk).newDraft},
	{post, "/series/:id/drafts/new", record.EditDraft, (*Desk).addDraft},
	{get, "/series/:id/history", record.ReadSeries, (*Desk).seriesHistory},
	{get, "/series/:id/edit", record.EditSeries, (*Desk).editSeries},
	{post, "/series/:id/edit", record.EditSeries, (*Desk).saveSeries},

	{get, "/organisations", record.ReadDirectory, (*Desk).organisations},
	{post, "/organisations", record.ReadDirectory, (*Desk).findOrganisations},
	{post, "/organisations/download", record.Export, (*Desk).organisations},
	{get, "/organisations/new", record.EditDirectory, (*Desk).newOrganisation},
	{post, "/organisations/new", record.EditDirectory, (*Desk).addOrganisation},
	{get, "/organisations/:id", record.ReadDirectory, (*Desk).organisation},
	{get, "/organisations/:id/history", record.ReadDirectory, (*Desk).organisationHistory},
	{get, "/organisations/:id/edit", record.EditDirectory, (*Desk).editOrganisation},
	{post, "/organisations/:id/edit", record.EditDirectory, (*Desk).saveOrganisation},

	{get, "/people", record.ReadDirectory, (*Desk).people},
	{post, "/people", record.ReadDirectory, (*Desk).findPeople},
	{post, "/people/download", record.Export, (*Desk).people},
	{get, "/people/new", record.EditDirectory, (*Desk).newPerson},
	{post, "/people/new", record.EditDirectory, (*Desk).addPerson},
	{get, "/people/:id", record.ReadDirectory, (*Desk).person},
	{get, "/people/:id/edit", record.EditDirectory, (*Desk).editPerson},
	{post, "/people/:id/edit", record.EditDirectory, (*Desk).savePerson},
	{get, "/people/:id/history", record.ReadDirectory, (*Desk).personHistory},

	{get, "/outputs", record.ReadDraft, (*Desk).outputs},
	{post, "/outputs", record.ReadDraft, (*Desk).findOutputs},
	{post, "/outputs/download", record.ReadDraft, (*Desk).outputs},
	{get, "/drafts/:id", record.ReadDraft, (*Desk).draft},
	{post, "/drafts/:id", record.EditDraft, (*Desk).saveDraft},
	{get, "/drafts/:id/versions", record.ReadDraft, (*Desk).versions},
	{post, "/drafts/:id/versions", record.EditDraft, (*Desk).restoreVersion},
	{get, "/drafts/:id/comments", record.ReadDraft, (*Desk).comments},
	{post, "/drafts/:id/comments", record.Suggest, (*Desk).addComment},
	{post, "/drafts/:id/comments/:comment/accept", record.EditDraft, (*Desk).acceptSuggestion},
	{post, "/drafts/:id/comments/:comment/decline", record.Decline, (*Desk).declineSuggestion},
	{post, "/drafts/:id/comments/:comment/resolve", record.SettleComment, (*Desk).resolveComment},
	{post, "/drafts/:id/preview", record.EditDraft, (*Desk).previewDraft},
	{get, "/drafts/:id/check", record.Compare, (*Desk).check},
	{post, "/drafts/:id/check", record.Settle, (*Desk).settle},
	{post, "/drafts/:id/check/typed", record.Compare, (*Desk).checkTyped},
	{get, "/drafts/:id/clearance", record.ReadClearance, (*Desk).ledger},
	{post, "/drafts/:id/clearance", record.EditClearance, (*Desk).askClearance},
	{post, "/drafts/:id/clearance/need", record.EditClearance, (*Desk).changeNeed},
	{get, "/drafts/:id/clearance/:asking", record.ReadClearance, (*Desk).asking},
	{post, "/drafts/:id/clearance/:asking", record.EditClearance, (*Desk).recordAnswer},
	{get, "/drafts/:id/clearance/:asking/evidence", record.ReadClearance, (*Desk).evidence},
	{get, "/drafts/:id/clearance/:asking/compare", record.ReadClearance, (*Desk).compareReceived},
	{post, "/drafts/:id/clearance/:asking/compare", record.EditClearance, (*Desk).received},
	{post, "/drafts/:id/clearance/:asking/wording", record.EditClearance, (*Desk).takeWording},
	{post, "/drafts/:id/clearance/:asking/take", record.TakeOver, (*Desk).takeOver},
	{post, "/drafts/:id/clearance/:asking/link", record.EditClearance, (*Desk).makeLink},
	{post, "/drafts/:id/clearance/:asking/link/end", record.EditClearance, (*Desk).endLink},

	{get, "/releases", record.ReadRelease, (*Desk).releases},
	{get, "/releases/:id", record.ReadRelease, (*Desk).showRelease},
	{get, "/releases/:id/preview", record.ReadRelease, (*Desk).releasePreview},
	{get, "/releases/:id/preview/:page", record.ReadRelease, (*Desk).previewedPage},
	{get, "/releases/:id/preview/:page/frame", record.ReadRelease, (*Desk).previewedFrame},
	{get, "/releases/:id/preview/:page/exact", record.ReadRelease, (*Desk).previewedBytes},
	{post, "/releases/:id/sign", record.Sign, (*Desk).sign},
	{get, "/releases/:id/countersign", record.Countersign, (*Desk).countersigning},
	{post, "/releases/:id/telephone", record.EnterSignature, (*Desk).byTelephone},
	{post, "/releases/:id/countersign", record.Countersign, (*Desk).countersign},
	{post, "/releases/:id/cancel", record.PrepareRelease, (*Desk).cancelRelease},
	{post, "/releases/:id/return", record.ReturnRelease, (*Desk).returnRelease},
	{post, "/releases/:id/hold", record.HoldRelease, (*Desk).holdRelease},
	{post, "/releases/:id/lift", record.LiftHold, (*Desk).lift},
	{post, "/releases/:id/forward", record.BringForward, (*Desk).bringForward},
	{post, "/releases/:id/happened", record.NoteEvent, (*Desk).happened},
	{post, "/releases/:id/published", record.NoteEvent, (*Desk).publishedFirst},
	{get, "/releases/:id/copies", record.ReadCopies, (*Desk).outsideCopies},
	{post, "/releases/:id/copies", record.ChaseCopies, (*Desk).addOutsideCopy},
	{get, "/releases/:id/copies/:copy", record.ChaseCopies, (*Desk).outsideCopy},
	{post, "/releases/:id/copies/:copy", record.ChaseCopies, (*Desk).saveOutsideCopy},
	{get, "/requests", record.ReadRequests, (*Desk).requests},
	{post, "/requests", record.LogRequest, (*Desk).logRequest},
	{get, "/requests/:id", record.ReadRequests, (*Desk).request},
	{post, "/requests/:id", record.AnswerRequest, (*Desk).answerRequest},
	{get, "/released/:kind/:slug", record.ReadRelease, (*Desk).released},
	{post, "/released/:kind/:slug/suspend", record.Suspend, (*Desk).suspend},
	{get, "/released/:kind/:slug/withdraw", record.PrepareRelease, (*Desk).away},
	{post, "/released/:kind/:slug/withdraw", record.PrepareRelease, (*Desk).withdraw},
	{post, "/released/:kind/:slug/restore", record.PrepareRelease, (*Desk).restore},

	{get, "/answers", record.ReadAnswers, (*Desk).answers},
	{get, "/answers/new", record.MakeAnswer, (*Desk).newAnswer},
	{post, "/answers/new", record.MakeAnswer, (*Desk).makeAnswer},

	{get, "/kept", record.ReadRetention, (*Desk).kept},
	{get, "/kept/:id", record.ReadRetention, (*Desk).keptRound},
	{post, "/kept/:id/retention", record.SetRetention, (*Desk).setRetention},
	{post, "/kept/:id/hold", record.HoldNotes, (*Desk).hold},
	{post, "/kept/:id/hold/:hold", record.EndHold, (*Desk).endHold},
	{post, "/kept/:id/destroy", record.Propose, (*Desk).proposeDestruction},
	{get, "/kept/:id/destroy/:destruction", record.ReadRetention, (*Desk).certificate},
	{get, "/kept/:id/destroy/:destruction/certificate.json", record.ReadRetention, (*Desk).certificateFile},
	{post, "/kept/:id/destroy/:destruction", record.Confirm, (*Desk).confirmDestruction},
	{post, "/kept/:id/destroy/:destruction/refuse", record.ReadRetention, (*Desk).refuseDestruction},

	{get, "/audit", record.ReadAudit, (*Desk).audit},

	{get, "/series/:id/access", record.ReadGrants, (*Desk).seriesAccess},
	{post, "/series/:id/access/give", record.GiveGrant, (*Desk).giveRole},
	{post, "/series/:id/access/propose", record.ProposeGrant, (*Desk).proposeRole},
	{post, "/grants/:id/allow", record.GiveGrant, (*Desk).allowRole},
	{post, "/grants/:id/end", record.RevokeGrant, (*Desk).endRole},
	{get, "/rounds/:id/access", record.EditRound, (*Desk).roundAccess},
	{get, "/accounts", record.ReadAccounts, (*Desk).accounts},
	{post, "/accounts/:id", record.ManageAccounts, (*Desk).setAccount},
}

// New serves the desk.
func New(o Options) (http.Handler, error) {
	w, err := newWords()
	if err != nil {
		return nil, err
	}
	d := &Desk{
		Options:  o,
		session:  guard.NewSession(recordstore.NewSessions(o.Record), o.Record.AccountByID, o.Clock),
		attempts: guard.NewAttempts(o.Clock),
		words:    w,
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = respond.Errors(o.Logger, d.showProblem)
	e.Pre(middleware.RequestID(), guard.DeskHeaders(), guard.Hosts(o.Hosts...), guard.SameOrigin(), limits())
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(_ echo.Context, err error, _ []byte) error { return err },
	}))
	files, err := d.files()
	if err != nil {
		return nil, err
	}
	e.Match([]string{http.MethodGet, http.MethodHead}, "/assets/*", echo.WrapHandler(files))
	for _, r := range routes {
		e.Add(r.method, r.path, d.guarded(r), d.session.Load)
	}
	return e, nil
}

// guarded stands before every handler: nobody passes without the right that the
// route's line names.
func (d *Desk) guarded(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := wellFormed(c); err != nil {
			return err
		}
		if r.need == anyone {
			return r.answer(d, c)
		}
		if _, ok := d.session.Account(c); !ok {
			return d.askToSignIn(c)
		}
		if covered, _ := d.session.Covered(c); covered && !openWhileCovered[r.path] {
			return c.Redirect(http.StatusSeeOther, "/cover")
		}
		if r.need != signedIn && !d.actor(c).MayAnywhere(r.need) {
			return errNothing
		}
		c.Set(neededHere, r.need)
		return r.answer(d, c)
	}
}

// openWhileCovered are the paths that a covered session still opens.
var openWhileCovered = map[string]bool{"/cover": true, "/uncover": true, "/sign-out": true}
