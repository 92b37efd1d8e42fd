package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"track15/models/fault"
)

func TestKindOf(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want fault.Kind
	}{
		{errors.New("disk full"), fault.Internal},
		{fault.Errorf(fault.Conflict, "changed"), fault.Conflict},
		{fmt.Errorf("saving: %w", fault.Field("city", "too long")), fault.Invalid},
		{errors.Join(errors.New("x"), fault.Errorf(fault.Forbidden, "no")), fault.Forbidden},
	} {
		if got := fault.KindOf(tt.err); got != tt.want {
			t.Errorf("KindOf(%v) = %v, want %v", tt.err, got, tt.want)
		}
	}
}

func TestAllKeepsEveryFieldInOrder(t *testing.T) {
	err := fmt.Errorf("round: %w", errors.Join(
		fault.Field("opens", "first"),
		errors.New("unclassified"),
		errors.Join(fault.Field("closes", "second")),
	))
	var fields []string
	for _, e := range fault.All(err) {
		fields = append(fields, e.Field)
	}
	if len(fields) != 2 || fields[0] != "opens" || fields[1] != "closes" {
		t.Errorf("fields = %q, want opens, closes", fields)
	}
	if fault.All(nil) != nil {
		t.Error("no error has no parts")
	}
}
