package record

// CodeLetters are the letters of a list of release codes: none that sounds or
// looks like another over a bad line.
const CodeLetters = "ACEFHKLMNPRTUXY"

// codeDigits is how many digits of a text code are looked up, from its end.
const codeDigits = 6

// A CodeRow is one row of the list with which a person signs by telephone. For each
// of the last six digits of a release's text code it has a column of ten letters,
// one for each digit: what is read out fits this release, and no other.
type CodeRow struct {
	Number  int
	Columns [codeDigits]string // each of ten letters, for the digits 0 to 9
}

// Letters are what stands in the row for a text code: "" for what is none.
func (r CodeRow) Letters(textCode string) string {
	var last []byte
	for i := len(textCode) - 1; i >= 0 && len(last) < codeDigits; i-- {
		if c := textCode[i]; c >= '0' && c <= '9' {
			last = append([]byte{c}, last...)
		}
	}
	if len(last) < codeDigits {
		return ""
	}
	out := make([]byte, codeDigits)
	for i, c := range last {
		if len(r.Columns[i]) != 10 {
			return ""
		}
		out[i] = r.Columns[i][c-'0']
	}
	return string(out)
}
