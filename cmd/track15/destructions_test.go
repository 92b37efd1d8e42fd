package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/record"
)

// A destruction that cannot be carried out keeps the desk from nothing: it
// starts, says so in its log, and is asked again at the next start.
func TestServesBesideADestructionThatFails(t *testing.T) {
	data, env := folders(t)
	keys := strings.TrimPrefix(env[1], "TRACK15_KEYS=")
	ctx, operator := t.Context(), record.Operator("tester")
	o, err := storeFlags{Data: data, Keys: keys}.open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	series, err := o.record.AddSeries(ctx, operator, record.Series{Name: "Lake Dialogue", Sample: true})
	try(err)
	round, err := o.record.LogRound(ctx, operator, record.Round{SeriesID: series.ID, State: record.Held, Opens: "2017", Sample: true})
	try(err)
	_, err = o.record.AddOutput(ctx, operator, record.Output{SeriesID: series.ID, RoundID: round.ID, Kind: record.Summary, Sample: true, Draft: record.Draft{Title: "Canarium", Lang: "en", Body: "Heronale."}})
	try(err)
	director, err := o.record.AddAccount(ctx, operator, record.Account{Email: "dee@example.org", Name: "Dee", Grants: []record.Grant{{Role: record.Director, SeriesID: series.ID}}}, "correct horse battery")
	try(err)
	d, err := o.record.ProposeDestruction(ctx, operator, record.Destruction{RoundID: round.ID, Reason: "Due"})
	try(err)
	kept, err := o.record.Kept(ctx, operator, round.ID)
	try(err)
	try(o.record.ConfirmDestruction(ctx, director.Actor(), round.ID, d.ID, kept.Reference))
	try(o.close())

	// A folder that is not empty where the file was that points to the keyset.
	pointers, err := filepath.Glob(filepath.Join(keys, "keysets", "of-*"))
	if err != nil || len(pointers) != 1 {
		t.Fatal(pointers, err)
	}
	try(os.Remove(pointers[0]))
	try(os.MkdirAll(filepath.Join(pointers[0], "full"), 0o700))

	r := start(t, env, "serve")
	if status, _, _ := get(t, r.desk+"/sign-in"); status != 200 {
		t.Errorf("the desk answers %d", status)
	}
	log, err := os.ReadFile(r.log)
	try(err)
	if !strings.Contains(string(log), "not destroyed") || strings.Contains(string(log), "Canarium") || strings.Contains(string(log), "Heronale") {
		t.Errorf("the log says %s", log)
	}
}
