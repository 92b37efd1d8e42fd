package publishedstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"track15/models/database"
	"track15/models/published"
)

// Limits of a search: hits on a page, words of a question that are looked at,
// and how many hits are sorted one by one instead of walking through all
// entries in order.
const (
	hitsPerPage = 20
	maxTerms    = 16
	sortedHits  = 2000
)

// Search returns a page (from 1) of what holds all the words of q: first what
// is called q, then series, organisations and topics, then the rest, the newest
// first. A q without a word finds nothing.
func (e *Edition) Search(ctx context.Context, q string, page int) (SearchResult, error) {
	asked := question(q)
	all, exact, err := e.matches(ctx, q, asked)
	if err != nil {
		return SearchResult{}, database.Error(err, "published store")
	}
	all.Or(exact)
	r := SearchResult{Total: int(all.GetCardinality())}
	r.Page, _, r.Pages = pageOf(page, hitsPerPage, hitsPerPage, r.Total)
	if r.Page > r.Pages || r.Total == 0 {
		return r, nil
	}
	first, err := e.sortEntries(ctx, exact)
	if err != nil {
		return SearchResult{}, err
	}
	all.AndNot(exact)
	from, to := (r.Page-1)*hitsPerPage, r.Page*hitsPerPage
	shown := first[min(from, len(first)):min(to, len(first))]
	if rest := to - max(from, len(first)); rest > 0 {
		after, err := e.entriesFrom(ctx, all, max(from-len(first), 0), rest)
		if err != nil {
			return SearchResult{}, err
		}
		shown = append(slices.Clone(shown), after...)
	}
	r.Hits, err = e.hits(ctx, shown, exact, asked)
	return r, err
}

// question returns the terms of what was asked for. Common words count only if
// there are no others.
func question(q string) []string {
	var terms, ordinary []string
	for _, w := range words(q) {
		if utf8.RuneCountInString(w.term) == 1 && unspaced([]rune(w.term)[0]) && w.end-w.start < len(unspacedRun(q, w.start)) {
			continue // its pairs are asked for
		}
		if slices.Contains(terms, w.term) {
			continue
		}
		terms = append(terms, w.term)
		if !common[w.term] {
			ordinary = append(ordinary, w.term)
		}
	}
	if len(ordinary) > 0 {
		terms = ordinary
	}
	return terms[:min(len(terms), maxTerms)]
}

// unspacedRun returns the stretch of characters of a script without spaces that
// the character at start belongs to.
func unspacedRun(text string, at int) string {
	start, end := at, at
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !unspaced(r) {
			break
		}
		start -= size
	}
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unspaced(r) {
			break
		}
		end += size
	}
	return text[start:end]
}

// matches returns the entries that hold all terms, and those that are called q
// as a whole.
func (e *Edition) matches(ctx context.Context, q string, asked []string) (all, exact *roaring.Bitmap, err error) {
	whole := nameTerm(q)
	rows, err := findAll[termRow](e.db(ctx), "term IN ?", append(slices.Clone(asked), whole))
	if err != nil {
		return nil, nil, err
	}
	exact = roaring.New()
	var sets []*roaring.Bitmap
	for _, row := range rows {
		b, err := decodeBitmap(row.Entries)
		if err != nil {
			return nil, nil, err
		}
		if row.Term == whole {
			exact = b
		} else {
			sets = append(sets, b)
		}
	}
	if len(asked) == 0 || len(sets) < len(asked) {
		return roaring.New(), exact, nil
	}
	return roaring.FastAnd(sets...), exact, nil
}

// sortEntries returns all entries of a set in their order.
func (e *Edition) sortEntries(ctx context.Context, set *roaring.Bitmap) ([]entryRow, error) {
	rows, err := findAll[entryRow](e.db(ctx), "id IN ?", set.ToArray())
	if err != nil {
		return nil, database.Error(err, "published store")
	}
	slices.SortFunc(rows, func(a, b entryRow) int {
		return cmp.Or(cmp.Compare(b.Opened, a.Opened), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Slug, b.Slug))
	})
	return rows, nil
}

// entriesFrom returns n entries of a set in their order, after the first skip.
// Of a large set it walks through all entries in order, where it meets members
// soon: by stretches, since PostgreSQL sends a result whole.
func (e *Edition) entriesFrom(ctx context.Context, set *roaring.Bitmap, skip, n int) ([]entryRow, error) {
	if set.GetCardinality() <= sortedHits {
		all, err := e.sortEntries(ctx, set)
		return all[min(skip, len(all)):min(skip+n, len(all))], err
	}
	var found []entryRow
	for offset, length := 0, 500; ; offset, length = offset+length, 4*length {
		var rows []entryRow
		err := e.db(ctx).Order("opened DESC, kind, slug").Offset(offset).Limit(length).Find(&rows).Error
		if err != nil {
			return nil, database.Error(err, "published store")
		}
		for _, row := range rows {
			if !set.Contains(row.ID) {
				continue
			}
			if skip--; skip >= 0 {
				continue
			}
			if found = append(found, row); len(found) == n {
				return found, nil
			}
		}
		if len(rows) < length {
			return found, nil
		}
	}
}

