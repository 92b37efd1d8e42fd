package desk_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"track15/models/record"
	"track15/views/desk"
)

func TestDifferences(t *testing.T) {
	for _, tt := range []struct {
		before, after string
		want          []desk.Piece
	}{
		{"", "", []desk.Piece{{}}},
		{"", "new", []desk.Piece{{Text: "new", Mark: desk.Added}}},
		{"old", "", []desk.Piece{{Text: "old", Mark: desk.Removed}}},
		{"most of it.\n\nOne view", "much of it.\n\nOne view", []desk.Piece{
			{Text: "most", Mark: desk.Removed}, {Text: "much", Mark: desk.Added}, {Text: "of it.\n\nOne view"},
		}},
		{"a b", "a\nb", []desk.Piece{{Text: "a"}, {Text: "\n", Mark: desk.Added}, {Text: "b"}}},
	} {
		if diff := cmp.Diff(tt.want, desk.Differences(tt.before, tt.after)); diff != "" {
			t.Errorf("%q to %q: %s", tt.before, tt.after, diff)
		}
	}
}

// Each side of a comparison shows all words of its own text, in order.
func TestDifferencesLoseNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-c]{1,2}[ \n]?){0,30}`)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var was, now []string
		for _, p := range desk.Differences(before, after) {
			if p.Mark != desk.Added {
				was = append(was, strings.Fields(p.Text)...)
			}
			if p.Mark != desk.Removed {
				now = append(now, strings.Fields(p.Text)...)
			}
		}
		if diff := cmp.Diff(strings.Fields(before), was); diff != "" && len(was) > 0 {
			t.Fatalf("before: %s", diff)
		}
		if diff := cmp.Diff(strings.Fields(after), now); diff != "" && len(now) > 0 {
			t.Fatalf("after: %s", diff)
		}
	})
}

func TestRulesName(t *testing.T) {
	g := record.GroundRules{Preset: "chatham_house", Vector: map[record.Aspect]record.Permission{}}
	for a, p := range record.PresetOf("chatham_house").Vector {
		g.Vector[a] = p
	}
	for _, want := range []string{"Chatham House Rule", "Chatham House Rule, with one change", "Chatham House Rule, with two changes"} {
		if got := desk.RulesName(g); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		for _, a := range record.Aspects {
			if g.Vector[a] != record.Never {
				delete(g.Vector, a)
				break
			}
		}
	}
	if got := desk.RulesName(record.GroundRules{}); got != "Closed" {
		t.Errorf("rules that nobody set are %q", got)
	}
}
