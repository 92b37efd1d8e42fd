package recordstore_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

type link struct {
	Number int64
	Bytes  []byte
	Link   []byte
}

func (link) TableName() string { return "audit" }

// rewrite replaces the audit table, as somebody with the database in their
// hands could.
func rewrite(t interface{ Fatal(...any) }, db *database.DB, w *world, chain []link) {
	err := db.Write(w.t.Context(), func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM audit").Error; err != nil || len(chain) == 0 {
			return err
		}
		return tx.Create(chain).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readChain(w *world, db *database.DB) []link {
	w.t.Helper()
	var chain []link
	if err := db.Read(w.t.Context()).Order("number").Find(&chain).Error; err != nil {
		w.t.Fatal(err)
	}
	return chain
}

// keptUnderTheirActs fails unless every edit and every past state is kept under
// the number of an entry of the chain: an edit's of the act that it says, by the
// same person; a past state's of an act whose person edited something.
func (w *world) keptUnderTheirActs() {
	w.t.Helper()
	db := dbtest.Open(w.t, w.url, nil)
	said := map[int64]string{}
	for _, l := range readChain(w, db) {
		var e struct{ Actor, Act string }
		if err := json.Unmarshal(l.Bytes, &e); err != nil {
			w.t.Fatal(err)
		}
		said[l.Number] = e.Actor + ": " + e.Act
	}
	var kept []struct {
		AuditNumber  int64
		ActorID, Act string
	}
	if err := db.Read(w.t.Context()).Table("edits").Find(&kept).Error; err != nil || len(kept) == 0 {
		w.t.Fatal(len(kept), err)
	}
	edited := map[int64]bool{}
	for _, k := range kept {
		if edited[k.AuditNumber] = true; said[k.AuditNumber] != k.ActorID+": "+k.Act {
			w.t.Errorf("an edit %q stands under entry %d, %q", k.ActorID+": "+k.Act, k.AuditNumber, said[k.AuditNumber])
		}
	}
	var past []int64
	if err := db.Read(w.t.Context()).Table("history").Distinct().Pluck("audit_number", &past).Error; err != nil || len(past) == 0 {
		w.t.Fatal(len(past), err)
	}
	for _, n := range past {
		if !edited[n] {
			w.t.Errorf("a past state stands under entry %d, %q, which edited nothing", n, said[n])
		}
	}
}

// Whatever is done to the chain is found; what is not done is not reported.
func TestEveryChangeOfTheAuditChainIsFound(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		db := dbtest.Open(t, w.url, nil)
		whole := readChain(w, db)
		if len(whole) < 20 {
			t.Fatalf("a chain of %d entries", len(whole))
		}
		rapid.Check(t, func(t *rapid.T) {
			chain := make([]link, len(whole))
			for i, l := range whole {
				chain[i] = link{l.Number, slices.Clone(l.Bytes), slices.Clone(l.Link)}
			}
			at := func(name string) int { return rapid.IntRange(0, len(chain)-1).Draw(t, name) }
			renumber := func() {
				for i := range chain {
					chain[i].Number = int64(i + 1)
				}
			}
			kind := rapid.SampledFrom([]string{"nothing", "byte", "link", "remove", "remove and renumber", "insert", "swap", "truncate", "number", "last number"}).Draw(t, "kind")
			switch kind {
			case "byte":
				b := chain[at("entry")].Bytes
				b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			case "link":
				l := chain[at("entry")].Link
				l[rapid.IntRange(0, len(l)-1).Draw(t, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			case "remove":
				i := at("entry")
				chain = slices.Delete(chain, i, i+1)
			case "remove and renumber":
				i := at("entry")
				chain = slices.Delete(chain, i, i+1)
				renumber()
			case "insert":
				chain = slices.Insert(chain, at("place"), chain[at("copy")])
				renumber()
			case "swap":
				i := rapid.IntRange(0, len(chain)-2).Draw(t, "first")
				j := rapid.IntRange(i+1, len(chain)-1).Draw(t, "second")
				chain[i], chain[j] = chain[j], chain[i]
				renumber()
			case "truncate":
				chain = chain[:at("length")]
			case "number":
				chain[at("entry")].Number = int64(len(chain) + rapid.IntRange(1, 9).Draw(t, "away"))
			case "last number":
				chain[len(chain)-1].Number += int64(rapid.IntRange(1, 9).Draw(t, "away"))
			}
			rewrite(t, db, w, chain)
			r, err := w.store.VerifyAudit(w.t.Context(), operator)
			if err != nil {
				t.Fatal(err)
			}
			if (r.Broken != 0) != (kind != "nothing") {
				t.Fatalf("%s: %+v", kind, r)
			}
			if kind != "nothing" && r.Reason == "" {
				t.Fatalf("%s: broken at %d without a reason", kind, r.Broken)
			}
		})
		rewrite(t, db, w, whole)
		if r := must(w.store.VerifyAudit(t.Context(), operator))(t); r.Broken != 0 || r.Entries != int64(len(whole)) || r.Witness != r.Entries {
			t.Errorf("the whole chain: %+v", r)
		}
	})
}

// A chain that was cut and then grows past its witness stays found.
func TestACutChainIsFoundHoweverLongItGrows(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		db := dbtest.Open(t, w.url, nil)
		chain := readChain(w, db)
		rewrite(t, db, w, chain[:len(chain)-2])
		for range 4 {
			if err := w.store.SignedOut(t.Context(), w.as("editor")); err != nil {
				t.Fatal(err)
			}
		}
		r := must(w.store.VerifyAudit(t.Context(), operator))(t)
		if r.Entries != int64(len(chain)+2) || r.Witness != int64(len(chain)) || r.Broken == 0 {
			t.Errorf("%+v", r)
		}
	})
}

