package timeline

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// ring holds the newest entries of a room as they stand now: an edit changes the message that it edits, a
// deletion takes the text away, as the log itself does. They are all that the log has there; where a failover
// has lost some, and their places are not given out again, the log itself has a hole.
type ring struct {
	Entries []chat.Entry // oldest first, up to cap
	limit   int
	whole   uint64 // from this seq on they are without holes
}

func NewRing(limit int) ring { return ring{limit: limit} }

func (r *ring) Cap() int { return r.limit }

func (r *ring) reset() { r.Entries, r.whole = nil, 0 }

// first is the oldest seq held, 0 when there is none.
func (r *ring) first() uint64 {
	if len(r.Entries) == 0 {
		return 0
	}
	return r.Entries[0].Seq
}

// Add appends the next entry and folds it into the older ones. One that is unknown is a hole.
func (r *ring) Add(e chat.Entry) {
	if e.Missing() {
		return
	}
	if n := len(r.Entries); n == 0 || r.Entries[n-1].Seq+1 != e.Seq {
		r.whole = e.Seq
	}
	chat.Fold(r.Entries, &e)
	if len(r.Entries) < r.limit {
		r.Entries = append(r.Entries, e)
		return
	}
	r.slide(e)
}

// slide drops the oldest entry. The array is twice the limit, so that it is moved once in limit times.
func (r *ring) slide(e chat.Entry) {
	if len(r.Entries) == cap(r.Entries) {
		moved := make([]chat.Entry, r.limit-1, 2*r.limit)
		copy(moved, r.Entries[1:])
		r.Entries = append(moved, e)
		return
	}
	r.Entries[0] = chat.Entry{}
	r.Entries = append(r.Entries[1:], e)
}

// at returns the entry in a place, if the ring holds it and no hole lies behind it.
func (r *ring) at(seq uint64) (*chat.Entry, bool) {
	n := uint64(len(r.Entries))
	if n == 0 || seq < max(r.whole, r.first()) || seq > r.Entries[n-1].Seq {
		return nil, false
	}
	return &r.Entries[n-1-(r.Entries[n-1].Seq-seq)], true
}

// After returns the entries with a greater seq, if the ring has all of them up to last without a hole.
func (r *ring) After(seq, last uint64) (entries []chat.Entry, ok bool) {
	if seq == last {
		return nil, true
	}
	n := uint64(len(r.Entries))
	if seq > last || n == 0 || r.Entries[n-1].Seq != last || seq+1 < max(r.whole, r.first()) {
		return nil, false
	}
	return r.Entries[n-(last-seq):], true
}

// Resume returns what follows the entry at seq, if the ring has all of it, and that one too: whoever was shown what a
// failover has lost since does not go on as if it were there, not even from the last place before the log's next entry.
func (r *ring) Resume(seq, last uint64) (entries []chat.Entry, ok bool) {
	if _, there := r.at(seq); !there && seq != 0 && (seq != last || len(r.Entries) > 0) {
		return nil, false
	}
	return r.After(seq, last)
}

// Newest returns the newest messages before seq (0: from the end), oldest first, at most limit. more
// says that the ring has older ones; ok is false where the ring does not reach back far enough to tell.
func (r *ring) Newest(before uint64, limit int) (data []wire.HistoryItem, more, ok bool) {
	first := len(r.Entries)
	n := 0
	for i := len(r.Entries) - 1; i >= 0; i-- {
		e := &r.Entries[i]
		if e.Kind != chat.EntryMessage || (before != 0 && e.Seq >= before) {
			continue
		}
		if n == limit {
			more = true
			break
		}
		n, first = n+1, i
	}
	if !more && r.first() > 1 {
		return nil, false, false
	}
	data = make([]wire.HistoryItem, 0, n)
	for _, e := range r.Entries[first:] {
		if e.Kind == chat.EntryMessage && (before == 0 || e.Seq < before) {
			data = append(data, wire.HistoryItem{Seq: e.Seq, Message: e.Message})
		}
	}
	return data, more, true
}

// Message returns a message that the ring holds.
func (r *ring) Message(id string) *wire.Message {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := &r.Entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

// Tail returns the newest messages that the ring holds, at most limit, however far it reaches back.
func (r *ring) Tail(limit int) []wire.HistoryItem {
	var data []wire.HistoryItem
	for i := range r.Entries {
		if e := &r.Entries[i]; e.Kind == chat.EntryMessage {
			data = append(data, wire.HistoryItem{Seq: e.Seq, Message: e.Message})
		}
	}
	return data[max(0, len(data)-limit):]
}

// Find returns the seq of a message that the ring holds, 0 otherwise.
func (r *ring) Find(id string) uint64 {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := &r.Entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return e.Seq
		}
	}
	return 0
}
