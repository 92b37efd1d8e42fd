package publishedstore

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// encodeBitmap makes the stored form: equal sets give equal bytes, however
// they came about.
func encodeBitmap(b *roaring.Bitmap) ([]byte, error) {
	b.RunOptimize()
	return b.ToBytes()
}

// decodeBitmap reads the stored form.
func decodeBitmap(stored []byte) (*roaring.Bitmap, error) {
	b := roaring.New()
	if len(stored) == 0 {
		return b, nil
	}
	if err := b.UnmarshalBinary(stored); err != nil {
		return nil, fmt.Errorf("publishedstore: a stored bitmap cannot be read")
	}
	return b, nil
}

// A change is what one release does to a bitmap: what it takes out leaves
// first, so a number may be freed and given again.
type change struct{ add, remove *roaring.Bitmap }

// apply returns the bitmap after the change.
func (c *change) apply(stored []byte) (*roaring.Bitmap, error) {
	b, err := decodeBitmap(stored)
	if err != nil {
		return nil, err
	}
	b.AndNot(c.remove)
	b.Or(c.add)
	return b, nil
}

// A changes holds the changes of many bitmaps by key.
type changes[K comparable] map[K]*change

func (m changes[K]) of(key K) *change {
	c := m[key]
	if c == nil {
		c = &change{roaring.New(), roaring.New()}
		m[key] = c
	}
	return c
}

// An allocator gives the lowest free number.
type allocator struct {
	taken *roaring.Bitmap
	from  uint32 // every number below it is taken
}

func newAllocator(stored []byte) (*allocator, error) {
	taken, err := decodeBitmap(stored)
	if err != nil {
		return nil, err
	}
	a := &allocator{taken: taken}
	a.rewind()
	return a, nil
}

// rewind finds the lowest free number: the least n with fewer than n+1 numbers
// taken up to n.
func (a *allocator) rewind() {
	low, high := uint64(0), a.taken.GetCardinality()
	for low < high {
		mid := (low + high) / 2
		if a.taken.Rank(uint32(mid)) < mid+1 {
			high = mid
		} else {
			low = mid + 1
		}
	}
	a.from = uint32(low)
}

func (a *allocator) next() uint32 {
	for a.taken.Contains(a.from) {
		a.from++
	}
	n := a.from
	a.taken.Add(n)
	a.from++
	return n
}

func (a *allocator) free(n uint32) {
	a.taken.Remove(n)
	a.from = min(a.from, n)
}
