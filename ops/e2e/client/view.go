package client

import (
	"fmt"
	"maps"
	"strings"
	"sync"
)

// padding is the character that fills up the text of a message.
const padding = "."

// unpadded returns the text without its padding.
func unpadded(text string) string { return strings.TrimRight(text, padding) }

// View is what one reader was shown of a room, checked against the promise: one order without gaps or duplicates, and
// no message twice, except after a resync. Provisional messages are outside the order. They may be shown again after a
// reconnect, but not on the same connection.
//
// Feed is called from one goroutine, the other methods from any.
type View struct {
	name, room string

	mu          sync.Mutex
	at          Position
	loading     bool                // the history is to come
	joined      bool                // while loading: joined has come, and nothing but the history may follow
	top         Position            // the highest position so far
	from        uint64              // the first seq of at.Epoch that the reader must have been shown
	places      map[Position]string // id at each position since the last resync
	past        map[Position]string // the same before the last resync
	shown       map[string]bool     // ids on the screen
	texts       map[string]string   // ids on the screen, by text
	waiting     map[string]int      // provisional ids on the screen: the connection that showed them
	provisional map[string]string   // their texts
	ever        map[string]string   // texts of all ids that ever had a position
	conn        int
	reloads     int
	resyncs     int
	commits     int
	faults      []string
	moves       []string      // ids shown at a second position: a fault, unless Redis has lost the entries
	returns     []string      // histories that end before the last position: a fault, unless nodes were cut off
	log         []string      // each join, history and resync
	moved       chan struct{} // closed and replaced at each frame
}

// NewView returns the View of a reader that has seen nothing of the room.
func NewView(name, room string) *View {
	return &View{
		name: name, room: room, loading: true, places: map[Position]string{}, past: map[Position]string{},
		shown: map[string]bool{}, texts: map[string]string{}, waiting: map[string]int{}, provisional: map[string]string{},
		ever: map[string]string{}, moved: make(chan struct{}),
	}
}

// Connected records a new connection.
func (v *View) Connected() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.conn++
}

// Feed applies the next frame.
func (v *View) Feed(f Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.record(f)
	switch {
	case f.Type == unreadable:
		v.fault("unreadable frame: %s", f.Raw)
	case f.Room != v.room:
		return
	case f.Type == "joined":
		v.join(f)
	case f.Type == "message_history":
		v.history(f)
	case f.Type == "new_message":
		v.message(f)
	case f.Type == "committed":
		v.commit(f)
	case f.Type == "message_updated", f.Type == "message_deleted", f.Type == "bulk_delete":
		v.change(f)
	case f.Type == "resync":
		v.resyncs++
		v.clear(f.Epoch)
		maps.Copy(v.past, v.places)
		clear(v.places)
	}
	close(v.moved)
	v.moved = make(chan struct{})
}

// join removes the provisional messages, as PROTOCOL.md requires: the node shows its own again.
func (v *View) join(f Frame) {
	for id := range v.waiting {
		v.takeBack(id)
	}
	if !f.Recovered {
		v.clear(f.Epoch)
		v.joined = true
		return
	}
	if v.loading || f.Epoch != v.at.Epoch || v.at.Seq+uint64(f.Missed) != f.Seq {
		v.fault("recovered to %s/%d with %d missed, having seen %s/%d", f.Epoch, f.Seq, f.Missed, v.at.Epoch, v.at.Seq)
	}
}

// takeBack removes a provisional message from the screen.
func (v *View) takeBack(id string) {
	if text := v.provisional[id]; v.texts[text] == id {
		delete(v.texts, text)
	}
	delete(v.provisional, id)
	delete(v.waiting, id)
	delete(v.shown, id)
}

// clear removes everything from the screen. The history is to come.
func (v *View) clear(epoch string) {
	v.loading, v.joined = true, false
	v.at = Position{Epoch: epoch}
	clear(v.shown)
	clear(v.texts)
	clear(v.provisional)
	clear(v.waiting)
}

