package public

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/publishedstore"
)

// wrong holds for every parameter values that must be refused.
var wrong = map[string][]string{
	"agency":  {"", "CN-MFA", "a b", "cn_mfa", "-cn", "外交部", "cn-mfa'--", "%00", "..", strings.Repeat("a", 201)},
	"series":  {"", "A", "a/b", "a%2Fb"},
	"country": {"", "cn", "CHN", "C", "C1", "..", "%EF%BF%BD"},
	"topic":   {"", "T", "cyber security"},
	"since":   {"17", "02017", "year", "1899", "2200", "-201", "2017.", "%2B201"},
	"until":   {"17", "0x7e1", "2017-01"},
	"order":   {"", "Newest", "title", "newest,oldest", "id"},
	"page":    {"", "0", "-1", "01", "1.0", "x", "1000001", "99999999999999999999"},
	"entry":   {"", "A b", "a/b", "%00"},
	"part":    {"", "0", "-1", "01", "x"},
	"q":       {strings.Repeat("a", 201), "%00", "a%0Ab", "%E2%80%8B", "%FF", "%F3%A0%80%81", "a%C2%ADb", "%EE%80%80"},
}

// paths gives every route an address that is there.
func paths(r route) string {
	slugs := map[string]string{
		"/rounds/:slug": seedRound, "/organisations/:slug": "cn-cac", "/observations/:slug": seedRound + "-observation-1",
		"/series/:slug": "kasmere", "/topics/:slug": "cyber-security", "/assets/*": "x.css",
	}
	return strings.NewReplacer(":slug", slugs[r.path], "*", slugs[r.path]).Replace(r.path)
}

func TestOnlyDeclaredParameters(t *testing.T) {
	w := aWorld(t)
	refused := get(w.site, "/rounds?x=1")
	if refused.Code != http.StatusBadRequest {
		t.Fatalf("%d", refused.Code)
	}
	is400 := func(address string) {
		t.Helper()
		rec := get(w.site, address)
		if rec.Code != http.StatusBadRequest || !bytes.Equal(rec.Body.Bytes(), refused.Body.Bytes()) {
			t.Errorf("%.80s: %d", address, rec.Code)
		}
	}
	for _, r := range routes {
		at := paths(r)
		for _, raw := range []string{"x=1", "slug=a", "id=1", "Agency=cn-cac", "agency%20=a", "=", "=1", "&x", "a;b", "%zz", "sort=id", "fields=body", "limit=9", strings.Repeat("x", maxQuery+1)} {
			is400(at + "?" + raw)
		}
		declared := map[string]bool{}
		for _, p := range r.params {
			declared[p.name] = true
			if wrong[p.name] == nil {
				t.Errorf("nothing wrong is known for %s of %s", p.name, r.path)
			}
			for _, v := range wrong[p.name] {
				is400(at + "?" + p.name + "=" + strings.ReplaceAll(v, " ", "%20"))
			}
			if !p.many {
				is400(at + "?" + p.name + "=2020&" + p.name + "=2020")
			} else {
				is400(at + "?" + strings.Repeat(p.name+"=kasmere&", maxValues) + p.name + "=kasmere")
			}
		}
		for name := range wrong {
			if !declared[name] {
				is400(at + "?" + name + "=2020")
			}
		}
	}
}

// What was never released, what does not exist and what has another form are
// told in the same bytes.
func TestNotFoundIsOneAnswer(t *testing.T) {
	w := aWorld(t)
	first := get(w.site, "/rounds/never-was")
	if first.Code != http.StatusNotFound {
		t.Fatal(first.Code)
	}
	for _, address := range []string{
		"/rounds/UPPER", "/rounds/a%2Fb", "/rounds/..%2f", "/rounds/%00", "/rounds/kasmere-1/", "/rounds/外交部", "/rounds/",
		"/organisations/never-was", "/observations/never-was", "/series/never-was", "/topics/never-was", "/organisations/kasmere-1",
		"/rounds?agency=never-was", "/rounds?series=never-was", "/rounds?topic=never-was", "/rounds?country=ZW", "/rounds?agency=cn-cac&agency=never-was",
		"/rounds.csv?agency=never-was", "/rounds.json?topic=never-was", "/observations?agency=never-was",
		"/rounds?page=9", "/organisations?page=9", "/observations?page=2", "/search?q=attribution&page=9", "/sitemap.xml?part=2",
		"/desk", "/sign-in", "/admin", "/rounds.xml", "/ROUNDS", "//rounds", "/./rounds", "/rounds/kasmere-1/edit", "/outputs/kasmere-3-summary",
	} {
		rec := get(w.site, address)
		if rec.Code != http.StatusNotFound || !bytes.Equal(rec.Body.Bytes(), first.Body.Bytes()) {
			t.Errorf("%s: %d, %d bytes", address, rec.Code, rec.Body.Len())
		}
		for name := range first.Header() {
			if rec.Header().Get(name) != first.Header().Get(name) {
				t.Errorf("%s: %s is %q", address, name, rec.Header().Get(name))
			}
		}
		if len(rec.Header()) != len(first.Header()) {
			t.Errorf("%s: other headers: %v", address, rec.Header())
		}
	}
}

