package public

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"track15/models/published"
)

func TestSpreadsheet(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ref := normsRound(7)
		w.release(t, []any{published.Round{
			Head: sample(head(published.KindRound, ref.Slug)), Series: norms, Title: `=HYPERLINK("https://evil.example","x")`, Label: "+1", State: "held",
			City: "@SUM(A1)", Format: "-2", Conveners: []published.Body{{Name: "＝cmd"}}, Topics: []published.Ref{{Slug: "t", Name: " =1+1"}},
			Sides: []published.Side{{Name: "x", Lines: []published.Line{{Form: published.FormWords, Body: published.Body{Name: "a, \"b\"\u00a0"}}}}},
		}})
		rec := get(w.site, "/rounds.csv?agency=cn-cac&topic=cyber-security")
		rows := sheetOf(t, rec.Body.Bytes())
		if len(rows) != 2 || rows[1][0] != seedRound {
			t.Fatalf("%q", rows)
		}
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = rows[1][i]
		}
		for name, want := range map[string]string{
			"title": "CSIS-CICIR Cybersecurity Dialogue, 10th round", "opens": "2017-01", "closes": "", "country": "CN", "ground_rules": "Details forfeited",
			"observations": "1", "source": "compiled from public sources; not confirmed by the conveners",
			"address": "https://register.example.org/rounds/csis-cicir-cyber-10",
		} {
			if row[name] != want {
				t.Errorf("%s is %q, want %q", name, row[name], want)
			}
		}
		if !strings.Contains(row["organisations"], "Cyberspace Administration of China; ") || !strings.Contains(row["organisations"], "security services (China)") {
			t.Errorf("organisations: %q", row["organisations"])
		}
		all := sheetOf(t, get(w.site, "/rounds.csv").Body.Bytes())
		if len(all) != 7 { // a head and six rounds, the suspended one not among them
			t.Errorf("%d rows", len(all))
		}
		for _, r := range all {
			for i, cell := range r {
				if harmless(cell) != cell || strings.HasPrefix(cell, "=") {
					t.Errorf("%s is a formula: %q", columns[i], cell)
				}
			}
			if r[0] == "kasmere-1" {
				t.Error("a suspended round is in the spreadsheet")
			}
		}
	})
}

func sheetOf(t *testing.T, b []byte) [][]string {
	t.Helper()
	rest, marked := bytes.CutPrefix(b, []byte("\ufeff"))
	if !marked {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "a=b": "a=b", "2017-01": "2017-01", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", " =1": "' =1",
		"＝1": "'＝1", "\u3000＠x": "'\u3000＠x", "\ra": "'\ra", "外交部": "外交部", " ": " ",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

// What is exported are the documents that were signed, byte by byte.
func TestDocumentsAsSigned(t *testing.T) {
	w := aWorld(t)
	rec := get(w.site, "/rounds.json?series=csis-cicir-cyber")
	var list struct{ Rounds []json.RawMessage }
	if err := json.Unmarshal(rec.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var signed published.Document
	for _, v := range seed() {
		if r, ok := v.(published.Round); ok {
			signed, _ = published.Encode(r)
		}
	}
	if len(list.Rounds) != 1 || !bytes.Equal(list.Rounds[0], signed.Body) {
		t.Errorf("%s", rec.Body)
	}
	if strings.Contains(get(w.site, "/rounds.json").Body.String(), "kasmere-1\"") {
		t.Error("a suspended round is exported")
	}
}

func TestFeed(t *testing.T) {
	w := aWorld(t)
	rec := get(w.site, "/feed.atom")
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(rec.Body.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	if f.Updated != "2026-05-01T00:00:00Z" || len(f.Entries) == 0 {
		t.Fatalf("updated %s, %d entries", f.Updated, len(f.Entries))
	}
	ids := map[string]bool{}
	for _, e := range f.Entries {
		if ids[e.ID] || e.ID == "" {
			t.Errorf("the id %q is not one", e.ID)
		}
		ids[e.ID] = true
		if !strings.HasSuffix(e.Updated, "T00:00:00Z") {
			t.Errorf("%s: updated %s tells the hour", e.Title, e.Updated)
		}
		u, err := url.Parse(e.Link.Href)
		if err != nil || u.Host != "register.example.org" {
			t.Fatalf("%s links %s", e.Title, e.Link.Href)
		}
		if rec := get(w.site, u.Path); rec.Code != http.StatusOK && rec.Code != http.StatusGone {
			t.Errorf("%s: %s is %d", e.Title, u.Path, rec.Code)
		}
	}
	for _, hasNot := range []string{"Summary of round 4", "Dialogue, round 1", "hospital", "13:14"} {
		if strings.Contains(rec.Body.String(), hasNot) {
			t.Errorf("the feed holds %q, which left", hasNot)
		}
	}
}

func TestSitemapListsWhatIsReleased(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var m struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []struct {
				Loc     string `xml:"loc"`
				LastMod string `xml:"lastmod"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(get(w.site, "/sitemap.xml").Body.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range m.URLs {
			path := strings.TrimPrefix(u.Loc, "https://register.example.org")
			got = append(got, path)
			if rec := get(w.site, path); rec.Code != http.StatusOK {
				t.Errorf("%s: %d", path, rec.Code)
			}
			if len(u.LastMod) != 0 && len(u.LastMod) != len("2026-05-01") {
				t.Errorf("%s: lastmod %s", path, u.LastMod)
			}
		}
		want := []string{
			"/rounds", "/organisations", "/observations", "/series/csis-cicir-cyber", "/series/kasmere", "/topics/cyber-security", "/topics/digital-norms",
			"/rounds/" + seedRound, "/observations/" + seedRound + "-observation-1", "/organisations/cn-security-services",
		}
		for _, n := range []string{"2", "3", "4", "5"} {
			want = append(want, "/rounds/kasmere-"+n)
		}
		for _, n := range []string{"3", "5"} {
			want = append(want, "/observations/kasmere-"+n+"-observation-1", "/observations/kasmere-"+n+"-observation-3")
		}
		for _, b := range []published.Body{csis, cicir, cac, mfa, cert, forum, harbour, centre} {
			want = append(want, "/organisations/"+b.Slug)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestCompressedPageIsTheSamePage(t *testing.T) {
	w := aWorld(t)
	plain := get(w.site, "/rounds")
	for accept, want := range map[string]bool{"gzip": true, "br, GZIP;q=0.5": true, "gzip;q=0": false, "br": false, "*": false, "gzip; q=x": false} {
		rec := get(w.site, "/rounds", "Accept-Encoding", accept)
		if (rec.Header().Get("Content-Encoding") == "gzip") != want {
			t.Errorf("%s: %q", accept, rec.Header().Get("Content-Encoding"))
			continue
		}
		if rec.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary %q", accept, rec.Header().Get("Vary"))
		}
		body := rec.Body.Bytes()
		if want {
			if rec.Header().Get("ETag") == plain.Header().Get("ETag") {
				t.Error("other bytes have the same tag")
			}
			z, err := gzip.NewReader(rec.Body)
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(body, plain.Body.Bytes()) {
			t.Errorf("%s: another page", accept)
		}
	}
}
