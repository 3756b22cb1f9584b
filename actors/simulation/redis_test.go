package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// redisModel is a model of Redis for several nodes: a log with idempotency keys and floors per room, pub/sub with a
// queue per node, and presence with leases. It is used from one goroutine.
type redisModel struct {
	epochs         int
	history        int  // entries that trim keeps per room
	reportsMissing bool // pages contain an empty entry for each missing seq
	rooms          map[string]*roomLog
	backup         map[string]*roomLog // state of a lagging replica
	presence       map[string]map[presenceKey]time.Time
	links          []*nodeLink
	down           bool

	storedAgain  map[string]bool        // by entry id: true if it was lost and stored again
	originalText map[string]string      // by message id: the text of its first append
	knownBy      map[string][]*nodeLink // by description: links of the nodes that received the result
	dropped      map[string]bool        // by description: stored, then lost by a failover or a flush
	refusedBy    map[string][]*nodeLink // by description: links that acknowledged a change, then got "not found"
}

// presenceKey is a user's presence in a room with one role on one node.
type presenceKey struct{ room, user, role, node string }

func newRedisModel() *redisModel {
	return &redisModel{
		history: 1 << 30, rooms: map[string]*roomLog{}, presence: map[string]map[presenceKey]time.Time{},
		storedAgain: map[string]bool{}, originalText: map[string]string{}, knownBy: map[string][]*nodeLink{}, dropped: map[string]bool{}, refusedBy: map[string][]*nodeLink{},
	}
}

// room returns the log of a room. It creates the log with a new epoch if there is none.
func (r *redisModel) room(name string) *roomLog {
	m := r.rooms[name]
	if m == nil {
		r.epochs++
		m = &roomLog{epoch: fmt.Sprint("epoch", r.epochs), keys: map[string]storedReceipt{}, ledger: map[uint64]string{}}
		r.rooms[name] = m
	}
	return m
}

// snapshot lets the replica catch up.
func (r *redisModel) snapshot() {
	r.backup = map[string]*roomLog{}
	for name, m := range r.rooms {
		r.backup[name] = m.clone()
	}
}

// failover promotes the replica. Everything that was stored after the last snapshot is lost.
func (r *redisModel) failover() {
	r.restore(r.backup)
	r.backup = nil
	r.disconnectAll()
}

func (r *redisModel) flush() {
	r.restore(nil)
	r.backup = nil
	clear(r.presence)
}

// restore replaces all logs by older ones, and records the writes that are lost.
func (r *redisModel) restore(to map[string]*roomLog) {
	for name, m := range r.rooms {
		for seq, words := range m.ledger {
			if old := to[name]; old == nil || old.ledger[seq] != words {
				r.dropped[words] = true
			}
		}
	}
	r.rooms = map[string]*roomLog{}
	for name, m := range to {
		r.rooms[name] = m
	}
}

// disconnectAll disconnects all subscribers, as a restart does.
func (r *redisModel) disconnectAll() {
	for _, l := range r.links {
		l.breakSub()
	}
}

// addKnower records that the node of this link received the result of a write. It can repair a loss as long as it
// runs.
func (r *redisModel) addKnower(words string, by *nodeLink) {
	if !by.replyLost && !by.storedLate { // the node received an error
		r.knownBy[words] = append(r.knownBy[words], by)
	}
}

// addRefused records a refused change if the node of this link acknowledged the change before. Otherwise the node
// reports the refusal to its client and need not remember the change.
func (r *redisModel) addRefused(w *chat.Write, by *nodeLink) {
	words := r.describe(w)
	for _, n := range by.sim.nodes {
		if n.link == by && (w.Again || by.sim.journalHas(n, words)) {
			r.refusedBy[words] = append(r.refusedBy[words], by)
		}
	}
}

// wasStored reports whether the described write was ever stored, or was refused after its ack.
func (r *redisModel) wasStored(words string) bool {
	for _, m := range r.rooms {
		for _, have := range m.ledger {
			if have == words {
				return true
			}
		}
	}
	return r.dropped[words] || len(r.refusedBy[words]) > 0
}

// lossAllowed reports whether INVARIANTS.md allows that the described write is missing: it was lost, or refused
// because of a loss, and every node that knew it has crashed.
func (r *redisModel) lossAllowed(words string) bool {
	for _, l := range slices.Concat(r.knownBy[words], r.refusedBy[words]) {
		if l.alive {
			return false
		}
	}
	return r.dropped[words] || len(r.refusedBy[words]) > 0 && len(r.dropped) > 0
}

// textLossAllowed reports whether lossAllowed is true for a lost write with the given text.
func (r *redisModel) textLossAllowed(text string) bool {
	for words := range r.dropped {
		if strings.HasSuffix(words, fmt.Sprintf(" %q", text)) && r.lossAllowed(words) {
			return true
		}
	}
	return false
}

// publish queues ev for one link, or for all links that are subscribed to the room if to is nil.
func (r *redisModel) publish(room string, ev chat.Event, to *nodeLink) {
	for _, l := range r.links {
		if l.sink != nil && (to == nil && l.subs[room] || to == l) {
			l.queue = append(l.queue, ev)
		}
	}
}

// presenceCounts removes users whose lease was not renewed for 30 s, and counts the others once each.
func (r *redisModel) presenceCounts(room string) (c wire.Counts) {
	seen := map[string]bool{}
	for u, at := range r.presence[room] {
		switch {
		case time.Since(at) > 30*time.Second:
			delete(r.presence[room], u)
			continue
		case seen[u.user]:
		case u.role == chat.RoleAdmin.String():
			c.Admins++
		default:
			c.Members++
		}
		seen[u.user] = true
	}
	return c
}
