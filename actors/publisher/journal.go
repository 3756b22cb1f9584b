package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Journal keeps what is written while Redis is lost, on this node's disk, before it is acknowledged; and
// writes it to Redis, in order, when that is back. What a crash left in it is replayed at the next start.
type Journal struct {
	Core          *Deps
	Port          chat.Journal
	self          *process.Process
	pending       []*AppendRequest          // taken, to be kept in this turn
	originalIDs   []string                  // of them, the entry id that the key was kept under before; empty: it is new
	Keys          map[string]JournaledWrite // by key, of what it holds since this start
	acceptedCount uint64
	page          []chat.Write            // being replayed
	find          *findRequest            // the store looks for the page's writes
	index         *writeIndex             // of this replay
	found         map[string]chat.Receipt // by write id, of those that the log has already
	unremoved     []*WriteCommitted       // the oldest, which the log has taken and the disk did not let go of

	refused        int       // writes that the log has not heard of
	lastErrorLogAt time.Time // when it last has
}

// JournaledWrite is the id that a write was kept under, and when.
type JournaledWrite struct {
	id string
	at time.Time
}

const (
	journalPage = 256
)

// findResult is the store's answer to seek.
type findResult struct {
	*findRequest
	found map[string]chat.Receipt // by write id: the entries that are there
	err   error
}

// Receive implements Actor.
func (j *Journal) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		j.self = self
		j.updateStats()
	case process.Recovered:
		j.answer(process.ErrPanicked)
		j.resetReplay()
		j.Core.Bridge.Post(link.Failed{Err: process.ErrPanicked})
	}
}

// ReceiveBatch implements BatchActor: one fsync for all that has queued.
func (j *Journal) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *AppendRequest:
			j.acceptedCount++
			j.pending = append(j.pending, m)
		case link.ReplayRequest:
			j.replay()
		case *findResult:
			j.onFindResult(m)
		case *replayed:
			j.replayed(m)
		}
	}
	j.appendPending()
}

// appendPending makes what is owed durable and tells the rooms. A retry of what it holds is kept only once.
func (j *Journal) appendPending() {
	if len(j.pending) == 0 {
		return
	}
	batch, now := make([]chat.Write, 0, len(j.pending)), time.Now()
	j.originalIDs = j.originalIDs[:0]
	for _, s := range j.pending {
		first, held := j.Keys[journalKey(&s.Write)]
		if j.originalIDs = append(j.originalIDs, first.id); held {
			continue
		}
		j.Keys[journalKey(&s.Write)] = JournaledWrite{s.Write.ID, now}
		batch = append(batch, s.Write)
	}
	var err error
	if len(batch) > 0 {
		err = j.Port.Append(batch)
	}
	if err != nil {
		j.Core.Kept.Failed.Add(uint64(len(batch)))
		j.logFailure(err, len(batch), now)
	} else {
		j.Core.Kept.Kept.Add(uint64(len(batch)))
	}
	j.answer(err)
	j.updateStats()
}

// complainEvery is how often the log hears of writes that are refused: a full journal refuses every one.
const complainEvery = 10 * time.Second

func (j *Journal) logFailure(err error, writes int, now time.Time) {
	if j.refused += writes; now.Sub(j.lastErrorLogAt) < complainEvery {
		return
	}
	j.Core.Sys.Log.Error().Err(err).Int("writes", j.refused).Msg("journal append failed")
	j.refused, j.lastErrorLogAt = 0, now
}

func journalKey(w *chat.Write) string { return w.Room + "\x00" + w.Key }

// answer tells the rooms what became of what is owed.
func (j *Journal) answer(err error) {
	now := time.Now().UnixMilli()
	for i, s := range j.pending {
		m := &JournalResult{AppendRequest: s, At: now, Err: err}
		if i < len(j.originalIDs) {
			m.First = j.originalIDs[i]
		}
		if err != nil && m.First == "" {
			delete(j.Keys, journalKey(&s.Write)) // its next try is no repetition
		}
		s.ReplyTo.Post(m)
	}
	j.originalIDs = j.originalIDs[:0]
	j.pending = process.DropAll(j.pending)
}

func (j *Journal) updateStats() {
	n, bytes := j.Port.Size()
	j.Core.Kept.Writes.Store(int64(n))
	j.Core.Kept.Bytes.Store(bytes)
}
