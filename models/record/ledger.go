package record

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"track15/models/fault"
)

// A Party is whose clearance a text may need: a side of its series, a body or a
// person that it names, or a funder whose acknowledgement it holds.
type Party struct {
	Kind PartyKind `json:"kind"`
	ID   string    `json:"id"` // of the side, organisation or person
}

// PartyKind is what a party is.
type PartyKind string

const (
	PartySide   PartyKind = "side"
	PartyBody   PartyKind = "body"
	PartyPerson PartyKind = "person"
	PartyFunder PartyKind = "funder"
)

// PartyKinds lists the kinds in the order of a ledger.
var PartyKinds = []PartyKind{PartySide, PartyBody, PartyPerson, PartyFunder}

// Need is how far a text may go without a party. Its zero value is: nowhere.
type Need string

const (
	NeedConsent Need = ""        // it goes out only in words that the party cleared
	NeedSight   Need = "sight"   // the party is shown it before; it has no veto
	NeedNothing Need = "nothing" // somebody took the party off the list, with a reason
)

// A NeedChange is what a person decided about the need of a party, against what
// the program proposes or beyond it.
type NeedChange struct {
	Party  Party  `json:"party"`
	Need   Need   `json:"need"`
	Reason string `json:"reason"`
	By     string `json:"by"`    // their name then
	ByID   string `json:"by_id"` // account id
	At     int64  `json:"at"`    // microseconds since 1970 UTC
}

// An Asking is that one party was shown words and asked to clear them, with its
// answer. It is sealed with its text.
type Asking struct {
	ID       string   `json:"-"`
	OutputID string   `json:"-"`
	Party    Party    `json:"party"`
	Name     string   `json:"name,omitempty"`  // of the party then
	Names    []string `json:"names,omitempty"` // by which the text named it then
	Draft    int64    `json:"draft"`           // the version that the words are of
	Shown    Shown    `json:"shown"`
	Code     string   `json:"code"` // text code of the words
	On       Date     `json:"on"`
	Due      Date     `json:"due,omitempty"`
	// Silence is the basis on which no answer by the day due counts as a yes:
	// what was agreed before, and when. "" where silence is no answer.
	Silence string  `json:"silence,omitempty"`
	Reply   Reply   `json:"reply"`
	Earlier []Reply `json:"earlier,omitempty"` // those it replaced, the oldest first
	// Received is a file that came from the party and is not recorded as its
	// answer yet.
	Received Evidence `json:"received"`
	AskedBy  string   `json:"asked_by"` // account id
	AskedAt  int64    `json:"asked_at"` // microseconds since 1970 UTC
	Version  int64    `json:"-"`
	Recorded int64    `json:"recorded,omitempty"` // when the answer was, microseconds since 1970 UTC
	// RecordedBy is the account that recorded the answer: it does not
	// countersign what rests on it.
	RecordedBy string `json:"recorded_by,omitempty"`
}

// A Reply is what a party said. Its zero value is: nothing yet.
type Reply struct {
	State ReplyState `json:"state,omitempty"`
	On    Date       `json:"on,omitempty"`
	// Wording is the exact wording that the party cleared instead, for
	// GrantedWithChanges: the passages it was shown, with its changes.
	Wording  Shown    `json:"wording"`
	Channel  Channel  `json:"channel,omitempty"`
	Lang     string   `json:"lang,omitempty"`
	Said     string   `json:"said,omitempty"` // the answer in words, or what was heard
	Evidence Evidence `json:"evidence"`
}

// ReplyState is what a reply says. Its zero value is: none yet.
type ReplyState string

const (
	NoReply            ReplyState = ""
	Granted            ReplyState = "granted"
	GrantedWithChanges ReplyState = "granted with changes"
	NotGranted         ReplyState = "refused"
	Lapsed             ReplyState = "lapsed"
	Revoked            ReplyState = "revoked"
)

// ReplyStates lists them in the order in which a form offers them.
var ReplyStates = []ReplyState{Granted, GrantedWithChanges, NotGranted, Lapsed, Revoked}

// Channel is how an answer came.
type Channel string

// Channels lists the channels in the order in which a form offers them.
var Channels = []Channel{"mail", "letter", "call", "messenger", "in a meeting", "one-time link"}

// Evidence is a file or text that shows an answer.
type Evidence struct {
	Name    string `json:"name,omitempty"` // of the file
	Type    string `json:"type,omitempty"` // media type
	Content []byte `json:"content,omitempty"`
}

// MaxEvidence is the most bytes of a file of evidence.
const MaxEvidence = 8 << 20

