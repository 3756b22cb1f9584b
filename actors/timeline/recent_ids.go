package timeline

import (
	"hash/maphash"
	"time"

	"chatnode/actors/chat"
)

// recentIDs is a set of ids. An id stays in it for at least window and at most twice that, because ids expire in two
// generations. It stores a 64-bit hash of each id, with a random seed.
type recentIDs struct {
	window    time.Duration
	seed      maphash.Seed
	young     map[uint64]struct{}
	old       map[uint64]struct{}
	rotatedAt time.Time // when young became old
}

func newRecentIDs(window time.Duration) recentIDs {
	return recentIDs{window: window, seed: maphash.MakeSeed()}
}

// reset removes all ids.
func (r *recentIDs) reset() { r.young, r.old = nil, nil }

// has reports whether id is in the set.
func (r *recentIDs) has(id string) bool { return r.hasHash(r.hash(id)) }

// hash returns the hash of the part of an id that is the same on all nodes.
func (r *recentIDs) hash(id string) uint64 {
	_, write := chat.SplitID(id)
	return maphash.String(r.seed, write)
}

func (r *recentIDs) hasHash(h uint64) bool {
	if _, ok := r.young[h]; ok {
		return true
	}
	_, ok := r.old[h]
	return ok
}

// add adds id and reports whether it was in the set before.
func (r *recentIDs) add(id string, now time.Time) (known bool) {
	if age := now.Sub(r.rotatedAt); age >= r.window {
		r.old, r.young = r.young, nil
		if age >= 2*r.window {
			r.old = nil
		}
		r.rotatedAt = now
	}
	h := r.hash(id)
	known = r.hasHash(h)
	if r.young == nil {
		r.young = map[uint64]struct{}{}
	}
	r.young[h] = struct{}{}
	return known
}
