package record

import (
	"slices"
	"strconv"
	"strings"

	"track15/models/fault"
)

// A Finding is a place of a text that may disclose something of the record, as the
// disclosure check says. It never quotes the record.
type Finding struct {
	Field      string // key of the Part that it is in, see Draft.Checked
	Name       string // that part, as people say it
	Start, End int    // bytes of the part's text
	Quote      string // these bytes
	Rule       string // under which docs/disclosure.md explains it
	Severity   Severity
	Says, Help string
	Unread     bool   // it says that the part was not compared: in its language nothing is
	Reword     string // words that could stand there instead, "" for none
	// Key stays the same while rule, sources and words do, whatever stands around
	// them. It tells nothing without the key ring.
	Key     string
	Settled []Settlement // in the order in which they were made
}

// A Severity says what a finding does to a release.
type Severity string

// Block and NeedsClearance keep a text from going out until somebody settled them:
// a block is settled by the second reader too.
const (
	Block          Severity = "error"
	NeedsClearance Severity = "warning"
	Advice         Severity = "info"
)

// A Settlement is what somebody decided about a finding.
type Settlement struct {
	As     SettledAs
	Reason string // with a source or a clearance, where As asks for it
	By     string // account id
	At     int64  // microseconds since 1970 UTC
}

// A Settling is a decision about the finding with a key.
type Settling struct {
	Key string
	Settlement
}

// Reworded puts other words in the place of a finding's, in the part of the version
// that it is in. It fails with Conflict if other words stand there now.
func (d Draft) Reworded(f Finding) (Draft, error) {
	done := false
	put := func(key string, text *string) {
		if key == f.Field && f.Reword != "" && f.End <= len(*text) && (*text)[f.Start:f.End] == f.Quote {
			before, begins := withoutArticle((*text)[:f.Start], f.Quote)
			words := f.Reword
			if begins {
				words = strings.ToUpper(words[:1]) + words[1:]
			}
			*text = before + words + (*text)[f.End:]
			done = true
		}
	}
	put("title", &d.Title)
	put("body", &d.Body)
	put("outlet", &d.Outlet)
	put("citation", &d.Citation)
	put("acknowledgements", &d.Acknowledgements)
	d.Observations = slices.Clone(d.Observations)
	for i := range d.Observations {
		o := &d.Observations[i]
		put("observation."+o.ID+".heading", &o.Heading)
		put("observation."+o.ID+".text", &o.Text)
		put("observation."+o.ID+".account", &o.Account)
	}
	d.Translations = slices.Clone(d.Translations)
	for i := range d.Translations {
		t := &d.Translations[i]
		put("translation."+t.Lang+".title", &t.Title)
		put("translation."+t.Lang+".body", &t.Body)
	}
	if !done {
		return d, fault.Errorf(fault.Conflict, "other words stand there now: look again")
	}
	return d, nil
}

// withoutArticle takes an article off the end of what stands before words that are
// replaced, and reports whether it, or one that they have themselves, began a
// sentence.
func withoutArticle(before, words string) (string, bool) {
	for _, a := range []string{"the ", "an ", "a "} {
		capital := strings.ToUpper(a[:1]) + a[1:]
		if strings.HasPrefix(words, capital) {
			return before, true
		}
		for _, written := range []string{a, capital} {
			if front, ok := strings.CutSuffix(before, written); ok && (front == "" || strings.HasSuffix(front, " ") || strings.HasSuffix(front, "\n")) {
				return front, written == capital
			}
		}
	}
	return before, false
}

// SettledAs is a way to settle a finding.
type SettledAs string

// The ways to settle a finding.
const (
	FalseAlarm    SettledAs = "false alarm"    // it is not about the record
	PublicAlready SettledAs = "public already" // Reason says where
	WasCleared    SettledAs = "cleared"        // Reason says which clearance
	Keep          SettledAs = "keep"           // Reason says why
	// WasRead settles what no program compared: who settles it knows the language and
	// the notes, and read it.
	WasRead SettledAs = "read in this language"
)

// Ways are the ways in which a finding can be settled, in their order on a page.
func (f Finding) Ways() []SettledAs {
	if f.Unread {
		return []SettledAs{WasRead}
	}
	return []SettledAs{FalseAlarm, PublicAlready, WasCleared, Keep}
}

// reasons say what a way of settling asks for.
var reasons = map[SettledAs]string{
	PublicAlready: "Say where it is public: the title and the day, or the address.",
	WasCleared:    "Say which clearance it is: whose, and when.",
	Keep:          "Say why it stays.",
}

