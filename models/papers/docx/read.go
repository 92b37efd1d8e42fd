package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"track15/models/fault"
)

// A Text is what somebody reads in a Word file once all its tracked changes are
// accepted: what was inserted stands in it, what was deleted or moved away does
// not.
type Text struct {
	Paragraphs []string  // without the empty ones, tables and all, in their order
	Notes      []string  // paragraphs of footnotes and endnotes
	Comments   []Comment // in the order of the file
}

// A Comment is what somebody wrote in the margin.
type Comment struct{ By, Text string }

const (
	// maxUnzipped is how large a part of a file may be once unpacked, in bytes: a
	// bomb is refused while it is read.
	maxUnzipped = 24 << 20
	// maxDepth is how deep the elements of a part may stand in one another.
	maxDepth = 256
)

func noWord() error { return fault.Field("file", "This is no Word file (.docx) that can be read.") }

// Read reads a Word file. Nothing is written to a disk. It fails with Invalid at
// "file" for what is none or unpacks to too much.
func Read(b []byte) (Text, error) {
	var out Text
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return out, noWord()
	}
	body, err := read(z, "word/document.xml")
	if err != nil {
		return out, err
	}
	if !body.there {
		return out, noWord()
	}
	out.Paragraphs = body.texts()
	for _, part := range []string{"word/footnotes.xml", "word/endnotes.xml"} {
		notes, err := read(z, part)
		if err != nil {
			return out, err
		}
		out.Notes = append(out.Notes, notes.texts()...)
	}
	comments, err := read(z, "word/comments.xml")
	if err != nil {
		return out, err
	}
	for i, p := range comments.all {
		// The paragraphs of one comment are one text.
		if n := len(out.Comments); n > 0 && i > 0 && comments.all[i-1].comment == p.comment {
			out.Comments[n-1].Text += "\n" + p.text
			continue
		}
		out.Comments = append(out.Comments, Comment{p.by, p.text})
	}
	return out, nil
}

// A paragraph is one paragraph of a part, in a comment with the author and number.
type paragraph struct {
	text, by string
	comment  int
}

type part struct {
	there bool
	all   []paragraph
}

func (p part) texts() []string {
	var out []string
	for _, q := range p.all {
		out = append(out, q.text)
	}
	return out
}

// read reads the paragraphs of a part of a file; a part that is not there has none.
func read(z *zip.Reader, name string) (part, error) {
	f, err := z.Open(name)
	if err != nil {
		return part{}, nil
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxUnzipped}
	d := xml.NewDecoder(limited)
	r := reader{}
	for {
		token, err := d.Token()
		switch {
		case limited.N <= 0:
			return part{}, fault.Field("file", "This Word file unpacks to more than %d MB.", maxUnzipped>>20)
		case errors.Is(err, io.EOF):
			return part{true, r.out}, nil
		case err != nil || len(r.open) > maxDepth:
			return part{}, noWord()
		}
		switch t := token.(type) {
		case xml.StartElement:
			r.start(t)
		case xml.EndElement:
			r.end(t.Name.Local)
		case xml.CharData:
			r.text(string(t))
		}
	}
}

// A reader makes paragraphs of the elements of a part.
type reader struct {
	open []string // names of the elements that are open, the outermost first
	// texts are the paragraphs that are open: one in a text box stands in another.
	texts   []*strings.Builder
	left    strings.Builder // what a paragraph whose end was deleted leaves to the next
	gone    int             // open elements whose text is not there
	joined  bool            // the end of this paragraph was deleted
	by      string
	comment int
	out     []paragraph
}

// absent are elements whose text nobody reads: what was deleted or moved away, and
// what older programs show in the place of what stands before it.
func absent(name string) bool { return name == "del" || name == "moveFrom" || name == "Fallback" }

func (r *reader) within(name string) bool {
	return len(r.open) > 0 && r.open[len(r.open)-1] == name
}

func (r *reader) start(t xml.StartElement) {
	name := t.Name.Local
	switch {
	case name == "p":
		r.texts = append(r.texts, &strings.Builder{})
		r.joined = false
	case absent(name) && r.within("rPr"):
		// A mark on the end of the paragraph, not on words.
		r.joined = r.joined || len(r.open) > 1 && r.open[len(r.open)-2] == "pPr"
	case absent(name):
		r.gone++
	case name == "tab" && r.within("r"):
		r.put("\t")
	case name == "br", name == "cr":
		r.put("\n")
	case name == "noBreakHyphen":
		r.put("-")
	case name == "comment":
		r.comment++
		r.by = ""
		for _, a := range t.Attr {
			if a.Name.Local == "author" {
				r.by = a.Value
			}
		}
	}
	r.open = append(r.open, name)
}

func (r *reader) end(name string) {
	r.open = r.open[:max(len(r.open)-1, 0)]
	switch {
	case name == "p" && len(r.texts) > 0:
		text := r.left.String() + r.texts[len(r.texts)-1].String()
		r.texts = r.texts[:len(r.texts)-1]
		if r.left.Reset(); r.joined {
			r.left.WriteString(text)
			r.joined = false
			return
		}
		r.add(text)
	case absent(name) && !r.within("rPr"):
		r.gone--
	case name == "body", name == "comment", name == "footnote", name == "endnote":
		r.add(r.left.String())
		r.left.Reset()
	}
}

func (r *reader) add(text string) {
	if text = strings.TrimSpace(text); text != "" && r.gone == 0 {
		r.out = append(r.out, paragraph{text, r.by, r.comment})
	}
}

// text adds the words of a run to the paragraph that is open.
func (r *reader) text(s string) {
	if r.within("t") {
		r.put(s)
	}
}

func (r *reader) put(s string) {
	if len(r.texts) > 0 && r.gone == 0 {
		r.texts[len(r.texts)-1].WriteString(s)
	}
}
