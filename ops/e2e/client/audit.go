package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Trial is the input of an audit.
type Trial struct {
	Acked   []AckedWrite // of each writer in the order of its acks
	Epoch   string       // of the history
	History []Message
	Views   []*View
	Forgets bool // Redis has lost entries: those appended again are not at the position of the ack
	Apart   bool // nodes were cut off: a reader that goes to such a node is shown an earlier position
}

// Report is the result of an audit. All fields except Acked and Journal must be empty.
type Report struct {
	Acked   int // messages acknowledged
	Journal int // of them with stored: "journal"

	Lost     []string // acknowledged, but not in the history
	Twice    []string // a text twice in the history, or a message shown twice
	Vanished []string // shown, but not in the history
	Unseen   []string // in the history, but not shown to a reader
	Disorder []string // positions on which readers, history and writers do not agree
	Moved    []string // not at the position, or not under the id, of the ack
}

// Audit compares the acknowledged messages with the whole history, oldest first, and with what each reader was shown.
// It identifies messages by their texts, which writers make unique, so it trusts no id of the server.
func Audit(t Trial) *Report {
	r := &Report{Acked: len(t.Acked)}
	texts, ids := r.history(t.History)
	r.acknowledged(&t, texts)
	for _, v := range t.Views {
		r.view(v, &t, texts, ids)
	}
	r.agree(&t)
	return r
}

// history checks the history itself, and returns it by text and by id.
func (r *Report) history(history []Message) (texts, ids map[string]Message) {
	texts, ids = map[string]Message{}, map[string]Message{}
	last := uint64(0)
	for _, m := range history {
		m.Message = unpadded(m.Message)
		if other, there := texts[m.Message]; there {
			r.Twice = append(r.Twice, fmt.Sprintf("%s at %d and %d in the history", m.Message, other.Seq, m.Seq))
		}
		if m.Seq <= last {
			r.Disorder = append(r.Disorder, fmt.Sprintf("history goes from %d to %d", last, m.Seq))
		}
		last = m.Seq
		texts[m.Message], ids[m.ID] = m, m
	}
	return texts, ids
}

func (r *Report) acknowledged(t *Trial, texts map[string]Message) {
	type connection struct {
		writer string
		number int
	}
	last := map[connection]Message{}
	for _, a := range t.Acked {
		m, there := texts[a.Text]
		switch {
		case !there:
			r.Lost = append(r.Lost, fmt.Sprintf("%s acknowledged from %s at %s", a.Text, a.Stored, a.At.Format("05.000")))
			continue
		case a.Stored == "journal":
			r.Journal++
		case !t.Forgets && (m.ID != a.MessageID || m.Seq != a.Seq):
			r.Moved = append(r.Moved, fmt.Sprintf("%s acknowledged as %s at %d, stored as %s at %d", a.Text, a.MessageID, a.Seq, m.ID, m.Seq))
		}
		// A retry may be stored after later messages of its connection. Conn is 0 if there is one message at a time.
		if on := (connection{a.Writer, a.Conn}); (a.Tries == 1 || a.Conn == 0) && !t.Forgets {
			if m.Seq < last[on].Seq {
				r.Disorder = append(r.Disorder, fmt.Sprintf("%s at %d is before %s at %d, which was written earlier", a.Text, m.Seq, last[on].Message, last[on].Seq))
			}
			last[on] = m
		}
	}
}

// view compares what one reader was shown with the history.
func (r *Report) view(v *View, t *Trial, texts, ids map[string]Message) {
	v.mu.Lock()
	defer v.mu.Unlock()
	faults := slices.Clone(v.faults)
	if !t.Forgets { // after a failover lost entries are stored again, at another position: see PROTOCOL.md
		faults = append(faults, v.moves...)
	}
	if !t.Apart {
		faults = append(faults, v.returns...)
	}
	for _, f := range faults {
		if strings.HasPrefix(f, "twice") {
			r.Twice = append(r.Twice, v.name+": "+f)
		} else {
			r.Disorder = append(r.Disorder, v.name+": "+f)
		}
	}
	for id, text := range v.ever {
		_, there := ids[id]
		if t.Forgets && text != "" { // it may have come back under the id of a retry
			_, there = texts[text]
		}
		if !there {
			r.Vanished = append(r.Vanished, fmt.Sprintf("%s (%s) shown to %s", id, text, v.name))
		}
	}
	for _, m := range t.History {
		if m.Seq >= v.from && v.places[Position{Epoch: t.Epoch, Seq: m.Seq}] != m.ID {
			r.Unseen = append(r.Unseen, fmt.Sprintf("%s (%s) at %d by %s", m.ID, m.Message, m.Seq, v.name))
		}
	}
}

// agree checks that no position ever had two messages, for one reader or for two. If Redis has lost entries, it
// ignores everything before the last resync.
func (r *Report) agree(t *Trial) {
	first := map[Position]string{}
	for _, v := range t.Views {
		v.mu.Lock()
		all := []map[Position]string{v.places, v.past}
		if t.Forgets {
			all = all[:1]
		}
		for _, places := range all {
			for p, id := range places {
				if other, known := first[p]; known && other != id {
					r.Disorder = append(r.Disorder, fmt.Sprintf("at %s/%d %s saw %s, but %s was seen there too", p.Epoch, p.Seq, v.name, id, other))
				}
				first[p] = id
			}
		}
		v.mu.Unlock()
	}
}

// Err returns nil if the audit found nothing.
func (r *Report) Err() error {
	var errs []error
	for _, kind := range []struct {
		name  string
		found []string
	}{
		{"lost", r.Lost},
		{"twice", r.Twice},
		{"vanished", r.Vanished},
		{"unseen", r.Unseen},
		{"out of order", r.Disorder},
		{"moved", r.Moved},
	} {
		if n := len(kind.found); n > 0 {
			errs = append(errs, fmt.Errorf("%d %s (of %d acknowledged): %s", n, kind.name, r.Acked, strings.Join(kind.found[:min(n, 6)], "\n\t")))
		}
	}
	return errors.Join(errs...)
}
