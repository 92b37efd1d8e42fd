// Package docx writes a document as a Word file (Office Open XML, ISO 29500), and
// reads the words of one.
//
// Equal documents are equal bytes: no author, no program, no instant of making
// stands in the file, and its properties are constants.
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// A Document is what a file holds, from top to bottom.
type Document struct {
	Lang   string // of text that names none, a BCP 47 tag
	Blocks []Block
}

// A Block is a heading, a paragraph, a table or a page break.
type Block struct {
	// Heading is the level of a heading, 1 to 3; 0 for a paragraph.
	Heading int
	// Size is the height of the letters in points; 0 for that of the style.
	Size     int
	Centred  bool
	Text     []Run
	Table    *Table
	NewSheet bool // what follows begins on another sheet; the rest is not used
}

// A Table has a head, which is repeated on each sheet, and rows of as many
// cells. Widths are in proportion to one another; none means all alike.
type Table struct {
	Head   []string
	Rows   [][][]Run
	Widths []int
}

// A Run is a piece of text in one language. Lang "" is the document's.
type Run struct {
	Text string
	Lang string
	Bold bool
}

// Plain is a text without anything special.
func Plain(text string) []Run { return []Run{{Text: text}} }

const (
	namespace = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
	header    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	sheet     = 9638 // width of the text on A4 with margins of 20 mm, in twentieths of a point
)

var constant = []struct{ name, body string }{
	{"[Content_Types].xml", header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`</Types>`},
	{"_rels/.rels", header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`</Relationships>`},
	{"docProps/core.xml", header + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>` +
		`<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified>` +
		`</cp:coreProperties>`},
	{"word/_rels/document.xml.rels", header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`</Relationships>`},
	{"word/styles.xml", header + `<w:styles xmlns:w="` + namespace + `"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/>` +
		`</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		headingStyle(1, 36) + headingStyle(2, 28) + headingStyle(3, 24) + `</w:styles>`},
}

func headingStyle(level, size int) string {
	return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %d"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/>`+
		`<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="%d"/></w:pPr>`+
		`<w:rPr><w:b/><w:bCs/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, level, level, level-1, size, size)
}

// written is the instant that the archive gives for each of its files.
var written = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the document. It fails only if w does.
func Write(w io.Writer, d Document) error {
	z := zip.NewWriter(w)
	for _, part := range append(constant, struct{ name, body string }{"word/document.xml", d.xml()}) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: written})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.body); err != nil {
			return err
		}
	}
	return z.Close()
}

func (d Document) xml() string {
	var b strings.Builder
	b.WriteString(header + `<w:document xmlns:w="` + namespace + `"><w:body>`)
	for _, block := range d.Blocks {
		switch {
		case block.NewSheet:
			b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
		case block.Table != nil:
			d.table(&b, *block.Table)
		default:
			d.paragraph(&b, block)
		}
	}
	b.WriteString(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>` +
		`</w:body></w:document>`)
	return b.String()
}

func (d Document) paragraph(b *strings.Builder, block Block) {
	b.WriteString(`<w:p><w:pPr>`)
	if block.Heading > 0 {
		fmt.Fprintf(b, `<w:pStyle w:val="Heading%d"/>`, min(block.Heading, 3))
	}
	if rightToLeft(block.Text) {
		b.WriteString(`<w:bidi/>`)
	}
	if block.Centred {
		b.WriteString(`<w:jc w:val="center"/>`)
	}
	b.WriteString(`</w:pPr>`)
	for _, r := range block.Text {
		d.run(b, r, block.Size)
	}
	b.WriteString(`</w:p>`)
}

func (d Document) run(b *strings.Builder, r Run, size int) {
	b.WriteString(`<w:r><w:rPr>`)
	if r.Bold {
		b.WriteString(`<w:b/><w:bCs/>`)
	}
	if size > 0 {
		fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, 2*size, 2*size)
	}
	if rightToLeft([]Run{r}) {
		b.WriteString(`<w:rtl/>`)
	}
	if lang := r.Lang; lang != "" || d.Lang != "" {
		if lang == "" {
			lang = d.Lang
		}
		fmt.Fprintf(b, `<w:lang w:val="%[1]s" w:eastAsia="%[1]s" w:bidi="%[1]s"/>`, escaped(lang))
	}
	b.WriteString(`</w:rPr>`)
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		b.WriteString(`<w:t xml:space="preserve">` + escaped(line) + `</w:t>`)
	}
	b.WriteString(`</w:r>`)
}

func (d Document) table(b *strings.Builder, t Table) {
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, edge := range []string{"top", "bottom", "insideH"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="808080"/>`, edge)
	}
	b.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid>`)
	widths := t.widths()
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	if len(t.Head) > 0 {
		head := make([][]Run, len(t.Head))
		for i, name := range t.Head {
			head[i] = []Run{{Text: name, Bold: true}}
		}
		d.row(b, head, widths, `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	}
	for _, row := range t.Rows {
		d.row(b, row, widths, `<w:trPr><w:cantSplit/></w:trPr>`)
	}
	// A table that ends a document must be followed by a paragraph.
	b.WriteString(`</w:tbl><w:p/>`)
}

func (t Table) widths() []int {
	n := len(t.Head)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	parts, sum := make([]int, n), 0
	for i := range parts {
		parts[i] = 1
		if i < len(t.Widths) {
			parts[i] = max(t.Widths[i], 1)
		}
		sum += parts[i]
	}
	for i := range parts {
		parts[i] = sheet * parts[i] / sum
	}
	return parts
}

func (d Document) row(b *strings.Builder, cells [][]Run, widths []int, properties string) {
	b.WriteString(`<w:tr>` + properties)
	for i, w := range widths {
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, w)
		var text []Run
		if i < len(cells) {
			text = cells[i]
		}
		d.paragraph(b, Block{Text: text})
		b.WriteString(`</w:tc>`)
	}
	b.WriteString(`</w:tr>`)
}

// escaped makes text of what XML takes; characters that XML has no form for
// become U+FFFD.
func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// rightToLeft reports whether the first letter that has a direction is written
// from right to left.
func rightToLeft(runs []Run) bool {
	for _, r := range runs {
		for _, c := range r.Text {
			if unicode.In(c, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
				return true
			}
			if unicode.IsLetter(c) {
				return false
			}
		}
	}
	return false
}
