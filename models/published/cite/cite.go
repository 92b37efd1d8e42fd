// Package cite writes citations of what is public: the house form, Chicago,
// APA, BibTeX, RIS and CSL-JSON.
//
// ORCID iDs stand in none of them: BibLaTeX, RIS and CSL-JSON 1.0 have no place for
// one. A text in several languages is cited in its authoritative one.
//
// Titles keep the capitals they were published with, also where a style wants
// fewer: no program knows which words are names.
package cite

import (
	"strings"

	"track15/models/published"
)

// A Work is what is cited. Empty fields are left out of every form.
type Work struct {
	Slug    string // names the work in BibTeX and CSL-JSON where it has no authors
	Type    Type
	Authors []published.Author
	Title   string
	Outlet  string // the journal, the series or the house
	Date    string // ISO date cut to its precision
	Version int    // 0 for a work with one version
	// Reference stands in the house form of the house's own entries, where
	// others have their date alone.
	Reference string
	URL       string
}

// Type is what kind of work it is, for the formats that say so.
type Type string

const (
	Account   Type = "account"   // a text that others published; the zero Type is cited like it
	Own       Type = "own"       // the house's own text
	Entry     Type = "entry"     // an entry of the register
	Withdrawn Type = "withdrawn" // the notice that stands where a text was
)

// Form is one way to write the citation of a work.
type Form struct {
	Name string // as a reader looks for it: "House form", "BibTeX"
	Text string // one line, or for the last three several, without a final newline
}

// Forms writes the work in every form, the house form first.
func Forms(w Work) []Form {
	return []Form{
		{"House form", House(w)},
		{"Chicago", Chicago(w)},
		{"APA", APA(w)},
		{"BibTeX", BibTeX(w)},
		{"RIS", RIS(w)},
		{"CSL-JSON", CSL(w)},
	}
}

// House writes the house form: Last, First and First Last. “Title.” Outlet,
// Month D, YYYY.
func House(w Work) string {
	lead, title, rest := Parts(w)
	return strings.TrimSpace(lead + title + rest)
}

// Parts cuts the house form at its title, so that a page can make the title a
// link: what stands before it, the title with its quotation marks, what follows.
// Joined they are the house form.
func Parts(w Work) (lead, title, rest string) {
	if names := namesInLine(w.Authors, " and "); names != "" {
		lead = stop(names) + " "
	}
	rest = list(oneLine(w.Outlet), version(w, "Version"), dayInWords(w.Date), w.Reference)
	if rest != "" {
		rest = " " + stop(rest)
	}
	return lead, quoted(w.Title), rest
}

// Chicago writes the author-date entry of the Chicago Manual of Style.
func Chicago(w Work) string {
	year, _, _ := strings.Cut(w.Date, "-")
	if year == "" {
		year = "n.d."
	}
	parts := []string{}
	if names := namesInLine(w.Authors, ", and "); names != "" {
		parts = append(parts, stop(names), stop(year), quoted(w.Title))
	} else {
		parts = append(parts, quoted(w.Title), stop(year))
	}
	if rest := list(oneLine(w.Outlet), version(w, "version"), dayInWords(w.Date)); rest != "" {
		parts = append(parts, stop(rest))
	}
	if w.URL != "" {
		parts = append(parts, w.URL)
	}
	return strings.Join(parts, " ")
}

// APA writes the reference of the American Psychological Association's manual.
func APA(w Work) string {
	title := oneLine(w.Title)
	if v := version(w, "Version"); v != "" {
		title += " (" + v + ")"
	}
	date := "(" + apaDate(w.Date) + ")."
	parts := []string{}
	if names := apaNames(w.Authors); names != "" {
		parts = append(parts, stop(names), date, stop(title))
	} else {
		parts = append(parts, stop(title), date)
	}
	if w.Outlet != "" {
		parts = append(parts, stop(oneLine(w.Outlet)))
	}
	if w.URL != "" {
		parts = append(parts, w.URL)
	}
	return strings.Join(parts, " ")
}

// quoted puts a title into quotation marks, with the stop inside them. Marks
// inside the title become single ones.
func quoted(title string) string {
	t := oneLine(title)
	t = strings.NewReplacer("“", "‘", "”", "’").Replace(t)
	return "“" + stop(t) + "”"
}

// stop ends s with a full stop, unless it ends a sentence already.
func stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") ||
		strings.HasSuffix(s, ".’") || strings.HasSuffix(s, "?’") || strings.HasSuffix(s, "。") {
		return s
	}
	return s + "."
}

// list joins what is not empty with commas.
func list(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}

// oneLine makes every run of white space one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