// Check fails with Invalid, at the key, unless the decision is one of the finding's
// and says what it has to.
func (s Settling) Check(of Finding) error {
	if !slices.Contains(of.Ways(), s.As) {
		return fault.Field(s.Key, "Choose what it is.")
	}
	if asks := reasons[s.As]; asks != "" && strings.TrimSpace(s.Reason) == "" {
		return fault.Field(s.Key, "%s", asks)
	}
	return nil
}

// Open reports whether nobody settled a finding that keeps its text back.
func (f Finding) Open() bool { return f.Severity != Advice && len(f.Settled) == 0 }

// OpenFor reports whether a finding waits for a second reader: a block is decided
// by two.
func (f Finding) OpenFor(reader string) bool {
	return f.Open() || f.Severity == Block && !slices.ContainsFunc(f.Settled, func(s Settlement) bool { return s.By == reader })
}

// A CheckedPart is a part of a version with its language.
type CheckedPart struct {
	Part
	Lang string // BCP 47
}

// Checked are the parts of a version that are compared with the record: every word
// of it that becomes public.
func (d Draft) Checked() []CheckedPart {
	var out []CheckedPart
	lang := d.Lang
	add := func(key, name, text string) {
		if strings.TrimSpace(text) != "" {
			out = append(out, CheckedPart{Part{key, name, text}, lang})
		}
	}
	add("title", "Title", d.Title)
	add("body", "Text", d.Body)
	for i, o := range d.Observations {
		n := strconv.Itoa(i + 1)
		add("observation."+o.ID+".heading", "Heading of observation "+n, o.Heading)
		add("observation."+o.ID+".text", "Observation "+n, o.Text)
		add("observation."+o.ID+".account", "Account of observation "+n, o.Account)
		for _, w := range o.Translations {
			lang = w.Lang
			add("observation."+o.ID+"."+w.Lang, "Observation "+n+" ("+w.Lang+")", strings.TrimSpace(w.Heading+"\n\n"+w.Text))
		}
		lang = d.Lang
	}
	for _, t := range d.Translations {
		lang = t.Lang
		add("translation."+t.Lang+".title", "Title ("+t.Lang+")", t.Title)
		add("translation."+t.Lang+".body", "Text ("+t.Lang+")", t.Body)
	}
	lang = d.Lang
	add("outlet", "Outlet", d.Outlet)
	add("citation", "Citation", d.Citation)
	add("acknowledgements", "Acknowledgements", d.Acknowledgements)
	return out
}

// ElsewhereSays is what somebody is told who would sign second while findings are
// open that they may not know: always this, whatever they are and however many.
const ElsewhereSays = "The check asks for somebody who may read all of the record: they look at the text first."

// ComparedLater is what stands for the check of a text with what the reader may not
// know. It says the same whatever that is.
func ComparedLater(title string) Precondition {
	return Precondition{
		Rule: RuleCheck, Subject: title, From: 2, Met: true,
		Says: "With the second signature it is compared with all of the record. Whoever may read that settles what is found.",
	}
}

// UnderCheck is the condition that every finding of a text, which the reader may
// know, was settled. second is whether they are to sign second.
func UnderCheck(title string, found []Finding, reader string, second bool) Precondition {
	c := Precondition{Rule: RuleCheck, Subject: title, From: 1}
	open, blocks := 0, 0
	for _, f := range found {
		if f.Open() {
			open++
		} else if f.OpenFor(reader) {
			blocks++
		}
	}
	c.Met = open == 0 && (!second || blocks == 0)
	switch {
	case open > 0:
		c.Says, c.Who = plural(open, "finding is", "findings are")+" open.", "Settle them, or change the words, on the page of the text."
	case second && blocks > 0:
		c.From = 2
		c.Says, c.Who = plural(blocks, "block was", "blocks were")+" settled by one person.", "Whoever signs second decides them too, with the signature."
	case len(found) == 0:
		c.Says = "The text was compared with the record: nothing was found."
	default:
		c.Says = "The text was compared with the record: what was found is settled."
	}
	return c
}

// Unchecked is the condition of a text that could not be compared with the record:
// it keeps the text back as a block does.
func Unchecked(title string) Precondition {
	return Precondition{
		Rule: RuleCheck, Subject: title, From: 1, Says: "Not checked: the notes of a round cannot be opened.", Who: "Whoever keeps the keys.",
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
