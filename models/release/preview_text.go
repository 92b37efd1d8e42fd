package release

import (
	"context"
	"strconv"

	"track15/models/published"
	"track15/models/record"
)

// PreviewText makes the document of a text with the words of o.Draft, saved or not,
// as a release would. Nothing is stored. It has no public addresses yet, and the
// ground rules are not asked: what they let out is held when a release is
// prepared.
//
// It fails with Invalid if the words make no document.
func (s *Service) PreviewText(ctx context.Context, actor record.Actor, o record.Output) (published.Output, error) {
	in, err := s.record.Series(ctx, actor, o.SeriesID)
	if err != nil {
		return published.Output{}, err
	}
	w := writer{directory: directory{}, slugs: map[string]string{o.ID: "preview"}, numbers: map[string]int{}, public: func(string) bool { return false }}
	n := 0
	for _, ob := range o.Draft.Observations {
		if clean(ob.Text) != "" {
			n++
			w.slugs[ob.ID], w.numbers[ob.ID] = "preview-"+strconv.Itoa(n), n
		}
	}
	return w.output(o, nil, in)
}
