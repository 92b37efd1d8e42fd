package cite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"track15/models/published"
)

// Key names the work for reference managers: sulmeyer-chang-2017, or its slug
// where no author has a family name in Latin letters.
func Key(w Work) string {
	var parts []string
	for _, a := range w.Authors {
		if k := latin(a.Family); k != "" && len(parts) < 3 {
			parts = append(parts, k)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, w.Slug)
	} else if year, _, _ := strings.Cut(w.Date, "-"); year != "" {
		parts = append(parts, year)
	}
	if w.Version > 0 {
		parts = append(parts, "v"+strconv.Itoa(w.Version))
	}
	return strings.Join(parts, "-")
}

// latin keeps the letters a-z of a name without its accents.
func latin(name string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, norm.NFD.String(name))
}

// BibTeX writes an entry for BibLaTeX. Braces around the whole title keep its
// capitals.
func BibTeX(w Work) string {
	names := make([]string, len(w.Authors))
	for i, a := range w.Authors {
		names[i] = texEscape(inverted(a))
		if a.Family == "" {
			names[i] = "{" + names[i] + "}"
		}
	}
	kind := "online"
	if w.Type == Withdrawn {
		kind = "misc"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "@%s{%s", kind, Key(w))
	for _, f := range [][2]string{
		{"author", strings.Join(names, " and ")},
		{"title", braced(texEscape(oneLine(w.Title)))},
		{"organization", texEscape(oneLine(w.Outlet))},
		{"version", number(w.Version)},
		{"date", w.Date},
		{"url", w.URL},
		{"note", texEscape(status(w))},
	} {
		if f[1] != "" {
			fmt.Fprintf(&b, ",\n  %-12s = {%s}", f[0], f[1])
		}
	}
	b.WriteString("\n}")
	return b.String()
}

// RIS writes the record of reference managers.
func RIS(w Work) string {
	kind := "ELEC"
	if w.Type == Withdrawn {
		kind = "GEN"
	}
	lines := []string{"TY  - " + kind}
	add := func(tag, value string) {
		if value != "" {
			lines = append(lines, tag+"  - "+value)
		}
	}
	for _, a := range w.Authors {
		add("AU", inverted(a))
	}
	add("TI", oneLine(w.Title))
	add("T2", oneLine(w.Outlet))
	add("DA", strings.ReplaceAll(w.Date, "-", "/"))
	add("ET", number(w.Version))
	add("UR", w.URL)
	add("N1", status(w))
	return strings.Join(append(lines, "ER  - "), "\n")
}

// CSL writes the work as CSL-JSON: a list of one item.
func CSL(w Work) string {
	type date struct {
		Parts [][]int `json:"date-parts"`
	}
	item := struct {
		ID      string    `json:"id"`
		Type    string    `json:"type"`
		Title   string    `json:"title"`
		Outlet  string    `json:"container-title,omitempty"`
		Authors []cslName `json:"author,omitempty"`
		Issued  *date     `json:"issued,omitempty"`
		Version string    `json:"version,omitempty"`
		URL     string    `json:"URL,omitempty"`
		Status  string    `json:"status,omitempty"`
	}{
		ID: Key(w), Type: cslTypes[w.Type], Title: oneLine(w.Title), Outlet: oneLine(w.Outlet),
		Version: number(w.Version), URL: w.URL, Status: status(w),
	}
	for _, a := range w.Authors {
		item.Authors = append(item.Authors, nameOf(a))
	}
	var parts []int
	for p := range strings.SplitSeq(w.Date, "-") {
		if n, err := strconv.Atoi(p); err == nil {
			parts = append(parts, n)
		}
	}
	if len(parts) > 0 {
		item.Issued = &date{[][]int{parts}}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode([]any{item}); err != nil {
		panic("cite: " + err.Error()) // strings and numbers always encode
	}
	return strings.TrimSpace(b.String())
}

var cslTypes = map[Type]string{
	"": "webpage", Account: "webpage", Own: "report", Entry: "webpage", Withdrawn: "document",
}

type cslName struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"`
}

func nameOf(a published.Author) cslName {
	if a.Family == "" {
		return cslName{Literal: inOrder(a)}
	}
	return cslName{Family: oneLine(a.Family), Given: oneLine(a.Given)}
}

// texEscape keeps the characters that BibTeX reads as commands from being so.
func texEscape(s string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `&`, `\&`, `%`, `\%`, `$`, `\$`, `#`, `\#`, `_`, `\_`,
		`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
	).Replace(s)
}

func braced(s string) string { return "{" + s + "}" }

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func status(w Work) string {
	if w.Type == Withdrawn {
		return "withdrawn"
	}
	return ""
}
