package names_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/names"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		hint names.Order
		want string // honorific/given/family/native/also, "!" for family first
	}{
		{"LIN Ruochuan", "", "/Ruochuan/Lin//!"},
		{"Ruochuan LIN", "", "/Ruochuan/Lin//"},
		{"Lin, Ruochuan", "", "/Ruochuan/Lin//!"},
		{"Lin Ruochuan", "", "/Ruochuan/Lin//!"},
		{"Ruochuan Lin", "", "/Ruochuan/Lin//"},
		{"Lin Ruochuan (林若川)", "", "/Ruochuan/Lin/林若川/!"},
		{"Ruochuan Lin 林若川", "", "/Ruochuan/Lin/林若川/"},
		{"林若川", "", "/若川/林//!"},
		{"欧阳明远", "", "/明远/欧阳//!"},
		{"Anna Berg", "", "/Anna/Berg//"},
		{"BERG Anna", "", "/Anna/Berg//"},
		{"Dr. Anna van der Berg", "", "Dr./Anna/van der Berg//"},
		{"van der BERG, Anna, Dr.", "", "Dr./Anna/van der Berg//"},
		{"Prof. Dr. Jürgen Weiß", "", "Prof. Dr./Jürgen/Weiß//"},
		{"Maj. Gen. (ret.) Arvid Holm", "", "ret. Maj. Gen./Arvid/Holm//"},
		{"Amb. Zoë de la Cruz", "", "Amb./Zoë/de la Cruz//"},
		{"Mr Yusuf al-Harith", "", "Mr/Yusuf/al-Harith//"},
		{"John Smith Jr.", "", "/John/Smith Jr.//"},
		{"John Smith, PhD", "", "PhD/John/Smith//"},
		{"William (Bill) Hart", "", "/William/Hart//Bill"},
		{"O'BRIEN Siobhán", "", "/Siobhán/O'Brien//"},
		{"Petrov Oleg Ivanovich", "", "/Oleg Ivanovich/Petrov//!"},
		{"Oleg Ivanovich Petrov", "", "/Oleg Ivanovich/Petrov//"},
		{"Петров Олег Иванович", "", "/Олег Иванович/Петров//!"},
		{"Kim Min-seo", "", "/Min-seo/Kim//!"},
		{"Nguyen Van Thanh", "", "/Van Thanh/Nguyen//!"},
		{"Varga Eszter", names.FamilyFirst, "/Eszter/Varga//!"},
		{"Varga Eszter", names.GivenFirst, "/Varga/Eszter//"},
		{"Sukarno", "", "//Sukarno//"},
		{"J. R. Hart", "", "/J. R./Hart//"},
		{"Dr", "", "//Dr//"},
		{"", "", "////"},
	} {
		p := names.Parse(tt.in, tt.hint)
		got := strings.Join([]string{p.Honorific, p.Given, p.Family, strings.Join(p.Native, "+"), strings.Join(p.Also, "+")}, "/")
		if p.FamilyFirst {
			got += "!"
		}
		if got != tt.want {
			t.Errorf("%q (%s): %s, not %s", tt.in, tt.hint, got, tt.want)
		}
	}
}

