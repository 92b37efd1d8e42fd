package release

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"track15/models/record"
)

// clean returns text as it may be released: NFC, without control, format,
// private-use and unassigned characters, trimmed. Line feeds and tabs stay.
// Nobody sees those characters, so nobody can have signed them.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == unicode.ReplacementChar || !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(norm.NFC.String(s))
}

// cleanAll is clean for several texts; what is empty then is left out.
func cleanAll(all []string) []string {
	var out []string
	for _, s := range all {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// maxSlugWords bounds what a slug takes over of the words it is made of, in bytes.
const maxSlugWords = 80

// letters are Latin letters that do not decompose.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ı", "i", "ħ", "h")

// slugify makes the form of a slug of words: lower-case ASCII letters and
// digits, single hyphens between them, at most maxSlugWords bytes, cut between
// words. Words in other scripts give "".
func slugify(words string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(letters.Replace(strings.ToLower(words))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’' || unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
	}
	s := b.String()
	if len(s) <= maxSlugWords {
		return s
	}
	if i := strings.LastIndexByte(s[:maxSlugWords+1], '-'); i > 0 {
		return s[:i]
	}
	return s[:maxSlugWords]
}

// slugOr is slugify; words in other scripts give prefix and ten digits that
// follow from them.
func slugOr(prefix, words string) string {
	if s := slugify(words); s != "" {
		return s
	}
	sum := sha256.Sum256([]byte(words))
	return prefix + "-" + hex.EncodeToString(sum[:5])
}

// dateWords says a date in English: "11 January 2017", "January 2017", "2017".
func dateWords(d record.Date) string {
	layouts := map[record.Precision]string{record.Year: "2006", record.Month: "January 2006", record.Day: "2 January 2006"}
	layout, ok := layouts[d.Precision()]
	if !ok {
		return ""
	}
	return d.First().Format(layout)
}

// day is the day of an instant in microseconds since 1970, in UTC; "" for 0.
func day(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMicro(at).UTC().Format(time.DateOnly)
}
