package components

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestIconsAreHiddenAndStandAlone(t *testing.T) {
	for _, name := range Icons() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := Icon(name).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			for _, not := range []string{"style=", "xlink", "href", "<script", "id="} {
				if strings.Contains(b.String(), not) {
					t.Errorf("contains %q", not)
				}
			}
			doc, err := html.Parse(strings.NewReader(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			svg := doc.FirstChild.LastChild.FirstChild
			hidden := false
			for _, a := range svg.Attr {
				hidden = hidden || a.Key == "aria-hidden" && a.Val == "true"
			}
			if svg.Data != "svg" || svg.NextSibling != nil || svg.FirstChild == nil || !hidden {
				t.Errorf("not one hidden svg: %s", b.String())
			}
		})
	}
}

func TestUnknownIconPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a misspelt icon passes")
		}
	}()
	Icon("lokc")
}
