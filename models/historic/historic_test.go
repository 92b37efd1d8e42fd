package historic

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"track15/models/fault"
	"track15/models/record"
)

const (
	goodSeries = `{"id":"s","name":"Lake Dialogue","conveners":["inst"],"parties":["XA","Norlund"],"source":"https://example.org/s"}`
	goodOrgs   = `{"id":"inst","name":"Lake Institute","kind":"think tank","source":"https://example.org/o"}
{"id":"navy","name":"Lake Navy","kind":"military","parent":"inst","native_name":"Seeflotte","native_lang":"de","source":"general knowledge","native_source":"general knowledge"}
{"id":"cat","name":"security services (XA)","kind":"category","confusable_with":["navy"],"source":"https://example.org/o"}`
	goodRound = `{"id":"s-1","series":"s","status":"held","source":"https://example.org/r"}`
)

func archive(series, organisations, rounds string) fstest.MapFS {
	return fstest.MapFS{
		SeriesFile:        {Data: []byte(series)},
		OrganisationsFile: {Data: []byte(organisations)},
		RoundsFile:        {Data: []byte(rounds)},
	}
}

// entry reads one round of an otherwise good archive.
func entry(t *testing.T, line string) record.RoundEntry {
	t.Helper()
	a, err := Open(archive(goodSeries, goodOrgs, line))
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range a.Rounds() {
		if err != nil {
			t.Fatal(err)
		}
		return r.Entry
	}
	t.Fatal("no round")
	return record.RoundEntry{}
}

// with puts fields into the good round, on its one line.
func with(fields string) string {
	return strings.TrimSuffix(goodRound, "}") + "," + strings.ReplaceAll(fields, "\n", " ") + "}"
}

