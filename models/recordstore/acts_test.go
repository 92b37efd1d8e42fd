package recordstore_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// notActs are the exported methods of Store that do nothing to the record.
var notActs = []string{"Close"}

// methodsWithoutAct returns the exported methods of Store in the files that
// call neither act nor another method of the store that does.
func methodsWithoutAct(files []*ast.File) []string {
	methods := map[string]*ast.FuncDecl{}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && receiver(f) == "Store" {
				methods[f.Name.Name] = f
			}
		}
	}
	acts := map[string]bool{"act": true}
	for grown := true; grown; {
		grown = false
		for name, f := range methods {
			if !acts[name] && callsOf(f, acts) {
				acts[name], grown = true, true
			}
		}
	}
	var missing []string
	for name := range methods {
		if ast.IsExported(name) && !acts[name] && !slices.Contains(notActs, name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing
}

// callsOf reports whether the method calls one of the names on its own receiver.
func callsOf(f *ast.FuncDecl, names map[string]bool) bool {
	if f.Body == nil || len(f.Recv.List[0].Names) == 0 {
		return false
	}
	self := f.Recv.List[0].Names[0].Name
	found := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if s, ok := call.Fun.(*ast.SelectorExpr); ok && names[s.Sel.Name] {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == self {
				found = true
			}
		}
		return true
	})
	return found
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) != 1 {
		return ""
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// writers are the functions that open a transaction themselves. Everything
// else in the package is handed one.
func writers(files []*ast.File) []string {
	var out []string
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Write", "View", "Read"}, s.Sel.Name) {
					if x, ok := s.X.(*ast.SelectorExpr); ok && x.Sel.Name == "db" {
						out = append(out, receiver(f)+"."+f.Name.Name)
					}
				}
				return true
			})
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func parse(t *testing.T, sources map[string]string) []*ast.File {
	t.Helper()
	var files []*ast.File
	set := token.NewFileSet()
	for name, text := range sources {
		f, err := parser.ParseFile(set, name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func TestEveryMethodActs(t *testing.T) {
	sources := map[string]string{}
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(b)
	}
	files := parse(t, sources)
	if missing := methodsWithoutAct(files); len(missing) > 0 {
		t.Errorf("not through act: %v", missing)
	}
	allowed := []string{
		"Sessions.CommitCtx", "Sessions.DeleteCtx", "Sessions.FindCtx", // tokens and blobs of the session library
		"Store.accountOf", // who signs in is nobody yet
		"Store.act",
		"Store.chore", "Store.sealOlder", "Store.confirm", "Store.ofTheseKeys", // before the store is open
	}
	for _, f := range writers(files) {
		if !slices.Contains(allowed, f) {
			t.Errorf("%s opens a transaction beside act", f)
		}
	}
}

// The test above can fail.
func TestAMethodThatDoesNotActIsFound(t *testing.T) {
	files := parse(t, map[string]string{"a.go": `package recordstore
func (s *Store) Close() error { return nil }
func (s *Store) act() {}
func (s *Store) Good() { s.act() }
func (s *Store) Through() { s.helper() }
func (s *Store) helper() { func() { s.act() }() }
func (s *Store) Bad() { s.db.Read(nil) }
func (s *Store) Other() { other := &Store{}; other.act(); act() }
func (s Store) Value() { s.db.Write(nil, nil) }
func (s *Store) Named() { s.act2() }
func (*Store) Blank() {}
func (s *Store) hidden() { s.db.View(nil, nil) }
func (t *Thing) Foreign() {}
func Free() {}
`})
	if got := strings.Join(methodsWithoutAct(files), " "); got != "Bad Blank Named Other Value" {
		t.Errorf("found %s", got)
	}
	if got := strings.Join(writers(files), " "); got != "Store.Bad Store.Value Store.hidden" {
		t.Errorf("writers %s", got)
	}
}
