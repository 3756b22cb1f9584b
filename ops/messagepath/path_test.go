package messagepath

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestMessagePathInReadme sends messages through an instrumented node and compares the files that run with the list in
// the README.
func TestMessagePathInReadme(t *testing.T) {
	steps, problems := readSteps(read(t, root+"/README.md"))
	n := startNode(t, build(t))
	n.observeIdle()
	var runs [][]uint32
	for i := range messages {
		runs = append(runs, n.send(fmt.Sprintf("m%d", i)))
	}
	r := newRuns(runs, n.program.statements)
	problems = append(problems, r.check(steps, exceptions, func(file string) bool {
		_, err := os.Stat(path.Join(root, file))
		return err == nil
	})...)
	for _, p := range problems {
		t.Error(p)
	}
	if t.Failed() {
		t.Logf("statements of one message, consecutive ones of a file once:\n\t%s", strings.Join(r.describe(), "\n\t"))
	}
	t.Logf("%d files run for a message and not on the idle node; the README lists %d", len(r.files), len(steps))
}

// runs are what the node ran for several messages. A statement belongs to the path of a message if it ran for most of
// the messages: a busy machine may delay some of them.
type runs struct {
	statements []statement
	sequences  [][]uint32      // of each message, only the statements of the path
	files      []string        // of the path, in the order of their first statement in most messages
	ever       map[string]bool // files with a statement that ran for any of the messages
}

// most is the number of n messages that decides.
func most(n int) int { return (2*n + 2) / 3 }

func newRuns(all [][]uint32, statements []statement) *runs {
	count := map[uint32]int{}
	r := &runs{statements: statements, ever: map[string]bool{}}
	for _, sequence := range all {
		seen := map[uint32]bool{}
		for _, s := range sequence {
			if r.ever[statements[s].file] = true; !seen[s] {
				seen[s] = true
				count[s]++
			}
		}
	}
	for _, sequence := range all {
		r.sequences = append(r.sequences, slices.DeleteFunc(slices.Clone(sequence), func(s uint32) bool {
			return count[s] < most(len(all))
		}))
	}
	for s := range maps.Keys(count) {
		if count[s] >= most(len(all)) && !slices.Contains(r.files, statements[s].file) {
			r.files = append(r.files, statements[s].file)
		}
	}
	slices.SortFunc(r.files, func(a, b string) int { return r.first(a) - r.first(b) })
	return r
}

// first is the position of the first statement of a file, in the message with the most statements of the path.
func (r *runs) first(file string) int {
	return slices.IndexFunc(r.longest(), func(s uint32) bool { return r.statements[s].file == file })
}

func (r *runs) longest() []uint32 {
	return slices.MaxFunc(r.sequences, func(a, b []uint32) int { return len(a) - len(b) })
}

// check returns what is wrong with the list of files and the exceptions.
func (r *runs) check(steps []string, except map[string]string, exists func(file string) bool) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for i, file := range steps {
		switch {
		case !exists(file):
			report("README.md, step %d: %s does not exist: write its new name", i+1, file)
		case !slices.Contains(r.files, file):
			report("README.md, step %d: no statement of %s runs for a message and not on the idle node: remove the step, "+
				"or name the file that does this now", i+1, file)
		case except[file] != "":
			report("exceptions_test.go: remove %s, because the README lists it", file)
		}
	}
	if len(problems) == 0 {
		problems = r.checkOrder(steps)
	}
	for _, file := range slices.Sorted(maps.Keys(except)) {
		switch {
		case !exists(file):
			report("exceptions_test.go: %s does not exist: write its new name, or remove it", file)
		case !r.ever[file] && !otherSystem(file):
			report("exceptions_test.go: remove %s, because no statement of it runs for a message", file)
		}
	}
	for _, file := range r.files {
		if !slices.Contains(steps, file) && except[file] == "" && !slices.Contains(exceptPackages, path.Dir(file)) {
			report("%s runs for a message (first line %d): add it to the list in README.md if it is a step of the path, "+
				"or to exceptions_test.go with the reason why it is not", file, r.statements[r.longest()[r.first(file)]].line)
		}
	}
	return problems
}

// otherSystem reports whether the file may belong to another operating system than this one.
func otherSystem(file string) bool {
	return strings.HasSuffix(file, "_linux.go") || strings.HasSuffix(file, "_other.go")
}

// checkOrder requires for most messages that each file of the list runs after the previous one.
func (r *runs) checkOrder(steps []string) []string {
	failed, last := map[int]int{}, 0
	for _, sequence := range r.sequences {
		next := 0
		for _, s := range sequence {
			if next < len(steps) && r.statements[s].file == steps[next] {
				next++
			}
		}
		if next < len(steps) {
			failed[next]++
			last++
		}
	}
	if len(r.sequences)-last >= most(len(r.sequences)) {
		return nil
	}
	var problems []string
	for _, i := range slices.Sorted(maps.Keys(failed)) {
		problems = append(problems, fmt.Sprintf("README.md, step %d: %s does not run after %s for %d of %d messages: move it, "+
			"in the order of their first statements the files are %s",
			i+1, steps[i], steps[max(0, i-1)], failed[i], len(r.sequences), strings.Join(r.ordered(steps), ", ")))
	}
	return problems
}

// ordered returns the files of the list in the order of their first statements.
func (r *runs) ordered(steps []string) []string {
	return slices.DeleteFunc(slices.Clone(r.files), func(file string) bool { return !slices.Contains(steps, file) })
}

// describe names the statements of one message, consecutive ones of one file once.
func (r *runs) describe() (lines []string) {
	var previous string
	for _, s := range r.longest() {
		if st := r.statements[s]; st.file != previous {
			previous = st.file
			lines = append(lines, st.String())
		}
	}
	return lines
}
