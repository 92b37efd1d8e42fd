package record

import (
	"strings"
	"testing"

	"track15/models/fault"
)

func inTwo() Draft {
	return Draft{
		Title: "Fog", Lang: "en", Body: "One.\n\nTwo.",
		Observations: []Observation{{ID: "a", Heading: "Boats", Text: "Late.", Translations: []Words{{"zh-Hans", "船", "晚。"}}}, {ID: "b", Text: "Rust.", Translations: []Words{{"zh-Hans", "", "锈。"}}}},
		Translations: []Translation{{"zh-Hans", "雾", "一。\n\n林若川说二。"}},
	}
}

func TestLanguages(t *testing.T) {
	d := inTwo()
	if err := d.Check(false); err != nil || len(d.Untranslated()) != 0 {
		t.Fatal(err, d.Untranslated())
	}
	for name, tt := range map[string]struct {
		do   func(*Draft)
		says string
	}{
		"the same twice":     {func(d *Draft) { d.Translations = append(d.Translations, Translation{"ZH-hans", "x", ""}) }, "stands there twice"},
		"its own":            {func(d *Draft) { d.Translations[0].Lang = "en" }, "stands there twice"},
		"none":               {func(d *Draft) { d.Translations[0].Lang = "" }, "language of each"},
		"no tag":             {func(d *Draft) { d.Translations[0].Lang = "Chinese!" }, "as its tag"},
		"no title":           {func(d *Draft) { d.Translations[0].Title = "" }, "title in each"},
		"of no language":     {func(d *Draft) { d.Lang = "" }, "authoritative"},
		"what others wrote":  {func(d *Draft) { d.Body = "" }, "its own language"},
		"a heading alone":    {func(d *Draft) { d.Observations[0].Translations = []Words{{"zh-Hans", "船", ""}} }, "needs a text"},
		"what is not to see": {func(d *Draft) { d.Translations[0].Body = "a\u202eb" }, "cannot be seen"},
	} {
		d := inTwo()
		tt.do(&d)
		if err := d.Check(name == "what others wrote"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, do := range map[string]func(*Draft){
		"no body":        func(d *Draft) { d.Translations[0].Body = "" },
		"no observation": func(d *Draft) { d.Observations[1].Translations = nil },
		"no heading":     func(d *Draft) { d.Observations[0].Translations = []Words{{"zh-Hans", "", "晚。"}} },
		"one too many":   func(d *Draft) { d.Body = "" },
	} {
		d := inTwo()
		if do(&d); len(d.Untranslated()) != 1 {
			t.Errorf("%s is whole", name)
		}
	}
	gone := inTwo()
	gone.Translations = nil
	if d := gone.Normal(); d.Observations[0].Translations != nil {
		t.Errorf("words in a language that went: %+v", d.Observations)
	}
}

// A side is shown each language, a person the passages of each that name them,
// and an edit in one language voids what was cleared.
func TestConsentBindsToEveryLanguage(t *testing.T) {
	d := inTwo()
	var places []string
	for _, p := range d.Whole().Passages {
		places = append(places, p.Place)
	}
	if got := strings.Join(places, "|"); !strings.HasSuffix(got, "|Observation 2|Title, zh-Hans|Paragraph 1, zh-Hans|Paragraph 2, zh-Hans|Observation 1, zh-Hans|Observation 2, zh-Hans") {
		t.Errorf("shown are %s", got)
	}
	edited, other := inTwo(), inTwo()
	edited.Translations[0].Body = "一。\n\n林若川说三。"
	other.Translations[0].Lang = "zh-Hant"
	for i := range other.Observations {
		other.Observations[i].Translations[0].Lang = "zh-Hant"
	}
	for _, o := range []Draft{edited, other} {
		if o.Whole().Same(d.Whole()) {
			t.Errorf("consent to %+v holds for %+v", d.Translations, o.Translations)
		}
	}
	lin := func(text string) bool { return Mentions(text, []string{"林若川"}) }
	if got := d.Naming(lin); len(got.Passages) != 1 || got.Passages[0].Lang != "zh-Hans" {
		t.Errorf("a person named in one language is shown %+v", got)
	}
	if got := d.Whole().ByLanguage(); len(got) != 2 || len(got[0]) != 5 || got[1][0].Text != "雾" {
		t.Errorf("by language: %+v", got)
	}
	a := answerOf(t, d, map[string]string{"Paragraph 2, zh-Hans": "林若川说三。\n\n四。", "Observation 1, zh-Hans": "船只\n很晚。", "Title, zh-Hans": "浓雾", "Title": "Thick fog"})
	got, err := d.TakingOver(a, false)
	if err != nil || !got.Whole().Same(a.Reply.Wording) || got.Translations[0].Title != "浓雾" || got.Observations[0].Translations[0] != (Words{"zh-Hans", "船只", "很晚。"}) {
		t.Errorf("taken over as %+v, %v", got, err)
	}
	if d.Translations[0].Title != "雾" || d.Observations[0].Translations[0].Heading != "船" {
		t.Error("the version before was changed")
	}
}

// A text in one language binds as it did before there were others: what was
// cleared then still stands.
func TestConsentToOneLanguageIsWhatItWas(t *testing.T) {
	d := Draft{Title: "Fog", Lang: "en", Body: "One."}
	if got := string(d.Whole().Bytes()); got != `{"lang":"en","whole":true,"texts":["Fog","One."]}` {
		t.Errorf("%s", got)
	}
}

func TestORCID(t *testing.T) {
	for in, want := range map[string]string{
		"0000-0002-1825-0097": "", "https://orcid.org/0000-0002-1694-233x": "", "0000 0001 5109 3700": "", "": "",
		"0000-0002-1825-0098": "last digit", "0000-0002-1825-00970": "Enter an ORCID", "X000-0002-1825-0097": "Enter an ORCID", "0000-0001-2825-0097": "last digit",
	} {
		d := Draft{Title: "T", Authors: []Author{{Family: "Lund", ORCID: in}}}.Normal()
		if err := d.Check(false); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
	d := Draft{Title: "T", Authors: []Author{{Family: "Lund", ORCID: "https://orcid.org/000000021694233x"}}}.Normal()
	if d.Authors[0].ORCID != "0000-0002-1694-233X" {
		t.Errorf("stored as %q", d.Authors[0].ORCID)
	}
	if err := (Draft{Title: "T", Authors: []Author{{Literal: "A house", ORCID: "0000-0002-1825-0097"}}}).Check(false); err == nil {
		t.Error("a body has an ORCID iD")
	}
}
