package record

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"track15/models/fault"
)

// fields returns the fields that err names, sorted, each once.
func fields(t *testing.T, err error) []string {
	t.Helper()
	var all []string
	for _, e := range fault.All(err) {
		if e.Kind != fault.Invalid || e.Field == "" || e.Text == "" {
			t.Errorf("%+v", e)
		}
		all = append(all, e.Field)
	}
	if err != nil && len(all) == 0 {
		t.Errorf("not classified: %v", err)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestSeriesCheck(t *testing.T) {
	good := Series{Name: "Lake Dialogue", Sides: []Side{{Name: "Kasmere", Country: "XA"}, {Name: "Vestria"}}, Sources: []Source{{URL: "general knowledge"}, {URL: "https://example.org"}}}
	for name, tt := range map[string]struct {
		change func(*Series)
		want   []string
	}{
		"good":             {func(*Series) {}, nil},
		"no name":          {func(s *Series) { s.Name = "" }, []string{"name"}},
		"nameless side":    {func(s *Series) { s.Sides[0].Name = "" }, []string{"sides"}},
		"same side twice":  {func(s *Series) { s.Sides[1].Name = "Kasmere" }, []string{"sides"}},
		"no such country":  {func(s *Series) { s.Sides[0].Country = "XX1" }, []string{"sides"}},
		"other names":      {func(s *Series) { s.OtherNames = []string{"ok", "a\x00b"} }, []string{"other_names"}},
		"script as source": {func(s *Series) { s.Sources[0].URL = "javascript:alert(1)" }, []string{"sources"}},
		"everything":       {func(s *Series) { *s = Series{Track: "1\n5"} }, []string{"name", "track"}},
	} {
		s := good
		s.Sides, s.Sources = slices.Clone(s.Sides), slices.Clone(s.Sources)
		tt.change(&s)
		if got := fields(t, s.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestRoundCheck(t *testing.T) {
	good := Round{SeriesID: "s", State: Held, Opens: "2017-01-11", Closes: "2017-01-12", City: "Beijing", Country: "CN"}
	for name, tt := range map[string]struct {
		change func(*Round)
		want   []string
	}{
		"good":              {func(*Round) {}, nil},
		"only a bound":      {func(r *Round) { r.Opens, r.Closes, r.NotAfter = "", "", "2012-06" }, nil},
		"same month":        {func(r *Round) { r.Opens, r.Closes = "2017-01-31", "2017-01" }, nil},
		"no series":         {func(r *Round) { r.SeriesID = "" }, []string{"series"}},
		"no state":          {func(r *Round) { r.State = "" }, []string{"state"}},
		"impossible":        {func(r *Round) { r.Opens, r.Closes = "2017-02-29", "" }, []string{"opens"}},
		"backwards":         {func(r *Round) { r.Closes = "2016" }, []string{"closes"}},
		"bounds backwards":  {func(r *Round) { r.NotBefore, r.NotAfter = "2018", "2017-12-31" }, []string{"not_after"}},
		"end without start": {func(r *Round) { r.Opens = "" }, []string{"opens"}},
		"country":           {func(r *Round) { r.Country = "cn" }, []string{"country"}},
		"1 MiB":             {func(r *Round) { r.InternalTitle = strings.Repeat("a", 1<<20) }, []string{"internal_title"}},
		"NUL":               {func(r *Round) { r.Venue = "a\x00" }, []string{"venue"}},
		"not UTF-8":         {func(r *Round) { r.City = "a\xff" }, []string{"city"}},
		"right to left":     {func(r *Round) { r.OrdinalLabel = "10\u202e" }, []string{"ordinal_label"}},
		"topic":             {func(r *Round) { r.Topics = []string{"a\nb"} }, []string{"topics"}},
		"summary":           {func(r *Round) { r.Summary = "a\u200bb" }, []string{"summary"}},
	} {
		r := good
		tt.change(&r)
		if got := fields(t, r.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestOrganisationCheck(t *testing.T) {
	good := Organisation{ID: "o", Name: "Lake Institute", Kind: ThinkTank, Country: "XA", Native: []Name{{Text: "Seehaus", Lang: "de-CH"}}}
	for name, tt := range map[string]struct {
		change func(*Organisation)
		want   []string
	}{
		"good":                {func(*Organisation) {}, nil},
		"private tag":         {func(o *Organisation) { o.Native[0].Lang = "art-x-lake" }, nil},
		"no name":             {func(o *Organisation) { o.Name = "" }, []string{"name"}},
		"no kind":             {func(o *Organisation) { o.Kind = "" }, []string{"kind"}},
		"own parent":          {func(o *Organisation) { o.ParentID = "o" }, []string{"parent"}},
		"language missing":    {func(o *Organisation) { o.Native[0].Lang = "" }, []string{"native"}},
		"language with space": {func(o *Organisation) { o.Native[0].Lang = "de CH" }, []string{"native"}},
		"alias":               {func(o *Organisation) { o.Aliases = []string{strings.Repeat("a", MaxLine+1)} }, []string{"aliases"}},
	} {
		o := good
		o.Native = slices.Clone(o.Native)
		tt.change(&o)
		if got := fields(t, o.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

var directory = map[string]Organisation{
	"body":    {ID: "body", Kind: Ministry, ParentID: "top"},
	"top":     {ID: "top", Kind: Ministry},
	"badge":   {ID: "badge", Kind: ThinkTank},
	"cat":     {ID: "cat", Kind: Category, AtLeastThree: true},
	"few":     {ID: "few", Kind: Category},
	"broader": {ID: "broader", Kind: Category, AtLeastThree: true},
}

func find(id string) (Organisation, bool) {
	o, ok := directory[id]
	return o, ok
}

func TestPresenceCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		p    Presence
		want []string
	}{
		"withheld":                       {Presence{OrganisationID: "body"}, nil},
		"exact":                          {Presence{OrganisationID: "body", Label: Exact, Track: "1", Role: Convener}, nil},
		"parent":                         {Presence{OrganisationID: "body", Label: ByParent}, nil},
		"no parent":                      {Presence{OrganisationID: "top", Label: ByParent}, []string{"label"}},
		"side":                           {Presence{OrganisationID: "body", Label: BySide, SideID: "s"}, nil},
		"side missing":                   {Presence{OrganisationID: "body", Label: BySide}, []string{"side"}},
		"category":                       {Presence{OrganisationID: "body", Label: ByCategory, CategoryID: "cat"}, nil},
		"category missing":               {Presence{OrganisationID: "body", Label: ByCategory}, []string{"category"}},
		"category that is a body":        {Presence{OrganisationID: "body", Label: ByCategory, CategoryID: "top"}, []string{"category"}},
		"category nobody knows":          {Presence{OrganisationID: "body", Label: ByCategory, CategoryID: "none"}, []string{"category"}},
		"category of fewer than three":   {Presence{OrganisationID: "body", Label: ByCategory, CategoryID: "few"}, []string{"category"}},
		"category entry":                 {Presence{OrganisationID: "cat", Label: ByCategory}, nil},
		"category entry as itself":       {Presence{OrganisationID: "cat", Label: ByCategory, CategoryID: "cat"}, nil},
		"category entry as another":      {Presence{OrganisationID: "cat", Label: ByCategory, CategoryID: "broader"}, []string{"category"}},
		"category entry of few":          {Presence{OrganisationID: "few", Label: ByCategory}, []string{"category"}},
		"category entry withheld":        {Presence{OrganisationID: "few"}, nil},
		"category entry by name":         {Presence{OrganisationID: "cat", Label: Exact}, []string{"label"}},
		"true body withheld":             {Presence{OrganisationID: "body", AttendsThroughID: "badge"}, nil},
		"true body by category":          {Presence{OrganisationID: "body", AttendsThroughID: "badge", Label: ByCategory, CategoryID: "cat"}, nil},
		"true body by side":              {Presence{OrganisationID: "body", AttendsThroughID: "badge", Label: BySide, SideID: "s"}, nil},
		"true body by name":              {Presence{OrganisationID: "body", AttendsThroughID: "badge", Label: Exact}, []string{"label"}},
		"true body by parent":            {Presence{OrganisationID: "body", AttendsThroughID: "badge", Label: ByParent}, []string{"label"}},
		"through itself":                 {Presence{OrganisationID: "body", AttendsThroughID: "body"}, []string{"attends_through"}},
		"through a category":             {Presence{OrganisationID: "body", AttendsThroughID: "cat"}, []string{"attends_through"}},
		"through nobody":                 {Presence{OrganisationID: "body", AttendsThroughID: "none"}, []string{"attends_through"}},
		"category through another":       {Presence{OrganisationID: "cat", AttendsThroughID: "badge"}, []string{"attends_through"}},
		"words":                          {Presence{Words: "independent researchers", Label: Exact}, nil},
		"words withheld":                 {Presence{Words: "independent researchers"}, nil},
		"words by category":              {Presence{Words: "researchers", Label: ByCategory, CategoryID: "cat"}, []string{"label"}},
		"words through another":          {Presence{Words: "freelance", AttendsThroughID: "badge"}, nil},
		"words through another by side":  {Presence{Words: "freelance", AttendsThroughID: "badge", Label: BySide, SideID: "s"}, nil},
		"words through another as given": {Presence{Words: "freelance", AttendsThroughID: "badge", Label: Exact}, []string{"label"}},
		"words as a category":            {Presence{Words: "freelance", AttendsThroughID: "badge", Label: ByCategory, CategoryID: "cat"}, nil},
		"words as no category":           {Presence{Words: "freelance", AttendsThroughID: "badge", Label: ByCategory}, []string{"category"}},
		"words through nobody":           {Presence{Words: "freelance", AttendsThroughID: "none"}, []string{"attends_through"}},
		"words through a category":       {Presence{Words: "freelance", AttendsThroughID: "cat"}, []string{"attends_through"}},
		"words and a body":               {Presence{Words: "researchers", OrganisationID: "body"}, []string{"words"}},
		"nobody":                         {Presence{}, []string{"organisation"}},
		"unknown body":                   {Presence{OrganisationID: "none"}, []string{"organisation"}},
		"label, track and role unknown":  {Presence{OrganisationID: "body", Label: "public", Track: "3", Role: "spy"}, []string{"label", "role", "track"}},
		"words with a character unseen":  {Presence{Words: "a\u2060b", Label: Exact}, []string{"words"}},
		"disclosed words of many a line": {Presence{OrganisationID: "body", Disclosed: "a\nb"}, []string{"disclosed"}},
	} {
		if got := fields(t, tt.p.Check(find)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// Whatever is chosen, a presence that passes never shows a true affiliation by
// name, and shows a category only where at least three bodies stand behind it.
func TestPresenceThatPassesWithholds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) string {
			return rapid.SampledFrom([]string{"", "body", "top", "badge", "cat", "few", "broader", "none"}).Draw(t, name)
		}
		p := Presence{
			OrganisationID: some("body"), AttendsThroughID: some("badge"), CategoryID: some("category"),
			Label:  rapid.SampledFrom(append(DisclosureLabels, "public")).Draw(t, "label"),
			SideID: rapid.SampledFrom([]string{"", "s"}).Draw(t, "side"),
		}.Normal()
		if p.Check(find) != nil {
			return
		}
		if p.AttendsThroughID != "" && (p.Label == Exact || p.Label == ByParent) {
			t.Fatalf("true affiliation shown: %+v", p)
		}
		if p.Label == ByCategory {
			shown := p.CategoryID
			if shown == "" {
				shown = p.OrganisationID
			}
			if c := directory[shown]; c.Kind != Category || !c.AtLeastThree {
				t.Fatalf("category shown: %+v", p)
			}
		}
	})
}

func TestRulesCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		rules GroundRules
		want  []string
	}{
		"closed":     {GroundRules{}, nil},
		"preset":     {GroundRules{Preset: "chatham_house", Vector: PresetOf("chatham_house").Vector, Text: "The Rule.\nAll of it."}, nil},
		"no preset":  {GroundRules{Preset: "open"}, []string{"preset"}},
		"aspect":     {GroundRules{Vector: map[Aspect]Permission{"names": Free}}, []string{"vector"}},
		"permission": {GroundRules{Vector: map[Aspect]Permission{AspectCity: "always"}}, []string{"vector"}},
		"basis":      {GroundRules{Cleared: map[Aspect]string{AspectCity: "a\nb"}}, []string{"cleared"}},
		"text":       {GroundRules{Text: strings.Repeat("a", MaxText+1)}, []string{"text"}},
	} {
		if got := fields(t, tt.rules.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestOutputCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		output Output
		want   []string
	}{
		"own text":           {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Body: "B", Lang: "zh-Hans"}}, nil},
		"citation":           {Output{SeriesID: "s", Kind: ParticipantPiece, External: true, Draft: Draft{Title: "T", URL: "https://example.org", Date: "2017-01"}}, nil},
		"nothing":            {Output{}, []string{"kind", "series", "title"}},
		"others' text":       {Output{SeriesID: "s", Kind: Summary, External: true, Draft: Draft{Title: "T", Body: "copied"}}, []string{"body"}},
		"script":             {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", URL: "javascript:x"}}, []string{"url"}},
		"user in address":    {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", URL: "https://a:b@example.org"}}, []string{"url"}},
		"date":               {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Date: "yesterday"}}, []string{"date"}},
		"author in halves":   {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Authors: []Author{{Given: "Ann"}}}}, []string{"authors"}},
		"author twice":       {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Authors: []Author{{Family: "A", Literal: "B"}}}}, []string{"authors"}},
		"empty observation":  {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Observations: []Observation{{Heading: "H"}}}}, []string{"observations"}},
		"hidden observation": {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Observations: []Observation{{Text: "a\ue000"}}}}, []string{"observations"}},
		"1 MiB body":         {Output{SeriesID: "s", Kind: Summary, Draft: Draft{Title: "T", Body: strings.Repeat("a", 1<<20)}}, []string{"body"}},
	} {
		if got := fields(t, tt.output.Check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestAccountCheck(t *testing.T) {
	good := Account{Email: "pia@example.org", Name: "Pia", Grants: []Grant{{Role: Editor, SeriesID: AllSeries}}}
	for email, ok := range map[string]bool{"pia@example.org": true, "a+b@x": true, "": false, "pia": false, "@x": false, "a@": false, "a b@x": false, "a@b@c": false, "a@b\x00": false} {
		a := good
		a.Email = email
		if got := a.Check() == nil; got != ok {
			t.Errorf("%q: %v", email, got)
		}
	}
	bad := Account{Email: "pia@example.org", Grants: []Grant{{Role: "king"}}}
	if got := fields(t, bad.Check()); !slices.Equal(got, []string{"name", "role", "series"}) {
		t.Errorf("%q", got)
	}
}

func TestNormal(t *testing.T) {
	e := "e\u0301" // é in two characters
	if d := cmp.Diff(
		Series{Name: "é", OtherNames: []string{"a"}, Sides: []Side{{Name: "Kasmere", Country: "XA"}}, Sources: []Source{{URL: "https://example.org"}}},
		Series{Name: " " + e + "\n", OtherNames: []string{" ", "a "}, Sides: []Side{{Name: "Kasmere ", Country: "xa"}}, Sources: []Source{{URL: " https://example.org "}, {}}}.Normal(),
	); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(
		Draft{Title: "T", Body: "a\n\nb", Observations: []Observation{{Text: "x"}}, Authors: []Author{{Family: "A"}}},
		Draft{Title: " T", Body: "\r\na\r\n\rb \n", Observations: []Observation{{ID: "1"}, {Text: "x\r\n"}}, Authors: []Author{{}, {Family: "A "}}}.Normal(),
	); d != "" {
		t.Error(d)
	}
	if p := (Presence{OrganisationID: "o", Label: Exact, CategoryID: "cat"}).Normal(); p.CategoryID != "" {
		t.Error("a category stays where it is not shown")
	}
	g := GroundRules{
		Vector:  map[Aspect]Permission{AspectCity: Never, AspectDates: WithClearance, AspectTopics: Free},
		Cleared: map[Aspect]string{AspectCity: "x", AspectTopics: "x", AspectDates: " letter "}, TextPublic: true,
	}.Normal()
	if d := cmp.Diff(GroundRules{Vector: map[Aspect]Permission{AspectDates: WithClearance, AspectTopics: Free}, Cleared: map[Aspect]string{AspectDates: "letter"}}, g); d != "" {
		t.Error(d)
	}
	if a := (Account{Email: " Pia@Example.ORG "}).Normal(); a.Email != "pia@example.org" {
		t.Error(a.Email)
	}
}

// Bringing an entry into its form twice changes nothing, and leaves the
// caller's lists alone.
func TestNormalTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.String(), 0, 4)
		s := Series{Name: rapid.String().Draw(t, "name"), OtherNames: texts.Draw(t, "others"), Sides: []Side{{Name: rapid.String().Draw(t, "side"), Country: "xa"}}}
		d := Draft{
			Title: rapid.String().Draw(t, "title"), Body: rapid.String().Draw(t, "body"), Observations: []Observation{{Text: rapid.String().Draw(t, "text"), Translations: []Words{{"zh", " h ", rapid.String().Draw(t, "words")}, {"ru", "", "gone"}}}},
			Translations: []Translation{{"zh", "t", ""}, {Lang: "fr"}},
		}
		sides, observations := slices.Clone(s.Sides), slices.Clone(d.Observations)
		s1, d1 := s.Normal(), d.Normal()
		if diff := cmp.Diff(s1, s1.Normal()) + cmp.Diff(d1, d1.Normal()); diff != "" {
			t.Fatal(diff)
		}
		if !slices.Equal(sides, s.Sides) || !cmp.Equal(observations, d.Observations) {
			t.Fatal("the caller's list changed")
		}
	})
}

