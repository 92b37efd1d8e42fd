package names

import (
	"strconv"
	"testing"
)

// Names that all share a word are not compared each with each.
func TestACommonWordFindsNothing(t *testing.T) {
	const n = 5000
	var x index[string]
	keys := func(i int) []string { return []string{"w:bureau", "n:" + strconv.Itoa(i)} }
	for i := range n {
		x.add(strconv.Itoa(i), keys(i))
	}
	compared := 0
	alike := func(a, b string) Likeness {
		compared++
		if a == b {
			return Same
		}
		return None
	}
	for i := range n {
		if hits := x.like(strconv.Itoa(i), keys(i), alike); len(hits) != 1 || hits[0].At != i {
			t.Fatalf("%d: %v", i, hits)
		}
	}
	if compared > n*2 {
		t.Errorf("%d comparisons for %d names", compared, n)
	}
	if hits := x.like("7", []string{"w:bureau"}, alike); len(hits) != 1 || hits[0].At != 7 {
		t.Errorf("a name with nothing but common words finds %v", hits)
	}
	if hits := x.like("7", nil, alike); hits != nil {
		t.Errorf("a name without words finds %v", hits)
	}
}
