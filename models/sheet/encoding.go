package sheet

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	uni "golang.org/x/text/encoding/unicode"

	"track15/models/fault"
)

// Encodings lists the encodings of text files that can be chosen.
var Encodings = []string{"UTF-8", "UTF-16", "Windows-1252", "Windows-1251", "GB18030"}

var (
	utf16LE = uni.UTF16(uni.LittleEndian, uni.UseBOM)
	utf16BE = uni.UTF16(uni.BigEndian, uni.UseBOM)
)

// decode turns the bytes of a text file into UTF-8 and says in which encoding
// they were. It fails with Invalid, naming a row, if its rows are in different
// encodings.
func decode(b []byte, chosen string) (text, name string, err error) {
	if chosen == "" {
		if chosen, err = guess(b); err != nil {
			return "", "", err
		}
	}
	var from encoding.Encoding
	switch chosen {
	case "UTF-8":
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		if !utf8.Valid(b) {
			return "", "", refuse("Line %d is not UTF-8. Choose another encoding, or save the file again as UTF-8.", badRow(b))
		}
		return string(b), chosen, nil
	case "UTF-16":
		from = utf16LE
		if bytes.HasPrefix(b, []byte("\xfe\xff")) || !bytes.HasPrefix(b, []byte("\xff\xfe")) && zeros(b, 0) > zeros(b, 1) {
			from = utf16BE
		}
	case "Windows-1252":
		from = charmap.Windows1252
	case "Windows-1251":
		from = charmap.Windows1251
	case "GB18030":
		from = simplifiedchinese.GB18030
	default:
		return "", "", fault.Field("encoding", "Choose one of the encodings.")
	}
	out, err := from.NewDecoder().Bytes(b)
	if err != nil {
		return "", "", refuse("The file is not %s. Choose another encoding, or save it again as UTF-8.", chosen)
	}
	return string(out), chosen, nil
}

// guess finds the encoding of a text file.
func guess(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "UTF-16", nil
	case utf8.Valid(b):
		if n := max(zeros(b, 0), zeros(b, 1)); n > 0 && n > len(b)/8 {
			return "UTF-16", nil
		}
		return "UTF-8", nil
	case max(zeros(b, 0), zeros(b, 1)) > len(b)/8:
		return "UTF-16", nil
	}
	// Rows that are UTF-8 beyond ASCII stand against rows that cannot be.
	var good, bad, firstGood, firstBad, row int
	for line := range bytes.Lines(b) {
		row++
		switch {
		case !utf8.Valid(line):
			if bad++; bad == 1 {
				firstBad = row
			}
		case utf8.RuneCount(line) < len(line):
			if good++; good == 1 {
				firstGood = row
			}
		}
	}
	other := guessBytes(b)
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")), good >= bad && good > 0:
		return "", refuse("Line %d is in another encoding than the rest, which is UTF-8. Save the file again as UTF-8.", firstBad)
	case good > 0 && (other != "GB18030" || good > bad/4):
		return "", refuse("Line %d is UTF-8 and line %d is not. Save the file again as UTF-8.", firstGood, firstBad)
	}
	return other, nil
}

// guessBytes finds the encoding of bytes that are not UTF-8: by how the bytes
// beyond ASCII stand together.
func guessBytes(b []byte) string {
	if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
		var common, rare int
		for _, r := range string(text) {
			switch {
			case r >= 0x4e00 && r <= 0x9fa5, r >= 0x3000 && r <= 0x3011, r >= 0xff01 && r <= 0xff5e:
				common++
			case r > 0x7f:
				rare++
			}
		}
		// Pairs of Western letters make Han characters too, but between
		// letters of ASCII: a Chinese text has runs of them.
		if common > 0 && rare*10 <= common && !bytesBetweenLetters(b) {
			return "GB18030"
		}
	}
	if text, err := charmap.Windows1251.NewDecoder().Bytes(b); err == nil && words(string(text), unicode.Cyrillic) {
		return "Windows-1251"
	}
	return "Windows-1252"
}

// bytesBetweenLetters reports whether most runs of bytes beyond ASCII touch a
// letter of ASCII, as accents in a Western text do.
func bytesBetweenLetters(b []byte) bool {
	isLetter := func(i int) bool {
		return i >= 0 && i < len(b) && (b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z')
	}
	var runs, touching int
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		start := i
		for i < len(b) && b[i] >= 0x80 {
			i++
		}
		runs++
		if isLetter(start-1) || isLetter(i) {
			touching++
		}
	}
	return touching*2 > runs
}

// words reports whether letters beyond ASCII stand together in words of that
// script, rather than one by one between others.
func words(text string, script *unicode.RangeTable) bool {
	var all, whole int
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters, of := 0, 0
		for _, r := range w {
			letters++
			if unicode.Is(script, r) {
				of++
			}
		}
		if of > 0 {
			all++
			if of == letters && letters > 1 {
				whole++
			}
		}
	}
	return all > 0 && whole*2 > all
}

// zeros counts the zero bytes at even (0) or odd (1) places of the first 4 KiB.
func zeros(b []byte, at int) int {
	n := 0
	for i := at; i < min(len(b), 4096); i += 2 {
		if b[i] == 0 {
			n++
		}
	}
	return n
}

// badRow is the first line that is not UTF-8, counted from 1.
func badRow(b []byte) int {
	row := 0
	for line := range bytes.Lines(b) {
		if row++; !utf8.Valid(line) {
			return row
		}
	}
	return row
}
