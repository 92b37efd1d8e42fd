package disclosure

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/russian"
	"golang.org/x/text/unicode/norm"

	"track15/models/disclosure/words"
)

// A token is a word, a number or a Han character of a text.
type token struct {
	start, end int    // bytes of the text
	word       string // folded: small letters without marks, of one script
	other      string // folded as Germans and Danes do: "Ström" is "stroem"; "" if the same
	stem       string
	number     int64 // value, where kind is number
	kind       kind
	shape      shape
	gap        gap // what stands between the token before and this one
}

type kind uint8

const (
	word kind = iota
	number
	han // one character
)

// A shape says how a word is written.
type shape uint8

const (
	small   shape = iota
	capital       // "Panel"
	shout         // "STOP", "F.S.I."
	initial       // "S."
)

// A gap is the strongest of what stands between two tokens.
type gap uint8

const (
	near    gap = iota // spaces, a line's end, a hyphen, quotation marks
	comma              // a comma or a bracket
	clause             // a semicolon, a colon, a dash
	heading            // between sentences
)

// A text is a text taken apart.
type text struct {
	raw       string
	tokens    []token
	sentences []span // of tokens
}

// A span is a part of a list: [from, to).
type span struct{ from, to int }

// read takes a text apart. It never fails: bytes that are no UTF-8 stand between
// words.
func read(raw string) text {
	t := text{raw: raw}
	between := heading
	for at := 0; at < len(raw); {
		if tok, n := t.next(at); n > 0 {
			tok.gap = between
			t.tokens = append(t.tokens, tok)
			between = near
			at += n
			continue
		}
		r, n := utf8.DecodeRuneInString(raw[at:])
		between = max(between, t.between(at, r, n))
		at += n
	}
	t.numbers()
	for i := range t.tokens {
		t.tokens[i].stem = stemOf(t.tokens[i])
		if n := len(t.sentences); t.tokens[i].gap == heading || i-t.sentences[n-1].from >= longestSentence {
			t.sentences = append(t.sentences, span{i, i})
		}
		t.sentences[len(t.sentences)-1].to = i + 1
	}
	return t
}

// longestSentence is how many tokens a sentence has at most. What is longer is a list
// or no language, and would take time with the square of its length.
const longestSentence = 200

// next reads the token at a byte; n is 0 if none begins there.
func (t *text) next(at int) (token, int) {
	r, n := utf8.DecodeRuneInString(t.raw[at:])
	switch {
	case r < utf8.RuneSelf:
		if !asciiLetter(r) && !asciiDigit(r) {
			return token{}, 0
		}
	case unicode.Is(unicode.Han, r):
		return token{start: at, end: at + n, word: string(simple(r)), kind: han}, n
	case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return token{}, 0
	}
	if end := t.dotted(at); end > at {
		letters := strings.ToLower(strings.ReplaceAll(t.raw[at:end], ".", ""))
		return token{start: at, end: end, word: letters, shape: shout}, end + t.possessive(end) - at
	}
	return t.run(at)
}

// dotted returns the end of "F.S.I." at a byte; the byte itself if there is none.
func (t *text) dotted(at int) int {
	end, letters := at, 0
	for end+1 < len(t.raw) && t.raw[end] >= 'A' && t.raw[end] <= 'Z' && t.raw[end+1] == '.' {
		end, letters = end+2, letters+1
	}
	if letters == 0 || letters == 1 && (end >= len(t.raw) || t.raw[end] < 'A' || t.raw[end] > 'Z') {
		return at
	}
	if end < len(t.raw) && t.raw[end] >= 'A' && t.raw[end] <= 'Z' { // "U.S.A"
		if r, _ := utf8.DecodeRuneInString(t.raw[end+1:]); end+1 < len(t.raw) && unicode.IsLetter(r) {
			return at // "O.P.Lund": initials and a name
		}
		end++
	}
	if letters < 2 && end-at < 3 {
		return at
	}
	return end
}

