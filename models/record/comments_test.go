package record

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
)

var spoken = Draft{
	Title: "Fog", Lang: "en",
	Body:         "## Horns\n\nOne horn.\n \t\n\n    A list\n- two\n\nOne horn.",
	Observations: []Observation{{ID: "a", Text: "Thick."}, {ID: "b", Heading: "Ice", Text: "Thin."}},
}

func TestPartsOfAVersion(t *testing.T) {
	want := []Part{
		{"title", "Title", "Fog"},
		{"paragraph.1", "Paragraph 1", "## Horns"},
		{"paragraph.2", "Paragraph 2", "One horn."},
		{"paragraph.3", "Paragraph 3", "    A list\n- two"},
		{"paragraph.4", "Paragraph 4", "One horn."},
		{"observation.a", "Observation 1", "Thick."},
		{"heading.b", "Heading of observation 2", "Ice"},
		{"observation.b", "Observation 2", "Thin."},
	}
	got := spoken.Parts()
	if len(got) != len(want) {
		t.Fatalf("%d parts: %+v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d is %+v", i, got[i])
		}
	}
}

// A suggestion changes its own words wherever they stand, and nothing else.
func TestTakingASuggestion(t *testing.T) {
	suggest := func(key, was, words string) Comment { return Comment{Key: key, Was: was, Suggests: true, Words: words} }
	for _, tt := range []struct {
		c    Comment
		want func(d *Draft)
	}{
		{suggest("title", "Fog", "Mist"), func(d *Draft) { d.Title = "Mist" }},
		{suggest("paragraph.2", "One horn.", "Two."), func(d *Draft) { d.Body = strings.Replace(d.Body, "One horn.", "Two.", 1) }},
		{suggest("paragraph.9", "One horn.", "Two."), func(d *Draft) { d.Body = strings.TrimSuffix(d.Body, "One horn.") + "Two." }},
		{suggest("paragraph.3", "    A list\n- two", ""), func(d *Draft) { d.Body = "## Horns\n\nOne horn.\n \t\n\nOne horn." }},
		{suggest("paragraph.1", "## Horns", "# A\n\n# B"), func(d *Draft) { d.Body = "# A\n\n# B" + strings.TrimPrefix(d.Body, "## Horns") }},
		{suggest("observation.b", "Thin.", "Thick."), func(d *Draft) { d.Observations[1].Text = "Thick." }},
		{suggest("heading.b", "Ice", ""), func(d *Draft) { d.Observations[1].Heading = "" }},
		{suggest("observation.a", "Thick.", ""), func(d *Draft) { d.Observations = d.Observations[1:] }},
	} {
		want := spoken
		want.Observations = append([]Observation(nil), spoken.Observations...)
		tt.want(&want)
		got, err := spoken.Taking(tt.c, false)
		if err != nil || got.Title != want.Title || got.Body != want.Body || len(got.Observations) != len(want.Observations) {
			t.Errorf("%s: %v, %+v", tt.c.Key, err, got)
			continue
		}
		for i := range want.Observations {
			if !reflect.DeepEqual(got.Observations[i], want.Observations[i]) {
				t.Errorf("%s: %+v", tt.c.Key, got.Observations[i])
			}
		}
	}
	if spoken.Observations[1].Text != "Thin." {
		t.Error("the version that was taken from has changed")
	}
	for what, tt := range map[string]struct {
		c    Comment
		kind fault.Kind
	}{
		"words that are gone":         {suggest("paragraph.2", "One horn", "Two."), fault.Conflict},
		"an observation that is gone": {suggest("observation.c", "Thin.", "Thick."), fault.Conflict},
		"words of another passage":    {suggest("observation.a", "Thin.", "Thick."), fault.Conflict},
		"a text as a whole":           {suggest("", "", "Thick."), fault.Conflict},
		"no title":                    {suggest("title", "Fog", ""), fault.Invalid},
		"a title of two lines":        {suggest("title", "Fog", "A\nB"), fault.Invalid},
		"a heading without its words": {suggest("observation.b", "Thin.", ""), fault.Invalid},
	} {
		if _, err := spoken.Taking(tt.c, false); fault.KindOf(err) != tt.kind || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Whatever a body holds, its paragraphs lie in it in order, none is empty, and
// words that are put for one of them leave all others as they were.
func TestParagraphsAreTheBody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := passage(rapid.StringOfN(rapid.RuneFrom([]rune("ab -#\n\n\n\t中")), 0, 60, -1).Draw(t, "body"))
		d := Draft{Title: "T", Lang: "en", Body: body}
		all := paragraphs(body)
		end := 0
		for _, span := range all {
			if span[0] < end || span[1] <= span[0] || strings.TrimSpace(body[end:span[0]]) != "" || strings.TrimSpace(body[span[0]:span[1]]) == "" {
				t.Fatalf("%q: %v", body, all)
			}
			end = span[1]
		}
		if strings.TrimSpace(body[end:]) != "" {
			t.Fatalf("%q: words after the last of %v", body, all)
		}
		for i, p := range d.Parts()[1:] {
			next, err := d.Taking(Comment{Key: p.Key, Was: p.Text, Suggests: true, Words: "other words"}, false)
			if err != nil {
				t.Fatal(err)
			}
			after := next.Parts()[1:]
			if len(after) != len(all) || after[i].Text != "other words" {
				t.Fatalf("%q, %s: %q", body, p.Key, next.Body)
			}
			for j := range after {
				if j != i && after[j].Text != body[all[j][0]:all[j][1]] {
					t.Fatalf("%q, %s: %s became %q", body, p.Key, after[j].Key, after[j].Text)
				}
			}
		}
	})
}
