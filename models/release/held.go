package release

import (
	"context"
	"strconv"
	"strings"

	"track15/models/published"
	"track15/models/record"
)

// held returns what the record holds now of the object a document was made of,
// under the labels of the document's fields, and what of it is in no document.
// What actor may not read is left out.
func (s *Service) held(ctx context.Context, actor record.Actor, d record.FrozenDocument) (held, internal []field) {
	switch published.Kind(d.Kind) {
	case published.KindSeries:
		if v, err := s.record.Series(ctx, actor, d.ObjectID); err == nil {
			held = s.heldSeries(ctx, actor, v)
		}
	case published.KindOrganisation:
		if v, err := s.record.Organisation(ctx, actor, d.ObjectID); err == nil {
			held = s.heldOrganisation(ctx, actor, v)
		}
	case published.KindRound:
		if v, err := s.record.Round(ctx, actor, d.ObjectID); err == nil {
			return s.heldRound(ctx, actor, v)
		}
	case published.KindOutput:
		if v, err := s.record.Output(ctx, actor, d.ObjectID); err == nil {
			held = heldOutput(v, d.Observations)
		}
	}
	return held, nil
}

// fields collects fields with words.
type fields []field

func (f *fields) add(label string, lines ...string) {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	if len(kept) > 0 {
		*f = append(*f, field{label, strings.Join(kept, "\n")})
	}
}

// namesOf reads the names of organisations, as far as actor may.
func (s *Service) namesOf(ctx context.Context, actor record.Actor, ids []string) directory {
	found, err := s.record.OrganisationsByID(ctx, actor, ids)
	if err != nil {
		return directory{}
	}
	return found
}

func (s *Service) heldSeries(ctx context.Context, actor record.Actor, v record.Series) []field {
	var f fields
	names := s.namesOf(ctx, actor, v.ConvenerIDs())
	f.add(labelName, v.Name)
	f.add(labelOtherNames, v.OtherNames...)
	f.add(labelTrack, v.Track)
	var sides, conveners []string
	for _, side := range v.Sides {
		sides = append(sides, side.Name)
	}
	for _, id := range v.ConvenerIDs() {
		conveners = append(conveners, names[id].Name)
	}
	f.add(labelSides, sides...)
	f.add(labelConveners, conveners...)
	return f
}

func (s *Service) heldOrganisation(ctx context.Context, actor record.Actor, v record.Organisation) []field {
	var f fields
	f.add(labelName, v.Name)
	f.add(labelAcronym, v.Acronym)
	var native []string
	for _, n := range v.Native {
		native = append(native, n.Text)
	}
	f.add(labelNative, native...)
	f.add(labelOtherNames, v.Aliases...)
	f.add(labelKind, string(v.Kind))
	f.add(labelCountry, v.Country)
	if v.ParentID != "" {
		f.add(labelParent, s.namesOf(ctx, actor, []string{v.ParentID})[v.ParentID].Name)
	}
	var before, numbers []string
	names := s.namesOf(ctx, actor, v.PredecessorIDs())
	for _, id := range v.PredecessorIDs() {
		before = append(before, names[id].Name)
	}
	for _, n := range v.Identifiers {
		numbers = append(numbers, n.Scheme+" "+n.Value)
	}
	f.add(labelBefore, before...)
	f.add(labelNumbers, numbers...)
	return f
}

func (s *Service) heldRound(ctx context.Context, actor record.Actor, v record.Round) (held, internal []field) {
	var f, in fields
	names, err := s.record.NamesOf(ctx, actor, v.ID)
	if err != nil {
		return nil, nil
	}
	f.add(labelOrdinal, v.OrdinalLabel)
	f.add(labelState, string(v.State))
	f.add(labelDates, span(published.Dates{Opens: string(v.Opens), Closes: string(v.Closes), NotBefore: string(v.NotBefore), NotAfter: string(v.NotAfter)}))
	f.add(labelPlace, place(v.City, v.Country))
	f.add(labelTrack, v.Track)
	f.add(labelFormat, v.Format)
	var open, shut, behind []string
	for _, p := range v.Presences {
		name := p.Words
		if p.OrganisationID != "" {
			name = names[p.OrganisationID].Name
		}
		label := string(p.Label)
		if label == "" {
			label = "withheld"
		}
		switch {
		case name == "":
		case p.AttendsThroughID != "":
			behind = append(behind, name+", through "+names[p.AttendsThroughID].Name)
		case p.Label == record.Withheld:
			shut = append(shut, name)
		default:
			open = append(open, name+": "+label)
		}
	}
	f.add(labelOrganisations, open...)
	f.add(labelHeadcount, v.HeadRange())
	f.add(labelTopics, v.Topics...)
	f.add(labelRules, record.PresetOf(v.Rules.Preset).Name, v.Rules.Text)
	f.add(labelSummary, v.Summary)
	in.add("Internal title", v.InternalTitle)
	in.add("Venue", v.Venue)
	in.add("Organisations withheld", shut...)
	in.add("True affiliations", behind...)
	if people, err := s.record.Participations(ctx, actor, v.ID); err == nil && len(people) > 0 {
		in.add("People", "By name and code")
	}
	if sessions, err := s.record.Sessions(ctx, actor, v.ID); err == nil && len(sessions) > 0 {
		in.add("Sessions and notes", counted(len(sessions), "session")+", notes sealed")
	}
	return f, in
}

// heldOutput returns the newest version; observations go by the numbers they
// have in the release.
func heldOutput(v record.Output, released []record.FrozenObservation) []field {
	var f fields
	d := v.Draft
	f.add(labelTitle, d.Title)
	f.add(labelKind, string(v.Kind))
	f.add(labelLang, d.Lang)
	var authors []string
	for _, a := range d.Authors {
		authors = append(authors, a.Words())
	}
	f.add(labelAuthors, authors...)
	f.add(labelOutlet, d.Outlet)
	f.add(labelDate, string(d.Date))
	f.add(labelAddress, d.URL)
	f.add(labelText, d.Body)
	numbered := func(o record.Observation) string {
		for _, r := range released {
			if r.ObjectID == o.ID {
				return "Observation " + strconv.Itoa(r.Number)
			}
		}
		return "Observation, in a later release"
	}
	for _, o := range d.Observations {
		f.add(numbered(o), o.Heading, o.Text, o.Account)
	}
	f.add(labelThanks, d.Acknowledgements)
	for _, t := range d.Translations {
		f.add(record.InLanguage(labelTitle, t.Lang), t.Title)
		f.add(record.InLanguage(labelText, t.Lang), t.Body)
		for _, o := range d.Observations {
			if w, said := o.In(t.Lang); said {
				f.add(record.InLanguage(numbered(o), t.Lang), w.Heading, w.Text)
			}
		}
	}
	return f
}
