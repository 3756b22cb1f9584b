package client

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A View is what one reader makes of everything that it was shown of a room. Whatever breaks the
// promise of one gapless order is a fault. It is fed from one goroutine and read from any.
type View struct {
	Room string

	mu          sync.Mutex
	at          Position
	reloading   bool // after a join that did not recover, until the history has come
	shown       []Message
	provisional map[string]Message // shown before they had a place
	faults      []string
	reloads     int
	moved       chan struct{} // closed and replaced whenever the position has moved
}

// NewView is the view of somebody who has seen nothing of the room yet.
func NewView(room string) *View {
	return &View{Room: room, provisional: map[string]Message{}, moved: make(chan struct{})}
}

// Feed takes the next frame.
func (v *View) Feed(f Frame) {
	if f.Room != v.Room {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch f.Type {
	case "joined":
		v.joined(f)
	case "message_history":
		v.history(f)
	case "new_message":
		v.message(f)
	case "message_updated", "message_deleted", "bulk_delete":
		v.change(f)
	case "committed":
		v.committed(f)
	case "resync":
		v.reloading = true
	}
	close(v.moved)
	v.moved = make(chan struct{})
}

// joined begins anew: what is provisional still is sent again.
func (v *View) joined(f Frame) {
	clear(v.provisional)
	if !f.Recovered {
		v.reloading = true
		return
	}
	v.reloading = false
	if f.Epoch != v.at.Epoch {
		v.fault("recovered into another epoch, %s after %s", f.Epoch, v.at.Epoch)
	}
	if f.Seq < v.at.Seq {
		v.fault("recovered at %d although %d was shown", f.Seq, v.at.Seq)
	}
	if v.at.Seq+uint64(f.Missed) != f.Seq {
		v.fault("recovered from %d to %d with %d missed", v.at.Seq, f.Seq, f.Missed)
	}
}

// history takes the page that a join without recovery brings; pages that were asked for change nothing.
func (v *View) history(f Frame) {
	if !v.reloading {
		return
	}
	page, err := Decode[[]Message](f)
	if err != nil {
		v.fault("history: %v", err)
		return
	}
	if f.Epoch == v.at.Epoch && f.Seq < v.at.Seq {
		v.fault("history ends at %d although %d was shown", f.Seq, v.at.Seq)
	}
	for _, m := range page {
		if f.Epoch != v.at.Epoch || m.Seq > v.at.Seq {
			v.shown = append(v.shown, m)
		}
	}
	v.at = Position{f.Epoch, f.Seq}
	v.reloading = false
	v.reloads++
}

func (v *View) message(f Frame) {
	m, err := Decode[Message](f)
	if err != nil {
		v.fault("new_message: %v", err)
		return
	}
	m.Seq = f.Seq
	if f.Provisional {
		if _, twice := v.provisional[m.ID]; twice {
			v.fault("provisional %s twice", m.ID)
		}
		v.provisional[m.ID] = m
		return
	}
	v.place(f.Seq, f.Raw)
	v.shown = append(v.shown, m)
}

func (v *View) committed(f Frame) {
	commits, err := Decode[[]Commit](f)
	if err != nil {
		v.fault("committed: %v", err)
		return
	}
	for _, c := range commits {
		m, known := v.provisional[c.ID]
		if !known {
			v.fault("committed %s, which was never shown", c.ID)
		}
		delete(v.provisional, c.ID)
		if c.Seq > v.at.Seq { // one that was passed is a place further up
			v.place(c.Seq, f.Raw)
		}
		m.Seq = c.Seq
		v.shown = append(v.shown, m)
	}
}

// change takes the place of an edit or a deletion; a provisional one has none.
func (v *View) change(f Frame) {
	if f.Seq != 0 {
		v.place(f.Seq, f.Raw)
		return
	}
	if f.Type == "message_deleted" {
		delete(v.provisional, f.MessageID)
	}
}

// place takes one place of the order.
func (v *View) place(seq uint64, raw string) {
	switch {
	case v.reloading:
		v.fault("a live frame before the history: %s", raw)
	case seq <= v.at.Seq:
		v.fault("doubled or out of order: %d after %d: %s", seq, v.at.Seq, raw)
	case seq > v.at.Seq+1:
		v.fault("gap: %d after %d: %s", seq, v.at.Seq, raw)
	}
	v.at.Seq = max(v.at.Seq, seq)
}

func (v *View) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// Position is where to resume from; ok is false where there is nothing to resume.
func (v *View) Position() (p Position, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at, v.at.Epoch != "" && !v.reloading
}

// Shown are the messages that have been shown with their place, in the order of showing.
func (v *View) Shown() []Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.shown)
}

// Reloads counts how often the history was loaded rather than resumed; the first join is one.
func (v *View) Reloads() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.reloads
}

// Err is nil while the view has no faults.
func (v *View) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.faults) == 0 {
		return nil
	}
	return fmt.Errorf("%d faults, the first: %s", len(v.faults), strings.Join(v.faults[:min(5, len(v.faults))], "; "))
}

// reached says whether the view has got to seq, and if not, what to wait for.
func (v *View) reached(seq uint64) (bool, <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.reloading && v.at.Seq >= seq, v.moved
}
