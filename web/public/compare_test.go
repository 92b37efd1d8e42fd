package public

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	views "track15/views/public"
)

// What is kept and removed is the text before, what is kept and added the text
// after, word by word.
func TestCompareKeepsBothTexts(t *testing.T) {
	sentence := rapid.StringMatching(`([abc]{1,2} ){0,30}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := sentence.Draw(t, "before"), sentence.Draw(t, "after")
		var a, b []string
		for _, p := range compare(before, after) {
			if p.Mark != views.Added {
				a = append(a, p.Text)
			}
			if p.Mark != views.Removed {
				b = append(b, p.Text)
			}
		}
		if strings.Join(a, " ") != strings.TrimSpace(before) || strings.Join(b, " ") != strings.TrimSpace(after) {
			t.Fatalf("%q %q", a, b)
		}
	})
}

func TestCompareSaysWhatChanged(t *testing.T) {
	got := compare("Both sides agreed that networks", "One view held that networks")
	want := []views.Piece{{Text: "Both sides agreed", Mark: views.Removed}, {Text: "One view held", Mark: views.Added}, {Text: "that networks"}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v", got)
	}
	long := strings.Repeat("word ", maxCompared+1)
	if got := compare(long, "short"); len(got) != 2 || got[0].Text != long {
		t.Errorf("%d pieces", len(got))
	}
}
