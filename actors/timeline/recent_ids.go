package timeline

import (
	"hash/maphash"
	"time"

	"chatnode/actors/chat"
)

// recentIDs remembers ids for at least window and at most twice that, in two generations. Of each it
// keeps a hash of 64 bits, keyed by a seed of its own.
type recentIDs struct {
	window   time.Duration
	seed     maphash.Seed
	young    map[uint64]struct{}
	old      map[uint64]struct{}
	turnover time.Time
}

func newRecentIDs(window time.Duration) recentIDs {
	return recentIDs{window: window, seed: maphash.MakeSeed()}
}

// reset forgets everything.
func (r *recentIDs) reset() { r.young, r.old = nil, nil }

// Holds reports whether id was seen within the window.
func (r *recentIDs) Holds(id string) bool { return r.has(r.hash(id)) }

// hash is of the part of an id that is the same whichever node has made it.
func (r *recentIDs) hash(id string) uint64 {
	_, write := chat.SplitID(id)
	return maphash.String(r.seed, write)
}

func (r *recentIDs) has(h uint64) bool {
	if _, young := r.young[h]; young {
		return true
	}
	_, old := r.old[h]
	return old
}

// seen reports whether id was seen within the window, and remembers it.
func (r *recentIDs) seen(id string, now time.Time) bool {
	if age := now.Sub(r.turnover); age >= r.window {
		r.old, r.young = r.young, nil
		if age >= 2*r.window {
			r.old = nil
		}
		r.turnover = now
	}
	h := r.hash(id)
	known := r.has(h)
	if r.young == nil {
		r.young = map[uint64]struct{}{}
	}
	r.young[h] = struct{}{}
	return known
}
