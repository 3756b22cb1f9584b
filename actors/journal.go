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
	owed  []*submit            // taken, to be kept in this turn
	first []string             // of them, the entry id that the key was kept under before; empty: it is new
	keys  map[string]keptWrite // by key, of what it holds since this start
	taken uint64
	page  []Write            // being replayed
	asked *seek              // the store looks for the page's writes
	index *writeIndex        // of this replay
	found map[string]Receipt // by write id, of those that the log has already

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
func (j *journal) ReceiveBatch(_ *Process, msgs []any) {
	for _, msg := range msgs {
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
		for i := range batch {
			delete(j.keys, keyOf(&batch[i]))
		}
		j.core.stats.Journal.Failed.Add(uint64(len(batch)))
		j.complain(err, len(batch), now)
	} else {
		j.core.stats.Journal.Kept.Add(uint64(len(batch)))
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

// replay begins with the oldest page, or once more if the link was lost while the log was being looked
// through: it may be another log by now.
func (j *journal) replay() {
	if j.asked != nil {
		j.drop()
	}
	j.next()
}

// drop ends the replay where it is; the next one begins with the same page.
func (j *journal) drop() { j.page, j.asked, j.index = nil, nil, nil }

// next replays the next page. The log itself looks for those that were tried before, and knows the keys
// of the newest; the others are looked for under the ids that other nodes may have given them.
func (j *journal) next() {
	if j.page != nil {
		return
	}
	j.keep() // what was taken counts only once it is kept
	page, err := j.port.Oldest(journalPage)
	switch {
	case err != nil:
		j.core.sys.Log.Error().Err(err).Msg("journal cannot be read")
		j.fail(err)
		return
	case len(page) == 0:
		j.drop()
		clear(j.keys)
		j.core.out.Post(replayEnd{j.taken})
		return
	}
	j.page, j.found = page[:sameFate(page)], nil
	if unsure := j.unsure(time.Now()); len(unsure) > 0 {
		j.ask(unsure)
		return
	}
	j.send()
}

func (j *journal) ask(unsure []Write) {
	if j.index == nil {
		j.index = &writeIndex{most: indexMost}
	}
	j.asked = &seek{writes: unsure, index: j.index, reply: j.self}
	j.core.store.Post(j.asked)
}

// unsure is those writes of the page that the log may hold although it does not know their keys: what a
// crash left behind, and what was kept so long ago that its client, if it had no answer, may have tried
// it elsewhere, and the key been forgotten since.
func (j *journal) unsure(now time.Time) (list []Write) {
	for i := range j.page {
		kept, held := j.keys[keyOf(&j.page[i])]
		if !held || now.Sub(kept.at) > j.core.set.IdempotencyKept/2 {
			list = append(list, j.page[i])
		}
	}
	return list
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

func (j *journal) sought(m *sought) {
	if m.seek != j.asked { // of a replay that was given up
		return
	}
	j.asked = nil
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
	j.drop()
	j.core.bridge.Post(linkFailed{err})
}

// replayed is a page that Redis has taken, or has not.
func (j *journal) replayed(m *replayed) {
	if j.page == nil {
		return
	}
	if m.err != nil { // bridge_out has reported it
		j.drop()
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
