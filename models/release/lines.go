package release

import (
	"cmp"
	"slices"
	"strings"

	"track15/models/published"
	"track15/models/record"
)

// A seat is a presence in the form in which it becomes public. It holds
// nothing else of the presence.
type seat struct {
	side         string // id of the side, "" for none
	form         published.Form
	organisation string // id of the body or category; "" for words
	words        string
	track        string
	role         record.Role
}

// directory holds organisations by id.
type directory map[string]record.Organisation

// gate returns what the rules of a round allow. A round as it was compiled from
// public sources is not gated: each of its facts is public already.
func gate(r record.Round) func(record.Aspect) bool {
	if r.AsImported() {
		return func(record.Aspect) bool { return true }
	}
	return r.Rules.Allows
}

// seats returns the lines of a round's two-sided table, sorted by what is
// public in them, so that the record's order does not show.
func (d directory) seats(r record.Round) []seat {
	allows := gate(r)
	if !allows(record.AspectOrganisation) {
		return nil
	}
	var all []seat
	for _, p := range r.Presences {
		s, ok := d.seat(p)
		if !ok {
			continue
		}
		if (s.role == record.Convener || s.role == record.Host) && !allows(record.AspectConveners) {
			s.role = record.Participant
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b seat) int {
		return cmp.Or(
			cmp.Compare(slices.Index(forms, a.form), slices.Index(forms, b.form)),
			cmp.Compare(rank(a.role), rank(b.role)),
			cmp.Compare(a.track, b.track),
			strings.Compare(strings.ToLower(d.title(a)), strings.ToLower(d.title(b))),
			strings.Compare(d.title(a), d.title(b)),
			strings.Compare(a.organisation, b.organisation),
			strings.Compare(a.side, b.side),
		)
	})
	return all
}

// forms are the forms of lines in the order in which a table shows them.
var forms = []published.Form{published.FormBody, published.FormCategory, published.FormWords}

// rank sorts those who called a round before those who came.
func rank(r record.Role) int {
	return slices.Index([]record.Role{record.Convener, record.Host, record.Participant, record.Supporter}, r)
}

func (d directory) title(s seat) string {
	if s.organisation != "" {
		return d[s.organisation].Name
	}
	return s.words
}

// seat returns the public form of a presence; false if it has no line of its
// own. Everything that the label does not say openly withholds.
func (d directory) seat(p record.Presence) (seat, bool) {
	track := p.Track
	if track != "1" && track != "2" {
		track = ""
	}
	if p.Label == record.ByCategory {
		return d.category(p)
	}
	if p.AttendsThroughID != "" {
		return seat{}, false
	}
	if p.OrganisationID == "" {
		words := clean(p.Words)
		if p.Label != record.Exact || words == "" {
			return seat{}, false
		}
		return seat{side: p.SideID, form: published.FormWords, words: words, track: track, role: p.Role}, true
	}
	id, role := p.OrganisationID, p.Role
	switch p.Label {
	case record.Exact:
	case record.ByParent:
		// What a subordinate did, its parent did not.
		id, role = d[p.OrganisationID].ParentID, record.Participant
	default:
		return seat{}, false
	}
	o, known := d[id]
	if !known || o.Kind == record.Category || d[p.OrganisationID].Kind == record.Category || clean(o.Name) == "" {
		return seat{}, false
	}
	return seat{side: p.SideID, form: published.FormBody, organisation: id, track: track, role: role}, true
}

// category returns the line of a category: the smallest that at least three
// bodies are known to belong to. It has no track and no role.
func (d directory) category(p record.Presence) (seat, bool) {
	id := p.CategoryID
	if id == "" && p.AttendsThroughID == "" {
		id = p.OrganisationID
	}
	for range len(d) {
		o, known := d[id]
		if !known || o.Kind != record.Category {
			break
		}
		if o.AtLeastThree && clean(o.Name) != "" {
			return seat{side: p.SideID, form: published.FormCategory, organisation: id}, true
		}
		id = o.ParentID
	}
	return seat{}, false
}

// conveners returns the ids of the bodies that a round may name as conveners:
// those whose presence says so openly; if there is none, those of its series
// that the round does not hold back. Who called a round compiled from public
// sources stands in its own sources, or is not known.
func (d directory) conveners(r record.Round, s record.Series) []string {
	if !gate(r)(record.AspectConveners) {
		return nil
	}
	open, held := map[string]bool{}, map[string]bool{}
	for _, p := range r.Presences {
		st, ok := d.seat(p)
		shown := ok && st.form == published.FormBody && st.organisation == p.OrganisationID
		switch {
		case !shown:
			held[p.OrganisationID] = true
		case p.Role == record.Convener:
			open[st.organisation] = true
		}
	}
	if r.Compiled || len(open) > 0 {
		return d.byName(open)
	}
	for _, c := range s.Conveners {
		id := c.OrganisationID
		// Who convened for a time only tells when the round was.
		sure := c.Always() || gate(r)(record.AspectDates) && c.During(r.Opens, r.Closes)
		if o, known := d[id]; known && sure && !held[id] && o.Kind != record.Category && clean(o.Name) != "" {
			open[id] = true
		}
	}
	return d.byName(open)
}

// byName returns ids sorted by the names of their organisations.
func (d directory) byName(set map[string]bool) []string {
	var ids []string
	for id := range set {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(d[a].Name), strings.ToLower(d[b].Name)), strings.Compare(d[a].Name, d[b].Name), strings.Compare(a, b))
	})
	return ids
}

// discloses returns the ids of the bodies and categories that a round names,
// each once, sorted by name.
func (d directory) discloses(r record.Round, s record.Series) []string {
	set := map[string]bool{}
	for _, st := range d.seats(r) {
		if st.organisation != "" {
			set[st.organisation] = true
		}
	}
	for _, id := range d.conveners(r, s) {
		set[id] = true
	}
	return d.byName(set)
}

// decides returns the ids of entries that a round does not name, but which say
// what it names in their stead: bodies shown as their parent, categories too
// small to be shown.
func (d directory) decides(r record.Round) []string {
	if !gate(r)(record.AspectOrganisation) {
		return nil
	}
	var ids []string
	for _, p := range r.Presences {
		st, ok := d.seat(p)
		if !ok || st.organisation == "" {
			continue
		}
		id := p.OrganisationID
		if p.Label == record.ByCategory && p.CategoryID != "" {
			id = p.CategoryID
		}
		for ; id != st.organisation && id != ""; id = d[id].ParentID {
			ids = append(ids, id)
		}
	}
	return ids
}

// openSides returns which sides of a series a round may show. Both of two are
// always shown: the series says who they are. Of more, those of which somebody
// may be seen to have come.
func (d directory) openSides(r record.Round, s record.Series) map[string]bool {
	open := map[string]bool{}
	if len(s.Sides) == 2 {
		for _, side := range s.Sides {
			open[side.ID] = true
		}
		return open
	}
	if !gate(r)(record.AspectOrganisation) {
		return open
	}
	for _, p := range r.Presences {
		if _, line := d.seat(p); line || p.Label == record.BySide {
			open[p.SideID] = true
		}
	}
	return open
}
