package minutes

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"track15/models/fault"
)

// maxUnzipped is how large the text of a Word file may be once unpacked, in
// bytes: a bomb is refused while it is read.
const maxUnzipped = 24 << 20

func noWord() error { return fault.Field("file", "This is no Word file (.docx) that can be read.") }

// paragraphs are the paragraphs of a Word file, tables and all, in their order.
// What is marked as deleted is left out. Nothing is written to a disk.
func paragraphs(b []byte) ([]string, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, noWord()
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return nil, noWord()
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxUnzipped}
	d := xml.NewDecoder(limited)
	var out []string
	var text strings.Builder
	deleted, inText := 0, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && limited.N > 0 {
			return out, nil
		}
		if limited.N <= 0 {
			return nil, fault.Field("file", "This Word file unpacks to more than %d MB.", maxUnzipped>>20)
		}
		if err != nil {
			return nil, noWord()
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "del":
				deleted++
			case "t":
				inText = true
			case "tab":
				text.WriteByte('\t')
			case "br", "cr":
				text.WriteByte('\n')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "del":
				deleted--
			case "t":
				inText = false
			case "p":
				if s := strings.TrimSpace(text.String()); s != "" {
					out = append(out, s)
				}
				text.Reset()
			}
		case xml.CharData:
			if inText && deleted == 0 {
				text.Write(t)
			}
		}
	}
}
