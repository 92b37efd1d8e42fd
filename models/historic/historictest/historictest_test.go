package historictest

import (
	"os"
	"testing"

	"track15/models/historic"
)

func TestWhatIsWrittenIsAnArchive(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, 120, 1); err != nil {
		t.Fatal(err)
	}
	a, err := historic.Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if a.RoundCount != 120 || len(a.Series) != 2 {
		t.Errorf("%d rounds of %d series", a.RoundCount, len(a.Series))
	}
	for r, err := range a.Rounds() {
		if err != nil || len(r.Entry.Round.Presences) != Bodies {
			t.Fatalf("%d presences, %v", len(r.Entry.Round.Presences), err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	if err := Write(dir, 10_000, 1); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := historic.Open(os.DirFS(dir)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(10_000*b.N)/b.Elapsed().Seconds(), "rounds/s")
}
