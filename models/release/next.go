package release

import (
	"context"
	"maps"

	"track15/models/published"
	"track15/models/record"
)

// Next compares what would become public of a round's own document, if a
// release of it were prepared now, with what is public, as Compare does.
// Nothing is frozen. What actor may not read is left out.
//
// It fails with Forbidden or Invalid, in words for a person, if the round
// cannot be released as it stands.
func (s *Service) Next(ctx context.Context, actor record.Actor, roundID string) ([]Row, error) {
	r, err := s.record.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	r.Rules = r.Rules.Lifted(s.clock())
	in, err := s.record.Series(ctx, actor, r.SeriesID)
	if err != nil {
		return nil, err
	}
	w := writer{directory: s.around(ctx, actor, r, in), slugs: map[string]string{}, numbers: map[string]int{}, public: func(string) bool { return true }}
	doc, err := w.round(r, in)
	if err != nil {
		return nil, err
	}
	standing, err := s.Released(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	var was []field
	for _, d := range standing {
		if d.Kind == string(published.KindRound) && d.Present {
			old, err := decode(d.FrozenDocument)
			if err != nil {
				return nil, err
			}
			was = fieldsOf(old)
		}
	}
	held, internal := s.heldRound(ctx, actor, r)
	return compare(doc, was, held, internal), nil
}

// around reads the organisations that a round can show, with all above them,
// as far as actor may; what they read of the round they can name.
func (s *Service) around(ctx context.Context, actor record.Actor, r record.Round, in record.Series) directory {
	all := directory{}
	if names, err := s.record.NamesOf(ctx, actor, r.ID); err == nil {
		maps.Copy(all, names)
	}
	ids := append([]string(nil), in.ConvenerIDs()...)
	for _, p := range r.Presences {
		ids = append(ids, p.OrganisationID, p.CategoryID)
	}
	whole := map[string]bool{}
	for len(ids) > 0 {
		found := s.namesOf(ctx, actor, ids)
		ids = nil
		for id, o := range found {
			if _, known := whole[id]; !known {
				whole[id] = true
				all[id] = o
				ids = append(ids, o.ParentID)
			}
		}
	}
	return all
}

// ReleasedDocument returns one document that was ever public, as it stands now.
func (s *Service) ReleasedDocument(ctx context.Context, actor record.Actor, kind published.Kind, slug string) (record.PublicDocument, error) {
	return s.record.PublicDocument(ctx, actor, string(kind), slug)
}
