package node

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one invalid setting.
type Problem struct {
	Variable string // for example "PORT"
	Value    string // as configured; "[secret]" for secrets, empty if it is irrelevant
	Must     string // the requirement, beginning with "must"
}

// String returns the problem as one line.
func (p Problem) String() string {
	switch p.Value {
	case "":
		return p.Variable + " " + p.Must
	case hiddenText:
		return p.Variable + "=" + hiddenText + " " + p.Must
	}
	return fmt.Sprintf("%s=%q %s", p.Variable, p.Value, p.Must)
}

// A ConfigError contains all problems of a configuration, sorted by variable.
type ConfigError struct{ Problems []Problem }

// Error returns a title, and one line for each problem.
func (e *ConfigError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, "invalid configuration:")
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Variable, b.Variable) })
}
