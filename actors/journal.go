package actors

import "time"

// journal keeps what is written while Redis is lost, on this node's disk, before it is acknowledged; and
// writes it to Redis, in order, when that is back. What a crash left in it is replayed at the next start.
type journal struct {
	core  *publisherDeps
	port  Journal
	self  *Process
	owed  []*submit            // taken, to be kept in this turn
	first []string             // of them, the entry id that the key was kept under before; empty: it is new
	keys  map[string]keptWrite // by key, of what it holds since this start
	taken uint64
	page  []Write            // being replayed
	asked *seek              // the store looks for the page's writes
	index *writeIndex        // of this replay
	found map[string]Receipt // by write id, of those that the log has already
	spent []*evident         // the oldest, which the log has taken and the disk did not let go of

	refused    int       // writes that the log has not heard of
	complained time.Time // when it last has
}

// keptWrite is the id that a write was kept under, and when.
type keptWrite struct {
	id string
	at time.Time
}

const (
	journalBound = 16384
	journalPage  = 256
)

// sought is the store's answer to seek.
type sought struct {
	*seek
	found map[string]Receipt // by write id: the entries that are there
	err   error
}

// Receive implements Actor.
func (j *journal) Receive(self *Process, msg any) {
	switch msg.(type) {
	case Started:
		j.self = self
		j.note()
	case Recovered:
		j.answer(errPanicked)
		j.drop()
		j.core.bridge.Post(linkFailed{errPanicked})
	}
}

// ReceiveBatch implements BatchActor: one fsync for all that has queued.
func (j *journal) ReceiveBatch(self *Process, msgs []any) {
	for msg := range self.Each(msgs) {
		switch m := msg.(type) {
		case *submit:
			j.taken++
			j.owed = append(j.owed, m)
		case replay:
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
func (j *journal) keep() {
	if len(j.owed) == 0 {
		return
	}
	batch, now := make([]Write, 0, len(j.owed)), time.Now()
	j.first = j.first[:0]
	for _, s := range j.owed {
		first, held := j.keys[keyOf(&s.write)]
		if j.first = append(j.first, first.id); held {
			continue
		}
		j.keys[keyOf(&s.write)] = keptWrite{s.write.ID, now}
		batch = append(batch, s.write)
	}
	var err error
	if len(batch) > 0 {
		err = j.port.Keep(batch)
	}
	if err != nil {
		j.core.kept.Failed.Add(uint64(len(batch)))
		j.complain(err, len(batch), now)
	} else {
		j.core.kept.Kept.Add(uint64(len(batch)))
	}
	j.answer(err)
	j.note()
}

// complainEvery is how often the log hears of writes that are refused: a full journal refuses every one.
const complainEvery = 10 * time.Second

func (j *journal) complain(err error, writes int, now time.Time) {
	if j.refused += writes; now.Sub(j.complained) < complainEvery {
		return
	}
	j.core.sys.Log.Error().Err(err).Int("writes", j.refused).Msg("journal does not take writes")
	j.refused, j.complained = 0, now
}

func keyOf(w *Write) string { return w.Room + "\x00" + w.Key }

// answer tells the rooms what became of what is owed.
func (j *journal) answer(err error) {
	now := time.Now().UnixMilli()
	for i, s := range j.owed {
		m := &journalled{submit: s, at: now, err: err}
		if i < len(j.first) {
			m.first = j.first[i]
		}
		if err != nil && m.first == "" {
			delete(j.keys, keyOf(&s.write)) // its next try is no repetition
		}
		s.room.Post(m)
	}
	j.first = j.first[:0]
	j.owed = dropAll(j.owed)
}

func (j *journal) note() {
	n, bytes := j.port.Usage()
	j.core.kept.Writes.Store(int64(n))
	j.core.kept.Bytes.Store(bytes)
}
