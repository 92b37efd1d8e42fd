package recordstore_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
	"track15/models/recordstore"
)

// What becomes of a table, or of a column, when a record travels.
const (
	travels  = "travels"  // comes back as it was
	computed = "computed" // from what travels
	sealed   = "sealed"   // again: something where something was
	actor    = "actor"    // an account: whoever imports takes its place
	house    = "house"    // stays: accounts, their acts, releases, work that is not done
)

// decided is what becomes of every table; a column that is not named does as its
// table does. A table that is not here makes the test fail, and so does a column
// that travels and that the record of the test does not fill.
var decided = map[string]map[string]string{
	"series":              {"": travels},
	"organisations":       {"": travels},
	"organisation_names":  {"": travels},
	"predecessors":        {"": travels},
	"people":              {"": travels},
	"person_names":        {"": travels},
	"person_sounds":       {"": travels},
	"rounds":              {"": travels},
	"presences":           {"": travels, "sealed": sealed, "attends_through_id": computed}, // which is never stored in clear
	"participations":      {"": travels, "sealed": sealed},
	"participation_codes": {"": travels},
	"round_sessions":      {"": travels},
	"rule_changes":        {"": travels},
	"rule_cards":          {"": travels},
	"read_outs":           {"": travels, "recorded_by": actor},
	"rule_loosenings":     {"": travels, "recorded_by": actor},
	"outputs":             {"": travels, "created_by": actor},
	"drafts":              {"": travels, "author_id": actor, "sealed": sealed},
	"bases":               {"": travels, "sealed": sealed},
	"notes":               {"": travels, "sealed": sealed, "taker_id": actor},
	"sealed_notes":        {"": travels, "sealed_by": actor},
	"phrase_clearances":   {"": travels, "sealed": sealed, "id": computed, "note_id": travels},
	"known_texts":         {"": travels, "id": computed},
	"allow_list":          {"": travels, "id": computed},
	"retentions":          {"": travels, "set_by": actor, "set_at": travels},
	"holds":               {"": travels, "set_by": actor, "ended_by": actor},
	"imports":             {"": travels},
	"exchange_as_of":      {"": travels},
	"exchange_ids":        {"": computed},

	"accounts": {"": house}, "grants": {"": house}, "sessions": {"": house}, "audit": {"": house}, "edits": {"": house}, "history": {"": house},
	"intakes": {"": house}, "intake_rows": {"": house}, "answers": {"": house}, "chores": {"": house},
	"note_takers": {"": house}, "note_readings": {"": house}, "line_keys": {"": house}, "destructions": {"": house},
	"releases": {"": house}, "release_series": {"": house}, "release_documents": {"": house}, "release_drops": {"": house},
	"release_subjects": {"": house}, "release_signatures": {"": house}, "release_slugs": {"": house}, "release_log": {"": house},
	"release_state": {"": house}, "release_names": {"": house}, "release_drafts": {"": house}, "release_aspects": {"": house}, "clearance_askings": {"": house}, "clearance_needs": {"": house}, "draft_comments": {"": house}, "finding_decisions": {"": house},
	"timings": {"": house}, "clock_seen": {"": house}, "release_codes": {"": house}, "reply_links": {"": house}, "release_code_lists": {"": house},
	"withdrawal_reasons": {"": house}, "outside_copies": {"": house}, "correction_requests": {"": house},
	"schema_versions": {"": house},
}

func becomes(table, column string) string {
	if d := decided[table][column]; d != "" {
		return d
	}
	return decided[table][""]
}

