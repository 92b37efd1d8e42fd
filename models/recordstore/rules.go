package recordstore

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
)

// EditRules replaces the ground rules of a round. It fails with Conflict if
// version is not the stored one, unless nothing would change, and with Invalid
// if it would loosen what was read out: LoosenRules does that.
func (s *Store) EditRules(ctx context.Context, actor record.Actor, roundID string, version int64, g record.GroundRules) error {
	return s.LoosenRules(ctx, actor, roundID, version, g, nil)
}

// LoosenRules is EditRules with what the sides agreed to. The consent is kept
// if the rules were read out and become looser, for which every side must be in
// it; otherwise it is not needed.
func (s *Store) LoosenRules(ctx context.Context, actor record.Actor, roundID string, version int64, g record.GroundRules, consent record.Consent) error {
	g = g.Normal()
	return s.act(ctx, actor, record.EditRound, ofRound(roundID), func(tx *gorm.DB) error {
		was, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		r := was
		r.Rules, r.Version = g, version
		if err := moved(was, &r, func(r *record.Round) *int64 { return &r.Version }); err != nil {
			return err
		}
		if err := g.Check(); err != nil {
			return err
		}
		return s.keepRules(tx, actor, r.ID, consent, func() error { return storeRound(tx, r) })
	})
}

// keepRules runs a change of anything that the rules of a round depend on:
// the rules, their changes, the sessions. What was read out may become looser
// only if every side agreed, by whatever way it becomes so. It numbers the card
// that the rules make.
func (s *Store) keepRules(tx *gorm.DB, actor record.Actor, roundID string, consent record.Consent, change func() error) error {
	was, err := ruleBook(tx, roundID)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	now, err := ruleBook(tx, roundID)
	if err != nil {
		return err
	}
	if err := s.checkLoosening(tx, actor, roundID, now.Loosens(was), consent); err != nil {
		return err
	}
	_, err = numberCard(tx, roundID, now.Card())
	return err
}

// checkLoosening holds that aspects of rules that were read out become looser
// only with the consent of every side, and writes the consent down.
func (s *Store) checkLoosening(tx *gorm.DB, actor record.Actor, roundID string, looser []record.Aspect, consent record.Consent) error {
	if len(looser) == 0 {
		return nil
	}
	var read int64
	if err := tx.Model(&readOutRow{}).Where("round_id = ?", roundID).Count(&read).Error; err != nil || read == 0 {
		return database.Error(err, "read-out")
	}
	seriesID, err := seriesOf(tx, "rounds", roundID)
	if err != nil {
		return err
	}
	series, err := seriesByID(tx, seriesID)
	if err != nil {
		return err
	}
	if consent = consent.Normal(); !consent.Of(series.Sides) {
		var names []string
		for _, a := range looser {
			names = append(names, strings.ToLower(record.WordsOf[a].Name))
		}
		return fault.Field("consent", "These rules were read out, and this makes them looser: %s. Enter what every side answered, or keep them as strict.", strings.Join(names, ", "))
	}
	if err := consent.Check(); err != nil {
		return err
	}
	row := looseningRow{s.newID(), roundID, list[[]record.Aspect]{looser}, list[record.Consent]{consent}, actor.ID, actor.Name, s.now()}
	return database.Error(tx.Create(&row).Error, "consent")
}

// numberCard returns the number of a card, the newest of its round, and gives it
// one if its words are new.
func numberCard(tx *gorm.DB, roundID string, card record.Card) (int64, error) {
	number, isNew, err := cardNumber(tx, roundID, card)
	if err != nil || !isNew {
		return number, err
	}
	row := ruleCardRow{roundID, number, cardCode(card)}
	return number, database.Error(tx.Create(&row).Error, "card")
}

// cardNumber is the number that a card has, or would get.
func cardNumber(tx *gorm.DB, roundID string, card record.Card) (number int64, isNew bool, err error) {
	var newest []ruleCardRow
	if err := tx.Where("round_id = ?", roundID).Order("number DESC").Limit(1).Find(&newest).Error; err != nil {
		return 0, false, database.Error(err, "card")
	}
	switch {
	case len(newest) == 0:
		return 1, true, nil
	case newest[0].Code == cardCode(card):
		return newest[0].Number, false, nil
	}
	return newest[0].Number + 1, true, nil
}

// cardCode is the text code of a card's words.
func cardCode(c record.Card) string { return published.TextCode(c.Hash()) }

