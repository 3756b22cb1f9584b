package chaos

import (
	"fmt"
	"maps"
	"sync"

	"chatnode/ops/e2e/client"
)

// A witness is what one reader was shown of a room, held against the promise: one order without gaps
// or doubles, and no message shown a second time unless the reader was told to load the room anew.
// Provisional messages stand outside the order. As the protocol has it, a reader that has changed its
// connection since may be shown them again, or in their place; on the same connection it may not.
type witness struct {
	name, room string

	mu        sync.Mutex
	at        client.Position
	loading   bool                       // told to load the room anew, and it has not come yet
	from      uint64                     // the first seq it must have been shown, of those in at.Epoch
	places    map[client.Position]string // what it saw in a place since the last resync: id
	past      map[client.Position]string // and before
	shown     map[string]bool            // ids on its screen
	texts     map[string]string          // texts on its screen: id
	waiting   map[string]int             // provisional ones on its screen: id → connection
	drafts    map[string]string          // what was shown as provisional: id → text
	ever      map[string]string          // id → text of all that was ever shown in a place
	conn      int
	resyncs   int
	committed int
	faults    []string
	again     []string      // shown again in another place: a fault, unless Redis has lost it and it has moved
	turns     []string      // joined, history and resync, in short: how it got where it is
	moved     chan struct{} // closed and replaced at every frame
}

func newWitness(name, room string) *witness {
	return &witness{
		name: name, room: room, loading: true, places: map[client.Position]string{}, past: map[client.Position]string{},
		shown: map[string]bool{}, texts: map[string]string{}, drafts: map[string]string{},
		waiting: map[string]int{}, ever: map[string]string{}, moved: make(chan struct{}),
	}
}

// connected begins another connection.
func (v *witness) connected() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.conn++
}

// feed takes the next frame.
func (v *witness) feed(f client.Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.turn(f)
	switch {
	case f.Type == "unreadable":
		v.fault("unreadable frame: %s", f.Raw)
	case f.Room != v.room:
		return
	case f.Type == "joined":
		v.joined(f)
	case f.Type == "message_history":
		v.history(f)
	case f.Type == "new_message":
		v.message(f)
	case f.Type == "committed":
		v.commit(f)
	case f.TakenBack: // a provisional message; one that the history has brought meanwhile stays
		if _, waits := v.waiting[f.MessageID]; waits {
			v.takeBack(f.MessageID)
		}
	case f.Type == "resync":
		v.resyncs++
		v.reload(f)
		maps.Copy(v.past, v.places)
		clear(v.places)
	}
	close(v.moved)
	v.moved = make(chan struct{})
}

func (v *witness) joined(f client.Frame) {
	v.dropProvisional()
	if !f.Recovered {
		v.reload(f)
		return
	}
	if v.loading || f.Epoch != v.at.Epoch || v.at.Seq+uint64(f.Missed) != f.Seq {
		v.fault("recovered to %s/%d with %d missed, having seen %s/%d", f.Epoch, f.Seq, f.Missed, v.at.Epoch, v.at.Seq)
	}
}

// dropProvisional takes the provisional messages off the screen, as PROTOCOL.md asks at every join: the
// node that was joined shows its own again.
func (v *witness) dropProvisional() {
	for id := range v.waiting {
		v.takeBack(id)
	}
}

// takeBack takes one message off the screen.
func (v *witness) takeBack(id string) {
	if text := v.drafts[id]; v.texts[text] == id {
		delete(v.texts, text)
	}
	delete(v.drafts, id)
	delete(v.waiting, id)
	delete(v.shown, id)
}

// reload clears the screen: the room's history is to come.
func (v *witness) reload(f client.Frame) {
	v.loading = true
	v.at = client.Position{Epoch: f.Epoch}
	clear(v.shown)
	clear(v.texts)
	clear(v.drafts)
	clear(v.waiting)
}

// history takes the page that comes after a join without recovery.
func (v *witness) history(f client.Frame) {
	if !v.loading {
		return
	}
	page, err := client.Decode[[]client.Message](f)
	if err != nil {
		v.fault("history: %v", err)
		return
	}
	v.loading = false
	v.at, v.from = client.Position{Epoch: f.Epoch, Seq: f.Seq}, f.Seq+1
	for i, m := range page {
		m.Message = unpadded(m.Message)
		if i == 0 {
			v.from = m.Seq
		}
		v.place(m.ID, m.Message, m.Seq)
		v.shown[m.ID], v.texts[m.Message] = true, m.ID
	}
}

func (v *witness) message(f client.Frame) {
	m, err := client.Decode[client.Message](f)
	if err != nil {
		v.fault("new_message: %v", err)
		return
	}
	m.Message = unpadded(m.Message)
	conn, waits := v.waiting[m.ID]
	if v.shown[m.ID] && (!waits || conn == v.conn) {
		v.again = append(v.again, fmt.Sprintf("twice: %s (%s) at %d", m.ID, m.Message, f.Seq))
	}
	if other, there := v.texts[m.Message]; there && other != m.ID {
		_, provisional := v.waiting[other]
		v.fault("twice: %s as %s (provisional: %t) and as %s (provisional: %t)", m.Message, other, provisional, m.ID, f.Provisional)
	}
	v.shown[m.ID], v.texts[m.Message] = true, m.ID
	if f.Provisional {
		v.waiting[m.ID], v.drafts[m.ID] = v.conn, m.Message
		return
	}
	delete(v.waiting, m.ID)
	v.next(f.Seq, f.Raw)
	v.place(m.ID, m.Message, f.Seq)
}

func (v *witness) commit(f client.Frame) {
	commits, err := client.Decode[[]client.Commit](f)
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
		v.committed++
		if !waits || c.Seq > v.at.Seq { // what was provisional may take a place among those that the history brought
			v.next(c.Seq, f.Raw)
		}
		v.place(c.ID, "", c.Seq)
	}
}

// next checks that seq is the next place, unless the room is being loaded.
func (v *witness) next(seq uint64, raw string) {
	if v.loading {
		return
	}
	if seq != v.at.Seq+1 {
		v.fault("out of order: %d after %d: %s", seq, v.at.Seq, raw)
	}
	v.at.Seq = max(v.at.Seq, seq)
}

// place notes where a message stands. Without a resync in between no place may hold two.
func (v *witness) place(id, text string, seq uint64) {
	p := client.Position{Epoch: v.at.Epoch, Seq: seq}
	if other, taken := v.places[p]; taken && other != id {
		v.fault("at %s/%d stood %s, now %s", p.Epoch, p.Seq, other, id)
	}
	v.places[p] = id
	if text != "" || v.ever[id] == "" {
		v.ever[id] = text
	}
}

func (v *witness) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// position is where to resume from; ok is false where there is nothing to resume.
func (v *witness) position() (p client.Position, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at, v.at.Epoch != "" && !v.loading
}

// reached reports whether the witness has got to p, and if not, what to wait for.
func (v *witness) reached(p client.Position) (bool, <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.loading && v.at.Epoch == p.Epoch && v.at.Seq >= p.Seq, v.moved
}

// turn notes what moved the reader other than by the next message.
func (v *witness) turn(f client.Frame) {
	switch f.Type {
	case "joined", "message_history", "resync":
		v.turns = append(v.turns, fmt.Sprintf("conn %d at %s/%d: %s to %s/%d recovered %t %s, %d bytes",
			v.conn, v.at.Epoch, v.at.Seq, f.Type, f.Epoch, f.Seq, f.Recovered, f.Why, len(f.Data)))
	}
}
