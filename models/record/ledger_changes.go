package record

import (
	"slices"
	"strings"

	"track15/models/fault"
)

// Holds is the file that shows what the party answered: the one that came last
// and is not recorded as an answer yet, or else that of the answer.
func (a Asking) Holds() Evidence {
	if len(a.Received.Content) > 0 {
		return a.Received
	}
	return a.Reply.Evidence
}

// WasFor reports whether the asking was ever about these words: it showed them, or
// one of its answers, replaced since or not, put them in the place of those shown.
func (a Asking) WasFor(words Shown) bool {
	return a.Shown.Same(words) || slices.ContainsFunc(append(slices.Clone(a.Earlier), a.Reply), func(r Reply) bool {
		return r.State == GrantedWithChanges && r.Wording.Same(words)
	})
}

// ToTake reports whether the party cleared its own wording and the version does
// not have it yet.
func (d Draft) ToTake(a Asking, external bool) bool {
	if a.Reply.State != GrantedWithChanges {
		return false
	}
	next, err := d.TakingOver(a, external)
	return err == nil && !next.Whole().Same(d.Whole())
}

// TakingOver is the version with the wording that a party cleared in the place
// of what it was shown, all other words byte for byte.
//
// It fails with Conflict if a passage that was shown and changed does not stand
// there any more, or is one that is entered field by field.
func (d Draft) TakingOver(a Asking, external bool) (Draft, error) {
	if a.Reply.State != GrantedWithChanges {
		return d, fault.Errorf(fault.Conflict, "This party cleared no wording of its own.")
	}
	standing := d.passages()
	words := map[string]string{}
	for _, was := range a.Shown.Passages {
		var now []string
		for _, p := range a.Reply.Wording.Passages {
			if p.Place == was.Place {
				now = append(now, p.Text)
			}
		}
		text := strings.Join(now, "\n\n")
		if text == passage(was.Text) {
			continue
		}
		place, there := where(standing, was)
		if !there {
			if slices.ContainsFunc(now, func(part string) bool { _, taken := where(standing, Passage{Text: part}); return !taken }) {
				return d, byHand(was.Place)
			}
			continue // taken over before
		}
		words[place] = text
	}
	d, ok := d.rewording(words)
	if !ok {
		for place := range words {
			return d, byHand(place)
		}
	}
	d = d.Normal()
	if wrong := fault.All(d.Check(external)); len(wrong) > 0 {
		return d, fault.Errorf(fault.Conflict, "With these changes the text could not be saved: %s", wrong[0].Text)
	}
	return d, nil
}

func byHand(place string) error {
	return fault.Errorf(fault.Conflict, "These words are not there any more, or are entered field by field: %s. Make the changes in the text by hand.", inSentence(place))
}

// where is the place at which the words of a passage stand: its own, or else the
// first that has them.
func where(all []Passage, p Passage) (string, bool) {
	found := slices.DeleteFunc(slices.Clone(all), func(q Passage) bool { return passage(q.Text) != passage(p.Text) })
	if slices.ContainsFunc(found, func(q Passage) bool { return q.Place == p.Place }) {
		return p.Place, true
	}
	if len(found) == 0 {
		return "", false
	}
	return found[0].Place, true
}

// rewording is the version with other words at places, as passages names them;
// "" takes the words away. ok is false if one of the places takes no words.
func (d Draft) rewording(words map[string]string) (next Draft, ok bool) {
	d.Observations = slices.Clone(d.Observations)
	done := 0
	set := func(place string, to *string) {
		if text, changed := words[place]; changed {
			*to = text
			done++
		}
	}
	set("Title", &d.Title)
	done += bodyRewording("", &d.Body, words)
	for i := range d.Observations {
		o := &d.Observations[i]
		if text, changed := words[observationPlace(i, "")]; changed {
			if !o.rewording(text) {
				return d, false
			}
			done++
		}
	}
	set("Acknowledgements", &d.Acknowledgements)
	set("Published in", &d.Outlet)
	set("Date", (*string)(&d.Date))
	set("Address", &d.URL)
	d.Translations = slices.Clone(d.Translations)
	for n := range d.Translations {
		t := &d.Translations[n]
		set(InLanguage("Title", t.Lang), &t.Title)
		done += bodyRewording(t.Lang, &t.Body, words)
		for i := range d.Observations {
			text, changed := words[observationPlace(i, t.Lang)]
			if !changed {
				continue
			}
			was, _ := d.Observations[i].In(t.Lang)
			o := Observation{Heading: was.Heading, Text: was.Text}
			if !o.rewording(text) {
				return d, false
			}
			if o.Text == "" {
				o.Heading = ""
			}
			other := slices.DeleteFunc(slices.Clone(d.Observations[i].Translations), func(w Words) bool { return w.Lang == t.Lang })
			d.Observations[i].Translations = append(other, Words{t.Lang, o.Heading, o.Text})
			done++
		}
	}
	d.Observations = slices.DeleteFunc(d.Observations, func(o Observation) bool { return o.Text == "" })
	return d, done == len(words)
}

// bodyRewording changes the paragraphs of a body and says how many.
func bodyRewording(lang string, body *string, words map[string]string) int {
	n, done := 0, 0
	parts := strings.Split(passage(*body), "\n\n")
	for i, part := range parts {
		if passage(part) == "" {
			continue
		}
		n++
		if text, changed := words[paragraphPlace(n, lang)]; changed {
			parts[i] = text
			done++
		}
	}
	if done > 0 {
		*body = strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
	}
	return done
}

// rewording puts the lines of a passage into the fields of an observation: the
// first is its heading and the last its account, if it has them.
func (o *Observation) rewording(text string) bool {
	lines := strings.Split(text, "\n")
	if text == "" {
		o.Text = ""
		return true
	}
	if o.Heading != "" {
		o.Heading, lines = strings.TrimSpace(lines[0]), lines[1:]
	}
	if o.Account != "" && len(lines) > 0 {
		o.Account, lines = strings.TrimSpace(lines[len(lines)-1]), lines[:len(lines)-1]
	}
	o.Text = strings.Join(lines, "\n")
	return strings.TrimSpace(o.Text) != ""
}
