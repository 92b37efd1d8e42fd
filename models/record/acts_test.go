package record

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The table of rights as the secretariat agreed on it, written down a second
// time: a cell that changes must be changed twice. Columns in the order of
// RoleNames: coordinator, rapporteur, editor, director, desk officer, records
// officer, auditor, administrator.
var agreed = map[Act]string{
	ReadDirectory:  "C--DOR--",
	EditDirectory:  "C--D----",
	ReadSeries:     "CPEDORA-",
	EditSeries:     "C--D----",
	ReadRound:      "C--DO---",
	ReadDisclosed:  "C-EDO---",
	ReadDates:      "C-EDOR--",
	EditRound:      "C--D----",
	ReadTrue:       "C--D----",
	EditTrue:       "C-------",
	ReadDraft:      "C-ED----",
	EditDraft:      "C-ED----",
	Suggest:        "C-ED----",
	SettleComment:  "C-ED----",
	Decline:        "C-ED----",
	Compare:        "C--D----",
	Reveal:         "C--D----",
	Settle:         "C--D----",
	ReadRelease:    "C-ED----",
	ReadClearance:  "C--D----",
	EditClearance:  "C--D----",
	TakeOver:       "C--D----",
	PrepareRelease: "C-ED----",
	Sign:           "C-ED----",
	Countersign:    "C--D----",
	AskSecond:      "C-ED----",
	ReturnRelease:  "C--D----",
	EnterSignature: "C--D----",
	HoldRelease:    "C-ED----",
	LiftHold:       "C--D----",
	NoteEvent:      "C--D----",
	BringForward:   "C-ED----",
	Suspend:        "C--D----",
	ReadCopies:     "C--D----",
	ChaseCopies:    "C--D----",
	ReadRequests:   "C--D----",
	LogRequest:     "C--D----",
	AnswerRequest:  "C--D----",
	ManageAccounts: "-------M",
	ReadAccounts:   "-------M",
	ReadAudit:      "C--D--A-",
	ReadHouseAudit: "------A-",
	ReadGrants:     "C--D---M",
	ProposeGrant:   "C-------",
	GiveGrant:      "---D----",
	RevokeGrant:    "---D---M",
	Export:         "C--DO---",
	MakePaper:      "C--DO---",
	MakeAnswer:     "C--DO---",
	AnswerOwn:      "C--D----",
	ReadAnswers:    "C--DO---",
	ImportRecord:   "C-------",
	ExportRecord:   "C-------",
	ReadNotes:      "C--D----",
	ReadSitting:    "CP-D----",
	KnowSitting:    "CP-D----",
	TakeNotes:      "CP------",
	AssignNotes:    "C--D----",
	ReadRetention:  "C--D-R--",
	SetRetention:   "---D----",
	HoldNotes:      "C--D-R--",
	EndHold:        "---D----",
	Propose:        "C----R--",
	Confirm:        "---D----",
	Refuse:         "C--D-R--",
	Confirmed:      "--------",
	KeepReleased:   "--------",
	Destroy:        "--------",
	ReadKeys:       "--------",
	ManageKeys:     "--------",
	ImportHistoric: "--------",
	Deliver:        "--------",
	KeepTime:       "--------",
	OpenLink:       "--------",
	AnswerLink:     "--------",
	SignInRefused:  "--------",
	ReadReleaseLog: "--------",
	SignIn:         "CPEDORAM", // as oneself, whatever the role
	SignOut:        "CPEDORAM",
	ReadSelf:       "CPEDORAM",
	EditSelf:       "CPEDORAM",
}

func TestEveryCellOfTheTable(t *testing.T) {
	for act := range Rights {
		if _, ok := agreed[act]; !ok {
			t.Errorf("%s: not agreed on", act)
		}
	}
	for act, row := range agreed {
		for i, role := range RoleNames {
			want := row[i] != '-'
			a := Actor{ID: "somebody", Grants: []Grant{{role, "mine"}}}
			if got := a.May(act, "mine"); got != want {
				t.Errorf("%s, %s: %v", act, role, got)
			}
			if got := a.MayAnywhere(act); got != want {
				t.Errorf("%s, %s anywhere: %v", act, role, got)
			}
			self := slices.Contains([]Act{SignIn, SignOut, ReadSelf, EditSelf}, act)
			for _, foreign := range []string{"theirs", AllSeries} {
				if got := a.May(act, foreign); got != self {
					t.Errorf("%s, %s in %s: %v", act, role, foreign, got)
				}
			}
			everywhere := Actor{ID: "somebody", Grants: []Grant{{role, AllSeries}}}
			for _, series := range []string{"mine", "theirs", AllSeries, ""} {
				if got := everywhere.May(act, series); got != want {
					t.Errorf("%s, %s of all series in %q: %v", act, role, series, got)
				}
			}
		}
	}
}

// Who may do more to a thing may also read it: an edit returns what is stored,
// and a refusal says that the thing is there.
func TestWhoEditsReads(t *testing.T) {
	for _, pair := range [][2]Act{
		{EditDirectory, ReadDirectory},
		{EditSeries, ReadSeries},
		{EditRound, ReadRound},
		{EditRound, ReadTrue},
		{EditRound, ReadDirectory},
		{EditTrue, EditRound},
		{ReadTrue, ReadRound},
		{ReadRound, ReadDisclosed},
		{ReadDisclosed, ReadDates},
		{ReadDates, ReadSeries},
		{EditDraft, ReadDraft},
		{Suggest, ReadDraft},
		{SettleComment, ReadDraft},
		{Decline, ReadDraft},
		{ReadDraft, ReadDisclosed},
		{PrepareRelease, ReadRelease},
		{Sign, ReadRelease},
		{Countersign, Sign},
		{Suspend, ReadRelease},
		{Export, ReadRound},
		{MakePaper, ReadRound},
		{MakeAnswer, ReadAnswers},
		{AnswerOwn, MakeAnswer},
		{AnswerOwn, ReadTrue},
		{AnswerOwn, ReadDirectory},
		{ReadAnswers, ReadRound},
		{GiveGrant, ReadGrants},
		{ProposeGrant, ReadGrants},
		{RevokeGrant, ReadGrants},
		{ImportRecord, EditTrue},
		{ExportRecord, ReadTrue},
	} {
		for _, role := range Rights[pair[0]] {
			if !slices.Contains(Rights[pair[1]], role) {
				t.Errorf("%s: %s without %s", role, pair[0], pair[1])
			}
		}
	}
}

