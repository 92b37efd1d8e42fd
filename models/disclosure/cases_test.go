package disclosure_test

import (
	"slices"
	"testing"

	"track15/models/disclosure"
)

// wide is a record with many kinds of names, for cases.
func wideRecord() disclosure.Record {
	at := func(round, body, role string) []disclosure.Presence {
		return []disclosure.Presence{{Round: round, Body: body, Role: role}}
	}
	cleared := func(round, body, role string) []disclosure.Presence {
		return []disclosure.Presence{{Round: round, Body: body, Role: role, NameCleared: true}}
	}
	return disclosure.Record{
		Bodies: []disclosure.Body{
			{ID: "school", Names: []string{"Harbour School of Diplomacy"}, Acronyms: []string{"HSD"}, Country: "NL", Disclosed: true},
			{ID: "forum", Names: []string{"Forum for Strategic Calm"}, Acronyms: []string{"FSC"}, Country: "CN", Disclosed: true},
			{ID: "signals", Names: []string{"General Directorate for Signals Protection", "signals directorate", "信号保护总局"}, Acronyms: []string{"GDSP"}, Country: "CN"},
			{ID: "arms", Names: []string{"Federal Service for Arms Transfers", "Федеральная служба по передаче вооружений"}, Acronyms: []string{"FSAT"}, Country: "RU"},
			{ID: "mod", Names: []string{"Ministry of Maritime Defence", "وزارة الدفاع البحري"}, Acronyms: []string{"MMD"}, Country: "EG"},
			{ID: "case", Names: []string{"Committee on Air and Sea Events"}, Acronyms: []string{"CASE"}, Country: "GB"},
			{ID: "lab", Names: []string{"National Ocean Acoustics Laboratory"}, Acronyms: []string{"NOAL"}, Country: "JP"},
		},
		People: []disclosure.Person{
			{ID: "zhang", Given: "Ming", Family: "Zhang", Country: "CN", Presences: at("r1", "forum", "torpedo designer")},
			{ID: "zhangmin", Given: "Min", Family: "Zhang", Country: "CN", Presences: cleared("r1", "forum", "lecturer")},
			{ID: "cao", Given: "Zhongqiang", Family: "Cao", Country: "CN", Aliases: []string{"曹忠强"}, Presences: at("r1", "signals", "head of cable monitoring")},
			{ID: "shchedrin", Given: "Yevgeny", Family: "Shchedrin", Country: "RU", Presences: at("r1", "arms", "export licensing chief")},
			{ID: "khalid", Given: "Khaled", Family: "Abd el-Aziz", Country: "EG", Aliases: []string{"خالد عبد العزيز"}, Presences: at("r1", "mod", "commodore of coastal radar")},
			{ID: "muller", Given: "Jürgen", Family: "Müller-Brandt", Country: "DE", Presences: at("r1", "school", "retired submarine captain")},
			{ID: "oconnor", Given: "Siobhán", Family: "O'Connor", Country: "IE", Presences: at("r1", "school", "rapporteur on fisheries")},
			{ID: "nguyen", Given: "Van Thanh", Family: "Nguyen", Country: "VN", Presences: at("r1", "school", "hydrographer")},
			{ID: "tanaka", Given: "Haruto", Family: "Tanaka", Country: "JP", Aliases: []string{"田中陽翔"}, Presences: at("r1", "lab", "sonar calibration specialist")},
			{ID: "vandenberg", Given: "Pieter", Family: "van den Bergh", Country: "NL", Presences: at("r1", "school", "mediator")},
			{ID: "stone", Given: "Harriet", Family: "Stone", Country: "GB", Presences: at("r1", "case", "deputy legal adviser")},
			{ID: "garcia", Given: "María José", Family: "García López", Country: "ES", Presences: at("r1", "school", "port economist")},
			{ID: "kim", Given: "Sung-min", Family: "Kim", Country: "KR", Presences: at("r1", "school", "drone analyst")},
		},
		Rounds: []disclosure.Round{
			{ID: "r1", Series: "Quiet Seas Dialogue", Number: 6, Opens: "2026-01-27", Closes: "2026-01-28", City: "Leiden", Venues: []string{"Huis ter Duin", "the Duin"}, Hidden: disclosure.Hidden{Dates: true, City: true, Venue: true}},
			{ID: "r0", Series: "Quiet Seas Dialogue", Number: 5, Opens: "2025-03-11", Closes: "2025-03-12", City: "Delft"},
			{ID: "r7", Series: "Quiet Seas Dialogue", Number: 7, Opens: "2026-09-22", Closes: "2026-09-23", City: "Porto", Hidden: disclosure.Hidden{Existence: true, Dates: true, City: true, Venue: true}},
		},
		Notes: []disclosure.Note{
			{ID: "n1", Round: "r1", Text: "The buoy line off Cape Orlan has been dead since March, and the log is filled in by hand each Monday."},
			{ID: "n2", Round: "r1", Text: "He said that 43 of the 60 hydrophones were sold for scrap, and the money went to the canteen."},
			{ID: "n3", Round: "r1", Text: "If the word patrol is replaced by visit, the admirals would sign before the elections."},
			{ID: "n4", Round: "r1", Text: "Nobody has told the fishermen that the exclusion zone moves 12 miles north in October."},
		},
		Known: []string{"Hydrophones listen for ships and whales. An exclusion zone is announced to mariners in a notice. Elections are held every five years."},
	}
}

