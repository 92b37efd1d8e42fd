package intake

import (
	"slices"
	"strings"
	"unicode"

	"track15/models/names"
	"track15/models/record"
)

// languageOf guesses the language of a name by its letters and a country.
func languageOf(s, country string) string {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		case unicode.Is(unicode.Cyrillic, r):
			if country == "UA" || country == "BY" || country == "BG" || country == "RS" {
				return map[string]string{"UA": "uk", "BY": "be", "BG": "bg", "RS": "sr"}[country]
			}
			return "ru"
		case unicode.Is(unicode.Arabic, r):
			if country == "IR" {
				return "fa"
			}
			return "ar"
		case unicode.Is(unicode.Hebrew, r):
			return "he"
		case unicode.Is(unicode.Greek, r):
			return "el"
		}
	}
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			switch country {
			case "JP":
				return "ja"
			case "KR":
				return "ko"
			case "TW", "HK":
				return "zh-Hant"
			}
			return "zh"
		}
	}
	return "und"
}

// nativeName reads a name with its language, "林若川 [zh-Hans]", or guesses that.
func nativeName(s, country string) record.Name {
	if text, tag, ok := strings.Cut(strings.TrimSuffix(s, "]"), " ["); ok && strings.HasSuffix(s, "]") && record.CheckLanguage("", tag) == nil {
		return record.Name{Text: text, Lang: tag}
	}
	return record.Name{Text: s, Lang: languageOf(s, country)}
}

func (r *reader) organisation() {
	var o record.Organisation
	name, at := r.cell(Name)
	if at < 0 || name == "" {
		r.say(at, "Enter the name.")
	}
	o.Name = name
	o.Acronym, _ = r.cell(Acronym)
	o.Country = r.country()
	native, _ := r.cell(Native)
	for _, n := range parts(native) {
		o.Native = append(o.Native, nativeName(n, o.Country))
	}
	aliases, _ := r.cell(Aliases)
	o.Aliases = parts(aliases)
	o.Kind = record.OrgKind(r.word(BodyKind, bodyKinds, "kind of body"))
	if o.Kind == "" {
		o.Kind = kindOf(name)
		_, at := r.cell(BodyKind)
		r.note(at, "The kind of body is a guess by its name.")
	}
	if source, at := r.cell(Address); source != "" {
		for _, s := range parts(source) {
			s = withScheme(s)
			if err := record.CheckURL("", s); err != nil {
				r.say(at, "%s", err)
				continue
			}
			o.Sources = append(o.Sources, record.Source{URL: s})
		}
	}
	o = o.Normal()
	if name != "" {
		r.refused(o.Check(), map[string]Field{"name": Name, "acronym": Acronym, "aliases": Aliases, "native": Native, "kind": BodyKind, "country": Country, "sources": Address})
	}
	e := &OrganisationEntry{Organisation: o, Parent: r.body(Parent)}
	r.now.Organisation = e
	e.Group = r.groups.organisation(r.now.Number, o)
	e.ParentGroup = r.groups.body(r.now.Number, e.Parent, o.Country)
}

// kindOf guesses what kind of body has the name.
func kindOf(name string) record.OrgKind {
	key := " " + record.Fold(name) + " "
	for _, k := range []struct {
		kind  record.OrgKind
		words string
	}{
		{record.CERT, " cert |csirt|computer emergency"},
		{record.Ministry, "ministry|ministerium|ministère|ministere|ministerio|министерство|外交部|国防部"},
		{record.University, "university|universit|college|school|hochschule|универ|academy|大学"},
		{record.SecurityService, "intelligence|security service|nachrichtendienst|renseignement"},
		{record.Military, "army|navy|air force|command|armed forces|military|defence force|defense force"},
		{record.International, "united nations|european union|international organi"},
		{record.ThinkTank, "institut|think tank|centre|center|foundation|council|研究院|研究所|центр|forum"},
		{record.Company, " ltd | inc | gmbh | ag | llc | corp |公司|company|group|bank"},
		{record.Agency, "agency|office|bureau|administration|authority|department|commission|局"},
	} {
		for w := range strings.SplitSeq(k.words, "|") {
			if strings.Contains(key, w) {
				return k.kind
			}
		}
	}
	return record.Independent
}