func TestTrackersAreTakenOff(t *testing.T) {
	w := aWorld(t)
	for address, to := range map[string]string{
		"/?utm_source=x": "/",
		"/rounds?agency=cn-cac&utm_source=x&fbclid=y":            "/rounds?agency=cn-cac",
		"/rounds/kasmere-5?from=timeline&isappinstalled=0":       "/rounds/kasmere-5",
		"/rounds/never-was?gclid=1":                              "/rounds/never-was",
		"/search?q=%E5%A4%96%E4%BA%A4%E9%83%A8&scene=21&srcid=2": "/search?q=%E5%A4%96%E4%BA%A4%E9%83%A8",
		"/rounds?x=1&utm_x=2":                                    "/rounds?x=1",
	} {
		rec := get(w.site, address)
		if rec.Code != http.StatusMovedPermanently || rec.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", address, rec.Code, rec.Header().Get("Location"), to)
		}
	}
	for _, address := range []string{"//evil.example/?utm_source=x", "/%2f%2fevil.example?utm_source=x", "/rounds/%2fevil?utm_source=x"} {
		if rec := get(w.site, address); rec.Code != http.StatusNotFound || rec.Header().Get("Location") != "" {
			t.Errorf("%s: %d to %q", address, rec.Code, rec.Header().Get("Location"))
		}
	}
	for _, name := range trackers {
		for _, r := range routes {
			for _, p := range r.params {
				if p.name == name {
					t.Errorf("%s is a parameter of %s and a tracker", name, r.path)
				}
			}
		}
	}
}

func TestOnlyReading(t *testing.T) {
	w := aWorld(t)
	var first []byte
	for _, r := range routes {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			for _, address := range []string{paths(r), "/never-was"} {
				rec := ask(w.site, method, address)
				if first == nil {
					first = rec.Body.Bytes()
				}
				if rec.Code != http.StatusMethodNotAllowed || !bytes.Equal(rec.Body.Bytes(), first) || rec.Header().Get("Allow") != "GET, HEAD" {
					t.Errorf("%s %s: %d", method, address, rec.Code)
				}
			}
		}
	}
}

func TestOwnNamesOnly(t *testing.T) {
	w := aWorld(t)
	for host, status := range map[string]int{
		"register.example.org": 200, "REGISTER.example.org:443": 200, "127.0.0.1:8015": 200, "localhost": 421, "evil.example": 421, "": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.Host = host
		rec := httptest.NewRecorder()
		w.site.ServeHTTP(rec, r)
		if rec.Code != status {
			t.Errorf("%q: %d, want %d", host, rec.Code, status)
		}
	}
}

// The answer is a function of the address: cookies, languages, ranges and
// scripts that ask change nothing and nothing is set.
func TestAnswersDependOnTheAddressAlone(t *testing.T) {
	w := aWorld(t)
	for _, r := range routes {
		at := paths(r)
		plain := get(w.site, at)
		for _, header := range [][]string{
			{"Cookie", "__Host-session=abc"},
			{"HX-Request", "true"},
			{"Accept-Language", "zh-Hans"},
			{"Accept", "application/json"},
			{"Range", "bytes=0-9"},
			{"If-Modified-Since", "Mon, 01 Jan 2035 00:00:00 GMT"},
			{"Authorization", "Bearer x"},
			{"X-Forwarded-Host", "evil.example"},
			{"X-HTTP-Method-Override", "POST"},
		} {
			rec := get(w.site, at, header...)
			if rec.Code != plain.Code || !bytes.Equal(rec.Body.Bytes(), plain.Body.Bytes()) || !reflect.DeepEqual(rec.Header(), plain.Header()) {
				t.Errorf("%s with %v: %d, other bytes or headers", at, header, rec.Code)
			}
		}
		for _, name := range []string{"Set-Cookie", "Last-Modified", "Server", "X-Powered-By"} {
			if v := plain.Header().Get(name); v != "" {
				t.Errorf("%s: %s: %s", at, name, v)
			}
		}
		if csp := plain.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %q", at, csp)
		}
		if cc := plain.Header().Get("Cache-Control"); r.path != "/assets/*" && cc != "public, no-cache" {
			t.Errorf("%s: Cache-Control %q", at, cc)
		}
		head := ask(w.site, http.MethodHead, at)
		if head.Code != plain.Code || !reflect.DeepEqual(head.Header(), plain.Header()) {
			t.Errorf("HEAD %s: %d %v, GET %v", at, head.Code, head.Header(), plain.Header())
		}
	}
}