// fill gives the world's record a value in every column.
func (w *world) fill() {
	t, ctx, s, who := w.t, w.t.Context(), w.store, w.as("coordinator")
	tt := w.seated()
	side, other := w.lake.Sides[0].ID, w.lake.Sides[1].ID

	navy := must(s.Organisation(ctx, operator, w.navy.ID))(t)
	navy.Predecessors = []record.Succession{{OrganisationID: w.office.ID, On: "1999"}}
	navy.Identifiers, navy.ConfusableIDs = []record.Identifier{{Scheme: "ROR", Value: "05x"}}, []string{w.service.ID}
	must(s.EditOrganisation(ctx, operator, navy))(t)
	lake := w.lake
	lake.OtherNames, lake.Track, lake.Ordinals = []string{"The Lake"}, "1.5", record.OrdinalsByAgreement
	lake.Names = []record.SeriesName{{SideID: side, Lang: "zh-Hans", Text: "湖"}}
	lake.Conveners = []record.Convening{{OrganisationID: w.institute.ID, From: "2001"}}
	lake.Funders = []record.Funding{{OrganisationID: w.agency.ID, Acknowledgement: "With thanks", From: "2010"}}
	must(s.EditSeries(ctx, operator, lake))(t)
	kera := tt.kera
	kera.Honorific = "Dr"
	must(s.EditPerson(ctx, operator, kera))(t)
	must(s.AddPerson(ctx, operator, record.Person{Given: "Wen", Family: "Lu", FamilyFirst: true}))(t)

	r := must(s.Round(ctx, who, w.round.ID))(t)
	r.Sequence, r.TimeZone, r.Format, r.Track, r.Summary = 3, "Europe/Oslo", "hybrid", "1.5", "They met."
	r.SideDates = []record.SideDates{{SideID: other, Opens: "2017-01-12"}}
	r.Headcounts = []record.Headcount{{Kind: record.HeadParticipants, Count: 12}}
	r.MarginEvents, r.Preparations = []record.Meeting{{Title: "Dinner", On: "2017-01-11"}}, []record.Meeting{{Title: "Call"}}
	r = must(s.EditRound(ctx, who, r))(t)
	bounded := must(s.LogRound(ctx, who, record.Round{SeriesID: w.lake.ID, State: record.Proposed, NotBefore: "2031-01", NotAfter: "2031-06"}))(t)
	must(s.AddPresence(ctx, who, bounded.ID, bounded.Version, record.Presence{Words: "independent researchers", Disclosed: "researchers", Label: record.Exact, Role: record.Host, SideID: side}))(t)

	session, codes := w.sitting()
	session.Ends, session.Questions, session.ChairIDs, session.PresenterIDs = "10:30", []string{"Why fog?"}, []string{tt.first.ID}, []string{tt.second.ID}
	must(s.EditSession(ctx, who, session))(t)
	p := must(s.Participations(ctx, who, w.round.ID))(t)[0]
	p.SessionIDs = []string{session.ID}
	p.Attribution = record.Clearance{State: record.ClearanceRequested, Basis: "mail"}
	must(s.EditParticipation(ctx, who, recordstore.Entrant{Participation: p}))(t)

	if err := w.edit(record.GroundRules{Preset: "chatham_house", Vector: record.PresetOf("chatham_house").Vector, Text: "As agreed."}, nil); err != nil {
		t.Fatal(err)
	}
	must(s.AddRuleChange(ctx, who, record.RuleChange{RoundID: r.ID, SessionID: session.ID, Rules: record.GroundRules{Text: "Closed."}, AskedBy: "The chair"}, nil))(t)
	must(s.AddRuleChange(ctx, who, record.RuleChange{RoundID: r.ID, From: "2017-01-11T12:00", Until: "2017-01-11T13:00"}, nil))(t)
	read := w.readOut()
	read.Objections, read.Late = "One", "Another"
	must(s.EditReadOut(ctx, who, read))(t)
	if err := w.edit(record.GroundRules{Preset: "on_record", Vector: record.PresetOf("on_record").Vector, Text: "As agreed."}, w.agreed()); err != nil {
		t.Fatal(err)
	}

	noted := lines(codes[0], "Fog is thick.", "Horns help.")
	w.take(w.as("rapporteur"), session.ID, noted)
	must(s.Observe(ctx, who, w.text.ID, 1, record.Observation{ID: recordstore.NewID(), Text: "Fog."}, recordstore.Basis{NoteIDs: []string{noted[0].ID}, Attribution: record.AsSide}))(t)
	if err := s.SealNotes(ctx, who, session.ID); err != nil {
		t.Fatal(err)
	}
	must(s.AddOutput(ctx, who, record.Output{SeriesID: w.lake.ID, Kind: record.ParticipantPiece, External: true, Draft: record.Draft{
		Title: "On horns", Lang: "en", Outlet: "The Lake Review", Date: "2018-02", URL: "https://example.org/horns", Citation: "A. “On horns.”",
		Authors: []record.Author{{Given: "A.", Family: "Author"}},
	}}))(t)
	must(s.AddOutput(ctx, who, record.Output{SeriesID: w.lake.ID, RoundID: r.ID, Kind: record.JointStatement, Draft: record.Draft{
		Title: "On ice", Lang: "en", Body: "Ice is thin.", Acknowledgements: "With the help of friends.",
		Authors:      []record.Author{{Given: "A.", Family: "Author", ORCID: "0000-0002-1825-0097"}},
		Observations: []record.Observation{{Text: "Ice.", Translations: []record.Words{{Lang: "zh-Hans", Text: "冰。"}}}},
		Translations: []record.Translation{{Lang: "zh-Hans", Title: "论冰", Body: "冰很薄。"}},
	}}))(t)
	if err := s.SetRetention(ctx, w.as("director"), record.Retention{SeriesID: w.lake.ID, Rule: record.AfterRound, Days: 30}); err != nil {
		t.Fatal(err)
	}
	hold := must(s.HoldNotes(ctx, w.as("director"), record.Hold{RoundID: r.ID, Reason: "A court asked", Until: "2031-01-01"}))(t)
	if err := s.EndHold(ctx, w.as("director"), r.ID, hold.ID, "It is over"); err != nil {
		t.Fatal(err)
	}

	// A file of the format brings what only files bring; an import of public rounds
	// the rest.
	old, id, on, session1 := recordstore.NewID(), noted[0].ID, "2019-01-01", int64(1)
	file := must(first(s.ExportRecord(ctx, operator)))(t)
	file.Desk = nil
	file.Rounds = append(file.Rounds, interchange.Round{ID: "filed", Series: file.Series[0].ID, Disclosure: interchange.RoundDisclosure{
		Existence: interchange.Public, Dates: interchange.Embargoed, Venue: interchange.Embargoed, City: interchange.Embargoed,
	}})
	file.Notes = append(file.Notes, interchange.Note{ID: "n1", Round: "filed", Session: &session1, TakenOn: on, Language: "en", Text: "Said in a file."})
	file.PhraseClearances = []interchange.PhraseClearance{{ID: "p1", Note: "n1", Quote: "in a file", ClearedOn: on, Basis: "letter"}}
	file.Published = []interchange.Text{{ID: "t1", Round: "filed", Title: "Released", PublishedOn: on, Text: "What was released."}}
	imported(t, s, file)
	err := dbtest.Open(t, w.url, nil).Write(ctx, func(tx *gorm.DB) error {
		for _, q := range []string{
			"UPDATE series SET compiled = 1, slug_wish = 'lake', sources = '[{\"url\":\"https://example.org/s\"}]' WHERE id = '" + w.lake.ID + "'",
			"UPDATE rounds SET compiled = 1, slug_wish = 'lake-3', sources = '[{\"url\":\"https://example.org/r\"}]' WHERE id = '" + w.round.ID + "'",
			"UPDATE organisations SET compiled = 1, slug_wish = 'lake-navy', sources = '[{\"url\":\"https://example.org/o\"}]' WHERE id = '" + w.navy.ID + "'",
			"UPDATE outputs SET compiled = 1, slug_wish = 'on-horns' WHERE external = 1",
			"INSERT INTO outputs (id, series_id, round_id, kind, external, compiled, sample, slug_wish, created_by, newest, saved_at) VALUES ('" + old + "', '" + w.lake.ID + "', '', 'summary', 0, 1, 0, '', 'operator', 1, 5)",
			"INSERT INTO drafts (output_id, number, author_id, saved_at, title, lang, body, observations, authors, outlet, date, url, citation, sealed, translations, acknowledgements) VALUES ('" + old + "', 1, 'operator', 5, 'Of old', 'en', 'They met.', '[{\"id\":\"" + recordstore.NewID() + "\",\"text\":\"Fog.\"}]', 'null', '', '', '', '', '', '[{\"lang\":\"fr\",\"title\":\"Jadis\",\"body\":\"Ils se virent.\"}]', 'Merci.')",
			"INSERT INTO imports (kind, slug, digest, object_id) VALUES ('round', 'lake-3', 'abc', '" + w.round.ID + "')",
			"INSERT INTO allow_list (id, kind, value, scope, reason) VALUES ('" + id + "', 'phrase', 'fog', 'everywhere', 'A word')",
		} {
			if err := tx.Exec(q).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func first[A, B any](a A, _ B, err error) (A, error) { return a, err }

// columnsOf reads every table of a record as the sorted texts of its columns.
func columnsOf(t *testing.T, url string) map[string]map[string][]string {
	t.Helper()
	w := &world{t: t, url: url}
	out := map[string]map[string][]string{}
	for table := range w.rows() {
		out[table] = map[string][]string{}
		db := dbtest.Open(t, url, nil)
		columns, err := db.Read(t.Context()).Migrator().ColumnTypes(table)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			out[table][c.Name()] = nil
		}
		var rows []map[string]any
		if err := db.Read(t.Context()).Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for c, v := range row {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				out[table][c] = append(out[table][c], fmt.Sprint(v))
			}
		}
		for _, all := range out[table] {
			slices.Sort(all)
		}
	}
	return out
}

// A record that is full in every column comes back whole into one that is empty,
// and makes the same file again. Nothing of the house travels.
func TestWholeRecordComesBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		w.fill()
		file, left, err := w.store.ExportRecord(t.Context(), operator)
		if err != nil || left != 0 || len(file.Desk) == 0 {
			t.Fatalf("%d left out, %d desk tables: %v", left, len(file.Desk), err)
		}
		_, want := exported(t, w.store, operator)
		if file, err = interchange.Read(want); err != nil {
			t.Fatal(err)
		}
		if r := imported(t, w.store, file); r.New+r.Changed+r.LeftOut != 0 {
			t.Errorf("its own file changes it: %+v", r)
		}

		other := store("other")
		s := empty(t, other)
		imported(t, s, file)
		before := must(s.VerifyAudit(t.Context(), operator))(t).Entries
		if r := imported(t, s, file); r.New+r.Changed+r.LeftOut != 0 || must(s.VerifyAudit(t.Context(), operator))(t).Entries != before {
			t.Errorf("the second time: %+v", r)
		}
		if _, got := exported(t, s, operator); !bytes.Equal(want, got) {
			t.Error(cmp.Diff(string(want), string(got)))
		}

		was, is := columnsOf(t, w.url), columnsOf(t, other)
		for table, columns := range was {
			if decided[table] == nil {
				t.Errorf("nobody decided what becomes of the table %s", table)
				continue
			}
			for c, values := range columns {
				switch becomes(table, c) {
				case travels:
					if !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains([]string{"", "0", "null", "[]", "{}"}, v) }) {
						t.Errorf("%s.%s is empty here: fill it, or decide that it does not travel", table, c)
					}
					if d := cmp.Diff(values, is[table][c]); d != "" {
						t.Errorf("%s.%s does not come back: %s", table, c, d)
					}
				case sealed, actor:
					if some(values) != some(is[table][c]) {
						t.Errorf("%s.%s: %d values, %d come back", table, c, some(values), some(is[table][c]))
					}
				}
			}
		}
		for role, who := range w.people {
			if strings.Contains(string(want), who.ID) {
				t.Errorf("the file names the account of the %s", role)
			}
		}
	})
}

