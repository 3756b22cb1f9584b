package layout

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// maxLines is the length of the longest Go file, tests included.
const maxLines = 300

var (
	topFolders = []string{"actors", "node", "transport", "ops"}
	topFiles   = []string{"go.mod", "go.sum", "Makefile", "Dockerfile", "README.md"}
	vagueNames = []string{"util", "utils", "helper", "helpers", "common", "misc", "shared"}

	// starters may start goroutines outside transport: Run of the node, and the signals of the process, which end it.
	starters = []string{"node/lifecycle.go", "node/chatnode/signals.go"}
)

// check returns the violations of all rules, as "path:line: violation".
func (t *tree) check() (found []string) {
	found = t.checkTop()
	documented := map[string]bool{}
	for _, f := range t.files {
		dir := path.Dir(f.path)
		documented[dir] = documented[dir] || path.Base(f.path) == "doc.go" && f.ast.Doc != nil
		if f.lines > maxLines {
			found = append(found, fmt.Sprintf("%s: has %d lines, more than %d", f.path, f.lines, maxLines))
		}
		if name := f.ast.Name.Name; slices.Contains(vagueNames, strings.TrimSuffix(name, "_test")) {
			found = append(found, fmt.Sprintf("%s: package name %s says nothing", f.path, name))
		}
		found = append(found, t.checkGoroutines(f)...)
	}
	for dir, ok := range documented {
		if !ok {
			found = append(found, dir+": has no doc.go with a package comment")
		}
	}
	return found
}

// checkTop requires the four folders and the five files, and allows hidden files and what git ignores.
func (t *tree) checkTop() (found []string) {
	missing := slices.Concat(topFolders, topFiles)
	for _, e := range t.top {
		name, known := e.Name(), topFiles
		if e.IsDir() {
			known = topFolders
		}
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
		if !slices.Contains(known, name) && !strings.HasPrefix(name, ".") && !t.isIgnored(name) {
			found = append(found, name+": does not belong at the top level")
		}
	}
	for _, m := range missing {
		found = append(found, m+": is missing at the top level")
	}
	return found
}

// isIgnored matches the simple patterns of .gitignore: /name/, name and *.extension.
func (t *tree) isIgnored(name string) bool {
	return slices.ContainsFunc(t.ignored, func(pattern string) bool {
		ok, _ := path.Match(strings.Trim(pattern, "/"), name) // a bad pattern matches nothing
		return ok
	})
}

// checkGoroutines allows go statements in transport, in starters, in tests, and in ops. A call of a method Go counts
// as a go statement.
func (t *tree) checkGoroutines(f *file) (found []string) {
	if area, _, _ := strings.Cut(f.path, "/"); area == "transport" || area == "ops" || strings.HasSuffix(f.path, "_test.go") || slices.Contains(starters, f.path) {
		return nil
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		statement, call := false, false
		switch n := n.(type) {
		case *ast.GoStmt:
			statement = true
		case *ast.CallExpr:
			method, ok := n.Fun.(*ast.SelectorExpr)
			call = ok && method.Sel.Name == "Go"
		}
		if statement || call {
			found = append(found, fmt.Sprintf("%s:%d: starts a goroutine", f.path, t.fset.Position(n.Pos()).Line))
		}
		return true
	})
	return found
}
