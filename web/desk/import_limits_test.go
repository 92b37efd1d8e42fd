package desk_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/recordstore"
)

// bomb is a small workbook whose only sheet unpacks to 2 GiB.
func bomb(w *world) string {
	w.t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hushhush" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	} {
		f, err := z.Create(name)
		w.must(err)
		_, err = io.WriteString(f, text)
		w.must(err)
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	w.must(err)
	_, err = io.WriteString(f, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	w.must(err)
	row := []byte(strings.Repeat(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 20000))
	for n := 0; n < 256<<20; n += len(row) {
		_, err = f.Write(row)
		w.must(err)
	}
	w.must(z.Close())
	return b.String()
}

// letters writes a number as a word.
func letters(n int) string {
	word := ""
	for range 4 {
		word, n = string(rune('a'+n%26))+word, n/26
	}
	return word
}

// A workbook that unpacks to far more than it is, and a table with more rows than
// one sheet takes, are refused in words, with the form as it was; nothing is kept
// of either. A table of 100,000 rows is read whole.
func TestImportOfTooMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	v := w.as("coordinator")
	form := v.get("/import").form("/import")
	form.Set("kind", "participants")
	form.Set("series", w.series.ID)
	// 2,000 people of 40 bodies at 50 rounds.
	rows := func(n int) string {
		var b strings.Builder
		b.WriteString("Family name;Given name;Organisation;Round;From\n")
		for i := range n {
			fmt.Fprintf(&b, "%s;%s;Weir %s Bureau;Round %d;%d-06-14\n", letters(i%2000), letters(i%2000/7), letters(i%40), i/2000, 1970+i/2000)
		}
		return b.String()
	}
	for name, tt := range map[string]struct{ content, says string }{
		"bomb.xlsx": {bomb(w), "unpack"},
		"long.csv":  {rows(200_001), "200000 rows. Divide it"},
	} {
		p := v.upload("/import", form, name, tt.content).is(http.StatusUnprocessableEntity).has(".error-summary", tt.says).hasNot("Hushhush", "Weir")
		if again := p.form("/import"); again.Get("kind") != "participants" || again.Get("series") != w.series.ID {
			t.Errorf("%s: the form forgot its choices: %v", name, again)
		}
	}
	if all, err := w.record.Intakes(context.Background(), w.actor("coordinator")); err != nil || len(all) != 0 {
		t.Errorf("%d imports are kept, %v", len(all), err)
	}

	p := v.upload("/import", form, "all.csv", rows(100_000)).is(http.StatusOK)
	path := "/import/" + idIn(t, p.path)
	p = v.send(p, path+"/columns", nil).is(http.StatusOK).has(".savebar", "100000 rows are good")
	p.has("tbody", "Weir").has("main", "of 100000 rows")
	if strings.Contains(w.log.String(), "level=ERROR") || strings.Contains(w.log.String(), "Weir") {
		t.Errorf("the log: %.500s", w.log)
	}
}

// Two tabs on one import: who is late is told so and what the other decided
// stands; sent twice, it goes in once.
func TestTwoTabsOnOneImport(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, v := context.Background(), w.as("coordinator")
		form := v.get("/import").form("/import")
		form.Set("kind", "organisations")
		form.Set("series", w.series.ID)
		p := v.upload("/import", form, "bodies.csv", "Name;Acronym\nTide Office;TO\nWeir Bureau;WB\n").is(http.StatusOK)
		path := "/import/" + idIn(t, p.path)
		other := v.get(path)
		first := v.send(p, path+"/columns", nil).is(http.StatusOK).has(".savebar", "2 rows are good")
		v.send(other, path+"/columns", url.Values{"column.0": {""}}).is(http.StatusConflict).has("main", "import").hasNot("Tide Office")
		v.get(path+"/rows").is(http.StatusOK).has("tbody", "Tide Office").has(".savebar", "2 rows are good")

		second := v.get(path + "/rows")
		v.send(first, path+"/apply", nil).is(http.StatusOK).has("main", "New organisations2")
		v.send(second, path+"/apply", nil).is(http.StatusOK).has("main", "New organisations2")
		v.send(second, path+"/rows", nil).is(http.StatusOK).has("main", "New organisations2")
		v.post(path+"/drop", url.Values{}).is(http.StatusConflict)
		if _, n, err := w.record.Organisations(ctx, w.operator, recordstore.OrganisationFilter{}); err != nil || n != 2 {
			t.Errorf("%d organisations, %v", n, err)
		}
	})
}

// An import is taken back for 24 hours, whole; later it stands, and the page says
// why.
func TestUndoingEndsAfterADay(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.now = time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
		v := w.as("coordinator")
		bring := func(name string) (path string, done page) {
			form := v.get("/import").form("/import")
			form.Set("kind", "organisations")
			form.Set("series", w.series.ID)
			p := v.upload("/import", form, "bodies.csv", "Name\n"+name+"\n").is(http.StatusOK)
			path = "/import/" + idIn(t, p.path)
			p = v.send(p, path+"/columns", nil).is(http.StatusOK)
			return path, v.send(p, path+"/apply", nil).is(http.StatusOK)
		}
		bodies := func(want int) {
			t.Helper()
			if _, n, err := w.record.Organisations(ctx, w.operator, recordstore.OrganisationFilter{}); err != nil || n != want {
				t.Errorf("%d organisations, not %d, %v", n, want, err)
			}
		}
		early, _ := bring("Tide Office")
		w.now = w.now.Add(23 * time.Hour)
		v = w.signIn("coordinator")
		v.send(v.get(early).is(http.StatusOK), early+"/undo", nil).is(http.StatusOK).has("main", "This import was undone")
		bodies(0)

		late, p := bring("Weir Bureau")
		w.now = w.now.Add(24*time.Hour + time.Minute)
		v = w.signIn("coordinator")
		if now := v.get(late).is(http.StatusOK); len(now.all(`form[action$="/undo"]`)) != 0 {
			t.Error("the page offers what is over")
		}
		v.post(late+"/undo", p.form(late+"/undo")).is(http.StatusConflict).has("main", "can be undone for 24 hours")
		v.get(late).is(http.StatusOK).has("main", "New organisations1").hasNot("was undone")
		bodies(1)
	})
}
