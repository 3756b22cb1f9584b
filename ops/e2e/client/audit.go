package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Report is what an audit has found; all zero is what was promised.
type Report struct {
	Acked    int
	Lost     []string // acknowledged, and not in the history
	Twice    []string // more than once in the history, or in a view
	Disorder []string // history not ascending, or a writer's messages not in the order of writing
	Moved    []string // a message's id or place is not what the ack or another reader was told
}

// Err is nil when nothing was found.
func (r Report) Err() error {
	var errs []error
	for _, kind := range []struct {
		name  string
		found []string
	}{{"lost", r.Lost}, {"twice", r.Twice}, {"out of order", r.Disorder}, {"moved", r.Moved}} {
		if n := len(kind.found); n > 0 {
			errs = append(errs, fmt.Errorf("%d of %d %s: %s", n, r.Acked, kind.name, strings.Join(kind.found[:min(n, 5)], ", ")))
		}
	}
	return errors.Join(errs...)
}

// Audit compares what was acknowledged with the whole history of the room, oldest first, and with
// what each reader was shown. Messages are known by their text, which writers make unique, so no id
// of the server's has to be believed. acked is in the order of writing for each writer.
func Audit(acked []Acked, history []Message, views map[string][]Message) Report {
	r := Report{Acked: len(acked)}
	stored := r.history(history)
	last := map[string]uint64{} // writer → seq of its latest message
	for _, a := range acked {
		m, ok := stored[a.Text]
		if !ok {
			r.Lost = append(r.Lost, a.Text)
			continue
		}
		if m.ID != a.MessageID || a.Seq != 0 && a.Seq != m.Seq {
			r.Moved = append(r.Moved, fmt.Sprintf("%s acknowledged as %s at %d, stored as %s at %d", a.Text, a.MessageID, a.Seq, m.ID, m.Seq))
		}
		if m.Seq < last[a.Writer] {
			r.Disorder = append(r.Disorder, fmt.Sprintf("%s at %d is before its writer's earlier one", a.Text, m.Seq))
		}
		last[a.Writer] = m.Seq
	}
	for name, shown := range views {
		r.view(name, shown, stored)
	}
	return r
}

// history checks the history by itself and returns its messages by text.
func (r *Report) history(history []Message) map[string]Message {
	stored := map[string]Message{}
	if !slices.IsSortedFunc(history, func(a, b Message) int { return int(a.Seq) - int(b.Seq) }) {
		r.Disorder = append(r.Disorder, "the history's seqs do not ascend")
	}
	for _, m := range history {
		if other, twice := stored[m.Message]; twice {
			r.Twice = append(r.Twice, fmt.Sprintf("%s at %d and %d", m.Message, other.Seq, m.Seq))
		}
		stored[m.Message] = m
	}
	return stored
}

// view checks that a reader was shown each message once, with the id and place that the history has.
func (r *Report) view(name string, shown []Message, stored map[string]Message) {
	seen := map[string]bool{}
	for _, m := range shown {
		if seen[m.Message] {
			r.Twice = append(r.Twice, fmt.Sprintf("%s shown twice to %s", m.Message, name))
		}
		seen[m.Message] = true
		switch s, ok := stored[m.Message]; {
		case !ok:
			r.Lost = append(r.Lost, fmt.Sprintf("%s shown to %s", m.Message, name))
		case s.ID != m.ID || s.Seq != m.Seq:
			r.Moved = append(r.Moved, fmt.Sprintf("%s shown to %s as %s at %d, stored as %s at %d", m.Message, name, m.ID, m.Seq, s.ID, s.Seq))
		}
	}
}