// Stand is whether a clearance holds for a text as it is now. Its zero value
// does not.
type Stand string

const (
	Open      Stand = ""           // not asked, or not answered
	Stands    Stand = "stands"     // the words are those that were cleared
	Void      Stand = "void"       // it was answered about other words, lapsed or was revoked
	Refusal   Stand = "refusal"    // it was refused for these words
	NotWanted Stand = "not wanted" // nothing is needed of the party
)

// A LedgerLine is one party of a ledger.
type LedgerLine struct {
	Party    Party
	Name     string   // what the ledger calls it
	Names    []string // all by which a text may name it
	Need     Need
	Proposed Need        // by the program
	Why      string      // the rule that asks for it, as a sentence
	Change   *NeedChange // of a person, nil for none
	Now      Shown       // what the party would be shown of the text as it is now
	Asking   *Asking     // the one that says most about these words, nil for none
	Stand    Stand
	Because  string // why it is not otherwise, as part of a sentence; "" where nothing is to be said
}

// Met reports whether the text may go out as far as this party goes.
func (l LedgerLine) Met() bool {
	switch l.Need {
	case NeedNothing:
		return true
	case NeedSight:
		// What was shown last must be what goes out, whatever was said.
		return l.Asking != nil && (l.Asking.Shown.Same(l.Now) || l.Stand == Stands)
	}
	return l.Stand == Stands
}

// RestsOn are the accounts by whose doing the line is met: they asked, where being
// shown or silence is enough, or recorded the answer, or took the need down.
func (l LedgerLine) RestsOn() []string {
	if !l.Met() {
		return nil
	}
	var ids []string
	rank := map[Need]int{NeedConsent: 0, NeedSight: 1, NeedNothing: 2}
	if l.Change != nil && rank[l.Need] > rank[l.Proposed] {
		ids = append(ids, l.Change.ByID)
	}
	if a := l.Asking; a != nil && l.Need != NeedNothing {
		if a.Reply.State == Granted || a.Reply.State == GrantedWithChanges {
			ids = append(ids, a.RecordedBy)
		} else {
			ids = append(ids, a.AskedBy)
		}
	}
	return ids
}

// A Candidate is a party that a text may name: a person or body of its round, a
// side, a funder. Names are all the spellings by which it is known.
type Candidate struct {
	Party Party
	Name  string
	Names []string
	// Acronyms are found in capitals only. Short are names that mean it only where
	// the text names it in full too: a family name.
	Acronyms, Short []string
	// Thanks is the acknowledgement that a funder asks for.
	Thanks string
}

// A LedgerBook is what a ledger is computed from: a text, the rules of its
// round, who may be concerned, and what was asked and decided before.
type LedgerBook struct {
	Kind       OutputKind
	Public     bool // all of it is public elsewhere, word for word
	External   bool // others published it: only the house's observations are asked about
	Draft      Draft
	Rules      GroundRules
	Candidates []Candidate
	Askings    []Asking
	Changes    []NeedChange
	Today      Date
}

// Ledger says of every party whose clearance is needed, or was asked, how it
// stands for the text as it is: the sides first, then bodies, persons, funders,
// each in the order of the candidates.
func (b LedgerBook) Ledger() []LedgerLine {
	var out []LedgerLine
	if b.External {
		b.Draft = b.Draft.Own()
	}
	all := b.everybody()
	for _, kind := range PartyKinds {
		for _, c := range all {
			if c.Party.Kind != kind {
				continue
			}
			if l, concerned := b.line(c); concerned {
				out = append(out, l)
			}
		}
	}
	return out
}

// everybody are the candidates, and the parties that were asked or decided about
// and are none any more: what they said does not go with their entry.
func (b LedgerBook) everybody() []Candidate {
	all := slices.Clone(b.Candidates)
	known := func(p Party) bool { return slices.ContainsFunc(all, func(c Candidate) bool { return c.Party == p }) }
	for _, a := range slices.Backward(b.Askings) {
		if !known(a.Party) {
			all = append(all, Candidate{Party: a.Party, Name: a.Name, Names: a.Names})
		}
	}
	return all
}

