package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// hiding is a workbook as an office keeps it: a sheet, a row and a column of it
// hidden, a cell made by a formula, two cells that are one.
func hiding(w *world) []byte {
	w.t.Helper()
	f := excelize.NewFile()
	w.must(f.SetSheetName("Sheet1", "Private"))
	w.must(f.SetSheetRow("Private", "A1", &[]any{"Name", "Organisation"}))
	w.must(f.SetSheetRow("Private", "A2", &[]any{"Sheet Canary", "Weir Bureau"}))
	_, err := f.NewSheet("Delegates")
	w.must(err)
	for i, row := range [][]any{
		{"Name", "Organisation", "Round", "Hotel room", "Post"},
		{"Osk MARREN", "Weir Bureau", "Round 1", "column canary", "Director"},
		{"Row Canary", "Weir Bureau", "Round 1", "", "Fellow"},
		{"Ana Ford", "", "Round 1", "", "Fellow"},
		{"Ilse Tarn", "Weir Bureau", "Round 1", "", 7},
	} {
		w.must(f.SetSheetRow("Delegates", fmt.Sprint("A", i+1), &row))
	}
	w.must(f.SetCellFormula("Delegates", "E5", "3+4"))
	w.must(f.MergeCell("Delegates", "B5", "B6"))
	w.must(f.SetRowVisible("Delegates", 3, false))
	w.must(f.SetColVisible("Delegates", "D", false))
	f.SetActiveSheet(1)
	w.must(f.SetSheetVisible("Private", false))
	var b bytes.Buffer
	w.must(f.Write(&b))
	return b.Bytes()
}

// start sends a file of participants.
func (a *acts) start(w *world, at, name string, content []byte) {
	a.Goto(at + "/import?kind=participants&series=" + w.series.ID)
	a.attach(name, content)
	a.Follow(".savebar .btn--main")
}

// in is everybody who is in the record.
func (w *world) in() string {
	w.t.Helper()
	people, _, err := w.record.People(context.Background(), w.operator, recordstore.PersonFilter{})
	w.must(err)
	var names []string
	for _, p := range people {
		names = append(names, p.Name())
	}
	return strings.Join(names, ", ")
}

// What a workbook hides is named and stays out until somebody asks for it; the
// same file again brings only that; undoing takes out what its import brought.
func TestImportAWorkbookThatHides(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	w.person("coordinator")
	file, at := hiding(w), w.served()
	p := &acts{Page: w.enter(t, at, "coordinator", browsertest.View{Width: 390, Dark: true})}
	look := func(hasNot string, has ...string) {
		t.Helper()
		p.Accessible()
		p.NoOverflow()
		page := p.Text("main")
		for _, s := range has {
			if !strings.Contains(page, s) {
				t.Errorf("%s: %q is not on the page:\n%s", p.Location(), s, page)
			}
		}
		if strings.Contains(strings.ToLower(p.HTML()), hasNot) {
			t.Errorf("%s says what is hidden", p.Location())
		}
	}

	p.start(w, at, "delegates.xlsx", file)
	look("canary", "Private hidden in the file, not read", "Delegates Five rows")
	p.Follow(".savebar .btn--main")
	look("canary", "Hidden in the sheet and not read: One row, column D.", "made by a formula", "merged with others")
	p.Follow(".savebar .btn--main")
	look("canary", "3 rows are good")
	p.Follow(".savebar .btn--main")
	look("canary", "New people")
	first := p.Location()
	if got := w.in(); got != "Ana Ford, Osk Marren, Ilse Tarn" {
		t.Errorf("in the record: %s", got)
	}

	p.start(w, at, "delegates.xlsx", file)
	p.Follow(".savebar .btn--main")
	p.Follow(".notice .btn")
	if got := p.Text("main"); !strings.Contains(got, "Row Canary") || strings.Contains(got, "not read") || strings.Contains(got, "Sheet Canary") {
		t.Errorf("with what is hidden:\n%s", got)
	}
	p.Follow(".savebar .btn--main")
	p.Goto(p.Location() + "?show=here")
	if p.Count("tr.is-new") != 3 {
		t.Errorf("%d rows are here already", p.Count("tr.is-new"))
	}
	p.Accessible()
	p.Click("[name=all_sure]")
	p.Follow(`.savebar .btn[form=rows]:not([name])`)
	p.Follow(".savebar .btn--main")
	if got := w.in(); got != "Row Canary, Ana Ford, Osk Marren, Ilse Tarn" {
		t.Errorf("in the record: %s", got)
	}

	p.Goto(first)
	p.Follow("form[action$=undo] .btn")
	look("canary", "This import was undone")
	if got := w.in(); strings.Contains(got, "Ana Ford") || !strings.Contains(got, "Row Canary") {
		t.Errorf("after undoing: %s", got)
	}
}

