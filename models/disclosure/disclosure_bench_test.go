package disclosure

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// invented builds a record of so many words of notes and names from made words
// that are used as often as words of a language are.
func invented(noteWords, people int) (Record, func(words int) string) {
	rng := rand.New(rand.NewPCG(15, uint64(noteWords)))
	common := strings.Fields(`water river gate fish quota survey cable ship station reactor fuel inspector camera treaty border market price harbour captain minister
		letter radio signal satellite rocket launch orbit debris warning pump valve metal winter summer night morning road bridge train village farmer
		doctor hospital school teacher student paper report number budget salary house office table dinner hotel airport visa passport guard police`)
	syllables := strings.Fields(`ka lo mi tor ven dal gri sta mon pel ura shi nok bre fal zin qua rem tol wex`)
	var rare []string
	for range 20_000 {
		w := ""
		for range 2 + rng.IntN(3) {
			w += syllables[rng.IntN(len(syllables))]
		}
		rare = append(rare, w)
	}
	small := strings.Fields(`the of and to in that was he they it for on with as by at from but not this which had were said`)
	zipf := rand.NewZipf(rng, 1.1, 4, uint64(len(rare)-1))
	sentence := func(b *strings.Builder) int {
		n := 8 + rng.IntN(18)
		for i := range n {
			if i > 0 {
				b.WriteByte(' ')
			}
			switch r := rng.IntN(100); {
			case r < 45:
				b.WriteString(small[rng.IntN(len(small))])
			case r < 75:
				b.WriteString(common[rng.IntN(len(common))])
			case r < 97:
				b.WriteString(rare[zipf.Uint64()])
			default:
				fmt.Fprint(b, 2+rng.IntN(500))
			}
		}
		b.WriteString(". ")
		return n
	}
	text := func(words int) string {
		var b strings.Builder
		for n := 0; n < words; {
			n += sentence(&b)
		}
		return b.String()
	}
	r := Record{Rounds: []Round{{ID: "r0", Series: "Long Talks", Number: 3, Opens: "2026-01-10", Closes: "2026-01-11", City: "Kalomi", Hidden: Hidden{true, true, true, true}}}}
	for i := range 200 {
		r.Bodies = append(r.Bodies, Body{ID: fmt.Sprint("b", i), Names: []string{titled(rare[i]) + " " + titled(rare[i+300]) + " Institute"}, Acronyms: []string{fmt.Sprintf("Q%cX%d", 'A'+rune(i%26), i)}})
	}
	for i := range people {
		r.People = append(r.People, Person{ID: fmt.Sprint("p", i), Given: titled(rare[i%7000]), Family: titled(rare[(i*7)%20_000]), Country: "RU", Presences: []Presence{{Round: "r0", Body: "b1", Role: rare[i%500] + " adviser"}}})
	}
	for i := 0; noteWords > 0; i++ {
		n := min(300, noteWords)
		r.Notes = append(r.Notes, Note{ID: fmt.Sprint("n", i), Round: "r0", Text: text(n)})
		noteWords -= n
	}
	return r, text
}

func titled(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

func BenchmarkCheck(b *testing.B) {
	for _, size := range []struct{ words, people int }{{100_000, 1_000}, {1_000_000, 10_000}} {
		r, text := invented(size.words, size.people)
		x := New(r)
		draft, paragraph := text(1000), text(80)
		b.Run(fmt.Sprintf("draft/%d", size.words), func(b *testing.B) {
			for b.Loop() {
				x.Check(draft, Options{})
			}
		})
		b.Run(fmt.Sprintf("paragraph/%d", size.words), func(b *testing.B) {
			for b.Loop() {
				x.Check(paragraph, Options{})
			}
		})
		note := text(300)
		b.Run(fmt.Sprintf("note/%d", size.words), func(b *testing.B) {
			for b.Loop() {
				x.AddNote(Note{ID: "more", Round: "more", Text: note})
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	r, _ := invented(200_000, 1_000)
	for b.Loop() {
		New(r)
	}
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

// BenchmarkHeap says what an index of a million words holds.
func BenchmarkHeap(b *testing.B) {
	r, _ := invented(1_000_000, 10_000)
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	New(Record{}) // the dictionary is the program's
	var x *Index
	for b.Loop() {
		before := held()
		x = New(r)
		b.ReportMetric(float64(held()-before)/(1<<20), "MiB")
	}
	runtime.KeepAlive(x)
}
