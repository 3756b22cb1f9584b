package timeline

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// ring caches the newest entries of a room in their current state: edits and deletions are folded in, as in the log.
// Between its first and its last entry the ring has each entry of the log. A failover may leave a gap in the log
// itself, because lost seqs are not assigned again.
type ring struct {
	entries   []chat.Entry // oldest first; len(entries) <= limit
	limit     int
	gaplessAt uint64 // entries with this seq or a greater one have no gap
}

func newRing(limit int) ring { return ring{limit: limit} }

func (r *ring) reset() { r.entries, r.gaplessAt = nil, 0 }

// firstSeq returns the oldest seq in the ring; 0: empty.
func (r *ring) firstSeq() uint64 {
	if len(r.entries) == 0 {
		return 0
	}
	return r.entries[0].Seq
}

// add appends the next entry and folds it into the older ones. A missing entry leaves a gap.
func (r *ring) add(e chat.Entry) {
	if e.Missing() {
		return
	}
	if n := len(r.entries); n == 0 || r.entries[n-1].Seq+1 != e.Seq {
		r.gaplessAt = e.Seq
	}
	chat.Fold(r.entries, &e)
	if len(r.entries) < r.limit {
		r.entries = append(r.entries, e)
		return
	}
	r.replaceOldest(e)
}

// replaceOldest appends e and drops the oldest entry. The array has room for 2*limit entries, so it is copied only
// once per limit entries.
func (r *ring) replaceOldest(e chat.Entry) {
	if len(r.entries) == cap(r.entries) {
		moved := make([]chat.Entry, r.limit-1, 2*r.limit)
		copy(moved, r.entries[1:])
		r.entries = append(moved, e)
		return
	}
	r.entries[0] = chat.Entry{}
	r.entries = append(r.entries[1:], e)
}

// at returns the entry with the given seq. ok is false if it is not cached or a gap follows it.
func (r *ring) at(seq uint64) (e *chat.Entry, ok bool) {
	n := uint64(len(r.entries))
	if n == 0 || seq < max(r.gaplessAt, r.firstSeq()) || seq > r.entries[n-1].Seq {
		return nil, false
	}
	return &r.entries[n-1-(r.entries[n-1].Seq-seq)], true
}

// after returns the entries after seq. ok is false unless the ring has all of them up to last without a gap.
func (r *ring) after(seq, last uint64) (entries []chat.Entry, ok bool) {
	if seq == last {
		return nil, true
	}
	n := uint64(len(r.entries))
	if seq > last || n == 0 || r.entries[n-1].Seq != last || seq+1 < max(r.gaplessAt, r.firstSeq()) {
		return nil, false
	}
	return r.entries[n-(last-seq):], true
}

// resume is after for a client that has seen seq. ok is also false if the ring does not have the entry at seq: a
// failover may have lost that entry, and then the client must reload.
func (r *ring) resume(seq, last uint64) (entries []chat.Entry, ok bool) {
	if _, cached := r.at(seq); !cached && seq != 0 && (seq != last || len(r.entries) > 0) {
		return nil, false
	}
	return r.after(seq, last)
}

// newest returns the newest messages before seq (0: from the end), oldest first, at most limit. more reports whether
// the ring has older messages. ok is false if the log may have messages of that range that the ring does not have.
func (r *ring) newest(before uint64, limit int) (data []wire.HistoryItem, more, ok bool) {
	first := len(r.entries)
	n := 0
	for i := len(r.entries) - 1; i >= 0; i-- {
		e := &r.entries[i]
		if e.Kind != chat.EntryMessage || (before != 0 && e.Seq >= before) {
			continue
		}
		if n == limit {
			more = true
			break
		}
		n, first = n+1, i
	}
	if !more && r.firstSeq() > 1 {
		return nil, false, false
	}
	data = make([]wire.HistoryItem, 0, n)
	for _, e := range r.entries[first:] {
		if e.Kind == chat.EntryMessage && (before == 0 || e.Seq < before) {
			data = append(data, wire.HistoryItem{Seq: e.Seq, Message: e.Message})
		}
	}
	return data, more, true
}

// tail returns the newest messages in the ring, at most limit.
func (r *ring) tail(limit int) []wire.HistoryItem {
	var data []wire.HistoryItem
	for i := range r.entries {
		if e := &r.entries[i]; e.Kind == chat.EntryMessage {
			data = append(data, wire.HistoryItem{Seq: e.Seq, Message: e.Message})
		}
	}
	return data[max(0, len(data)-limit):]
}

// find returns the entry of a message; nil: the ring does not have it.
func (r *ring) find(id string) *chat.Entry {
	for i := len(r.entries) - 1; i >= 0; i-- {
		if e := &r.entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return e
		}
	}
	return nil
}
