package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// variables returns the environment variables of one command's flags.
func variables(t *testing.T, command ...string) []string {
	t.Helper()
	var c commands
	parser := newParser(context.Background(), &c, &terminal{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}})
	node := parser.Model.Node
	for _, name := range command {
		i := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == name })
		if i < 0 {
			t.Fatalf("there is no command %q", name)
		}
		node = node.Children[i]
	}
	var all []string
	for _, f := range node.Flags {
		all = append(all, f.Envs...)
	}
	if !slices.Contains(all, "TRACK15_RECORD_URL") {
		t.Fatalf("variables %q", all)
	}
	return all
}

// publicVariables returns those of track15-public, from its help.
func publicVariables(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "run", "../track15-public", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`TRACK15_[A-Z_]+`).FindAllString(string(out), -1)
}

var serviceHead = regexp.MustCompile(`(?m)^  ([a-z-]+):(?: \{\})?$`)

// service returns the lines of one service of the compose file.
func service(t *testing.T, compose, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(compose, "\n  "+name+":\n")
	if !found {
		t.Fatalf("docker-compose.yml has no service %q", name)
	}
	if next := serviceHead.FindStringIndex(rest); next != nil {
		rest = rest[:next[0]]
	}
	return rest
}

var setVariable = regexp.MustCompile(`(?m)^ +(TRACK15_[A-Z_]+):`)

// The deployment names only what the programs take, and nothing of the record
// where the public side runs.
func TestComposeNamesFlagsThatExist(t *testing.T) {
	b, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	compose := string(b)
	for _, tt := range []struct {
		service string
		known   []string
		needs   []string
	}{
		{"desk", variables(t, "serve"), []string{"TRACK15_RECORD_URL", "TRACK15_PUBLISHED_URL", "TRACK15_PUBLISHED_READER_PASSWORD_FILE", "TRACK15_DESK_URL"}},
		{"public", publicVariables(t), []string{"TRACK15_PUBLISHED_URL", "TRACK15_PUBLIC_ADDR", "TRACK15_BASE_URL"}},
	} {
		t.Run(tt.service, func(t *testing.T) {
			lines := service(t, compose, tt.service)
			var set []string
			for _, m := range setVariable.FindAllStringSubmatch(lines, -1) {
				set = append(set, m[1])
				if !slices.Contains(tt.known, m[1]) {
					t.Errorf("%s is set and the program has no such flag", m[1])
				}
			}
			for _, v := range tt.needs {
				if !slices.Contains(set, v) {
					t.Errorf("%s is not set", v)
				}
			}
			for _, m := range regexp.MustCompile(`/run/secrets/([a-z-]+)`).FindAllStringSubmatch(lines, -1) {
				if !regexp.MustCompile(`secrets: \[[^\]]*\b` + m[1] + `\b`).MatchString(lines) {
					t.Errorf("the secret %s is named and not given", m[1])
				}
			}
		})
	}
	if lines := service(t, compose, "public"); strings.Contains(lines, "record") || strings.Contains(lines, "keys") {
		t.Errorf("the public service is told of the record:\n%s", lines)
	}
}

// What the images start is a command line that the program takes.
func TestImagesStartACommandThatExists(t *testing.T) {
	b, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, record, found := strings.Cut(string(b), " AS record\n")
	if !found {
		t.Fatal("the Dockerfile has no stage record")
	}
	m := regexp.MustCompile(`(?m)^CMD \[(.*)\]$`).FindStringSubmatch(record)
	if m == nil {
		t.Fatal("the stage record starts nothing")
	}
	args := strings.Split(strings.ReplaceAll(m[1], `"`, ""), ", ")
	var c commands
	parser := newParser(context.Background(), &c, &terminal{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}})
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("track15 %v: %v", args, err)
	}
	for _, m := range regexp.MustCompile(`TRACK15_[A-Z_]+`).FindAllString(record, -1) {
		if !slices.Contains(variables(t, "serve"), m) {
			t.Errorf("%s is set and the program has no such flag", m)
		}
	}
	compose, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Serve.DeskOnly || !strings.Contains(service(t, string(compose), "desk"), "command: [serve, --desk-only]") {
		t.Error("the desk's image starts a public side of its own")
	}
}
