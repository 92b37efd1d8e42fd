package publishedstore

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"The Ministries' ministry", "the ministri ministri"},
		{"China's approach", "china approach"},
		{"China’s “approach”", "china approach"},
		{"U.S.-China, U.N.", "us china un"},
		{"e.g. the U.S", "eg the us"},
		{"CNCERT/CC", "cncert cc"},
		{"Track 1.5", "track 1 5"},
		{"Łódź, Zürich, Ærø, Straße, ＣＡＣ", "lodz zurich aero strass cac"},
		{"Министерство", "министерство"},
		{"Йод", "иод"},
		{"外交部", "外 交 外交 部 交部"},
		{"中国CAC办", "中 国 中国 cac 办"},
		{"외교부", "외교부"},
		{"", ""},
		{" -- '…' ", ""},
		{"o'clock", "o clock"},
	} {
		var got []string
		for _, w := range words(tt.text) {
			got = append(got, w.term)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestWordsLieInTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aZé.'’s -外交部กข1한Ω\u0301\x00"))).Draw(t, "text")
		last := 0
		for _, w := range words(text) {
			if w.start < 0 || w.end <= w.start || w.end > len(text) || w.end < last || w.term == "" ||
				!utf8.RuneStart(text[w.start]) || w.end < len(text) && !utf8.RuneStart(text[w.end]) {
				t.Fatalf("%q: word %+v", text, w)
			}
			last = w.start
		}
		var shown strings.Builder
		for _, s := range mark(text, question(text)) {
			shown.WriteString(s.Text)
		}
		if shown.String() != text {
			t.Fatalf("marked, %q reads %q", text, shown.String())
		}
	})
}

func TestFoldTwiceIsFoldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := fold(s); fold(once) != once {
			t.Fatalf("%q folds to %q and then to %q", s, once, fold(once))
		}
	})
}

func TestQuestion(t *testing.T) {
	for _, tt := range []struct{ q, want string }{
		{"the security of China", "secur china"},
		{"the of", "the of"},
		{"security security", "secur"},
		{"外交部", "外交 交部"},
		{"外", "外"},
		{"外 交部", "外 交部"},
	} {
		if got := strings.Join(question(tt.q), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.q, got, tt.want)
		}
	}
	if n := len(question(strings.Repeat("a1 ", 3) + strings.Join(strings.Split("bcdefghijklmnopqrstuvwxyz", ""), " "))); n != maxTerms {
		t.Errorf("%d words of a long question are looked at, want %d", n, maxTerms)
	}
}

func TestNameTerm(t *testing.T) {
	same := []string{"Security services (China)", "security services, CHINA", "  Security-services China"}
	for _, s := range same {
		if nameTerm(s) != nameTerm(same[0]) || nameTerm(s) == "" {
			t.Errorf("%q: %q", s, nameTerm(s))
		}
	}
	for _, s := range []string{"Security service China", "Security services", "China security services"} {
		if nameTerm(s) == nameTerm(same[0]) {
			t.Errorf("%q is taken for %q", s, same[0])
		}
	}
	if nameTerm(" – ") != "" || nameTerm(strings.Repeat("a", maxName+1)) != "" {
		t.Error("what is no name has a term")
	}
}

func TestPassage(t *testing.T) {
	long := strings.Repeat("word ", 60) + "attribution " + strings.Repeat("more ", 60)
	spans := passage([]string{"", "nothing", long}, []string{stem("attribution")})
	var marked []string
	var all strings.Builder
	for _, s := range spans {
		all.WriteString(s.Text)
		if s.Mark {
			marked = append(marked, s.Text)
		}
	}
	text := all.String()
	if !slices.Equal(marked, []string{"attribution"}) || !strings.HasPrefix(text, "… word") || !strings.HasSuffix(text, "more …") || len(text) > 300 {
		t.Errorf("passage %q marks %q", text, marked)
	}
	for i := range 400 {
		han := strings.Repeat("网络安全", 100)
		if e := excerpt(han, i, i+200); !utf8.ValidString(e) {
			t.Fatalf("an excerpt from %d cuts a character: %q", i, e)
		}
	}
	if spans := passage(nil, nil); len(spans) != 0 {
		t.Errorf("a passage of nothing: %v", spans)
	}
}
