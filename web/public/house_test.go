package public

import (
	"net/http"
	"strings"
	"testing"

	"track15/models/fault"
)

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>`

func TestHouse(t *testing.T) {
	w := aWorld(t)
	o := options
	o.Demonstration = false
	o.House = House{
		Name: "Institute <of> Tests", Logo: []byte(svg), Colour: "#7a1f3d", ColourDark: "#f2a7c0",
		Contact: "https://example.org/contact", Imprint: "Institute of Tests, 1 Street",
	}
	site, err := New(w.reader, o)
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, get(site, "/").Body.String())
	for _, f := range []found{
		{"title", "Rounds · Institute <of> Tests"},
		{".house b", "Institute <of> Tests"},
		{"img.house-logo[src^='/assets/logo-'][alt='']", ""},
		{"link[rel=stylesheet][href^='/assets/house-']", ""},
		{"footer a[href='https://example.org/contact']", "Corrections and removals"},
		{"footer li", "Institute of Tests, 1 Street"},
	} {
		if !f.in(t, doc) {
			t.Errorf("nothing matches %s with %q", f.selector, f.words)
		}
	}
	if (found{".demo", ""}).in(t, doc) {
		t.Error("the demonstration line is there without a demonstration")
	}
	css := get(site, addressIn(t, site, "/assets/house-"))
	if css.Code != http.StatusOK || css.Body.String() != ":root{--public:light-dark(#7a1f3d,#f2a7c0);--public-band:#7a1f3d}\n" || css.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %s %s", css.Code, css.Header().Get("Content-Type"), css.Body)
	}
	logo := get(site, addressIn(t, site, "/assets/logo-"))
	if logo.Body.String() != svg || logo.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(logo.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the logo: %v", logo.Header())
	}
}

// addressIn finds the address of a file in the front page.
func addressIn(t *testing.T, site http.Handler, prefix string) string {
	t.Helper()
	_, rest, ok := strings.Cut(get(site, "/").Body.String(), `"`+prefix)
	if !ok {
		t.Fatalf("nothing is named %s", prefix)
	}
	name, _, _ := strings.Cut(rest, `"`)
	return prefix + name
}

func TestSettingsThatAreNone(t *testing.T) {
	w := emptyWorld(t, sqlite(t))
	for _, tt := range []struct {
		field  string
		change func(*Options)
	}{
		{"base-url", func(o *Options) { o.BaseURL = "" }},
		{"base-url", func(o *Options) { o.BaseURL = "register.example.org" }},
		{"base-url", func(o *Options) { o.BaseURL = "https://register.example.org/below" }},
		{"base-url", func(o *Options) { o.BaseURL = "https://me:secret@register.example.org" }},
		{"house-colour", func(o *Options) { o.House.Colour = "red" }},
		{"house-colour", func(o *Options) { o.House.Colour = "#fff;}" }},
		{"house-colour", func(o *Options) { o.House.Colour = "#ffe000" }}, // cannot be read on paper
		{"house-colour", func(o *Options) { o.House.ColourDark = "#ffe000" }},
		{"house-colour-dark", func(o *Options) { o.House.Colour, o.House.ColourDark = "#7a1f3d", "#102030" }},
		{"house-logo", func(o *Options) { o.House.Logo = []byte("GIF89a") }},
		{"house-logo", func(o *Options) { o.House.Logo = []byte{} }},
	} {
		o := options
		tt.change(&o)
		_, err := New(w.reader, o)
		if all := fault.All(err); len(all) != 1 || all[0].Field != tt.field || all[0].Kind != fault.Invalid {
			t.Errorf("%s: %v", tt.field, err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Error("the fault repeats what was given")
		}
	}
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#777777", "#ffffff", 4.48}} {
		if got, err := contrast(tt.a, tt.b); err != nil || got < tt.want-.01 || got > tt.want+.01 {
			t.Errorf("%s on %s: %.2f, %v", tt.a, tt.b, got, err)
		}
	}
}
