package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// writeTable writes the report for people.
func (r *report) writeTable(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	c, m := r.Connections, r.Messages
	fmt.Fprintf(w, "\nconnections\t%d joined in %.1f s (%.0f/s), %d of them slow, %d silent; %d reconnects (%d resumed), %d reloads, %d ended\n",
		c.Joined, c.Seconds, c.PerSecond, c.Slow, c.Silent, c.Reconnects, c.Recovered, c.Reloads, c.Ended)
	fmt.Fprintf(w, "messages\t%d sent, %d acknowledged (%.0f/s), %d refused, %d unanswered; %d throttled, %d sent again, %d acks of duplicates\n",
		m.Sent, m.Acked, m.AckedRate, m.Refused, m.Unanswered, m.Throttled, m.Retries, m.Duplicates)
	fmt.Fprintf(w, "deliveries\t%d (%.0f/s), and %d to slow readers; messages were sent at most %.1f ms late\n\n", m.Deliveries, m.PerSecond, m.SlowReads, m.SendLagMaxMs)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	r.latencies(w)
	if len(r.Events) > 0 {
		fmt.Fprintln(w)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Events)) {
		fmt.Fprintf(w, "%d ×\t%s\n", r.Events[name], name)
	}
	fmt.Fprintf(w, "\n%s\n", r.verdict())
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func (r *report) latencies(w io.Writer) {
	begin := "due"
	if r.Options.Outstanding > 0 {
		begin = "sent"
	}
	fmt.Fprintln(w, "ms\tcount\tp50\tp90\tp99\tp99.9\tmax")
	for _, l := range []struct {
		name string
		q    quantiles
	}{{begin + " to ack", r.Ack}, {begin + " to delivery", r.Delivery}, {"connect to joined", r.Joining}} {
		fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", l.name, l.q.Count, l.q.P50, l.q.P90, l.q.P99, l.q.P999, l.q.Max)
	}
}

// verdict returns one line: that there are no faults, or which ones.
func (r *report) verdict() string {
	if r.OK {
		return "OK: no acknowledged message is lost, duplicated or out of order"
	}
	f := r.Faults
	var found []string
	for _, fault := range []struct {
		n    uint64
		what string
	}{
		{f.Lost, "acknowledged messages that no reader was shown"},
		{f.Missed, "entries that readers skipped"},
		{f.Behind, "entries that connected readers did not have at the end"},
		{f.Doubled, "messages stored twice"},
		{f.Repeated, "entries shown again"},
		{f.Disorder, "entries shown out of order"},
		{f.Clashes, "messages at the position of another"},
		{f.Malformed, "frames that are not valid JSON"},
		{uint64(f.Unverified), "readers without a connection at the end that did not have all entries"},
	} {
		if fault.n > 0 {
			found = append(found, fmt.Sprintf("%d %s", fault.n, fault.what))
		}
	}
	return "FAILED: " + strings.Join(found, "; ")
}
