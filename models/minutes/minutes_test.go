package minutes_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/minutes"
)

func word(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(`<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSplit(t *testing.T) {
	docx := word(t, `<w:p><w:r><w:t>11:24 K2: Agrees to </w:t></w:r><w:del><w:r><w:delText>never</w:delText><w:t>never</w:t></w:r></w:del><w:r><w:t>test.</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>Nobody knows.</w:t></w:r></w:p>`)
	for _, c := range []struct{ name, in, want string }{
		{"a.docx", string(docx), "11:24|K2|Agrees to test. / ||Nobody knows."},
		{"a.txt", "\ufeffK1: One\r\ntwo lines\r\n\r\n9:05 - N3 Three\r\n@? four", "|K1|One\ntwo lines / 09:05|N3|Three / |@?|four"},
		{"A.MD", "# Heading\n\n- First point\n- Second point\n\n---\n1. Third", "||First point / ||Second point / ||Third"},
		{"", "11:30 Ж1: согласен\n\n[11.45] a note on A3 paper", "11:30|Ж1|согласен / 11:45||a note on A3 paper"},
		{"", "MFA raised it: again", "||MFA raised it: again"},
		{"", "会议开始。\n\nK1：建议", "||会议开始。 / |K1|建议"},
	} {
		all, err := minutes.Split(c.name, []byte(c.in))
		var got []string
		for _, l := range all {
			got = append(got, l.At+"|"+l.Speaker+"|"+l.Text)
		}
		if s := strings.Join(got, " / "); err != nil || s != c.want {
			t.Errorf("%s: %q, %v\nwant %q", c.name, s, err, c.want)
		}
	}
	for name, in := range map[string][]byte{
		"a.pdf": []byte("x"), "a.txt": {0xff, 0xfe}, "b.txt": []byte(" \n"), "a.docx": []byte("PK no zip"), "c.docx": word(t, "<w:p>"),
		"bomb.docx": word(t, "<w:p><w:r><w:t>"+strings.Repeat("x", 25<<20)+"</w:t></w:r></w:p>"), "big.txt": make([]byte, minutes.MaxBytes+1),
	} {
		if all, err := minutes.Split(name, in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %d lines, %v", name, len(all), err)
		}
	}
}

// No word of a text is lost, apart from marks of lists, headings and rules.
func FuzzSplit(f *testing.F) {
	f.Add("K1: One\ntwo\n\n9:05 - N3 Three")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := minutes.Split("", []byte(text))
		if err != nil {
			return
		}
		for _, l := range all {
			if l.Text == "" || !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(l.Text), " ")) {
				t.Fatalf("%q became %q", text, l.Text)
			}
		}
	})
}
