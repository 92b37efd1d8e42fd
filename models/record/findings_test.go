package record

import (
	"strings"
	"testing"

	"track15/models/fault"
)

func TestReworded(t *testing.T) {
	for was, want := range map[string]string{
		"A guest from the [Quiet Service] came.":     "A guest from one body came.",
		"The [Quiet Service] came.":                  "One body came.",
		"It ended. The [Quiet Service] came.":        "It ended. One body came.",
		"[The Quiet Service] came.":                  "One body came.",
		"By bathe [Quiet Service].":                  "By bathe one body.",
		"Ein Gast der [Quiet Service], Grüße 🙂.":     "Ein Gast der one body, Grüße 🙂.",
		"a [Quiet Service] is what [[they]] want 中.": "one body is what [[they]] want 中.",
	} {
		start := strings.Index(was, "[")
		end := strings.Index(was, "]") - 1
		d := Draft{Body: was[:start] + was[start+1:end+1] + was[end+2:]}
		f := Finding{Field: "body", Start: start, End: end, Quote: d.Body[start:end], Reword: "one body"}
		got, err := d.Reworded(f)
		if err != nil || got.Body != want {
			t.Errorf("%q: %q, %v", was, got.Body, err)
		}
		d.Body = "Other words"
		if _, err := d.Reworded(f); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%q over other words: %v", was, err)
		}
	}
}

// A block waits for the second reader.
func TestConditionOfTheCheck(t *testing.T) {
	alarm := []Settlement{{As: FalseAlarm, By: "ann"}}
	open, settled := []Finding{{Severity: Block}, {Severity: NeedsClearance}}, []Finding{{Severity: Block, Settled: alarm}, {Severity: NeedsClearance, Settled: alarm}}
	for name, tt := range map[string]struct {
		found       []Finding
		second, met bool
		says        string
	}{
		"nothing":        {nil, true, true, "nothing was found"},
		"advice":         {[]Finding{{Severity: Advice}}, true, true, "settled"},
		"open":           {open, false, false, "2 findings are open."},
		"settled":        {settled, false, true, "settled"},
		"settled by one": {settled, true, false, "1 block was settled by one person."},
	} {
		c := UnderCheck("Title", tt.found, "bob", tt.second)
		if c.Met != tt.met || !strings.Contains(c.Says, tt.says) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
