package layout

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

const docs = root + "/ops/docs/"

var (
	testName  = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*\b`)
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)\(`)
	invariant = regexp.MustCompile(`\bINV-[0-9]+\b`)
	heading   = regexp.MustCompile(`(?m)^## (INV-[0-9]+):`)
	filePath  = regexp.MustCompile("`((?:actors|transport|node|ops)/[A-Za-z0-9_./-]+\\.[a-z]+)`")
	link      = regexp.MustCompile(`\]\(([^):#]+)(?:#[^)]*)?\)`)
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// inTests returns what the expression finds in the tests of the tree: its last group.
func inTests(t *testing.T, expression *regexp.Regexp) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && hidden(d.Name()):
			return fs.SkipDir
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		for _, m := range expression.FindAllStringSubmatch(read(t, path.Join(root, name)), -1) {
			found[m[len(m)-1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestInvariantsAreTested(t *testing.T) {
	listed, cited := map[string]bool{}, inTests(t, invariant)
	for _, m := range heading.FindAllStringSubmatch(read(t, docs+"INVARIANTS.md"), -1) {
		listed[m[1]] = true
		if !cited[m[1]] {
			t.Errorf("no test cites %s", m[1])
		}
	}
	for id := range cited {
		if !listed[id] {
			t.Errorf("tests cite %s, which INVARIANTS.md does not have", id)
		}
	}
	if len(listed) == 0 {
		t.Error("INVARIANTS.md has no invariant")
	}
}

// The documents name tests and files that exist, and link to files that exist.
func TestDocumentsNameExisting(t *testing.T) {
	defined := inTests(t, testFunc)
	for _, doc := range []string{root + "/README.md", docs + "INVARIANTS.md", docs + "GOTCHAS.md", docs + "ADDING_A_COMMAND.md"} {
		text := read(t, doc)
		for _, name := range testName.FindAllString(text, -1) {
			if !defined[name] {
				t.Errorf("%s names %s, but no test has the name", path.Base(doc), name)
			}
		}
		for _, m := range filePath.FindAllStringSubmatch(text, -1) {
			exists(t, doc, path.Join(root, m[1]))
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			exists(t, doc, path.Join(path.Dir(doc), m[1]))
		}
	}
}

func exists(t *testing.T, doc, name string) {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		t.Errorf("%s: %v", path.Base(doc), err)
	}
}
