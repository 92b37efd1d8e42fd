package desk_test

import (
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

func body(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

// logged logs a round through the desk and returns its id.
func (v *visitor) logged(fill url.Values) string {
	v.w.t.Helper()
	fill.Set("series", v.w.series.ID)
	p := v.send(v.get("/rounds/new").is(200), "/rounds/new", fill).is(200)
	return idIn(v.w.t, p.path)
}

// Whatever is typed comes back as it was typed, with a sentence at its field;
// nothing is stored, and no answer is ours to excuse.
func TestBadInputIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		for name, tt := range map[string]struct{ field, typed, shown, says string }{
			"impossible date":   {"opens", "2017-02-30", "2017-02-30", "Enter a date as"},
			"date in words":     {"closes", "next May", "next May", "Enter a date as"},
			"a title of 1 MiB":  {"internal_title", long, long, "too long"},
			"malformed UTF-8":   {"city", "Port \xff\xfe Anselm", "Port \uFFFD Anselm", "no text"},
			"NUL":               {"city", "Port\x00Anselm", "Port\uFFFDAnselm", "no text"},
			"a format sign":     {"city", "Port\u202eAnselm", "Port\u202eAnselm", "cannot be seen"},
			"no such country":   {"country", "XYZ", "XYZ", "two letters"},
			"an unknown state":  {"state", "over", "", "Choose where the round stands"},
			"a script as venue": {"venue", "<script>\n</script>", "", "one line"},
		} {
			t.Run(name, func(t *testing.T) {
				fill := url.Values{"series": {w.series.ID}, "internal_title": {"The quiet round"}, tt.field: {tt.typed}}
				p := v.send(v.get("/rounds/new"), "/rounds/new", fill).is(422)
				p.has(".error-summary", tt.says)
				if tt.shown != "" {
					p.has(".field--error", tt.says)
					if got := p.form("/rounds/new").Get(tt.field); got != tt.shown {
						t.Errorf("%s shows %.60q, want %.60q", tt.field, got, tt.shown)
					}
				}
				if tt.field != "internal_title" && p.form("/rounds/new").Get("internal_title") != "The quiet round" {
					t.Error("another field lost what was typed")
				}
				p.hasNot("<script>\n")
			})
		}
		p := v.send(v.get("/rounds/new"), "/rounds/new", url.Values{
			"series": {w.series.ID}, "opens": {"2018-06-14"}, "closes": {"2018-06-12"}, "venue": {"a\nb"},
		}).is(422)
		p.has(".error-summary", "The end is before the start. Enter 2018-06-14 or later.").has(".error-summary", "one line")
		if n := len(p.all(`.error-summary a[href="#f-closes"], .error-summary a[href="#f-venue"]`)); n != 2 {
			t.Errorf("%d links to the fields, want 2", n)
		}
		if _, total, err := w.record.Rounds(context.Background(), w.operator, recordstore.RoundFilter{}); err != nil || total != 0 {
			t.Errorf("%d rounds were stored, %v", total, err)
		}
		for _, path := range []string{
			"/rounds?find=guessed", "/rounds?series=%00", "/rounds?organisation=%ff", "/organisations?kind=%00&country=%27", "/rounds?page=0",
			"/rounds?page=99999999999999999999", "/rounds/xyz", "/rounds/" + recordstore.NewID(), "/drafts/" + recordstore.NewID() + "/versions?from=-1", "/audit?skip=x",
		} {
			if p := v.get(path); p.status >= 500 || p.status == 200 && p.path != "/rounds" {
				t.Errorf("%s: %d", path, p.status)
			}
		}
		if strings.Contains(w.log.String(), "level=ERROR") {
			t.Errorf("the log: %s", w.log)
		}
	})
}

func TestAFormSentTwiceIsOneRound(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		form := v.get("/rounds/new").form("/rounds/new")
		form.Set("series", w.series.ID)
		form.Set("internal_title", "The quiet round")
		first, second := v.post("/rounds/new", form).is(200), v.post("/rounds/new", form).is(200)
		if first.path != second.path {
			t.Errorf("two rounds: %s, %s", first.path, second.path)
		}
		id := idIn(t, first.path)
		form = v.get("/rounds/" + id + "/organisations/new").form("/rounds/" + id + "/organisations/new")
		form.Set("words", "independent researchers")
		for range 2 {
			v.post("/rounds/"+id+"/organisations/new", form).is(200)
		}
		if n := len(v.get("/rounds/" + id + "/organisations").all("tbody tr")); n != 1 {
			t.Errorf("%d presences", n)
		}
	})
}

func TestTwoEditorsOfARoundLoseNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		mine, theirs := w.as("coordinator"), w.as("director")
		id := mine.logged(url.Values{"internal_title": {"Round six"}, "city": {"Port Anselm"}, "summary": {"They met."}})
		edit := "/rounds/" + id + "/edit"
		old := mine.get(edit).is(200)
		theirs.send(theirs.get(edit), edit, url.Values{"city": {"Lindholm"}, "venue": {"Old customs house"}}).is(200)

		p := mine.send(old, edit, url.Values{"city": {"Stade Harbour"}, "summary": {"They met and spoke."}}).is(409)
		p.has(".merge", "Stade Harbour").has(".merge", "Lindholm").has(".error-summary", "Not saved")
		p.has(".fold", "Summary: from you").has(".fold", "Venue: as it stands now")
		if n := len(p.all(".merge tbody tr")); n != 1 {
			t.Errorf("%d places are asked, want the one that both changed", n)
		}
		// What was typed stays chosen; the rest is joined.
		mine.send(p, edit, nil).is(200).has("main", "Stade Harbour").has("main", "Old customs house").has("main", "They met and spoke.")

		// The other answer, and a third version in between.
		old = mine.get(edit)
		theirs.send(theirs.get(edit), edit, url.Values{"city": {"Lindholm"}})
		p = mine.send(old, edit, url.Values{"city": {"Port Anselm"}}).is(409)
		theirs.send(theirs.get(edit), edit, url.Values{"city": {"Veldt"}})
		p = mine.send(p, edit, nil).is(409).has(".merge", "Port Anselm").has(".merge", "Veldt")
		mine.send(p, edit, url.Values{"take.city": {"theirs"}}).is(200).has("main", "Veldt")
	})
}

func TestTwoWritersOfATextLoseNothing(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		mine, theirs := w.as("coordinator"), w.as("editor")
		id := mine.logged(url.Values{"internal_title": {"Round six"}})
		p := mine.get("/rounds/" + id + "/drafts/new").is(200)
		row := p.form("/rounds/" + id + "/drafts/new").Get("observation")
		p = mine.send(p, "/rounds/"+id+"/drafts/new", url.Values{
			"title": {"Quiet channels"}, "body": {"One.\r\n\r\nTwo."}, "observation." + row + ".text": {"A duty number was wanted."},
		}).is(200)
		draft := p.path
		if got := p.form(draft).Get("body"); got != "One.\n\nTwo." {
			t.Errorf("the text came back as %q", got)
		}
		first := p.form(draft).Get("observation")

		// Both write: the title together, one observation each, the text one.
		p = mine.send(p, draft, url.Values{"more": {"observation"}}).is(200)
		rows := p.form(draft)["observation"]
		if len(rows) != 2 {
			t.Fatalf("%d rows", len(rows))
		}
		theirs.send(theirs.get(draft).is(200), draft, url.Values{
			"title": {"Open channels"}, "body": {"One.\n\nThree."}, "observation." + first + ".heading": {"On numbers"},
		}).is(200)
		p = mine.send(p, draft, url.Values{
			"title": {"Quiet and open channels"}, "observation." + rows[1] + ".text": {"Testing matters."},
		}).is(409)
		p.has(".merge", "Open channels").has(".merge", "Quiet and open channels")
		if n := len(p.all(".merge tbody tr")); n != 1 {
			t.Errorf("%d places are asked: %s", n, p.text(".merge"))
		}
		p = mine.send(p, draft, nil).is(200)
		got := p.form(draft)
		if got.Get("title") != "Quiet and open channels" || got.Get("body") != "One.\n\nThree." || got.Get("observation."+first+".heading") != "On numbers" {
			t.Errorf("joined to %v", got)
		}
		p.has("main", "Testing matters.").has("main", "A duty number was wanted.")

		v := mine.get(draft + "/versions?from=1&to=3").is(200)
		v.has(".merge del", "Two.").has(".merge ins", "Three.").has(".merge", "Title")
		if n := len(mine.get(draft + "/versions").all("tbody input[name=from]")); n != 3 {
			t.Errorf("%d versions", n)
		}

		// An observation can be left out again; what only a form holds is not stored.
		p = mine.send(mine.get(draft), draft, url.Values{"observation." + first + ".remove": {"1"}}).is(200)
		p.hasNot("A duty number was wanted.").has("main", "Testing matters.")
	})
}

