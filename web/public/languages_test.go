package public

import (
	"testing"

	"track15/models/published"
)

// A text in two languages shows both, each marked as what it is, and says which
// one holds; search finds it by the words of either; it is cited in its own.
func TestTextInTwoLanguages(t *testing.T) {
	w := aWorld(t)
	about := normsRound(5)
	w.release(t, []any{published.Output{
		Head: sample(head(published.KindOutput, "kasmere-5-joint")), OutputKind: "joint statement", Title: "On fog horns", Lang: "en", Series: norms, Round: &about,
		Body: "A horn was proposed.", Acknowledgements: "With thanks to friends.",
		Authors:      []published.Author{{Family: "Lund", Given: "Ada", ORCID: "0000-0002-1825-0097"}, {Literal: "Harbour Institute"}},
		Observations: []published.Observation{{Slug: "kasmere-5-joint-observation-1", Number: 1, Heading: "Of boats", Text: "Small boats hear late."}},
		Translations: []published.Translation{{Lang: "zh-Hans", Title: "论雾笛", Body: "有人提议装雾笛。", Observations: []published.Words{{Slug: "kasmere-5-joint-observation-1", Heading: "关于船只", Text: "小船听见得晚。"}}}},
	}})
	for _, tt := range []struct {
		url         string
		has, hasNot []found
	}{
		{
			"/rounds/kasmere-5",
			[]found{
				{"#text-kasmere-5-joint .languages a[lang=en][hreflang=en][href='#text-kasmere-5-joint']", "English"},
				{".languages li:first-child", "authoritative"},
				{".languages a[hreflang=zh-Hans][href='#text-kasmere-5-joint-zh-Hans']", "中文"},
				{"#text-kasmere-5-joint-zh-Hans[lang=zh-Hans] h3", "论雾笛"},
				{"#text-kasmere-5-joint-zh-Hans[lang=zh-Hans] .prose", "有人提议装雾笛。"},
				{"#text-kasmere-5-joint-zh-Hans li", "小船听见得晚。"},
				{"#text-kasmere-5-joint-zh-Hans p[lang=en]", "The text in English is authoritative."},
				{"#text-kasmere-5-joint", "With thanks to friends."},
				{"#text-kasmere-5-joint a[href='https://orcid.org/0000-0002-1825-0097']", "0000-0002-1825-0097"},
				{"#text-kasmere-5-joint", "By Ada Lund"},
			},
			[]found{{".languages li:last-child", "authoritative"}, {".prose[lang=en]", "有人"}},
		},
		{
			"/observations/kasmere-5-joint-observation-1",
			[]found{{"section[lang=zh-Hans] h2", "关于船只"}, {"section[lang=zh-Hans] .prose", "小船听见得晚。"}, {".cite", "Lund, Ada and Harbour Institute. “Of boats.”"}},
			[]found{{".cite", "关于船只"}, {".cite", "0000-0002"}},
		},
		{"/search?q=%E9%9B%BE%E7%AC%9B", []found{{"main", "On fog horns"}}, nil},
		{"/search?q=%E5%B0%8F%E8%88%B9", []found{{"main", "Of boats"}}, nil},
		{"/rounds/kasmere-4", nil, []found{{".languages", ""}, {"main", "Acknowledgements"}}},
	} {
		doc := parse(t, get(w.site, tt.url).Body.String())
		for _, f := range tt.has {
			if !f.in(t, doc) {
				t.Errorf("%s: nothing matches %s with %q", tt.url, f.selector, f.words)
			}
		}
		for _, f := range tt.hasNot {
			if f.in(t, doc) {
				t.Errorf("%s: %s with %q", tt.url, f.selector, f.words)
			}
		}
	}
}
