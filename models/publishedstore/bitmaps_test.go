package publishedstore

import (
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"
)

// However a set came about, it is stored in the same bytes.
func TestEqualSetsAreStoredAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.Uint32Range(0, 70_000), 0, 50).Draw(t, "numbers")
		from := rapid.Uint64Range(0, 66_000).Draw(t, "from")
		length := rapid.Uint64Range(0, 9_000).Draw(t, "length")
		a := roaring.New()
		a.AddRange(from, from+length)
		a.AddMany(numbers)
		b := roaring.New()
		all := a.ToArray()
		slices.Reverse(all)
		for i, n := range all {
			b.Add(n)
			b.Add(n + 100_000)
			if i%3 == 0 { // stored and read again on the way
				stored, err := encodeBitmap(b)
				if err != nil {
					t.Fatal(err)
				}
				if b, err = decodeBitmap(stored); err != nil {
					t.Fatal(err)
				}
			}
		}
		c := &change{roaring.New(), roaring.New()}
		c.remove.AddRange(100_000, 200_000)
		stored, _ := encodeBitmap(b)
		changed, err := c.apply(stored)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := encodeBitmap(a)
		two, _ := encodeBitmap(changed)
		if string(one) != string(two) {
			t.Fatalf("a set of %d numbers is stored in two ways", len(all))
		}
	})
}

func TestDecodeBitmapRefuses(t *testing.T) {
	if _, err := decodeBitmap([]byte("not a bitmap")); err == nil {
		t.Error("no error")
	}
}

// An allocator gives the lowest number that is free, as a plain search finds it.
func TestAllocator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := roaring.New()
		start.AddMany(rapid.SliceOf(rapid.Uint32Range(0, 40)).Draw(t, "taken"))
		taken := map[uint32]bool{}
		for _, n := range start.ToArray() {
			taken[n] = true
		}
		stored, err := encodeBitmap(start)
		if err != nil {
			t.Fatal(err)
		}
		a, err := newAllocator(stored)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			if free := rapid.Uint32Range(0, 45).Draw(t, "free"); taken[free] && rapid.Bool().Draw(t, "free?") {
				delete(taken, free)
				a.free(free)
				continue
			}
			want := uint32(0)
			for taken[want] {
				want++
			}
			if got := a.next(); got != want {
				t.Fatalf("got %d, want %d", got, want)
			}
			taken[want] = true
		}
		if int(a.taken.GetCardinality()) != len(taken) {
			t.Fatalf("%d taken, want %d", a.taken.GetCardinality(), len(taken))
		}
	})
}