// run reads letters or digits with what may stand within a word: marks, soft
// hyphens, emphasis of Markdown, apostrophes.
func (t *text) run(from int) (token, int) {
	var folded, other strings.Builder
	tok := token{start: from, end: from}
	upper, lower, digits, latin, foreign := 0, 0, 0, 0, 0
	at := from
scan:
	for at < len(t.raw) {
		r, n := utf8.DecodeRuneInString(t.raw[at:])
		switch {
		case r < utf8.RuneSelf:
			switch {
			case asciiLetter(r):
				if r <= 'Z' {
					upper++
					r += 'a' - 'A'
				} else {
					lower++
				}
				latin++
				folded.WriteByte(byte(r))
				other.WriteByte(byte(r))
			case asciiDigit(r):
				digits++
				folded.WriteByte(byte(r))
				other.WriteByte(byte(r))
			case (r == ',' || r == '.') && digits > 0 && upper+lower == 0 && t.digits(at+1) > 0 && (r == '.' || t.digits(at+1) == 3):
				if r == '.' && t.digits(at+1) != 3 {
					folded.WriteByte('.')
					other.WriteByte('.')
				}
			case r == '\'' && t.joins(at, n, digits):
			case (r == '*' || r == '_' || r == '`' || r == '~') && t.emphasis(at):
			default:
				break scan
			}
			if r == ',' || r == '.' || r == '\'' || r == '*' || r == '_' || r == '`' || r == '~' {
				at += n
				continue
			}
		case unicode.Is(unicode.Han, r):
			break scan
		case ignorable(r):
			if at == from || !t.letterAfter(at+n) {
				break scan
			}
			at += n
			continue
		case r == '’' || r == 'ʼ' || r == '‘' || r == 'ʻ' || r == '`':
			if !t.joins(at, n, digits) {
				break scan
			}
			at += n
			continue
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.M, r):
			if unicode.IsUpper(r) || unicode.IsTitle(r) {
				upper++
			} else if unicode.IsLower(r) {
				lower++
			}
			f := fold(r)
			folded.WriteString(f.plain)
			other.WriteString(f.german)
			switch {
			case unicode.Is(unicode.Latin, r):
				latin++
			case unicode.IsLetter(r):
				foreign++
			}
			if f.plain != "" && f.plain[0] >= '0' && f.plain[0] <= '9' {
				digits++
			}
		default:
			break scan
		}
		at += n
		tok.end = at
	}
	if tok.end == from { // marks that join nothing
		return token{}, 0
	}
	tok.word, tok.other = folded.String(), other.String()
	if latin > 0 && foreign > 0 { // letters that only look so
		tok.word, tok.other = lookalikes(tok.word), lookalikes(tok.other)
	}
	if tok.other == tok.word {
		tok.other = ""
	}
	if tok.word == "" {
		tok.word = t.raw[tok.start:tok.end]
	}
	switch {
	case digits > 0 && t.value(&tok):
		tok.kind = number
	case upper > 0 && upper+lower == 1 && tok.end < len(t.raw) && t.raw[tok.end] == '.':
		tok.shape = initial
	case upper > 1 && lower == 0, upper > 1 && digits > 0 && lower == 0:
		tok.shape = shout
	case upper > 1 && upper > lower: // "FSIs"
		tok.shape = shout
	case upper > 0:
		tok.shape = capital
	}
	return tok, max(tok.end, at) + t.possessive(max(tok.end, at)) - from
}

// possessive is how many bytes "'s" at a byte takes, 0 without one.
func (t *text) possessive(at int) int {
	for _, mark := range []string{"'s", "’s", "'S", "’S", "‘s", "´s"} {
		if strings.HasPrefix(t.raw[at:], mark) && !t.letterAfter(at+len(mark)) {
			return len(mark)
		}
	}
	return 0
}

// value reads a number as it is written in digits: "41000", "17th".
func (*text) value(tok *token) bool {
	digits := tok.word
	for _, end := range []string{"st", "nd", "rd", "th"} {
		digits = strings.TrimSuffix(digits, end)
	}
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		f, err := strconv.ParseFloat(digits, 64)
		tok.number = int64(f * 1000)
		return err == nil
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > 1<<50 {
		return false
	}
	tok.number = n * 1000
	return true
}

// digits is how many digits stand at a byte.
func (t *text) digits(at int) int {
	n := 0
	for at+n < len(t.raw) && t.raw[at+n] >= '0' && t.raw[at+n] <= '9' {
		n++
	}
	return n
}

// joins reports whether an apostrophe at a byte joins letters of one word: not
// that of a possessive.
func (t *text) joins(at, n, digits int) bool {
	if digits > 0 || !t.letterAfter(at+n) {
		return false
	}
	rest := t.raw[at+n:]
	if (rest[0] == 's' || rest[0] == 'S') && !t.letterAfter(at+n+1) {
		return false
	}
	return true
}

