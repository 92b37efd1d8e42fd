package names

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// small are words that names of bodies have or have not.
var small = words(`the of for and in on at to a an de la le les des du d l et der die das den dem des für und von del los las y e da do para с и по о
	inc incorporated ltd limited llc llp plc gmbh ag sa sas sarl bv nv ev e.v co corp corporation company ооо зао оао`)

// spellings are words that are written in two ways.
var spellings = map[string]string{
	"center": "centre", "centers": "centres", "defense": "defence", "organization": "organisation", "organizations": "organisations", "program": "programme", "programs": "programmes", "labor": "labour", "univ": "university", "inst": "institute", "dept": "department", "min": "ministry", "natl": "national", "intl": "international", "assoc": "association", "cybersecurity": "cyber-security", "govt": "government", "ctr": "centre", "&": "and",
}

// general are words that say nothing of whose body it is.
var general = words(`ministry department office bureau agency service institute institution centre council committee commission academy university school college faculty foundation association society embassy mission delegation secretariat
	foreign external internal affairs defence security national federal state central general international strategic studies research policy public information intelligence police army navy interior justice finance trade industry energy science technology education health economy economic development relations security-council cabinet government parliament assembly team emergency response computer cert
	министерство иностранных дел обороны ministerium auswärtiges amt ministère affaires étrangères ministerio asuntos exteriores`)

// countryWords are how countries stand in names of bodies; the longer come
// first.
var countryWords = []struct{ words, code string }{
	{"people s republic of china", "CN"},
	{"peoples republic of china", "CN"},
	{"prc", "CN"},
	{"chinese", "CN"},
	{"china s", "CN"},
	{"china", "CN"},
	{"united states of america", "US"},
	{"united states", "US"},
	{"u s", "US"},
	{"usa", "US"},
	{"us", "US"},
	{"american", "US"},
	{"america s", "US"},
	{"russian federation", "RU"},
	{"russian", "RU"},
	{"russia", "RU"},
	{"united kingdom", "GB"},
	{"british", "GB"},
	{"uk", "GB"},
	{"great britain", "GB"},
	{"french republic", "FR"},
	{"french", "FR"},
	{"france", "FR"},
	{"federal republic of germany", "DE"},
	{"german", "DE"},
	{"germany", "DE"},
	{"japanese", "JP"},
	{"japan", "JP"},
	{"republic of korea", "KR"},
	{"south korean", "KR"},
	{"south korea", "KR"},
	{"dprk", "KP"},
	{"north korean", "KP"},
	{"north korea", "KP"},
	{"republic of india", "IN"},
	{"indian", "IN"},
	{"india", "IN"},
	{"islamic republic of pakistan", "PK"},
	{"pakistani", "PK"},
	{"pakistan", "PK"},
	{"islamic republic of iran", "IR"},
	{"iranian", "IR"},
	{"iran", "IR"},
	{"israeli", "IL"},
	{"israel", "IL"},
	{"turkish", "TR"},
	{"turkey", "TR"},
	{"türkiye", "TR"},
	{"ukrainian", "UA"},
	{"ukraine", "UA"},
	{"polish", "PL"},
	{"poland", "PL"},
	{"italian", "IT"},
	{"italy", "IT"},
	{"spanish", "ES"},
	{"spain", "ES"},
	{"canadian", "CA"},
	{"canada", "CA"},
	{"australian", "AU"},
	{"australia", "AU"},
	{"swiss", "CH"},
	{"switzerland", "CH"},
	{"swedish", "SE"},
	{"sweden", "SE"},
	{"norwegian", "NO"},
	{"norway", "NO"},
	{"finnish", "FI"},
	{"finland", "FI"},
	{"danish", "DK"},
	{"denmark", "DK"},
	{"dutch", "NL"},
	{"netherlands", "NL"},
	{"belgian", "BE"},
	{"belgium", "BE"},
	{"austrian", "AT"},
	{"austria", "AT"},
	{"brazilian", "BR"},
	{"brazil", "BR"},
	{"mexican", "MX"},
	{"mexico", "MX"},
	{"indonesian", "ID"},
	{"indonesia", "ID"},
	{"vietnamese", "VN"},
	{"viet nam", "VN"},
	{"vietnam", "VN"},
	{"singapore", "SG"},
	{"malaysian", "MY"},
	{"malaysia", "MY"},
	{"thai", "TH"},
	{"thailand", "TH"},
	{"philippine", "PH"},
	{"philippines", "PH"},
	{"egyptian", "EG"},
	{"egypt", "EG"},
	{"saudi", "SA"},
	{"saudi arabia", "SA"},
	{"estonian", "EE"},
	{"estonia", "EE"},
	{"european union", "EU"},
	{"taiwan", "TW"},
	{"taiwanese", "TW"},
	{"kazakhstan", "KZ"},
	{"mongolia", "MN"},
	{"hungarian", "HU"},
	{"hungary", "HU"},
	{"czech", "CZ"},
}

