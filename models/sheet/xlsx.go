package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// Entries of an archive beyond this are refused before any is read.
const maxParts = 5000

var errWorkbook = refuse("This is no workbook that can be read. Open it in a spreadsheet program and save it as .xlsx.")

// A workbook is an XLSX file (Office Open XML, ISO 29500) as far as it is read.
type workbook struct {
	parts   map[string]*zip.File // by their path in small letters
	sheets  []sheetPart
	strings []string // the shared ones
	formats []format // by style
	early   bool     // days are counted from 1904
	options Options
	left    *budget
}

type sheetPart struct {
	name, part string
	hidden     bool
}

func readWorkbook(b []byte, o Options) (File, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return File{}, errWorkbook
	}
	w := &workbook{parts: map[string]*zip.File{}, options: o, left: newBudget()}
	var size uint64
	if len(z.File) > maxParts {
		return File{}, errWorkbook
	}
	for _, f := range z.File {
		// The reader of the archive holds each part to the size it claims.
		if size += f.UncompressedSize64; f.UncompressedSize64 > MaxUnpack || size > MaxUnpack {
			return File{}, refuse("The file unpacks to more than %d MiB, so it is not opened. Save only the table that is needed.", MaxUnpack>>20)
		}
		w.parts[partName(f.Name)] = f
	}
	if err := w.read(); err != nil {
		return File{}, err
	}
	var f File
	for _, s := range w.sheets {
		one := Sheet{Name: s.name, Hidden: s.hidden}
		if o.Sheet == s.name || o.Sheet == "" && !s.hidden {
			if err := w.sheet(s.part, &one); err != nil {
				return File{}, err
			}
		}
		f.Sheets = append(f.Sheets, one)
	}
	return f, nil
}

// read reads all but the sheets.
func (w *workbook) read() error {
	book, targets, err := w.root()
	if err != nil {
		return err
	}
	err = w.each(book, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.early = isTrue(attr(e, "date1904"))
		case "sheet":
			if len(w.sheets) >= MaxSheets {
				return refuse("The file has more than %d sheets.", MaxSheets)
			}
			t := targets[attr(e, "id")]
			if strings.HasSuffix(t.kind, "/worksheet") {
				state := attr(e, "state")
				w.sheets = append(w.sheets, sheetPart{attr(e, "name"), t.part, state != "" && state != "visible"})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		return errWorkbook
	}
	for _, t := range targets {
		switch {
		case strings.HasSuffix(t.kind, "/sharedStrings"):
			err = errors.Join(err, w.shared(t.part))
		case strings.HasSuffix(t.kind, "/styles"):
			err = errors.Join(err, w.styles(t.part))
		}
	}
	return err
}

type target struct{ kind, part string }

// root finds the workbook's own part, and what it points to.
func (w *workbook) root() (string, map[string]target, error) {
	all, err := w.relations("")
	if err != nil {
		return "", nil, err
	}
	for _, t := range all {
		if strings.HasSuffix(t.kind, "/officeDocument") {
			targets, err := w.relations(t.part)
			return t.part, targets, err
		}
	}
	return "", nil, errWorkbook
}

// relations reads where a part points to, by identifier.
func (w *workbook) relations(part string) (map[string]target, error) {
	dir, base := path.Split(part)
	all := map[string]target{}
	err := w.each(path.Join(dir, "_rels", base+".rels"), func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			to := strings.ReplaceAll(attr(e, "Target"), "\\", "/")
			if !strings.HasPrefix(to, "/") {
				to = path.Join(dir, to)
			}
			all[attr(e, "Id")] = target{attr(e, "Type"), partName(to)}
		}
		return nil
	})
	return all, err
}

// each calls see with every element of a part, from its first to its last. see
// may read on within the element.
func (w *workbook) each(part string, see func(*xml.Decoder, xml.StartElement) error) error {
	f := w.parts[partName(part)]
	if f == nil {
		return errWorkbook
	}
	r, err := f.Open()
	if err != nil {
		return errWorkbook
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errWorkbook
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := see(d, e); err != nil {
				return err
			}
		}
	}
}

// shared reads the strings that cells share.
func (w *workbook) shared(part string) error {
	left := newBudget()
	return w.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := richText(d, "si")
		if err == nil {
			err = left.take(s)
		}
		w.strings = append(w.strings, s)
		return err
	})
}

// richText reads the text of an element up to its end, without the readings that
// stand above East Asian words.
func richText(d *xml.Decoder, element string) (string, error) {
	var b strings.Builder
	inText, reading := false, 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return "", errWorkbook
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText = true
			case "rPh":
				reading++
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				inText = false
			case "rPh":
				reading--
			case element:
				return unescape(b.String()), nil
			}
		case xml.CharData:
			if inText && reading == 0 {
				b.Write(t)
			}
		}
	}
}

// plainText reads the characters of an element up to its end.
func plainText(d *xml.Decoder, element string) (string, error) {
	var b []byte
	for {
		token, err := d.RawToken()
		if err != nil {
			return "", errWorkbook
		}
		switch t := token.(type) {
		case xml.CharData:
			b = append(b, t...)
		case xml.EndElement:
			if t.Name.Local == element {
				return string(b), nil
			}
		}
	}
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, "\\", "/"), "/"))
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }
