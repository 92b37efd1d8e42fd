package historic

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"track15/models/fault"
)

// maxLine is the longest line read, in bytes.
const maxLine = 4 << 20

// A line is one line of a file, read strictly but not yet checked.
type line[T any] struct {
	file   string
	number int
	digest string // SHA-256 in hex, without the line's end
	value  T
}

func (l line[T]) where() string { return fmt.Sprintf("%s:%d", l.file, l.number) }

// fail makes an Invalid error about one field of the line. field may be "":
// the line as a whole.
func (l line[T]) fail(field, format string, args ...any) error {
	if field == "" {
		return fault.Field(l.where(), format, args...)
	}
	return fault.Field(l.where()+": "+field, format, args...)
}

// lines yields the file's lines in order, blank ones left out. It stops after
// an error of reading; a line that is not in the format is an error under its
// number, and the next follows.
func lines[T any](fsys fs.FS, file string) iter.Seq2[line[T], error] {
	return func(yield func(line[T], error) bool) {
		f, err := fsys.Open(file)
		if err != nil {
			yield(line[T]{}, fault.Field(file, "This file cannot be read: %s.", reason(err)))
			return
		}
		defer f.Close()
		r := bufio.NewReaderSize(f, 64<<10)
		var b []byte
		for n := 1; ; n++ {
			b, err = readLine(r, b[:0])
			if err != nil && !errors.Is(err, io.EOF) {
				yield(line[T]{}, fault.Field(fmt.Sprintf("%s:%d", file, n), "%s", err))
				return
			}
			if content := bytes.TrimSpace(b); len(content) > 0 {
				sum := sha256.Sum256(content)
				l := line[T]{file: file, number: n, digest: hex.EncodeToString(sum[:])}
				if !yield(l, l.decode(content, &l)) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
}

// readLine appends one line to b. The last one comes with io.EOF.
func readLine(r *bufio.Reader, b []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		b = append(b, part...)
		if len(b) > maxLine {
			return nil, fault.Errorf(fault.Invalid, "A line has at most %d bytes.", maxLine)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return b, err
		}
	}
}

// decode reads the one JSON object of a line strictly.
func (l line[T]) decode(content []byte, into *line[T]) error {
	err := json.Unmarshal(content, &into.value, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	var pointer jsontext.Pointer
	sentence := "This is not in the format."
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		pointer = semantic.JSONPointer
		switch {
		case errors.Is(err, json.ErrUnknownName):
			sentence = "The format has no such field."
		case errors.Is(err, errNull):
			sentence = "This may be left out, not null."
		case errors.Is(err, errWord):
			sentence = "Enter text or a whole number."
		case semantic.GoType != nil:
			sentence = fmt.Sprintf("This is the wrong kind of value: %s.", kindName(semantic.JSONKind))
		}
	case errors.As(err, &syntactic):
		pointer = syntactic.JSONPointer
		sentence = "This is not well-formed JSON."
		if errors.Is(err, jsontext.ErrDuplicateName) {
			sentence = "This field stands here twice."
		}
	}
	return l.fail(fieldOf(pointer), "%s", sentence)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '"':
		return "text"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "none"
}

// fieldOf turns a JSON pointer into the words of an error: "/outputs/0/url" is
// "outputs[0].url".
func fieldOf(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if isIndex(token) {
			fmt.Fprintf(&b, "[%s]", token)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(printable(token))
	}
	return b.String()
}

func isIndex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// printable keeps an error on one line, whatever a field is called.
func printable(s string) string {
	q := fmt.Sprintf("%+q", s)
	return q[1 : len(q)-1]
}

func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	return "it does not open"
}
