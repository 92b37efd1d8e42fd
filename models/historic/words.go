package historic

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"track15/models/record"
)

// sources collects where facts stand, one entry an address.
type sources []record.Source

// add says that the facts stand at the address; no facts means the entry as a
// whole. What stands for the whole stays so.
func (s *sources) add(at string, facts ...string) {
	i := slices.IndexFunc(*s, func(x record.Source) bool { return x.URL == at })
	if i < 0 {
		*s = append(*s, record.Source{URL: at, Fields: facts})
		return
	}
	known := &(*s)[i]
	if len(known.Fields) == 0 || len(facts) == 0 {
		known.Fields = nil
		return
	}
	for _, f := range facts {
		if !slices.Contains(known.Fields, f) {
			known.Fields = append(known.Fields, f)
		}
	}
}

var outputField = regexp.MustCompile(`^outputs\[(\d+)\](?:\.(.+))?$`)

// factWords puts field names into words that a reader of the page knows. A
// fact about all of a round is the round as a whole: no words.
func factWords(fields []string) []string {
	if slices.Contains(fields, "all") {
		return nil
	}
	var words []string
	for _, f := range fields {
		if m := outputField.FindStringSubmatch(f); m != nil {
			n, err := strconv.Atoi(m[1])
			if err == nil {
				f = "text " + strconv.Itoa(n+1)
				if m[2] != "" {
					f += " (" + m[2] + ")"
				}
			}
		}
		if rest, ok := strings.CutPrefix(f, "start"); ok {
			f = "date" + rest
		}
		switch f {
		case "co_conveners":
			f = "conveners"
		case "not_after":
			f = "latest date"
		case "not_before":
			f = "earliest date"
		}
		words = append(words, strings.ReplaceAll(f, "_", " "))
	}
	return words
}

// ordinal writes 1 as 1st, 12 as 12th, 22 as 22nd.
func ordinal(n int64) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.FormatInt(n, 10) + suffix
}

// partyName is the English name of a party that is written as a code. Codes
// that ISO leaves to their users name nobody, so they stand for themselves.
func partyName(code string) string {
	switch {
	case code == "MM":
		return "Myanmar"
	case code == "AA" || code == "ZZ" || code[0] == 'X' && code != "XK" || code[0] == 'Q' && code >= "QM" && code <= "QZ" && code != "QA":
		return code
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.English.Regions().Name(region); name != "" && name != "Unknown Region" {
		return name
	}
	return code
}

// author divides a name as it is printed under a text. A name with a comma is
// divided there; of one in Latin letters the last word, with the small words
// before it, is the family's; anything else stays whole.
func author(name string) record.Author {
	if family, given, ok := strings.Cut(name, ","); ok {
		family, given = strings.TrimSpace(family), strings.TrimSpace(given)
		if family != "" && given != "" && !strings.Contains(given, ",") {
			return record.Author{Family: family, Given: given}
		}
		return record.Author{Literal: name}
	}
	words := strings.Fields(name)
	latin := !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
	if len(words) < 2 || len(words) > 5 || !latin || slices.ContainsFunc(words, isBodyWord) {
		return record.Author{Literal: name}
	}
	at := len(words) - 1
	for at > 1 && unicode.IsLower([]rune(words[at-1])[0]) {
		at--
	}
	return record.Author{Given: strings.Join(words[:at], " "), Family: strings.Join(words[at:], " ")}
}

// bodyWords tell the name of a body from that of a person.
var bodyWords = []string{
	"the", "of", "and", "for", "center", "centre", "institute", "institution", "council", "committee", "forum", "secretariat",
	"ministry", "department", "university", "academy", "foundation", "association", "society", "office", "group", "programme", "program", "project", "team", "staff", "editors",
}

func isBodyWord(w string) bool { return slices.Contains(bodyWords, strings.ToLower(w)) }
