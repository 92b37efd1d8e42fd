package disclosure

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"track15/models/disclosure/words"
)

// A body is a Body with the ways in which it is written.
type body struct {
	Body
	rounds []string
	bound  bool // known by rounds
	gone   bool // only known by rounds that were removed
	titles []*title
}

// A title is one name of a body.
type title struct {
	of      *body
	words   []string
	content []string // stems without small words, sorted
	plain   bool     // words of everyday language: only with capitals, or as written
}

// small are words that names of bodies hold and that tell nothing.
var smallWords = set(`the of for and in on at to a an de la le les des du d l et der die das den dem fur und von del los las y da do by with`)

func (x *Index) addBody(b Body) {
	q := &body{Body: b}
	x.bodies[b.ID] = q
	for _, a := range b.Acronyms {
		if key := letters(a); key != "" {
			x.acronyms[key] = append(x.acronyms[key], q)
		}
	}
	for _, s := range b.Names {
		toks := read(s).tokens
		if chars := hanOf(s); chars != "" {
			x.bodyHan[chars] = append(x.bodyHan[chars], q)
			x.bodySizes = withSize(x.bodySizes, utf8.RuneCountInString(chars))
			continue
		}
		t := &title{of: q, plain: true}
		for _, tok := range toks {
			t.words = append(t.words, tok.word)
			if !smallWords[tok.word] {
				t.content = append(t.content, tok.stem)
				if _, known := words.Of(tok.stem); !known {
					t.plain = false
				}
			}
			if tok.shape == capital && !smallWords[tok.word] {
				x.places[tok.stem] = true
			}
		}
		if len(t.content) == 0 {
			continue
		}
		slices.Sort(t.content)
		q.titles = append(q.titles, t)
		for _, stem := range slices.Compact(slices.Clone(t.content)) {
			x.titles[stem] = append(x.titles[stem], t)
		}
	}
}

// letters is an acronym in capitals without points.
func letters(a string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == ' ' || r == '-' || r == '/' {
			return -1
		}
		return r
	}, strings.ToUpper(a))
}

// A bodyHit is a place in a draft that names a body.
type bodyHit struct {
	span
	of   *body
	rule string
	how  match
	// doubtful letters stand where no body would.
	doubtful bool
}

// The rules of bodies.
const (
	ruleBody        = "organisation.name"
	ruleBodyForm    = "organisation.variant"
	ruleAcronym     = "organisation.acronym"
	ruleAffiliation = "affiliation.true"
)

