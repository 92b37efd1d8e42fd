// Package minutes takes apart notes that were not typed live: a Word file, a
// plain text or what was pasted, one remark a line or a paragraph.
package minutes

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"track15/models/fault"
	"track15/models/papers/docx"
	"track15/models/record"
)

// A Line is one remark of a text, with what stood before it.
type Line struct {
	At string // "11:24" where the text says when, "" where it does not
	record.Typed
}

// MaxBytes is the size of the largest file that is taken apart.
const MaxBytes = 8 << 20

// Split takes a file apart by its name: .docx, .txt or .md; "" is text that was
// pasted. Each paragraph of a Word file and each block of lines of a text is one
// remark; a line that begins with a time, a speaker's code or a mark of a list
// begins a new one. Headings of Markdown and rules are left out.
//
// It fails with Invalid for another kind of file, one that is no text, or one
// that holds nothing.
func Split(name string, b []byte) ([]Line, error) {
	if len(b) > MaxBytes {
		return nil, fault.Field("file", "This file is larger than %d MB.", MaxBytes>>20)
	}
	var blocks []string
	switch lower := strings.ToLower(name); {
	case strings.HasSuffix(lower, ".docx"):
		word, err := docx.Read(b)
		if err != nil {
			return nil, err
		}
		blocks = word.Paragraphs
	case name == "" || strings.HasSuffix(lower, ".txt") || strings.HasSuffix(lower, ".md"):
		if !utf8.Valid(b) {
			return nil, fault.Field("file", "This file is no text in UTF-8. Save it as UTF-8 or paste its text.")
		}
		blocks = textBlocks(string(b))
	default:
		return nil, fault.Field("file", "Notes can be read from .docx, .txt and .md files.")
	}
	var out []Line
	for _, block := range blocks {
		if l, ok := read(block); ok {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return nil, fault.Field("file", "There is no text in it.")
	}
	return out, nil
}

var (
	clock = regexp.MustCompile(`^\[?([01]?\d|2[0-3])[:.h]([0-5]\d)\]?\s*[-–—:]?\s+`)
	code  = regexp.MustCompile(`^(@[\p{L}?]{1,3}\d{0,3}|\p{Lu}{1,3}\d{1,3})\s*(?:[:：]|[-–—]\s|\s)\s*`)
	mark  = regexp.MustCompile(`^(?:[-*•–]|\d{1,3}[.)])\s+`)
	rule  = regexp.MustCompile(`^([-*_=])(?:\s*[-*_=]){2,}$`)
)

// begins reports whether a line begins a remark of its own.
func begins(line string) bool {
	return clock.MatchString(line) || mark.MatchString(line) || code.MatchString(line) && strings.ContainsAny(code.FindString(line), "@:：")
}

// textBlocks divides a text: an empty line, and a line that begins a remark, end
// the one before.
func textBlocks(s string) []string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(s, "\ufeff"), "\r\n", "\n"), "\r", "\n")
	var out []string
	open := false
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#") || rule.MatchString(line):
			open = false
		case open && !begins(line):
			out[len(out)-1] += "\n" + line
		default:
			out, open = append(out, line), true
		}
	}
	return out
}

// read takes the time and the speaker off a block.
func read(block string) (Line, bool) {
	var l Line
	block = strings.TrimSpace(block)
	block = block[len(mark.FindString(block)):]
	if m := clock.FindStringSubmatch(block); m != nil {
		l.At, block = m[1]+":"+m[2], block[len(m[0]):]
		if len(l.At) == 4 {
			l.At = "0" + l.At
		}
	}
	if m := code.FindStringSubmatch(block); m != nil && len(m[0]) < len(block) && (strings.ContainsAny(m[0], "@:：") || l.At != "") {
		l.Speaker, block = m[1], block[len(m[0]):]
	}
	l.Text = strings.TrimSpace(block)
	return l, l.Text != ""
}
