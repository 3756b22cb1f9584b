package rig

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Table writes a Markdown table. Columns whose head ends with a colon are aligned to the right.
func Table(out io.Writer, head []string, rows [][]string) {
	names, rule := make([]string, len(head)), make([]string, len(head))
	for i, h := range head {
		name, right := strings.CutSuffix(h, ":")
		names[i], rule[i] = name, "---"
		if right {
			rule[i] = "---:"
		}
	}
	fmt.Fprintf(out, "| %s |\n|%s|\n", strings.Join(names, " | "), strings.Join(rule, "|"))
	for _, row := range rows {
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
	}
}

// Digits formats a number with three significant digits, or with all digits before the point.
func Digits(n float64) string {
	if n == 0 || n == math.Trunc(n) && math.Abs(n) < 1000 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(n))))
	return strconv.FormatFloat(n, 'f', min(max(0, decimals), 4), 64)
}
