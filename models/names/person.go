package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// shortName is how many letters a name needs for anything but the very same
// writing to count: "Li Na" and "Na Li" may be two people.
const shortName = 8

// A form is one way in which a name is written, in small letters of ASCII.
type form struct {
	family, given string // without spaces and marks
	words         []string
	script        script
	loose, bones  string // looseKey and skeleton
}

func newForm(family, given string, words []string, s script) form {
	f := form{family: family, given: given, words: words, script: s}
	f.loose, f.bones = looseKey(f), skeleton(f)
	return f
}

// A written is a name prepared for comparing.
type written struct {
	forms  []form
	native []string // folded
}

func write(p Person) written {
	var w written
	add := func(family, given string) {
		for _, f := range formsOf(family, given) {
			if !slices.ContainsFunc(w.forms, func(g form) bool { return g.family == f.family && g.given == f.given }) {
				w.forms = append(w.forms, f)
			}
		}
	}
	whole := func(s string) {
		q := Parse(s, AnyOrder)
		add(q.Family, q.Given)
		if scriptOf(s) != latin {
			w.native = append(w.native, compact(strings.ToLower(s)))
		}
	}
	add(p.Family, p.Given)
	if scriptOf(p.Family) != latin {
		w.native = append(w.native, compact(strings.ToLower(p.Family+p.Given)))
	}
	for _, s := range p.Native {
		whole(s)
	}
	for _, s := range p.Aliases {
		whole(s)
	}
	return w
}

// formsOf are the ways in which a name may be meant.
func formsOf(family, given string) []form {
	s := scriptOf(family)
	f, g := ascii(family), ascii(given)
	if s == han {
		f, g = mandarinName(family, given)
	}
	split := func(s string) []string {
		return slices.DeleteFunc(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '.' || r == ',' }), func(w string) bool {
			return isGeneration(w) || compact(w) == ""
		})
	}
	families, givens := split(f), split(g)
	if len(families) == 0 {
		families, givens = givens, nil
	}
	if len(families) == 0 {
		return nil
	}
	var parts []string
	for _, w := range slices.Concat(families, givens) {
		parts = append(parts, compact(w))
	}
	f, g = strings.Join(families, " "), strings.Join(givens, " ")
	all := []form{newForm(compact(f), compact(g), parts, s)}
	if s == latin && strings.ContainsAny(f+g, "-'") {
		for _, given := range wadeReadings(g) {
			for _, family := range wadeReadings(f) {
				if chineseFamilies[family] && len(all) <= maxReadings {
					all = append(all, newForm(family, given, []string{family, given}, s))
				}
			}
		}
	}
	return all
}

// compact leaves the letters and digits of s.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x80 {
			return r
		}
		return -1
	}, s)
}

// Keys returns keys under which the name is to be found: two names that may be
// one share at least one. They are folded and bear no order. A name has about ten.
func Keys(p Person) []string { return write(p).keys() }

