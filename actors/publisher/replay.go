package publisher

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
)

// replay begins with the oldest page, or once more if the link was lost while the log was being looked
// through: it may be another log by now.
func (j *Journal) replay() {
	if j.find != nil {
		j.resetReplay()
	}
	j.replayNext()
}

// resetReplay ends the replay where it is; the next one begins with the same page.
func (j *Journal) resetReplay() { j.page, j.find, j.index = nil, nil, nil }

// replayNext replays the next page. The log itself looks for those that were tried before, and knows the keys
// of the newest; the others are looked for under the ids that other nodes may have given them.
func (j *Journal) replayNext() {
	if j.page != nil {
		return
	}
	j.appendPending() // what was taken counts only once it is kept
	page, err := j.Port.Peek(journalPage)
	switch {
	case err != nil:
		j.Core.Sys.Log.Error().Err(err).Msg("journal read failed")
		j.fail(err)
		return
	case j.isUnremoved(page):
		j.page = page[:len(j.unremoved)]
		j.removeReplayed(j.unremoved)
		return
	case len(page) == 0:
		j.resetReplay()
		clear(j.Keys)
		j.Core.Out.Post(journalEmpty{j.acceptedCount})
		return
	}
	j.page, j.found = page[:j.uniformPrefix(page)], nil
	if unsure := j.uncertain(time.Now()); len(unsure) > 0 {
		j.ask(unsure)
		return
	}
	j.send()
}

// markUncertain notes that the page may be in the log by now: Redis may have let go of its keys before the next try.
func (j *Journal) markUncertain() {
	for i := range j.page {
		if k := journalKey(&j.page[i]); j.Keys[k].id != "" {
			j.Keys[k] = JournaledWrite{id: j.Keys[k].id} // as if it had been kept long ago
		}
	}
}

func (j *Journal) ask(unsure []chat.Write) {
	if j.index == nil {
		j.index = &writeIndex{most: indexMost}
	}
	j.find = &findRequest{writes: unsure, index: j.index, reply: j.self}
	j.Core.Store.Post(j.find)
}

// uncertain is those writes of the page that the log may hold although it does not know their keys: what a
// crash left behind, and what was kept so long ago that its client, if it had no answer, may have tried
// it elsewhere, and the key been forgotten since.
func (j *Journal) uncertain(now time.Time) (list []chat.Write) {
	for i := range j.page {
		kept, held := j.Keys[journalKey(&j.page[i])]
		if !held || now.Sub(kept.at) > j.Core.Set.IdempotencyWindow/4 {
			list = append(list, j.page[i])
		}
	}
	return list
}

// uniformPrefix is how many writes at the head of a page were all tried before, or all not. The log may take
// those that were tried behind the rest of their batch, so they do not share one with others.
func (j *Journal) uniformPrefix(page []chat.Write) int {
	for i := range page {
		if j.maybeStored(&page[i]) != j.maybeStored(&page[0]) {
			return i
		}
	}
	return len(page)
}

// maybeStored reports whether the log may hold the write: it was tried before it was kept, or its replay is in doubt.
// A doubted one may get there after it was looked for, and Redis let go of its key.
func (j *Journal) maybeStored(w *chat.Write) bool {
	kept, held := j.Keys[journalKey(w)]
	return w.Tried || held && kept.at.IsZero()
}

func (j *Journal) onFindResult(m *findResult) {
	if m.findRequest != j.find { // of a replay that was given up
		return
	}
	j.find = nil
	if m.err != nil {
		j.fail(m.err)
		return
	}
	j.found = m.found
	for i := range m.writes {
		if r, ok := m.found[m.writes[i].ID]; ok {
			j.Core.Out.Post(&writeFound{m.writes[i], r})
		}
	}
	j.send()
}

// send gives the page, without what the log has already, to bridge_out.
func (j *Journal) send() {
	writes := make([]chat.Write, 0, len(j.page))
	for _, w := range j.page {
		if _, there := j.found[w.ID]; !there {
			w.Tried = j.maybeStored(&w)
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 {
		j.replayed(&replayed{})
		return
	}
	j.Core.Out.Post(&replayBatch{writes})
}

func (j *Journal) fail(err error) {
	j.resetReplay()
	j.Core.Bridge.Post(link.Failed{Err: err})
}

// replayed is a page that Redis has taken, or has not.
func (j *Journal) replayed(m *replayed) {
	if j.page == nil {
		return
	}
	if m.err != nil { // bridge_out has reported it
		j.markUncertain()
		j.resetReplay()
		return
	}
	taken := make([]*WriteCommitted, len(j.page))
	i := 0
	for n, w := range j.page {
		taken[n] = &WriteCommitted{Write: w, Receipt: j.found[w.ID]}
		if taken[n].Receipt.ID == "" {
			taken[n].Receipt = m.receipts[i]
			i++
		}
	}
	j.removeReplayed(taken)
}

// removeReplayed lets go of the oldest writes, which the log has taken, and goes on with the next page. Those that
// the disk does not let go of are not replayed again: by then the log may have forgotten them.
func (j *Journal) removeReplayed(taken []*WriteCommitted) {
	if err := j.Port.RemoveFirst(len(taken)); err != nil {
		j.Core.Sys.Log.Error().Err(err).Msg("journal trim failed")
		j.unremoved = taken
		j.fail(errors.Join(errJournal, err))
		return
	}
	j.notifyCommitted(taken)
	j.replayNext()
}

// notifyCommitted tells the rooms what the log has taken.
func (j *Journal) notifyCommitted(taken []*WriteCommitted) {
	j.Core.Kept.Replayed.Add(uint64(len(taken)))
	for _, e := range taken {
		j.Core.In.Post(link.ToRoom{Room: e.Write.Room, Msg: e})
	}
	j.page, j.unremoved = nil, nil
	j.updateStats()
}

// isUnremoved reports whether the page begins with what was to be let go of before. If it does not, the disk
// has done so after all.
func (j *Journal) isUnremoved(page []chat.Write) bool {
	switch {
	case len(j.unremoved) == 0:
		return false
	case len(page) > 0 && page[0].ID == j.unremoved[0].Write.ID:
		return true
	}
	j.notifyCommitted(j.unremoved)
	return false
}

var errJournal = errors.New("journal")
