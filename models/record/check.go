package record

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"track15/models/fault"
)

// The Check methods return every rule that an entry in its normal form breaks,
// joined, each under its field. Fields of a list are the list's.

// found collects what is wrong.
type found []error

func (f *found) add(err error) {
	if err != nil {
		*f = append(*f, err)
	}
}

func (f *found) say(field, format string, args ...any) {
	f.add(fault.Field(field, format, args...))
}

func (f *found) err() error { return errors.Join(*f...) }

// line checks a field of one line; it may be empty.
func (f *found) line(field, s string) { f.add(CheckLine(field, s)) }

// name checks a field of one line that must be there.
func (f *found) name(field, s, sentence string) {
	if s == "" {
		f.say(field, "%s", sentence)
	}
	f.line(field, s)
}

// lines checks a list, and names its field once.
func (f *found) lines(field string, all []string) {
	for _, s := range all {
		if err := CheckLine(field, s); err != nil {
			f.add(err)
			return
		}
	}
}

func (f *found) sources(all []Source) {
	for _, s := range all {
		if err := errors.Join(CheckLine("sources", s.URL), checkScheme("sources", s.URL)); err != nil {
			f.add(err)
			return
		}
		f.lines("sources", s.Fields)
	}
}

// checkScheme holds that what looks like an address is one of the web. Words,
// such as "general knowledge", are none.
func checkScheme(field, s string) error {
	if scheme, _, ok := strings.Cut(s, ":"); ok && !strings.Contains(scheme, " ") {
		return CheckURL(field, s)
	}
	return nil
}

// CheckURL holds that s is an address of the web without a user in it. "" is
// none, which is no error.
func CheckURL(field, s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fault.Field(field, "Enter an address that begins with https:// or http://.")
	}
	return nil
}

func (f *found) native(all []Name) {
	for _, n := range all {
		f.line("native", n.Text)
		if n.Lang == "" {
			f.say("native", "Enter the language of each name, such as zh-Hans.")
		}
		f.add(CheckLanguage("native", n.Lang))
	}
}

func (f *found) date(field string, d Date) {
	_, err := ParseDate(field, string(d))
	f.add(err)
}

// Check returns what is wrong with the series.
func (s Series) Check() error {
	var f found
	f.name("name", s.Name, "Enter the name of the series.")
	f.lines("other_names", s.OtherNames)
	f.line("track", s.Track)
	f.sources(s.Sources)
	var names []string
	for _, side := range s.Sides {
		f.name("sides", side.Name, "Enter a name for each side.")
		f.add(CheckCountry("sides", side.Country))
		if slices.Contains(names, side.Name) {
			f.say("sides", "Two sides have one name. Enter another.")
		}
		names = append(names, side.Name)
	}
	s.facts(&f)
	return f.err()
}

// Check returns what is wrong with the round's facts.
func (r Round) Check() error {
	var f found
	if r.SeriesID == "" {
		f.say("series", "Choose a series.")
	}
	if !slices.Contains(RoundStates, r.State) {
		f.say("state", "Choose where the round stands.")
	}
	f.line("ordinal_label", r.OrdinalLabel)
	f.line("internal_title", r.InternalTitle)
	f.line("city", r.City)
	f.line("venue", r.Venue)
	f.line("format", r.Format)
	f.line("track", r.Track)
	f.add(CheckCountry("country", r.Country))
	f.lines("topics", r.Topics)
	f.add(CheckText("summary", r.Summary))
	f.sources(r.Sources)
	for _, d := range []struct {
		field string
		date  Date
	}{{"opens", r.Opens}, {"closes", r.Closes}, {"not_before", r.NotBefore}, {"not_after", r.NotAfter}} {
		f.date(d.field, d.date)
	}
	if r.Closes != "" && r.Opens == "" {
		f.say("opens", "Enter the first day, or only the latest date the round can have had.")
	}
	f.add(CheckSpan("closes", r.Opens, r.Closes))
	f.add(CheckSpan("not_after", r.NotBefore, r.NotAfter))
	r.facts(&f)
	return f.err()
}