func TestNamesAreFoundAndStandInNoAddress(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		ctx := context.Background()
		ministry, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{
			Name: "Ministry of Quiet Waters", Acronym: "MQW", Native: []record.Name{{Text: "静水部", Lang: "zh-Hans"}}, Kind: record.Ministry, Country: "XA",
		})
		w.must(err)
		_, err = w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "Maritime Quality Works", Acronym: "MQW", Kind: record.Company, Country: "XB"})
		w.must(err)
		there := v.logged(url.Values{"internal_title": {"With the ministry"}})
		v.logged(url.Values{"internal_title": {"Without it"}})
		add := "/rounds/" + there + "/organisations/new"

		// Two bodies share an acronym: the form asks which, and keeps the rest.
		p := v.send(v.get(add), add, url.Values{"organisation": {"mqw"}, "track": {"1"}, "label": {"exact"}}).is(422)
		p.has(".error-summary", "Several entries").has("#f-organisation", "Maritime Quality Works").has("#f-organisation", "XB")
		if p.form(add).Get("track") != "1" || p.form(add).Get("label") != "exact" {
			t.Error("the form lost what was chosen")
		}
		v.send(p, add, url.Values{"organisation_id": {ministry.ID}}).is(200).has("tbody", "Ministry of Quiet Waters").has("tbody [lang=zh-Hans]", "静水部")
		v.send(v.get(add), add, url.Values{"organisation": {"nobody"}}).is(422).has(".error-summary", "No entry of the directory has this name.")

		for _, q := range []string{"静水部", "quiet WATERS", "mqw"} {
			rec := v.raw("POST", "/rounds", url.Values{"q": {q}})
			to := rec.Header().Get("Location")
			if rec.Code != 303 || strings.Contains(strings.ToLower(to), "quiet") || strings.Contains(to, "%E9") || strings.Contains(to, "mqw") {
				t.Errorf("%q stands in the address %s", q, to)
			}
			p := v.get(to).is(200).has("tbody", "With the ministry").hasNot("Without it")
			if p.form("/rounds").Get("q") != q {
				t.Error("the field forgot the words")
			}
			p.has("title", "Confidential · Rounds · track15")
		}
		v.get("/rounds?organisation="+ministry.ID).is(200).has("tbody", "With the ministry").hasNot("Without it")
		v.post("/rounds", url.Values{"organisation": {"静水部"}}).is(200).has("tbody", "With the ministry").hasNot("Without it")
		v.post("/rounds", url.Values{"organisation": {"nobody"}}).is(200).has(".empty", "No round").hasNot("With the ministry")
		v.post("/organisations", url.Values{"q": {"静水"}}).is(200).has("tbody", "Ministry of Quiet Waters").hasNot("Maritime")
	})
}

func TestPresenceForms(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		add := func(fill url.Values) string {
			p := v.send(v.get("/organisations/new"), "/organisations/new", fill).is(200)
			return idIn(t, p.path)
		}
		agency := add(url.Values{"name": {"Signals Directorate"}, "kind": {"security service"}, "country": {"xa"}})
		badge := add(url.Values{"name": {"Harbour Institute"}, "kind": {"think tank"}})
		category := add(url.Values{"name": {"Security services (Norlund)"}, "kind": {"category"}, "at_least_three": {"1"}})
		unsure := add(url.Values{"name": {"Water offices (Norlund)"}, "kind": {"category"}})

		id := v.logged(url.Values{"internal_title": {"Round six"}})
		path := "/rounds/" + id + "/organisations"
		p := v.get(path + "/new").is(200).hasNot("Water offices")
		true15 := url.Values{"organisation_id": {agency}, "attends_through_id": {badge}}
		fill := func(more url.Values) url.Values {
			all := url.Values{}
			for _, m := range []url.Values{true15, more} {
				for k, s := range m {
					all[k] = s
				}
			}
			return all
		}
		v.send(p, path+"/new", fill(url.Values{"label": {"exact"}})).is(422).has(".error-summary", "A true affiliation is never public")
		v.send(p, path+"/new", fill(url.Values{"label": {"category"}, "category": {unsure}})).is(422).has(".error-summary", "at least three")
		p = v.send(p, path+"/new", fill(url.Values{"label": {"category"}, "category": {category}})).is(200)
		p.has("tbody th", "Harbour Institute").has("tbody .true", "Signals Directorate").has("tbody .serif", "Security services (Norlund)")

		// Who reads no true affiliations sees the category alone, nowhere more.
		w.as("desk-officer").get(path).is(200).hasNot("Signals Directorate", "Harbour Institute")
		w.as("editor").get(path).is(200).has("tbody", "Security services (Norlund)").hasNot("Signals Directorate", "Harbour Institute")
		w.as("records-officer").get(path).is(404).hasNot("Signals")

		row := v.get(path).all("tbody a")[0]
		at := attr(row, "href")
		p = v.get(at).is(200)
		if p.form(at).Get("attends_through_id") != badge || p.form(at).Get("label") != "category" {
			t.Errorf("the form shows %v", p.form(at))
		}
		v.send(p, at, url.Values{"label": {""}, "category": {""}}).is(200).has("tbody", "Withheld")
		v.send(v.get(at), at+"/remove", nil).is(200).has("main", "Nobody is recorded")
	})
}
