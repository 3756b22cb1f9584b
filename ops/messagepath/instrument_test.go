package messagepath

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// root is the top of the source tree, relative to this package.
const root = "../.."

// areas are the folders with the sources of the node.
var areas = []string{"actors", "transport", "node"}

// A statement is one statement of the node's sources.
type statement struct {
	file string // relative to root, with slashes
	line int
}

func (s statement) String() string { return fmt.Sprintf("%s:%d", s.file, s.line) }

// A program is an instrumented node. Statement i of its trace is statements[i].
type program struct {
	binary     string
	statements []statement
}

// build compiles the node with a call of trace.Hit before each statement.
func build(t *testing.T) *program {
	t.Helper()
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &program{binary: filepath.Join(dir, "chatnode")}
	replace := map[string]string{}
	for _, name := range sources(t) {
		file := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		write(t, file, p.instrument(t, name, []byte(read(t, path.Join(root, name)))))
		replace[filepath.Join(top, name)] = file
	}
	trace, err := filepath.Abs("testdata/trace/trace.go")
	if err != nil {
		t.Fatal(err)
	}
	replace[filepath.Join(top, "node", "trace", "trace.go")] = trace
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), overlay)
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", p.binary}
	if raceEnabled() { // the packages of the node's dependencies are in the build cache in this form
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(t.Context(), "go", append(args, "./node/chatnode")...)
	cmd.Dir = top
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the instrumented node: %v\n%s", err, out)
	}
	return p
}

// raceEnabled reports whether this test was built with the race detector.
func raceEnabled() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// sources are the Go files of the node except its tests, sorted.
func sources(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, area := range areas {
		err := fs.WalkDir(os.DirFS(root), area, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
				names = append(names, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(names)
	return names
}

// instrument returns the source with a numbered call before each statement, on the same line, so that line numbers
// stay the same.
func (p *program) instrument(t *testing.T, name string, src []byte) []byte {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	offset := func(pos token.Pos) int { return fset.Position(pos).Offset }
	inserted := map[int]string{}
	first := len(p.statements)
	each := func(list []ast.Stmt) {
		for _, s := range list {
			switch s.(type) {
			case *ast.EmptyStmt, *ast.CaseClause, *ast.CommClause:
				continue
			}
			inserted[offset(s.Pos())] = fmt.Sprintf("statementtrace.Hit(%d); ", len(p.statements))
			p.statements = append(p.statements, statement{name, fset.Position(s.Pos()).Line})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			each(n.List)
		case *ast.CaseClause:
			each(n.Body)
		case *ast.CommClause:
			each(n.Body)
		}
		return true
	})
	if len(p.statements) > first {
		inserted[offset(file.Name.End())] = "; import statementtrace \"chatnode/node/trace\""
	}
	return splice(src, inserted)
}

func splice(src []byte, inserted map[int]string) []byte {
	var out bytes.Buffer
	for i, b := range src {
		out.WriteString(inserted[i])
		out.WriteByte(b)
	}
	return out.Bytes()
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
