package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// machinery is what a node has beyond the work itself, by the functions that do it. The first that fits counts.
var machinery = []struct {
	name  string
	frame *regexp.Regexp
}{
	{"journal", regexp.MustCompile(`(?i)journal|^chatnode/actors\.\(\*ackedLog\)`)},
	{"metrics", regexp.MustCompile(`^chatnode/actors\.\(\*(?:Histogram|Latency|stopwatch|\w+Stats)\)|^chatnode/node\.\(\*(?:metrics|\w*[cC]ollector)\)`)},
	{"mailboxes", regexp.MustCompile(`^chatnode/actors\.(?:\(\*mailbox\)|\(\*System\)|NewSystem|\(\*Process\)\.(?:Tell|Post|Wait|Lend|enqueue|Hold|Release|idle|schedule)$)`)},
	{"supervision", regexp.MustCompile(`^chatnode/actors\.(?:\(\*guard\)|work$|\(\*Process\)\.(?:run|handle))`)},
}

// What has no frame of chatnode's is the runtime's own.
const (
	scheduler = "scheduler"
	collector = "collector"
)

var (
	traceHead = regexp.MustCompile(`^\s*([0-9.]+)us\s{2,}(.+)$`)
	turns     = regexp.MustCompile(`^runtime\.(?:schedule|findRunnable|mcall|park_m|goexit0|sysmon|mstart)`)
	collects  = regexp.MustCompile(`^runtime\.(?:gc|bg(?:sweep|scavenge))`)
)

// share sums up the traces of a profile by what they belong to, in percent of all of it.
func share(traces string) map[string]float64 {
	sums, all := map[string]float64{}, 0.0
	for trace := range strings.SplitSeq(traces, "-----------+") {
		time, frames := 0.0, []string(nil)
		for line := range strings.Lines(trace) {
			head := traceHead.FindStringSubmatch(strings.TrimRight(line, "\n"))
			text := strings.TrimSpace(line)
			switch {
			case head != nil:
				_, _ = fmt.Sscan(head[1], &time) // digits and dots, by the expression
				text = head[2]
			case frames == nil:
				continue
			}
			frames = append(frames, strings.TrimSuffix(strings.TrimSpace(text), " (inline)"))
		}
		if time > 0 {
			all += time
			sums[belongs(frames)] += time
		}
	}
	for name := range sums {
		sums[name] *= 100 / all
	}
	return sums
}

// belongs tells what a stack, the leaf first, is spent for: what the frame of chatnode's does that is nearest to
// the leaf. An atomic operation of any other than a mailbox counts something.
func belongs(frames []string) string {
	for i, f := range frames {
		if !strings.HasPrefix(f, "chatnode/") {
			continue
		}
		for _, m := range machinery {
			if m.frame.MatchString(f) {
				return m.name
			}
		}
		if i == 1 && strings.HasPrefix(frames[0], "sync/atomic.") {
			return "metrics"
		}
		return "work"
	}
	switch {
	case slices.ContainsFunc(frames, turns.MatchString):
		return scheduler
	case slices.ContainsFunc(frames, collects.MatchString):
		return collector
	}
	return "runtime"
}

// writeShares prints what of the node's processor time goes to its machinery.
func writeShares(out io.Writer, o *options, rows []Row) {
	fmt.Fprint(out, "\nOf the processor time of the (first) node, percent\n\n| msg/s |")
	for _, m := range machinery {
		fmt.Fprintf(out, " %s |", m.name)
	}
	fmt.Fprintf(out, " together | scheduler | collector |\n|---:|%s\n", strings.Repeat("---:|", len(machinery)+3))
	for _, rate := range o.rates {
		rs := of(at(rows, rate), chatnode)
		get := func(name string) float64 { return median(rs, func(r Row) float64 { return r.Shares[name] }) }
		fmt.Fprintf(out, "| %g |", rate)
		together := 0.0
		for _, m := range machinery {
			together += get(m.name)
			fmt.Fprintf(out, " %.2f |", get(m.name))
		}
		fmt.Fprintf(out, " %.2f | %.2f | %.2f |\n", together, get(scheduler), get(collector))
	}
}