func (t *text) emphasis(at int) bool {
	end := at
	for end < len(t.raw) && strings.IndexByte("*_`~", t.raw[end]) >= 0 {
		end++
	}
	return t.letterAfter(end)
}

func (t *text) letterAfter(at int) bool {
	if at >= len(t.raw) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.raw[at:])
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r) || ignorable(r)
}

// between says what a rune that is no token sets apart.
func (t *text) between(at int, r rune, n int) gap {
	switch r {
	case '.', '!', '?':
		return t.stop(at + n)
	case '。', '！', '？', '\f', '\u2029':
		return heading
	case '\n':
		return t.line(at + n)
	case ',', '(', ')', '[', ']', '，', '、', '،', '|':
		return comma
	case ';', ':', '—', '–', '；', '：', '؛':
		return clause
	case '-':
		if at > 0 && t.raw[at-1] == ' ' && at+1 < len(t.raw) && t.raw[at+1] == ' ' {
			return clause
		}
	}
	return near
}

// stop is the gap of a full stop that ends before a byte: a sentence's end
// unless what follows is no beginning, or what stands before is cut short.
func (t *text) stop(at int) gap {
	for at < len(t.raw) && strings.IndexByte(`"')]*_`, t.raw[at]) >= 0 {
		at++
	}
	if strings.HasPrefix(t.raw[at:], "»") || strings.HasPrefix(t.raw[at:], "”") || strings.HasPrefix(t.raw[at:], "’") {
		_, n := utf8.DecodeRuneInString(t.raw[at:])
		at += n
	}
	if at < len(t.raw) && t.raw[at] != ' ' && t.raw[at] != '\n' && t.raw[at] != '\r' && t.raw[at] != '\t' && !strings.HasPrefix(t.raw[at:], "\u00a0") {
		return near
	}
	if len(t.tokens) > 0 {
		before := t.tokens[len(t.tokens)-1]
		if before.shape == initial || shortened[before.word] && before.end < len(t.raw) && t.raw[before.end] == '.' {
			return near
		}
	}
	rest := strings.TrimLeft(t.raw[at:], " \t\r\n\u00a0\"'(«“*_")
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && unicode.IsLower(r) {
		return comma
	}
	return heading
}

// line is the gap of a line's end before a byte: nothing by itself, a sentence's
// end before an empty line, an item of a list, a heading, a quotation or a row.
func (t *text) line(at int) gap {
	rest := strings.TrimLeft(t.raw[at:], " \t\r")
	if rest == "" || strings.IndexByte("\n#>|", rest[0]) >= 0 {
		return heading
	}
	for _, mark := range []string{"- ", "* ", "+ ", "• ", "– "} {
		if strings.HasPrefix(rest, mark) {
			return heading
		}
	}
	if n := len(rest) - len(strings.TrimLeft(rest, "0123456789")); n > 0 && n < 4 && len(rest) > n+1 && (rest[n] == '.' || rest[n] == ')') && rest[n+1] == ' ' {
		return heading
	}
	if end := strings.LastIndexByte(strings.TrimRight(t.raw[:max(0, at-1)], "\r\n"), '\n'); strings.HasPrefix(strings.TrimLeft(t.raw[end+1:max(end+1, at-1)], " "), "#") {
		return heading
	}
	return near
}

// shortened are words that a point cuts short, and never ends a sentence after.
var shortened = set(`mr mrs ms dr prof sr jr st gen col lt capt cmdr adm maj brig amb sen rep gov hon rev vs cf no vol pp ed eds approx dept inst univ jan feb mar apr jun jul aug sep sept oct nov dec mt fig art para al natl intl dept govt assn assoc acad comm corp bur ctr coll wm chas jas thos robt`)

// numbers joins numbers that are spelled out: "forty-nine" is one token.
func (t *text) numbers() {
	out := t.tokens[:0]
	for i := 0; i < len(t.tokens); {
		value, n := spelled(t.tokens[i:])
		if n == 1 && value >= 20 && value < 100 && i+1 < len(t.tokens) && t.tokens[i+1].gap == near { // "twenty-seventh"
			if last := ordinals[t.tokens[i+1].word]; last > 0 && last < 10 {
				value, n = value+int64(last), 2
			}
		}
		if n == 0 {
			out = append(out, t.tokens[i])
			i++
			continue
		}
		tok := t.tokens[i]
		tok.end, tok.kind, tok.number = t.tokens[i+n-1].end, number, value*1000
		tok.word, tok.other, tok.shape = strconv.FormatInt(value, 10), "", small
		out = append(out, tok)
		i += n
	}
	t.tokens = out
}

