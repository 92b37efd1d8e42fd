package public

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"track15/models/fault"
	"track15/models/publishedstore"
)

// A param is one name a route takes. Parse gives the canonical value, or false.
type param struct {
	name  string
	parse func(string) (string, bool)
	many  bool // may stand several times, each value a choice
	blank bool // an empty value means it was not given: a form sends empty fields
}

// params is the closed list of a route.
type params []param

var (
	agency   = param{name: "agency", parse: slug, many: true}
	series   = param{name: "series", parse: slug, many: true}
	country  = param{name: "country", parse: code, many: true}
	topic    = param{name: "topic", parse: slug, many: true}
	since    = param{name: "since", parse: aYear, blank: true}
	until    = param{name: "until", parse: aYear, blank: true}
	order    = param{name: "order", parse: anOrder}
	page     = param{name: "page", parse: aPage}
	part     = param{name: "part", parse: aPart}
	question = param{name: "q", parse: words, blank: true}
	entry    = param{name: "entry", parse: slug}
)

// Bounds of a request.
const (
	maxValues = 20  // choices in one group
	maxWords  = 200 // of a question, in bytes
	maxQuery  = 8 << 10
)

// A request is an address that was understood.
type request struct {
	path   string
	slug   string // of the path, "" for none
	query  query
	params params // what the route takes
}

// A query holds canonical values by name, without those that are the default.
type query map[string][]string

func (q query) one(name string) string {
	if v := q[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (q query) number(name string) int {
	n, err := strconv.Atoi(q.one(name))
	if err != nil {
		return 0 // not given: parsed values are numbers
	}
	return n
}

func (q query) page() int { return max(q.number("page"), 1) }

// canonical is the address in its canonical form: parameters in the order of the
// route's list, the values of a group sorted. It is also the page's name in the
// cache, so that no spelling of an address makes a second page.
func (r request) canonical() string {
	var b strings.Builder
	b.WriteString(r.path)
	sep := "?"
	for _, p := range r.params {
		for _, v := range r.query[p.name] {
			b.WriteString(sep + p.name + "=" + url.QueryEscape(v))
			sep = "&"
		}
	}
	return b.String()
}

// errParam is every fault of a query: the answer must not depend on which.
var errParam = fault.Errorf(fault.Invalid, "this address holds a parameter that the page does not take")

// parse reads a raw query against the list. If trackers stand in it, clean is
// the query without them, with its question mark or empty, and nothing else is
// looked at.
func (ps params) parse(raw string) (q query, clean *string, err error) {
	if raw == "" {
		return query{}, nil, nil
	}
	if len(raw) > maxQuery {
		return nil, nil, errParam
	}
	if rest, found := withoutTrackers(raw); found {
		return nil, &rest, nil
	}
	given, err := url.ParseQuery(raw)
	if err != nil {
		return nil, nil, errParam
	}
	q = query{}
	for name, values := range given {
		i := slices.IndexFunc(ps, func(p param) bool { return p.name == name })
		if i < 0 {
			return nil, nil, errParam
		}
		v, ok := ps[i].values(values)
		if !ok {
			return nil, nil, errParam
		}
		if len(v) > 0 {
			q[name] = v
		}
	}
	return q, nil, nil
}

// values parses all values of one parameter, sorted and each once. The default
// value counts as not given.
func (p param) values(given []string) ([]string, bool) {
	if !p.many && len(given) > 1 || len(given) > maxValues {
		return nil, false
	}
	var all []string
	for _, g := range given {
		if g == "" && p.blank {
			continue
		}
		v, ok := p.parse(g)
		if !ok {
			return nil, false
		}
		if v != "" {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), true
}

func slug(s string) (string, bool) { return s, publishedstore.IsSlug(s) }

// code parses the code of a country: two capitals.
func code(s string) (string, bool) {
	return s, len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// aYear parses four digits from 1900 to 2199.
func aYear(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	return s, err == nil && len(s) == 4 && n >= 1900 && n < 2200
}

// anOrder parses the order of a list; newest is the default.
func anOrder(s string) (string, bool) {
	switch s {
	case "newest":
		return "", true
	case "oldest", "observations":
		return s, true
	}
	return "", false
}

// aPage parses the number of a page; the first is the default.
func aPage(s string) (string, bool) {
	if s == "1" {
		return "", true
	}
	return aPart(s)
}

// aPart parses a number from 1, written as numbers are.
func aPart(s string) (string, bool) {
	n, err := strconv.Atoi(s)
	return s, err == nil && n >= 1 && n <= 1_000_000 && strconv.Itoa(n) == s
}

// words parses a question: one line of text in its composed form, without
// characters that cannot be seen.
func words(s string) (string, bool) {
	if len(s) > maxWords || !utf8.ValidString(s) {
		return "", false
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) {
			return "", false
		}
	}
	return strings.Join(strings.Fields(norm.NFC.String(s)), " "), true
}

// trackers are parameters that other sites and programs add when an address is
// shared. They are taken off; everything else unknown is refused.
var trackers = []string{
	// search, advertising, mail
	"gclid", "gclsrc", "gbraid", "wbraid", "dclid", "srsltid", "msclkid", "yclid", "ysclid", "mc_cid", "mc_eid", "mkt_tok",
	"_ga", "_gl", "_hsenc", "_hsmi", "vero_id", "oly_anon_id", "oly_enc_id",
	// social sites
	"fbclid", "igsh", "igshid", "twclid", "ttclid", "li_fat_id", "ref_src", "ref_url", "s_cid",
	// WeChat, Weibo, Chinese portals
	"from", "isappinstalled", "scene", "srcid", "nsukey", "clicktime", "enterid", "subscene", "sessionid",
	"sharer_shareinfo", "sharer_shareinfo_first", "share_token", "weibo_id", "wfr", "spm",
}

func isTracker(name string) bool {
	return strings.HasPrefix(name, "utm_") || slices.Contains(trackers, name)
}

// withoutTrackers takes trackers off a raw query and leaves the rest as it was
// written.
func withoutTrackers(raw string) (rest string, found bool) {
	var kept []string
	for part := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(part, "=")
		if isTracker(name) {
			found = true
			continue
		}
		kept = append(kept, part)
	}
	if len(kept) > 0 {
		rest = "?" + strings.Join(kept, "&")
	}
	return rest, found
}
