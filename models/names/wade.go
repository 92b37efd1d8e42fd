package names

import "strings"

// wadeInitials are initials of the Wade-Giles romanisation, the longer first,
// with what they are in pinyin before a, o, u and before i, ü.
var wadeInitials = []struct{ wade, plain, soft string }{
	{"tzʻ", "c", "c"},
	{"tsʻ", "c", "c"},
	{"chʻ", "ch", "q"},
	{"tz", "z", "z"},
	{"ts", "z", "z"},
	{"ch", "zh", "j"},
	{"sh", "sh", "sh"},
	{"hs", "x", "x"},
	{"ss", "s", "s"},
	{"pʻ", "p", "p"},
	{"tʻ", "t", "t"},
	{"kʻ", "k", "k"},
	{"p", "b", "b"},
	{"t", "d", "d"},
	{"k", "g", "g"},
	{"j", "r", "r"},
	{"m", "m", "m"},
	{"f", "f", "f"},
	{"n", "n", "n"},
	{"l", "l", "l"},
	{"h", "h", "h"},
	{"s", "s", "s"},
	{"w", "w", "w"},
	{"y", "y", "y"},
	{"", "", ""},
}

// wadeFinals are finals that pinyin writes otherwise.
var wadeFinals = map[string]string{
	"ien": "ian", "ieh": "ie", "ueh": "ue", "ung": "ong", "iung": "iong", "ih": "i", "uei": "ui", "erh": "er", "eh": "e", "en": "en",
}

// wadeGiles returns the pinyin syllables that a Wade-Giles syllable may be. As
// its apostrophes are mostly left out, both readings are returned then.
func wadeGiles(s string) []string {
	known := pinyinSyllables()
	var all []string
	add := func(s string) {
		if known[s] {
			all = append(all, s)
		}
	}
	exact := strings.Contains(s, "'")
	s = strings.ReplaceAll(s, "'", "ʻ")
	for _, i := range wadeInitials {
		plainWade := strings.TrimSuffix(i.wade, "ʻ")
		rest, ok := strings.CutPrefix(s, i.wade)
		if !ok && !exact && plainWade != i.wade {
			rest, ok = strings.CutPrefix(s, plainWade)
		}
		if !ok || rest == "" {
			continue
		}
		initial := i.plain
		if rest[0] == 'i' && rest != "ih" || strings.HasPrefix(rest, "ueh") {
			initial = i.soft
		}
		final := rest
		if f, ok := wadeFinals[rest]; ok {
			final = f
		}
		add(initial + final)
		switch {
		case final == "o" && strings.Contains("g k h", initial) && initial != "":
			add(initial + "e")
		case final == "o" && initial != "":
			add(initial + "uo")
		case final == "u" && initial == "y":
			add("you")
		case final == "en" && initial == "y":
			add("yan")
		case final == "u" && (i.soft == "q" || i.soft == "j"):
			add(i.soft + "u")
		case (final == "uan" || final == "un") && (i.soft == "q" || i.soft == "j"):
			add(i.soft + final)
		case final == "u" && strings.HasPrefix(i.wade, "tz"), final == "u" && i.wade == "ss":
			add(initial + "i")
		}
	}
	return all
}

// maxReadings bounds the readings of one name.
const maxReadings = 8

// wadeReadings are the pinyin readings of words in Wade-Giles, joined by hyphens
// or spaces; none if one of them is no syllable of it.
func wadeReadings(s string) []string {
	all := []string{""}
	for _, syllable := range strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == ' ' }) {
		var next []string
		for _, reading := range wadeGiles(syllable) {
			for _, before := range all {
				if len(next) < maxReadings {
					next = append(next, before+reading)
				}
			}
		}
		all = next
	}
	return all
}
