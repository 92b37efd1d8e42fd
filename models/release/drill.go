package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
)

// A Drill is what a withdrawal would do, tried out on a private copy of the
// published store. It holds addresses and counts, no word of a text.
type Drill struct {
	Leaves []published.Drop // every document, in the order of the log
	Words  int              // passages and words that stood only in what leaves, also in its earlier versions
	Before int              // how many of these the files of the copy held before
	After  []string         // names of files that hold one of them afterwards: none, if all is well
	Open   []string         // addresses that the copy still reads afterwards, as kind/slug: none, if all is well
	Files  int              // files that were scanned
	Steps  []DrillStep
}

// Passed reports whether nothing of what leaves is left.
func (d Drill) Passed() bool { return len(d.After) == 0 && len(d.Open) == 0 && d.Before > 0 }

// A DrillStep is one thing that was done, and how long it took.
type DrillStep struct {
	What string
	Took time.Duration
}

// DrillWithdrawal tries out what withdrawing a round or text would do: it copies
// the published store into the folder, which must be empty and private, folds the
// withdrawal in there, reads the copy as the public would and scans every byte
// of its files. Neither store is changed; the folder is the caller's to remove.
//
// It fails with Invalid if the reference names nothing that can be withdrawn,
// with Conflict if nothing of it is public.
func (s *Service) DrillWithdrawal(ctx context.Context, actor record.Actor, reference string, way record.Way, folder string) (d Drill, err error) {
	began := time.Now()
	step := func(what string) {
		d.Steps = append(d.Steps, DrillStep{what, time.Since(began)})
		began = time.Now()
	}
	if way != record.WithNotice && way != record.Silently {
		return d, fault.Field("way", "A drill leaves the notice or nothing.")
	}
	r, err := s.record.Rehearse(ctx, actor, reference, noticeOf(way))
	if err != nil {
		return d, err
	}
	envelope := envelopeOf(r.Entry)
	d.Leaves = envelope.Drop
	step("Computed what leaves")

	copied, err := publishedstore.OpenWriter(ctx, "sqlite:"+filepath.Join(folder, "writer.db"), publishedstore.WriterOptions{Snapshots: filepath.Join(folder, "published")})
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	if err := s.published.CopyInto(ctx, copied); err != nil {
		return d, err
	}
	step("Copied the published store")

	words, err := wordsOfAll(r.Versions)
	if err != nil {
		return d, err
	}
	found, _, err := scan(folder, words)
	if err != nil {
		return d, err
	}
	step("Scanned the copy before")
	if err := copied.Apply(ctx, envelope); err != nil {
		return d, err
	}
	step("Withdrew it there")

	stay, err := copied.Holding(ctx, words)
	if err != nil {
		return d, err
	}
	words = slices.DeleteFunc(words, func(w string) bool { return stay[w] })
	d.Words = len(words)
	for _, w := range words {
		if len(found[w]) > 0 {
			d.Before++
		}
	}
	left, files, err := scan(folder, words)
	if err != nil {
		return d, err
	}
	d.Files = files
	for _, names := range left {
		d.After = append(d.After, names...)
	}
	slices.Sort(d.After)
	d.After = slices.Compact(d.After)
	step("Scanned every byte of it afterwards")
	if d.Open, err = stillOpen(ctx, copied, filepath.Join(folder, "published"), envelope.Drop); err != nil {
		return d, err
	}
	step("Read it as the public would")
	return d, nil
}

// stillOpen returns what a reader of the folder can read of what was to leave,
// or does not answer for as it was to.
func stillOpen(ctx context.Context, copied *publishedstore.Writer, folder string, drops []published.Drop) (open []string, err error) {
	reader, err := publishedstore.OpenReader(ctx, folder, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	edition, err := reader.Edition(ctx)
	if err != nil {
		return nil, err
	}
	defer edition.Close()
	for _, d := range drops {
		bodies, err := copied.Bodies(ctx, d.Kind, []string{d.Slug})
		if err != nil {
			return nil, err
		}
		if len(bodies) > 0 {
			open = append(open, string(d.Kind)+"/"+d.Slug)
		}
		n, err := edition.Notice(ctx, d.Kind, d.Slug)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if n.Notice != d.Notice {
			open = append(open, string(d.Kind)+"/"+d.Slug)
		}
	}
	slices.Sort(open)
	return slices.Compact(open), nil
}

// unspoken are the keys of documents whose values are no words of a text.
var unspoken = []string{"slug", "kind", "output_kind", "form", "track", "role", "state", "lang", "preset", "country"}

// wordsOfAll returns the passages of documents, and their longer words, in small
// letters, as they stand in JSON and as they are; each once.
func wordsOfAll(docs []record.FrozenDocument) ([]string, error) {
	all := map[string]bool{}
	add := func(s string) {
		if s = string(publishedstore.Lower([]byte(s))); len(s) >= 8 {
			all[s] = true
		}
	}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(k, inner)
			}
		case []any:
			for _, inner := range v {
				walk(key, inner)
			}
		case string:
			if slices.Contains(unspoken, key) {
				return
			}
			add(v)
			if quoted, err := json.Marshal(v); err == nil {
				add(string(quoted[1 : len(quoted)-1]))
			}
			for word := range strings.FieldsFuncSeq(v, func(r rune) bool { return !unicode.IsLetter(r) }) {
				add(word)
			}
		}
	}
	for _, d := range docs {
		var v any
		if err := json.Unmarshal(d.Body, &v); err != nil {
			return nil, fault.Errorf(fault.Invalid, "a released document cannot be read")
		}
		walk("", v)
	}
	words := make([]string, 0, len(all))
	for w := range all {
		words = append(words, w)
	}
	slices.Sort(words)
	return words, nil
}

// scan returns which files of a folder hold each of the words, in large or small
// letters, and how many files there are.
func scan(folder string, words []string) (found map[string][]string, files int, err error) {
	found = map[string][]string{}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return fault.Errorf(fault.Unavailable, "a file of the copy cannot be read")
		}
		files++
		b = publishedstore.Lower(b)
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				found[w] = append(found[w], d.Name())
			}
		}
		return nil
	})
	return found, files, err
}
