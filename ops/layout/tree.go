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
	path  string // from the root of the tree, with slashes
	lines int
	ast   *ast.File
}

// A tree is what the rules check.
type tree struct {
	fset    *token.FileSet
	top     []fs.DirEntry
	ignored []string // patterns of .gitignore
	files   []*file
}

// load parses the Go files of fsys, except in folders that the go command ignores.
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
