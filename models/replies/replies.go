// Package replies reads the files in which parties answer about a text, for
// comparing them with what the parties were shown.
//
// What it cannot read is evidence and nothing else: no answer is taken from it.
package replies

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"track15/models/fault"
	"track15/models/papers/docx"
)

// An Answer is what can be read of a file.
type Answer struct {
	Sources []Source // texts that may be what was sent, the outermost first
	Sent    string   // ISO day on which a mail says it was sent, "" for none
	// Unread are the kinds of files in it whose words were not read: "picture".
	Unread []string
}

// A Source is one text of a file: the words of a mail, a Word file attached to it.
type Source struct {
	Word       bool     // a Word file
	Paragraphs []string // without empty ones, in order
	Comments   []string // of the margin, and notes below the text
}

// Read reads a file by what it holds, not by its name: a Word file, a mail with
// what is attached to it, or plain text. Anything else gives an answer without
// sources.
//
// It fails with Invalid at "file" for a Word file or mail that cannot be read.
func Read(b []byte) (Answer, error) {
	var a Answer
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		if err := a.word(b); err != nil {
			return Answer{}, err
		}
	case isMail(b):
		budget := maxParts
		if err := a.mail(bytes.NewReader(b), 0, &budget); err != nil {
			return Answer{}, err
		}
	case isText(b):
		a.text(string(b))
	default:
		a.unread(kindOf(b))
	}
	return a, nil
}

func (a *Answer) word(b []byte) error {
	t, err := docx.Read(b)
	if err != nil {
		return err
	}
	s := Source{Word: true, Comments: t.Notes}
	for _, p := range t.Paragraphs {
		if p = strings.TrimSpace(visible(p)); p != "" {
			s.Paragraphs = append(s.Paragraphs, p)
		}
	}
	for _, c := range t.Comments {
		s.Comments = append(s.Comments, strings.TrimPrefix(c.By+": "+c.Text, ": "))
	}
	a.Sources = append(a.Sources, s)
	return nil
}

func (a *Answer) text(s string) {
	if all := paragraphs(visible(s)); len(all) > 0 {
		a.Sources = append(a.Sources, Source{Paragraphs: all})
	}
}

// visible is a text without the characters that nobody sees and the record takes
// no text with.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co)) {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

func (a *Answer) unread(kind string) { a.Unread = append(a.Unread, kind) }

// isText reports whether bytes are text in UTF-8 without control characters.
func isText(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' })
}

// kindOf names a kind of file for people.
func kindOf(b []byte) string {
	for _, k := range []struct{ begins, kind string }{
		{"%PDF-", "PDF"},
		{"\x89PNG", "picture"},
		{"\xff\xd8\xff", "picture"},
		{"GIF8", "picture"},
		{"II*\x00", "picture"},
		{"MM\x00*", "picture"},
		{"\xd0\xcf\x11\xe0", "file of an older Office program"},
	} {
		if bytes.HasPrefix(b, []byte(k.begins)) {
			return k.kind
		}
	}
	return "file of another kind"
}

// paragraphs divides plain text at empty lines. Signs of quoting at the beginning
// of lines are left out, and lines that a mail program broke are joined.
func paragraphs(s string) []string {
	var out []string
	var open strings.Builder
	end := func() {
		if open.Len() > 0 {
			out = append(out, open.String())
		}
		open.Reset()
	}
	for line := range strings.SplitSeq(s, "\n") {
		for {
			rest, quoted := strings.CutPrefix(strings.TrimLeft(line, " \t"), ">")
			if !quoted {
				break
			}
			line = rest
		}
		line = strings.TrimSpace(line)
		if line == "" {
			end()
			continue
		}
		if last, _ := utf8.DecodeLastRuneInString(open.String()); open.Len() > 0 && !unspaced(last) {
			open.WriteByte(' ')
		}
		open.WriteString(line)
	}
	end()
	return out
}

// unspaced reports whether a character is of a script that puts no space between
// words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) || r >= '\u3000' && r <= '\u303f' || r >= '\uff00' && r <= '\uffef'
}

func unreadable() error { return fault.Field("file", "This mail cannot be read.") }
