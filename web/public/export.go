package public

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/published"
	"track15/models/publishedstore"
	views "track15/views/public"
)

// export sends every round of the filter as it is read, so that a register of
// any size needs no memory here. write gets the rounds; what it writes first is
// sent with status 200, so a failure after that ends the connection instead of
// the file.
func export(s *site, c echo.Context, r request, contentType, name string, write func(io.Writer, func(func(publishedstore.RoundEntry, error) bool)) error) error {
	ctx := c.Request().Context()
	e, err := s.reader.Edition(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	v := visit{e, r, ctx, r.canonical()}
	f := v.query.filter()
	if err := v.allKnown(f); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, revalidate)
	tag := v.tag()
	h.Set("ETag", tag)
	if matches(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	h.Set(echo.HeaderContentType, contentType)
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	c.Response().WriteHeader(http.StatusOK)
	if err := write(c.Response(), v.EachRound(ctx, selection(f))); err != nil {
		c.Error(err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// tag names the bytes of an export without reading them: they follow from the
// number of the last release and the address.
func (v visit) tag() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", v.Number(), v.address))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// roundsJSON is the filtered list as release documents: the bytes that were
// signed, each on its line.
func roundsJSON(s *site, c echo.Context, r request) error {
	return export(s, c, r, "application/json; charset=utf-8", "rounds.json",
		func(w io.Writer, rounds func(func(publishedstore.RoundEntry, error) bool)) error {
			if _, err := io.WriteString(w, `{"rounds":[`); err != nil {
				return err
			}
			sep := "\n"
			for round, err := range rounds {
				if err != nil {
					return err
				}
				d, err := published.Encode(round.Round)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(w, "%s%s", sep, d.Body); err != nil {
					return err
				}
				sep = ",\n"
			}
			_, err := io.WriteString(w, "\n]}\n")
			return err
		})
}

// columns of the spreadsheet, in order.
var columns = []string{
	"reference", "title", "series", "label", "state", "opens", "closes", "not_before", "not_after",
	"city", "country", "format", "track", "conveners", "organisations", "topics", "ground_rules",
	"observations", "published_accounts", "source", "address",
}

// roundsCSV is the filtered list as a spreadsheet, in UTF-8 with a byte order
// mark, which spreadsheet programs look for.
func roundsCSV(s *site, c echo.Context, r request) error {
	return export(s, c, r, "text/csv; charset=utf-8", "rounds.csv",
		func(w io.Writer, rounds func(func(publishedstore.RoundEntry, error) bool)) error {
			if _, err := io.WriteString(w, "\ufeff"); err != nil {
				return err
			}
			out := csv.NewWriter(w)
			if err := out.Write(columns); err != nil {
				return err
			}
			for round, err := range rounds {
				if err != nil {
					return err
				}
				if err := out.Write(s.row(round)); err != nil {
					return err
				}
			}
			out.Flush()
			return out.Error()
		})
}

func (s *site) row(e publishedstore.RoundEntry) []string {
	r := e.Round
	source := "released by the conveners"
	if r.Compiled {
		source = "compiled from public sources; not confirmed by the conveners"
	}
	rules := ""
	if r.Rules != nil {
		rules = r.Rules.Name
	}
	var topics []string
	for _, t := range r.Topics {
		topics = append(topics, t.Name)
	}
	var conveners []string
	for _, b := range r.Conveners {
		conveners = append(conveners, b.Name)
	}
	cells := []string{
		r.Slug, r.Title, r.Series.Name, r.Label, r.State, r.Dates.Opens, r.Dates.Closes, r.Dates.NotBefore, r.Dates.NotAfter,
		r.City, r.Country, r.Format, r.Track, strings.Join(conveners, "; "), strings.Join(present(r), "; "), strings.Join(topics, "; "), rules,
		strconv.Itoa(e.Observations), strconv.Itoa(e.Accounts), source, s.base + views.RoundPath(r.Slug),
	}
	for i, cell := range cells {
		cells[i] = harmless(cell)
	}
	return cells
}

// present names who took part, as the round's own table does, each once.
func present(r published.Round) []string {
	var names []string
	seen := map[string]bool{}
	add := func(lines []published.Line) {
		for _, l := range lines {
			if !seen[l.Body.Name] {
				seen[l.Body.Name] = true
				names = append(names, l.Body.Name)
			}
		}
	}
	for _, side := range r.Sides {
		add(side.Lines)
	}
	add(r.Others)
	return names
}

// harmless keeps a spreadsheet program from taking a cell for a formula: what
// begins like one, even after white space or in full-width form, gets an
// apostrophe in front.
func harmless(cell string) string {
	start := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000")
	if start == "" {
		return cell
	}
	if strings.ContainsRune("=+-@|%\t\r＝＋－＠", []rune(start)[0]) || strings.ContainsAny(cell[:1], "\t\r") {
		return "'" + cell
	}
	return cell
}
