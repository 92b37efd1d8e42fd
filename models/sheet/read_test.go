package sheet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"track15/models/fault"
	"track15/models/sheet"
)

// refused holds that err is a sentence to a person that has the words, under the
// field.
func refused(t *testing.T, err error, field string, words ...string) {
	t.Helper()
	all := fault.All(err)
	if len(all) != 1 || all[0].Kind != fault.Invalid || all[0].Field != field {
		t.Fatalf("%v", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q says nothing of %q", err, w)
		}
	}
}

func TestReadText(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want [][]string
	}{
		"commas":     {"Name,City\nAnn,Oslo\n", [][]string{{"Name", "City"}, {"Ann", "Oslo"}}},
		"semicolons": {"Name;City\r\nAnn;Oslo, Bergen\r\n", [][]string{{"Name", "City"}, {"Ann", "Oslo, Bergen"}}},
		"tabs":       {"Name\tCity\rAnn\tOslo, Bergen; both", [][]string{{"Name", "City"}, {"Ann", "Oslo, Bergen; both"}}},
		"quoted":     {"a,\"b\nc, \"\"d\"\"\"\n1,2", [][]string{{"a", "b\nc, \"d\""}, {"1", "2"}}},
		"a quote in a cell": {
			"Name,Says\nAnn,5\" wide\n", [][]string{{"Name", "Says"}, {"Ann", "5\" wide"}},
		},
		"empty lines count": {"Report\n\n\na;b\n1;2\n\n", [][]string{{"Report"}, nil, nil, {"a", "b"}, {"1", "2"}}},
		"ragged":            {"a,b,c\n1\n1,2,3,4\n,,\n", [][]string{{"a", "b", "c"}, {"1"}, {"1", "2", "3", "4"}}},
		"one column":        {"Name\nAnn\nBob", [][]string{{"Name"}, {"Ann"}, {"Bob"}}},
		"nothing":           {"", nil},
		"junk above":        {"Dialogue, participants, 2018\nmade by us\nName;Body\nAnn;A\nBob;B\nCy;C", [][]string{{"Dialogue, participants, 2018"}, {"made by us"}, {"Name", "Body"}, {"Ann", "A"}, {"Bob", "B"}, {"Cy", "C"}}},
		"marks stay":        {"a\n'hello\n", [][]string{{"a"}, {"'hello"}}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := sheet.Read("x.csv", []byte(tt.text), sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, f.Sheets[0].Rows, cmp.Transformer("nil", func(r []string) string { return strings.Join(r, "|") })); d != "" {
				t.Error(d)
			}
		})
	}
	_, err := sheet.Read("x.csv", []byte("a,b\n\"c,d\ne"), sheet.Options{})
	refused(t, err, "file", "Row 2", "quote")
	_, err = sheet.Read("x.csv", []byte("a,b\nc\x00,d"), sheet.Options{})
	refused(t, err, "file", "Line 2")
}

func TestReadEncodings(t *testing.T) {
	western := "Name;Stadt\nJürgen Weiß;Köln\nZoë Ibáñez;Málaga\n"
	russian := "Имя;Город\nИванов Пётр;Москва\n"
	chinese := "姓名,单位\n林若川,北河研究院\n王小明,东港大学\n"
	for _, tt := range []struct {
		name, text string
		in         encoding.Encoding
		want       string
	}{
		{"utf-8", western, encoding.Nop, "UTF-8"},
		{"utf-8 with mark", "\ufeff" + western, encoding.Nop, "UTF-8"},
		{"utf-16 le", western, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"},
		{"utf-16 be", western, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"},
		{"utf-16 le without mark", western, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16"},
		{"utf-16 be without mark", western, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16"},
		{"windows-1252", western, charmap.Windows1252, "Windows-1252"},
		{"windows-1251", russian, charmap.Windows1251, "Windows-1251"},
		{"gb18030", chinese, simplifiedchinese.GB18030, "GB18030"},
		{"utf-8 chinese", chinese, encoding.Nop, "UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := tt.in.NewEncoder().Bytes([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			f, err := sheet.Read("x.csv", b, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			plain, err := sheet.Read("x.csv", []byte(strings.TrimPrefix(tt.text, "\ufeff")), sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(plain.Sheets, f.Sheets); f.Encoding != tt.want || d != "" {
				t.Errorf("%s: %s", f.Encoding, d)
			}
		})
	}
}

func TestMixedEncodingsAreRefusedByLine(t *testing.T) {
	_, err := sheet.Read("x.csv", []byte("Name\nJürgen\nZoë\nJ\xfcrgen\n"), sheet.Options{})
	refused(t, err, "file", "Line 4", "UTF-8")
	_, err = sheet.Read("x.csv", []byte("Name\nJ\xfcrgen\nK\xf6ln\nZoë\nM\xe1laga"), sheet.Options{})
	refused(t, err, "file", "Line 4", "line 2")
	// Whoever knows better may choose.
	f, err := sheet.Read("x.csv", []byte("Name\nJ\xfcrgen\nK\xf6ln\nZoë"), sheet.Options{Encoding: "Windows-1252"})
	if err != nil || f.Sheets[0].Rows[1][0] != "Jürgen" {
		t.Errorf("%v %v", f, err)
	}
	_, err = sheet.Read("x.csv", []byte("J\xfcrgen"), sheet.Options{Encoding: "UTF-8"})
	refused(t, err, "file", "Line 1")
	_, err = sheet.Read("x.csv", []byte("a"), sheet.Options{Encoding: "Klingon"})
	refused(t, err, "encoding")
}

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		file, word string
	}{
		"old excel":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "password"},
		"pdf":          {"%PDF-1.7", "PDF"},
		"broken zip":   {"PK\x03\x04 and then nothing", "workbook"},
		"many rows":    {strings.Repeat("a,b\n", sheet.MaxRows+1), "rows"},
		"many columns": {strings.Repeat("a,", sheet.MaxColumns+1), "columns"},
		"large":        {strings.Repeat("a", sheet.MaxFile+1), "larger"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sheet.Read("x.csv", []byte(tt.file), sheet.Options{})
			refused(t, err, "file", tt.word)
		})
	}
	_, err := sheet.Read("x.csv", []byte("a,b"), sheet.Options{Sheet: "People"})
	refused(t, err, "sheet")
	for _, s := range []string{"", "{}", "[1]", `[{"a":[]}]`, `[{"a":"1"},{"b":"1"}]`, `[{"a":"1"}] x`, `[{"a":"1"`} {
		_, err := sheet.Read("x.json", []byte(s), sheet.Options{})
		refused(t, err, "file")
	}
}