// A file that no spreadsheet program made for reading is refused with what to
// do, and nothing of it is kept.
func TestImportRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	w.person("coordinator")
	at := w.served()
	p := &acts{Page: w.enter(t, at, "coordinator", browsertest.View{})}
	for name, tt := range map[string]struct{ content, says string }{
		"old.xls":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .xlsx"},
		"cut.xlsx":   {string(hiding(w)[:2000]), "workbook"},
		"mixed.csv":  {"Name;Organisation\nJürgen Maar;Weir Bureau\nJ\xfcrgen Tarn;Weir Bureau\n", "another encoding"},
		"nothing.js": {"", "Paste a table"},
	} {
		p.start(w, at, name, []byte(tt.content))
		if p.Status() != 422 || !strings.Contains(p.Text(".error-summary"), tt.says) {
			t.Errorf("%s: status %d: %s", name, p.Status(), p.Text("main"))
		}
		p.Accessible()
	}
	p.attach("cyrillic.csv", []byte("\xc8\xec\xff;Organisation\n\xce\xf1\xea;Weir Bureau\n"))
	p.Choose("#f-encoding", "Windows-1252")
	p.Follow(".savebar .btn--main")
	p.Click("main details summary")
	p.Accessible()
	p.Choose("#f-encoding", "Windows-1251")
	p.Follow("main details .btn")
	if got := p.Text("main"); !strings.Contains(got, "Имя") || !strings.Contains(got, "read as Windows-1251") {
		t.Errorf("read again:\n%s", got)
	}
	p.Goto(at + "/import")
	if p.Count("main tbody tr") != 1 {
		t.Errorf("%d imports are kept of one that could be read", p.Count("main tbody tr"))
	}
}

// press sends an editing command as the keyboard does.
func (a *acts) press(command string) error {
	a.n++
	return chromedp.Do(a.Context(), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown", Key: "Unidentified", Commands: []string{command}})
		return err
	}))
}

// A delegation that is copied out of a document keeps its cells, whatever stands
// in them; without scripts the tabs of its text divide them.
func TestPasteADelegationByHand(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.person("coordinator")
		at := w.served()
		// paste leads to the page of a round, fill puts the delegation into its field.
		paste := func(v browsertest.View, fill func(p *acts)) {
			t.Helper()
			ctx := context.Background()
			r, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: "2026-03"})
			w.must(err)
			p := &acts{Page: w.enter(t, at, "coordinator", v)}
			p.Goto(at + "/rounds/" + r.ID + "/participants")
			p.Follow("a[href$='/participants/paste']")
			fill(p)
			p.Follow(".savebar .btn--main")
			if p.Count(".grid") != 1 || strings.Contains(p.HTML(), "Canary") {
				t.Fatalf("read as:\n%s", p.Text("main"))
			}
			p.Follow(".savebar .btn--main")
			for p.Count(".error-summary, [name=all_sure]:not(:checked)") > 0 {
				if p.Count("[name=all_sure]") > 0 {
					p.Click("[name=all_sure]")
				}
				p.Follow(`.savebar .btn[form=rows]:not([name])`)
				if p.n > 10 {
					t.Fatalf("the rows are not done:\n%s", p.Text("main"))
				}
			}
			p.NoOverflow()
			p.Follow(".savebar .btn--main")
			all, err := w.record.Participations(ctx, w.operator, r.ID)
			w.must(err)
			if got := w.in(); got != "Ana Ford, Osk Marren" || len(all) != 2 {
				t.Errorf("in the record: %s, %d participants", got, len(all))
			}
		}
		paste(browsertest.View{}, func(p *acts) {
			// A letter stands in the page, as good as in any other.
			browsertest.Eval[bool](p.Page, `(() => {
				const letter = document.createElement("div");
				letter.innerHTML = "<p>Dear colleagues</p><table><tr><th>Name<th>Organisation<th>Post</tr>"
					+ "<tr><td><p>Dr Osk</p><p>MARREN</p><td>Weir Bureau<td>Director</tr><tr hidden><td>Canary<td>Weir Bureau</tr>"
					+ "<tr><td>Ana Ford<td>Weir Bureau<td>Fellow</tr></table>";
				document.querySelector("main").append(letter);
				getSelection().selectAllChildren(letter);
				return true;
			})()`)
			w.must(p.press("copy"))
			browsertest.Eval[bool](p.Page, `(() => { document.querySelector("main > div:last-of-type").remove(); document.querySelector("#f-paste").focus(); return true; })()`)
			w.must(p.press("paste"))
			if got := browsertest.Eval[string](p.Page, `document.querySelector("[name=page]").value`); !strings.Contains(got, "<table") {
				t.Fatalf("the page goes along as %q", got)
			}
		})
		paste(browsertest.View{NoScripts: true, Width: 390}, func(p *acts) {
			p.Fill("#f-paste", "Name\tOrganisation\tPost\nDr Osk MARREN\tWeir Bureau\tDirector\nAna Ford\tWeir Bureau\tFellow\n")
		})
	})
}
