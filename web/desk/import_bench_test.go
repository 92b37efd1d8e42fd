package desk_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/intake/intaketest"
)

// BenchmarkImportTable takes 5,000 rows in as a person does, with everything the
// desk answers on the way: the file, its columns, the rows that need a person,
// the decisions, the last step.
func BenchmarkImportTable(b *testing.B) {
	const rows = 5000
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	out.Comma = ';'
	if err := out.WriteAll(intaketest.Messy(7, rows).Rows); err != nil {
		b.Fatal(err)
	}
	var used, took time.Duration
	for b.Loop() {
		w := newWorld(b, func(name string) string { return dbtest.SQLite(b, name) })
		people, bodies := intaketest.Directory()
		for _, p := range people {
			p.ID = ""
			_, err := w.record.AddPerson(context.Background(), w.operator, p)
			w.must(err)
		}
		for _, o := range bodies {
			o.ID = ""
			_, err := w.record.AddOrganisation(context.Background(), w.operator, o)
			w.must(err)
		}
		v := w.as("coordinator")
		form := v.get("/import").form("/import")
		form.Set("kind", "participants")
		form.Set("series", w.series.ID)
		began, before := time.Now(), processor(b)
		p := v.upload("/import", form, "all rounds.csv", file.String()).is(http.StatusOK)
		at := "/import/" + idIn(b, p.path)
		p = v.send(p, at+"/columns", nil).is(http.StatusOK)
		p = v.send(p, at+"/rows", url.Values{"rows_aside": {"1"}, "all_sure": {"1"}, "rest": {"suggested"}}).is(http.StatusOK)
		p = v.send(p, at+"/apply", nil).is(http.StatusOK)
		used, took = used+processor(b)-before, took+time.Since(began)
		if !strings.Contains(p.text("main"), "Participants") {
			b.Fatal("the rows did not go in")
		}
	}
	b.ReportMetric(took.Seconds()/float64(b.N), "s/import")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/import")
	b.ReportMetric(0, "ns/op")
}

// processor is the processor time that this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
