package intake_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"track15/models/intake"
	"track15/models/intake/intaketest"
	"track15/models/names"
	"track15/models/record"
	"track15/models/sheet"
)

func table(rows ...string) sheet.Sheet {
	var s sheet.Sheet
	for _, r := range rows {
		s.Rows = append(s.Rows, strings.Split(r, "|"))
	}
	return s
}

func fieldsOf(m intake.Mapping) string {
	var all []string
	for _, c := range m.Columns {
		all = append(all, string(c.Field))
	}
	return strings.Join(all, ",")
}

func TestGuess(t *testing.T) {
	for _, tt := range []struct {
		kind    intake.Kind
		rows    []string
		heading int
		want    string
	}{
		{intake.Participants, []string{"Name|Organisation|Country", "Anna Berg|Harbour Institute|CH"}, 1, "name,organisation,country"},
		{intake.Participants, []string{"Our list|", "|", "First name|Surname|Affiliation|Position|Round|Date", "Anna|Berg|Harbour Institute|Head|3|2018"}, 3, "given,family,organisation,post,round,from"},
		{intake.Participants, []string{"Nachname|Vorname|Einrichtung|Funktion|Land", "Berg|Anna|Institut|Leiterin|CH"}, 1, "family,given,organisation,post,country"},
		{intake.Participants, []string{"Nom|Prénom|Organisme|Fonction|Pays", "Berg|Anna|Institut|x|CH"}, 1, "family,given,organisation,post,country"},
		{intake.Participants, []string{"Apellidos|Nombre|Institución|Cargo|País", "Berg|Anna|x|x|CH"}, 1, "family,given,organisation,post,country"},
		{intake.Participants, []string{"Фамилия|Имя|Организация|Должность|Страна", "Берг|Анна|x|x|CH"}, 1, "family,given,organisation,post,country"},
		{intake.Participants, []string{"姓名|单位|职务|国家", "林若川|北河研究院|院长|中国"}, 1, "name,organisation,post,country"},
		{intake.Participants, []string{"Anna Berg|Harbour Institute|Switzerland", "Bob Hart|Weir Commission|Norway"}, 0, "name,organisation,country"},
		{intake.Rounds, []string{"Series|Round|From|To|Organisations|Ground rule", "A|2|2018|2018|B; C|Chatham House"}, 1, "series,round,from,to,organisations,ground rules"},
		{intake.Outputs, []string{"Author(s)|Title|Published in|Date|Link", "A|B|C|2018|https://example.org"}, 1, "authors,title,outlet,date of publication,address"},
		{intake.Organisations, []string{"Organisation name|Acronym|Type|Country|Parent organisation", "A|B|C|D|E"}, 1, "name,acronym,body kind,country,parent"},
	} {
		m := intake.Guess(tt.kind, table(tt.rows...))
		if m.Heading != tt.heading || fieldsOf(m) != tt.want {
			t.Errorf("%v: row %d, %s", tt.rows, m.Heading, fieldsOf(m))
		}
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"2018": "2018", "2018-06": "2018-06", "2018-06-14": "2018-06-14", "2018-06-14 09:30": "2018-06-14", "14.6.2018": "2018-06-14", "14.06.18": "2018-06-14",
		"6/14/2018": "2018-06-14", "14/6/2018": "2018-06-14", "2018/6/14": "2018-06-14", "06/2018": "2018-06", "43265": "2018-06-14",
		"14–15 June 2018": "2018-06-14 2018-06-15", "June 14-15, 2018": "2018-06-14 2018-06-15", "Jun 2018": "2018-06", "14 June 2018": "2018-06-14", "30 June – 2 July 2018": "2018-06-30 2018-07-02",
		"Dec 30, 2018 – Jan 2, 2019": "2018-12-30 2019-01-02", "14. Juni 2018": "2018-06-14", "14.-15.6.2018": "2018-06-14 2018-06-15", "30.6.-2.7.2018": "2018-06-30 2018-07-02", "14 au 15 juin 2018": "2018-06-14 2018-06-15",
		"14 de junio de 2018": "2018-06-14", "14 июня 2018 г.": "2018-06-14", "14-15 июня 2018": "2018-06-14 2018-06-15", "2018年6月14日": "2018-06-14", "2018年6月": "2018-06", "2018年6月14日至15日": "2018-06-14 2018-06-15", "2018年": "2018",
		"2017–2018": "2017 2018", "2018-06-14/15": "2018-06-14 2018-06-15", "Thursday, 14th June 2018": "2018-06-14", "14/6/2018 - 15/6/2018": "2018-06-14 2018-06-15", "14-15/6/2018": "2018-06-14 2018-06-15",
		"1 May 2018": "2018-05-01", "1 мая 2018": "2018-05-01",
		"31 February 2019": "!", "soon": "!", "14 June": "!", "2018-13": "!", "13/13/2018": "!", "99": "!", "0018": "!", "4/5/2018": "?", "4/5/2018 - 6/5/2018": "?",
	} {
		r := intake.Read(intake.Rounds, table("Round|Date", "1|"+in), intake.Mapping{Heading: 1, Columns: []intake.Column{{Field: intake.RoundName}, {Field: intake.Opens}}}, intake.Decisions{}, intake.Known{})
		row := r.Rows[0]
		got := strings.TrimSpace(string(row.Round.Round.Opens) + " " + string(row.Round.Round.Closes))
		if row.State() == intake.Needs {
			got = "!"
			if len(row.Problems[0].Choices) == 2 || len(row.Problems) > 1 && len(row.Problems[1].Choices) == 2 {
				got = "?"
			}
		}
		if got != want {
			t.Errorf("%q: %s, not %s (%v)", in, got, want, row.Problems)
		}
	}
}