// line is one party; false if the text does not concern it and never did.
func (b LedgerBook) line(c Candidate) (LedgerLine, bool) {
	l := LedgerLine{Party: c.Party, Name: c.Name, Names: slices.Concat(c.Names, c.Acronyms, c.Short)}
	need, why := b.proposed(c)
	l.Need, l.Proposed, l.Why = need, need, why
	switch c.Party.Kind {
	case PartySide:
		l.Now = b.Draft.Whole()
	case PartyFunder:
		l.Now = b.Draft.Naming(func(text string) bool { return c.thanked(text) })
	default:
		if b.names(c) {
			l.Now = b.Draft.Naming(func(text string) bool { return c.named(text) || Mentions(text, c.Short) })
		}
	}
	for i, ch := range b.Changes {
		if ch.Party == c.Party {
			l.Change, l.Need = &b.Changes[i], ch.Need // the last one holds
		}
	}
	if l.Change != nil && l.Need != NeedNothing && len(l.Now.Passages) == 0 {
		l.Now = b.Draft.Whole() // asked beyond what the text names
	}
	for i, a := range b.Askings {
		if a.Party == c.Party && (l.Asking == nil || closer(a, *l.Asking, l.Now)) {
			l.Asking = &b.Askings[i]
		}
	}
	l.Stand, l.Because = l.standing(b.Today)
	if l.Asking != nil && l.Stand == Stands && slices.ContainsFunc(b.Askings, func(a Asking) bool {
		return a.Party == c.Party && a.Reply.State == Revoked && a.Recorded > max(l.Asking.Recorded, l.Asking.AskedAt)
	}) {
		l.Stand, l.Because = Void, "because it was revoked since"
	}
	return l, l.Need != NeedNothing || l.Change != nil || l.Asking != nil
}

// closer reports whether asking a says more about the words now than asking b:
// it is about them and b is not, or else it was asked later. So an older consent
// holds again when an edit is taken back, and of two answers about the same words
// the later one holds.
func closer(a, b Asking, now Shown) bool {
	if about := a.about(now); about != b.about(now) {
		return about
	}
	return cmp.Or(cmp.Compare(a.AskedAt, b.AskedAt), cmp.Compare(a.ID, b.ID)) > 0
}

// about reports whether the asking showed the words now, or the party put them in
// the place of those it was shown.
func (a Asking) about(now Shown) bool {
	return a.Shown.Same(now) || a.Reply.State == GrantedWithChanges && a.Reply.Wording.Same(now)
}

// named reports whether a text names the candidate in full.
func (c Candidate) named(text string) bool {
	return Mentions(text, c.Names) || Abbreviates(text, c.Acronyms)
}

func (c Candidate) thanked(text string) bool {
	return c.Thanks != "" && strings.Contains(Fold(text), Fold(c.Thanks)) || Mentions(text, c.Names)
}

// proposed is the need that follows from the kind of the text, the ground rules
// and what the text says.
func (b LedgerBook) proposed(c Candidate) (Need, string) {
	if b.Public {
		return NeedNothing, "It stands in public already, word for word."
	}
	switch c.Party.Kind {
	case PartySide:
		return b.ofSides()
	case PartyBody, PartyPerson:
		if !b.names(c) {
			return NeedNothing, "The text does not name it."
		}
		aspect, why := AspectByBody, "A body that is named clears its passages."
		if c.Party.Kind == PartyPerson {
			aspect, why = AspectByPerson, "A person who is named clears their passages."
		}
		if b.Rules.Vector[aspect] == Free {
			return NeedNothing, "The ground rules let it be said."
		}
		return NeedConsent, why
	case PartyFunder:
		if slices.ContainsFunc(texts(b.Draft.Whole()), c.thanked) {
			return NeedConsent, "A funder clears its acknowledgement."
		}
		return NeedNothing, "The text does not thank it."
	}
	return NeedConsent, ""
}

// names reports whether the text names a body or person in full.
func (b LedgerBook) names(c Candidate) bool {
	return slices.ContainsFunc(texts(b.Draft.Whole()), c.named)
}

func (b LedgerBook) ofSides() (Need, string) {
	switch {
	case b.External:
		return NeedNothing, "Others published it."
	case b.Draft.Whole().Passages == nil:
		return NeedNothing, "It says nothing."
	}
	switch b.Kind {
	case JointStatement:
		return NeedConsent, "Every side clears a joint statement, word for word."
	case ParallelPaper, ParticipantPiece, Commentary:
		return NeedNothing, "A paper under its author's own name: no side has a veto."
	}
	if !b.Rules.Allows(AspectUnattributed) {
		return NeedConsent, "The ground rules let content out only with clearance."
	}
	if b.Kind == ChairsReport {
		return NeedSight, "A chair's report is circulated to every side for accuracy."
	}
	return NeedSight, "Every side sees the text before it is public."
}

func texts(s Shown) []string {
	out := make([]string, len(s.Passages))
	for i, p := range s.Passages {
		out[i] = p.Text
	}
	return out
}

