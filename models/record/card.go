package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Card is the rules of a round as they are read out at its opening: numbered
// alike in each language, so that two chairs can take turns. It names nobody.
type Card struct {
	Lines []Said
}

// CardEnds is the question that closes a card.
var CardEnds = Said{
	"Does anyone wish a stricter rule? Please say so now, or to a chair at any time.",
	"如需更严格的规则，请现在提出，或随时告知主席。",
}

// chathamHouse is the rule in words of our own.
var chathamHouse = Said{
	"This round meets under the Chatham House Rule: participants are free to use the information received, but neither the identity nor the affiliation of the speakers, nor that of any other participant, may be revealed.",
	"本轮会议遵循查塔姆宫规则：与会者可以自由使用所获得的信息，但不得透露发言者或任何其他与会者的身份及所属机构。",
}

var (
	nothingSaid   = Said{"This round is closed. Nothing about it is said outside, not even that it takes place.", "本轮会议为闭门会议，有关情况一律不得对外透露，包括会议举行一事。"}
	mayBeSaid     = Said{"You may say ", "可以对外说明："}
	mayNotBeSaid  = Said{"You may not say ", "不得对外说明："}
	clearedLater  = Said{"Only once those concerned have cleared the exact text may you say ", "须经有关方面确认具体文字后，方可对外说明："}
	closedSession = Said{" is closed: nothing said in it is used outside, and nobody says that it was held.", "为闭门会议，会上内容一律不得对外使用，亦不得透露该场会议曾经举行。"}
	closedTime    = Said{", all is closed: nothing said then is used outside.", "，转为闭门讨论，所谈内容一律不得对外使用。"}
)

// Card returns what is read out of the rules. That a clearance was recorded
// since does not change it.
func (b RuleBook) Card() Card {
	rules := b.Rules
	rules.Cleared = nil
	var c Card
	house := GroundRules{Vector: PresetOf("chatham_house").Vector}
	switch {
	case len(rules.Normal().Vector) == 0:
		c.Lines = append(c.Lines, nothingSaid)
	case rules.Preset == "chatham_house" && len(rules.Loosens(house)) == 0 && rules.Vector[AspectUnattributed] == Free:
		c.Lines = append(c.Lines, chathamHouse)
		fallthrough
	default:
		c.Lines = append(c.Lines, rules.lines(Aspects)...)
	}
	for _, change := range b.inOrder() {
		c.Lines = append(c.Lines, b.lineOf(change)...)
	}
	return c
}

// lines says some aspects of the rules, one line a condition.
func (g GroundRules) lines(of []Aspect) []Said {
	var all []Said
	for _, c := range []Condition{Unbound, FromDay, OnceClear, NotSaid, WithoutDay} {
		one := Sentence{Condition: c, rules: g}
		for _, s := range g.under(of, c) {
			one.Aspects = append(one.Aspects, s.Aspects...)
		}
		if len(one.Aspects) == 0 {
			continue
		}
		var line Said
		for l := range line {
			line[l] = opening(one, Language(l)) + one.Text(Language(l)) + stop[l]
		}
		all = append(all, line)
	}
	return all
}

var stop = Said{".", "。"}

// opening is how a line begins.
func opening(s Sentence, l Language) string {
	switch s.Condition {
	case FromDay:
		if l == Chinese {
			return s.Lead(l) + mayBeSaid[l]
		}
		return s.Lead(l) + " you may say "
	case WithoutDay:
		if l == Chinese {
			return s.Lead(l) + mayNotBeSaid[l]
		}
		return s.Lead(l) + " you may not say "
	case OnceClear, Cleared:
		return clearedLater[l]
	case NotSaid:
		return mayNotBeSaid[l]
	}
	return mayBeSaid[l]
}

// lineOf says where and when a change holds, and what is different then. A
// change that changes nothing is not read out.
func (b RuleBook) lineOf(c RuleChange) []Said {
	rules := c.Rules
	rules.Cleared = nil
	var other []Aspect
	for _, a := range Aspects {
		if rules.Vector[a] != b.Rules.Vector[a] || rules.Vector[a] == AfterEmbargo && rules.EmbargoUntil != b.Rules.EmbargoUntil {
			other = append(other, a)
		}
	}
	if len(other) == 0 {
		return nil
	}
	line := b.when(c)
	if len(rules.Normal().Vector) == 0 {
		closed := closedTime
		if c.From == "" && c.Until == "" {
			closed = closedSession
		}
		return []Said{{line[English] + closed[English], line[Chinese] + closed[Chinese]}}
	}
	for i, s := range rules.lines(other) {
		line[English] += []string{": ", " "}[min(i, 1)] + s[English]
		line[Chinese] += []string{"，", ""}[min(i, 1)] + s[Chinese]
	}
	return []Said{line}
}

// when says where and when a change holds: "Session 2, from 25 March, 11:45".
func (b RuleBook) when(c RuleChange) Said {
	var en, zh []string
	if c.SessionID != "" {
		n := strconv.FormatInt(b.position(c.SessionID), 10)
		en, zh = append(en, "session "+n), append(zh, "第"+n+"场会议")
	}
	for _, m := range []struct {
		at, en, zh, after string
	}{{c.From, "from ", "自", "起"}, {c.Until, "until ", "至", "止"}} {
		if at, err := time.Parse(clockLayout, m.at); err == nil {
			en, zh = append(en, m.en+at.Format("2 January, 15:04")), append(zh, m.zh+at.Format("1月2日15:04")+m.after)
		}
	}
	english := strings.Join(en, ", ")
	return Said{strings.ToUpper(english[:1]) + english[1:], strings.Join(zh, "，")}
}

// position is the number of a session on the agenda, 0 if it is not on it.
func (b RuleBook) position(sessionID string) int64 {
	for _, s := range b.Sessions {
		if s.ID == sessionID {
			return s.Position
		}
	}
	return 0
}

// inOrder returns the changes as a card reads them: by session, then by time.
func (b RuleBook) inOrder() []RuleChange {
	return slices.SortedFunc(slices.Values(b.Changes), func(x, y RuleChange) int {
		return cmp.Or(cmp.Compare(b.position(x.SessionID), b.position(y.SessionID)), cmp.Compare(x.From, y.From), cmp.Compare(x.ID, y.ID))
	})
}

// Hash is the SHA-256 of the card's words, in hexadecimal.
func (c Card) Hash() string {
	h := sha256.New()
	for _, l := range c.Lines {
		for _, words := range l {
			h.Write([]byte(words + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
