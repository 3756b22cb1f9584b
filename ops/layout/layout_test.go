package layout

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// root is the top of the source tree, seen from this package.
const root = "../.."

func TestTheTreeKeepsEveryRule(t *testing.T) {
	found, err := Check(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// sound is a small tree that keeps every rule, and goes to the edge of some.
func sound() fstest.MapFS {
	return fstest.MapFS{
		"go.mod": {}, "go.sum": {}, "Makefile": {}, "Dockerfile": {}, "README.md": {},
		".golangci.yml":        {},
		".gitignore":           {Data: []byte("/data/\n/bin/\n*.prof\n")},
		"data/log":             {},
		"cpu.prof":             {},
		"actors/doc.go":        source("// Package actors decides.\npackage actors"),
		"actors/room.go":       source("package actors\nimport \"sync/atomic\"\nvar _ atomic.Int64"),
		"actors/room_test.go":  source("package actors\nimport \"sync\"\nfunc f() { var m sync.Mutex; go m.Lock() }"),
		"transport/doc.go":     source("// Package transport owns sockets.\npackage transport"),
		"transport/read.go":    source("package transport\nimport _ \"chatnode/actors\"\nfunc f() { go f() }"),
		"node/doc.go":          source("// Package node wires.\npackage node"),
		"node/lifecycle.go":    source("package node\nimport _ \"chatnode/transport\"\nfunc f() { go f() }"),
		"ops/e2e/doc.go":       source("// Package e2e proves.\npackage e2e"),
		"ops/e2e/e2e_test.go":  source("package e2e\nimport _ \"chatnode/node\"\nimport \"time\"\nvar _ = time.Second"),
		"ops/testdata/x/x.go":  source("package common\nfunc init() {}"),
		"transport/longest.go": source("package transport\n" + strings.Repeat("\n", maxLines-2)),
	}
}

func source(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text + "\n")} }

func TestASoundTreeHasNoViolations(t *testing.T) {
	found, err := Check(sound())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

func TestEveryRuleBites(t *testing.T) {
	planted := []struct {
		rule, path, text string
	}{
		{"top-level", "scripts/x.sh", ""},
		{"top-level", "notes.md", ""},
		{"top-level", "README.md", "-"},
		{"file-length", "node/long.go", "package node\n" + strings.Repeat("\n", maxLines)},
		{"doc-file", "transport/new/new.go", "package fresh"},
		{"doc-file", "node/doc.go", "package node"},
		{"package-name", "node/room.go", "package util"},
		{"import-direction", "actors/x.go", "package actors\nimport _ \"chatnode/transport/ws\""},
		{"import-direction", "transport/x_test.go", "package transport\nimport _ \"chatnode/node\""},
		{"import-direction", "node/x.go", "package node\nimport _ \"chatnode/ops/e2e\""},
		{"actors-import", "actors/x.go", "package actors\nimport _ \"github.com/lxzan/gws\""},
		{"actors-import", "actors/x.go", "package actors\nimport _ \"github.com/redis/go-redis/v9\""},
		{"actors-import", "actors/x.go", "package actors\nimport _ \"go.etcd.io/bbolt\""},
		{"actors-import", "actors/x_test.go", "package actors\nimport _ \"net/http/httptest\""},
		{"locks", "actors/x.go", "package actors\nimport \"sync\"\nvar m sync.Mutex"},
		{"locks", "node/x.go", "package node\nimport s \"sync\"\ntype x struct{ m *s.RWMutex }"},
		{"locks", "node/x.go", "package node\nimport . \"sync\"\nvar m Mutex"},
		{"wall-clock", "actors/x.go", "package actors\nimport \"time\"\nvar at = time.Now().Unix()"},
		{"wall-clock", "actors/x.go", "package actors\nimport \"time\"\nvar at = time.Unix(0, 1)"},
		{"go-statement", "actors/x.go", "package actors\nfunc f() { go f() }"},
		{"go-statement", "node/x.go", "package node\nimport \"sync\"\nfunc f() { var w sync.WaitGroup; w.Go(f) }"},
		{"init", "transport/x.go", "package transport\nfunc init() {}"},
		{"test-sleep", "ops/e2e/x_test.go", "package e2e\nimport \"time\"\nfunc f() { time.Sleep(1) }"},
		{"test-skip", "node/x_test.go", "package node\nimport \"testing\"\nfunc TestX(t *testing.T) { t.Skip() }"},
	}
	bitten := map[string]bool{}
	for _, p := range planted {
		t.Run(p.rule+" "+p.path, func(t *testing.T) {
			tree := sound()
			tree[p.path] = source(p.text)
			if p.text == "-" {
				delete(tree, p.path)
			}
			found, err := Check(tree)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(found, func(v Violation) bool {
				return v.Rule == p.rule && (strings.HasPrefix(p.path, v.Path))
			}) {
				t.Errorf("not found; found only %v", found)
			}
		})
		bitten[p.rule] = true
	}
	for _, r := range rules {
		if !bitten[r.name] {
			t.Errorf("no violation of %s is planted, only of %v", r.name, slices.Sorted(maps.Keys(bitten)))
		}
	}
}

func TestCheckTellsOfAFileThatDoesNotParse(t *testing.T) {
	tree := sound()
	tree["node/x.go"] = source("package")
	if _, err := Check(tree); err == nil || !strings.Contains(err.Error(), "node/x.go") {
		t.Errorf("Check: %v, want an error that names the file", err)
	}
}
