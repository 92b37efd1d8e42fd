package cite

import (
	"fmt"
	"strings"
	"time"

	"track15/models/published"
)

// namesInLine writes authors with the first one inverted: Last, First and First
// Last. Two are joined by last alone; of more, all but the last by commas.
func namesInLine(authors []published.Author, last string) string {
	names := make([]string, len(authors))
	for i, a := range authors {
		names[i] = inOrder(a)
		if i == 0 {
			names[i] = inverted(a)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	n := len(names) - 1
	return strings.Join(names[:n], ", ") + last + names[n]
}

// apaNames writes authors as Last, F., & Last, F.
func apaNames(authors []published.Author) string {
	names := make([]string, len(authors))
	for i, a := range authors {
		names[i] = list(oneLine(a.Family), initials(a.Given))
		if a.Family == "" {
			names[i] = inOrder(a)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	n := len(names) - 1
	return strings.Join(names[:n], ", ") + ", & " + names[n]
}

func inverted(a published.Author) string {
	if a.Family == "" {
		return inOrder(a)
	}
	return list(oneLine(a.Family), oneLine(a.Given))
}

func inOrder(a published.Author) string {
	if a.Literal != "" {
		return oneLine(a.Literal)
	}
	return oneLine(a.Given + " " + a.Family)
}

// initials shortens given names: Jean-Luc Marie becomes J.-L. M.
func initials(given string) string {
	var b strings.Builder
	first := true
	for _, r := range oneLine(given) {
		switch {
		case r == ' ':
			b.WriteString(" ")
			first = true
		case r == '-' && !first:
			b.WriteString("-")
			first = true
		case first:
			b.WriteString(string(r) + ".")
			first = false
		}
	}
	return b.String()
}

// dayInWords writes an ISO date as January 22, 2017, January 2017 or 2017. What
// is no date it leaves out.
func dayInWords(iso string) string {
	return inWords(iso, "January 2, 2006", "January 2006")
}

func apaDate(iso string) string {
	if d := inWords(iso, "2006, January 2", "2006, January"); d != "" {
		return d
	}
	return "n.d."
}

func inWords(iso, day, month string) string {
	for _, f := range [][2]string{{"2006-01-02", day}, {"2006-01", month}, {"2006", "2006"}} {
		if t, err := time.Parse(f[0], iso); err == nil {
			return t.Format(f[1])
		}
	}
	return ""
}

func version(w Work, word string) string {
	if w.Version == 0 {
		return ""
	}
	return fmt.Sprintf("%s %d", word, w.Version)
}
