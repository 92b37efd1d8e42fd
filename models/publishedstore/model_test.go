package publishedstore_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/published"
)

// Every check of a property makes and reads whole stores: fewer of them than
// rapid's default, unless the command line says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// A world is what the public should see, kept in the plainest way.
type world struct {
	number   int64
	log      []published.Envelope
	present  map[id]version
	kept     map[id][]version // earlier versions that amendments left readable
	notices  map[id]published.Drop
	gone     map[string]published.Drop // observations of noticed outputs, by slug: the drop of their output
	versions map[id]int
	canaries []string // every word ever released that stands in one version only
}

type id struct {
	kind published.Kind
	slug string
}

type version struct {
	of     any
	doc    published.Document
	canary string
}

func newWorld() *world {
	return &world{present: map[id]version{}, kept: map[id][]version{}, notices: map[id]published.Drop{}, gone: map[string]published.Drop{}, versions: map[id]int{}}
}

var (
	someSeries   = []string{"kasmere", "norlund"}
	someAgencies = []string{"ka-mfa", "ka-mod", "no-cert", "no-mfa"}
	someTopics   = []string{"cyber", "water"}
	someRounds   = []string{"kasmere-1", "kasmere-2", "kasmere-3", "norlund-1", "norlund-2"}
	someOutputs  = []string{"kasmere-1-summary", "kasmere-2-summary", "norlund-1-summary", "norlund-account"}
)

// release draws the next envelope: it puts and drops a few documents.
func (w *world) release(t *rapid.T) published.Envelope {
	e := published.Envelope{Number: w.number + 1, At: start.AddDate(0, 0, int(w.number)+1).UnixMicro()}
	used := map[id]bool{}
	for range rapid.IntRange(1, 6).Draw(t, "documents") {
		k := w.drawID(t)
		if used[k] {
			continue
		}
		used[k] = true
		if rapid.IntRange(0, 3).Draw(t, "put or drop") == 0 {
			notice := rapid.SampledFrom([]published.Notice{published.NoticeNone, published.NoticeSuspended, published.NoticeWithdrawn}).Draw(t, "notice")
			e.Drop = append(e.Drop, published.Drop{Kind: k.kind, Slug: k.slug, Notice: notice})
			continue
		}
		if v, here := w.present[k]; here && rapid.IntRange(0, 4).Draw(t, "same") == 0 {
			e.Put = append(e.Put, v.doc)
			continue
		}
		e.Put = append(e.Put, w.draw(t, k).doc)
	}
	return e
}

func (w *world) drawID(t *rapid.T) id {
	kind := rapid.SampledFrom([]published.Kind{published.KindRound, published.KindRound, published.KindOutput, published.KindSeries, published.KindOrganisation}).Draw(t, "kind")
	slugs := map[published.Kind][]string{
		published.KindRound: someRounds, published.KindOutput: someOutputs,
		published.KindSeries: someSeries, published.KindOrganisation: someAgencies,
	}[kind]
	return id{kind, rapid.SampledFrom(slugs).Draw(t, "slug")}
}

// draw makes a document with a word of its own.
func (w *world) draw(t *rapid.T, k id) version {
	canary := fmt.Sprintf("canary%dx%d", w.number+1, len(w.canaries))
	w.canaries = append(w.canaries, canary)
	h := head(k.kind, k.slug)
	h.Nonce = fmt.Sprintf("%032x", len(w.canaries))
	switch rapid.IntRange(0, 2).Draw(t, "correction") {
	case 1:
		h.Correction = &published.Correction{Note: "note" + canary}
	case 2:
		h.Correction = &published.Correction{Note: "note" + canary, Amendment: true}
	}
	seriesOf := published.Ref{Slug: strings.Split(k.slug, "-")[0], Name: "Dialogue"}
	v := version{canary: canary}
	switch k.kind {
	case published.KindSeries:
		v.of = published.Series{Head: h, Name: "Dialogue " + canary}
	case published.KindOrganisation:
		o := published.Organisation{Head: h, Name: "Body " + canary, Acronym: strings.ToUpper(k.slug)}
		for _, a := range rapid.SliceOfNDistinct(rapid.SampledFrom(someAgencies), 0, 2, rapid.ID[string]).Draw(t, "predecessors") {
			if a != k.slug {
				o.Predecessors = append(o.Predecessors, published.Ref{Slug: a, Name: "Earlier " + a})
			}
		}
		v.of = o
	case published.KindRound:
		r := published.Round{Head: h, Series: seriesOf, Title: "Round " + canary, State: "held"}
		if year := rapid.IntRange(2014, 2018).Draw(t, "year"); year < 2018 {
			r.Dates.Opens = fmt.Sprintf("%d-%02d", year, rapid.IntRange(1, 3).Draw(t, "month"))
		}
		for _, side := range []string{"XA", "XB"} {
			s := published.Side{Name: "Country " + side, Country: side}
			for _, a := range rapid.SliceOfNDistinct(rapid.SampledFrom(someAgencies), 0, 2, rapid.ID[string]).Draw(t, "agencies") {
				s.Lines = append(s.Lines, line(a, "Said "+a))
			}
			r.Sides = append(r.Sides, s)
		}
		for _, topic := range rapid.SliceOfNDistinct(rapid.SampledFrom(someTopics), 0, 2, rapid.ID[string]).Draw(t, "topics") {
			r.Topics = append(r.Topics, published.Ref{Slug: topic, Name: strings.ToUpper(topic[:1]) + topic[1:]})
		}
		v.of = r
	case published.KindOutput:
		o := published.Output{Head: h, OutputKind: "summary", Title: "Text " + canary, Series: seriesOf, Date: rapid.SampledFrom([]string{"", "2016", "2017-02-01"}).Draw(t, "date")}
		if base, of := strings.CutSuffix(k.slug, "-summary"); of {
			o.Round = &published.Ref{Slug: base, Name: "Round"}
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "observations") {
			o.Observations = append(o.Observations, published.Observation{
				Slug: fmt.Sprintf("%s-observation-%d", k.slug, n+1), Number: n + 1, Text: "Observed " + canary,
			})
		}
		v.of = o
	}
	d, err := published.Encode(v.of)
	if err != nil {
		t.Fatal(err)
	}
	v.doc = d
	return v
}

