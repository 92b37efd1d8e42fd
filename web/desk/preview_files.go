package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	views "track15/views/desk"
)

// files are the lines of the downloads that change: those of the series that
// the release touches, for no other line does.
func (p preview) files(ctx context.Context) ([]views.PreviewList, error) {
	var all []views.PreviewList
	for _, file := range []struct{ name, path string }{{"Rounds as CSV", "/rounds.csv"}, {"Rounds as JSON", "/rounds.json"}} {
		l := views.PreviewList{Name: file.name, Address: file.path, Code: true}
		for _, page := range p.pages {
			slug, is := strings.CutPrefix(page.Path, "/series/")
			if !is {
				continue
			}
			before, err := roundLines(ctx, p.before, file.path+"?series="+slug)
			if err != nil {
				return nil, err
			}
			after, err := roundLines(ctx, p.after, file.path+"?series="+slug)
			if err != nil {
				return nil, err
			}
			l.Rows = append(l.Rows, lineChanges(before, after)...)
		}
		if len(l.Rows) > 0 {
			all = append(all, l)
		}
	}
	return all, nil
}

// roundLines are those of a file that hold a round, none if there is no such file.
func roundLines(ctx context.Context, s site, path string) ([]string, error) {
	a, err := s.get(ctx, path)
	if err != nil || a.status != http.StatusOK {
		return nil, err
	}
	var all []string
	for line := range strings.Lines(string(a.body)) {
		// A comma at the end says that another line follows, not what this one says.
		all = append(all, strings.TrimSuffix(strings.TrimRight(line, "\r\n"), ","))
	}
	if strings.HasPrefix(path, "/rounds.json") && len(all) > 0 {
		all = all[:len(all)-1] // the bracket that closes
	}
	return all[min(1, len(all)):], nil // without the heads of columns, or the opening bracket
}

// lineChanges are the lines that only one of two files has: first those that
// go, then those that come, each in its order.
func lineChanges(was, is []string) []views.PreviewRow {
	var rows []views.PreviewRow
	for _, line := range was {
		if !slices.Contains(is, line) {
			rows = append(rows, views.PreviewRow{What: "Line", Was: line})
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			rows = append(rows, views.PreviewRow{What: "Line", Is: line})
		}
	}
	return rows
}
