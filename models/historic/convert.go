package historic

import (
	"slices"
	"strconv"
	"strings"

	"track15/models/record"
)

// organisation makes a directory entry of a line. Its parent is not checked:
// it may stand further down.
func organisation(l line[organisationLine]) (record.Organisation, error) {
	c := checker[organisationLine]{line: l}
	v := l.value
	o := record.Organisation{
		ID:       v.ID,
		SlugWish: v.ID,
		Name:     c.required("name", v.Name, "Enter a name."),
		Acronym:  c.text("acronym", v.Acronym),
		Aliases:  c.texts("aliases", v.Aliases),
		Kind:     record.OrgKind(v.Kind),
		Country:  c.country("country", v.Country),
		ParentID: v.Parent,
		Compiled: true,
	}
	switch {
	case v.Kind == "":
		o.Kind = record.Independent
	case !slices.Contains(record.OrgKinds, o.Kind):
		c.fail("kind", "Enter one of the kinds of the format.")
	}
	// A category stands in a public text in these words; that text is why it
	// may be shown.
	o.AtLeastThree = o.Kind == record.Category
	if c.text("native_name", v.NativeName) != "" {
		lang := c.text("native_lang", v.NativeLang)
		if lang == "" {
			lang = "und"
		}
		o.Native = []record.Name{{Text: v.NativeName, Lang: lang}}
	}
	var from sources
	from.add(c.source(v.Source))
	if v.NativeName != "" && v.NativeSource != "" {
		from.add(c.text("native_source", v.NativeSource), "native name")
	}
	o.Sources = from
	return o, c.err()
}

// oneSeries makes a series of a line. Its parties become its sides.
func (a *Archive) oneSeries(l line[seriesLine]) (record.Series, error) {
	c := checker[seriesLine]{line: l}
	v := l.value
	s := record.Series{
		ID:         v.ID,
		SlugWish:   v.ID,
		Name:       c.required("name", v.Name, "Enter a name."),
		OtherNames: c.texts("other_names", v.OtherNames),
		Track:      c.text("track", v.Track),
		Compiled:   true,
	}
	for i, id := range v.Conveners {
		_, known := a.kinds[string(id)]
		c.reference(item("conveners", i), string(id), OrganisationsFile, known)
		if !slices.Contains(s.ConvenerIDs(), string(id)) {
			s.Conveners = append(s.Conveners, record.Convening{OrganisationID: string(id)})
		}
	}
	for _, party := range c.texts("parties", v.Parties) {
		if slices.ContainsFunc(s.Sides, func(x record.Side) bool { return x.ID == party }) {
			continue
		}
		side := record.Side{ID: party, Name: party}
		if countryCode.MatchString(party) {
			side.Name, side.Country = partyName(party), party
		}
		s.Sides = append(s.Sides, side)
	}
	var from sources
	from.add(c.source(v.Source))
	for i, found := range v.TracksFound {
		field := item("track_labels_found", i)
		label := c.required(field+".label", string(found.Label), "Enter the label that was found.")
		if found.URL != "" {
			from.add(c.text(field+".url", found.URL), "track "+label)
		}
	}
	s.Sources = from
	return s, c.err()
}

// states maps a status of the format to where the round stands in the record.
var states = map[string]record.RoundState{
	"held":      record.Held,
	"announced": record.Scheduled,
	"cancelled": record.Cancelled,
	"postponed": record.Postponed,
}

