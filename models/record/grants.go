package record

import (
	"slices"
	"time"
)

// A GrantEntry is a grant as the record keeps it: whose it is, why, until when,
// and where it stands. Only one that holds becomes a Grant of an actor.
type GrantEntry struct {
	ID        string
	AccountID string
	Email     string // of the account: names it where AccountID is ""
	Name      string // of the account, as read
	Outside   bool   // the account is of somebody who is not of the house, as read
	Grant
	Reason string
	Until  Date // the last day it holds, in UTC, to the day; "" for no end
	State  GrantState

	ProposedBy Signatory // the zero one if nobody proposed it
	ProposedAt int64     // microseconds since 1970 UTC
	GivenBy    Signatory // ID "operator" for the command line
	GivenAt    int64     // microseconds; 0 also for those of before grants had a history
	EndedBy    Signatory // who refused or revoked it
	EndedAt    int64
	EndedWhy   string
}

// GrantState is where a grant stands. Its zero value opens nothing.
type GrantState string

const (
	GrantProposed GrantState = "proposed"
	GrantGiven    GrantState = "given"
	GrantRefused  GrantState = "refused"
	GrantRevoked  GrantState = "revoked"
)

// Holds reports whether the grant opens what its role opens at that instant.
func (g GrantEntry) Holds(at time.Time) bool {
	return g.State == GrantGiven && (g.Until == "" || g.Until.Precision() == Day && string(g.Until) >= at.UTC().Format(time.DateOnly))
}

// Lapsed reports whether the grant was given and has come to its end.
func (g GrantEntry) Lapsed(at time.Time) bool { return g.State == GrantGiven && !g.Holds(at) }

// Normal brings what a person entered into its stored form.
func (g GrantEntry) Normal() GrantEntry {
	g.Email, g.Reason = Account{Email: g.Email}.Normal().Email, line(g.Reason)
	g.Until = Date(line(string(g.Until)))
	return g
}

// Check holds a grant that a person proposes or gives to its rules at that
// instant. outside says that the account is of somebody who is not of the
// house: for them an end is needed.
func (g GrantEntry) Check(outside bool, at time.Time) error {
	var f found
	if !slices.Contains(RoleNames, g.Role) {
		f.say("role", "Choose one of the roles.")
	}
	if g.Role == Administrator && g.SeriesID != AllSeries {
		f.say("role", "An administrator is one for the whole house. Give this role for all series.")
	}
	f.name("reason", g.Reason, "Say why they need it.")
	switch {
	case g.Until == "" && outside:
		f.say("until", "Somebody who is not of the house needs an end. Enter the last day.")
	case g.Until == "":
	case g.Until.Precision() != Day:
		f.say("until", "Enter the last day as 2026-06-30.")
	case string(g.Until) < at.UTC().Format(time.DateOnly):
		f.say("until", "This day is over. Enter today or a later day.")
	}
	return f.err()
}
