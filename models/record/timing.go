package record

import (
	"math"
	"time"

	"track15/models/fault"
)

// A Choice says what a release waits for once two people signed it. Its zero
// value is none: such a release is not delivered.
type Choice string

const (
	AtOnce     Choice = "at_once"
	AtInstant  Choice = "at"
	AfterEvent Choice = "after_event" // that a person says has happened
)

// Choices lists the choices as a form offers them.
var Choices = []Choice{AtOnce, AtInstant, AfterEvent}

// A Timing says when a release may become public. It is no part of what is
// signed: holding back is easier than letting go.
type Timing struct {
	Choice Choice
	Due    int64  // AtInstant: microseconds since 1970 UTC
	Zone   string // AtInstant: the place's, IANA
	Event  string // AfterEvent: in words that stay in the record

	Happened Deed // somebody said that the event happened
	Forward  Deed // a signer brought it forward
	Held     Stay

	// Published is what the counterpart published meanwhile.
	Published Counterpart
	// Trouble is what delivery met last, "" for nothing.
	Trouble Trouble
}

// Trouble is why a release that may go is not public yet.
type Trouble string

const (
	StoreAway    Trouble = "store"   // the published store does not answer
	LogAltered   Trouble = "log"     // the release log is not what was written
	ProgramFault Trouble = "program" // anything else: the operator's log says more
)

// TroubleOf is the trouble of which an error of delivery tells.
func TroubleOf(err error) Trouble {
	switch fault.KindOf(err) {
	case fault.Unavailable:
		return StoreAway
	case fault.Forbidden, fault.Conflict:
		return LogAltered
	}
	return ProgramFault
}

// A Deed is something that a person did, with the reason they gave.
type Deed struct {
	Signatory
	At     int64 // microseconds since 1970 UTC; 0: nobody did
	Reason string
}

// A Stay keeps a release back until somebody lifts it.
type Stay struct {
	Deed
	Why HoldReason
}

// A HoldReason says who holds a release. Its zero value is nobody.
type HoldReason string

const (
	HeldByPerson HoldReason = "person"
	HeldByClock  HoldReason = "clock" // the machine's clock jumped: somebody has to look at it
)

// A Counterpart is what the other side published before us.
type Counterpart struct {
	Address  string // of their page
	At       int64  // when it appeared there, microseconds since 1970 UTC
	Copy     string // of their words, as they stood there
	OutputID string // the entry that cites it as a public source
}

// Immediate is the timing of what goes out with the second signature.
var Immediate = Timing{Choice: AtOnce}

// Check holds that somebody decided, and that an instant is still to come.
func (t Timing) Check(now time.Time) error {
	switch t.Choice {
	case AtOnce:
		return nil
	case AtInstant:
		if t.Due <= now.UnixMicro() {
			return fault.Field("at", "Enter a date and a time that are still to come.")
		}
		if _, err := Place(t.Zone); err != nil {
			return err
		}
		return nil
	case AfterEvent:
		if t.Event == "" {
			return fault.Field("event", "Say what it waits for.")
		}
		return CheckText("event", t.Event)
	}
	return fault.Field("when", "Choose when it becomes public.")
}

// Ripe reports whether a release that two people signed may be delivered now.
// slot is the last instant at which the house delivers: what was countersigned
// after it waits for the next one, unless the release has an instant of its own.
func (t Timing) Ripe(now, slot time.Time, countersigned int64) bool {
	if t.Held.Why != "" {
		return false
	}
	inSlot := countersigned <= slot.UnixMicro()
	switch {
	case t.Forward.At > 0:
		return true
	case t.Choice == AtOnce:
		return inSlot
	case t.Choice == AtInstant:
		return t.Due <= now.UnixMicro()
	case t.Choice == AfterEvent:
		return t.Happened.At > 0 && (inSlot || t.Happened.At <= slot.UnixMicro())
	}
	return false
}

// Waits reports whether the release still waits for its instant or event.
func (t Timing) Waits(now time.Time) bool {
	return t.Forward.At == 0 && (t.Choice == AtInstant && t.Due > now.UnixMicro() || t.Choice == AfterEvent && t.Happened.At == 0)
}

// Place is a time zone by its IANA name. It fails with Invalid for any other.
func Place(zone string) (*time.Location, error) {
	if zone == "" || zone == "Local" {
		return nil, fault.Field("zone", "Enter the time zone of the place, such as Asia/Shanghai.")
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fault.Field("zone", "Enter the time zone of the place, such as Asia/Shanghai.")
	}
	return place, nil
}

// Instant is the instant of a local date and time, written as 2026-03-17T09:00,
// at a place. It fails with Invalid if the time does not exist there, because
// clocks are put forward, or comes twice, because they are put back.
func Instant(local, zone string) (int64, error) {
	place, err := Place(zone)
	if err != nil {
		return 0, err
	}
	const layout = "2006-01-02T15:04"
	t, err := time.ParseInLocation(layout, local, place)
	if err != nil {
		return 0, fault.Field("at", "Enter a date and a time.")
	}
	if t.Format(layout) != local {
		return 0, fault.Field("at", "This time does not exist at the place: clocks are put forward then. Choose one an hour earlier or later.")
	}
	for _, by := range []time.Duration{-2 * time.Hour, -time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if t.Add(by).Format(layout) == local {
			return 0, fault.Field("at", "This time comes twice at the place: clocks are put back then. Choose one an hour earlier or later.")
		}
	}
	return t.UnixMicro(), nil
}

// Slots are the times of a day at which a house delivers, as "09:00", at a
// place. The zero value delivers at any time.
type Slots struct {
	Times []string
	Place *time.Location
}

// ParseSlots reads times of a day and a zone. It fails with Invalid if one is
// none.
func ParseSlots(times []string, zone string) (Slots, error) {
	if len(times) == 0 {
		return Slots{}, nil
	}
	place, err := Place(zone)
	if err != nil {
		return Slots{}, err
	}
	for _, at := range times {
		if _, err := time.Parse("15:04", at); err != nil {
			return Slots{}, fault.Errorf(fault.Invalid, "a time of delivery is like 09:00")
		}
	}
	return Slots{times, place}, nil
}

// Always is the slot of what waits for no time of delivery. It is after every
// signature, also one of a clock that was ahead and was put right.
var Always = time.UnixMicro(math.MaxInt64)

// Last is the last instant of delivery at or before now: Always if there are no
// fixed times.
func (s Slots) Last(now time.Time) time.Time {
	if len(s.Times) == 0 {
		return Always
	}
	var last time.Time
	local := now.In(s.Place)
	for _, days := range []int{0, -1, -2} {
		for _, at := range s.Times {
			clock, _ := time.Parse("15:04", at)
			t := time.Date(local.Year(), local.Month(), local.Day()+days, clock.Hour(), clock.Minute(), 0, 0, s.Place)
			if !t.After(now) && t.After(last) {
				last = t
			}
		}
	}
	return last
}

// Jumped reports whether a clock that moved by wall between two looks cannot be
// trusted: it went back, further than it may be off; or further on than the
// process itself counted, if it ran all that time (own, else negative), or than
// a machine is off over night.
func Jumped(wall, own time.Duration) bool {
	const mayBeOff, overNight = 5 * time.Minute, 24 * time.Hour
	return wall < -mayBeOff || wall > overNight && own < 0 || own >= 0 && wall-own > mayBeOff
}
