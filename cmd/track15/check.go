package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	"track15/models/disclosure"
	"track15/models/fault"
)

type checkCmd struct {
	storeFlags
	Format string   `enum:"text,json" default:"text" help:"text or json (default: text)."`
	AsOf   string   `placeholder:"DATE" help:"The day on which embargoes are judged (default: the record's day, or today)."`
	Reveal bool     `help:"Name what in the record each finding rests on."`
	As     string   `placeholder:"EMAIL" help:"Check with what this person may read, instead of everything."`
	Drafts []string `arg:"" name:"DRAFT" help:"Texts in UTF-8."`
}

// Findings in the interchange format, see its schema.
type (
	findingsFile struct {
		Format     string         `json:"format"`
		Version    int            `json:"version"`
		OffsetUnit string         `json:"offset_unit"`
		Tool       findingsTool   `json:"tool"`
		AsOf       string         `json:"as_of"`
		Drafts     []checkedDraft `json:"drafts"`
	}
	findingsTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	checkedDraft struct {
		Path     string        `json:"path"`
		SHA256   string        `json:"sha256"`
		Bytes    int           `json:"bytes"`
		Findings []fileFinding `json:"findings"`
	}
	fileFinding struct {
		ID       string   `json:"id"`
		Rule     string   `json:"rule"`
		Class    string   `json:"class"`
		Severity string   `json:"severity"`
		Start    int      `json:"start"`
		End      int      `json:"end"`
		Quote    string   `json:"quote"`
		Score    float64  `json:"score"`
		Message  string   `json:"message"`
		Help     string   `json:"help"`
		Sources  []string `json:"sources,omitempty"`
		Status   string   `json:"status"`
	}
)

// Run compares drafts with the record. Exit 0: nothing is open that blocks or that
// a second person must decide; 1: something is; 2: it could not be checked, and
// then nothing is written to standard output.
func (c *checkCmd) Run(ctx context.Context, t *terminal) (err error) {
	if _, err := time.Parse(time.DateOnly, c.AsOf); err != nil && c.AsOf != "" {
		return fault.Field("--as-of", "Write a day as 2026-04-01.")
	}
	drafts, err := readDrafts(c.Drafts)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	actor, err := actingAs(ctx, o.record, c.As)
	if err != nil {
		return unchecked(t, err)
	}
	compared, err := o.record.Compared(ctx, actor, c.AsOf)
	if err != nil {
		return unchecked(t, err)
	}
	if c.Reveal {
		if err := o.record.Reveal(ctx, actor); err != nil {
			return unchecked(t, err)
		}
	}
	index := disclosure.New(compared.Record)
	bar := newProgress(t.err, "Checking")
	file := findingsFile{Format: "track15.findings", Version: 1, OffsetUnit: "utf8-bytes", Tool: findingsTool{"track15", moduleVersion()}, AsOf: compared.AsOf}
	open := 0
	for i, d := range drafts {
		bar.set(i, len(drafts))
		checked := checkedDraft{Path: d.path, SHA256: d.sum, Bytes: len(d.text), Findings: []fileFinding{}}
		for n, f := range index.Check(d.text, disclosure.Options{}) {
			rule := disclosure.Explain(f.Rule)
			out := fileFinding{
				ID: fmt.Sprintf("f%d", n+1), Rule: f.Rule, Class: string(f.Class), Severity: string(f.Severity), Start: f.Start, End: f.End,
				Quote: d.text[f.Start:f.End], Score: f.Score, Message: rule.Says, Help: rule.Help, Status: "open",
			}
			if c.Reveal {
				out.Sources = f.Sources
			}
			if f.Severity != disclosure.Advice {
				open++
			}
			checked.Findings = append(checked.Findings, out)
		}
		file.Drafts = append(file.Drafts, checked)
	}
	bar.end()
	if err := c.write(t, file, drafts); err != nil {
		return err
	}
	if open > 0 {
		return exit(1)
	}
	return nil
}

// unchecked says why nothing was checked. Whatever the reason, the program exits as
// when it was asked wrongly: "not checked" must not look like "something is open".
func unchecked(t *terminal, err error) error {
	report(t.err, err)
	return exit(2)
}

func (c *checkCmd) write(t *terminal, file findingsFile, drafts []readDraft) error {
	if c.Format == "json" {
		b, err := json.MarshalIndent(file, "", " ")
		if err != nil {
			return err
		}
		_, err = t.out.Write(append(b, '\n'))
		return err
	}
	for i, d := range file.Drafts {
		for _, f := range d.Findings {
			line, column := place(drafts[i].text, f.Start)
			fmt.Fprintf(t.out, "%s:%d:%d: %s: %s [%s] %q\n", d.Path, line, column, words[f.Severity], f.Message, f.Rule, f.Quote)
			if len(f.Sources) > 0 {
				fmt.Fprintf(t.out, "    rests on %v\n", f.Sources)
			}
		}
		if len(d.Findings) == 0 {
			fmt.Fprintf(t.out, "%s: checked, nothing found\n", d.Path)
		}
	}
	return nil
}

var words = map[string]string{string(disclosure.Block): "block", string(disclosure.Clearance): "needs clearance", string(disclosure.Advice): "advice"}

// place is the line and the column of a byte, from 1, in code points.
func place(s string, at int) (line, column int) {
	line, column = 1, 1
	for _, r := range s[:at] {
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

type readDraft struct{ path, text, sum string }

func readDrafts(paths []string) ([]readDraft, error) {
	var all []readDraft
	for _, p := range paths {
		if slices.ContainsFunc(all, func(d readDraft) bool { return filepath.Clean(d.path) == filepath.Clean(p) }) {
			continue
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return nil, fault.Field(p, "The draft cannot be read.")
		}
		if !utf8.Valid(b) {
			return nil, fault.Field(p, "The draft is no text in UTF-8.")
		}
		sum := sha256.Sum256(b)
		all = append(all, readDraft{p, string(b), hex.EncodeToString(sum[:])})
	}
	return all, nil
}