func (w written) keys() []string {
	var all []string
	for _, n := range w.native {
		if n != "" {
			all = append(all, "s:"+n)
		}
	}
	for _, f := range w.forms {
		pair := []string{f.family, f.given}
		slices.Sort(pair)
		sorted := slices.Sorted(slices.Values(f.words))
		all = append(all, "n:"+strings.Join(pair, "|"), "w:"+strings.Join(sorted, ""))
		if f.given != "" {
			all = append(all, "i:"+f.family+" "+initial(f.given), "i:"+f.given+" "+initial(f.family))
			if len(f.words) > 2 {
				all = append(all, "i:"+f.words[len(f.words)-1]+" "+initial(f.words[0]))
			}
		}
		if f.loose != "" {
			all = append(all, "l:"+f.loose)
		}
		if f.bones != "" {
			all = append(all, "c:"+f.bones)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func initial(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// Likely says how alike two names are. It is the same in either order.
func Likely(a, b Person) Likeness { return likely(write(a), write(b)) }

func likely(a, b written) Likeness {
	best := None
	for _, x := range a.native {
		if x != "" && slices.Contains(b.native, x) {
			if utf8.RuneCountInString(x) > 1 {
				return Same
			}
			best = Maybe
		}
	}
	for _, x := range a.forms {
		for _, y := range b.forms {
			best = max(best, alike(x, y))
		}
	}
	// One reading, but both are written in characters, and otherwise.
	if best == Same && haveHan(a) && haveHan(b) {
		return Maybe
	}
	return best
}

func haveHan(w written) bool {
	return slices.ContainsFunc(w.native, func(s string) bool { return scriptOf(s) == han })
}

func alike(x, y form) Likeness {
	letters := min(len(x.family)+len(x.given), len(y.family)+len(y.given))
	switch {
	case x.family == y.family && x.given == y.given:
		if x.given == "" {
			return Maybe
		}
		return Same
	case x.family == y.given && x.given == y.family && x.given != "":
		if letters >= shortName && (syllables(x.family) > 0 && syllables(x.given) > 0) {
			return Same
		}
		return Maybe
	}
	if x.given == "" || y.given == "" {
		return None
	}
	switch {
	case abbreviates(x, y), abbreviates(y, x), sameWords(x, y):
		return Maybe
	case letters < shortName:
		return None
	case x.family == y.family && len(x.given) > 4 && len(y.given) > 4 && nearly(x.given, y.given),
		x.given == y.given && len(x.given) > 3 && len(x.family) > 5 && len(y.family) > 5 && nearly(x.family, y.family):
		return Maybe
	case x.loose != "" && x.loose == y.loose:
		return Maybe
	case (x.script == arabic) != (y.script == arabic) && x.bones != "" && x.bones == y.bones:
		return Maybe
	}
	return None
}

// abbreviates reports whether x has initials for, or leaves out, given names of
// y: "J. Smith" and "John Smith" may be "John Allan Smith".
func abbreviates(x, y form) bool {
	if x.family != y.family || len(x.family) < 2 {
		return false
	}
	short, long := givens(x), givens(y)
	if len(short) == 0 || len(short) > len(long) {
		return abbreviated(x.given, short) && len(x.given) <= 3 && len(long) > 0 && initials(long) == x.given
	}
	from := 0
	for i, w := range short {
		at := slices.IndexFunc(long[from:], func(l string) bool { return l == w || len(w) == 1 && initial(l) == w })
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		from += at + 1
	}
	return true
}

// abbreviated reports whether a given name is only initials.
func abbreviated(given string, words []string) bool {
	return len(given) == 1 || len(words) == 1 && len(words[0]) < 3
}

func initials(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(initial(w))
	}
	return b.String()
}

// givens are the words of the given name: those that are none of the family's.
func givens(f form) []string {
	for i := range f.words {
		if strings.Join(f.words[:i+1], "") == f.family {
			return f.words[i+1:]
		}
	}
	return nil
}

func sameWords(x, y form) bool {
	return len(x.words) == len(y.words) && len(x.words) > 2 && slices.Equal(slices.Sorted(slices.Values(x.words)), slices.Sorted(slices.Values(y.words)))
}

// nearly reports whether one letter is other, missing or changed with the next.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i == len(a) || a[i+1:] == b[i+1:] ||
		i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// looser writes sounds that romanisations write in several ways in one.
var looser = strings.NewReplacer(
	"schtsch", "s", "szcz", "s", "shch", "s", "tsch", "c", "sch", "s", "tch", "c", "sh", "s", "kh", "h", "zh", "z", "ch", "c", "cz", "c", "dzh", "j", "dj", "j", "ph", "f", "th", "t", "gh", "g",
	"tz", "c", "ts", "c", "ks", "x", "ck", "k", "ou", "u", "oo", "u", "ue", "u", "oe", "o", "ae", "a", "ee", "i",
	"iu", "u", "yu", "u", "ju", "u", "ia", "a", "ya", "a", "ja", "a", "ie", "e", "ye", "e", "je", "e", "io", "o", "yo", "o", "jo", "o", "iy", "i", "ij", "i", "yi", "i", "ii", "i",
	"y", "i", "j", "i", "w", "v", "q", "k",
)

// looseKey is the name as it sounds, roughly; "" for a short one.
func looseKey(f form) string {
	if len(f.family)+len(f.given) < shortName || f.given == "" {
		return ""
	}
	pair := []string{single(looser.Replace(f.family)), single(looser.Replace(f.given))}
	slices.Sort(pair)
	return strings.Join(pair, "|")
}

// single writes each run of a letter once.
func single(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// skeleton is the name without vowels, as Arabic and Hebrew write it; "" if too
// little is left.
func skeleton(f form) string {
	bones := func(s string) string {
		return single(strings.Map(func(r rune) rune {
			if strings.ContainsRune("aeiouywv", r) {
				return -1
			}
			return r
		}, looser.Replace(strings.TrimPrefix(s, "al"))))
	}
	pair := []string{bones(f.family), bones(f.given)}
	if len(pair[0]) < 2 || len(pair[1]) < 2 || len(pair[0])+len(pair[1]) < 5 {
		return ""
	}
	slices.Sort(pair)
	return strings.Join(pair, "|")
}
