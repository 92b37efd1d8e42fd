package record

import (
	"errors"

	"track15/models/fault"
)

// A Way is what stays at the address of what is withdrawn.
type Way string

const (
	WithNotice Way = "notice" // the constant notice
	WithReason Way = "reason" // a sentence that becomes public and was cleared
	Silently   Way = "silent" // nothing: the address answers as if it had never been
)

// A Withdrawing says how something leaves for good. The zero value is refused:
// a person chooses the way.
type Withdrawing struct {
	Way    Way
	Reason string // what the public reads; only WithReason
	ReasonClearance
}

// A ReasonClearance says who cleared the sentence that the public reads of a
// withdrawal, and how: in a call, by mail. It stays in the record.
type ReasonClearance struct {
	By  string
	How string
}

// Check holds that a way was chosen, that a sentence that becomes public was
// cleared, and that no other way has one.
func (w Withdrawing) Check() error {
	var missing []error
	need := func(field, value, text string) {
		if value == "" {
			missing = append(missing, fault.Field(field, "%s", text))
		}
	}
	switch w.Way {
	case WithReason:
		need("reason", w.Reason, "Enter the sentence that the public reads, or choose another way.")
		need("cleared_by", w.By, "Enter who cleared this sentence.")
		need("cleared_how", w.How, "Enter how they cleared it: in which mail, call or meeting.")
	case WithNotice, Silently:
		if w.Reason != "" || w.ReasonClearance != (ReasonClearance{}) {
			missing = append(missing, fault.Field("reason", "Only a withdrawal with a reason says one. Choose that way, or leave these fields empty."))
		}
	default:
		missing = append(missing, fault.Field("way", "Choose what stays at the address."))
	}
	return errors.Join(append(missing, CheckLine("reason", w.Reason), CheckLine("cleared_by", w.By), CheckLine("cleared_how", w.How))...)
}

// A Suspended is something that one person took away for the time being and that
// two people have to bring back, correct or withdraw.
type Suspended struct {
	Kind, Slug string
	Title      string
	SeriesIDs  []string
	ReleaseID  string    // of the suspension
	By         Signatory // who suspended it
	At         int64     // microseconds since 1970 UTC
	Underway   string    // release that would settle it and waits, "" for none
}
