package components

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"track15/models/published"
)

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMarkdownLetsNothingThroughThatActs(t *testing.T) {
	got := rendered(t, Markdown("# One\n\nA *word* and [a link](https://example.org/x) and [another](javascript:alert(1)).\n\n"+
		"![pixel](https://spy.example/p.png)\n\n<script>alert(1)</script>\n\n<p onclick=x style=\"color:red\">raw</p>\n\n3. three\n"))
	for _, has := range []string{"<h3>One</h3>", "<em>word</em>", `<a href="https://example.org/x"`, `<ol start="3">`} {
		if !strings.Contains(got, has) {
			t.Errorf("lacks %s:\n%s", has, got)
		}
	}
	for _, hasNot := range []string{"<img", "spy.example", "script", "onclick", "style", "<h1", "id="} {
		if strings.Contains(got, hasNot) {
			t.Errorf("holds %s:\n%s", hasNot, got)
		}
	}
}

// A category stands once on its side and never under a capacity: a capacity
// would say what the category was chosen to leave open.
func TestTable15KeepsCategoriesApart(t *testing.T) {
	category := published.Line{Form: published.FormCategory, Body: published.Body{Slug: "security-services-cn", Name: "security services (China)"}, Track: "1", Role: "host"}
	got := rendered(t, Table15([]published.Side{{Name: "China", Lines: []published.Line{
		category,
		{Form: published.FormBody, Body: published.Body{Slug: "cn-mfa", Name: "MFA", Native: []published.Name{{Text: "外交部", Lang: "zh-Hans"}}}, Track: "1"},
		category,
		{Form: published.FormWords, Body: published.Body{Name: "independent researchers"}, Track: "2"},
		{Form: published.FormBody, Body: published.Body{Name: "A body"}},
	}}}))
	if n := strings.Count(got, "Security services"); n != 1 {
		t.Errorf("the category stands %d times", n)
	}
	officials, rest, ok := strings.Cut(got, "Named by category")
	if !ok || strings.Contains(officials, "Security services") || !strings.Contains(officials, "MFA") {
		t.Error(got)
	}
	byCategory, rest, _ := strings.Cut(rest, "<h4>")
	if strings.Contains(byCategory, "cap") || strings.Contains(byCategory, "Host") || !strings.Contains(rest, "Non-government") || !strings.Contains(officials, "Also at the table") {
		t.Error(got)
	}
	if strings.Contains(got, "security services") || !strings.Contains(got, "Independent researchers") {
		t.Error("a line begins without a capital")
	}
	for _, has := range []string{`<span lang="zh-Hans">外交部</span>`, `href="/organisations/cn-mfa"`} {
		if !strings.Contains(got, has) {
			t.Errorf("lacks %s", has)
		}
	}
	if strings.Contains(got, `href="/organisations/"`) {
		t.Error("words that name no body are a link")
	}
}
