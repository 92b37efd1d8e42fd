package record

import "slices"

// An Act is one thing a person may do to the record. The audit entry names it.
type Act string

const (
	ReadDirectory  Act = "read directory"
	EditDirectory  Act = "edit directory"
	ReadSeries     Act = "read series"
	EditSeries     Act = "edit series"
	ReadRound      Act = "read round"           // everything but true affiliations
	ReadDisclosed  Act = "read disclosed forms" // a round as its labels show it
	ReadDates      Act = "read dates"           // a round's dates only
	EditRound      Act = "edit round"
	ReadTrue       Act = "read true affiliations"
	EditTrue       Act = "edit true affiliations"
	ReadDraft      Act = "read draft"
	EditDraft      Act = "edit draft"
	Suggest        Act = "suggest"                 // other words for a draft, or a comment on it; no edit
	SettleComment  Act = "resolve a comment"       // or open it again
	Decline        Act = "decline suggestion"      // accepting one is an edit of the draft
	Compare        Act = "compare with the record" // a draft, for the disclosure check
	Reveal         Act = "reveal sources"          // what in the record findings rest on
	Settle         Act = "settle a finding"        // of the disclosure check
	ReadRelease    Act = "read release"
	ReadClearance  Act = "read clearances" // of texts: who was shown what, and said what
	EditClearance  Act = "edit clearances"
	TakeOver       Act = "take over what a party changed" // an edit of the draft
	PrepareRelease Act = "prepare release"
	Sign           Act = "sign"
	Countersign    Act = "countersign"
	AskSecond      Act = "ask for a second signature"
	ReturnRelease  Act = "return release"    // to who signed first, with a reason
	EnterSignature Act = "enter a signature" // that somebody gives by telephone
	HoldRelease    Act = "hold release"      // keep what two people signed back
	LiftHold       Act = "lift hold"
	NoteEvent      Act = "note event"    // for which a release waits, or what the counterpart published
	BringForward   Act = "bring forward" // by one of the two who signed
	Suspend        Act = "suspend"
	ReadCopies     Act = "read copies elsewhere" // of what left the public
	ChaseCopies    Act = "chase copies elsewhere"
	ReadRequests   Act = "read requests" // of readers: correct or remove something
	LogRequest     Act = "log a request"
	AnswerRequest  Act = "answer a request"
	ManageAccounts Act = "manage accounts"
	ReadAccounts   Act = "read accounts"
	ReadAudit      Act = "read audit"
	ReadHouseAudit Act = "read audit of the house" // entries of no series: accounts, the directory, sign-ins
	ImportHistoric Act = "import historic"
	SignIn         Act = "sign in"
	SignInRefused  Act = "refuse a password"
	SignOut        Act = "sign out"
	ReadSelf       Act = "read own account"
	EditSelf       Act = "edit own account"
	OpenLink       Act = "open a link" // by whoever has a one-time link and its code
	AnswerLink     Act = "answer by link"
	Deliver        Act = "deliver"
	KeepTime       Act = "keep time" // note the clock, and hold what an unsure one would let go
	ReadReleaseLog Act = "read release log"
	ReadGrants     Act = "read grants" // who may do what in a series, and why
	ProposeGrant   Act = "propose grant"
	GiveGrant      Act = "grant"
	RevokeGrant    Act = "revoke grant"
	Export         Act = "export"                             // a list as a file, of what the actor may read
	MakePaper      Act = "make paper"                         // a document for a round, for a recipient
	MakeAnswer     Act = "answer"                             // a document with numbers or labels, for a recipient
	AnswerOwn      Act = "answer a body about its own people" // also those behind another badge
	ReadAnswers    Act = "read answers"
	ImportRecord   Act = "import record"
	ExportRecord   Act = "export record"
	ReadNotes      Act = "read notes"              // of a round, all
	ReadSitting    Act = "read notes of a session" // for a rapporteur: own sessions, until sealed
	KnowSitting    Act = "know of a sitting"       // its agenda and codes, not what was said
	TakeNotes      Act = "take notes"
	AssignNotes    Act = "assign notes"
	ReadRetention  Act = "read retention"
	SetRetention   Act = "set retention"
	HoldNotes      Act = "hold notes"
	EndHold        Act = "end hold"
	Propose        Act = "propose destruction"
	Confirm        Act = "confirm destruction"
	Refuse         Act = "refuse destruction" // the proposer takes it back, or a director says no
	Confirmed      Act = "read confirmed destructions"
	KeepReleased   Act = "keep released texts" // put them in clear, before the key goes
	Destroy        Act = "destroy notes"       // by the program, once two people said so
	ReadKeys       Act = "read state of keys"
	ManageKeys     Act = "manage keys" // rotate, copy: whoever runs the command line
)

