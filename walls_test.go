package track15_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A wall says which packages never depend on which, however far away. A
// pattern that ends in "/..." means the package and everything under it.
type wall struct {
	why   string
	from  []string
	never []string
	// direct holds only what the packages themselves import to the rule, not
	// what their imports import.
	direct bool
}

const gorm = "gorm.io/..."

var (
	publicSide = []string{"track15/web/public/...", "track15/views/public/...", "track15/models/published/...", "track15/models/publishedstore/...", "track15/cmd/track15-public/..."}
	recordSide = []string{"track15/models/record/...", "track15/models/recordstore/...", "track15/models/seal/...", "track15/models/disclosure/...", "track15/models/release/...", "track15/models/historic/...", "track15/models/demo/...", "track15/models/interchange/...", "track15/models/intake/...", "track15/models/minutes/...", "track15/models/tables/...", "track15/models/papers/...", "track15/models/answers/...", "track15/models/replies/...", "track15/web/desk/...", "track15/views/desk/...", "track15/web/links/...", "track15/views/links/...", "track15/assets/staff/..."}
	stores     = []string{"track15/models/recordstore/...", "track15/models/publishedstore/...", "track15/models/database/...", "track15/models/release/..."}
	programs   = []string{"track15/cmd/track15", "track15/cmd/track15-public", "track15/cmd/internal/site"}
	drivers    = []string{"modernc.org/sqlite/...", "github.com/jackc/pgx/...", "gorm.io/driver/...", "github.com/pressly/goose/..."}
)

var walls = []wall{
	{"the public side cannot reach the record", publicSide, recordSide, false},
	{"the record's rules know no store, no page, no library", []string{"track15/models/record"}, slices.Concat(stores, []string{gorm, "track15/web/...", "track15/views/...", "github.com/labstack/echo/..."}), false},
	{"what is public depends on nothing of ours", []string{"track15/models/published"}, []string{"track15/..."}, false},
	{"no rule of the field lies in a handler: models know no page", []string{"track15/models/..."}, []string{"track15/web/...", "track15/views/...", "github.com/labstack/echo/...", "github.com/a-h/templ/..."}, false},
	{"tables and spellings know nothing of the record", []string{"track15/models/sheet/...", "track15/models/names/..."}, slices.Concat(stores, recordSide), false},
	{"papers and answers are made of what they are given", []string{"track15/models/papers/...", "track15/models/answers/...", "track15/models/replies/...", "track15/models/interchange/...", "track15/models/intake/...", "track15/models/tables/..."}, slices.Concat(stores, []string{gorm, "track15/models/seal/...", "net/http", "os"}), true},
	{"the check compares what it is given", []string{"track15/models/disclosure/..."}, slices.Concat(stores, []string{gorm, "track15/models/record/...", "track15/models/seal/...", "net/http"}), false},
	{"views ask nothing", []string{"track15/views/..."}, slices.Concat(stores, []string{gorm, "track15/web/...", "github.com/labstack/echo/..."}), false},
	{"guard and respond serve both sides", []string{"track15/web/guard/...", "track15/web/respond/..."}, slices.Concat(stores, recordSide, []string{"track15/web/public/..."}), true},
	{"one package knows the dialect", slices.Concat([]string{"track15/models/recordstore", "track15/models/publishedstore", "track15/models/release", "track15/web/..."}, programs), drivers, true},
	{"only the stores speak to a database", slices.Concat([]string{"track15/models/release", "track15/web/...", "track15/models/demo", "track15/models/historic"}, programs), []string{gorm, "database/sql"}, true},
	{"whoever comes by a link reaches no page of the desk and no release", []string{"track15/web/links/...", "track15/views/links/..."}, []string{"track15/web/desk/...", "track15/views/desk/...", "track15/web/public/...", "track15/models/release/...", "track15/models/publishedstore/..."}, false},
	{"the preview may show public pages at the desk, never the reverse", []string{"track15/web/public/..."}, []string{"track15/web/desk/..."}, false},
}

func TestWalls(t *testing.T) {
	g := imports(t, "")
	for _, w := range walls {
		t.Run(w.why, func(t *testing.T) {
			for _, path := range w.breaches(g) {
				t.Error(path)
			}
			if len(w.stones(g)) == 0 {
				t.Errorf("no package matches %v: the wall guards nothing", w.from)
			}
		})
	}
}

