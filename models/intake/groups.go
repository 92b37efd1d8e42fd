package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"track15/models/names"
	"track15/models/record"
)

// A grouping collects the names of a table.
type grouping struct {
	decisions Decisions
	people    []*found
	bodies    []*found
	byKey     map[string]*found
}

// A found is a name of the table with all its spellings.
type found struct {
	Group
	spellings map[string]int
	person    names.Person
	body      names.Body
	key       string
}

func newGrouping(d Decisions) *grouping { return &grouping{decisions: d, byKey: map[string]*found{}} }

func (g *grouping) at(kind GroupKind, key string) *found {
	key = string(kind) + "\x00" + key
	f := g.byKey[key]
	if f == nil {
		sum := sha256.Sum256([]byte(key))
		f = &found{Group: Group{ID: hex.EncodeToString(sum[:8]), Kind: kind}, spellings: map[string]int{}, key: key}
		g.byKey[key] = f
		if kind == OfPerson {
			g.people = append(g.people, f)
		} else {
			g.bodies = append(g.bodies, f)
		}
	}
	return f
}

func (f *found) seen(row int, spelling string) string {
	f.spellings[spelling]++
	if len(f.Rows) == 0 || f.Rows[len(f.Rows)-1] != row {
		f.Rows = append(f.Rows, row)
	}
	return f.ID
}

// person notes a person's name in a row and returns its group. One name in two
// countries, or in other characters, is two groups.
func (g *grouping) person(row int, p record.Person) string {
	n := personName(p)
	key := ""
	for _, k := range names.Keys(names.Person{Given: p.Given, Family: p.Family}) {
		if strings.HasPrefix(k, "n:") {
			key = k
			break
		}
	}
	var native []string
	for _, s := range n.Native {
		native = append(native, record.Fold(s))
	}
	slices.Sort(native)
	f := g.at(OfPerson, key+"\x00"+p.Country+"\x00"+strings.Join(native, "\x00"))
	f.Country = p.Country
	f.person.Given, f.person.Family = n.Given, n.Family
	f.person.Native = n.Native
	for _, a := range n.Aliases {
		if !slices.Contains(f.person.Aliases, a) {
			f.person.Aliases = append(f.person.Aliases, a)
		}
	}
	return f.seen(row, p.Name())
}

func personName(p record.Person) names.Person {
	n := names.Person{Given: p.Given, Family: p.Family, Aliases: p.Aliases}
	for _, x := range p.Native {
		n.Native = append(n.Native, x.Text)
	}
	return n
}

// body notes a body that is named in a row and returns its group; "" for words
// that name none.
func (g *grouping) body(row int, name, country string) string {
	if _, none := nobody.of(name); none || name == "" {
		return ""
	}
	f := g.at(OfBody, bodyKey(name)+"\x00"+country)
	f.body.Name, f.body.Country, f.Country = name, country, country
	return f.seen(row, name)
}

// organisation notes a body that has a row of its own.
func (g *grouping) organisation(row int, o record.Organisation) string {
	if o.Name == "" {
		return ""
	}
	f := g.at(OfBody, bodyKey(o.Name)+"\x00"+o.Country)
	f.body, f.Country = bodyName(o), o.Country
	return f.seen(row, o.Name)
}

func bodyName(o record.Organisation) names.Body {
	b := names.Body{Name: o.Name, Acronym: o.Acronym, Aliases: o.Aliases, Country: o.Country}
	for _, n := range o.Native {
		b.Native = append(b.Native, n.Text)
	}
	return b
}

// bodyKey is the same for spellings that differ in nothing that matters.
func bodyKey(name string) string {
	keys := names.BodyKeys(names.Body{Name: name})
	for _, k := range keys {
		if strings.HasPrefix(k, "n:") || strings.HasPrefix(k, "s:") {
			// An acronym in brackets makes another name of it.
			return k + "\x00" + keys[0]
		}
	}
	return "=" + strings.Join(strings.Fields(name), " ")
}

