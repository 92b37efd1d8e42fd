package replies

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/ianaindex"

	"track15/models/fault"
)

const (
	maxNested = 8   // how deep parts of a mail may stand in one another
	maxParts  = 200 // parts of a mail and of the mails in it
	maxPart   = 16 << 20
)

var field = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:[ \t]`)

// isMail reports whether bytes begin with the fields of a mail, among them those
// that every mail has.
func isMail(b []byte) bool {
	head, _, found := bytes.Cut(bytes.ReplaceAll(b[:min(len(b), 1<<16)], []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	if !found || !field.Match(head) {
		return false
	}
	lower := "\n" + strings.ToLower(string(head))
	return strings.Contains(lower, "\nfrom:") && strings.Contains(lower, "\ndate:")
}

// mail reads a mail: its words and those of the Word files and mails in it.
func (a *Answer) mail(r io.Reader, depth int, budget *int) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return unreadable()
	}
	if at, err := m.Header.Date(); err == nil && depth == 0 {
		a.Sent = at.Format("2006-01-02")
	}
	return a.part(textproto.MIMEHeader(m.Header), m.Body, depth, budget)
}

// part reads one part of a mail.
func (a *Answer) part(h textproto.MIMEHeader, body io.Reader, depth int, budget *int) error {
	*budget--
	if depth > maxNested || *budget < 0 {
		return fault.Field("file", "This mail has too many parts in one another.")
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", nil
	}
	if strings.HasPrefix(kind, "multipart/") {
		return a.parts(multipart.NewReader(body, params["boundary"]), kind == "multipart/alternative", depth, budget)
	}
	b, err := io.ReadAll(io.LimitReader(decoded(h, body), maxPart+1))
	if err != nil || len(b) > maxPart {
		return unreadable()
	}
	switch {
	case kind == "message/rfc822":
		return a.mail(bytes.NewReader(b), depth+1, budget)
	case kind == "text/plain":
		a.text(inUTF8(b, params["charset"]))
	case kind == "text/html":
		a.text(plain(inUTF8(b, params["charset"])))
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		if err := a.word(b); err != nil {
			a.unread(kindOf(nil)) // an archive of another kind
		}
	default:
		a.unread(kindOf(b))
	}
	return nil
}

// parts reads what a part is made of: of alternatives the first that has words.
func (a *Answer) parts(r *multipart.Reader, alternatives bool, depth int, budget *int) error {
	for {
		// Raw: the transfer encoding is ours to undo.
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable()
		}
		had := len(a.Sources)
		if err := a.part(p.Header, p, depth+1, budget); err != nil {
			return err
		}
		if alternatives && len(a.Sources) > had {
			return nil
		}
	}
}

func decoded(h textproto.MIMEHeader, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}

// inUTF8 is text of a named encoding; of one that nobody knows what is UTF-8 of it.
func inUTF8(b []byte, charset string) string {
	if e, err := ianaindex.MIME.Encoding(charset); err == nil && e != nil {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// blocks are elements of a page that stand on lines of their own, with an empty
// line around them.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Tr: true, atom.Table: true, atom.Blockquote: true, atom.Ul: true, atom.Ol: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Pre: true, atom.Hr: true,
}

// plain is a page as plain text. Words that are struck out are left out, as
// those that a Word file has as deleted.
func plain(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	var b strings.Builder
	absent := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		t := z.Token()
		switch t.DataAtom {
		case atom.Script, atom.Style, atom.Title, atom.Head, atom.Del, atom.S, atom.Strike:
			if kind == html.StartTagToken {
				absent++
			} else if kind == html.EndTagToken {
				absent = max(absent-1, 0)
			}
			continue
		}
		switch {
		case blocks[t.DataAtom]:
			b.WriteString("\n\n")
		case t.DataAtom == atom.Br && kind != html.EndTagToken:
			b.WriteString("\n")
		case kind == html.TextToken && absent == 0:
			// Line ends of a page are spaces.
			b.WriteString(strings.NewReplacer("\r", " ", "\n", " ", "\u00a0", " ").Replace(t.Data))
		}
	}
}
