package components

import "testing"

func TestCountry(t *testing.T) {
	for code, want := range map[string]string{
		"CN": "China", "US": "United States", "GB": "United Kingdom", "KP": "North Korea", "EU": "European Union", "MM": "Myanmar",
		"XA": "", "XB": "", "XZ": "", "ZZ": "", "QQ": "", "": "", "cn": "", "C": "", "156": "", "China": "",
	} {
		if got := Country(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}
