package record

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTyped(t *testing.T) {
	for _, c := range []struct {
		in    Typed
		code  string
		a     Attribution
		words string
	}{
		{Typed{"K2", "Proposes one number."}, "K2", AsNobody, "Proposes one number."},
		{Typed{"@k2", "  Proposes.  /side "}, "K2", AsSide, "Proposes."},
		{Typed{"K2", "@N1 Agrees /body"}, "N1", AsBody, "Agrees"},
		{Typed{"K2", "@? Who was it /person"}, "", AsPerson, "Who was it"},
		{Typed{"?", "A voice"}, "", AsNobody, "A voice"},
		{Typed{"", "@everyone must agree"}, "", AsNobody, "@everyone must agree"},
		{Typed{"K1", "and/or /maybe"}, "K1", AsNobody, "and/or /maybe"},
		{Typed{"K1", "Said it /none"}, "K1", AsNobody, "Said it"},
		{Typed{"K1", "line one\nline two /SIDE"}, "K1", AsSide, "line one\nline two"},
		{Typed{"Ж1", "@Ж2 согласен"}, "Ж2", AsNobody, "согласен"},
		{Typed{"K1", "/side"}, "K1", AsSide, ""},
		{Typed{"K1", "می\u200cگوید"}, "K1", AsNobody, "می\u200cگوید"},
		{Typed{"K1", "a\x00b\xff"}, "K1", AsNobody, "a b"},
	} {
		code, a, words := c.in.Read()
		if code != c.code || a != c.a || words != c.words {
			t.Errorf("%+v: %q %q %q", c.in, code, a, words)
		}
	}
}

// What was typed is kept: all words that are no code and no attribution.
func FuzzTyped(f *testing.F) {
	f.Add("K2", "@N1 Agrees to test /side")
	f.Add("@?", "/person")
	f.Fuzz(func(t *testing.T, speaker, text string) {
		code, a, words := Typed{speaker, text}.Read()
		if !utf8.ValidString(words) || !utf8.ValidString(code) || strings.TrimSpace(words) != words {
			t.Fatalf("%q %q", code, words)
		}
		typed, kept := strings.Fields(clean(text)), strings.Fields(words)
		if lost := len(typed) - len(kept); lost < 0 || lost > 2 {
			t.Fatalf("of %q stays %q", text, words)
		}
		again, _, same := Typed{code, words}.Read()
		if a == AsNobody && len(typed) == len(kept) && (same != words || again != code && !strings.HasPrefix(words, "@")) {
			t.Fatalf("read again: %q %q of %q %q", again, same, code, words)
		}
	})
}

// Only the house's clock and the time between typing and sending count.
func TestClocked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := rapid.Int64Range(1e15, 2e15).Draw(t, "now")
		off := rapid.Int64Range(-1e15, 1e15).Draw(t, "how far the laptop's clock is off")
		waited := rapid.Int64Range(0, 1e12).Draw(t, "waited")
		if at := Clocked(now, now+off, now+off-waited); at != now-waited {
			t.Fatalf("said %d before", now-at)
		}
		if at := Clocked(now, now, now+waited); at != now {
			t.Fatal("said in the future", at)
		}
	})
}

func TestHolding(t *testing.T) {
	all := []Intervention{{ID: "a", Text: "The ferry to Élan"}, {ID: "b", Text: "渡轮"}, {ID: "c", Text: "No ferries"}}
	for query, want := range map[string]string{"elan FERRY": "a", "渡": "b", "ferr": "ac", "": "", "ghost": ""} {
		got := ""
		for _, x := range Holding(all, query) {
			got += x.ID
		}
		if got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}