func TestErrorsNameFileLineAndField(t *testing.T) {
	for _, tt := range []struct {
		name, series, organisations, rounds string
		field                               string
	}{
		{"unknown field", "", "", with(`"venue":"Hotel Canary"`), "rounds.jsonl:1: venue"},
		{"unknown field further in", "", "", with(`"outputs":[{"kind":"summary","title":"T"},{"kind":"summary","title":"T","pages":1}]`), "rounds.jsonl:1: outputs[1].pages"},
		{"unknown field in another case", "", "", with(`"City":"Hotel Canary"`), "rounds.jsonl:1: City"},
		{"field twice", "", "", with(`"city":"A","city":"B"`), "rounds.jsonl:1: city"},
		{"line number", "", "", "\n" + goodRound + "\n\n" + strings.Replace(goodRound, "s-1", "S-1", 1), "rounds.jsonl:4: id"},
		{"not JSON", "", "", `{"id":`, "rounds.jsonl:1: id"},
		{"no object", "", "", `["Canary"]`, "rounds.jsonl:1"},
		{"two values", "", "", goodRound + goodRound, "rounds.jsonl:1"},
		{"not UTF-8", "", "", with("\"city\":\"Can\xffary\""), "rounds.jsonl:1: city"},
		{"NUL", "", "", with(`"city":"Can\u0000ary"`), "rounds.jsonl:1: city"},
		{"format character", "", "", with(`"topics":["ok","Can\u202eary"]`), "rounds.jsonl:1: topics[1]"},
		{"too long", "", "", with(`"city":"` + strings.Repeat("Canary", 200) + `"`), "rounds.jsonl:1: city"},
		{"no id", "", "", `{"series":"s","status":"held","source":"x"}`, "rounds.jsonl:1: id"},
		{"id twice", "", "", goodRound + "\n" + goodRound, "rounds.jsonl:2: id"},
		{"no source", "", "", `{"id":"s-1","series":"s","status":"held"}`, "rounds.jsonl:1: source"},
		{"source null", "", "", `{"id":"s-1","series":"s","status":"held","source":null}`, "rounds.jsonl:1: source"},
		{"series without source", `{"id":"s","name":"Lake"}`, "", "", "series.jsonl:1: source"},
		{"body without source", "", `{"id":"inst","name":"Lake","kind":"agency"}`, "", "organisations.jsonl:1: source"},
		{"unknown series", "", "", strings.Replace(goodRound, `"s"`, `"canary"`, 1), "rounds.jsonl:1: series"},
		{"unknown body", "", "", with(`"organisations_named_publicly":[{"org":"canary","how_disclosed":"named"}]`), "rounds.jsonl:1: organisations_named_publicly[0].org"},
		{"body without words", "", "", with(`"organisations_named_publicly":[{"org":null,"how_disclosed":""}]`), "rounds.jsonl:1: organisations_named_publicly[0].how_disclosed"},
		{"unknown convener", "", "", with(`"co_conveners":["inst","canary"]`), "rounds.jsonl:1: co_conveners[1]"},
		{"unknown supporter", "", "", with(`"supporters":["canary"]`), "rounds.jsonl:1: supporters[0]"},
		{"unknown convener of a series", `{"id":"s","name":"Lake","conveners":["canary"],"source":"x"}`, "", "", "series.jsonl:1: conveners[0]"},
		{"unknown parent", "", strings.Replace(goodOrgs, `"parent":"inst"`, `"parent":"canary"`, 1), "", "organisations.jsonl:2: parent"},
		{"its own forebear", "", strings.Replace(goodOrgs, `"id":"inst"`, `"id":"inst","parent":"navy"`, 1), "", "organisations.jsonl:1: parent"},
		{"unknown likeness", "", strings.Replace(goodOrgs, `["navy"]`, `["canary"]`, 1), "", "organisations.jsonl:3: confusable_with[0]"},
		{"impossible date", "", "", with(`"start":"2017-02-30"`), "rounds.jsonl:1: start"},
		{"date in words", "", "", with(`"not_after":"Canary 2017"`), "rounds.jsonl:1: not_after"},
		{"end before start", "", "", with(`"start":"2017-02-03","end":"2017-02-01"`), "rounds.jsonl:1: end"},
		{"bounds crossed", "", "", with(`"not_before":"2018","not_after":"2017"`), "rounds.jsonl:1: not_after"},
		{"impossible date of an output", "", "", with(`"outputs":[{"kind":"summary","title":"T","date":"2017-13"}]`), "rounds.jsonl:1: outputs[0].date"},
		{"precision", "", "", with(`"date_precision":"week"`), "rounds.jsonl:1: date_precision"},
		{"status", "", "", strings.Replace(goodRound, "held", "canary", 1), "rounds.jsonl:1: status"},
		{"country", "", "", with(`"country":"Canary"`), "rounds.jsonl:1: country"},
		{"ordinal", "", "", with(`"ordinal":0`), "rounds.jsonl:1: ordinal"},
		{"ordinal with a fraction", "", "", with(`"ordinal":1.5`), "rounds.jsonl:1: ordinal"},
		{"script as an address", "", "", with(`"outputs":[{"kind":"summary","title":"T","url":"javascript:canary()"}]`), "rounds.jsonl:1: outputs[0].url"},
		{"null list", "", "", with(`"topics":null`), "rounds.jsonl:1: topics"},
		{"volume", "", "", with(`"outputs":[{"kind":"summary","title":"T","volume":1.5}]`), "rounds.jsonl:1: outputs[0].volume"},
		{"fact without fields", "", "", with(`"facts":[{"url":"https://example.org"}]`), "rounds.jsonl:1: facts[0].fields"},
		{"kind of a body", "", `{"id":"inst","name":"Lake","kind":"canary","source":"x"}`, "", "organisations.jsonl:1: kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			or := func(s, good string) string {
				if s == "" {
					return good
				}
				return s
			}
			_, err := Open(archive(or(tt.series, goodSeries), or(tt.organisations, goodOrgs), or(tt.rounds, goodRound)))
			var fields []string
			for _, e := range fault.All(err) {
				fields = append(fields, e.Field)
				if e.Kind != fault.Invalid {
					t.Errorf("kind %v", e.Kind)
				}
				if strings.Contains(strings.ToLower(e.Text), "canary") {
					t.Errorf("the error repeats what was typed: %s", e.Text)
				}
			}
			if !slices.Contains(fields, tt.field) {
				t.Errorf("fields %q, want %q among them", fields, tt.field)
			}
		})
	}
}

