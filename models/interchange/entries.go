package interchange

// The fields of each kind of entry, as the format has them.

func (r *reader) record(out *Record) {
	required := []string{"format", "version", "as_of", "series", "organisations", "people", "rounds", "participations", "notes"}
	r.object(required, func(name string) bool {
		switch name {
		case "format":
			out.Format = r.enum(Format)
		case "version":
			if n := r.integer(1); n != nil && *n != Version {
				r.fail("This program reads version 1.")
			}
			out.Version = Version
		case "as_of":
			out.AsOf = r.date()
		case "series":
			out.Series = list(r, r.series)
		case "organisations":
			out.Organisations = list(r, r.organisation)
		case "people":
			out.People = list(r, r.person)
		case "rounds":
			out.Rounds = list(r, r.round)
		case "participations":
			out.Participations = list(r, r.participation)
		case "notes":
			out.Notes = list(r, r.note)
		case "phrase_clearances":
			out.PhraseClearances = list(r, r.phrase)
		case "published":
			out.Published = list(r, func(t *Text) { r.knownText(t, true) })
		case "public_sources":
			out.PublicSources = list(r, func(t *Text) { r.knownText(t, false) })
		case "allow_list":
			out.AllowList = list(r, r.allowed)
		case "desk":
			out.Desk = list(r, r.deskTable)
		default:
			return false
		}
		return true
	})
}

var (
	ofSeries        = []string{"id", "name"}
	ofOrganisation  = []string{"id", "name", "disclosure"}
	ofPerson        = []string{"id", "name"}
	ofPersonName    = []string{"full", "given", "family", "order"}
	ofName          = []string{"lang", "text"}
	ofRound         = []string{"id", "series", "disclosure"}
	ofVenue         = []string{"name"}
	ofDisclosure    = []string{"existence", "dates", "venue", "city"}
	ofParticipation = []string{"id", "round", "person", "organisation", "clearance"}
	ofClearance     = []string{"name", "affiliation", "attribution"}
	ofNote          = []string{"id", "round", "text"}
	ofPhrase        = []string{"id", "note", "quote", "cleared_on"}
	ofPublished     = []string{"id", "title", "published_on", "text"}
	ofSource        = []string{"id", "title", "text"}
	ofDeskTable     = []string{"table", "rows"}
	ofAllowed       = []string{"id", "kind", "value", "scope", "reason"}
)

func (r *reader) series(s *Series) {
	r.object(ofSeries, func(name string) bool {
		switch name {
		case "id":
			s.ID = r.id()
		case "name":
			s.Name = r.text()
		case "aliases":
			s.Aliases = r.strings()
		case "disclosure":
			s.Disclosure = r.enum("public", "restricted")
		default:
			return false
		}
		return true
	})
}

func (r *reader) organisation(o *Organisation) {
	r.object(ofOrganisation, func(name string) bool {
		switch name {
		case "id":
			o.ID = r.id()
		case "name":
			o.Name = r.text()
		case "acronyms":
			o.Acronyms = r.strings()
		case "aliases":
			o.Aliases = r.strings()
		case "native_names":
			o.NativeNames = list(r, r.name)
		case "kind":
			o.Kind = r.enum("think_tank", "university", "ministry", "agency", "armed_forces", "security_service",
				"regulator", "cert", "company", "international", "media", "independent", "other")
		case "country":
			o.Country = r.country()
		case "disclosure":
			o.Disclosure = r.enum(Disclosed, Undisclosed)
		default:
			return false
		}
		return true
	})
}

func (r *reader) name(n *Name) {
	r.object(ofName, func(name string) bool {
		switch name {
		case "lang":
			n.Lang = r.string()
		case "text":
			n.Text = r.text()
		default:
			return false
		}
		return true
	})
}

func (r *reader) person(p *Person) {
	r.object(ofPerson, func(name string) bool {
		switch name {
		case "id":
			p.ID = r.id()
		case "name":
			r.personName(&p.Name)
		case "country":
			p.Country = r.country()
		case "native_names":
			p.NativeNames = list(r, r.name)
		case "aliases":
			p.Aliases = r.strings()
		default:
			return false
		}
		return true
	})
}

func (r *reader) personName(n *PersonName) {
	r.object(ofPersonName, func(name string) bool {
		switch name {
		case "full":
			n.Full = r.text()
		case "given":
			n.Given = r.string()
		case "family":
			n.Family = r.text()
		case "order":
			n.Order = r.enum(GivenFamily, FamilyGiven)
		default:
			return false
		}
		return true
	})
}