// Each of these discloses, and the rule's family finds it.
func TestFindsEach(t *testing.T) {
	x := disclosure.New(wideRecord())
	for _, c := range []struct {
		class disclosure.Class
		draft string
	}{
		// Names.
		{"name", "We are grateful to Zhang Ming for the sketch."},
		{"name", "Ming Zhang brought a model."},
		{"name", "ZHANG Ming was last to leave."},
		{"name", "Cao Zhongqiang spoke twice."},
		{"name", "Zhongqiang Cao spoke twice."},
		{"name", "Ts'ao Chung-ch'iang spoke twice."},
		{"name", "Tsao Chung-chiang spoke twice."},
		{"name", "曹忠強发言两次。"},
		{"name", "发言的是曹忠强先生。"},
		{"name", "Mr. Cao agreed."},
		{"name", "Director Cao agreed."},
		{"name", "Evgenii Shchedrin asked."},
		{"name", "Yevgeniy Schedrin asked."},
		{"name", "E. Shchedrin asked."},
		{"name", "Евгений Щедрин спросил."},
		{"name", "Вопрос задал Евгению Щедрину сосед."},
		{"name", "Jewgeni Schtschedrin fragte."},
		{"name", "Khalid Abdel Aziz nodded."},
		{"name", "Khaled Abdul-Aziz nodded."},
		{"name", "خالد عبد العزيز"},
		{"name", "Commodore Abd el-Aziz nodded."},
		{"name", "Juergen Mueller-Brandt laughed."},
		{"name", "Jurgen Muller-Brandt laughed."},
		{"name", "J. Müller-Brandt laughed."},
		{"name", "Capt. Müller-Brandt laughed."},
		{"name", "Müller‑Brandt, Jürgen"},
		{"name", "Siobhan O’Connor wrote it down."},
		{"name", "Siobhán O'Conner wrote it down."},
		{"name", "S. O'Connor wrote it down."},
		{"name", "SIOBHAN O'CONNOR"},
		{"name", "Nguyen Van Thanh drew the chart."},
		{"name", "Nguyễn Văn Thành drew the chart."},
		{"name", "Tanaka Haruto drew the chart."},
		{"name", "田中陽翔"},
		{"name", "Prof. Tanaka drew the chart."},
		{"name", "Pieter van den Bergh opened."},
		{"name", "P. van den Bergh opened."},
		{"name", "Pieter Vandenbergh opened."},
		{"name", "Mr van den Bergh opened."},
		{"name", "Harriet Stone disagreed."},
		{"name", "Ms Stone disagreed."},
		{"name", "Stone, Harriet"},
		{"name", "H. Stone disagreed."},
		{"name", "Maria Jose Garcia Lopez asked about ports."},
		{"name", "María José García asked about ports."},
		{"name", "Dr García López asked about ports."},
		{"name", "Kim Sung-min flew one."},
		{"name", "Sungmin Kim flew one."},
		{"name", "Sung Min Kim flew one."},
		{"name", "**Harriet** Stone disagreed."},
		{"name", "Har\u00adriet Sto\u200bne disagreed."},
		{"name", "Shchedrin asked."},
		{"name", "The question came from Shchedrin."},
		// Bodies.
		{"organisation", "Two guests of the General Directorate for Signals Protection came."},
		{"organisation", "The GDSP sent a note."},
		{"organisation", "A note from GDSP arrived."},
		{"organisation", "The G.D.S.P. sent a note."},
		{"organisation", "The Signals Protection Directorate General sent a note."},
		{"organisation", "the signals directorate was invited"},
		{"organisation", "信号保护总局派人参加。"},
		{"organisation", "信號保護總局派人參加。"},
		{"organisation", "The Federal Arms Transfers Service was there."},
		{"organisation", "Федеральная служба по передаче вооружений"},
		{"organisation", "Maritime Defence Ministry people came."},
		{"organisation", "وزارة الدفاع البحري"},
		{"organisation", "The Maritime Defense Ministry came."},
		{"organisation", "A colleague at CASE told us."},
		{"organisation", "The CASE asked for a copy."},
		{"organisation", "The National Laboratory for Ocean Acoustics lent a boat."},
		{"organisation", "The Natl. Ocean Acoustics Lab lent a boat."},
		{"organisation", "NOAL's boat was lent."},
		{"organisation", "The fellow of the Forum for Strategic Calm is in truth seconded from the General Directorate for Signals Protection."},
		// Who said it.
		{"attribution", "A Chinese delegate complained that the map was old."},
		{"attribution", "The Russians let it be known that they would stay."},
		{"attribution", "It was suggested by an Egyptian officer that the buoys go."},
		{"attribution", "In the words of a senior British official, it is theatre."},
		{"attribution", "As one Japanese participant put it, silence is cheap."},
		{"attribution", "The Russian position was that nothing had happened."},
		{"attribution", "Our Chinese counterparts signalled interest."},
		{"attribution", "One of our hosts confided that the budget was gone."},
		{"attribution", "We were told by the Egyptian side that it would take a year."},
		{"attribution", "According to a German captain at the table, no."},
		{"attribution", "A participant from Moscow admitted it."},
		{"attribution", "Beijing's delegation hinted at more."},
		{"attribution", "The ministry's view was that charts are secret."},
		{"attribution", "“Never”, said the Russian side."},
		{"attribution", "Several Chinese participants insisted on it."},
		{"attribution", "The message from the Japanese team was clear."},
		{"attribution", "Zhang Min told the group that the buoys are old."},
		{"attribution", "Privately Zhang Min admitted that the buoys are old."},
		// Times and places.
		{"date_venue", "The dialogue met on 27 January 2026."},
		{"date_venue", "The group met on January 27–28, 2026."},
		{"date_venue", "The talks (27/01/2026) were short."},
		{"date_venue", "The talks were held on 27.01.2026."},
		{"date_venue", "We met in the last week of January 2026."},
		{"date_venue", "The sixth meeting took place in late January."},
		{"date_venue", "The meeting was on the twenty-seventh of January."},
		{"date_venue", "The meeting took place three weeks before the Spring Festival."},
		{"date_venue", "The round was held in January 2026."},
		{"date_venue", "会议于2026年1月27日举行。The meeting."},
		{"date_venue", "Dinner was at Huis ter Duin."},
		{"date_venue", "The group gathered at the Duin."},
		{"date_venue", "The delegations met in Leiden."},
		{"date_venue", "The seventh round is being planned."},
		{"date_venue", "The meeting opened on Tuesday, 27 January."},
		{"date_venue", "The meeting ran from the 27th to the 28th of January."},
		// One person.
		{"combination", "We learned much from a German retired submarine captain."},
		{"combination", "The Egyptian commodore of coastal radar was brief."},
		{"combination", "a Japanese specialist in sonar calibration"},
		{"combination", "The Russian chief of export licensing asked."},
		{"combination", "a torpedo designer from China"},
		// Notes.
		{"text", "The buoy line off Cape Orlan has been dead since March."},
		{"text", "Since March the line of buoys off Cape Orlan is dead, and each Monday somebody fills in the log by hand."},
		{"text", "Off Cape Orlan the markers have not worked since the spring; the records are invented weekly."},
		{"text", "Of the 60 hydrophones 43 were sold for scrap."},
		{"text", "We heard of forty-three hydrophones."},
		{"text", "Replace the word patrol by visit, and the admirals sign before the elections."},
		{"text", "The exclusion zone moves 12 miles north in October."},
		{"text", "fishermen do not know that the zone shifts twelve miles"},
	} {
		family := map[disclosure.Class][]disclosure.Class{
			"name": {disclosure.NameExact, disclosure.NameVariant}, "organisation": {disclosure.Organisation, disclosure.Affiliation},
			"text": {disclosure.VerbatimQuote, disclosure.LightParaphrase, disclosure.HeavyParaphrase, disclosure.Number},
		}[c.class]
		if family == nil {
			family = []disclosure.Class{c.class}
		}
		if !slices.ContainsFunc(x.Check(c.draft, disclosure.Options{}), func(f disclosure.Finding) bool {
			return slices.Contains(family, f.Class) && f.Severity != disclosure.Advice
		}) {
			t.Errorf("%s: nothing found in %q", c.class, c.draft)
		}
	}
}