// A title is one name of a body.
type title struct {
	words   []string // sorted, without small ones and countries
	general bool     // they do not say whose body it is
	native  string   // the name in another script, folded; then no words
	letters string   // what the words begin with, in their order, in capitals
}

type body struct {
	titles   []title
	acronyms []string
	country  string
}

var bracketed = regexp.MustCompile(`[(（]([^)）]*)[)）]`)

// writeBody prepares the names of a body for comparing.
func writeBody(b Body) body {
	w := body{country: b.Country}
	w.acronym(b.Acronym)
	for _, s := range slices.Concat([]string{b.Name}, b.Native, b.Aliases) {
		w.name(s)
	}
	return w
}

// acronym notes an acronym as it is written. "CNCERT/CC" is "CNCERT" too.
func (w *body) acronym(s string) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '/' || r == '-' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return
	}
	for _, a := range []string{strings.NewReplacer("/", "", "-", "").Replace(s), beforeSign(s)} {
		if len(a) > 1 && !slices.Contains(w.acronyms, a) {
			w.acronyms = append(w.acronyms, a)
		}
	}
}

func beforeSign(s string) string {
	if i := strings.IndexAny(s, "/-"); i > 2 {
		return s[:i]
	}
	return s
}

// name notes a name, which may be an acronym or have one in brackets.
func (w *body) name(s string) {
	for _, m := range bracketed.FindAllStringSubmatch(s, -1) {
		if code := countryOf(m[1]); code != "" {
			w.setCountry(code)
		} else if isAcronym(m[1]) {
			w.acronym(m[1])
		} else if scriptOf(m[1]) != latin {
			w.name(m[1])
		}
	}
	s = strings.TrimSpace(bracketed.ReplaceAllString(s, " "))
	switch {
	case s == "":
	case isAcronym(s):
		w.acronym(s)
	case scriptOf(s) != latin && scriptOf(s) != cyrillic:
		w.titles = append(w.titles, title{native: compact(strings.ToLower(s)), general: utf8.RuneCountInString(s) < 5})
	default:
		w.title(s)
	}
}

func (w *body) setCountry(code string) {
	if w.country == "" {
		w.country = code
	}
}

// isAcronym reports whether a name is one word in capitals, "CNCERT/CC".
func isAcronym(s string) bool {
	upper := 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r), unicode.IsSpace(r):
			return false
		}
	}
	return upper > 1 && len(s) <= 12
}

func countryOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, c := range countryWords {
		if c.words == s {
			return c.code
		}
	}
	return ""
}

