package record_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/record"
)

var (
	kasmere = record.Candidate{Party: record.Party{Kind: record.PartySide, ID: "k"}, Name: "Side Kasmere"}
	centre  = record.Candidate{Party: record.Party{Kind: record.PartyBody, ID: "c"}, Name: "Response Centre", Names: []string{"Response Centre", "应急中心"}}
	morn    = record.Candidate{Party: record.Party{Kind: record.PartyPerson, ID: "m"}, Name: "Teija Morn", Names: []string{"Teija Morn"}}
	fund    = record.Candidate{Party: record.Party{Kind: record.PartyFunder, ID: "f"}, Name: "Quiet Fund", Names: []string{"Quiet Fund"}, Thanks: "with the help of friends"}
)

func card() record.Draft {
	return record.Draft{
		Number: 3, Title: "A card", Lang: "en", Body: "It was said that a card helps.\n\nTeija Morn, of the Response Centre, proposed one.",
		Observations: []record.Observation{{ID: "o", Heading: "Cards", Text: "A card is no procedure."}},
	}
}

func book(kind record.OutputKind, d record.Draft, asked ...record.Asking) record.LedgerBook {
	return record.LedgerBook{
		Kind: kind, Draft: d, Today: "2026-04-20", Askings: asked,
		Candidates: []record.Candidate{fund, morn, centre, kasmere},
	}
}

func lineOf(t *testing.T, b record.LedgerBook, c record.Candidate) record.LedgerLine {
	t.Helper()
	for _, l := range b.Ledger() {
		if l.Party == c.Party {
			return l
		}
	}
	t.Fatalf("%s is not in the ledger", c.Name)
	return record.LedgerLine{}
}