func TestLikely(t *testing.T) {
	full := func(s string) names.Person {
		p := names.Parse(s, names.AnyOrder)
		return names.Person{Given: p.Given, Family: p.Family, Native: p.Native}
	}
	for _, tt := range []struct {
		a, b string
		want names.Likeness
	}{
		{"Lin Ruochuan", "Ruochuan Lin", names.Same},
		{"Lin Ruochuan", "LIN Ruo-chuan", names.Same},
		{"Lin Ruochuan", "林若川", names.Same},
		{"Lin Ruochuan", "Lin Jo-ch'uan", names.Same},
		{"Teng Hsiao-p'ing", "Deng Xiaoping", names.Same},
		{"Mao Tse-tung", "Mao Zedong", names.Same},
		{"Lin Ruochuan (林若川)", "Lin Ruochuan (林若船)", names.Maybe},
		{"Anna Berg", "BERG Anna", names.Same},
		{"Anna Berg", "A. Berg", names.Maybe},
		{"Anna Maria Berg", "Anna Berg", names.Maybe},
		{"J. R. Hart", "John Robert Hart", names.Maybe},
		{"Anna Berg", "Anna Bergman", names.None},
		{"Anna Berg", "Bernt Berg", names.None},
		{"Jürgen Weiß", "Jurgen Weiss", names.Same},
		{"Jürgen Weiß", "Juergen Weiss", names.Maybe},
		{"Олег Петров", "Oleg Petrov", names.Same},
		{"Сергей Хорошилов", "Sergey Khoroshilov", names.Maybe},
		{"Sergei Khoroshilov", "Sergey Horoshilov", names.Maybe},
		{"Petrov Oleg Ivanovich", "Oleg Ivanovich Petrov", names.Same},
		{"James Thomas", "Thomas James", names.Maybe},
		{"Li Na", "Na Li", names.Same},
		{"Li Na", "Li Nan", names.None},
		{"Li Na", "Li Ni", names.None},
		{"Wang Wei", "Wang Wen", names.None},
		{"Zhang Wei", "Zhang Wenli", names.None},
		{"May", "May", names.Maybe},
		{"Siobhan Gallagher", "Siobhan Galagher", names.Maybe},
		{"محمد خالد", "Mohammed Khalid", names.Maybe},
		{"김민서", "Kim Min-seo", names.None},
		{"", "", names.None},
		{"Anna Berg", "", names.None},
	} {
		a, b := full(tt.a), full(tt.b)
		if got := names.Likely(a, b); got != tt.want {
			t.Errorf("%q and %q: %d, not %d\n%v\n%v", tt.a, tt.b, got, tt.want, names.Keys(a), names.Keys(b))
		}
		if tt.want != names.None && !share(names.Keys(a), names.Keys(b)) {
			t.Errorf("%q and %q share no key", tt.a, tt.b)
		}
	}
	// In which part a short name stands matters: these may be two people.
	if names.Likely(names.Person{Given: "Na", Family: "Li"}, names.Person{Given: "Li", Family: "Na"}) != names.Maybe {
		t.Error("a short name turned round")
	}
	alias := full("Robert Hart")
	alias.Aliases = []string{"Bob Hart", "罗伯特"}
	if names.Likely(alias, full("Bob Hart")) != names.Same || !share(names.Keys(alias), names.Keys(full("Bob Hart"))) {
		t.Error("an alias is a name")
	}
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

func TestLikelyBodies(t *testing.T) {
	body := func(s string) names.Body {
		name, rest, _ := strings.Cut(s, "|")
		acronym, country, _ := strings.Cut(rest, "|")
		return names.Body{Name: name, Acronym: acronym, Country: country}
	}
	for _, tt := range []struct {
		a, b string
		want names.Likeness
	}{
		{"Harbour Institute", "The Harbour Institute", names.Same},
		{"Harbour Institute (HI)", "harbour institute", names.Same},
		{"Weir Commission|WC|XA", "WC||XA", names.Same},
		{"Weir Commission|WC|XA", "WC", names.Maybe},
		{"Weir Commission|WC|XA", "WC||XB", names.None},
		{"Weir Commission|WC|XA", "wc", names.None},
		{"CSIS||US", "CSIS||CA", names.None},
		{"Center for Strategic and International Studies||US", "CSIS", names.Maybe},
		{"Center for Coastal Peace", "Centre for Coastal Peace, Inc.", names.Same},
		{"Peace Centre of the Coast", "Centre of Coast Peace", names.Same},
		{"Ministry of Foreign Affairs||CN", "Ministry of Foreign Affairs of the People's Republic of China", names.Same},
		{"Ministry of Foreign Affairs||CN", "Ministry of Foreign Affairs||KP", names.None},
		{"Ministry of Foreign Affairs||CN", "Ministry of Foreign Affairs", names.Maybe},
		{"Ministry of Foreign Affairs", "Japanese Ministry of Foreign Affairs", names.Maybe},
		{"Ministry of Foreign Affairs", "Ministry of Defence", names.None},
		{"CNCERT/CC||CN", "CNCERT", names.Maybe},
		{"北河研究院", "北河研究院", names.Same},
		{"外交部", "外交部", names.Maybe},
		{"外交部||CN", "外交部||JP", names.None},
		{"Harbour Institute for Peace", "Harbour Institute", names.Maybe},
		{"Vestrian Coast Command", "Vestrian Cost Command", names.None},
		{"Vestrian Harbour Command", "Vestrian Harbor Command", names.Maybe},
		{"Northern University", "Southern University", names.None},
		{"", "", names.None},
	} {
		a, b := body(tt.a), body(tt.b)
		if got := names.LikelyBodies(a, b); got != tt.want {
			t.Errorf("%q and %q: %d, not %d", tt.a, tt.b, got, tt.want)
		}
		if tt.want != names.None && !share(names.BodyKeys(a), names.BodyKeys(b)) {
			t.Errorf("%q and %q share no key: %v %v", tt.a, tt.b, names.BodyKeys(a), names.BodyKeys(b))
		}
	}
}

var word = rapid.SampledFrom([]string{"Lin", "Ruochuan", "Wei", "Anna", "van", "der", "Berg", "BERG", "林若川", "王", "Олег", "Петров", "J.", "O'Brien", "al-Harith", "Jo-ch'uan", "김민서", "محمد", "Dr.", "(Bill)", "Jr.", ",", "é", "x"})

func written(t *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(word, 0, 5).Draw(t, label), " ")
}

