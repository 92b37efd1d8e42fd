package publishedstore

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// A word is a stretch of a text, text[start:end], with the term under which it
// is found.
type word struct {
	term       string
	start, end int
}

// words cuts a text into terms. Words are folded (case, accents, width) and, if
// they are Latin letters, reduced to their English stem; scripts written
// without spaces give each character and each pair of neighbours. "U.S." gives
// "us"; the s after an apostrophe is dropped.
func words(text string) []word { return cut(text, stem) }

// stem reduces a word of Latin letters.
func stem(w string) string { return english.Stem(w, false) }

// A stems remembers the stems of words, which recur.
type stems map[string]string

func (s stems) words(text string) []word {
	return cut(text, func(w string) string {
		known, ok := s[w]
		if !ok {
			known = stem(w)
			s[w] = known
		}
		return known
	})
}

func cut(text string, stem func(string) string) []word {
	var all []word
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unspaced(r):
			end := at
			for next, n := r, size; unspaced(next) && n > 0; next, n = utf8.DecodeRuneInString(text[end:]) {
				end += n
			}
			all = append(all, pairs(text, at, end)...)
			at = end
		case inWord(r):
			end := wordEnd(text, at)
			if joined, stop := initials(text, at, end); stop > 0 {
				all, at = append(all, word{term(joined, stem), at, stop}), stop
				continue
			}
			all = append(all, word{term(text[at:end], stem), at, end})
			at = end + possessive(text[end:])
		default:
			at += size
		}
	}
	return all
}

// wordEnd returns where the word that begins at start ends.
func wordEnd(text string, start int) int {
	for i, r := range text[start:] {
		if !inWord(r) || unspaced(r) {
			return start + i
		}
	}
	return len(text)
}

// possessive returns the length of an apostrophe with an s that ends a word.
func possessive(rest string) int {
	for _, mark := range []string{"'s", "’s"} {
		if after, ok := strings.CutPrefix(rest, mark); ok {
			if r, _ := utf8.DecodeRuneInString(after); !inWord(r) {
				return len(mark)
			}
		}
	}
	return 0
}

// initials reads single letters with dots between them, "U.S.": it returns them
// joined and where they end, 0 if there are none.
func initials(text string, start, end int) (joined string, stop int) {
	for n := 0; ; n++ {
		letter := text[start:end]
		if r, size := utf8.DecodeRuneInString(letter); size != len(letter) || !unicode.IsLetter(r) {
			break
		}
		joined += letter
		if n > 0 {
			stop = end
		}
		if end+1 >= len(text) || text[end] != '.' {
			break
		}
		start = end + 1
		if end = wordEnd(text, start); end == start {
			break
		}
	}
	if stop == 0 {
		return "", 0
	}
	return joined, stop
}

// pairs cuts text[start:end], characters of a script without spaces.
func pairs(text string, start, end int) []word {
	var all []word
	before := -1
	for i, r := range text[start:end] {
		at := start + i
		next := at + utf8.RuneLen(r)
		all = append(all, word{fold(text[at:next]), at, next})
		if before >= 0 {
			all = append(all, word{fold(text[before:next]), before, next})
		}
		before = at
	}
	return all
}

// unspaced tells whether a character belongs to a script written without
// spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// term returns what a word is found under.
func term(w string, stem func(string) string) string {
	f := fold(w)
	for i := range len(f) {
		if f[i] < 'a' || f[i] > 'z' {
			return f
		}
	}
	return stem(f)
}

// fold makes what people take for the same the same: case, compatible forms,
// and marks on Latin, Greek and Cyrillic letters.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	var b strings.Builder
	strip := false
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			if strip {
				continue
			}
		} else {
			strip = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
		}
		for _, l := range plain(unicode.ToLower(r)) {
			b.WriteRune(l)
		}
	}
	return norm.NFC.String(b.String())
}

// plain spells letters that have no parts in the way people without them type.
func plain(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	}
	return string(r)
}

// maxName bounds the names that are found as a whole, in bytes.
const maxName = 300

// nameTerm is the term of a whole name: its words in order, folded but not
// stemmed, whatever stands between them. It is "" for what has no words or is
// too long.
func nameTerm(name string) string {
	if len(name) > maxName {
		return ""
	}
	var b strings.Builder
	for _, w := range cut(name, func(w string) string { return w }) {
		b.WriteString(" " + w.term)
	}
	if b.Len() == 0 {
		return ""
	}
	return "=" + b.String()[1:]
}

// sortKey is what names are sorted by.
func sortKey(name string) string {
	f := strings.FieldsFunc(fold(name), func(r rune) bool { return !inWord(r) })
	return strings.Join(f, " ")
}

// common are words that a question may hold and need not find.
var common = map[string]bool{
	"a": true, "an": true, "and": true, "as": true, "at": true, "by": true, "for": true, "from": true, "in": true,
	"of": true, "on": true, "or": true, "the": true, "to": true, "with": true,
}
