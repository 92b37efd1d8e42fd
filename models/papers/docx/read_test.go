package docx_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/papers/docx"
)

// file is a Word file of parts given by name, each the inside of its root.
func file(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		f, err := z.Create("word/" + name + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(`<?xml version="1.0"?><w:x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="y">` + body + `</w:x>`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadsWhatStandsOnceChangesAreAccepted(t *testing.T) {
	for name, tt := range map[string]struct{ body, want string }{
		"inserted and deleted":   {`<w:p><w:r><w:t>A </w:t></w:r><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old </w:delText><w:t>old </w:t></w:r></w:del><w:r><w:t>word.</w:t></w:r></w:p>`, "A new word."},
		"moved":                  {`<w:p><w:moveFrom><w:r><w:t>Gone.</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo><w:r><w:t>Here.</w:t></w:r></w:moveTo></w:p>`, "Here."},
		"the end of a paragraph": {`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One, </w:t></w:r></w:p><w:p><w:r><w:t>two.</w:t></w:r></w:p><w:p><w:r><w:t>Three.</w:t></w:r></w:p>`, "One, two.|Three."},
		"a mark on words":        {`<w:p><w:r><w:rPr><w:del/></w:rPr><w:t>One.</w:t></w:r></w:p><w:p><w:r><w:t>Two.</w:t></w:r></w:p>`, "One.|Two."},
		"a text box":             {`<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Box.</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>Box.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent><w:t>Around.</w:t></w:r></w:p>`, "Box.|Around."},
		"fields and breaks": {`<w:p>
			<w:r><w:instrText>PAGE</w:instrText></w:r>
			<w:r>
				<w:t>A</w:t><w:tab/><w:t>B</w:t><w:br/><w:t>C</w:t>
			</w:r></w:p>`, "A\tB\nC"},
		"a table": {`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>`, "A"},
	} {
		got, err := docx.Read(file(t, map[string]string{"document": "<w:body>" + tt.body + "</w:body>"}))
		if s := strings.Join(got.Paragraphs, "|"); err != nil || s != tt.want {
			t.Errorf("%s: %q, %v, want %q", name, s, err, tt.want)
		}
	}
	got, err := docx.Read(file(t, map[string]string{
		"document":  `<w:p><w:r><w:t>Text.</w:t></w:r></w:p>`,
		"footnotes": `<w:footnote><w:p><w:r><w:t>Below.</w:t></w:r></w:p></w:footnote>`,
		"comments":  `<w:comment w:author="K. Ost"><w:p><w:r><w:t>Say less.</w:t></w:r></w:p><w:p><w:r><w:t>Or nothing.</w:t></w:r></w:p></w:comment><w:comment w:author="M."><w:p><w:r><w:t>Yes.</w:t></w:r></w:p></w:comment>`,
	}))
	if err != nil || len(got.Notes) != 1 || got.Notes[0] != "Below." || len(got.Comments) != 2 || got.Comments[0] != (docx.Comment{By: "K. Ost", Text: "Say less.\nOr nothing."}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsWrittenCanBeRead(t *testing.T) {
	got, err := docx.Read(written(t, docx.Document{Blocks: []docx.Block{{Text: docx.Plain("Two\nlines")}, {Text: docx.Plain("林若川 & <others>")}}}))
	if s := strings.Join(got.Paragraphs, "|"); err != nil || s != "Two\nlines|林若川 & <others>" {
		t.Errorf("%q, %v", s, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"no archive":  []byte("PK no zip"),
		"no document": file(t, map[string]string{"styles": ""}),
		"cut off":     file(t, map[string]string{"document": "<w:p>"}),
		"a bomb":      file(t, map[string]string{"document": strings.Repeat(" ", 25<<20)}),
		"too deep":    file(t, map[string]string{"document": strings.Repeat("<w:p>", 300) + strings.Repeat("</w:p>", 300)}),
	} {
		if got, err := docx.Read(b); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Whatever stands in a document, it is read or refused, and no paragraph is empty.
func FuzzRead(f *testing.F) {
	f.Add(`<w:body><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>One, </w:t></w:r></w:p><w:p/></w:body>`)
	f.Add(`</w:p><w:moveFrom><w:p>`)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := docx.Read(file(t, map[string]string{"document": body, "comments": body}))
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		for _, p := range got.Paragraphs {
			if strings.TrimSpace(p) == "" {
				t.Fatalf("an empty paragraph of %q", body)
			}
		}
	})
}