// A RoleName is one of the eight roles of a secretariat.
type RoleName string

const (
	Coordinator    RoleName = "coordinator"
	Rapporteur     RoleName = "rapporteur"
	Editor         RoleName = "editor"
	Director       RoleName = "director"
	DeskOfficer    RoleName = "desk officer"
	RecordsOfficer RoleName = "records officer"
	Auditor        RoleName = "auditor"
	Administrator  RoleName = "administrator"
)

// RoleNames lists the roles in the order of the table of rights.
var RoleNames = []RoleName{Coordinator, Rapporteur, Editor, Director, DeskOfficer, RecordsOfficer, Auditor, Administrator}

// Rights is the table act x role: who may do what. A role that is not listed
// may not. A rapporteur reads sessions and an auditor the log; neither opens a
// round.
//
// Nobody's role holds SignIn, SignOut, ReadSelf, EditSelf, SignInRefused, Deliver,
// KeepTime, OpenLink, AnswerLink, ReadReleaseLog, Confirmed, KeepReleased, Destroy, ImportHistoric, ReadKeys or ManageKeys: a person signs in as
// themselves, the worker refuses passwords, delivers and destroys, the operator imports
// and keeps the keys.
var Rights = map[Act][]RoleName{
	ReadDirectory:  {Coordinator, Director, DeskOfficer, RecordsOfficer},
	EditDirectory:  {Coordinator, Director},
	ReadSeries:     {Coordinator, Rapporteur, Editor, Director, DeskOfficer, RecordsOfficer, Auditor},
	EditSeries:     {Coordinator, Director},
	ReadRound:      {Coordinator, Director, DeskOfficer},
	ReadDisclosed:  {Coordinator, Editor, Director, DeskOfficer},
	ReadDates:      {Coordinator, Editor, Director, DeskOfficer, RecordsOfficer},
	EditRound:      {Coordinator, Director},
	ReadTrue:       {Coordinator, Director},
	EditTrue:       {Coordinator},
	ReadDraft:      {Coordinator, Editor, Director},
	EditDraft:      {Coordinator, Editor, Director},
	Suggest:        {Coordinator, Editor, Director},
	SettleComment:  {Coordinator, Editor, Director},
	Decline:        {Coordinator, Editor, Director},
	Compare:        {Coordinator, Director},
	Reveal:         {Coordinator, Director},
	Settle:         {Coordinator, Director},
	ReadRelease:    {Coordinator, Editor, Director},
	ReadClearance:  {Coordinator, Director},
	EditClearance:  {Coordinator, Director},
	TakeOver:       {Coordinator, Director},
	PrepareRelease: {Coordinator, Editor, Director},
	Sign:           {Coordinator, Editor, Director},
	Countersign:    {Coordinator, Director},
	AskSecond:      {Coordinator, Editor, Director},
	ReturnRelease:  {Coordinator, Director},
	EnterSignature: {Coordinator, Director},
	HoldRelease:    {Coordinator, Editor, Director},
	LiftHold:       {Coordinator, Director},
	NoteEvent:      {Coordinator, Director},
	BringForward:   {Coordinator, Editor, Director},
	Suspend:        {Coordinator, Director},
	ReadCopies:     {Coordinator, Director},
	ChaseCopies:    {Coordinator, Director},
	ReadRequests:   {Coordinator, Director},
	LogRequest:     {Coordinator, Director},
	AnswerRequest:  {Coordinator, Director},
	ManageAccounts: {Administrator},
	ReadAccounts:   {Administrator},
	ReadAudit:      {Coordinator, Director, Auditor},
	ReadHouseAudit: {Auditor},
	ReadGrants:     {Coordinator, Director, Administrator},
	ProposeGrant:   {Coordinator},
	GiveGrant:      {Director},
	RevokeGrant:    {Director, Administrator},
	Export:         {Coordinator, Director, DeskOfficer},
	MakePaper:      {Coordinator, Director, DeskOfficer},
	MakeAnswer:     {Coordinator, Director, DeskOfficer},
	AnswerOwn:      {Coordinator, Director},
	ReadAnswers:    {Coordinator, Director, DeskOfficer},
	ImportRecord:   {Coordinator},
	ExportRecord:   {Coordinator},
	ReadNotes:      {Coordinator, Director},
	ReadSitting:    {Coordinator, Rapporteur, Director},
	KnowSitting:    {Coordinator, Rapporteur, Director},
	TakeNotes:      {Coordinator, Rapporteur},
	AssignNotes:    {Coordinator, Director},
	ReadRetention:  {Coordinator, Director, RecordsOfficer},
	SetRetention:   {Director},
	HoldNotes:      {Coordinator, Director, RecordsOfficer},
	EndHold:        {Director},
	Propose:        {Coordinator, RecordsOfficer},
	Confirm:        {Director},
	Refuse:         {Coordinator, Director, RecordsOfficer},
}

