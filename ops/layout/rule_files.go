package layout

import (
	"fmt"
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
)

// topLevel: exactly the four folders and the five files, beside dotfiles and what git ignores.
func topLevel(t *tree, report func(string, int, string)) {
	missing := slices.Concat(topFolders, topFiles)
	for _, e := range t.top {
		name := e.Name()
		known := topFiles
		if e.IsDir() {
			known = topFolders
		}
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
		if !slices.Contains(known, name) && !strings.HasPrefix(name, ".") && !t.isIgnored(name) {
			report(name, 0, "does not belong at the top level")
		}
	}
	for _, m := range missing {
		report(m, 0, "is missing at the top level")
	}
}

// isIgnored knows the simple patterns of a .gitignore: /name/, name and *.ending.
func (t *tree) isIgnored(name string) bool {
	return slices.ContainsFunc(t.ignored, func(pattern string) bool {
		ok, _ := path.Match(strings.Trim(pattern, "/"), name) // a pattern that is none matches nothing
		return ok
	})
}

func fileLength(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if f.lines > maxLines {
			report(f.path, 0, fmt.Sprintf("has %d lines, more than %d", f.lines, maxLines))
		}
	}
}

// docFile: every package has its map in doc.go.
func docFile(t *tree, report func(string, int, string)) {
	has := map[string]bool{}
	for _, f := range t.files {
		has[f.dir()] = has[f.dir()] || path.Base(f.path) == "doc.go" && f.ast.Doc != nil
	}
	for dir, ok := range has {
		if !ok {
			report(dir, 0, "has no doc.go with a package comment")
		}
	}
}

func packageName(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if name := f.ast.Name.Name; slices.Contains(vagueNames, strings.TrimSuffix(name, "_test")) {
			report(f.path, t.line(f.ast.Name), "package name "+name+" says nothing")
		}
	}
}
