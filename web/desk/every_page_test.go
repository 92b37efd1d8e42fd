package desk_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/web/browsertest"
	"track15/web/desk"
)

// noPages are the ends of addresses at which no page stands: files, and what the
// script of a sitting asks for, and pages of the public side.
var noPages = []string{"/evidence", ".csv", ".json", "/key", "/lines", "/frame", "/exact"}

// pages are the routes of all pages.
func pages() (routes []string) {
	for _, r := range desk.Routes() {
		if r.Method == http.MethodGet && !slices.ContainsFunc(noPages, func(end string) bool { return strings.HasSuffix(r.Path, end) }) {
			routes = append(routes, r.Path)
		}
	}
	return routes
}

// everywhere is a world in which somebody with every role may open every page,
// and what stands where the addresses of routes have parameters.
func everywhere(t *testing.T) (w *world, place func(route string) string) {
	t.Helper()
	w = newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	all := make([]record.Grant, len(record.RoleNames))
	for i, role := range record.RoleNames {
		all[i] = record.Grant{Role: role, SeriesID: w.series.ID}
	}
	everybody, err := w.record.AddAccount(context.Background(), w.operator, record.Account{
		Email: "coordinator@example.org", Name: "The coordinator", Grants: all,
	}, password)
	w.must(err)
	w.people["coordinator"] = everybody
	w.account("stranger", record.Director, w.series.ID)
	round, copies := w.released()
	return w, places(w, round, copies)
}

// Every page of the desk, that of a new route as well, can be read by everybody
// and does not scroll sideways, wide and narrow, light and dark.
func TestEveryPageInABrowser(t *testing.T) {
	t.Parallel()
	w, place := everywhere(t)
	at := w.served()
	for some := range slices.Chunk(pages(), 10) { // as many as one window has time for
		p := w.enter(t, at, "coordinator", browsertest.View{})
		for _, path := range some {
			p.Goto(at + place(path))
			if p.Status() != http.StatusOK {
				t.Errorf("%s: status %d", path, p.Status())
			}
			p.Readable()
			marking := "Confidential · "
			if strings.HasPrefix(path, "/released/") && !strings.HasSuffix(path, "/withdraw") {
				marking = "Public · "
			}
			if strings.Contains(path, "/preview") {
				marking = "In review · "
			}
			if title := p.Title(); !strings.HasPrefix(title, marking) {
				t.Errorf("%s is titled %q", path, title)
			}
		}
	}
}
