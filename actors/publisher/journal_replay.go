package publisher

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
)

// onReplayRequest starts the replay with the oldest page. If a find is in flight, the replay restarts, because the
// link was lost in the meantime and the log may be a different one.
func (j *Journal) onReplayRequest() {
	if j.find != nil {
		j.resetReplay()
	}
	j.replayNext()
}

// resetReplay stops the replay. The next replay starts with the same page.
func (j *Journal) resetReplay() { j.page, j.find, j.index = nil, nil, nil }

// replayNext replays the next page. The log recognizes the keys of recent writes, and searches for writes that are
// marked as tried. All other writes are searched for in the log first, because another node may have stored them under
// a different id.
func (j *Journal) replayNext() {
	if j.page != nil {
		return
	}
	j.appendPending() // acceptedCount must only contain stored writes
	page, err := j.deps.JournalPort.Peek(journalPage)
	switch {
	case err != nil:
		j.deps.System.Log.Error().Err(err).Msg("journal read failed")
		j.failReplay(err)
		return
	case j.isUnremoved(page):
		j.page = page[:len(j.unremoved)]
		j.removeReplayed(j.unremoved)
		return
	case len(page) == 0:
		j.resetReplay()
		clear(j.keys)
		j.deps.Publisher.Post(&journalEmpty{j.acceptedCount})
		return
	}
	j.page, j.found = page[:j.uniformPrefix(page)], nil
	if list := j.uncertain(time.Now()); len(list) > 0 {
		j.requestFind(list)
		return
	}
	j.sendPage()
}

// markUncertain marks the page as possibly stored, because Redis may forget its keys before the next attempt.
func (j *Journal) markUncertain() {
	for i := range j.page {
		if k := journalKey(&j.page[i]); j.keys[k].id != "" {
			j.keys[k] = journaledWrite{id: j.keys[k].id}
		}
	}
}

func (j *Journal) requestFind(writes []chat.Write) {
	if j.index == nil {
		j.index = &writeIndex{most: maxIndexEntries}
	}
	j.find = &findRequest{writes: writes, index: j.index, reply: j.self}
	j.deps.Store.Post(j.find)
}

// uncertain returns the writes of the page that the log may contain without knowing their keys: writes that a crash
// left behind, and old writes. The client of an old write may have retried it on another node, and the key may have
// expired since.
func (j *Journal) uncertain(now time.Time) (list []chat.Write) {
	for i := range j.page {
		stored, ok := j.keys[journalKey(&j.page[i])]
		if !ok || now.Sub(stored.at) > j.deps.Config.IdempotencyWindow/4 {
			list = append(list, j.page[i])
		}
	}
	return list
}

// uniformPrefix returns the length of the prefix of the page in which maybeStored has one value. Writes that may be
// stored are not mixed with others, because the log may append them after the rest of their batch.
func (j *Journal) uniformPrefix(page []chat.Write) int {
	for i := range page {
		if j.maybeStored(&page[i]) != j.maybeStored(&page[0]) {
			return i
		}
	}
	return len(page)
}

// maybeStored reports whether the log may contain the write: its append was attempted before it was journaled, or the
// result of its replay is unknown. Such an append may even complete after a search, after the key has expired in
// Redis.
func (j *Journal) maybeStored(w *chat.Write) bool {
	stored, ok := j.keys[journalKey(w)]
	return w.Tried || ok && stored.at.IsZero()
}

func (j *Journal) onFindResult(m *findResult) {
	if m.findRequest != j.find { // of a replay that was stopped
		return
	}
	j.find = nil
	if m.err != nil {
		j.failReplay(m.err)
		return
	}
	j.found = m.found
	for i := range m.writes {
		if r, ok := m.found[m.writes[i].ID]; ok {
			j.deps.Publisher.Post(&writeFound{m.writes[i], r})
		}
	}
	j.sendPage()
}

// sendPage sends the writes of the page that are not in the log to the publisher.
func (j *Journal) sendPage() {
	writes := make([]chat.Write, 0, len(j.page))
	for _, w := range j.page {
		if _, ok := j.found[w.ID]; !ok {
			w.Tried = j.maybeStored(&w)
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 {
		j.onReplayResult(&replayResult{})
		return
	}
	j.deps.Publisher.Post(&replayBatch{writes})
}

// failReplay stops the replay and notifies the link, which requests the next replay after its recovery.
func (j *Journal) failReplay(err error) {
	j.resetReplay()
	j.deps.Link.Post(link.CallFailed{Err: err})
}

func (j *Journal) onReplayResult(m *replayResult) {
	if j.page == nil {
		return
	}
	if m.err != nil { // the publisher has notified the link
		j.markUncertain()
		j.resetReplay()
		return
	}
	committed := make([]*WriteCommitted, len(j.page))
	i := 0
	for n, w := range j.page {
		committed[n] = &WriteCommitted{Write: w, Receipt: j.found[w.ID]}
		if committed[n].Receipt.ID == "" {
			committed[n].Receipt = m.receipts[i]
			i++
		}
	}
	j.removeReplayed(committed)
}

// removeReplayed removes the oldest writes, which are in the log, and replays the next page. If the disk fails, the
// writes are not replayed again, because their keys may have expired in Redis before the next replay.
func (j *Journal) removeReplayed(committed []*WriteCommitted) {
	if err := j.deps.JournalPort.RemoveFirst(len(committed)); err != nil {
		j.deps.System.Log.Error().Err(err).Msg("journal trim failed")
		j.unremoved = committed
		j.failReplay(errors.Join(errJournal, err))
		return
	}
	j.notifyCommitted(committed)
	j.replayNext()
}

// notifyCommitted notifies the rooms of writes that are in the log.
func (j *Journal) notifyCommitted(committed []*WriteCommitted) {
	j.deps.JournalStats.Replayed.Add(uint64(len(committed)))
	for _, e := range committed {
		j.deps.Dispatcher.Post(&link.ForwardToRoom{Room: e.Write.Room, Msg: e})
	}
	j.page, j.unremoved = nil, nil
	j.updateStats()
}

// isUnremoved reports whether the page starts with the unremoved writes. If it does not, the failed removal has
// reached the disk.
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
