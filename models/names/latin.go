package names

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// letters are what letters of other scripts, and Latin ones that no mark makes,
// are in plain ASCII: one common way of writing each.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "ng", 'ə': "a", 'ʼ': "'", '’': "'", '‘': "'", '`': "'", '´': "'", 'ʻ': "'", 'ʿ': "'", 'ʾ': "'", '‐': "-", '‑': "-", '–': "-", '·': " ", '・': " ",
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'є': "e", 'ґ': "g", 'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz", 'ў': "u", 'қ': "k", 'ғ': "g", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'ә': "a",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
	'ا': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "dh", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "", 'غ': "gh", 'ف': "f", 'ق': "q", 'ك': "k", 'ک': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "w", 'ي': "y", 'ی': "y", 'ى': "a", 'ة': "a", 'ء': "", 'پ': "p", 'چ': "ch", 'گ': "g", 'ژ': "zh",
	'א': "a", 'ב': "b", 'ג': "g", 'ד': "d", 'ה': "h", 'ו': "v", 'ז': "z", 'ח': "h", 'ט': "t", 'י': "y", 'כ': "k", 'ך': "k", 'ל': "l", 'מ': "m", 'ם': "m", 'נ': "n", 'ן': "n", 'ס': "s", 'ע': "", 'פ': "p", 'ף': "f", 'צ': "ts", 'ץ': "ts", 'ק': "k", 'ר': "r", 'ש': "sh", 'ת': "t",
}

// ascii writes a word or several in small letters of ASCII, with hyphens,
// apostrophes and spaces. Han characters are their Mandarin reading without
// tones, one joined to the next; letters of scripts that it does not know stay.
func ascii(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] >= 'A' && s[i] <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch latin, known := letters[r]; {
		case r < 0x80:
			b.WriteRune(r)
		case known:
			b.WriteString(latin)
		case unicode.Is(unicode.Han, r):
			b.WriteString(mandarin(r))
		case r >= 0x1100 && r <= 0x11ff:
			b.WriteString(jamo(r))
		case !unicode.In(r, unicode.Mn, unicode.Cf):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// jamo are the letters of Hangul, into which the normal form divides its
// syllables, in the Revised Romanisation.
func jamo(r rune) string {
	initial := []string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	vowel := []string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	final := []string{"k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
	for _, part := range []struct {
		from rune
		all  []string
	}{{0x1100, initial}, {0x1161, vowel}, {0x11a8, final}} {
		if i := int(r - part.from); i >= 0 && i < len(part.all) {
			return part.all[i]
		}
	}
	return ""
}

// familyReadings are characters that are read otherwise in a family name than
// elsewhere.
var familyReadings = map[rune]string{'单': "shan", '單': "shan", '曾': "zeng", '解': "xie", '仇': "qiu", '查': "zha", '盖': "ge", '蓋': "ge", '任': "ren", '区': "ou", '區': "ou", '朴': "piao", '尉': "wei", '乐': "yue", '重': "chong", '长': "zhang", '行': "xing", '洗': "xian", '翟': "zhai", '覃': "qin", '缪': "miao", '繆': "miao"}

// mandarin is the most frequent reading of a Han character, without tone; the
// character itself if none is known.
func mandarin(r rune) string {
	if reading := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal}); len(reading) > 0 {
		return strings.ReplaceAll(strings.ReplaceAll(reading[0], "ü", "v"), "v", "u")
	}
	return string(r)
}

// mandarinName is a Chinese name as its family name and its given name in
// pinyin.
func mandarinName(family, given string) (string, string) {
	f := ascii(family)
	if runes := []rune(family); len(runes) == 1 {
		if reading, ok := familyReadings[runes[0]]; ok {
			f = reading
		}
	}
	return f, ascii(given)
}

// pinyinSyllables are all syllables of Mandarin without tones, u for ü.
var pinyinSyllables = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for code := rune(0x4e00); code <= 0x9fa5; code++ {
		all[mandarin(code)] = true
	}
	for _, w := range []string{"n", "ng", "m", "hm", "hng", "e", "o", "a"} {
		delete(all, w)
	}
	return all
})

// syllables is the least number of Mandarin syllables that make up a word of
// small letters; 0 if none do.
func syllables(word string) int {
	if word == "" || len(word) > 24 {
		return 0
	}
	known := pinyinSyllables()
	least := make([]int, len(word)+1)
	for end := 1; end <= len(word); end++ {
		for start := max(0, end-6); start < end; start++ {
			if (start == 0 || least[start] > 0) && known[word[start:end]] && (least[end] == 0 || least[start]+1 < least[end]) {
				least[end] = least[start] + 1
			}
		}
	}
	return least[len(word)]
}
