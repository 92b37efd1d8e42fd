package desk

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// relinked is a page of the public side as it stands in a frame of the desk:
// links to pages of the preview lead there, those within the page stay, all
// others lead nowhere, and scripts, which a frame may not run, are left out.
// Every other byte is as the public reads it.
func relinked(page []byte, known map[string]string) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		name, more := z.TagName()
		if string(name) == "script" {
			if kind == html.StartTagToken {
				for kind != html.EndTagToken && kind != html.ErrorToken {
					kind = z.Next()
				}
			}
			continue
		}
		if (kind != html.StartTagToken && kind != html.SelfClosingTagToken) || !more || string(name) != "a" && string(name) != "area" && string(name) != "form" {
			out.Write(raw)
			continue
		}
		out.WriteString("<" + string(name))
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			if k := string(key); k == "href" || k == "action" {
				to := within(string(value), known)
				if to == "" {
					continue
				}
				value = []byte(to)
			}
			out.WriteString(" " + string(key) + `="` + html.EscapeString(string(value)) + `"`)
		}
		out.WriteString(">")
	}
}

// within is where a link of a page leads within the preview, "" for nowhere.
func within(to string, known map[string]string) string {
	path, fragment, marked := strings.Cut(to, "#")
	if marked {
		fragment = "#" + fragment
	}
	if path == "" {
		return fragment
	}
	if here, ok := known[path]; ok {
		return here + fragment
	}
	return ""
}