// history applies the page that follows a join without recovery. Other pages were requested and change nothing.
func (v *View) history(f Frame) {
	if !v.loading {
		return
	}
	page, err := Decode[[]Message](f)
	if err != nil {
		v.fault("history: %v", err)
		return
	}
	v.loading = false
	v.reloads++
	if f.Epoch == v.top.Epoch && f.Seq < v.top.Seq {
		v.returns = append(v.returns, fmt.Sprintf("history ends at %d, although %d was shown", f.Seq, v.top.Seq))
	}
	v.at, v.from = Position{Epoch: f.Epoch, Seq: f.Seq}, f.Seq+1
	v.top = v.at
	for i, m := range page {
		m.Message = unpadded(m.Message)
		if i == 0 {
			v.from = m.Seq
		}
		v.place(m.ID, m.Message, m.Seq)
		v.shown[m.ID], v.texts[m.Message] = true, m.ID
	}
}

func (v *View) message(f Frame) {
	m, err := Decode[Message](f)
	if err != nil {
		v.fault("new_message: %v", err)
		return
	}
	m.Message = unpadded(m.Message)
	conn, waits := v.waiting[m.ID]
	if v.shown[m.ID] && (!waits || conn == v.conn) {
		v.moves = append(v.moves, fmt.Sprintf("twice: %s (%s) at %d", m.ID, m.Message, f.Seq))
	}
	if other, there := v.texts[m.Message]; there && other != m.ID {
		_, provisional := v.waiting[other]
		v.fault("twice: %s as %s (provisional: %t) and as %s (provisional: %t)", m.Message, other, provisional, m.ID, f.Provisional)
	}
	v.shown[m.ID], v.texts[m.Message] = true, m.ID
	if f.Provisional {
		v.waiting[m.ID], v.provisional[m.ID] = v.conn, m.Message
		return
	}
	delete(v.waiting, m.ID)
	v.next(f.Seq, f.Raw)
	v.place(m.ID, m.Message, f.Seq)
}

func (v *View) commit(f Frame) {
	commits, err := Decode[[]Commit](f)
	if err != nil {
		v.fault("committed: %v", err)
		return
	}
	for _, c := range commits {
		_, waits := v.waiting[c.ID]
		if !v.shown[c.ID] && !v.loading {
			v.fault("committed at %d without having been shown: %s", c.Seq, c.ID)
		}
		delete(v.waiting, c.ID)
		v.commits++
		if !waits || c.Seq > v.at.Seq { // a provisional message may get a seq within the history
			v.next(c.Seq, f.Raw)
		}
		v.place(c.ID, "", c.Seq)
	}
}

// change applies an edit or a deletion. Without a seq it changes a provisional message.
func (v *View) change(f Frame) {
	if f.Seq != 0 {
		v.next(f.Seq, f.Raw)
		return
	}
	if _, waits := v.waiting[f.MessageID]; waits { // otherwise the history contains the message
		v.takeBack(f.MessageID)
	}
}

// next checks that seq follows the last one.
func (v *View) next(seq uint64, raw string) {
	if v.loading {
		if v.joined {
			v.fault("a live frame before the history: %s", raw)
		}
		return
	}
	if seq != v.at.Seq+1 {
		v.fault("out of order: %d after %d: %s", seq, v.at.Seq, raw)
	}
	v.at.Seq = max(v.at.Seq, seq)
	v.top = v.at
}

// place records the position of a message. Without a resync no position may change its message.
func (v *View) place(id, text string, seq uint64) {
	p := Position{Epoch: v.at.Epoch, Seq: seq}
	if other, taken := v.places[p]; taken && other != id {
		v.fault("%s/%d was %s, is %s", p.Epoch, p.Seq, other, id)
	}
	v.places[p] = id
	if text != "" || v.ever[id] == "" {
		v.ever[id] = text
	}
}

func (v *View) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// record adds frames to the log that change the position other than by the next entry.
func (v *View) record(f Frame) {
	switch f.Type {
	case "joined", "message_history", "resync":
		v.log = append(v.log, fmt.Sprintf("conn %d at %s/%d: %s to %s/%d recovered %t %s, %d bytes",
			v.conn, v.at.Epoch, v.at.Seq, f.Type, f.Epoch, f.Seq, f.Recovered, f.Why, len(f.Data)))
	}
}