func TestACopyThatStandsIsNotSentAgain(t *testing.T) {
	w := aWorld(t)
	for _, at := range []string{"/rounds", "/rounds.csv", "/feed.atom"} {
		tag := get(w.site, at).Header().Get("ETag")
		if tag == "" {
			t.Fatal("no tag")
		}
		for _, header := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			rec := get(w.site, at, "If-None-Match", header)
			if rec.Code != http.StatusNotModified || rec.Body.Len() != 0 || rec.Header().Get("ETag") != tag {
				t.Errorf("%s, %s: %d, %d bytes", at, header, rec.Code, rec.Body.Len())
			}
		}
		if rec := get(w.site, at, "If-None-Match", `"other"`); rec.Code != http.StatusOK {
			t.Errorf("%s: %d", at, rec.Code)
		}
	}
	before := get(w.site, "/rounds").Header().Get("ETag")
	w.release(t, []any{summary(5, "Nobody held anything.")})
	if after := get(w.site, "/rounds/kasmere-5"); !strings.Contains(after.Body.String(), "Nobody held") {
		t.Error("the release is not seen")
	}
	if rec := get(w.site, "/rounds", "If-None-Match", before); rec.Code != http.StatusNotModified {
		t.Errorf("the list did not change and is sent again: %d", rec.Code)
	}
	if rec := get(w.site, "/observations", "If-None-Match", before); rec.Code != http.StatusOK {
		t.Errorf("the list of observations: %d", rec.Code)
	}
}

// Nothing but the reader and plain values can be handed in: a func or an
// interface could be a door to the record.
func TestNewTakesPlainValues(t *testing.T) {
	f := reflect.TypeOf(New)
	if f.NumIn() != 2 || f.In(0) != reflect.TypeFor[*publishedstore.Reader]() {
		t.Fatalf("New is %v", f)
	}
	var walk func(reflect.Type, string)
	walk = func(typ reflect.Type, at string) {
		switch typ.Kind() {
		case reflect.String, reflect.Bool, reflect.Int, reflect.Uint8:
		case reflect.Slice:
			walk(typ.Elem(), at+"[]")
		case reflect.Struct:
			for i := range typ.NumField() {
				walk(typ.Field(i).Type, at+"."+typ.Field(i).Name)
			}
		default:
			if typ.String() != "*os.File" {
				t.Errorf("%s is a %v", at, typ)
			}
		}
	}
	walk(f.In(1), "Options")
}

// However an address is spelled, its canonical form is one, and parses to the
// same again.
func TestCanonicalAddresses(t *testing.T) {
	list := params{agency, country, since, order, page, question}
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			parts = append(parts, rapid.SampledFrom([]string{
				"agency=a", "agency=b-1", "country=CN", "country=US", "since=2020", "since=", "order=newest", "order=oldest", "page=1", "page=3", "q=a+b", "q=", "q=%E5%A4%96",
			}).Draw(t, "part"))
		}
		q, _, err := list.parse(strings.Join(parts, "&"))
		if err != nil {
			return
		}
		canonical := request{"/x", "", q, list}.canonical()
		_, raw, _ := strings.Cut(canonical, "?")
		again, _, err := list.parse(raw)
		if err != nil || (request{"/x", "", again, list}).canonical() != canonical {
			t.Fatalf("%v gives %q and then %v", parts, canonical, err)
		}
	})
}

// Before the first writer was there, pages say so and what needs no store
// answers.
func TestBeforeTheStoreIsThere(t *testing.T) {
	reader, err := publishedstore.OpenReader(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	site, err := New(reader, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		want := http.StatusServiceUnavailable
		switch r.path {
		case "/healthz", "/robots.txt", "/corrections":
			want = http.StatusOK
		case "/assets/*":
			want = http.StatusNotFound
		}
		if rec := get(site, paths(r)); rec.Code != want {
			t.Errorf("%s: %d, want %d", r.path, rec.Code, want)
		}
	}
}