// AllSeries as a grant's series means every series, also those to come.
const AllSeries = "*"

// A Grant gives a role in one series, or in AllSeries.
type Grant struct {
	Role     RoleName
	SeriesID string
}

// An Actor is who acts. The zero Actor may do nothing.
type Actor struct {
	ID     string // account id; "operator" and "worker" for the two below
	Name   string // as shown on pages and in signatures
	Grants []Grant
	kind   actorKind
}

type actorKind int

const (
	person actorKind = iota
	operator
	worker
	linkHolder
)

// Operator is whoever runs the command line: they read the data and key
// directories, so they read and edit everything. No operator signs. The name
// is that of the system user; the audit entry carries it.
func Operator(systemUser string) Actor {
	return Actor{ID: "operator", Name: systemUser, kind: operator}
}

// Worker is the program itself, which delivers what two people signed and writes
// down whom it did not let in.
func Worker() Actor { return Actor{ID: "worker", Name: "track15", kind: worker} }

// LinkHolder is whoever came by a one-time link: the store that lets them in knows
// to what. They have no account and no name.
func LinkHolder() Actor { return Actor{ID: "link", Name: "one-time link", kind: linkHolder} }

// IsOperator reports whether the actor is the command line.
func (a Actor) IsOperator() bool { return a.kind == operator }

// IsPerson reports whether the actor is somebody with an account.
func (a Actor) IsPerson() bool { return a.kind == person && a.ID != "" }

// May reports whether the actor may do act in the series. seriesID "" asks for
// an act that belongs to no series (the directory, accounts), for which a
// grant in any series serves; AllSeries asks for the act in every series.
func (a Actor) May(act Act, seriesID string) bool {
	switch a.kind {
	case operator:
		return !slices.Contains([]Act{Sign, Countersign, AskSecond, ReturnRelease, EnterSignature, LiftHold, NoteEvent, BringForward, Suspend, Deliver, KeepTime, OpenLink, AnswerLink, SignIn, SignInRefused, SignOut, ReadSelf, EditSelf, Confirm, KeepReleased, Destroy}, act)
	case worker:
		return act == Deliver || act == KeepTime || act == ReadReleaseLog || act == SignInRefused || act == Compare || act == Confirmed || act == KeepReleased || act == Destroy
	}
	if a.kind == linkHolder {
		return act == OpenLink || act == AnswerLink
	}
	if a.ID == "" {
		return false
	}
	if act == SignIn || act == SignOut || act == ReadSelf || act == EditSelf {
		return true
	}
	for _, g := range a.Grants {
		if slices.Contains(Rights[act], g.Role) && (g.SeriesID == AllSeries || g.SeriesID == seriesID || seriesID == "") {
			return true
		}
	}
	return false
}

// MayAnywhere reports whether there is a series, or the house, in which the
// actor may do act.
func (a Actor) MayAnywhere(act Act) bool { return a.May(act, "") }

// SeriesFor returns the series in which the actor may do act: all, or those
// listed. Neither means none.
func (a Actor) SeriesFor(act Act) (all bool, ids []string) {
	if a.May(act, AllSeries) {
		return true, nil
	}
	for _, g := range a.Grants {
		if g.SeriesID != AllSeries && a.May(act, g.SeriesID) && !slices.Contains(ids, g.SeriesID) {
			ids = append(ids, g.SeriesID)
		}
	}
	return false, ids
}

// An Account is a person who may sign in.
type Account struct {
	ID       string
	Email    string // lower case
	Name     string
	Disabled bool
	Outside  bool    // somebody who is not of the house: each of their grants has an end
	Grants   []Grant // those that hold now
	// QuietKeys turns the shortcuts of single letters off.
	QuietKeys bool
	// Reason and Until go into the grants with which the account is made; they are
	// not read back from it, see GrantEntry.
	Reason string
	Until  Date
}

// Actor is the account as an actor; a disabled account may do nothing.
func (a Account) Actor() Actor {
	if a.Disabled {
		return Actor{}
	}
	return Actor{ID: a.ID, Name: a.Name, Grants: a.Grants}
}