func withScheme(s string) string {
	if strings.HasPrefix(s, "www.") {
		return "https://" + s
	}
	return s
}

func (r *reader) round() {
	ref := r.reference(Opens, Closes)
	e := &RoundEntry{Series: ref.Series}
	r.now.Round = e
	round := record.Round{OrdinalLabel: ref.Label, InternalTitle: ref.Title, Opens: ref.Opens, Closes: ref.Closes, City: ref.City}
	title, _ := r.cell(Title)
	if said, _ := r.cell(Said); said != "" {
		round.OrdinalLabel, round.InternalTitle = said, ""
	}
	if title != "" {
		round.InternalTitle = title
	}
	round.Country = r.country()
	round.Venue, _ = r.cell(Venue)
	round.Summary, _ = r.cell(Summary)
	round.Format = r.word(Format, formats, "format")
	if round.Track = r.word(Track, roundTracks, "track"); round.Track == "" {
		round.Track = r.known.Series.Track
	}
	topics, _ := r.cell(Topics)
	round.Topics = parts(topics)
	if round.State = record.RoundState(r.word(State, roundStates, "state of a round")); round.State == "" {
		round.State = record.Held
	}
	rules, at := r.cell(Rules)
	e.Ruled = rules != ""
	switch preset := presetOf(rules); {
	case preset != "" && preset != "closed":
		p := record.PresetOf(preset)
		round.Rules = record.GroundRules{Preset: p.Key, Vector: p.Vector}
	case rules == "":
		r.note(at, "No ground rule is given: the round starts closed.")
	case preset == "":
		r.note(at, "This is no ground rule that is known: the round starts closed.")
	}
	e.Round = round.Normal()
	e.Round.Rules = e.Round.Rules.Normal()
	if ref.Key() == "" && e.Round.InternalTitle == "" {
		r.say(max(r.mapping.column(RoundName), r.mapping.column(Opens)), "Enter the round's number, its name or its date.")
	}
	check := e.Round
	check.SeriesID = "chosen later"
	r.refused(check.Check(), map[string]Field{"ordinal_label": RoundName, "internal_title": Title, "city": City, "venue": Venue, "country": Country, "topics": Topics, "summary": Summary, "opens": Opens, "closes": Closes})
	for _, list := range []struct {
		field Field
		role  record.Role
	}{{Conveners, record.Convener}, {Hosts, record.Host}, {Bodies, record.Participant}} {
		cell, _ := r.cell(list.field)
		for _, name := range parts(cell) {
			if slices.ContainsFunc(e.Bodies, func(m Mention) bool { return m.Role == list.role && record.Fold(m.Name) == record.Fold(name) }) {
				continue
			}
			m := Mention{Name: name, Role: list.role}
			// "Harbour Institute (China)" says its side.
			if i := strings.LastIndexAny(name, "(（"); i > 0 {
				m.SideID = sideOf(r.known.Series.Sides, strings.Trim(name[i:], "()（） "))
				if m.SideID != "" {
					m.Name = strings.TrimSpace(name[:i])
				}
			}
			m.Group = r.groups.body(r.now.Number, m.Name, sideCountry(r.known.Series.Sides, m.SideID))
			e.Bodies = append(e.Bodies, m)
		}
	}
	e.Public = r.addresses()
}

func sideCountry(sides []record.Side, id string) string {
	i := slices.IndexFunc(sides, func(s record.Side) bool { return s.ID == id })
	if i < 0 || id == "" {
		return ""
	}
	return sides[i].Country
}

