package record

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"track15/models/fault"
)

// A Part is a passage of a version that somebody can speak of: its title, a
// paragraph of its body, the heading or the text of an observation. Key says
// which: "title", "paragraph.2", "heading.ID", "observation.ID".
type Part struct {
	Key  string
	Name string // as people say it: "Paragraph 2"
	Text string // as it is written, Markdown and all
}

// Parts are the passages of a version in their order.
func (d Draft) Parts() []Part {
	out := []Part{{"title", "Title", d.Title}}
	for i, span := range paragraphs(d.Body) {
		n := strconv.Itoa(i + 1)
		out = append(out, Part{"paragraph." + n, "Paragraph " + n, d.Body[span[0]:span[1]]})
	}
	for i, o := range d.Observations {
		n := strconv.Itoa(i + 1)
		if o.Heading != "" {
			out = append(out, Part{"heading." + o.ID, "Heading of observation " + n, o.Heading})
		}
		out = append(out, Part{"observation." + o.ID, "Observation " + n, o.Text})
	}
	return out
}

// Part is the passage with the key; false if the version has none.
func (d Draft) Part(key string) (Part, bool) {
	all := d.Parts()
	i := slices.IndexFunc(all, func(p Part) bool { return p.Key == key })
	if i < 0 {
		return Part{}, false
	}
	return all[i], true
}

// blank is what stands between two paragraphs.
var blank = regexp.MustCompile(`\n([ \t]*\n)+`)

// paragraphs are where the paragraphs of a body stand: first and after last byte.
func paragraphs(body string) (spans [][2]int) {
	from := 0
	for _, gap := range append(blank.FindAllStringIndex(body, -1), []int{len(body), len(body)}) {
		if strings.TrimSpace(body[from:gap[0]]) != "" {
			spans = append(spans, [2]int{from, gap[0]})
		}
		from = gap[1]
	}
	return spans
}

// A CommentState says what became of a comment. Its zero value is open.
type CommentState string

const (
	CommentOpen        CommentState = ""
	CommentResolved    CommentState = "resolved"
	SuggestionAccepted CommentState = "accepted"
	SuggestionDeclined CommentState = "declined"
)

// A Comment is what somebody says of a text, or of a passage of it. With other
// words for the passage it is a suggestion: whoever may edit the text accepts it,
// and the edit is then theirs, or declines it.
type Comment struct {
	ID        string
	Draft     int64  // the version it is about
	Key       string // of the passage, see Part; "" for the text as a whole
	Was       string // the words of the passage in that version
	Suggests  bool   // Words are to stand for Was
	Words     string // "" takes the passage away
	Says      string // the comment, "" for none
	By        string // account id
	At        int64  // microseconds since 1970 UTC
	State     CommentState
	SettledBy string // account id, "" while it is open
	SettledAt int64  // microseconds since 1970 UTC
	Became    int64  // the version that accepting it made
}

// Normal returns the comment in the form in which it is stored. Words that are
// those of the passage suggest nothing.
func (c Comment) Normal() Comment {
	c.Words, c.Says = passage(c.Words), passage(c.Says)
	if c.Key == "title" || strings.HasPrefix(c.Key, "heading.") {
		c.Words = line(c.Words)
	}
	if c.Suggests = c.Suggests && c.Key != "" && c.Words != passage(c.Was); !c.Suggests {
		c.Words = ""
	}
	return c
}

// Check returns what is wrong with the comment.
func (c Comment) Check() error {
	var f found
	if !c.Suggests && c.Says == "" {
		f.say("says", "Change the words, or write a comment.")
	}
	f.add(CheckText("says", c.Says))
	f.add(CheckText("words", c.Words))
	return f.err()
}

// Where is the key under which the words that a comment is about stand in this
// version: of equal paragraphs the nearest to where they were. It is false if they
// are not there any more, or if the comment is about the text as a whole.
func (d Draft) Where(c Comment) (key string, there bool) {
	number, isParagraph := strings.CutPrefix(c.Key, "paragraph.")
	if !isParagraph {
		p, ok := d.Part(c.Key)
		return c.Key, ok && p.Text == c.Was
	}
	was, err := strconv.Atoi(number)
	if err != nil {
		return "", false
	}
	best, far := 0, 0
	for i, span := range paragraphs(d.Body) {
		if n := i + 1; d.Body[span[0]:span[1]] == c.Was && (best == 0 || max(n-was, was-n) < far) {
			best, far = n, max(n-was, was-n)
		}
	}
	return "paragraph." + strconv.Itoa(best), best > 0
}

// Taking is the version with the words of a suggestion, all others byte for
// byte. It fails with Conflict if the words that it is about do not stand there
// any more, with Invalid at "words" if no version can read so.
func (d Draft) Taking(c Comment, external bool) (Draft, error) {
	key, there := d.Where(c)
	if !there {
		return d, fault.Errorf(fault.Conflict, "The words that this suggestion is about are not there any more. It can only be declined.")
	}
	kind, id, _ := strings.Cut(key, ".")
	d.Observations = slices.Clone(d.Observations)
	switch kind {
	case "title":
		d.Title = c.Words
	case "paragraph":
		n, _ := strconv.Atoi(id)
		all := paragraphs(d.Body)
		end := all[n-1][1]
		if c.Words == "" && n < len(all) {
			end = all[n][0]
		}
		d.Body = d.Body[:all[n-1][0]] + c.Words + d.Body[end:]
	default:
		for i := range d.Observations {
			if o := &d.Observations[i]; o.ID != id {
				continue
			} else if kind == "heading" {
				o.Heading = c.Words
			} else {
				o.Text = c.Words
			}
		}
	}
	d = d.Normal()
	if wrong := fault.All(d.Check(external)); len(wrong) > 0 {
		return d, fault.Field("words", "%s", wrong[0].Text)
	}
	return d, nil
}
