package layout

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Violation is one place that breaks a rule.
type Violation struct {
	Rule string // the rule's name
	Path string
	Line int // 0: the file, or the folder, as a whole
	What string
}

// String is "path:line: what (rule)".
func (v Violation) String() string {
	return fmt.Sprintf("%s:%d: %s (%s)", v.Path, v.Line, v.What, v.Rule)
}

// rules is the one table of them: the name, and what finds its violations.
var rules = []struct {
	name string
	find func(t *tree, report func(path string, line int, what string))
}{
	{"top-level", topLevel},
	{"file-length", fileLength},
	{"doc-file", docFile},
	{"package-name", packageName},
	{"import-direction", importDirection},
	{"actors-import", actorsImport},
	{"locks", locks},
	{"wall-clock", wallClock},
	{"go-statement", goStatement},
	{"init", initFunction},
	{"test-sleep", testSleep},
	{"test-skip", testSkip},
}

// Check applies every rule to the source tree and returns what breaks one, by path and line. The
// error says that the tree could not be read or parsed.
func Check(fsys fs.FS) ([]Violation, error) {
	t, err := load(fsys)
	if err != nil {
		return nil, err
	}
	var found []Violation
	for _, r := range rules {
		r.find(t, func(path string, line int, what string) {
			found = append(found, Violation{r.name, path, line, what})
		})
	}
	slices.SortStableFunc(found, func(a, b Violation) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return found, nil
}
