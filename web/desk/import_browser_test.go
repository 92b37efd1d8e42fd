package desk_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/intake/intaketest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// acts is a person at a page who is counted: every click, every list and every
// field is one act.
type acts struct {
	*browsertest.Page
	n int
}

func (a *acts) Follow(sel string)        { a.n++; a.Page.Follow(sel) }
func (a *acts) Click(sel string)         { a.n++; a.Page.Click(sel) }
func (a *acts) Choose(sel, value string) { a.n++; a.Page.Choose(sel, value) }
func (a *acts) Fill(sel, text string)    { a.n++; a.Page.Fill(sel, text) }

// attach puts a file into the page's field for one.
func (a *acts) attach(name string, content []byte) {
	a.n++
	browsertest.Eval[bool](a.Page, fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const chosen = new DataTransfer();
		chosen.items.add(new File([bytes], %q));
		document.querySelector("#f-file").files = chosen.files;
		return true;
	})()`, base64.StdEncoding.EncodeToString(content), name))
}

// A secretariat takes in 5,000 rows as people wrote them over years: duplicates
// are settled together, and all else takes at most 30 acts of a person.
func TestFiveThousandRowsTakeFewActs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	ctx := context.Background()
	people, bodies := intaketest.Directory()
	for _, p := range people {
		p.ID = ""
		_, err := w.record.AddPerson(ctx, w.operator, p)
		w.must(err)
	}
	for _, o := range bodies {
		o.ID = ""
		_, err := w.record.AddOrganisation(ctx, w.operator, o)
		w.must(err)
	}
	const rows = 5000
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	out.Comma = ';'
	w.must(out.WriteAll(intaketest.Messy(7, rows).Rows))

	w.person("coordinator")
	at := w.served()
	p := &acts{Page: w.enter(t, at, "coordinator", browsertest.View{})}
	p.Goto(at + "/")
	p.Follow(`.side-nav a[href="/import"]`)
	p.attach("all rounds.csv", file.Bytes())
	p.Choose("#f-kind", "participants")
	p.Choose("#f-series", w.series.ID)
	p.Follow(".savebar .btn--main")
	p.Accessible()
	p.Follow(".savebar .btn--main")
	p.Accessible()
	if got := p.Text(".error-summary h2"); got != "4 rows need a decision" {
		t.Errorf("the page begins with %q", got)
	}
	wrong := browsertest.Eval[[]string](p.Page, `[...document.querySelectorAll("tr.is-error input.input")].map((e) => e.name)`)
	if len(wrong) != intaketest.Broken {
		t.Fatalf("%d cells are to be put right", len(wrong))
	}
	for i, value := range []string{"August 2021", "Clarisse Belvane", "", "2019-06"} {
		if value != "" { // the third holds its name already, without what cannot be seen
			p.Fill(`[name="`+wrong[i]+`"]`, value)
		}
	}
	row, _, _ := strings.Cut(strings.TrimPrefix(wrong[3], "cell."), ".")
	p.Click(`[name=skip][value="` + row + `"]`)
	p.Click("[name=all_sure]")
	p.Choose("#f-rest", "suggested")
	p.Follow(`.savebar .btn[form=rows]:not([name])`)
	if p.Count(".error-summary") != 0 {
		t.Errorf("still wrong: %s", p.Text(".error-summary"))
	}
	p.Accessible()
	p.Follow(".savebar .btn--main")
	p.Accessible()
	if p.n > 30 {
		t.Errorf("%d acts", p.n)
	}
	t.Logf("%d acts of a person", p.n)
	if got := p.Text("main"); !strings.Contains(got, "Row "+row) || strings.Count(got, "Somebody set it aside") != 1 {
		t.Errorf("the last step says %q", got)
	}

	rounds, total, err := w.record.Rounds(ctx, w.operator, recordstore.RoundFilter{})
	w.must(err)
	if total != 10 {
		t.Errorf("%d rounds", total)
	}
	entered := 0
	for _, r := range rounds {
		full, err := w.record.Round(ctx, w.operator, r.ID)
		w.must(err)
		if len(full.Rules.Vector) > 0 || full.Compiled || len(full.Presences) > 8 {
			t.Errorf("a round went in as %+v, compiled %v, with %d bodies", full.Rules.Vector, full.Compiled, len(full.Presences))
		}
		for _, presence := range full.Presences {
			if presence.Label != record.Withheld {
				t.Errorf("a body went in open: %+v", presence)
			}
		}
		all, err := w.record.Participations(ctx, w.operator, r.ID)
		w.must(err)
		entered += len(all)
		once := map[string]bool{}
		for _, one := range all {
			if once[one.PersonID] {
				t.Errorf("one person is twice at a round")
			}
			once[one.PersonID] = true
		}
	}
	if entered < 3000 || entered > rows-1 {
		t.Errorf("%d participants", entered)
	}
	directory, _, err := w.record.People(ctx, w.operator, recordstore.PersonFilter{})
	w.must(err)
	for _, one := range directory {
		if strings.Contains(one.Name(), "\u202e") {
			t.Errorf("a name turns round what follows it")
		}
	}
	if organisations, _, err := w.record.Organisations(ctx, w.operator, recordstore.OrganisationFilter{}); err != nil || len(organisations) > 8 {
		t.Errorf("%v, %d organisations of eight", err, len(organisations))
	}
}
