package papers

import (
	"strings"

	"track15/models/papers/docx"
)

// Document is the paper as a Word file, in English.
func (p Paper) Document() docx.Document {
	d := docx.Document{Lang: "en-GB"}
	add := func(b docx.Block) { d.Blocks = append(d.Blocks, b) }
	if p.Kind == NamePlates {
		for i, plate := range p.Plates {
			if i > 0 {
				add(docx.Block{NewSheet: true})
			}
			add(docx.Block{Centred: true, Size: 48, Text: []docx.Run{{Text: plate.Name, Bold: true}}})
			for _, n := range plate.Native {
				add(docx.Block{Centred: true, Size: 40, Text: []docx.Run{{Text: n.Text, Lang: n.Lang}}})
			}
			add(docx.Block{Centred: true, Size: 24, Text: docx.Plain(plate.Body)})
		}
		return d
	}
	add(docx.Block{Text: docx.Plain(p.House)})
	add(docx.Block{Heading: 1, Text: docx.Plain(p.Title)})
	add(docx.Block{Heading: 2, Text: docx.Plain(p.Name())})
	for _, f := range p.Facts {
		add(docx.Block{Text: []docx.Run{{Text: f.Label + ": ", Bold: true}, {Text: f.Value}}})
	}
	for _, s := range p.Sections {
		if s.Heading != "" {
			add(docx.Block{Heading: 3, Text: docx.Plain(s.Heading)})
		}
		for _, line := range s.Lines {
			add(docx.Block{Text: docx.Plain(line)})
		}
		if len(s.Rows) > 0 {
			t := docx.Table{Head: s.Columns}
			for _, row := range s.Rows {
				var cells [][]docx.Run
				for _, c := range row {
					cells = append(cells, runs(c))
				}
				t.Rows = append(t.Rows, cells)
			}
			add(docx.Block{Table: &t})
		}
	}
	return d
}

func runs(c Cell) []docx.Run {
	all := docx.Plain(c.Text)
	for _, n := range c.Native {
		all = append(all, docx.Run{Text: " " + n.Text, Lang: n.Lang})
	}
	return all
}

// Name is what the paper calls itself.
func (p Paper) Name() string {
	name := string(p.Kind)
	return strings.ToUpper(name[:1]) + name[1:]
}