// hits makes what is shown of entries, with the words that were asked for marked.
func (e *Edition) hits(ctx context.Context, shown []entryRow, exact *roaring.Bitmap, asked []string) ([]Hit, error) {
	slugs := map[published.Kind][]string{}
	for _, row := range shown {
		slugs[row.Kind] = append(slugs[row.Kind], row.Slug)
	}
	found := map[key]Hit{}
	add := func(f findable, h Hit) {
		title, texts := f.title, append([]string{strings.Join(f.names, " · ")}, f.texts...)
		if title == "" && len(f.texts) > 0 { // an observation without a heading
			title, texts = f.texts[0], nil
		}
		h.Kind, h.Slug, h.Title = f.kind, f.slug, mark(title, asked)
		if f.title == "" {
			h.Title = passage([]string{title}, asked)
		}
		h.Text = passage(texts, asked)
		found[key{f.kind, f.slug}] = h
	}
	series, err := documents[published.Series](ctx, e, published.KindSeries, slugs[published.KindSeries])
	if err != nil {
		return nil, err
	}
	for _, d := range series {
		add(findSeries(d.of), Hit{Sample: d.of.Sample})
	}
	rounds, err := documents[published.Round](ctx, e, published.KindRound, slugs[published.KindRound])
	if err != nil {
		return nil, err
	}
	for _, d := range rounds {
		add(findRound(d.of), Hit{Sample: d.of.Sample})
	}
	outputs, err := documents[published.Output](ctx, e, published.KindOutput, slugs[published.KindOutput])
	if err != nil {
		return nil, err
	}
	for _, d := range outputs {
		add(findOutput(d.of), hitIn(d.of))
	}
	if of := slugs[KindObservation]; len(of) > 0 {
		entries, err := e.observations(ctx, e.db(ctx).Where("slug IN ?", of))
		if err != nil {
			return nil, err
		}
		for _, o := range entries {
			add(findObservation(o.Output, o.Observation), hitIn(o.Output))
		}
	}
	organisations, err := findAll[organisationRow](e.db(ctx), "slug IN ?", slugs[published.KindOrganisation])
	if err != nil {
		return nil, database.Error(err, "organisation")
	}
	for _, row := range organisations {
		var o published.Organisation
		if err := row.document().Decode(&o); err != nil {
			return nil, fmt.Errorf("publishedstore: a stored organisation cannot be read")
		}
		add(findOrganisation(o), Hit{Sample: o.Sample})
	}
	topics, err := findAll[facetRow](e.db(ctx).Where("facet = ?", FacetTopic), "value IN ?", slugs[KindTopic])
	if err != nil {
		return nil, database.Error(err, "topic")
	}
	for _, row := range topics {
		add(findTopic(published.Ref{Slug: row.Value, Name: row.Name}), Hit{})
	}
	hits := make([]Hit, len(shown))
	for i, row := range shown {
		hits[i] = found[key{row.Kind, row.Slug}]
		hits[i].Exact = exact.Contains(row.ID)
	}
	return hits, nil
}

// hitIn returns what a hit says of the output that is it or holds it.
func hitIn(o published.Output) Hit {
	return Hit{Round: o.Round, Series: o.Series, Sample: o.Sample, Lang: foreign(o.Lang)}
}

// foreign returns a language unless it is English.
func foreign(lang string) string {
	if lang == "en" || strings.HasPrefix(lang, "en-") {
		return ""
	}
	return lang
}

// mark cuts a text into spans of what was asked for and what was not.
func mark(text string, asked []string) []Span {
	var spans []Span
	at := 0
	for _, w := range words(text) {
		if w.end <= at || !slices.Contains(asked, w.term) {
			continue
		}
		start := max(w.start, at)
		if start > at {
			spans = append(spans, Span{Text: text[at:start]})
		}
		if n := len(spans); n > 0 && spans[n-1].Mark && start == at {
			spans[n-1].Text += text[start:w.end]
		} else {
			spans = append(spans, Span{text[start:w.end], true})
		}
		at = w.end
	}
	if at < len(text) {
		spans = append(spans, Span{Text: text[at:]})
	}
	return spans
}

// Around a match, and of a text without one, a passage shows about this many bytes.
const (
	before = 80
	after  = 160
)

// passage returns the stretch around the first match in the first text that has
// one, else the beginning of the first text that is not empty.
func passage(texts []string, asked []string) []Span {
	fallback := ""
	for _, text := range texts {
		if fallback == "" {
			fallback = text
		}
		for _, w := range words(text) {
			if slices.Contains(asked, w.term) {
				return mark(excerpt(text, w.start-before, w.end+after), asked)
			}
		}
	}
	return mark(excerpt(fallback, 0, before+after), asked)
}

// excerpt returns about text[from:to], cut at spaces where there are some, with
// an ellipsis where something is left out.
func excerpt(text string, from, to int) string {
	head, tail := "", ""
	if from > 0 {
		head = "… "
		if i := strings.IndexByte(text[from:], ' '); i >= 0 && i < before/2 {
			from += i + 1
		}
		for !utf8.RuneStart(text[from]) {
			from++
		}
	}
	if to < len(text) {
		tail = " …"
		if i := strings.LastIndexByte(text[:to], ' '); i > to-before/2 {
			to = i
		}
		for !utf8.RuneStart(text[to]) {
			to--
		}
	}
	return head + text[max(from, 0):min(to, len(text))] + tail
}
