package recordstore_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/recordstore"
	"track15/models/seal"
)

func TestSessions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		ring, err := seal.OpenRing(t.TempDir() + "/keys")
		if err != nil {
			t.Fatal(err)
		}
		now := time.UnixMicro(1_700_000_000_000_000)
		url := store("record")
		s, err := recordstore.Open(t.Context(), url, recordstore.Options{Ring: ring, Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ss, ctx := recordstore.NewSessions(s), t.Context()
		stands := func(token, want string) {
			t.Helper()
			data, found, err := ss.FindCtx(ctx, token)
			if err != nil || found != (want != "") || string(data) != want {
				t.Errorf("%q: %q, %v, %v", token, data, found, err)
			}
		}
		commit := func(token, data string, hours time.Duration) {
			t.Helper()
			if err := ss.CommitCtx(ctx, token, []byte(data), now.Add(hours*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		commit("a", "one", 1)
		commit("b", "two\x00\xff", 3)
		commit("b", "three\x00\xff", 3) // the later one stays
		stands("a", "one")
		stands("b", "three\x00\xff")
		for _, token := range []string{"", "c", "%", "A"} {
			stands(token, "")
		}

		now = now.Add(time.Hour) // a ends at this instant
		stands("a", "")
		stands("b", "three\x00\xff")

		// Whoever comes next sweeps out what expired.
		commit("d", "four", 1)
		var left []string
		if err := dbtest.Open(t, url, nil).Read(ctx).Table("sessions").Order("token").Pluck("token", &left).Error; err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(left, " "); got != "b d" {
			t.Errorf("left: %s", got)
		}

		if err := ss.DeleteCtx(ctx, "b"); err != nil {
			t.Fatal(err)
		}
		stands("b", "")
		stands("d", "four")
		if err := ss.DeleteCtx(ctx, "unknown"); err != nil {
			t.Error("a session that is gone cannot be ended twice:", err)
		}

		// The same without a request.
		if err := ss.Commit("e", []byte("five"), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if data, found, err := ss.Find("e"); !found || err != nil || !bytes.Equal(data, []byte("five")) {
			t.Errorf("%q, %v, %v", data, found, err)
		}
		if err := ss.Delete("e"); err != nil {
			t.Fatal(err)
		}
		stands("e", "")
	})
}