func TestCheckCountry(t *testing.T) {
	for c, ok := range map[string]bool{
		"": true, "CH": true, "EU": true, "XA": true, "XZ": true, "QM": true, "QZ": true, "AA": true, "ZZ": true, "XK": true,
		"ch": false, "QL": false, "YY": false, "A": false, "CHE": false, " C": false, "H ": false, "C\n": false,
	} {
		if got := CheckCountry("country", c) == nil; got != ok {
			t.Errorf("%q: %v", c, got)
		}
	}
	if n := len(strings.Fields(countries)); n != 249+2 {
		t.Errorf("%d codes", n)
	}
}

func TestFold(t *testing.T) {
	for _, tt := range [][2]string{
		{"Élysée", "elysee"},
		{"Institut für Außenpolitik", "institut fur aussenpolitik"},
		{"ＣＮＣＥＲＴ／ＣＣ", "cncert/cc"},
		{"  Two \u3000 words\n", "two words"},
		{"Học viện Ngoại giao", "hoc vien ngoai giao"},
		{"МИД России", "мид россии"},
		{"国家互联网信息办公室", "国家互联网信息办公室"},
		{"조선민주주의", "조선민주주의"},
		{"ﬁne", "fine"},
	} {
		if got := Fold(tt[0]); got != tt[1] {
			t.Errorf("%q: %q, want %q", tt[0], got, tt[1])
		}
	}
	if Fold("ガ") == Fold("カ") {
		t.Error("two letters became one")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Fold(s); Fold(once) != once {
			t.Fatalf("%q: %q, then %q", s, once, Fold(once))
		}
	})
	for r := range rune(0x20000) {
		if once := Fold(string(r)); Fold(once) != once || Fold(string(unicode.ToUpper(r))) != Fold(string(unicode.ToLower(unicode.ToUpper(r)))) {
			t.Errorf("%U: %q, then %q; as a capital %q", r, once, Fold(once), Fold(string(unicode.ToUpper(r))))
		}
	}
}
