package layout

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// A file is one Go file.
type file struct {
	path  string // slash-separated, from the root of the tree
	lines int
	ast   *ast.File
}

func (f *file) dir() string  { return path.Dir(f.path) }
func (f *file) test() bool   { return strings.HasSuffix(f.path, "_test.go") }
func (f *file) area() string { top, _, _ := strings.Cut(f.path, "/"); return top }

// in says whether the file is in one of the top-level folders.
func (f *file) in(areas ...string) bool {
	for _, a := range areas {
		if f.area() == a {
			return true
		}
	}
	return false
}

// A tree is all that the rules look at.
type tree struct {
	fset    *token.FileSet
	top     []fs.DirEntry
	ignored []string // patterns of .gitignore
	files   []*file
}

// load parses every Go file of fsys but those in folders that the go command leaves out too.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	var err error
	if t.top, err = fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("list the top level: %w", err)
	}
	if ignore, err := fs.ReadFile(fsys, ".gitignore"); err == nil {
		t.ignored = strings.Fields(string(ignore))
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && hidden(d.Name()):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return t.add(fsys, name)
	})
	return t, err
}

func hidden(name string) bool {
	return name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func (t *tree) add(fsys fs.FS, name string) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	parsed, err := parser.ParseFile(t.fset, name, src, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	lines := bytes.Count(src, []byte("\n"))
	t.files = append(t.files, &file{name, lines, parsed})
	return nil
}

func (t *tree) line(n ast.Node) int { return t.fset.Position(n.Pos()).Line }
