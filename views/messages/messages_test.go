package messages

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every language says the same things, and nothing is in the files that no page
// says, nor the other way round.
func TestEveryLanguageSaysWhatPagesSay(t *testing.T) {
	said := map[string]bool{}
	key := regexp.MustCompile(`"((?:sheet|reply)\.[a-z_.]+)"`)
	for _, root := range []string{"../desk", "../links", "../public", "../components", "../layout", "../../web"} {
		err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
			if err != nil || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
				return err
			}
			b, err := os.ReadFile(path)
			for _, m := range key.FindAllSubmatch(b, -1) {
				said[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(Languages) < 2 || Languages[0].Tag != "en" || len(said) < 15 {
		t.Fatalf("%d languages, %d keys", len(Languages), len(said))
	}
	want := slices.Sorted(maps.Keys(said))
	for _, l := range Languages {
		if got := slices.Sorted(maps.Keys(l.words)); !slices.Equal(got, want) {
			t.Errorf("%s says %v, pages say %v", l.Tag, got, want)
		}
		for k, words := range l.words {
			if strings.TrimSpace(words) == "" {
				t.Errorf("%s: %s is empty", l.Tag, k)
			}
		}
	}
	if In("ZH-hans").Tag != "zh-Hans" || In("fr").Tag != "en" {
		t.Error("a language is not found, or one that is not there is")
	}
}
