package recordstore

import (
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// A reading says what somebody with the right to an act may search in the
// rounds of a series.
type reading struct {
	act       record.Act
	key       string   // column of the round's own words
	presences []string // conditions on presences; IN (?) stands for the bodies sought
	directory bool     // whoever has the right also reads the directory
}

// Presences that are found also, or only, under what they are shown as.
const (
	byCategory = "category_id <> '' AND category_id IN (?)"
	byParent   = "label = 'parent' AND organisation_id IN (SELECT id FROM organisations WHERE parent_id IN (?))"
)

// bodies are what is sought: queries for ids, each with one argument.
type bodies struct {
	all   string // for those who read the directory
	shown string // by what a page shows of a body, for those who do not
}

// readings lists them from the most to the least; each finds all that the next
// one does. True affiliations and their badges stand sealed, so that no condition
// finds them: for the first reading they are opened and looked through, see
// behind. Where only dates may be read, nothing is found.
var readings = []reading{
	{record.ReadTrue, "full_key", []string{
		"organisation_id IN (?)", byCategory, byParent,
	}, true},
	{record.ReadRound, "full_key", []string{
		"organisation_id IN (?)", byCategory, byParent,
	}, true},
	{record.ReadDisclosed, "open_key", []string{
		"label = 'exact' AND organisation_id IN (?)",
		"label = 'category' AND category_id = '' AND organisation_id IN (?)",
		byCategory, byParent,
	}, false},
}

// named are the organisations with a name like a pattern.
var named = bodies{
	all:   `SELECT organisation_id FROM organisation_names WHERE folded LIKE ? ESCAPE '\'`,
	shown: `SELECT organisation_id FROM organisation_names WHERE folded LIKE ? ESCAPE '\' AND alias = 0`,
}

// oneBody is an organisation alone.
const oneBody = "SELECT id FROM organisations WHERE id = ?"

// kin are an organisation and, for those who read the directory, its relatives;
// alone is the organisation for everybody.
var (
	kin   = bodies{all: related, shown: oneBody}
	alone = bodies{all: oneBody, shown: oneBody}
)

// few is how many bodies are named to the database one by one. It then knows
// how few they are and reads their presences by index; of a query it would
// expect many and read all presences, a million.
const few = 500

// amongst returns what stands in IN (?) for the bodies of a query, and its
// argument: few ids, or the query and its own argument. nil means no bodies.
func amongst(tx *gorm.DB, query string, arg any) (in string, bodies any, err error) {
	var ids []string
	if err := tx.Raw("SELECT * FROM ("+query+") AS bodies LIMIT ?", arg, few+1).Scan(&ids).Error; err != nil {
		return "", nil, database.Error(err, "bodies")
	}
	switch {
	case len(ids) > few:
		return query, arg, nil
	case len(ids) == 0:
		return "", nil, nil
	}
	return "?", ids, nil
}

// sought restricts rounds to those at which one of some bodies is, as far as the
// actor may read that, and, with words, those that hold the words. arg is the
// argument of the bodies: with words, a pattern.
//
// Somebody who reads all series alike is answered from the indexes of presences
// alone, unless words are sought.
func (s *Store) sought(tx, q *gorm.DB, actor record.Actor, of bodies, arg any, words bool) (*gorm.DB, error) {
	var either []string
	var args []any
	for _, r := range readings {
		all, ids := actor.SeriesFor(r.act)
		if !all && len(ids) == 0 {
			continue
		}
		query := of.shown
		if r.directory {
			query = of.all
		}
		cond, some, err := r.condition(tx, query, arg, words)
		if err != nil {
			return nil, err
		}
		if r.act == record.ReadTrue {
			rounds, err := s.roundsBehind(tx, actor, query, arg)
			if err != nil {
				return nil, err
			}
			if len(rounds) > 0 {
				in, list, err := database.In(tx, "id", rounds)
				if err != nil {
					return nil, err
				}
				cond, some = "("+cond+" OR "+in+")", append(some, list)
			}
		}
		if !all {
			cond, some = "series_id IN ? AND "+cond, append([]any{ids}, some...)
		}
		either, args = append(either, cond), append(args, some...)
		if all {
			break
		}
	}
	if len(either) == 0 {
		return q.Where("1 = 0"), nil
	}
	return q.Where("(("+strings.Join(either, ") OR (")+"))", args...), nil
}

// condition is the SQL of one reading, and its arguments.
func (r reading) condition(tx *gorm.DB, query string, arg any, words bool) (string, []any, error) {
	in, bodies, err := amongst(tx, query, arg)
	if err != nil {
		return "", nil, err
	}
	var either []string
	var args []any
	if words {
		either, args = append(either, r.key+` LIKE ? ESCAPE '\'`), append(args, arg)
	}
	if bodies != nil {
		rounds := make([]string, len(r.presences))
		for i, p := range r.presences {
			rounds[i] = "SELECT round_id FROM presences WHERE " + strings.Replace(p, "?", in, 1)
			args = append(args, bodies)
		}
		either = append(either, "id IN ("+strings.Join(rounds, " UNION ")+")")
	}
	if len(either) == 0 {
		return "1 = 0", nil, nil
	}
	return "(" + strings.Join(either, " OR ") + ")", args, nil
}