// Which comes first in 4/5/2018 is told by the column, or asked once.
func TestDateOrderOfAColumn(t *testing.T) {
	read := func(dates ...string) (intake.Mapping, string) {
		rows := []string{"Round|Date"}
		for _, d := range dates {
			rows = append(rows, "1|"+d)
		}
		m := intake.Guess(intake.Rounds, table(rows...))
		r := intake.Read(intake.Rounds, table(rows...), m, intake.Decisions{}, intake.Known{})
		return m, string(r.Rows[0].Round.Round.Opens)
	}
	if m, got := read("4/5/2018", "25/5/2018"); got != "2018-05-04" || m.Columns[1].Dates != intake.DayFirst {
		t.Errorf("%s %v", got, m)
	}
	if m, got := read("4/5/2018", "5/25/2018"); got != "2018-04-05" || m.Columns[1].Dates != intake.MonthFirst {
		t.Errorf("%s %v", got, m)
	}
	for _, other := range []string{"6/7/2018", "2018-01-01"} {
		if m, got := read("4/5/2018", other); got != "" || m.Columns[1].Ask != intake.AskDates {
			t.Errorf("%s %v", got, m)
		}
	}
	if m, got := read("4.5.2018", "6.7.2018"); got != "2018-05-04" || m.Columns[1].Ask != "" {
		t.Errorf("%s %v", got, m)
	}
}

func problems(r intake.Row, notes bool) []string {
	var all []string
	for _, p := range r.Problems {
		if p.Note == notes {
			all = append(all, p.Text)
		}
	}
	return all
}

