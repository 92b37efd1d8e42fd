package names

import (
	"slices"
	"strings"
	"unicode"
)

// Parse divides a written name into its parts: "LIN Ruochuan", "Lin, Ruochuan",
// "Dr Anna van der Berg (ret.)", "Lin Ruochuan (林若川)", "林若川". Whatever it is
// given, no letter of it is lost, except that brackets and commas go.
//
// A hint counts where the writing leaves it open.
func Parse(s string, hint Order) Parsed {
	var p Parsed
	s = p.brackets(strings.Join(strings.Fields(s), " "))
	s = p.otherScripts(s)
	parts := strings.Split(s, ",")
	var kept []string
	for _, part := range parts {
		words := p.titles(strings.Fields(part))
		if len(words) > 0 {
			kept = append(kept, strings.Join(words, " "))
		}
	}
	switch len(kept) {
	case 0:
		// A title alone is all there is of the name.
		if p.Honorific != "" && len(p.Native) == 0 {
			p.Family, p.Honorific = p.Honorific, ""
		}
		return p.fromNative()
	case 1:
		p.divide(strings.Fields(kept[0]), hint)
	default:
		p.Family, p.Given = unshout(kept[0]), unshout(strings.Join(kept[1:], " "))
		p.FamilyFirst = sinic(p.Family, p.Given)
		p.Sure = len(kept) == 2
	}
	return p
}

// brackets takes what stands in brackets out of the name: titles, names in other
// scripts, and other names.
func (p *Parsed) brackets(s string) string {
	for {
		from := strings.IndexAny(s, "(（[【")
		if from < 0 {
			return s
		}
		to := strings.IndexAny(s[from:], ")）]】")
		if to < 0 {
			return s
		}
		runes := []rune(s[from : from+to])
		inner := strings.TrimSpace(string(runes[1:]))
		_, width := firstRune(s[from+to:])
		s = strings.TrimSpace(s[:from]) + " " + strings.TrimSpace(s[from+to+width:])
		switch {
		case inner == "":
		case scriptOf(inner) != latin:
			p.Native = append(p.Native, inner)
		case len(p.titles(strings.Fields(inner))) == 0:
		default:
			p.Also = append(p.Also, inner)
		}
	}
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

// otherScripts takes the words in other scripts out of a name that has Latin
// ones too.
func (p *Parsed) otherScripts(s string) string {
	var own, other []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '/' || r == '，' || r == '、' }) {
		if scriptOf(w) == latin {
			own = append(own, w)
		} else {
			other = append(other, w)
		}
	}
	if len(own) == 0 || len(other) == 0 || len(p.titleWords(own)) == 0 {
		return s
	}
	p.Native = append(p.Native, strings.Join(other, " "))
	return strings.Join(own, " ")
}

// fromNative makes a name that stands in another script only the name itself.
func (p Parsed) fromNative() Parsed {
	if p.Family != "" || len(p.Native) == 0 {
		return p
	}
	own := p.Native[0]
	p.Native = p.Native[1:]
	p.divide(strings.Fields(own), AnyOrder)
	return p
}

// divide finds the family name among the words.
func (p *Parsed) divide(words []string, hint Order) {
	if len(words) == 1 {
		p.one(words[0])
		return
	}
	suffix := ""
	if last := words[len(words)-1]; len(words) > 2 && isGeneration(last) {
		suffix, words = " "+last, words[:len(words)-1]
	}
	at, first, sure := place(words, hint)
	if first {
		p.Family, p.Given, p.FamilyFirst = strings.Join(words[:at], " "), strings.Join(words[at:], " "), true
	} else {
		p.Given, p.Family = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
	}
	// "IVANOV Petr" is a way of writing; "Kim Jong-un" is the name's order.
	if first && hint != FamilyFirst && sure && scriptOf(p.Family) == latin && !sinic(p.Family, p.Given) && hasShout(words) {
		p.FamilyFirst = false
	}
	p.Family, p.Given, p.Sure = unshout(p.Family)+suffix, unshout(p.Given), sure
}

