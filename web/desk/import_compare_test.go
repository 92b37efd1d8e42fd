package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// A row that is here already stands beside its entry: what is only written
// otherwise does not differ, what somebody else may read only shows to them, and
// a true affiliation nowhere.
func TestARowBesideItsEntry(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, actor := context.Background(), w.actor("coordinator")
		r, err := w.record.LogRound(ctx, actor, record.Round{
			SeriesID: w.series.ID, State: record.Held, InternalTitle: "Weir talks", Opens: "2018-06-14", Closes: "2018-06-15", City: "Port Anselm", Topics: []string{"Contact points", "Evidence"},
		})
		w.must(err)
		v := w.as("coordinator")
		upload := func(kind, file string) string {
			form := v.get("/import").form("/import")
			form.Set("kind", kind)
			form.Set("series", w.series.ID)
			p := v.upload("/import", form, kind+".csv", file).is(http.StatusOK)
			id := idIn(t, p.path)
			v.send(p, "/import/"+id+"/columns", nil).is(http.StatusOK)
			return "/import/" + id
		}
		rounds := upload("rounds", "Round;From;To;City;Topics;Ground rule\nWeir talks;14 June 2018;2018-06-15;Quillhaven;Evidence;Closed\nFerry talks;2019-06-14;2019-06-14;Saltmarsh;;\n")
		v.get(rounds+"/rows?show=here").is(200).has("tr.is-new", "Already here. Compare row 2")
		p := v.get(rounds+"/rows/2").is(200).has("h2", "Row 2 is already here").has("p", "cells differ")
		for column, differs := range map[string]bool{"Round": false, "Ground rule": false, "From": false, "To": false, "City": true, "Topics": true} {
			found := false
			for _, tr := range p.all("tbody tr") {
				if s := text(tr); strings.HasPrefix(s, column+" ") {
					found = true
					if strings.Contains(s, "Differs") != differs {
						t.Errorf("%s: %s", column, s)
					}
				}
			}
			if !found {
				t.Errorf("%s is not compared", column)
			}
		}
		p.has("td", "Closed").has("mark", "Quillhaven").has("mark", "Port Anselm")
		if len(p.all(`main a[href="/rounds/`+r.ID+`"]`)) != 1 {
			t.Error("no way to the entry")
		}
		for _, row := range []string{"1", "3", "4", "-1", "x"} { // headings, a good row, none
			v.get(rounds + "/rows/" + row).is(404)
		}
		w.as("director").get(rounds + "/rows/2").is(404) // the import is another's

		// A participant went in before and was changed since.
		const file = "Name;Organisation;Post;Acting for;Round;From\nAna Ford;Weir Bureau;Fellow;Fog Canary;Weir talks;2018-06-14\n"
		people := upload("participants", file)
		p = v.send(v.get(people+"/rows"), people+"/rows", url.Values{"rest": {"suggested"}, "all_sure": {"1"}}).is(200)
		v.send(p, people+"/apply", nil).is(200)
		all, err := w.record.Participations(ctx, actor, r.ID)
		w.must(err)
		if len(all) != 1 {
			t.Fatalf("%d participants", len(all))
		}
		edit := "/rounds/" + r.ID + "/participants/" + all[0].ID
		v.send(v.get(edit), edit, url.Values{"post": {"Director"}}).is(200)
		again := upload("participants", file)
		p = v.get(again+"/rows/2").is(200).has("p", "One cell differs").has("mark", "Fellow").has("mark", "Director").hasNot("Canary")
		if len(p.all(`main a[href="/rounds/`+r.ID+`/participants/`+all[0].ID+`"]`)) != 1 {
			t.Error("no way to the participant")
		}
		all, err = w.record.Participations(ctx, actor, r.ID)
		w.must(err)
		w.must(w.record.RemoveParticipation(ctx, actor, r.ID, all[0].ID, all[0].Version))
		v.get(again+"/rows/2").is(200).has("main", "removed since, or is not open to you").hasNot("Director", "Canary")

		// A body that is in the directory.
		bodies := upload("organisations", "Name;Acronym\nTide Office;TO\n")
		v.send(v.get(bodies+"/rows"), bodies+"/apply", nil).is(200)
		known, _, err := w.record.Organisations(ctx, actor, recordstore.OrganisationFilter{Query: "tide"})
		w.must(err)
		known[0].Acronym = "TDO"
		_, err = w.record.EditOrganisation(ctx, actor, known[0])
		w.must(err)
		v.get(upload("organisations", "Name;Acronym\nTide Office;TO\n")+"/rows/2").is(200).has("mark", "TDO").has("p", "One cell differs")
	})
}

// The comparison is reached with the keyboard and read by everybody.
func TestCompareInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	_, err := w.record.LogRound(context.Background(), w.actor("coordinator"), record.Round{
		SeriesID: w.series.ID, State: record.Held, InternalTitle: "Weir talks", Opens: "2018-06-14", City: "Port Anselm",
	})
	w.must(err)
	at := w.served()
	p := &acts{Page: w.enter(t, at, "coordinator", browsertest.View{})}
	p.Goto(at + "/import?kind=rounds&series=" + w.series.ID)
	p.attach("rounds.csv", []byte("Title;From;City;Summary\nWeir talks;2018-06-14;Quillhaven;"+strings.Repeat("Long ", 90)+"\n"))
	p.Follow(".savebar .btn--main")
	p.Follow(".savebar .btn--main")
	p.Goto(p.Location() + "?show=here")
	p.Follow("tr.is-new a")
	if got := p.Text("main mark"); got != "Quillhaven" {
		t.Errorf("what differs is %q", got)
	}
	p.Readable()
	p.Follow("main a[href*='show=here']")
	if p.Count("tr.is-new") != 1 {
		t.Errorf("back at %s", p.Location())
	}
}
