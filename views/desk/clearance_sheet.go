package desk

import (
	"slices"
	"strconv"
	"strings"

	"track15/models/record"
	"track15/views/components"
	"track15/views/messages"
)

// A ClearanceSheet is what one party gets: its words of a text, how they are
// called, and how to answer. It is printed, or mailed as plain text.
type ClearanceSheet struct {
	House  string
	Party  string
	Asking record.Asking
}

// sheetKeys are the questions that a party answers, and what it fills in.
var (
	sheetAnswers = []string{"sheet.cleared", "sheet.changed", "sheet.refused"}
	sheetFields  = []string{"sheet.name", "sheet.signature", "sheet.date"}
)

func (s ClearanceSheet) version() string {
	return strconv.FormatInt(s.Asking.Draft, 10) + ", " + components.Date(string(s.Asking.On))
}

// closing are the keys of what stands below the answer.
func (s ClearanceSheet) closing() []string {
	if s.Asking.Silence != "" {
		return []string{"sheet.how", "sheet.silence", "sheet.again"}
	}
	return []string{"sheet.how", "sheet.no_silence", "sheet.again"}
}

// about are the keys of what is said of the text, before it.
func (s ClearanceSheet) about() []string {
	var keys []string
	if !s.Asking.Shown.Whole {
		keys = append(keys, "sheet.yours")
	}
	if len(s.Asking.Shown.ByLanguage()) > 1 {
		keys = append(keys, "sheet.languages")
	}
	return keys
}

// langOf is the language of passages that stand side by side.
func (s ClearanceSheet) langOf(passages []record.Passage) string {
	if lang := passages[0].Lang; lang != "" {
		return lang
	}
	return s.Asking.Shown.Lang
}

// Text is the sheet as plain text, for a mail that somebody sends from their own
// account. It says what the printed sheet says.
func (s ClearanceSheet) Text() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	all := func(key string) string {
		var words []string
		for _, l := range messages.Languages {
			words = append(words, l.Say(key))
		}
		return strings.Join(words, " / ")
	}
	line(s.House)
	line(all("sheet.addressee"))
	line()
	line(all("sheet.title"))
	line(all("sheet.to"), ": ", s.Party)
	line(all("sheet.version"), ": ", s.version())
	if s.Asking.Due != "" {
		line(all("sheet.due"), ": ", components.Date(string(s.Asking.Due)))
	}
	line(all("sheet.code"), ": ", s.Asking.Code)
	line()
	line(all("sheet.text"))
	for _, key := range s.about() {
		line(all(key))
	}
	line()
	languages := s.Asking.Shown.ByLanguage()
	for _, passages := range languages {
		if len(languages) > 1 {
			line(components.LanguageItself(s.langOf(passages)))
			line()
		}
		for _, p := range passages {
			line(p.Text)
			line()
		}
	}
	line(all("sheet.answer"))
	for _, key := range sheetAnswers {
		line("[ ] ", all(key))
	}
	line()
	for _, key := range sheetFields {
		line(all(key), ": ")
	}
	line()
	for _, l := range messages.Languages {
		line(s.closingIn(l))
	}
	return b.String()
}

// separator stands between two sentences of a language.
func separator(tag string) string {
	if slices.Contains([]string{"zh", "ja"}, strings.SplitN(tag, "-", 2)[0]) {
		return ""
	}
	return " "
}

// closingIn are the words below the answer in one language.
func (s ClearanceSheet) closingIn(l messages.Language) string {
	var words []string
	for _, key := range s.closing() {
		words = append(words, l.Say(key))
	}
	return strings.Join(words, separator(l.Tag))
}
