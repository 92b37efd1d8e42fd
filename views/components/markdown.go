package components

import (
	"bytes"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown reads released texts. Raw HTML in them is left out, and headings
// begin at the third level, below those of the page.
var markdown = goldmark.New(goldmark.WithParserOptions(
	parser.WithASTTransformers(util.Prioritized(lowered{}, 100)),
))

// policy is what may stand in a released text: no image, since a picture from
// elsewhere tells its host who reads.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6", "code", "pre", "hr")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.RequireParseableURLs(true)
	return p
}()

// Markdown shows a released text.
func Markdown(source string) templ.Component {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(source), &b); err != nil {
		panic("components: " + err.Error()) // a buffer takes every byte
	}
	return templ.Raw(policy.Sanitize(b.String()))
}

type lowered struct{}

// Transform moves headings down so that the highest ones stand at the third level.
func (lowered) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	highest := 6
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			highest = min(highest, h.Level)
		}
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(h.Level-highest+3, 6)
		}
	}
}
