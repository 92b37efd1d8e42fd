package publishedstore

import (
	"path/filepath"
	"testing"

	"track15/models/published"
)

// What leaves gives its numbers back: they tell nothing of how often something left.
func TestNumbersAreGivenBack(t *testing.T) {
	dir := t.TempDir()
	w, err := OpenWriter(t.Context(), "sqlite:"+filepath.Join(dir, "store.db"), WriterOptions{Snapshots: filepath.Join(dir, "snapshots")})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	head := published.Head{Kind: published.KindRound, Slug: "kasmere-1"}
	d, err := published.Encode(published.Round{Head: head, Series: published.Ref{Slug: "kasmere", Name: "Kasmere"}, Title: "Round"})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range []published.Envelope{
		{Put: []published.Document{d}},
		{Drop: []published.Drop{{Kind: published.KindRound, Slug: "kasmere-1"}}},
		{Put: []published.Document{d}},
	} {
		e.Number = int64(i + 1)
		if err := w.Apply(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		var rows []ordinalsRow
		if err := w.db.Read(t.Context()).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			b, err := decodeBitmap(row.Taken)
			if err != nil {
				t.Fatal(err)
			}
			if want := uint64(len(e.Put)); b.GetCardinality() != want {
				t.Errorf("after release %d, %d numbers for %s are taken, want %d", e.Number, b.GetCardinality(), row.Space, want)
			}
		}
	}
}
