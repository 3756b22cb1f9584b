package actors

import (
	"errors"
	"time"
)

// journal keeps what is written while Redis is lost, on this node's disk, before it is acknowledged; and
// writes it to Redis, in order, when that is back. What a crash left in it is replayed at the next start.
type journal struct {
	core  *Core
	port  Journal
	self  *Process
	owed  []*submit         // taken, to be kept in this turn
	first []string          // of them, the entry id that the key was kept under before; empty: it is new
	keys  map[string]string // key → entry id, of what it holds since this start
	taken uint64
	page  []Write            // being replayed
	found map[string]Receipt // by write id, of those that the log has already
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
		j.page = nil
		j.core.bridge.Post(linkFailed{errPanicked})
	}
}

// ReceiveBatch implements BatchActor: one fsync for all that has queued.
func (j *journal) ReceiveBatch(_ *Process, msgs []any) {
	for _, msg := range msgs {
		switch m := msg.(type) {
		case *submit:
			j.taken++
			j.owed = append(j.owed, m)
		case replay:
			j.next()
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
	batch := make([]Write, 0, len(j.owed))
	j.first = j.first[:0]
	for _, s := range j.owed {
		first, held := j.keys[keyOf(&s.write)]
		if j.first = append(j.first, first); held {
			continue
		}
		j.keys[keyOf(&s.write)] = s.write.ID
		batch = append(batch, s.write)
	}
	var err error
	if len(batch) > 0 {
		err = j.port.Keep(batch)
	}
	if err != nil {
		for i := range batch {
			delete(j.keys, keyOf(&batch[i]))
		}
		j.core.stats.Journal.Failed.Add(uint64(len(batch)))
		j.core.sys.Log.Error().Err(err).Int("writes", len(batch)).Msg("journal does not take writes")
	} else {
		j.core.stats.Journal.Kept.Add(uint64(len(batch)))
	}
	j.answer(err)
	j.note()
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
		s.room.Post(m)
	}
	j.first = j.first[:0]
	j.owed = dropAll(j.owed)
}

func (j *journal) note() {
	n, bytes := j.port.Usage()
	j.core.stats.Journal.Writes.Store(int64(n))
	j.core.stats.Journal.Bytes.Store(bytes)
}

// next replays the next page. The log itself looks for those that were tried before; those that a
// crash left behind are looked for under the ids that other nodes may have given them.
func (j *journal) next() {
	if j.page != nil {
		return
	}
	j.keep() // what was taken counts only once it is kept
	page, err := j.port.Oldest(journalPage)
	switch {
	case err != nil:
		j.core.sys.Log.Error().Err(err).Msg("journal cannot be read")
		j.core.bridge.Post(linkFailed{err})
		return
	case len(page) == 0:
		clear(j.keys)
		j.core.out.Post(replayEnd{j.taken})
		return
	}
	j.page, j.found = page[:sameFate(page)], nil
	var unsure []Write
	for i := range j.page {
		if !j.fresh(&j.page[i]) {
			unsure = append(unsure, j.page[i])
		}
	}
	if len(unsure) == 0 {
		j.send()
		return
	}
	j.core.store.Post(&seek{writes: unsure, reply: j.self})
}

// sameFate is how many writes at the head of a page were all tried before, or all not. The log may take
// those that were tried behind the rest of their batch, so they do not share one with others.
func sameFate(page []Write) int {
	for i := range page {
		if page[i].Tried != page[0].Tried {
			return i
		}
	}
	return len(page)
}

// fresh reports whether this start of the process has kept the write. What a crash left behind may
// have been tried again by its client elsewhere.
func (j *journal) fresh(w *Write) bool {
	_, held := j.keys[keyOf(w)]
	return held
}

func (j *journal) sought(m *sought) {
	if j.page == nil {
		return
	}
	if m.err != nil {
		j.fail(m.err)
		return
	}
	j.found = m.found
	for i := range m.writes {
		if r, ok := m.found[m.writes[i].ID]; ok {
			j.core.out.Post(&foundWrite{m.writes[i], r})
		}
	}
	j.send()
}

// send gives the page, without what the log has already, to bridge_out.
func (j *journal) send() {
	writes := make([]Write, 0, len(j.page))
	for _, w := range j.page {
		if _, there := j.found[w.ID]; !there {
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 {
		j.replayed(&replayed{})
		return
	}
	j.core.out.Post(&replayPage{writes})
}

func (j *journal) fail(err error) {
	j.page = nil
	j.core.bridge.Post(linkFailed{err})
}

// replayed is a page that Redis has taken, or has not.
func (j *journal) replayed(m *replayed) {
	if j.page == nil {
		return
	}
	if m.err != nil { // bridge_out has reported it; the next recovery begins with this page
		j.page = nil
		return
	}
	if err := j.port.Drop(len(j.page)); err != nil {
		j.core.sys.Log.Error().Err(err).Msg("journal cannot drop what was replayed")
		j.fail(errors.Join(errJournal, err))
		return
	}
	j.core.stats.Journal.Replayed.Add(uint64(len(j.page)))
	i := 0
	for _, w := range j.page {
		e := &evident{write: w, receipt: j.found[w.ID]}
		if e.receipt.ID == "" {
			e.receipt = m.receipts[i]
			i++
		}
		j.core.in.Post(e)
	}
	j.page = nil
	j.note()
	j.next()
}

var errJournal = errors.New("journal")
