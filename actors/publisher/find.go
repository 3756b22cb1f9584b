package publisher

import (
	"context"
	"math"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
	"chatnode/actors/timeline"
)

// seekReads is how many pages of the log a seek reads in one turn: others want the store too.
const seekReads = 4

// findRequest asks which of these writes are in the log already; answered by sought.
type findRequest struct {
	writes []chat.Write
	index  *writeIndex // the store's until it answers
	rooms  []string    // the store's: those that it has not come to the end of; nil: not begun
	reply  *process.Process
}

var (
	_ store.StoreRequest = (*findRequest)(nil)
	_ store.LongCall     = (*verifyRequest)(nil)
)

func (m *verifyRequest) Limit() time.Duration { return replayTimeout }

func (m *verifyRequest) Run(ctx context.Context, s *store.Store) {
	lost, err := findLost(ctx, s.Reader, m.history, m.acked)
	m.reply.Post(&verifyResult{lost, err})
}

func (m *verifyRequest) Abort(_ *store.Store, err error) { m.reply.Post(&verifyResult{err: err}) }

func (m *findRequest) Abort(_ *store.Store, err error) {
	m.reply.Post(&findResult{findRequest: m, err: err})
}

// Run looks for the writes, turn after turn until it has come to the end of the log.
func (m *findRequest) Run(ctx context.Context, s *store.Store) {
	if m.rooms == nil {
		m.rooms = roomsOf(m.writes)
		m.index.begin(m.rooms)
	}
	for range seekReads {
		done, err := m.index.readPage(ctx, s.Reader, m.rooms[0])
		if err != nil {
			m.reply.Post(&findResult{findRequest: m, err: err})
			return
		}
		if done {
			m.rooms = m.rooms[1:]
		}
		if len(m.rooms) == 0 {
			m.reply.Post(&findResult{findRequest: m, found: m.index.found(m.writes)})
			return
		}
	}
	s.Again(m)
}

// scan calls fn with the entries of a room's log after a position, oldest first, until fn is content. A
// position that the log has not reached (it has begun anew) means the whole log. It returns the last
// page that it read, for what that says of the log.
func scan(ctx context.Context, log chat.Reader, room string, after uint64, fn func(e *chat.Entry) (more bool)) (p chat.Page, err error) {
	for {
		if p, err = log.Range(ctx, chat.Query{Room: room, After: after, Limit: timeline.GapPage}); err != nil {
			return p, err
		}
		if p.Seq < after {
			after = 0
			continue
		}
		for i := range p.Entries {
			if !fn(&p.Entries[i]) {
				return p, nil
			}
		}
		if !p.More || len(p.Entries) == 0 {
			return p, nil
		}
		after = p.Entries[len(p.Entries)-1].Seq
	}
}

// findLost returns those of the acknowledged writes that the log does not hold, oldest first, ready to
// be appended again, under the same ids and keys.
func findLost(ctx context.Context, log chat.Reader, history int, acked []ackedWrite) ([]chat.Write, error) {
	byRoom := map[string][]ackedWrite{}
	var order []string
	for _, a := range acked {
		if byRoom[a.write.Room] == nil {
			order = append(order, a.write.Room)
		}
		byRoom[a.write.Room] = append(byRoom[a.write.Room], a)
	}
	var lost []chat.Write
	for _, room := range order {
		gone, err := findLostInRoom(ctx, log, history, room, byRoom[room])
		if err != nil {
			return nil, err
		}
		lost = append(lost, gone...)
	}
	return lost, nil
}

func findLostInRoom(ctx context.Context, log chat.Reader, history int, room string, acked []ackedWrite) ([]chat.Write, error) {
	first, top := uint64(math.MaxUint64), chat.Floor{}
	for _, a := range acked {
		first = min(first, max(a.receipt.Seq, 1))
		if a.receipt.Seq > top.Seq {
			top = chat.Floor{Epoch: a.receipt.Epoch, Seq: a.receipt.Seq}
		}
	}
	held := map[string]bool{}
	p, err := scan(ctx, log, room, first-1, func(e *chat.Entry) bool {
		_, id := chat.SplitID(e.ID)
		held[id] = true
		return true
	})
	var lost []chat.Write
	for _, a := range acked {
		trimmed := a.receipt.Epoch == p.Epoch && a.receipt.Seq < p.First && p.Seq >= p.First+uint64(history)-1 // the log is full
		w := a.write
		if _, id := chat.SplitID(w.ID); !held[id] && !trimmed {
			w.Again, w.Floor = true, top
			lost = append(lost, w)
		}
	}
	return lost, err
}