// None of these discloses, and nothing is found.
func TestFindsNothingInEach(t *testing.T) {
	x := disclosure.New(wideRecord())
	for _, draft := range []string{
		"Zhang Min edited the volume.", "Zhang Min argues in a book that buoys matter.", "Zhang Min said that the harbour is deep.", "Zhang Min, who joined the school in 2010, told a newspaper so.", "Zhang Ming-Na is somebody else, and so is Zhao Ming.", "A stone on the beach and a kim on the map.", "Cast the first stone. Every stone counts, and Stone Age tools are in the museum.",
		"In any case, the case is closed. CASE SENSITIVE PASSWORDS ARE BEST.", "Computer-aided software engineering (CASE) is a discipline of the eighties. CASE tools are sold by many firms.",
		"The general director of a company protects signals.", "A national laboratory for acoustics exists in many countries.", "Ministries of defence are found everywhere.",
		"The Chinese foreign ministry's spokesman told reporters that the talks were useful.", "Russian officials said in a televised interview that they would publish the treaty.", "Chinese and Russian universities signed a convention on student exchange.",
		"A Japanese proverb says that silence is gold.", "German captains study in Bremen.", "One participant said that trust takes time.", "It was said that charts are old.", "The British Museum lent a map.", "Some participants suggested a second reading.",
		"On 27 January 1945 the camp was liberated.", "In January 2026 the price of copper rose.", "The Quiet Seas Dialogue met in Delft on 11 and 12 March 2025.", "Leiden has an old university.", "The fifth meeting was in Delft.", "Rembrandt was born in Leiden in 1606.",
		"Hydrophones listen for ships and whales.", "An exclusion zone is announced to mariners in a notice.", "The line of buoys marks the channel.", "Fishermen sell fish on Monday.", "The museum has 43 rooms.", "Sixty students took part in 12 courses.",
		"Retired captains make good teachers.", "A legal adviser is a lawyer.", "The port economist's handbook is in print.", "The Egyptian navy published a chart of its coast.", "Elections are held every five years, and admirals do not stand.",
		"Nguyen is the most frequent family name in Vietnam.", "Garcia is a frequent name too.", "Tanaka and Suzuki are frequent names in Japan.", "The Duke of Delft had a van and a den.",
	} {
		for _, f := range x.Check(draft, disclosure.Options{}) {
			if f.Severity != disclosure.Advice {
				t.Errorf("%s finds %q in %q", f.Rule, draft[f.Start:f.End], draft)
			}
		}
	}
}
