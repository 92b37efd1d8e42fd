package recordstore_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// What is frozen of a text stands in no file in clear before it is released,
// also where an older program froze it, and goes with the notes of its round.
func TestFrozenTextsAreSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		const body = `{"title":"Canarium frozen"}`
		frozen := must(w.store.FreezeRelease(ctx, w.as("coordinator"), "", []string{w.round.ID}, func(f *recordstore.Freezing) error {
			f.Release.Hash = "hash"
			return f.Put(
				record.FrozenDocument{Kind: "round", Slug: "lake", Body: []byte(`{"title":"Lake"}`), ObjectID: w.round.ID},
				record.FrozenDocument{Kind: "output", Slug: "lake-summary", Body: []byte(body), ObjectID: w.text.ID, Within: "lake"},
			)
		}))(t)
		reads := func(when string) {
			t.Helper()
			w.noWord("Canarium")
			got := must(w.store.Release(ctx, w.as("director"), frozen.ID))(t)
			if len(got.Put) != 2 || string(got.Put[0].Body) != `{"title":"Lake"}` || string(got.Put[1].Body) != body {
				t.Errorf("%s, it says %+v", when, got.Put)
			}
		}
		reads("frozen")

		db := dbtest.Open(t, w.url, nil)
		err := db.Write(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("UPDATE release_documents SET body = ?, sealed = ? WHERE kind = 'output'", []byte(body), []byte{}).Error; err != nil {
				return err
			}
			return tx.Exec("INSERT INTO chores (name) VALUES ('seal documents')").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		w.store.Close()
		w.store = w.open()
		reads("frozen by an older program")

		propose := func() (record.Destruction, error) {
			return w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"})
		}
		_, err = propose()
		wantKind(t, "notes of a round with a release under way", err, fault.Invalid)
		if err := w.store.CancelRelease(ctx, w.as("coordinator"), frozen.ID, "Not now"); err != nil {
			t.Fatal(err)
		}
		reads("called off")
		d := must(propose())(t)
		kept := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t)
		if err := w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 1 {
			t.Fatalf("%d destroyed", n)
		}
		got := must(w.store.Release(ctx, w.as("director"), frozen.ID))(t)
		if len(got.Put) != 1 || got.Put[0].Kind != "round" {
			t.Errorf("left after the notes: %+v", got.Put)
		}
		if rows := w.rows()["release_documents"]; strings.Contains(rows, "lake-summary") {
			t.Error("the row of the frozen text is left")
		}
	})
}
