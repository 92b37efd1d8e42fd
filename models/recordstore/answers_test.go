package recordstore_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// told is what an answer tells, without the versions of what it is taken from.
func (w *world) told(actor record.Actor, a record.Answer) (string, error) {
	w.t.Helper()
	a.SeriesID = w.lake.ID
	a, all, err := w.store.Answered(w.t.Context(), actor, a)
	for i := range all {
		all[i].Version, all[i].Round.Version = 0, 0
	}
	return a.Recipient + ": " + mustJSON(w.t, all), err
}

// Who came behind another badge is told to the true body by those who may read
// it, and to nobody else: every other answer is the same with a true affiliation
// and without.
func TestOnlyTheBodyItselfIsToldOfItsOwn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		body := func(o record.Organisation) record.Organisation {
			o.Kind = record.SecurityService
			return must(w.store.AddOrganisation(ctx, operator, o))(t)
		}
		above := body(record.Organisation{Name: "Ministry above"})
		service := must(w.store.Organisation(ctx, operator, w.service.ID))(t)
		before := body(record.Organisation{Name: "Service of old"})
		service.ParentID, service.Acronym, service.Predecessors = above.ID, "QS", []record.Succession{{OrganisationID: before.ID}}
		service = must(w.store.EditOrganisation(ctx, operator, service))(t)
		after := body(record.Organisation{Name: "Service to come", Predecessors: []record.Succession{{OrganisationID: service.ID}}})
		below := body(record.Organisation{Name: "Bureau below", ParentID: service.ID})

		round := must(w.store.LogRound(ctx, coordinator, record.Round{SeriesID: w.lake.ID, State: record.Held, Opens: "2020"}))(t)
		open := record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.Free}}
		if err := w.store.EditRules(ctx, coordinator, round.ID, round.Version, open); err != nil {
			t.Fatal(err)
		}
		enter := func(roundID, family string, badge string, truth *record.Presence) record.Participation {
			return must(w.store.Enter(ctx, coordinator, roundID, []recordstore.Entrant{{
				Participation: record.Participation{State: record.Attended}, Person: record.Person{Family: family},
				Badge: record.Presence{OrganisationID: badge}, True: truth,
			}}))(t)[0]
		}
		orrin := enter(round.ID, "Orrin", w.institute.ID, nil)
		enter(round.ID, "Openly", service.ID, nil)
		enter(round.ID, "Formerly", before.ID, nil)
		enter(w.round.ID, "Hidden", service.ID, nil)

		type ask struct {
			who string
			a   record.Answer
		}
		var asks []ask
		for _, who := range []string{"coordinator", "director", "desk officer"} {
			for _, id := range []string{"", service.ID, w.institute.ID, above.ID, below.ID, before.ID, after.ID, w.navy.ID} {
				for _, hidden := range []bool{false, true} {
					asks = append(asks, ask{who, record.Answer{Recipient: "Quiet Service", OrganisationID: id, HiddenToo: hidden}})
					if id != "" && id != service.ID {
						asks = append(asks, ask{who, record.Answer{OrganisationID: id, Own: true, HiddenToo: hidden}})
					}
				}
			}
			for _, recipient := range []string{"Ministry above", "Bureau below", "Service of old", "Service to come", "Badge Institute", "QS", "quiet service", "Foundation"} {
				asks = append(asks, ask{who, record.Answer{OrganisationID: service.ID, Own: true, Recipient: recipient}})
			}
		}
		answer := func() (out []string) {
			for _, q := range asks {
				s, err := w.told(w.as(q.who), q.a)
				if err != nil {
					s = err.Error()
				}
				if q.a.Own && q.a.OrganisationID == service.ID && q.who != "desk officer" {
					wantKind(t, q.a.Recipient+" is not the body", err, fault.Invalid)
				}
				if q.a.Own && q.who == "desk officer" {
					wantForbidden(t, "desk officer tells of true affiliations", err)
				}
				out = append(out, s)
			}
			return out
		}
		without := answer()
		own := record.Answer{OrganisationID: service.ID, Own: true}
		if s, err := w.told(coordinator, own); err != nil || strings.Contains(s, orrin.ID) || !strings.HasPrefix(s, "Quiet Service: ") {
			t.Errorf("the body before: %v, %s", err, s)
		}

		orrin = must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: orrin, True: &record.Presence{OrganisationID: service.ID}}))(t)
		enter(w.round.ID, "Hidden too", w.institute.ID, &record.Presence{OrganisationID: service.ID})
		if orrin.TruePresenceID == "" {
			t.Fatal("there is no true affiliation")
		}
		for i, s := range answer() {
			if asks[i].a.HiddenToo && (asks[i].a.OrganisationID == "" || asks[i].a.OrganisationID == w.institute.ID) {
				continue // one more came to the hidden round, under the badge
			}
			if s != without[i] {
				t.Errorf("%s, %+v: a true affiliation shows\n%s\n%s", asks[i].who, asks[i].a, without[i], s)
			}
			if strings.Contains(s, orrin.TruePresenceID) {
				t.Errorf("%s, %+v: %s", asks[i].who, asks[i].a, s)
			}
		}
		for _, who := range []string{"coordinator", "director"} {
			_, all, err := w.store.Answered(ctx, w.as(who), record.Answer{SeriesID: w.lake.ID, OrganisationID: service.ID, Own: true})
			if err != nil || len(all) != 3 {
				t.Fatalf("%s tells the body of %d: %v", who, len(all), err)
			}
			behind := 0
			for _, p := range all {
				if p.ID == orrin.ID && p.True.OrganisationID == service.ID && p.Badge.OrganisationID == w.institute.ID {
					behind++
				} else if p.TruePresenceID != "" {
					t.Errorf("%s: another is behind a badge", who)
				}
			}
			if behind != 1 {
				t.Errorf("%s does not tell who came behind the badge", who)
			}
		}
		if _, all, err := w.store.Answered(ctx, coordinator, record.Answer{SeriesID: w.lake.ID, OrganisationID: service.ID, Own: true, HiddenToo: true}); err != nil || len(all) != 5 {
			t.Errorf("with hidden rounds: %d, %v", len(all), err)
		}
	})
}

