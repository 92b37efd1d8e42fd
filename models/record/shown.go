package record

import (
	"encoding/json"
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
}

// Whole is the whole text, as much of a version as becomes public.
func (d Draft) Whole() Shown { return Shown{d.Lang, true, d.passages()} }

// Naming are the passages of a version for which named returns true.
func (d Draft) Naming(named func(text string) bool) Shown {
	return Shown{d.Lang, false, slices.DeleteFunc(d.passages(), func(p Passage) bool { return !named(p.Text) })}
}

func (d Draft) passages() []Passage {
	var out []Passage
	add := func(place, text string) {
		if text != "" {
			out = append(out, Passage{place, text})
		}
	}
	add("Title", d.Title)
	n := 0
	for part := range strings.SplitSeq(passage(d.Body), "\n\n") {
		if part = passage(part); part != "" {
			n++
			add("Paragraph "+strconv.Itoa(n), part)
		}
	}
	for i, o := range d.Observations {
		add("Observation "+strconv.Itoa(i+1), strings.TrimPrefix(o.Heading+"\n"+o.Text, "\n"))
	}
	var authors []string
	for _, a := range d.Authors {
		authors = append(authors, strings.TrimSpace(a.Given+" "+a.Family+a.Literal))
	}
	add("Authors", strings.Join(authors, "; "))
	add("Published in", d.Outlet)
	add("Citation", d.Citation)
	return out
}

// Bytes are the words that a consent binds to, in one form: equal exactly if a
// reader of the passages reads the same.
func (s Shown) Bytes() []byte {
	texts := make([]string, len(s.Passages))
	for i, p := range s.Passages {
		texts[i] = passage(p.Text)
	}
	b, err := json.Marshal(struct {
		Lang  string   `json:"lang"`
		Whole bool     `json:"whole"`
		Texts []string `json:"texts"`
	}{s.Lang, s.Whole, texts})
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

// Mentions reports whether a text holds one of the names, whatever its case and
// accents: as whole words, or anywhere in scripts that put no space between
// words. Names of one letter are never found.
func Mentions(text string, names []string) bool {
	in := Fold(text)
	for _, name := range names {
		name = Fold(name)
		if utf8.RuneCountInString(name) < 2 {
			continue
		}
		for from := 0; ; {
			i := strings.Index(in[from:], name)
			if i < 0 {
				break
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
	return false
}

// joined reports whether two letters that stand side by side are of one word.
func joined(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	unspaced := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }
	return word(a) && word(b) && !unspaced(a) && !unspaced(b)
}
