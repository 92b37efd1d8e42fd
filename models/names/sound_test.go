package names_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"track15/models/names"
)

// heard reports whether who is sought by the words is found.
func heard(p names.Person, words string) bool {
	sounds := names.Sounds(p)
	return slices.ContainsFunc(names.SoundsSought(words), func(way []string) bool {
		return !slices.ContainsFunc(way, func(s string) bool { return !slices.Contains(sounds, s) })
	})
}

func TestNameIsFoundAsItSounds(t *testing.T) {
	lin := names.Person{Family: "林", Given: "若川"}
	latin := names.Person{Family: "Lin", Given: "Ruochuan"}
	petrov := names.Person{Family: "Жуков", Given: "Евгений Юрьевич"}
	for _, tt := range []struct {
		who   names.Person
		yes   []string
		never []string
	}{
		{lin, []string{"Lin Ruochuan", "Ruochuan LIN", "LIN Ruo-chuan", "Lin Jo-ch'uan", "Jo-ch'uan", "ruochuan", "Lin", "林若川", "R. Lin"}, []string{"Lin Ruo", "Li", "Ling Ruochuan", "Chuan", "Lan Ruochuan", ""}},
		{latin, []string{"林若川", "若川", "Lin Jo-ch'uan", "林"}, []string{"林若", "川"}},
		{names.Person{Family: "Lin", Given: "Jo-ch'uan"}, []string{"Lin Ruochuan", "林若川"}, nil},
		{names.Person{Family: "Berg", Given: "Anna", Native: []string{"林若川"}}, []string{"Lin Ruochuan", "Anna"}, []string{"Anton"}},
		{petrov, []string{"Yevgeny Zhukov", "Zhukov Evgenii", "Evgeny Yurievich Zhukov", "Žukov"}, []string{"Yevgeny Zhukova", "Zykov"}},
		{names.Person{Family: "Zhukov", Given: "Evgeny"}, []string{"Евгений Жуков", "Жуков"}, []string{"Жукова"}},
		{names.Person{Family: "Zhang", Given: "Wei Min"}, []string{"Zhang Weimin", "Weimin Zhang", "张伟民"}, []string{"Zang Weimin"}},
		{names.Person{Family: "الحارث", Given: "يوسف"}, []string{"Yusuf al-Harith"}, nil},
	} {
		for _, words := range tt.yes {
			if !heard(tt.who, words) {
				t.Errorf("%v is not found by %q: %q sought in %q", tt.who, words, names.SoundsSought(words), names.Sounds(tt.who))
			}
		}
		for _, words := range tt.never {
			if heard(tt.who, words) {
				t.Errorf("%v is found by %q", tt.who, words)
			}
		}
	}
}

// A name is found by itself, in either order, and however long what is sought
// is, the ways to seek it stay few.
func TestNameIsFoundByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[A-Z][a-z]{1,9}`)
		p := names.Person{Given: word.Draw(t, "given"), Family: word.Draw(t, "family")}
		for _, words := range []string{p.Given + " " + p.Family, p.Family + ", " + p.Given, p.Family} {
			if !heard(p, words) {
				t.Fatalf("%v is not found by %q", p, words)
			}
		}
		if n := len(names.SoundsSought(rapid.String().Draw(t, "anything"))); n > 60 {
			t.Fatalf("%d ways", n)
		}
	})
}