// round makes a round and its outputs of a line.
func (a *Archive) round(l line[roundLine]) (record.RoundEntry, error) {
	c := checker[roundLine]{line: l}
	v := l.value
	series, known := a.series[v.Series]
	c.reference("series", v.Series, SeriesFile, known)
	r := record.Round{
		ID:           v.ID,
		SlugWish:     v.ID,
		SeriesID:     v.Series,
		OrdinalLabel: c.text("ordinal_label", v.OrdinalLabel),
		State:        states[v.Status],
		City:         c.text("city", v.City),
		Country:      c.country("country", v.Country),
		Track:        c.text("track", v.Track),
		Topics:       distinct(c.texts("topics", v.Topics)),
		Summary:      c.passage("summary", v.Summary),
		Rules:        rules(&c, v.RulesStated),
		Compiled:     true,
	}
	if r.State == "" {
		c.fail("status", "Enter held, announced, cancelled or postponed.")
	}
	if format := c.text("format", v.Format); format != "unknown" {
		r.Format = format
	}
	if v.Ordinal != nil {
		if *v.Ordinal < 1 {
			c.fail("ordinal", "Enter a whole number from 1, or leave this out.")
		}
		r.Sequence = *v.Ordinal
		if r.OrdinalLabel == "" {
			r.OrdinalLabel = ordinal(*v.Ordinal) + " round"
		}
	}
	dates(&c, &r)
	r.Presences = a.presences(&c, series)
	var from sources
	from.add(c.source(v.Source))
	for i, f := range v.Facts {
		field := item("facts", i)
		if f.Fields == nil {
			c.fail(field+".fields", "Enter which fields this is about.")
		}
		at := c.text(field+".url", f.URL)
		if at == "" {
			at = string(v.Source)
		}
		from.add(at, factWords(c.texts(field+".fields", f.Fields))...)
	}
	r.Sources = from
	e := record.RoundEntry{Round: r}
	for i, o := range v.Outputs {
		e.Outputs = append(e.Outputs, output(&c, item("outputs", i), r, o))
	}
	return e, c.err()
}

// dates fills in the dates as exactly as the line says it knows them. An end
// without a start bounds the round from above.
func dates(c *checker[roundLine], r *record.Round) {
	v := c.line.value
	limit := record.Day
	switch v.DatePrecision {
	case "", "day", "unknown":
	case "month":
		limit = record.Month
	case "year":
		limit = record.Year
	default:
		c.fail("date_precision", "Enter day, month, year or unknown.")
	}
	r.Opens = cut(c.date("start", v.Start), limit)
	end := cut(c.date("end", v.End), limit)
	r.NotBefore = c.date("not_before", v.NotBefore)
	r.NotAfter = c.date("not_after", v.NotAfter)
	c.span("end", r.Opens, end)
	switch {
	case r.Opens != "":
		r.Closes = end
	case end != "" && (r.NotAfter == "" || end.Last().Before(r.NotAfter.Last())):
		r.NotAfter = end
	}
	c.span("not_after", r.NotBefore, r.NotAfter)
}

// cut shortens a date that says more than is known.
func cut(d record.Date, limit record.Precision) record.Date {
	lengths := map[record.Precision]int{record.Year: len("2006"), record.Month: len("2006-01")}
	if n, ok := lengths[limit]; ok && d.Precision() > limit {
		return d[:n]
	}
	return d
}

// presences makes one presence of each body and role a round states: bodies
// named, then conveners and supporters that were not named by themselves.
func (a *Archive) presences(c *checker[roundLine], series record.Series) []record.Presence {
	var all []record.Presence
	index := map[string]int{} // organisation -> place in all
	v := c.line.value
	for i, b := range v.Organisations {
		field := item("organisations_named_publicly", i)
		words := c.required(field+".how_disclosed", string(b.HowDisclosed), "Enter in what words this is public.")
		side := c.text(field+".side", b.Side)
		if !slices.ContainsFunc(series.Sides, func(s record.Side) bool { return s.ID == side }) {
			side = ""
		}
		if b.Org == nil {
			all = append(all, record.Presence{Words: words, SideID: side, Label: record.Exact})
			continue
		}
		kind, known := a.kinds[*b.Org]
		c.reference(field+".org", *b.Org, OrganisationsFile, known)
		if _, twice := index[*b.Org]; twice {
			continue
		}
		index[*b.Org] = len(all)
		all = append(all, present(*b.Org, kind, record.Presence{SideID: side, Disclosed: words}))
	}
	for _, list := range []struct {
		field string
		ids   []text
		role  record.Role
	}{{"co_conveners", v.CoConveners, record.Convener}, {"supporters", v.Supporters, record.Supporter}} {
		for i, id := range list.ids {
			kind, known := a.kinds[string(id)]
			c.reference(item(list.field, i), string(id), OrganisationsFile, known)
			at, named := index[string(id)]
			if !named {
				at = len(all)
				index[string(id)] = at
				all = append(all, present(string(id), kind, record.Presence{Disclosed: string(list.role)}))
			}
			if all[at].Role == record.Participant && all[at].Label == record.Exact {
				all[at].Role = list.role
			}
		}
	}
	return all
}

