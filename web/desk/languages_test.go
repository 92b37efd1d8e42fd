package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
)

// field is the name of the one field of a form that ends in the words.
func field(t *testing.T, form url.Values, begins, ends string) string {
	t.Helper()
	for name := range form {
		if strings.HasPrefix(name, begins) && strings.HasSuffix(name, ends) {
			return name
		}
	}
	t.Fatalf("no field %s…%s", begins, ends)
	return ""
}

// A text gets a second language, authors and thanks in its form; every side is
// shown both languages; the version page tells what changed in which.
func TestTextInTwoLanguages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		at := "/drafts/" + summary.ID
		v := w.as("coordinator")
		form := v.send(v.get(at), at, url.Values{"more": {"translation"}, "title": {"Typed and kept"}}).is(200).has("legend", "No language yet").form(at)
		if form.Get("title") != "Typed and kept" {
			t.Error("what was typed is lost")
		}
		in := strings.TrimSuffix(field(t, form, "translation.", ".lang"), "lang")
		form.Set(in+"lang", "zh-Hans")
		v.post(at, form).is(422).has(".error-summary", "Enter a title in each language")
		form.Set(in+"title", "联络点")
		form.Set(in+"body", "一段。")
		for name := range form {
			if strings.HasPrefix(name, in+"observation.") && strings.HasSuffix(name, ".text") {
				form.Set(name, "观察。")
			}
		}
		form.Set("acknowledgements", "With thanks to friends.")
		form.Set("more", "author")
		form = v.post(at, form).is(200).form(at)
		author := strings.TrimSuffix(field(t, form, "author.", ".orcid"), "orcid")
		form.Set(author+"family", "Lund")
		form.Set(author+"orcid", "0000-0002-1825-0098")
		v.post(at, form).is(422).has(".error-summary", "last digit does not fit").has("textarea", "一段。")
		form.Set(author+"orcid", "https://orcid.org/0000-0002-1825-0097")
		saved := v.post(at, form).is(200).has("nav", "Simplified Chinese").has("nav", "English, authoritative")
		if got := saved.form(at); got.Get("translation.zh-Hans.title") != "联络点" || got.Get("translation.zh-Hans.body") != "一段。" {
			t.Errorf("stored is %v", got)
		}
		o, err := w.record.Output(context.Background(), w.operator, summary.ID)
		w.must(err)
		if o.Draft.Authors[0].ORCID != "0000-0002-1825-0097" || o.Draft.Acknowledgements != "With thanks to friends." || len(o.Draft.Untranslated()) != 0 && o.Draft.Body != "" {
			t.Errorf("stored is %+v", o.Draft)
		}
		v.get(at+"/versions?of=2").is(200).has("main", "Title, Simplified Chinese").has("main", "联络点").has("main", "ORCID 0000-0002-1825-0097").has("main", "Acknowledgements")

		ledger := at + "/clearance"
		v.send(v.get(ledger), ledger, nil).is(200)
		sheet := v.get(v.asked(ledger, "Kasmere")).is(200).has(".exact", "联络点").has(".exact", "With thanks to friends.").has(".exact [lang=zh-Hans]", "一段。")
		if mail := sheet.text("#mail"); !strings.Contains(mail, "联络点") || !strings.Contains(mail, "一段。") {
			t.Errorf("the mail holds %q", mail)
		}

		// The mail says what the printed sheet says, in both languages.
		mail := strings.Join(strings.Fields(sheet.text("#mail")), " ")
		for _, sel := range []string{".a4 h2 span", ".a4 h3 span", ".a4 dt span", ".a4 dd", ".a4 .exact p", ".a4 .boxes span span", ".a4 .sign-p span", ".a4 > p.sans span", ".a4 .head-p p span"} {
			all := sheet.all(sel)
			if len(all) == 0 {
				t.Errorf("the sheet has no %s", sel)
			}
			for _, n := range all {
				if words := strings.Join(strings.Fields(text(n)), " "); !strings.Contains(mail, words) {
					t.Errorf("%q stands on the sheet and not in the mail", words)
				}
			}
		}

		form = saved.form(at)
		form.Set("translation.zh-Hans.remove", "1")
		v.post(at, form).is(200).hasNot("联络点")
		if o, err = w.record.Output(context.Background(), w.operator, summary.ID); err != nil || len(o.Draft.Translations) != 0 {
			t.Errorf("left out, and stored is %+v, %v", o.Draft.Translations, err)
		}
		for _, ob := range o.Draft.Observations {
			if ob.Translations != nil {
				t.Errorf("words in a language that went: %+v", ob)
			}
		}
	})
}
