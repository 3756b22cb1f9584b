package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Journal stores writes on the disk of this node while Redis is unavailable, before they are acknowledged. When Redis
// is available again, it sends them to the publisher in order. It also replays the writes that it finds at the start,
// which were left by a crash.
type Journal struct {
	deps          *Deps
	self          *process.Process
	pending       []*AppendRequest          // accepted in this batch, without a result
	originalIDs   []string                  // for each pending: id of the stored write with its key; empty: a new write
	keys          map[string]journaledWrite // writes stored since the start, by journalKey
	acceptedCount uint64                    // writes accepted since the start

	page      []chat.Write            // being replayed
	find      *findRequest            // in flight
	index     *writeIndex             // of this replay
	found     map[string]chat.Receipt // writes of the page that the log already contains, by id
	unremoved []*WriteCommitted       // oldest writes: replayed, but not removed from disk

	unlogged       int // writes that failed since the last error log
	lastErrorLogAt time.Time
}

// journaledWrite is the id of a stored write, and when it was stored; the zero time means that the result of its
// replay is unknown.
type journaledWrite struct {
	id string
	at time.Time
}

const (
	journalPage             = 256 // writes in a replayBatch
	journalErrorLogInterval = 10 * time.Second
)

// NewJournal returns the actor of kind JournalKind.
func NewJournal(deps *Deps) *Journal {
	return &Journal{deps: deps, keys: map[string]journaledWrite{}}
}

// Receive implements process.Actor.
func (j *Journal) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		j.self = self
		j.updateStats()
	case process.Recovered:
		j.onRecovered()
	default:
		self.Unknown(msg)
	}
}

func (j *Journal) onRecovered() {
	j.answer(process.ErrPanicked)
	j.failReplay(process.ErrPanicked)
}

// ReceiveBatch implements process.BatchActor. All writes of a batch are stored with one fsync.
func (j *Journal) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *AppendRequest:
			j.onAppendRequest(m)
		case *link.ReplayRequest:
			j.onReplayRequest()
		case *findResult:
			j.onFindResult(m)
		case *replayResult:
			j.onReplayResult(m)
		default:
			self.Unknown(msg)
		}
	}
	j.appendPending()
}

func (j *Journal) onAppendRequest(m *AppendRequest) {
	j.acceptedCount++
	j.pending = append(j.pending, m)
}

// appendPending stores the pending writes and answers them. A retry of a stored write is not stored again.
func (j *Journal) appendPending() {
	if len(j.pending) == 0 {
		return
	}
	batch, now := make([]chat.Write, 0, len(j.pending)), time.Now()
	j.originalIDs = j.originalIDs[:0]
	for _, r := range j.pending {
		key := journalKey(&r.Write)
		stored, ok := j.keys[key]
		if j.originalIDs = append(j.originalIDs, stored.id); ok {
			continue
		}
		j.keys[key] = journaledWrite{r.Write.ID, now}
		batch = append(batch, r.Write)
	}
	var err error
	if len(batch) > 0 {
		err = j.deps.JournalPort.Append(batch)
	}
	if err != nil {
		j.deps.JournalStats.Failed.Add(uint64(len(batch)))
		j.logFailure(err, len(batch), now)
	} else {
		j.deps.JournalStats.Appended.Add(uint64(len(batch)))
	}
	j.answer(err)
	j.updateStats()
}

// logFailure logs failed writes at most every journalErrorLogInterval, because a full journal fails every write.
func (j *Journal) logFailure(err error, writes int, now time.Time) {
	if j.unlogged += writes; now.Sub(j.lastErrorLogAt) < journalErrorLogInterval {
		return
	}
	j.deps.System.Log.Error().Err(err).Int("writes", j.unlogged).Msg("journal append failed")
	j.unlogged, j.lastErrorLogAt = 0, now
}

// journalKey returns the key of a write within all rooms.
func journalKey(w *chat.Write) string { return w.Room + "\x00" + w.Key }

// answer answers the pending writes.
func (j *Journal) answer(err error) {
	now := time.Now().UnixMilli()
	for i, r := range j.pending {
		m := &JournalResult{AppendRequest: r, At: now, Err: err}
		if i < len(j.originalIDs) {
			m.First = j.originalIDs[i]
		}
		if err != nil && m.First == "" {
			delete(j.keys, journalKey(&r.Write)) // a retry must be stored
		}
		r.ReplyTo.Post(m)
	}
	j.originalIDs = j.originalIDs[:0]
	j.pending = process.DropAll(j.pending)
}

func (j *Journal) updateStats() {
	n, bytes := j.deps.JournalPort.Size()
	j.deps.JournalStats.Writes.Store(int64(n))
	j.deps.JournalStats.Bytes.Store(bytes)
}
