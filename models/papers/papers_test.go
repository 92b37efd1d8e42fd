package papers_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
	"track15/models/papers"
	"track15/models/papers/docx"
	"track15/models/record"
)

func material() papers.Material {
	open := record.GroundRules{Vector: map[record.Aspect]record.Permission{
		record.AspectExistence: record.Free, record.AspectNames: record.Free, record.AspectTopics: record.Free, record.AspectDates: record.Free,
	}}
	chair := papers.Guest{Name: "Arvo Lindqvar", Body: "Kasmere Policy Forum", Side: "Kasmere", Post: "Fellow", Capacity: record.Expert, State: record.Accepted, Head: true, NameGiven: true}
	return papers.Material{
		House: "Harbour Institute", Series: "Kasmere Digital Norms", Label: "sixth round", Dates: "25–26 March 2026", City: "Port Anselm",
		Venue: "Old Customs House", Topics: []string{"Contact points"}, Rules: open, Sides: []string{"Kasmere", "Norlund"}, Own: "Norlund",
		Guests: []papers.Guest{
			{Name: "Teija Morn", Body: "Response Centre", Side: "Kasmere", Post: "Deputy", Capacity: record.Personal, State: record.Invited},
			chair,
			{Name: "Ulrike Fenn", Body: "Harbour Institute", Side: "Norlund", State: record.Invited, Capacity: record.Expert, NameGiven: true},
			{Name: "Eskil Braa", Body: "Foreign Ministry", Side: "Norlund", State: record.Declined},
			{Name: "Lin Ruochuan", Native: []record.Name{{Text: "林若川", Lang: "zh-Hans"}}, Body: "Centre", State: record.Attended, Honorific: "Dr"},
		},
		Agenda: []papers.Sitting{
			{Rules: open, Session: record.Session{Title: "Opening", On: "2026-03-25", Starts: "09:30", Ends: "10:30", Questions: []string{"Who may say what?"}}, Chairs: []papers.Guest{chair}},
			{Rules: open, Session: record.Session{Title: "Next steps", On: "2026-03-26", Starts: "09:30"}},
		},
	}
}

// words is everything that stands in a paper.
func words(p papers.Paper) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.House, p.Title, p.Facts)
	for _, s := range p.Sections {
		fmt.Fprintln(&b, s.Heading, s.Lines, s.Columns, s.Rows)
	}
	fmt.Fprintln(&b, p.Plates)
	return b.String()
}

func TestEachRecipientSeesTheirPart(t *testing.T) {
	for _, tt := range []struct {
		kind   papers.Kind
		to     papers.Recipient
		has    []string
		hasNot []string
	}{
		{papers.DelegationList, papers.OwnSide, []string{"Teija Morn", "Ulrike Fenn", "Deputy", "expert", "head of delegation", "Dr Lin Ruochuan", "林若川"}, []string{"Eskil Braa"}},
		{papers.DelegationList, papers.Counterpart, []string{"Teija Morn", "Deputy", "Old Customs House"}, []string{"Ulrike Fenn", "Eskil Braa", "expert", "personal"}},
		{papers.DelegationList, papers.Host, []string{"Arvo Lindqvar", "Kasmere Policy Forum"}, []string{"Teija Morn", "Fellow", "expert", "Contact points"}},
		{papers.DelegationList, papers.Public, []string{"Arvo Lindqvar", "25–26 March 2026"}, []string{"Kasmere Policy Forum", "Fellow", "Teija", "Ulrike", "Ruochuan", "head of delegation", "Old Customs House", "Port Anselm", "sixth"}},
		{papers.Agenda, papers.Counterpart, []string{"Wednesday 25 March 2026", "Opening", "Who may say what?", "Arvo Lindqvar"}, nil},
		{papers.Agenda, papers.Host, []string{"Opening", "09:30–10:30"}, []string{"Who may say what?", "Arvo", "Contact points"}},
		{papers.Agenda, papers.Public, []string{"Opening", "Contact points"}, []string{"Who may say what?", "Arvo"}},
		{papers.AttendanceSheet, papers.Host, []string{"Arvo Lindqvar", "Signature"}, []string{"Teija"}},
		{papers.NamePlates, papers.Host, []string{"Lin Ruochuan", "林若川"}, []string{"Teija", "Dr "}},
		{papers.Invitation, papers.Counterpart, []string{"personal capacity", "Port Anselm"}, []string{"Arvo"}},
	} {
		t.Run(string(tt.kind)+" for "+string(tt.to), func(t *testing.T) {
			p, err := papers.Make(tt.kind, tt.to, material())
			if err != nil {
				t.Fatal(err)
			}
			got := words(p)
			for _, s := range tt.has {
				if !strings.Contains(got, s) {
					t.Errorf("%q is not in it: %s", s, got)
				}
			}
			for _, s := range tt.hasNot {
				if strings.Contains(got, s) {
					t.Errorf("%q is in it", s)
				}
			}
			inWord := unzipped(t, p)
			for _, s := range tt.hasNot {
				if strings.Contains(inWord, s) {
					t.Errorf("%q is in the Word file", s)
				}
			}
		})
	}
}

func unzipped(t *testing.T, p papers.Paper) string {
	var b bytes.Buffer
	if err := docx.Write(&b, p.Document()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, body...)
	}
	return string(all)
}

