package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"track15/models/database/dbtest"
	"track15/models/demo"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/models/seal"
)

// A house is filled stores with what the public reads of them.
type house struct {
	record    *recordstore.Store
	release   *release.Service
	published string // url
	snapshots string // "" on PostgreSQL
	people    []demo.Person
	edition   *publishedstore.Edition
}

func open(t *testing.T, store func(string) string) *house {
	t.Helper()
	h := &house{published: store("published")}
	ring, err := seal.OpenRing(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	if h.record, err = recordstore.Open(t.Context(), store("record"), recordstore.Options{Ring: ring}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.record.Close() })
	where := h.published
	if strings.HasPrefix(h.published, "sqlite:") {
		h.snapshots = filepath.Join(t.TempDir(), "published")
		where = h.snapshots
		if err := os.Mkdir(h.snapshots, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	writer, err := publishedstore.OpenWriter(t.Context(), h.published, publishedstore.WriterOptions{Snapshots: h.snapshots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	h.release = release.New(release.Options{Record: h.record, Published: writer, Ring: ring})
	if h.people, err = demo.Fill(t.Context(), demo.Options{Record: h.record, Release: h.release}); err != nil {
		t.Fatal(err)
	}
	reader, err := publishedstore.OpenReader(t.Context(), where, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	if h.edition, err = reader.Edition(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.edition.Close)
	return h
}

func TestFill(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		h := open(t, store)
		t.Run("archive", func(t *testing.T) { holdsArchive(t, h) })
		t.Run("seed", func(t *testing.T) { holdsSeed(t, h) })
		t.Run("sample", func(t *testing.T) { holdsSample(t, h) })
		t.Run("invented is marked", func(t *testing.T) { marksInvented(t, h) })
		t.Run("secrets", func(t *testing.T) { keepsSecrets(t, h) })
		t.Run("waiting", func(t *testing.T) { leavesWork(t, h) })
		t.Run("once", func(t *testing.T) {
			_, err := demo.Fill(t.Context(), demo.Options{Record: h.record, Release: h.release})
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("a second time: %v", err)
			}
		})
		t.Run("exchange", func(t *testing.T) { travels(t, h, store("copy")) })
	})
}

// rounds returns all rounds of the filter.
func rounds(t *testing.T, h *house, f publishedstore.RoundFilter) []publishedstore.RoundEntry {
	t.Helper()
	f.PerPage = 100
	list, err := h.edition.Rounds(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return list.Rounds
}

func holdsArchive(t *testing.T, h *house) {
	var compiled int
	series := map[string]bool{}
	for _, r := range rounds(t, h, publishedstore.RoundFilter{}) {
		if r.Round.Compiled {
			compiled++
			series[r.Round.Series.Slug] = true
			if len(r.Round.Sources) == 0 {
				t.Errorf("%s names no source", r.Round.Slug)
			}
		}
	}
	if compiled != 40 || len(series) != 8 {
		t.Errorf("%d compiled rounds of %d series", compiled, len(series))
	}
	// The second observation of no account, and none that is not public elsewhere.
	all, err := h.edition.Observations(t.Context(), publishedstore.RoundFilter{PerPage: 100})
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, o := range all.Observations {
		if o.Output.Compiled {
			ours = append(ours, o.Observation.Slug)
		}
	}
	if len(ours) != 1 {
		t.Errorf("observations of the archive: %q", ours)
	}
	// A co-convener of later rounds did not call the first.
	page, err := h.edition.Round(t.Context(), "secd-01")
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(page.Round.Conveners, func(b published.Body) bool { return b.Slug == "nl-hcss" }) {
		t.Errorf("conveners of secd-01: %+v", page.Round.Conveners)
	}
}

func holdsSeed(t *testing.T, h *house) {
	page, err := h.edition.Round(t.Context(), "csis-cicir-cyber-10")
	if err != nil {
		t.Fatal(err)
	}
	r := page.Round
	if r.Label != "10th round" || r.City != "Beijing" || r.Dates.Opens != "2017-01" || !r.Compiled || r.Rules == nil || r.Rules.Preset != "details_forfeited" {
		t.Errorf("%+v", r)
	}
	if len(page.Outputs) != 2 || len(page.Outputs[0].Output.Observations)+len(page.Outputs[1].Output.Observations) != 1 {
		t.Fatalf("texts %+v", page.Outputs)
	}
	lawfare := page.Outputs[0].Output
	if lawfare.Outlet != "Lawfare" || lawfare.Body != "" || lawfare.Observations[0].Account != "Michael Sulmeyer and Amy Chang" || len(lawfare.Authors) != 2 {
		t.Errorf("%+v", lawfare)
	}
	for _, agency := range []string{"cn-cac", "cn-mfa", "cn-mnd", "cn-cncert", "cn-sec-cat"} {
		found := rounds(t, h, publishedstore.RoundFilter{Agency: []string{agency}})
		if !slices.ContainsFunc(found, func(e publishedstore.RoundEntry) bool { return e.Round.Slug == r.Slug }) {
			t.Errorf("not found by %s", agency)
		}
	}
	for q, slug := range map[string]string{
		"CAC": "cn-cac", "MFA": "cn-mfa", "MND": "cn-mnd", "CNCERT": "cn-cncert", "security services (China)": "cn-sec-cat",
		"国家网信办": "cn-cac", "外交部": "cn-mfa",
	} {
		result, err := h.edition.Search(t.Context(), q, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(result.Hits, func(hit publishedstore.Hit) bool {
			return hit.Kind == published.KindOrganisation && hit.Slug == slug
		}) {
			t.Errorf("%q does not find %s: %+v", q, slug, result.Hits)
		}
	}
	category, err := h.edition.Organisation(t.Context(), "cn-sec-cat")
	if err != nil || !category.Organisation.Category {
		t.Errorf("category %+v, %v", category.Organisation, err)
	}
}

func holdsSample(t *testing.T, h *house) {
	var sample []publishedstore.RoundEntry
	for _, r := range rounds(t, h, publishedstore.RoundFilter{Order: publishedstore.Oldest}) {
		if r.Round.Sample {
			sample = append(sample, r)
		}
	}
	if len(sample) != 5 {
		t.Fatalf("%d sample rounds", len(sample))
	}
	third, err := h.edition.Round(t.Context(), sample[2].Round.Slug)
	if err != nil {
		t.Fatal(err)
	}
	text := third.Outputs[0]
	if len(text.Release.History) != 2 || text.Release.Change != publishedstore.ChangeAmended || text.Release.Note == "" || !strings.Contains(text.Output.Observations[0].Text, "One view held") {
		t.Errorf("correction: %+v %+v", text.Release, text.Output)
	}
	second, err := h.edition.Round(t.Context(), sample[1].Round.Slug)
	if err != nil || len(second.Outputs) != 0 {
		t.Errorf("withdrawn text is there: %+v, %v", second.Outputs, err)
	}
	fourth, err := h.edition.Round(t.Context(), sample[3].Round.Slug)
	if err != nil {
		t.Fatal(err)
	}
	two := fourth.Outputs[0].Output
	if two.Lang != "en" || len(two.Translations) != 1 || two.Translations[0].Lang != "zh-Hans" || len(two.Translations[0].Observations) != len(two.Observations) || two.Acknowledgements == "" {
		t.Errorf("in two languages: %+v", two)
	}
	fifth, err := h.edition.Round(t.Context(), sample[4].Round.Slug)
	if err != nil {
		t.Fatal(err)
	}
	var category, badge bool
	for _, side := range fifth.Round.Sides {
		for _, l := range side.Lines {
			category = category || l.Form == published.FormCategory && l.Body.Name == "security services (Kasmere)" && l.Track == ""
			badge = badge || l.Body.Name == "University of Port Anselm"
		}
	}
	if !category || !badge {
		t.Errorf("category %v, badge %v: %+v", category, badge, fifth.Round.Sides)
	}
}

// Whatever is invented says so, and names nothing real.
func marksInvented(t *testing.T, h *house) {
	real := map[string]bool{}
	list, err := h.edition.Organisations(t.Context(), publishedstore.OrganisationFilter{PerPage: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Organisations {
		if !o.Organisation.Sample {
			real[o.Organisation.Slug] = true
		}
		if o.Organisation.Sample == o.Organisation.Compiled {
			t.Errorf("%s: sample %v, compiled %v", o.Organisation.Slug, o.Organisation.Sample, o.Organisation.Compiled)
		}
	}
	for _, r := range rounds(t, h, publishedstore.RoundFilter{}) {
		b, err := json.Marshal(r.Round)
		if err != nil {
			t.Fatal(err)
		}
		for slug := range real {
			if r.Round.Sample && bytes.Contains(b, []byte(`"slug":"`+slug+`"`)) {
				t.Errorf("%s names %s", r.Round.Slug, slug)
			}
		}
		page, err := h.edition.Round(t.Context(), r.Round.Slug)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Outputs {
			if o.Output.Sample != r.Round.Sample || o.Output.Compiled != r.Round.Compiled {
				t.Errorf("%s: %+v", o.Output.Slug, o.Output.Head)
			}
		}
	}
}

// secrets are in the record, and nowhere else.
var secrets = []string{
	"Directorate for Signals", "DSP", "Norlund Network Command", "NNC", "Union of Vestrian Carriers",
	"Hotel Meridian", "Old signal station", "Old customs house", "quiet delegation", "Getting to know each other",
	"Letters of both conveners", "A card in two languages", "Duty officers", "A seventh round", "if the ferry runs",
	"Terms used for state responsibility", "Two terms, one reading", "pia@demo", "@demo.example", "via think tank links",
}

func keepsSecrets(t *testing.T, h *house) {
	if h.snapshots == "" {
		for _, q := range secrets {
			result, err := h.edition.Search(t.Context(), q, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, hit := range result.Hits {
				if hit.Exact || len(strings.Fields(q)) == 1 {
					t.Errorf("%q finds %+v", q, hit)
				}
			}
		}
		return
	}
	files := 0
	err := filepath.WalkDir(h.snapshots, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%q stands in %s", s, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}

// Somebody who tries the demonstration finds one release to countersign and one
// round that is only drafted.
func leavesWork(t *testing.T, h *house) {
	director := h.people[1].Actor()
	list, _, err := h.release.Releases(t.Context(), director, recordstore.ReleaseFilter{States: []record.ReleaseState{record.Signed}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	bars, err := h.release.Bars(t.Context(), director, list[0].ID)
	if err != nil || bars.Barred {
		t.Errorf("the second person may not countersign: %+v, %v", bars, err)
	}
	_, drafts, err := h.record.Outputs(t.Context(), h.people[0].Actor(), recordstore.OutputFilter{})
	if err != nil || drafts != 26 {
		t.Errorf("%d texts, %v", drafts, err)
	}
	if report, err := h.record.VerifyAudit(t.Context(), record.Operator("tester")); err != nil || report.Broken != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if len(h.people) != 2 || h.people[0].Password == h.people[1].Password || len(h.people[0].Password) < 20 {
		t.Error("two people with passwords of their own were to be there")
	}
	for _, p := range h.people {
		if _, err := h.record.SignIn(t.Context(), p.Email, p.Password); err != nil {
			t.Errorf("%s: %v", p.Email, err)
		}
	}
	if fmt.Sprint(h.people[0].Grants) == fmt.Sprint(h.people[1].Grants) {
		t.Error("both have one role")
	}
}

// travels holds that the record as a file, read into an empty one, is the same
// file again.
func travels(t *testing.T, h *house, copyURL string) {
	written := func(from *recordstore.Store) []byte {
		file, _, err := from.ExportRecord(t.Context(), record.Operator("test"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := file.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	was := written(h.record)
	file, err := interchange.Read(was)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Rounds) == 0 || len(file.Organisations) == 0 {
		t.Fatal("the demonstration has nothing that travels")
	}
	ring, err := seal.OpenRing(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := recordstore.Open(t.Context(), copyURL, recordstore.Options{Ring: ring})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	if _, err := other.ImportRecord(t.Context(), record.Operator("test"), file); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(was), "\n"), strings.Split(string(written(other)), "\n")); d != "" {
		t.Errorf("the file of the copy is another:\n%s", d)
	}
}