// apply does to the world what the store should do.
func (w *world) apply(e published.Envelope) {
	w.number = e.Number
	w.log = append(w.log, e)
	for _, d := range e.Drop {
		k := id{d.Kind, d.Slug}
		_, here := w.present[k]
		_, noticed := w.notices[k]
		if !here && !noticed {
			continue
		}
		if v, is := w.present[k].of.(published.Output); is {
			for _, ob := range v.Observations {
				w.gone[ob.Slug] = d
			}
		}
		for slug, of := range w.gone {
			if d.Kind == published.KindOutput && of.Slug == d.Slug {
				w.gone[slug] = d
			}
		}
		delete(w.present, k)
		delete(w.kept, k)
		w.notices[k] = d
		if d.Notice == published.NoticeNone {
			w.forget(d.Kind, d.Slug)
		}
		if d.Notice == published.NoticeNone {
			delete(w.notices, k)
			delete(w.versions, k)
		}
	}
	for _, d := range e.Put {
		k := id{d.Kind, d.Slug}
		old, here := w.present[k]
		if here && string(old.doc.Body) == string(d.Body) {
			continue
		}
		v := version{doc: d, canary: canaryIn(d)}
		v.of = decoded(d)
		if h := headOf(v.of); here && h.Correction != nil && h.Correction.Amendment {
			w.kept[k] = append(w.kept[k], old)
		} else {
			delete(w.kept, k)
		}
		delete(w.notices, k)
		w.forget(d.Kind, d.Slug)
		w.present[k] = v
		w.versions[k]++
	}
}

// forget takes the notices of an output's observations away.
func (w *world) forget(kind published.Kind, slug string) {
	for observation, of := range w.gone {
		if kind == published.KindOutput && of.Slug == slug {
			delete(w.gone, observation)
		}
	}
}

func canaryIn(d published.Document) string {
	_, after, _ := strings.Cut(string(d.Body), "canary")
	end := strings.IndexFunc(after, func(r rune) bool { return r != 'x' && (r < '0' || r > '9') })
	return "canary" + after[:end]
}

func decoded(d published.Document) any {
	switch d.Kind {
	case published.KindSeries:
		return must[published.Series](d)
	case published.KindOrganisation:
		return must[published.Organisation](d)
	case published.KindRound:
		return must[published.Round](d)
	}
	return must[published.Output](d)
}

func must[T any](d published.Document) T {
	var v T
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

func headOf(v any) published.Head {
	switch v := v.(type) {
	case published.Series:
		return v.Head
	case published.Organisation:
		return v.Head
	case published.Round:
		return v.Head
	}
	return v.(published.Output).Head
}

// rounds returns the rounds that are public, newest first.
func (w *world) rounds() []published.Round {
	var all []published.Round
	for k, v := range w.present {
		if k.kind == published.KindRound {
			all = append(all, v.of.(published.Round))
		}
	}
	slices.SortFunc(all, func(a, b published.Round) int {
		if c := strings.Compare(b.Dates.Opens, a.Dates.Opens); c != 0 {
			return c
		}
		return strings.Compare(a.Slug, b.Slug)
	})
	return all
}

// outputs returns the texts of a round, "" for those of no round.
func (w *world) outputs(round string) []published.Output {
	var all []published.Output
	for _, k := range slices.SortedFunc(maps.Keys(w.present), func(a, b id) int { return strings.Compare(a.slug, b.slug) }) {
		if o, is := w.present[k].of.(published.Output); is && (o.Round == nil && round == "" || o.Round != nil && o.Round.Slug == round) {
			all = append(all, o)
		}
	}
	return all
}

func (w *world) observations(round string) int {
	n := 0
	for _, o := range w.outputs(round) {
		n += len(o.Observations)
	}
	return n
}

// memberships returns the facet values of a round.
func memberships(r published.Round) map[string][]string {
	m := map[string][]string{"series": {r.Series.Slug}}
	for _, s := range r.Sides {
		m["country"] = append(m["country"], s.Country)
		for _, l := range s.Lines {
			m["agency"] = append(m["agency"], l.Body.Slug)
		}
	}
	for _, t := range r.Topics {
		m["topic"] = append(m["topic"], t.Slug)
	}
	if r.Dates.Opens != "" {
		m["year"] = []string{r.Dates.Opens[:4]}
	}
	return m
}
