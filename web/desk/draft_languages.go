package desk

import (
	"net/url"
	"slices"
	"strconv"

	"track15/models/record"
	"track15/views/components"
	views "track15/views/desk"
)

// languageValues writes the other languages of a draft as its form shows them: a
// row each, named by its language.
func languageValues(v url.Values, d record.Draft) {
	for _, t := range d.Translations {
		at := "translation." + t.Lang + "."
		v.Add("translation", t.Lang)
		v.Set(at+"lang", t.Lang)
		v.Set(at+"title", t.Title)
		v.Set(at+"body", t.Body)
		for _, o := range d.Observations {
			w, _ := o.In(t.Lang)
			v.Set(at+"observation."+o.ID+".heading", w.Heading)
			v.Set(at+"observation."+o.ID+".text", w.Text)
		}
	}
}

// translationsOf reads what languageValues writes. A language that is left out is
// not in it.
func translationsOf(f views.Form) []record.Translation {
	var all []record.Translation
	for _, id := range translationRows(f) {
		at := "translation." + id + "."
		all = append(all, record.Translation{Lang: f.Values.Get(at + "lang"), Title: f.Values.Get(at + "title"), Body: f.Values.Get(at + "body")})
	}
	return all
}

// wordsOf reads what the observation of a row says in the other languages.
func wordsOf(f views.Form, observation string) []record.Words {
	var all []record.Words
	for _, id := range translationRows(f) {
		at := "translation." + id + "."
		w := record.Words{Lang: f.Values.Get(at + "lang"), Heading: f.Values.Get(at + "observation." + observation + ".heading"), Text: f.Values.Get(at + "observation." + observation + ".text")}
		if w.Heading+w.Text != "" {
			all = append(all, w)
		}
	}
	return all
}

func translationRows(f views.Form) []string {
	return slices.DeleteFunc(f.Rows("translation"), func(id string) bool { return f.Values.Get("translation."+id+".remove") != "" })
}

// translationLabel is what people call a field of another language; parts are
// those of its name.
func translationLabel(f views.Form, observations, parts []string) string {
	name := fieldLabel(parts[2])
	if len(parts) == 5 {
		name = "Observation " + strconv.Itoa(slices.Index(observations, parts[3])+1) + ", " + parts[4]
	}
	lang := f.Values.Get("translation." + parts[1] + ".lang")
	if lang == "" {
		lang = parts[1]
	}
	return name + ", " + components.Language(lang)
}

// languageChanges says in which places two versions differ in other languages.
func languageChanges(was, now record.Draft, add func(place, before, after string)) {
	said := func(d record.Draft, lang string) (title, body string) {
		for _, t := range d.Translations {
			if t.Lang == lang {
				return t.Title, t.Body
			}
		}
		return "", ""
	}
	langs := make([]string, 0, len(was.Translations)+len(now.Translations))
	for _, t := range slices.Concat(now.Translations, was.Translations) {
		if !slices.Contains(langs, t.Lang) {
			langs = append(langs, t.Lang)
		}
	}
	for _, lang := range langs {
		in := ", " + components.Language(lang)
		title, body := said(was, lang)
		newTitle, newBody := said(now, lang)
		add("Title"+in, title, newTitle)
		add("Text"+in, body, newBody)
		for i, o := range now.Observations {
			before, _ := observation(was, o.ID).In(lang)
			after, _ := o.In(lang)
			add("Observation "+strconv.Itoa(i+1)+in, wordsTogether(before), wordsTogether(after))
		}
	}
}

func wordsTogether(w record.Words) string {
	return statement(record.Observation{Heading: w.Heading, Text: w.Text})
}
