package publisher

import (
	"context"
	"math"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

const (
	readsPerFind = 4   // pages of the log in one call of findRequest.Run, because other requests wait for the store
	readPageSize = 512 // entries of a page of the log
)

type (
	// findRequest asks which of the writes are in the log; answered by findResult.
	findRequest struct {
		writes []chat.Write
		index  *writeIndex // owned by the store until the answer
		rooms  []string    // not read to the end yet; nil: not started
		reply  *process.Process
	}
	// verifyRequest asks which of the acknowledged writes are not in the log; answered by verifyResult.
	verifyRequest struct {
		acked   []ackedWrite
		history int // minimum number of entries in the log of a room
		reply   *process.Process
	}
)

var (
	_ store.Request     = (*findRequest)(nil)
	_ store.LongRequest = (*verifyRequest)(nil)
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

// Run searches for the writes. It queues itself again until it has reached the end of the log.
func (m *findRequest) Run(ctx context.Context, s *store.Store) {
	if m.rooms == nil {
		m.rooms = roomsOf(m.writes)
		m.index.begin(m.rooms)
	}
	for range readsPerFind {
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

// scan calls fn with the entries of a room after a seq, oldest first, until fn returns false. If the log was reset and
// ends before the seq, scan starts with the first entry. It returns the last page that it has read.
func scan(ctx context.Context, log chat.Reader, room string, after uint64, fn func(e *chat.Entry) (more bool)) (p chat.Page, err error) {
	for {
		if p, err = log.Range(ctx, chat.Query{Room: room, After: after, Limit: readPageSize}); err != nil {
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

// findLost returns the acknowledged writes that are not in the log, oldest first, with their ids and keys.
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