// present completes the presence of a body, or of a category of bodies.
func present(id string, kind record.OrgKind, p record.Presence) record.Presence {
	p.OrganisationID, p.Label = id, record.Exact
	if kind == record.Category {
		p.Label, p.CategoryID = record.ByCategory, id
	}
	return p
}

// rules keeps the stated rules in their words, and starts from the preset that
// they clearly name. "Off the record" alone names none: what else was agreed is
// not known.
func rules(c *checker[roundLine], stated []text) record.GroundRules {
	words := c.texts("rules_stated", stated)
	g := record.GroundRules{Text: strings.Join(words, "; "), TextPublic: len(words) > 0}
	all := strings.ToLower(g.Text)
	switch {
	case strings.Contains(all, "chatham house rule"):
		g.Preset = "chatham_house"
	case strings.Contains(all, "may not publicise details"), strings.Contains(all, "may not publicize details"):
		g.Preset = "details_forfeited"
	}
	if g.Preset != "" {
		g.Vector = record.PresetOf(g.Preset).Vector
	}
	return g
}

// outputKinds maps the words of the format to the record's kinds, beside the
// record's own words.
var outputKinds = map[string]record.OutputKind{
	"consensus agreement":      record.JointStatement,
	"participant observation":  record.ParticipantPiece,
	"article by a participant": record.ParticipantPiece,
	"press release":            record.Readout,
	"conference report":        record.Summary,
	"participant list":         record.Announcement,
}

// output makes the citation of a text that others published. A kind nobody
// knows is a commentary, which says nothing in the conveners' name.
func output(c *checker[roundLine], field string, r record.Round, o outputLine) record.Output {
	kind := record.OutputKind(strings.ToLower(string(o.Kind)))
	if !slices.Contains(record.OutputKinds, kind) {
		kind = outputKinds[string(kind)]
	}
	if kind == "" {
		kind = record.Commentary
	}
	c.required(field+".kind", string(o.Kind), "Enter what kind of text this is.")
	d := record.Draft{
		Number:   1,
		Title:    c.required(field+".title", string(o.Title), "Enter a title."),
		Lang:     c.text(field+".lang", o.Lang),
		Outlet:   c.text(field+".outlet", o.Outlet),
		Date:     c.date(field+".date", o.Date),
		URL:      c.address(field+".url", o.URL),
		Citation: c.passage(field+".citation_given", o.CitationGiven),
	}
	if d.Outlet != "" {
		d.Outlet += issue(c.text(field+".volume", string(o.Volume)), c.text(field+".issue", string(o.Issue)))
	}
	for _, name := range c.texts(field+".authors", o.Authors) {
		d.Authors = append(d.Authors, author(name))
	}
	return record.Output{SeriesID: r.SeriesID, RoundID: r.ID, Kind: kind, External: true, Compiled: true, Draft: d}
}

// issue words the volume and issue of an outlet: ", vol. 14, no. 3".
func issue(volume, number string) string {
	var s string
	if volume != "" {
		s = ", vol. " + volume
	}
	if number == "" {
		return s
	}
	if _, err := strconv.Atoi(number); err == nil {
		number = "no. " + number
	}
	return s + ", " + number
}

func distinct(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
