package replies_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
	"track15/models/papers/docx"
	"track15/models/record"
	"track15/models/replies"
)

// shown is a text of two paragraphs and an observation.
var shown = record.Shown{Lang: "en", Whole: true, Passages: []record.Passage{
	{Place: "Title", Text: "On fog horns"},
	{Place: "Paragraph 1", Text: "Both sides agreed that a horn would be sounded when the fog rises, and \"never\" at night."},
	{Place: "Paragraph 2", Text: "They will meet again in the spring to look at what the horn has done for the boats."},
	{Place: "Observation 1", Text: "Of the boats\nSmall boats hear a horn late."},
}}

func word(t testing.TB, paragraphs ...string) []byte {
	t.Helper()
	var d docx.Document
	for _, p := range paragraphs {
		d.Blocks = append(d.Blocks, docx.Block{Text: docx.Plain(p)})
	}
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func eml(kind, body string) []byte {
	return []byte("From: a@example.org\r\nDate: Tue, 14 Apr 2026 09:00:00 +0200\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + "\r\n\r\n" + body)
}

// mixed is a mail of parts.
func mixed(parts ...string) []byte {
	return eml(`multipart/mixed; boundary=b`, "--b\r\n"+strings.Join(parts, "\r\n--b\r\n")+"\r\n--b--\r\n")
}

func attached(b []byte) string {
	return "Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(b)
}

func texts() []string {
	var out []string
	for _, p := range shown.Passages {
		out = append(out, p.Text)
	}
	return out
}

const asSent = `On fog horns

Both sides agreed that a horn would be sounded when the fog
rises, and "never" at night.

They will meet again in the spring to look at what the horn has
done for the boats.

Of the boats
Small boats hear a horn late.
`

func TestCompare(t *testing.T) {
	changed := strings.NewReplacer("agreed", "noted", "the spring", "the late spring").Replace(asSent)
	quoted := "Dear all, see below.\n\n> " + strings.ReplaceAll(changed, "\n", "\n> ") + "\n\nKind regards\nK."
	curly := strings.ReplaceAll(strings.ReplaceAll(asSent, `"never"`, "“never”"), "late.", "late indeed.")
	for name, tt := range map[string]struct {
		file    []byte
		changes string // "old>new" of each, parted by |
		around  string
	}{
		"as it was, pasted":         {[]byte(asSent), "", ""},
		"as it was, a Word file":    {word(t, texts()...), "", ""},
		"quoted in a mail":          {eml("text/plain; charset=utf-8", quoted), "agreed>noted|>late", "Dear all, see below.|Kind regards K."},
		"a page":                    {eml("text/html", "<html><head><title>x</title></head><p>On fog horns<p>Both sides <s>agreed</s> <b>noted</b> that a horn would be sounded when\nthe fog rises, and &quot;never&quot; at night.<p>They will meet again in the spring to look at what the horn has done for the boats.<div>Of the boats<br>Small boats hear a horn late.</div><script>no</script>"), "agreed>noted", ""},
		"another encoding":          {eml("text/plain; charset=iso-8859-1", strings.Replace(asSent, "late.", "\xfcberall.", 1)), "late>überall", ""},
		"signs of a program":        {[]byte(curly), ">indeed", ""},
		"a Word file in a mail":     {mixed("\r\n"+asSent, attached(word(t, "On foghorns", texts()[1], texts()[2], "Of the boats", "Small boats hear a horn late."))), "fog horns>foghorns", ""},
		"a mail in a mail":          {mixed("\r\nPlease see what they wrote.", "Content-Type: message/rfc822\r\n\r\n"+string(eml("text/plain", changed))), "agreed>noted|>late", ""},
		"a passage taken out":       {word(t, texts()[0], texts()[1], texts()[3]), texts()[2] + ">", ""},
		"a paragraph added":         {word(t, texts()[0], texts()[1], "Nobody was hurt.", texts()[2], texts()[3]), ">Nobody was hurt.", ""},
		"words taken out":           {[]byte(strings.Replace(asSent, "Small boats", "Boats", 1)), "Small boats>Boats", ""},
		"the end of a sentence":     {[]byte(strings.Replace(asSent, " at night", "", 1)), "at night>", ""},
		"the sheet around the text": {[]byte("For your clearance\n\nTo: Kasmere\n\n" + asSent + "\nYour answer: cleared"), "", "For your clearance|To: Kasmere|Your answer: cleared"},
	} {
		a, err := replies.Read(tt.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c, ok, err := replies.Compare(shown, a)
		var got []string
		for _, ch := range c.Changes {
			got = append(got, ch.Old+">"+ch.New)
		}
		if s := strings.Join(got, "|"); !ok || err != nil || s != tt.changes || strings.Join(c.Around, "|") != tt.around {
			t.Errorf("%s: %v, %v, %q, around %q", name, ok, err, s, c.Around)
		}
		if left := c.Wording(func(int) bool { return false }); strings.Join(left, "|") != strings.Join(texts(), "|") {
			t.Errorf("%s: nothing was taken and the words are %q", name, left)
		}
	}
}

func TestWordingHasTheChangesThatWereTaken(t *testing.T) {
	text := strings.NewReplacer("agreed", "noted", "On fog", "Of fog", "rises, and", "rises and", "a horn late", "any horn very late", "boats.\n\nOf", "boats.\n\nNobody was hurt.\n\nOf").Replace(asSent)
	a, err := replies.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c, ok, err := replies.Compare(shown, a)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	all := c.Wording(func(int) bool { return true })
	for i, want := range []string{"Of fog horns", `Both sides noted that a horn would be sounded when the fog rises and "never" at night.`, texts()[2], "Of the boats\nSmall boats hear any horn very late."} {
		if all[i] != want {
			t.Errorf("%d: %q, want %q", i, all[i], want)
		}
	}
	first := c.Wording(func(n int) bool { return c.Changes[n].Old == "agreed" })
	if first[0] != "On fog horns" || !strings.Contains(first[1], "noted that") || !strings.Contains(first[1], "rises, and") {
		t.Errorf("one change taken: %q", first)
	}
}

// What holds nothing that can be read, or nothing of the text, is evidence only.
func TestEvidenceOnly(t *testing.T) {
	for name, b := range map[string][]byte{
		"a picture": []byte("\x89PNG\r\n\x1a\n"), "a scan": []byte("%PDF-1.7"), "nothing": nil, "another text": []byte("Yes, we agree to all of it."),
		"a picture in a mail": mixed("\r\nSee the picture.", "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="),
	} {
		a, err := replies.Read(b)
		if c, ok, err2 := replies.Compare(shown, a); ok || err != nil || err2 != nil || len(c.Changes) > 0 {
			t.Errorf("%s: %+v, %v, %v", name, c, err, err2)
		}
	}
	deep := string(eml("text/plain", "x"))
	for range 20 {
		deep = string(eml("message/rfc822", deep))
	}
	for name, b := range map[string][]byte{"a broken Word file": []byte("PK\x03\x04nothing"), "mails in mails": []byte(deep), "no end": eml("multipart/mixed; boundary=b", "--b\r\n\r\nhalf")} {
		if a, err := replies.Read(b); fault.KindOf(err) != fault.Invalid || len(a.Sources) > 0 {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if a, err := replies.Read(eml("text/plain", "x")); err != nil || a.Sent != "2026-04-14" {
		t.Errorf("sent on %q, %v", a.Sent, err)
	}
}

// Whatever a party makes of the words, taking all of its changes gives what it
// wrote, but for spaces.
func TestAllChangesTakenAreTheTextThatCame(t *testing.T) {
	vocabulary := []string{"horn", "fog", "the", "boat", ",", ".", "雾", "笛", "night", "of"}
	sentence := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 12)
	rapid.Check(t, func(t *rapid.T) {
		was := sentence.Draw(t, "was")
		now := append([]string{}, was...)
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			i := rapid.IntRange(0, len(now)-1).Draw(t, "at")
			now[i] = rapid.SampledFrom(vocabulary).Draw(t, "word")
		}
		s := record.Shown{Passages: []record.Passage{{Place: "Paragraph 1", Text: strings.Join(was, " ")}}}
		c, ok, err := replies.Compare(s, replies.Answer{Sources: []replies.Source{{Paragraphs: []string{strings.Join(now, " ")}}}})
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			t.Skip()
		}
		if got := c.Wording(func(int) bool { return true })[0]; strings.Join(strings.Fields(got), "") != strings.Join(now, "") {
			t.Fatalf("%q became %q, taken over as %q", was, now, got)
		}
	})
}

// Whatever a file holds, it is read or refused.
func FuzzRead(f *testing.F) {
	f.Add(eml("text/plain", asSent))
	f.Add(mixed("\r\nx", attached([]byte("PK\x03\x04"))))
	f.Add([]byte("From: a\nDate: b\nContent-Type: multipart/alternative; boundary=\n\n--"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := replies.Read(b)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if c, ok, err := replies.Compare(shown, a); err == nil && ok {
			c.Wording(func(int) bool { return true })
		}
	})
}