// A name is like itself and as like another as that is like it; whatever is
// alike shares a key.
func TestLikelyIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		person := func(label string) names.Person {
			p := names.Parse(written(t, label), rapid.SampledFrom([]names.Order{names.AnyOrder, names.GivenFirst, names.FamilyFirst}).Draw(t, "order"))
			return names.Person{Given: p.Given, Family: p.Family, Native: p.Native, Aliases: p.Also}
		}
		a, b := person("a"), person("b")
		ab, ba := names.Likely(a, b), names.Likely(b, a)
		if ab != ba {
			t.Fatalf("%+v %+v: %d and %d", a, b, ab, ba)
		}
		if ab != names.None && !share(names.Keys(a), names.Keys(b)) {
			t.Fatalf("%+v %+v share no key", a, b)
		}
		if a.Family != "" && len(names.Keys(a)) > 0 && names.Likely(a, a) == names.None {
			t.Fatalf("%+v is not like itself", a)
		}
		x, y := names.Body{Name: written(t, "x"), Country: rapid.SampledFrom([]string{"", "CN", "US"}).Draw(t, "cx")}, names.Body{Name: written(t, "y")}
		if names.LikelyBodies(x, y) != names.LikelyBodies(y, x) {
			t.Fatalf("%+v %+v", x, y)
		}
		if names.LikelyBodies(x, y) != names.None && !share(names.BodyKeys(x), names.BodyKeys(y)) {
			t.Fatalf("%+v %+v share no key", x, y)
		}
	})
}

// Dividing a name loses no letter of it.
func TestParseLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := written(t, "name")
		p := names.Parse(s, names.AnyOrder)
		count := func(s string) map[rune]int {
			n := map[rune]int{}
			for _, r := range strings.ToLower(s) {
				if !strings.ContainsRune(" ,()", r) {
					n[r]++
				}
			}
			return n
		}
		in, out := count(s), count(p.Honorific+p.Given+p.Family+strings.Join(p.Native, "")+strings.Join(p.Also, ""))
		if fmt.Sprint(in) != fmt.Sprint(out) {
			t.Fatalf("%q: %+v", s, p)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"LIN Ruochuan", "Dr. (ret.", "((", "林", ",,,", "Jr.", "（）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := names.Parse(s, names.AnyOrder)
		names.Keys(names.Person{Given: p.Given, Family: p.Family, Native: p.Native, Aliases: []string{s}})
		names.BodyKeys(names.Body{Name: s})
	})
}

func BenchmarkIndex(b *testing.B) {
	var x names.PersonIndex
	family := []string{"Lin", "Berg", "Petrov", "Hart", "Weiss", "Kim", "Duarte", "Holm"}
	for i := range 20_000 {
		x.Add(names.Person{Given: fmt.Sprint("Given", i), Family: family[i%len(family)]})
	}
	for b.Loop() {
		x.Like(names.Person{Given: "Given77", Family: "Kim"})
	}
}