// addresses are the addresses of the web in a cell.
func (r *reader) addresses() []string {
	cell, at := r.cell(Address)
	var all []string
	for _, s := range strings.Fields(strings.Join(parts(cell), " ")) {
		s = withScheme(s)
		if err := record.CheckURL("", s); err != nil {
			r.say(at, "%s", err)
			continue
		}
		all = append(all, s)
	}
	return all
}

func (r *reader) output() {
	e := &OutputEntry{}
	r.now.Output = e
	e.Round = r.reference(Opens, NoField)
	e.Series = e.Round.Series
	d := record.Draft{}
	d.Title, _ = r.cell(Title)
	d.Outlet, _ = r.cell(Outlet)
	d.Date, _, _ = r.dates(Published)
	if lang, at := r.cell(Language); lang != "" {
		if code, ok := languages.of(lang); ok {
			d.Lang = code
		} else if record.CheckLanguage("", lang) == nil && len(lang) < 12 {
			d.Lang = lang
		} else {
			r.note(at, "This is no language that is known. It is left out.")
		}
	}
	if all := r.addresses(); len(all) > 0 {
		d.URL = all[0]
		if len(all) > 1 {
			r.note(r.mapping.column(Address), "Only the first address is taken.")
		}
	}
	authors, _ := r.cell(Authors)
	d.Authors = authorsOf(authors)
	kind := record.OutputKind(r.word(OutputKind, outputKinds, "kind of text"))
	if kind == "" {
		kind = record.Commentary
		r.note(r.mapping.column(OutputKind), "It goes in as a commentary by others.")
	}
	e.Output = record.Output{Kind: kind, External: true, Draft: d}.Normal()
	r.now.TextID = r.textOf(e.Output)
	check := e.Output
	check.SeriesID = "chosen later"
	r.refused(check.Check(), map[string]Field{"title": Title, "outlet": Outlet, "date": Published, "url": Address, "lang": Language, "authors": Authors, "kind": OutputKind})
}

// textOf is the known text that a row is: the one with its address, or of the
// same kind and title about the same round. "" for none.
func (r *reader) textOf(o record.Output) string {
	if r.texts == nil {
		r.texts = map[string]string{}
		for _, known := range r.known.Texts {
			for _, key := range textKeys(known) {
				r.texts[key] = known.ID
			}
		}
	}
	o.RoundID = r.now.RoundID
	for _, key := range textKeys(o) {
		if id := r.texts[key]; id != "" {
			return id
		}
	}
	return ""
}

// textKeys are what a text is known by.
func textKeys(o record.Output) (keys []string) {
	if o.Draft.URL != "" {
		keys = append(keys, o.Draft.URL)
	}
	if title := record.Fold(o.Draft.Title); title != "" {
		keys = append(keys, strings.Join([]string{string(o.Kind), o.RoundID, title}, "\n"))
	}
	return keys
}

// authorsOf divides the names of authors: at semicolons and "and", and at commas
// where whole names stand between them.
func authorsOf(cell string) []record.Author {
	var all []string
	for _, part := range parts(cell) {
		for _, sep := range []string{" and ", " und ", " et ", " y ", " и ", " & ", " 和 "} {
			part = strings.ReplaceAll(part, sep, "; ")
		}
		for _, p := range parts(part) {
			pieces := strings.Split(p, ",")
			whole := !slices.ContainsFunc(pieces, func(s string) bool { return s != "" && len(strings.Fields(s)) < 2 })
			if len(pieces) > 1 && whole {
				all = append(all, pieces...)
			} else {
				all = append(all, strings.Trim(p, ", "))
			}
		}
	}
	var out []record.Author
	for _, s := range all {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		p := names.Parse(s, names.AnyOrder)
		if looksLikeBody(s) || p.Given == "" || len(p.Native) > 0 {
			out = append(out, record.Author{Literal: s})
			continue
		}
		out = append(out, record.Author{Family: p.Family, Given: p.Given})
	}
	return out
}
