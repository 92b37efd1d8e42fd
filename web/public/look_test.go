package public

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"track15/web/browsertest"
)

// every page, as a reader meets it.
var looked = []string{
	"/", "/rounds?topic=cyber-security", "/rounds?agency=cn-cac&since=2024", "/rounds/" + seedRound, "/rounds/kasmere-5",
	"/observations/" + seedRound + "-observation-1", "/observations/kasmere-3-observation-1", "/observations/kasmere-4-observation-1",
	"/rounds/kasmere-1", "/organisations", "/organisations/ncrc", "/organisations/cn-security-services", "/observations",
	"/series/csis-cicir-cyber", "/topics/cyber-security", "/search?q=attribution", "/search?q=外交部", "/search?q=nothing-at-all", "/search", "/not-there",
}

func TestLook(t *testing.T) {
	w := aWorld(t)
	server := httptest.NewServer(w.site)
	defer server.Close()
	for _, path := range looked {
		for _, v := range []struct {
			name string
			view browsertest.View
		}{{"1440-light", browsertest.View{}}, {"390-dark", browsertest.View{Width: 390, Dark: true}}} {
			p := browsertest.Open(t, server.URL+path, v.view)
			p.NoOverflow()
			if dir := os.Getenv("LOOK"); dir != "" {
				p.Screenshot(dir + "/" + strings.NewReplacer("/", "_", "?", "_", "=", "-", "&", "-").Replace(path) + "-" + v.name + ".png")
			}
		}
	}
}
