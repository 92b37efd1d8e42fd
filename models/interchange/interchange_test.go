package interchange_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"track15/models/fault"
	"track15/models/interchange"
)

func corpus(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/record.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// small is a file with one of everything.
const small = `{"format":"track15.record","version":1,"as_of":"2026-04-01",
"series":[{"id":"s","name":"Talks","aliases":["T"],"disclosure":"restricted"}],
"organisations":[{"id":"o","name":"Institute","acronyms":["I"],"aliases":[],"native_names":[{"lang":"ru","text":"Институт"}],"kind":"think_tank","country":"NO","disclosure":"disclosed"},
 {"id":"b","name":"Service","disclosure":"undisclosed"}],
"people":[{"id":"p","name":{"full":"Ada Birk","given":"Ada","family":"Birk","order":"given-family"},"country":"","native_names":[],"aliases":["A. Birk"]}],
"rounds":[{"id":"r","series":"s","number":3,"title":"Three","topics":["fish"],"start_date":"2025-02","end_date":null,"city":"Oslo","country":"NO","venue":{"name":"House","aliases":[]},"hosts":["o"],
 "disclosure":{"existence":"public","dates":"embargoed","venue":"embargoed","city":"public"},"embargo_until":"2026-01-01","ordinal_label":"third"}],
"participations":[{"id":"q","round":"r","person":"p","organisation":"o","acting_for":"b","role":"adviser","track":"1.5","clearance":{"name":"cleared","affiliation":"not_cleared","attribution":"not_cleared","cleared_on":"2025-03-01"},"disclosure_label":"side"}],
"notes":[{"id":"n","round":"r","session":0,"speaker":"p","taken_on":"2025-02-04","language":"en","text":"The map was turned."}],
"phrase_clearances":[{"id":"c","note":"n","quote":"The map","cleared_on":"2025-04-01","basis":"agreed"}],
"published":[{"id":"u","round":"r","title":"","published_on":"2025-03-01","text":"We met."}],
"public_sources":[{"id":"x","title":"Press","text":"They met."}],
"allow_list":[{"id":"a","kind":"name","value":"Ada Birk","scope":"public_role","reason":"minister"}]}`

func TestCorpusComesBackByteForByte(t *testing.T) {
	want := corpus(t)
	r, err := interchange.Read(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Append(nil)
	if err != nil || string(got) != strings.TrimSuffix(string(want), "\n")+"\n" {
		t.Fatalf("%v\n%s", err, cmp.Diff(string(want), string(got)))
	}
	if len(r.Notes) != 80 || r.Notes[0].Text == "" || len(r.PhraseClearances) != 4 {
		t.Errorf("%d notes, %d phrases", len(r.Notes), len(r.PhraseClearances))
	}
}

func TestEveryFieldIsReadAndWritten(t *testing.T) {
	r, err := interchange.Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if json.Unmarshal([]byte(small), &want) != nil || json.Unmarshal(b, &got) != nil {
		t.Fatal("no JSON")
	}
	fill(want.(map[string]any)["organisations"].([]any)[1].(map[string]any))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := schema(t).Validate(got); err != nil {
		t.Error(err)
	}
	again, err := interchange.Read(b)
	if err != nil || cmp.Diff(r.Rounds, again.Rounds) != "" || cmp.Diff(r.Participations, again.Participations) != "" {
		t.Errorf("%v", err)
	}
}

// fill adds what Append writes though the file left it out.
func fill(o map[string]any) {
	o["acronyms"], o["aliases"], o["native_names"], o["country"] = []any{}, []any{}, []any{}, ""
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("testdata/record.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		old, new string
		at       string
		unlisted bool // the schema does not know the rule
	}{
		"unknown field":        {`"id":"s","name"`, `"id":"s","nome"`, "/series/0/nome", false},
		"unknown field deep":   {`"order":"given-family"`, `"order":"given-family","middle":"x"`, "/people/0/name/middle", false},
		"missing":              {`"given":"Ada",`, ``, "/people/0/name/given", false},
		"missing list":         {`"notes":`, `"published":[],"Notes":`, "", false},
		"missing flag":         {`"dates":"embargoed",`, ``, "/rounds/0/disclosure/dates", false},
		"null name":            {`"family":"Birk"`, `"family":null`, "/people/0/name/family", false},
		"null list":            {`"aliases":["A. Birk"]`, `"aliases":null`, "/people/0/aliases", false},
		"null venue":           {`{"name":"House","aliases":[]}`, `null`, "/rounds/0/venue", false},
		"empty alias":          {`"aliases":["A. Birk"]`, `"aliases":[""]`, "/people/0/aliases/0", false},
		"empty name":           {`"name":"Talks"`, `"name":""`, "/series/0/name", false},
		"wrong type":           {`"name":{"full":"Ada Birk","given":"Ada","family":"Birk","order":"given-family"}`, `"name":"Ada Birk"`, "/people/0/name", false},
		"number as text":       {`"number":3`, `"number":"3"`, "/rounds/0/number", false},
		"number too low":       {`"number":3`, `"number":0`, "/rounds/0/number", false},
		"number in parts":      {`"number":3`, `"number":3.5`, "/rounds/0/number", false},
		"session below nought": {`"session":0`, `"session":-1`, "/notes/0/session", false},
		"session null":         {`"session":0`, `"session":null`, "/notes/0/session", false},
		"id in capitals":       {`"id":"s"`, `"id":"S"`, "/series/0/id", false},
		"id too long":          {`"id":"s"`, `"id":"` + strings.Repeat("s", 65) + `"`, "/series/0/id", false},
		"id with a line feed":  {`"id":"s"`, `"id":"s\n"`, "/series/0/id", false},
		"country":              {`"country":"NO","disclosure"`, `"country":"no","disclosure"`, "/organisations/0/country", false},
		"kind":                 {`"think_tank"`, `"think tank"`, "/organisations/0/kind", false},
		"flag":                 {`"dates":"embargoed"`, `"dates":"never"`, "/rounds/0/disclosure/dates", false},
		"clearance":            {`"name":"cleared"`, `"name":"yes"`, "/participations/0/clearance/name", false},
		"track":                {`"track":"1.5"`, `"track":"3"`, "/participations/0/track", false},
		"label":                {`"side"`, `""`, "/participations/0/disclosure_label", false},
		"scope":                {`"public_role"`, `"here"`, "/allow_list/0/scope", false},
		"no such day":          {`"embargo_until":"2026-01-01"`, `"embargo_until":"2026-02-30"`, "/rounds/0/embargo_until", false},
		"date too short":       {`"as_of":"2026-04-01"`, `"as_of":"2026-04"`, "/as_of", false},
		"cut date":             {`"2025-02"`, `"Feb 2025"`, "/rounds/0/start_date", false},
		"no such month":        {`"2025-02"`, `"2025-13"`, "/rounds/0/start_date", true},
		"ends first":           {`"end_date":null`, `"end_date":"2025-01-31"`, "/rounds/0/end_date", true},
		"version":              {`"version":1`, `"version":2`, "/version", false},
		"format":               {`"track15.record"`, `"track15.findings"`, "/format", false},
		"source with a round":  {`{"id":"x",`, `{"id":"x","round":"r",`, "/public_sources/0/round", false},
		"published undated":    {`"published_on":"2025-03-01",`, ``, "/published/0/published_on", false},
		"twice the field":      {`"id":"s",`, `"id":"s","id":"s",`, "/series/0/id", true},
		"twice the id":         {`{"id":"b",`, `{"id":"o",`, "/organisations/1/id", true},
		"dangling series":      {`"series":"s"`, `"series":"z"`, "/rounds/0/series", true},
		"dangling host":        {`"hosts":["o"]`, `"hosts":["o","z"]`, "/rounds/0/hosts/1", true},
		"dangling principal":   {`"acting_for":"b"`, `"acting_for":"z"`, "/participations/0/acting_for", true},
		"dangling speaker":     {`"speaker":"p"`, `"speaker":"z"`, "/notes/0/speaker", true},
		"dangling note":        {`"note":"n"`, `"note":"z"`, "/phrase_clearances/0/note", true},
		"dangling published":   {`"round":"r","title"`, `"round":"z","title"`, "/published/0/round", true},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(small, tt.old) {
				t.Fatal("the file has no such part")
			}
			b := strings.Replace(small, tt.old, tt.new, 1)
			_, err := interchange.Read([]byte(b))
			all := fault.All(err)
			if len(all) == 0 || all[0].Kind != fault.Invalid || all[0].Field != tt.at && tt.at != "" {
				t.Fatalf("%v, want %s", all, tt.at)
			}
			for _, canary := range []string{"Birk", "Ada", "Service", "map"} {
				if strings.Contains(all[0].Text, canary) {
					t.Errorf("%q tells the file's words", all[0].Text)
				}
			}
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(b))
			if err == nil && (schema(t).Validate(v) != nil) == tt.unlisted {
				t.Errorf("the schema says: %v", schema(t).Validate(v))
			}
		})
	}
}

func TestRefusesWhatIsNoFile(t *testing.T) {
	for _, b := range []string{"", "{", "[]", "null", small[:len(small)-1], small + "{}", "\xef\xbb\xbf" + small, strings.Replace(small, "Ada", "\xff", 1)} {
		if _, err := interchange.Read([]byte(b)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.20q: %v", b, err)
		}
	}
}

// What is read can be written, and says the same when it is read again; the
// schema's own validator agrees with whatever is accepted.
func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add(corpus(f))
	f.Add([]byte(strings.ReplaceAll(small, "null", `""`)))
	s := schema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := interchange.Read(b)
		if err != nil {
			return
		}
		one, err := r.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := interchange.Read(one)
		if err != nil {
			t.Fatalf("%v\n%s", err, one)
		}
		two, err := again.Append(nil)
		if err != nil || !bytes.Equal(one, two) {
			t.Fatalf("%v\n%s\n%s", err, one, two)
		}
		for _, file := range [][]byte{b, one} {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(v); err != nil {
				t.Fatalf("%v\n%s", err, file)
			}
		}
	})
}