func (r *reader) round(o *Round) {
	r.object(ofRound, func(name string) bool {
		switch name {
		case "id":
			o.ID = r.id()
		case "series":
			o.Series = r.id()
		case "number":
			if !r.null() {
				o.Number = r.integer(1)
			}
		case "title":
			o.Title = r.string()
		case "topics":
			o.Topics = r.strings()
		case "start_date":
			o.StartDate = orNull(r, r.cutDate)
		case "end_date":
			o.EndDate = orNull(r, r.cutDate)
		case "city":
			o.City = r.string()
		case "country":
			o.Country = r.country()
		case "venue":
			o.Venue = &Venue{}
			r.venue(o.Venue)
		case "hosts":
			o.Hosts = list(r, func(id *string) { *id = r.id() })
		case "disclosure":
			r.disclosure(&o.Disclosure)
		case "embargo_until":
			o.EmbargoUntil = orNull(r, r.date)
		case "ordinal_label":
			o.OrdinalLabel = orNull(r, r.string)
		default:
			return false
		}
		return true
	})
}

func (r *reader) venue(v *Venue) {
	r.object(ofVenue, func(name string) bool {
		switch name {
		case "name":
			v.Name = r.text()
		case "aliases":
			v.Aliases = r.strings()
		default:
			return false
		}
		return true
	})
}

func (r *reader) disclosure(d *RoundDisclosure) {
	r.object(ofDisclosure, func(name string) bool {
		var flag *string
		switch name {
		case "existence":
			flag = &d.Existence
		case "dates":
			flag = &d.Dates
		case "venue":
			flag = &d.Venue
		case "city":
			flag = &d.City
		default:
			return false
		}
		*flag = r.enum(Public, Embargoed)
		return true
	})
}

func (r *reader) participation(p *Participation) {
	r.object(ofParticipation, func(name string) bool {
		switch name {
		case "id":
			p.ID = r.id()
		case "round":
			p.Round = r.id()
		case "person":
			p.Person = r.id()
		case "organisation":
			p.Organisation = r.id()
		case "acting_for":
			p.ActingFor = orNull(r, r.id)
		case "role":
			p.Role = r.string()
		case "track":
			p.Track = r.enum("1", "1.5", "2")
		case "clearance":
			r.clearance(&p.Clearance)
		case "disclosure_label":
			p.DisclosureLabel = r.enum("exact", "parent", "category", "side", "withheld")
		default:
			return false
		}
		return true
	})
}

func (r *reader) clearance(c *Clearance) {
	r.object(ofClearance, func(name string) bool {
		switch name {
		case "name":
			c.Name = r.enum(Cleared, NotCleared)
		case "affiliation":
			c.Affiliation = r.enum(Cleared, NotCleared)
		case "attribution":
			c.Attribution = r.enum(Cleared, NotCleared)
		case "cleared_on":
			c.ClearedOn = orNull(r, r.date)
		default:
			return false
		}
		return true
	})
}

func (r *reader) note(n *Note) {
	r.object(ofNote, func(name string) bool {
		switch name {
		case "id":
			n.ID = r.id()
		case "round":
			n.Round = r.id()
		case "session":
			n.Session = r.integer(0)
		case "speaker":
			n.Speaker = orNull(r, r.id)
		case "taken_on":
			n.TakenOn = r.date()
		case "language":
			n.Language = r.string()
		case "text":
			n.Text = r.text()
		default:
			return false
		}
		return true
	})
}

func (r *reader) phrase(p *PhraseClearance) {
	r.object(ofPhrase, func(name string) bool {
		switch name {
		case "id":
			p.ID = r.id()
		case "note":
			p.Note = r.id()
		case "quote":
			p.Quote = r.text()
		case "cleared_on":
			p.ClearedOn = r.date()
		case "basis":
			p.Basis = r.string()
		default:
			return false
		}
		return true
	})
}

// knownText reads a text that anyone can read; only the house's own has a round
// and always a date.
func (r *reader) knownText(t *Text, own bool) {
	required := ofSource
	if own {
		required = ofPublished
	}
	r.object(required, func(name string) bool {
		switch {
		case name == "id":
			t.ID = r.id()
		case name == "round" && own:
			t.Round = r.id()
		case name == "title":
			t.Title = r.string()
		case name == "published_on":
			t.PublishedOn = r.date()
		case name == "text":
			t.Text = r.text()
		default:
			return false
		}
		return true
	})
}

func (r *reader) allowed(a *Allowed) {
	r.object(ofAllowed, func(name string) bool {
		switch name {
		case "id":
			a.ID = r.id()
		case "kind":
			a.Kind = r.enum("name", "organisation", "phrase", "date", "venue")
		case "value":
			a.Value = r.text()
		case "scope":
			a.Scope = r.enum("everywhere", "public_role")
		case "reason":
			a.Reason = r.text()
		default:
			return false
		}
		return true
	})
}

func (r *reader) deskTable(t *DeskTable) {
	r.object(ofDeskTable, func(name string) bool {
		switch name {
		case "table":
			t.Table = r.text()
		case "rows":
			t.Rows = list(r, r.row)
		default:
			return false
		}
		return true
	})
}