// That a body was told about its own people is written down, and told to those
// who may tell it.
func TestAnAnswerToABodyIsLogged(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		own := record.Answer{ID: recordstore.NewID(), SeriesID: w.lake.ID, OrganisationID: w.service.ID, Own: true, Code: "code"}
		before := w.entries()
		_, err := w.store.LogAnswer(ctx, w.as("desk officer"), own)
		wantForbidden(t, "desk officer", err)
		other := own
		other.Recipient = "Foundation"
		_, err = w.store.LogAnswer(ctx, w.as("director"), other)
		wantKind(t, "to somebody else", err, fault.Invalid)
		for range 2 {
			a := must(w.store.LogAnswer(ctx, w.as("director"), own))(t)
			if a.Recipient != "Quiet Service" || !a.Own {
				t.Errorf("%+v", a)
			}
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("%d entries", n)
		}
		for who, want := range map[string]int{"director": 1, "coordinator": 1, "desk officer": 0} {
			all, n, err := w.store.Answers(ctx, w.as(who), 1, 10)
			if err != nil || n != want || len(all) != want {
				t.Errorf("%s reads %d of %d answers: %v", who, len(all), n, err)
			}
		}
	})
}

// The text code of an answer confirms no guess at its words: it needs a key.
func TestTheCodeOfAnAnswerIsKeyed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, words := t.Context(), []byte("Ulrike Fenn, Quiet Service")
		code := func(a record.Answer, words []byte) string {
			t.Helper()
			return must(w.store.AnswerCode(ctx, w.as("director"), a, words))(t)
		}
		a := record.Answer{SeriesID: w.lake.ID, OrganisationID: w.service.ID, Own: true}
		got := code(a, words)
		sum := sha256.Sum256(words)
		if len(got) != 24 || got == published.TextCode(hex.EncodeToString(sum[:])) {
			t.Errorf("the code is %q", got)
		}
		if code(a, words) != got || code(a, words[1:]) == got {
			t.Error("equal words have other codes, or others the same")
		}
		_, err := w.store.AnswerCode(ctx, w.as("desk officer"), a, words)
		wantForbidden(t, "desk officer", err)
		elsewhere := newWorld(t, dbtest.SQLite(t, "elsewhere"))
		if must(elsewhere.store.AnswerCode(ctx, elsewhere.as("director"), record.Answer{SeriesID: elsewhere.lake.ID}, words))(t) == got {
			t.Error("two houses have one key")
		}
	})
}