// The audit holds ids, acts and instants, and no word of the record.
func TestTheAuditHoldsNoWords(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		var all strings.Builder
		for _, l := range readChain(w, dbtest.Open(t, w.url, nil)) {
			all.Write(l.Bytes)
		}
		for _, word := range []string{
			"Lake", "Heron", "Ottoline", "Reedtown", "Service", "Office", "fog", "example.org", "Aland", password,
		} {
			if strings.Contains(all.String(), word) {
				t.Errorf("%q stands in the audit", word)
			}
		}
		for _, id := range []string{w.round.ID, w.text.ID, w.lake.ID, w.as("editor").ID, `"user":"tester"`} {
			if !strings.Contains(all.String(), id) {
				t.Errorf("%s does not stand in the audit", id)
			}
		}
	})
}

// An auditor of one series reads that series' entries, the auditor of all reads
// all; nobody else reads any.
func TestWhoReadsTheAudit(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		whole := must(w.store.AuditEntries(ctx, w.person("chief", record.Grant{Role: record.Auditor, SeriesID: record.AllSeries}), 0, 1000))(t)
		if int64(len(whole)) != w.entries() {
			t.Errorf("the auditor of all reads %d of %d", len(whole), w.entries())
		}
		for _, e := range must(w.store.AuditEntries(ctx, w.person("wide", record.Grant{Role: record.Coordinator, SeriesID: record.AllSeries}), 0, 1000))(t) {
			if len(e.Series) == 0 {
				t.Errorf("a coordinator of all series reads what belongs to none: %s", e.Act)
			}
		}
		for _, role := range []string{"coordinator", "director", "auditor"} {
			mine := must(w.store.AuditEntries(ctx, w.as(role), 0, 1000))(t)
			if len(mine) == 0 {
				t.Errorf("%s reads nothing", role)
			}
			for _, e := range mine {
				if !slices.Equal(e.Series, []string{w.lake.ID}) {
					t.Errorf("%s reads an entry of %v", role, e.Series)
				}
				if e.Number != 0 {
					t.Errorf("%s reads a number, whose gaps tell of other series", role)
				}
			}
			// In pages as in one piece.
			var paged []string
			for {
				page := must(w.store.AuditEntries(ctx, w.as(role), len(paged), 3))(t)
				if len(page) == 0 {
					break
				}
				for _, e := range page {
					paged = append(paged, fmt.Sprint(e))
				}
			}
			if len(paged) != len(mine) {
				t.Errorf("%s reads %d entries in pages, %d at once", role, len(paged), len(mine))
			}
		}
		for _, role := range []string{"rapporteur", "editor", "desk officer", "records officer", "administrator", "nobody"} {
			list, err := w.store.AuditEntries(ctx, w.as(role), 0, 10)
			wantForbidden(t, role+" reads the audit", err)
			if len(list) != 0 {
				t.Errorf("%s reads %d entries", role, len(list))
			}
		}
	})
}