func TestMissingFileIsNamed(t *testing.T) {
	for _, file := range []string{SeriesFile, OrganisationsFile, RoundsFile} {
		fsys := archive(goodSeries, goodOrgs, goodRound)
		delete(fsys, file)
		_, err := Open(fsys)
		if all := fault.All(err); len(all) == 0 || !slices.ContainsFunc(all, func(e *fault.Error) bool { return e.Field == file }) {
			t.Errorf("%s is missing: %v", file, err)
		}
	}
}

func TestOpenGivesUpAfterTwentyErrors(t *testing.T) {
	_, err := Open(archive(goodSeries, goodOrgs, strings.Repeat("{}\n", 1000)))
	if n := len(fault.All(err)); n < maxErrors || n > 2*maxErrors {
		t.Errorf("%d errors", n)
	}
}

func TestDates(t *testing.T) {
	type dates struct{ Opens, Closes, NotBefore, NotAfter record.Date }
	for _, tt := range []struct {
		fields string
		want   dates
	}{
		{`"start":"2014-03-31","end":"2014-04-01","date_precision":"day"`, dates{"2014-03-31", "2014-04-01", "", ""}},
		{`"start":"2017-01","date_precision":"month"`, dates{"2017-01", "", "", ""}},
		{`"start":"2017-01-11","end":"2017-01-12","date_precision":"month"`, dates{"2017-01", "2017-01", "", ""}},
		{`"start":"2017-01-11","date_precision":"year"`, dates{"2017", "", "", ""}},
		{`"end":"2016-09-28","date_precision":"unknown"`, dates{"", "", "", "2016-09-28"}},
		{`"end":"2016-09-28","not_after":"2016-10"`, dates{"", "", "", "2016-09-28"}},
		{`"end":"2016-10-28","not_after":"2016-09"`, dates{"", "", "", "2016-09"}},
		{`"not_before":"2017-12-02"`, dates{"", "", "2017-12-02", ""}},
		{`"start":null,"end":null,"date_precision":"unknown","not_before":null,"not_after":"2012-06"`, dates{"", "", "", "2012-06"}},
	} {
		r := entry(t, with(tt.fields)).Round
		if got := (dates{r.Opens, r.Closes, r.NotBefore, r.NotAfter}); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.fields, got, tt.want)
		}
	}
}