func TestWhoIsAskedFollowsFromKindRulesAndWords(t *testing.T) {
	free := record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectUnattributed: record.Free, record.AspectByPerson: record.Free}}
	for name, tt := range map[string]struct {
		kind  record.OutputKind
		rules record.GroundRules
		want  string
	}{
		"nothing is allowed":    {record.Summary, record.GroundRules{}, "side: body: person:"},
		"content may be used":   {record.Summary, free, "side:sight body:"},
		"a joint statement":     {record.JointStatement, free, "side: body:"},
		"a chair's report":      {record.ChairsReport, free, "side:sight body:"},
		"a participant's piece": {record.ParticipantPiece, record.GroundRules{}, "body: person:"},
		"kind nobody knows of":  {"", record.GroundRules{}, "side: body: person:"},
	} {
		t.Run(name, func(t *testing.T) {
			b := book(tt.kind, card())
			b.Rules = tt.rules
			var got []string
			for _, l := range b.Ledger() {
				got = append(got, string(l.Party.Kind)+":"+string(l.Need))
				if l.Met() {
					t.Errorf("%s is met and nobody was asked", l.Name)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
		})
	}
	b := book(record.Summary, card())
	if b.Public = true; len(b.Ledger()) != 0 {
		t.Error("somebody is asked about what is public already")
	}
	d := card()
	d.Body += "\n\nIt met With the Help of Friends."
	if l := lineOf(t, book(record.Summary, d), fund); l.Need != record.NeedConsent || len(l.Now.Passages) != 1 || !strings.Contains(l.Now.Passages[0].Text, "Friends") {
		t.Errorf("the funder is shown %+v", l.Now)
	}
	if l := lineOf(t, book(record.Summary, card()), morn); len(l.Now.Passages) != 1 || l.Now.Passages[0].Place != "Paragraph 2" {
		t.Errorf("a person is shown %+v", l.Now)
	}
}

func TestNamesAreFoundAsWords(t *testing.T) {
	for text, want := range map[string]bool{
		"Said TEIJA  MORN at last": true, "Téija Morn’s card": true, "Teija Morning": false, "ATeija Morn": false, "": false,
		"国家应急中心提议": true, "应急 中心": false,
	} {
		if got := record.Mentions(text, append(slices.Clone(morn.Names), centre.Names...)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if record.Mentions("a b c", []string{"b", ""}) {
		t.Error("a name of one letter was found")
	}
}

// asked is an asking about the draft as it is.
func asked(c record.Candidate, d record.Draft, r record.Reply) record.Asking {
	l := record.LedgerLine{}
	for _, l = range book(record.JointStatement, d).Ledger() {
		if l.Party == c.Party {
			break
		}
	}
	return record.Asking{ID: "a", Party: c.Party, Draft: d.Number, Shown: l.Now, On: "2026-04-07", Due: "2026-04-21", AskedAt: 1, Reply: r}
}

func TestAConsentHoldsForTheWordsItWasGivenTo(t *testing.T) {
	yes := record.Reply{State: record.Granted, On: "2026-04-14"}
	elsewhere, here := card(), card()
	elsewhere.Title, elsewhere.Body = "Two cards", "New first words.\n\n"+elsewhere.Body
	here.Body = strings.Replace(here.Body, "proposed one", "proposed two", 1)

	a := asked(morn, card(), yes)
	if l := lineOf(t, book(record.Summary, elsewhere, a), morn); l.Stand != record.Stands || !l.Met() {
		t.Errorf("an edit elsewhere: %s %s", l.Stand, l.Because)
	}
	if l := lineOf(t, book(record.Summary, here, a), morn); l.Stand != record.Void || l.Met() || !strings.Contains(l.Because, "paragraph 2") {
		t.Errorf("an edit of its words: %s %s", l.Stand, l.Because)
	}
	if l := lineOf(t, book(record.Summary, elsewhere, asked(kasmere, card(), yes)), kasmere); l.Stand != record.Void || !strings.Contains(l.Because, "title") {
		t.Errorf("a side was shown all of it: %s %s", l.Stand, l.Because)
	}

	// With changes: consent to the resulting words.
	wording := a.Shown
	wording.Passages = []record.Passage{{Text: "Teija Morn, of the Response Centre, proposed two."}}
	changed := asked(morn, card(), record.Reply{State: record.GrantedWithChanges, Wording: wording})
	if l := lineOf(t, book(record.Summary, card(), changed), morn); l.Met() || l.Stand != record.Void {
		t.Errorf("its changes are not in the text: %s %s", l.Stand, l.Because)
	}
	if l := lineOf(t, book(record.Summary, here, changed), morn); !l.Met() {
		t.Errorf("its changes are in the text: %s %s", l.Stand, l.Because)
	}

	// An older consent holds again when the edit is taken back.
	second := asked(morn, here, record.Reply{State: record.NotGranted})
	second.ID, second.AskedAt = "b", 2
	if l := lineOf(t, book(record.Summary, here, a, second), morn); l.Stand != record.Refusal || l.Met() {
		t.Errorf("refused: %s", l.Stand)
	}
	if l := lineOf(t, book(record.Summary, card(), a, second), morn); !l.Met() {
		t.Errorf("the words are the old ones again: %s %s", l.Stand, l.Because)
	}
	for _, state := range []record.ReplyState{record.NoReply, record.NotGranted, record.Lapsed, record.Revoked, "something"} {
		if l := lineOf(t, book(record.Summary, card(), asked(morn, card(), record.Reply{State: state})), morn); l.Met() {
			t.Errorf("%q is a yes", state)
		}
	}
}

func TestSilenceIsAYesOnlyWhereThatWasAgreed(t *testing.T) {
	for name, tt := range map[string]struct {
		today   record.Date
		silence string
		met     bool
	}{
		"agreed, the day after": {"2026-04-22", "Agreed on 25 March", true},
		"agreed, on the day":    {"2026-04-21", "Agreed on 25 March", false},
		"not agreed":            {"2026-05-22", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			a := asked(kasmere, card(), record.Reply{})
			a.Silence = tt.silence
			b := book(record.JointStatement, card(), a)
			b.Today = tt.today
			if l := lineOf(t, b, kasmere); l.Met() != tt.met {
				t.Errorf("%s: %s", l.Stand, l.Because)
			}
			edited := card()
			edited.Title = "Another card"
			if b.Draft = edited; lineOf(t, b, kasmere).Met() {
				t.Error("silence about other words is a yes")
			}
		})
	}
}

func TestAPersonChangesTheListWithAReason(t *testing.T) {
	b := book(record.ParticipantPiece, card())
	b.Changes = []record.NeedChange{{Party: kasmere.Party, Need: record.NeedConsent, Reason: "We promised it."}, {Party: morn.Party, Need: record.NeedNothing, Reason: "She wrote it."}}
	if l := lineOf(t, b, kasmere); l.Need != record.NeedConsent || !l.Now.Whole || l.Met() || l.Change.Reason != "We promised it." {
		t.Errorf("%+v", l)
	}
	if l := lineOf(t, b, morn); !l.Met() || l.Stand != record.NotWanted {
		t.Errorf("%+v", l)
	}
}

// Whatever is edited: a consent is met exactly if the party would be shown the
// words it cleared.
func TestNoOtherWordsAreEverCleared(t *testing.T) {
	words := rapid.SampledFrom([]string{"Teija Morn spoke.", "A card helps.", "The Response Centre listened.", "Nothing was agreed.", ""})
	rapid.Check(t, func(t *rapid.T) {
		draft := func(name string) record.Draft {
			parts := rapid.SliceOfN(words, 0, 4).Draw(t, name)
			return record.Draft{Title: "T", Lang: "en", Body: strings.Join(parts, "\n\n"), Observations: []record.Observation{{Text: words.Draw(t, name+" observation")}}}
		}
		before, after := draft("before"), draft("after")
		for _, c := range []record.Candidate{kasmere, centre, morn} {
			var a record.Asking
			for _, l := range book(record.JointStatement, before).Ledger() {
				if l.Party == c.Party {
					a = record.Asking{ID: "a", Party: c.Party, Shown: l.Now, Reply: record.Reply{State: record.Granted}}
				}
			}
			if a.ID == "" {
				continue
			}
			for _, l := range book(record.JointStatement, after, a).Ledger() {
				if l.Party == c.Party && l.Need == record.NeedConsent && l.Met() != a.Shown.Same(l.Now) {
					t.Fatalf("%s: met %v of %+v, cleared %+v", c.Name, l.Met(), l.Now, a.Shown)
				}
			}
		}
	})
}

// Whatever becomes public of a text is shown, and how its marks break a name does
// not hide it.
func TestNothingPublicIsUnseen(t *testing.T) {
	d := card()
	d.Observations[0].Account = "Teija Morn"
	d.Observations[0].Text = "One view held so."
	d.Body = "Nothing."
	if l := lineOf(t, book(record.ParticipantPiece, d), morn); l.Need != record.NeedConsent || len(l.Now.Passages) != 1 || l.Now.Passages[0].Place != "Observation 1" {
		t.Errorf("an account by her: %+v", l)
	}
	for _, text := range []string{
		"Teija **Morn** spoke", "Teija&nbsp;Morn", "Teija\\ Morn", "Teija Mo<!-- -->rn", "Tei\u00adja\nMorn", "[Teija](https://example.org/a) Morn", "_Teija_ <b>Morn</b>", "Teija\u00a0Morn", "Tei\u200bja Morn",
	} {
		if !record.Mentions(text, morn.Names) {
			t.Errorf("%q names her", text)
		}
	}
	if !record.Abbreviates("the **MFA** said", []string{"MFA"}) || record.Abbreviates("a mfa, an MFAX", []string{"MFA"}) {
		t.Error("an acronym is found otherwise than in capitals, or not")
	}
}

// Of two answers about the same words the later one holds, a revocation takes
// earlier consents along, and who answered stays in the ledger when their entry
// goes.
func TestALaterNoHolds(t *testing.T) {
	yes := asked(morn, card(), record.Reply{State: record.Granted})
	yes.Recorded = 2
	wording := yes.Shown
	wording.Passages = []record.Passage{{Text: "Teija Morn said nothing."}}
	again := asked(morn, card(), record.Reply{State: record.GrantedWithChanges, Wording: wording})
	again.ID, again.AskedAt = "b", 3
	if l := lineOf(t, book(record.Summary, card(), yes, again), morn); l.Met() {
		t.Errorf("asked again she wants other words: %s %s", l.Stand, l.Because)
	}
	edited := card()
	edited.Body = strings.Replace(edited.Body, "proposed one", "proposed two", 1)
	revoked := asked(morn, edited, record.Reply{State: record.Revoked})
	revoked.ID, revoked.AskedAt, revoked.Recorded = "c", 4, 5
	if l := lineOf(t, book(record.Summary, card(), yes, revoked), morn); l.Met() || l.Stand != record.Void {
		t.Errorf("she revoked: %s %s", l.Stand, l.Because)
	}
	no := asked(morn, card(), record.Reply{State: record.NotGranted})
	no.Name, no.Names = morn.Name, morn.Names
	b := book(record.ParticipantPiece, card(), no)
	b.Candidates = nil
	if l := lineOf(t, b, morn); l.Met() || l.Name != "Teija Morn" {
		t.Errorf("her entry is gone: %+v", l)
	}
}

// Of what others published only the house's own observations are asked about.
func TestOnlyOurWordsAboutTheirsAreAsked(t *testing.T) {
	b := book(record.JointStatement, card())
	b.External = true
	for _, l := range b.Ledger() {
		t.Errorf("%s is asked about the citation of an article", l.Name)
	}
	b.Draft.Observations[0].Text = "Teija Morn called for a card."
	if l := lineOf(t, b, morn); l.Met() || len(l.Now.Passages) != 1 {
		t.Errorf("%+v", l)
	}
}

// Whoever makes a clearance stand is named: who asked, where silence or sight is
// enough, who recorded, who took the need down.
func TestAClearanceRestsOnSomebody(t *testing.T) {
	sight := record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectUnattributed: record.Free}}
	for name, tt := range map[string]struct {
		kind   record.OutputKind
		asking record.Asking
		change []record.NeedChange
		want   string
	}{
		"recorded":  {record.JointStatement, record.Asking{AskedBy: "asker", RecordedBy: "recorder", Reply: record.Reply{State: record.Granted}}, nil, "recorder"},
		"silence":   {record.JointStatement, record.Asking{AskedBy: "asker", Due: "2026-04-01", Silence: "agreed"}, nil, "asker"},
		"sight":     {record.Summary, record.Asking{AskedBy: "asker"}, nil, "asker"},
		"lowered":   {record.JointStatement, record.Asking{AskedBy: "asker"}, []record.NeedChange{{Party: kasmere.Party, Need: record.NeedSight, ByID: "changer"}}, "changer asker"},
		"taken off": {record.JointStatement, record.Asking{}, []record.NeedChange{{Party: kasmere.Party, Need: record.NeedNothing, ByID: "changer"}}, "changer"},
		"raised":    {record.ParticipantPiece, record.Asking{AskedBy: "asker", RecordedBy: "recorder", Reply: record.Reply{State: record.Granted}}, []record.NeedChange{{Party: kasmere.Party, Need: record.NeedConsent, ByID: "changer"}}, "recorder"},
		"not met":   {record.JointStatement, record.Asking{AskedBy: "asker"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := tt.asking
			a.ID, a.Party, a.Shown = "a", kasmere.Party, card().Whole()
			b := book(tt.kind, card(), a)
			b.Rules, b.Changes = sight, tt.change
			if got := strings.Join(lineOf(t, b, kasmere).RestsOn(), " "); got != tt.want {
				t.Errorf("rests on %q, want %q", got, tt.want)
			}
		})
	}
}