// ruleBook reads all that is agreed for a round.
func ruleBook(tx *gorm.DB, roundID string) (record.RuleBook, error) {
	var round roundRow
	if err := tx.Select("rules").Where("id = ?", roundID).Take(&round).Error; err != nil {
		return record.RuleBook{}, database.Error(err, "round")
	}
	b := record.RuleBook{Rules: round.Rules.V.Normal()}
	var rows []ruleChangeRow
	if err := tx.Where("round_id = ?", roundID).Order("begins, id").Find(&rows).Error; err != nil {
		return b, database.Error(err, "rules")
	}
	for _, row := range rows {
		b.Changes = append(b.Changes, row.change())
	}
	var err error
	b.Sessions, err = sessionsOf(tx, roundID)
	return b, err
}

// RoundRules are the ground rules of a round with all that belongs to them.
// Number and Code are those of the card that the rules make now.
type RoundRules struct {
	Book       record.RuleBook
	Number     int64
	Code       string
	ReadOuts   []record.ReadOut   // in the order in which they were read
	Loosenings []record.Loosening // oldest first
}

// RoundRules reads the ground rules of a round for whoever may read the round.
func (s *Store) RoundRules(ctx context.Context, actor record.Actor, roundID string) (RoundRules, error) {
	var out RoundRules
	err := s.act(ctx, actor, record.ReadRound, ofRound(roundID), func(tx *gorm.DB) error {
		var err error
		if out.Book, err = ruleBook(tx, roundID); err != nil {
			return err
		}
		card := out.Book.Card()
		out.Code = cardCode(card)
		if out.Number, _, err = cardNumber(tx, roundID, card); err != nil {
			return err
		}
		var reads []readOutRow
		if err := tx.Where("round_id = ?", roundID).Order("read_at, id").Find(&reads).Error; err != nil {
			return database.Error(err, "read-out")
		}
		for _, row := range reads {
			out.ReadOuts = append(out.ReadOuts, row.readOut())
		}
		var loosenings []looseningRow
		if err := tx.Where("round_id = ?", roundID).Order("recorded_at, id").Find(&loosenings).Error; err != nil {
			return database.Error(err, "consent")
		}
		for _, l := range loosenings {
			out.Loosenings = append(out.Loosenings, record.Loosening{RoundID: l.RoundID, Aspects: l.Aspects.V, Consent: l.Consent.V, RecordedBy: l.RecordedBy, Recorder: l.RecordedName, RecordedAt: l.RecordedAt})
		}
		return nil
	})
	return out, err
}

type ruleCardRow struct {
	RoundID string
	Number  int64
	Code    string
}

func (ruleCardRow) TableName() string { return "rule_cards" }

type looseningRow struct {
	ID           string
	RoundID      string
	Aspects      list[[]record.Aspect]
	Consent      list[record.Consent]
	RecordedBy   string
	RecordedName string
	RecordedAt   int64
}

func (looseningRow) TableName() string { return "rule_loosenings" }

type ruleChangeRow struct {
	ID        string
	RoundID   string
	SessionID string
	Begins    string
	Ends      string
	Rules     list[record.GroundRules]
	AskedBy   string
	Version   int64
}

func (ruleChangeRow) TableName() string { return "rule_changes" }

func toRuleChangeRow(c record.RuleChange) ruleChangeRow {
	return ruleChangeRow{c.ID, c.RoundID, c.SessionID, c.From, c.Until, list[record.GroundRules]{c.Rules}, c.AskedBy, c.Version}
}

func (r ruleChangeRow) change() record.RuleChange {
	return record.RuleChange{
		ID: r.ID, RoundID: r.RoundID, SessionID: r.SessionID, From: r.Begins, Until: r.Ends, Rules: r.Rules.V.Normal(),
		AskedBy: r.AskedBy, Version: r.Version,
	}
}

func ruleChangeByID(tx *gorm.DB, roundID, id string) (record.RuleChange, error) {
	var row ruleChangeRow
	if !isID(id) {
		return record.RuleChange{}, nothing()
	}
	err := tx.Where("id = ? AND round_id = ?", id, roundID).Take(&row).Error
	return row.change(), database.Error(err, "rules")
}

// checkRuleChange holds a change to the rules of the field: its session is one of
// the round, and no two changes of one part begin at once.
func checkRuleChange(tx *gorm.DB, c record.RuleChange) error {
	if err := c.Check(); err != nil {
		return err
	}
	b, err := ruleBook(tx, c.RoundID)
	if err != nil {
		return err
	}
	if c.SessionID != "" && !slices.ContainsFunc(b.Sessions, func(x record.Session) bool { return x.ID == c.SessionID }) {
		return fault.Field("session", "Choose a session of this round.")
	}
	for _, other := range b.Changes {
		if other.ID != c.ID && other.SessionID == c.SessionID && other.From == c.From {
			return fault.Field("from", "Other rules begin at that time already. Change those, or enter another time.")
		}
	}
	return nil
}
