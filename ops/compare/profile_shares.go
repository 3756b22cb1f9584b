package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// overhead classifies the functions that are not the work itself. The first match counts.
var overhead = []struct {
	name     string
	function *regexp.Regexp
}{
	{"journal", regexp.MustCompile(`(?i)journal|^chatnode/actors/publisher\.\(\*[aA]cked`)},
	{"metrics", regexp.MustCompile(`^chatnode/actors/stats\.|^chatnode/node\.\(\*(?:metrics|\w*[cC]ollector)\)`)},
	{"supervision", regexp.MustCompile(`^chatnode/actors/process\.(?:\(\*guard\)|work$|\(\*Process\)\.(?:run|Run|turn|handle|recover))`)},
	{"mailboxes", regexp.MustCompile(`^chatnode/actors/process\.`)},
}

// A sample without a function of chatnode belongs to the runtime.
var (
	schedules = regexp.MustCompile(`^runtime\.(?:schedule|findRunnable|mcall|park_m|goexit0|sysmon|mstart)`)
	collects  = regexp.MustCompile(`^runtime\.(?:gc|bg(?:sweep|scavenge))`)
)

// shares reads the output of pprof -traces: blocks of one value and a stack, the innermost function first.
func shares(traces string) map[string]float64 {
	sums, total := map[string]float64{}, 0.0
	for block := range strings.SplitSeq(traces, "-----------+") {
		_, block, _ = strings.Cut(block, "\n")
		stack := strings.Split(strings.TrimSpace(block), "\n")
		value, function, _ := strings.Cut(stack[0], "us ")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue // the head of the output
		}
		stack[0] = function
		for i := range stack {
			stack[i] = strings.TrimSuffix(strings.TrimSpace(stack[i]), " (inline)")
		}
		sums[classify(stack)] += v
		total += v
	}
	for name := range sums {
		sums[name] *= 100 / total
	}
	for _, o := range overhead {
		sums["overhead"] += sums[o.name]
	}
	return sums
}

// classify returns the part that a stack belongs to. The innermost function of chatnode decides. Atomic operations
// outside of mailboxes are metrics.
func classify(stack []string) string {
	for i, function := range stack {
		if !strings.HasPrefix(function, "chatnode/") {
			continue
		}
		for _, o := range overhead {
			if o.function.MatchString(function) {
				return o.name
			}
		}
		if i == 1 && strings.HasPrefix(stack[0], "sync/atomic.") {
			return "metrics"
		}
		return "work"
	}
	switch {
	case slices.ContainsFunc(stack, schedules.MatchString):
		return "scheduler"
	case slices.ContainsFunc(stack, collects.MatchString):
		return "collector"
	}
	return "runtime"
}
