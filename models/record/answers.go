package record

import "track15/models/fault"

// An Answer is that somebody outside was answered with numbers, or with when a
// body's own people took part. What it said is not kept: Code is the text code
// of its words, and the rest says how it was made.
type Answer struct {
	ID             string
	SeriesID       string
	Recipient      string
	Asked          string // what they wanted to know, in their words
	OrganisationID string // whose people it lists; "" for numbers
	Own            bool   // the body is the recipient and is told also of those behind another badge
	Rows, Columns  string // by what it counts; of a list, Columns are those that it shows, with commas between
	AtLeast        int    // the least number it says
	Since, Until   int    // years, 0 for no bound
	HiddenToo      bool   // with rounds that nobody may know of
	Code           string
	MadeBy         string // account id
	MadeAt         int64  // microseconds since 1970 UTC
}

// Normal returns the answer in the form in which it is stored.
func (a Answer) Normal() Answer {
	a.Recipient, a.Asked = line(a.Recipient), passage(a.Asked)
	return a
}

// Addressed returns the answer with the body whose own people it lists as its
// recipient: who came behind another badge is told to the true body and to nobody
// else. A body above, below, before or after it is another body, and so is the
// one whose badge was worn. An acronym is no address, several bodies may share it.
//
// It fails with Invalid if the answer is for somebody else.
func (a Answer) Addressed(body Organisation) (Answer, error) {
	switch {
	case !a.Own:
		return a, nil
	case a.OrganisationID == "" || a.OrganisationID != body.ID || a.Recipient != "" && a.Recipient != body.Name:
		return a, fault.Field("recipient", "Only the body itself may be told who came behind another badge. Leave this empty, or write its name as in the directory.")
	}
	a.Recipient = body.Name
	return a, nil
}

// Check returns what is wrong with the answer. One about a body's own people may
// leave out for whom it is, see Addressed.
func (a Answer) Check() error {
	var f found
	if a.SeriesID == "" {
		f.say("series", "Choose a series.")
	}
	if !a.Own || a.Recipient != "" {
		f.name("recipient", a.Recipient, "Enter for whom it is.")
	}
	f.add(CheckText("asked", a.Asked))
	if a.Own && a.OrganisationID == "" {
		f.say("organisation", "Choose whose people it is about.")
	}
	if a.Since < 0 || a.Since > 9999 || a.Until < 0 || a.Until > 9999 {
		f.say("since", "Enter a year such as 2017.")
	}
	if a.Since > 0 && a.Until > 0 && a.Until < a.Since {
		f.add(fault.Field("until", "The last year is before the first. Enter %d or later.", a.Since))
	}
	return f.err()
}
