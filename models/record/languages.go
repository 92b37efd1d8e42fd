package record

import (
	"slices"
	"strings"
)

// A Translation is a version in another language than its own, which stays the
// authoritative one. What it says of the observations stands with them.
type Translation struct {
	Lang  string `json:"lang"` // BCP 47
	Title string `json:"title"`
	Body  string `json:"body,omitempty"` // Markdown
}

// Words are an observation in another language than that of its text.
type Words struct {
	Lang    string `json:"lang"` // BCP 47, of one of the text's translations
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
}

// In are the words of an observation in a language; false if there are none.
func (o Observation) In(lang string) (Words, bool) {
	i := slices.IndexFunc(o.Translations, func(w Words) bool { return w.Lang == lang })
	if i < 0 {
		return Words{Lang: lang}, false
	}
	return o.Translations[i], true
}

// languagesNormal brings the translations of a version into the form in which they
// are stored: empty ones left out, the words of observations in their
// order and in no other languages.
func (d *Draft) languagesNormal() {
	said := func(lang string) bool {
		return slices.ContainsFunc(d.Observations, func(o Observation) bool {
			w, _ := o.In(lang)
			return w.Heading+w.Text != ""
		})
	}
	var all []Translation
	for _, t := range d.Translations {
		t = Translation{Lang: line(t.Lang), Title: line(t.Title), Body: passage(t.Body)}
		if t.Lang+t.Title+t.Body != "" || said(t.Lang) {
			all = append(all, t)
		}
	}
	d.Translations = all
	for i, o := range d.Observations {
		var words []Words
		for _, t := range all {
			w, _ := o.In(t.Lang)
			if w.Heading, w.Text = line(w.Heading), passage(w.Text); w.Heading+w.Text != "" {
				words = append(words, w)
			}
		}
		d.Observations[i].Translations = words
	}
}

// checkLanguages holds the translations of a version to the rules.
func (d Draft) checkLanguages(f *found, external bool) {
	if len(d.Translations) == 0 {
		return
	}
	if external {
		f.say("translations", "A text that others published stands in its own language.")
	}
	if d.Lang == "" {
		f.say("lang", "Enter the language of the text: it is the authoritative one.")
	}
	seen := []string{strings.ToLower(d.Lang)}
	for _, t := range d.Translations {
		f.add(CheckLanguage("translations", t.Lang))
		switch tag := strings.ToLower(t.Lang); {
		case tag == "":
			f.say("translations", "Enter the language of each translation.")
		case slices.Contains(seen, tag):
			f.say("translations", "Enter each language once: %s stands there twice.", t.Lang)
		default:
			seen = append(seen, tag)
		}
		f.name("translations", t.Title, "Enter a title in each language.")
		f.add(CheckText("translations", t.Body))
	}
	for _, o := range d.Observations {
		for _, w := range o.Translations {
			f.line("translations", w.Heading)
			f.add(CheckText("translations", w.Text))
			if w.Text == "" {
				f.say("translations", "An observation with a heading needs a text in that language.")
			}
		}
	}
}

// Untranslated are the languages in which a version does not say all that it says
// in its own, in their order: a text goes out in each language whole.
func (d Draft) Untranslated() []string {
	var out []string
	for _, t := range d.Translations {
		missing := (t.Body == "") != (d.Body == "")
		for _, o := range d.Observations {
			w, _ := o.In(t.Lang)
			missing = missing || w.Text == "" || (w.Heading == "") != (o.Heading == "")
		}
		if missing {
			out = append(out, t.Lang)
		}
	}
	return out
}

// translated are the passages of a version in its other languages.
func (d Draft) translated() []Passage {
	var out []Passage
	for _, t := range d.Translations {
		all := Draft{Title: t.Title, Body: t.Body}
		for _, o := range d.Observations {
			w, _ := o.In(t.Lang)
			all.Observations = append(all.Observations, Observation{Heading: w.Heading, Text: w.Text})
		}
		for _, p := range all.passages() {
			out = append(out, Passage{Place: InLanguage(p.Place, t.Lang), Text: p.Text, Lang: t.Lang})
		}
	}
	return out
}

// ByLanguage are the passages of a showing by language, each in the order of the
// text, whose own language comes first if it is among them.
func (s Shown) ByLanguage() [][]Passage {
	var out [][]Passage
	for _, p := range s.Passages {
		i := slices.IndexFunc(out, func(all []Passage) bool { return all[0].Lang == p.Lang })
		if i < 0 {
			i, out = len(out), append(out, nil)
		}
		out[i] = append(out[i], p)
	}
	return out
}
