package cite_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"track15/models/published"
	"track15/models/published/cite"
)

var seed = cite.Work{
	Slug: "three-observations", Type: cite.Account,
	Authors: []published.Author{{Family: "Sulmeyer", Given: "Michael"}, {Family: "Chang", Given: "Amy"}},
	Title:   "Three Observations on China's Approach to State Action in Cyberspace",
	Outlet:  "Lawfare", Date: "2017-01-22", URL: "https://lawfare.example/three",
}

var corrected = cite.Work{
	Slug: "kasmere-3-observation-1", Type: cite.Own,
	Authors: []published.Author{{Literal: "Harbour Institute"}, {Literal: "Kasmere Policy Forum"}},
	Title:   "Protecting {Hospital} Networks & 100% More", Outlet: "Kasmere Dialogue", Date: "2026-02-03", Version: 2,
}

func TestForms(t *testing.T) {
	for _, tt := range []struct {
		name  string
		write func(cite.Work) string
		work  cite.Work
		want  string
	}{
		{
			"the seed, to the letter", cite.House, seed,
			`Sulmeyer, Michael and Amy Chang. “Three Observations on China's Approach to State Action in Cyberspace.” Lawfare, January 22, 2017.`,
		},
		{
			"an outlet that names its house", cite.House,
			cite.Work{Authors: []published.Author{{Family: "Segal", Given: "Adam"}}, Title: "The Continued Importance of the U.S.-China Cyber Dialogue", Outlet: "Net Politics (Council on Foreign Relations)", Date: "2017-01-23"},
			`Segal, Adam. “The Continued Importance of the U.S.-China Cyber Dialogue.” Net Politics (Council on Foreign Relations), January 23, 2017.`,
		},
		{
			"three authors, a question, a quotation, a month", cite.House,
			cite.Work{Authors: []published.Author{{Family: "A", Given: "B."}, {Family: "C", Given: "D"}, {Literal: "王小明"}}, Title: "What is “attribution”?", Outlet: "X", Date: "2017-01"},
			`A, B., D C and 王小明. “What is ‘attribution’?” X, January 2017.`,
		},
		{"nothing but a title", cite.House, cite.Work{Title: "Notice"}, `“Notice.”`},
		{
			"an entry of the register", cite.House,
			cite.Work{Type: cite.Entry, Title: "CSIS-CICIR Cybersecurity Dialogue, 10th round", Outlet: "Your Institute", Reference: "csis-cicir-cyber-10"},
			`“CSIS-CICIR Cybersecurity Dialogue, 10th round.” Your Institute, csis-cicir-cyber-10.`,
		},
		{
			"Chicago", cite.Chicago, seed,
			`Sulmeyer, Michael, and Amy Chang. 2017. “Three Observations on China's Approach to State Action in Cyberspace.” Lawfare, January 22, 2017. https://lawfare.example/three`,
		},
		{"Chicago without author and date", cite.Chicago, cite.Work{Title: "Notice", Outlet: "X"}, `“Notice.” n.d. X.`},
		{
			"APA", cite.APA, seed,
			`Sulmeyer, M., & Chang, A. (2017, January 22). Three Observations on China's Approach to State Action in Cyberspace. Lawfare. https://lawfare.example/three`,
		},
		{
			"APA with initials, without a date", cite.APA,
			cite.Work{Authors: []published.Author{{Family: "Doe", Given: "Jean-Luc Marie"}}, Title: "T"},
			`Doe, J.-L. M. (n.d.). T.`,
		},
		{
			"BibTeX of a version", cite.BibTeX, corrected,
			"@online{kasmere-3-observation-1-v2,\n  author       = {{Harbour Institute} and {Kasmere Policy Forum}},\n" +
				"  title        = {{Protecting \\{Hospital\\} Networks \\& 100\\% More}},\n  organization = {Kasmere Dialogue},\n" +
				"  version      = {2},\n  date         = {2026-02-03}\n}",
		},
		{
			"RIS", cite.RIS, seed,
			"TY  - ELEC\nAU  - Sulmeyer, Michael\nAU  - Chang, Amy\nTI  - Three Observations on China's Approach to State Action in Cyberspace\n" +
				"T2  - Lawfare\nDA  - 2017/01/22\nUR  - https://lawfare.example/three\nER  - ",
		},
		{
			"RIS of a title that wants to be two lines", cite.RIS,
			cite.Work{Title: "a\nER  - \nTY  - GEN"},
			"TY  - ELEC\nTI  - a ER - TY - GEN\nER  - ",
		},
		{
			"a withdrawn text", cite.BibTeX,
			cite.Work{Slug: "x-observation-1", Type: cite.Withdrawn, Title: "[Withdrawn]", Date: "2026-03-14"},
			"@misc{x-observation-1,\n  title        = {{[Withdrawn]}},\n  date         = {2026-03-14},\n  note         = {withdrawn}\n}",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.write(tt.work)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPartsJoinToTheHouseForm(t *testing.T) {
	lead, title, rest := cite.Parts(seed)
	if lead+title+rest != cite.House(seed) {
		t.Errorf("%q %q %q", lead, title, rest)
	}
	if title != "“Three Observations on China's Approach to State Action in Cyberspace.”" {
		t.Error(title)
	}
}

func TestCSLIsJSON(t *testing.T) {
	var got []map[string]any
	if err := json.Unmarshal([]byte(cite.CSL(seed)), &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"id": "sulmeyer-chang-2017", "type": "webpage", "container-title": "Lawfare",
		"title":  "Three Observations on China's Approach to State Action in Cyberspace",
		"author": []any{map[string]any{"family": "Sulmeyer", "given": "Michael"}, map[string]any{"family": "Chang", "given": "Amy"}},
		"issued": map[string]any{"date-parts": []any{[]any{2017., 1., 22.}}}, "URL": "https://lawfare.example/three",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFormSaysWithdrawn(t *testing.T) {
	w := cite.Work{Slug: "x", Type: cite.Withdrawn, Title: "[Withdrawn]", Outlet: "House", Date: "2026-03-14"}
	for _, f := range cite.Forms(w) {
		if !strings.Contains(strings.ToLower(f.Text), "withdrawn") {
			t.Errorf("%s: %s", f.Name, f.Text)
		}
	}
}
