package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/papers/docx"
)

func written(t interface{ Fatal(...any) }, d docx.Document) []byte {
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts reads every file of the archive and holds that its XML is well formed.
func parts(t interface{ Fatal(...any) }, b []byte) map[string]string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(f.Name, err)
			}
		}
		all[f.Name] = string(body)
	}
	return all
}

// text is what a reader of the document sees, a line a paragraph.
func text(document string) string {
	document = strings.ReplaceAll(strings.ReplaceAll(document, "</w:p>", "\n"), "<w:br/>", "\n")
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader("<x>" + document[strings.Index(document, "<w:body>"):strings.Index(document, "</w:document>")] + "</x>"))
	d.Strict = false
	for {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		if c, ok := token.(xml.CharData); ok {
			b.Write(c)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	d := docx.Document{Lang: "en-GB", Blocks: []docx.Block{
		{Heading: 1, Text: docx.Plain("Delegation <list> & more")},
		{Text: []docx.Run{{Text: "林若川", Lang: "zh-Hans", Bold: true}, {Text: " Lin Ruochuan"}}},
		{Text: docx.Plain("مندوب")},
		{Table: &docx.Table{Head: []string{"Name", "Body"}, Rows: [][][]docx.Run{{docx.Plain("A"), docx.Plain("B")}, {docx.Plain("C")}}, Widths: []int{1, 2}}},
		{NewSheet: true},
		{Centred: true, Size: 48, Text: docx.Plain("Two\nlines")},
	}}
	got := parts(t, written(t, d))
	doc := got["word/document.xml"]
	for _, want := range []string{"Delegation <list> & more", "林若川 Lin Ruochuan", "مندوب", "Name\nBody", "Two\nlines"} {
		if !strings.Contains(text(doc), want) {
			t.Errorf("%q is not in the document: %q", want, text(doc))
		}
	}
	for _, want := range []string{`w:val="zh-Hans"`, `<w:bidi/>`, `<w:rtl/>`, `<w:tblHeader/>`, `w:type="page"`, `<w:sz w:val="96"/>`} {
		if !strings.Contains(doc, want) {
			t.Errorf("%s is not in the document", want)
		}
	}
	if strings.Contains(got["docProps/core.xml"], "202") {
		t.Error("the properties hold a date of today")
	}
}

// Equal documents are equal bytes, whatever stands in them, and any text makes
// well-formed XML.
func TestEqualDocumentsAreEqualBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := docx.Document{Lang: rapid.String().Draw(t, "lang")}
		for range rapid.IntRange(0, 4).Draw(t, "blocks") {
			d.Blocks = append(d.Blocks, docx.Block{
				Heading: rapid.IntRange(0, 4).Draw(t, "heading"),
				Text:    []docx.Run{{Text: rapid.String().Draw(t, "text"), Lang: rapid.String().Draw(t, "lang"), Bold: rapid.Bool().Draw(t, "bold")}},
			})
		}
		a, b := written(t, d), written(t, d)
		if !bytes.Equal(a, b) {
			t.Fatal("two writings differ")
		}
		parts(t, a)
	})
}
