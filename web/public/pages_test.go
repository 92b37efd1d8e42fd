package public

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
)

func TestPages(t *testing.T) {
	seedObservation := "/observations/" + seedRound + "-observation-1"
	tests := []struct {
		url    string
		status int
		has    []found
		hasNot []found // matters as much as has
	}{
		{
			"/", 200,
			[]found{
				{"h1", "Who met, when, and what was made public"},
				{"#timeline-h", "5 rounds in 2 series, 2017 to 2025"},
				{"article.entry h3 a[href='/rounds/csis-cicir-cyber-10']", "CSIS-CICIR Cybersecurity Dialogue, 10th round"},
				{"article.entry .source-line", "Compiled from public sources; not confirmed by the conveners"},
				{".timeline a[href='/rounds/kasmere-5'] .tick--full", ""},
				{".facet input[name=agency][value=cn-mfa]", ""},
				{".facet input[name=country][value=CN] ~ span", "China"},
				{".facet input[name=country][value=XA] ~ span", "Kasmere"},
				{"link[rel=canonical][href='https://register.example.org/']", ""},
				{"title", "Rounds · Your institute"},
				{"aside.demo", "invented"},
			},
			[]found{{"main", "kasmere-1"}, {"main", "Dialogue, round 1"}, {"[style], style, script:not([src])", ""}, {"nav[aria-label=Main] a", "Ground rules"}},
		},
		{"/rounds?agency=cn-cac", 200, []found{{"h2", "1 round"}, {"article.entry h3", "10th round"}, {".applied a[href='/rounds']", "Cyberspace Administration of China"}, {"input[value=cn-cac][checked]", ""}}, []found{{"article.entry h3", "Kasmere"}}},
		{"/rounds?agency=cn-security-services", 200, []found{{"article.entry h3", "10th round"}}, []found{{"article.entry h3", "Kasmere"}}},
		{"/rounds?agency=cn-cac&agency=ncrc", 200, []found{{"h2", "5 rounds"}}, nil},
		{"/rounds?agency=cn-cac&series=kasmere", 200, []found{{".empty h2", "No rounds match these 2 filters"}, {".empty li", "Without Cyberspace Administration of China: 4 rounds"}, {".empty li", "Clear all filters: 5 rounds"}}, []found{{"article", ""}}},
		{"/rounds?since=2022&until=2024", 200, []found{{"h2", "2 rounds"}}, []found{{"article.entry h3", "round 5"}, {"article.entry h3", "round 2"}}},
		{"/rounds?since=2025&until=2022", 200, []found{{".empty", "No rounds match"}}, nil},
		{"/rounds?order=oldest", 200, []found{{"article.entry:first-of-type h3", "10th round"}, {"option[value=oldest][selected]", ""}}, nil},
		{
			"/rounds/csis-cicir-cyber-10", 200,
			[]found{
				{"h1", "CSIS-CICIR Cybersecurity Dialogue, 10th round"},
				{".lede", "Beijing, China, January 2017."},
				{".table15 .side:nth-child(1) h3", "United States"},
				{".table15 .side:nth-child(2) li a[href='/organisations/cn-mfa']", "Ministry of Foreign Affairs of the People's Republic of China"},
				{".table15 span[lang=zh-Hans]", "外交部"},
				{".table15 h4", "Serving officials, in their personal capacity"},
				{".table15 h4", "Named by category"},
				{".table15 li", "Security services (China)"},
				{".table15 li", "American academics"},
				{".obs a[href='" + seedObservation + "']", "On attribution"},
				{".obs .by", "Paraphrased from the account by Michael Sulmeyer and Amy Chang"},
				{".refs li", "Sulmeyer, Michael and Amy Chang. “Three Observations on China's Approach to State Action in Cyberspace.” Lawfare, January 22, 2017."},
				{".refs a[href='" + seedAddress + "']", "“Three Observations"},
				{".docket dd time[datetime='2017-01']", "January 2017"},
				{".docket dd", "Compiled from public sources"},
				{"aside section p", "participants gave up the right to publicise details"},
				{"#cite-entry", "“CSIS-CICIR Cybersecurity Dialogue, 10th round.” Your institute, csis-cicir-cyber-10."},
			},
			[]found{{".docket dt", "Version"}, {"main", "withheld"}, {"main", "redacted"}, {"main", "not published"}, {"main", "official participation"}, {".versions", ""}},
		},
		{
			"/rounds/kasmere-5", 200,
			[]found{
				{".lede", "Port Anselm, Kasmere, 17–18 September 2025."},
				{"h1 .tag", "Sample"},
				{".table15--many .side h3", "Vestria"},
				{".obs li[value='3'] h3", "Who may speak for a response team"},
				{"#text-kasmere-5-summary h3", "What was open"},
				{"#text-kasmere-5-summary em", "attribution"},
				{".docket dd", "1 (1 February 2026)"},
			},
			[]found{{".source-line", ""}, {".obs li[value='2']", ""}},
		},
		{
			"/rounds/kasmere-1", 410,
			[]found{{"#gone", "Not available since 1 May 2026"}, {".docket dd", "kasmere-1"}, {"meta[name=robots][content=noindex]", ""}},
			[]found{{"body", "Port Anselm"}, {"body", "Kasmere Digital"}, {"body", "12–13 March"}, {"body", "withdrawn"}},
		},
		{
			"/observations/kasmere-4-observation-1", 410,
			[]found{{"#gone", "Withdrawn by the conveners on 1 April 2026"}, {"pre", "[Withdrawn]"}},
			[]found{{"body", "hospital"}, {"body", "Kasmere Digital"}},
		},
		{
			"/rounds/kasmere-4", 200,
			[]found{{"h1", "round 4"}},
			[]found{{"body", "hospital"}, {"body", "Summary of round 4"}, {".obs", ""}},
		},
		{
			seedObservation, 200,
			[]found{
				{"h1", "On attribution"},
				{".source-line", "Compiled"},
				{"#cite-h", "Cite the account"},
				{"#cite-0", "Sulmeyer, Michael and Amy Chang. “Three Observations on China's Approach to State Action in Cyberspace.” Lawfare, January 22, 2017."},
				{"#cite-3", "@online{sulmeyer-chang-2017,"},
				{"#cite-4", "TY - ELEC"},
				{"#cite-5", `"family": "Sulmeyer"`},
				{"details[name=cite][open] summary", "House form"},
				{"button[data-copy='#cite-0'][hidden]", "Copy citation"},
			},
			[]found{{"main", "Version"}},
		},
		{
			"/observations/kasmere-3-observation-1", 200,
			[]found{
				{"#corrected", "Corrected on 1 March 2026"},
				{".notice", "One view held it; the text now says so."},
				{"#changed del", "Both sides agreed"},
				{"#changed ins", "One view held"},
				{".versions li", "v2 Corrected. Current 1 March 2026"},
				{"#cite-0", "Kasmere Policy Forum and Harbour Institute. “Protecting hospital networks.” Kasmere Digital Norms Dialogue, Version 2, March 1, 2026."},
			},
			nil,
		},
		{
			"/organisations", 200,
			[]found{{"tbody th a[href='/organisations/cn-cac']", "Cyberspace Administration of China"}, {"tbody td", "Category"}, {"tbody th", "Security services (China)"}, {"caption", "Organisations by name"}},
			nil,
		},
		{
			"/organisations/ncrc", 200,
			[]found{{".lede", "Named in 4 rounds between 2021 and 2025, with serving officials in their personal capacity unless a round says otherwise."}, {".bars .vh", "2023: 0 rounds"}, {".who-line", "Serving officials, in their personal capacity · Kasmere"}, {".files a[href='/rounds.csv?agency=ncrc']", ""}},
			[]found{{"main", "round 1"}},
		},
		{
			"/organisations/harbour", 200,
			[]found{{".docket dt", "Before"}, {".docket a[href='/organisations/kasmere-forum']", "Kasmere Policy Forum"}, {"main a[href='/rounds?agency=harbour&agency=kasmere-forum']", "with the bodies before and after it"}, {".docket dt", "ROR"}, {".docket dd", "05gq02987"}},
			[]found{{".docket dt", "After"}},
		},
		{
			"/organisations/kasmere-forum", 200,
			[]found{{".docket dt", "After"}, {".docket a[href='/organisations/harbour']", "Harbour Institute"}},
			[]found{{".docket dt", "Before"}, {"main", "05gq02987"}},
		},
		{
			"/organisations/cn-mfa", 200,
			[]found{{".docket dd", "Chinese Foreign Ministry"}, {".docket span[lang=zh]", "中国外交部"}, {".docket dd", "Ministry"}, {".docket dd", "China"}},
			nil,
		},
		{
			"/organisations/cn-security-services", 200,
			[]found{{"h1", "Security services (China)"}, {".lede", "Named as a category in 1 round"}, {".who-line", "Named by category · China"}},
			[]found{{".who-line", "officials"}, {".who-line .cap", ""}, {"main", "officials"}},
		},
		{"/observations", 200, []found{{"h2 a[href='" + seedObservation + "']", "On attribution"}, {".pager", "5 of 5 observations shown"}}, []found{{"main", "kasmere-1"}, {"main a[href*=kasmere-4]", ""}}},
		{"/observations?agency=cn-cac", 200, []found{{".pager", "1 of 1 observation shown"}, {".applied a[href='/observations']", "Cyberspace Administration of China"}}, nil},
		{"/series/csis-cicir-cyber", 200, []found{{"h1", "CSIS-CICIR"}, {".docket dd", "United States"}, {"h3", "10th round"}}, nil},
		{"/series/kasmere", 200, []found{{"#text-kasmere-terms .prose p", "Rounds are held by turns."}, {"h1 .tag", "Sample"}, {".pager", "4 of 4 rounds shown"}}, []found{{".source-line", ""}}},
		{"/search?q=by+turns", 200, []found{{"h2 a[href='/series/kasmere#text-kasmere-terms']", "Terms of the dialogue"}, {"h2 .tag", "Sample"}, {".who-line", "Kasmere Digital Norms Dialogue"}}, nil},
		{"/topics/cyber-security", 200, []found{{"h1", "Cyber security"}, {"h3", "10th round"}}, []found{{"h3", "Kasmere"}}},
		{"/search", 200, []found{{"h1", "Search"}}, []found{{"article", ""}}},
		{"/search?q=attribution", 200, []found{{"mark", "attribution"}, {"h2 a", "On attribution"}, {"#q[value=attribution]", ""}}, []found{{"link[rel=canonical]", ""}}},
		{"/search?q=外交部", 200, []found{{"h2 a[href='/organisations/cn-mfa']", ""}}, nil},
		{"/search?q=CNCERT", 200, []found{{"article:first-of-type h2 a[href='/organisations/cn-cncert']", ""}}, nil},
		{"/search?q=security+services+(China)", 200, []found{{"h2 a[href='/organisations/cn-security-services']", ""}}, nil},
		{"/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, []found{{"h1", "<script>"}, {".empty", "Nothing matches"}}, []found{{"main script", ""}}},
	}
	eachWorld(t, func(t *testing.T, w *world) {
		for _, tt := range tests {
			t.Run(tt.url, func(t *testing.T) {
				rec := get(w.site, tt.url)
				if rec.Code != tt.status {
					t.Fatalf("status %d, want %d", rec.Code, tt.status)
				}
				doc := parse(t, rec.Body.String())
				for _, f := range tt.has {
					if !f.in(t, doc) {
						t.Errorf("nothing matches %s with %q", f.selector, f.words)
					}
				}
				for _, f := range append(tt.hasNot, everywhereNot...) {
					if f.in(t, doc) {
						t.Errorf("%s with %q is there", f.selector, f.words)
					}
				}
				for _, f := range everywhere {
					if !f.in(t, doc) {
						t.Errorf("nothing matches %s with %q", f.selector, f.words)
					}
				}
			})
		}
	})
}

// What every page has, and what none may have.
var (
	everywhere = []found{
		{"html[lang=en]", ""},
		{"a.skip[href='#main']", "Skip to content"},
		{"main#main", ""},
		{"h1", ""},
		{"title", "Your institute"},
		{"footer", "Made with track15."},
		{"label[for=q]", "Search"},
		{"link[rel=stylesheet][href^='/assets/public-']", ""},
	}
	everywhereNot = []found{
		{"[style], style, script:not([src])", ""},
		{"[onclick], [onload]", ""},
		{"a[href='']", ""},
		{"a[href='#']", ""},
		{"img[src^=http], script[src^=http], link[rel=stylesheet][href^=http]", ""},
		{"h1 ~ h1", ""},
		{"a[href*='about:invalid']", ""},
	}
)

// Every link leads to a page: what is named is there.
func TestLinksLeadSomewhere(t *testing.T) {
	w := aWorld(t)
	seen := map[string]bool{"/": true}
	queue := []string{"/"}
	anchors := cascadia.MustCompile("a[href], link[href], script[src]")
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		rec := get(w.site, at)
		if rec.Code != http.StatusOK {
			t.Errorf("%s: %d", at, rec.Code)
		}
		if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc := parse(t, rec.Body.String())
		for _, n := range cascadia.QueryAll(doc, anchors) {
			for _, a := range n.Attr {
				if a.Key != "href" && a.Key != "src" {
					continue
				}
				u, err := url.Parse(a.Val)
				if err != nil {
					t.Errorf("%s links %q", at, a.Val)
					continue
				}
				if strings.HasPrefix(a.Val, "#") && cascadia.Query(doc, cascadia.MustCompile("[id='"+u.Fragment+"']")) == nil {
					t.Errorf("%s: nothing has the id %s", at, u.Fragment)
				}
				if strings.HasPrefix(u.Path, "/") && (u.Host == "" || u.Host == "register.example.org") {
					to := u.Path
					if u.RawQuery != "" {
						to += "?" + u.RawQuery
					}
					if !seen[to] {
						seen[to] = true
						queue = append(queue, to)
					}
				}
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d addresses were found", len(seen))
	}
}

func TestEmptyRegister(t *testing.T) {
	w := emptyWorld(t, sqlite(t))
	for _, path := range []string{"/", "/rounds", "/organisations", "/observations"} {
		rec := get(w.site, path)
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "yet") {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	if rec := get(w.site, "/feed.atom"); rec.Code != http.StatusOK {
		t.Errorf("the feed: %d", rec.Code)
	}
}
