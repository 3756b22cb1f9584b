package messagepath

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	heading  = "## The path of a message"
	maxSteps = 20
)

var (
	step       = regexp.MustCompile(`^(\d+)\. \[([^\]]+)\]\(([^)]+)\)`)
	anyHeading = regexp.MustCompile(`(?m)^#+ `)
)

// readSteps returns the files of the numbered list in the section of the README: one file in each step, as a link whose
// text is its path.
func readSteps(readme string) (files []string, problems []string) {
	_, text, found := strings.Cut(readme, "\n"+heading+"\n")
	if !found {
		return nil, []string{fmt.Sprintf("README.md has no section %q", heading)}
	}
	if end := anyHeading.FindStringIndex(text); end != nil {
		text = text[:end[0]]
	}
	report := func(format string, args ...any) {
		problems = append(problems, "README.md: "+fmt.Sprintf(format, args...))
	}
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		m := step.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		switch {
		case m[1] != fmt.Sprint(len(files)+1):
			report("step %s comes after step %d", m[1], len(files))
		case m[2] != m[3]:
			report("step %s links [%s] to %s: write the path twice", m[1], m[2], m[3])
		case seen[m[3]]:
			report("step %s names %s, which an earlier step names, too: each file once", m[1], m[3])
		}
		seen[m[3]] = true
		files = append(files, m[3])
	}
	if len(files) == 0 || len(files) > maxSteps {
		report("the path has %d steps, want 1 to %d", len(files), maxSteps)
	}
	return files, problems
}
