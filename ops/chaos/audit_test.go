package chaos

import (
	"errors"
	"fmt"
	"strings"

	"chatnode/ops/e2e/client"
)

// A verdict is what an audit has found. Everything but the first two must be empty.
type verdict struct {
	acked   int // messages acknowledged
	journal int // of them with stored: "journal"

	lost     []string // acknowledged, and not in the history
	twice    []string // a text twice in the history; a message shown twice
	vanished []string // shown to somebody, and not in the history
	unseen   []string // in the history, and not shown to a reader
	disorder []string // places that readers and history do not agree on
	moved    []string // not where, or not under the id, that the ack said
}

// A trial is what an audit judges.
type trial struct {
	acked   []ack
	epoch   string // of the history
	history []client.Message
	readers []*witness
	forgets bool // Redis has lost entries: what was appended again has another place than the ack said
}

// audit judges. Messages are known by their texts, which writers make unique.
func audit(t trial) *verdict {
	v := &verdict{acked: len(t.acked)}
	texts, ids := v.chronicle(t.history)
	v.acknowledged(&t, texts)
	for _, w := range t.readers {
		v.witnessed(w, &t, texts, ids)
	}
	v.agree(&t)
	return v
}

// chronicle checks the history by itself, and returns it by text and by id.
func (v *verdict) chronicle(history []client.Message) (texts, ids map[string]client.Message) {
	texts, ids = map[string]client.Message{}, map[string]client.Message{}
	last := uint64(0)
	for _, m := range history {
		m.Message = unpadded(m.Message)
		if other, there := texts[m.Message]; there {
			v.twice = append(v.twice, fmt.Sprintf("%s at %d and %d in the history", m.Message, other.Seq, m.Seq))
		}
		if m.Seq <= last {
			v.disorder = append(v.disorder, fmt.Sprintf("history goes from %d to %d", last, m.Seq))
		}
		last = m.Seq
		texts[m.Message], ids[m.ID] = m, m
	}
	return texts, ids
}

func (v *verdict) acknowledged(t *trial, texts map[string]client.Message) {
	type line struct {
		writer string
		conn   int
	}
	last := map[line]client.Message{}
	for _, a := range t.acked {
		m, there := texts[a.text]
		switch {
		case !there:
			v.lost = append(v.lost, fmt.Sprintf("%s acknowledged from %s at %s", a.text, a.stored, a.at.Format("05.000")))
			continue
		case a.stored == "journal":
			v.journal++
		case !t.forgets && (m.ID != a.id || m.Seq != a.seq):
			v.moved = append(v.moved, fmt.Sprintf("%s acknowledged as %s at %d, stored as %s at %d", a.text, a.id, a.seq, m.ID, m.Seq))
		}
		if on := (line{a.writer, a.conn}); a.tries == 1 && !t.forgets {
			if m.Seq < last[on].Seq {
				v.disorder = append(v.disorder, fmt.Sprintf("%s at %d stands before %s at %d, which was written earlier", a.text, m.Seq, last[on].Message, last[on].Seq))
			}
			last[on] = m
		}
	}
}

// witnessed holds what one reader was shown against the history.
func (v *verdict) witnessed(w *witness, t *trial, texts, ids map[string]client.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.faults
	if !t.forgets { // PROTOCOL.md: what a failover lost is stored again, and a message known by its id has moved
		seen = append(seen[:len(seen):len(seen)], w.again...)
	}
	for _, f := range seen {
		if strings.HasPrefix(f, "twice") {
			v.twice = append(v.twice, w.name+": "+f)
		} else {
			v.disorder = append(v.disorder, w.name+": "+f)
		}
	}
	for id, text := range w.ever {
		_, there := ids[id]
		if t.forgets && text != "" { // it may have come back under the id of a retry
			_, there = texts[text]
		}
		if !there {
			v.vanished = append(v.vanished, fmt.Sprintf("%s (%s) shown to %s", id, text, w.name))
		}
	}
	for _, m := range t.history {
		if m.Seq >= w.from && w.places[client.Position{Epoch: t.epoch, Seq: m.Seq}] != m.ID {
			v.unseen = append(v.unseen, fmt.Sprintf("%s (%s) at %d by %s", m.ID, m.Message, m.Seq, w.name))
		}
	}
}

// agree checks that no two messages were ever seen in one place, by one reader or by two. Where Redis
// has lost entries, what a reader saw before it was told to load the room anew does not count.
func (v *verdict) agree(t *trial) {
	first := map[client.Position]string{}
	for _, w := range t.readers {
		w.mu.Lock()
		views := []map[client.Position]string{w.places, w.past}
		if t.forgets {
			views = views[:1]
		}
		for _, places := range views {
			for p, id := range places {
				if other, known := first[p]; known && other != id {
					v.disorder = append(v.disorder, fmt.Sprintf("at %s/%d %s saw %s, and %s was seen there too", p.Epoch, p.Seq, w.name, id, other))
				}
				first[p] = id
			}
		}
		w.mu.Unlock()
	}
}

// err is nil when nothing was found.
func (v *verdict) err() error {
	var errs []error
	for _, kind := range []struct {
		name  string
		found []string
	}{
		{"lost", v.lost},
		{"twice", v.twice},
		{"vanished", v.vanished},
		{"unseen", v.unseen},
		{"out of order", v.disorder},
		{"moved", v.moved},
	} {
		if n := len(kind.found); n > 0 {
			errs = append(errs, fmt.Errorf("%d %s (of %d acknowledged): %s", n, kind.name, v.acked, strings.Join(kind.found[:min(n, 6)], "\n\t")))
		}
	}
	return errors.Join(errs...)
}