// finish proposes for each group what it may be, and applies the decisions.
func (g *grouping) finish(known Known) []Group {
	var people names.PersonIndex
	for _, p := range known.People {
		people.Add(personName(p))
	}
	var bodies names.BodyIndex
	for _, o := range known.Organisations {
		bodies.Add(bodyName(o))
	}
	var own names.PersonIndex
	for _, f := range g.people {
		for _, h := range people.Like(f.person) {
			p := known.People[h.At]
			f.candidate(Candidate{ID: p.ID, Name: p.Name(), Likeness: h.Likeness}, p.Country)
		}
		for _, h := range own.Like(f.person) {
			o := g.people[h.At]
			f.candidate(Candidate{Group: o.ID, Name: o.spelling(), Likeness: h.Likeness}, o.Country)
		}
		f.suggest(len(f.person.Given)+len(f.person.Family) < shortName && len(f.person.Native) == 0)
		own.Add(f.person)
	}
	var ownBodies names.BodyIndex
	for _, f := range g.bodies {
		for _, h := range bodies.Like(f.body) {
			o := known.Organisations[h.At]
			f.candidate(Candidate{ID: o.ID, Name: o.Name, Likeness: h.Likeness}, "")
		}
		for _, h := range ownBodies.Like(f.body) {
			o := g.bodies[h.At]
			f.candidate(Candidate{Group: o.ID, Name: o.spelling(), Likeness: h.Likeness}, "")
		}
		f.suggest(false)
		ownBodies.Add(f.body)
	}
	var all []Group
	for _, f := range slices.Concat(g.people, g.bodies) {
		f.Names = f.written()
		f.decide(g.decisions)
		all = append(all, f.Group)
	}
	return all
}

// candidate adds what the group may be. People of two countries are not surely
// one.
func (f *found) candidate(c Candidate, country string) {
	if f.Country != "" && country != "" && f.Country != country {
		c.Likeness = names.Maybe
	}
	f.Candidates = append(f.Candidates, c)
}

// shortName is how many bytes a name needs to be surely one with an equal name.
const shortName = 7

// maxCandidates is how many entries a group is compared with by a person.
const maxCandidates = 8

// suggest says what the group most likely is. One entry of the directory that
// has the same name is surely it, unless the name is short; a name that nothing
// resembles is new; everything else somebody must look at.
func (f *found) suggest(short bool) {
	slices.SortStableFunc(f.Candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(a.Group, b.Group))
	})
	same := 0
	for _, c := range f.Candidates {
		if c.Likeness == names.Same {
			same++
		}
	}
	switch {
	case len(f.Candidates) == 0:
		f.Suggested, f.Sure = Decision{What: AsNew}, true
	case same == 1:
		f.Suggested, f.Sure = Decision{What: SameAs, ID: f.Candidates[0].ID, Group: f.Candidates[0].Group}, !short
	default:
		f.Suggested = Decision{What: Later}
	}
	f.Candidates = f.Candidates[:min(len(f.Candidates), maxCandidates)]
}

// decide takes what somebody decided. A decision that points to nothing that is
// proposed does not count.
func (f *found) decide(d Decisions) {
	decided, ok := d.Groups[f.ID]
	switch {
	case ok && decided.What == SameAs && !slices.ContainsFunc(f.Candidates, func(c Candidate) bool { return c.ID == decided.ID && c.Group == decided.Group }):
	case ok && decided.What != Undecided:
		f.Decided = decided
		return
	}
	if f.Sure && (d.AllSure || len(f.Candidates) == 0) {
		f.Decided = f.Suggested
	}
}

// written are the spellings, the most frequent first.
func (f *found) written() []string {
	var all []string
	for s := range f.spellings {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(f.spellings[b], f.spellings[a]), cmp.Compare(a, b))
	})
	return all
}

func (f *found) spelling() string { return f.written()[0] }