func TestPaste(t *testing.T) {
	for name, tt := range map[string]struct {
		page, text string
		want       [][]string
	}{
		"text":          {"", "\nName\tBody\nAnn\tHarbour, Institute\n", [][]string{{"Name", "Body"}, {"Ann", "Harbour, Institute"}}},
		"one quote":     {"", "Ann \"the\nBob", [][]string{{"Ann \"the"}, {"Bob"}}},
		"an open quote": {"", "\"Ann\tA\nBob\tB", [][]string{{"\"Ann", "A"}, {"Bob", "B"}}},
		"mail": {
			`<html><body><p>Dear all,</p><table><tr><td>only</td></tr></table>
			<table class=MsoNormalTable><thead><tr><th><p>Name<o:p></o:p></p></th><th>Body</th></tr></thead>
			<tr><td><p class=MsoNormal>LIN&nbsp;Ruochuan<br>(<span>林若川</span>)</p></td><td>Harbour
			 Institute</td></tr></table></body></html>`, "ignored",
			[][]string{{"Name", "Body"}, {"LIN Ruochuan\n(林若川)", "Harbour Institute"}},
		},
		"spans": {
			`<table><tr><td rowspan=2>A</td><td colspan=2>B</td></tr><tr><td>C</td><td>D</td></tr><tr><td>E</td></tr></table>`, "",
			[][]string{{"A", "B"}, {"", "C", "D"}, {"E"}},
		},
		"hidden": {
			`<table><tr><td>A</td><td>B<span style="display: none">no</span></td></tr><tr style='DISPLAY:none'><td>no</td></tr><tr><td>C</td><td hidden>no</td><td>D</td></tr></table>`, "",
			[][]string{{"A", "B"}, {}, {"C", "", "D"}},
		},
		"no table": {"<p>Ann</p>", "Ann", [][]string{{"Ann"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sheet.Paste(tt.page, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(tt.want, s.Rows, slices.Equal) {
				t.Errorf("%q", s.Rows)
			}
		})
	}
	for _, s := range []string{"", "\n", "\r\n"} {
		_, err := sheet.Paste("", s)
		refused(t, err, "paste")
	}
}

// What is read never breaks the reader, and stays within what it promises.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"a,b\n1,2", "\"a\"\";\"", "\ufeffa\tb\r\n", "\xff\xfea\x00", "J\xfcrgen;K\xf6ln", "'=1\n''a", "[{\"a\":1}]"} {
		f.Add("x.csv", []byte(s))
		f.Add("x.json", []byte(s))
	}
	f.Add("x.xlsx", workbook(f))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		file, err := sheet.Read(name, b, sheet.Options{Hidden: true})
		if err != nil {
			if len(fault.All(err)) != 1 {
				t.Fatal(err)
			}
			return
		}
		for _, s := range file.Sheets {
			for _, row := range s.Rows {
				if len(row) > 0 && row[len(row)-1] == "" {
					t.Fatalf("%q", row)
				}
			}
		}
	})
}

func FuzzPaste(f *testing.F) {
	f.Add("<table><tr><td rowspan=3>a<td colspan=99>b<table><tr><td>c", "")
	f.Add("", "a\tb\n\"c")
	f.Fuzz(func(t *testing.T, page, text string) {
		if s, err := sheet.Paste(page, text); err == nil && len(s.Rows) == 0 {
			t.Fatal("nothing was read and nothing was said")
		}
	})
}
