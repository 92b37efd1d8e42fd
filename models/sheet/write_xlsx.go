package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	relsNS  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packNS  = `http://schemas.openxmlformats.org/package/2006/`
	types   = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

// Styles of cells: as they are, a heading, and one that a program takes for text
// whatever it begins with.
const (
	styleHeading = 1
	styleQuoted  = 2
)

// constant are the parts of every workbook. There are no properties: no author,
// no program, no instant.
var constant = []struct{ name, body string }{
	{"[Content_Types].xml", `<Types xmlns="` + packNS + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + types + `worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="` + packNS + `relationships"><Relationship Id="r1" Type="` + relsNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + mainNS + `" xmlns:r="` + relsNS + `"><sheets><sheet name="Table" sheetId="1" r:id="r1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packNS + `relationships"><Relationship Id="r1" Type="` + relsNS + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="` + relsNS + `/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="` + mainNS + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="49"/><xf numFmtId="49" fontId="1" applyFont="1" quotePrefix="1"/><xf numFmtId="49" quotePrefix="1"/></cellXfs></styleSheet>`},
}

// WriteXLSX writes the table as a workbook of one sheet. Every cell is text, so
// none is computed; one that looks like a formula is marked as text, so that it
// stays so when somebody edits it. Equal tables are equal bytes.
func WriteXLSX(w io.Writer, t Table) error {
	z := zip.NewWriter(w)
	for _, part := range constant {
		p, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(p, xmlHead+part.body); err != nil {
			return err
		}
	}
	p, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	b := bufio.NewWriter(p)
	b.WriteString(xmlHead + `<worksheet xmlns="` + mainNS + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`)
	number := 0
	for row := range t.lines {
		number++
		b.WriteString(`<row r="` + strconv.Itoa(number) + `">`)
		for i, cell := range row {
			if cell == "" {
				continue
			}
			b.WriteString(`<c r="` + ColumnName(i+1) + strconv.Itoa(number) + `" t="inlineStr"`)
			if number == 1 {
				b.WriteString(` s="` + strconv.Itoa(styleHeading) + `"`)
			} else if first, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune(triggers, first) {
				b.WriteString(` s="` + strconv.Itoa(styleQuoted) + `"`)
			}
			b.WriteString(`><is><t xml:space="preserve">`)
			if err := xml.EscapeText(b, []byte(escape(cell))); err != nil {
				return err
			}
			b.WriteString(`</t></is></c>`)
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escape writes characters that XML cannot hold as _x000D_, and what looks like
// that already so that it stays.
func escape(s string) string {
	if strings.Contains(s, "_x") {
		// One after another, as two may share an underscore.
		for from := 0; ; {
			i := escaped.FindStringIndex(s[from:])
			if i == nil {
				break
			}
			at := from + i[0]
			s = s[:at] + "_x005F_" + s[at+1:]
			from = at + len("_x005F_")
		}
	}
	if !strings.ContainsFunc(s, outsideXML) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if outsideXML(r) {
			hex := strings.ToUpper(strconv.FormatInt(int64(r), 16))
			b.WriteString("_x" + strings.Repeat("0", 4-len(hex)) + hex + "_")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// outsideXML reports whether XML cannot hold the character, or changes it.
func outsideXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff
}

// unescape undoes escape.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 {
			return code
		}
		return string(rune(n))
	})
}
