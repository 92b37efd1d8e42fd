package names

import (
	"slices"
	"strings"
)

// maxSought is how many words of what is sought count.
const maxSought = 8

// longest is the longest sound, in bytes; of longer words the beginning counts.
const longest = 200

// Sounds returns how the words of a name sound in Latin letters, each once and
// in any order: about four for a name. A name in another script sounds like its
// romanisation, one in Wade-Giles like its pinyin.
func Sounds(p Person) []string {
	var all []string
	for _, f := range write(p).forms {
		for _, w := range append(slices.Clone(f.words), f.family, f.given) {
			if w != "" {
				all = append(all, sound(w))
			}
		}
		if f.bones != "" {
			all = append(all, bonesOf(f.script == arabic, f.bones))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// SoundsSought returns the ways in which sought words may sound, at most a few
// dozen: a person is found if all sounds of one way are among Sounds of the
// person. Initials stand for any name, unless nothing else is sought.
func SoundsSought(words string) [][]string {
	var ways [][]string
	add := func(words ...string) {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
		if slices.ContainsFunc(words, func(w string) bool { return len(w) > 1 }) {
			words = slices.DeleteFunc(words, func(w string) bool { return len(w) == 1 })
		}
		if len(words) == 0 || len(words) > maxSought {
			return
		}
		way := make([]string, len(words))
		for i, w := range words {
			way[i] = sound(w)
		}
		slices.Sort(way)
		if way = slices.Compact(way); !slices.ContainsFunc(ways, func(other []string) bool { return slices.Equal(way, other) }) {
			ways = append(ways, way)
		}
	}
	p := Parse(words, AnyOrder)
	for _, f := range write(Person{Given: p.Given, Family: p.Family, Native: p.Native}).forms {
		add(slices.Clone(f.words)...)
		add(f.family, f.given)
		add(f.family + f.given)
		if f.bones != "" {
			ways = append(ways, []string{bonesOf(f.script != arabic, f.bones)})
		}
	}
	if one := ascii(strings.TrimSpace(words)); strings.ContainsAny(one, "-'") {
		for _, reading := range wadeReadings(one) {
			add(reading)
		}
	}
	return ways
}

// sound is a word as it sounds, roughly. A single syllable of Mandarin, and
// what is as short, is written in one way only.
func sound(word string) string {
	if len(word) > longest {
		word = strings.ToValidUTF8(word[:longest], "")
	}
	if len(word) < 4 || syllables(word) == 1 {
		return word
	}
	return "~" + single(looser.Replace(word))
}

// bonesOf is the name without vowels, apart for the scripts that leave them out:
// only a name that has none is found by one that has.
func bonesOf(withoutVowels bool, bones string) string {
	if len(bones) > longest {
		bones = strings.ToValidUTF8(bones[:longest], "")
	}
	if withoutVowels {
		return "." + bones
	}
	return ":" + bones
}
