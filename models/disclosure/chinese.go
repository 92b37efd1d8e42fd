package disclosure

import (
	"sync"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"
)

// simplify turns traditional Chinese characters into simplified ones. It is read
// when the first Han character is met: about 0.2 s.
var simplify = sync.OnceValue(func() func(rune) rune {
	t2s, err := opencc.New("t2s")
	if err != nil {
		panic(err) // the table is part of the library
	}
	var known sync.Map
	return func(r rune) rune {
		if s, ok := known.Load(r); ok {
			return s.(rune)
		}
		out := r
		if s, err := t2s.Convert(string(r)); err == nil && utf8.RuneCountInString(s) == 1 {
			out, _ = utf8.DecodeRuneInString(s)
		}
		known.Store(r, out)
		return out
	}
})

// simple is a Han character in its simplified form.
func simple(r rune) rune { return simplify()(r) }
