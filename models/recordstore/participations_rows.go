package recordstore

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// addParticipations stores new participations of a round, after giving each a
// code. A true affiliation needs the right to edit those.
func (s *Store) addParticipations(tx *gorm.DB, actor record.Actor, r record.Round, all []record.Participation) ([]record.Participation, error) {
	if !actor.May(record.EditTrue, r.SeriesID) && slices.ContainsFunc(all, func(p record.Participation) bool { return p.TruePresenceID != "" }) {
		return nil, refuse(record.EditTrue)
	}
	if err := s.checkParticipations(tx, r, all); err != nil {
		return nil, err
	}
	all = slices.Clone(all)
	if err := giveCodes(tx, r, all); err != nil {
		return nil, err
	}
	rows := make([]participationRow, len(all))
	for i, p := range all {
		var err error
		if rows[i], err = s.toParticipationRow(r.SeriesID, p); err != nil {
			return nil, err
		}
	}
	return all, database.Error(database.Insert(tx, rows), "participation")
}

// checkParticipations holds participations to the rules of the field and to what
// else stands of their round: sides, presences, sessions, and nobody twice.
func (s *Store) checkParticipations(tx *gorm.DB, r record.Round, all []record.Participation) error {
	series, err := seriesByID(tx, r.SeriesID)
	if err != nil {
		return err
	}
	sessions, err := sessionsOf(tx, r.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.PersonID)
	}
	people, err := peopleByID(tx, ids)
	if err != nil {
		return err
	}
	at, err := participantsOf(tx, r.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := p.Check(); err != nil {
			return err
		}
		if p.PersonID != "" {
			if people[p.PersonID].ID == "" {
				return fault.Field("person", "Choose a person from the directory.")
			}
			if other := at[p.PersonID]; other != "" && other != p.ID {
				return fault.Field("person", "This person takes part in the round already.")
			}
			at[p.PersonID] = p.ID
		}
		if p.SideID != "" && !slices.ContainsFunc(series.Sides, func(side record.Side) bool { return side.ID == p.SideID }) {
			return fault.Field("side", "Choose a side of this series.")
		}
		if err := checkBadge(r, p); err != nil {
			return err
		}
		for _, id := range p.SessionIDs {
			if !slices.ContainsFunc(sessions, func(sitting record.Session) bool { return sitting.ID == id }) {
				return fault.Field("sessions", "Choose sessions of this round.")
			}
		}
	}
	return nil
}

// checkBadge holds that the badge is a presence of the round that hides nothing,
// and that the true affiliation is one behind that badge.
func checkBadge(r record.Round, p record.Participation) error {
	if p.PresenceID == "" {
		return nil
	}
	i := presenceAt(r, p.PresenceID)
	if i < 0 || r.Presences[i].AttendsThroughID != "" {
		return fault.Field("presence", "Choose a body that is present at this round.")
	}
	if p.TruePresenceID == "" {
		return nil
	}
	t := presenceAt(r, p.TruePresenceID)
	if t < 0 || r.Presences[t].AttendsThroughID == "" || r.Presences[t].AttendsThroughID != r.Presences[i].OrganisationID {
		return fault.Field("true_presence", "Choose a true affiliation that attends through this badge.")
	}
	return nil
}

// keepBadges holds that whoever takes part in the round still does so under
// something that is there, after a change of its presences.
func (s *Store) keepBadges(tx *gorm.DB, r record.Round) error {
	all, err := s.participationsOf(tx, r.SeriesID, r.ID, true)
	for _, p := range all {
		if checkBadge(r, p) != nil {
			return fault.Errorf(fault.Invalid, "Somebody takes part under this body. Change the participant first.")
		}
	}
	return err
}

// participantsOf are the participations of a round by person.
func participantsOf(tx *gorm.DB, roundID string) (map[string]string, error) {
	var rows []struct{ ID, PersonID string }
	err := tx.Table("participations").Select("id, person_id").Where("round_id = ? AND person_id <> ''", roundID).Find(&rows).Error
	at := make(map[string]string, len(rows))
	for _, row := range rows {
		at[row.PersonID] = row.ID
	}
	return at, database.Error(err, "participations")
}

type codeRow struct {
	RoundID string
	Letter  string
	Last    int64
}

func (codeRow) TableName() string { return "participation_codes" }

// giveCodes gives each participation a code that the round never gave before:
// the first letter of its side and a number.
func giveCodes(tx *gorm.DB, r record.Round, all []record.Participation) error {
	series, err := seriesByID(tx, r.SeriesID)
	if err != nil {
		return err
	}
	var rows []codeRow
	if err := tx.Where("round_id = ?", r.ID).Find(&rows).Error; err != nil {
		return database.Error(err, "code")
	}
	last := map[string]int64{}
	for _, row := range rows {
		last[row.Letter] = row.Last
	}
	given := map[string]bool{}
	for i := range all {
		letter := initial(series, all[i].SideID)
		last[letter]++
		all[i].Code = letter + strconv.FormatInt(last[letter], 10)
		given[letter] = true
	}
	for letter := range given {
		row := codeRow{r.ID, letter, last[letter]}
		err := tx.Exec("INSERT INTO participation_codes (round_id, letter, last) VALUES (?, ?, ?) ON CONFLICT (round_id, letter) DO UPDATE SET last = excluded.last", row.RoundID, row.Letter, row.Last).Error
		if err != nil {
			return database.Error(err, "code")
		}
	}
	return nil
}

// initial is the letter that codes of a side begin with: P for one without side,
// or whose name begins with no letter.
func initial(series record.Series, sideID string) string {
	for _, side := range series.Sides {
		if first, _ := utf8.DecodeRuneInString(record.Fold(side.Name)); side.ID == sideID && unicode.IsLetter(first) {
			return strings.ToUpper(string(first))
		}
	}
	return "P"
}

// participationsOf reads the participations of a round of the series, in order
// of their codes.
func (s *Store) participationsOf(tx *gorm.DB, seriesID, roundID string, readsTrue bool) ([]record.Participation, error) {
	var rows []participationRow
	if err := tx.Where("round_id = ?", roundID).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "participations")
	}
	var out []record.Participation
	for _, row := range rows {
		p, err := s.participation(seriesID, row, readsTrue)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, byCode)
	return out, nil
}

// byCode orders K2 before K10.
func byCode(a, b record.Participation) int {
	letter, number := splitCode(a.Code)
	otherLetter, other := splitCode(b.Code)
	return cmp.Or(cmp.Compare(letter, otherLetter), cmp.Compare(number, other), cmp.Compare(a.ID, b.ID))
}

func splitCode(code string) (letter string, number int) {
	letter = strings.TrimRight(code, "0123456789")
	number, _ = strconv.Atoi(code[len(letter):])
	return letter, number
}

// participationByID reads a participation of the round, with what is sealed.
func (s *Store) participationByID(tx *gorm.DB, r record.Round, id string) (record.Participation, error) {
	var row participationRow
	if !isID(id) {
		return record.Participation{}, nothing()
	}
	if err := tx.Where("id = ? AND round_id = ?", id, r.ID).Take(&row).Error; err != nil {
		return record.Participation{}, database.Error(err, "participation")
	}
	return s.participation(r.SeriesID, row, true)
}
