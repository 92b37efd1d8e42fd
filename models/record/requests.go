package record

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"track15/models/fault"
)

// A Wish is what a reader asks to happen to an entry.
type Wish string

const (
	WishFact Wish = "fact" // correct a fact
	WishName Wish = "name" // take out a name or an organisation
	WishAll  Wish = "all"  // remove the entry
)

// Wishes lists them as the public page does.
var Wishes = []Wish{WishFact, WishName, WishAll}

// A RequestState says what became of a request. Its zero value is open.
type RequestState string

const (
	RequestOpen      RequestState = ""
	RequestCorrected RequestState = "corrected"
	RequestRemoved   RequestState = "removed"
	RequestDeclined  RequestState = "declined"
	RequestTakenBack RequestState = "taken back" // by whoever asked
)

// RequestStates lists them, the open one first.
var RequestStates = []RequestState{RequestOpen, RequestCorrected, RequestRemoved, RequestDeclined, RequestTakenBack}

// A Request is what a reader asked, by mail, letter or telephone, to correct or
// to remove. The public side takes none: somebody writes it down.
type Request struct {
	ID        string
	Number    int64  // which the reader is told; 0 before it is stored
	Kind      string // of the document that it is about, published.Kind
	Slug      string
	Wish      Wish
	Words     string // which words on the page
	Right     string // what would be right
	Contact   string // how whoever asked can be answered, "" if they did not say
	Received  Date   // a day
	Due       Date   // two working days later
	State     RequestState
	Answer    string    // what was answered, or done
	LoggedBy  Signatory // who wrote it down
	ChangedBy Signatory // who wrote to it last
	ChangedAt int64     // microseconds since 1970 UTC
	Version   int64     // 0 for a new one
}

// Normal returns the request in the form in which it is stored.
func (r Request) Normal() Request {
	r.Words, r.Right, r.Answer, r.Contact = passage(r.Words), passage(r.Right), passage(r.Answer), line(r.Contact)
	r.Due = ""
	if r.Received.Precision() == Day {
		r.Due = Date(workingDays(r.Received.First(), 2).Format(time.DateOnly))
	}
	return r
}

// Check returns what is wrong with the request.
func (r Request) Check() error {
	var f found
	if !slices.Contains(Wishes, r.Wish) {
		f.say("wish", "Choose what should happen.")
	}
	if r.Received.Precision() != Day {
		f.say("received", "Enter the day on which it came, as 2017-01-11.")
	}
	if !slices.Contains(RequestStates, r.State) {
		f.say("state", "Choose how it was settled.")
	}
	if r.State != RequestOpen && r.Answer == "" {
		f.say("answer", "Write what was answered, or why nobody was.")
	}
	f.add(CheckText("words", r.Words))
	f.add(CheckText("right", r.Right))
	f.add(CheckText("answer", r.Answer))
	f.line("contact", r.Contact)
	return f.err()
}

// workingDays is the day n working days after another: not a Saturday nor a
// Sunday. Holidays are not known to the program.
func workingDays(from time.Time, n int) time.Time {
	for n > 0 {
		from = from.AddDate(0, 0, 1)
		if w := from.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return from
}

// Reference reads how a reader names an entry: the reference on its page, or the
// address of the page. kind is "" where only a reference is given.
func Reference(s string) (kind, slug string, err error) {
	s = strings.ToLower(line(s))
	wrong := fault.Field("reference", "Enter the reference as it stands on the page, or the address of the page.")
	if !strings.ContainsAny(s, "/#?") {
		if s == "" {
			return "", "", wrong
		}
		return "", s, nil
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", "", wrong
	}
	if text, ok := strings.CutPrefix(u.Fragment, "text-"); ok {
		return "output", text, nil
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return "", "", wrong
	}
	if parts[len(parts)-2] == "organisations" {
		return "", "", fault.Field("reference", "Enter the reference of a round or text that names the organisation: by itself it has none.")
	}
	kinds := map[string]string{"rounds": "round", "observations": "observation", "series": "series"}
	if kind, slug = kinds[parts[len(parts)-2]], parts[len(parts)-1]; kind == "" || slug == "" {
		return "", "", wrong
	}
	return kind, slug, nil
}