// An administrator reads nothing of the record and releases nothing.
func TestAdministratorOnlyManagesAccounts(t *testing.T) {
	accounts := []Act{ManageAccounts, ReadAccounts, ReadGrants, RevokeGrant}
	for act, roles := range Rights {
		if slices.Contains(roles, Administrator) && !slices.Contains(accounts, act) {
			t.Errorf("an administrator may %s", act)
		}
	}
}

func TestNobodyMayNothing(t *testing.T) {
	all := []Grant{}
	for _, role := range RoleNames {
		all = append(all, Grant{role, AllSeries})
	}
	disabled := Account{ID: "somebody", Name: "N", Disabled: true, Grants: all}
	for name, a := range map[string]Actor{
		"zero":                   {},
		"grants without a name":  {Grants: all},
		"disabled account":       disabled.Actor(),
		"unknown role":           {ID: "somebody", Grants: []Grant{{"king", AllSeries}, {"", AllSeries}}},
		"a grant in no series":   {ID: "", Grants: []Grant{{Coordinator, ""}}},
		"an id like the command": {ID: "", Name: "operator"},
	} {
		for act := range agreed {
			self := slices.Contains([]Act{SignIn, SignOut, ReadSelf, EditSelf}, act)
			for _, series := range []string{"", "mine", AllSeries} {
				if got := a.May(act, series); got != (self && a.ID != "") {
					t.Errorf("%s may %s in %q: %v", name, act, series, got)
				}
			}
			if all, ids := a.SeriesFor(act); all != (self && a.ID != "") || len(ids) > 0 {
				t.Errorf("%s may %s in %v %q", name, act, all, ids)
			}
		}
		if a.IsOperator() || a.ID == "" && a.IsPerson() {
			t.Errorf("%s is somebody", name)
		}
	}
	for _, a := range []Actor{{}, Operator("root"), Worker(), {ID: "somebody", Grants: all}} {
		for _, act := range []Act{"", "read everything"} {
			if a.kind != operator && a.May(act, "") {
				t.Errorf("%q may do an act that is none", a.ID)
			}
		}
	}
}

// The command line reads and edits everything, and no command signs; the worker
// delivers, compares drafts and notes refused passwords, nothing else. An account that calls itself like one of them
// is an account.
func TestOperatorAndWorker(t *testing.T) {
	never := []Act{Sign, Countersign, AskSecond, ReturnRelease, EnterSignature, LiftHold, NoteEvent, BringForward, Suspend, Deliver, KeepTime, OpenLink, AnswerLink, SignIn, SignInRefused, SignOut, ReadSelf, EditSelf, Confirm, KeepReleased, Destroy}
	for act := range agreed {
		for _, series := range []string{"", "mine", AllSeries} {
			if got := Operator("root").May(act, series); got != !slices.Contains(never, act) {
				t.Errorf("operator, %s in %q: %v", act, series, got)
			}
			if got := Worker().May(act, series); got != slices.Contains([]Act{Deliver, KeepTime, ReadReleaseLog, SignInRefused, Compare, Confirmed, KeepReleased, Destroy}, act) {
				t.Errorf("worker, %s in %q: %v", act, series, got)
			}
			for _, id := range []string{"operator", "worker"} {
				a := Actor{ID: id, Name: id}
				if self := slices.Contains([]Act{SignIn, SignOut, ReadSelf, EditSelf}, act); a.May(act, series) != self {
					t.Errorf("somebody who calls themselves %s may %s", id, act)
				}
			}
		}
	}
	if !Operator("root").IsOperator() || Operator("root").IsPerson() || Worker().IsPerson() || Worker().IsOperator() {
		t.Error("operator and worker are taken for one another, or for a person")
	}
}

// SeriesFor and May are one table: what a list shows is what may be opened.
func TestSeriesForIsMay(t *testing.T) {
	series := []string{"a", "b", "c", AllSeries}
	rapid.Check(t, func(t *rapid.T) {
		var grants []Grant
		for range rapid.IntRange(0, 5).Draw(t, "grants") {
			grants = append(grants, Grant{rapid.SampledFrom(RoleNames).Draw(t, "role"), rapid.SampledFrom(series).Draw(t, "series")})
		}
		a := Actor{ID: "somebody", Grants: grants}
		for act := range agreed {
			all, ids := a.SeriesFor(act)
			for _, s := range []string{"a", "b", "c", "d"} {
				if listed := all || slices.Contains(ids, s); listed != a.May(act, s) && !slices.Contains([]Act{SignIn, SignOut, ReadSelf, EditSelf}, act) {
					t.Fatalf("%s in %s: listed %v, may %v; grants %v", act, s, listed, a.May(act, s), grants)
				}
			}
			if slices.Contains(ids, AllSeries) || len(ids) != len(slices.Compact(slices.Sorted(slices.Values(ids)))) {
				t.Fatal(fmt.Sprint("listed twice, or all as one: ", ids))
			}
		}
	})
}