// some counts the values that are not empty.
func some(values []string) int {
	n := 0
	for _, v := range values {
		if v != "" {
			n++
		}
	}
	return n
}

// Desk tables are taken by an empty record alone, hold to the rules of the desk and
// never say otherwise than the rest of the file; a fault in them stores nothing.
func TestDeskTablesAreHeldToTheRules(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t, "record"))
	w.fill()
	_, file := exported(t, w.store, operator)
	for what, tt := range map[string]struct{ old, new, at string }{
		"another table's field":       {`"attends_through_id": "`, `"attends": "`, "/desk/5/rows/"},
		"a value of another form":     {`"family_first": 1`, `"family_first": "yes"`, "/desk/3/rows/"},
		"a presence of no series":     {`"side_id": "` + w.lake.Sides[0].ID + `"`, `"side_id": "` + recordstore.NewID() + `"`, "/desk/5/rows/"},
		"another title of a round":    {`"internal_title": "Codename Heron"`, `"internal_title": "Codename Egret"`, "/desk"},
		"a name with a hidden letter": {`"honorific": "Dr"`, `"honorific": "D\u202er"`, "/desk/3/rows/"},
	} {
		t.Run(what, func(t *testing.T) {
			spoilt := strings.ReplaceAll(string(file), tt.old, tt.new)
			if spoilt == string(file) {
				t.Fatal("nothing was spoilt")
			}
			r, err := interchange.Read([]byte(spoilt))
			if err != nil {
				t.Fatal(located(err))
			}
			s := empty(t, dbtest.SQLite(t, "record"))
			_, err = s.ImportRecord(t.Context(), operator, r)
			if tt.at == "" {
				return
			}
			all := fault.All(err)
			if len(all) == 0 || all[0].Kind != fault.Invalid || !strings.HasPrefix(all[0].Field, tt.at) {
				t.Fatalf("%v", located(err))
			}
			if strings.Contains(fmt.Sprint(located(err)), "Egret") {
				t.Error("the error says what stands there")
			}
			if n := must(first(s.Rounds(t.Context(), operator, recordstore.RoundFilter{})))(t); len(n) != 0 {
				t.Error("something was stored")
			}
		})
	}
	r, err := interchange.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	full := newWorld(t, dbtest.SQLite(t, "full"))
	if report := imported(t, full.store, r); report.LeftOut == 0 {
		t.Error("a record that is not empty took the desk tables")
	}
	if x := must(full.store.Sessions(t.Context(), operator, full.round.ID))(t); len(x) != 0 {
		t.Error("a session came into a record that is not empty")
	}
}
