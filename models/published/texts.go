package published

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Texts returns all words of an encoded document: each string of it, in the order
// of its fields' names.
func Texts(body []byte) ([]string, error) {
	var doc any
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("published: %w", err)
	}
	return texts(doc, nil), nil
}

func texts(v any, all []string) []string {
	switch v := v.(type) {
	case string:
		return append(all, v)
	case []any:
		for _, e := range v {
			all = texts(e, all)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = texts(v[name], all)
		}
	}
	return all
}