func TestPapersThatAreNone(t *testing.T) {
	m := material()
	closed := m
	closed.Rules = record.GroundRules{}
	sideless, elsewhere := m, m
	sideless.Own, elsewhere.Own = "", "Thalassa"
	for _, tt := range []struct {
		kind papers.Kind
		to   papers.Recipient
		m    papers.Material
		want fault.Kind
	}{
		{"", papers.Host, m, fault.Invalid},
		{papers.Agenda, "", m, fault.Invalid},
		{papers.NamePlates, papers.Public, m, fault.Invalid},
		{papers.Agenda, papers.Public, closed, fault.Forbidden},
		{papers.DelegationList, papers.Counterpart, sideless, fault.Invalid},
		{papers.Agenda, papers.Counterpart, elsewhere, fault.Invalid},
	} {
		if _, err := papers.Make(tt.kind, tt.to, tt.m); fault.KindOf(err) != tt.want {
			t.Errorf("%s for %s: %v", tt.kind, tt.to, err)
		}
	}
}

// The public paper holds no name that was not cleared, no body that its label
// does not show, and no venue, whatever the rules and the guests.
func TestPublicPaperWithholds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := material()
		m.Rules = record.GroundRules{Vector: map[record.Aspect]record.Permission{}}
		open := rapid.Bool().Draw(t, "an open round")
		for _, a := range record.Aspects {
			if m.Rules.Vector[a] = rapid.SampledFrom(record.Permissions).Draw(t, string(a)); open {
				m.Rules.Vector[a] = record.Free
			}
		}
		if open {
			all := []record.Aspect{record.AspectHeads, record.AspectNames, record.AspectOrganisation, record.AspectPresenters}
			delete(m.Rules.Vector, rapid.SampledFrom(all).Draw(t, "but for"))
		}
		m.Guests = nil
		for i := range rapid.IntRange(0, 6).Draw(t, "guests") {
			m.Guests = append(m.Guests, papers.Guest{
				Name: fmt.Sprintf("<name %d>", i), Body: fmt.Sprintf("<body %d>", i), Post: fmt.Sprintf("<post %d>", i), Side: "Kasmere",
				Head:      rapid.Bool().Draw(t, "head"),
				State:     rapid.SampledFrom(record.Attendances).Draw(t, "state"),
				NameGiven: rapid.Bool().Draw(t, "name"), BodyGiven: rapid.Bool().Draw(t, "body"), BodyShown: rapid.Bool().Draw(t, "shown"),
			})
		}
		m.Agenda[0].Chairs, m.Agenda[0].Rules = m.Guests, m.Rules
		m.Agenda[1].Rules = record.GroundRules{Vector: maps.Clone(m.Rules.Vector)}
		closed := rapid.SampledFrom([]record.Aspect{record.AspectExistence, record.AspectTopics, record.AspectDates, record.AspectPresenters, record.AspectNames}).Draw(t, "closed in a session")
		delete(m.Agenda[1].Rules.Vector, closed)
		m.Agenda[1].Presenters = []papers.Guest{{Name: "<presenter>", State: record.Attended, NameGiven: true}}
		for _, kind := range []papers.Kind{papers.DelegationList, papers.Agenda} {
			p, err := papers.Make(kind, papers.Public, m)
			if !m.Rules.Allows(record.AspectExistence) {
				if err == nil {
					t.Fatal("a paper about a round nobody may know of")
				}
				continue
			}
			got := words(p)
			if strings.Contains(got, m.Venue) {
				t.Fatal("the venue is in it")
			}
			if !m.Rules.Allows(record.AspectHeads) {
				named := regexp.MustCompile(`<name \d>`).FindAllString(got, -1)
				if strings.Contains(got, "head of delegation") || kind == papers.DelegationList && !slices.IsSorted(named) {
					t.Fatalf("it says who leads: %s", got)
				}
			}
			allowed := func(aspects ...record.Aspect) bool {
				return !slices.ContainsFunc(aspects, func(a record.Aspect) bool { return a == closed || !m.Rules.Allows(a) })
			}
			if strings.Contains(got, m.Agenda[1].Title) && !allowed(record.AspectExistence, record.AspectTopics, record.AspectDates) {
				t.Fatalf("a closed session is in it: %s", got)
			}
			if strings.Contains(got, "<presenter>") && !allowed(record.AspectPresenters, record.AspectNames) {
				t.Fatalf("who presented in a closed session is in it: %s", got)
			}
			for _, g := range m.Guests {
				name := g.NameGiven && m.Rules.Allows(record.AspectNames)
				body := name && g.BodyGiven && g.BodyShown && m.Rules.Allows(record.AspectOrganisation)
				if strings.Contains(got, g.Name) && !name || (strings.Contains(got, g.Body) || strings.Contains(got, g.Post)) && !body {
					t.Fatalf("withheld of %+v: %s", g, got)
				}
			}
			for aspect, words := range map[record.Aspect]string{record.AspectDates: m.Dates, record.AspectCity: m.City, record.AspectOrdinal: m.Label, record.AspectTopics: m.Topics[0]} {
				if strings.Contains(got, words) && !m.Rules.Allows(aspect) {
					t.Fatalf("%s is in it: %s", aspect, got)
				}
			}
		}
	})
}