var units = map[string]int64{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12, "twice": 2, "thrice": 3}

var tens = map[string]int64{"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

var powers = map[string]int64{"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}

// spelled reads a number in words at the front of tokens, or digits before a
// power; n is how many tokens it takes. "One" by itself is no number.
func spelled(all []token) (value int64, n int) {
	total, current := int64(0), int64(0)
	last := ""
	for n < len(all) && n < 9 && (n == 0 || all[n].gap == near) {
		w := all[n].word
		switch {
		case units[w] > 0 && (n == 0 || tens[last] > 0 || powers[last] > 0 || last == "and"):
			current += units[w]
		case w == "one" && (tens[last] > 0 || last == "and" || n == 0 && len(all) > 1 && powers[all[1].word] > 0):
			current++
		case w == "a" && n == 0 && len(all) > 1 && (powers[all[1].word] > 0 || all[1].word == "dozen"):
			current = 0
		case w == "dozen" && last == "a":
			current = 12
		case tens[w] > 0 && (n == 0 || powers[last] > 0 || last == "and"):
			current += tens[w]
		case powers[w] == 100 && n > 0 && last != "and":
			current = max(current, 1) * 100
		case powers[w] > 100 && n > 0 && last != "and":
			total += max(current, 1) * powers[w]
			current = 0
		case w == "and" && powers[last] > 0 && n+1 < len(all) && (units[all[n+1].word] > 0 || tens[all[n+1].word] > 0):
		case n == 0 && all[n].kind == number && all[n].number%1000 == 0 && len(all) > 1 && powers[all[1].word] > 0 && all[1].gap == near && all[n].number < 1<<40:
			current = all[n].number / 1000
		default:
			return total + current, n
		}
		if total > 1<<50 || current > 1<<50 {
			return 0, 0
		}
		last = w
		n++
	}
	return total + current, n
}

func stemOf(t token) string {
	switch {
	case t.kind != word:
		return t.word
	case t.word != "" && t.word[0] < utf8.RuneSelf:
		return words.Stem(t.word)
	}
	if r, _ := utf8.DecodeRuneInString(t.word); unicode.Is(unicode.Cyrillic, r) {
		return russian.Stem(t.word, false)
	}
	return t.word
}

func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func asciiDigit(r rune) bool  { return r >= '0' && r <= '9' }

// ignorable reports whether a rune is not seen: soft hyphens, joiners, marks of
// direction and variation.
func ignorable(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r >= 0xfe00 && r <= 0xfe0f || r == 0x34f
}

type folded struct{ plain, german string }

// fold writes a rune in small letters without marks.
func fold(r rune) folded {
	if f, ok := special[unicode.ToLower(r)]; ok {
		return f
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, r) && !ignorable(r) {
			if f, ok := special[unicode.ToLower(r)]; ok {
				b.WriteString(f.plain)
				continue
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	plain := b.String()
	if german, ok := umlauts[norm.NFC.String(strings.ToLower(string(r)))]; ok {
		return folded{plain, german}
	}
	return folded{plain, plain}
}

var umlauts = map[string]string{"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"}

var special = map[rune]folded{
	'ß': {"ss", "ss"}, 'æ': {"ae", "ae"}, 'œ': {"oe", "oe"}, 'ø': {"o", "oe"}, 'ł': {"l", "l"}, 'đ': {"d", "d"}, 'ð': {"d", "d"}, 'þ': {"th", "th"}, 'ı': {"i", "i"}, 'ħ': {"h", "h"},
	'ё': {"е", "е"}, 'أ': {"ا", "ا"}, 'إ': {"ا", "ا"}, 'آ': {"ا", "ا"}, 'ى': {"ي", "ي"}, 'ی': {"ي", "ي"}, 'ک': {"ك", "ك"}, 'ة': {"ه", "ه"}, 'ـ': {"", ""},
}

// lookalikes writes Cyrillic and Greek letters that look like Latin ones as
// those.
func lookalikes(s string) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune("аеорсухіјѕһԁԛԝкмтвнαορνικτυχ", r); i >= 0 {
			return []rune("aeopcyxijshdqwkmtbhaopvikTux")[utf8.RuneCountInString("аеорсухіјѕһԁԛԝкмтвнαορνικτυχ"[:i])]
		}
		return r
	}, s)
}

func set(s string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		all[w] = true
	}
	return all
}
