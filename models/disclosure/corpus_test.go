package disclosure_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"track15/models/disclosure"
	"track15/models/interchange"
)

// A leak is a place of a draft that discloses something, as whoever wrote the
// corpus says. In the files it is {{class/subclass|text}}.
type leak struct {
	class, subclass string
	start, end      int
}

type draft struct {
	name, text string
	leaks      []leak
}

// corpus reads a corpus of testdata: its record and its drafts.
func corpus(t *testing.T, name string) (*disclosure.Index, []draft) {
	t.Helper()
	dir := filepath.Join("testdata", name)
	b, err := os.ReadFile(filepath.Join(dir, "record.json"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := interchange.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "drafts", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("no drafts", err)
	}
	var drafts []draft
	mark := regexp.MustCompile(`(?s)\{\{([a-z_]+)/([a-z_]+)\|(.*?)\}\}`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := draft{name: filepath.Base(file)}
		at := 0
		for _, m := range mark.FindAllSubmatchIndex(b, -1) {
			d.text += string(b[at:m[0]])
			l := leak{class: string(b[m[2]:m[3]]), subclass: string(b[m[4]:m[5]]), start: len(d.text)}
			d.text += string(b[m[6]:m[7]])
			l.end = len(d.text)
			d.leaks = append(d.leaks, l)
			at = m[1]
		}
		d.text += string(b[at:])
		drafts = append(drafts, d)
	}
	return disclosure.New(disclosure.From(r, r.AsOf)), drafts
}

// The figures on our own corpus stand in docs/disclosure.md; this holds them.
func TestFindsWhatTheCorpusHides(t *testing.T) {
	x, drafts := corpus(t, "rivers")
	found, all, right, wrong, clean, untouched := 0, 0, 0, 0, 0, 0
	missed := map[string]int{}
	for _, d := range drafts {
		covered := make([]bool, len(d.text))
		counted := 0
		for _, f := range x.Check(d.text, disclosure.Options{}) {
			if f.Severity == disclosure.Advice {
				continue
			}
			counted++
			if i := slices.IndexFunc(d.leaks, func(l leak) bool { return f.Start < l.end && l.start < f.End && within(d.text, f, l) }); i < 0 {
				wrong++
				t.Logf("%s: %s says too much: %q", d.name, f.Rule, d.text[f.Start:f.End])
				continue
			}
			right++
			for i := f.Start; i < f.End; i++ {
				covered[i] = true
			}
		}
		if len(d.leaks) == 0 {
			clean++
			if counted == 0 {
				untouched++
			}
		}
		for _, l := range d.leaks {
			all++
			n := 0
			for _, c := range covered[l.start:l.end] {
				if c {
					n++
				}
			}
			if need := 2; n*need < l.end-l.start && (!text(l.class) || n*3 < l.end-l.start) {
				missed[l.class]++
				t.Logf("%s: missed %s %q", d.name, l.class, d.text[l.start:l.end])
				continue
			}
			found++
		}
	}
	recall, precision := float64(found)/float64(all), float64(right)/float64(right+wrong)
	t.Logf("recall %.3f of %d, precision %.3f, clean drafts untouched %d of %d", recall, all, precision, untouched, clean)
	if recall < 0.97 || precision < 0.95 || untouched < clean-1 {
		t.Errorf("worse than docs/disclosure.md says; missed %v", missed)
	}
}

func text(class string) bool {
	return class == "verbatim_quote" || class == "light_paraphrase" || class == "heavy_paraphrase"
}

// within reports whether a finding is about a leak: half of it lies there, or it
// stays in its sentence.
func within(s string, f disclosure.Finding, l leak) bool {
	both := min(f.End, l.end) - max(f.Start, l.start)
	if 2*both >= f.End-f.Start {
		return true
	}
	from, to := l.start, l.end
	for from > 0 && s[from-1] != '\n' && !strings.HasPrefix(s[from-1:], ". ") && (from < 2 || s[from-2] != '.') {
		from--
	}
	for to < len(s) && s[to] != '\n' && s[to-1] != '.' {
		to++
	}
	return f.Start >= from-2 && f.End <= to+2
}

func ExampleIndex_Check() {
	x := disclosure.New(disclosure.Record{
		People: []disclosure.Person{{ID: "p1", Given: "Ilse", Family: "Marrinova", Presences: []disclosure.Presence{{Round: "r1"}}}},
		Rounds: []disclosure.Round{{ID: "r1"}},
		Notes:  []disclosure.Note{{ID: "n1", Round: "r1", Text: "The northern ferry runs without insurance since the fire."}},
	})
	draft := "We learned from I. Marrinova that the northern ferry runs without insurance."
	for _, f := range x.Check(draft, disclosure.Options{}) {
		fmt.Println(f.Rule, f.Severity, draft[f.Start:f.End])
	}
	// Output:
	// attribution.person error We learned from I. Marrinova
	// name.variant error I. Marrinova
	// text.verbatim error the northern ferry runs without insurance
}
