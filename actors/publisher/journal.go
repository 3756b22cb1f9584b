package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// journal keeps what is written while Redis is lost, on this node's disk, before it is acknowledged; and
// writes it to Redis, in order, when that is back. What a crash left in it is replayed at the next start.
type Journal struct {
	Core  *Deps
	Port  chat.Journal
	self  *process.Process
	owed  []*Submit            // taken, to be kept in this turn
	first []string             // of them, the entry id that the key was kept under before; empty: it is new
	Keys  map[string]KeptWrite // by key, of what it holds since this start
	taken uint64
	page  []chat.Write            // being replayed
	asked *seek                   // the store looks for the page's writes
	index *writeIndex             // of this replay
	found map[string]chat.Receipt // by write id, of those that the log has already
	spent []*Evident              // the oldest, which the log has taken and the disk did not let go of

	refused    int       // writes that the log has not heard of
	complained time.Time // when it last has
}

// keptWrite is the id that a write was kept under, and when.
type KeptWrite struct {
	id string
	at time.Time
}

const (
	JournalBound = 16384
	journalPage  = 256
)

// sought is the store's answer to seek.
type sought struct {
	*seek
	found map[string]chat.Receipt // by write id: the entries that are there
	err   error
}

// Receive implements Actor.
func (j *Journal) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		j.self = self
		j.note()
	case process.Recovered:
		j.answer(process.ErrPanicked)
		j.drop()
		j.Core.Bridge.Post(link.Failed{Err: process.ErrPanicked})
	}
}

// ReceiveBatch implements BatchActor: one fsync for all that has queued.
func (j *Journal) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *Submit:
			j.taken++
			j.owed = append(j.owed, m)
		case link.Replay:
			j.replay()
		case *sought:
			j.sought(m)
		case *replayed:
			j.replayed(m)
		}
	}
	j.keep()
}

// keep makes what is owed durable and tells the rooms. A retry of what it holds is kept only once.
func (j *Journal) keep() {
	if len(j.owed) == 0 {
		return
	}
	batch, now := make([]chat.Write, 0, len(j.owed)), time.Now()
	j.first = j.first[:0]
	for _, s := range j.owed {
		first, held := j.Keys[keyOf(&s.Write)]
		if j.first = append(j.first, first.id); held {
			continue
		}
		j.Keys[keyOf(&s.Write)] = KeptWrite{s.Write.ID, now}
		batch = append(batch, s.Write)
	}
	var err error
	if len(batch) > 0 {
		err = j.Port.Keep(batch)
	}
	if err != nil {
		j.Core.Kept.Failed.Add(uint64(len(batch)))
		j.complain(err, len(batch), now)
	} else {
		j.Core.Kept.Kept.Add(uint64(len(batch)))
	}
	j.answer(err)
	j.note()
}

// complainEvery is how often the log hears of writes that are refused: a full journal refuses every one.
const complainEvery = 10 * time.Second

func (j *Journal) complain(err error, writes int, now time.Time) {
	if j.refused += writes; now.Sub(j.complained) < complainEvery {
		return
	}
	j.Core.Sys.Log.Error().Err(err).Int("writes", j.refused).Msg("journal append failed")
	j.refused, j.complained = 0, now
}

func keyOf(w *chat.Write) string { return w.Room + "\x00" + w.Key }

// answer tells the rooms what became of what is owed.
func (j *Journal) answer(err error) {
	now := time.Now().UnixMilli()
	for i, s := range j.owed {
		m := &Journalled{Submit: s, At: now, Err: err}
		if i < len(j.first) {
			m.First = j.first[i]
		}
		if err != nil && m.First == "" {
			delete(j.Keys, keyOf(&s.Write)) // its next try is no repetition
		}
		s.Room.Post(m)
	}
	j.first = j.first[:0]
	j.owed = process.DropAll(j.owed)
}

func (j *Journal) note() {
	n, bytes := j.Port.Usage()
	j.Core.Kept.Writes.Store(int64(n))
	j.Core.Kept.Bytes.Store(bytes)
}