// What a cell leaves open stays closed, and nothing it says is repeated.
func TestUnknownIsClosed(t *testing.T) {
	s := table("Round|Date|Ground rule|Country|Track|Format", "1|2018|canary rule|canary land|canary|canary", "2|2019|Chatham House Rule|Schweiz|1.5|online", "3|2020||||", "4|2021|off the record||2|")
	r := intake.Read(intake.Rounds, s, intake.Guess(intake.Rounds, s), intake.Decisions{}, intake.Known{})
	for i, want := range []string{"", "chatham_house", "", ""} {
		round := r.Rows[i].Round.Round
		if round.Rules.Preset != want || want == "" && len(round.Rules.Vector) != 0 || r.Rows[i].State() != intake.Good {
			t.Errorf("row %d: %+v %v", i, round.Rules, r.Rows[i].Problems)
		}
		if strings.Contains(strings.Join(problems(r.Rows[i], true), ""), "canary") {
			t.Error("a problem repeats the cell")
		}
	}
	if n := len(problems(r.Rows[0], true)); n != 4 {
		t.Errorf("%d notes: %v", n, r.Rows[0].Problems)
	}
	if round := r.Rows[1].Round.Round; round.Country != "CH" || round.Format != "virtual" || round.Track != "1.5" {
		t.Errorf("%+v", round)
	}
}

func TestParticipants(t *testing.T) {
	known := intake.Known{
		Series:        record.Series{ID: "s", Name: "Northern Air Safety", Sides: []record.Side{{ID: "k", Name: "Kestria", Country: "XA"}, {ID: "c", Name: "China", Country: "CN"}}},
		Rounds:        []record.Round{{ID: "r2", OrdinalLabel: "2nd", Opens: "2018-06-14"}, {ID: "r3", OrdinalLabel: "3rd", Opens: "2020-11"}},
		People:        []record.Person{{ID: "p1", Given: "Ruochuan", Family: "Lin", Native: []record.Name{{Text: "林若川", Lang: "zh"}}}},
		Organisations: []record.Organisation{{ID: "o1", Name: "Harbour Institute", Acronym: "HI"}},
	}
	s := table(
		"Name|Organisation|True affiliation|Round|Side|Role|Attended|Head",
		"LIN Ruochuan|The Harbour Institute|Norlund Security Service|2|中国|in personal capacity|yes|x",
		"Dr Anna Berg|independent|  |Round 4|Kestria|expert|no|",
		"|Harbour Institute||3||||",
		"Bob\u202eHart|HI||3|nobody|||",
		"Cy Vance|||||||",
	)
	r := intake.Read(intake.Participants, s, intake.Guess(intake.Participants, s), intake.Decisions{}, known)
	e := r.Rows[0].Participant
	if r.Rows[0].State() != intake.Good || r.Rows[0].RoundID != "r2" || e.Participation.SideID != "c" || e.Participation.Capacity != record.Personal || e.Participation.State != record.Attended || !e.Participation.Head ||
		e.ActingFor != "Norlund Security Service" || e.Participation.Name.Given() {
		t.Errorf("%+v %v", e, r.Rows[0].Problems)
	}
	e = r.Rows[1].Participant
	if r.Rows[1].State() != intake.Good || r.Rows[1].RoundID != "" || e.Round.Label != "4" || e.Person.Honorific != "Dr" || e.BadgeGroup != "" || e.Badge != "independent" || e.Participation.State != record.Declined {
		t.Errorf("%+v %v", e, r.Rows[1].Problems)
	}
	for i, word := range map[int]string{2: "Enter a name", 3: "cannot be seen", 4: "at which round"} {
		if all := problems(r.Rows[i], false); r.Rows[i].State() != intake.Needs || len(all) != 1 || !strings.Contains(all[0], word) {
			t.Errorf("row %d: %v", i, all)
		}
	}
	byName := map[string]intake.Group{}
	for _, g := range r.Groups {
		byName[g.Names[0]] = g
	}
	if g := byName["Lin Ruochuan"]; !g.Sure && g.Suggested.ID != "p1" || g.Decided.What != intake.Undecided {
		if g = byName["Ruochuan Lin"]; !g.Sure || g.Suggested.ID != "p1" || g.Decided.What != intake.Undecided {
			t.Errorf("%+v", r.Groups)
		}
	}
	if g := byName["Harbour Institute"]; !g.Sure || g.Suggested.ID != "o1" {
		t.Errorf("%+v", g)
	}
	if g := byName["Anna Berg"]; !g.Sure || g.Decided.What != intake.AsNew {
		t.Errorf("%+v", g)
	}

	// Decisions change cells, set rows aside and settle groups; they survive JSON.
	d := intake.Decisions{Skip: []int{6}, AllSure: true, Cells: []intake.Edit{{Row: 4, Column: 0, Value: "Dora Vale"}, {Row: 5, Column: 0, Value: "Bob Hart"}}, Groups: map[string]intake.Decision{e.PersonGroup: {What: intake.SameAs, ID: "somebody"}}}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var again intake.Decisions
	if err := json.Unmarshal(b, &again); err != nil || !cmp.Equal(d, again) {
		t.Fatal(err, again)
	}
	r2 := intake.Read(intake.Participants, s, r.Mapping, again, known)
	for i, want := range []intake.RowState{intake.Good, intake.Good, intake.Good, intake.Good, intake.Skipped} {
		if got := r2.Rows[i].State(); got != want {
			t.Errorf("row %d: %s %v", i, got, r2.Rows[i].Problems)
		}
	}
	for _, g := range r2.Groups {
		if g.Kind == intake.OfPerson && g.Decided.What == intake.SameAs && g.Decided.ID != "p1" {
			t.Errorf("a decision for nobody counts: %+v", g)
		}
	}
	if r.Rows[0].Digest != r2.Rows[0].Digest || r.Rows[2].Digest == r2.Rows[2].Digest || r.Rows[0].Digest == r.Rows[1].Digest {
		t.Error("a digest is of what the row says")
	}
}