// standing is how the answer of a party holds for what it would be shown now.
func (l LedgerLine) standing(today Date) (Stand, string) {
	a := l.Asking
	switch {
	case l.Need == NeedNothing:
		return NotWanted, ""
	case a == nil:
		return Open, "it was not asked"
	}
	same := a.Shown.Same(l.Now)
	edited := func() string {
		return "because the words it was shown were edited: " + strings.Join(changed(a.Shown, l.Now), ", ")
	}
	switch a.Reply.State {
	case NoReply:
		switch {
		case !same:
			return Open, "it was asked about other words"
		case a.Due == "" || today <= a.Due:
			return Open, "no answer yet"
		case a.Silence != "":
			return Stands, "by silence, as agreed before"
		}
		return Open, "no answer by the day due, and silence does not count"
	case Granted:
		if !same {
			return Void, edited()
		}
		return Stands, ""
	case GrantedWithChanges:
		switch {
		case a.Reply.Wording.Same(l.Now):
			return Stands, "with its changes"
		case same:
			return Void, "because the text does not have its changes yet"
		}
		return Void, "because the text words it otherwise than its changes do: " + strings.Join(changed(a.Reply.Wording, l.Now), ", ")
	case NotGranted:
		if same {
			return Refusal, "it refused these words"
		}
		return Open, "it refused other words and was not asked about these"
	case Lapsed:
		return Void, "because it lapsed"
	case Revoked:
		return Void, "because it was revoked"
	}
	return Open, ""
}

// inSentence is a place as part of a sentence.
func inSentence(place string) string { return strings.ToLower(place[:1]) + place[1:] }

// changed names the places in which two showings differ: of the second, or, of
// what is only in the first, that something is gone.
func changed(was, now Shown) []string {
	places := now.Without(was)
	for i, p := range places {
		places[i] = inSentence(p)
	}
	if len(places) == 0 || len(was.Without(now)) > len(places) {
		places = append(places, "a passage taken out or moved")
	}
	return places
}

// Reworded are the words shown with the changes of a party: for every passage
// its new wording, in order; an empty one takes the passage out, and an empty line
// divides a paragraph of the body. A reply of any other state has none.
//
// It fails with Invalid if there is not one for each, or nothing differs.
func (s Shown) Reworded(state ReplyState, wording []string) (Shown, error) {
	if state != GrantedWithChanges {
		return Shown{}, nil
	}
	if len(wording) != len(s.Passages) {
		return Shown{}, fault.Field("wording", "Enter the wording of every passage that was shown.")
	}
	out := Shown{Lang: s.Lang, Whole: s.Whole}
	for i, text := range wording {
		if err := CheckText("wording", text); err != nil {
			return Shown{}, err
		}
		parts := []string{text}
		if strings.HasPrefix(s.Passages[i].Place, "Paragraph ") {
			parts = strings.Split(passage(text), "\n\n")
		}
		for _, part := range parts {
			if part = passage(part); part != "" {
				out.Passages = append(out.Passages, Passage{s.Passages[i].Place, part, s.Passages[i].Lang})
			}
		}
	}
	if out.Same(s) {
		return Shown{}, fault.Field("wording", "Nothing differs from what was shown. Record it as granted, or enter the changes.")
	}
	return out, nil
}

// Normal returns the reply in the form in which it is stored.
func (r Reply) Normal() Reply {
	r.Lang, r.Said = line(r.Lang), passage(r.Said)
	r.Evidence.Name, r.Evidence.Type = line(r.Evidence.Name), line(r.Evidence.Type)
	return r
}

// Check holds a reply in its normal form to the rules. asked is the day of the
// asking, today the day it is recorded.
func (r Reply) Check(asked, today Date) error {
	var f found
	if !slices.Contains(ReplyStates, r.State) {
		f.say("answer", "Choose what was answered.")
	}
	if r.On.Precision() != Day || r.On < asked || r.On > today {
		f.say("on", "Enter the day of the answer: not before the party was asked, and not to come.")
	}
	if !slices.Contains(Channels, r.Channel) {
		f.say("channel", "Choose how the answer came.")
	}
	f.add(CheckLanguage("lang", r.Lang))
	f.add(CheckText("said", r.Said))
	f.line("file", r.Evidence.Name)
	f.line("file", r.Evidence.Type)
	if len(r.Evidence.Content) > MaxEvidence {
		f.say("file", "A file of evidence has at most 8 MiB.")
	}
	if r.Said == "" && len(r.Evidence.Content) == 0 {
		f.say("said", "Enter what was said, or attach what shows it.")
	}
	return f.err()
}

// Same reports whether both say the same with the same evidence.
func (r Reply) Same(o Reply) bool { return reflect.DeepEqual(r, o) }
