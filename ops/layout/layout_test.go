package layout

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// root is the top of the source tree, seen from this package.
const root = "../.."

func TestTreeKeepsRules(t *testing.T) {
	tree, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range tree.check() {
		t.Error(found)
	}
}

// sound returns a small tree that breaks no rule, and is at the limit of some.
func sound() fstest.MapFS {
	return fstest.MapFS{
		"go.mod": {}, "go.sum": {}, "Makefile": {}, "Dockerfile": {}, "README.md": {},
		".golangci.yml":        {},
		".gitignore":           {Data: []byte("/data/\n/bin/\n*.prof\n")},
		"data/log":             {},
		"cpu.prof":             {},
		"actors/doc.go":        source("// Package actors decides.\npackage actors"),
		"actors/room_test.go":  source("package actors\nfunc f() { go f() }"),
		"transport/doc.go":     source("// Package transport owns sockets.\npackage transport"),
		"transport/read.go":    source("package transport\nfunc f() { go f() }"),
		"node/doc.go":          source("// Package node wires.\npackage node"),
		"node/lifecycle.go":    source("package node\nfunc f() { go f() }"),
		"ops/e2e/doc.go":       source("// Package e2e tests.\npackage e2e"),
		"ops/e2e/run.go":       source("package e2e\nfunc f() { go f() }"),
		"ops/testdata/x/x.go":  source("package common"),
		"transport/longest.go": source("package transport\n" + strings.Repeat("\n", maxLines-2)),
	}
}

func source(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text + "\n")} }

func TestRulesFindViolations(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{".gitignore", "/data/\n/bin/\n*.prof\n", ""},
		{"scripts/x.sh", "", "scripts: does not belong"},
		{"notes.md", "", "notes.md: does not belong"},
		{"README.md", "-", "README.md: is missing"},
		{"node/long.go", "package node\n" + strings.Repeat("\n", maxLines), "node/long.go: has 302 lines"},
		{"transport/new/new.go", "package fresh", "transport/new: has no doc.go"},
		{"node/doc.go", "package node", "node: has no doc.go"},
		{"node/room.go", "package util", "node/room.go: package name util"},
		{"actors/x.go", "package actors\nfunc f() { go f() }", "actors/x.go:2: starts"},
		{"node/x.go", "package node\nimport \"sync\"\nfunc f() { var w sync.WaitGroup; w.Go(f) }", "node/x.go:3: starts"},
	} {
		files := sound()
		files[c.path] = source(c.text)
		if c.text == "-" {
			delete(files, c.path)
		}
		tree, err := load(files)
		if err != nil {
			t.Fatal(err)
		}
		found := tree.check()
		if c.want == "" && len(found) > 0 || c.want != "" && !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, c.want) }) {
			t.Errorf("%s: found %q, want %q", c.path, found, c.want)
		}
	}
}

func TestLoadNamesBrokenFile(t *testing.T) {
	files := sound()
	files["node/x.go"] = source("package")
	if _, err := load(files); err == nil || !strings.Contains(err.Error(), "node/x.go") {
		t.Errorf("load: %v, want an error that names the file", err)
	}
}
