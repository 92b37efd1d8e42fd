// Package site runs the public side: in track15-public, and in the child
// process of track15. It links nothing of the record.
package site

import (
	"net"
	"net/url"
	"os"

	"track15/models/fault"
	"track15/web/public"
)

// House holds the flags that say whose pages these are.
type House struct {
	Name       string `name:"house-name" default:"Your institute" help:"Name of the house, at the head of every page." group:"House"`
	Tagline    string `name:"house-tagline" default:"Register of Track 1.5 dialogues" help:"What stands under the name." group:"House"`
	Logo       string `name:"house-logo" type:"path" placeholder:"FILE" help:"Logo, an SVG or PNG file." group:"House"`
	Colour     string `name:"house-colour" placeholder:"#RRGGBB" help:"Colour of links and marks." group:"House"`
	ColourDark string `name:"house-colour-dark" placeholder:"#RRGGBB" help:"The same on a dark page." group:"House"`
	Contact    string `name:"contact" help:"How to reach the house: an address, or words." group:"House"`
	Imprint    string `name:"imprint" help:"Who answers for these pages." group:"House"`
}

// Read returns the settings as the public pages take them, with the logo read
// from its file. It fails with Invalid if the file cannot be read.
func (h House) Read() (public.House, error) {
	p := public.House{
		Name: h.Name, Tagline: h.Tagline, Contact: h.Contact, Imprint: h.Imprint,
		Colour: h.Colour, ColourDark: h.ColourDark,
	}
	if h.Logo == "" {
		return p, nil
	}
	b, err := os.ReadFile(h.Logo)
	if err != nil {
		return p, fault.Field("--house-logo", "The logo cannot be read.")
	}
	p.Logo = b
	return p, nil
}

// Address completes an address of pages. If base is "", it is http at the
// listener's own address, or at localhost if it listens everywhere. Hosts are
// the names under which the listener answers: those of both.
func Address(base string, at net.Addr) (address string, hosts []string, err error) {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return "", nil, err
	}
	everywhere := host == "" || net.ParseIP(host).IsUnspecified()
	if everywhere {
		host = "localhost"
	}
	own := net.JoinHostPort(host, port)
	if base == "" {
		return "http://" + own, []string{own}, nil
	}
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", nil, fault.Errorf(fault.Invalid, "the address of pages is like https://example.org, without a user, a query or a fragment")
	}
	hosts = []string{u.Host}
	if !everywhere && own != u.Host {
		hosts = append(hosts, own)
	}
	return base, hosts, nil
}