// Check returns what is wrong with the ground rules.
func (g GroundRules) Check() error {
	var f found
	if g.Preset != "" && PresetOf(g.Preset).Key != g.Preset {
		f.say("preset", "Choose one of the presets.")
	}
	for a, p := range g.Vector {
		if !slices.Contains(Aspects, a) || !slices.Contains(Permissions, p) {
			f.say("vector", "Choose a permission for each aspect.")
			break
		}
	}
	for a, basis := range g.Cleared {
		if !slices.Contains(Aspects, a) {
			f.say("cleared", "Enter on what basis an aspect was cleared.")
			break
		}
		f.line("cleared", basis)
	}
	f.add(CheckText("text", g.Text))
	if g.EmbargoUntil != "" && g.EmbargoUntil.Precision() != Day {
		f.say("embargo_until", "Enter the day on which the embargo ends, as 2026-03-27.")
	}
	return f.err()
}

// Check returns what is wrong with the entry of the directory.
func (o Organisation) Check() error {
	var f found
	f.name("name", o.Name, "Enter the name.")
	f.line("acronym", o.Acronym)
	f.lines("aliases", o.Aliases)
	f.sources(o.Sources)
	f.add(CheckCountry("country", o.Country))
	if !slices.Contains(OrgKinds, o.Kind) {
		f.say("kind", "Choose what kind of body it is.")
	}
	f.native(o.Native)
	if o.ParentID != "" && o.ParentID == o.ID {
		f.say("parent", "A body cannot stand above itself.")
	}
	o.facts(&f)
	return f.err()
}

// Check returns what is wrong with the presence. find looks an organisation up
// in the directory.
//
// A true affiliation and a badge are never joined: who attends through another
// body may be shown as a side or a category, or not at all. A category may be
// shown only if at least three such bodies exist.
func (p Presence) Check(find func(id string) (Organisation, bool)) error {
	var f found
	f.line("words", p.Words)
	f.line("disclosed", p.Disclosed)
	if !slices.Contains([]string{"", "1", "2"}, p.Track) {
		f.say("track", "Choose officials, non-officials or not stated.")
	}
	if !slices.Contains(Roles, p.Role) {
		f.say("role", "Choose what the body did.")
	}
	if !slices.Contains(DisclosureLabels, p.Label) {
		f.say("label", "Choose in which form this may be public.")
	}
	switch {
	case p.OrganisationID == "" && p.Words == "":
		f.say("organisation", "Choose a body, or enter words that name none.")
	case p.OrganisationID != "" && p.Words != "":
		f.say("words", "Choose a body or enter words, not both.")
	case p.OrganisationID == "":
		p.checkWords(&f, find)
	default:
		p.checkBody(&f, find)
	}
	return f.err()
}

// checkWords checks a presence that names no body. Words behind a badge, such as
// "freelance", are a true affiliation like any other.
func (p Presence) checkWords(f *found, find func(id string) (Organisation, bool)) {
	switch {
	case p.AttendsThroughID != "":
		if badge, known := find(p.AttendsThroughID); !known || badge.Kind == Category {
			f.say("attends_through", "Choose a body from the directory.")
		}
		p.checkForm(f, Organisation{}, find)
	case p.Label != Withheld && p.Label != Exact:
		f.say("label", "Words that name no body are shown as they are, or not at all.")
	}
}

func (p Presence) checkBody(f *found, find func(id string) (Organisation, bool)) {
	body, known := find(p.OrganisationID)
	if !known {
		f.say("organisation", "Choose a body from the directory.")
		return
	}
	if p.AttendsThroughID != "" {
		badge, known := find(p.AttendsThroughID)
		switch {
		case !known || badge.Kind == Category:
			f.say("attends_through", "Choose a body from the directory.")
		case p.AttendsThroughID == p.OrganisationID:
			f.say("attends_through", "A body cannot attend through itself.")
		case body.Kind == Category:
			f.say("attends_through", "A category attends through nobody.")
		}
	}
	if body.Kind == Category && p.Label != Withheld && p.Label != ByCategory {
		f.say("label", "A category is shown as a category, or not at all.")
	}
	p.checkForm(f, body, find)
}

