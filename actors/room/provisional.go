package room

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// provisionalEntries are the entries that this node stored in its journal and sent to its own members, in the order
// of the journal. They have no seq until the journal was replayed.
type provisionalEntries struct {
	entries     []chat.Entry
	ids         map[string]string           // write part of the id → id
	hiddenCount int                         // entries[:hiddenCount] were not sent to all members
	replays     []*publisher.WriteCommitted // in the log, and not known to be displayed at their seq
}

func (p *provisionalEntries) idle() bool { return len(p.entries) == 0 }

// newest returns the newest entries for a new member: at most n, and at most about the given bytes. The older ones
// are hidden from that member. The slice is valid until the next call of a method.
func (p *provisionalEntries) newest(n, bytes int) []chat.Entry {
	last := len(p.entries) - 1
	n = fanout.CountFitting(min(n, len(p.entries)), bytes, func(i int) int { return fanout.FrameSize(&p.entries[last-i].Message) })
	hidden := len(p.entries) - n
	p.hiddenCount = max(p.hiddenCount, hidden)
	return p.entries[hidden:]
}

// isHidden reports whether the write with the id is provisional and hidden from some members.
func (p *provisionalEntries) isHidden(id string) bool {
	_, write := chat.SplitID(id)
	known, ok := p.ids[write]
	return ok && slices.ContainsFunc(p.entries[:p.hiddenCount], func(e chat.Entry) bool { return e.ID == known })
}

// add appends an entry. added is false if the same write is provisional already, even with another id.
func (p *provisionalEntries) add(e chat.Entry) (added bool) {
	if p.ids == nil {
		p.ids = map[string]string{}
	}
	_, write := chat.SplitID(e.ID)
	if _, exists := p.ids[write]; exists {
		return false
	}
	p.ids[write] = e.ID
	p.entries = append(p.entries, e)
	return true
}

// remove removes the write with the id, because the log has it now. Another node may have given it another id. known
// is the id that was sent to the members.
func (p *provisionalEntries) remove(id string) (known string, removed bool) {
	_, write := chat.SplitID(id)
	known, removed = p.ids[write]
	if !removed {
		return "", false
	}
	delete(p.ids, write)
	i := slices.IndexFunc(p.entries, func(e chat.Entry) bool { return e.ID == known })
	if i < p.hiddenCount {
		p.hiddenCount--
	}
	if i == 0 { // usual, because the journal replays in order
		p.entries[0] = chat.Entry{}
		p.entries = p.entries[1:]
		return known, true
	}
	p.entries = slices.Delete(p.entries, i, i+1)
	return known, true
}

// contains reports whether an entry with exactly this id is provisional.
func (p *provisionalEntries) contains(id string) bool {
	_, write := chat.SplitID(id)
	return p.ids[write] == id
}

// message returns a provisional message; nil: there is none with the id.
func (p *provisionalEntries) message(id string) *wire.Message {
	for i := range p.entries {
		if e := &p.entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

// retract removes a write that the members will not see at its seq. It reports whether they must be notified.
func (p *provisionalEntries) retract(k chat.EntryKind, id string) (superseded bool) {
	_, removed := p.remove(id)
	return removed && k == chat.EntryMessage
}

// addReplay adds a replayed write that will be delivered, or skipped if the room adopts a later position.
func (p *provisionalEntries) addReplay(m *publisher.WriteCommitted) { p.replays = append(p.replays, m) }

// resolveReplays removes the replays that were displayed, or skipped on the way to the position. It returns the ids
// of the skipped messages.
func (p *provisionalEntries) resolveReplays(at wire.Position) (superseded []string) {
	rest := p.replays[:0]
	for _, m := range p.replays {
		resolved, skipped := p.resolve(m, at)
		if skipped {
			superseded = append(superseded, m.Write.ID)
		}
		if !resolved {
			rest = append(rest, m)
		}
	}
	clear(p.replays[len(rest):])
	p.replays = rest
	return superseded
}

// dropResolvedReplays is resolveReplays, but stops at the first replay that is not resolved. Replays are resolved in
// order, and a scan of all of them on each delivery timeout would be slow for a long journal.
func (p *provisionalEntries) dropResolvedReplays(at wire.Position) (superseded []string) {
	n := 0
	for ; n < len(p.replays); n++ {
		m := p.replays[n]
		resolved, skipped := p.resolve(m, at)
		if !resolved {
			break
		}
		if skipped {
			superseded = append(superseded, m.Write.ID)
		}
		p.replays[n] = nil
	}
	p.replays = p.replays[n:]
	return superseded
}

// resolve reports whether a replayed write was displayed at its seq, or skipped because the room adopted a later
// position. A skipped write is retracted, because the room does not know whether it still exists. superseded is true
// if the members must be notified; the history contains the message.
func (p *provisionalEntries) resolve(m *publisher.WriteCommitted, at wire.Position) (resolved, superseded bool) {
	switch {
	case !p.contains(m.Write.ID):
		return true, false
	case at.Epoch == m.Receipt.Epoch && m.Receipt.Seq <= at.Seq:
		return true, p.retract(m.Write.Kind, m.Write.ID)
	}
	return false, false
}