// What nobody may read is not proposed: only what is known is.
func TestOnlyKnownIsProposed(t *testing.T) {
	s := table("Name|Organisation|Round", "Anna Berg|Harbour Institute|1", "A. Berg|Harbour Institute for Peace|1")
	r := intake.Read(intake.Participants, s, intake.Guess(intake.Participants, s), intake.Decisions{}, intake.Known{})
	for _, g := range r.Groups {
		for _, c := range g.Candidates {
			if c.ID != "" || c.Group == "" || c.Likeness == names.None {
				t.Errorf("%+v", c)
			}
		}
	}
	if i := slices.IndexFunc(r.Groups, func(g intake.Group) bool {
		return len(g.Candidates) == 1 && !g.Sure && g.Suggested.What == intake.Later
	}); i < 0 {
		t.Errorf("%+v", r.Groups)
	}
}

func TestRoundsOrganisationsOutputs(t *testing.T) {
	known := intake.Known{Series: record.Series{Name: "A", Sides: []record.Side{{ID: "c", Name: "China", Country: "CN"}}}, Rounds: []record.Round{{ID: "r1", OrdinalLabel: "1", Opens: "2017-01"}}}
	s := table("Series|Round|From|To|Organisations|Conveners|Link", "A|1|2017-01-11|2017-01-12|X|Y|", "A|2|2018-06-14|2018-06-04|Harbour Institute (China); Weir Commission|Harbour Institute|www.example.org/2", "B|3|2019||||")
	r := intake.Read(intake.Rounds, s, intake.Guess(intake.Rounds, s), intake.Decisions{}, known)
	if r.Rows[0].State() != intake.Here || r.Rows[0].RoundID != "r1" {
		t.Errorf("%+v", r.Rows[0])
	}
	if all := problems(r.Rows[1], false); !slices.Equal(all, []string{"The end is before the start."}) || r.Rows[1].Problems[0].Field != intake.Closes {
		t.Errorf("%v", r.Rows[1].Problems)
	}
	if e := r.Rows[1].Round; len(e.Bodies) != 3 || e.Bodies[0].Role != record.Convener || e.Bodies[1].Name != "Harbour Institute" || e.Bodies[1].SideID != "c" || e.Public[0] != "https://www.example.org/2" {
		t.Errorf("%+v", e)
	}
	if r.Rows[2].State() != intake.Needs {
		t.Error("a row of another series goes in")
	}

	s = table("Author|Title|Journal|Date|URL|Kind", "Berg, Anna; Bob Hart|On Air|Journal of Air|June 2018|https://example.org/a|op-ed", "|No author|||javascript:1|sonnet")
	r = intake.Read(intake.Outputs, s, intake.Guess(intake.Outputs, s), intake.Decisions{}, known)
	want := record.Draft{Title: "On Air", Outlet: "Journal of Air", Date: "2018-06", URL: "https://example.org/a", Authors: []record.Author{{Family: "Berg", Given: "Anna"}, {Family: "Hart", Given: "Bob"}}}
	if o := r.Rows[0].Output.Output; !cmp.Equal(o.Draft, want) || o.Kind != record.ParticipantPiece || !o.External || r.Rows[0].State() != intake.Good {
		t.Errorf("%+v %v", o, r.Rows[0].Problems)
	}
	if r.Rows[1].State() != intake.Needs || r.Rows[1].Output.Output.Kind != record.Commentary {
		t.Errorf("%+v", r.Rows[1])
	}

	s = table("Organisation|Abbr.|Native name|Country|Type|Parent", "Norlund Ministry of Air|NMA|北地航空部|中国|ministry|", "Air Institute||||think-tank|Norlund Ministry of Air")
	r = intake.Read(intake.Organisations, s, intake.Guess(intake.Organisations, s), intake.Decisions{}, known)
	o := r.Rows[0].Organisation.Organisation
	if o.Acronym != "NMA" || o.Country != "CN" || o.Kind != record.Ministry || len(o.Native) != 1 || o.Native[0].Lang != "zh" || r.Rows[1].Organisation.Organisation.Kind != record.ThinkTank {
		t.Errorf("%+v", r.Rows)
	}
}