// checkForm checks that there is something to show in the form of the label.
func (p Presence) checkForm(f *found, body Organisation, find func(id string) (Organisation, bool)) {
	if p.AttendsThroughID != "" && (p.Label == Exact || p.Label == ByParent) {
		f.say("label", "A true affiliation is never public: choose the side, a category or withheld.")
		return
	}
	switch p.Label {
	case BySide:
		if p.SideID == "" {
			f.say("side", "Choose the side that is shown.")
		}
	case ByParent:
		if body.ParentID == "" {
			f.say("label", "The directory names no parent of this body.")
		}
	case ByCategory:
		p.checkCategory(f, body, find)
	}
}

func (p Presence) checkCategory(f *found, body Organisation, find func(id string) (Organisation, bool)) {
	category, known := body, body.Kind == Category
	if p.CategoryID != "" && p.CategoryID != body.ID {
		if known {
			f.say("category", "A category is shown as itself.")
		}
		category, known = find(p.CategoryID)
	}
	switch {
	case !known || category.Kind != Category:
		f.say("category", "Choose a category from the directory.")
	case !category.AtLeastThree:
		f.say("category", "Nobody confirmed that at least three such bodies exist. Choose a broader category.")
	}
}

// Check returns what is wrong with the output and its draft.
func (o Output) Check() error {
	var f found
	if o.SeriesID == "" {
		f.say("series", "Choose a series.")
	}
	if !slices.Contains(OutputKinds, o.Kind) {
		f.say("kind", "Choose what kind of text it is.")
	}
	f.add(o.Draft.Check(o.External))
	return f.err()
}

// Check returns what is wrong with the draft. An external one is a citation:
// it has no body of ours.
func (d Draft) Check(external bool) error {
	var f found
	f.name("title", d.Title, "Enter a title.")
	f.add(CheckLanguage("lang", d.Lang))
	f.add(CheckText("body", d.Body))
	if external && d.Body != "" {
		f.say("body", "A text that others published is cited, not copied.")
	}
	f.line("outlet", d.Outlet)
	f.date("date", d.Date)
	f.line("url", d.URL)
	f.add(CheckURL("url", d.URL))
	f.add(CheckText("citation", d.Citation))
	f.add(CheckText("acknowledgements", d.Acknowledgements))
	d.checkLanguages(&f, external)
	for _, a := range d.Authors {
		f.add(checkORCID("authors", a))
		f.line("authors", a.Family)
		f.line("authors", a.Given)
		f.line("authors", a.Literal)
		if a.Literal == "" && a.Family == "" || a.Literal != "" && a.Family+a.Given != "" {
			f.say("authors", "Enter an author's family name and given name, or one undivided name.")
		}
	}
	for _, o := range d.Observations {
		f.line("observations", o.Heading)
		f.line("observations", o.Account)
		if o.Text == "" {
			f.say("observations", "Enter a text for each observation.")
		}
		f.add(CheckText("observations", o.Text))
	}
	return f.err()
}

// Check returns what is wrong with the account.
func (a Account) Check() error {
	var f found
	local, host, at := strings.Cut(a.Email, "@")
	if !at || local == "" || host == "" || strings.ContainsAny(a.Email, " ,;<>\"") || strings.Contains(host, "@") {
		f.say("email", "Enter an address such as name@example.org.")
	}
	f.line("email", a.Email)
	f.name("name", a.Name, "Enter a name.")
	for _, g := range a.Grants {
		if !slices.Contains(RoleNames, g.Role) {
			f.say("role", "Choose one of the roles.")
		}
		if g.SeriesID == "" {
			f.say("series", "Choose a series, or all.")
		}
	}
	return f.err()
}