// A wall that cannot be seen to fall is no wall: each is broken once, by an
// import planted into its first package, without touching the tree.
func TestPlantedImportIsFound(t *testing.T) {
	sound := imports(t, "")
	for _, w := range walls {
		t.Run(w.why, func(t *testing.T) {
			from := w.stones(sound)[0]
			i := slices.IndexFunc(w.never, func(p string) bool { return plantable(sound, p) != "" })
			if i < 0 {
				t.Fatalf("nothing of %v is in the build list", w.never)
			}
			target := plantable(sound, w.never[i])
			if target == from {
				t.Fatalf("%s guards against itself", from)
			}
			broken := imports(t, overlay(t, from, target))
			if len(w.breaches(broken)) == 0 {
				t.Errorf("%s imports %s and nobody noticed", from, target)
			}
		})
	}
}

// The public binary holds no symbol of the record, and no word of its linker
// says otherwise.
func TestPublicBinaryLinksNoRecord(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "track15-public")
	run(t, "go", "build", "-o", bin, "./cmd/track15-public")
	symbols := string(run(t, "go", "tool", "nm", bin))
	if !strings.Contains(symbols, "track15/models/publishedstore.") {
		t.Fatal("the symbol table was not read")
	}
	for _, p := range recordSide {
		pkg := strings.TrimSuffix(p, "/...")
		for _, form := range []string{pkg + ".", pkg + "/"} {
			if strings.Contains(symbols, form) {
				t.Errorf("track15-public holds symbols of %s", pkg)
			}
		}
	}
}

// A graph maps a package to what it imports.
type graph map[string][]string

// imports reads the graph of the whole module and its libraries, with an
// overlay file in force unless it is "".
func imports(t *testing.T, overlay string) graph {
	t.Helper()
	args := []string{"list", "-e", "-deps", "-json=ImportPath,Imports"}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	dec := json.NewDecoder(strings.NewReader(string(run(t, "go", append(args, "./...")...))))
	g := graph{}
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return g
		}
		if err != nil {
			t.Fatal(err)
		}
		g[p.ImportPath] = p.Imports
	}
}

// stones returns the packages that a wall guards, in order.
func (w wall) stones(g graph) []string {
	var all []string
	for _, pkg := range slices.Sorted(maps.Keys(g)) {
		if slices.ContainsFunc(w.from, func(p string) bool { return matches(p, pkg) }) {
			all = append(all, pkg)
		}
	}
	return all
}

// breaches returns the forbidden paths, one for each guarded package and
// forbidden import.
func (w wall) breaches(g graph) []string {
	var found []string
	for _, from := range w.stones(g) {
		came := map[string]string{from: ""}
		for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
			for _, to := range g[queue[0]] {
				if _, seen := came[to]; seen {
					continue
				}
				came[to] = queue[0]
				if slices.ContainsFunc(w.never, func(p string) bool { return matches(p, to) }) && !slices.ContainsFunc(w.from, func(p string) bool { return p == to }) {
					path := to
					for p := came[to]; p != ""; p = came[p] {
						path = p + " -> " + path
					}
					found = append(found, path)
				} else if !w.direct {
					queue = append(queue, to)
				}
			}
		}
	}
	return found
}

func matches(pattern, pkg string) bool {
	tree, all := strings.CutSuffix(pattern, "/...")
	return pkg == tree || all && strings.HasPrefix(pkg, tree+"/")
}

// plantable returns a package of the build list that the pattern matches and
// that anybody may import, "" if there is none.
func plantable(g graph, pattern string) string {
	for _, pkg := range slices.Sorted(maps.Keys(g)) {
		if matches(pattern, pkg) && !strings.Contains(pkg, "/internal") && !strings.HasPrefix(pkg, "track15/cmd/") && pkg != "track15" {
			return pkg
		}
	}
	return ""
}

// overlay writes an overlay file under which the package from has one more
// file, which imports target. It returns the overlay file's path.
func overlay(t *testing.T, from, target string) string {
	t.Helper()
	dir := strings.TrimSpace(string(run(t, "go", "list", "-f", "{{.Dir}} {{.Name}}", from)))
	dir, name, _ := strings.Cut(dir, " ")
	planted := filepath.Join(t.TempDir(), "planted.go")
	if err := os.WriteFile(planted, fmt.Appendf(nil, "package %s\n\nimport _ %q\n", name, target), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(dir, "planted_wall.go"): planted}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}