// Five thousand messy rows cost a person few decisions, and the machine little.
func TestMessyRows(t *testing.T) {
	s := intaketest.Messy(1, 5000)
	people, bodies := intaketest.Directory()
	known := intake.Known{People: people, Organisations: bodies}
	start := time.Now()
	m := intake.Guess(intake.Participants, s)
	r := intake.Read(intake.Participants, s, m, intake.Decisions{AllSure: true}, known)
	t.Logf("%d rows, %d groups in %v; %s", len(r.Rows), len(r.Groups), time.Since(start), fieldsOf(m))
	needs, open := 0, 0
	for _, row := range r.Rows {
		if row.State() == intake.Needs {
			needs++
		}
	}
	for _, g := range r.Groups {
		if g.Decided.What == intake.Undecided {
			open++
		}
	}
	if len(r.Rows) != 5000 || needs != intaketest.Broken || open > 20 {
		t.Errorf("%d rows, %d need a person, %d groups are open of %d", len(r.Rows), needs, open, len(r.Groups))
	}
	for _, c := range m.Columns {
		if c.Ask != "" {
			t.Errorf("%+v", c)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Name|Date|Round", "LIN Ruochuan|4/5/2018|1")
	f.Add("姓名", "林若川")
	f.Fuzz(func(t *testing.T, head, row string) {
		s := table(head, row)
		for _, kind := range intake.Kinds {
			r := intake.Read(kind, s, intake.Guess(kind, s), intake.Decisions{}, intake.Known{})
			for _, row := range r.Rows {
				for _, p := range row.Problems {
					if p.Column >= len(row.Cells) || p.Column < -1 {
						t.Fatalf("%+v", p)
					}
				}
			}
		}
	})
}

func BenchmarkMessyRows(b *testing.B) {
	s := intaketest.Messy(1, 5000)
	people, bodies := intaketest.Directory()
	for b.Loop() {
		intake.Read(intake.Participants, s, intake.Guess(intake.Participants, s), intake.Decisions{}, intake.Known{People: people, Organisations: bodies})
	}
}
