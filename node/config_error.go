package node

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one thing wrong with the configuration.
type Problem struct {
	Variable string // for example "PORT"
	Value    string // as it was given; hidden for secrets, empty when the value is not the point
	Must     string // what it must be, beginning with "must"
}

// String is the problem in one line.
func (p Problem) String() string {
	switch p.Value {
	case "":
		return p.Variable + " " + p.Must
	case hiddenText:
		return p.Variable + "=" + hiddenText + " " + p.Must
	}
	return fmt.Sprintf("%s=%q %s", p.Variable, p.Value, p.Must)
}

// A ConfigError holds everything that is wrong with a configuration, sorted by variable.
type ConfigError struct{ Problems []Problem }

// Error has one line for each problem.
func (e *ConfigError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, "the configuration is not valid:")
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Variable, b.Variable) })
}