// organisations finds bodies that are not disclosed.
func (c *check) organisations() {
	var hits []bodyHit
	for i := range c.tokens {
		switch t := &c.tokens[i]; {
		case t.kind == han:
			hits = append(hits, c.bodyCharacters(i)...)
		case t.shape == shout:
			hits = append(hits, c.acronym(i)...)
			hits = append(hits, c.title(i)...)
		case t.kind == word:
			hits = append(hits, c.title(i)...)
		}
	}
	slices.SortStableFunc(hits, func(a, b bodyHit) int {
		return cmp.Or(cmp.Compare(b.how, a.how), cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	var done []bodyHit
	for _, h := range hits {
		if slices.ContainsFunc(done, func(d bodyHit) bool { return d.from < h.to && h.from < d.to }) {
			continue
		}
		done = append(done, h)
		if h.of.gone || h.of.ID == c.author() {
			continue
		}
		if h.of.Disclosed && (c.opt.Round == "" || slices.Contains(h.of.Open, c.opt.Round) || len(h.of.Open) == 0) {
			c.take(h.span)
			c.open = append(c.open, h.span)
			continue
		}
		h.doubtful = h.rule == ruleAcronym && !c.asBody(h.span)
		c.secret = append(c.secret, h)
	}
	for _, h := range c.secret {
		c.organisation(h)
	}
}

// author is the id of the body whose badge the author carries.
func (c *check) author() string {
	if p := c.index.people[c.opt.Author]; p != nil && len(p.Presences) > 0 {
		return p.Presences[0].Body
	}
	return ""
}

// organisation makes a finding of a body that is named, unless for a public act.
func (c *check) organisation(h bodyHit) {
	s := c.sentence(h.from)
	if c.publicly(s) {
		return
	}
	f := Finding{Rule: h.rule, Class: Organisation, Severity: Block, Score: 0.95, Sources: []string{h.of.ID}, Rounds: h.of.rounds}
	if h.rule == ruleBodyForm {
		f.Score = 0.85
	}
	if h.doubtful {
		f.Severity, f.Score = Advice, 0.4
	}
	if h.of.Disclosed { // at other rounds
		f.Severity = Advice
	}
	if f.Severity == Block && c.linked(s, h.span) {
		f.Rule, f.Class = ruleAffiliation, Affiliation
	}
	c.add(f, h.from, h.to)
}

// linked reports whether a sentence ties somebody or a body that may be named to
// the one in a span.
func (c *check) linked(s, at span) bool {
	if !c.has(s, linking) {
		return false
	}
	in := func(o span) bool { return o.from >= s.from && o.to <= s.to && (o.to <= at.from || o.from >= at.to) }
	return slices.ContainsFunc(c.open, in) || slices.ContainsFunc(c.takenSpans, in) || slices.ContainsFunc(c.named, func(h hit) bool { return in(h.span) }) ||
		c.hasBeside(s, at, persons)
}

// private are words for what is said where nobody else hears it.
var private = stems(`privately confidentially confidential quietly aside corridor margin closed-door sealed whispered unpublished off-record secretly`)

func (c *check) bodyCharacters(at int) []bodyHit {
	var hits []bodyHit
	for size, written := range c.runs(at, c.index.bodySizes) {
		for _, o := range c.index.bodyHan[written] {
			hits = append(hits, bodyHit{span{at, at + size}, o, ruleBody, exactly, false})
		}
	}
	return hits
}

// acronym finds bodies by an acronym in capitals, unless everything around it is
// in capitals or the draft says what else it stands for.
func (c *check) acronym(at int) []bodyHit {
	t := &c.tokens[at]
	key := strings.ToUpper(t.word)
	found := c.index.acronyms[key]
	size := 1
	if len(found) == 0 && at+1 < len(c.tokens) && c.joined(at+1) && c.tokens[at+1].shape == shout {
		found, size = c.index.acronyms[key+strings.ToUpper(c.tokens[at+1].word)], 2
	}
	if len(found) == 0 && len(key) > 3 && strings.HasSuffix(c.raw[t.start:t.end], "s") {
		found = c.index.acronyms[strings.TrimSuffix(key, "S")]
	}
	if len(found) == 0 || c.shouting(at) || c.otherwise(key) {
		return nil
	}
	hits := make([]bodyHit, 0, len(found))
	for _, o := range found {
		hits = append(hits, bodyHit{span{at, at + size}, o, ruleAcronym, sounds, false})
	}
	return hits
}

// shouting reports whether the words beside a token are in capitals too.
func (c *check) shouting(at int) bool {
	loud := func(i int) bool {
		return i >= 0 && i < len(c.tokens) && c.tokens[i].shape == shout && len(c.tokens[i].word) > 2
	}
	s := c.sentence(at)
	return loud(at-1) && at-1 >= s.from || loud(at+1) && at+1 < s.to
}

// otherwise reports whether the draft expands an acronym to words that are no name
// of a body of it.
func (c *check) otherwise(key string) bool {
	is, known := c.expanded[key]
	if !known {
		is = c.expands(key)
		c.expanded[key] = is
	}
	return is
}

func (c *check) expands(key string) bool {
	for i := range c.tokens {
		t := &c.tokens[i]
		if t.shape != shout || strings.ToUpper(t.word) != key {
			continue
		}
		if i > 0 && t.gap == comma && strings.ContainsAny(c.raw[c.tokens[i-1].end:t.start], "(（[") && c.spells(i, key) {
			if !c.namesBody(span{max(0, i-len(key)-3), i}, key) {
				return true
			}
		}
		// "MFA (multi-factor authentication)"
		if i+1 < len(c.tokens) && c.tokens[i+1].gap == comma && strings.ContainsAny(c.raw[t.end:c.tokens[i+1].start], "(（[") {
			to := i + 1
			for to < len(c.tokens) && to < i+2+2*len(key) && (to == i+1 || c.tokens[to].gap == near) {
				to++
			}
			if c.begins(span{i + 1, to}, key) && !c.namesBody(span{i + 1, to}, key) {
				return true
			}
		}
	}
	return false
}

// spells reports whether the words before a token begin with the letters of an
// acronym.
func (c *check) spells(at int, key string) bool {
	for from := at - 1; from >= max(0, at-2*len(key)-1); from-- {
		if c.begins(span{from, at}, key) {
			return true
		}
		if c.tokens[from].gap != near {
			break
		}
	}
	return false
}

// begins reports whether the words of a span begin with letters, without small
// ones.
func (c *check) begins(s span, key string) bool {
	at := 0
	for _, t := range c.tokens[s.from:s.to] {
		first := strings.ToUpper(string([]rune(t.word)[0]))
		switch {
		case at < len(key) && strings.HasPrefix(key[at:], first):
			at += len(first)
		case !smallWords[t.word]:
			return false
		}
	}
	return at == len(key)
}

// namesBody reports whether a span holds a name of a body with an acronym.
func (c *check) namesBody(s span, key string) bool {
	stems := map[string]bool{}
	for _, t := range c.tokens[s.from:s.to] {
		stems[t.stem] = true
	}
	for _, o := range c.index.acronyms[key] {
		for _, t := range o.titles {
			if !slices.ContainsFunc(t.content, func(w string) bool { return !stems[w] }) {
				return true
			}
		}
	}
	return false
}

// asBody reports whether an acronym stands where a body would: with an article and
// no thing behind it, after a preposition, before a verb of speaking, with
// somebody of it.
func (c *check) asBody(at span) bool {
	next := at.to
	inside := next < len(c.tokens) && c.tokens[next].gap <= near
	var thing bool
	if inside && c.raw[c.tokens[at.to-1].end:c.tokens[next].start] == " " {
		t := &c.tokens[next]
		if persons[t.stem] || speaking[t.stem] {
			return true
		}
		e, ok := words.Of(t.stem)
		thing = t.shape == small && ok && e.Class&words.Noun != 0 && !verbal(t.word, e)
	}
	if possessed := c.raw[c.tokens[at.to-1].end:]; strings.HasPrefix(possessed, "'s") || strings.HasPrefix(possessed, "’s") {
		return true
	}
	before := at.from - 1
	if before < 0 || c.tokens[at.from].gap > comma {
		return false
	}
	if c.tokens[before].word == "the" && c.tokens[at.from].gap == near {
		return !thing
	}
	if thing {
		return false
	}
	return before >= 0 && leading[c.tokens[before].word]
}

// leading are words before a body that does or has something.
var leading = set(`from by of with at for to in as via inside behind under our their his her your an a and between told asked said joined advises advise called informed`)

// verbal reports whether a word is rather a verb's form than a noun.
func verbal(w string, e words.Entry) bool {
	return e.Class&words.Verb != 0 && (strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ing") || words.Irregular(w))
}

// title finds bodies by a name that holds a token.
func (c *check) title(at int) []bodyHit {
	var hits []bodyHit
	tok := &c.tokens[at]
	stem := tok.stem
	all := c.index.titles[stem]
	if len(all) == 0 && tok.shape == capital && len(tok.word) >= 3 && len(tok.word) < 6 {
		if long, ok := abbreviations[tok.word]; ok {
			stem = long
			all = c.index.titles[stem]
		}
	}
	for _, t := range all {
		if c.exactTitle(at, t) {
			hits = append(hits, bodyHit{span{at, at + len(t.words)}, t.of, ruleBody, exactly, false})
			continue
		}
		if h, ok := c.otherOrder(at, t); ok {
			hits = append(hits, h)
		}
	}
	return hits
}

// abbreviations are short forms of words in names of bodies: their stems.
var abbreviations = map[string]string{
	"lab": words.Cut("laboratory"), "labs": words.Cut("laboratory"), "inst": words.Cut("institute"), "univ": words.Cut("university"), "dept": words.Cut("department"), "min": words.Cut("ministry"), "comm": words.Cut("committee"), "assn": words.Cut("association"), "assoc": words.Cut("association"), "acad": words.Cut("academy"), "govt": words.Cut("government"), "tech": words.Cut("technical"), "intl": words.Cut("international"), "natl": words.Cut("national"), "org": words.Cut("organisation"), "ctr": words.Cut("centre"), "coll": words.Cut("college"), "corp": words.Cut("corporation"), "bur": words.Cut("bureau"), "agcy": words.Cut("agency"), "fed": words.Cut("federal"), "admin": words.Cut("administration"), "ops": words.Cut("operation"), "mil": words.Cut("military"), "sec": words.Cut("security"), "res": words.Cut("research"), "dev": words.Cut("development"), "sci": words.Cut("science"), "intel": words.Cut("intelligence"),
}

// exactTitle reports whether a name stands at a token word for word. Everyday
// words need a capital, or to be as many as nobody says by chance.
func (c *check) exactTitle(at int, t *title) bool {
	if at+len(t.words) > len(c.tokens) {
		return false
	}
	upper := 0
	for i, w := range t.words {
		tok := &c.tokens[at+i]
		if tok.word != w && tok.other != w || i > 0 && tok.gap > comma {
			return false
		}
		if tok.shape != small {
			upper++
		}
	}
	switch {
	case !t.plain && len(t.content) > 1, upper == len(t.words) && len(t.words) > 1, upper >= 2:
		return true
	case len(t.content) == 1:
		return upper > 0 && (!t.plain || c.tokens[at].gap == near && at > 0)
	}
	// "the surveillance inspectorate", not "surveillance inspectorates in general"
	return at > 0 && (c.tokens[at-1].word == "the" || leading[c.tokens[at-1].word]) && c.tokens[at].gap == near || len(t.content) > 2
}

// otherOrder looks for a name whose words stand in another order, in other forms
// or with small words between, in capitals, beginning at a token.
func (c *check) otherOrder(at int, t *title) (bodyHit, bool) {
	if len(t.content) < 2 || c.tokens[at].shape == small && c.tokens[at].word[0] < utf8.RuneSelf {
		return bodyHit{}, false
	}
	missing := slices.Clone(t.content)
	to := at
	for i := at; i < len(c.tokens) && i < at+len(t.content)+3 && len(missing) > 0; i++ {
		tok := &c.tokens[i]
		if i > at && tok.gap > near && tok.gap != comma {
			break
		}
		k := slices.IndexFunc(missing, func(w string) bool {
			return w == tok.stem || abbreviations[tok.word] == w || len(w) > 4 && akin(tok.stem, w)
		})
		switch {
		case k >= 0 && (tok.shape != small || tok.word[0] >= utf8.RuneSelf):
			missing = slices.Delete(missing, k, k+1)
			to = i + 1
		case smallWords[tok.word] && i > at:
		default:
			i = len(c.tokens)
		}
	}
	if len(missing) > 0 {
		return bodyHit{}, false
	}
	return bodyHit{span{at, to}, t.of, ruleBodyForm, sounds, false}, true
}

// akin reports whether two stems are forms of one word: they share most of their
// letters and a meaning.
func akin(a, b string) bool {
	if a == b {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 4 || n*3 < 2*max(len(a), len(b)) {
		return false
	}
	x, ok := words.Of(a)
	y, also := words.Of(b)
	return ok && also && related(&x, &y) > 0
}
