package public

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"track15/assets"
	"track15/models/fault"
	"track15/views/layout"
)

// A House is who runs the register, as its public pages show it. Its zero value
// is a house without a name of its own.
type House struct {
	Name    string // "" is "Register"
	Tagline string
	Logo    []byte // an SVG or PNG picture; nil for none
	// Colour is that of the letterhead and of links, "#rrggbb"; "" for the
	// sheet's own. ColourDark is that of links in the dark theme; "" with Colour
	// given is the sheet's own. Links must stand out from the paper.
	Colour     string
	ColourDark string
	Contact    string // a mail address, a web address or words
	Imprint    string // the same
}

// A file is one of the house's own, served under a name that changes with it.
type file struct {
	contentType string
	body        []byte
}

// settle checks the settings and makes what follows from them.
func (s *site) settle(o Options) error {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || strings.Trim(base.Path, "/") != "" || base.RawQuery != "" || base.User != nil {
		return fault.Field("base-url", "The base address is a scheme and a host, as in https://register.example.org.")
	}
	s.base, s.host = base.Scheme+"://"+base.Host, base.Hostname()
	set := assets.Public()
	s.look = layout.Site{
		Name: o.House.Name, Tagline: o.House.Tagline, Base: s.base, Demonstration: o.Demonstration,
		Styles: []string{set.Path("public.css")}, Scripts: []string{set.Path("public.js")}, Icon: set.Path("icon.svg"),
	}
	if s.look.Name == "" {
		s.look.Name = "Register"
	}
	s.look.ContactText, s.look.ContactHref = o.House.Contact, addressOf(o.House.Contact)
	s.look.Imprint, s.look.ImprintHref = o.House.Imprint, addressOf(o.House.Imprint)
	if s.look.ImprintHref != "" {
		s.look.Imprint = "Imprint"
	}
	s.files = map[string]file{}
	css, err := sheet(o.House)
	if err != nil {
		return err
	}
	if css != "" {
		s.look.Styles = append(s.look.Styles, s.add("house", ".css", "text/css; charset=utf-8", []byte(css)))
	}
	if o.House.Logo != nil {
		ext, contentType, err := picture(o.House.Logo)
		if err != nil {
			return err
		}
		s.look.Logo = s.add("logo", ext, contentType, o.House.Logo)
	}
	return nil
}

// add serves a file of the house and returns its path.
func (s *site) add(name, ext, contentType string, body []byte) string {
	sum := sha256.Sum256(body)
	path := "/assets/" + name + "-" + hex.EncodeToString(sum[:8]) + ext
	s.files[path] = file{contentType, body}
	return path
}

// picture tells what a logo is by its first bytes.
func picture(b []byte) (ext, contentType string, err error) {
	head := b[:min(len(b), 512)]
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return ".png", "image/png", nil
	case bytes.Contains(head, []byte("<svg")):
		return ".svg", "image/svg+xml", nil
	}
	return "", "", fault.Field("house-logo", "The logo is an SVG or a PNG picture.")
}

// addressOf is what to link for a contact: the address itself, mailto: for a
// mail address, "" for words.
func addressOf(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	if a, err := mail.ParseAddress(s); err == nil && a.Name == "" {
		return "mailto:" + a.Address
	}
	return ""
}

// The paper and the tint that links stand on, in both themes, and the links of
// the sheet in the dark one.
const (
	paper, paperTint = "#fbfbf9", "#e2efee"
	dark, darkTint   = "#0f171b", "#12292c"
	linkDark         = "#76c8ca"
)

// sheet is the house's own style sheet, "" without colours. It refuses a colour
// that cannot be read on its ground: a ratio under 4.5.
func sheet(h House) (string, error) {
	if h.Colour == "" && h.ColourDark == "" {
		return "", nil
	}
	if h.Colour == "" {
		return "", fault.Field("house-colour", "A colour for the dark theme needs one for the light theme too.")
	}
	inDark := h.ColourDark
	if inDark == "" {
		inDark = linkDark
	}
	for _, check := range []struct {
		field, colour string
		grounds       []string
	}{
		{"house-colour", h.Colour, []string{paper, paperTint}},
		{"house-colour-dark", inDark, []string{dark, darkTint}},
	} {
		for _, ground := range check.grounds {
			r, err := contrast(check.colour, ground)
			if err != nil {
				return "", fault.Field(check.field, "A colour is a number sign and six digits, as in #0b565c.")
			}
			if r < 4.5 {
				return "", fault.Field(check.field, "Links in this colour cannot be read: its contrast is %.1f and must be 4.5.", r)
			}
		}
	}
	return fmt.Sprintf(":root{--public:light-dark(%s,%s);--public-band:%s}\n", h.Colour, inDark, h.Colour), nil
}

// contrast is the WCAG 2 ratio of two colours, from 1 to 21.
func contrast(a, b string) (float64, error) {
	la, err := luminance(a)
	lb, err2 := luminance(b)
	if err := errors.Join(err, err2); err != nil {
		return 0, err
	}
	return (max(la, lb) + .05) / (min(la, lb) + .05), nil
}

func luminance(colour string) (float64, error) {
	if len(colour) != 7 || colour[0] != '#' {
		return 0, errors.New("no colour")
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return 0, err
	}
	linear := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*linear(16) + .7152*linear(8) + .0722*linear(0), nil
}