// one divides a name without spaces, as Chinese, Korean and Japanese ones are.
func (p *Parsed) one(word string) {
	runes := []rune(word)
	p.Family = unshout(word)
	if s := scriptOf(word); s != han && s != hangul || len(runes) < 2 || len(runes) > 4 {
		return
	}
	at := 1
	if len(runes) > 2 && slices.Contains(compoundFamilies, string(runes[:2])) {
		at = 2
	} else if len(runes) == 4 {
		at = 2
	}
	p.Family, p.Given, p.FamilyFirst, p.Sure = string(runes[:at]), string(runes[at:]), true, len(runes) < 4
}

// place finds where the words divide, and whether the family name comes first.
func place(words []string, hint Order) (at int, first, sure bool) {
	n := len(words)
	from, to := shouted(words)
	switch {
	case to > from && from == 0 && to < n:
		return to, true, true
	case to > from && to == n && from > 0:
		return from, false, true
	case n > 2 && isPatronymic(words[n-1]):
		return 1, true, true
	case n > 2 && isPatronymic(words[1]):
		return n - 1, false, true
	}
	if hint == FamilyFirst {
		return beginOfGiven(words), true, false
	}
	if hint == AnyOrder {
		begins, ends := isEastFamily(words[0]), isEastFamily(words[n-1])
		given := strings.Join(words[1:], " ")
		switch {
		case begins && (sinic(words[0], given) || strings.Contains(given, "-") || isVietnamese(words[0]) || koreanFamily(words[0])):
			return 1, true, !ends
		case scriptOf(words[0]) == han || scriptOf(words[0]) == hangul:
			return 1, true, true
		}
	}
	return beginOfFamily(words), false, false
}

// beginOfFamily is where the last name begins, with the small words before it.
func beginOfFamily(words []string) int {
	at := len(words) - 1
	for at > 1 && isParticle(words[at-1]) {
		at--
	}
	return at
}

// beginOfGiven is where a family name that comes first ends.
func beginOfGiven(words []string) int {
	at := 0
	for at < len(words)-2 && isParticle(words[at]) {
		at++
	}
	return at + 1
}

// shouted is the one run of words in capitals, with the small words before it;
// none if all of them are.
func shouted(words []string) (from, to int) {
	from, to = -1, -1
	for i, w := range words {
		switch {
		case !isShout(w):
		case from < 0:
			from, to = i, i+1
		case to == i:
			to = i + 1
		default:
			return 0, 0
		}
	}
	if from < 0 {
		return 0, 0
	}
	for from > 0 && isParticle(words[from-1]) {
		from--
	}
	return from, to
}

func hasShout(words []string) bool { return slices.ContainsFunc(words, isShout) }

// isShout reports whether a word is written in capitals: "LIN", "O'BRIEN",
// "McDONALD", but no initials.
func isShout(w string) bool {
	w = strings.TrimPrefix(strings.TrimPrefix(w, "Mc"), "Mac")
	upper := 0
	for _, r := range w {
		switch {
		case unicode.IsLower(r):
			return false
		case unicode.IsUpper(r):
			upper++
		case r == '.':
			return false
		}
	}
	return upper > 1
}

// unshout writes words in capitals as names are written: LIN is Lin, O'BRIEN is
// O'Brien. A word of one or two letters is left: it may be initials.
func unshout(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if !isShout(w) || len([]rune(w)) < 3 && len(words) > 1 && i > 0 {
			continue
		}
		begins := true
		words[i] = strings.Map(func(r rune) rune {
			was := begins
			begins = !unicode.IsLetter(r) && !unicode.IsMark(r)
			if was {
				return r
			}
			return unicode.ToLower(r)
		}, w)
	}
	return strings.Join(words, " ")
}