func (w *body) title(s string) {
	key := " " + strings.Join(strings.FieldsFunc(strings.ToLower(foldBody(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' && r != '.'
	}), " ") + " "
	key = strings.ReplaceAll(key, ".", "")
	for _, c := range countryWords {
		if strings.Contains(key, " "+c.words+" ") {
			w.setCountry(c.code)
			// Another country's name is part of the body's own: it stays.
			if w.country == c.code {
				key = strings.ReplaceAll(key, " "+c.words+" ", " ")
			}
		}
	}
	t := title{general: true}
	var letters strings.Builder
	for _, x := range strings.Fields(key) {
		if other, ok := spellings[x]; ok {
			x = other
		}
		if small[x] || len(x) == 1 && x[0] < 0x80 {
			continue
		}
		letters.WriteString(strings.ToUpper(initial(x)))
		t.words = append(t.words, x)
		t.general = t.general && general[x]
	}
	if len(t.words) == 0 {
		return
	}
	if len(t.words) > 2 {
		t.letters = letters.String()
	}
	slices.Sort(t.words)
	t.words = slices.Compact(t.words)
	w.titles = append(w.titles, t)
}

// foldBody writes Latin letters without marks.
func foldBody(s string) string {
	if scriptOf(s) != latin {
		return s
	}
	return ascii(s)
}

// BodyKeys returns keys under which the body is to be found: two that may be one
// share at least one.
func BodyKeys(b Body) []string { return writeBody(b).keys() }

func (w body) keys() []string {
	var all []string
	for _, a := range w.acronyms {
		all = append(all, "a:"+a)
	}
	for _, t := range w.titles {
		if t.native != "" {
			all = append(all, "s:"+t.native)
			continue
		}
		all = append(all, "n:"+strings.Join(t.words, " "))
		if t.letters != "" {
			all = append(all, "a:"+t.letters)
		}
		for _, x := range t.words {
			if !general[x] && len(x) > 3 {
				all = append(all, "t:"+x)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// LikelyBodies says how alike the names of two bodies are. It is the same in
// either order. Bodies of different countries are never alike, whatever their
// acronyms; a name that every country has, such as a ministry's, is the same
// only within one.
func LikelyBodies(a, b Body) Likeness { return likelyBodies(writeBody(a), writeBody(b)) }

func likelyBodies(a, b body) Likeness {
	if a.country != "" && b.country != "" && a.country != b.country {
		return None
	}
	oneCountry := a.country != "" && a.country == b.country
	best := None
	for _, x := range a.titles {
		for _, y := range b.titles {
			best = max(best, x.alike(y, oneCountry))
		}
	}
	if best == Same {
		return Same
	}
	for _, x := range a.acronyms {
		if slices.Contains(b.acronyms, x) {
			if oneCountry && (len(a.titles) == 0 || len(b.titles) == 0) {
				return Same
			}
			best = Maybe
		}
		best = max(best, spells(b, x))
	}
	for _, x := range b.acronyms {
		best = max(best, spells(a, x))
	}
	return best
}

// spells reports whether the words of a name of the body begin with the letters.
func spells(b body, letters string) Likeness {
	for _, t := range b.titles {
		if t.letters != "" && t.letters == letters {
			return Maybe
		}
	}
	return None
}

func (t title) alike(u title, oneCountry bool) Likeness {
	switch {
	case t.native != "" || u.native != "":
		if t.native != u.native {
			return None
		}
		if t.general && !oneCountry {
			return Maybe
		}
		return Same
	case slices.Equal(t.words, u.words):
		if t.general && !oneCountry || len(t.words) == 1 && len(t.words[0]) < 5 {
			return Maybe
		}
		return Same
	case t.general || u.general:
		return None
	}
	if within(t.words, u.words) || within(u.words, t.words) {
		return Maybe
	}
	return None
}

// within reports whether a name has all words of a shorter one, but for one
// letter of one of them, and at most two more. One word at least must tell it
// from others.
func within(short, long []string) bool {
	if len(short) < 2 || len(short) > len(long) || len(long)-len(short) > 2 {
		return false
	}
	other, strong := 0, false
	for _, x := range short {
		strong = strong || !general[x] && len(x) > 3 && slices.Contains(long, x)
		if !slices.Contains(long, x) {
			if other++; other > 1 || len(x) < 6 || !slices.ContainsFunc(long, func(y string) bool { return len(y) > 5 && nearly(x, y) }) {
				return false
			}
		}
	}
	return strong
}