func TestLabelIsTheStatedOneOrTheOrdinal(t *testing.T) {
	for n, want := range map[int64]string{
		1: "1st round", 2: "2nd round", 3: "3rd round", 4: "4th round", 10: "10th round", 11: "11th round", 12: "12th round",
		13: "13th round", 21: "21st round", 22: "22nd round", 101: "101st round", 111: "111th round", 112: "112th round",
	} {
		if got := entry(t, with(fmt.Sprintf(`"ordinal":%d`, n))).Round.OrdinalLabel; got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := entry(t, with(`"ordinal":7,"ordinal_label":"Round VII"`)).Round.OrdinalLabel; got != "Round VII" {
		t.Errorf("stated label lost: %q", got)
	}
	if got := entry(t, goodRound).Round.OrdinalLabel; got != "" {
		t.Errorf("label from nowhere: %q", got)
	}
}

func TestPresences(t *testing.T) {
	got := entry(t, with(`"co_conveners":["inst","inst"],"supporters":["navy","inst"],"organisations_named_publicly":[
		{"org":"inst","side":"XA","how_disclosed":"convener"},
		{"org":"inst","side":"XA","how_disclosed":"again"},
		{"org":"cat","side":"XA","how_disclosed":"category only"},
		{"org":null,"side":"Norlund","how_disclosed":"independent researchers"},
		{"org":"navy","side":"Vestria","how_disclosed":"named"}]`)).Round.Presences
	want := []record.Presence{
		{OrganisationID: "inst", SideID: "XA", Role: record.Convener, Label: record.Exact, Disclosed: "convener"},
		{OrganisationID: "cat", SideID: "XA", Label: record.ByCategory, CategoryID: "cat", Disclosed: "category only"},
		{Words: "independent researchers", SideID: "Norlund", Label: record.Exact},
		{OrganisationID: "navy", Role: record.Supporter, Label: record.Exact, Disclosed: "named"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRulesNameAPresetOnlyWhereItIsClear(t *testing.T) {
	for stated, preset := range map[string]string{
		`"Chatham House Rule"`: "chatham_house",
		`"participants may not publicise details","off the record"`: "details_forfeited",
		`"off the record","private capacity"`:                       "",
		`"everything is on the record"`:                             "",
	} {
		g := entry(t, with(`"rules_stated":[`+stated+`]`)).Round.Rules
		if g.Preset != preset || !g.TextPublic || g.Text == "" {
			t.Errorf("%s: %+v", stated, g)
		}
	}
	if g := entry(t, goodRound).Round.Rules; g.TextPublic || g.Text != "" || g.Preset != "" {
		t.Errorf("rules from nowhere: %+v", g)
	}
}

func TestOutputs(t *testing.T) {
	got := entry(t, with(`"outputs":[{"kind":"participant observation","title":"Three Observations","authors":["Michael Sulmeyer","Amy Chang"],
		"outlet":"Lawfare","date":"2017-01-22","url":"https://lawfaremedia.org/x","lang":"en","citation_given":"As given.","contact":"Canary Project","note":"Canary"},
		{"kind":"retrospective","title":"T","outlet":"Issues & Insights","volume":14,"issue":"CR2"}]`)).Outputs
	want := []record.Output{
		{
			SeriesID: "s", RoundID: "s-1", Kind: record.ParticipantPiece, External: true, Compiled: true,
			Draft: record.Draft{
				Number: 1, Title: "Three Observations", Lang: "en", Outlet: "Lawfare", Date: "2017-01-22",
				URL: "https://lawfaremedia.org/x", Citation: "As given.",
				Authors: []record.Author{{Family: "Sulmeyer", Given: "Michael"}, {Family: "Chang", Given: "Amy"}},
			},
		},
		{
			SeriesID: "s", RoundID: "s-1", Kind: record.Commentary, External: true, Compiled: true,
			Draft: record.Draft{Number: 1, Title: "T", Outlet: "Issues & Insights, vol. 14, CR2"},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestSourcesStandByTheirFacts(t *testing.T) {
	got := entry(t, with(`"facts":[{"fields":["all"],"url":"https://example.org/r"},{"fields":["co_conveners","outputs[1].date"],"url":"https://example.org/b"},
		{"fields":["not_after"],"url":"https://example.org/b"},{"fields":["city"]}]`)).Round.Sources
	want := []record.Source{
		{URL: "https://example.org/r"},
		{URL: "https://example.org/b", Fields: []string{"conveners", "text 2 (date)", "latest date"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Working remarks have no way into an entry.
func TestRemarksStayBehind(t *testing.T) {
	a, err := Open(archive(
		strings.TrimSuffix(goodSeries, "}")+`,"note":"canary","track_basis":"canary"}`,
		strings.ReplaceAll(goodOrgs, `"kind"`, `"note":"canary","kind"`),
		with(`"headcount":{"canary":[1,2]},"headcount_text":"canary","test_quirks":["canary"],"series_name":"canary","outputs":[{"kind":"summary","title":"T","note":"canary","funding":"canary"}]`),
	))
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%+v %+v", a.Series, a.Organisations)
	for r, err := range a.Rounds() {
		if err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprintf("%+v", r)
	}
	if strings.Contains(all, "canary") {
		t.Errorf("a remark came through: %s", all)
	}
}

func TestParties(t *testing.T) {
	a, err := Open(archive(strings.Replace(goodSeries, `"XA","Norlund"`, `"US","EU","KP","XA","Norlund","US"`, 1), goodOrgs, goodRound))
	if err != nil {
		t.Fatal(err)
	}
	want := []record.Side{
		{ID: "US", Name: "United States", Country: "US"},
		{ID: "EU", Name: "European Union", Country: "EU"},
		{ID: "KP", Name: "North Korea", Country: "KP"},
		{ID: "XA", Name: "XA", Country: "XA"},
		{ID: "Norlund", Name: "Norlund"},
	}
	if d := cmp.Diff(want, a.Series[0].Entry.Sides); d != "" {
		t.Error(d)
	}
}

func TestAuthor(t *testing.T) {
	for name, want := range map[string]record.Author{
		"Adam Segal":             {Given: "Adam", Family: "Segal"},
		"Segal, Adam":            {Given: "Adam", Family: "Segal"},
		"James Andrew Lewis":     {Given: "James Andrew", Family: "Lewis"},
		"Jan van der Meer":       {Given: "Jan", Family: "van der Meer"},
		"Plato":                  {Literal: "Plato"},
		"王缉思":                    {Literal: "王缉思"},
		"The Genron NPO":         {Literal: "The Genron NPO"},
		"Institute of Lakes":     {Literal: "Institute of Lakes"},
		"Cossa, Ralph, and Else": {Literal: "Cossa, Ralph, and Else"},
	} {
		if got := author(name); got != want {
			t.Errorf("%q: %+v, want %+v", name, got, want)
		}
	}
}

// Equal lines are one entry; a line that says something else is another.
func TestDigestIsOfTheLine(t *testing.T) {
	digests := func(s string) (all []string) {
		a, err := Open(archive(goodSeries, goodOrgs, s))
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range a.Rounds() {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, r.Where+" "+r.Digest)
		}
		return all
	}
	one := digests(goodRound)
	if other := digests("\r\n" + goodRound + " \r\n"); one[0][len("rounds.jsonl:1"):] != other[0][len("rounds.jsonl:2"):] || !strings.HasPrefix(other[0], "rounds.jsonl:2 ") {
		t.Errorf("%q and %q", one, other)
	}
	if other := digests(with(`"city":"Lakeside"`)); one[0] == other[0] {
		t.Error("a changed line has the same digest")
	}
}

// Whatever stands in the files, Open answers with entries or with errors that
// name a file; it never fails otherwise, and what it lets pass comes back
// whole from Rounds.
func FuzzOpen(f *testing.F) {
	f.Add(goodSeries, goodOrgs, goodRound)
	f.Add(goodSeries, goodOrgs, with(`"start":"2017","outputs":[{"kind":"x","title":"T","volume":3}],"facts":[{"fields":["all"]}]`))
	f.Add("{", "[]", "null\n\"\"")
	f.Add(`{"id":"s","name":"\ud800","source":"x"}`, "{}{}", "\x00")
	f.Fuzz(func(t *testing.T, series, organisations, rounds string) {
		a, err := Open(archive(series, organisations, rounds))
		if err != nil {
			for _, e := range fault.All(err) {
				if !strings.Contains(e.Field, ".jsonl") || e.Kind != fault.Invalid || strings.Contains(e.Field, "\n") {
					t.Errorf("%q: %v", e.Field, e)
				}
			}
			return
		}
		n := 0
		for r, err := range a.Rounds() {
			if err != nil {
				t.Fatal(err)
			}
			if r.Entry.Round.State == "" || len(r.Entry.Round.Sources) == 0 || !r.Entry.Round.Compiled {
				t.Errorf("%+v", r)
			}
			n++
		}
		if n != a.RoundCount {
			t.Errorf("%d rounds, %d counted", n, a.RoundCount)
		}
	})
}
