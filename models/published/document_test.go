package published_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"track15/models/published"
)

func round(title string) published.Round {
	return published.Round{
		Head:   published.Head{Kind: published.KindRound, Slug: "kasmere-1", Nonce: "00"},
		Series: published.Ref{Slug: "kasmere", Name: "Kasmere <Dialogue>"},
		Title:  title, State: "held",
	}
}

func TestEncodeIsCanonicalAndReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := round(rapid.StringMatching(`[\p{L}\p{N} <>&"'-]{0,40}`).Draw(t, "title"))
		d, err := published.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := published.Encode(r)
		if string(d.Body) != string(again.Body) || d.Hash() != again.Hash() {
			t.Fatal("equal values gave different bytes")
		}
		var got published.Round
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWithheldFieldsAreAbsent(t *testing.T) {
	d, err := published.Encode(round("x"))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(d.Body, &fields); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"label", "city", "country", "sides", "rules", "summary", "conveners", "others"} {
		if _, there := fields[f]; there {
			t.Errorf("%s stands in a document that withholds it", f)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct{ name, body string }{
		{"an unknown field", `{"kind":"round","slug":"a","nonce":"","series":{"slug":"s","name":"S"},"title":"t","state":"held","dates":{},"venue":"x"}`},
		{"a second value", `{"kind":"round"} {}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := published.Document{Kind: published.KindRound, Body: []byte(tt.body)}
			if err := d.Decode(new(published.Round)); err == nil {
				t.Error("no error")
			}
		})
	}
	d, _ := published.Encode(round("x"))
	if err := d.Decode(new(published.Series)); err == nil {
		t.Error("a round was read as a series")
	}
	if _, err := published.Encode(struct{}{}); err == nil {
		t.Error("something that is no document was encoded")
	}
}

func TestTextCodeIsTwentyDigitsInFiveGroups(t *testing.T) {
	form := regexp.MustCompile(`^[0-9]{4}( [0-9]{4}){4}$`)
	rapid.Check(t, func(t *rapid.T) {
		d := published.Document{Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body")}
		if c := published.TextCode(d.Hash()); !form.MatchString(c) {
			t.Fatalf("text code %q", c)
		}
	})
	if c := published.TextCode(strings.Repeat("0", 64)); c != "0000 0000 0000 0000 0000" {
		t.Errorf("text code of zero is %q", c)
	}
	if published.TextCode("no hash") != "" {
		t.Error("a text code was made of no hash")
	}
}

func TestBatchHashDependsOnEverythingSigned(t *testing.T) {
	d, _ := published.Encode(round("x"))
	e, _ := published.Encode(round("y"))
	drop := published.Drop{Kind: published.KindRound, Slug: "a", Notice: published.NoticeWithdrawn}
	other := drop
	other.Notice = published.NoticeSuspended
	reason := drop
	reason.Reason = "at the wish of a participant"
	seen := map[string]string{}
	for name, h := range map[string]string{
		"one":         published.BatchHash([]published.Document{d}, nil),
		"other words": published.BatchHash([]published.Document{e}, nil),
		"order":       published.BatchHash([]published.Document{d, e}, nil),
		"reverse":     published.BatchHash([]published.Document{e, d}, nil),
		"drop":        published.BatchHash(nil, []published.Drop{drop}),
		"reason":      published.BatchHash(nil, []published.Drop{reason}),
		"notice":      published.BatchHash(nil, []published.Drop{other}),
	} {
		if was, twice := seen[h]; twice {
			t.Errorf("%s and %s have one hash", name, was)
		}
		seen[h] = name
	}
}