func TestWhoDidSomethingLately(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		acts := func(round string, since int64) map[string]int {
			of := map[string]int{}
			for _, x := range must(w.store.DoneSince(ctx, w.as("auditor"), w.lake.ID, round, since))(t) {
				of[x.Who] += x.Acts
			}
			return of
		}
		series, round := acts("", 0), acts(w.round.ID, 0)
		p := must(w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{RoundID: w.round.ID, Post: "Guest"}))(t)
		p.Post = "Chair"
		must(w.store.EditParticipation(ctx, w.as("director"), recordstore.Entrant{Participation: p}))(t)
		must(w.store.AddOutput(ctx, w.as("editor"), record.Output{SeriesID: w.lake.ID, Kind: record.Summary, Draft: record.Draft{Title: "Of no round", Lang: "en"}}))(t)
		must(w.store.AddParticipation(ctx, w.as("other"), record.Participation{RoundID: w.foreign.ID, Post: "Guest"}))(t)
		for who, more := range map[string][2]int{"coordinator": {1, 1}, "director": {1, 1}, "editor": {1, 0}, "other": {0, 0}} {
			if n := acts("", 0)[who] - series[who]; n != more[0] {
				t.Errorf("%s: %d more acts on the series", who, n)
			}
			if n := acts(w.round.ID, 0)[who] - round[who]; n != more[1] {
				t.Errorf("%s: %d more acts on the round", who, n)
			}
		}
		if late := acts("", 1<<60); len(late) > 0 {
			t.Errorf("acts of before: %v", late)
		}
		for _, role := range []string{"editor", "desk officer", "records officer", "administrator", "other"} {
			all, err := w.store.DoneSince(ctx, w.as(role), w.lake.ID, "", 0)
			if err == nil || len(all) > 0 {
				t.Errorf("%s reads who did something: %d", role, len(all))
			}
		}
		_, err := w.store.DoneSince(ctx, w.as("auditor"), w.lake.ID, w.foreign.ID, 0)
		wantKind(t, "a round of another series", err, fault.NotFound)
	})
}

func TestHowManyCanOpenAPage(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for act, want := range map[record.Act]int{record.ReadTrue: 2, record.ReadRound: 3, record.ReadSeries: 7} {
			if n := must(w.store.Openers(ctx, w.as("desk officer"), w.lake.ID, act))(t); n != want {
				t.Errorf("%d can %s, want %d", n, act, want)
			}
		}
		_, err := w.store.Openers(ctx, w.as("other"), w.lake.ID, record.ReadSeries)
		wantKind(t, "who may not know of the series", err, fault.NotFound)
	})
}

// An entry is announced before it is stored. One that is there counts as seen,
// as soon as a program opens the record even if it is taken away then; one that
// never came is told and does not break the chain, and the next takes its place.
func TestAnnouncedEntries(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		db := dbtest.Open(t, w.url, nil)
		verify := func(what string, want recordstore.AuditReport) {
			t.Helper()
			r := must(w.store.VerifyAudit(t.Context(), operator))(t)
			if r.Reason = ""; r != want {
				t.Errorf("%s: %+v, want %+v", what, r, want)
			}
		}
		chain := readChain(w, db)
		n := int64(len(chain))
		ring := must(seal.OpenRing(w.keys))(t)
		if err := os.Remove(filepath.Join(w.keys, "witness")); err != nil {
			t.Fatal(err)
		}
		announce := func(number int64, link []byte) {
			t.Helper()
			if err := ring.Announce(seal.Witness{Number: number, Link: link})(); err != nil {
				t.Fatal(err)
			}
		}
		announce(n-1, chain[n-2].Link)
		announce(n, chain[n-1].Link)
		verify("stored, not marked", recordstore.AuditReport{Entries: n, Witness: n})
		rewrite(t, db, w, chain[:n-1])
		verify("taken away", recordstore.AuditReport{Entries: n - 1, Witness: n - 1, Missing: n})
		rewrite(t, db, w, chain)
		w.store.Close()
		w.store = w.open()
		rewrite(t, db, w, chain[:n-1])
		verify("taken away after it was marked", recordstore.AuditReport{Entries: n - 1, Witness: n, Broken: n})
		rewrite(t, db, w, chain)

		announce(n+1, chain[0].Link)
		verify("never stored", recordstore.AuditReport{Entries: n, Witness: n, Missing: n + 1})
		if err := w.store.SignedOut(t.Context(), w.as("editor")); err != nil {
			t.Fatal(err)
		}
		verify("the next in its place", recordstore.AuditReport{Entries: n + 1, Witness: n + 1})
	})
}
