// Command generate packs WordNet's database into the one file that package words
// embeds: generate DIRECTORY FILE. Debian's package wordnet-base has the
// database.
//
// A line of the file is a stem, its parts of speech, how common it is, its
// meanings, "|", the meanings next to those, "|", and the stems by which they are
// explained; or an irregular form, "=" and the word it is a form of.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"track15/models/disclosure/words"
)

// files are the parts of WordNet, each with the letter that pointers name it by.
var files = []struct {
	name   string
	letter string
	class  words.Class
}{{"noun", "n", words.Noun}, {"verb", "v", words.Verb}, {"adj", "a", words.Adjective}, {"adv", "r", words.Adverb}}

// senses is how many meanings of a word count, the most frequent ones.
const senses = 5

// near are the pointers that lead to a meaning next to one: wider, derived from
// it, similar, a part of speech's twin, caused or entailed.
var near = map[string]bool{"@": true, "+": true, "&": true, "\\": true, ">": true, "*": true, "$": true, "^": true}

type stem struct {
	class  words.Class
	count  int
	own    []string
	beside []string
	said   []string // stems of the explanations
}

// explained is how many meanings of a word are explained, the most frequent ones,
// and telling how often a word of an explanation was seen at most.
const (
	explained = 3
	telling   = 60
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: generate DIRECTORY FILE")
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func generate(from, to string) error {
	stems, irregular := map[string]*stem{}, map[string]string{}
	counts, err := counted(filepath.Join(from, "cntlist.rev"))
	if err != nil {
		return err
	}
	beside, said := map[string][]string{}, map[string][]string{}
	for _, f := range files {
		if err := pointers(filepath.Join(from, "data."+f.name), f.letter, beside, said); err != nil {
			return err
		}
	}
	for _, f := range files {
		err := each(filepath.Join(from, "index."+f.name), func(fields []string) {
			lemma := fields[0]
			if !plain(lemma) {
				return
			}
			key := words.Cut(lemma)
			s := stems[key]
			if s == nil {
				s = &stem{}
				stems[key] = s
			}
			n, _ := strconv.Atoi(fields[2])
			s.class |= f.class
			s.count += counts[f.letter+lemma]
			for i, offset := range fields[len(fields)-n:] {
				if id := f.letter + offset; i < senses && !slices.Contains(s.own, id) {
					s.own = append(s.own, id)
					s.beside = append(s.beside, beside[id]...)
					if i < explained {
						s.said = append(s.said, said[id]...)
					}
				}
			}
		})
		if err != nil {
			return err
		}
		err = each(filepath.Join(from, f.name+".exc"), func(fields []string) {
			if plain(fields[0]) && len(fields) > 1 && plain(fields[1]) && irregular[fields[0]] == "" {
				irregular[fields[0]] = fields[1]
			}
		})
		if err != nil {
			return err
		}
	}
	return write(to, stems, irregular)
}

// counted reads how often each word was seen, by the letter of its part of
// speech and the word.
func counted(file string) (map[string]int, error) {
	letters := map[string]string{"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
	counts := map[string]int{}
	err := each(file, func(fields []string) {
		word, sense, _ := strings.Cut(fields[0], "%")
		n, _ := strconv.Atoi(fields[len(fields)-1])
		counts[letters[sense[:1]]+word] += n
	})
	return counts, err
}

// pointers reads which meanings stand next to which, and the words that explain
// each.
func pointers(file, letter string, beside, said map[string][]string) error {
	return each(file, func(fields []string) {
		id := letter + fields[0]
		said[id] = explanation(strings.Join(fields[slices.Index(fields, "|")+1:], " "))
		n, _ := strconv.ParseInt(fields[3], 16, 32)
		rest := fields[4+2*n:]
		count, _ := strconv.Atoi(rest[0])
		for p := rest[1:]; count > 0; count, p = count-1, p[4:] {
			if near[p[0]] {
				other := strings.Replace(p[2], "s", "a", 1) + p[1]
				if !slices.Contains(beside[id], other) {
					beside[id] = append(beside[id], other)
				}
			}
		}
	})
}

// explanation returns the stems of a meaning's explanation, without examples.
func explanation(s string) []string {
	s, _, _ = strings.Cut(s, "; \"")
	var all []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(w) > 3 {
			all = append(all, words.Cut(w))
		}
	}
	return all
}

func write(file string, stems map[string]*stem, irregular map[string]string) error {
	numbers := map[string]int{}
	number := func(id string) string {
		if _, ok := numbers[id]; !ok {
			numbers[id] = len(numbers) + 1
		}
		return strconv.FormatInt(int64(numbers[id]), 36)
	}
	var b bytes.Buffer
	packed, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(stems)) {
		s := stems[key]
		var own, beside []string
		for _, id := range s.own {
			own = append(own, number(id))
		}
		slices.Sort(s.beside)
		for _, id := range slices.Compact(s.beside) {
			if !slices.Contains(s.own, id) {
				beside = append(beside, number(id))
			}
		}
		var said []string
		slices.Sort(s.said)
		for _, w := range slices.Compact(s.said) {
			if other := stems[w]; other != nil && w != key && other.count <= telling {
				said = append(said, w)
			}
		}
		fmt.Fprintf(packed, "%s %c%c %s|%s|%s\n", key, 'a'+rune(s.class), 'a'+rune(bits.Len(uint(s.count))), strings.Join(own, " "), strings.Join(beside, " "), strings.Join(said, " "))
	}
	for _, form := range slices.Sorted(maps.Keys(irregular)) {
		if words.Cut(form) != words.Cut(irregular[form]) {
			fmt.Fprintf(packed, "%s =%s\n", form, irregular[form])
		}
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// plain reports whether a word is one of small letters only.
func plain(s string) bool {
	return len(s) > 1 && strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// each calls f with the fields of every line that is no comment.
func each(file string, f func(fields []string)) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if line := lines.Text(); !strings.HasPrefix(line, " ") && line != "" {
			f(strings.Fields(line))
		}
	}
	return lines.Err()
}
