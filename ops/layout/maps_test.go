package layout

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mapLine is a line of a package comment that describes a file of the package.
var mapLine = regexp.MustCompile(`(?m)^//\t(\S+\.go) +\S`)

// TestDocMapsMatchFiles requires a map line in doc.go for each non-test file of a package, and for no other file.
func TestDocMapsMatchFiles(t *testing.T) {
	tr, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range mapProblems(tr, func(doc string) string { return read(t, path.Join(root, doc)) }) {
		t.Error(problem)
	}
}

// mapProblems returns one line for each file that a map lacks, and for each line that names no file or a file again.
// Packages that have only tests, or tests and doc.go, need no map. Lines for test files are allowed.
func mapProblems(t *tree, read func(name string) string) []string {
	var problems []string
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	files := map[string][]string{} // folder: its non-test files without doc.go
	all := map[string]bool{}
	for _, f := range t.files {
		all[f.path] = true
		if dir, name := path.Split(f.path); !isTest(name) && name != "doc.go" {
			files[path.Clean(dir)] = append(files[path.Clean(dir)], name)
		}
	}
	for dir, names := range files {
		doc := path.Join(dir, "doc.go")
		if !all[doc] {
			report("%s is missing", doc)
			continue
		}
		var mapped []string
		for _, m := range mapLine.FindAllStringSubmatch(read(doc), -1) {
			switch {
			case slices.Contains(mapped, m[1]):
				report("%s has two lines for %s", doc, m[1])
			case !all[path.Join(dir, m[1])]:
				report("%s has a line for %s, which does not exist", doc, m[1])
			}
			mapped = append(mapped, m[1])
		}
		for _, name := range names {
			if !slices.Contains(mapped, name) {
				report("%s has no line for %s (//<tab>%s  contents)", doc, name, name)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

func TestMapProblems(t *testing.T) {
	for _, c := range []struct {
		name, doc string
		want      []string
	}{
		{"complete", "//\ta.go  one\n//\tb.go  two\n//\tb_test.go  tests of two\n", nil},
		{"missing", "//\ta.go  one, b.go\n", []string{"node/doc.go has no line for b.go (//<tab>b.go  contents)"}},
		{"stale", "//\ta.go  one\n//\tb.go  two\n//\tc.go  three\n", []string{"node/doc.go has a line for c.go, which does not exist"}},
		{"twice", "//\ta.go  one\n//\tb.go  two\n//\ta.go  again\n", []string{"node/doc.go has two lines for a.go"}},
		{"empty", "//\ta.go  one\n//\tb.go\n", []string{"node/doc.go has no line for b.go (//<tab>b.go  contents)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := &tree{files: []*file{{path: "node/doc.go"}, {path: "node/a.go"}, {path: "node/b.go"}, {path: "node/b_test.go"}}}
			if got := mapProblems(tr, func(string) string { return c.doc }); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
