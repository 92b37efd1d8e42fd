package record_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"track15/models/record"
)

func TestInstantIsThatOfThePlace(t *testing.T) {
	for _, tt := range []struct{ local, zone, utc string }{
		{"2026-03-17T09:00", "Asia/Shanghai", "2026-03-17T01:00:00Z"},
		{"2026-03-17T09:00", "Europe/Berlin", "2026-03-17T08:00:00Z"},
		{"2026-07-17T09:00", "Europe/Berlin", "2026-07-17T07:00:00Z"},
		{"2026-03-29T02:30", "Europe/Berlin", ""}, // put forward
		{"2026-10-25T02:30", "Europe/Berlin", ""}, // comes twice
		{"2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00Z"},
		{"2026-04-05T01:45", "Australia/Lord_Howe", ""}, // half an hour back
		{"2026-03-17T09:00", "", ""},
		{"2026-03-17T09:00", "Local", ""},
		{"2026-03-17T09:00", "Mars/Base", ""},
		{"2026-02-30T09:00", "Asia/Shanghai", ""},
		{"", "Asia/Shanghai", ""},
		{"17.3.2026 9:00", "Asia/Shanghai", ""},
	} {
		got, err := record.Instant(tt.local, tt.zone)
		if tt.utc == "" {
			if err == nil {
				t.Errorf("%s in %q is %s", tt.local, tt.zone, time.UnixMicro(got).UTC())
			}
			continue
		}
		if s := time.UnixMicro(got).UTC().Format(time.RFC3339); err != nil || s != tt.utc {
			t.Errorf("%s in %q is %s, %v", tt.local, tt.zone, s, err)
		}
	}
}

func TestNothingIsRipeBeforeItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMicro(rapid.Int64Range(1, 1<<50).Draw(t, "now"))
		timing := record.Timing{
			Choice: rapid.SampledFrom(append([]record.Choice{"", "other"}, record.Choices...)).Draw(t, "choice"),
			Due:    rapid.Int64Range(0, 1<<50).Draw(t, "due"),
		}
		timing.Happened.At = rapid.SampledFrom([]int64{0, 1}).Draw(t, "happened")
		timing.Forward.At = rapid.SampledFrom([]int64{0, 1}).Draw(t, "forward")
		timing.Held.Why = rapid.SampledFrom([]record.HoldReason{"", record.HeldByPerson, record.HeldByClock}).Draw(t, "held")
		slot := now.Add(-time.Duration(rapid.Int64Range(0, 1<<40).Draw(t, "slot")))
		countersigned := rapid.Int64Range(0, now.UnixMicro()).Draw(t, "countersigned")
		if !timing.Ripe(now, slot, countersigned) {
			return
		}
		if timing.Held.Why != "" {
			t.Fatal("a release that is held is ripe")
		}
		if timing.Forward.At > 0 {
			return
		}
		switch timing.Choice {
		case record.AtOnce:
		case record.AtInstant:
			if timing.Due > now.UnixMicro() {
				t.Fatal("ripe before its instant")
			}
		case record.AfterEvent:
			if timing.Happened.At == 0 {
				t.Fatal("ripe before its event")
			}
		default:
			t.Fatal("ripe, and nobody decided")
		}
		if timing.Choice == record.AtOnce && countersigned > slot.UnixMicro() {
			t.Fatal("ripe before the house delivers")
		}
	})
	if (record.Timing{}).Check(time.Now()) == nil {
		t.Error("a release without a choice can be signed")
	}
	past := record.Timing{Choice: record.AtInstant, Due: 1, Zone: "UTC"}
	if past.Check(time.Now()) == nil {
		t.Error("an instant that is over is taken")
	}
}

func TestSlotsAreThoseOfThePlace(t *testing.T) {
	s, err := record.ParseSlots([]string{"09:00", "17:00"}, "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-03-17T07:59:00Z": "2026-03-16T16:00:00Z", "2026-03-17T08:00:00Z": "2026-03-17T08:00:00Z",
		"2026-03-17T15:59:00Z": "2026-03-17T08:00:00Z", "2026-07-17T15:00:00Z": "2026-07-17T15:00:00Z",
	} {
		at, _ := time.Parse(time.RFC3339, now)
		if got := s.Last(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("at %s the last delivery was %s, not %s", now, got, want)
		}
	}
	if now := time.Now(); !(record.Slots{}).Last(now).Equal(record.Always) {
		t.Error("a house without fixed times waits")
	}
	for _, bad := range []string{"9", "25:00", "09:00:00", ""} {
		if _, err := record.ParseSlots([]string{bad}, "Europe/Berlin"); err == nil {
			t.Errorf("%q is a time of delivery", bad)
		}
	}
}

func TestJumped(t *testing.T) {
	h := time.Hour
	for _, tt := range []struct {
		wall, own time.Duration
		jumped    bool
	}{
		{h, h, false},
		{h, h - 4*time.Minute, false},
		{h, time.Minute, true},
		{-time.Minute, 0, false},
		{-h, 0, true},
		{12 * h, -1, false},
		{25 * h, -1, true},
		{-h, -1, true},
		{30 * h, 30 * h, false},
	} {
		if got := record.Jumped(tt.wall, tt.own); got != tt.jumped {
			t.Errorf("%v by the clock, %v by the process: %v", tt.wall, tt.own, got)
		}
	}
}

// Every zone of the table is one.
func TestCapitalsHaveATime(t *testing.T) {
	for _, code := range []string{"CN", "US", "RU", "AU", "BR", "DE", "KR", "IN", "UA", "ID", "CA"} {
		if record.ZoneOf(code) == nil {
			t.Errorf("%s has no time", code)
		}
	}
	if got := record.ZoneOf("AU").String(); got != "Australia/Sydney" {
		t.Errorf("Canberra keeps the time of %s", got)
	}
	for _, code := range []string{"", "XA", "EU", "ZZ", "Asia"} {
		if record.ZoneOf(code) != nil {
			t.Errorf("%q has a time", code)
		}
	}
}
