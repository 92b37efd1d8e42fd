package recordstore

import (
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// kindOrder is the order in which an envelope puts documents: what is named
// before what names it.
var kindOrder = []string{kindSeries, kindOrganisation, kindRound, kindOutput}

// byOrder compares two kinds by that order.
func byOrder(a, b string) int { return slices.Index(kindOrder, a) - slices.Index(kindOrder, b) }

// An effect computes what one release does to the public.
//
// A release says what is put and what is taken away. What the public can read
// then follows:
//
//   - a round is present while it stands, that is, until it is taken away;
//   - an output is present while it stands and its round or series is present;
//   - an organisation is present while a present round names it and whatever it
//     names as its parent is present;
//   - a series is present while one of its rounds is, and present rounds name
//     every convener that it names.
//
// Of all sets of documents with these properties it is the greatest. Only what
// can change is read: the documents of the release, and what hangs on them.
type effect struct {
	tx      *gorm.DB
	release string
	nodes   map[documentKey]*node
	// turned are the documents whose presence is decided anew; the other nodes
	// are only looked at.
	turned map[documentKey]bool
}

// A node is where a document stands, before and after.
type node struct {
	releaseStateRow
	names   []string // organisations it names, as it stands
	was     releaseStateRow
	renamed bool // this release puts it
}

// effectOf computes what a release with the number does, with its rows of the
// log. It writes nothing; see store.
func effectOf(tx *gorm.DB, r releaseRow, number int64) (*effect, []releaseLogRow, error) {
	e := newEffect(tx, r.ID)
	for _, step := range []func() error{e.put, e.drop, e.spread} {
		if err := step(); err != nil {
			return nil, nil, err
		}
	}
	e.settle()
	return e, e.log(number), nil
}

func newEffect(tx *gorm.DB, release string) *effect {
	return &effect{tx: tx, release: release, nodes: map[documentKey]*node{}, turned: map[documentKey]bool{}}
}

// load reads nodes that were not read yet. Those that were never delivered
// come into being.
func (e *effect) load(keys []documentKey) error {
	var missing []documentKey
	for _, k := range keys {
		if e.nodes[k] == nil {
			missing = append(missing, k)
		}
	}
	states, err := readStates(e.tx, missing)
	if err != nil {
		return err
	}
	for _, k := range missing {
		row, ok := states[k]
		if !ok {
			row = releaseStateRow{Kind: k.kind, Slug: k.slug}
		}
		e.nodes[k] = &node{releaseStateRow: row, was: row}
	}
	for kind, slugs := range byKind(missing) {
		if kind != kindSeries && kind != kindOrganisation {
			continue
		}
		var rows []releaseNameRow
		if err := e.tx.Where("kind = ? AND slug IN ?", kind, slugs).Find(&rows).Error; err != nil {
			return database.Error(err, "release")
		}
		for _, r := range rows {
			n := e.nodes[documentKey{r.Kind, r.Slug}]
			n.names = append(n.names, r.Named)
		}
	}
	return nil
}

// put makes the release's documents stand.
func (e *effect) put() error {
	var rows []releaseDocumentRow
	err := e.tx.Select(documentColumns).Where("release_id = ?", e.release).Order("position").Find(&rows).Error
	if err != nil {
		return database.Error(err, "release")
	}
	keys := make([]documentKey, len(rows))
	for i, r := range rows {
		keys[i] = documentKey{r.Kind, r.Slug}
	}
	if err := e.load(keys); err != nil {
		return err
	}
	if err := e.unname(keys); err != nil {
		return err
	}
	var named []naming
	for i, r := range rows {
		n := e.nodes[keys[i]]
		n.ObjectID, n.ReleaseID, n.Document, n.ChangedBy = r.ObjectID, e.release, r.Position, e.release
		n.Notice, n.Reason = "", ""
		n.Within, n.WithinSeries = r.Within, r.WithinSeries
		n.names, n.renamed = r.Names.V, true
		e.turned[keys[i]] = true
		if r.Kind == kindRound {
			named = append(named, naming{r.Within, r.Names.V})
		}
	}
	return e.count(named, 1)
}

// drop takes away what the release takes away.
func (e *effect) drop() error {
	var rows []releaseDropRow
	if err := e.tx.Where("release_id = ?", e.release).Order("position").Find(&rows).Error; err != nil {
		return database.Error(err, "release")
	}
	return e.away(rows)
}

// away takes documents away.
func (e *effect) away(rows []releaseDropRow) error {
	keys := make([]documentKey, len(rows))
	for i, r := range rows {
		keys[i] = documentKey{r.Kind, r.Slug}
	}
	if err := e.load(keys); err != nil {
		return err
	}
	if err := e.unname(keys); err != nil {
		return err
	}
	for i, r := range rows {
		n := e.nodes[keys[i]]
		n.ChangedBy, n.Notice, n.Reason = e.release, r.Notice, r.Reason
		e.turned[keys[i]] = true
	}
	return nil
}

// A naming is what a round names: its series and its organisations.
type naming struct {
	series        string
	organisations []string
}

// unname takes back what those of the documents that are present rounds name.
func (e *effect) unname(keys []documentKey) error {
	var rounds []documentKey
	for _, k := range keys {
		if k.kind == kindRound && e.nodes[k].Present == 1 {
			rounds = append(rounds, k)
		}
	}
	var named []naming
	for kind, slugs := range byKind(rounds) {
		var rows []releaseDocumentRow
		err := e.tx.Raw(`SELECT d.slug, d.within, d.names FROM release_documents d JOIN release_state s
			ON s.kind = d.kind AND s.slug = d.slug AND s.release_id = d.release_id AND s.document = d.position
			WHERE s.kind = ? AND s.slug IN ?`, kind, slugs).Scan(&rows).Error
		if err != nil {
			return database.Error(err, "release")
		}
		for _, r := range rows {
			named = append(named, naming{r.Within, r.Names.V})
		}
	}
	return e.count(named, -1)
}

// count changes how many present rounds name each series and organisation.
func (e *effect) count(named []naming, by int64) error {
	deltas := map[documentKey]int64{}
	for _, n := range named {
		deltas[documentKey{kindSeries, n.series}] += by
		for _, slug := range n.organisations {
			deltas[documentKey{kindOrganisation, slug}] += by
		}
	}
	keys := slices.SortedFunc(maps.Keys(deltas), documentKey.compare)
	if err := e.load(keys); err != nil {
		return err
	}
	for _, k := range keys {
		e.nodes[k].Disclosed += deltas[k]
		e.turned[k] = true
	}
	return nil
}

// spread turns everything whose presence hangs on what is turned already, and
// loads what that hangs on.
func (e *effect) spread() error {
	fresh := slices.SortedFunc(maps.Keys(e.turned), documentKey.compare)
	for len(fresh) > 0 {
		found, err := e.dependants(fresh)
		if err != nil {
			return err
		}
		fresh = nil
		for _, k := range found {
			if !e.turned[k] {
				e.turned[k] = true
				fresh = append(fresh, k)
			}
		}
		slices.SortFunc(fresh, documentKey.compare)
		if err := e.load(fresh); err != nil {
			return err
		}
	}
	var around []documentKey
	for k := range e.turned {
		n := e.nodes[k]
		for _, slug := range n.names {
			around = append(around, documentKey{kindOrganisation, slug})
		}
		if k.kind == kindOutput {
			around = append(around, n.above())
		}
	}
	slices.SortFunc(around, documentKey.compare)
	return e.load(slices.Compact(around))
}

// dependants reads what hangs on the documents: organisations and series that
// name an organisation, texts of a round or series.
func (e *effect) dependants(keys []documentKey) ([]documentKey, error) {
	var all []documentKey
	for kind, slugs := range byKind(keys) {
		switch kind {
		case kindOrganisation:
			var rows []releaseNameRow
			if err := e.tx.Where("named IN ?", slugs).Find(&rows).Error; err != nil {
				return nil, database.Error(err, "release")
			}
			for _, r := range rows {
				all = append(all, documentKey{r.Kind, r.Slug})
			}
			for k := range e.turned { // as this release names them
				if k.kind != kindRound && slices.ContainsFunc(e.nodes[k].names, func(s string) bool { return slices.Contains(slugs, s) }) {
					all = append(all, k)
				}
			}
		case kindRound, kindSeries:
			var found []string
			err := e.tx.Model(&releaseStateRow{}).Where("kind = ? AND within_series = ? AND within IN ?", kindOutput, flag(kind == kindSeries), slugs).
				Pluck("slug", &found).Error
			if err != nil {
				return nil, database.Error(err, "release")
			}
			for _, slug := range found {
				all = append(all, documentKey{kindOutput, slug})
			}
		}
	}
	return all, nil
}

// above is the document without which an output is not present.
func (n *node) above() documentKey {
	if n.WithinSeries == 1 {
		return documentKey{kindSeries, n.Within}
	}
	return documentKey{kindRound, n.Within}
}

// settle decides what is present: everything turned that may be, less what is
// missing something, until nothing more falls.
func (e *effect) settle() {
	var open []documentKey
	for k := range e.turned {
		n := e.nodes[k]
		n.Present = flag(n.ReleaseID != "" && n.Notice == "")
		if n.Present == 1 && k.kind != kindRound {
			open = append(open, k)
		}
	}
	slices.SortFunc(open, documentKey.compare)
	for fell := true; fell; {
		fell = false
		for _, k := range open {
			if n := e.nodes[k]; n.Present == 1 && !e.supported(k, n) {
				n.Present, fell = 0, true
			}
		}
	}
}

// supported reports whether everything a document hangs on is there.
func (e *effect) supported(k documentKey, n *node) bool {
	if k.kind == kindOutput {
		return e.nodes[n.above()].Present == 1
	}
	if n.Disclosed < 1 {
		return false
	}
	for _, slug := range n.names {
		named := e.nodes[documentKey{kindOrganisation, slug}]
		if k.kind == kindSeries && named.Disclosed < 1 || k.kind == kindOrganisation && named.Present == 0 {
			return false
		}
	}
	return true
}

// log returns what changes for the public, in the order of the envelope: first
// what is put, then what goes. It notes what then stands at the address of what
// is absent.
func (e *effect) log(number int64) []releaseLogRow {
	keys := slices.SortedFunc(maps.Keys(e.turned), documentKey.compare)
	var puts, drops []releaseLogRow
	for _, k := range keys {
		n := e.nodes[k]
		row := releaseLogRow{Number: number, Kind: k.kind, Slug: k.slug}
		switch {
		case n.Present == 1:
			n.Shown = ""
			if n.was.Present == 0 || n.ReleaseID != n.was.ReleaseID || n.Document != n.was.Document {
				row.DocumentOf, row.Document = n.ReleaseID, n.Document
				puts = append(puts, row)
			}
		case n.was.Present == 1 || n.was.Shown != "":
			n.Shown, row.Reason = e.notice(k, n)
			row.Notice = n.Shown
			if n.was.Present == 1 || n.Shown != n.was.Shown || n.ChangedBy == e.release {
				drops = append(drops, row)
			}
		}
	}
	slices.SortStableFunc(puts, func(a, b releaseLogRow) int {
		return byOrder(a.Kind, b.Kind)
	})
	rows := append(puts, drops...)
	for i := range rows {
		rows[i].Position = int64(i + 1)
	}
	return rows
}

// notice is what stands at the address of a document that is absent: its own
// notice, or that of the round a text belongs to. Organisations and series
// leave none, nor does what left silently or is of a round that did.
func (e *effect) notice(k documentKey, n *node) (notice, reason string) {
	switch {
	case k.kind == kindSeries || k.kind == kindOrganisation:
		return "", ""
	case n.Notice == record.Silent || k.kind == kindOutput && e.nodes[n.above()].Notice == record.Silent:
		return "", ""
	case n.Notice != "":
		return n.Notice, n.Reason
	case n.WithinSeries == 1:
		return "", ""
	}
	return e.nodes[n.above()].Notice, ""
}

// store stores the rows of the log and where every document stands after them.
func (e *effect) store(rows []releaseLogRow) error {
	if err := insertRows(e.tx, rows); err != nil {
		return err
	}
	return e.save()
}

// save stores where everything turned stands now.
func (e *effect) save() error {
	var rows []releaseStateRow
	var names []releaseNameRow
	var renamed []documentKey
	for _, k := range slices.SortedFunc(maps.Keys(e.turned), documentKey.compare) {
		n := e.nodes[k]
		rows = append(rows, n.releaseStateRow)
		if n.renamed && (k.kind == kindSeries || k.kind == kindOrganisation) {
			renamed = append(renamed, k)
			for _, slug := range n.names {
				names = append(names, releaseNameRow{k.kind, k.slug, slug})
			}
		}
	}
	for kind, slugs := range byKind(renamed) {
		if err := e.tx.Where("kind = ? AND slug IN ?", kind, slugs).Delete(&releaseNameRow{}).Error; err != nil {
			return database.Error(err, "release")
		}
	}
	if err := insertRows(e.tx, names); err != nil {
		return err
	}
	return replaceRows(e.tx, rows, "kind", "slug")
}
