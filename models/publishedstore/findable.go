package publishedstore

import (
	"strings"

	"track15/models/published"
)

// A findable is one thing that search leads to: names that find it as a whole,
// a title, and texts whose words find it.
type findable struct {
	kind  published.Kind
	slug  string
	names []string
	title string
	texts []string
}

// terms returns every term that leads to it, each once.
func (f findable) terms(stems stems) map[string]struct{} {
	all := map[string]struct{}{}
	for _, n := range append([]string{f.title, f.slug}, f.names...) {
		if t := nameTerm(n); t != "" {
			all[t] = struct{}{}
		}
	}
	for _, text := range append([]string{f.title, strings.Join(f.names, " / ")}, f.texts...) {
		for _, w := range stems.words(text) {
			all[w.term] = struct{}{}
		}
	}
	return all
}

func findSeries(s published.Series) findable {
	return findable{kind: published.KindSeries, slug: s.Slug, title: s.Name, names: s.OtherNames}
}

func findOrganisation(o published.Organisation) findable {
	f := findable{kind: published.KindOrganisation, slug: o.Slug, title: o.Name}
	if o.Acronym != "" {
		f.names = append(f.names, o.Acronym)
	}
	for _, n := range o.Native {
		f.names = append(f.names, n.Text)
	}
	f.names = append(f.names, o.OtherNames...)
	for _, before := range o.Predecessors {
		f.names = append(f.names, before.Name)
	}
	return f
}

func findTopic(t published.Ref) findable {
	return findable{kind: KindTopic, slug: t.Slug, title: t.Name}
}

// findRound finds a round by its title, summary, place, topics and whoever it
// discloses.
func findRound(r published.Round) findable {
	f := findable{kind: published.KindRound, slug: r.Slug, title: r.Title}
	var took []string
	for l := range bodies(r) {
		name := l.Body.Name
		if l.Body.Acronym != "" {
			name += " (" + l.Body.Acronym + ")"
		}
		for _, n := range l.Body.Native {
			name += " " + n.Text
		}
		took = append(took, name)
	}
	var topics []string
	for _, t := range r.Topics {
		topics = append(topics, t.Name)
	}
	var sides []string
	for _, s := range r.Sides {
		sides = append(sides, s.Name)
	}
	f.texts = []string{
		r.Summary, strings.Join(topics, ", "), strings.Join(unique(took), "; "),
		strings.Join(unique(sides), ", "), r.City, r.Label, r.Series.Name,
	}
	return f
}

// findOutput finds a text by its title, its words, its authors and its outlet, in
// every language. Its observations are found by themselves.
func findOutput(o published.Output) findable {
	f := findable{kind: published.KindOutput, slug: o.Slug, title: o.Title}
	var authors []string
	for _, a := range o.Authors {
		if name := strings.TrimSpace(a.Given + " " + a.Family); name != "" {
			authors = append(authors, name)
		} else {
			authors = append(authors, a.Literal)
		}
	}
	f.texts = []string{plainText(o.Body), strings.Join(authors, ", "), o.Outlet}
	for _, t := range o.Translations {
		f.texts = append(f.texts, t.Title, plainText(t.Body))
	}
	if o.Acknowledgements != "" {
		f.texts = append(f.texts, o.Acknowledgements)
	}
	return f
}

// findObservation finds an observation of a text by its words, in every language.
func findObservation(of published.Output, o published.Observation) findable {
	f := findable{kind: KindObservation, slug: o.Slug, title: o.Heading, texts: []string{o.Text}}
	for _, w := range of.In(o.Slug) {
		f.texts = append(f.texts, strings.TrimSpace(w.Heading+" "+w.Text))
	}
	return f
}

// markup are the characters by which Markdown marks text.
var markup = strings.NewReplacer("#", "", "*", "", "_", "", "`", "", ">", "", "[", "", "]", " ")

// plainText takes Markdown's marks off a text, for passages.
func plainText(markdown string) string {
	return strings.Join(strings.Fields(markup.Replace(markdown)), " ")
}

func unique(all []string) []string {
	seen := map[string]bool{}
	var once []string
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			once = append(once, s)
		}
	}
	return once
}
