package record

import (
	"slices"
	"time"
)

// A Retention says when the notes of a series' rounds are due to be destroyed.
// Its zero value is that nobody decided yet: nothing is due, and the list says
// so.
type Retention struct {
	SeriesID string
	Rule     RetentionRule
	Days     int
}

// RetentionRule is from when the days count.
type RetentionRule string

const (
	RetentionUndecided RetentionRule = ""
	AfterRound         RetentionRule = "days"    // after the round's last day
	AfterRelease       RetentionRule = "release" // after the last release about the round
	KeepForever        RetentionRule = "never"
)

// RetentionRules lists the rules in the order in which a form offers them.
var RetentionRules = []RetentionRule{RetentionUndecided, AfterRound, AfterRelease, KeepForever}

// Normal returns the rule in the form in which it is stored.
func (r Retention) Normal() Retention {
	if r.Rule != AfterRound && r.Rule != AfterRelease {
		r.Days = 0
	}
	return r
}

// Check returns what is wrong with the rule.
func (r Retention) Check() error {
	var f found
	if !slices.Contains(RetentionRules, r.Rule) {
		f.say("rule", "Choose when notes are destroyed.")
	}
	if r.Days < 0 || r.Days > 36_500 {
		f.say("days", "Enter a number of days, at most 36500.")
	}
	return f.err()
}

// Due is the day on which the notes of a round are due, "" for none yet. closes
// is the round's last day, released the instant of the last release about it,
// in microseconds since 1970 UTC, 0 for none.
func (r Retention) Due(closes Date, released int64) Date {
	switch {
	case r.Rule == AfterRound && closes.Precision() == Day:
		day, err := time.Parse(time.DateOnly, string(closes))
		if err != nil {
			return ""
		}
		return Date(day.AddDate(0, 0, r.Days).Format(time.DateOnly))
	case r.Rule == AfterRelease && released > 0:
		return Date(time.UnixMicro(released).UTC().AddDate(0, 0, r.Days).Format(time.DateOnly))
	}
	return ""
}

// A Hold keeps the notes of a round from being destroyed.
type Hold struct {
	ID       string
	RoundID  string
	Reason   string
	Until    Date // the last day, in UTC, to the day; "" for until it is ended
	SetBy    Signatory
	SetAt    int64 // microseconds since 1970 UTC
	EndedBy  Signatory
	EndedAt  int64 // 0 while nobody ended it
	EndedWhy string
}

// Holds reports whether the hold keeps anything at that instant.
func (h Hold) Holds(at time.Time) bool {
	return h.EndedAt == 0 && (h.Until == "" || string(h.Until) >= at.UTC().Format(time.DateOnly))
}

// Normal returns the hold in the form in which it is stored.
func (h Hold) Normal() Hold {
	h.Reason, h.EndedWhy, h.Until = line(h.Reason), line(h.EndedWhy), Date(line(string(h.Until)))
	return h
}

// Check holds a new hold to its rules at that instant.
func (h Hold) Check(at time.Time) error {
	var f found
	f.name("reason", h.Reason, "Say why the notes must be kept.")
	if h.Until != "" && (h.Until.Precision() != Day || string(h.Until) < at.UTC().Format(time.DateOnly)) {
		f.say("until", "Enter the last day as 2026-06-30, today or later, or none.")
	}
	return f.err()
}

// DestructionState is where a destruction stands.
type DestructionState string

const (
	DestructionProposed  DestructionState = "proposed"
	DestructionRefused   DestructionState = "refused"
	DestructionConfirmed DestructionState = "confirmed" // by a second person; being carried out
	DestructionDone      DestructionState = "done"
)

// A Destruction is that the notes of a round are to be destroyed, or are. One
// person proposes it and another confirms it.
type Destruction struct {
	ID          string
	RoundID     string
	State       DestructionState
	Reason      string
	ProposedBy  Signatory
	ProposedAt  int64 // microseconds since 1970 UTC
	AnsweredBy  Signatory
	AnsweredAt  int64
	Certificate string // signed JSON; "" before it is done
}

// A Certificate says what was destroyed, without its content, and which copies
// of its keys are still to be destroyed.
type Certificate struct {
	Format      string    `json:"format"` // track15.destruction/1
	Reference   string    `json:"reference"`
	Series      string    `json:"series"`
	ProposedBy  string    `json:"proposed_by"`
	ProposedAt  time.Time `json:"proposed_at"`
	ConfirmedBy string    `json:"confirmed_by"`
	ConfirmedAt time.Time `json:"confirmed_at"`
	DestroyedAt time.Time `json:"destroyed_at"`
	Reason      string    `json:"reason"`
	Notes       int       `json:"interventions"`       // lines of notes, with those removed before
	Sessions    int       `json:"sessions"`            // of which there were notes
	Drafts      int       `json:"unreleased_versions"` // of texts, that were not released
	Lost        int       `json:"lost_versions"`       // of texts, that were released but could not be read any more
	Clearances  int       `json:"clearances"`          // parties asked about words of texts, with what they answered
	Decisions   int       `json:"clearance_decisions"` // on whether a party needs to be asked, with their reasons
	Comments    int       `json:"comments"`            // on drafts, with the words they suggested
	Bases       int       `json:"bases"`               // observations that said which lines they rest on
	Keysets     []string  `json:"keysets"`             // ids of those destroyed
	Wrapping    string    `json:"key_encryption_key"`  // name of the new one
	Copies      []KeyCopy `json:"copies_to_destroy"`   // registered copies that hold one of the keysets
}

// A KeyCopy is a registered copy of keys that lies elsewhere.
type KeyCopy struct {
	ID     string    `json:"id"`
	MadeAt time.Time `json:"made_at"`
	Place  string    `json:"place"`
}

// A SignedCertificate is a certificate with the house's signature over its
// bytes, Ed25519, and the public key to check it with, both in base 64.
type SignedCertificate struct {
	Certificate []byte `json:"certificate"` // JSON of a Certificate
	Signature   []byte `json:"signature"`
	PublicKey   []byte `json:"public_key"`
}
