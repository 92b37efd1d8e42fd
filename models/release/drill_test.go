package release_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/release"
)

// A drill says what would leave, finds its words in the copy before and nowhere
// after, and changes nothing. What it reports holds none of them.
func TestADrillChangesNothing(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		_, slug, text := w.twoRounds()
		digest, before := must(w.service.Digest(ctx))(w.T), w.public()
		for _, tt := range []struct {
			reference string
			way       record.Way
			leaves    []string
		}{
			{"https://register.example.org/rounds/" + slug, record.WithNotice, []string{"organisation/ministry-of-interior", "output/" + text + " withdrawn", "round/" + slug + " withdrawn"}},
			{slug, record.Silently, []string{"organisation/ministry-of-interior", "output/" + text, "round/" + slug}},
			{slug + "-observation-1", record.Silently, []string{"output/" + text}},
		} {
			folder := w.TempDir()
			d := must(w.service.DrillWithdrawal(ctx, operator, tt.reference, tt.way, folder))(w.T)
			var leaves []string
			for _, drop := range d.Leaves {
				leaves = append(leaves, strings.TrimSpace(string(drop.Kind)+"/"+drop.Slug+" "+string(drop.Notice)))
			}
			if strings.Join(leaves, ", ") != strings.Join(tt.leaves, ", ") {
				w.Errorf("%s: %v would leave, want %v", tt.reference, leaves, tt.leaves)
			}
			if !d.Passed() || d.Before < 3 || d.Files < 3 || len(d.Steps) < 5 {
				w.Errorf("%s: %+v", tt.reference, d)
			}
			if said := fmt.Sprint(d); strings.Contains(said, "Marrowby") || strings.Contains(said, "Ferrowquay") {
				w.Error("the report holds words of the text")
			}
		}
		if now := must(w.service.Digest(ctx))(w.T); now != digest || len(w.public()) != len(before) || len(w.envelopes()) != 3 {
			w.Error("the drill changed something")
		}
		for _, reference := range []string{"nonesuch", "kasmere-dialogue", ""} {
			_, err := w.service.DrillWithdrawal(ctx, operator, reference, record.WithNotice, w.TempDir())
			fails(w.T, fault.Invalid, err)
		}
		_, err := w.service.DrillWithdrawal(ctx, record.Actor{}, slug, record.WithNotice, w.TempDir())
		fails(w.T, fault.NotFound, err)
	})
}

// What a drill finds afterwards, it says.
func TestADrillFindsWhatIsLeft(t *testing.T) {
	both(t, func(w *world) {
		_, slug, _ := w.twoRounds()
		folder := w.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "left.txt"), []byte("MARROWBY minutes"), 0o600); err != nil {
			w.Fatal(err)
		}
		d := must(w.service.DrillWithdrawal(w.Context(), operator, slug, record.WithNotice, folder))(w.T)
		if d.Passed() || len(d.After) != 1 || d.After[0] != "left.txt" {
			w.Errorf("left: %v", d.After)
		}
		if (release.Drill{}).Passed() {
			w.Error("a drill that found nothing before says nothing")
		}
	})
}
