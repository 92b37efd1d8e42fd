package record

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Shown is what a party is shown of a text: all of it, or the passages that
// name the party. Its consent binds to these words and no others.
type Shown struct {
	Lang     string    `json:"lang"` // BCP 47, of the text
	Whole    bool      `json:"whole,omitempty"`
	Passages []Passage `json:"passages,omitempty"` // in the order of the text
}

// A Passage is a part of a text that reads on its own. Place tells people where
// it stands; it is no part of what is consented to, because an edit elsewhere
// moves it.
type Passage struct {
	Place string `json:"place"`
	Text  string `json:"text"`
	Lang  string `json:"lang,omitempty"` // BCP 47; "" for that of the text
}

// Whole is the whole text, as much of a version as becomes public.
func (d Draft) Whole() Shown { return Shown{d.Lang, true, d.passages()} }

// Own is what the house itself says in a text that others published: its
// observations. The rest stands in public already.
func (d Draft) Own() Draft {
	return Draft{Number: d.Number, Lang: d.Lang, Observations: d.Observations}
}

// Naming are the passages of a version for which named returns true.
func (d Draft) Naming(named func(text string) bool) Shown {
	return Shown{d.Lang, false, slices.DeleteFunc(d.passages(), func(p Passage) bool { return !named(p.Text) })}
}

// passages are all words of a version that a release document takes.
func (d Draft) passages() []Passage {
	var out []Passage
	add := func(place, text string) {
		if text != "" {
			out = append(out, Passage{Place: place, Text: text})
		}
	}
	add("Title", d.Title)
	n := 0
	for part := range strings.SplitSeq(passage(d.Body), "\n\n") {
		if part = passage(part); part != "" {
			n++
			add(paragraphPlace(n, ""), part)
		}
	}
	for i, o := range d.Observations {
		var lines []string
		for _, s := range []string{o.Heading, o.Text, o.Account} {
			if s != "" {
				lines = append(lines, s)
			}
		}
		add(observationPlace(i, ""), strings.Join(lines, "\n"))
	}
	var authors []string
	for _, a := range d.Authors {
		authors = append(authors, a.Words())
	}
	add("Authors", strings.Join(authors, "; "))
	add("Acknowledgements", d.Acknowledgements)
	add("Published in", d.Outlet)
	add("Date", string(d.Date))
	add("Address", d.URL)
	return append(out, d.translated()...)
}

// Words are the author as one line.
func (a Author) Words() string {
	name := strings.TrimSpace(a.Given + " " + a.Family + a.Literal)
	if a.ORCID != "" {
		name += " (ORCID " + a.ORCID + ")"
	}
	return name
}

// paragraphPlace is where the nth paragraph of a body stands, n from 1; lang is ""
// for the language of the text.
func paragraphPlace(n int, lang string) string { return InLanguage("Paragraph "+strconv.Itoa(n), lang) }

// observationPlace is where the observation at an index stands.
func observationPlace(i int, lang string) string {
	return InLanguage("Observation "+strconv.Itoa(i+1), lang)
}

// InLanguage names a place of a text in one of its languages; lang is "" for its own.
func InLanguage(place, lang string) string {
	if lang == "" {
		return place
	}
	return place + ", " + lang
}

// Bytes are the words that a consent binds to, in one form: equal exactly if a
// reader of the passages reads the same.
func (s Shown) Bytes() []byte {
	texts := make([]string, len(s.Passages))
	var langs []string // none where there is one language
	for i, p := range s.Passages {
		texts[i] = passage(p.Text)
		if p.Lang != "" && langs == nil {
			langs = make([]string, len(s.Passages))
		}
		if langs != nil {
			langs[i] = p.Lang
		}
	}
	b, err := json.Marshal(struct {
		Lang  string   `json:"lang"`
		Whole bool     `json:"whole"`
		Texts []string `json:"texts"`
		Langs []string `json:"langs,omitempty"`
	}{s.Lang, s.Whole, texts, langs})
	if err != nil {
		panic(err) // strings always marshal
	}
	return b
}

// Same reports whether both show the same words.
func (s Shown) Same(o Shown) bool { return slices.Equal(s.Bytes(), o.Bytes()) }

// Without lists the places of passages of s that o does not have word for word:
// what somebody edited since.
func (s Shown) Without(o Shown) []string {
	var places []string
	for _, p := range s.Passages {
		if !slices.ContainsFunc(o.Passages, func(q Passage) bool { return passage(q.Text) == passage(p.Text) }) {
			places = append(places, p.Place)
		}
	}
	return places
}

// Mentions reports whether a text, as the public reads it, holds one of the
// names, whatever its case and accents: as whole words, or anywhere in scripts
// that put no space between words. Names of one letter are never found.
func Mentions(text string, names []string) bool {
	in := Fold(plainWords(text))
	return slices.ContainsFunc(names, func(name string) bool { return holds(in, Fold(name)) })
}

// Abbreviates is Mentions for acronyms, which are written in capitals: MOD is
// none in "mod".
func Abbreviates(text string, acronyms []string) bool {
	in := plainWords(text)
	return slices.ContainsFunc(acronyms, func(acronym string) bool { return holds(in, acronym) })
}

var (
	htmlTag  = regexp.MustCompile(`(?s)<!--.*?-->|</?[A-Za-z][^>]*>`)
	linkEnd  = regexp.MustCompile(`\]\([^)\s]*\)`)
	markdown = strings.NewReplacer("*", "", "_", "", "`", "", "~", "", "\\ ", " ", "\\", "", "[", "", "]", "")
)

// plainWords is Markdown without what its readers do not see: marks, comments,
// characters by their names, addresses of links, what has no width. It takes away
// rather too much than too little: it serves finding names.
func plainWords(s string) string {
	s = htmlTag.ReplaceAllString(html.UnescapeString(s), "")
	s = markdown.Replace(linkEnd.ReplaceAllString(s, ""))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
}

// holds reports whether name stands in a text as a word of its own.
func holds(in, name string) bool {
	if utf8.RuneCountInString(name) < 2 {
		return false
	}
	for from := 0; ; {
		i := strings.Index(in[from:], name)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(in[:at])
		first, size := utf8.DecodeRuneInString(name)
		last, _ := utf8.DecodeLastRuneInString(name)
		after, _ := utf8.DecodeRuneInString(in[end:])
		if !joined(before, first) && !joined(last, after) {
			return true
		}
		from = at + size
	}
}

// joined reports whether two letters that stand side by side are of one word.
func joined(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	unspaced := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }
	return word(a) && word(b) && !unspaced(a) && !unspaced(b)
}
