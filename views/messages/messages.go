// Package messages holds words of pages in several languages, a file each, named
// by its BCP-47 tag. Another language is another file with the same keys.
package messages

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed *.json
var files embed.FS

// A Language has the words of pages in one language.
type Language struct {
	Tag   string
	words map[string]string
}

// Languages are all languages, English first, the others by their tags.
var Languages = load()

func load() []Language {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is part of the program
	}
	all := make([]Language, 1, len(entries))
	for _, e := range entries {
		b, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		l := Language{Tag: strings.TrimSuffix(e.Name(), ".json")}
		if err := json.Unmarshal(b, &l.words); err != nil {
			panic(fmt.Sprintf("messages: %s: %v", e.Name(), err))
		}
		if l.Tag == "en" {
			all[0] = l
		} else {
			all = append(all, l)
		}
	}
	return all
}

// In is the language with the tag, or else English.
func In(tag string) Language {
	for _, l := range Languages {
		if strings.EqualFold(l.Tag, tag) {
			return l
		}
	}
	return Languages[0]
}

// Say returns the words for a key. It panics for a key that is in no file.
func (l Language) Say(key string) string {
	if words, there := l.words[key]; there {
		return words
	}
	if words, there := Languages[0].words[key]; there {
		return words
	}
	panic("messages: no words for " + key)
}
